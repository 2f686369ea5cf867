"""The JSON form of a redemption: it reads back equal, and what is broken is refused."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from pkgredeem import (
    Act,
    Actor,
    Booking,
    CancellationTerms,
    CreditOutcome,
    Draw,
    DrawState,
    Ending,
    InvalidValueError,
    PickedFrom,
    Redemption,
    RedemptionPolicy,
)
from tests.helpers.samples import DRAW, SAMPLES
from tests.helpers.support import (
    AUCKLAND,
    DAY,
    INSTANT,
    LONDON,
    NOW,
    START,
    line,
    redemption,
)


def _ended() -> dict[str, object]:
    """Return the document of a redemption with one line that has ended."""
    made = redemption()
    change = RedemptionPolicy().cancel(made, by=Actor.CLIENT, now=NOW, note="ill").change
    assert change is not None
    return change.after.to_document()


RETURN, FORFEIT = CreditOutcome.RETURN, CreditOutcome.FORFEIT


def draw(**changed: object) -> Draw:
    """Return a draw of the first line, reserved unless changed."""
    fields = DRAW | {"state": DrawState.RESERVED, "ending": None} | changed
    return Draw(**fields)  # type: ignore[arg-type]  # the test gives what it takes


def rich() -> Redemption:
    """Return a redemption with something in every field of its JSON form."""
    lines = (
        line("facial", deposit_required=True),
        line("massage", picked_from=PickedFrom.ADD_ON, deposit_required=False),
        line("talk", payable=False),
    )
    cancelled = Ending(act=Act.CANCEL, at=NOW + INSTANT, by=Actor.CLIENT, late=True, note="ill")
    return Redemption(
        booking=Booking(id="b1", lines=lines, starts_at=START),
        client_id="ana",
        starts_at=START + DAY,
        draws=(
            draw(),
            Draw(
                line=1,
                package_id="p2",
                entitlement_id="massage+pedicure",
                service_id="massage",
                state=DrawState.FORFEITED,
                ending=cancelled,
            ),
        ),
        terms=CancellationTerms(window=DAY + INSTANT, late=FORFEIT, no_show=RETURN),
        free_until=START - INSTANT,
        **{name: SAMPLES[Redemption][name] for name in ("deposit", "card_capture", "rulebook")},  # type: ignore[arg-type]  # sample fields
        booked_at=NOW,
        time_zone=AUCKLAND,
        version=3,
        reschedules=(Ending(act=Act.RESCHEDULE, at=NOW, by=Actor.CLIENT, late=False, note="x"),),
    )


@pytest.mark.parametrize(
    "found",
    [rich(), redemption(), redemption(terms=None, zone=LONDON)],
    ids=["everything", "a proposal", "without terms"],
)
def test_a_document_reads_back_equal(found: Redemption) -> None:
    """Written to JSON and read again it is the same redemption."""
    assert found == Redemption.from_document(json.loads(json.dumps(found.to_document())))


def test_the_document_is_plain() -> None:
    """Texts, numbers, lists and None, with the words of the enums and instants in UTC."""
    document: Any = rich().to_document()

    assert "pkgredeem-redemption/1" == document["format"]
    assert ("b1", "2026-05-05T10:00:00+00:00") == (
        document["booking"]["id"],
        document["booking"]["starts_at"],
    )
    assert {"window": "PT86400.000001S", "late": "forfeit", "no_show": "return"} == document[
        "terms"
    ]
    assert {
        "line": 1,
        "package_id": "p2",
        "entitlement_id": "massage+pedicure",
        "service_id": "massage",
        "state": "forfeited",
        "ending": {
            "act": "cancel",
            "at": "2026-05-01T08:00:00.000001+00:00",
            "by": "client",
            "late": True,
            "note": "ill",
        },
    } == document["draws"][1]
    assert ("Pacific/Auckland", 3, "2026-05-05T09:59:59.999999+00:00") == (
        document["time_zone"],
        document["version"],
        document["free_until"],
    )


def into(*path: object) -> Callable[[Any, object], None]:
    """Return what puts a value at that path of a document."""

    def put(document: Any, value: object) -> None:  # noqa: ANN401 (a document is anything)
        for step in path[:-1]:
            document = document[step]
        document[path[-1]] = value

    return put


EXACTLY = "an object with exactly the keys "


ISO = "an ISO 8601 instant with its offset"


SECONDS = "elapsed time in seconds, such as PT86400S"


ZONE = "an IANA time zone name that this machine knows, or null"


@pytest.mark.parametrize(
    ("path", "value", "place", "allowed"),
    [
        (["format"], "pkgredeem/1", "redemption.format", '"pkgredeem-redemption/1"'),
        (["extra"], 1, "redemption", EXACTLY),
        (["booking"], None, "redemption.booking", "an object"),
        (["booking"], {}, "redemption.booking", EXACTLY),
        (["booking", "id"], 1, "redemption.booking.id", "a text, which may be empty"),
        (["booking", "id"], "", "Booking.id", "a text that is not empty"),
        (["booking", "starts_at"], "soon", "redemption.booking.starts_at", ISO),
        (["booking", "lines"], {}, "redemption.booking.lines", "a list"),
        (["booking", "lines"], [], "Booking.lines", "at least 1 BookingLine"),
        (["booking", "lines", 0], [], "redemption.booking.lines[0]", "an object"),
        (["booking", "lines", 0, "service"], 1, "redemption.booking.lines[0].service", "an object"),
        (
            ["booking", "lines", 1, "service", "deposit_required"],
            1,
            "redemption.booking.lines[1].service.deposit_required",
            "True or False",
        ),
        (
            ["booking", "lines", 0, "picked_from"],
            "MENU",
            "redemption.booking.lines[0].picked_from",
            "one of menu, add_on",
        ),
        (
            ["booking", "lines", 0, "payable"],
            1,
            "redemption.booking.lines[0].payable",
            "True or False",
        ),
        (["client_id"], None, "redemption.client_id", "a text, which may be empty"),
        (["starts_at"], "2026-05-05T10:00:00", "redemption.starts_at", ISO),
        (["starts_at"], 1777975200, "redemption.starts_at", ISO),
        (["starts_at"], "9999-12-31T00:00:00Z", "redemption.starts_at", ISO),
        (["starts_at"], "2026-05-05T10:00:00.1234567+00:00", "redemption.starts_at", ISO),
        (["starts_at"], "20260505T100000Z", "redemption.starts_at", ISO),
        (["starts_at"], "2026-W19-2T10:00:00Z", "redemption.starts_at", ISO),
        (["starts_at"], "2026-05-05 10:00:00Z", "redemption.starts_at", ISO),
        (["starts_at"], "2026-05-05T10:00:00,5Z", "redemption.starts_at", ISO),
        (["starts_at"], "2026-05-05T10:00:00+00:00:30", "redemption.starts_at", ISO),
        (["starts_at"], "2026-05-05T25:00:00Z", "redemption.starts_at", ISO),
        (["free_until"], "", "redemption.free_until", ISO),
        (["draws"], None, "redemption.draws", "a list"),
        (["draws", 0, "line"], True, "redemption.draws[0].line", "a whole number of 0 or more"),
        (["draws", 0, "line"], 0.0, "redemption.draws[0].line", "a whole number of 0 or more"),
        (
            ["draws", 0, "state"],
            "lost",
            "redemption.draws[0].state",
            "one of reserved, redeemed, returned, forfeited",
        ),
        (["draws", 1, "ending", "late"], "no", "redemption.draws[1].ending.late", "True or False"),
        (["draws", 1, "ending", "act"], None, "redemption.draws[1].ending.act", "one of book, "),
        (["draws", 1, "ending"], {"act": "cancel"}, "redemption.draws[1].ending", EXACTLY),
        (["terms", "window"], 86400, "redemption.terms.window", SECONDS),
        (["terms", "window"], "P1D", "redemption.terms.window", SECONDS),
        (["terms", "window"], "PT1.5S", "redemption.terms.window", SECONDS),
        (["terms", "window"], "PT٣S", "redemption.terms.window", SECONDS),
        (["terms", "window"], "PT99999999S", "CancellationTerms.window", "a timedelta from 0 to"),
        (["terms", "late"], None, "redemption.terms.late", "one of return, forfeit"),
        (["terms", "no_show"], "keep", "redemption.terms.no_show", "one of return, forfeit"),
        (["deposit"], "paid", "redemption.deposit", "one of not_required, collect, waived"),
        (["time_zone"], "Mars/Olympus", "redemption.time_zone", ZONE),
        (["time_zone"], "../etc/passwd", "redemption.time_zone", ZONE),
        (["time_zone"], "Pacific", "redemption.time_zone", ZONE),
        (["time_zone"], "", "redemption.time_zone", ZONE),
        (["time_zone"], 12, "redemption.time_zone", ZONE),
        (["version"], "3", "redemption.version", "a whole number of 0 or more"),
        (["version"], 0, "Redemption.version", "a whole number of 1 or more"),
        (["reschedules"], "none", "redemption.reschedules", "a list"),
        (
            ["reschedules", 0, "by"],
            "nobody",
            "redemption.reschedules[0].by",
            "one of client, business",
        ),
        (["reschedules", 0, "act"], "cancel", "Redemption.reschedules", "endings of the act"),
    ],
)
def test_a_broken_document_is_refused(
    path: list[object], value: object, place: str, allowed: str
) -> None:
    """The error names the place and what is allowed there."""
    document = rich().to_document()
    into(*path)(document, value)

    with pytest.raises(InvalidValueError) as caught:
        Redemption.from_document(document)
    assert place == caught.value.field
    assert caught.value.allowed.startswith(allowed)


@pytest.mark.parametrize("document", [None, [], "{}", 1])
def test_what_is_no_document_is_refused(document: object) -> None:
    """A document is an object."""
    with pytest.raises(InvalidValueError, match=r"^redemption must be an object, not .*$"):
        Redemption.from_document(document)


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (("format",), "pkgredeem-redemption/0"),
        (("booking",), None),
        (("client_id",), 7),
        (("starts_at",), "today"),
        (("terms",), 7),
        (("free_until",), "today"),
        (("deposit",), "lost"),
        (("card_capture",), "lost"),
        (("rulebook",), 7),
        (("booked_at",), "today"),
        (("time_zone",), "Mars/Olympus"),
        (("version",), -1),
        (("reschedules",), 7),
        (("draws", 0), 7),
        (("draws", 0, "line"), "0"),
        (("draws", 0, "package_id"), 7),
        (("draws", 0, "entitlement_id"), 7),
        (("draws", 0, "service_id"), 7),
        (("draws", 0, "state"), "lost"),
        (("draws", 0, "ending"), 7),
        (("draws", 0, "ending", "act"), "sell"),
        (("draws", 0, "ending", "at"), "today"),
        (("draws", 0, "ending", "by"), "nobody"),
        (("draws", 0, "ending", "late"), 0),
        (("draws", 0, "ending", "note"), None),
    ],
)
def test_a_stored_redemption_names_the_place_that_is_wrong(
    path: tuple[str | int, ...], wrong: object
) -> None:
    """The error holds the path to what can't be read, and what stands there."""
    document = _ended()
    held: object = document
    for step in path[:-1]:
        held = held[step]  # type: ignore[index]  # a dict or a list, as the path says
    held[path[-1]] = wrong  # type: ignore[index]  # a dict or a list, as the path says
    with pytest.raises(InvalidValueError) as refused:
        Redemption.from_document(document)

    place = "redemption" + "".join(f"[{n}]" if isinstance(n, int) else f".{n}" for n in path)
    assert (place, wrong) == refused.value.args[:2]

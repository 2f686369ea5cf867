"""The JSON form of a redemption: it reads back equal, it grows, and what is broken is refused."""

import json
from collections.abc import Callable
from dataclasses import field, fields, make_dataclass, replace
from typing import Any

import pytest

from pkgredeem import (
    Act,
    Actor,
    Booking,
    BookingLine,
    CancellationTerms,
    CreditOutcome,
    Draw,
    DrawState,
    Ending,
    InvalidValueError,
    PickedFrom,
    Redemption,
    RedemptionPolicy,
    Service,
)
from pkgredeem._model import record
from tests.helpers.samples import SAMPLES, made
from tests.helpers.support import (
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


def rich() -> Redemption:
    """Return a redemption with something in every field of its first form."""
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
            Draw(line=0, package_id="p1", entitlement_id="facial", service_id="facial"),
            Draw(
                line=1,
                package_id="p2",
                entitlement_id="massage+pedicure",
                service_id="massage",
                state=DrawState.FORFEITED,
                endings=(cancelled,),
            ),
        ),
        terms=CancellationTerms(window=DAY + INSTANT, late=FORFEIT, no_show=RETURN),
        free_until=START - INSTANT,
        **{name: SAMPLES[Redemption][name] for name in ("deposit", "card_capture", "rulebook")},  # type: ignore[arg-type]  # sample fields
        booked_at=NOW,
        time_zone_key="Pacific/Auckland",
        version=3,
        reschedules=(Ending(act=Act.RESCHEDULE, at=NOW, by=Actor.CLIENT, late=False, note="x"),),
    )


def grown() -> Redemption:
    """Return the same redemption with something in every field that was added since."""
    late = Ending(act=Act.CANCEL, at=NOW, by=Actor.CLIENT, late=True, starts_at=START)
    forgiven = Ending(act=Act.FORGIVE, at=NOW, by=Actor.BUSINESS, late=False, starts_at=START)
    first, second = rich().draws
    second = replace(
        second,
        state=DrawState.RETURNED,
        endings=(late, forgiven),
        package_name="Ten massages",
    )
    return replace(rich(), draws=(first, second), replaces="b0")


@pytest.mark.parametrize(
    "found",
    [rich(), grown(), redemption(), redemption(terms=None, zone=LONDON)],
    ids=["everything", "what was added", "a proposal", "without terms"],
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


#: `rich()` as it was stored before any field was added, letter by letter.
FIRST_FORM = (
    '{"format": "pkgredeem-redemption/1", "booking": {"id": "b1", '
    '"starts_at": "2026-05-05T10:00:00+00:00", "lines": ['
    '{"service": {"id": "facial", "name": "", "deposit_required": true}, '
    '"picked_from": "menu", "payable": true}, '
    '{"service": {"id": "massage", "name": "", "deposit_required": false}, '
    '"picked_from": "add_on", "payable": true}, '
    '{"service": {"id": "talk", "name": "", "deposit_required": null}, '
    '"picked_from": "menu", "payable": false}]}, '
    '"client_id": "ana", "starts_at": "2026-05-06T10:00:00+00:00", "draws": ['
    '{"line": 0, "package_id": "p1", "entitlement_id": "facial", "service_id": "facial", '
    '"state": "reserved", "ending": null}, '
    '{"line": 1, "package_id": "p2", "entitlement_id": "massage+pedicure", '
    '"service_id": "massage", "state": "forfeited", "ending": {"act": "cancel", '
    '"at": "2026-05-01T08:00:00.000001+00:00", "by": "client", "late": true, "note": "ill"}}], '
    '"terms": {"window": "PT86400.000001S", "late": "forfeit", "no_show": "return"}, '
    '"free_until": "2026-05-05T09:59:59.999999+00:00", "deposit": "waived", '
    '"card_capture": "bypassed", "rulebook": "timely-2026-03", '
    '"booked_at": "2026-05-01T08:00:00+00:00", "time_zone": "Pacific/Auckland", "version": 3, '
    '"reschedules": [{"act": "reschedule", "at": "2026-05-01T08:00:00+00:00", "by": "client", '
    '"late": false, "note": "x"}]}'
)


def test_what_was_stored_first_stays_as_it_was() -> None:
    """The first form is read, and without new facts it is written letter by letter (D65)."""
    assert rich() == Redemption.from_document(json.loads(FIRST_FORM))
    assert json.dumps(rich().to_document()) == FIRST_FORM


def test_a_forgiven_credit_of_the_first_form_is_read() -> None:
    """The first form kept the last act alone: what was forgiven before that is not known (D65)."""
    document = json.loads(FIRST_FORM)
    forgiven = {"act": "forgive", "at": "2026-05-01T08:00:00+00:00", "by": "business"}
    document["draws"][1] |= {"state": "returned", "ending": forgiven | {"late": False, "note": "x"}}
    found = Redemption.from_document(document)
    again = RedemptionPolicy().forgive(found, now=START, note="again", lines=[1])

    assert DrawState.RETURNED is found.draws[1].state
    assert (True, None, CreditOutcome.RETURN) == (again.allowed, again.change, again.outcome)


def test_what_was_added_is_written_where_it_says_something() -> None:
    """Two endings, the start of an ended line, a name, and what was exchanged (D65)."""
    document: Any = grown().to_document()
    first, second = document["draws"]
    late = {
        "act": "cancel",
        "at": "2026-05-01T08:00:00+00:00",
        "by": "client",
        "late": True,
        "note": "",
        "starts_at": "2026-05-05T10:00:00+00:00",
    }
    forgiven = late | {"act": "forgive", "by": "business", "late": False}

    assert "b0" == document["replaces"]
    assert {"package_name", "endings"} == set(second) - set(first)
    assert ("Ten massages", forgiven, [late, forgiven]) == (
        second["package_name"],
        second["ending"],
        second["endings"],
    )


STORED = [CancellationTerms, Service, BookingLine, Booking, Ending, Draw, Redemption]


@pytest.mark.parametrize("kind", STORED, ids=lambda kind: kind.__name__)
def test_a_field_that_is_added_changes_nothing_stored(kind: type) -> None:
    """Old documents are read with its default, and what has the default is stored as before."""
    names = [item.name for item in fields(kind)]
    own = [(item.name, item.type, field(metadata=item.metadata)) for item in fields(kind)]
    added = ("colour", str, field(default="", metadata=record.ADDED))
    grown_kind: Any = make_dataclass(f"Grown{kind.__name__}", [*own, added], kw_only=True)
    whole = made(kind)
    parts = {name: getattr(whole, name) for name in names}
    old: Any = record.form_of(kind)
    new = record.form_of(grown_kind)
    stored = json.dumps(old.write(whole))

    assert stored == json.dumps(new.write(grown_kind(**parts)))
    assert grown_kind(**parts) == new.read("stored", json.loads(stored))
    red = grown_kind(**parts, colour="red")
    assert {**json.loads(stored), "colour": "red"} == new.write(red)
    assert red == new.read("stored", new.write(red))
    with pytest.raises(InvalidValueError, match=r"^stored must be an object with the keys"):
        old.read("stored", new.write(red))


def test_the_key_that_is_wrong_is_named() -> None:
    """Whoever reads the error learns which key is missing, or which one nobody knows."""
    service = record.form_of(Service)
    keys = "Service must be an object with the keys id, name, deposit_required"
    with pytest.raises(InvalidValueError) as missing:
        service.read("Service", {"id": "facial", "deposit_required": None, "note": ""})
    with pytest.raises(InvalidValueError) as unknown:
        service.read("Service", {"id": "a", "name": "", "deposit_required": None, "note": "", 7: 1})

    assert f"{keys}: name is missing, not ['deposit_required', 'id', 'note']" == str(missing.value)
    assert str(unknown.value).startswith(f"{keys}: 7 is unknown, not ['7', ")


def test_a_zone_that_this_machine_does_not_know_is_kept() -> None:
    """What was stored on a machine with newer zones can be read, acted on and stored here (D76)."""
    document = rich().to_document() | {"time_zone": "Mars/Olympus"}
    found = Redemption.from_document(document)

    assert "Mars/Olympus" == found.time_zone_key
    assert document == found.to_document()


def into(*path: object) -> Callable[[Any, object], None]:
    """Return what puts a value at that path of a document."""

    def put(document: Any, value: object) -> None:  # noqa: ANN401 (a document is anything)
        for step in path[:-1]:
            document = document[step]
        document[path[-1]] = value

    return put


KEYS = "an object with the keys "
ISO = "an ISO 8601 instant with its offset"
SECONDS = "elapsed time in seconds, such as PT86400S"
LAST = "a list of endings of which the last is the ending"


@pytest.mark.parametrize(
    ("path", "value", "place", "allowed"),
    [
        (["format"], "pkgredeem/1", "redemption.format", '"pkgredeem-redemption/1"'),
        (["extra"], 1, "redemption", KEYS),
        (["booking", "extra"], 1, "redemption.booking", KEYS),
        (["booking", "lines", 0, "extra"], 1, "redemption.booking.lines[0]", KEYS),
        (["terms", "extra"], 1, "redemption.terms", KEYS),
        (["draws", 0, "extra"], 1, "redemption.draws[0]", KEYS),
        (["draws", 1, "ending", "extra"], 1, "redemption.draws[1].ending", KEYS),
        (["reschedules", 0, "extra"], 1, "redemption.reschedules[0]", KEYS),
        (["booking"], None, "redemption.booking", "an object"),
        (["booking"], {}, "redemption.booking", KEYS),
        (["booking", "id"], 1, "redemption.booking.id", "a text, which may be empty"),
        (["booking", "id"], "", "Booking.id", "a text that is not empty"),
        (["booking", "starts_at"], "soon", "redemption.booking.starts_at", ISO),
        (["booking", "lines"], {}, "redemption.booking.lines", "a list"),
        (["booking", "lines"], [], "Booking.lines", "1 or more BookingLine values"),
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
        (["draws", 1, "ending"], {"act": "cancel"}, "redemption.draws[1].ending", KEYS),
        (["draws", 0], {}, "redemption.draws[0]", f"{KEYS}line, package_id, entitlement_id, "),
        (["draws", 1, "endings"], {}, "redemption.draws[1].endings", LAST),
        (["draws", 1, "endings"], [], "redemption.draws[1].endings", LAST),
        (["draws", 1, "endings"], [None], "redemption.draws[1].endings", LAST),
        (["draws", 1, "state"], "redeemed", "Draw.endings", "the acts that made the draw redeemed"),
        (["draws", 1, "state"], "reserved", "Draw.endings", "the acts that made the draw reserved"),
        (["draws", 0, "state"], "redeemed", "Draw.endings", "the acts that made the draw redeemed"),
        (["terms", "window"], 86400, "redemption.terms.window", SECONDS),
        (["terms", "window"], "P1D", "redemption.terms.window", SECONDS),
        (["terms", "window"], "PT1.5S", "redemption.terms.window", SECONDS),
        (["terms", "window"], "PT٣S", "redemption.terms.window", SECONDS),
        (["terms", "window"], "PT99999999S", "CancellationTerms.window", "a timedelta from 0 to"),
        (["terms", "late"], None, "redemption.terms.late", "one of return, forfeit"),
        (["terms", "no_show"], "keep", "redemption.terms.no_show", "one of return, forfeit"),
        (["deposit"], "paid", "redemption.deposit", "one of not_required, collect, waived"),
        (["time_zone"], "", "Redemption.time_zone_key", "a text that is not empty"),
        (["time_zone"], 12, "redemption.time_zone", "a text, which may be empty"),
        (["replaces"], "", "Redemption.replaces", "a text that is not empty"),
        (["replaces"], 7, "redemption.replaces", "a text, which may be empty"),
        (["draws", 0, "package_name"], 7, "redemption.draws[0].package_name", "a text, which may"),
        (
            ["reschedules", 0, "starts_at"],
            "soon",
            "redemption.reschedules[0].starts_at",
            ISO,
        ),
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


@pytest.mark.parametrize("endings", [{}, [], [None]])
def test_endings_that_are_none_are_shown(endings: object) -> None:
    """The error holds what was stored in place of the endings."""
    document = rich().to_document()
    into("draws", 1, "endings")(document, endings)
    with pytest.raises(InvalidValueError) as raised:
        Redemption.from_document(document)

    assert ("redemption.draws[1].endings", endings, LAST) == raised.value.args


def test_each_of_several_endings_is_named_where_it_is_wrong() -> None:
    """The place is that of the first ending, which the last one hides in no document."""
    document = grown().to_document()
    into("draws", 1, "endings", 0, "late")(document, "no")
    with pytest.raises(InvalidValueError) as raised:
        Redemption.from_document(document)

    assert ("redemption.draws[1].endings[0].late", "no", "True or False") == raised.value.args


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
        (("time_zone",), 7),
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
    into(*path)(document, wrong)
    with pytest.raises(InvalidValueError) as refused:
        Redemption.from_document(document)

    place = "redemption" + "".join(f"[{n}]" if isinstance(n, int) else f".{n}" for n in path)
    assert (place, wrong) == refused.value.args[:2]

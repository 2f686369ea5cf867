"""A redemption: what fits together in it, its schedule, its JSON form, and balances."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from pkgredeem import (
    Act,
    Actor,
    Balance,
    Booking,
    Bucket,
    CancellationTerms,
    Change,
    CreditOutcome,
    Draw,
    DrawState,
    Ending,
    InvalidValueError,
    Movement,
    PickedFrom,
    Redemption,
)
from tests.samples import DRAW, MOVEMENT, SAMPLES, made
from tests.support import (
    AUCKLAND,
    DAY,
    FORFEIT_INSIDE_A_DAY,
    HOUR,
    INSTANT,
    LONDON,
    NOW,
    RETURN_INSIDE_A_DAY,
    START,
    booking,
    ended,
    line,
    redemption,
)

RETURN, FORFEIT = CreditOutcome.RETURN, CreditOutcome.FORFEIT


def refused(**changed: object) -> tuple[str, object, str]:
    """Return what the error says of a redemption with these fields changed."""
    with pytest.raises(InvalidValueError) as caught:
        replace(redemption(), **changed)
    return caught.value.field, caught.value.value, caught.value.allowed


def draw(**changed: object) -> Draw:
    """Return a draw of the first line, reserved unless changed."""
    fields = DRAW | {"state": DrawState.RESERVED, "ending": None} | changed
    return Draw(**fields)  # type: ignore[arg-type]  # the test gives what it takes


def test_a_draw_fits_its_booking() -> None:
    """A draw is of a line that is there, and of that line's service; each line has one."""
    for wrong in (draw(line=1), draw(service_id="massage")):
        assert ("Redemption.draws", wrong, "draws for lines of the booking") == refused(draws=[wrong])
    assert ("Redemption.draws", 0, "each only once") == refused(draws=[draw(), draw()])


def test_terms_and_free_until_come_together() -> None:
    """With terms there is a cut-off, without there is none, and it is never after the start."""
    both = "an instant with terms, None without"

    assert ("Redemption.free_until", None, both) == refused(free_until=None)
    assert ("Redemption.free_until", START - DAY, both) == refused(terms=None)
    assert ("Redemption.free_until", START + INSTANT, f"an instant not after {START}") == refused(
        free_until=START + INSTANT
    )
    assert START == replace(redemption(), free_until=START).free_until


def test_what_rescheduled_it_was_a_reschedule() -> None:
    """No other act stands among the reschedules."""
    wrong = Ending(act=Act.CANCEL, at=NOW, by=Actor.CLIENT, late=False)

    assert ("Redemption.reschedules", Act.CANCEL) == refused(reschedules=[wrong])[:2]


@pytest.mark.parametrize(
    ("state", "act", "fits"),
    [
        (DrawState.RETURNED, Act.CANCEL, True),
        (DrawState.FORFEITED, Act.CANCEL, True),
        (DrawState.REDEEMED, Act.CANCEL, False),
        (DrawState.RESERVED, Act.CANCEL, False),
        (DrawState.RETURNED, Act.NO_SHOW, True),
        (DrawState.FORFEITED, Act.NO_SHOW, True),
        (DrawState.REDEEMED, Act.NO_SHOW, False),
        (DrawState.REDEEMED, Act.COMPLETE, True),
        (DrawState.RETURNED, Act.COMPLETE, False),
        (DrawState.FORFEITED, Act.COMPLETE, False),
        (DrawState.RETURNED, Act.FORGIVE, True),
        (DrawState.FORFEITED, Act.FORGIVE, False),
        (DrawState.REDEEMED, Act.FORGIVE, False),
        (DrawState.RESERVED, Act.RESCHEDULE, False),
        (DrawState.RESERVED, Act.BOOK, False),
        (DrawState.RETURNED, Act.BOOK, False),
    ],
)
def test_the_state_of_a_draw_is_what_its_ending_made(
    state: DrawState, act: Act, fits: bool
) -> None:
    """Only the ends that the table of acts knows can be written down."""
    ending = Ending(act=act, at=NOW, by=Actor.BUSINESS, late=False)
    if fits:
        assert state is draw(state=state, ending=ending).state
    else:
        with pytest.raises(InvalidValueError) as caught:
            draw(state=state, ending=ending)
        assert ("Draw.ending", act, f"an act that makes a draw {state}") == (
            caught.value.field,
            caught.value.value,
            caught.value.allowed,
        )


@pytest.mark.parametrize("state", [each for each in DrawState if each is not DrawState.RESERVED])
def test_what_ended_a_draw_is_known(state: DrawState) -> None:
    """A draw that is not reserved any more says what ended it."""
    with pytest.raises(InvalidValueError, match=f"Draw.ending is None: give what made the draw {state}"):
        draw(state=state)


def test_the_business_is_never_late() -> None:
    """Late is a client's cancellation only (D12)."""
    with pytest.raises(InvalidValueError) as caught:
        Ending(act=Act.CANCEL, at=NOW, by=Actor.BUSINESS, late=True)
    assert ("Ending.late", True, "False for an act of the business") == (
        caught.value.field,
        caught.value.value,
        caught.value.allowed,
    )


@pytest.mark.parametrize(
    ("terms", "booked_at", "expected"),
    [
        (None, NOW, [(START, RETURN)]),
        (FORFEIT_INSIDE_A_DAY, NOW, [(START - DAY, RETURN), (START, FORFEIT)]),
        (RETURN_INSIDE_A_DAY, NOW, [(START - DAY, RETURN), (START, RETURN)]),
        (CancellationTerms(window=timedelta(0), late=FORFEIT), NOW, [(START, RETURN)]),
        (FORFEIT_INSIDE_A_DAY, START - DAY - INSTANT, [(START - DAY, RETURN), (START, FORFEIT)]),
        (FORFEIT_INSIDE_A_DAY, START - DAY, [(START, FORFEIT)]),
        (FORFEIT_INSIDE_A_DAY, START - HOUR, [(START, FORFEIT)]),
    ],
)
def test_the_schedule_holds_the_steps_to_come(
    terms: CancellationTerms | None,
    booked_at: datetime,
    expected: list[tuple[datetime, CreditOutcome]],
) -> None:
    """Free until the cut-off, then what late costs; only what ends after booking (D33)."""
    assert tuple(expected) == redemption(terms=terms, booked_at=booked_at).schedule


def test_the_schedule_of_what_was_booked_after_the_start_is_empty() -> None:
    """Then only the business can end it (D09)."""
    late = replace(redemption(), booked_at=START)

    assert () == late.schedule


@pytest.mark.parametrize(
    ("booked_at", "late"), [(START - DAY, False), (START - DAY + INSTANT, True)]
)
def test_booked_inside_the_window(booked_at: datetime, late: bool) -> None:
    """With less than the window left it is late from the first moment, unless rescheduled (D33)."""
    found = redemption(booked_at=booked_at)
    moved = Ending(act=Act.RESCHEDULE, at=booked_at, by=Actor.BUSINESS, late=False)

    assert late is found.was_booked_late
    assert not replace(found, reschedules=[moved]).was_booked_late  # type: ignore[arg-type]  # any iterable
    assert not redemption(terms=None, booked_at=booked_at).was_booked_late


def test_a_redemption_is_open_while_a_credit_is_reserved() -> None:
    """One of two lines ended: open; both: closed."""
    found = redemption("facial", "massage")
    one = ended(found, Act.COMPLETE, DrawState.REDEEMED, [0])

    assert [True, True, False] == [
        each.is_open for each in (found, one, ended(one, Act.CANCEL, DrawState.RETURNED, [1]))
    ]


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
    assert {"window": "PT86400.000001S", "late": "forfeit", "no_show": "return"} == document["terms"]
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


EXACTLY = "exactly the keys "
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
        (["booking", "id"], 1, "redemption.booking.id", "text, or an empty text"),
        (["booking", "id"], "", "Booking.id", "text that is not empty"),
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
        (["booking", "lines", 0, "payable"], 1, "redemption.booking.lines[0].payable", "True or False"),
        (["client_id"], None, "redemption.client_id", "text, or an empty text"),
        (["starts_at"], "2026-05-05T10:00:00", "redemption.starts_at", ISO),
        (["starts_at"], 1777975200, "redemption.starts_at", ISO),
        (["starts_at"], "9999-12-31T00:00:00Z", "redemption.starts_at", ISO),
        (["free_until"], "", "redemption.free_until", ISO),
        (["draws"], None, "redemption.draws", "a list"),
        (["draws", 0, "line"], True, "redemption.draws[0].line", "a whole number, 0 or more"),
        (["draws", 0, "line"], 0.0, "redemption.draws[0].line", "a whole number, 0 or more"),
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
        (["version"], "3", "redemption.version", "a whole number, 0 or more"),
        (["version"], 0, "Redemption.version", "a whole number, 1 or more"),
        (["reschedules"], "none", "redemption.reschedules", "a list"),
        (["reschedules", 0, "by"], "nobody", "redemption.reschedules[0].by", "one of client, business"),
        (["reschedules", 0, "act"], "cancel", "Redemption.reschedules", "only what the act"),
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
    with pytest.raises(InvalidValueError, match="^redemption is .*: give an object$"):
        Redemption.from_document(document)


def movement(source: Bucket, target: Bucket, credits: int = 1) -> Movement:  # noqa: A002 (the field's name)
    """Return a movement between these buckets."""
    return made(Movement, source=source, target=target, credits=credits)  # type: ignore[return-value]


def test_a_balance_follows_its_movements_in_any_order() -> None:
    """What was sold is always the sum of the four buckets."""
    moved = [
        movement(Bucket.AVAILABLE, Bucket.RESERVED, 3),
        movement(Bucket.RESERVED, Bucket.REDEEMED, 2),
        movement(Bucket.RESERVED, Bucket.FORFEITED),
        movement(Bucket.REDEEMED, Bucket.AVAILABLE),
    ]

    found = Balance.of(5, iter(moved))
    assert Balance(available=3, reserved=0, redeemed=1, forfeited=1) == found
    assert (5, found) == (found.sold, Balance.of(5, reversed(moved)))
    assert Balance(available=5, reserved=0, redeemed=0, forfeited=0) == Balance.of(5, ())


def test_a_balance_refuses_what_can_not_have_happened() -> None:
    """No bucket gives more than it holds, and one balance is of one entitlement."""
    with pytest.raises(InvalidValueError, match="Balance.available is -1"):
        Balance.of(0, [movement(Bucket.AVAILABLE, Bucket.RESERVED)])
    with pytest.raises(InvalidValueError, match="sold is -1"):
        Balance.of(-1, [])
    other = replace(movement(Bucket.AVAILABLE, Bucket.RESERVED), entitlement_id="massage")
    with pytest.raises(InvalidValueError) as caught:
        Balance.of(5, [movement(Bucket.AVAILABLE, Bucket.RESERVED), other])
    assert ("movements", [("p1", "facial"), ("p1", "massage")]) == (
        caught.value.field,
        caught.value.value,
    )


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        (Bucket.AVAILABLE, Bucket.RESERVED, -2),
        (Bucket.RESERVED, Bucket.AVAILABLE, 2),
        (Bucket.REDEEMED, Bucket.AVAILABLE, 2),
        (Bucket.RESERVED, Bucket.REDEEMED, 0),
        (Bucket.FORFEITED, Bucket.REDEEMED, 0),
    ],
)
def test_what_a_movement_adds_to_what_is_left(
    source: Bucket, target: Bucket, expected: int
) -> None:
    """For callers who keep only a counter of what is available."""
    assert expected == movement(source, target, 2).available_delta


def test_a_movement_goes_somewhere_else() -> None:
    """From a bucket to itself nothing moves."""
    with pytest.raises(InvalidValueError, match="Movement.target is .*another bucket than source"):
        movement(Bucket.RESERVED, Bucket.RESERVED)
    assert Bucket.RESERVED is MOVEMENT["target"]


def test_a_change_is_one_step_of_one_booking() -> None:
    """What is booked has version 1; each act adds one, to the same booking."""
    found = redemption()

    for before, after, allowed in [
        (None, replace(found, version=2), "version 1"),
        (found, found, "version 2"),
        (found, replace(found, version=3), "version 2"),
    ]:
        with pytest.raises(InvalidValueError) as caught:
            Change(before=before, after=after, movements=())
        assert ("Change.after", after.version, allowed) == (
            caught.value.field,
            caught.value.value,
            caught.value.allowed,
        )
    other = replace(found, booking=booking(id="b2"), version=2)
    with pytest.raises(InvalidValueError, match="Change.after is 'b2': give the same booking's"):
        Change(before=found, after=other, movements=())

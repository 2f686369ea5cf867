"""A quote answers or raises just what booking, or exchanging, would at that moment (D70)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from pkgredeem import (
    Actor,
    Booking,
    BookingMismatchError,
    Client,
    ClosedRedemptionError,
    ConflictError,
    Decision,
    InvalidValueError,
    RedemptionDesk,
    UnknownBookingError,
)
from tests.helpers.desk_support import (
    ACCOUNT,
    ONLINE,
    Interrupted,
    MakeDesk,
    conflict,
    facials,
    of_threads,
    redeem,
    reschedule,
)
from tests.helpers.support import (
    ANA,
    BETH,
    DAY,
    HOUR,
    NOW,
    START,
    account,
    booking,
    credit,
    package,
)

LATE = START - HOUR
TWO_FACIALS = booking("facial", "facial")


def nothing(_desk: RedemptionDesk) -> None:
    """Leave the store as it is."""


def book(desk: RedemptionDesk) -> None:
    """Book b1 for Ana."""
    assert redeem(desk).eligible


def book_and_cancel(desk: RedemptionDesk) -> None:
    """Book b1 and cancel it in time."""
    book(desk)
    desk.cancel("b1", by=Actor.CLIENT, now=NOW)


def book_and_forfeit(desk: RedemptionDesk) -> None:
    """Book b1 and miss it."""
    book(desk)
    desk.no_show("b1", now=START)


def book_and_exchange(desk: RedemptionDesk) -> None:
    """Book b1 and give it up for b2."""
    book(desk)
    ask(desk.exchange, booking(id="b2"), old="b1")


def book_and_move(desk: RedemptionDesk) -> None:
    """Book b1 and move it to the next day."""
    book(desk)
    assert reschedule(desk).allowed


def book_two_and_cancel_one(desk: RedemptionDesk) -> None:
    """Book two facials and cancel the second."""
    assert redeem(desk, TWO_FACIALS).eligible
    desk.cancel("b1", by=Actor.CLIENT, now=NOW, lines=[1])


def book_both(desk: RedemptionDesk) -> None:
    """Book b1 and b2, each by itself."""
    book(desk)
    assert redeem(desk, booking(id="b2")).eligible


def ask(
    method: Callable[..., Decision],
    asked: Booking,
    *,
    client: Client = ANA,
    old: str | None = None,
    now: datetime = NOW,
    by: Actor = Actor.CLIENT,
) -> Decision:
    """Ask `redeem`, `exchange` or `quote` about a booking of Ana's."""
    old_booking: dict[str, Any] = {} if old is None else {"booking_id": old}
    if method.__name__ == "quote":
        old_booking = {"replaces": old}
    return method(
        account=ACCOUNT,
        client=client,
        booking=asked,
        now=now,
        by=by,
        note="on a page",
        **old_booking,
    )


FACIAL_AND_MASK = booking("facial", "mask")
QUESTIONS: list[tuple[Callable[[RedemptionDesk], None], dict[str, Any]]] = [
    (nothing, {"asked": booking()}),
    (nothing, {"asked": booking(), "client": Client.guest()}),
    (nothing, {"asked": booking(), "client": BETH}),
    (nothing, {"asked": FACIAL_AND_MASK}),
    (book, {"asked": booking()}),
    (book, {"asked": FACIAL_AND_MASK}),
    (book, {"asked": booking(starts_at=START + DAY)}),
    (book, {"asked": booking(), "client": BETH}),
    (book_and_cancel, {"asked": booking()}),
    (book_and_cancel, {"asked": FACIAL_AND_MASK}),
    (book_and_forfeit, {"asked": booking()}),
    (nothing, {"asked": booking(id="b2"), "old": "b1"}),
    (book, {"asked": booking(id="b2"), "old": "b1"}),
    (book, {"asked": booking(id="b1"), "old": "b1"}),
    (book, {"asked": booking(id="b2"), "old": "b1", "client": BETH}),
    (book, {"asked": booking(id="b2", starts_at=START + DAY), "old": "b1", "now": LATE}),
    (
        book,
        {
            "asked": booking(id="b2", starts_at=START + DAY),
            "old": "b1",
            "now": LATE,
            "by": Actor.BUSINESS,
        },
    ),
    (book, {"asked": booking(id="b2"), "old": "b1", "now": NOW - DAY}),
    (book_and_cancel, {"asked": booking(id="b2"), "old": "b1"}),
    (book_and_exchange, {"asked": booking(id="b2"), "old": "b1"}),
    (book_and_exchange, {"asked": booking(id="b2")}),
    (book_both, {"asked": booking(id="b2"), "old": "b1"}),
    (book_and_move, {"asked": booking()}),
    (book_and_move, {"asked": booking(starts_at=START + DAY)}),
    (book_and_move, {"asked": booking(id="b2"), "old": "b1", "now": LATE}),
    (book_and_move, {"asked": booking(id="b2", starts_at=START + DAY), "old": "b1", "now": LATE}),
    (book_two_and_cancel_one, {"asked": TWO_FACIALS}),
    (book_two_and_cancel_one, {"asked": booking()}),
    (book_two_and_cancel_one, {"asked": booking(id="b2"), "old": "b1"}),
]


def outcome(method: Callable[..., Decision], question: dict[str, Any]) -> tuple[str, object]:
    """Return what a method answers, or the kind and the words of what it raises."""
    try:
        return "answers", ask(method, **question)
    except (
        BookingMismatchError,
        ClosedRedemptionError,
        InvalidValueError,
        UnknownBookingError,
    ) as error:
        return type(error).__name__, str(error)


@pytest.mark.parametrize(("before", "question"), QUESTIONS)
def test_a_quote_is_what_the_act_would_be(
    make: MakeDesk, before: Callable[[RedemptionDesk], None], question: dict[str, Any]
) -> None:
    """The same decision in every field, or the same error in the same words; nothing is written."""
    store = Interrupted(facials(2))
    desk = make(ONLINE, store)
    before(desk)
    written, redemptions = store.inner.movements(), store.inner.redemption("b1")

    quoted = outcome(desk.quote, question)

    assert (written, redemptions) == (store.inner.movements(), store.inner.redemption("b1"))
    act = desk.redeem if question.get("old") is None else desk.exchange
    assert outcome(act, question) == quoted


def test_the_quotes_above_tell_every_kind_of_answer() -> None:
    """Among them are answers, refusals and each error, so that agreeing means something."""
    kinds: set[str] = set()
    for before, question in QUESTIONS:
        store = Interrupted(facials(2))
        desk = of_threads(ONLINE, store)
        before(desk)
        kind, answer = outcome(desk.quote, question)
        eligible = isinstance(answer, Decision) and answer.eligible
        kinds.add(f"{kind} yes" if eligible else kind)

    assert {
        "answers",
        "answers yes",
        "BookingMismatchError",
        "ClosedRedemptionError",
        "InvalidValueError",
        "UnknownBookingError",
    } == kinds


def test_a_quote_only_reads(make: MakeDesk) -> None:
    """It asks what redeeming asks, and tells the change that redeeming would commit."""
    store = Interrupted(facials(1))
    decision = ask(make(ONLINE, store).quote, booking())

    assert decision.eligible
    assert decision.change is not None
    assert ["packages_of", "redemption"] == store.calls


def test_a_quote_of_an_exchange_only_reads(make: MakeDesk) -> None:
    """It tells the new booking's change; that of the old one goes into the same commit (D71)."""
    store = Interrupted(facials(1))
    desk = make(ONLINE, store)
    book(desk)
    store.calls.clear()
    decision = ask(desk.quote, booking(id="b2"), old="b1")

    assert decision.redemption is not None
    assert ("b1", "b2") == (decision.redemption.replaces, decision.redemption.booking.id)
    assert decision.change is not None
    assert ["redemption", "packages_of", "redemption"] == store.calls


def test_a_quote_of_what_is_booked_is_what_was_booked(make: MakeDesk) -> None:
    """Terms and packages that came later touch nothing: the quote is the recorded answer (D11)."""
    store = Interrupted(facials(2))
    desk = make(ONLINE, store)
    booked = redeem(desk)
    store.inner.add(package("p0", credit("facial"), priority=-1))
    found = desk.quote(
        account=account(online_redemption=False, cancellation=None),
        client=ANA,
        booking=booking(),
        now=START - HOUR,
    )

    assert booked.redemption == found.redemption
    assert (True, True, False) == (found.eligible, found.recorded, found.again)
    assert (False, False) == (
        found.refund_on_cancel,
        desk.cancel("b1", by=Actor.CLIENT, now=START - HOUR).returned,
    )


def test_a_quote_for_a_guest_reads_no_package(make: MakeDesk) -> None:
    """A guest holds none."""
    store = Interrupted(facials())
    ask(make(ONLINE, store).quote, booking(), client=Client.guest())

    assert ["redemption"] == store.calls


def test_a_quote_that_may_not_read_gives_up_as_redeeming_does(make: MakeDesk) -> None:
    """A database that refuses to read is asked again, as often as there are attempts (D35)."""
    store = Interrupted(facials())
    store.before = dict.fromkeys([1, 2], conflict)

    with pytest.raises(ConflictError, match=r"quicker in 2 of 2 attempts"):
        ask(make(ONLINE, store, 2).quote, booking())

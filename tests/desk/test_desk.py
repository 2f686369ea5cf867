"""The desk: what is redeemed, at most once for each booking, and what a quote says."""

from dataclasses import FrozenInstanceError, replace
from datetime import datetime
from typing import Any

import pytest

from pkgredeem import (
    Act,
    Actor,
    Balance,
    Booking,
    BookingMismatchError,
    CardCaptureOutcome,
    Client,
    ClosedRedemptionError,
    DepositOutcome,
    InvalidValueError,
    PackageStatus,
    RedemptionDesk,
    RedemptionPolicy,
    rules,
)
from tests.helpers.desk_support import (
    ACCOUNT,
    ONLINE,
    Interrupted,
    MakeDesk,
    facials,
    of_tasks,
    of_threads,
    quote,
    redeem,
)
from tests.helpers.support import (
    ANA,
    AUCKLAND,
    BETH,
    DAY,
    HOUR,
    NO_LIMITS,
    NOW,
    START,
    account,
    booking,
    codes,
    credit,
    line,
    package,
)


@pytest.fixture(params=[of_threads, of_tasks], ids=["threads", "tasks"])
def make(request: pytest.FixtureRequest) -> MakeDesk:
    """Make the desk of threads, then the one of tasks."""
    made: MakeDesk = request.param
    return made


def test_redeeming_commits_what_was_decided(make: MakeDesk) -> None:
    """The credit is reserved, the redemption is kept, and the movement says who and why."""
    store = Interrupted(facials())
    decision = redeem(make(ONLINE, store), by=Actor.BUSINESS, note="Mia, by phone")

    assert decision.eligible
    assert not decision.recorded
    assert decision.redemption == store.inner.redemption("b1")
    assert Balance(available=4, reserved=1, redeemed=0, forfeited=0) == store.inner.balance(
        "p1", "facial"
    )
    (moved,) = store.inner.movements()
    assert (Act.BOOK, NOW, Actor.BUSINESS, "Mia, by phone") == (
        moved.act,
        moved.at,
        moved.by,
        moved.note,
    )


def test_a_refusal_writes_nothing(make: MakeDesk) -> None:
    """When a package does not pay, the decision says why and what to collect, and that is all."""
    store = Interrupted(facials(0))
    decision = redeem(make(ONLINE, store))

    assert ["package_used_up"] == codes(decision)
    assert DepositOutcome.COLLECT is decision.deposit
    assert CardCaptureOutcome.CAPTURE is decision.card_capture
    assert ["packages_of", "redemption"] == store.calls


def test_a_guest_holds_no_package(make: MakeDesk) -> None:
    """For a guest no packages are read at all."""
    store = Interrupted(facials())
    decision = redeem(make(ONLINE, store), client=Client.guest())

    assert ["client_not_logged_in", "no_package"] == codes(decision)
    assert ["redemption"] == store.calls


def test_redeeming_again_returns_the_recorded_answer(make: MakeDesk) -> None:
    """Whatever has changed since, the same booking gets what was committed; nothing is written."""
    store = Interrupted(facials(1))
    desk = make(ONLINE, store)
    first = redeem(desk)
    store.inner.revise(facials(1, status=PackageStatus.ARCHIVED))
    later = desk.redeem(
        account=account(online_redemption=False),
        client=replace(ANA, logged_in=False),
        booking=booking(),
        now=START - HOUR,
    )

    assert first.redemption is not None
    assert ((), (), None) == (later.reasons, later.notes, later.change)
    assert (True, True, False, False) == (
        later.eligible,
        later.recorded,
        later.prompt,
        later.refund_on_cancel,
    )
    assert (first.redemption, first.booking) == (later.redemption, later.booking)
    assert (DepositOutcome.WAIVED, CardCaptureOutcome.BYPASSED) == (
        later.deposit,
        later.card_capture,
    )
    assert ("timely-2026-03", None, ()) == (later.rulebook, later.time_zone, later.uncovered)
    assert 1 == len(store.inner.movements())


def test_the_recorded_answer_is_judged_for_who_asks_now(make: MakeDesk) -> None:
    """The prompt is the client's of now, and whether a cancellation is free is asked of now."""
    desk = make(ONLINE, Interrupted(facials()))
    redeem(desk)
    again = redeem(desk, now=START - DAY)

    assert again.prompt
    assert again.refund_on_cancel


def test_the_recorded_answer_says_what_was_left_to_pay(make: MakeDesk) -> None:
    """Of a mixed booking the payable lines without a credit are named again."""
    mixed = booking("massage", line("advice", payable=False), "facial")
    desk = make(RedemptionPolicy(NO_LIMITS), Interrupted(facials()))

    assert (0,) == redeem(desk, mixed).uncovered
    assert (0,) == redeem(desk, mixed).uncovered


def test_names_and_prices_are_not_contents(make: MakeDesk) -> None:
    """Only client, services in line order and start count; the stored booking is told."""
    desk = make(ONLINE, Interrupted(facials()))
    first = redeem(desk)
    renamed = booking(line("facial", payable=False), starts_at=START.astimezone(AUCKLAND))

    assert first.booking == redeem(desk, renamed).booking


@pytest.mark.parametrize(
    ("told", "asked", "client"),
    [
        ("for another client", booking("facial", "mask"), BETH),
        ("for another client", booking("facial", "mask"), Client.guest()),
        ("with other services", booking("facial"), ANA),
        ("with other services", booking("mask", "facial"), ANA),
        ("at another start", booking("facial", "mask", starts_at=START + HOUR), ANA),
    ],
    ids=["another client", "a guest", "one service less", "another order", "another start"],
)
def test_other_contents_are_a_mismatch(
    make: MakeDesk, told: str, asked: Booking, client: Client
) -> None:
    """A booking id that comes back with other contents is refused, also when it has ended."""
    store = Interrupted(package("p1", credit("facial"), credit("mask")))
    desk = make(ONLINE, store)
    redeem(desk, booking("facial", "mask"))
    with pytest.raises(BookingMismatchError) as raised:
        redeem(desk, asked, client=client)
    desk.cancel("b1", by=Actor.CLIENT, now=NOW)
    with pytest.raises(BookingMismatchError):
        redeem(desk, asked, client=client)

    assert f"booking 'b1' was redeemed {told}: use a new booking id" == str(raised.value)


def test_a_rescheduled_booking_is_known_by_its_first_start(make: MakeDesk) -> None:
    """The start as first booked is the contents, whatever the start is now."""
    desk = make(ONLINE, Interrupted(facials()))
    redeem(desk)
    desk.reschedule("b1", starts_at=START + DAY, by=Actor.CLIENT, now=NOW)

    assert redeem(desk).recorded
    with pytest.raises(BookingMismatchError):
        redeem(desk, booking(starts_at=START + DAY))


def test_a_booking_that_has_ended_is_closed(make: MakeDesk) -> None:
    """While one line is reserved the answer is recorded; with none left the booking is closed."""
    desk = make(ONLINE, Interrupted(facials()))
    redeem(desk, booking("facial", "facial"))
    desk.cancel("b1", by=Actor.CLIENT, now=NOW, lines=[0])

    assert redeem(desk, booking("facial", "facial")).recorded
    desk.complete("b1", now=START, lines=[1])
    with pytest.raises(ClosedRedemptionError, match=r"^booking 'b1' has ended already$"):
        redeem(desk, booking("facial", "facial"))


def test_a_quote_writes_nothing(make: MakeDesk) -> None:
    """A quote is the decision that redeeming would commit, and only reads."""
    store = Interrupted(facials(1))
    decision = quote(make(ONLINE, store))

    assert decision.eligible
    assert decision.change is not None
    assert ["packages_of", "redemption"] == store.calls


def test_a_quote_does_not_count_the_booking_against_itself(make: MakeDesk) -> None:
    """The booking's own last credit is added back, and there is nothing to commit (D21)."""
    store = Interrupted(facials(1))
    desk = make(ONLINE, store)
    redeem(desk)
    decision = quote(desk)

    assert (True, True, None) == (decision.eligible, decision.recorded, decision.change)
    assert decision.redemption == store.redemption("b1")
    other = quote(desk, booking("facial", "facial"))
    assert ["not_enough_credits"] == codes(other)[:1]
    assert (True, True, None) == (other.recorded, other.again, other.change)
    assert ["package_used_up"] == codes(quote(desk, booking(id="b2")))
    assert [("ana",), ("ana", "p1")] == store.asked[2:4]
    assert "commit 1" not in store.calls[3:]


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


@pytest.mark.parametrize(
    ("client", "services", "start"),
    [(BETH, ["facial"], START), (ANA, ["massage"], START), (ANA, ["facial"], START + HOUR)],
)
def test_a_quote_of_something_else_under_the_same_id_is_asked_again(
    make: MakeDesk, client: Client, services: list[str], start: datetime
) -> None:
    """Another client, service or start is not what was redeemed, and is never committed."""
    desk = make(ONLINE, Interrupted(facials(2)))
    redeem(desk)
    found = desk.quote(
        account=account(), client=client, booking=booking(*services, starts_at=start), now=NOW
    )

    assert (True, True, None) == (found.recorded, found.again, found.change)


def test_a_quote_of_what_has_ended_is_asked_again(make: MakeDesk) -> None:
    """What was cancelled is no answer to whether it could be booked (D21)."""
    desk = make(ONLINE, Interrupted(facials(2)))
    redeem(desk)
    desk.cancel("b1", by=Actor.BUSINESS, now=NOW)
    found = quote(desk)

    assert (True, True, None) == (found.eligible, found.again, found.change)


def test_a_quote_for_a_guest_reads_no_package(make: MakeDesk) -> None:
    """A guest is told to log in."""
    store = Interrupted(facials())

    assert "client_not_logged_in" in codes(quote(make(ONLINE, store), client=Client.guest()))
    assert ["redemption"] == store.calls


@pytest.mark.parametrize(
    "wrong",
    [
        {"account": None},
        {"client": "ana"},
        {"booking": "b1"},
        {"now": datetime(2026, 5, 1, 8)},  # noqa: DTZ001 - a naive time is what is tried
        {"by": "client"},
        {"note": None},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_wrong_type_is_refused_before_the_store_is_asked(
    make: MakeDesk, wrong: dict[str, object]
) -> None:
    """A question that can't be asked reads nothing."""
    store = Interrupted(facials())
    given: dict[str, Any] = {"account": ACCOUNT, "client": ANA, "booking": booking(), "now": NOW}
    with pytest.raises(InvalidValueError):
        make(ONLINE, store).redeem(**(given | wrong))

    assert [] == store.calls


def test_lines_are_numbers(make: MakeDesk) -> None:
    """Lines are refused before the store is asked when they are no list of numbers."""
    store = Interrupted(facials())
    desk = make(ONLINE, store)
    with pytest.raises(InvalidValueError, match=r"lines must be .*, not '0'"):
        desk.cancel("b1", by=Actor.CLIENT, now=NOW, lines="0")  # type: ignore[arg-type]
    with pytest.raises(InvalidValueError, match="lines must be"):
        desk.complete("b1", now=NOW, lines=[])

    assert [] == store.calls


@pytest.mark.parametrize("wrong", [0, -1, True, "5", 2.0])
def test_a_desk_tries_at_least_once(make: MakeDesk, wrong: object) -> None:
    """The number of attempts is a whole number from 1 on."""
    with pytest.raises(
        InvalidValueError, match=r"attempts must be a whole number of 1 or more, not .*"
    ):
        make(ONLINE, Interrupted(), wrong)


def test_a_desk_asks_a_policy(make: MakeDesk) -> None:
    """A rulebook is not a policy yet."""
    with pytest.raises(InvalidValueError, match=r"policy must be a RedemptionPolicy, not Rulebook"):
        make(rules.IN_STORE, Interrupted())


def test_a_desk_stays_as_it_was_made() -> None:
    """A desk is shared by threads: nobody turns its policy or store."""
    store = Interrupted()
    desk = RedemptionDesk(policy=ONLINE, store=store, attempts=3)

    assert (ONLINE, store, 3) == (desk.policy, desk.store, desk.attempts)
    with pytest.raises(FrozenInstanceError):
        desk.attempts = 9  # type: ignore[misc]

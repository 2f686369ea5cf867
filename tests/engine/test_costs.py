"""What a line takes of a credit: units, told by the service as booked (D41, D43, D44)."""

import pytest

from pkgredeem import (
    Actor,
    BookingMismatchError,
    Bucket,
    Decision,
    Entitlement,
    Finding,
    Package,
    RedemptionDesk,
    RedemptionPolicy,
    rules,
)
from pkgredeem.stores.memory import MemoryStore
from tests.helpers.support import (
    ANA,
    NOW,
    START,
    account,
    booking,
    case,
    codes,
    credit,
    decide,
    draws,
    line,
    package,
    use,
)

POLICY = RedemptionPolicy(rules.ONLINE)


def minutes(left: int, *services: str, id: str = "main") -> Entitlement:
    """Return an entitlement to so many minutes of these services, of training unless told."""
    return Entitlement(services=services or ["pt"], unit="minute", remaining=left, id=id)


def hours_of(*entitlements: Entitlement, **fields: object) -> Package:
    """Return a package of these entitlements."""
    return package("p1", *entitlements, **fields)


def units(decision: Decision) -> list[int]:
    """Return how many units each draw takes."""
    assert decision.redemption is not None
    return [draw.credits for draw in decision.redemption.draws]


def facts(finding: Finding) -> dict[str, object]:
    """Return the facts of a finding."""
    return dict(finding.facts)


@pytest.mark.parametrize("lines", [1, 2, 3])
def test_a_service_of_75_minutes_takes_75(lines: int) -> None:
    """On the path for one line and on the one for several; the movement is their sum (D41)."""
    training = [line("pt", costs={"minute": 75})] * lines
    decision = decide(case(*training, packages=[hours_of(minutes(225))]), rules.ONLINE)

    assert [75] * lines == units(decision)
    assert decision.change is not None
    assert [75 * lines] == [movement.credits for movement in decision.change.movements]


@pytest.mark.parametrize("lines", [1, 2])
def test_exactly_enough_minutes_are_enough(lines: int) -> None:
    """As many as are left, and not one more (D08)."""
    training = [line("pt", costs={"minute": 75})] * lines

    def left(units_left: int) -> Decision:
        return decide(case(*training, packages=[hours_of(minutes(units_left))]))

    assert left(75 * lines).eligible
    (reason, *_) = left(75 * lines - 1).reasons
    assert ("not_enough_credits", "pt") == (reason.code, reason.subject)
    assert {"available": 75 * lines - 1, "wanted": 75 * lines, "unit": "minute"} == facts(reason)


def test_credits_are_told_without_a_unit() -> None:
    """Two lines of two credits with three left: the facts name no unit."""
    twice = [line(costs={"credit": 2})] * 2
    decision = decide(case(*twice, packages=[package("p1", credit("facial", left=3))]))

    assert ["not_enough_credits", "mixed_booking"] == codes(decision)
    assert {"available": 3, "wanted": 4} == facts(decision.reasons[0])


def test_the_unit_of_the_highest_ranked_is_told() -> None:
    """What is left in another unit is not added up with it."""
    sold = package("p1", minutes(60, "facial", id="a"), credit("facial", id="b"))
    (reason,) = decide(case(line(costs={"minute": 75, "credit": 2}), packages=[sold])).reasons

    assert {"available": 60, "wanted": 75, "unit": "minute"} == facts(reason)


def test_what_is_wanted_counts_the_other_lines_of_those_credits_alone() -> None:
    """A line that other credits pay for wants nothing of these."""
    sold = package("p1", minutes(100, id="m"), credit("mask", id="k"))
    asked = case(
        line("mask", costs={"minute": 500}),
        line("pt", costs={"minute": 75}),
        line("pt", costs={"minute": 30}),
        packages=[sold],
    )
    decision = decide(asked, rules.ONLINE)

    assert (2,) == decision.uncovered
    (note,) = decision.notes
    assert {"available": 100, "wanted": 105, "unit": "minute"} == facts(note)


@pytest.mark.parametrize("lines", [1, 2])
def test_what_costs_nothing_that_is_known_is_one_credit(lines: int) -> None:
    """Costs in other units leave it at one credit; a cost in credits is what it says (D41)."""
    sold = [package("p1", credit("facial", left=9))]

    def cost(costs: dict[str, int]) -> list[int]:
        return units(decide(case(*[line(costs=costs)] * lines, packages=sold), rules.ONLINE))

    assert [1] * lines == cost({})
    assert [1] * lines == cost({"minute": 75, "point": 3})
    assert [2] * lines == cost({"credit": 2, "minute": 75})


@pytest.mark.parametrize("lines", [1, 2])
def test_nobody_guesses_minutes(lines: int) -> None:
    """A service that tells its cost in other units alone can't be paid in these (D41)."""
    unknown = line("pt", costs={"credit": 1, "minutes": 75})
    decision = decide(case(*[unknown] * lines, packages=[hours_of(minutes(600))]))

    assert ["cost_unknown"] == codes(decision)
    assert {"unit": "minute"} == facts(decision.reasons[0])
    assert "service pt has no cost in the unit minute" == decision.reasons[0].text()
    # Nor does it take more than what is there: one minute might do.
    asked = case(unknown)
    assert not rules.not_enough_credits(asked, asked.packages[0], minutes(1), unknown)
    assert rules.not_enough_credits(asked, asked.packages[0], minutes(0), unknown)


def test_another_credit_pays_where_a_cost_is_unknown() -> None:
    """The entitlement in minutes is passed over, not guessed at."""
    sold = package("p1", minutes(600, "facial", id="a"), credit("facial", id="b"))

    assert [(0, "p1", "b")] == draws(decide(case(packages=[sold])))


@pytest.mark.parametrize("lines", [1, 2])
def test_a_line_is_paid_whole_or_not_at_all(lines: int) -> None:
    """45 minutes here and 45 there are not 75: a part payment is a price (D43)."""
    sold = hours_of(*[minutes(45, id=f"e{number}") for number in range(2 * lines)])
    training = [line("pt", costs={"minute": 75})] * lines
    decision = decide(case(*training, packages=[sold]))

    assert ["not_enough_credits"] == codes(decision)
    assert {"available": 90 * lines, "wanted": 75 * lines, "unit": "minute"} == facts(
        decision.reasons[0]
    )


def test_a_variant_is_a_service_of_its_own() -> None:
    """The short and the long one are two ids, and a package may name one of them (D44)."""
    sold = package("p1", credit("pt-60", left=9))

    assert decide(case("pt-60", packages=[sold])).eligible
    assert ["service_not_in_package"] == codes(decide(case("pt-90", packages=[sold])))


def test_a_peak_hour_costs_more() -> None:
    """The cost belongs to the service as booked, so that one package pays two prices (D41)."""
    sold = package("p1", credit("class", left=3))
    peak, off_peak = line("class", costs={"credit": 2}), line("class")

    assert [2, 1] == units(decide(case(peak, off_peak, packages=[sold])))
    assert [1, 2] == units(decide(case(off_peak, peak, packages=[sold])))


def test_what_was_drawn_returns_whole() -> None:
    """75 minutes are drawn and 75 come back, to where they came from (D13)."""
    change = decide(case(line("pt", costs={"minute": 75}), packages=[hours_of(minutes(75))])).change
    assert change is not None
    back = POLICY.cancel(change.after, by=Actor.BUSINESS, now=NOW).change
    assert back is not None

    assert [(75, Bucket.RESERVED, Bucket.AVAILABLE)] == [
        (movement.credits, movement.source, movement.target) for movement in back.movements
    ]


def test_a_booking_has_its_own_minutes_back() -> None:
    """Decided again, the 75 minutes that it holds are there for it (D21)."""
    training = line("pt", costs={"minute": 75})
    own = decide(case(training, packages=[hours_of(minutes(75))])).redemption
    left = hours_of(minutes(0))

    assert [75] == units(decide(case(training, packages=[left], existing=own)))
    again = decide(case(line("pt", costs={"minute": 76}), packages=[left], existing=own))
    assert ["not_enough_credits"] == codes(again)


def test_an_hour_less_is_other_contents() -> None:
    """A booking id with another duration is another booking (D21)."""
    store = MemoryStore()
    store.add(hours_of(minutes(600)))
    desk = RedemptionDesk(POLICY, store)

    def redeem(**costs: int) -> Decision:
        asked = booking(line("pt", costs=costs))
        return desk.redeem(account=account(), client=ANA, booking=asked, now=NOW)

    first = redeem(minute=75, point=1)
    assert redeem(point=1, minute=75).recorded
    assert first.eligible
    for costs in ({"minute": 60, "point": 1}, {"minute": 75}, {}):
        with pytest.raises(BookingMismatchError):
            redeem(**costs)
    assert (525, 75) == (store.balance("p1").available, store.balance("p1").reserved)


def test_a_use_says_nothing_of_units() -> None:
    """What a line took is the draw's, and one line is one use (D54)."""
    change = decide(case(line("pt", costs={"minute": 75}), packages=[hours_of(minutes(75))])).change
    assert change is not None

    made = use(START, booking_id="b1", entitlement_id="main", service_id="pt")
    assert (made,) == change.after.uses_of("p1")
    assert 75 == change.after.draws[0].credits


def test_a_booking_that_is_asked_again_has_all_its_credits_back() -> None:
    """Two facials from one entitlement are two credits (D21)."""
    sold = package("p1", credit("facial", left=2))
    made = decide(case("facial", "facial", packages=[sold])).redemption
    empty = package("p1", credit("facial", left=0))

    assert [] == codes(decide(case("facial", "facial", packages=[empty], existing=made)))

"""Whether a credit that returned can be used again: asked of the policy, as every act says."""

from datetime import datetime

import pytest

from pkgredeem import (
    Actor,
    Audience,
    BookingLine,
    Case,
    Clause,
    CreditOutcome,
    Entitlement,
    Package,
    PackageKind,
    PackageStatus,
    RedemptionPolicy,
    Rulebook,
    Scope,
    Settlement,
    rule,
    rules,
)
from tests.helpers.support import (
    AUCKLAND,
    DAY,
    HOUR,
    INSTANT,
    NO_LIMITS,
    NOW,
    START,
    after,
    case,
    credit,
    decide,
    package,
    redemption,
    rescheduled,
)

MARCH = rules.TIMELY_2026_03
DEAD = "the credit was returned, but it can't be used any more: ask the business"
BACK = "the credit is back in the package"
HOUSE = Clause(id="HOUSE-1", heading="house rules", says="No massages any more.")


@rule(
    Scope.CREDIT,
    clauses=[HOUSE],
    message="no massages any more",
    advice="pick another service",
    on_return=True,
)
def no_facials_any_more(
    _case: Case, _package: Package, _entitlement: Entitlement, line: BookingLine
) -> bool:
    """The service is no longer offered."""
    return line.service.id == "facial"


def cancelled(*packages: Package, now: datetime = NOW, rulebook: Rulebook = MARCH) -> Settlement:
    """Return what cancelling Ana's facial by the business does, given these packages."""
    return RedemptionPolicy(rulebook).cancel(
        redemption(), by=Actor.BUSINESS, now=now, packages=packages
    )


def said_by(settlement: Settlement) -> tuple[bool | None, list[tuple[str, str]], str]:
    """Return whether it can be used, the findings by package, and the client's text."""
    return (
        settlement.credit_usable,
        [(finding.code, finding.subject) for finding in settlement.findings],
        settlement.explain(Audience.CLIENT),
    )


@pytest.mark.parametrize(
    ("now", "usable"), [(START - INSTANT, True), (START, False), (START + INSTANT, False)]
)
def test_a_credit_of_a_package_that_is_over_is_told(now: datetime, usable: bool) -> None:
    """The end of the package itself is over; just before it the credit is good."""
    notes = [] if usable else [("credit_not_usable", "p1")]

    found = said_by(cancelled(package(valid_until=START), now=now))

    assert (usable, notes, BACK if usable else DEAD) == found


def test_a_package_that_starts_later_can_be_used_then() -> None:
    """It is asked of the beginning of the package's validity where that lies ahead."""
    later = package(valid_from=START + 30 * DAY, valid_until=START + 60 * DAY)

    assert (True, [], BACK) == said_by(cancelled(later))


@pytest.mark.parametrize(
    "today", [package(status=PackageStatus.ARCHIVED), package(kind=PackageKind.LEGACY)]
)
def test_it_is_asked_of_the_policy_that_settles(today: Package) -> None:
    """What is refused online only can still be used under the rulebook of the store."""
    dead = [("credit_not_usable", "p1")]

    assert (False, dead, DEAD) == said_by(cancelled(today))
    assert (True, [], BACK) == said_by(cancelled(today, rulebook=rules.IN_STORE))


def test_a_rule_of_ones_own_is_asked_when_it_says_so() -> None:
    """A caller's rule that says `on_return` decides whether the credit can be used."""
    dead = [("credit_not_usable", "p1")]

    assert (False, dead, DEAD) == said_by(
        cancelled(package(), rulebook=MARCH.including(no_facials_any_more))
    )


def test_rules_that_do_not_say_so_are_not_asked() -> None:
    """Whether the package is another client's by now, or used up, is no matter of its use."""
    sold_on = package("p1", credit("facial", left=0), client_id="beth", sold_at=NOW + DAY)

    assert (True, [], BACK) == said_by(cancelled(sold_on))


def test_an_entitlement_that_is_gone_can_not_be_used() -> None:
    """The package was edited, and what the credit came from is in it no more."""
    edited = package("p1", credit("massage", id="other"))

    assert (False, [("credit_not_usable", "p1")], DEAD) == said_by(cancelled(edited))


def test_nothing_is_said_of_packages_that_were_not_handed_in() -> None:
    """The client reads that the credit was returned, not that it is back."""
    assert (None, [], "the credit was returned") == said_by(cancelled())


OVER = package(valid_until=START + HOUR)
LATER = START + 2 * HOUR


def settle(act: str, policy: RedemptionPolicy) -> Settlement:
    """Return what an act that returns the credit to a package that is over does."""
    made = redemption()
    if act == "cancel":
        return policy.cancel(made, by=Actor.BUSINESS, now=LATER, packages=[OVER])
    if act == "no-show":
        outcome = CreditOutcome.RETURN
        return policy.no_show(made, now=LATER, outcome=outcome, packages=[OVER])
    done = after(policy.complete(made, now=LATER))
    return policy.forgive(done, now=LATER, note="a gift", packages=[OVER])


@pytest.mark.parametrize("act", ["cancel", "no-show", "forgive"])
def test_whichever_act_returned_it_says_so(act: str) -> None:
    """Cancelled, missed or forgiven: a dead credit is told to staff and to the client."""
    settlement = settle(act, RedemptionPolicy())

    assert (False, [("credit_not_usable", "p1")], DEAD) == said_by(settlement)
    assert CreditOutcome.RETURN is settlement.outcome


@pytest.mark.parametrize("act", ["cancel", "no-show", "forgive"])
def test_a_repeat_tells_it_again(act: str) -> None:
    """The same act once more changes nothing, and tells how the credit stands now."""
    policy = RedemptionPolicy()
    done = after(settle(act, policy))
    again = {
        "cancel": lambda: policy.cancel(done, by=Actor.BUSINESS, now=LATER, packages=[OVER]),
        "no-show": lambda: policy.no_show(done, now=LATER, packages=[OVER]),
        "forgive": lambda: policy.forgive(done, now=LATER, note="again", packages=[OVER]),
    }[act]()

    assert again.change is None
    assert (False, [("credit_not_usable", "p1")], DEAD) == said_by(again)


def test_a_booking_that_was_moved_past_the_end_of_its_package_warns_who_cancels_it() -> None:
    """The business moves it behind the package's end, the client cancels: the credit is dead."""
    today = package(valid_until=START + DAY)
    moved = rescheduled(to=START + 9 * DAY, by=Actor.BUSINESS, packages=[today])
    settlement = RedemptionPolicy().cancel(
        after(moved), by=Actor.CLIENT, now=START + 2 * DAY, packages=[today]
    )

    assert ["package_over_by_then"] == [finding.code for finding in moved.findings]
    assert (False, [("credit_not_usable", "p1")], DEAD) == said_by(settlement)


def test_a_forfeited_credit_is_not_asked_for() -> None:
    """Where nothing returns nothing is said of its use, not even of a package that is over."""
    late = RedemptionPolicy().cancel(
        redemption(), by=Actor.CLIENT, now=START - HOUR, packages=[package(valid_until=NOW)]
    )

    assert (None, [("late_cancellation", "")], "the credit is forfeited") == said_by(late)


GOOD = package("p1")
DEAD_TWO = package("p2", credit("massage"), valid_until=START + HOUR, priority=-1)
DEAD_THREE = package("p3", credit("mask"), valid_until=START + HOUR)


@pytest.mark.parametrize(
    ("today", "usable", "dead"),
    [
        ([GOOD, DEAD_TWO, DEAD_THREE], False, ["p3", "p2"]),
        ([DEAD_TWO], False, ["p2"]),
        ([GOOD, package("p2", credit("massage")), package("p3", credit("mask"))], True, []),
        ([GOOD], None, []),
        ([package("p9", valid_until=NOW)], None, []),
        ([], None, []),
    ],
)
def test_all_returned_credits_must_be_usable(
    today: list[Package], usable: bool | None, dead: list[str]
) -> None:
    """One that is dead makes it a no, one that is missing no yes; each is named by its rank."""
    sold = [package("p1"), package("p2", credit("massage")), package("p3", credit("mask"))]
    three = decide(case("facial", "massage", "mask", packages=sold), NO_LIMITS).redemption
    assert three is not None
    settlement = RedemptionPolicy().cancel(
        three, by=Actor.BUSINESS, now=START + DAY, packages=iter(today)
    )

    assert (usable, [("credit_not_usable", name) for name in dead]) == said_by(settlement)[:2]


def test_only_the_lines_that_return_are_asked_for() -> None:
    """Of two lines one is cancelled: what has become of the other package is no matter."""
    sold = [package("p1"), package("p2", credit("massage"))]
    both = decide(case("facial", "massage", packages=sold), NO_LIMITS).redemption
    assert both is not None
    settlement = RedemptionPolicy().cancel(
        both, by=Actor.BUSINESS, now=START + DAY, packages=[GOOD, DEAD_TWO], lines=[0]
    )

    assert (True, [], BACK) == said_by(settlement)


def test_two_credits_of_one_package_are_one_note() -> None:
    """A package of which one credit is dead and one is good is named once, as dead."""
    two = redemption("facial", "massage")
    edited = package("p1", credit("facial"), credit("massage", id="other"))
    settlement = RedemptionPolicy().cancel(two, by=Actor.CLIENT, now=NOW, packages=[edited])

    assert (False, [("credit_not_usable", "p1")], DEAD) == said_by(settlement)


def test_a_rule_is_asked_of_a_booking_of_that_line_in_the_zone_of_the_booking() -> None:
    """The act's instant, the client who booked, the line alone, and local time."""
    seen: list[tuple[object, ...]] = []

    def noting(case: Case, today: Package) -> bool:
        """Find nothing."""
        seen.append((case.booking.id, case.booking.service_ids, case.client.id, case.now, today))
        seen.append((case.local(case.booking.starts_at).hour,))
        return False

    noted = rule(Scope.PACKAGE, clauses=[HOUSE], message="noted", advice="nothing", on_return=True)(
        noting
    )
    two = redemption("facial", "massage", zone=AUCKLAND)
    today = package("p1", credit("facial"), credit("massage"))
    RedemptionPolicy(MARCH.including(noted)).cancel(
        two, by=Actor.CLIENT, now=NOW, packages=[today], lines=[1]
    )

    assert [("b1", ("massage",), "ana", NOW, today), (20,)] == seen

"""Decisions: what flows from what, in which order, and what is committed."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from pkgredeem import (
    AccountSettings,
    Actor,
    Bucket,
    Case,
    Client,
    Cover,
    DrawState,
    InvalidValueError,
    Package,
    PackageKind,
    PackageStatus,
    RedemptionPolicy,
    Rulebook,
    Scope,
    Term,
    rule,
    rules,
)
from tests.helpers.house_rules import HOUSE
from tests.helpers.support import (
    ANA,
    DAY,
    FORFEIT_INSIDE_A_DAY,
    LONDON,
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
    notes,
    package,
    redemption,
    use,
)

MARCH = rules.TIMELY_2026_03


def test_every_reason_is_given_in_a_fixed_order() -> None:
    """Account, client, holdings, package, booking; packages in the order of their rank (D22)."""
    packages = [
        package("p6", valid_until=START - DAY),
        package("p5", valid_until=START),
        package("p4", kind=PackageKind.LEGACY, status=PackageStatus.ARCHIVED),
        package("p3", valid_until=NOW),
        package("p2", client_id="beth", sold_at=NOW - DAY),
        package("p1", credit("facial", left=0), priority=1),
    ]
    asked = case(
        line(payable=False),
        packages=packages,
        client=Client(id="ana"),
        account=AccountSettings(package_kind=PackageKind.LEGACY),
    )
    reasons = [(reason.code, reason.subject) for reason in decide(asked).reasons]

    assert [
        ("account_on_legacy_packages", ""),
        ("client_login_disabled", ""),
        ("client_not_logged_in", ""),
        ("several_active_packages", ""),
        ("package_used_up", "p1"),
        ("package_over", "p3"),
        ("package_over_by_then", "p6"),
        ("package_over_by_then", "p5"),
        ("package_of_another_client", "p2"),
        ("legacy_package", "p4"),
        ("package_archived", "p4"),
        ("nothing_to_pay", ""),
    ] == reasons


def test_credit_findings_follow_the_uncovered_lines() -> None:
    """Each service once for each code, in the order of the lines, between package and booking."""
    held = package("p1", credit("facial"))
    asked = case("pedicure", "facial", "manicure", "facial", "pedicure", packages=[held])

    assert [
        ("service_not_in_package", "pedicure", ()),
        ("service_not_in_package", "manicure", ()),
        ("not_enough_credits", "facial", (("available", 1), ("wanted", 2))),
        ("mixed_booking", "", ()),
    ] == [(each.code, each.subject, each.facts) for each in decide(asked).reasons]
    assert (0, 2, 3, 4) == decide(asked).uncovered


def test_wanted_counts_every_line_that_wants_those_credits() -> None:
    """Two facials and a massage want the three credits that are not there (D08)."""
    held = package("p1", credit("facial", "massage"), credit("facial", id="extra"))
    asked = case("facial", "massage", "facial", packages=[held])
    (short, mixed) = decide(asked).reasons

    assert ("not_enough_credits", "facial", (("available", 2), ("wanted", 3))) == (
        short.code,
        short.subject,
        short.facts,
    )
    assert ("mixed_booking", (2,)) == (mixed.code, decide(asked).uncovered)


def test_package_findings_are_notes_beside_a_usable_package() -> None:
    """A client with one good package is not refused for the bad ones (D25)."""
    used_up = package("p2", credit("facial", left=0))

    good = decide(case(packages=[used_up, package("p1")]))
    assert (True, [], ["package_used_up"]) == (good.eligible, codes(good), notes(good))
    bad = decide(case(packages=[used_up]))
    assert (False, ["package_used_up"], []) == (bad.eligible, codes(bad), notes(bad))


def test_credit_findings_are_notes_where_the_booking_is_not_refused_for_them() -> None:
    """With mixed bookings allowed, what is not covered is told beside a yes (D25)."""
    mixed = case("facial", "massage")

    lifted = decide(mixed, MARCH.without(rules.mixed_booking))
    assert (True, [], ["service_not_in_package"]) == (
        lifted.eligible,
        codes(lifted),
        notes(lifted),
    )
    assert ((1,), [(0, "p1", "facial")]) == (lifted.uncovered, draws(lifted))
    # Refused for another reason: the uncovered line is still only noted.
    off = decide(replace(mixed, account=account(online_redemption=False)), lifted_book())
    assert (["online_redemption_off"], ["service_not_in_package"]) == (codes(off), notes(off))
    none = decide(case("massage"), lifted_book())
    assert (["service_not_in_package"], []) == (codes(none), notes(none))


def test_what_is_refused_all_the_same_is_not_refused_for_its_uncovered_line() -> None:
    """What has started is refused with or without the massage; a mixed booking is not (D25)."""
    begun = case("facial", "massage", starts_at=NOW)
    allowed, refused = decide(begun, lifted_book()), decide(begun)

    assert ((1,), (1,)) == (allowed.uncovered, refused.uncovered)
    assert ["appointment_started"] == codes(allowed)
    assert ["service_not_in_package"] == notes(allowed)
    assert ["service_not_in_package", "appointment_started", "mixed_booking"] == codes(refused)
    assert [] == notes(refused)


def lifted_book() -> Rulebook:
    """Return the March rulebook with mixed bookings allowed."""
    return MARCH.without(rules.mixed_booking)


def test_findings_are_reasons_and_notes_in_one_order() -> None:
    """Together they follow the scopes: account, client, package, credit, booking, note (D22)."""
    asked = case(
        "facial",
        "massage",
        packages=[package("p1"), package("p2", credit("facial", left=0))],
        account=account(online_redemption=False),
    )
    decision = decide(asked)

    assert ["package_used_up"] == notes(decision)
    assert [
        "online_redemption_off",
        "package_used_up",
        "service_not_in_package",
        "mixed_booking",
    ] == [each.code for each in decision.findings]


def test_a_proposal_carries_what_later_acts_need() -> None:
    """The redemption holds the terms, the cut-off and the zone of the moment of booking (D11)."""
    found = redemption(terms=FORFEIT_INSIDE_A_DAY)

    assert (1, "ana", START, NOW) == (
        found.version,
        found.client_id,
        found.starts_at,
        found.booked_at,
    )
    assert (FORFEIT_INSIDE_A_DAY, START - DAY) == (found.terms, found.free_until)
    assert ("timely-2026-03", ()) == (found.rulebook, found.reschedules)
    assert redemption(terms=None).free_until is None


def test_a_change_commits_the_proposal() -> None:
    """One movement for each entitlement, from available to reserved, with who booked and why."""
    asked = case("facial", "facial", packages=[package("p1", credit("facial", left=2))])
    change = decide(replace(asked, by=Actor.BUSINESS, note="by phone")).change

    assert change is not None
    assert (None, 1) == (change.before, change.after.version)
    assert [
        (
            "b1",
            "p1",
            "facial",
            2,
            Bucket.AVAILABLE,
            Bucket.RESERVED,
            NOW,
            Actor.BUSINESS,
            "by phone",
        )
    ] == [
        (
            m.booking_id,
            m.package_id,
            m.entitlement_id,
            m.credits,
            m.source,
            m.target,
            m.at,
            m.by,
            m.note,
        )
        for m in change.movements
    ]
    assert decide(case("massage")).change is None


def test_a_booking_never_counts_against_itself() -> None:
    """Its own reserved credit is back before every rule, and there is nothing to commit (D21)."""
    spent = package("p1", credit("facial", left=0))
    again = decide(case(packages=[spent], existing=redemption()))

    assert (True, [(0, "p1", "facial")]) == (again.eligible, draws(again))
    assert (True, None) == (again.recorded, again.change)
    assert ["package_used_up"] == codes(decide(case(packages=[spent])))


def test_an_exchange_uses_the_credit_of_the_old_booking() -> None:
    """The old booking's credit can pay for the new one, which is committed by itself (D21)."""
    spent = package("p1", credit("facial", left=0))
    asked = case(packages=[spent], booking=booking(id="b2"), existing=redemption())
    decision = decide(asked)

    assert (True, False) == (decision.eligible, decision.recorded)
    assert decision.change is not None
    assert "b2" == decision.change.after.booking.id


def test_only_what_is_reserved_comes_back() -> None:
    """A credit that was returned or redeemed before is not added a second time (D21)."""
    both = package("p1", credit("facial", left=0), credit("massage", left=0))
    old = redemption("facial", "massage")
    change = RedemptionPolicy().cancel(old, by=Actor.CLIENT, now=NOW, lines=[0]).change
    assert change is not None
    decision = decide(case("facial", "massage", packages=[both], existing=change.after))

    assert (["not_enough_credits", "mixed_booking"], (0,)) == (codes(decision), decision.uncovered)


def test_a_package_of_the_existing_redemption_may_be_missing() -> None:
    """Credits of packages that were not handed in are nobody's to add back."""
    other = package("p9", credit("facial", left=0))

    assert ["package_used_up"] == codes(decide(case(packages=[other], existing=redemption())))


@pytest.mark.parametrize("packages", [(package(),), [package()], (package("p1"), package("p2"))])
@pytest.mark.parametrize("collection", [tuple, list, iter])
def test_a_case_is_decided_like_its_parts(collection: type, packages: Sequence[Package]) -> None:
    """`decide` and `decide_case` are one question, whatever the packages come in."""
    asked = case("facial", "massage", packages=packages, by=Actor.BUSINESS, note="by phone")
    parts = RedemptionPolicy().decide(
        account=asked.account,
        client=asked.client,
        packages=collection(packages),
        booking=asked.booking,
        now=asked.now,
        by=asked.by,
        note=asked.note,
    )

    assert decide(asked) == parts
    with pytest.raises(InvalidValueError, match="case must be a Case, not None"):
        RedemptionPolicy().decide_case(None)  # type: ignore[arg-type]  # that is the point


def test_deciding_adds_back_what_exists_however_it_is_asked() -> None:
    """`decide` hands over the existing redemption, as `decide_case` does."""
    made = redemption()
    found = RedemptionPolicy().decide(
        account=account(),
        client=ANA,
        packages=[package("p1", credit("facial", left=0))],
        booking=made.booking,
        now=NOW,
        existing=made,
    )

    assert found.eligible
    assert found.recorded


def test_credits_that_are_all_spent_are_told_for_one_line_and_for_two() -> None:
    """What is left and what is wanted are told of the entitlements that name the service."""
    spent = package("p1", credit("facial", left=0), credit("massage", left=1))
    one, two = (decide(case(*each, packages=[spent])) for each in (["facial"], ["facial"] * 2))

    assert ["not_enough_credits"] == codes(one) == codes(two)
    assert (("available", 0), ("wanted", 1)) == one.reasons[0].facts
    assert (("available", 0), ("wanted", 2)) == two.reasons[0].facts


def test_a_package_whose_term_is_over_is_not_active_when_a_booking_is_asked_again() -> None:
    """Others' uses have begun and ended its term: Ana has one active package (D05, D21, D53)."""
    used = use(NOW - 20 * DAY, state=DrawState.REDEEMED)
    over = package("p2", lasts=Term(days=14), uses=[used])
    asked = case(
        account=account(time_zone=LONDON), packages=[package(), over], existing=redemption()
    )

    assert [] == codes(decide(asked))


def test_a_guest_is_not_told_to_log_in_where_that_would_not_help() -> None:
    """The first reason speaks: where the switch is off, logging in opens nothing (D22, D24)."""
    off = case(account=account(online_redemption=False), client=Client.guest())

    assert ["online_redemption_off", "client_not_logged_in"] == codes(decide(off))[:2]
    assert rules.NEUTRAL == decide(off).client_text
    assert "log in to use a package" == decide(case(client=Client.guest())).client_text


def test_a_rule_is_asked_again_about_the_same_cover_but_for_the_uncovered_lines() -> None:
    """What is usable, active, drawn and covered stays: only the uncovered lines are gone (D25)."""
    seen: list[Cover] = []

    def looking(case: Case, cover: Cover) -> bool:
        """Look at it."""
        del case
        seen.append(cover)
        return True

    looked = rule(Scope.BOOKING, clauses=[HOUSE], message="looked", advice="nothing")(looking)
    held = package("p1", credit("facial"))
    decide(case("facial", "massage", packages=[held]), lifted_book().including(looked))
    with_all, without = seen

    assert ((held,), (held,), (0,), (1,)) == (
        with_all.usable,
        with_all.active,
        with_all.covered,
        with_all.uncovered,
    )
    assert [(0, "p1", "facial")] == [
        (each.line, each.package_id, each.entitlement_id) for each in with_all.draws
    ]
    assert replace(with_all, uncovered=()) == without

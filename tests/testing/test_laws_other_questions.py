"""What the law of what was asked before asks besides, and what brute force takes for the best."""

import gc
from dataclasses import replace
from datetime import date, datetime, timedelta

from pkgredeem import (
    UNLIMITED,
    Case,
    Decision,
    PackageKind,
    Period,
    PickedFrom,
    Quota,
    RedemptionPolicy,
    rules,
)
from pkgredeem.testing.laws import _clock_watch as watch
from pkgredeem.testing.laws._boundaries import boundaries
from pkgredeem.testing.laws._brute_force import best_draws
from pkgredeem.testing.laws._renaming import _other_questions
from tests.helpers.bent_policies import broken_by
from tests.helpers.support import (
    ANA,
    DAY,
    FORFEIT_INSIDE_A_DAY,
    HOUR,
    INSTANT,
    LONDON,
    NOW,
    START,
    account,
    booking,
    case,
    credit,
    draws,
    line,
    package,
    redemption,
)

IN_STORE = RedemptionPolicy(rules.IN_STORE)


def test_the_other_questions_differ_in_all_that_could_be_remembered() -> None:
    """Of the same ids: in money, cards, picks and time, without packages, and of plain ones."""
    first = line("facial", picked_from=PickedFrom.MENU, payable=False, traits={"staff": "jo"})
    sold = package(
        "p1",
        credit("facial", left=2),
        valid_from=NOW - DAY,
        valid_until=START + DAY,
        sold_at=NOW - DAY,
        priority=3,
        name="ten",
        quotas=[Quota(1, Period.EVER)],
    )
    asked = replace(
        case(account=account(time_zone=LONDON), packages=[sold], only=["p1"]),
        client=replace(ANA, has_saved_card=True, traits=(("vip", "yes"),)),
        booking=replace(booking(first), traits=(("place", "west"),)),
        existing=redemption("facial"),
    )
    none, later, *plain = _other_questions(asked)

    assert () == none.packages
    assert (asked.now + 30 * HOUR, START + 30 * HOUR) == (later.now, later.booking.starts_at)
    assert list(PackageKind) == [other.packages[0].kind for other in plain]
    for other in (none, *plain):
        assert (True, True, LONDON) == (
            other.account.card_capture,
            other.account.deposit_required,
            other.account.time_zone,
        )
        assert ("ana", False, False, ()) == (
            other.client.id,
            other.client.has_saved_card,
            other.client.logged_in,
            other.client.traits,
        )
        assert (None, None, ()) == (other.existing, other.only, other.booking.traits)
        (only,) = other.booking.lines
        assert (PickedFrom.ADD_ON, True, ()) == (only.picked_from, only.payable, only.traits)
    for other in plain:
        (there,) = other.packages
        assert (None, None, None, 4, ()) == (
            there.valid_from,
            there.valid_until,
            there.sold_at,
            there.priority,
            there.quotas,
        )
        assert [UNLIMITED] == [held.remaining for held in there.entitlements]


def test_the_smallest_of_several_quotas_binds() -> None:
    """Wherever it stands: with room for one line and for five, one of two lines is paid for."""
    narrow, wide = Quota(1, Period.BOOKING), Quota(5, Period.EVER)
    for quotas in ([narrow, wide], [wide, narrow]):
        sold = package("p1", credit("facial", left=5), quotas=quotas)

        assert [(0, "p1", "facial")] == best_draws(
            IN_STORE, case("facial", "facial", packages=[sold])
        )


def test_what_ends_first_by_either_end_comes_first() -> None:
    """The credit ends before its package does, and before the other package."""
    ends = replace(credit("facial", id="soon"), valid_until=START + DAY)
    late = package("p1", ends, valid_until=START + 30 * DAY)
    between = package("p0", valid_until=START + 9 * DAY)

    assert [(0, "p1", "soon")] == best_draws(IN_STORE, case(packages=[between, late]))


def test_the_best_credits_count_before_who_gets_them() -> None:
    """One place in the better package: its better credit is drawn on, whichever line it is for."""
    better = package(
        "p1",
        credit("massage", id="a"),
        credit("facial", id="b"),
        priority=1,
        quotas=[Quota(1, Period.BOOKING)],
    )
    other = package("p2", credit("facial", "massage", left=2, id="any"))
    asked = case("facial", "massage", packages=[better, other])

    assert [(0, "p2", "any"), (1, "p1", "a")] == best_draws(IN_STORE, asked)
    assert [(0, "p2", "any"), (1, "p1", "a")] == draws(IN_STORE.decide_case(asked))


def test_the_moment_from_which_an_exchange_is_late_is_asked() -> None:
    """The boundary law asks just after what was free until then: an instant late is told."""
    terms = account(cancellation=FORFEIT_INSIDE_A_DAY)
    march = RedemptionPolicy(rules.TIMELY_2026_03)
    old = march.decide_case(case(booking=booking(id="b0"), account=terms)).redemption
    asked = case(existing=old, now=NOW, starts_at=START + 9 * DAY)
    until = START - DAY

    def too_late(decision: Decision, at: Case) -> Decision:
        is_just_over = at.now == until + INSTANT
        return march.decide_case(replace(at, now=until)) if is_just_over else decision

    assert boundaries.check(march, asked) is None
    assert (
        "at 2026-05-04 10:00:00.000001+00:00: missing [('late_change', '')], unexpected []"
    ) == broken_by(boundaries, asked, decision=too_late)


def test_nothing_is_collected_while_a_rule_is_watched() -> None:
    """Whoever watches the collector can't read a clock in the middle of it; then it goes on."""
    seen: list[bool] = []

    assert watch.reads(lambda: seen.append(gc.isenabled())) is None
    assert [False] == seen
    assert gc.isenabled()
    gc.disable()
    try:
        assert watch.reads(lambda: None) is None
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_each_way_to_ask_for_the_present_is_known() -> None:
    """Of days and of instants, and of classes that are derived from them."""

    class Day(date):
        """A day of one's own."""

    class Moment(datetime):
        """An instant of one's own."""

    for owner, names in (
        (date, ["today"]),
        (Day, ["today"]),
        (datetime, ["today", "now", "utcnow"]),
        (Moment, ["today", "now", "utcnow"]),
    ):
        for name in names:
            assert f"{owner.__name__}.{name}" == watch._source(getattr(owner, name))
    assert watch._source(datetime.fromisoformat) is None
    assert watch._source(timedelta.total_seconds) is None

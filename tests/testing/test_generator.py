"""The seeded generator: the same cases anywhere, two of five eligible, every boundary hit."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest

from pkgredeem import (
    UNLIMITED,
    Act,
    Actor,
    Case,
    Decision,
    Draw,
    Ending,
    InvalidValueError,
    PackageKind,
    PackageStatus,
    PickedFrom,
    Scope,
    rules,
)
from pkgredeem.testing.cases._choices import SeededChoices, chance, pick
from pkgredeem.testing.cases._leaves import instants_of
from pkgredeem.testing.cases.generator import case, cases
from tests.helpers.generated import COUNT, MARCH, TICK, at_all_three, codes, gap, tried

#: Every code that refuses a booking, and both that refuse to give another one up for it.
REFUSING = {rule.code for rule in MARCH.rulebook.rules if rule.scope is not Scope.NOTE} | {
    rules.acts.changes_closed.code,
    rules.acts.late_change.code,
}


def test_the_numbers_of_a_seed_stay_as_they_are() -> None:
    """Choices of one seed are what Python promises: the Mersenne twister's fractions, scaled."""
    choices = SeededChoices(0)

    # random.Random(0).random() begins 0.8444, 0.7579, 0.4205, 0.2589 in every Python 3
    assert [8, 7, 4, 2] == [choices.integer_below(10) for _ in range(4)]


def test_the_first_option_is_the_plainest() -> None:
    """Choices that are always 0 pick the first option and never take a chance."""

    class Zero:
        """Choices that are always 0."""

        def integer_below(self, bound: int) -> int:
            """Return 0."""
            return 0 * bound

    assert ("a", False, True) == (pick(Zero(), "ab"), chance(Zero(), 99), chance(Zero(), 100))


def test_fewer_cases_are_the_first_of_more() -> None:
    """The cases of a seed do not depend on how many are asked for; each can be had by itself."""
    first = list(cases(seed=5, count=40))

    assert first == list(islice(cases(seed=5, count=80), 40))
    assert first == [case(5, index) for index in range(40)]


def test_another_seed_gives_other_cases() -> None:
    """Two seeds have no case in common."""
    assert set() == {*cases(seed=1, count=200)} & {*cases(seed=2, count=200)}


def test_hardly_a_case_comes_twice() -> None:
    """At least 99 of 100 cases of a seed differ."""
    assert len({asked for asked, _ in tried()}) >= 0.99 * COUNT


@pytest.mark.parametrize(
    ("make", "field", "value"),
    [
        (lambda: cases(-1, 1), "seed", -1),
        (lambda: cases(True, 1), "seed", True),
        (lambda: cases(1, -1), "count", -1),
        (lambda: cases(1, 2**32 + 1), "count", 2**32 + 1),
        (lambda: case(1, 2**32), "index", 2**32),
        (lambda: case(1, -1), "index", -1),
    ],
)
def test_bounds_are_checked_at_once(
    make: Callable[[], Case | Iterator[Case]], field: str, value: int
) -> None:
    """An argument out of bounds is told when the function is called, not at the first case."""
    with pytest.raises(InvalidValueError) as raised:
        make()

    assert (field, value) == (raised.value.field, raised.value.value)


def without_uses(asked: Case) -> Case:
    """Return the case without what lies years back: uses count from the first day of a year."""
    return replace(asked, packages=tuple(replace(p, uses=()) for p in asked.packages))


def test_everything_happens_in_2026_or_in_a_leap_year() -> None:
    """Every instant lies in 2026, or within eight weeks of 29 February 2024; no account's day."""
    leap_day = datetime(2024, 2, 29, tzinfo=UTC)
    moments = [moment for asked, _ in tried() for moment in instants_of(without_uses(asked))]
    others = [moment for moment in moments if moment.year != 2026]
    days = {asked.account.activated_on for asked, _ in tried()} - {None}

    assert others
    assert max(abs(moment - leap_day) for moment in others) < timedelta(days=56)
    assert {2026} == {day.year for day in days if day is not None}


def test_zones_are_three_and_none() -> None:
    """Accounts are in Auckland, London and New York, or have no zone."""
    zones = {asked.account.time_zone for asked, _ in tried()}

    assert ["America/New_York", "Europe/London", "None", "Pacific/Auckland"] == sorted(
        "None" if zone is None else zone.key for zone in zones
    )


def test_two_of_five_are_eligible() -> None:
    """Under the rulebook of March, 35 to 45 of a hundred cases are eligible."""
    assert 0.35 * COUNT < sum(decision.eligible for _, decision in tried()) < 0.45 * COUNT


def test_every_code_refuses_alone() -> None:
    """Every code is the only one of at least 1 of a hundred cases, where that can be.

    A package of another client comes with a finding of the client's own; a mixed booking with what
    its other lines lack.
    """
    count = 3 * COUNT
    alone = Counter(next(iter(codes(d))) for _, d in tried(count) if len(codes(d)) == 1)
    never = {rules.package_of_another_client.code, rules.mixed_booking.code}

    assert never == {code for code in REFUSING if alone[code] < count / 100}
    assert set() == never & alone.keys()
    for code in never:
        assert sum(code in codes(decision) for _, decision in tried(count)) > count / 100


def test_half_of_the_refusals_have_one_reason() -> None:
    """At least half of the refusals have one code."""
    refused = [codes(decision) for _, decision in tried() if not decision.eligible]

    assert sum(len(reasons) == 1 for reasons in refused) >= 0.5 * len(refused)


def test_boundaries_of_time_are_hit() -> None:
    """Instants lie at, just before and just after every boundary that a rule has."""
    asked = [made for made, _ in tried()]
    packages = [(made, package) for made in asked for package in made.packages]
    cut_off = (
        gap(made.booking.starts_at - made.account.cancellation.window, made.now)
        for made in asked
        if made.account.cancellation is not None
    )

    assert at_all_three(cut_off)
    assert at_all_three(gap(p.valid_from, made.booking.starts_at) for made, p in packages)
    assert at_all_three(gap(p.valid_until, made.booking.starts_at) for made, p in packages)
    assert at_all_three(gap(p.valid_until, made.now) for made, p in packages)
    assert at_all_three(gap(p.sold_at, made.now) for made, p in packages)
    assert at_all_three(gap(made.now, made.booking.starts_at) for made in asked)
    assert at_all_three(
        gap(made.existing.free_until, made.now) for made in asked if made.existing is not None
    )


def test_the_days_of_the_automatic_start_are_hit() -> None:
    """Accounts that never chose were activated on, before and after that day, of both editions."""
    days = {
        (asked.account.activated_on - after).days
        for after in (
            datetime(2026, 3, 31, tzinfo=UTC).date(),
            datetime(2026, 4, 29, tzinfo=UTC).date(),
        )
        for asked, _ in tried()
        if asked.account.online_redemption is None and asked.account.activated_on is not None
    }

    assert {-1, 0, 1} <= days


def test_clock_changes_and_repeated_hours_are_hit() -> None:
    """Appointments start at a clock change, just before it, and on both passes of an hour."""
    starts = [asked.booking.starts_at for asked, _ in tried()]
    autumn = {  # UTC, from the zones' rules of 2026: the change ends the first pass
        datetime(2026, 4, 4, 14, tzinfo=UTC),  # Auckland
        datetime(2026, 10, 25, 1, tzinfo=UTC),  # London
        datetime(2026, 11, 1, 6, tzinfo=UTC),  # New York
    }
    spring = {
        datetime(2026, 9, 26, 14, tzinfo=UTC),
        datetime(2026, 3, 29, 1, tzinfo=UTC),
        datetime(2026, 3, 8, 7, tzinfo=UTC),
    }
    half = timedelta(minutes=30)
    for change in autumn:
        assert {change, change - TICK, change - half, change + half} <= set(starts)
    for change in spring:
        assert {change, change - TICK} <= set(starts)


@pytest.mark.parametrize(
    ("what", "found"),
    [
        ("a guest", lambda made, _: made.client.id is None),
        ("by the business", lambda made, _: made.by is Actor.BUSINESS),
        (
            "an add-on",
            lambda made, _: PickedFrom.ADD_ON in {x.picked_from for x in made.booking.lines},
        ),
        ("nothing to pay for", lambda made, _: not all(x.payable for x in made.booking.lines)),
        ("another's", lambda made, _: any(p.client_id != "ana" for p in made.packages)),
        ("legacy", lambda made, _: any(p.kind is PackageKind.LEGACY for p in made.packages)),
        (
            "archived",
            lambda made, _: any(p.status is PackageStatus.ARCHIVED for p in made.packages),
        ),
        ("its own redemption", lambda made, _: made.is_own),
        ("an exchange", lambda made, _: made.exchanged is not None),
        ("an exchange by a package's own terms", lambda made, _: draws_with_terms(made)),
        ("tiers", lambda made, _: made.account.cancellation and made.account.cancellation.tiers),
        ("moved before", lambda made, _: made.existing and made.existing.reschedules),
        ("exchanged before", lambda made, _: made.existing and made.existing.replaces),
        ("a line cancelled before", lambda made, _: Act.CANCEL in acts_on(made)),
        ("a line missed before", lambda made, _: Act.NO_SHOW in acts_on(made)),
        ("a line completed before", lambda made, _: Act.COMPLETE in acts_on(made)),
        ("a line forgiven before", lambda made, _: Act.FORGIVE in acts_on(made)),
        ("ended before the rest was moved", lambda made, _: any(e.starts_at for e in ended(made))),
        ("a package with a name", lambda made, _: any(p.name for p in made.packages)),
        ("a service with a name", lambda made, _: any(x.service.name for x in made.booking.lines)),
        ("entitlements with ids of their own", lambda made, _: "e1" in entitlement_ids(made)),
        ("the only entitlement, main", lambda made, _: {"main"} == entitlement_ids(made)),
        ("two draws on one", lambda _, d: d.redemption and 2 in Counter(drawn(d)).values()),
        ("two entitlements drawn on", lambda _, d: len(set(drawn(d))) > 1),
        ("two packages drawn on", lambda _, d: len({place[0] for place in drawn(d)}) > 1),
        ("deposit waived", lambda _, d: d.deposit_waived),
        ("card page bypassed", lambda _, d: d.card_capture_bypassed),
    ],
)
def test_all_kinds_of_things_occur(what: str, found: Callable[[Case, Decision], object]) -> None:
    """Each of these occurs in at least 5 of 3,000 cases."""
    assert sum(bool(found(asked, decision)) for asked, decision in tried()) >= 5, what


def draws_with_terms(made: Case) -> list[Draw]:
    """Return the draws of the booking to give up that keep terms of their own."""
    return [] if made.exchanged is None else [draw for draw in made.exchanged.draws if draw.terms]


def ended(made: Case) -> list[Ending]:
    """Return what ended lines of the earlier redemption."""
    draws = () if made.existing is None else made.existing.draws
    return [ending for draw in draws for ending in draw.endings]


def acts_on(made: Case) -> set[Act]:
    """Return the acts that ended lines of the earlier redemption."""
    return {ending.act for ending in ended(made)}


def entitlement_ids(made: Case) -> set[str]:
    """Return the ids of all entitlements."""
    return {held.id for package in made.packages for held in package.entitlements}


def test_what_was_booked_before_has_a_life() -> None:
    """Of the redemptions known, a third or more was moved, exchanged or ended in part; all open."""
    known = [made.existing for made, _ in tried() if made.existing is not None]
    lives = [
        bool(redemption.reschedules or redemption.replaces)
        or any(draw.endings for draw in redemption.draws)
        for redemption in known
    ]

    assert len(known) >= 0.15 * COUNT
    assert sum(lives) >= len(known) / 3
    assert all(redemption.is_open for redemption in known)
    assert any(ending.window for made, _ in tried() for ending in ended(made))


def drawn(decision: Decision) -> list[tuple[str, str]]:
    """Return the package and entitlement of each draw."""
    made = decision.redemption
    return [] if made is None else [(draw.package_id, draw.entitlement_id) for draw in made.draws]


def test_scarce_credits_are_common() -> None:
    """Often exactly enough is left, often one too few for lines that want the same credit."""
    exactly = sum(
        sum(
            0 if held.remaining is UNLIMITED else held.remaining
            for package in asked.packages
            for held in package.entitlements
        )
        == len(asked.booking.lines)
        for asked, decision in tried()
        if decision.eligible and asked.existing is None
    )
    too_few = sum(
        {rules.mixed_booking.code, rules.not_enough_credits.code} == codes(decision)
        for _, decision in tried()
    )

    assert exactly >= 100
    assert too_few >= 20

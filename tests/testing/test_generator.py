"""The seeded generator: the same cases anywhere, two of five eligible, every boundary hit."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from pkgredeem import (
    UNLIMITED,
    Act,
    Actor,
    CancellationTerms,
    Case,
    Decision,
    Draw,
    DrawState,
    Ending,
    InvalidValueError,
    PackageKind,
    PackageStatus,
    PickedFrom,
    Redemption,
    rules,
)
from pkgredeem.testing.cases._choices import SeededChoices, chance, pick
from pkgredeem.testing.cases._eligible import CLOCK_CHANGES
from pkgredeem.testing.cases._leaves import instants_of
from pkgredeem.testing.cases.generator import case, cases
from tests.helpers.generated import COUNT, TICK, at_all_three, codes, gap, tried

HALF_HOUR = timedelta(minutes=30)


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
    """Instants lie in 2026, within a year after it, or around 29 February 2024; days in 2026."""
    leap_day, year = datetime(2024, 2, 29, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    moments = [moment for asked, _ in tried() for moment in instants_of(without_uses(asked))]
    in_leap_year = [moment for moment in moments if moment.year == 2024]
    others = [moment for moment in moments if moment.year != 2024]
    days = {asked.account.activated_on for asked, _ in tried()} - {None}

    assert max(abs(moment - leap_day) for moment in in_leap_year) < timedelta(days=56)
    assert year < min(others) < max(others) < year + timedelta(days=430)
    assert {2026} == {day.year for day in days if day is not None}


@pytest.mark.parametrize("day", [(2024, 2, 29), (2026, 12, 31), (2027, 1, 1)])
def test_the_present_may_be_a_day_that_is_missing_in_other_years(
    day: tuple[int, int, int],
) -> None:
    """Bookings are made on 29 February and on both sides of the year's end, by local clocks."""
    present = [made.now.astimezone(made.account.time_zone or UTC).date() for made, _ in tried()]

    assert present.count(date(*day)) >= 3


def test_zones_are_six_and_none() -> None:
    """Accounts are north and south, where clocks change by half an hour or at midnight, or not."""
    zones = {asked.account.time_zone for asked, _ in tried()}

    assert [
        "Africa/Cairo",
        "America/New_York",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Europe/London",
        "None",
        "Pacific/Auckland",
    ] == sorted("None" if zone is None else zone.key for zone in zones)


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


@pytest.mark.parametrize("zone", CLOCK_CHANGES)
def test_both_sides_of_every_clock_change_are_hit(zone: str) -> None:
    """Appointments start at a clock change, just before it, and half an hour to either side."""
    starts = {
        made.booking.starts_at
        for made, _ in tried(3 * COUNT)
        if made.account.time_zone == ZoneInfo(zone)
    }
    for change in map(datetime.fromisoformat, CLOCK_CHANGES[zone]):
        assert {change, change - TICK, change - HALF_HOUR, change + HALF_HOUR} <= starts


def test_the_clock_changes_are_all_of_2026() -> None:
    """From one half-hour of the year to the next, the offset of each zone changes just there."""
    first = datetime(2026, 1, 1, tzinfo=UTC)
    halves = [first + place * HALF_HOUR for place in range(2 * 24 * 365)]
    for name, known in CLOCK_CHANGES.items():
        offsets = [half.astimezone(ZoneInfo(name)).utcoffset() for half in halves]
        changes = [
            half
            for half, old, new in zip(halves[1:], offsets, offsets[1:], strict=False)
            if old != new
        ]

        assert changes == sorted(map(datetime.fromisoformat, known)), name


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
        ("two acts on a line", lambda made, _: 2 in lives_of(made)),
        ("three acts on a line", lambda made, _: 3 in lives_of(made)),
        ("endings of several kinds", lambda made, _: len(end_states(made)) > 1),
        ("own terms of a draw, and others", lambda made, _: len(terms_of_draws(made)) > 1),
        ("moved twice", lambda made, _: made.existing and len(made.existing.reschedules) > 1),
        ("free until later, by a move", lambda made, _: is_extended(made)),
        ("more units than one", lambda made, _: made.existing and costs_more(made.existing)),
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


def lives_of(made: Case) -> set[int]:
    """Return how many acts have ended lines of the earlier redemption."""
    return set() if made.existing is None else {len(draw.endings) for draw in made.existing.draws}


def end_states(made: Case) -> set[DrawState]:
    """Return what has become of the lines of the earlier redemption that ended."""
    draws = () if made.existing is None else made.existing.draws
    return {draw.state for draw in draws if draw.endings}


def terms_of_draws(made: Case) -> set[CancellationTerms | None]:
    """Return the terms by which lines of the earlier redemption are judged."""
    known = made.existing
    return set() if known is None else {known.terms_of(draw.line) for draw in known.draws}


def is_extended(made: Case) -> bool:
    """Tell whether the business has moved the earlier redemption so that it is free for longer."""
    known = made.existing
    if known is None or known.terms is None or known.free_until is None:
        return False
    return known.free_until > known.starts_at - known.terms.window


def costs_more(known: Redemption) -> bool:
    """Tell whether a line took more than one unit."""
    return any(draw.credits > 1 for draw in known.draws)


def test_a_longer_free_time_ends_at_the_present_or_just_beside_it() -> None:
    """A free-until that a move by the business extended is met, missed and passed by a moment."""
    assert at_all_three(
        gap(made.existing.free_until, made.now)
        for made, _ in tried(3 * COUNT)
        if made.existing is not None and is_extended(made)
    )


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

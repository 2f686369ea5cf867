"""Variations of a case: what they change, what they keep, and where their words come from."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial

import pytest

from pkgredeem import Case, Client, PackageKind, RedemptionPolicy, Rule, Scope, rule
from pkgredeem.testing.cases._choices import SeededChoices
from pkgredeem.testing.cases._literals import Literals, literals_of
from pkgredeem.testing.cases._variations import around_automatic_starts, varied
from pkgredeem.testing.cases.generator import case as generated
from pkgredeem.testing.comparison._trials import trials
from tests.helpers import odd_rules
from tests.helpers.house_rules import HOUSE
from tests.helpers.support import SHIPPED, account, case

NOTHING = Literals(texts=(), numbers=(), days=(), instants=(), spans=())
NAMED = Literals(
    texts=("balayage",),
    numbers=(7,),
    days=(date(2031, 5, 6),),
    instants=(datetime(2029, 1, 1, tzinfo=UTC),),
    spans=(timedelta(days=14),),
)
BRANDS = {"balayage", "keratin"}
HOURS = {"opens": 9, "closes": (17, 18)}
OPENING = date(2031, 5, 6)
FORTNIGHT = timedelta(days=14)


@cache
def pairs(literals: Literals) -> list[tuple[Case, Case]]:
    """Return generated cases, each with its variation."""
    made = [generated(seed=2, index=index) for index in range(1_500)]
    return [(old, varied(SeededChoices(n), old, literals)) for n, old in enumerate(made)]


def days_tried(*days: date | None) -> list[date | None]:
    """Return the days of activation of the cases around these."""
    return [asked.account.activated_on for asked in around_automatic_starts(case(), days)]


def test_most_variations_change_something() -> None:
    """At least 9 of 10 cases are other ones afterwards."""
    assert 0.9 * 1_500 < sum(old != new for old, new in pairs(NOTHING))


def test_every_hour_of_the_week_is_met() -> None:
    """By the account's own calendar, appointments start at each of 168 hours."""
    met = {
        (at.isoweekday(), at.hour)
        for asked in trials(SHIPPED[:1], 6_000)
        if asked.account.time_zone is not None
        for at in [asked.local(asked.booking.starts_at)]
    }

    assert 24 * 7 == len(met)


@pytest.mark.parametrize(
    "is_there",
    [
        lambda asked: any(line.service.id == "balayage" for line in asked.booking.lines),
        lambda asked: any(line.service.name == "balayage" for line in asked.booking.lines),
        lambda asked: any("balayage" in e.services for p in asked.packages for e in p.entitlements),
        lambda asked: asked.client.id == "balayage1",
        lambda asked: any(package.client_id == "1balayage" for package in asked.packages),
        lambda asked: any(package.id == "balayage" for package in asked.packages),
        lambda asked: any(e.id == "balayage" for p in asked.packages for e in p.entitlements),
        lambda asked: asked.booking.id == "balayage",
        lambda asked: asked.note == "balayage",
        lambda asked: any(e.remaining == 7 for p in asked.packages for e in p.entitlements),
        lambda asked: any(package.priority == -7 for package in asked.packages),
        lambda asked: len(asked.booking.lines) == 8,
        lambda asked: asked.account.activated_on == date(2031, 5, 6),
        lambda asked: asked.booking.starts_at == datetime(2029, 1, 1, tzinfo=UTC),
        lambda asked: asked.booking.starts_at.date() == date(2031, 5, 6),
        lambda asked: asked.booking.starts_at - asked.now == timedelta(days=14),
        lambda asked: asked.booking.starts_at - asked.now == timedelta(hours=7),
    ],
)
def test_what_is_named_is_put_into_some_case(is_there: Callable[[Case], bool]) -> None:
    """A word, a number, a day, an instant and a span, wherever a rule could look for them."""
    named = sum(is_there(new) for _, new in pairs(NAMED))

    assert named > sum(is_there(old) for old, _ in pairs(NAMED))


def test_a_client_who_is_renamed_keeps_what_is_theirs() -> None:
    """Packages and an earlier redemption go with the client to the new id."""
    renamed = [
        (old, new)
        for old, new in pairs(NAMED)
        if new.client.id == "balayage" and old.client.id != new.client.id
    ]

    assert any(new.existing is not None for _, new in renamed)
    for old, new in renamed:
        assert [p.client_id == old.client.id for p in old.packages] == [
            p.client_id == new.client.id for p in new.packages
        ]
        if new.existing is not None:
            assert new.existing.client_id == "balayage"


def test_half_of_the_variations_of_eligible_cases_stay_eligible() -> None:
    """What is varied is not spoilt: an own rule is often the only reason."""
    policy = RedemptionPolicy()
    varied_ones = [new for old, new in pairs(NOTHING) if policy.decide_case(old).eligible]

    assert 0.5 < sum(policy.decide_case(new).eligible for new in varied_ones) / len(varied_ones)


def test_accounts_are_activated_around_both_dates_and_between_them() -> None:
    """A day before, the day itself, a day after, and every day between two near dates."""
    march, april = date(2026, 3, 31), date(2026, 4, 29)

    assert [march + timedelta(days=n) for n in range(-1, 31)] == days_tried(march, april)
    assert days_tried(march, april) == days_tried(april, march)


def test_between_far_dates_some_days_are_tried() -> None:
    """Not all of ten years, but their ends and a month's worth between them."""
    tried = days_tried(date(2026, 1, 1), date(2036, 1, 1))

    assert {date(2025, 12, 31), date(2026, 1, 2), date(2035, 12, 31)} <= {*tried}
    assert 30 <= len(tried) <= 40


def test_without_a_date_no_account_is_tried() -> None:
    """A rulebook without an automatic start has no day to be around."""
    assert [] == days_tried(None)
    assert days_tried(None, date(2026, 4, 29)) == days_tried(date(2026, 4, 29))


@pytest.mark.parametrize(
    ("day", "tried"),
    [
        (date.min, [date.min, date(1, 1, 2)]),
        (date.max, [date(9999, 12, 30), date.max]),
    ],
)
def test_the_calendar_has_ends(day: date, tried: list[date]) -> None:
    """No day before the first one is tried, and none after the last one."""
    assert tried == days_tried(day)


def test_those_accounts_never_chose_and_are_on_new_packages() -> None:
    """Nothing but the day of activation decides whether they are switched on."""
    chosen = case(account=account(online_redemption=False, package_kind=PackageKind.LEGACY))
    (first, *_) = around_automatic_starts(chosen, [date(2026, 4, 29)])

    assert account(online_redemption=None, activated_on=date(2026, 4, 28)) == first.account


def client_rule(condition: Callable[..., bool]) -> Rule:
    """Return a client rule with that condition."""
    return rule(Scope.CLIENT, clauses=[HOUSE], message="none", advice="none")(condition)


def test_the_literals_of_a_rule_are_read_from_its_code() -> None:
    """Constants and global names, those of inner functions and of modules too; no docstring."""

    def named(client: Client) -> bool:
        """Say words that are no literal."""
        inner = [word for word in BRANDS if client.id == f"{word}-vip" and len(word) > 11]
        return bool(inner) and {OPENING, FORTNIGHT, *HOURS} != {odd_rules.LONG_AGO, Scope.ACCOUNT}

    found = literals_of([client_rule(named)])

    assert {"balayage", "keratin", "-vip", "opens", "closes"} == {*found.texts}
    assert (11,) == found.numbers
    assert (OPENING,) == found.days
    assert (odd_rules.LONG_AGO,) == found.instants
    assert (FORTNIGHT,) == found.spans


def test_what_is_no_plain_value_is_no_literal() -> None:
    """True, an empty text, naive instants, numbers below 1, long texts and deep tables."""
    deep = ((((("deep",),),),),)

    def odd(client: Client) -> bool:
        return client.id in {"", "x" * 101, deep} or client.id is True  # type: ignore[comparison-overlap]

    assert NOTHING == literals_of([replace(client_rule(odd), condition=odd)])


def test_a_condition_without_code_names_nothing() -> None:
    """A callable object hides its literals."""
    condition = partial(lambda word, client: client.id == word, "balayage")

    assert NOTHING == literals_of([replace(odd_rules.breaks, condition=condition)])


def test_beyond_the_calendar_a_case_stays_as_it_was() -> None:
    """What would shift an instant past the last day is left out; all else is varied."""
    last = NAMED._replace(instants=(datetime.max.replace(tzinfo=UTC),), days=(date.max,))
    varied_ones = [new for _, new in pairs(last)]

    assert 1_500 == len(varied_ones)
    # starts of 2024, of 2026 and of the day after it, and 50 weeks after each of them, at most
    assert {2024, 2025, 2026, 2027} <= {new.booking.starts_at.year for new in varied_ones}
    assert max(new.booking.starts_at.year for new in varied_ones) < 2030

"""How often each code refuses: every one alone, by every rulebook that it is in force in."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from functools import cache

import pytest

from pkgredeem import Case, Package, RedemptionPolicy, Rulebook, Scope, rules
from pkgredeem.testing.cases.generator import cases
from tests.helpers.generated import codes, gap, tried
from tests.helpers.support import SHIPPED

SEED, COUNT = 1, 20_000
#: They never come alone: a package of another client with a finding about the client's own, or
#: that there is none; a mixed booking with what its other lines lack.
IN_COMPANY = {rules.package_of_another_client.code, rules.mixed_booking.code}
#: The acts' rules that judge a booking which is given up for another one (D71). They are in no
#: rulebook, and in force with each.
OF_EXCHANGES = (rules.acts.changes_closed, rules.acts.late_change)
BY_NAME = pytest.mark.parametrize("book", SHIPPED, ids=lambda book: book.name)


def refusing(book: Rulebook) -> list[str]:
    """Return every code that can refuse a booking under that rulebook."""
    return [r.code for r in (*book.rules, *OF_EXCHANGES) if r.scope is not Scope.NOTE]


@cache
def made() -> tuple[Case, ...]:
    """Return the cases, which every rulebook is asked about."""
    return tuple(cases(SEED, COUNT))


@cache
def reasons(book: Rulebook) -> Counter[frozenset[str]]:
    """Return how many cases have just these codes for reasons; none are the eligible ones."""
    policy = RedemptionPolicy(book)
    return Counter(frozenset(codes(policy.decide_case(asked))) for asked in made())


def shares(book: Rulebook) -> dict[str, float]:
    """Return of how many cases in a hundred each code is the only reason, or with one companion."""
    found: Counter[str] = Counter()
    for together, count in reasons(book).items():
        for code in together:
            if len(together) == 1 + (code in IN_COMPANY):
                found[code] += count
    return {code: 100 * found[code] / COUNT for code in refusing(book)}


def table(book: Rulebook) -> str:
    """Return the shares as lines to read, the rarest first."""
    lines = sorted((share, code) for code, share in shares(book).items())
    return "\n".join([book.name, *(f"{share:6.2f} %  {code}" for share, code in lines)])


@BY_NAME
def test_every_code_is_often_the_only_reason(book: Rulebook) -> None:
    """Of at least one case in a hundred, under every rulebook that it is in force in."""
    assert [] == [code for code, share in shares(book).items() if share < 1], table(book)


@BY_NAME
def test_nothing_else_refuses(book: Rulebook) -> None:
    """No case has a reason that the rulebook doesn't hold and no exchange is refused for."""
    assert set(refusing(book)) == {code for together in reasons(book) for code in together}


@BY_NAME
def test_what_comes_in_company_never_comes_alone(book: Rulebook) -> None:
    """Neither code is ever the only reason, so that its companion is all that can be asked for."""
    assert [] == [code for code in IN_COMPANY if frozenset((code,)) in reasons(book)]


@pytest.mark.parametrize(
    ("code", "moments", "first"),
    [
        ("package_over", lambda asked, held: (asked.now, held.valid_until), 0),
        (
            "package_over_by_then",
            lambda asked, held: (asked.booking.starts_at, held.valid_until),
            0,
        ),
        (
            "package_not_started",
            lambda asked, held: (held.valid_from, asked.booking.starts_at),
            1,
        ),
        ("package_not_sold_yet", lambda asked, held: (held.sold_at, asked.now), 1),
        ("appointment_started", lambda asked, _: (asked.now, asked.booking.starts_at), 0),
    ],
)
def test_the_first_instant_that_refuses_is_the_only_reason(
    code: str, moments: Callable[[Case, Package], tuple[datetime, datetime]], first: int
) -> None:
    """A case lies at the first instant that refuses, for nothing else, and none lies before it."""
    found = {
        gap(*moments(asked, asked.packages[0]))
        for asked, decision in tried()
        if codes(decision) == {code} and asked.packages
    }

    assert found >= {first}
    assert not found & {-1, 0} - {first}


@pytest.mark.parametrize(
    ("book", "least", "most"),
    [
        (rules.TIMELY_2026_03, 38, 42),
        (rules.TIMELY_2026_04, 34, 39),
        (rules.IN_STORE, 54, 59),
        (rules.ONLINE, 36, 41),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_two_of_five_are_eligible(book: Rulebook, least: int, most: int) -> None:
    """By the default rulebook; a few less where fewer accounts are switched on, more in store."""
    eligible = 100 * reasons(book)[frozenset()] / COUNT

    assert least < eligible < most, table(book)

"""What the tests of `compare` share: policies, two comparisons, and the place of a difference."""

from dataclasses import replace
from datetime import date
from functools import cache

from pkgredeem import RedemptionPolicy, Rule, rules
from pkgredeem.testing import Comparison, compare
from pkgredeem.testing.comparison._comparison import Witness

MARCH, APRIL, DESK = map(
    RedemptionPolicy, (rules.TIMELY_2026_03, rules.TIMELY_2026_04, rules.IN_STORE)
)
BOOK = rules.TIMELY_2026_03
#: Cases enough for what many of them show, and for what one in a hundred does.
FEW, SOME = 400, 1_000


def with_rules(*added: Rule) -> RedemptionPolicy:
    """Return the policy of March with these rules added."""
    return RedemptionPolicy(BOOK.including(*added))


def starting_after(day: date | None) -> RedemptionPolicy:
    """Return the policy of March with another date of the automatic start."""
    return RedemptionPolicy(replace(BOOK, starts_enabled_after=day))


@cache
def editions() -> Comparison:
    """Compare the two texts of the article."""
    return compare(MARCH, APRIL)


@cache
def at_the_desk() -> Comparison:
    """Compare online and in store."""
    return compare(MARCH, DESK, examples=SOME)


def only_place(comparison: Comparison) -> tuple[str, Witness | None]:
    """Return the one place in which the texts differ, and its witness."""
    (place,) = comparison.differences
    return place.what, place.witness


def only_witness(comparison: Comparison) -> Witness:
    """Return the witness of the one place in which the texts differ."""
    _, witness = only_place(comparison)
    assert witness is not None
    return witness

"""Validity of packages: at the first instant, at the end, now and at the start (D06, D32)."""

from datetime import datetime

import pytest

from pkgredeem import Rulebook, rules
from tests.helpers.support import DAY, INSTANT, NOW, START, case, codes, decide, package

MARCH, APRIL = rules.TIMELY_2026_03, rules.TIMELY_2026_04
EVER = (NOW - 40_000 * DAY, NOW + 40_000 * DAY)


VALIDITY = [
    (None, None, []),
    (*EVER, []),
    (START - INSTANT, None, []),
    (START, None, []),
    (START + INSTANT, None, ["package_not_started"]),
    (None, START + INSTANT, []),
    (None, START, ["package_over_by_then"]),
    (None, START - INSTANT, ["package_over_by_then"]),
    (None, NOW + INSTANT, ["package_over_by_then"]),
    (None, NOW, ["package_over"]),
    (None, NOW - INSTANT, ["package_over"]),
    (START, START + INSTANT, []),
]


def test_a_package_over_at_the_start_is_not_usable() -> None:
    """A package that ends with the start is over, by then and, for a walk-in, already."""
    ends_with_the_start = [package(valid_until=START)]
    before, walk_in = (decide(case(packages=ends_with_the_start, now=now)) for now in (NOW, START))

    assert ["package_over_by_then"] == codes(before)
    assert ["package_over", "appointment_started"] == codes(walk_in)


@pytest.mark.parametrize(("valid_from", "valid_until", "expected"), VALIDITY)
@pytest.mark.parametrize("book", [MARCH, rules.IN_STORE], ids=lambda book: book.name)
def test_the_start_falls_in_the_validity(
    book: Rulebook, valid_from: datetime | None, valid_until: datetime | None, expected: list[str]
) -> None:
    """The first instant is inside, the last is not; over now and over by then differ (D06)."""
    held = package(valid_from=valid_from, valid_until=valid_until)

    assert expected == codes(decide(case(packages=[held]), book))


@pytest.mark.parametrize(
    ("sold_at", "expected"),
    [
        (None, []),
        (NOW - INSTANT, []),
        (NOW, []),
        (NOW + INSTANT, ["package_not_sold_yet"]),
    ],
)
@pytest.mark.parametrize("book", [MARCH, rules.IN_STORE], ids=lambda book: book.name)
def test_a_package_is_sold_before_it_is_used(
    book: Rulebook, sold_at: datetime | None, expected: list[str]
) -> None:
    """Sold at this very moment is sold, a microsecond later is not; unknown is (D32)."""
    assert expected == codes(decide(case(packages=[package(sold_at=sold_at)]), book))

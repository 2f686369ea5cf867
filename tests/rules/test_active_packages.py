"""Only one active package: what counts as active, and whose it is (T10, T12, D05)."""

import pytest

from pkgredeem import DrawState, Package, PackageKind, PackageStatus, Term, rules
from tests.helpers.support import (
    ANA,
    BETH,
    DAY,
    INSTANT,
    LONDON,
    NO_LIMITS,
    NOW,
    START,
    account,
    case,
    codes,
    credit,
    decide,
    draws,
    notes,
    package,
    use,
)

MARCH, APRIL = rules.TIMELY_2026_03, rules.TIMELY_2026_04


@pytest.mark.parametrize(
    ("second", "active"),
    [
        (package("p2"), True),
        (package("p2", credit("pedicure")), True),
        (package("p2", kind=PackageKind.LEGACY), False),
        (package("p2", status=PackageStatus.ARCHIVED), False),
        (package("p2", client_id="beth"), False),
        (package("p2", credit("facial", left=0)), False),
        (package("p2", credit("facial", left=0), credit("massage", left=1)), True),
        (package("p2", sold_at=NOW), True),
        (package("p2", sold_at=NOW + INSTANT), False),
        (package("p2", valid_from=NOW), True),
        (package("p2", valid_from=NOW + INSTANT), False),
        (package("p2", valid_until=NOW), False),
        (package("p2", valid_until=NOW + INSTANT), True),
        (package("p2", valid_until=START), True),
    ],
)
def test_what_counts_as_active_at_the_moment_of_booking(second: Package, active: bool) -> None:
    """A second package counts or not by its own facts, asked of now and not of then (D05)."""
    decision = decide(case(packages=[package("p1"), second]))

    assert (["several_active_packages"] if active else []) == codes(decision)


def test_active_is_not_computed_from_the_rules_in_force() -> None:
    """With the rule against archived packages lifted, such a one still does not count (D05)."""
    two = [package("p1"), package("p2", status=PackageStatus.ARCHIVED)]

    assert [] == codes(decide(case(packages=two), MARCH.without(rules.package_archived)))


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_one_active_package_is_the_limit(count: int) -> None:
    """None is no package, one is fine, two are too many, whoever else's there are (T10)."""
    mine = [package(f"p{number}") for number in range(count)]
    hers = [package("h1", client_id="beth"), package("h2", client_id="beth")]
    decision = decide(case(packages=mine + hers))

    expected = {
        0: ["package_of_another_client", "package_of_another_client", "no_package"],
        1: [],
        2: ["several_active_packages"],
        3: ["several_active_packages"],
    }[count]
    assert expected == codes(decision)
    assert ([] if count == 0 else ["package_of_another_client"] * 2) == notes(decision)


def test_two_clients_see_their_own_packages() -> None:
    """The same packages, asked for by each: each draws on her own (T12, D04)."""
    both = [package("p1"), package("h1", client_id="beth")]

    assert [[(0, "p1", "facial")], [(0, "h1", "facial")]] == [
        draws(decide(case(packages=both, client=who), NO_LIMITS)) for who in (ANA, BETH)
    ]


def test_a_package_whose_term_is_over_is_not_active_beside_one_that_has_not_begun() -> None:
    """Both last 14 days from their first use, which was 20 days ago for one of them (D05, D53)."""
    used = use(NOW - 20 * DAY, state=DrawState.REDEEMED)
    over = package("p2", lasts=Term(days=14), uses=[used])
    asked = case(account=account(time_zone=LONDON), packages=[package(lasts=Term(days=14)), over])

    assert [] == codes(decide(asked))

"""What each limit of a store contract keeps a store from holding, and what just fits."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pkgredeem import (
    UNLIMITED,
    Change,
    Entitlement,
    Hours,
    Package,
    PackageKind,
    PackageStatus,
    Period,
    Quota,
    Restrictions,
)
from pkgredeem.testing import Limit
from pkgredeem.testing.contract._expectations import (
    DAY,
    MIDNIGHT,
    NOW,
    TWO,
    booking,
    credit,
    facials,
    proposed,
)
from pkgredeem.testing.contract._limits import NotTried, check_change, check_package

_NOON = MIDNIGHT + timedelta(hours=12)


def holding(*entitlements: Entitlement) -> Package:
    """Return a package of these entitlements."""
    return replace(facials(), entitlements=entitlements)


BOTH = holding(credit("facial", "massage", remaining=1))
OTHER = holding(credit("facial", remaining=1, id="other"))
SECOND = holding(credit("facial", remaining=1), credit("massage", remaining=1, id="more"))

#: Of each limit what can't be held, and beside it what can.
PACKAGES: list[tuple[Limit, list[Package], list[Package]]] = [
    (Limit.ONE_ENTITLEMENT, [OTHER, SECOND], [facials(), BOTH]),
    (Limit.ONE_SERVICE, [OTHER, SECOND, BOTH], [facials()]),
    (Limit.NO_LEGACY, [replace(facials(), kind=PackageKind.LEGACY)], [facials()]),
    (
        Limit.NO_ARCHIVED,
        [replace(facials(), status=PackageStatus.ARCHIVED)],
        [facials(), replace(facials(), status=PackageStatus.VOID)],
    ),
    (Limit.NO_SHARING, [replace(facials(), shared_with=("ben",))], [facials()]),
    (Limit.NO_PRIORITY, [replace(facials(), priority=n) for n in (1, -1)], [facials()]),
    (
        Limit.NO_SALE_DATE,
        [replace(facials(), sold_at=NOW)],
        [facials(), replace(facials(), valid_from=NOW)],
    ),
    (
        Limit.NO_START,
        [replace(facials(), valid_from=NOW)],
        [facials(), replace(facials(), valid_until=NOW)],
    ),
    (
        Limit.NO_END,
        [replace(facials(), valid_until=NOW)],
        [facials(), replace(facials(), valid_from=NOW)],
    ),
    (
        Limit.WHOLE_DAYS,
        [
            replace(facials(), valid_from=_NOON),
            replace(facials(), valid_until=_NOON),
            replace(facials(), valid_until=MIDNIGHT + timedelta(microseconds=1)),
        ],
        [facials(), replace(facials(), valid_from=MIDNIGHT, valid_until=MIDNIGHT + DAY)],
    ),
    (Limit.NO_NAMES, [replace(facials(), name="ten")], [facials()]),
    (
        Limit.NO_PLANS,
        [
            replace(facials(), status=PackageStatus.SUSPENDED),
            replace(facials(), status=PackageStatus.VOID),
            replace(facials(), quotas=(Quota(1, Period.EVER),)),
            replace(
                facials(), restrictions=Restrictions(hours=[Hours(days=[1], opens=NOW.time())])
            ),
            holding(replace(credit("facial", remaining=1), remaining=UNLIMITED)),
            holding(credit("facial", remaining=1), replace(BOTH.entitlements[0], id="b", unit="m")),
        ],
        [
            facials(),
            replace(facials(), status=PackageStatus.ARCHIVED),
            replace(facials(), shared_with=("ben",)),
        ],
    ),
    (
        Limit.PLAIN_TEXTS,
        [facials("x" * 256), facials("x\0"), holding(credit("x" * 256, remaining=1))],
        [facials("x" * 255)],
    ),
]


def told(
    check: Callable[[frozenset[Limit], Any], None], value: object, *limits: Limit
) -> list[str]:
    """Return what is said against a package or a change; nothing where it can be held."""
    try:
        check(frozenset(limits), value)
    except NotTried as limit:  # which would skip the test
        return [str(limit)]
    return []


@pytest.mark.parametrize(("limit", "wrong", "right"), PACKAGES, ids=lambda part: str(part)[:20])
def test_a_limit_keeps_a_store_from_holding_just_that(
    limit: Limit, wrong: list[Package], right: list[Package]
) -> None:
    """Each package that the limit speaks of is not tried, and what is beside it is."""
    assert [[f"not tried: {limit.told}"]] * len(wrong) == [
        told(check_package, package, limit) for package in wrong
    ]
    assert [[]] * len(right) == [told(check_package, package, limit) for package in right]
    assert [[]] * len(wrong) == [told(check_package, package) for package in wrong]


ONE = proposed([facials()], booking("b1"))
OF_OTHER = proposed([OTHER], booking("b1"))
EXCHANGED = replace(ONE, after=replace(ONE.after, replaces="b0"))
LONG = proposed([facials()], booking("b" * 256))
LINES = proposed([facials()], booking("b1", *TWO))
#: A line that no package pays for is a line as well.
UNPAID = replace(LINES, after=replace(LINES.after, draws=LINES.after.draws[:1]))


@pytest.mark.parametrize(
    ("limit", "wrong", "right"),
    [
        (Limit.ONE_ENTITLEMENT, OF_OTHER, LINES),
        (Limit.ONE_SERVICE, OF_OTHER, LINES),
        (Limit.ONE_LINE, LINES, OF_OTHER),
        (Limit.ONE_LINE, UNPAID, ONE),
        (Limit.NO_EXCHANGE, EXCHANGED, ONE),
        (Limit.PLAIN_TEXTS, LONG, LINES),
    ],
)
def test_a_limit_keeps_a_store_from_holding_just_that_change(
    limit: Limit, wrong: Change, right: Change
) -> None:
    """Each change that the limit speaks of is not tried, and another one is."""
    assert [f"not tried: {limit.told}"] == told(check_change, wrong, limit)
    assert [] == told(check_change, right, limit)
    assert [] == told(check_change, wrong)


def test_limits_of_which_several_stand_against_a_thing_are_told_in_their_order() -> None:
    """The first by its word is the reason."""
    named = replace(facials(), name="ten", kind=PackageKind.LEGACY)

    assert ["not tried: no_legacy: no legacy packages (T04)"] == told(
        check_package, named, Limit.NO_NAMES, Limit.NO_LEGACY
    )

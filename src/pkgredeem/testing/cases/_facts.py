"""How a fact is given to a case: to its packages, to their entitlements, or to what these ask.

A fact is something that packages ask beyond the article. Where it is met, the booking just fulfils
it; where it is missed, it just fails to. Which findings a case then has is for the rules to say.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

import pkgredeem as p
from pkgredeem.testing.cases import _eligible as plain
from pkgredeem.testing.cases._choices import Choices, chance, pick
from pkgredeem.testing.cases._leaves import in_zone

_Moment = TypeVar("_Moment", datetime, timedelta)


class Fact(Protocol):
    """Gives a case something that its packages ask."""

    def __call__(self, choices: Choices, case: p.Case, *, met: bool) -> p.Case:
        """Return the case with the fact, met or missed."""
        ...


class Fields(Protocol):
    """Returns fields of a package, of its entitlements or of their restrictions."""

    def __call__(self, choices: Choices, case: p.Case, *, met: bool) -> Mapping[str, Any]:
        """Return them by name, for a fact that is met or missed."""
        ...


def with_some_zone(choices: Choices, case: p.Case) -> p.Case:
    """Return the case with a zone for its account, if it has none."""
    if case.account.time_zone is not None:
        return case
    return in_zone(case, ZoneInfo(pick(choices, tuple(plain.CLOCK_CHANGES))))


def with_own_packages(
    case: p.Case, change: Callable[[p.Package], p.Package], *, only_first: bool = False
) -> p.Case:
    """Return the case with every package of the client changed, or only the one that pays for all.

    The others may be there because they neither pay nor count.
    """
    return replace(
        case,
        packages=tuple(
            change(package)
            if plain.is_own(package) and (package.id == plain.FIRST or not only_first)
            else package
            for package in case.packages
        ),
    )


def packages(fields: Fields) -> Fact:
    """Return the fact that packages have these fields."""

    def give(choices: Choices, case: p.Case, *, met: bool) -> p.Case:
        given = fields(choices, case, met=met)
        return with_own_packages(case, lambda package: replace(package, **given), only_first=met)

    return give


def entitlements(fields: Fields) -> Fact:
    """Return the fact that the entitlements of packages have these fields."""

    def give(choices: Choices, case: p.Case, *, met: bool) -> p.Case:
        given = fields(choices, case, met=met)

        def change(package: p.Package) -> p.Package:
            return with_each(package, lambda entitlement: replace(entitlement, **given))

        return with_own_packages(case, change, only_first=met)

    return give


def restrictions(fields: Fields, *, need_zone: bool = False) -> Fact:
    """Return the fact that packages, or their entitlements, have these restrictions as well."""

    def give(choices: Choices, case: p.Case, *, met: bool) -> p.Case:
        if need_zone:
            case = with_some_zone(choices, case)
        given = fields(choices, case, met=met)
        on_package = chance(choices, 50)

        def asked(before: p.Restrictions | None) -> p.Restrictions:
            return replace(before or p.Restrictions(), **given)

        def change(package: p.Package) -> p.Package:
            if on_package:
                return replace(package, restrictions=asked(package.restrictions))
            return with_each(package, lambda e: replace(e, restrictions=asked(e.restrictions)))

        return with_own_packages(case, change, only_first=met)

    return give


def with_each(package: p.Package, change: Callable[[p.Entitlement], p.Entitlement]) -> p.Package:
    """Return the package with each of its entitlements changed."""
    return replace(package, entitlements=tuple(map(change, package.entitlements)))


def near(
    field: str,
    bound: Callable[[p.Case], _Moment],
    met_at: tuple[timedelta, ...],
    missed_at: tuple[timedelta, ...],
    **others: object,
) -> Fields:
    """Return the field at one of these steps from a bound of the case."""

    def fields(choices: Choices, case: p.Case, *, met: bool) -> Mapping[str, Any]:
        found = bound(case) + pick(choices, met_at if met else missed_at)
        if isinstance(found, timedelta):
            found = max(found, timedelta(0))
        return {field: found, **others}

    return fields


def constant(**fields: object) -> Fields:
    """Return these fields, whether it is met or missed."""

    def given(*_: object, **__: object) -> Mapping[str, Any]:
        return fields

    return given

"""Which package, and which credit, is drawn on first; and the versions of what is drawn on."""

from collections.abc import Iterable
from datetime import UTC, datetime

from pkgredeem._model.draws import Draw
from pkgredeem._model.entitlement import Entitlement
from pkgredeem._model.packages import Package
from pkgredeem._model.words import UNLIMITED

_NEVER = datetime.max.replace(tzinfo=UTC)


def package_rank(package: Package) -> tuple[int, datetime, datetime, str]:
    """Return the sort key of packages (D20, D22): the first in order is drawn on first."""
    return (
        -package.priority,
        package.end or _NEVER,
        package.sold_at or _NEVER,
        package.id,
    )


def credit_rank(
    credit: tuple[Package, Entitlement],
) -> tuple[int, bool, datetime, int, datetime, str, str]:
    """Return the sort key of credits (D20, D42, D50): the first in order is drawn first."""
    package, entitlement = credit
    end = package.end or _NEVER
    if entitlement.valid_until is not None:
        end = min(end, entitlement.valid_until)
    return (
        -package.priority,
        entitlement.remaining is not UNLIMITED,
        end,
        len(entitlement.services),
        package.sold_at or _NEVER,
        package.id,
        entitlement.id,
    )


def versions_of(packages: Iterable[Package], draws: Iterable[Draw]) -> tuple[tuple[str, int], ...]:
    """Return the version of each of the packages that is drawn on, where it has one (D57)."""
    versions = [(one.id, one.version) for one in packages if one.version is not None]
    drawn_on = {draw.package_id for draw in draws}
    return tuple(sorted(version for version in versions if version[0] in drawn_on))

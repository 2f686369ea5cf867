"""What is told of a credit that returned: whether it can be used again (D13).

It is asked of the policy that settles, by the package and credit rules that say `on_return`.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from pkgredeem._engine.findings import act_findings
from pkgredeem._model.account import AccountSettings
from pkgredeem._model.booking import Client
from pkgredeem._model.case import Case
from pkgredeem._model.draws import Draw
from pkgredeem._model.finding import Finding
from pkgredeem._model.iso8601 import zone_of
from pkgredeem._model.packages import Package
from pkgredeem._model.ranks import package_rank
from pkgredeem._model.redemption import Redemption
from pkgredeem._model.request import Request
from pkgredeem._model.unchecked import unchecked_replace
from pkgredeem._model.words import DrawState, Scope
from pkgredeem.rules import acts
from pkgredeem.rules._rulebook import Rulebook

_with_uses = unchecked_replace(Package, "uses")


def return_findings(
    rulebook: Rulebook,
    redemption: Redemption,
    request: Request,
    draws: Iterable[Draw],
    packages: tuple[Package, ...],
) -> tuple[tuple[Finding, ...], bool | None]:
    """Return what is told of each package that a credit returned to, and whether all can be used.

    Args:
        rulebook: the rules in force.
        redemption: the redemption after the act.
        request: the act.
        draws: the draws that it concerned, as they stand now.
        packages: the packages that were handed in.

    Returns:
        The findings, in the order of the packages' ranks; and False where something that returned
        can't be used again, None where nothing returned, or where nothing is known of a package
        that was not handed in (D13).
    """
    returned = [draw for draw in draws if draw.state is DrawState.RETURNED]
    found: tuple[Finding, ...] = ()
    usable_in: dict[str, bool] = {}
    zone = zone_of(redemption.time_zone_key)
    today = [_with_uses_of(redemption, package, zone).with_end_in(zone) for package in packages]
    for package in sorted(today, key=package_rank):
        here = [draw for draw in returned if draw.package_id == package.id]
        if here:
            usable = all(
                _is_usable(rulebook, redemption, draw, package, request.now) for draw in here
            )
            usable_in[package.id] = usable
            about_package = replace(request, usable=usable)
            found += act_findings(acts.NOTES_OF_RETURNS, redemption, about_package, package)
    if not all(usable_in.values()):
        return found, False
    known = bool(returned) and all(draw.package_id in usable_in for draw in returned)
    return found, True if known else None


def _with_uses_of(redemption: Redemption, package: Package, zone: ZoneInfo | None) -> Package:
    """Return the package with the uses of the redemption as they are now, where uses count.

    Without a zone it has none: on which day a term of first use ends is not known (D13, D76).
    """
    if "lasts" not in package.beyond and "uses" not in package.beyond:
        return package
    others = [use for use in package.uses if use.booking_id != redemption.booking.id]
    uses = () if zone is None else (*others, *redemption.uses_of(package.id))
    return package if uses == package.uses else _with_uses(package, uses)


def _is_usable(
    rulebook: Rulebook, redemption: Redemption, draw: Draw, package: Package, now: datetime
) -> bool:
    """Tell whether a booking of that line would be refused by no rule that says `on_return`.

    It is asked of a start at the latest of the act and the beginnings of validity of package and
    entitlement; a rule that asks for local time is told UTC where no zone is known, since nothing
    stops a return.
    """
    entitlement = package.entitlement(draw.entitlement_id)
    if entitlement is None:
        return False
    line = redemption.booking.lines[draw.line]
    begins = (now, package.valid_from, entitlement.valid_from)
    starts_at = max(moment for moment in begins if moment is not None)
    if package.lasts is not None:  # only a start after its last day is outside (D13)
        earlier = tuple(use for use in package.uses if use.starts_at <= starts_at)
        package = replace(package, uses=earlier)
    case = Case(
        account=AccountSettings(time_zone=zone_of(redemption.time_zone_key) or zone_of("UTC")),
        client=Client(id=redemption.client_id),
        packages=(package,),
        booking=replace(redemption.booking, lines=(line,), starts_at=starts_at),
        now=now,
    )
    return not any(
        rule.on_return and rule.finds(rule.condition(case, package))
        for rule in rulebook.of_scope(Scope.PACKAGE)
    ) and not any(
        rule.on_return and rule.finds(rule.condition(case, package, entitlement, line))
        for rule in rulebook.of_scope(Scope.CREDIT)
    )

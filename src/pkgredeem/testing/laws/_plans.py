"""The laws of what packages ask: what asks for nothing changes nothing, and more never refuses."""

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from datetime import time
from typing import Any, Final, TypeVar

import pkgredeem as p
from pkgredeem.testing.laws._differences import difference
from pkgredeem.testing.laws._law import answered, decided, is_shipped, law

_Item = TypeVar("_Item", p.Package, p.Entitlement)

#: Of a package these are the article's: a rule that says it reads them means the entitlement's.
_OF_ENTITLEMENTS: Final = frozenset(("valid_from", "valid_until"))
_LAST_HOUR: Final = 23
#: More uses than any case has.
_AMPLE: Final = 1_000_000


def _says_what_it_reads(policy: p.RedemptionPolicy) -> bool:
    return any(rule.reads for rule in policy.rulebook.rules)


@law("a rule is silent without what it reads", _says_what_it_reads)
def silent(policy: p.RedemptionPolicy, case: p.Case) -> str | None:
    """A rule finds nothing where every field that it says it reads has its default (D40)."""
    case = case.with_existing_returned()
    for rule in policy.rulebook.rules:
        without = without_fields(case, rule.reads) if rule.reads else None
        for looked_at in () if without is None else _questions(rule, without):
            answer = answered(policy, case, lambda: rule(*looked_at))  # noqa: B023  (asked at once)
            if answer is not False:
                return f"{rule.code} finds something without {', '.join(rule.reads)}"
    return None


def without_fields(case: p.Case, names: tuple[str, ...]) -> p.Case:
    """Return the case with the defaults of these fields, of packages and entitlements."""
    packages = tuple(
        replace(
            _plain(package, set(names) - _OF_ENTITLEMENTS),
            entitlements=tuple(_plain(inner, names) for inner in package.entitlements),
        )
        for package in case.packages
    )
    return replace(case, packages=packages, only=None if "only" in names else case.only)


def _plain(item: _Item, names: Iterable[str]) -> _Item:
    defaults: dict[str, Any] = {
        field.name: field.default for field in fields(item) if field.name in names
    }
    return replace(item, **defaults)


def _questions(rule: p.Rule, case: p.Case) -> Iterator[tuple[object, ...]]:
    """Yield what a package rule, or a credit rule, is asked about."""
    for package in case.packages:
        if rule.scope is p.Scope.PACKAGE:
            yield case, package
        else:
            for entitlement in package.entitlements:
                yield from ((case, package, entitlement, line) for line in case.booking.lines)


@law("what asks for nothing changes nothing")
def asks_for_nothing(policy: p.RedemptionPolicy, case: p.Case) -> str | None:
    """Empty restrictions, hours of the whole week and quotas that can't bind change nothing."""
    has_zone = case.account.time_zone is not None
    always = (p.Hours(days=range(1, 8), opens=time()),) if has_zone else ()
    ample = p.Quota(_AMPLE, p.Period.WEEK if has_zone else p.Period.UPCOMING)

    def asking(item: _Item) -> _Item:
        asked = item.restrictions or p.Restrictions()
        return replace(
            item,
            restrictions=replace(asked, hours=asked.hours or always),
            quotas=(*item.quotas, ample),
        )

    packages = tuple(
        asking(replace(package, entitlements=tuple(map(asking, package.entitlements))))
        for package in case.packages
    )
    found = difference(decided(policy, case), decided(policy, replace(case, packages=packages)))
    return None if found is None else f"with restrictions that ask for nothing: {found}"


@law("who shares a package uses it as its owner")
def shared(policy: p.RedemptionPolicy, case: p.Case) -> str | None:
    """Who is named in `shared_with` of every package gets the decision of their owner (D59)."""
    client_id = case.client.id
    if client_id is None:
        return None

    def held(**of: Any) -> p.Case:  # noqa: ANN401  (fields of a package)
        return replace(
            case,
            packages=tuple(
                replace(package, **of) if package.is_held_by(case.client) else package
                for package in case.packages
            ),
        )

    as_owner = decided(policy, held(client_id=client_id, shared_with=()))
    by_share = decided(policy, held(client_id=f"not {client_id}", shared_with=[client_id]))
    found = difference(as_owner, by_share)
    return None if found is None else f"with the packages shared: {found}"


@law("one more never refuses", is_shipped)
def one_more(policy: p.RedemptionPolicy, case: p.Case) -> str | None:
    """Under the shipped rulebooks, more credits, hours, traits or places never refuse.

    One of each: a credit in a package that has one, an hour, an allowed trait, a place in a quota.
    That the client then holds several active packages is left aside (T10). One unit more of what
    the services cost never allows what was refused (D41).
    """
    if not decided(policy, case).eligible:
        dearer = decided(policy, _dearer(case))
        return "eligible with one unit more of each cost" if dearer.eligible else None
    for package in case.packages:
        for what, larger in _with_more(package):
            packages = tuple(larger if other is package else other for other in case.packages)
            reasons = decided(policy, replace(case, packages=packages)).reasons
            refused = [reason.code for reason in reasons if reason.scope is not p.Scope.HOLDINGS]
            if refused:
                return f"with one {what} more in {package.id}: {refused}"
    return None


def _with_more(package: p.Package) -> Iterator[tuple[str, p.Package]]:
    """Yield the package with more of something, and what that is."""
    first, *others = package.entitlements
    if package.has_credit and first.remaining is not p.UNLIMITED:
        more = replace(first, remaining=first.remaining + 1)
        yield "credit", replace(package, entitlements=(more, *others))
    if package.quotas:
        yield "place", replace(package, quotas=tuple(map(_one_place_more, package.quotas)))
    if first.quotas:
        roomier = replace(first, quotas=tuple(map(_one_place_more, first.quotas)))
        yield "place", replace(package, entitlements=(roomier, *others))
    for what, restrictions in _wider(package.restrictions):
        yield what, replace(package, restrictions=restrictions)
    for what, restrictions in _wider(first.restrictions):
        wider = replace(first, restrictions=restrictions)
        yield what, replace(package, entitlements=(wider, *others))


def _one_place_more(quota: p.Quota) -> p.Quota:
    return replace(quota, most=quota.most + 1)


def _dearer(case: p.Case) -> p.Case:
    """Return the case with one unit more of every cost that is known, of a credit too."""

    def dearer(line: p.BookingLine) -> p.BookingLine:
        known = {"credit": 1, **dict(line.service.costs)}
        costs = tuple((unit, number + 1) for unit, number in known.items())
        return replace(line, service=replace(line.service, costs=costs))

    booking = case.booking
    return replace(case, booking=replace(booking, lines=tuple(map(dearer, booking.lines))))


def _wider(asked: p.Restrictions | None) -> Iterator[tuple[str, p.Restrictions]]:
    if asked is not None and asked.hours:
        yield "hour", replace(asked, hours=tuple(map(_one_hour_more, asked.hours)))
    if asked is not None and asked.traits:
        traits = tuple((name, (*allowed, "one more")) for name, allowed in asked.traits)
        yield "allowed trait", replace(asked, traits=traits)


def _one_hour_more(hours: p.Hours) -> p.Hours:
    """Return the hours with one more at each end, within the day."""
    opens, closes = hours.opens, hours.closes
    opens = opens.replace(hour=max(opens.hour - 1, 0))
    if closes is not None:
        closes = None if closes.hour == _LAST_HOUR else closes.replace(hour=closes.hour + 1)
    return replace(hours, opens=opens, closes=closes)

"""How a case to refuse is made: a function for each fact that refuses, boundaries on the bad side.

Each takes a case and returns one in which its fact exists. Which findings a case then has is for
the rules to say; nothing here knows them.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeAlias

from pkgredeem import (
    BookingLine,
    Case,
    Client,
    ClientLogin,
    Entitlement,
    Package,
    PackageKind,
    PackageStatus,
    Service,
)
from pkgredeem.testing.cases._choices import Choices, chance, pick
from pkgredeem.testing.cases._eligible import (
    CLIENT,
    DAY,
    DAYS_OFF,
    HOUR,
    OTHER_SERVICE,
    PACKAGE_SERVICES,
    STRANGER,
    TICK,
    UNCOVERED_SERVICE,
    some_line,
)
from pkgredeem.testing.cases._rebookings import exchanged_late

RefusalMaker: TypeAlias = Callable[[Choices, Case], Case]


def _account_on_legacy_packages(_: Choices, case: Case) -> Case:
    return replace(case, account=replace(case.account, package_kind=PackageKind.LEGACY))


def _switched_off(choices: Choices, case: Case) -> Case:
    chosen = pick(choices, (False, None))
    day = case.account.activated_on if chosen is False else pick(choices, DAYS_OFF)
    return replace(case, account=replace(case.account, online_redemption=chosen, activated_on=day))


def _login_disabled(_: Choices, case: Case) -> Case:
    return replace(case, account=replace(case.account, client_login=ClientLogin.DISABLED))


def _not_logged_in(_: Choices, case: Case) -> Case:
    return replace(case, client=replace(case.client, logged_in=False))


def _guest(_: Choices, case: Case) -> Case:
    return replace(case, client=Client.guest())


def _with_own_packages(case: Case, change: Callable[[Package], Package]) -> Case:
    """Return the case with every package of the client changed."""
    return replace(
        case,
        packages=tuple(
            change(package) if package.client_id == CLIENT else package for package in case.packages
        ),
    )


def _of_another_client(choices: Choices, case: Case) -> Case:
    sold_away = _with_own_packages(case, lambda package: replace(package, client_id=STRANGER))
    return _used_up_beside(sold_away) if chance(choices, 40) else sold_away


def _used_up_beside(case: Case) -> Case:
    empty = Entitlement(services=(PACKAGE_SERVICES[0],), remaining=0)
    return _beside(case, Package(id="p9", client_id=CLIENT, entitlements=(empty,)))


def _beside(case: Case, package: Package) -> Case:
    others = tuple(other for other in case.packages if other.id != package.id)
    return replace(case, packages=(*others, package))


def _not_sold_yet(choices: Choices, case: Case) -> Case:
    sold_at = case.now + pick(choices, (TICK, HOUR, DAY))
    return _with_own_packages(case, lambda package: replace(package, sold_at=sold_at))


def _legacy(_: Choices, case: Case) -> Case:
    return _with_own_packages(case, lambda package: replace(package, kind=PackageKind.LEGACY))


def _archived(_: Choices, case: Case) -> Case:
    return _with_own_packages(case, lambda package: replace(package, status=PackageStatus.ARCHIVED))


def _not_started(choices: Choices, case: Case) -> Case:
    valid_from = case.booking.starts_at + pick(choices, (TICK, HOUR, 5 * DAY))
    return _with_own_packages(
        case, lambda package: replace(package, valid_from=valid_from, valid_until=None)
    )


def _over(choices: Choices, case: Case) -> Case:
    last = min(case.now, case.booking.starts_at)
    until = last - pick(choices, (0 * TICK, TICK, HOUR, 10 * DAY))
    return _with_own_packages(
        case, lambda package: replace(package, valid_from=None, valid_until=until)
    )


def _over_by_then(choices: Choices, case: Case) -> Case:
    start = case.booking.starts_at
    until = pick(choices, (start, case.now + TICK, max(start - TICK, case.now + TICK)))
    return _with_own_packages(
        case, lambda package: replace(package, valid_from=None, valid_until=until)
    )


def _used_up(_: Choices, case: Case) -> Case:
    return _with_own_packages(case, _spent)


def _spent(package: Package) -> Package:
    spent = tuple(replace(entitlement, remaining=0) for entitlement in package.entitlements)
    return replace(package, entitlements=spent)


def _service_in_no_package(_: Choices, case: Case) -> Case:
    lines = tuple(
        replace(line, service=replace(line.service, id=UNCOVERED_SERVICE))
        for line in case.booking.lines
    )
    return replace(case, booking=replace(case.booking, lines=lines))


def _not_one_credit(_: Choices, case: Case) -> Case:
    """No credit is left for any line, but one for something else."""
    spare = Entitlement(services=("gift",), remaining=1, id="spare")

    def without_credits(package: Package) -> Package:
        kept = tuple(e for e in _spent(package).entitlements if e.id != spare.id)
        return replace(package, entitlements=(*kept, spare))

    return _with_own_packages(case, without_credits)


def _one_credit_too_few(choices: Choices, case: Case) -> Case:
    """Exactly enough for all lines but one, which wants the same credit as another."""
    booked = [line.service.id for line in case.booking.lines if line.payable] or [
        PACKAGE_SERVICES[0]
    ]
    wanted = booked[choices.integer_below(len(booked))]
    only = Entitlement(services={*booked}, remaining=len(booked))
    more = (*case.booking.lines, BookingLine(Service(id=wanted)))
    longer = replace(case, booking=replace(case.booking, lines=more))
    return _with_own_packages(longer, lambda package: replace(package, entitlements=(only,)))


def _started(choices: Choices, case: Case) -> Case:
    start = case.booking.starts_at
    started = replace(case, now=start + pick(choices, (0 * TICK, TICK, HOUR)))
    if not chance(choices, 30):
        return started
    until = start + pick(choices, (0 * TICK, TICK))
    return _with_own_packages(
        started, lambda package: replace(package, valid_from=None, valid_until=until)
    )


def _nothing_to_pay(_: Choices, case: Case) -> Case:
    lines = tuple(replace(line, payable=False) for line in case.booking.lines)
    return replace(case, booking=replace(case.booking, lines=lines))


def _no_package(_: Choices, case: Case) -> Case:
    return replace(case, packages=())


def _second_active_package(choices: Choices, case: Case) -> Case:
    until = max(
        case.now + TICK, case.booking.starts_at + pick(choices, (DAY, TICK, 0 * TICK, -TICK))
    )
    second = Package(
        id="p2",
        client_id=CLIENT,
        entitlements=(
            Entitlement(services=(pick(choices, (*PACKAGE_SERVICES, OTHER_SERVICE)),), remaining=1),
        ),
        sold_at=pick(choices, (None, case.now)),
        valid_until=pick(choices, (None, until)),
    )
    active = _with_own_packages(case, lambda package: replace(package, valid_from=None))
    return _beside(active, second)


def _mixed(choices: Choices, case: Case) -> Case:
    lines = list(case.booking.lines)
    lines.insert(
        choices.integer_below(len(lines) + 1), some_line(choices, UNCOVERED_SERVICE, payable=True)
    )
    return replace(case, booking=replace(case.booking, lines=tuple(lines)))


#: What is to come more often stands twice; what brings other facts along stands last, since
#: hypothesis makes cases smaller towards the first.
REFUSAL_MAKERS: Final[tuple[RefusalMaker, ...]] = (
    _account_on_legacy_packages,
    _switched_off,
    _switched_off,
    _login_disabled,
    _not_logged_in,
    _not_sold_yet,
    _legacy,
    _archived,
    _not_started,
    _over,
    _over_by_then,
    _over_by_then,
    _used_up,
    _service_in_no_package,
    _not_one_credit,
    _one_credit_too_few,
    _started,
    _nothing_to_pay,
    _no_package,
    _second_active_package,
    _mixed,
    _guest,
    _of_another_client,
    _of_another_client,
    exchanged_late,
    exchanged_late,
)

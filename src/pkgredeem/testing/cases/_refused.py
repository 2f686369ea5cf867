"""How a case is spoilt: one function for each fact that refuses, boundaries on the bad side.

Each takes a case and returns one in which its fact is there. Which findings a case then has is for
the rules to say; what is spoilt here says nothing of it.
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
from pkgredeem.testing.cases._choices import Dice, chance, pick
from pkgredeem.testing.cases._eligible import (
    CLIENT,
    DAY,
    DAYS_OFF,
    HELD,
    HOUR,
    NEVER_HELD,
    OTHER,
    STRANGER,
    TICK,
    a_line,
)
from pkgredeem.testing.cases._rebooked import exchanged_late

Spoiler: TypeAlias = Callable[[Dice, Case], Case]


def _account_on_legacy_packages(_: Dice, case: Case) -> Case:
    return replace(case, account=replace(case.account, package_kind=PackageKind.LEGACY))


def _switched_off(dice: Dice, case: Case) -> Case:
    chosen = pick(dice, (False, None))
    day = case.account.activated_on if chosen is False else pick(dice, DAYS_OFF)
    return replace(case, account=replace(case.account, online_redemption=chosen, activated_on=day))


def _login_disabled(_: Dice, case: Case) -> Case:
    return replace(case, account=replace(case.account, client_login=ClientLogin.DISABLED))


def _not_logged_in(_: Dice, case: Case) -> Case:
    return replace(case, client=replace(case.client, logged_in=False))


def _guest(_: Dice, case: Case) -> Case:
    return replace(case, client=Client.guest())


def _with_each_own(case: Case, spoil: Callable[[Package], Package]) -> Case:
    """Return the case with every package of the client spoilt."""
    return replace(
        case,
        packages=tuple(spoil(each) if each.client_id == CLIENT else each for each in case.packages),
    )


def _of_another_client(dice: Dice, case: Case) -> Case:
    spoilt = _with_each_own(case, lambda each: replace(each, client_id=STRANGER))
    return _used_up_beside(spoilt) if chance(dice, 40) else spoilt


def _used_up_beside(case: Case) -> Case:
    empty = Entitlement(services=(HELD[0],), remaining=0)
    return _beside(case, Package(id="p9", client_id=CLIENT, entitlements=(empty,)))


def _beside(case: Case, package: Package) -> Case:
    others = tuple(each for each in case.packages if each.id != package.id)
    return replace(case, packages=(*others, package))


def _not_sold_yet(dice: Dice, case: Case) -> Case:
    sold_at = case.now + pick(dice, (TICK, HOUR, DAY))
    return _with_each_own(case, lambda each: replace(each, sold_at=sold_at))


def _legacy(_: Dice, case: Case) -> Case:
    return _with_each_own(case, lambda each: replace(each, kind=PackageKind.LEGACY))


def _archived(_: Dice, case: Case) -> Case:
    return _with_each_own(case, lambda each: replace(each, status=PackageStatus.ARCHIVED))


def _not_started(dice: Dice, case: Case) -> Case:
    valid_from = case.booking.starts_at + pick(dice, (TICK, HOUR, 5 * DAY))
    return _with_each_own(case, lambda each: replace(each, valid_from=valid_from, valid_until=None))


def _over(dice: Dice, case: Case) -> Case:
    last = min(case.now, case.booking.starts_at)
    until = last - pick(dice, (0 * TICK, TICK, HOUR, 10 * DAY))
    return _with_each_own(case, lambda each: replace(each, valid_from=None, valid_until=until))


def _over_by_then(dice: Dice, case: Case) -> Case:
    start = case.booking.starts_at
    until = pick(dice, (start, case.now + TICK, max(start - TICK, case.now + TICK)))
    return _with_each_own(case, lambda each: replace(each, valid_from=None, valid_until=until))


def _used_up(_: Dice, case: Case) -> Case:
    return _with_each_own(case, _spent)


def _spent(package: Package) -> Package:
    spent = tuple(replace(each, remaining=0) for each in package.entitlements)
    return replace(package, entitlements=spent)


def _service_in_no_package(_: Dice, case: Case) -> Case:
    lines = tuple(
        replace(line, service=replace(line.service, id=NEVER_HELD)) for line in case.booking.lines
    )
    return replace(case, booking=replace(case.booking, lines=lines))


def _not_one_credit(_: Dice, case: Case) -> Case:
    """No credit is left for any line, but one for something else."""
    spare = Entitlement(services=("gift",), remaining=1, id="spare")

    def spoilt(package: Package) -> Package:
        kept = tuple(each for each in _spent(package).entitlements if each.id != spare.id)
        return replace(package, entitlements=(*kept, spare))

    return _with_each_own(case, spoilt)


def _one_credit_too_few(dice: Dice, case: Case) -> Case:
    """Exactly enough for all lines but one, which wants the same credit as another."""
    booked = [line.service.id for line in case.booking.lines if line.payable] or [HELD[0]]
    wanted = booked[dice.below(len(booked))]
    only = Entitlement(services={*booked}, remaining=len(booked))
    more = (*case.booking.lines, BookingLine(Service(id=wanted)))
    spoilt = replace(case, booking=replace(case.booking, lines=more))
    return _with_each_own(spoilt, lambda each: replace(each, entitlements=(only,)))


def _started(dice: Dice, case: Case) -> Case:
    start = case.booking.starts_at
    started = replace(case, now=start + pick(dice, (0 * TICK, TICK, HOUR)))
    if not chance(dice, 30):
        return started
    until = start + pick(dice, (0 * TICK, TICK))
    return _with_each_own(started, lambda each: replace(each, valid_from=None, valid_until=until))


def _nothing_to_pay(_: Dice, case: Case) -> Case:
    lines = tuple(replace(line, payable=False) for line in case.booking.lines)
    return replace(case, booking=replace(case.booking, lines=lines))


def _no_package(_: Dice, case: Case) -> Case:
    return replace(case, packages=())


def _second_active_package(dice: Dice, case: Case) -> Case:
    until = max(case.now + TICK, case.booking.starts_at + pick(dice, (DAY, TICK, 0 * TICK, -TICK)))
    second = Package(
        id="p2",
        client_id=CLIENT,
        entitlements=(Entitlement(services=(pick(dice, (*HELD, OTHER)),), remaining=1),),
        sold_at=pick(dice, (None, case.now)),
        valid_until=pick(dice, (None, until)),
    )
    active = _with_each_own(case, lambda each: replace(each, valid_from=None))
    return _beside(active, second)


def _mixed(dice: Dice, case: Case) -> Case:
    lines = list(case.booking.lines)
    lines.insert(dice.below(len(lines) + 1), a_line(dice, NEVER_HELD, payable=True))
    return replace(case, booking=replace(case.booking, lines=tuple(lines)))


#: What is to come more often stands twice; what brings other facts along stands last, since
#: hypothesis makes cases smaller towards the first.
SPOILERS: Final[tuple[Spoiler, ...]] = (
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

"""How a case to refuse is made: a maker for each fact that refuses, boundaries on the bad side.

Each takes a case and returns one in which its fact exists. Which findings a case then has is for
the rules to say; nothing here knows them.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, TypeAlias

import pkgredeem as p
from pkgredeem.testing.cases import _eligible as plain
from pkgredeem.testing.cases._choices import Choices, chance, pick
from pkgredeem.testing.cases._counts import one_unit_too_few
from pkgredeem.testing.cases._facts import with_own_packages
from pkgredeem.testing.cases._plans import MISSED_BY_CREDITS, MISSED_BY_PACKAGES
from pkgredeem.testing.cases._rebookings import exchanged_late, exchanged_when_closed

RefusalMaker: TypeAlias = Callable[[Choices, p.Case], p.Case]
_Fields: TypeAlias = Callable[[Choices, p.Case], Mapping[str, Any]]


def _account(fields: _Fields) -> RefusalMaker:
    """Return what gives the account these fields."""
    return lambda choices, case: replace(
        case, account=replace(case.account, **fields(choices, case))
    )


def _packages(fields: _Fields) -> RefusalMaker:
    """Return what gives every package of the client these fields."""

    def make(choices: Choices, case: p.Case) -> p.Case:
        given = fields(choices, case)
        return with_own_packages(case, lambda package: replace(package, **given))

    return make


def _lines(change: Callable[[p.BookingLine], p.BookingLine]) -> RefusalMaker:
    """Return what changes every line."""

    def make(_: Choices, case: p.Case) -> p.Case:
        return _with_lines(case, *map(change, case.booking.lines))

    return make


def _with_lines(case: p.Case, *lines: p.BookingLine) -> p.Case:
    return replace(case, booking=replace(case.booking, lines=lines))


def _beside(case: p.Case, package: p.Package) -> p.Case:
    others = tuple(other for other in case.packages if other.id != package.id)
    return replace(case, packages=(*others, package))


def _switched_off(choices: Choices, case: p.Case) -> Mapping[str, object]:
    chosen = pick(choices, (False, None))
    day = case.account.activated_on if chosen is False else pick(choices, plain.DAYS_OFF)
    return {"online_redemption": chosen, "activated_on": day}


def _over(choices: Choices, case: p.Case) -> Mapping[str, object]:
    last = min(case.now, case.booking.starts_at)
    until = last - pick(choices, (0 * plain.TICK, plain.TICK, plain.HOUR, 10 * plain.DAY))
    return {"valid_from": None, "valid_until": until}


def _over_by_then(choices: Choices, case: p.Case) -> Mapping[str, object]:
    start = case.booking.starts_at
    until = pick(
        choices, (start, case.now + plain.TICK, max(start - plain.TICK, case.now + plain.TICK))
    )
    return {"valid_from": None, "valid_until": until}


def _not_started(choices: Choices, case: p.Case) -> Mapping[str, object]:
    valid_from = case.booking.starts_at + pick(choices, (plain.TICK, plain.HOUR, 5 * plain.DAY))
    return {"valid_from": valid_from, "valid_until": None}


def _of_another_client(choices: Choices, case: p.Case) -> p.Case:
    case = with_own_packages(case, _given_away)
    if not chance(choices, 40):
        return case
    empty = p.Entitlement(services=(plain.PACKAGE_SERVICES[0],), remaining=0)
    return _beside(case, p.Package(id="p9", client_id=plain.CLIENT, entitlements=(empty,)))


def _given_away(package: p.Package) -> p.Package:
    others = set(package.shared_with) - {plain.CLIENT}
    return replace(package, client_id=plain.STRANGER, shared_with=tuple(sorted(others)))


def _not_one_credit(_: Choices, case: p.Case) -> p.Case:
    """No credit is left for any line, but one for something else."""
    spare = p.Entitlement(services=("gift",), remaining=1, id="spare")

    def without_credits(package: p.Package) -> p.Package:
        kept = tuple(e for e in plain.spent(package).entitlements if e.id != spare.id)
        return replace(package, entitlements=(*kept, spare))

    return with_own_packages(case, without_credits)


def _one_credit_too_few(choices: Choices, case: p.Case) -> p.Case:
    """Exactly enough for all lines but one, which wants the same credit as another."""
    payable = [line.service.id for line in case.booking.lines if line.payable]
    booked = payable or [plain.PACKAGE_SERVICES[0]]
    more = p.BookingLine(p.Service(id=pick(choices, booked)))
    only = p.Entitlement(services=booked, remaining=len(booked))
    longer = _with_lines(case, *case.booking.lines, more)
    return with_own_packages(longer, lambda package: replace(package, entitlements=(only,)))


def _started(choices: Choices, case: p.Case) -> p.Case:
    start = case.booking.starts_at
    started = replace(case, now=start + pick(choices, (0 * plain.TICK, plain.TICK, plain.HOUR)))
    if not chance(choices, 30):
        return started
    until = start + pick(choices, (0 * plain.TICK, plain.TICK))
    return _packages(lambda _, __: {"valid_from": None, "valid_until": until})(choices, started)


def _second_active_package(choices: Choices, case: p.Case) -> p.Case:
    end = case.booking.starts_at + pick(
        choices, (plain.DAY, plain.TICK, 0 * plain.TICK, -plain.TICK)
    )
    services = (pick(choices, (*plain.PACKAGE_SERVICES, plain.OTHER_SERVICE)),)
    second = p.Package(
        id="p2",
        client_id=plain.CLIENT,
        entitlements=(p.Entitlement(services=services, remaining=1),),
        sold_at=pick(choices, (None, case.now)),
        valid_until=pick(choices, (None, max(case.now + plain.TICK, end))),
    )
    return _beside(_packages(lambda _, __: {"valid_from": None})(choices, case), second)


def _mixed(choices: Choices, case: p.Case) -> p.Case:
    place = choices.integer_below(len(case.booking.lines) + 1)
    other = plain.some_line(choices, plain.UNCOVERED_SERVICE, payable=True)
    return _with_lines(case, *case.booking.lines[:place], other, *case.booking.lines[place:])


#: How many refusing facts stand in a case: mostly one.
HOW_MANY: Final = (*(1,) * 15, 3)
#: These come last where there are several: what a redemption draws on must stay.
EXCHANGES: Final[tuple[RefusalMaker, ...]] = (exchanged_late, exchanged_when_closed)
#: What comes with a second reason more often than others do, and so stands more often below.
_ABOUT_PACKAGES: Final[tuple[RefusalMaker, ...]] = (
    _packages(
        lambda choices, case: {
            "sold_at": case.now + pick(choices, (plain.TICK, plain.HOUR, plain.DAY))
        }
    ),
    _packages(lambda _, __: {"kind": p.PackageKind.LEGACY}),
    _packages(lambda _, __: {"status": p.PackageStatus.ARCHIVED}),
    _packages(_not_started),
    _packages(_over),
    _packages(_over_by_then),
    lambda _, case: with_own_packages(case, plain.spent),
    _not_one_credit,
    *MISSED_BY_PACKAGES,
    _started,
    *EXCHANGES,
)
_OTHERS: Final[tuple[RefusalMaker, ...]] = (
    _account(lambda _, __: {"package_kind": p.PackageKind.LEGACY}),
    _account(_switched_off),
    _account(lambda _, __: {"client_login": p.ClientLogin.DISABLED}),
    lambda _, case: replace(case, client=replace(case.client, logged_in=False)),
    _lines(lambda line: replace(line, service=replace(line.service, id=plain.UNCOVERED_SERVICE))),
    _lines(lambda line: replace(line, payable=False)),
    lambda _, case: replace(case, packages=()),
    _of_another_client,
    _second_active_package,
    *MISSED_BY_CREDITS,
)
#: What finds the same as another of these does, or something else with it.
_RARER: Final[tuple[RefusalMaker, ...]] = (
    _one_credit_too_few,
    one_unit_too_few,
    _mixed,
    lambda _, case: replace(case, client=p.Client.guest()),
)
#: So often that each code is the only reason of more than one case in a hundred, by every rulebook.
#: The plainest come first, since hypothesis makes cases smaller towards the first.
REFUSAL_MAKERS: Final = (*_OTHERS * 8, *_RARER * 5, *_ABOUT_PACKAGES * 10)

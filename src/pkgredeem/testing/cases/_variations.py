"""Variations of a generated case: other hours, more credits, and whatever a rule's code names.

The generator knows the rules of the library. A caller's own rule may look at the hour of the day,
at the name of a service, at twenty credits: a variation puts such a thing into a case.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from pkgredeem import (
    Case,
    Entitlement,
    InvalidValueError,
    Package,
    PackageKind,
    Redemption,
)
from pkgredeem.testing.cases._choices import Choices, chance, pick
from pkgredeem.testing.cases._instants import with_instants
from pkgredeem.testing.cases._literals import Literals

_Variation: TypeAlias = Callable[[Choices, Case, Literals], Case]

_TICK: Final = timedelta(microseconds=1)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_ZONES: Final = ("Pacific/Auckland", "Europe/London", "America/New_York", "Asia/Kathmandu")
_UNITS: Final = (_HOUR, _DAY, timedelta(minutes=1))
_HOURS_OF_A_WEEK: Final = 24 * 7
_WEEKS: Final = 50
_NUMBERS: Final = (1, 2, 3, 5, 10, 20, 50, 100)
_MOST_LINES: Final = 20
_MOST_DAYS: Final = 400
_MOST_BETWEEN: Final = 31


def varied(choices: Choices, case: Case, literals: Literals) -> Case:
    """Return the case with one to three things about it changed."""
    for _ in range(pick(choices, (1, 1, 2, 3))):
        variation = pick(choices, _VARIATIONS)
        try:
            case = variation(choices, case, literals)
        except (InvalidValueError, OverflowError):
            continue  # beyond the calendar, or a text that is no id
    return case


def around_automatic_starts(case: Case, days: Iterable[date | None]) -> Iterator[Case]:
    """Yield the case for accounts that never chose, activated around these days and between them.

    Around a day are the day itself, the one before and the one after.
    """
    known = sorted(day for day in days if day is not None)
    ordinals = {day.toordinal() + step for day in known for step in (-1, 0, 1)}
    if known:
        first, last = known[0].toordinal(), known[-1].toordinal()
        ordinals |= set(range(first, last, 1 + (last - first) // _MOST_BETWEEN))
    for ordinal in sorted(ordinals):
        if date.min.toordinal() <= ordinal <= date.max.toordinal():
            account = replace(
                case.account,
                activated_on=date.fromordinal(ordinal),
                online_redemption=None,
                package_kind=PackageKind.NEW,
            )
            yield replace(case, account=account)


def _another_hour(choices: Choices, case: Case, _: Literals) -> Case:
    """Shift every instant to another hour of the week, of the account's own calendar."""
    hours = 1 + choices.integer_below(_HOURS_OF_A_WEEK)
    shift = hours * _HOUR + pick(choices, (0, choices.integer_below(_WEEKS))) * 7 * _DAY
    zone = case.account.time_zone or ZoneInfo(pick(choices, _ZONES))
    return with_instants(case, lambda at: at + shift, zone)


def _another_lead(choices: Choices, case: Case, literals: Literals) -> Case:
    """Book another while before the start: minutes, hours or days."""
    number = pick(choices, (*_NUMBERS, *literals.numbers, choices.integer_below(_MOST_DAYS)))
    span = pick(choices, (number * pick(choices, _UNITS), *literals.spans))
    step = pick(choices, (0 * _TICK, _TICK, -_TICK))
    return replace(case, now=case.booking.starts_at - span - step)


def _at_an_instant(choices: Choices, case: Case, literals: Literals) -> Case:
    """Shift every instant so that the appointment starts around one that is named."""
    noons = [datetime(day.year, day.month, day.day, 12, tzinfo=UTC) for day in literals.days]
    named = pick(choices, (*literals.instants, *noons, case.booking.starts_at))
    step = pick(choices, (0 * _TICK, _TICK, -_TICK, _DAY, -_DAY))
    shift = named - case.booking.starts_at + step
    return with_instants(case, lambda at: at + shift, case.account.time_zone)


def _another_activation(choices: Choices, case: Case, literals: Literals) -> Case:
    """Activate the account around a day that is named."""
    named = pick(choices, (*literals.days, case.booking.starts_at.date()))
    day = named + pick(choices, (0, 1, -1)) * _DAY
    return replace(case, account=replace(case.account, activated_on=day))


def _another_account(choices: Choices, case: Case, _: Literals) -> Case:
    """Ask for other money, by another side, at another place."""
    account = replace(
        case.account,
        deposit_required=chance(choices, 50),
        card_capture=chance(choices, 50),
        time_zone=ZoneInfo(pick(choices, _ZONES)),
    )
    client = replace(case.client, has_saved_card=chance(choices, 50))
    return replace(case, account=account, client=client)


def _other_credits(choices: Choices, case: Case, literals: Literals) -> Case:
    """Leave another number of credits in every entitlement."""
    number = pick(choices, (*_NUMBERS, *literals.numbers)) + pick(choices, (0, 1, -1))
    return _with_entitlements(case, lambda credit: replace(credit, remaining=number))


def _other_priorities(choices: Choices, case: Case, literals: Literals) -> Case:
    """Give every package another priority, above and below zero."""
    packages = tuple(
        replace(package, priority=pick(choices, (*_NUMBERS, *literals.numbers)) * sign)
        for package in case.packages
        for sign in (pick(choices, (1, -1)),)
    )
    return replace(case, packages=packages)


def _longer_booking(choices: Choices, case: Case, literals: Literals) -> Case:
    """Book the same lines several times, with credits enough for all of them."""
    count = 1 + min(_MOST_LINES, pick(choices, (1, 2, 3, 5, *literals.numbers)))
    lines = (case.booking.lines * count)[: max(count, len(case.booking.lines))]
    longer = replace(case, booking=replace(case.booking, lines=lines))
    return _with_entitlements(
        longer, lambda credit: replace(credit, remaining=credit.remaining + count)
    )


def _named_service(choices: Choices, case: Case, literals: Literals) -> Case:
    """Give the service of one line another id, in its packages too, or another name."""
    lines = list(case.booking.lines)
    place = choices.integer_below(len(lines))
    old, new = lines[place].service, _some_text(choices, literals)
    if chance(choices, 40):
        lines[place] = replace(lines[place], service=replace(old, name=new))
        return replace(case, booking=replace(case.booking, lines=tuple(lines)))
    renamed = tuple(
        replace(line, service=replace(line.service, id=new)) if line.service.id == old.id else line
        for line in lines
    )
    booked = replace(case, booking=replace(case.booking, lines=renamed))
    return _with_entitlements(booked, lambda credit: _with_service(credit, old.id, new))


def _named_record(choices: Choices, case: Case, literals: Literals) -> Case:
    """Give the booking or the note another text."""
    text = _some_text(choices, literals)
    if case.existing is None and chance(choices, 50):
        return replace(case, booking=replace(case.booking, id=text))
    return replace(case, note=text)


def _named_client(choices: Choices, case: Case, literals: Literals) -> Case:
    """Give the client another id, in packages and in an earlier redemption too."""
    old, new = case.client.id, _some_text(choices, literals)
    existing = case.existing
    return replace(
        case,
        client=case.client if old is None else replace(case.client, id=new),
        packages=tuple(
            replace(package, client_id=new) if package.client_id == old else package
            for package in case.packages
        ),
        existing=None if existing is None else _of_client(existing, old, new),
    )


def _named_package(choices: Choices, case: Case, literals: Literals) -> Case:
    """Give the first package and its first entitlement another id."""
    if case.existing is not None or not case.packages:
        return case
    text = _some_text(choices, literals)
    first, *others = case.packages
    credit, *more = first.entitlements
    changed = pick(
        choices,
        (replace(first, id=text), replace(first, entitlements=(replace(credit, id=text), *more))),
    )
    return replace(case, packages=(changed, *others))


_VARIATIONS: Final[tuple[_Variation, ...]] = (
    _another_hour,
    _another_hour,
    _another_lead,
    _at_an_instant,
    _another_activation,
    _another_account,
    _other_credits,
    _other_priorities,
    _longer_booking,
    _named_service,
    _named_service,
    _named_record,
    _named_client,
    _named_package,
)


def _some_text(choices: Choices, literals: Literals) -> str:
    """Return a text that is named, or one that begins or ends with it."""
    text = pick(choices, literals.texts or ("other",))
    return pick(choices, (text, f"{text}1", f"1{text}"))


def _with_entitlements(case: Case, change: Callable[[Entitlement], Entitlement]) -> Case:
    def changed(package: Package) -> Package:
        return replace(package, entitlements=tuple(map(change, package.entitlements)))

    return replace(case, packages=tuple(map(changed, case.packages)))


def _with_service(credit: Entitlement, old: str, new: str) -> Entitlement:
    if old not in credit.services:
        return credit
    return replace(credit, services=(credit.services - {old}) | {new})


def _of_client(redemption: Redemption, old: str | None, new: str) -> Redemption:
    return replace(redemption, client_id=new) if redemption.client_id == old else redemption

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
    InvalidValueError,
    PackageKind,
)
from pkgredeem.testing.cases._choices import Choices, chance, pick
from pkgredeem.testing.cases._leaves import changed, ids_of, in_zone, moved, renamed
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
_MOST_SEARCHED: Final = 8
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
    return in_zone(moved(case, lambda at: at + shift), zone)


def _another_lead(choices: Choices, case: Case, literals: Literals) -> Case:
    """Book another while before the start: minutes, hours or days."""
    number = pick(choices, (*_NUMBERS, *literals.numbers, choices.integer_below(_MOST_DAYS)))
    span = pick(choices, (number * pick(choices, _UNITS), *literals.spans))
    step = pick(choices, (0 * _TICK, _TICK, -_TICK))
    now = case.booking.starts_at - span - step
    if case.existing is not None:  # no act lies before the booking was made (D74)
        now = max(now, case.existing.booked_at)
    return replace(case, now=now)


def _at_an_instant(choices: Choices, case: Case, literals: Literals) -> Case:
    """Shift every instant so that the appointment starts around one that is named."""
    noons = [datetime(day.year, day.month, day.day, 12, tzinfo=UTC) for day in literals.days]
    named = pick(choices, (*literals.instants, *noons, case.booking.starts_at))
    step = pick(choices, (0 * _TICK, _TICK, -_TICK, _DAY, -_DAY))
    shift = named - case.booking.starts_at + step
    return moved(case, lambda at: at + shift)


def _another_account(choices: Choices, case: Case, literals: Literals) -> Case:
    """Ask for other money, by another side, at another place; activated around a day named."""
    named = pick(choices, (*literals.days, case.booking.starts_at.date()))
    account = replace(
        case.account,
        activated_on=named + pick(choices, (0, 1, -1)) * _DAY,
        deposit_required=chance(choices, 50),
        card_capture=chance(choices, 50),
    )
    client = replace(case.client, has_saved_card=chance(choices, 50))
    return in_zone(replace(case, account=account, client=client), ZoneInfo(pick(choices, _ZONES)))


def _other_numbers(choices: Choices, case: Case, literals: Literals) -> Case:
    """Leave other numbers of credits, or give packages other priorities, below zero too."""
    field, signs = pick(choices, (("remaining", (1,)), ("priority", (1, -1))))

    def another(name: str, leaf: object) -> object:
        if name != field:
            return leaf
        number = pick(choices, (*_NUMBERS, *literals.numbers)) + pick(choices, (0, 1, -1))
        return number * pick(choices, signs)

    return replace(case, packages=changed(case.packages, another))


def _longer_booking(choices: Choices, case: Case, literals: Literals) -> Case:
    """Book the same lines several times, with credits enough for all of them."""
    count = 1 + min(_MOST_LINES, pick(choices, (1, 2, 3, 5, *literals.numbers)))
    if _is_searched(case):
        count = min(count, _MOST_SEARCHED)
    lines = (case.booking.lines * count)[: max(count, len(case.booking.lines))]

    def more(name: str, leaf: object) -> object:
        return leaf + count if name == "remaining" and isinstance(leaf, int) else leaf

    booking = replace(case.booking, lines=lines)
    return replace(case, booking=booking, packages=changed(case.packages, more))


def _is_searched(case: Case) -> bool:
    """Return whether costs or quotas make the allocation a search, which has a limit (D64)."""
    costs = any(line.service.costs for line in case.booking.lines)
    return costs or any(package.has_quotas for package in case.packages)


def _named_id(choices: Choices, case: Case, literals: Literals) -> Case:
    """Give one service, package, client or booking another id, wherever it stands."""
    old, new = pick(choices, ids_of(case)), _some_text(choices, literals)
    return renamed(case, lambda name: new if name == old else name)


def _named_text(choices: Choices, case: Case, literals: Literals) -> Case:
    """Give the services, the packages or the note another text."""
    new, field = _some_text(choices, literals), pick(choices, ("name", "note"))
    told = replace(case, existing=None)
    told = changed(told, lambda name, leaf: new if name == field else leaf)
    return replace(told, existing=case.existing)


def _named_trait(choices: Choices, case: Case, literals: Literals) -> Case:
    """Tell a trait that is named: of the booking, of the client, or of every package."""
    words = literals.texts or ("other",)
    trait = (pick(choices, words), pick(choices, words))

    def telling(before: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        return tuple({**dict(before), trait[0]: trait[1]}.items())

    who = choices.integer_below(3)
    if who == 0:
        return replace(case, booking=replace(case.booking, traits=telling(case.booking.traits)))
    if who == 1:
        return replace(case, client=replace(case.client, traits=telling(case.client.traits)))
    return replace(case, packages=tuple(replace(p, traits=(trait,)) for p in case.packages))


_VARIATIONS: Final[tuple[_Variation, ...]] = (
    _another_hour,
    _another_hour,
    _another_lead,
    _at_an_instant,
    _another_account,
    _other_numbers,
    _longer_booking,
    _named_id,
    _named_id,
    _named_text,
    _named_trait,
)


def _some_text(choices: Choices, literals: Literals) -> str:
    """Return a text that is named, or one that begins or ends with it."""
    text = pick(choices, literals.texts or ("other",))
    return pick(choices, (text, f"{text}1", f"1{text}"))

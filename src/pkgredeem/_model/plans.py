"""What a plan asks beyond the article: where, when, with what notice, pauses, and terms.

Values only: they check themselves and know facts about themselves; whether that refuses anything is
said by rules. They are the parts that a business builds its own packages and passes from (D45 to
D51).
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, final

from pkgredeem._model import checks as check
from pkgredeem.exceptions import InvalidValueError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: The longest term of first use, 100 years.
MOST_DAYS, MOST_MONTHS = 36_500, 1_200
_MONTHS_OF_A_YEAR = 12

LONGEST_NOTICE = timedelta(days=3_660)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Weekdays and local hours in which an appointment may start (D46).

    Over midnight is two of them: one that ends at midnight, and one of the next day.

    Attributes:
        days: ISO weekdays, Monday 1 to Sunday 7, one or more; any iterable is taken.
        opens: the local time from which an appointment may start, inclusive.
        closes: the local time at which none may start any more, exclusive; None for midnight.

    Raises:
        InvalidValueError: a field has the wrong type, a time has a zone, or *opens* is not before
            *closes*.

    Example:
        >>> from datetime import datetime, time
        >>> off_peak = Hours(days=[1, 2, 3, 4], opens=time(9), closes=time(17))
        >>> off_peak.includes(datetime(2026, 5, 7, 16, 59))
        True
    """

    days: tuple[int, ...]
    opens: time
    closes: time | None = None

    if TYPE_CHECKING:

        def __init__(
            self, *, days: "Iterable[int]", opens: time, closes: time | None = None
        ) -> None: ...

    def __post_init__(self) -> None:
        """Check every field; store the days sorted, each once."""
        check.put(self, "days", check.weekdays("Hours.days", self.days))
        check.local_time("Hours.opens", self.opens)
        if self.closes is not None:
            check.local_time("Hours.closes", self.closes)
            if self.opens >= self.closes:
                raise InvalidValueError("Hours.opens", self.opens, f"a time before {self.closes}")

    def includes(self, local: datetime) -> bool:
        """Tell whether that local time lies in `opens <= time < closes` on one of the days."""
        return (
            local.isoweekday() in self.days
            and self.opens <= local.time()
            and (self.closes is None or local.time() < self.closes)
        )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Restrictions:
    """Where, when and with what notice a credit may be used (D45 to D48).

    Attributes:
        traits: by name the texts that are allowed, one or more each, such as `{"place": ["north"]}`
            (D45); what is asked for and not told is not allowed.
        hours: when an appointment may start, in any of them; none allow every time (D46).
        not_on: local dates on which none may start (D47).
        min_notice: elapsed time that must be left from the booking to the start, inclusive; None
            for any (D48). At most 3,660 days, as *max_notice*.
        max_notice: elapsed time that may be left at most, inclusive; None for any (D48).

    Raises:
        InvalidValueError: a field has the wrong type or is out of bounds, or *min_notice* is longer
            than *max_notice*.

    Example:
        >>> from datetime import date
        >>> Restrictions(traits={"place": ["south", "north"]}, not_on=[date(2026, 12, 24)]).traits
        (('place', ('north', 'south')),)
    """

    traits: tuple[tuple[str, tuple[str, ...]], ...] = ()
    hours: tuple[Hours, ...] = ()
    not_on: tuple[date, ...] = ()
    min_notice: timedelta | None = None
    max_notice: timedelta | None = None

    if TYPE_CHECKING:

        def __init__(
            self,
            *,
            traits: "Mapping[str, Iterable[str]] | Iterable[tuple[str, Iterable[str]]]" = ...,
            hours: "Iterable[Hours]" = ...,
            not_on: "Iterable[date]" = ...,
            min_notice: timedelta | None = ...,
            max_notice: timedelta | None = ...,
        ) -> None: ...

    def __repr__(self) -> str:
        """Show what differs from its default."""
        return check.repr_of_what_is_set(self)

    def __post_init__(self) -> None:
        """Check every field; store the collections as sorted tuples."""
        check.put(self, "traits", check.allowed_traits("Restrictions.traits", self.traits))
        check.put(self, "hours", check.items("Restrictions.hours", self.hours, Hours))
        check.put(self, "not_on", check.days("Restrictions.not_on", self.not_on))
        for name in ("min_notice", "max_notice"):
            notice = getattr(self, name)
            check.optional_duration(f"Restrictions.{name}", notice, most=LONGEST_NOTICE)
        if (
            self.min_notice is not None
            and self.max_notice is not None
            and self.min_notice > self.max_notice
        ):
            allowed = f"at most max_notice, {self.max_notice}"
            raise InvalidValueError("Restrictions.min_notice", self.min_notice, allowed)

    def allows_hour(self, local: datetime) -> bool:
        """Tell whether an appointment may start at that local time (D46)."""
        return not self.hours or any(hours.includes(local) for hours in self.hours)


@final
@dataclass(frozen=True, slots=True)
class Pause:
    """A time for which a package is frozen: it can be booked in it, but not for it (D51).

    Attributes:
        starts_at: the first instant, inclusive; both may be given by position.
        ends_at: the end, exclusive; None for until further notice.

    Raises:
        InvalidValueError: a field has the wrong type, or *starts_at* is not before *ends_at*.

    Example:
        >>> from datetime import UTC, datetime
        >>> july = Pause(datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 8, 1, tzinfo=UTC))
        >>> july.includes(datetime(2026, 8, 1, tzinfo=UTC))
        False
    """

    starts_at: datetime
    ends_at: datetime | None = None

    def __post_init__(self) -> None:
        """Check both fields; store instants in UTC."""
        check.put(self, "starts_at", check.instant("Pause.starts_at", self.starts_at))
        check.put(self, "ends_at", check.optional_instant("Pause.ends_at", self.ends_at))
        if self.ends_at is not None and self.starts_at >= self.ends_at:
            raise InvalidValueError(
                "Pause.starts_at", self.starts_at, f"an instant before {self.ends_at}"
            )

    def includes(self, moment: datetime) -> bool:
        """Tell whether the instant lies in `starts_at <= instant < ends_at`."""
        return self.starts_at <= moment and (self.ends_at is None or moment < self.ends_at)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """How long something is valid, in days or in months of the calendar (D26, D53).

    Attributes:
        days: 1 to 36,500, or 0 where months are given.
        months: 1 to 1,200, or 0 where days are given.

    Raises:
        InvalidValueError: a field has the wrong type or is out of bounds, or not exactly one of the
            two is given.

    Example:
        >>> from datetime import date
        >>> Term(months=1).last_day(date(2026, 1, 31))
        datetime.date(2026, 2, 28)
        >>> Term(days=14).last_day(date(2026, 5, 10))
        datetime.date(2026, 5, 24)
    """

    days: int = 0
    months: int = 0

    def __post_init__(self) -> None:
        """Check both fields."""
        check.within("Term.days", self.days, least=0, most=MOST_DAYS)
        check.within("Term.months", self.months, least=0, most=MOST_MONTHS)
        if bool(self.days) is bool(self.months):
            allowed = "given where months are not, and left out where they are"
            raise InvalidValueError("Term.days", self.days, allowed)

    def last_day(self, first: date) -> date:
        """Return the last valid day: the corresponding one, clamped to the month's end (D26).

        At most the last day of the calendar.

        Raises:
            InvalidValueError: *first* is no date, or has a time.
        """
        check.days("first", [first])
        if self.days:
            return first + timedelta(days=min(self.days, (date.max - first).days))
        years, month = divmod(first.month - 1 + self.months, _MONTHS_OF_A_YEAR)
        year = first.year + years
        if year > date.max.year:
            return date.max
        return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))

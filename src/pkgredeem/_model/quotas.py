"""Quotas: how many uses of a package or an entitlement there may be in a period, and what a use is.

Values only: they check themselves; what is counted together, and what that refuses, is said in the
engine and by a rule (D54 to D56).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import cast, final

from pkgredeem._model import checks as check
from pkgredeem._model.words import DrawState, Period
from pkgredeem.exceptions import InvalidValueError

FEWEST_DAYS, MOST_DAYS = 2, 366
_WORDS = {Period.EVER: "{} in all", Period.UPCOMING: "{} upcoming"}


@final
@dataclass(frozen=True, slots=True)
class Days:
    """So many days in a row, wherever they begin: the period of "once in 14 days" (D55).

    Attributes:
        count: how many, 2 to 366; may be given by position. For one day there is `Period.DAY`.

    Raises:
        InvalidValueError: the count has the wrong type or is out of bounds.

    Example:
        >>> print(Days(14))
        14 days
    """

    count: int

    def __post_init__(self) -> None:
        """Check the count."""
        check.within("Days.count", self.count, least=FEWEST_DAYS, most=MOST_DAYS)

    def __str__(self) -> str:
        """Say it as documents do, such as "14 days"."""
        return f"{self.count} days"


@final
@dataclass(frozen=True, slots=True)
class Quota:
    """At most so many uses in a period: a cap on how fast, or how often, a package is used (D54).

    Attributes:
        most: how many uses there may be, 0 or more; may be given by position, as *per*.
        per: the period, or so many `Days` in a row.
        name: what people call it, such as "paid for"; may be empty.

    Raises:
        InvalidValueError: a field has the wrong type, or the number is negative.

    Example:
        >>> print(Quota(2, Period.WEEK), "and", Quota(5, Period.EVER, name="paid for"))
        2 per week and paid for, 5 in all
    """

    most: int
    per: Period | Days
    name: str = ""

    def __post_init__(self) -> None:
        """Check every field."""
        check.whole("Quota.most", self.most, least=0)
        if not isinstance(cast("object", self.per), Period | Days):
            raise InvalidValueError("Quota.per", self.per, "a Period or Days")
        check.free_text("Quota.name", self.name)

    def __str__(self) -> str:
        """Say it in words, its name first where it has one."""
        if isinstance(self.per, Days):
            words = f"{self.most} in {self.per}"
        else:
            words = _WORDS.get(self.per, "{} per {}").format(self.most, self.per)
        return f"{self.name}, {words}" if self.name else words


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One line that was paid with a package and did not return: what quotas count (D54).

    Facts like all others, handed in by the store of one moment with the package and its `version`
    (D66). `Redemption.uses_of` makes them.

    Attributes:
        booking_id: the booking.
        line: the index of the line in it.
        entitlement_id: the entitlement that paid.
        service_id: the service of the line.
        client_id: whose booking it was.
        starts_at: the start as it is now; of an ended line the one that it had when it ended.
        state: reserved, redeemed or forfeited; what returned is no use.

    Raises:
        InvalidValueError: a field has the wrong type, or the state is RETURNED.

    Example:
        >>> from datetime import UTC, datetime
        >>> Use(
        ...     booking_id="b1",
        ...     line=0,
        ...     entitlement_id="main",
        ...     service_id="yoga",
        ...     client_id="ana",
        ...     starts_at=datetime(2026, 5, 5, 10, tzinfo=UTC),
        ...     state=DrawState.RESERVED,
        ... ).state
        <DrawState.RESERVED: 'reserved'>
    """

    booking_id: str
    line: int
    entitlement_id: str
    service_id: str
    client_id: str
    starts_at: datetime
    state: DrawState

    def __post_init__(self) -> None:
        """Check every field."""
        if (
            type(self.booking_id) is type(self.entitlement_id) is str
            and type(self.service_id) is type(self.client_id) is str
            and self.booking_id
            and self.entitlement_id
            and self.service_id
            and self.client_id
            and type(self.line) is int
            and self.line >= 0
            and check.is_utc_instant(self.starts_at)
            and type(self.state) is DrawState
            and self.state is not DrawState.RETURNED
        ):
            return
        check.identifier("Use.booking_id", self.booking_id)
        check.whole("Use.line", self.line, least=0)
        check.identifier("Use.entitlement_id", self.entitlement_id)
        check.identifier("Use.service_id", self.service_id)
        check.identifier("Use.client_id", self.client_id)
        check.put(self, "starts_at", check.instant("Use.starts_at", self.starts_at))
        check.member("Use.state", self.state, DrawState)
        if self.state is DrawState.RETURNED:
            raise InvalidValueError("Use.state", self.state, "a state other than returned")

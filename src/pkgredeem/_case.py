"""A case: one question, whole.

The value that rules look at, and nothing else. It holds all that a decision depends on, the present
included, so that the same case always gets the same decision.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Self, final

from pkgredeem import _checks as check
from pkgredeem._packages import Package
from pkgredeem._redemption import Redemption
from pkgredeem._unchecked import unchecked
from pkgredeem._values import AccountSettings, Booking, Client
from pkgredeem._words import Actor
from pkgredeem.exceptions import InvalidValueError


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """May this client pay for this booking with a package? All facts of that question.

    Attributes:
        account: the account's settings.
        client: who books.
        packages: the packages to look at, each once (D27), in any order; any iterable is taken.
        booking: what is booked.
        now: the moment of booking, aware, stored in UTC; never read from a clock (D15).
        existing: this booking's own redemption, or the one that is exchanged for it (D21).
        by: who books, as a record (D36).
        note: a free text that is kept with the act (D36).

    Raises:
        InvalidValueError: a field has the wrong type, or a package id occurs twice.

    Example:
        >>> from datetime import UTC, datetime
        >>> from zoneinfo import ZoneInfo
        >>> from pkgredeem import AccountSettings, Booking, Client, Service
        >>> noon = datetime(2026, 5, 5, 12, tzinfo=UTC)
        >>> case = Case(
        ...     account=AccountSettings(time_zone=ZoneInfo("Pacific/Auckland")),
        ...     client=Client.guest(),
        ...     packages=[],
        ...     booking=Booking.of(Service(id="facial"), id="b1", starts_at=noon),
        ...     now=noon,
        ... )
        >>> case.local(case.booking.starts_at).strftime("%A %H:%M")
        'Wednesday 00:00'
    """

    account: AccountSettings
    client: Client
    packages: tuple[Package, ...]
    booking: Booking
    now: datetime
    existing: Redemption | None = None
    by: Actor = Actor.CLIENT
    note: str = ""

    if TYPE_CHECKING:

        def __init__(
            self,
            *,
            account: AccountSettings,
            client: Client,
            packages: Iterable[Package],
            booking: Booking,
            now: datetime,
            existing: Redemption | None = ...,
            by: Actor = ...,
            note: str = ...,
        ) -> None: ...

    def __post_init__(self) -> None:
        """Check every field; store the packages as a tuple and the present in UTC."""
        _check(self.account, self.client, self.booking, self.existing, self.by, self.note)
        check.put(self, "packages", checked_packages("Case.packages", self.packages))
        check.put(self, "now", check.instant("Case.now", self.now))

    def local(self, moment: datetime) -> datetime:
        """Return that instant as the account's own local time.

        Raises:
            InvalidValueError: the account has no time zone, or the instant none.
        """
        zone = self.account.time_zone
        if zone is None:
            raise InvalidValueError(
                "AccountSettings.time_zone", zone, "a ZoneInfo, since a rule asks for local time"
            )
        return check.instant("moment", moment).astimezone(zone)

    @property
    def is_own(self) -> bool:
        """Whether *existing* is the redemption of this very booking (D21)."""
        return self.existing is not None and self.existing.booking.id == self.booking.id

    @property
    def exchanged(self) -> Redemption | None:
        """The redemption of another booking that this one takes the place of, or None (D21)."""
        return None if self.existing is None or self.is_own else self.existing

    def exchanged_by(self, actor: Actor) -> Redemption | None:
        """Return the redemption that this actor exchanges for the booking, or None (D21)."""
        return None if self.existing is None or self.by is not actor else self.exchanged

    def with_existing_returned(self) -> Self:
        """Return the case with the reserved credits of *existing* back in their packages (D21)."""
        if self.existing is None:
            return self
        back = Counter(
            (draw.package_id, draw.entitlement_id)
            for draw in self.existing.draws
            if draw.is_reserved
        )
        return replace(self, packages=tuple(each.with_returned(back) for each in self.packages))


_made_case = unchecked(Case)


def case_of(  # noqa: PLR0917 - one call, in the order of the fields
    account: AccountSettings,
    client: Client,
    packages: Iterable[Package],
    booking: Booking,
    now: datetime,
    existing: Redemption | None,
    by: Actor,
    note: str,
) -> Case:
    """Return the case of these facts, checked as `Case` checks them, and made for less."""
    # Each check is asked for only where a glance at the class does not settle it.
    if (
        type(account) is not AccountSettings
        or type(client) is not Client
        or type(booking) is not Booking
        or existing is not None
        or type(by) is not Actor
        or type(note) is not str
    ):
        _check(account, client, booking, existing, by, note)
    held = checked_packages("Case.packages", packages)
    moment = check.instant("Case.now", now)
    return _made_case(account, client, held, booking, moment, existing, by, note)


def checked_packages(field: str, packages: Iterable[Package]) -> tuple[Package, ...]:
    """Return the packages as a tuple, each there only once (D27)."""
    if (
        isinstance(packages, tuple)
        and type(packages) is tuple
        and len(packages) == 1
        and type(packages[0]) is Package
    ):
        return packages  # as most clients have it: there is nothing more to look at
    found = check.items(field, packages, Package)
    if len({each.id for each in found}) < len(found):
        check.unique(field, found, _id_of)  # which says what is there twice
    return found


def _check(  # noqa: PLR0917 - two calls, in the order of the fields
    account: AccountSettings,
    client: Client,
    booking: Booking,
    existing: Redemption | None,
    by: Actor,
    note: str,
) -> None:
    check.kind_of("Case.account", account, AccountSettings)
    check.kind_of("Case.client", client, Client)
    check.kind_of("Case.booking", booking, Booking)
    check.optional_kind_of("Case.existing", existing, Redemption)
    check.member("Case.by", by, Actor)
    check.free_text("Case.note", note)


def _id_of(package: Package) -> str:
    return package.id

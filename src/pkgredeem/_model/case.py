"""A case: one question, whole.

The value that rules look at, and nothing else. It holds all that a decision depends on, the present
included, so that the same case always gets the same decision.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, final

from pkgredeem._model import checks as check
from pkgredeem._model.account import AccountSettings
from pkgredeem._model.booking import Booking, BookingLine, Client
from pkgredeem._model.packages import Package, checked_packages
from pkgredeem._model.redemption import Redemption
from pkgredeem._model.unchecked import unchecked_replace
from pkgredeem._model.words import Actor
from pkgredeem.exceptions import InvalidValueError

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_PACKAGES = 1_000
MOST_ENTITLEMENTS = 1_000


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """May this client pay for this booking with a package? All facts of that question.

    Attributes:
        account: the account's settings.
        client: who books.
        packages: the packages to look at, each once (D27), in any order; any iterable is taken; at
            most 1,000, with 1,000 entitlements in all (D75).
        booking: what is booked.
        now: the moment of booking, aware, stored in UTC; never read from a clock (D15).
        existing: this booking's own redemption, or the one that is exchanged for it (D21).
        by: who books, as a record (D36).
        note: a free text that is kept with the act (D36).
        only: the ids of the packages that may pay, one or more; None for any (D68).

    Raises:
        InvalidValueError: a field has the wrong type, a package id occurs twice, there are too many
            packages or entitlements, or *existing* is another client's.

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
    only: frozenset[str] | None = None

    if TYPE_CHECKING:

        def __init__(
            self,
            *,
            account: AccountSettings,
            client: Client,
            packages: "Iterable[Package]",
            booking: Booking,
            now: datetime,
            existing: Redemption | None = ...,
            by: Actor = ...,
            note: str = ...,
            only: "Iterable[str] | None" = ...,
        ) -> None: ...

    def __post_init__(self) -> None:
        """Check every field; store the packages as a tuple and the present in UTC."""
        if (
            type(self.account) is AccountSettings
            and type(self.client) is Client
            and type(self.booking) is Booking
            and _are_right_at_a_glance(self.packages)
            and check.is_utc_instant(self.now)
            and (self.existing, self.only) == (None, None)
            and type(self.by) is Actor
            and type(self.note) is str
        ):
            return
        check.kind_of("Case.account", self.account, AccountSettings)
        check.kind_of("Case.client", self.client, Client)
        packages = checked_packages("Case.packages", self.packages)
        check.at_most("Case.packages", packages, MOST_PACKAGES, "packages")
        entitlements = [item for package in packages for item in package.entitlements]
        check.at_most("Case.packages", entitlements, MOST_ENTITLEMENTS, "entitlements")
        check.put(self, "packages", packages)
        check.kind_of("Case.booking", self.booking, Booking)
        check.put(self, "now", check.instant("Case.now", self.now))
        check.optional_kind_of("Case.existing", self.existing, Redemption)
        if self.existing is not None and self.existing.client_id != self.client.id:
            allowed = f"a redemption of the client who books, {self.client.id!r}"
            raise InvalidValueError("Case.existing", self.existing.client_id, allowed)
        check.member("Case.by", self.by, Actor)
        check.free_text("Case.note", self.note)
        if self.only is not None:
            check.put(self, "only", frozenset(check.identifiers("Case.only", self.only)))

    def trait(self, line: BookingLine, name: str) -> str | None:
        """Return what is told of a trait for that line: its own, the booking's, the client's (D45).

        None where none of them tells it.
        """
        for tells in (line, self.booking, self.client):
            text = tells.trait(name)
            if text is not None:
                return text
        return None

    def local(self, moment: datetime) -> datetime:
        """Return that instant as the account's own local time.

        Raises:
            InvalidValueError: the account has no time zone, or the instant none.
        """
        zone = self.account.time_zone
        if zone is None:
            raise InvalidValueError(
                "AccountSettings.time_zone", None, "a ZoneInfo where a rule asks for local time"
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

    def with_existing_returned(self) -> "Case":
        """Return the case with the reserved credits of *existing* back in their packages (D21).

        Its reserved uses are off them as well, so that it never counts against itself (D54).
        """
        if self.existing is None:
            return self
        back: Counter[tuple[str, str]] = Counter()
        for draw in self.existing.reserved_draws:
            back[draw.package_id, draw.entitlement_id] += draw.credits
        booking_id = self.existing.booking.id
        packages = tuple([package.with_returned(booking_id, back) for package in self.packages])
        return _with_packages(self, packages)

    def with_ends(self) -> "Case":
        """Return the case with the end of each package in the account's zone (D53).

        Raises:
            InvalidValueError: a term of first use has begun, and the account has no time zone.
        """
        for package in self.packages:
            if "lasts" in package.beyond:
                zone = self.account.time_zone
                packages = tuple([each.with_end_in(zone) for each in self.packages])
                return _with_packages(self, packages)
        return self


def _are_right_at_a_glance(packages: tuple[Package, ...]) -> bool:
    """Tell whether these are packages as they are stored, not too many, and each there once."""
    if not check.are_all(packages, Package):
        return False
    if len(packages) == 1:
        return len(packages[0].entitlements) <= MOST_ENTITLEMENTS
    return (
        len({package.id for package in packages}) == len(packages) <= MOST_PACKAGES
        and sum([len(package.entitlements) for package in packages]) <= MOST_ENTITLEMENTS
    )


_with_packages = unchecked_replace(Case, "packages")

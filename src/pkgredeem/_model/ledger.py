"""Credits that move between buckets: movements, the change that an act makes, and balances.

Values only. Every movement takes credits from one bucket to another of the same entitlement, so
what was sold is the sum of the four buckets at every moment, by construction.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Self, TypeAlias, final

from pkgredeem._model import checks as check
from pkgredeem._model.draws import BUCKET_OF
from pkgredeem._model.redemption import Redemption
from pkgredeem._model.words import UNLIMITED, Act, Actor, Bucket, Unlimited
from pkgredeem.exceptions import InvalidValueError

#: Package and entitlement, and the buckets that credits leave and reach.
_Way: TypeAlias = tuple[str, str, Bucket, Bucket]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """Credits of one entitlement that go from one bucket to another.

    Attributes:
        booking_id: the booking that caused it.
        package_id: the package.
        entitlement_id: the entitlement of that package.
        credits: how many, 1 or more.
        source: the bucket that they leave.
        target: the bucket that they reach, another one.
        act: the act that moved them.
        at: the instant of the act, in UTC.
        by: who acted.
        note: a free text that is kept (D36).

    Raises:
        InvalidValueError: a field has the wrong type, the count is below 1, or both buckets are
            one.

    Example:
        >>> from datetime import UTC, datetime
        >>> booked = Movement(
        ...     booking_id="b1",
        ...     package_id="p1",
        ...     entitlement_id="facial",
        ...     credits=1,
        ...     source=Bucket.AVAILABLE,
        ...     target=Bucket.RESERVED,
        ...     act=Act.BOOK,
        ...     at=datetime(2026, 5, 1, 9, tzinfo=UTC),
        ...     by=Actor.CLIENT,
        ... )
        >>> booked.available_delta
        -1
    """

    booking_id: str
    package_id: str
    entitlement_id: str
    credits: int
    source: Bucket
    target: Bucket
    act: Act
    at: datetime
    by: Actor
    note: str = ""

    def __post_init__(self) -> None:
        """Check every field."""
        if (
            type(self.booking_id) is type(self.package_id) is type(self.entitlement_id) is str
            and self.booking_id
            and self.package_id
            and self.entitlement_id
            and type(self.credits) is int
            and self.credits >= 1
            and type(self.source) is type(self.target) is Bucket
            and self.source is not self.target
            and type(self.act) is Act
            and check.is_utc_instant(self.at)
            and type(self.by) is Actor
            and type(self.note) is str
        ):
            return
        check.identifier("Movement.booking_id", self.booking_id)
        check.identifier("Movement.package_id", self.package_id)
        check.identifier("Movement.entitlement_id", self.entitlement_id)
        check.whole("Movement.credits", self.credits, least=1)
        check.member("Movement.source", self.source, Bucket)
        check.member("Movement.target", self.target, Bucket)
        check.member("Movement.act", self.act, Act)
        check.put(self, "at", check.instant("Movement.at", self.at))
        check.member("Movement.by", self.by, Actor)
        check.free_text("Movement.note", self.note)
        if self.source is self.target:
            raise InvalidValueError(
                "Movement.target", self.target, "a bucket other than the source"
            )

    @property
    def available_delta(self) -> int:
        """What the movement adds to the credits that are left, for a store that keeps no more."""
        if self.target is Bucket.AVAILABLE:
            return self.credits
        return -self.credits if self.source is Bucket.AVAILABLE else 0


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one act does to one redemption: commit it whole or not at all.

    Attributes:
        before: the redemption as the act found it; None when it is booked.
        after: the redemption as the act leaves it, one version on.
        movements: one for each entitlement and pair of buckets, sorted by package, entitlement,
            source and target; none for a reschedule. Any iterable is taken.
        package_versions: the version of each package that a booking or a reschedule draws on, where
            it has one, as pairs sorted by id: what the store must compare, so that no cap is broken
            in a race (D57).

    Raises:
        InvalidValueError: a field has the wrong type, the two redemptions are of two bookings, or
            the version of *after* does not follow.

    Example:
        >>> from datetime import UTC, datetime
        >>> from pkgredeem import AccountSettings, Booking, Client, Entitlement, Package
        >>> from pkgredeem import RedemptionPolicy, Service, rules
        >>> five_facials = [Entitlement(services=["facial"], remaining=5)]
        >>> decision = RedemptionPolicy(rules.IN_STORE).decide(
        ...     account=AccountSettings(),
        ...     client=Client(id="ana"),
        ...     packages=[Package(id="p1", client_id="ana", entitlements=five_facials)],
        ...     booking=Booking.of(
        ...         Service(id="facial"), id="b1", starts_at=datetime(2026, 5, 5, 10, tzinfo=UTC)
        ...     ),
        ...     now=datetime(2026, 5, 1, 9, tzinfo=UTC),
        ... )
        >>> decision.change.after.version
        1
    """

    before: Redemption | None
    after: Redemption
    movements: tuple[Movement, ...]
    package_versions: tuple[tuple[str, int], ...] = ()

    def __post_init__(self) -> None:
        """Check every field, and that *after* follows *before*."""
        if (
            self.before is None
            and type(self.after) is Redemption
            and self.after.version == 1
            and check.are_all(self.movements, Movement)
            and self.package_versions == ()
        ):
            booking_id = self.after.booking.id
            for movement in self.movements:
                if movement.booking_id != booking_id:
                    break
            else:
                return
        check.optional_kind_of("Change.before", self.before, Redemption)
        check.kind_of("Change.after", self.after, Redemption)
        check.put(self, "movements", check.items("Change.movements", self.movements, Movement))
        versions = check.pairs("Change.package_versions", self.package_versions, "ids and versions")
        for package_id, version in versions:
            check.whole(f"Change.package_versions[{package_id!r}]", version, least=0)
        check.put(self, "package_versions", versions)
        before = self.before
        booking_id = self.after.booking.id
        if before is not None and (before.booking.id, before.client_id) != (
            booking_id,
            self.after.client_id,
        ):
            allowed = "a redemption of the same booking and client"
            raise InvalidValueError("Change.after", booking_id, allowed)
        for movement in self.movements:
            if movement.booking_id != booking_id:
                allowed = f"movements of booking {booking_id!r}"
                raise InvalidValueError("Change.movements", movement.booking_id, allowed)
        follows = 1 if before is None else before.version + 1
        if self.after.version != follows:
            raise InvalidValueError("Change.after", self.after.version, f"version {follows}")

    def check_movements(self) -> None:
        """Refuse movements that are not what the draws say, before a store commits them.

        A booking that takes no credit off could be cancelled later, and give back what it never
        took. Bookings that are paid already come by `adopt`.

        Raises:
            InvalidValueError: the movements are not exactly those from *before* to *after*, or the
                two draw on different credits.
        """
        if self.before is not None and _drawn_by(self.before) != _drawn_by(self.after):
            allowed = f"drawn on the credits of before, {_drawn_by(self.before)}"
            raise InvalidValueError("Change.after", _drawn_by(self.after), allowed)
        moved: dict[_Way, int] = {}
        for movement in self.movements:
            place = movement.package_id, movement.entitlement_id
            way = (*place, movement.source, movement.target)
            moved[way] = moved.get(way, 0) + movement.credits
        drawn = _moved_by_draws(self.before, self.after)
        if moved != drawn:
            allowed = f"what its draws say, {_told(drawn)}"
            raise InvalidValueError("Change.movements", _told(moved), allowed)


def _drawn_by(redemption: Redemption) -> list[tuple[int, str, str, int]]:
    """Return which line draws how many credits on what: an act never changes that."""
    return [
        (draw.line, draw.package_id, draw.entitlement_id, draw.credits) for draw in redemption.draws
    ]


def _moved_by_draws(before: Redemption | None, after: Redemption) -> dict[_Way, int]:
    """Return how many credits go from which bucket to which, as the draws of each line say."""
    sources = {} if before is None else {draw.line: BUCKET_OF[draw.state] for draw in before.draws}
    moved: dict[_Way, int] = {}
    for draw in after.draws:
        source, target = sources.get(draw.line, Bucket.AVAILABLE), BUCKET_OF[draw.state]
        if source is not target:
            way = draw.package_id, draw.entitlement_id, source, target
            moved[way] = moved.get(way, 0) + draw.credits
    return moved


def _told(moved: dict[_Way, int]) -> list[str]:
    return sorted(
        f"{credits_moved} of {entitlement_id!r} in {package_id!r}: {source.value} to {target.value}"
        for (package_id, entitlement_id, source, target), credits_moved in moved.items()
    )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Where the credits of one entitlement are.

    Attributes:
        available: left to be booked with; UNLIMITED where nothing is counted (D42).
        reserved: drawn by bookings that have not ended.
        redeemed: spent on services that were given.
        forfeited: lost to late cancellations and no-shows.

    Raises:
        InvalidValueError: a count is not a whole number, or negative.

    Example:
        >>> from datetime import UTC, datetime
        >>> booked = Movement(
        ...     booking_id="b1",
        ...     package_id="p1",
        ...     entitlement_id="facial",
        ...     credits=1,
        ...     source=Bucket.AVAILABLE,
        ...     target=Bucket.RESERVED,
        ...     act=Act.BOOK,
        ...     at=datetime(2026, 5, 1, 9, tzinfo=UTC),
        ...     by=Actor.CLIENT,
        ... )
        >>> Balance.of(5, [booked])
        Balance(available=4, reserved=1, redeemed=0, forfeited=0)
    """

    available: int | Unlimited
    reserved: int
    redeemed: int
    forfeited: int

    def __post_init__(self) -> None:
        """Check every count."""
        if (
            type(self.available) is int
            and type(self.reserved) is type(self.redeemed) is type(self.forfeited) is int
            and self.available >= 0
            and min(self.reserved, self.redeemed, self.forfeited) >= 0
        ):
            return
        for bucket in Bucket:
            if bucket is not Bucket.AVAILABLE or self.available is not UNLIMITED:
                check.whole(f"Balance.{bucket.value}", getattr(self, bucket.value), least=0)

    @classmethod
    def of(cls, sold: int | Unlimited, movements: Iterable[Movement]) -> Self:
        """Return the balance after these movements of one entitlement.

        Args:
            sold: units that the entitlement was sold with, 0 or more, or UNLIMITED.
            movements: every movement of that entitlement, in any order.

        Raises:
            InvalidValueError: the movements belong to two entitlements, or take more from a bucket
                than it ever held.
        """
        if sold is not UNLIMITED:
            check.whole("sold", sold, least=0)
        checked = check.items("movements", movements, Movement)
        owners = sorted({(movement.package_id, movement.entitlement_id) for movement in checked})
        if len(owners) > 1:
            raise InvalidValueError("movements", owners, "the movements of one entitlement")
        moved = dict.fromkeys(Bucket, 0)
        for movement in checked:
            moved[movement.source] -= movement.credits
            moved[movement.target] += movement.credits
        left = UNLIMITED if sold is UNLIMITED else sold + moved[Bucket.AVAILABLE]
        return cls(
            available=left,
            reserved=moved[Bucket.RESERVED],
            redeemed=moved[Bucket.REDEEMED],
            forfeited=moved[Bucket.FORFEITED],
        )

    @property
    def sold(self) -> int | Unlimited:
        """What was sold, which is the sum of the four buckets, or UNLIMITED."""
        if self.available is UNLIMITED:
            return UNLIMITED
        return self.available + self.reserved + self.redeemed + self.forfeited

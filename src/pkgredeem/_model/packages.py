"""What was sold: packages, whose they are, until when they can be used, and what is left in them.

Values only: they check themselves and know facts about themselves (whose a package is, whether it
is over at an instant); whether that refuses anything is said by rules. Instants are aware and
stored in UTC (D15).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, final
from zoneinfo import ZoneInfo

from pkgredeem._model import checks as check
from pkgredeem._model import record
from pkgredeem._model.account import CancellationTerms
from pkgredeem._model.booking import CREDIT, Client
from pkgredeem._model.calendar import end_of_day, local_day
from pkgredeem._model.entitlement import Entitlement
from pkgredeem._model.plans import Pause, Restrictions, Term
from pkgredeem._model.quick import once_it_pays
from pkgredeem._model.quotas import Quota, Use
from pkgredeem._model.stored import stored_reader
from pkgredeem._model.unchecked import unchecked_replace
from pkgredeem._model.words import (
    UNLIMITED,
    DrawState,
    PackageKind,
    PackageStatus,
    Period,
)
from pkgredeem.exceptions import InvalidValueError

FORMAT = "pkgredeem-package/1"
_NEW = PackageKind.NEW
_ACTIVE = PackageStatus.ACTIVE
_DEFAULTS = (None, ())
_NOTHING: frozenset[str] = frozenset()  # one for all, so that it is found at once
_STATUS = frozenset(("status",))
_FIELDS_BEYOND = (
    "shared_with",
    "book_until",
    "pauses",
    "lasts",
    "restrictions",
    "quotas",
    "cancellation",
    "traits",
    "uses",
)
_SIMPLE = ((), None, (), None, None, (), None, (), (), None)  # of a package of the article
_FIELDS_OF_ENTITLEMENTS = ("valid_from", "valid_until", "restrictions", "quotas")
_NEVER = datetime.max.replace(tzinfo=UTC)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package that was sold to a client in store (T11, T12), and what is left in it now.

    Attributes:
        id: the package's id.
        client_id: whose it is.
        entitlements: what it gives, one or more, each id once; any iterable is taken.
        kind: new, or legacy (T04).
        status: active, archived (T24), suspended, or void (D52).
        sold_at: when it was sold; None when unknown. Must not be after the moment of booking (D32).
        valid_from: the first instant of its validity, inclusive; None for always.
        valid_until: the end of its validity, exclusive; None for never (D06).
        priority: the higher one is drawn on first (D20).
        name: what people call it; may be empty.
        shared_with: the ids of other clients who hold it for every rule (D59); any iterable, stored
            sorted.
        book_until: from this instant on nothing more can be booked with it, exclusive; None for
            never (D49).
        pauses: when it is frozen (D51).
        lasts: how long it is valid from the day of its first use; None for its validity alone
            (D53).
        restrictions: where, when and with what notice it may be used; None for no more (D45).
        quotas: how often all of it may be used in a period (D54).
        cancellation: its own cancellation terms, in place of the account's; None for those (D60).
        traits: texts by name for callers' own rules (D40); any mapping, stored as pairs sorted by
            name.
        uses: what it paid for and did not return; may be left out where nothing counts them (D66).
        version: which state of package and uses this is, 0 or more; None where its store keeps
            none (D57).
        beyond: the fields beyond the article that it sets, or an entitlement of it does, by name;
            computed, so that rules that say what they read are asked only where it is there.
        end: the end of its validity by which packages are ranked; computed: *valid_until*, or an
            earlier end of its term of first use once `with_end_in` has looked at it.

    Raises:
        InvalidValueError: a field has the wrong type, an id is empty, there is no entitlement or
            two have one id, or *valid_from* is not before *valid_until*.

    Example:
        >>> five_facials = [Entitlement(services=["facial"], remaining=5)]
        >>> Package(id="p1", client_id="ana", entitlements=five_facials).has_credit
        True
    """

    id: str
    client_id: str
    entitlements: tuple[Entitlement, ...]
    kind: PackageKind = PackageKind.NEW
    status: PackageStatus = PackageStatus.ACTIVE
    sold_at: datetime | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    priority: int = field(default=0, metadata=record.SIGNED)
    name: str = ""
    shared_with: tuple[str, ...] = ()
    book_until: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    lasts: Term | None = None
    restrictions: Restrictions | None = None
    quotas: tuple[Quota, ...] = ()
    cancellation: CancellationTerms | None = None
    traits: tuple[tuple[str, str], ...] = ()
    uses: tuple[Use, ...] = field(default=(), metadata=record.NOT_STORED)
    version: int | None = field(default=None, metadata=record.NOT_STORED)
    beyond: frozenset[str] = field(init=False, repr=False, compare=False)
    end: datetime | None = field(init=False, repr=False, compare=False)

    if TYPE_CHECKING:

        def __init__(
            self,
            *,
            id: str,
            client_id: str,
            entitlements: Iterable[Entitlement],
            kind: PackageKind = ...,
            status: PackageStatus = ...,
            sold_at: datetime | None = ...,
            valid_from: datetime | None = ...,
            valid_until: datetime | None = ...,
            priority: int = ...,
            name: str = ...,
            shared_with: Iterable[str] = ...,
            book_until: datetime | None = ...,
            pauses: Iterable[Pause] = ...,
            lasts: Term | None = ...,
            restrictions: Restrictions | None = ...,
            quotas: Iterable[Quota] = ...,
            cancellation: CancellationTerms | None = ...,
            traits: Mapping[str, str] | Iterable[tuple[str, str]] = ...,
            uses: Iterable[Use] = ...,
            version: int | None = ...,
        ) -> None: ...

    def __repr__(self) -> str:
        """Show what differs from its default."""
        return check.repr_of_what_is_set(self)

    def __post_init__(self) -> None:
        """Check every field; store the entitlements as a tuple and instants in UTC."""
        if self._is_right_at_a_glance():
            check.put(self, "beyond", _NOTHING if self.status is _ACTIVE else _STATUS)
            check.put(self, "end", self.valid_until)
            return
        check.identifier("Package.id", self.id)
        check.identifier("Package.client_id", self.client_id)
        entitlements = check.items("Package.entitlements", self.entitlements, Entitlement, least=1)
        check.unique("Package.entitlements", entitlements, _id_of)
        check.put(self, "entitlements", entitlements)
        check.member("Package.kind", self.kind, PackageKind)
        check.member("Package.status", self.status, PackageStatus)
        check.put(self, "sold_at", check.optional_instant("Package.sold_at", self.sold_at))
        check.validity(self)
        check.whole("Package.priority", self.priority)
        check.free_text("Package.name", self.name)
        shared_with = check.identifiers("Package.shared_with", self.shared_with, least=0)
        check.put(self, "shared_with", tuple(sorted(set(shared_with))))
        check.put(self, "book_until", check.optional_instant("Package.book_until", self.book_until))
        check.put(self, "pauses", check.items("Package.pauses", self.pauses, Pause))
        check.optional_kind_of("Package.lasts", self.lasts, Term)
        check.optional_kind_of("Package.restrictions", self.restrictions, Restrictions)
        check.put(self, "quotas", check.items("Package.quotas", self.quotas, Quota))
        check.optional_kind_of("Package.cancellation", self.cancellation, CancellationTerms)
        check.put(self, "traits", check.traits("Package.traits", self.traits))
        check.put(self, "uses", check.items("Package.uses", self.uses, Use))
        if self.version is not None:
            check.whole("Package.version", self.version, least=0)
        check.put(self, "beyond", frozenset(self._names_beyond()) or _NOTHING)
        check.put(self, "end", self.valid_until)

    def _is_right_at_a_glance(self) -> bool:
        """Tell whether it says no more than the article, and every field is as it is stored.

        The status may be any. What this doubts is looked at field by field; it saves most packages
        three quarters of that.
        """
        if not (
            type(self.id) is type(self.client_id) is type(self.name) is str
            and self.id
            and self.client_id
            and type(self.kind) is PackageKind
            and type(self.status) is PackageStatus
            and type(self.priority) is int
            and type(self.entitlements) is tuple
            and self.entitlements
            and check.is_optional_utc_instant(self.sold_at)
            and check.is_optional_utc_instant(self.valid_from)
            and check.is_optional_utc_instant(self.valid_until)
        ):
            return False
        if (
            self.valid_from is not None
            and self.valid_until is not None
            and self.valid_from >= self.valid_until
        ):
            return False
        said = (
            self.shared_with,
            self.book_until,
            self.pauses,
            self.lasts,
            self.restrictions,
            self.quotas,
            self.cancellation,
            self.traits,
            self.uses,
            self.version,
        )
        if said != _SIMPLE:
            return False
        for entitlement in self.entitlements:
            if type(entitlement) is not Entitlement or not entitlement.sets_nothing_beyond:
                return False
        return len(self.entitlements) == 1 or len({one.id for one in self.entitlements}) == len(
            self.entitlements
        )

    def _names_beyond(self) -> Iterable[str]:
        """Yield the fields beyond the article that it sets, or an entitlement of it does."""
        if self.status is not _ACTIVE:
            yield "status"
        for name in _FIELDS_BEYOND:
            if getattr(self, name) not in _DEFAULTS:
                yield name
        for entitlement in self.entitlements:
            if entitlement.unit != CREDIT:
                yield "unit"
            for name in _FIELDS_OF_ENTITLEMENTS:
                if getattr(entitlement, name) not in _DEFAULTS:
                    yield name

    def is_held_by(self, client: Client) -> bool:
        """Tell whether it was sold to this client, or is shared with them; a guest holds none.

        See T12, D04 and D59.
        """
        return self.client_id == client.id or client.id in self.shared_with

    def is_sold_by(self, moment: datetime) -> bool:
        """Tell whether it was sold by that instant, inclusive; unknown counts as sold (D32)."""
        return self.sold_at is None or self.sold_at <= moment

    def has_started_by(self, moment: datetime) -> bool:
        """Tell whether its validity has begun at that instant, inclusive (D06)."""
        return self.valid_from is None or self.valid_from <= moment

    def is_over_by(self, moment: datetime) -> bool:
        """Tell whether its validity has ended at that instant; the end itself is over (D06)."""
        return self.valid_until is not None and self.valid_until <= moment

    @property
    def has_credit(self) -> bool:
        """Whether at least one credit is left in any entitlement."""
        for entitlement in self.entitlements:  # as each says itself, but without a call for each
            if entitlement.remaining is UNLIMITED or entitlement.remaining > 0:
                return True
        return False

    @property
    def use_starts(self) -> tuple[datetime, ...]:
        """The starts of its uses."""
        return tuple([use.starts_at for use in self.uses])

    @property
    def has_quotas(self) -> bool:
        """Whether it, or an entitlement of it, has a quota."""
        return bool(self.quotas) or any(entitlement.quotas for entitlement in self.entitlements)

    def with_end_in(self, zone: ZoneInfo | None) -> "Package":
        """Return the same package, its end that of its term of first use if it is earlier (D53).

        Raises:
            InvalidValueError: the term has begun, and no time zone says on which day it ends.
        """
        if self.lasts is None or not self.uses:
            return self
        if zone is None:
            allowed = "a ZoneInfo where a package lasts from its first use"
            raise InvalidValueError("AccountSettings.time_zone", None, allowed)
        first = local_day(min(self.use_starts), zone)
        ends = (self.valid_until, end_of_day(self.lasts.last_day(first), zone))
        return _with_end(self, min((end for end in ends if end is not None), default=None))

    def with_end_of(self, other: "Package") -> "Package":
        """Return the same package with the end of another state of it."""
        return self if self.end == other.end else _with_end(self, other.end)

    def is_active(self, client: Client, now: datetime) -> bool:
        """Tell whether it counts as an active package of this client at that instant (T10, D05).

        One that says until when it can be booked with counts before its validity begins (D49).
        """
        return (
            self.kind is _NEW
            and self.status is _ACTIVE
            and self.is_held_by(client)
            and self.is_sold_by(now)
            and (self.valid_from is None or self.valid_from <= now or self.book_until is not None)
            and (self.end is None or now < self.end)
            and (self._can_be_used(now) if self.beyond else self.has_credit)
        )

    def _can_be_used(self, now: datetime) -> bool:
        """Tell the same of what is said beyond the article: book-by, pauses, caps, credits."""
        bookable = self.book_until is not None
        used = len(self.uses)
        is_closed = self.is_closed_for_booking(now) or self.pause_at(now) is not None
        if is_closed or any(used >= one.most for one in self.quotas if one.per is Period.EVER):
            return False
        return any(
            entitlement.has_credit
            and (bookable or entitlement.has_started_by(now))
            and not entitlement.is_over_by(now)
            for entitlement in self.entitlements
        )

    def is_closed_for_booking(self, now: datetime) -> bool:
        """Tell whether nothing more can be booked with it at that instant, inclusive (D49)."""
        return self.book_until is not None and self.book_until <= now

    def pause_at(self, moment: datetime) -> Pause | None:
        """Return the pause that the instant lies in, the one that begins first; None outside."""
        found = [pause for pause in self.pauses if pause.includes(moment)]
        return min(found, key=_bounds_of) if found else None

    def restrictions_on(self, entitlement: Entitlement) -> tuple[Restrictions, ...]:
        """Return what must be met to use this entitlement of it, the package's own first (D45)."""
        both = (self.restrictions, entitlement.restrictions)
        return tuple([one for one in both if one is not None])

    def entitlement(self, entitlement_id: str) -> Entitlement | None:
        """Return its entitlement of that id, or None."""
        for entitlement in self.entitlements:
            if entitlement.id == entitlement_id:
                return entitlement
        return None

    def with_returned(self, booking_id: str, back: Mapping[tuple[str, str], int]) -> "Package":
        """Return the same package without the reserved uses of a booking, and its credits back.

        These are counted by package and entitlement id.
        """
        if not self.uses and not any((self.id, held.id) in back for held in self.entitlements):
            return self
        restored = tuple(
            [
                _with_remaining(held, held.remaining + back[self.id, held.id])
                if held.remaining is not UNLIMITED and (self.id, held.id) in back
                else held
                for held in self.entitlements
            ]
        )
        others = tuple(
            [
                use
                for use in self.uses
                if use.booking_id != booking_id or use.state is not DrawState.RESERVED
            ]
        )
        return _with_credits_and_uses(self, restored, others)

    def to_document(self) -> dict[str, object]:
        """Return the JSON form that a store keeps: plain dicts, lists, texts, numbers and None.

        Its uses and its version are no part of it: they are the store's own (D66).

        Returns:
            A dict that `from_document` reads back; its `format` is "pkgredeem-package/1". A field
            is left out where it has its default, so that what is stored stays readable (D65).
        """
        return {"format": FORMAT, **_FORM.write(self)}

    @classmethod
    def from_document(cls, document: object) -> "Package":
        """Return the package that `to_document` wrote, without uses and version.

        Raises:
            InvalidValueError: the document is not of that form.
        """
        read = _read_quickly(document)
        if read is not None:
            return read
        return _FORM.read("package", record.members_of("package", document, FORMAT))


_read_quickly = once_it_pays(lambda: stored_reader(Package, written_format=FORMAT, sparse=True))
_FORM = record.form_of(Package, sparse=True)
_with_remaining = unchecked_replace(Entitlement, "remaining")
_with_credits_and_uses = unchecked_replace(Package, "entitlements", "uses")
_with_end = unchecked_replace(Package, "end")


def checked_packages(field: str, packages: object) -> tuple[Package, ...]:
    """Return the packages as a tuple, each there only once (D27)."""
    found = check.items(field, packages, Package)
    check.unique(field, found, _id_of)
    return found


def _bounds_of(pause: Pause) -> tuple[datetime, datetime]:
    return pause.starts_at, pause.ends_at or _NEVER


def _id_of(item: Entitlement | Package) -> str:
    return item.id

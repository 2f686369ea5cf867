"""What a case document looks like: one table for each object in it.

The keys and words are those of the values, and a few more that people write: local days beside
instants (`sold_on`, `valid_through`, `book_through` and those of a pause), and `valid_for`. A key
that was added since the first form stands at the end of its table, and is written only where it
differs from its default.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Final, cast
from zoneinfo import ZoneInfo

from pkgredeem import (
    AccountSettings,
    Actor,
    Booking,
    BookingLine,
    Case,
    Client,
    ClientLogin,
    Entitlement,
    Package,
    PackageKind,
    PackageStatus,
    PickedFrom,
    Redemption,
    Service,
    Term,
)
from pkgredeem._model.booking import CREDIT, MOST_LINES
from pkgredeem._model.calendar import end_of_day, local_day, start_of_day
from pkgredeem._model.case import MOST_ENTITLEMENTS, MOST_PACKAGES
from pkgredeem.documents import _scalars as scalars
from pkgredeem.documents._kinds import ListOf, MapOf, Reading, or_null
from pkgredeem.documents._objects import Key, LocalDay, Members, ObjectOf
from pkgredeem.documents._plans import (
    CANCELLATION,
    PAUSES,
    QUOTAS,
    RESTRICTIONS,
    TRAITS,
    USES,
    refuse_disorder,
)
from pkgredeem.documents._problems import format_value

#: The format of a case document.
CASE_FORMAT: Final = "pkgredeem/1"


def _hand_on_zone(members: Members) -> None:
    """Hand on the account's time zone to the local days that are read after it."""
    if "time_zone" in members.values:
        members.reading.zone = members.get("time_zone", ZoneInfo)
    if "time_zone" in members.raw:
        members.reading.zone_found = "null"


def _keep_zone(account: AccountSettings, reading: Reading) -> None:
    """Hand it on where the account was read quickly."""
    reading.zone = account.time_zone


def _refuse_guest_logged_in(members: Members) -> None:
    if members.get("logged_in", bool) and "id" in members.values and not members.has("id"):
        members.refuse("logged_in", "false for a guest")


_refuse_end_of_validity: Final = partial(
    refuse_disorder,
    first="valid_from",
    last="valid_until",
    kind=datetime,
    allowed="an instant before the end of validity, {}",
)


def _resolve_term(members: Members) -> None:
    """Resolve the term (D26), and refuse an end of validity that is not after its start."""
    term = members.get("valid_for", Term)
    if term is not None:
        _resolve_last_day(members, term)
    _refuse_end_of_validity(members)


def _resolve_last_day(members: Members, term: Term) -> None:
    if not members.has("sold_on") and not members.has("sold_at"):
        members.refuse("valid_for", "left out where no sold_on or sold_at says when it begins")
        return
    day = members.get("sold_on", date)
    sold_at = members.get("sold_at", datetime)
    if day is None and sold_at is not None:
        zone = members.reading.zone_for((members.at, "valid_for"))
        day = None if zone is None else local_day(sold_at, zone)
    if day is None:
        return
    allowed = "a term that ends before the year 9999"
    says = LocalDay("valid_until", end_of_day, allowed)
    members.resolve("valid_for", term.last_day(day), says)


def _refuse_redemption_of_another(members: Members) -> None:
    client, existing = members.get("client", Client), members.get("existing", Redemption)
    if client is not None and existing is not None and existing.client_id != client.id:
        place = ((members.at, "existing"), "client_id")
        allowed = f"the client who books, {format_value(client.id)}"
        members.reading.problems.add(place, format_value(existing.client_id), allowed)


def _id_of(raw: object, left_out: str | None = None) -> str | None:
    members = cast("dict[str, object]", raw) if isinstance(raw, dict) else {}
    return scalars.id_of(members.get("id", left_out)) if members else None


def _excess_entitlements(packages: Sequence[object]) -> str | None:
    """Tell how many entitlements all packages have together where there are too many (D75)."""
    count = 0
    for package in packages:
        if isinstance(package, dict):
            entitlements = cast("dict[str, object]", package).get("entitlements")
            count += len(cast("list[object]", entitlements)) if type(entitlements) is list else 0
    return f"a list with {count} entitlements" if count > MOST_ENTITLEMENTS else None


# It is read before everything that needs its time zone.
_ACCOUNT: Final = ObjectOf(
    AccountSettings,
    {
        "activated_on": Key(or_null(scalars.DAY), None),
        "online_redemption": Key(or_null(scalars.FLAG), None),
        "client_login": Key(scalars.word(ClientLogin), ClientLogin.DISABLED),
        "package_kind": Key(scalars.word(PackageKind), PackageKind.NEW),
        "deposit_required": Key(scalars.FLAG, default=False),
        "card_capture": Key(scalars.FLAG, default=False),
        "cancellation": Key(or_null(CANCELLATION), None),
        "time_zone": Key(or_null(scalars.ZONE), None),
        "week_starts": Key(scalars.WEEKDAY, 1, is_added=True),
    },
    reconcile=_hand_on_zone,
    hand_on=_keep_zone,
)

# The id of a guest is null, and must be given as null.
_CLIENT: Final = ObjectOf(
    Client,
    {
        "id": Key(or_null(scalars.ID)),
        "logged_in": Key(scalars.FLAG, default=False),
        "has_saved_card": Key(scalars.FLAG, default=False),
        "traits": TRAITS,
    },
    reconcile=_refuse_guest_logged_in,
)

# Twice the same service would be dropped in silence: two credits are `remaining`, not two names.
_SERVICES: Final = ListOf(
    "a list of one service id or more",
    scalars.ID,
    least=1,
    key=scalars.id_of,
    uniqueness="a service id that is listed only once",
)

_ENTITLEMENT: Final = ObjectOf(
    Entitlement,
    {
        "id": Key(scalars.ID, "main"),
        "services": Key(_SERVICES),
        "remaining": Key(scalars.REMAINING),
        "valid_from": Key(or_null(scalars.INSTANT), None, is_added=True),
        "valid_until": Key(or_null(scalars.INSTANT), None, is_added=True),
        "valid_through": Key(or_null(scalars.DAY), None),
        "restrictions": Key(or_null(RESTRICTIONS), None, is_added=True),
        "unit": Key(scalars.NAME, CREDIT, is_added=True),
        "quotas": QUOTAS,
    },
    at_most_one=(("valid_until", "valid_through"),),
    days={"valid_through": LocalDay("valid_until", end_of_day)},
    reconcile=_refuse_end_of_validity,
)

_ENTITLEMENTS: Final = ListOf(
    "a list of one entitlement or more",
    _ENTITLEMENT,
    least=1,
    key=partial(_id_of, left_out="main"),
    key_path=".id",
    uniqueness='an id that no other entitlement of the package has ("main" where it is left out)',
)

_SHARED_WITH: Final = ListOf(
    "a list of client ids",
    scalars.ID,
    key=scalars.id_of,
    uniqueness="a client id that is listed only once",
)

_PACKAGE: Final = ObjectOf(
    Package,
    {
        "id": Key(scalars.ID),
        "client_id": Key(scalars.ID),
        "entitlements": Key(_ENTITLEMENTS),
        "kind": Key(scalars.word(PackageKind), PackageKind.NEW),
        "status": Key(scalars.word(PackageStatus), PackageStatus.ACTIVE),
        "sold_at": Key(or_null(scalars.INSTANT), None),
        "sold_on": Key(or_null(scalars.DAY), None),
        "valid_from": Key(or_null(scalars.INSTANT), None),
        "valid_until": Key(or_null(scalars.INSTANT), None),
        "valid_through": Key(or_null(scalars.DAY), None),
        "valid_for": Key(or_null(scalars.TERM), None),
        "priority": Key(scalars.WHOLE, 0),
        "name": Key(scalars.FREE_TEXT, ""),
        "shared_with": Key(_SHARED_WITH, (), is_added=True),
        "book_until": Key(or_null(scalars.INSTANT), None, is_added=True),
        "book_through": Key(or_null(scalars.DAY), None),
        "pauses": PAUSES,
        "restrictions": Key(or_null(RESTRICTIONS), None, is_added=True),
        "cancellation": Key(or_null(CANCELLATION), None, is_added=True),
        "traits": TRAITS,
        "lasts": Key(or_null(scalars.TERM), None, is_added=True),
        "quotas": QUOTAS,
        "uses": USES,
        "version": Key(or_null(scalars.COUNT), None, is_added=True),
    },
    at_most_one=(
        ("sold_at", "sold_on"),
        ("valid_until", "valid_through", "valid_for"),
        ("book_until", "book_through"),
    ),
    days={
        "sold_on": LocalDay("sold_at", start_of_day),
        "valid_through": LocalDay("valid_until", end_of_day),
        "book_through": LocalDay("book_until", end_of_day),
    },
    reconcile=_resolve_term,
    aside=("valid_for",),
)

_PACKAGES: Final = ListOf(
    f"a list of 0 to {MOST_PACKAGES:,} packages with at most {MOST_ENTITLEMENTS:,} entitlements",
    _PACKAGE,
    most=MOST_PACKAGES,
    excess=_excess_entitlements,
    key=_id_of,
    key_path=".id",
    uniqueness="an id that no other package of the case has",
)

_SERVICE: Final = ObjectOf(
    Service,
    {
        "id": Key(scalars.ID),
        "name": Key(scalars.FREE_TEXT, ""),
        "deposit_required": Key(or_null(scalars.FLAG), None),
        "costs": Key(MapOf("an object of units and costs", scalars.COST), (), is_added=True),
    },
)

_LINE: Final = ObjectOf(
    BookingLine,
    {
        "service": Key(_SERVICE),
        "picked_from": Key(scalars.word(PickedFrom), PickedFrom.MENU),
        "payable": Key(scalars.FLAG, default=True),
        "traits": TRAITS,
    },
)

_LINES: Final = ListOf(f"a list of 1 to {MOST_LINES} lines", _LINE, least=1, most=MOST_LINES)

_BOOKING: Final = ObjectOf(
    Booking,
    {
        "id": Key(scalars.ID),
        "starts_at": Key(scalars.INSTANT),
        "lines": Key(_LINES),
        "traits": TRAITS,
    },
)

_ONLY: Final = ListOf(
    "a list of one package id or more",
    scalars.ID,
    least=1,
    key=scalars.id_of,
    uniqueness="a package id that is listed only once",
)

#: A case document, whole.
CASE: Final = ObjectOf(
    Case,
    {
        "format": Key(scalars.constant(CASE_FORMAT)),
        "now": Key(scalars.INSTANT),
        "account": Key(_ACCOUNT),
        "client": Key(_CLIENT),
        "packages": Key(_PACKAGES),
        "booking": Key(_BOOKING),
        "existing": Key(or_null(scalars.REDEMPTION), None),
        "by": Key(scalars.word(Actor), Actor.CLIENT),
        "note": Key(scalars.FREE_TEXT, ""),
        "only": Key(or_null(_ONLY), None, is_added=True),
    },
    allowed="a case document",
    reconcile=_refuse_redemption_of_another,
    aside=("format",),
)

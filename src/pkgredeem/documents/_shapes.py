"""What a case document looks like: one table for each object in it.

The keys and words are those of the values, and a few more that people write: `sold_on`,
`valid_through` and `valid_for` beside the instants of a package.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Final, cast
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from pkgredeem import (
    AccountSettings,
    Actor,
    Booking,
    BookingLine,
    CancellationTerms,
    Case,
    Client,
    ClientLogin,
    CreditOutcome,
    Entitlement,
    Package,
    PackageKind,
    PackageStatus,
    PickedFrom,
    Redemption,
    Service,
)
from pkgredeem._model.booking import MOST_LINES
from pkgredeem._model.case import MOST_ENTITLEMENTS, MOST_PACKAGES
from pkgredeem.documents import _kinds as kinds
from pkgredeem.documents import _times as times
from pkgredeem.documents._kinds import Key, ListOf, Members, ObjectOf, or_null
from pkgredeem.documents._problems import format_value

#: The format of a case document.
CASE_FORMAT: Final = "pkgredeem/1"


def _hand_on_zone(members: Members) -> None:
    """Hand on the account's time zone to the local days that are read after it."""
    if "time_zone" in members.values:
        members.reading.zone = members.get("time_zone", ZoneInfo)
    if "time_zone" in members.raw:
        members.reading.zone_found = "null"


def _refuse_guest_logged_in(members: Members) -> None:
    if members.get("logged_in", bool) and "id" in members.values and not members.has("id"):
        members.refuse("logged_in", "false for a guest")


def _resolve_days(members: Members) -> None:
    """Resolve local days and the term (D26), and refuse an end that is not after the start."""
    sold_on = members.get("sold_on", date)
    if sold_on is not None:
        members.values["sold_at"] = members.resolve("sold_on", sold_on, times.start_of)
    through = members.get("valid_through", date)
    if through is not None:
        members.values["valid_until"] = members.resolve("valid_through", through, times.end_of)
    term = members.get("valid_for", relativedelta)
    if term is not None:
        members.values["valid_until"] = _end_of_term(members, term)
    starts, ends = members.get("valid_from", datetime), members.get("valid_until", datetime)
    if starts is not None and ends is not None and starts >= ends:
        members.refuse("valid_from", f"an instant before the end of validity, {ends.isoformat()}")


def _end_of_term(members: Members, term: relativedelta) -> datetime | None:
    if not members.has("sold_on") and not members.has("sold_at"):
        members.refuse("valid_for", "left out where no sold_on or sold_at says when it begins")
        return None
    day = members.get("sold_on", date)
    sold_at = members.get("sold_at", datetime)
    if day is None and sold_at is not None:
        zone = members.reading.zone_for((members.at, "valid_for"))
        day = None if zone is None else times.local_day(sold_at, zone)
    if day is None:
        return None
    last = times.last_day(day, term)
    if last is None:
        members.refuse("valid_for", "a term that ends before the year 9999")
        return None
    return members.resolve("valid_for", last, times.end_of)


def _refuse_redemption_of_another(members: Members) -> None:
    client, existing = members.get("client", Client), members.get("existing", Redemption)
    if client is not None and existing is not None and existing.client_id != client.id:
        place = ((members.at, "existing"), "client_id")
        allowed = f"the client who books, {format_value(client.id)}"
        members.reading.problems.add(place, format_value(existing.client_id), allowed)


def _id_of(raw: object, left_out: str | None = None) -> str | None:
    members = cast("dict[str, object]", raw) if isinstance(raw, dict) else {}
    return kinds.id_of(members.get("id", left_out)) if members else None


def _excess_entitlements(packages: Sequence[object]) -> str | None:
    """Tell how many entitlements all packages have together where there are too many (D75)."""
    count = 0
    for package in packages:
        if isinstance(package, dict):
            entitlements = cast("dict[str, object]", package).get("entitlements")
            count += len(cast("list[object]", entitlements)) if type(entitlements) is list else 0
    return f"a list with {count} entitlements" if count > MOST_ENTITLEMENTS else None


_CANCELLATION: Final = ObjectOf(
    CancellationTerms,
    {
        "window": Key(kinds.WINDOW),
        "late": Key(kinds.word(CreditOutcome)),
        "no_show": Key(or_null(kinds.word(CreditOutcome)), None),
    },
)

# It is read before everything that needs its time zone.
_ACCOUNT: Final = ObjectOf(
    AccountSettings,
    {
        "activated_on": Key(or_null(kinds.DAY), None),
        "online_redemption": Key(or_null(kinds.FLAG), None),
        "client_login": Key(kinds.word(ClientLogin), ClientLogin.DISABLED),
        "package_kind": Key(kinds.word(PackageKind), PackageKind.NEW),
        "deposit_required": Key(kinds.FLAG, default=False),
        "card_capture": Key(kinds.FLAG, default=False),
        "cancellation": Key(or_null(_CANCELLATION), None),
        "time_zone": Key(or_null(kinds.ZONE), None),
    },
    reconcile=_hand_on_zone,
)

# The id of a guest is null, and must be given as null.
_CLIENT: Final = ObjectOf(
    Client,
    {
        "id": Key(or_null(kinds.ID)),
        "logged_in": Key(kinds.FLAG, default=False),
        "has_saved_card": Key(kinds.FLAG, default=False),
    },
    reconcile=_refuse_guest_logged_in,
)

# Twice the same service would be dropped in silence: two credits are `remaining`, not two names.
_SERVICES: Final = ListOf(
    "a list of one service id or more",
    kinds.ID,
    least=1,
    key=kinds.id_of,
    uniqueness="a service id that is listed only once",
)

_ENTITLEMENT: Final = ObjectOf(
    Entitlement,
    {"services": Key(_SERVICES), "remaining": Key(kinds.COUNT), "id": Key(kinds.ID, "main")},
)

_ENTITLEMENTS: Final = ListOf(
    "a list of one entitlement or more",
    _ENTITLEMENT,
    least=1,
    key=partial(_id_of, left_out="main"),
    key_path=".id",
    uniqueness='an id that no other entitlement of the package has ("main" where it is left out)',
)

_PACKAGE: Final = ObjectOf(
    Package,
    {
        "id": Key(kinds.ID),
        "client_id": Key(kinds.ID),
        "entitlements": Key(_ENTITLEMENTS),
        "kind": Key(kinds.word(PackageKind), PackageKind.NEW),
        "status": Key(kinds.word(PackageStatus), PackageStatus.ACTIVE),
        "sold_at": Key(or_null(kinds.INSTANT), None),
        "sold_on": Key(or_null(kinds.DAY), None),
        "valid_from": Key(or_null(kinds.INSTANT), None),
        "valid_until": Key(or_null(kinds.INSTANT), None),
        "valid_through": Key(or_null(kinds.DAY), None),
        "valid_for": Key(or_null(kinds.TERM), None),
        "priority": Key(kinds.WHOLE, 0),
        "name": Key(kinds.FREE_TEXT, ""),
    },
    at_most_one=(("sold_at", "sold_on"), ("valid_until", "valid_through", "valid_for")),
    reconcile=_resolve_days,
    aside=("sold_on", "valid_through", "valid_for"),
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
        "id": Key(kinds.ID),
        "name": Key(kinds.FREE_TEXT, ""),
        "deposit_required": Key(or_null(kinds.FLAG), None),
    },
)

_LINE: Final = ObjectOf(
    BookingLine,
    {
        "service": Key(_SERVICE),
        "picked_from": Key(kinds.word(PickedFrom), PickedFrom.MENU),
        "payable": Key(kinds.FLAG, default=True),
    },
)

_LINES: Final = ListOf(f"a list of 1 to {MOST_LINES} lines", _LINE, least=1, most=MOST_LINES)

_BOOKING: Final = ObjectOf(
    Booking, {"id": Key(kinds.ID), "lines": Key(_LINES), "starts_at": Key(kinds.INSTANT)}
)

#: A case document, whole.
CASE: Final = ObjectOf(
    Case,
    {
        "format": Key(kinds.constant(CASE_FORMAT)),
        "now": Key(kinds.INSTANT),
        "account": Key(_ACCOUNT),
        "client": Key(_CLIENT),
        "packages": Key(_PACKAGES),
        "booking": Key(_BOOKING),
        "existing": Key(or_null(kinds.REDEMPTION), None),
        "by": Key(kinds.word(Actor), Actor.CLIENT),
        "note": Key(kinds.FREE_TEXT, ""),
    },
    allowed="a case document",
    reconcile=_refuse_redemption_of_another,
    aside=("format",),
)

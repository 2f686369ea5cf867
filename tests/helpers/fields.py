"""What each field of each value takes, in the words of its check, and what it refuses."""

from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import StrEnum
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest

from pkgredeem import (
    AccountSettings,
    Act,
    Actor,
    Adoption,
    Balance,
    Booking,
    BookingLine,
    Bucket,
    CancellationTerms,
    CardCaptureOutcome,
    Case,
    Change,
    Clause,
    Client,
    ClientLogin,
    Cover,
    CreditOutcome,
    Days,
    Decision,
    DepositOutcome,
    Draw,
    DrawState,
    Ending,
    Entitlement,
    Finding,
    Hours,
    InvalidValueError,
    Movement,
    OnlineRedemptionSetting,
    OpenBooking,
    Package,
    PackageKind,
    PackageStatus,
    Pause,
    PickedFrom,
    Quota,
    Redemption,
    RedemptionPolicy,
    Restrictions,
    Rule,
    Rulebook,
    Scope,
    Service,
    Settlement,
    Term,
    Use,
)
from tests.helpers.samples import made
from tests.helpers.support import START

CREDITS = "a whole number of 0 or more"
OPTIONAL_CREDITS = "the same whole number, or None"
FLAG = "True or False"
FREE_TEXT = "a text, which may be empty"
INSTANT = "a datetime with a time zone"
IN_CALENDAR = "an instant from 0001-01-02 to 9999-12-30 in UTC"
OPTIONAL_FLAG = "True, False or None"
TEXT = "a text that is not empty"
ID = "the text of an id"
ELAPSED = "a timedelta from 0 to 366 days"
OPTIONAL_ELAPSED = "the same, or None"
NOTICE = "a timedelta from 0 to 3660 days"
LOCAL_TIME = "a time without a time zone"

#: How the error tells what a check allows, where the table has another name for it.
TOLD = {ID: TEXT, OPTIONAL_ELAPSED: ELAPSED, OPTIONAL_CREDITS: CREDITS}
WEEKDAY = "a weekday from 1 (Monday) to 7 (Sunday)"
ZONE = "a ZoneInfo made from an IANA name, or None"


NAIVE = datetime(2026, 5, 5, 10)  # noqa: DTZ001 (naive on purpose: it is what must be refused)


class Unsure(tzinfo):
    """A time zone that does not know its offset, so that a datetime in it counts as naive."""

    def utcoffset(self, _: datetime | None) -> None:
        """Know nothing."""

    def dst(self, _: datetime | None) -> None:
        """Know nothing."""

    def tzname(self, _: datetime | None) -> None:
        """Know nothing."""


def london_as(key: str | None) -> ZoneInfo:
    """Return the zone of London under that name, or under none."""
    with files("tzdata.zoneinfo").joinpath("Europe", "London").open("rb") as file:
        return ZoneInfo.from_file(file, key)


#: The fields whose check says these words.
SIMPLE: list[tuple[type, str, str]] = [
    (CancellationTerms, ELAPSED, "window changes_close"),
    (AccountSettings, "a date without a time, or None", "activated_on"),
    (AccountSettings, OPTIONAL_FLAG, "online_redemption"),
    (AccountSettings, FLAG, "deposit_required card_capture"),
    (AccountSettings, ZONE, "time_zone"),
    (AccountSettings, WEEKDAY, "week_starts"),
    (Client, ID, "id"),
    (Client, FLAG, "logged_in has_saved_card"),
    (Service, ID, "id"),
    (Service, FREE_TEXT, "name"),
    (Service, OPTIONAL_FLAG, "deposit_required"),
    (BookingLine, FLAG, "payable"),
    (Booking, ID, "id"),
    (Booking, INSTANT, "starts_at"),
    (Booking, IN_CALENDAR, "starts_at"),
    (Entitlement, CREDITS, "remaining"),
    (Entitlement, ID, "id"),
    (Entitlement, TEXT, "unit"),
    (Entitlement, INSTANT, "valid_from valid_until"),
    (Entitlement, IN_CALENDAR, "valid_from valid_until"),
    (Hours, LOCAL_TIME, "opens closes"),
    (Restrictions, NOTICE, "min_notice max_notice"),
    (Pause, INSTANT, "starts_at ends_at"),
    (Pause, IN_CALENDAR, "starts_at ends_at"),
    (Days, "a whole number from 2 to 366", "count"),
    (Quota, CREDITS, "most"),
    (Quota, FREE_TEXT, "name"),
    (Term, "a whole number from 0 to 36,500", "days"),
    (Term, "a whole number from 0 to 1,200", "months"),
    (Use, ID, "booking_id entitlement_id service_id client_id"),
    (Use, CREDITS, "line"),
    (Use, INSTANT, "starts_at"),
    (Use, IN_CALENDAR, "starts_at"),
    (Package, ID, "id client_id"),
    (Package, INSTANT, "sold_at valid_from valid_until book_until"),
    (Package, IN_CALENDAR, "sold_at valid_from valid_until book_until"),
    (Package, "a whole number", "priority"),
    (Package, FREE_TEXT, "name"),
    (Package, OPTIONAL_CREDITS, "version"),
    (Case, INSTANT, "now"),
    (Case, IN_CALENDAR, "now"),
    (Case, FREE_TEXT, "note"),
    (Clause, TEXT, "id heading says"),
    (Finding, TEXT, "code message advice client_text"),
    (Finding, FREE_TEXT, "subject subject_name"),
    (Rule, TEXT, "code message advice client_text"),
    (Rule, FLAG, "can_be_lifted on_return"),
    (Rule, OPTIONAL_FLAG, "on_move"),
    (Rulebook, TEXT, "name"),
    (Rulebook, "a date without a time, or None", "starts_enabled_after"),
    (OnlineRedemptionSetting, FLAG, "visible enabled chosen"),
    (Ending, INSTANT, "at starts_at"),
    (Ending, IN_CALENDAR, "at starts_at"),
    (Ending, FLAG, "late"),
    (Ending, FREE_TEXT, "note"),
    (Ending, OPTIONAL_ELAPSED, "window"),
    (Draw, "a whole number of 0 or more", "line"),
    (Draw, ID, "package_id entitlement_id service_id"),
    (Draw, FREE_TEXT, "package_name"),
    (Draw, "a whole number of 1 or more", "credits"),
    (Draw, INSTANT, "free_until"),
    (Draw, IN_CALENDAR, "free_until"),
    (Redemption, ID, "client_id replaces"),
    (Redemption, TEXT, "rulebook time_zone_key"),
    (Redemption, INSTANT, "starts_at free_until booked_at"),
    (Redemption, IN_CALENDAR, "starts_at free_until booked_at"),
    (Redemption, "a whole number of 1 or more", "version"),
    (Movement, ID, "booking_id package_id entitlement_id"),
    (Movement, "a whole number of 1 or more", "credits"),
    (Movement, INSTANT, "at"),
    (Movement, IN_CALENDAR, "at"),
    (Movement, FREE_TEXT, "note"),
    (OpenBooking, ID, "client_id"),
    (OpenBooking, INSTANT, "booked_at"),
    (OpenBooking, IN_CALENDAR, "booked_at"),
    (OpenBooking, FREE_TEXT, "note"),
    (Balance, CREDITS, "available reserved redeemed forfeited"),
    (Decision, FLAG, "eligible refund_on_cancel prompt recorded again"),
    (Decision, INSTANT, "decided_at"),
    (Decision, IN_CALENDAR, "decided_at"),
    (Decision, TEXT, "rulebook time_zone_key"),
    (Decision, FREE_TEXT, "client_text note"),
    (Settlement, FLAG, "allowed late"),
    (Settlement, OPTIONAL_FLAG, "credit_usable"),
    (Settlement, TEXT, "time_zone_key"),
    (Settlement, FREE_TEXT, "client_text"),
    (Settlement, OPTIONAL_ELAPSED, "window"),
]


#: The fields that take a member of an enum; a plain word and a member of another enum are refused.
WORDS: list[tuple[type, str, type[StrEnum]]] = [
    (CancellationTerms, "late", CreditOutcome),
    (CancellationTerms, "no_show", CreditOutcome),
    (AccountSettings, "client_login", ClientLogin),
    (AccountSettings, "package_kind", PackageKind),
    (BookingLine, "picked_from", PickedFrom),
    (Package, "kind", PackageKind),
    (Package, "status", PackageStatus),
    (Case, "by", Actor),
    (Finding, "scope", Scope),
    (Rule, "scope", Scope),
    (Ending, "act", Act),
    (Ending, "by", Actor),
    (Draw, "state", DrawState),
    (Use, "state", DrawState),
    (Redemption, "deposit", DepositOutcome),
    (Redemption, "card_capture", CardCaptureOutcome),
    (Movement, "source", Bucket),
    (Movement, "target", Bucket),
    (Movement, "act", Act),
    (Movement, "by", Actor),
    (OpenBooking, "by", Actor),
    (Decision, "deposit", DepositOutcome),
    (Decision, "card_capture", CardCaptureOutcome),
    (Decision, "by", Actor),
]


def refused(kind: type, field: str, value: object) -> tuple[str, object, str]:
    """Return what the error names for that value of that field: the field, the value, the bound."""
    with pytest.raises(InvalidValueError) as caught:
        made(kind, **{field: value})
    return caught.value.field, caught.value.value, caught.value.allowed


_NO_ELAPSED = (timedelta(microseconds=-1), timedelta.max, 24, "24 hours")
#: What is no text, no flag and so on: each of it is refused where that belongs.
WRONG: dict[str, tuple[object, ...]] = {
    "a text that is not empty": ("", 7, b"facial", ["facial"], True),
    "the text of an id": ("", b"facial", ["facial"], True, 1.0, 2**64),
    "a text, which may be empty": (None, 7, b"note", ["note"]),
    "True or False": (0, 1, None, "", "true", "yes"),
    "True, False or None": (0, 1, "", "true", "yes"),
    "a datetime with a time zone": (
        NAIVE,
        NAIVE.replace(tzinfo=Unsure()),
        date(2026, 5, 5),
        "2026-05-05T10:00:00Z",
        1777975200,
        (),
    ),
    "an instant from 0001-01-02 to 9999-12-30 in UTC": (
        datetime(1, 1, 1, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(9999, 12, 30, 0, 0, 0, 1, tzinfo=UTC),
        datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))),
        datetime.min.replace(tzinfo=ZoneInfo("Pacific/Auckland")),
        datetime.max.replace(tzinfo=ZoneInfo("America/New_York")),
    ),
    "a date without a time, or None": (START, NAIVE, "2026-03-31", 20260331, False),
    ELAPSED: (*_NO_ELAPSED, timedelta(days=366, microseconds=1), None),
    OPTIONAL_ELAPSED: (*_NO_ELAPSED, timedelta(days=366, microseconds=1)),
    NOTICE: (*_NO_ELAPSED, timedelta(days=3_660, microseconds=1)),
    LOCAL_TIME: ("09:00", 9, 9.5, time(9, tzinfo=UTC), START, NAIVE),
    "a ZoneInfo made from an IANA name, or None": (
        "Europe/London",
        UTC,
        timezone(timedelta(hours=12)),
        *map(london_as, (None, "", "localtime", "posixrules")),
        ZoneInfo("Factory"),
    ),
    WEEKDAY: (0, 8, -1, True, 1.0, "1", "mon", None),
    "a whole number from 2 to 366": (1, 0, 367, -2, True, 14.0, "14", None),
    "a whole number from 0 to 36,500": (-1, 36_501, True, 1.0, "1", None),
    "a whole number from 0 to 1,200": (-1, 1_201, True, 1.0, "1", None),
    OPTIONAL_CREDITS: (-1, True, False, 1.0, "1"),
    "a whole number of 0 or more": (-1, True, False, 1.0, "1", None),
    "a whole number of 1 or more": (0, -1, True, 1.0, "1", None),
    "a whole number": (True, 1.5, "1", None),
}


#: The fields that take one value of a class, or None where the flag says so.
PARTS: list[tuple[type, str, type, bool]] = [
    (AccountSettings, "cancellation", CancellationTerms, True),
    (BookingLine, "service", Service, False),
    (Entitlement, "restrictions", Restrictions, True),
    (Package, "restrictions", Restrictions, True),
    (Package, "cancellation", CancellationTerms, True),
    (Package, "lasts", Term, True),
    (Draw, "terms", CancellationTerms, True),
    (Case, "account", AccountSettings, False),
    (Case, "client", Client, False),
    (Case, "booking", Booking, False),
    (Case, "existing", Redemption, True),
    (RedemptionPolicy, "rulebook", Rulebook, False),
    (Redemption, "booking", Booking, False),
    (Redemption, "terms", CancellationTerms, True),
    (Change, "before", Redemption, True),
    (Change, "after", Redemption, False),
    (OpenBooking, "booking", Booking, False),
    (Decision, "booking", Booking, False),
    (Decision, "redemption", Redemption, True),
    (Decision, "change", Change, True),
    (Settlement, "change", Change, True),
    (Settlement, "outcome", CreditOutcome, True),
]


#: The fields that take a collection, with what stands in it.
COLLECTIONS: list[tuple[type, str, str, object]] = [
    (Booking, "lines", "a BookingLine", Service(id="facial")),
    (Entitlement, "services", TEXT, b"facial"),
    (Entitlement, "quotas", "a Quota", 2),
    (Hours, "days", "a weekday from 1 (Monday) to 7 (Sunday)", 8),
    (Restrictions, "hours", "a Hours", time(9)),
    (Restrictions, "not_on", "a date without a time", START),
    (Package, "entitlements", "an Entitlement", "facial"),
    (Package, "shared_with", TEXT, ""),
    (Package, "pauses", "a Pause", START),
    (Package, "quotas", "a Quota", 2),
    (Package, "uses", "a Use", "b7"),
    (Case, "packages", "a Package", "p1"),
    (Cover, "usable", "a Package", "p1"),
    (Cover, "active", "a Package", "p1"),
    (Cover, "draws", "a Draw", 0),
    (Cover, "covered", "a whole number of 0 or more", True),
    (Cover, "uncovered", "a whole number of 0 or more", -1),
    (Finding, "clauses", TEXT, ""),
    (Finding, "facts", "a tuple", ["count", 2]),
    (Rule, "clauses", "a Clause", "T17"),
    (Rule, "reads", TEXT, ""),
    (Rulebook, "rules", "a Rule", "mixed_booking"),
    (Draw, "endings", "an Ending", START),
    (Redemption, "draws", "a Draw", 0),
    (Redemption, "reschedules", "an Ending", START),
    (Change, "movements", "a Movement", 1),
    (Adoption, "packages", "a Package", "p1"),
    (Adoption, "changes", "a Change", "b1"),
    (Decision, "reasons", "a Finding", "no_package"),
    (Decision, "notes", "a Finding", "no_card_on_file"),
    (Decision, "uncovered", "a whole number of 0 or more", True),
    (Settlement, "findings", "a Finding", "late"),
]


#: Checked as a whole in tests of their own.
ELSEWHERE = {
    (Clause, "stated_in"),
    (Clause, "inferred_in"),
    (Clause, "assumed_in"),
    (Rule, "condition"),
    (Case, "only"),
    (CancellationTerms, "tiers"),
    (Client, "traits"),
    (Service, "costs"),
    (Quota, "per"),
    (Change, "package_versions"),
    (OpenBooking, "paid_with"),
    (BookingLine, "traits"),
    (Booking, "traits"),
    (Package, "traits"),
    (Restrictions, "traits"),
}

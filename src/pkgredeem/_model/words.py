"""The words: every closed set of names that values, rules and documents share.

Enums only, each member equal to its word in the documents. A set may grow; a word never changes.
"""

from enum import StrEnum
from typing import Final


class ClientLogin(StrEnum):
    """The account's setting of Client Login (T05)."""

    DISABLED = "disabled"
    OPTIONAL = "optional"
    MANDATORY = "mandatory"


class PackageKind(StrEnum):
    """New packages, or the legacy ones that are also called concessions (T03, T04)."""

    NEW = "new"
    LEGACY = "legacy"


class PackageStatus(StrEnum):
    """Whether the business lists the package (T24), holds it back, or has taken it back (D52)."""

    ACTIVE = "active"
    ARCHIVED = "archived"
    SUSPENDED = "suspended"
    VOID = "void"


class Unlimited(StrEnum):
    """What is left of an entitlement that counts no credits (D42)."""

    UNLIMITED = "unlimited"


#: What is left where nothing is counted: neither a large number nor None.
UNLIMITED: Final = Unlimited.UNLIMITED


class Period(StrEnum):
    """In what a quota counts uses: by the account's calendar, the booking, or at all (D55)."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    BOOKING = "booking"
    UPCOMING = "upcoming"
    EVER = "ever"


class PickedFrom(StrEnum):
    """Where the client picked a service; both count alike (T15)."""

    MENU = "menu"
    ADD_ON = "add_on"


class CreditOutcome(StrEnum):
    """What becomes of a credit when its line ends without the service (T22, T23)."""

    RETURN = "return"
    FORFEIT = "forfeit"


class Actor(StrEnum):
    """Who acts: a record, not an authorisation (D36)."""

    CLIENT = "client"
    BUSINESS = "business"


class Audience(StrEnum):
    """Whom an explanation is for (D24)."""

    STAFF = "staff"
    CLIENT = "client"


class DepositOutcome(StrEnum):
    """What happens to the deposit (T19, D18, D19)."""

    NOT_REQUIRED = "not_required"
    COLLECT = "collect"
    WAIVED = "waived"


class CardCaptureOutcome(StrEnum):
    """What happens to the card capture page (T20, D18, D19)."""

    NOT_REQUIRED = "not_required"
    CAPTURE = "capture"
    BYPASSED = "bypassed"


class DrawState(StrEnum):
    """Where the credit of one line stands."""

    RESERVED = "reserved"
    REDEEMED = "redeemed"
    RETURNED = "returned"
    FORFEITED = "forfeited"


class Bucket(StrEnum):
    """Where the credits of an entitlement are; what was sold is always their sum."""

    AVAILABLE = "available"
    RESERVED = "reserved"
    REDEEMED = "redeemed"
    FORFEITED = "forfeited"


class Act(StrEnum):
    """What can be done with a redemption."""

    BOOK = "book"
    CANCEL = "cancel"
    NO_SHOW = "no_show"
    COMPLETE = "complete"
    RESCHEDULE = "reschedule"
    FORGIVE = "forgive"


class Scope(StrEnum):
    """What a rule looks at; the members' order is the order of findings (D22)."""

    ACCOUNT = "account"
    CLIENT = "client"
    HOLDINGS = "holdings"
    PACKAGE = "package"
    CREDIT = "credit"
    BOOKING = "booking"
    NOTE = "note"
    ACT = "act"

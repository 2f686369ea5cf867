"""May this client pay for this booking with a package, and what follows?

>>> from datetime import UTC, datetime
>>> from pkgredeem import (
...     AccountSettings, Booking, Client, ClientLogin, Entitlement, Package, RedemptionPolicy,
...     Service)
>>> five_facials = [Entitlement(services=["facial"], remaining=5)]
>>> start = datetime(2026, 5, 5, 10, tzinfo=UTC)
>>> decision = RedemptionPolicy().decide(
...     account=AccountSettings(online_redemption=True, client_login=ClientLogin.OPTIONAL),
...     client=Client(id="ana", logged_in=True),
...     packages=[Package(id="p1", client_id="ana", entitlements=five_facials)],
...     booking=Booking.of(Service(id="facial"), id="b1", starts_at=start),
...     now=datetime(2026, 5, 1, 9, tzinfo=UTC))
>>> decision.eligible, decision.prompt, decision.refund_on_cancel
(True, True, True)
"""

from pkgredeem import clauses, exceptions, rules, stores
from pkgredeem._desk.async_desk import AsyncRedemptionDesk
from pkgredeem._desk.desk import RedemptionDesk
from pkgredeem._engine.adoption import Adoption, OpenBooking, adopt
from pkgredeem._engine.policy import RedemptionPolicy
from pkgredeem._model.account import AccountSettings, CancellationTerms
from pkgredeem._model.answers import Decision, OnlineRedemptionSetting, Settlement
from pkgredeem._model.booking import Booking, BookingLine, Client, Service
from pkgredeem._model.calendar import last_day
from pkgredeem._model.case import Case
from pkgredeem._model.cover import Cover
from pkgredeem._model.draws import Draw, Ending
from pkgredeem._model.entitlement import Entitlement
from pkgredeem._model.finding import Finding
from pkgredeem._model.ledger import Balance, Change, Movement
from pkgredeem._model.packages import Package
from pkgredeem._model.plans import Hours, Pause, Restrictions, Term
from pkgredeem._model.quotas import Days, Quota, Use
from pkgredeem._model.redemption import Redemption
from pkgredeem._model.rule import Rule, rule
from pkgredeem._model.words import (
    UNLIMITED,
    Act,
    Actor,
    Audience,
    Bucket,
    CardCaptureOutcome,
    ClientLogin,
    CreditOutcome,
    DepositOutcome,
    DrawState,
    PackageKind,
    PackageStatus,
    Period,
    PickedFrom,
    Scope,
    Unlimited,
)
from pkgredeem.clauses import Clause
from pkgredeem.exceptions import (
    BookingMismatchError,
    ClosedRedemptionError,
    ConflictError,
    InvalidValueError,
    PkgRedeemError,
    UnknownBookingError,
    UnknownEntitlementError,
)
from pkgredeem.rules._rulebook import Rulebook

__version__ = "0.1.0"

__all__ = [
    "UNLIMITED",
    "AccountSettings",
    "Act",
    "Actor",
    "Adoption",
    "AsyncRedemptionDesk",
    "Audience",
    "Balance",
    "Booking",
    "BookingLine",
    "BookingMismatchError",
    "Bucket",
    "CancellationTerms",
    "CardCaptureOutcome",
    "Case",
    "Change",
    "Clause",
    "Client",
    "ClientLogin",
    "ClosedRedemptionError",
    "ConflictError",
    "Cover",
    "CreditOutcome",
    "Days",
    "Decision",
    "DepositOutcome",
    "Draw",
    "DrawState",
    "Ending",
    "Entitlement",
    "Finding",
    "Hours",
    "InvalidValueError",
    "Movement",
    "OnlineRedemptionSetting",
    "OpenBooking",
    "Package",
    "PackageKind",
    "PackageStatus",
    "Pause",
    "Period",
    "PickedFrom",
    "PkgRedeemError",
    "Quota",
    "Redemption",
    "RedemptionDesk",
    "RedemptionPolicy",
    "Restrictions",
    "Rule",
    "Rulebook",
    "Scope",
    "Service",
    "Settlement",
    "Term",
    "UnknownBookingError",
    "UnknownEntitlementError",
    "Unlimited",
    "Use",
    "adopt",
    "clauses",
    "exceptions",
    "last_day",
    "rule",
    "rules",
    "stores",
]

"""One valid set of fields for every public value, from which the tests of values start."""

from datetime import date, time, timedelta
from enum import StrEnum

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
    rule,
    rules,
)
from tests.helpers.support import (
    ANA,
    AUCKLAND,
    DAY,
    HOUR,
    NOW,
    START,
    account,
    booking,
    credit,
    line,
    package,
)

Fields = dict[str, object]


@rule(
    Scope.PACKAGE,
    clauses=[Clause(id="HOUSE-1", heading="house rules", says="Samples pay for nothing.")],
    message="package {subject} is a sample",
    advice="take a real one",
    client_text="take another package",
    can_be_lifted=False,
    on_move=False,
    on_return=True,
    reads=["status"],
)
def sample_rule(_case: Case, _package: Package) -> bool:
    """The package is a sample."""
    return True


TRAITS = (("place", "north"),)
HOURS: Fields = {"days": (1, 4), "opens": time(9), "closes": time(17)}
RESTRICTIONS: Fields = {
    "traits": (("place", ("north", "south")),),
    "hours": (Hours(**HOURS),),  # type: ignore[arg-type]  # the fields above are what it takes
    "not_on": (date(2026, 12, 24),),
    "min_notice": HOUR,
    "max_notice": timedelta(days=14),
}
TERMS: Fields = {
    "window": DAY,
    "late": CreditOutcome.FORFEIT,
    "no_show": CreditOutcome.RETURN,
    "tiers": ((12 * HOUR, CreditOutcome.FORFEIT),),
    "changes_close": HOUR,
}
ENDING: Fields = {
    "act": Act.CANCEL,
    "at": NOW,
    "by": Actor.CLIENT,
    "late": True,
    "note": "by phone",
    "starts_at": START,
    "window": 12 * HOUR,
}
DRAW: Fields = {
    "line": 0,
    "package_id": "p1",
    "entitlement_id": "facial",
    "service_id": "facial",
    "state": DrawState.RETURNED,
    "endings": (Ending(**ENDING),),  # type: ignore[arg-type]  # the fields above are what it takes
    "terms": CancellationTerms(window=HOUR, late=CreditOutcome.FORFEIT),
    "free_until": START - HOUR,
    "package_name": "Five facials",
    "credits": 75,
}
USE: Fields = {
    "booking_id": "b7",
    "line": 1,
    "entitlement_id": "facial",
    "service_id": "facial",
    "client_id": "ben",
    "starts_at": START,
    "state": DrawState.FORFEITED,
}
REDEMPTION: Fields = {
    "booking": booking(),
    "client_id": "ana",
    "starts_at": START,
    "draws": (Draw(**DRAW),),  # type: ignore[arg-type]  # see above
    "terms": CancellationTerms(**TERMS),  # type: ignore[arg-type]  # see above
    "free_until": START - DAY,
    "deposit": DepositOutcome.WAIVED,
    "card_capture": CardCaptureOutcome.BYPASSED,
    "rulebook": "timely-2026-03",
    "booked_at": NOW,
    "time_zone_key": "Pacific/Auckland",
    "version": 1,
    "reschedules": (Ending(act=Act.RESCHEDULE, at=NOW, by=Actor.CLIENT, late=False),),
    "replaces": "b0",
}
MOVEMENT: Fields = {
    "booking_id": "b1",
    "package_id": "p1",
    "entitlement_id": "facial",
    "credits": 1,
    "source": Bucket.AVAILABLE,
    "target": Bucket.RESERVED,
    "act": Act.BOOK,
    "at": NOW,
    "by": Actor.CLIENT,
    "note": "by phone",
}
FINDING: Fields = {
    "code": "package_over",
    "scope": Scope.PACKAGE,
    "clauses": ("D06",),
    "message": "package {subject} was over at {valid_until}",
    "advice": "extend it",
    "client_text": "pick another day",
    "subject": "p1",
    "facts": (("valid_until", START),),
    "subject_name": "Five facials",
}

#: For every public value, fields that make one; none of them is the default where there is one.
SAMPLES: dict[type, Fields] = {
    CancellationTerms: TERMS,
    AccountSettings: {
        "activated_on": date(2026, 4, 1),
        "online_redemption": True,
        "client_login": ClientLogin.OPTIONAL,
        "package_kind": PackageKind.LEGACY,
        "deposit_required": True,
        "card_capture": True,
        "cancellation": CancellationTerms(**TERMS),  # type: ignore[arg-type]  # see above
        "time_zone": AUCKLAND,
        "week_starts": 7,
    },
    Client: {"id": "ana", "logged_in": True, "has_saved_card": True, "traits": TRAITS},
    Service: {
        "id": "facial",
        "name": "Facial",
        "deposit_required": True,
        "costs": (("minute", 75),),
    },
    BookingLine: {
        "service": Service(id="facial"),
        "picked_from": PickedFrom.ADD_ON,
        "payable": False,
        "traits": TRAITS,
    },
    Booking: {"id": "b1", "lines": (line(),), "starts_at": START, "traits": TRAITS},
    Hours: HOURS,
    Restrictions: RESTRICTIONS,
    Pause: {"starts_at": NOW, "ends_at": START},
    Days: {"count": 14},
    Quota: {"most": 2, "per": Days(14), "name": "paid for"},
    Term: {"days": 14},
    Use: USE,
    Entitlement: {
        "services": frozenset({"facial"}),
        "remaining": 5,
        "id": "e1",
        "unit": "minute",
        "valid_from": NOW,
        "valid_until": START,
        "restrictions": Restrictions(**RESTRICTIONS),  # type: ignore[arg-type]  # see above
        "quotas": (Quota(2, Days(14)),),
    },
    Package: {
        "id": "p1",
        "client_id": "ana",
        "entitlements": (credit("facial"),),
        "kind": PackageKind.LEGACY,
        "status": PackageStatus.ARCHIVED,
        "sold_at": NOW,
        "valid_from": NOW,
        "valid_until": START,
        "priority": -1,
        "name": "Five facials",
        "shared_with": ("ben",),
        "book_until": NOW,
        "pauses": (Pause(NOW, START),),
        "lasts": Term(months=1),
        "restrictions": Restrictions(**RESTRICTIONS),  # type: ignore[arg-type]  # see above
        "quotas": (Quota(2, Days(14)),),
        "cancellation": CancellationTerms(**TERMS),  # type: ignore[arg-type]  # see above
        "traits": TRAITS,
        "uses": (Use(**USE),),  # type: ignore[arg-type]  # see above
        "version": 3,
    },
    Case: {
        "account": account(),
        "client": ANA,
        "packages": (package(),),
        "booking": booking(),
        "now": NOW,
        "existing": Redemption(**REDEMPTION),  # type: ignore[arg-type]  # see above
        "by": Actor.BUSINESS,
        "note": "by phone",
        "only": frozenset({"p1"}),
    },
    Cover: {
        "usable": (package(),),
        "active": (package(),),
        "draws": (Draw(**DRAW),),  # type: ignore[arg-type]  # see above
        "covered": (0,),
        "uncovered": (1,),
    },
    Clause: {
        "id": "HOUSE-1",
        "heading": "house rules",
        "says": "no packages on Saturdays",
        "stated_in": ("2026",),
        "inferred_in": ("2025",),
        "assumed_in": ("2024",),
    },
    Finding: FINDING,
    # The fields of a rule that stands in a module: only such a one can be pickled.
    Rule: {
        "code": "sample_rule",
        "scope": Scope.PACKAGE,
        "clauses": sample_rule.clauses,
        "message": "package {subject} is a sample",
        "advice": "take a real one",
        "client_text": "take another package",
        "condition": sample_rule.condition,
        "can_be_lifted": False,
        "on_move": False,
        "on_return": True,
        "reads": ("status",),
    },
    Rulebook: {
        "name": "mine",
        "starts_enabled_after": date(2026, 3, 31),
        "rules": rules.IN_STORE.rules,
    },
    RedemptionPolicy: {"rulebook": rules.IN_STORE},
    OnlineRedemptionSetting: {"visible": True, "enabled": True, "chosen": False},
    Ending: ENDING,
    Draw: DRAW,
    Redemption: REDEMPTION,
    Movement: MOVEMENT,
    Change: {
        "before": None,
        "after": Redemption(**REDEMPTION),  # type: ignore[arg-type]  # see above
        "movements": (Movement(**MOVEMENT),),  # type: ignore[arg-type]  # see above
        "package_versions": (("p1", 3),),
    },
    OpenBooking: {
        "booking": booking(),
        "client_id": "ana",
        "paid_with": ((0, ("p1", "facial")),),
        "booked_at": NOW,
        "by": Actor.BUSINESS,
        "note": "from the old system",
    },
    Adoption: {
        "packages": (package(),),
        "changes": (
            Change(
                before=None,
                after=Redemption(**REDEMPTION),  # type: ignore[arg-type]  # see above
                movements=(Movement(**MOVEMENT),),  # type: ignore[arg-type]  # see above
            ),
        ),
    },
    Balance: {"available": 4, "reserved": 1, "redeemed": 0, "forfeited": 0},
    Decision: {
        "booking": booking(),
        "eligible": True,
        "reasons": (),
        "notes": (Finding(**FINDING),),  # type: ignore[arg-type]  # see above
        "deposit": DepositOutcome.WAIVED,
        "card_capture": CardCaptureOutcome.BYPASSED,
        "redemption": Redemption(**REDEMPTION),  # type: ignore[arg-type]  # see above
        "uncovered": (1,),
        "rulebook": "timely-2026-03",
        "time_zone_key": "Pacific/Auckland",
        "decided_at": NOW,
        "client_text": "a package can be used for this booking",
        "change": Change(
            before=None,
            after=Redemption(**REDEMPTION),  # type: ignore[arg-type]  # see above
            movements=(Movement(**MOVEMENT),),  # type: ignore[arg-type]  # see above
        ),
        "refund_on_cancel": True,
        "prompt": True,
        "recorded": True,
        "again": True,
        "by": Actor.BUSINESS,
        "note": "by phone",
    },
    Settlement: {
        "allowed": True,
        "change": None,
        "outcome": CreditOutcome.RETURN,
        "late": True,
        "findings": (Finding(**FINDING),),  # type: ignore[arg-type]  # see above
        "credit_usable": True,
        "time_zone_key": "Pacific/Auckland",
        "client_text": "the credit is back in the package",
        "window": HOUR,
    },
}


def made(kind: type, /, **changed: object) -> object:
    """Return a value of that class, its sample fields changed as told."""
    return kind(**(SAMPLES[kind] | changed))


def members_of(words: type[StrEnum]) -> str:
    """Return how a message lists the members of an enum."""
    return "one of " + ", ".join(f"{words.__name__}.{word.name}" for word in words)


def item_of(kind: type, field: str) -> object:
    """Return one item that may stand in that collection."""
    items = SAMPLES[kind][field] or SAMPLES[kind]["notes"]
    assert isinstance(items, tuple | frozenset)
    return next(iter(items))

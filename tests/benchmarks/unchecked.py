"""What values cost that check themselves, beside frozen ones with the same fields and no checks."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, field, fields, make_dataclass
from functools import partial
from typing import Any, Final, cast

from pkgredeem import (
    AccountSettings,
    Act,
    Actor,
    Balance,
    Booking,
    BookingLine,
    Bucket,
    CancellationTerms,
    Case,
    Change,
    Client,
    ClientLogin,
    CreditOutcome,
    Draw,
    DrawState,
    Ending,
    Entitlement,
    Movement,
    Package,
    Period,
    Quota,
    Redemption,
    RedemptionPolicy,
    Service,
    Use,
)
from tests.benchmarks.questions import ELIGIBLE
from tests.benchmarks.timing import Timed, in_turns
from tests.helpers.support import DAY, NOW, START

PUBLIC: Final = "public"
WITHOUT_CHECKS: Final = "without checks"
TOGETHER: Final = "all of them together"


def _fields_of(value: object) -> dict[str, Any]:
    return {each.name: getattr(value, each.name) for each in fields(cast("Any", value))}


def given() -> Mapping[type, dict[str, Any]]:
    """Return for each public value what it is made with: what a booking page and a store give."""
    package, booking = ELIGIBLE.packages[0], ELIGIBLE.booking
    decision = RedemptionPolicy().decide_case(ELIGIBLE)
    assert decision.redemption is not None
    assert decision.change is not None
    return {
        CancellationTerms: {"window": DAY, "late": CreditOutcome.FORFEIT},
        AccountSettings: {
            "online_redemption": True,
            "client_login": ClientLogin.OPTIONAL,
            "cancellation": ELIGIBLE.account.cancellation,
        },
        Client: {"id": "ana", "logged_in": True},
        Service: {"id": "facial", "name": "Facial"},
        BookingLine: {"service": booking.lines[0].service},
        Booking: {"id": "b1", "lines": booking.lines, "starts_at": START},
        Entitlement: {"services": frozenset({"facial"}), "remaining": 5},
        Package: {
            "id": "p1",
            "client_id": "ana",
            "entitlements": package.entitlements,
            "sold_at": NOW,
        },
        Case: {
            "account": ELIGIBLE.account,
            "client": ELIGIBLE.client,
            "packages": ELIGIBLE.packages,
            "booking": booking,
            "now": NOW,
        },
        Draw: {"line": 0, "package_id": "p1", "entitlement_id": "main", "service_id": "facial"},
        Redemption: _fields_of(decision.redemption),
        Movement: {
            "booking_id": "b1",
            "package_id": "p1",
            "entitlement_id": "main",
            "credits": 1,
            "source": Bucket.AVAILABLE,
            "target": Bucket.RESERVED,
            "act": Act.BOOK,
            "at": NOW,
            "by": Actor.CLIENT,
        },
        Change: {
            "before": None,
            "after": decision.redemption,
            "movements": decision.change.movements,
        },
        Use: {
            "booking_id": "b1",
            "line": 0,
            "entitlement_id": "main",
            "service_id": "facial",
            "client_id": "ana",
            "starts_at": START,
            "state": DrawState.RESERVED,
        },
        Quota: {"most": 2, "per": Period.WEEK},
        Balance: {"available": 4, "reserved": 1, "redeemed": 0, "forfeited": 0},
        Ending: {"act": Act.CANCEL, "at": NOW, "by": Actor.CLIENT, "late": False},
    }


def _without_checks(kind: type) -> Callable[..., object]:
    """Return a frozen class with slots, the same fields, the same defaults, and no checks."""
    of_kind: tuple[Field[Any], ...] = fields(cast("Any", kind))
    made: list[Any] = []
    for each in of_kind:
        if not each.init:
            continue
        if each.default is MISSING and each.default_factory is MISSING:
            made.append((each.name, object))
        else:
            own: Any = field(default=each.default, default_factory=each.default_factory)
            made.append((each.name, object, own))
    return make_dataclass(kind.__name__, made, frozen=True, slots=True, kw_only=True)


def peers(kind: type, arguments: dict[str, Any]) -> dict[str, Callable[[], object]]:
    """Return both ways to make a value."""
    return {
        PUBLIC: partial(kind, **arguments),
        WITHOUT_CHECKS: partial(_without_checks(kind), **arguments),
    }


def measured(rounds: int) -> dict[str, Timed]:
    """Return what making each public value takes, with the ratio to one without checks.

    The last is all of them: their times added up.
    """
    found: dict[str, Timed] = {}
    without = 0.0
    for kind, arguments in given().items():
        timed = in_turns(peers(kind, arguments), rounds)
        found[kind.__name__] = Timed(
            seconds=timed[PUBLIC].seconds, ratio=timed[WITHOUT_CHECKS].ratio
        )
        without += timed[WITHOUT_CHECKS].seconds
    public = sum(timed.seconds for timed in found.values())
    return found | {TOGETHER: Timed(seconds=public, ratio=public / without)}

"""A booking under two kinds of terms: a facial by its package's, a massage by the account's."""

from datetime import datetime, timedelta

from pkgredeem import (
    Actor,
    CancellationTerms,
    CreditOutcome,
    Package,
    Redemption,
    RedemptionPolicy,
    Settlement,
    rules,
)
from tests.helpers.support import (
    FORFEIT_INSIDE_A_DAY,
    HOUR,
    NOW,
    START,
    account,
    case,
    credit,
    decide,
    package,
)

CLIENT, BUSINESS = Actor.CLIENT, Actor.BUSINESS
FORFEIT, RETURN = CreditOutcome.FORFEIT, CreditOutcome.RETURN
POLICY = RedemptionPolicy(rules.ONLINE)
#: The unlimited plan's own: a fee inside twelve hours, and lost inside three.
TIERED = CancellationTerms(window=12 * HOUR, late=RETURN, tiers=[(3 * HOUR, FORFEIT)])
#: A facial under the plan's terms, a massage under the account's: forfeited inside a day.
PLAN = package("p1", credit("facial"), cancellation=TIERED)
PACK = package("p2", credit("massage"))
BOTH = (PLAN, PACK)
FACIAL, MASSAGE = [0], [1]


def booked(
    *sold: Package,
    terms: CancellationTerms | None = FORFEIT_INSIDE_A_DAY,
    booked_at: datetime = NOW,
    services: tuple[str, ...] = ("facial", "massage"),
) -> Redemption:
    """Return a facial and a massage, paid by the plan and by the pack unless told otherwise."""
    asked = case(
        *services, account=account(cancellation=terms), packages=sold or BOTH, now=booked_at
    )
    found = decide(asked, rules.ONLINE).redemption
    assert found is not None
    return found


def cancelled(
    left: timedelta, source: Redemption | None = None, lines: list[int] | None = None
) -> Settlement:
    """Return what a client's cancellation does with that much time left."""
    return POLICY.cancel(source or booked(), by=CLIENT, now=START - left, lines=lines)


def terms_in(found: Redemption) -> list[tuple[CancellationTerms | None, datetime | None]]:
    """Return what each draw keeps of its own."""
    return [(draw.terms, draw.free_until) for draw in found.draws]


def found_by(settlement: Settlement) -> list[tuple[str, dict[str, object]]]:
    """Return what is found, with its facts."""
    return [(each.code, dict(each.facts)) for each in settlement.findings]

"""A house rule of a salon's own, and the policy that it makes."""

from pkgredeem import Case, Clause, Cover, RedemptionPolicy, Scope, rule
from pkgredeem.rules import TIMELY_2026_03

SATURDAY = 6
HOUSE_RULES = Clause(
    id="HOUSE-1", heading="house rules", says="On Saturdays packages are not redeemed."
)


@rule(
    Scope.BOOKING,
    clauses=[HOUSE_RULES],
    message="the appointment is on a Saturday",
    advice="pick another day, or book it without a package",
    client_text="packages can't be used on a Saturday",
)
def on_a_saturday(case: Case, cover: Cover) -> bool:  # noqa: ARG001 - every booking rule gets both
    """The appointment starts on a Saturday by the salon's own clock."""
    return case.local(case.booking.starts_at).isoweekday() == SATURDAY


POLICY = RedemptionPolicy(TIMELY_2026_03.including(on_a_saturday))

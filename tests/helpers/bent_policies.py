"""Policies whose answers are bent by hand, so that a law is broken which no rule can break."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from pkgredeem import (
    Actor,
    Case,
    Decision,
    Package,
    Redemption,
    RedemptionPolicy,
    Rulebook,
    Settlement,
    rules,
)
from pkgredeem.testing import Law

POLICY = RedemptionPolicy(rules.TIMELY_2026_03)

Bend = Callable[[Decision, Case], Decision]


def unchanged(decision: Decision, _: Case) -> Decision:
    """Return the decision."""
    return decision


def unchanged_settlement(settlement: Settlement) -> Settlement:
    """Return the settlement."""
    return settlement


@dataclass(frozen=True)
class Bent:
    """A policy whose decisions, or whose cancellations, are changed afterwards."""

    decision: Bend
    settlement: Callable[[Settlement], Settlement]
    policy: RedemptionPolicy = POLICY

    @property
    def rulebook(self) -> Rulebook:
        """The rulebook of the policy."""
        return self.policy.rulebook

    def decide_case(self, case: Case) -> Decision:
        """Decide, and change the decision."""
        return self.decision(self.policy.decide_case(case), case)

    def cancel(
        self,
        redemption: Redemption,
        *,
        by: Actor,
        now: datetime,
        lines: Iterable[int] | None = None,
        packages: Iterable[Package] = (),
    ) -> Settlement:
        """Cancel, and change the settlement."""
        settled = self.policy.cancel(redemption, by=by, now=now, lines=lines, packages=packages)
        return self.settlement(settled)

    def __getattr__(self, name: str) -> object:
        """Leave all else to the policy."""
        return getattr(self.policy, name)


def broken_by(
    law: Law,
    case: Case,
    *,
    decision: Bend = unchanged,
    settlement: Callable[[Settlement], Settlement] = unchanged_settlement,
) -> str | None:
    """Return what the law says is broken by a policy that is bent like this; None for nothing."""
    bent = Bent(decision=decision, settlement=settlement)
    return law.check(cast("RedemptionPolicy", bent), case)

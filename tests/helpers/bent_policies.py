"""Policies whose answers are bent by hand, so that a law is broken which no rule can break."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from pkgredeem import (
    Actor,
    Case,
    Decision,
    Redemption,
    RedemptionPolicy,
    Rulebook,
    Settlement,
    rules,
)
from pkgredeem.testing import Law

POLICY = RedemptionPolicy(rules.TIMELY_2026_03)

Bend = Callable[[Decision, Case], Decision]


def _kept(decision: Decision, _: Case) -> Decision:
    return decision


def _as_it_is(settlement: Settlement) -> Settlement:
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

    def decide_case(self, asked: Case) -> Decision:
        """Decide, and change the decision."""
        return self.decision(self.policy.decide_case(asked), asked)

    def cancel(
        self,
        redemption: Redemption,
        *,
        by: Actor,
        now: datetime,
        lines: Iterable[int] | None = None,
    ) -> Settlement:
        """Cancel, and change the settlement."""
        return self.settlement(self.policy.cancel(redemption, by=by, now=now, lines=lines))

    def __getattr__(self, name: str) -> object:
        """Leave all else to the policy."""
        return getattr(self.policy, name)


def told(
    law: Law,
    asked: Case,
    *,
    decision: Bend = _kept,
    settlement: Callable[[Settlement], Settlement] = _as_it_is,
) -> str | None:
    """Return what the law tells of a policy that is bent like this."""
    bent = Bent(decision=decision, settlement=settlement)
    return law.check(cast("RedemptionPolicy", bent), asked)

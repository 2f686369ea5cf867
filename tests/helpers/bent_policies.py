"""Policies whose answers are bent by hand, so that a law is broken which no rule can break."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import cast

from pkgredeem import (
    Case,
    Decision,
    RedemptionPolicy,
    Rulebook,
    Settlement,
    rules,
)
from pkgredeem.testing import LAWS, Law
from pkgredeem.testing.laws._law import NoDecisionError

POLICY = RedemptionPolicy(rules.TIMELY_2026_03)

ACTS = frozenset(("cancel", "complete", "forgive", "no_show", "reschedule"))
Bend = Callable[[Decision, Case], Decision]


def unchanged(decision: Decision, _: Case) -> Decision:
    """Return the decision."""
    return decision


def unchanged_settlement(settlement: Settlement) -> Settlement:
    """Return the settlement."""
    return settlement


@dataclass(frozen=True)
class Bent:
    """A policy whose decisions, or whose acts, are changed afterwards."""

    decision: Bend = unchanged
    settlement: Callable[[Settlement], Settlement] = unchanged_settlement
    policy: RedemptionPolicy = POLICY

    @property
    def rulebook(self) -> Rulebook:
        """The rulebook of the policy."""
        return self.policy.rulebook

    def decide_case(self, case: Case) -> Decision:
        """Decide, and change the decision."""
        return self.decision(self.policy.decide_case(case), case)

    def __getattr__(self, name: str) -> object:
        """Leave all else to the policy, and change what its acts settle."""
        answer = getattr(self.policy, name)
        if name not in ACTS:
            return answer

        def act(*args: object, **fields: object) -> Settlement:
            return self.settlement(answer(*args, **fields))

        return act


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


def told_by(
    policy: RedemptionPolicy | Bent, cases: Iterable[Case], laws: Iterable[Law] = LAWS
) -> set[str]:
    """Return the names of the laws that one of these cases breaks.

    A rule that raises breaks "every case gets a decision", whichever law asks it.
    """
    asked, tried = cast("RedemptionPolicy", policy), tuple(cases)
    return {
        name
        for law in laws
        if law.concerns(asked)
        for name in (next(filter(None, (_broken(asked, law, case) for case in tried)), None),)
        if name is not None
    }


def _broken(policy: RedemptionPolicy, law: Law, case: Case) -> str | None:
    try:
        return None if law.check(policy, case) is None else law.name
    except NoDecisionError:
        return LAWS[1].name

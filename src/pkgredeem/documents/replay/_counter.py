"""The counts of one rulebook: each decision and each act is added, and forgotten."""

from collections import Counter
from typing import final

from pkgredeem import (
    Act,
    CardCaptureOutcome,
    Case,
    Decision,
    DepositOutcome,
    RedemptionPolicy,
    Settlement,
)
from pkgredeem.documents.replay._counts import Tally
from pkgredeem.documents.replay._lines import Recorded
from pkgredeem.documents.replay._overdrawn import Watched, overdrawn, watch
from pkgredeem.documents.replay._recorded import Comparison


def is_repeat(decision: Decision) -> bool:
    """Tell whether it is the recorded answer about a booking that was redeemed before (D21)."""
    return decision.recorded and not decision.again


@final
class DecisionCounter:
    """Counts what one rulebook decides.

    Attributes:
        policy: who decides.
        uses_are_read: whether a rule of it says that it reads the uses of packages.
    """

    def __init__(self, policy: RedemptionPolicy) -> None:
        self.policy = policy
        self.uses_are_read = any("uses" in rule.reads for rule in policy.rulebook.rules)
        self._eligible = 0
        self._sums: Counter[str] = Counter()
        self._reasons: Counter[str] = Counter()
        self._acts: Counter[str] = Counter()
        self._watched: dict[tuple[str, str], Watched] = {}
        self._comparison = Comparison()

    def add(self, decision: Decision) -> None:
        """Count one decision."""
        redemption = decision.redemption
        if not decision.eligible or redemption is None:
            self._sums["refused"] += 1
            self._reasons.update({reason.code for reason in decision.reasons})
            return
        self._eligible += 1
        sums = self._sums
        sums["credits"] += sum([draw.credits for draw in redemption.draws])
        if decision.deposit is DepositOutcome.WAIVED:
            sums["deposits_waived"] += 1
        if decision.card_capture is CardCaptureOutcome.BYPASSED:
            sums["cards_bypassed"] += 1

    def add_repeat(self) -> None:
        """Count a line that asks about a booking that is redeemed already."""
        self._sums["repeated"] += 1

    def add_act(self, act: Act, settlement: Settlement) -> None:
        """Count what an act does; one that was done before does nothing."""
        if not settlement.allowed:
            self._sums["acts_refused"] += 1
        elif settlement.change is not None:
            self._acts[act.value] += 1

    def add_returned(self, returned: int) -> None:
        """Count credits that come back."""
        self._sums["credits_returned"] += returned

    def watch(self, case: Case, decision: Decision) -> None:
        """Note what is drawn, where balances are not carried."""
        watch(self._watched, case, decision)

    def compare(self, number: int, recorded: Recorded, decision: Decision) -> None:
        """Compare a decision with what the line of that number holds."""
        self._comparison.add(number, recorded, decision)

    def tally(self) -> Tally:
        """Return the counts."""
        return Tally(
            rulebook=self.policy.rulebook.name,
            eligible=self._eligible,
            reasons=tuple(sorted(self._reasons.items())),
            impossible=sum(entry.lines for entry in overdrawn(self._watched)),
            acts=tuple(sorted(self._acts.items())),
            reproduction=self._comparison.result(),
            watched=self._watched,
            **self._sums,
        )

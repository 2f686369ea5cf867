"""The summary of many decisions: how many, which share is eligible, how often for each reason."""

from collections import Counter
from typing import Final, final

from pkgredeem import Decision
from pkgredeem.cli._output import Row

_BAR: Final = 30
_CODE: Final = 28


@final
class Summary:
    """Counts decisions; its size grows with the number of codes, never with that of decisions."""

    def __init__(self) -> None:
        """Start at zero."""
        self.unreadable = 0
        self._decided = 0
        self._eligible = 0
        self._reasons: Counter[str] = Counter()

    def add(self, decision: Decision) -> None:
        """Count one decision; a reason that it gives twice counts once."""
        self._decided += 1
        self._eligible += decision.eligible
        self._reasons.update({reason.code for reason in decision.reasons})

    @property
    def status(self) -> int:
        """The exit status: 2 when something could not be read, else 1 when one was refused."""
        if self.unreadable:
            return 2
        return 1 if self._decided > self._eligible else 0

    def rows(self) -> list[Row]:
        """Return the counts, and a bar for each reason, the most frequent first."""
        return [self._counts(), *(self._bar(*reason) for reason in self._reasons_in_order())]

    def _counts(self) -> Row:
        decided, eligible = self._decided, self._eligible
        head = f"{decided:,} decision{'' if decided == 1 else 's'}"
        counts = f": {eligible:,} eligible"
        counts += f" ({eligible / decided:.1%})" if decided else ""
        counts += f", {decided - eligible:,} refused"
        if self.unreadable:
            counts += f", and {self.unreadable:,} could not be read"
        return Row(head + counts, [[(head, "bold"), (counts, "")]])

    def _reasons_in_order(self) -> list[tuple[str, int]]:
        return sorted(self._reasons.items(), key=lambda reason: (-reason[1], reason[0]))

    def _bar(self, code: str, count: int) -> Row:
        most = max(self._reasons.values())
        bar = "█" * max(1, round(_BAR * count / most))
        label, number = f"  {code:<{_CODE}}", f" {count:,}"
        return Row(label + bar + number, [[(label, ""), (bar, "red"), (number, "bold")]])

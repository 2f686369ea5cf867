"""What a desk does on a store: read, ask, commit, and after a conflict all of it afresh (D35)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._acts import cancel, complete, forgive, no_show
from ._errors import CONFLICT, INVALID, UNKNOWN, NamedError
from ._filled import moment, reserved
from ._ledger import Change, movements
from ._move import exchange, reschedule
from ._quote import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ._filled import Doc
    from ._ledger import Ledger

ACTS: dict[str, Callable[..., Doc]] = {
    "cancel": cancel,
    "no_show": no_show,
    "complete": complete,
    "forgive": forgive,
    "reschedule": reschedule,
}
ATTEMPTS = 5


def _nothing() -> None:
    """Do nothing: nobody is quicker."""


class Desk:
    """A desk under one rulebook, on a ledger that others may use too."""

    def __init__(self, ledger: Ledger, rulebook: str) -> None:
        """Take a ledger and the name of a rulebook."""
        self.ledger, self.rulebook = ledger, rulebook

    def book(
        self,
        case: Doc,
        replaces: str | None = None,
        meanwhile: Callable[[], object] = _nothing,
        also: Sequence[str] = (),
    ) -> Doc:
        """Redeem or exchange; `meanwhile` is what happens after the first reading (D14, D35).

        Besides the client's packages and those picked, those in `also` are looked at.
        """
        return self._tried(lambda: self._booked(case, replaces, also), meanwhile)

    def act(
        self,
        name: str,
        booking_id: str,
        arguments: Doc,
        meanwhile: Callable[[], object] = _nothing,
    ) -> Doc:
        """Cancel, record, forgive or move a booking with its packages of today."""
        return self._tried(lambda: self._settled(name, booking_id, arguments), meanwhile)

    def _tried(
        self, decided: Callable[[], tuple[Doc, list[Change]]], meanwhile: Callable[[], object]
    ) -> Doc:
        """Decide and commit; when others were quicker, decide afresh, five times at most."""
        for _ in range(ATTEMPTS):
            try:
                answer, changes = decided()
            except NamedError as error:
                return {"error": str(error)}
            if not changes:
                return answer
            meanwhile()
            meanwhile = _nothing
            try:
                self.ledger.commit(*changes)
            except NamedError as error:
                if str(error) != CONFLICT:
                    return {"error": str(error)}
            else:
                return answer
        return {"error": CONFLICT}

    def _booked(
        self, case: Doc, replaces: str | None, named: Sequence[str]
    ) -> tuple[Doc, list[Change]]:
        """Answer a booking from what is stored now, and say what is to be committed."""
        stored, old = (self.ledger.redemption(each) for each in (case["booking"]["id"], replaces))
        client_id, only = case["client"].get("id"), case.get("only") or []
        drawn_on = [draw["package_id"] for draw in (old or {"draws": []})["draws"]]
        at = min(moment(case["now"]), moment(case["booking"]["starts_at"]))
        found = (
            []
            if client_id is None
            else self.ledger.packages_of(client_id, at, [*only, *drawn_on, *named])
        )
        case = case | {"packages": found, "existing": None}
        answer = quote(case, stored, replaces, old, self.rulebook)
        if answer["recorded"] or not answer["eligible"]:
            return answer, []
        if old is None:
            return answer, [self._change(None, answer["proposal"])]
        both = exchange(case | {"existing": old}, self.rulebook)
        if both is None:
            raise AssertionError
        changes = [self._change(None, both["new"]), self._change(old, both["old"], compared=False)]
        return answer, changes

    def _settled(self, name: str, booking_id: str, arguments: Doc) -> tuple[Doc, list[Change]]:
        """Answer an act from what is stored now, and say what is to be committed."""
        before = self.ledger.redemption(booking_id)
        if before is None:
            raise NamedError(UNKNOWN)
        if name != "complete":
            names = {draw["package_id"] for draw in before["draws"]} & {*self.ledger.sold}
            packages = [self.ledger.package(each) for each in sorted(names)]
            arguments = arguments | {"packages": packages, "rulebook": self.rulebook}
        answer = ACTS[name](before, **arguments)
        if not answer["changes"]:
            return answer, []
        moves = name == "reschedule"
        return answer, [self._change(before, answer["redemption"], compared=moves)]

    def _change(self, before: Doc | None, after: Doc, *, compared: bool = True) -> Change:
        """Write a change, with the versions that a booking or a move carries (D57)."""
        names = {draw["package_id"] for draw in reserved(after)} if compared else set()
        versions = {name: self.ledger.version(name) for name in names}
        if None in versions.values():
            raise NamedError(INVALID)
        return {
            "before": before,
            "after": after,
            "movements": movements(before, after),
            "package_versions": {one: at for one, at in versions.items() if at is not None},
        }

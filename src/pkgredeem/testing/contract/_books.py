"""What a store has to show after everything that was committed to it: all of it is read back."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

import pkgredeem as p
from pkgredeem.stores import RedemptionStore
from pkgredeem.testing.contract._expectations import (
    due,
    in_order,
    owned,
    same,
    versions,
)

_History = Callable[[], Sequence[p.Movement] | None]


class Books:
    """A store that keeps books of its own, and compares them with the store after each commit.

    Redemptions field by field, credits and uses of every package, versions, and the history
    movement by movement where one is kept.
    """

    def __init__(
        self, store: RedemptionStore, sold: Iterable[p.Package], history: _History
    ) -> None:
        """Begin with what was sold, and nothing committed."""
        self.store = store
        self._sold = sorted(sold, key=lambda package: package.id)
        self._history = history
        self._redemptions: dict[str, p.Redemption] = {}
        self._movements: Counter[p.Movement] = Counter()
        self._versions = versions(store, self._sold)

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Iterable[p.Package]:
        """Return what the store gives."""
        return self.store.packages_of(client_id, not_over_at=not_over_at, also=also)

    def redemption(self, booking_id: str) -> p.Redemption | None:
        """Return what the store gives."""
        return self.store.redemption(booking_id)

    def commit(self, *changes: p.Change) -> None:
        """Commit the changes, and compare everything that they touch."""
        self.store.commit(*changes)
        stored = self._redemptions
        fresh = [one for one in changes if stored.get(one.after.booking.id) != one.after]
        for change in fresh:
            self._redemptions[change.after.booking.id] = change.after
            self._movements.update(change.movements)
        self.compare(*(change.after.booking.id for change in changes))
        drawn_on = {draw.package_id for change in fresh for draw in change.after.draws}
        found = versions(self.store, self._sold)
        raised = {name for name, version in found.items() if version > self._versions[name]}
        same("versions raised", sorted(drawn_on & set(found)), sorted(raised & drawn_on))
        self._versions = found

    def done(self, answer: p.Change | p.Decision | p.Settlement) -> p.Redemption:
        """Commit what was answered, and return the redemption as it is then."""
        change = answer if isinstance(answer, p.Change) else due(answer)
        self.commit(change)
        return change.after

    def compare(self, *booking_ids: str) -> None:
        """Expect these bookings, all packages and the whole history to be as the books say."""
        for name in booking_ids:
            same(
                f"the redemption of {name}",
                self._redemptions.get(name),
                self.store.redemption(name),
            )
        expected = [in_order(self._as_it_is(package)) for package in self._sold]
        named = owned(self.store, "nobody", *(package.id for package in self._sold))
        same("the packages", expected, [replace(package, version=None) for package in named])
        movements = self._history()
        if movements is not None:
            history = Counter(movements)
            same("movements that are lacking", [], [*(self._movements - history).elements()])
            same("movements that never were", [], [*(history - self._movements).elements()])

    def _as_it_is(self, package: p.Package) -> p.Package:
        """Return a package with what is left of it by the books, and its uses."""
        stored = list(self._redemptions.values())
        drawn = Counter[str]()
        for draw in (draw for redemption in stored for draw in redemption.draws):
            if draw.package_id == package.id and draw.state is not p.DrawState.RETURNED:
                drawn[draw.entitlement_id] += draw.credits
        left = tuple(
            entitlement
            if entitlement.remaining is p.UNLIMITED
            else replace(entitlement, remaining=entitlement.remaining - drawn[entitlement.id])
            for entitlement in package.entitlements
        )
        uses = [use for redemption in stored for use in redemption.uses_of(package.id)]
        return replace(package, entitlements=left, uses=tuple(uses))

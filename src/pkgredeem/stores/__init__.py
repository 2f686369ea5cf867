"""What a caller's storage has to do: the two protocols, one for threads and one for tasks.

Three methods are all that a desk asks of a store. Ready-made ones stand in `memory`, `sqlite`,
`sqlalchemy` and `django` beside this; `pkgredeem.testing.StoreContract` tries a store of your own.
Only what you import is loaded.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from pkgredeem._model.ledger import Change
from pkgredeem._model.packages import Package
from pkgredeem._model.redemption import Redemption

__all__ = ["AsyncRedemptionStore", "RedemptionStore"]


class RedemptionStore(Protocol):
    """Keeps packages and redemptions, and commits changes to them whole.

    A store belongs to one account; ids are unique inside it, and two ids are the same only when
    every character is (D39). It knows no rule and judges no act: `by` and `note` of what it is
    given are records, never an authorisation (D36). It never deletes a package that a redemption
    drew on.

    One object is used by everything that shares the database, so its methods must be safe to call
    from several threads at once, and the database from several processes.

    **In the caller's own transaction.** A store may be made for one transaction that the caller
    ends, so that booking and redemption become visible together. Then put `commit` inside a
    savepoint and roll back to it before raising `ConflictError`, since many databases refuse
    everything after an error. Give the desk `attempts=1`: inside a transaction that reads from one
    snapshot a second look would show the same again. When `ConflictError` arrives, roll the whole
    transaction back and do all of it again.

    Example:
        A desk asks nothing else of it:

        >>> sorted(name for name in vars(RedemptionStore) if not name.startswith("_"))
        ['commit', 'packages_of', 'redemption']
    """

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Iterable[Package]:
        """Return the client's packages as they are now.

        `uses` and `version` are those of one moment with the credits; a version is never newer than
        the uses beside it (D57, D66). A store without packages that have quotas or `lasts` may
        leave both out. `Entitlement.remaining` is what is available: what was sold, with every
        credit taken off that is reserved, redeemed or forfeited now.

        Args:
            client_id: who holds the packages.
            not_over_at: the instant at which a package must not be over: a desk hands in the
                earlier of the present and the start, so that yesterday's appointment can be paid
                with what was valid then. A store never looks at its own clock.
            also: package ids that are wanted besides.

        Returns:
            Packages, in any order and each once (D27). Those are

            - every package of this client, or shared with this client (D59), that has an available
              credit and is not over at *not_over_at*; others of theirs may be there or be left out;
            - every package named in *also*, whoever's it is and in whatever state: used up,
              archived, over, or another client's by now. An id that the store never held is left
              out.

        Raises:
            ConflictError: the database asks for the whole transaction to be done again.
        """
        ...

    def redemption(self, booking_id: str) -> Redemption | None:
        """Return the redemption of that booking as it was last committed, equal in every field.

        A read that follows a `ConflictError` of the same caller is at least as new as what caused
        the conflict (D35), and a read that follows a commit shows it: never ask a replica that lags
        behind.

        Args:
            booking_id: the booking.

        Returns:
            None when nothing was ever redeemed for that booking.

        Raises:
            ConflictError: the database asks for the whole transaction to be done again.
        """
        ...

    def commit(self, *changes: Change) -> None:
        """Commit all changes of the call, or none of them.

        Before anything else the store calls `change.check_movements()` for each: a booking that
        takes no credit off would give back what it never took.

        Atomic, for whoever reads and through a crash at any point: the redemptions, the movements
        and what they leave available change together. The changes of one call are of different
        bookings. They are judged after all of them: credits that one change gives back may pay for
        another, in whichever order the two are given.

        For each change, the first of these that holds decides:

        1. The redemption that is stored equals `change.after` in every field: it was committed
           before, and the acknowledgement was lost. A success; nothing is done for this change, and
           none of its movements is counted.
        2. The stored version is not `change.before.version`, or something is stored where `before`
           is None, or nothing where it is not: `ConflictError`. Versions are compared, never
           skipped over: an act that was decided on something older must not win. A version in
           `change.package_versions` that is not the stored one of that package, as it was before
           the call, is a conflict too (D57); a package that the store does not hold has none.
        3. A movement is about an entitlement that the store does not hold: no second try would
           change that, so it is an `UnknownEntitlementError` (D73). An entitlement would be left
           with less than no available credit by all changes together: `ConflictError`.
        4. `change.after` takes the place of what was stored, and the movements are kept or applied:
           each takes `credits` from `source` and adds them to `target`, in exactly that package and
           entitlement (D13). A store that only keeps what is left adds `Movement.available_delta`,
           and nothing to what is unlimited. The version of every package that the redemption draws
           on, before or after, is raised, also by an act that moves no credit, and the uses of the
           booking become those of `change.after`.

        A return is never refused (D13): only versions count for a change that gives credits back,
        whatever has become of its package. Nothing else about packages is judged here; validity and
        owner were the decision's business.

        Serialisation failures, deadlocks, lock timeouts and unique keys that a concurrent
        commit took first are conflicts too. Any other error of the database is raised as it is:
        whether the changes were committed is then unknown, and the same call again settles it, by
        1.

        On a database that locks rows, touch entitlements in the order of package and entitlement
        id, so that two calls can't wait for each other; and guard each row where it is written. An
        `UPDATE` whose guard stands only in a sub-select is read before it waits, and spends the
        last credit twice.

        Args:
            *changes: what to commit; none at all is a success.

        Raises:
            ConflictError: a concurrent commit won, and nothing of the call was committed.
            InvalidValueError: the movements of a change are not what its draws say.
            UnknownEntitlementError: the store does not hold an entitlement of a movement.
        """
        ...


class AsyncRedemptionStore(Protocol):
    """The same for tasks: each method is awaited, and all that `RedemptionStore` says holds.

    One object is used by many tasks of one event loop at once. A task that is cancelled inside
    `commit` has committed all of it or nothing.

    Example:
        >>> sorted(name for name in vars(AsyncRedemptionStore) if not name.startswith("_"))
        ['commit', 'packages_of', 'redemption']
    """

    async def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Iterable[Package]:
        """Return the client's packages as they are now: see `RedemptionStore.packages_of`."""
        ...

    async def redemption(self, booking_id: str) -> Redemption | None:
        """Return the redemption of that booking: see `RedemptionStore.redemption`."""
        ...

    async def commit(self, *changes: Change) -> None:
        """Commit all changes of the call, or none of them: see `RedemptionStore.commit`.

        Raises:
            ConflictError: a concurrent commit won, and nothing of the call was committed.
            InvalidValueError: the movements of a change are not what its draws say.
            UnknownEntitlementError: the store does not hold an entitlement of a movement.
        """
        ...

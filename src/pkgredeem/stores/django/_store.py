"""The store on Django's models, for threads.

A commit writes at once, each row under a guard of its own: a redemption where it is as it was, a
version where it was compared, credits where enough are left. A guard that stands on the row that is
written is asked again after the wait for whoever wrote it first; so nothing is read before, nothing
is locked that is not written, and on SQLite a transaction that begins DEFERRED asks for its turn
with its first statement.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar, final

from django.db import DEFAULT_DB_ALIAS, IntegrityError, transaction
from django.db.models import F, Model, Q, QuerySet

from pkgredeem._model import checks as check
from pkgredeem._model.entitlement import Entitlement
from pkgredeem._model.ledger import Balance, Change, Movement
from pkgredeem._model.packages import Package
from pkgredeem._model.redemption import Redemption
from pkgredeem._model.words import UNLIMITED, Act, Actor, Bucket
from pkgredeem.exceptions import ConflictError
from pkgredeem.stores import _ledger
from pkgredeem.stores.django import _reads, models
from pkgredeem.stores.django._conflicts import conflicts

_Row = TypeVar("_Row", bound=Model)


@final
class DjangoStore:
    """A `RedemptionStore` in the tables of the app `pkgredeem`, on PostgreSQL or SQLite.

    One store serves every thread: each call uses the connection of its thread. It takes part in the
    transaction that its caller has begun (`atomic`, ATOMIC_REQUESTS, a test case of Django's), in a
    savepoint; outside of one a commit is a transaction of its own. In a transaction give the desk
    `attempts=1`, let `ConflictError` leave the block, so that all of it is undone, and do the block
    again.

    Routers are not asked: all tables are in the database that *using* names.

    Args:
        using: the alias of the database; never that of a replica that lags behind (D35).

    Example:
        In a project that has `"pkgredeem.stores.django"` in `INSTALLED_APPS`, and is migrated:

        >>> from datetime import UTC, datetime
        >>> from pkgredeem import Entitlement, Package
        >>> from pkgredeem.stores.django import DjangoStore
        >>> five_facials = [Entitlement(services=["facial"], remaining=5)]
        >>> store = DjangoStore()
        >>> store.add(Package(id="p1", client_id="ana", entitlements=five_facials))
        >>> now = datetime(2026, 5, 1, 9, tzinfo=UTC)
        >>> [package.id for package in store.packages_of("ana", not_over_at=now)]
        ['p1']
        >>> store.balance("p1")
        Balance(available=5, reserved=0, redeemed=0, forfeited=0)
    """

    def __init__(self, using: str = DEFAULT_DB_ALIAS) -> None:
        """Keep the alias of the database."""
        self._using = using

    def add(self, package: Package) -> None:
        """Take a package on, as it was sold: its `remaining` credits are what it is sold with.

        Its uses and its version are the store's own from then on (D66).

        Raises:
            InvalidValueError: it holds a package of that id already.
            ConflictError: the database asks for the whole transaction to be done again, or it
                stayed locked for as long as it waits.
        """
        check.kind_of("package", package, Package)
        row = models.Package(id=package.id, **_columns(package))
        with conflicts(), transaction.atomic(using=self._using):
            try:
                row.save(using=self._using, force_insert=True)
            except IntegrityError as error:
                raise _ledger.package_id_taken(package.id) from error
            self._hold(package)
            self._sell(package.id, package.entitlements)

    def revise(self, package: Package) -> None:
        """Take what has become of a package: archived, extended, another owner, a next cycle.

        Its uses and its version are the store's own (D66); the version is raised (D57). Of an
        entitlement that it holds already the credits stay as they were sold, whatever `remaining`
        says; one that *package* leaves out stays as it is, and a new one is sold with what is left
        in it.

        Where *package* says a version, it must be the stored one: what two people do to a package
        at once is done one after the other, each having seen what the other did.

        Raises:
            ConflictError: its version is another one by now, or others were quicker.
            InvalidValueError: it holds no package of that id.
        """
        check.kind_of("package", package, Package)
        rows = self._rows(models.Package).filter(pk=package.id)
        with conflicts(), transaction.atomic(using=self._using):
            # Written first, and so locked: what is read then stays until we are done.
            if not rows.update(version=F("version") + 1):
                raise _ledger.package_unknown(package.id)
            document, raised = rows.values_list("document", "version").get()
            _ledger.check_revision(package, raised - 1)
            stored = _package(document)
            revised = _ledger.revised(stored, package)
            rows.update(**_columns(revised))
            self._rows(models.Holder).filter(package=package.id).delete()
            self._hold(revised)
            sold = {entitlement.id for entitlement in stored.entitlements}
            self._sell(package.id, [new for new in revised.entitlements if new.id not in sold])

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> tuple[Package, ...]:
        """Return the client's packages that are not over then, and those named in *also*.

        Raises:
            ConflictError: the database asks for the whole transaction to be done again, or it
                stayed locked for as long as it waits.
        """
        asked = _ledger.checked_read(client_id, not_over_at)
        with conflicts():
            return _reads.packages_of(self._using, *asked, also)

    def redemption(self, booking_id: str) -> Redemption | None:
        """Return the redemption of that booking; None when nothing was ever redeemed for it.

        Raises:
            ConflictError: the database asks for the whole transaction to be done again, or it
                stayed locked for as long as it waits.
        """
        return self._redemptions([booking_id]).get(booking_id)

    def commit(self, *changes: Change) -> None:
        """Commit all changes, or none of them.

        Rows are written in one order, redemptions by booking, then packages and entitlements by id,
        so that no two calls wait for each other.

        Raises:
            ConflictError: a version is not the one that was decided on, a credit is lacking, or the
                database says that somebody else was quicker, or stayed locked.
            InvalidValueError: two changes are of one booking, or the movements of one are not what
                its draws say.
            UnknownEntitlementError: the store does not hold an entitlement of a movement.
        """
        _ledger.check_changes(changes)
        try:
            with conflicts(), transaction.atomic(using=self._using):
                self._write(changes)
        except ConflictError:
            # Some may have been committed before, and the acknowledgement was lost.
            stored = self._redemptions(map(_ledger.booking_id_of, changes))
            new = [
                each for each in changes if stored.get(_ledger.booking_id_of(each)) != each.after
            ]
            if len(new) == len(changes):
                raise
            self.commit(*new)

    def balance(self, package_id: str, entitlement_id: str = "main") -> Balance:
        """Return where the credits of one entitlement are.

        Raises:
            InvalidValueError: the store does not hold that package, or it has no such entitlement.
            ConflictError: the database asks for the whole transaction to be done again, or it
                stayed locked for as long as it waits.
        """
        with conflicts():
            row = self._rows(models.Entitlement).filter(package=package_id, name=entitlement_id)
            for left, reserved, redeemed, forfeited in row.values_list(*Bucket):
                return Balance(
                    available=UNLIMITED if left is None else left,
                    reserved=reserved,
                    redeemed=redeemed,
                    forfeited=forfeited,
                )
            if self._rows(models.Package).filter(pk=package_id).exists():
                raise _ledger.entitlement_unknown(entitlement_id)
            raise _ledger.package_unknown(package_id)

    def movements(self) -> tuple[Movement, ...]:
        """Return the whole history, in the order in which it was committed.

        What one call committed stands in the order in which its changes were given. Of two commits
        that overlapped, on different packages and bookings, either may come first.

        Raises:
            ConflictError: the database asks for the whole transaction to be done again, or it
                stayed locked for as long as it waits.
        """
        with conflicts():
            return tuple(map(_movement, self._rows(models.Movement).order_by("pk")))

    def _rows(self, model: type[_Row]) -> QuerySet[_Row]:
        return QuerySet(model, using=self._using)

    def _redemptions(self, booking_ids: Iterable[str]) -> dict[str, Redemption]:
        rows = self._rows(models.Redemption).filter(pk__in=list(booking_ids))
        with conflicts():
            return {
                booking_id: Redemption.from_document(json.loads(document))
                for booking_id, document in rows.values_list("pk", "document")
            }

    def _hold(self, package: Package) -> None:
        holders = dict.fromkeys((package.client_id, *package.shared_with))
        self._rows(models.Holder).bulk_create(
            models.Holder(package_id=package.id, client_id=client_id) for client_id in holders
        )

    def _sell(self, package_id: str, entitlements: Iterable[Entitlement]) -> None:
        self._rows(models.Entitlement).bulk_create(
            models.Entitlement(package_id=package_id, name=new.id, sold=sold, available=sold)
            for new in entitlements
            for sold in [None if new.remaining is UNLIMITED else new.remaining]
        )

    def _write(self, changes: Sequence[Change]) -> None:
        for change in sorted(changes, key=_ledger.booking_id_of):
            self._keep(change)
        for package_id, version in _ledger.versions_to_raise(changes).items():
            self._raise_version(package_id, version)
        for place, added in _ledger.credits_by_bucket(changes).items():
            self._move(*place, added)
        changed = [_ledger.booking_id_of(change) for change in changes if change.before]
        if changed:
            self._rows(models.Use).filter(redemption__in=changed).delete()
        self._rows(models.Use).bulk_create(use for change in changes for use in _uses_after(change))
        self._rows(models.Movement).bulk_create(
            moved for change in changes for moved in _movements_of(change)
        )

    def _keep(self, change: Change) -> None:
        """Store *after* where *before* is still there."""
        after, before = change.after, change.before
        row = {"version": after.version, "document": json.dumps(after.to_document())}
        booking_id = _ledger.booking_id_of(change)
        if before is None:
            new = models.Redemption(pk=booking_id, **row)
            try:
                new.save(using=self._using, force_insert=True)
            except IntegrityError as error:
                raise ConflictError(
                    f"booking {booking_id!r} is redeemed already: read it again"
                ) from error
            return
        as_it_was = self._rows(models.Redemption).filter(pk=booking_id, version=before.version)
        if not as_it_was.update(**row):
            raise ConflictError(
                f"booking {booking_id!r} is no longer at version {before.version}: read it again"
            )

    def _raise_version(self, package_id: str, version: int | None) -> None:
        rows = self._rows(models.Package).filter(pk=package_id)
        as_it_was = rows if version is None else rows.filter(version=version)
        # A package that is not there is told of where its credits are moved.
        if not as_it_was.update(version=F("version") + 1) and rows.exists():
            raise _ledger.version_conflict(package_id, version)

    def _move(self, package_id: str, entitlement_id: str, added: dict[Bucket, int]) -> None:
        """Move credits between the buckets of one entitlement; refuse to draw what is not there."""
        rows = self._rows(models.Entitlement).filter(package=package_id, name=entitlement_id)
        drawn = max(-added[Bucket.AVAILABLE], 0)  # a return is never refused
        enough = rows.filter(Q(available=None) | Q(available__gte=drawn))
        moved = {bucket.value: F(bucket.value) + units for bucket, units in added.items()}
        if enough.update(**moved):
            return
        if rows.exists():
            raise _ledger.credits_lacking(package_id, entitlement_id)
        raise _ledger.place_unknown(package_id, entitlement_id)


def _package(document: str) -> Package:
    return Package.from_document(json.loads(document))


def _columns(package: Package) -> dict[str, Any]:
    return {
        "client_id": package.client_id,
        "document": json.dumps(package.to_document()),
        "valid_until": package.valid_until,
    }


def _uses_after(change: Change) -> Iterable[models.Use]:
    for package_id, uses in _ledger.uses_by_package(change).items():
        for use in uses:
            yield models.Use(
                package_id=package_id,
                redemption_id=use.booking_id,
                line=use.line,
                entitlement=use.entitlement_id,
                service_id=use.service_id,
                client_id=use.client_id,
                starts_at=use.starts_at,
                state=use.state.value,
            )


def _movements_of(change: Change) -> Iterable[models.Movement]:
    for number, movement in enumerate(change.movements):
        yield models.Movement(
            redemption_id=movement.booking_id,
            version=change.after.version,
            number=number,
            package_id=movement.package_id,
            entitlement=movement.entitlement_id,
            credits=movement.credits,
            source=movement.source.value,
            target=movement.target.value,
            act=movement.act.value,
            at=movement.at,
            by=movement.by.value,
            note=movement.note,
        )


def _movement(row: models.Movement) -> Movement:
    return Movement(
        booking_id=row.redemption_id,
        package_id=row.package_id,
        entitlement_id=row.entitlement,
        credits=row.credits,
        source=Bucket(row.source),
        target=Bucket(row.target),
        act=Act(row.act),
        at=row.at,
        by=Actor(row.by),
        note=row.note,
    )

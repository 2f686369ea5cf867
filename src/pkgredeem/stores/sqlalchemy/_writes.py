"""What the store writes: packages that are sold or revised, and commits.

Whatever writes begins with a write, never with a read: SQLite then waits for its one write lock
instead of finding that what it read is old. Rows are locked in one order, redemptions before
packages before entitlements, each by their ids, so that no two calls wait for each other; and each
row is compared where it is written, so that whoever waited looks again.
"""

import json
from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa

from pkgredeem._model.entitlement import Entitlement
from pkgredeem._model.ledger import Change
from pkgredeem._model.packages import Package
from pkgredeem._model.words import UNLIMITED, Bucket
from pkgredeem.exceptions import ConflictError
from pkgredeem.stores import _ledger
from pkgredeem.stores.sqlalchemy._reads import OF_A_MOVEMENT, OF_A_USE, is_held, redemption
from pkgredeem.stores.sqlalchemy._sql import Sql
from pkgredeem.stores.sqlalchemy._tables import (
    ENTITLEMENT,
    MOVEMENT,
    PACKAGE,
    REDEMPTION,
    SHARE,
    USE,
)


def add(sql: Sql, package: Package) -> None:
    """Take a package on, as it was sold.

    Raises:
        InvalidValueError: the tables hold a package of that id already.
    """
    if not sql.add_new(PACKAGE, {"id": package.id, "version": 0} | _facts(package)):
        raise _ledger.package_id_taken(package.id)
    _add_shares(sql, package)
    _add_entitlements(sql, package.id, package.entitlements)


def revise(sql: Sql, package: Package) -> None:
    """Take what has become of a package, and raise its version (D57).

    Raises:
        ConflictError: its version is another one by now.
        InvalidValueError: the tables hold no package of that id.
    """
    row = PACKAGE.c
    of_it = sa.update(PACKAGE).where(row.id == package.id)
    raised = of_it.values(version=row.version + 1).returning(row.document, row.version)
    found = sql.run(raised).first()
    if found is None:
        raise _ledger.package_unknown(package.id)
    _ledger.check_revision(package, found.version - 1)
    stored = Package.from_document(json.loads(found.document))
    kept = _ledger.revised(stored, package)
    sql.run(of_it.values(_facts(kept)))
    sql.run(sa.delete(SHARE).where(SHARE.c.package_id == package.id))
    _add_shares(sql, kept)
    new = [one for one in kept.entitlements if stored.entitlement(one.id) is None]
    _add_entitlements(sql, package.id, new)


def _facts(package: Package) -> dict[str, object]:
    """Return the columns that follow from a package as it was sold."""
    return {
        "client_id": package.client_id,
        "document": json.dumps(package.to_document()),
        "valid_until": package.valid_until,
    }


def _add_shares(sql: Sql, package: Package) -> None:
    rows = [{"package_id": package.id, "client_id": client_id} for client_id in package.shared_with]
    sql.add(SHARE, rows)


def _add_entitlements(sql: Sql, package_id: str, entitlements: Iterable[Entitlement]) -> None:
    rows: list[Mapping[str, object]] = []
    for entitlement in entitlements:
        sold = None if entitlement.remaining is UNLIMITED else entitlement.remaining
        row = {"package_id": package_id, "id": entitlement.id, "sold": sold, "available": sold}
        rows.append(row | {"reserved": 0, "redeemed": 0, "forfeited": 0})
    sql.add(ENTITLEMENT, rows)


def commit(sql: Sql, changes: Sequence[Change]) -> None:
    """Commit all changes, which are checked; whoever calls rolls back where this raises.

    Raises:
        ConflictError: a version is not the one that was decided on, or a credit is lacking.
        UnknownEntitlementError: the tables do not hold an entitlement of a movement.
    """
    in_order = sorted(changes, key=_ledger.booking_id_of)
    put = {_ledger.booking_id_of(change) for change in in_order if _put(sql, change)}
    fresh = [change for change in changes if _ledger.booking_id_of(change) in put]
    for package_id, version in _ledger.versions_to_raise(fresh).items():
        _raise_version(sql, package_id, version)
    for place, added in _ledger.credits_by_bucket(fresh).items():
        _move(sql, place, added)
    _replace_uses(sql, fresh)
    _add_movements(sql, fresh)


def _put(sql: Sql, change: Change) -> bool:
    """Store *after* where *before* is still there; False where *after* is stored already."""
    after, before, row = change.after, change.before, REDEMPTION.c
    booking_id = after.booking.id
    facts = {"version": after.version, "document": json.dumps(after.to_document())}
    if before is None:
        is_put = sql.add_new(REDEMPTION, {"booking_id": booking_id} | facts)
    else:
        stale = sa.update(REDEMPTION).where(
            row.booking_id == booking_id, row.version == before.version
        )
        is_put = sql.update(stale.values(facts))
    if not is_put and redemption(sql, booking_id) != after:
        raise ConflictError(f"booking {booking_id!r} has changed since: read it again")
    return is_put


def _raise_version(sql: Sql, package_id: str, version: int | None) -> None:
    """Raise the version of a package, if it is the one that was decided on (D57).

    One that is not there has none: its movements say so.
    """
    row = PACKAGE.c
    wanted = row.id == package_id
    if version is not None:
        wanted &= row.version == version
    raised = sql.update(sa.update(PACKAGE).where(wanted).values(version=row.version + 1))
    if not raised and is_held(sql, package_id):
        raise _ledger.version_conflict(package_id, version)


def _move(sql: Sql, place: tuple[str, str], added: Mapping[Bucket, int]) -> None:
    """Add to each bucket of an entitlement what it gets; refuse to draw what is not there.

    The guard stands in the row that is written: who waited for another writer asks it again, of
    the row as that one left it. A guard in a sub-select would not be asked again.
    """
    row = ENTITLEMENT.c
    package_id, entitlement_id = place
    of_it = sa.and_(row.package_id == package_id, row.id == entitlement_id)
    write = sa.update(ENTITLEMENT).where(of_it)
    drawn = -added[Bucket.AVAILABLE]
    if drawn > 0:  # a return is never refused (D13)
        write = write.where(row.available.is_(None) | (row.available >= drawn))
    values = {bucket.value: row[bucket] + units for bucket, units in added.items()}
    if not sql.update(write.values(values)):
        if sql.run(sa.select(row.id).where(of_it)).first() is None:
            raise _ledger.place_unknown(package_id, entitlement_id)
        raise _ledger.credits_lacking(package_id, entitlement_id)


def _replace_uses(sql: Sql, changes: Iterable[Change]) -> None:
    """Put the uses that each booking leaves in place of those that it had (D66)."""
    had = [_ledger.booking_id_of(change) for change in changes if change.before is not None]
    if had:
        sql.run(sa.delete(USE).where(USE.c.booking_id.in_(had)))
    rows = [
        {"package_id": package_id} | {name: getattr(use, name) for name in OF_A_USE}
        for change in changes
        for package_id, uses in _ledger.uses_by_package(change).items()
        for use in uses
    ]
    sql.add(USE, rows)


def _add_movements(sql: Sql, changes: Iterable[Change]) -> None:
    rows = [
        {"version": change.after.version, "place": place}
        | {name: getattr(movement, name) for name in OF_A_MOVEMENT}
        for change in changes
        for place, movement in enumerate(change.movements)
    ]
    sql.add(MOVEMENT, rows)

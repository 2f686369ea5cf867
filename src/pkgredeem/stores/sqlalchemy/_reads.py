"""What the store reads: packages as they are now, redemptions, balances, and the history."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime
from operator import attrgetter
from typing import Any, Final

import sqlalchemy as sa

from pkgredeem._model.ledger import Balance, Movement
from pkgredeem._model.packages import Package
from pkgredeem._model.quotas import Use
from pkgredeem._model.redemption import Redemption
from pkgredeem._model.words import UNLIMITED, Act, Actor, Bucket, DrawState
from pkgredeem.stores import _ledger
from pkgredeem.stores.sqlalchemy._sql import Sql
from pkgredeem.stores.sqlalchemy._tables import (
    ENTITLEMENT,
    MOVEMENT,
    PACKAGE,
    REDEMPTION,
    SHARE,
    USE,
)

#: The columns of movements and uses that are fields of theirs.
OF_A_MOVEMENT: Final = tuple(item.name for item in fields(Movement))
OF_A_USE: Final = tuple(item.name for item in fields(Use))

#: What the rows of packages, entitlements and uses hold beside the id of the package.
_HELD: Final[dict[str, sa.types.TypeEngine[Any]]] = {
    "document": PACKAGE.c.document.type,
    "version": PACKAGE.c.version.type,
    "available": ENTITLEMENT.c.available.type,
    **{name: USE.c[name].type for name in OF_A_USE},
}
_BY_LINE: Final = attrgetter("booking_id", "line")


def _packages_and_their_rows() -> sa.CompoundSelect[Any]:
    """Return a statement for rows of packages, of entitlements and of uses, of one moment."""
    package, entitlement, use = PACKAGE.c, ENTITLEMENT.c, USE.c
    client = sa.bindparam("client", type_=package.client_id.type)
    moment = sa.bindparam("moment", type_=package.valid_until.type)
    not_over = package.valid_until.is_(None) | (package.valid_until > moment)
    ids = sa.select(package.id)
    # Parts of a union, so that each finds its rows by an index.
    held = sa.union(
        ids.where(package.client_id == client, not_over),
        ids.join(SHARE).where(SHARE.c.client_id == client, not_over),
        ids.where(package.id.in_(sa.bindparam("also", expanding=True))),
    )
    wanted = sa.select(PACKAGE).where(package.id.in_(held)).cte("wanted")
    of_entitlements = {"entitlement_id": entitlement.id, "available": entitlement.available}
    return sa.union_all(
        _rows(wanted.c.id, document=wanted.c.document, version=wanted.c.version),
        _rows(entitlement.package_id, **of_entitlements).where(
            entitlement.package_id == wanted.c.id
        ),
        _rows(use.package_id, **{name: use[name] for name in OF_A_USE}).where(
            use.package_id == wanted.c.id
        ),
    )


def _rows(package_id: sa.ColumnElement[str], **held: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """Return rows of a package with these columns, NULL in all others."""
    columns = [held.get(name, sa.cast(sa.null(), kind)).label(name) for name, kind in _HELD.items()]
    return sa.select(package_id.label("package_id"), *columns)


#: Built once, since it takes as long as reading three packages.
_PACKAGES: Final = _packages_and_their_rows()


@dataclass(slots=True)
class _Found:
    """What the rows of one package tell."""

    document: str = ""
    version: int = 0
    available: dict[str, int | None] = field(default_factory=dict[str, int | None])
    uses: list[Use] = field(default_factory=list[Use])


def packages_of(
    sql: Sql, client_id: str, not_over_at: datetime, also: Iterable[str]
) -> tuple[Package, ...]:
    """Return the client's packages that are not over then, and those named in *also*."""
    found: dict[str, _Found] = {}
    given = {"client": client_id, "moment": not_over_at, "also": tuple(also)}
    for row in sql.run(_PACKAGES, given):
        package = found.setdefault(row.package_id, _Found())
        if row.document is not None:
            package.document, package.version = row.document, row.version
        elif row.line is None:
            package.available[row.entitlement_id] = row.available
        else:
            package.uses.append(_use(row))
    return tuple(
        _ledger.as_it_is(
            Package.from_document(json.loads(package.document)),
            package.available,
            uses=sorted(package.uses, key=_BY_LINE),
            version=package.version,
        )
        for package in found.values()
    )


def _use(row: sa.Row[Any]) -> Use:
    facts: dict[str, Any] = {name: getattr(row, name) for name in OF_A_USE}
    facts["state"] = DrawState(row.state)
    return Use(**facts)


def redemption(sql: Sql, booking_id: str) -> Redemption | None:
    """Return the redemption of that booking, or None."""
    stored = REDEMPTION.c
    document = sql.run(sa.select(stored.document).where(stored.booking_id == booking_id)).scalar()
    return None if document is None else Redemption.from_document(json.loads(document))


def balance(sql: Sql, package_id: str, entitlement_id: str) -> Balance:
    """Return where the credits of one entitlement are.

    Raises:
        InvalidValueError: the tables do not hold that package, or it has no such entitlement.
    """
    row = sql.run(
        sa.select(*[ENTITLEMENT.c[bucket] for bucket in Bucket]).where(
            ENTITLEMENT.c.package_id == package_id, ENTITLEMENT.c.id == entitlement_id
        )
    ).first()
    if row is None:
        if is_held(sql, package_id):
            raise _ledger.entitlement_unknown(entitlement_id)
        raise _ledger.package_unknown(package_id)
    return Balance(
        available=UNLIMITED if row.available is None else row.available,
        reserved=row.reserved,
        redeemed=row.redeemed,
        forfeited=row.forfeited,
    )


def is_held(sql: Sql, package_id: str) -> bool:
    """Tell whether the tables hold that package."""
    found = sa.select(PACKAGE.c.id).where(PACKAGE.c.id == package_id)
    return sql.run(found).first() is not None


def movements(sql: Sql) -> tuple[Movement, ...]:
    """Return the whole history."""
    columns = [MOVEMENT.c[name] for name in OF_A_MOVEMENT]
    return tuple(map(_movement, sql.run(sa.select(*columns).order_by(MOVEMENT.c.number))))


def _movement(row: sa.Row[Any]) -> Movement:
    facts: dict[str, Any] = {name: getattr(row, name) for name in OF_A_MOVEMENT}
    facts["source"], facts["target"] = Bucket(row.source), Bucket(row.target)
    facts["act"], facts["by"] = Act(row.act), Actor(row.by)
    return Movement(**facts)

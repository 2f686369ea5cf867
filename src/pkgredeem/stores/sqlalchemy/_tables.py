"""The tables: as a database makes them, and as the store reads and writes them.

Both come from one definition. What a database makes has plain types alone, so that a migration
that Alembic writes imports nothing of ours; the store's own know how a text and an instant are
kept. Every constraint has a name of ours, which no naming convention of a `MetaData` changes.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.schema import conv
from sqlalchemy.sql.schema import RETAIN_SCHEMA
from sqlalchemy.types import TypeDecorator

from pkgredeem._model.words import Bucket
from pkgredeem.stores._texts import stored_text, text_to_store


class _StoredText(TypeDecorator[str]):
    """A text with any character in it."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:
        del dialect
        return None if value is None else text_to_store(value)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> str | None:
        del dialect
        return None if value is None else stored_text(value)


class _StoredInstant(TypeDecorator[datetime]):
    """An instant: SQLite has no zones, so there it is a local time of UTC."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        del dialect
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is not None and dialect.name == "sqlite":
            return value.replace(tzinfo=UTC)
        return value


def _tables(text: sa.types.TypeEngine[str], instant: sa.types.TypeEngine[datetime]) -> sa.MetaData:
    """Return all tables, with these types for ids and notes, and for instants."""
    metadata = sa.MetaData()

    def texts(*names: str) -> Iterator[sa.Column[str]]:
        return (sa.Column(name, text, nullable=False) for name in names)

    def counts(*names: str) -> Iterator[sa.Column[int]]:
        return (sa.Column(name, sa.BigInteger, nullable=False) for name in names)

    sa.Table(
        "pkgredeem_package",
        metadata,
        *texts("id", "client_id"),
        sa.Column("document", sa.Text, nullable=False),  # as it was sold, in ASCII
        sa.Column("valid_until", instant),
        *counts("version"),
        _key("package", "id"),
        sa.Index(conv("ix_pkgredeem_package_client"), "client_id"),
    )
    sa.Table(
        "pkgredeem_share",
        metadata,
        *texts("package_id", "client_id"),
        _key("share", "package_id", "client_id"),
        _reference("share", "package", ["package_id"], ["id"]),
        sa.Index(conv("ix_pkgredeem_share_client"), "client_id"),
    )
    sa.Table(
        "pkgredeem_entitlement",
        metadata,
        *texts("package_id", "id"),
        sa.Column("sold", sa.BigInteger),  # both are NULL where credits are unlimited
        sa.Column("available", sa.BigInteger),
        *counts("reserved", "redeemed", "forfeited"),
        _key("entitlement", "package_id", "id"),
        _reference("entitlement", "package", ["package_id"], ["id"]),
        *[_check("entitlement", bucket.value, f"{bucket.value} >= 0") for bucket in Bucket],
        _check("entitlement", "sum", f"sold = {' + '.join(Bucket)}"),
        _check("entitlement", "unlimited", "(sold IS NULL) = (available IS NULL)"),
    )
    sa.Table(
        "pkgredeem_redemption",
        metadata,
        *texts("booking_id"),
        *counts("version"),
        sa.Column("document", sa.Text, nullable=False),
        _key("redemption", "booking_id"),  # a booking is redeemed at most once
    )
    sa.Table(
        "pkgredeem_movement",
        metadata,
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),  # counts up there, no other does
            sa.Identity(),
            nullable=False,
        ),
        *texts("booking_id"),
        *counts("version", "place"),  # the redemption's version, and which of the act's movements
        *texts("package_id", "entitlement_id"),
        *counts("credits"),
        *texts("source", "target", "act"),
        sa.Column("at", instant, nullable=False),
        *texts("by", "note"),
        _key("movement", "number"),
        _reference("movement", "redemption", ["booking_id"], ["booking_id"]),
        _reference(
            "movement", "entitlement", ["package_id", "entitlement_id"], ["package_id", "id"]
        ),
        _check("movement", "credits", "credits > 0"),
        # One act moves a credit once, whatever happens.
        sa.UniqueConstraint(
            *("booking_id", "version", "place"), name=conv("uq_pkgredeem_movement_act")
        ),
        sa.Index(conv("ix_pkgredeem_movement_entitlement"), "package_id", "entitlement_id"),
    )
    sa.Table(
        "pkgredeem_use",
        metadata,
        *texts("booking_id"),
        *counts("line"),
        *texts("package_id", "entitlement_id", "service_id", "client_id"),
        sa.Column("starts_at", instant, nullable=False),
        *texts("state"),
        _key("use", "booking_id", "line"),
        _reference("use", "redemption", ["booking_id"], ["booking_id"]),
        _reference("use", "entitlement", ["package_id", "entitlement_id"], ["package_id", "id"]),
        sa.Index(conv("ix_pkgredeem_use_package"), "package_id"),
    )
    return metadata


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=conv(f"pk_pkgredeem_{table}"))


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=conv(f"ck_pkgredeem_{table}_{name}"))


def _reference(
    table: str, other: str, columns: list[str], their_columns: list[str]
) -> sa.ForeignKeyConstraint:
    referred = [f"pkgredeem_{other}.{column}" for column in their_columns]
    name = conv(f"fk_pkgredeem_{table}_{other}")
    return sa.ForeignKeyConstraint(columns, referred, name=name)


#: The tables of a store, for `METADATA.create_all(engine)`, or for Alembic.
METADATA: Final = _tables(sa.Text(), sa.DateTime(timezone=True))

_OWN: Final = _tables(_StoredText(), _StoredInstant())
PACKAGE: Final = _OWN.tables["pkgredeem_package"]
SHARE: Final = _OWN.tables["pkgredeem_share"]
ENTITLEMENT: Final = _OWN.tables["pkgredeem_entitlement"]
REDEMPTION: Final = _OWN.tables["pkgredeem_redemption"]
MOVEMENT: Final = _OWN.tables["pkgredeem_movement"]
USE: Final = _OWN.tables["pkgredeem_use"]


def add_tables(metadata: sa.MetaData, *, schema: str | None = None) -> None:
    """Put the tables of a store into a `MetaData` of your own: one `create_all`, one migration.

    Foreign keys of yours may then refer to them, such as to `pkgredeem_package.id`.

    Args:
        metadata: yours, such as `Base.metadata`.
        schema: the schema in which they are, to be told to the store as well; None for the one that
            the `MetaData` says, or the database's own.

    Example:
        >>> import sqlalchemy as sa
        >>> yours = sa.MetaData()
        >>> add_tables(yours, schema="salon")
        >>> sorted(yours.tables)[:2]
        ['salon.pkgredeem_entitlement', 'salon.pkgredeem_movement']
    """
    for table in METADATA.sorted_tables:
        table.to_metadata(metadata, schema=schema or metadata.schema or RETAIN_SCHEMA)

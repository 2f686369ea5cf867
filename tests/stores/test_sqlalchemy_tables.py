"""The tables are made in one call or one revision of Alembic, and refuse what must never be."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.exc import IntegrityError

from pkgredeem import Change
from pkgredeem.stores.sqlalchemy import METADATA, SqlAlchemyStore, add_tables
from tests.helpers.postgres import fresh_database
from tests.helpers.sqlalchemy_databases import engine_on
from tests.helpers.support import NOW, booking, case, credit, decide, package

NAMES = [
    "pkgredeem_entitlement",
    "pkgredeem_movement",
    "pkgredeem_package",
    "pkgredeem_redemption",
    "pkgredeem_share",
    "pkgredeem_use",
]
CONVENTION = {
    "ix": "index_%(column_0_label)s",
    "uq": "unique_%(table_name)s_%(column_0_name)s",
    "ck": "check_%(table_name)s_%(constraint_name)s",
    "fk": "foreign_%(table_name)s_%(column_0_name)s",
    "pk": "primary_%(table_name)s",
}
# What Alembic's own template does, with the engine and the tables of a test.
ENV = """
from alembic import context

tables, connection = (context.config.attributes[name] for name in ("tables", "connection"))
context.configure(connection=connection, target_metadata=tables, include_schemas=True)
with context.begin_transaction():
    context.run_migrations()
"""


@pytest.fixture(params=["psycopg", "pysqlite"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """Return an engine on an empty database."""
    with _empty(request.param, tmp_path) as made:
        yield made


@contextmanager
def _empty(driver: str, folder: Path) -> Iterator[sa.Engine]:
    if driver == "pysqlite":
        with engine_on(f"sqlite:///{folder}/salon.db") as made:
            yield made
    else:
        with fresh_database() as database, engine_on(database.url()) as made:
            yield made


def alembic(folder: Path, tables: sa.MetaData, connection: sa.Connection) -> Config:
    """Return the settings of migrations that stand in that folder."""
    config = Config(attributes={"tables": tables, "connection": connection})
    config.set_main_option("script_location", str(folder / "migrations"))
    config.set_main_option("path_separator", "os")
    if not (folder / "migrations").exists():
        config.config_file_name = str(folder / "alembic.ini")
        command.init(config, str(folder / "migrations"))
        (folder / "migrations" / "env.py").write_text(ENV, encoding="utf-8")
    return config


def booked() -> Change:
    """Return the change that books the only facial of Ana's."""
    change = decide(case()).change
    assert change is not None
    return change


def test_one_call_makes_all_tables(engine: sa.Engine) -> None:
    """After `create_all` the store works."""
    METADATA.create_all(engine)

    assert NAMES == sorted(sa.inspect(engine).get_table_names())
    assert works(SqlAlchemyStore(engine))


def works(store: SqlAlchemyStore) -> bool:
    """Tell whether a facial is booked and read back."""
    store.add(package())
    store.commit(booked())
    (found,) = store.packages_of("ana", not_over_at=NOW)
    return found.uses == booked().after.uses_of("p1")


def test_one_revision_makes_all_tables(engine: sa.Engine, tmp_path: Path) -> None:
    """Alembic writes it, with nothing of ours in it, and finds no difference afterwards.

    The caller's own table and naming convention stand beside ours. Going back leaves his alone.
    """
    tables = sa.MetaData(naming_convention=CONVENTION)
    sa.Table("appointment", tables, sa.Column("id", sa.Text, primary_key=True))
    with engine.begin() as connection:
        config = alembic(tmp_path, tables, connection)
        command.upgrade(config, command.revision(config, "yours", autogenerate=True).revision)  # type: ignore[union-attr]
    add_tables(tables)
    with engine.begin() as connection:
        config = alembic(tmp_path, tables, connection)
        written = command.revision(config, "pkgredeem", autogenerate=True)
        command.upgrade(config, "head")
    with engine.begin() as connection:
        command.check(alembic(tmp_path, tables, connection))  # raises where it finds any

    assert ["appointment", *NAMES] == sorted(
        set(sa.inspect(engine).get_table_names()) - {"alembic_version"}
    )
    assert works(SqlAlchemyStore(engine))
    text = Path(written.path).read_text(encoding="utf-8")  # type: ignore[union-attr]  # it is one
    assert ["from alembic import op", "import sqlalchemy as sa"] == [
        line
        for line in text.splitlines()
        if "import" in line and "typing" not in line and "collections" not in line
    ]
    with engine.begin() as connection:
        command.downgrade(alembic(tmp_path, tables, connection), "-1")
    assert ["alembic_version", "appointment"] == sorted(sa.inspect(engine).get_table_names())


@pytest.mark.parametrize("is_of_metadata", [False, True])
def test_the_tables_may_stand_in_a_schema(tmp_path: Path, *, is_of_metadata: bool) -> None:
    """Told to `add_tables`, or by the caller's `MetaData`; the store is told the same."""
    tables = sa.MetaData(schema="salon" if is_of_metadata else None)
    add_tables(tables, schema=None if is_of_metadata else "salon")
    with _empty("psycopg", tmp_path) as engine:
        with engine.begin() as connection:
            connection.execute(sa.schema.CreateSchema("salon"))
            config = alembic(tmp_path, tables, connection)
            command.revision(config, "pkgredeem", autogenerate=True)
            command.upgrade(config, "head")
        with engine.begin() as connection:
            command.check(alembic(tmp_path, tables, connection))

        assert NAMES == sorted(sa.inspect(engine).get_table_names(schema="salon"))
        assert works(SqlAlchemyStore(engine, schema="salon"))
        with engine.begin() as connection:
            connection.execute(sa.text("DELETE FROM salon.pkgredeem_use"))
            connection.execute(sa.text("DELETE FROM salon.pkgredeem_movement"))
            joined = SqlAlchemyStore(connection, schema="salon")
            assert booked().after == joined.redemption("b1")


def test_a_schema_may_be_translated_by_the_engine(tmp_path: Path) -> None:
    """Where each account has a schema of its own, its engine says which (SQLAlchemy's own way)."""
    with _empty("psycopg", tmp_path) as engine:
        with engine.begin() as connection:
            connection.execute(sa.schema.CreateSchema("salon"))
        of_salon = engine.execution_options(schema_translate_map={None: "salon"})
        METADATA.create_all(of_salon)

        assert works(SqlAlchemyStore(of_salon))
        assert NAMES == sorted(sa.inspect(engine).get_table_names(schema="salon"))


def test_no_naming_convention_renames_a_constraint() -> None:
    """Every constraint and index has the name that it has everywhere else."""
    tables = sa.MetaData(naming_convention=CONVENTION)
    add_tables(tables)

    assert _names(METADATA) == _names(tables)
    assert all("pkgredeem_" in name for name in _names(tables))


def _names(metadata: sa.MetaData) -> list[str]:
    names = sa.create_engine("sqlite://").dialect.identifier_preparer
    found = []
    for table in metadata.tables.values():
        found += [names.format_constraint(constraint) for constraint in table.constraints]
        found += [names.format_index(index) for index in table.indexes]
    return sorted(name or "" for name in found)


@pytest.mark.parametrize(
    ("statement", "constraint", "said_by_sqlite"),
    [
        (
            "UPDATE pkgredeem_entitlement SET available = -1, reserved = 3",
            "ck_pkgredeem_entitlement_available",
            "",
        ),
        (
            "UPDATE pkgredeem_entitlement SET available = available + 1",
            "ck_pkgredeem_entitlement_sum",
            "",
        ),
        (
            "UPDATE pkgredeem_entitlement SET available = NULL",
            "ck_pkgredeem_entitlement_unlimited",
            "",
        ),
        (
            "INSERT INTO pkgredeem_redemption SELECT * FROM pkgredeem_redemption",
            "pk_pkgredeem_redemption",
            "UNIQUE constraint failed: pkgredeem_redemption.booking_id",
        ),
        (
            "UPDATE pkgredeem_movement SET version = 1, booking_id = 'b1'",
            "uq_pkgredeem_movement_act",
            "UNIQUE constraint failed: pkgredeem_movement.booking_id",
        ),
        (
            "UPDATE pkgredeem_movement SET credits = 0",
            "ck_pkgredeem_movement_credits",
            "",
        ),
        (
            "DELETE FROM pkgredeem_entitlement",
            "fk_pkgredeem_(movement|use)_entitlement",
            "FOREIGN KEY constraint failed",
        ),
        (
            "DELETE FROM pkgredeem_redemption",
            "fk_pkgredeem_(movement|use)_redemption",
            "FOREIGN KEY constraint failed",
        ),
    ],
)
def test_the_tables_refuse(
    engine: sa.Engine, statement: str, constraint: str, said_by_sqlite: str
) -> None:
    """What the code should never try is refused by the tables themselves."""
    METADATA.create_all(engine)
    store = SqlAlchemyStore(engine)
    held = package("p1", credit("facial", left=2))
    store.add(held)
    for name in ("b1", "b2"):
        change = decide(case(packages=[held], booking=booking(id=name))).change
        assert change is not None
        store.commit(change)

    is_sqlite = engine.dialect.name == "sqlite"
    told = said_by_sqlite if is_sqlite and said_by_sqlite else constraint
    with engine.begin() as connection:
        if is_sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        with pytest.raises(IntegrityError, match=told), connection.begin_nested():
            connection.execute(sa.text(statement))

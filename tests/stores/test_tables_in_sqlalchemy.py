"""The salon that had tables before, with SQLAlchemy: its adapter keeps the contract, and it books.

The contract's module makes its engine when it is imported, so it is run in a process of its own.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from pkgredeem import (
    Actor,
    BookingMismatchError,
    ClosedRedemptionError,
    ConflictError,
    Decision,
    DepositOutcome,
    RedemptionDesk,
)
from tables_in_sqlalchemy import booking
from tables_in_sqlalchemy.store import SalonStore
from tables_in_sqlalchemy.tables import Appointment, Base, Client, PackagePurchase, Service
from tests.helpers.postgres import fresh_database

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 5, 1, 9, tzinfo=UTC)
START = datetime(2026, 5, 5, 10, tzinfo=UTC)
DAY = timedelta(days=1)
WANTED = {"client_id": 1, "service_id": 7, "starts_at": START, "now": NOW}


@pytest.fixture
def engine() -> Iterator[sa.Engine]:
    """Return an engine of tables in which client 1 has bought two of service 7."""
    with fresh_database() as database:
        engine = sa.create_engine(database.url())
        Base.metadata.create_all(engine)
        with Session(engine) as session, session.begin():
            session.add_all([Client(id=1, name="Ana"), Service(id=7, name="Facial")])
            session.flush()
            session.add(PackagePurchase(id=3, client_id=1, service_id=7, credits_left=2))
        yield engine
        engine.dispose()


def book(engine: sa.Engine, **changed: object) -> Decision:
    """Book Ana's facial."""
    return booking.book(engine, **{"booking_id": uuid4(), **WANTED, **changed})  # type: ignore[arg-type]


def counts(engine: sa.Engine) -> tuple[int, int]:
    """Return what is left of the purchase, and how many appointments there are."""
    with Session(engine) as session:
        left = session.scalars(sa.select(PackagePurchase.credits_left)).one()
        return left, session.scalars(sa.select(sa.func.count(Appointment.id))).one()


def test_the_contract() -> None:
    """The adapter keeps it on PostgreSQL."""
    with fresh_database() as database:
        command = ["pytest", "-q", "-W", "error", "-p", "no:cacheprovider"]
        done = subprocess.run(
            [sys.executable, "-m", *command, "docs/examples/tables_in_sqlalchemy/test_store.py"],
            cwd=ROOT,
            env=os.environ | {"SALON_DATABASE": database.url()},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
    assert 0 == done.returncode, done.stdout


def test_the_appointment_and_its_redemption_appear_together(engine: sa.Engine) -> None:
    """A package pays, and the same form sent again takes nothing more."""
    booking_id = uuid4()
    first, again = (book(engine, booking_id=booking_id) for _ in range(2))

    assert (True, False, True) == (first.eligible, first.recorded, again.recorded)
    assert (1, 1) == counts(engine)
    assert first.redemption == SalonStore(engine).redemption(str(booking_id))


def test_without_a_credit_the_decision_says_what_to_collect(engine: sa.Engine) -> None:
    """The third appointment is made, and a deposit is due."""
    decisions = [book(engine) for _ in range(3)]

    assert [True, True, False] == [each.eligible for each in decisions]
    assert DepositOutcome.COLLECT is decisions[2].deposit
    assert (0, 3) == counts(engine)


def test_an_id_of_another_appointment_is_refused(engine: sa.Engine) -> None:
    """Another start under that id, and what has ended, is told; nothing is taken."""
    booking_id = uuid4()
    book(engine, booking_id=booking_id)
    with pytest.raises(BookingMismatchError):
        book(engine, booking_id=booking_id, starts_at=START + DAY)
    RedemptionDesk(booking.POLICY, SalonStore(engine)).cancel(
        str(booking_id), by=Actor.CLIENT, now=NOW
    )
    with Session(engine) as session, session.begin():
        session.execute(sa.update(Appointment).values(status="cancelled"))
    with pytest.raises(ClosedRedemptionError):
        book(engine, booking_id=booking_id)

    assert (2, 1) == counts(engine)


def test_many_want_the_last_credits(engine: sa.Engine) -> None:
    """Of six at the same moment two are paid; all have an appointment."""
    gate = Barrier(6)

    def act(_: int) -> bool:
        gate.wait(30)
        return book(engine).eligible

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(act, range(6)))

    assert 2 == sum(answers)
    assert (0, 6) == counts(engine)


def test_a_form_that_is_sent_six_times_at_once_books_once(engine: sa.Engine) -> None:
    """Also where the database refuses whoever has not seen the first: all get its answer."""
    strict = engine.execution_options(isolation_level="REPEATABLE READ")
    gate, booking_id = Barrier(6), uuid4()

    def act(_: int) -> bool:
        gate.wait(30)
        return book(strict, booking_id=booking_id).eligible

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(act, range(6)))

    assert [True] * 6 == answers
    assert (1, 1) == counts(engine)


def test_an_appointment_that_others_hold_is_a_conflict(engine: sa.Engine) -> None:
    """The database waits only so long, five times; then the caller hears of it as of any race."""
    booking_id, tries = uuid4(), 0
    first = book(engine, booking_id=booking_id)

    @sa.event.listens_for(engine, "begin")
    def wait_briefly(connection: sa.Connection) -> None:
        nonlocal tries
        tries += 1
        connection.execute(sa.text("SET LOCAL lock_timeout = '20ms'"))

    with engine.begin() as holder:
        holder.execute(sa.select(Appointment.id).with_for_update())
        tries = 0
        with pytest.raises(ConflictError, match="lock timeout"):
            book(engine, booking_id=booking_id)
        assert 5 == tries

    again = book(engine, booking_id=booking_id)
    assert (True, first.redemption) == (again.recorded, again.redemption)
    assert (1, 1) == counts(engine)


def test_a_conflict_that_stays_leaves_nothing(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After five tries the caller hears of it, and there is no appointment."""
    tries: list[object] = []

    def overtaken(_: SalonStore, *changes: object) -> None:
        tries.append(changes)
        raise ConflictError("others were quicker")

    monkeypatch.setattr(SalonStore, "commit", overtaken)
    with pytest.raises(ConflictError, match="others were quicker"):
        book(engine)

    assert 5 == len(tries)
    assert (2, 0) == counts(engine)


def test_a_lock_that_does_not_come_is_a_conflict(engine: sa.Engine) -> None:
    """Whoever waits too long for a row is told to try again, and nothing was committed."""
    decision = book(engine)
    assert decision.redemption is not None
    cancelled = booking.POLICY.cancel(decision.redemption, by=Actor.CLIENT, now=NOW).change
    assert cancelled is not None
    with engine.begin() as holder, engine.connect() as waiting:
        holder.execute(sa.select(PackagePurchase.id).with_for_update())
        waiting.execute(sa.text("SET LOCAL lock_timeout = '20ms'"))
        with pytest.raises(ConflictError, match="lock timeout"):
            SalonStore(waiting).commit(cancelled)
        assert decision.redemption == SalonStore(waiting).redemption(decision.booking.id)


def test_any_other_error_of_the_database_is_no_conflict(engine: sa.Engine) -> None:
    """It reaches the caller as it is."""
    with engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE redemptions RENAME TO elsewhere"))
    with pytest.raises(sa.exc.ProgrammingError):
        SalonStore(engine).redemption(str(uuid4()))

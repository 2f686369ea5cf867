"""A salon on PostgreSQL: what its clients do at its desk, and an audit of what they leave behind.

Shared by the tests that race, those that crash, and the process that gets killed.
"""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import sqlalchemy as sa

from pkgredeem import Actor, Balance, Bucket, Client, Redemption, RedemptionDesk, RedemptionPolicy
from pkgredeem._model.draws import BUCKET_OF
from pkgredeem.stores.sqlalchemy import METADATA, SqlAlchemyStore
from tests.helpers.postgres import Database, fresh_database
from tests.helpers.support import NO_LIMITS, NOW, account, booking

POLICY = RedemptionPolicy(NO_LIMITS)
FIRST_SERVICE, SECOND_SERVICE = "facial", "massage"

_ROWS = (
    "SELECT package_id, id, sold, available, reserved, redeemed, forfeited"
    " FROM pkgredeem_entitlement"
)
_HISTORY = "SELECT package_id, entitlement_id, source, target, credits FROM pkgredeem_movement"
_DOCUMENTS = "SELECT document FROM pkgredeem_redemption"


@contextmanager
def engine_of(database: Database, options: str = "") -> Iterator[sa.Engine]:
    """Make an engine with a connection for each of eight threads; close them in the end."""
    made = sa.create_engine(database.url(), pool_size=8, connect_args={"options": options})
    yield made
    made.dispose()


@contextmanager
def salon_database() -> Iterator[Database]:
    """Make a database with the tables of the store."""
    with fresh_database() as database:
        with engine_of(database) as engine:
            METADATA.create_all(engine)
        yield database


def redeem(store: SqlAlchemyStore, client: str, booking_id: str, *services: str) -> str:
    """Book these services as that client; return "eligible", or the reasons that refuse it."""
    decision = RedemptionDesk(POLICY, store, attempts=50).redeem(
        account=account(),
        client=Client(id=client, logged_in=True),
        booking=booking(*services, id=booking_id),
        now=NOW,
    )
    return "eligible" if decision.eligible else " ".join(each.code for each in decision.reasons)


def cancel(store: SqlAlchemyStore, booking_id: str) -> bool:
    """Cancel as the client; return whether the credits are back."""
    return (
        RedemptionDesk(POLICY, store, attempts=50)
        .cancel(booking_id, by=Actor.CLIENT, now=NOW)
        .returned
    )


def exchange(
    store: SqlAlchemyStore, client: str, booking_id: str, new_id: str, *services: str
) -> str:
    """Exchange a booking for one of these services; return what `redeem` returns."""
    decision = RedemptionDesk(POLICY, store, attempts=50).exchange(
        booking_id,
        account=account(),
        client=Client(id=client, logged_in=True),
        booking=booking(*services, id=new_id),
        by=Actor.CLIENT,
        now=NOW,
    )
    return "eligible" if decision.eligible else " ".join(each.code for each in decision.reasons)


def audited(database: Database) -> dict[tuple[str, str], Balance]:
    """Return every balance, told alike by the rows, by the history and by the redemptions.

    One statement each, in one snapshot, so that it may be asked while others still book.
    """
    with psycopg.connect(database.dsn) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        rows = connection.execute(_ROWS).fetchall()
        history = connection.execute(_HISTORY).fetchall()
        documents = connection.execute(_DOCUMENTS).fetchall()
    moved: Counter[tuple[str, str, str]] = Counter()
    for package, entitlement, source, target, credits_moved in history:
        moved[package, entitlement, source] -= credits_moved
        moved[package, entitlement, target] += credits_moved
    drawn = Counter(
        (draw.package_id, draw.entitlement_id, BUCKET_OF[draw.state].value)
        for (document,) in documents
        for draw in Redemption.from_document(json.loads(document)).draws
    )
    balances = {}
    for package, entitlement, sold, available, *elsewhere in rows:
        balance = Balance(
            available=available,
            reserved=elsewhere[0],
            redeemed=elsewhere[1],
            forfeited=elsewhere[2],
        )
        assert sold == balance.sold
        assert available - sold == moved[package, entitlement, Bucket.AVAILABLE]
        for bucket in (Bucket.RESERVED, Bucket.REDEEMED, Bucket.FORFEITED):
            held = getattr(balance, bucket.value)
            assert held == moved[package, entitlement, bucket]
            assert held == drawn[package, entitlement, bucket]
        balances[package, entitlement] = balance
    return balances

"""What the Django store sends to a PostgreSQL server; `test_django` runs it on its own.

Counted from the server's log, so BEGIN, COMMIT and whatever Django adds are among them.
"""

from collections.abc import Callable

import pytest
from django.db import connection, connections

from pkgredeem import Actor, Package, Period, Quota, RedemptionDesk, RedemptionPolicy, rules
from pkgredeem.stores.django import DjangoStore
from tests.helpers.desk_support import ACCOUNT, exchange, redeem
from tests.helpers.postgres import Database, logged_statements
from tests.helpers.support import ANA, NOW, booking, credit, package

pytestmark = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="a server's log is read, and SQLite has none"
)

DESK = RedemptionDesk(RedemptionPolicy(rules.IN_STORE), DjangoStore())
REDEEM = ["SELECT", "SELECT", "BEGIN", "INSERT", "UPDATE", "UPDATE", "INSERT", "INSERT", "COMMIT"]
SETTLE = ["SELECT", "SELECT", "BEGIN", "UPDATE", "UPDATE", "UPDATE", "DELETE"]


def sold(name: str) -> Package:
    """Return a package with a quota, so that uses and versions are needed."""
    return package(name, credit("facial", left=5), quotas=[Quota(3, Period.UPCOMING)])


def sent(act: Callable[[], object]) -> list[str]:
    """Return the first word of each statement that the act sends."""
    database = Database(connection.settings_dict["HOST"], connection.settings_dict["NAME"])
    connections.close_all()
    with logged_statements(database) as statements:
        DjangoStore().redemption("none")  # what Django asks a new connection is none of the act's
        act()
        connections.close_all()
    first = next(n for n, statement in enumerate(statements) if "pkgredeem_redemption" in statement)
    return [statement.lstrip("(").split()[0] for statement in statements[first + 1 :]]


def test_a_redemption_takes_nine_statements_and_a_quote_two() -> None:
    """Two reads; then a transaction that writes the booking, a version, a balance, use, history."""
    DjangoStore().add(sold("counted"))

    assert ["SELECT", "SELECT"] == sent(
        lambda: DESK.quote(account=ACCOUNT, client=ANA, booking=booking(id="c1"), now=NOW)
    )
    assert REDEEM == sent(lambda: redeem(DESK, booking(id="c1")))


def test_a_cancellation_takes_nine_statements() -> None:
    """The uses of the booking are taken away instead of added."""
    redeem(DESK, booking(id="c2"))

    assert [*SETTLE, "INSERT", "COMMIT"] == sent(
        lambda: DESK.cancel("c2", by=Actor.CLIENT, now=NOW)
    )


def test_an_exchange_takes_twelve_statements() -> None:
    """One read and one write more of the booking that is given up, and its uses go."""
    redeem(DESK, booking(id="c3"))

    assert 12 == len(sent(lambda: exchange(DESK, "c3", booking(id="c4"), by=Actor.BUSINESS)))

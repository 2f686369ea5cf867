"""How many statements an act sends to PostgreSQL, BEGIN and COMMIT counted: from the server's log.

One line, one package with a quota, on an engine whose connections are open already.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from typing import TypeAlias

import pytest

from pkgredeem import Actor, Period, Quota, RedemptionDesk, RedemptionPolicy, rules
from tests.helpers.postgres import Database, fresh_database, logged_statements
from tests.helpers.sqlalchemy_databases import (
    engine_on,
    make_tables,
    opened,
    opened_for_tasks,
)
from tests.helpers.store_audit import ReadyMade
from tests.helpers.support import ANA, HOUR, LONDON, NOW, START, account, booking, credit, package

Opens: TypeAlias = Callable[[str], AbstractContextManager[ReadyMade]]

POLICY = RedemptionPolicy(rules.IN_STORE)
SOLD = package("p1", credit("facial", left=5), quotas=[Quota(3, Period.WEEK)])
SALON = account(time_zone=LONDON)

PACKAGES, REDEMPTION = "WITH wanted", "SELECT redemption"
BEGIN, COMMIT = "BEGIN", "COMMIT"


@pytest.fixture
def database() -> Iterator[Database]:
    """Return a database with the tables, whose statements are logged."""
    with fresh_database() as made:
        with engine_on(made.url()) as engine:
            make_tables(engine)
        with logged_statements(made):
            pass
        yield made


@pytest.mark.parametrize(
    ("opens", "driver"),
    [(opened, "psycopg"), (opened_for_tasks, "psycopg"), (opened_for_tasks, "asyncpg")],
)
def test_what_each_act_sends(database: Database, opens: Opens, driver: str) -> None:
    """A quote sends 2 statements and a redeem 9; a move sends 8, cancelling 9, exchanging 13."""
    with opens(database.url(driver)) as store:
        store.add(SOLD)
        store.redemption("none")
        desk = RedemptionDesk(POLICY, store)

        def sent(act: Callable[[], object]) -> list[str]:
            with logged_statements(database) as statements:
                act()
            return [_shortened(statement) for statement in statements]

        quote = partial(desk.quote, account=SALON, client=ANA, now=NOW)
        redeem = partial(desk.redeem, account=SALON, client=ANA, now=NOW)
        move = partial(desk.reschedule, account=SALON, client=ANA, now=NOW, by=Actor.CLIENT)
        exchange = partial(desk.exchange, account=SALON, client=ANA, now=NOW, by=Actor.CLIENT)

        assert [PACKAGES, REDEMPTION] == sent(lambda: quote(booking=booking()))
        assert [
            *(PACKAGES, REDEMPTION, BEGIN, "INSERT redemption", "UPDATE package"),
            *("UPDATE entitlement", "INSERT use", "INSERT movement", COMMIT),
        ] == sent(lambda: redeem(booking=booking()))
        assert [
            *(REDEMPTION, PACKAGES, BEGIN, "UPDATE redemption", "UPDATE package"),
            *("DELETE use", "INSERT use", COMMIT),
        ] == sent(lambda: move("b1", starts_at=START + HOUR))
        assert [
            *(REDEMPTION, PACKAGES, REDEMPTION, BEGIN, "UPDATE redemption", "INSERT redemption"),
            *("UPDATE package", "UPDATE entitlement", "DELETE use", "INSERT use"),
            *("INSERT movement", "INSERT movement", COMMIT),
        ] == sent(lambda: exchange("b1", booking=booking(id="b2")))
        assert [
            *(REDEMPTION, PACKAGES, BEGIN, "UPDATE redemption", "UPDATE package"),
            *("UPDATE entitlement", "DELETE use", "INSERT movement", COMMIT),
        ] == sent(lambda: desk.cancel("b2", by=Actor.CLIENT, now=NOW))
        assert [PACKAGES, REDEMPTION] == sent(lambda: redeem(booking=booking("massage", id="b3")))


def _shortened(statement: str) -> str:
    """Return what a statement does, and to which table."""
    first, *others = statement.rstrip(";").replace("pkgredeem_", "").split()
    if first in {BEGIN, COMMIT}:
        return first
    place = 1 if first in {"INSERT", "DELETE"} else 0
    return f"{first} {others[place].partition('.')[0]}"

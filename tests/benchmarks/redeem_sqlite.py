"""Redeem and cancel on the example store beside the same SQL by hand, with and without fsync.

    python -m tests.benchmarks.redeem_sqlite [PAIRS]

Both sides send the same statements to a file with the same tables and keep the same document. What
is written by hand knows this one case only; what the ratio leaves is the price of the rules, of
values that check themselves, and of a desk that may be asked again.
"""

import json
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from pkgredeem import AccountSettings, Actor, Client, RedemptionDesk, RedemptionPolicy, rules
from tests.helpers.support import DAY, FORFEIT_INSIDE_A_DAY, NOW, START, booking, credit, package

sys.path.append(str(Path(__file__).parents[2] / "docs" / "examples"))
from stores.sqlite_store import (
    _ADD_MOVEMENT,
    _OF_CLIENT,
    _PACKAGES,
    _RAISE_VERSION,
    SqliteStore,
    _text_of,
)

ACCOUNT = AccountSettings(cancellation=FORFEIT_INSIDE_A_DAY, card_capture=True)
ANA = Client(id="ana", logged_in=True)
SOLD = package("p1", credit("facial", left=1_000_000))
FIND = "SELECT document FROM redemption WHERE booking_id = ?"


@dataclass(frozen=True)
class Pairs:
    """The seconds of redeem plus cancel: by the library and by hand, one after the other."""

    synchronous: str
    library: list[float]
    by_hand: list[float]

    @property
    def ratio(self) -> float:
        """How many times the library takes as long: the median of all pairs."""
        return statistics.median(
            library / by_hand for library, by_hand in zip(self.library, self.by_hand, strict=True)
        )

    def told(self) -> str:
        """Return the medians and their ratio in one line."""
        library, by_hand = (1e6 * statistics.median(each) for each in (self.library, self.by_hand))
        return (
            f"redeem + cancel, synchronous = {self.synchronous:4}  pkgredeem {library:7.0f} us  "
            f"by hand {by_hand:7.0f} us  ratio {self.ratio:.2f}"
        )


class Library:
    """The desk on the example store."""

    def __init__(self, path: Path, synchronous: str) -> None:
        """Open the store and sell a package."""
        self.store = SqliteStore(path, synchronous=synchronous)
        self.store.add(SOLD)
        self.desk = RedemptionDesk(RedemptionPolicy(rules.IN_STORE), self.store)

    def redeem_and_cancel(self, name: str) -> None:
        """Do it once."""
        self.desk.redeem(account=ACCOUNT, client=ANA, booking=booking(id=name), now=NOW)
        self.desk.cancel(name, by=Actor.CLIENT, now=NOW)


class ByHand:
    """The same statements, for this one case: no rules, no values, no desk.

    It looks whether a credit is left and whether a cancellation is in time, keeps the same
    document, and answers with a bare word.
    """

    def __init__(self, path: Path, synchronous: str) -> None:
        """Make the same file and sell the same package."""
        with SqliteStore(path) as store:
            store.add(SOLD)
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute(f"PRAGMA synchronous = {synchronous}")
        self.connection.execute("PRAGMA foreign_keys = ON")

    def redeem_and_cancel(self, name: str) -> None:
        """Do it once."""
        assert self.redeem(name, "ana", "facial", START, NOW) == "paid"
        assert self.cancel(name, NOW) == "returned"

    def redeem(
        self, name: str, client_id: str, service: str, starts_at: datetime, now: datetime
    ) -> str:
        """Draw one credit for one service."""
        execute = self.connection.execute
        asked = (client_id, _text_of(min(starts_at, now)))
        for row in execute(f"{_PACKAGES}{_OF_CLIENT} OR package.id IN ()", asked).fetchall():
            *_, package_id, entitlement_id, services, _, available = row
            if available and service in json.loads(services):
                break
        else:
            return "unpaid"
        if execute(FIND, (name,)).fetchone() is not None:
            return "paid"
        start, moment = starts_at.isoformat(), now.isoformat()
        document = {
            "format": "pkgredeem-redemption/1",
            "booking": {
                "id": name,
                "starts_at": start,
                "lines": [
                    {
                        "service": {"id": service, "name": "", "deposit_required": None},
                        "picked_from": "menu",
                        "payable": True,
                    }
                ],
            },
            "client_id": client_id,
            "starts_at": start,
            "draws": [
                {
                    "line": 0,
                    "package_id": package_id,
                    "entitlement_id": entitlement_id,
                    "service_id": service,
                    "state": "reserved",
                    "ending": None,
                }
            ],
            "terms": {"window": "PT86400S", "late": "forfeit", "no_show": None},
            "free_until": (starts_at - DAY).isoformat(),
            "deposit": "not_required",
            "card_capture": "bypassed",
            "rulebook": "in-store",
            "booked_at": moment,
            "time_zone": None,
            "version": 1,
            "reschedules": [],
        }
        execute("BEGIN IMMEDIATE")
        execute(
            "INSERT INTO redemption (booking_id, version, document) VALUES (?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            (name, 1, json.dumps(document)),
        )
        execute(_RAISE_VERSION, (package_id,))
        moved = (name, package_id, entitlement_id, 1, "available", "reserved", "book", moment)
        execute(_ADD_MOVEMENT, (*moved, "client", ""))
        execute("COMMIT")
        return "paid"

    def cancel(self, name: str, now: datetime) -> str:
        """Give the credit back, in time or not."""
        execute = self.connection.execute
        document = json.loads(execute(FIND, (name,)).fetchone()[0])
        (draw,) = document["draws"]
        package_id, entitlement_id = draw["package_id"], draw["entitlement_id"]
        execute(
            f"{_PACKAGES}{_OF_CLIENT} OR package.id IN (?)",
            (document["client_id"], _text_of(now), package_id),
        ).fetchall()
        is_late = now > datetime.fromisoformat(document["free_until"])
        state, bucket = ("forfeited", "forfeited") if is_late else ("returned", "available")
        version = document["version"]
        moment = now.isoformat()
        draw["state"] = state
        draw["ending"] = {
            "act": "cancel",
            "at": moment,
            "by": "client",
            "late": is_late,
            "note": "",
        }
        document["version"] = version + 1
        execute("BEGIN IMMEDIATE")
        execute(
            "UPDATE redemption SET version = ?, document = ? WHERE booking_id = ? AND version = ?",
            (version + 1, json.dumps(document), name, version),
        )
        execute(_RAISE_VERSION, (package_id,))
        moved = (name, package_id, entitlement_id, 1, "reserved", bucket, "cancel", moment)
        execute(_ADD_MOVEMENT, (*moved, "client", ""))
        execute("COMMIT")
        return state


def seconds(act: Callable[[str], None], name: str) -> float:
    """Return how long it took."""
    began = time.perf_counter()
    act(name)
    return time.perf_counter() - began


def measure(synchronous: str, pairs: int) -> Pairs:
    """Measure that many pairs, one side after the other."""
    with TemporaryDirectory() as folder:
        library = Library(Path(folder) / "library.db", synchronous)
        by_hand = ByHand(Path(folder) / "by_hand.db", synchronous)
        found = Pairs(synchronous, [], [])
        for number in range(pairs):
            name = f"b{number}"
            found.library.append(seconds(library.redeem_and_cancel, name))
            found.by_hand.append(seconds(by_hand.redeem_and_cancel, name))
        library.store.close()
        by_hand.connection.close()
    return found


def main(pairs: int) -> None:
    """Print both ratios."""
    for synchronous in ("OFF", "FULL"):
        print(measure(synchronous, pairs).told())


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000)

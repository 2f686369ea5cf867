"""Redeem and cancel on the SQLite store beside the same SQL by hand, with and without fsync.

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
from pkgredeem.stores.sqlite import _OF_CLIENT, _PACKAGES, SqliteStore, _commit, _rows
from tests.helpers.support import DAY, FORFEIT_INSIDE_A_DAY, NOW, START, booking, credit, package

_JSON = json.JSONEncoder(separators=(",", ":"))
ACCOUNT = AccountSettings(cancellation=FORFEIT_INSIDE_A_DAY, card_capture=True)
ANA = Client(id="ana", logged_in=True)
SOLD = package("p1", credit("facial", left=1_000_000))


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
    """The desk on the store."""

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
        asked = (client_id, _rows.instant_text(min(starts_at, now)))
        for row in execute(f"{_PACKAGES}{_OF_CLIENT}", asked).fetchall():
            sold, package_version, left, _ = row
            package = json.loads(sold)
            package_id, (entitlement,) = package["id"], package["entitlements"]
            if dict(json.loads(left))[entitlement["id"]] and service in entitlement["services"]:
                entitlement_id = entitlement["id"]
                break
        else:
            return "unpaid"
        if execute(_commit.FIND, (name,)).fetchone() is not None:
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
        execute(_commit.INSERT, (name, 1, _JSON.encode(document)))
        execute(_commit.RAISE_IF_VERSION, (package_id, package_version))
        moved = (name, 1, 0, package_id, entitlement_id, 1, "available", "reserved", "book", moment)
        execute(_commit.ADD_MOVEMENT, (None, *moved, "client", ""))
        used = (package_id, name, 0, entitlement_id, service, client_id, start, "reserved")
        execute(_commit.ADD_USE, used)
        execute("COMMIT")
        return "paid"

    def cancel(self, name: str, now: datetime) -> str:
        """Give the credit back, in time or not."""
        execute = self.connection.execute
        document = json.loads(execute(_commit.FIND, (name,)).fetchone()[0])
        (draw,) = document["draws"]
        package_id, entitlement_id = draw["package_id"], draw["entitlement_id"]
        execute(
            f"{_PACKAGES}{_OF_CLIENT}OR id IN (?)",
            (document["client_id"], _rows.instant_text(now), package_id),
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
        execute(_commit.UPDATE, (version + 1, _JSON.encode(document), name, version))
        execute(_commit.RAISE_VERSION, (package_id,))
        moved = (name, version + 1, 0, package_id, entitlement_id, 1, "reserved", bucket, "cancel")
        execute(_commit.ADD_MOVEMENT, (None, *moved, moment, "client", ""))
        execute(_commit.REMOVE_USES, (package_id, name))
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

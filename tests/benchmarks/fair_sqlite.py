"""Whether writers of one SQLite file wait alike: threads of one store, and processes.

    python -m tests.benchmarks.fair_sqlite [SECONDS]

Every worker redeems and cancels with a package of its own, as fast as it can, with a real fsync for
each commit (`synchronous = FULL`). What counts are two ratios of one run: the commits of the
slowest worker beside those of the fastest, and the longest wait for a commit beside the median.
"""

import statistics
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from pkgredeem import (
    AccountSettings,
    Actor,
    Change,
    Client,
    Package,
    Redemption,
    RedemptionDesk,
    RedemptionPolicy,
    rules,
)
from pkgredeem.stores import RedemptionStore
from pkgredeem.stores.sqlite import SqliteStore
from tests.helpers.support import FORFEIT_INSIDE_A_DAY, NOW, booking, credit, package

ACCOUNT = AccountSettings(cancellation=FORFEIT_INSIDE_A_DAY, card_capture=True)
THREADS, PROCESSES = 8, 4
_UNTIL_ALL_ARE_THERE = 2.0  # seconds


@dataclass(frozen=True)
class Waits:
    """The seconds that each commit of each worker took, from the call to the answer."""

    workers: list[list[float]]

    @property
    def commits(self) -> list[int]:
        """How many each worker made, the slowest first."""
        return sorted(map(len, self.workers))

    @property
    def evenness(self) -> float:
        """The commits of the slowest worker over those of the fastest."""
        return self.commits[0] / self.commits[-1]

    @property
    def median(self) -> float:
        """The median wait of all."""
        return statistics.median(self._all())

    @property
    def longest(self) -> float:
        """The longest wait of all."""
        return max(self._all())

    def told(self, who: str) -> str:
        """Return both ratios in one line."""
        return (
            f"{who:24} {self.commits[0]:5} of {self.commits[-1]:5} commits, {self.evenness:.2f}  "
            f"{1e3 * self.longest:7.1f} ms beside {1e3 * self.median:6.2f} ms, "
            f"{self.longest / self.median:.1f} times"
        )

    def _all(self) -> list[float]:
        return [wait for waits in self.workers for wait in waits]


@dataclass(frozen=True)
class _Timed:
    """A store that notes how long each commit takes."""

    inner: RedemptionStore
    waits: list[float]

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Iterable[Package]:
        return self.inner.packages_of(client_id, not_over_at=not_over_at, also=also)

    def redemption(self, booking_id: str) -> Redemption | None:
        return self.inner.redemption(booking_id)

    def commit(self, *changes: Change) -> None:
        began = time.perf_counter()
        self.inner.commit(*changes)
        self.waits.append(time.perf_counter() - began)


def measure(seconds: float, *, threads: int, processes: int = 1) -> Waits:
    """Let so many processes of so many threads write for so long, each process on its own store."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "salon.db"
        with SqliteStore(path, synchronous="OFF") as store:
            for place in range(threads * processes):
                name = f"{place}"
                store.add(package(name, credit("facial", left=1_000_000), client_id=name))
        if processes == 1:
            return Waits(_write(path, threads, time.time(), seconds, 0))
        begin = time.time() + _UNTIL_ALL_ARE_THERE
        writing = partial(_write, path, threads, begin, seconds)
        with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
            found = pool.map(writing, range(processes))
            return Waits([waits for of_process in found for waits in of_process])


def _write(
    path: Path, threads: int, begin: float, seconds: float, process: int
) -> list[list[float]]:
    """Let the threads of one process write; return what each has waited."""
    with SqliteStore(path) as store, ThreadPoolExecutor(threads) as pool:
        time.sleep(max(0.0, begin - time.time()))
        end = time.perf_counter() + seconds
        places = range(process * threads, (process + 1) * threads)
        return list(pool.map(partial(_redeem_and_cancel, store, end), places))


def _redeem_and_cancel(store: SqliteStore, end: float, place: int) -> list[float]:
    waits: list[float] = []
    desk = RedemptionDesk(RedemptionPolicy(rules.IN_STORE), _Timed(store, waits))
    client = Client(id=f"{place}", logged_in=True)
    while not waits or time.perf_counter() < end:
        name = f"{place}.{len(waits)}"
        desk.redeem(account=ACCOUNT, client=client, booking=booking(id=name), now=NOW)
        desk.cancel(name, by=Actor.CLIENT, now=NOW)
    return waits


def main(seconds: float) -> None:
    """Print the ratios of threads, and of processes."""
    print(measure(seconds, threads=THREADS).told(f"{THREADS} threads"))
    print(measure(seconds, threads=1, processes=PROCESSES).told(f"{PROCESSES} processes"))
    both = measure(seconds, threads=THREADS // PROCESSES, processes=PROCESSES)
    print(both.told(f"{PROCESSES} processes of {THREADS // PROCESSES} threads"))


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 10.0)

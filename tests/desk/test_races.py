"""Many threads and many processes on one SQLite file: no credit is spent twice, and none is lost.

`PKGREDEEM_ROUNDS` says how often each race is run: 5 times unless told otherwise.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import pytest

from pkgredeem import (
    Actor,
    Balance,
    ClosedRedemptionError,
    RedemptionDesk,
    RedemptionPolicy,
    rules,
)
from pkgredeem.stores.sqlite import SqliteStore
from tests.helpers.desk_support import exchange, facials, redeem
from tests.helpers.support import NOW, booking, codes

ROUNDS = int(os.environ.get("PKGREDEEM_ROUNDS", "5"))
THREADS, PROCESSES = 8, 4
Act = Callable[[RedemptionDesk, str], str]
#: Patient enough for everybody to lose to everybody else.
ATTEMPTS = 2 * THREADS * PROCESSES

_FRESH = get_context("forkserver")
_FRESH.set_forkserver_preload(["tests.desk.test_races"])


@contextmanager
def desk_on(path: Path) -> Iterator[RedemptionDesk]:
    """Give a desk with a store of its own on the file."""
    with SqliteStore(path, synchronous="OFF", patience=30) as store:
        yield RedemptionDesk(RedemptionPolicy(rules.IN_STORE), store, ATTEMPTS)


def redeem_one(desk: RedemptionDesk, name: str) -> str:
    """Redeem a booking; return what refuses it."""
    return " ".join(codes(redeem(desk, booking(id=name))))


def exchange_one(desk: RedemptionDesk, name: str) -> str:
    """Exchange a booking for a new one; return what refuses it."""
    return " ".join(codes(exchange(desk, name, booking(id=f"{name}-new"), by=Actor.BUSINESS)))


def end_one(desk: RedemptionDesk, name: str) -> str:
    """Cancel or complete the booking, as the name's last letter says; return what came of it."""
    try:
        if name.endswith("!"):
            return "cancelled" if desk.cancel("b1", by=Actor.BUSINESS, now=NOW).returned else ""
        return "completed" if desk.complete("b1", now=NOW).allowed else ""
    except ClosedRedemptionError:
        return "too late"


def by_threads(path: Path, act: Act, names: list[str]) -> list[str]:
    """Let as many threads do it as there are names, all on one store object."""
    with desk_on(path) as desk, ThreadPoolExecutor(len(names)) as threads:
        return list(threads.map(partial(act, desk), names))


def by_processes(path: Path, act: Act, names: list[str]) -> list[str]:
    """Let four processes do it, each with its share of the names, a thread for each."""
    shares = [names[place::PROCESSES] for place in range(PROCESSES)]
    done = list(_pool().map(partial(by_threads, path, act), shares))
    return [told for share in done for told in share]


By = Callable[[Path, Act, list[str]], list[str]]
BOTH = pytest.mark.parametrize("by", [by_threads, by_processes])
_POOLS: list[ProcessPoolExecutor] = []


@pytest.fixture(autouse=True, scope="module")
def _processes() -> Iterator[None]:
    with ProcessPoolExecutor(PROCESSES, mp_context=_FRESH) as pool:
        _POOLS.append(pool)
        yield
        _POOLS.clear()


def _pool() -> ProcessPoolExecutor:
    return _POOLS[0]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the file is."""
    return tmp_path / "salon.db"


def sold(path: Path, left: int) -> None:
    """Sell facials to Ana."""
    with SqliteStore(path, synchronous="OFF") as store:
        store.add(facials(left))


def balance(path: Path) -> Balance:
    """Return the balance, after checking that redemptions and movements tell the same."""
    with SqliteStore(path, synchronous="OFF") as store:
        found = store.balance("p1", "facial")
        assert Balance.of(found.sold, store.movements()) == found
        states = Counter(draw.state.value for each in store.redemptions() for draw in each.draws)
        assert [states["reserved"], states["redeemed"], states["forfeited"]] == [
            found.reserved,
            found.redeemed,
            found.forfeited,
        ]
    return found


@BOTH
@pytest.mark.parametrize("number", range(ROUNDS))
def test_the_last_credits_are_spent_once(path: Path, by: By, number: int) -> None:
    """Of sixteen bookings for some credits exactly as many are paid; the rest are told why not."""
    left = 1 + number % 7
    sold(path, left)
    told = by(path, redeem_one, [f"b{place}" for place in range(16)])

    assert {"": left, "package_used_up": 16 - left} == Counter(told)
    assert Balance(available=0, reserved=left, redeemed=0, forfeited=0) == balance(path)


@BOTH
@pytest.mark.parametrize("number", range(ROUNDS))
def test_one_booking_draws_one_credit(path: Path, by: By, number: int) -> None:
    """A booking that is sent sixteen times at once is paid once, and every answer is yes."""
    sold(path, 1 + number % 2)
    told = by(path, redeem_one, ["b1"] * 16)

    assert {"": 16} == Counter(told)
    assert 1 == balance(path).reserved


@BOTH
@pytest.mark.parametrize("number", range(ROUNDS))
def test_one_ending_wins(path: Path, by: By, number: int) -> None:
    """Of cancelling and completing at once one is done, the same again is the same, and no more."""
    sold(path, 1)
    with desk_on(path) as desk:
        redeem(desk, booking())
    names = [f"{place}{'!' if place % 2 == number % 2 else ''}" for place in range(16)]
    told = Counter(by(path, end_one, names))

    assert told in ({"cancelled": 8, "too late": 8}, {"completed": 8, "too late": 8})
    done = told["completed"] // 8
    assert Balance(available=1 - done, reserved=0, redeemed=done, forfeited=0) == balance(path)


@BOTH
@pytest.mark.parametrize("number", range(ROUNDS))
def test_exchanges_keep_every_credit(path: Path, by: By, number: int) -> None:
    """Bookings that are all exchanged at once, with no credit to spare, are all paid again."""
    names = [f"b{place}" for place in range(8 + number % 2)]
    sold(path, len(names))
    with desk_on(path) as desk:
        for name in names:
            redeem_one(desk, name)
    told = by(path, exchange_one, names)

    assert {"": len(names)} == Counter(told)
    assert Balance(available=0, reserved=len(names), redeemed=0, forfeited=0) == balance(path)

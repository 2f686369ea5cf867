"""The file of a SQLite store: whose it is, who opens it, and what is open in which process."""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

import pkgredeem
from pkgredeem import ConflictError, InvalidValueError, RedemptionDesk
from pkgredeem.stores.sqlite import SqliteStore, _schema
from pkgredeem.stores.sqlite._file import File
from tests.helpers.desk_support import ONLINE, facials, redeem
from tests.helpers.killing import FRESH
from tests.helpers.support import booking, codes

ROOT = Path(__file__).parents[2]
OLD_EXAMPLE = "CREATE TABLE package (id TEXT); PRAGMA user_version = 1"


def open_and_close(path: Path, number: int) -> int:
    """Open the file, sell a package of its own, and return its balance."""
    with SqliteStore(path, synchronous="OFF") as opened:
        opened.add(facials(number, package_id=f"p{number}"))
        return opened.balance(f"p{number}", "facial").reserved


@pytest.mark.parametrize(
    "pool", [ThreadPoolExecutor, partial(ProcessPoolExecutor, mp_context=FRESH)]
)
@pytest.mark.parametrize("turn", range(3))
def test_many_may_open_a_new_file_at_once(
    tmp_path: Path, pool: Callable[..., ThreadPoolExecutor | ProcessPoolExecutor], turn: int
) -> None:
    """Whoever opens the file first makes its tables, and nobody is refused."""
    path = tmp_path / f"{turn}.db"
    with pool(4) as workers:
        assert [0] * 8 == list(workers.map(partial(open_and_close, path), range(8)))

    with SqliteStore(path) as store:
        assert [f"p{number}" for number in range(8)] == [each.id for each in store.packages()]


def test_who_comes_second_leaves_the_tables_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between looking and making them somebody else may have made them, and sold a package."""
    path = tmp_path / "salon.db"
    keep_a_log = File._keep_a_log

    def after_somebody_else(file: File, connection: sqlite3.Connection) -> None:
        monkeypatch.setattr(File, "_keep_a_log", keep_a_log)
        open_and_close(path, 5)
        keep_a_log(file, connection)

    monkeypatch.setattr(File, "_keep_a_log", after_somebody_else)
    with SqliteStore(path) as store:
        assert ["p5"] == [each.id for each in store.packages()]


@pytest.mark.parametrize(
    ("script", "allowed"),
    [
        ("CREATE TABLE invoice (id)", "a new file, or one that this store has made"),
        ("PRAGMA application_id = 7", "a new file, or one that this store has made"),
        ("PRAGMA user_version = 3", "a new file, or one that this store has made"),
        (OLD_EXAMPLE, "a new file, or one that this store has made"),
        (
            f"PRAGMA application_id = {_schema.APPLICATION_ID}; PRAGMA user_version = 2",
            "a file of schema 1 (it has schema 2: a newer version made it)",
        ),
    ],
)
def test_a_file_of_somebody_else_is_refused_and_left_as_it_is(
    tmp_path: Path, script: str, allowed: str
) -> None:
    """Another program's, the example's of before, a newer schema: not a byte of it changes."""
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as other:
        other.executescript(script)
    before = path.read_bytes()
    with pytest.raises(InvalidValueError) as raised:
        SqliteStore(path)

    assert ("path", str(path), allowed) == raised.value.args
    assert before == path.read_bytes()
    assert [path] == list(tmp_path.iterdir())


def test_it_needs_the_standard_library_alone(tmp_path: Path) -> None:
    """Without any other package a plan with a quota is sold, booked with, and read back."""
    script = """
import sys
from datetime import UTC, datetime
from pkgredeem import (
    UNLIMITED, AccountSettings, Booking, Client, Entitlement, Package, Period, Quota,
    RedemptionDesk, RedemptionPolicy, Service, rules,
)
from pkgredeem.stores.sqlite import SqliteStore

with SqliteStore(sys.argv[1]) as store:
    pass_ = Entitlement(services=["yoga"], remaining=UNLIMITED, quotas=[Quota(2, Period.EVER)])
    store.add(Package(id="p1", client_id="ana", entitlements=[pass_]))
    decision = RedemptionDesk(RedemptionPolicy(rules.IN_STORE), store).redeem(
        account=AccountSettings(),
        client=Client(id="ana"),
        booking=Booking.of(
            Service(id="yoga"), id="b1", starts_at=datetime(2026, 5, 5, 10, tzinfo=UTC)
        ),
        now=datetime(2026, 5, 1, 9, tzinfo=UTC),
    )
    (found,) = store.packages()
    print(decision.eligible, found.version, [use.booking_id for use in found.uses])
"""
    told = subprocess.run(
        [sys.executable, "-S", "-c", script, tmp_path / "salon.db"],
        env=os.environ | {"PYTHONPATH": str(Path(pkgredeem.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert "True 1 ['b1']\n" == told.stdout


def test_a_copy_of_a_file_in_use_is_a_store(tmp_path: Path) -> None:
    """SQLite makes one while others work, and it says whose it is like the first."""
    with SqliteStore(tmp_path / "salon.db", synchronous="OFF") as store:
        store.add(facials(5))
        redeem(RedemptionDesk(ONLINE, store))
        with closing(sqlite3.connect(store.path)) as elsewhere:
            elsewhere.execute("VACUUM INTO ?", (str(tmp_path / "copy.db"),))
        with SqliteStore(tmp_path / "copy.db") as copy:
            assert store.packages() == copy.packages()
            assert store.movements() == copy.movements()


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """A letter stays a letter."""
    path = tmp_path / "letter.txt"
    path.write_text("Dear Ana, see you on Tuesday. " * 50, encoding="utf-8")
    with pytest.raises(InvalidValueError, match="path must be a SQLite file, or a new one, not"):
        SqliteStore(path)

    assert path.read_text(encoding="utf-8").startswith("Dear Ana")


def test_a_folder_that_is_not_there_is_an_error_of_sqlite(tmp_path: Path) -> None:
    """It is raised as it is."""
    with pytest.raises(sqlite3.OperationalError, match="unable to open database file"):
        SqliteStore(tmp_path / "gone" / "salon.db")


def test_a_store_is_a_file() -> None:
    """A database in memory would be another one for each thread, and is refused."""
    with pytest.raises(InvalidValueError, match=r"path must be a file, since.*, not ':memory:'"):
        SqliteStore(":memory:")


def test_the_file_says_whose_it_is(tmp_path: Path) -> None:
    """Its header holds the number of the application and of the schema."""
    SqliteStore(tmp_path / "salon.db").close()
    with closing(sqlite3.connect(tmp_path / "salon.db")) as elsewhere:
        assert (0x706B7264,) == elsewhere.execute("PRAGMA application_id").fetchone()
        assert (1,) == elsewhere.execute("PRAGMA user_version").fetchone()


def test_how_safe_a_commit_is_can_be_chosen(tmp_path: Path) -> None:
    """Only what SQLite knows is taken; FULL is the default."""
    with pytest.raises(
        InvalidValueError, match=r"synchronous must be OFF, NORMAL, FULL or.*, not 'FAST'"
    ):
        SqliteStore(tmp_path / "fast.db", synchronous="FAST")

    open_store = partial(SqliteStore, tmp_path / "salon.db")
    for opens, number in (
        (partial(open_store, synchronous="OFF"), 0),
        (partial(open_store, synchronous="NORMAL"), 1),
        (partial(open_store, synchronous="FULL"), 2),
        (open_store, 2),
    ):
        with opens() as store:
            opened = store._file._opened
            for connection in (*opened.readers, *opened.writers):
                assert (number,) == connection.execute("PRAGMA synchronous").fetchone()


def test_a_closed_store_opens_again(tmp_path: Path) -> None:
    """Closing lets go of the file; whatever is asked later opens it anew."""
    with SqliteStore(tmp_path / "salon.db", synchronous="OFF") as store:
        store.add(facials(4))
        store.close()
        assert [tmp_path / "salon.db"] == list(tmp_path.iterdir())
        decision = redeem(RedemptionDesk(ONLINE, store), booking(*["facial"] * 5))

        assert ["not_enough_credits", "mixed_booking"] == codes(decision)


def test_a_new_file_that_is_locked_for_too_long_is_a_conflict(tmp_path: Path) -> None:
    """Another may hold it before it has its log: then opening it waits, and gives up."""
    for lock in ("IMMEDIATE", "EXCLUSIVE"):
        path = tmp_path / f"{lock}.db"
        with closing(sqlite3.connect(path, isolation_level=None)) as holder:
            holder.execute(f"BEGIN {lock}")
            with pytest.raises(ConflictError, match="the file is locked by another commit"):
                SqliteStore(path, patience=0.05)


def test_a_new_file_that_is_locked_for_a_moment_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who opens it waits until the other has let go."""
    path = tmp_path / "salon.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr(time, "sleep", lambda _: holder.execute("ROLLBACK"))
        with SqliteStore(path) as store:
            assert () == store.packages()


def test_what_a_fork_inherits_is_never_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite forbids it: a new process opens the file anew, and leaves the parent's as it was."""
    with SqliteStore(tmp_path / "salon.db", synchronous="OFF") as store:
        store.add(facials(5))
        of_parent = [*store._file._opened.readers, *store._file._opened.writers]
        with monkeypatch.context() as child:
            child.setattr(os, "getpid", lambda: -1)
            redeem(RedemptionDesk(ONLINE, store), booking(id="b2"))
            of_child = [*store._file._opened.readers, *store._file._opened.writers]
            store.close()
        assert not {id(each) for each in of_parent} & {id(each) for each in of_child}
        assert (1,) == of_parent[0].execute("SELECT count(*) FROM movement").fetchone()
        for each in of_parent:
            each.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_parent_and_child_use_one_object_at_once(tmp_path: Path) -> None:
    """A server that opens the store and then forks its workers works."""
    script = """
import os, sys
from pkgredeem import RedemptionDesk
from pkgredeem.stores.sqlite import SqliteStore
from tests.helpers.desk_support import ONLINE, facials, redeem
from tests.helpers.support import booking

with SqliteStore(sys.argv[1], synchronous="OFF") as store:
    store.add(facials(40))
    desk = RedemptionDesk(ONLINE, store, attempts=100)
    children = [os.fork() for _ in range(2)]
    for number in range(10):
        redeem(desk, booking(id=f"{children}{number}"))
    try:
        while True:  # each waits for those that it has forked itself
            assert os.wait()[1] == 0
    except ChildProcessError:
        pass
    if 0 in children:
        os._exit(0)
    print(store.balance("p1", "facial").available, len(store.movements()))
"""
    told = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "salon.db"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert "0 40\n" == told.stdout  # 4 processes: a child has forked as well

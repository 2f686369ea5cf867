"""A PostgreSQL server for the tests: started once a process, stopped when that process is gone.

The server is the one that the wheel `pgserver` carries, else one that Debian installed. It runs as
an ordinary process in a temporary folder, listens on a unix socket there and on no address, and
never syncs to disk: tests kill clients, not machines. A shell waits for the end of this process,
however it comes, and then stops the server and takes the folder away.

`PKGREDEEM_POSTGRES`, the folder of a socket, names a server that runs already; a test that starts
another Python process hands its own server on in this way.
"""

import atexit
import functools
import importlib.util
import itertools
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.conftest import skip_or_fail

RUNNING = "PKGREDEEM_POSTGRES"
SITE = "PKGREDEEM_SITE"  # what `django_site` is told

_PATIENCE = 30.0  # seconds
_NAMES = (f"salon_{os.getpid()}_{number}" for number in itertools.count(1))
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "deadlock_timeout": "50ms",  # two tests wait for one
    "log_line_prefix": "%d ",  # the database, for those who count statements
    "timezone": "Asia/Kathmandu",  # whoever trusts the server to be in UTC is found out
}
# Waits for the end of its input, which comes with the end of the process that holds the other side.
_WATCH = """
"$1" -D "$2/data" -k "$2" "${@:3}" >"$2/log" 2>&1 </dev/null &
cat >/dev/null
kill -INT $!
wait $!
rm -rf "$2"
"""


@dataclass(frozen=True, slots=True)
class Database:
    """An empty database, gone after the test."""

    socket: str
    name: str

    @property
    def dsn(self) -> str:
        """How psycopg is told of it."""
        return f"host={self.socket} user=postgres dbname={self.name}"

    def url(self, driver: str = "psycopg") -> str:
        """Return how SQLAlchemy is told of it, with that driver."""
        return f"postgresql+{driver}://postgres@/{self.name}?host={self.socket}"


@contextmanager
def fresh_database() -> Iterator[Database]:
    """Make an empty database; skip where no server can be started."""
    socket = running_server()
    name = next(_NAMES)
    with _administration(socket) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    try:
        yield Database(socket, name)
    finally:
        with _administration(socket) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def running_server() -> str:
    """Return the folder of the server's socket; skip where none can be started."""
    found = os.environ.get(RUNNING) or _started()
    if not isinstance(found, str):
        skip_or_fail(f"no PostgreSQL server can be started: {'; '.join(found)}")
    return found


@functools.cache
def _started() -> str | tuple[str, ...]:
    """Start a server; return the folder of its socket, or why none of the servers there starts."""
    wanting = []
    for programs in _candidates():
        folder = Path(tempfile.mkdtemp(prefix="pkgredeem-pg-"))
        try:
            _start(programs, folder)
        except (OSError, LookupError, subprocess.SubprocessError, psycopg.Error) as error:
            wanting.append(f"{programs}: {getattr(error, 'stderr', None) or error}")
            shutil.rmtree(folder, ignore_errors=True)
        else:
            return str(folder)
    return tuple(wanting) or ("neither the wheel pgserver nor a Debian PostgreSQL is installed",)


def _candidates() -> Iterator[Path]:
    """Yield the folders that hold a server's programs, the wheel's first, then the newest."""
    wheel = importlib.util.find_spec("pgserver")
    if wheel is not None and wheel.origin is not None:
        # Not imported: it would make a user on this machine and open the folders on its path.
        yield Path(wheel.origin).parent / "pginstall" / "bin"
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def _start(programs: Path, folder: Path) -> None:
    """Make a cluster in the folder and a server that runs until this process ends."""
    user = None
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        user = "nobody"
        shutil.chown(folder, user)
        try:
            subprocess.run([programs / "initdb", "-V"], check=True, capture_output=True, user=user)
        except PermissionError:  # installed where only root may go
            wheel = programs.parents[1]
            for part in (wheel, wheel.with_name(f"{wheel.name}.libs")):
                shutil.copytree(part, folder / part.name)
            subprocess.run(["chown", "--recursive", user, folder], check=True)  # it clears up
            programs = folder / wheel.name / "pginstall" / "bin"
    initdb = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--no-sync"]
    subprocess.run(
        [programs / "initdb", "--pgdata", folder / "data", *initdb],
        check=True,
        capture_output=True,
        text=True,
        cwd=folder,
        user=user,
    )
    settings = [word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}")]
    watch = subprocess.Popen(
        ["bash", "-c", _WATCH, "bash", programs / "postgres", folder, *settings],
        stdin=subprocess.PIPE,
        cwd=folder,
        user=user,
        start_new_session=True,  # a Ctrl-C is for the tests, and ends the server through them
    )
    atexit.register(watch.communicate)
    _wait(folder)


def _wait(folder: Path) -> None:
    """Return when the server answers, or raise what it answers after half a minute."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            with _administration(str(folder)):
                return
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)


def _administration(socket: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(f"host={socket} user=postgres dbname=postgres", autocommit=True)


@contextmanager
def logged_statements(database: Database) -> Iterator[list[str]]:
    """Give a list that holds, in the end, every statement that sessions of the database sent.

    Read from the server's log, so BEGIN and COMMIT are there. Only sessions that begin after the
    first call are logged: open connections then. Skipped on a server whose log is elsewhere.
    """
    log = Path(database.socket) / "log"
    if not log.exists():
        skip_or_fail("the log of the PostgreSQL server is not beside its socket")
    with _administration(database.socket) as connection:
        connection.execute(f"ALTER DATABASE {database.name} SET log_statement = 'all'".encode())
    begins_at = log.stat().st_size
    found: list[str] = []
    yield found
    written = log.read_bytes()[begins_at:].decode()
    line = rf"^{database.name} LOG:  (?:statement|execute [^:]+): (.+)$"
    found += re.findall(line, written, re.MULTILINE)


def wait_until_somebody_waits(database: Database) -> None:
    """Return when a session of the database waits for a lock that another one holds."""
    waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
    until = time.monotonic() + _PATIENCE
    with _administration(database.socket) as connection:
        while connection.execute(waiting, [database.name]).fetchone() is None:
            if time.monotonic() > until:
                raise TimeoutError(f"nobody waited for a lock in {_PATIENCE} seconds")
            time.sleep(0.005)

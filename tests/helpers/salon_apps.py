"""The two example apps as servers on localhost, each on a file and a clock of its own."""

import html
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeAlias

import httpx2

from tests.helpers import browser

EXAMPLES: Final = Path(__file__).parents[2] / "docs" / "examples"
_MANAGE: Final = str(EXAMPLES / "django_salon" / "manage.py")
MONDAY: Final = datetime.fromisoformat("2026-05-04T10:00:00+12:00")
THURSDAY: Final = "2026-05-07T10:00:00+12:00"
FRIDAY: Final = "2026-05-08T15:00:00+12:00"

#: Prepares an app in that environment, and returns what starts it on that port.
App: TypeAlias = Callable[[dict[str, str], int], list[str]]


def fastapi(_environment: dict[str, str], port: int) -> list[str]:
    """Return what starts the FastAPI app."""
    return [
        *("-m", "uvicorn", "--factory", "fastapi_salon.app:from_environment"),
        *("--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"),
    ]


def django(environment: dict[str, str], port: int) -> list[str]:
    """Make the tables of the Django app, and return what starts it."""
    Path(environment["SALON_FILE"]).write_bytes(_django_tables())
    return [_MANAGE, "runserver", "--noreload", f"127.0.0.1:{port}"]


@cache
def _django_tables() -> bytes:
    """Return the file that `migrate` and `sell` make: once for all tests, since both are slow."""
    with TemporaryDirectory() as folder:
        environment = environment_in(Path(folder))
        for command in ("migrate", "sell"):
            subprocess.run(
                [sys.executable, _MANAGE, command],
                env=os.environ | environment,
                check=True,
                capture_output=True,
                timeout=60,
            )
        return Path(environment["SALON_FILE"]).read_bytes()


def environment_in(folder: Path) -> dict[str, str]:
    """Return what an app reads from its environment, with its files in that folder."""
    return {
        "PYTHONPATH": os.pathsep.join([str(EXAMPLES), *sys.path]),
        "SALON_CLOCK": str(folder / "clock"),
        "SALON_FILE": str(folder / "salon.sqlite3"),
        "SALON_SECRET": "for this test only",
    }


@dataclass(frozen=True)
class Salon:
    """A running app, and its clock."""

    address: str
    clock: Path
    log: Path

    def is_now(self, moment: datetime | str) -> None:
        """Set the app's clock."""
        self.clock.write_text(str(moment), encoding="utf-8")

    @contextmanager
    def visitor(self, email: str | None = None) -> Iterator["Visitor"]:
        """Come in, and log in with that address."""
        with httpx2.Client(base_url=self.address, timeout=30) as client:
            visitor = Visitor(client)
            if email is not None:
                visitor.post("/login", email=email)
            yield visitor


@contextmanager
def running(app: App, folder: Path) -> Iterator[Salon]:
    """Run an app on an empty file and a free port, on a Monday in May at ten."""
    environment = environment_in(folder)
    clock = Path(environment["SALON_CLOCK"])
    clock.write_text(MONDAY.isoformat(), encoding="utf-8")
    port, log = browser.free_port(), folder / "log"
    arguments = app(environment, port)
    with browser.serving(arguments, port=port, environment=environment, log=log) as address:
        yield Salon(address, clock, log)


class Visitor:
    """Somebody who sends forms as a browser does, and may send other ones as well."""

    def __init__(self, client: httpx2.Client) -> None:
        """Keep the connection with its cookies."""
        self.client = client
        self._token: dict[str, str] | None = None

    def get(self, path: str) -> httpx2.Response:
        """Ask for a page."""
        return self.client.get(path)

    def post(self, path: str, **fields: str | list[str]) -> httpx2.Response:
        """Send a form, with Django's token where one is wanted."""
        return self.client.post(path, data={**fields, **self.token()})

    def token(self) -> dict[str, str]:
        """Return the field that Django wants in every form; none for an app without it."""
        if self._token is None:
            text = self.get("/login").text
            found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text)
            self._token = {"csrfmiddlewaretoken": found[1]} if found else {}
        return self._token

    def books(self, booking_id: str, *services: str, starts_at: str = THURSDAY) -> httpx2.Response:
        """Book these services."""
        return self.post(
            "/book", booking_id=booking_id, services=list(services), starts_at=starts_at
        )


def told(answer: httpx2.Response) -> str:
    """Return the sentence of a page."""
    found = re.search(r'<p class="note[^"]*" id="(?:told|done)"[^>]*>([^<]*)</p>', answer.text)
    return html.unescape(found[1]) if found else ""

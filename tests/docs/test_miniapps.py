"""The example apps, driven by a client in a real browser: from logging in to cancelling late."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import cast

import pytest
from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

from tests.helpers import browser

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
MANAGE = str(EXAMPLES / "django_salon" / "manage.py")
MONDAY = datetime.fromisoformat("2026-05-04T10:00:00+12:00")
THURSDAY_AT_TEN = "2026-05-07T10:00:00+12:00"
LATE = datetime.fromisoformat("2026-05-07T09:00:00+12:00")


class Salon:
    """A running app, its clock, and a client in front of it."""

    def __init__(self, page: WebDriver, address: str, clock: Path) -> None:
        """Keep them."""
        self.page = page
        self.address = address
        self.clock = clock

    def is_now(self, moment: datetime) -> None:
        """Set the app's clock."""
        self.clock.write_text(moment.isoformat(), encoding="utf-8")

    def opens(self, path: str = "/") -> None:
        """Open a page."""
        self.page.get(self.address + path)

    def logs_in(self, email: str) -> None:
        """Log in with an address."""
        self.opens("/login")
        self.page.find_element(By.ID, "email").send_keys(email)
        self.presses("Log in")

    def presses(self, words: str) -> None:
        """Press the button of the main part with these words, and wait for the next page."""
        button = self.page.find_element(By.XPATH, f"//main//button[text()='{words}']")
        self.page.execute_script("window.isOld = true")
        button.click()
        is_new = "return !window.isOld && document.readyState === 'complete'"
        WebDriverWait(self.page, 10).until(lambda page: page.execute_script(is_new))

    def picks(self, *services: str, starts_at: str = THURSDAY_AT_TEN) -> None:
        """Pick services and a time, and go on."""
        self.opens()
        for service in services:
            self.page.find_element(By.CSS_SELECTOR, f"input[value='{service}']").click()
        Select(self.page.find_element(By.ID, "starts_at")).select_by_value(starts_at)
        self.presses("Go on")

    def reads(self, *ids: str) -> list[str | None]:
        """Return the texts with these ids; None for one that is not there."""
        read = "return arguments[0].map(id => document.getElementById(id)?.textContent.trim())"
        return cast("list[str | None]", self.page.execute_script(read, ids))

    def heading(self) -> str:
        """Return the heading of the page."""
        return self.page.find_element(By.TAG_NAME, "h1").text


@pytest.fixture(scope="module")
def page() -> Iterator[WebDriver]:
    """Start one browser for the tests of this file."""
    with browser.chromium() as driver:
        yield driver


def fastapi(_environment: dict[str, str], port: int) -> list[str]:
    """Return the command that starts the FastAPI app."""
    return [
        *("-m", "uvicorn", "--factory", "fastapi_salon.app:from_environment"),
        *("--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"),
    ]


def django(environment: dict[str, str], port: int) -> list[str]:
    """Make the tables of the Django app, and return the command that starts it."""
    for command in ("migrate", "sell"):
        subprocess.run(
            [sys.executable, MANAGE, command],
            env=os.environ | environment,
            check=True,
            capture_output=True,
            timeout=60,
        )
    return [MANAGE, "runserver", "--noreload", f"127.0.0.1:{port}"]


@pytest.fixture(params=[fastapi, django], ids=["fastapi", "django"])
def salon(request: pytest.FixtureRequest, page: WebDriver, tmp_path: Path) -> Iterator[Salon]:
    """Start the app on an empty file and a free port, on a Monday in May at ten."""
    clock = tmp_path / "clock"
    environment = {
        "PYTHONPATH": os.pathsep.join([str(EXAMPLES), *sys.path]),
        "SALON_CLOCK": str(clock),
        "SALON_FILE": str(tmp_path / "salon.sqlite3"),
        "SALON_SECRET": "for this test only",
    }
    port = browser.free_port()
    clock.write_text(MONDAY.isoformat(), encoding="utf-8")
    arguments = request.param(environment, port)
    with browser.serving(
        arguments, port=port, environment=environment, log=tmp_path / "log"
    ) as address:
        page.execute_cdp_cmd("Network.clearBrowserCookies", {})
        browser.complaints(page)  # those of an earlier test are not ours
        yield Salon(page, address, clock)
        page.get("about:blank")


def test_a_clients_journey(salon: Salon) -> None:
    """Ana books twice with her package: one cancellation is in time, the other one late."""
    salon.logs_in("ana@example.com")
    assert ["A package of yours is available."] == salon.reads("notice")

    # The prompt, and neither deposit nor card page.
    salon.picks("facial")
    assert ["A package can be used for this booking", "No deposit.", "No card needed."] == [
        (text or "")[:1].upper() + (text or "")[1:]
        for text in salon.reads("told", "deposit", "card")
    ]
    salon.presses("Book")
    assert "You are booked" == salon.heading()
    assert (
        "Cancel until Wednesday 6 May, 10:00 and the credit is back in your package. "
        "Cancel later than that, until Thursday 7 May, 10:00, and the credit is forfeited."
    ) == " ".join((salon.reads("promises")[0] or "").split())
    assert ["If you cancel now: the credit is back in the package."] == salon.reads("would")

    # In time: the credit returns, and reloading changes nothing.
    salon.presses("Cancel this booking")
    assert "This booking is over" == salon.heading()
    assert ["Cancelled: the credit is back in the package."] == salon.reads("done")
    salon.page.refresh()
    assert ["Cancelled: the credit is back in the package."] == salon.reads("done")

    # Late: the credit is forfeited.
    salon.picks("facial")
    salon.presses("Book")
    salon.is_now(LATE)
    salon.page.refresh()
    assert ["If you cancel now: the credit is forfeited."] == salon.reads("would")
    salon.presses("Cancel this booking")
    assert ["Cancelled: the credit is forfeited."] == salon.reads("done")
    assert [] == browser.complaints(salon.page)


def test_others_at_the_same_salon(salon: Salon) -> None:
    """A guest logs in first, who holds nothing pays as always, a booking is its client's own."""
    salon.picks("facial")
    assert [
        "log in to use a package",
        "A deposit is due.",
        "Next we ask for a card.",
    ] == salon.reads("told", "deposit", "card")

    # Two credits pay for two bookings, and not for a third one.
    salon.logs_in("ana@example.com")
    for _ in range(2):
        salon.picks("facial")
        salon.presses("Book")
        assert "You are booked" == salon.heading()
    path = salon.page.current_url.removeprefix(salon.address)
    salon.picks("facial")
    assert ["A deposit is due.", "Next we ask for a card."] == salon.reads("deposit", "card")

    # Ben holds no package, and finds no booking of Ana's, however he learnt its address.
    salon.logs_in("ben@example.com")
    assert [None] == salon.reads("notice")
    salon.picks("facial")
    salon.presses("Book")
    assert "Card and deposit" == salon.heading()
    assert [
        "Your own checkout collects the deposit here.",
        "Your own card page comes here.",
    ] == salon.reads("deposit", "card")
    assert [] == browser.complaints(salon.page)
    salon.opens(path)
    assert "Not Found" in salon.page.page_source
    assert "Facial" not in salon.page.page_source

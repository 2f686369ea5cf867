"""Somebody in front of an example app, in a real browser."""

from typing import cast

from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait

from tests.helpers import browser
from tests.helpers.salon_apps import THURSDAY, Salon


class Person:
    """Somebody in front of a running app."""

    def __init__(self, page: WebDriver, salon: Salon) -> None:
        """Sit down in front of an empty browser."""
        self.page = page
        self.salon = salon
        page.execute_cdp_cmd("Network.clearBrowserCookies", {})
        browser.complaints(page)  # those of an earlier test are not ours

    def opens(self, path: str = "/") -> None:
        """Open a page."""
        self.page.get(self.salon.address + path)

    def logs_in(self, email: str) -> None:
        """Log in with an address."""
        self.opens("/login")
        self.finds("#email").send_keys(email)
        self.presses("Log in")

    def finds(self, selector: str) -> WebElement:
        """Return the first thing that a selector of CSS finds."""
        return self.page.find_element(By.CSS_SELECTOR, selector)

    def presses(self, words: str) -> None:
        """Press the button or link of the main part with these words; wait for the next page."""
        pressed = self.page.find_element(By.XPATH, f"//main//*[self::a|self::button][.='{words}']")
        self.page.execute_script("window.isOld = true")
        pressed.click()
        is_new = "return !window.isOld && document.readyState === 'complete'"
        WebDriverWait(self.page, 10).until(lambda page: page.execute_script(is_new))

    def picks(self, *services: str, starts_at: str = THURSDAY) -> None:
        """Pick services and a time on the page that is open, and go on."""
        for service in services:
            self.finds(f"input[value='{service}']").click()
        self.picks_time(starts_at)
        self.presses("Go on")

    def picks_time(self, starts_at: str) -> None:
        """Pick a time."""
        Select(self.finds("select[name='starts_at']")).select_by_value(starts_at)

    def books(self, *services: str, starts_at: str = THURSDAY) -> str:
        """Book, and return where the booking is shown."""
        self.opens()
        self.picks(*services, starts_at=starts_at)
        self.presses("Book")
        return self.page.current_url.removeprefix(self.salon.address)

    def reads(self, *ids: str) -> list[str | None]:
        """Return the texts with these ids; None for one that is not there."""
        read = (
            "return arguments[0].map(id => document.getElementById(id)"
            "?.innerText.trim().replace(/\\s+/g, ' ') ?? null)"
        )
        return cast("list[str | None]", self.page.execute_script(read, ids))

    def reads_rows(self, selector: str) -> list[list[str]]:
        """Return the cells of the rows of a table."""
        read = (
            "return [...document.querySelectorAll(arguments[0] + ' tbody tr')]"
            ".map(row => [...row.cells].map(cell => cell.innerText))"
        )
        return cast("list[list[str]]", self.page.execute_script(read, selector))

    def presses_key(self, key: str) -> None:
        """Press a key."""
        ActionChains(self.page).send_keys(key).perform()

    def heading(self) -> str:
        """Return the heading of the page."""
        return self.finds("h1").text

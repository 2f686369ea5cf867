"""The decision explorer, in a real browser, shows what the library says and nothing else."""

import json
import random
from collections.abc import Iterator, Mapping
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, cast

import pytest
from docs._explorer_site import EXPLORERS
from docs._explorer_table import Explorer
from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from tests.docs.explorer_page import READ, TURN_AND_READ, read, said_by_the_library
from tests.helpers import browser, site

HOW_MANY = 200
FIRST, PLANS = EXPLORERS
each_explorer = pytest.mark.parametrize("explorer", EXPLORERS, ids=lambda one: str(one.page))


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Serve the built site on localhost."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - as it is named there
            """Say nothing."""

    handler = partial(Quiet, directory=str(site.built()))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join(timeout=10)


@pytest.fixture(scope="module")
def page() -> Iterator[WebDriver]:
    """Start one browser for the tests of this file."""
    with browser.chromium() as driver:
        yield driver


def opened(
    page: WebDriver, address: str, explorer: Explorer, setting: Mapping[str, str] | None = None
) -> None:
    """Open the explorer, with a setting in its address or with the one that it starts with."""
    after = "" if setting is None else "#" + "&".join(f"{k}={v}" for k, v in setting.items())
    page.get("about:blank")
    page.get(f"{address}/explorer/{explorer.page}.html{after}")
    page.execute_script(READ)


def test_the_page_starts_with_a_yes(page: WebDriver, address: str) -> None:
    """At first the package pays, everything is waived, and it is free to cancel for a while."""
    opened(page, address, FIRST)

    assert {
        "eligible": "true",
        "word": "Yes, the package pays",
        "told": "a package can be used for this booking",
        "reasons": [],
        "notes": [
            [
                "no_card_on_file",
                "the card page is bypassed, and no card is on file for a fee",
                ["T21", "D28"],
            ]
        ],
        "deposit": "waived",
        "card": "bypassed",
        "draws": ["facial: 1 credit of facials"],
        "schedule": "free until Wed 6 May 10:00, then the credit is forfeited",
        "cancels": [
            ["Ana, right after booking", "the credit is back in the package"],
            ["Ana, an hour before the start", "the credit is forfeited (a late cancellation)"],
            ["Ana, once it has started", "it is too late to change this booking online"],
            ["the business, whenever it likes", "the credit is back in the package"],
        ],
    } == read(page)
    assert [] == browser.complaints(page)


@each_explorer
def test_random_settings_are_answered_as_the_library_answers(
    page: WebDriver, address: str, explorer: Explorer
) -> None:
    """Whatever the switches say, the page shows the decision of the library."""
    chance = random.Random(20260504)
    opened(page, address, explorer)
    for _ in range(HOW_MANY):
        setting = {switch.key: chance.choice(list(switch.options)) for switch in explorer.switches}

        assert said_by_the_library(explorer, setting) == page.execute_script(
            TURN_AND_READ, setting
        ), setting
    assert [] == browser.complaints(page)


@each_explorer
def test_settings_near_a_yes_are_answered_as_the_library_answers(
    page: WebDriver, address: str, explorer: Explorer
) -> None:
    """Random settings are mostly refused; with up to three facts off a yes, many are not."""
    chance = random.Random(20260511)
    opened(page, address, explorer)
    answers: set[object] = set()
    for _ in range(HOW_MANY):
        others = {
            switch.key: chance.choice(list(switch.options))
            for switch in chance.sample(explorer.switches, 3)
        }
        setting = {**explorer.start, **others}
        shown = page.execute_script(TURN_AND_READ, setting)

        assert said_by_the_library(explorer, setting) == shown, setting
        answers.add(shown["eligible"])
    assert {"true", "false"} == answers
    assert [] == browser.complaints(page)


@each_explorer
def test_every_switch_is_turned_by_the_keyboard(
    page: WebDriver, address: str, explorer: Explorer
) -> None:
    """Tab goes from switch to switch, arrow keys turn them, and the answer follows each step."""
    opened(page, address, explorer)
    setting = dict(explorer.start)
    page.execute_script("document.querySelector('.explorer input:checked').focus()")
    for switch in explorer.switches:
        options = list(switch.options)
        for _ in options:
            focused = page.switch_to.active_element
            assert switch.key == focused.get_attribute("name")
            focused.send_keys(Keys.ARROW_RIGHT)
            at = options.index(setting[switch.key])
            setting[switch.key] = options[(at + 1) % len(options)]
            assert said_by_the_library(explorer, setting) == read(page), setting
        page.switch_to.active_element.send_keys(Keys.TAB)
    assert explorer.start == setting
    assert "Start again" == page.switch_to.active_element.text
    assert [] == browser.complaints(page)


@each_explorer
def test_every_option_is_turned_by_the_pointer(
    page: WebDriver, address: str, explorer: Explorer
) -> None:
    """Each option that the page names can be clicked, and starting again goes back."""
    opened(page, address, explorer)
    for switch in explorer.switches:
        for option, words in switch.options.items():
            label = page.find_element(By.CSS_SELECTOR, f'label[for="ex-{switch.key}-{option}"]')
            page.execute_script(
                "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", label
            )
            label.click()
            assert words == label.text
        setting = {**explorer.start, switch.key: list(switch.options)[-1]}
        assert said_by_the_library(explorer, setting) == read(page)
        page.find_element(By.CSS_SELECTOR, ".ex-again").click()
        assert said_by_the_library(explorer, explorer.start) == read(page)
    assert [] == browser.complaints(page)


def test_a_setting_has_an_address(page: WebDriver, address: str) -> None:
    """What is shown can be sent on: the address holds the facts, and nonsense is ignored."""
    setting = {**FIRST.start, "login": "disabled", "hours": "24"}
    opened(page, address, FIRST, {"login": "disabled", "hours": "24", "kind": "nonsense", "x": "1"})

    assert said_by_the_library(FIRST, setting) == read(page)
    keys = [switch.key for switch in FIRST.switches]
    address_of_it = "#" + "&".join(f"{key}={setting[key]}" for key in keys)
    WebDriverWait(page, 10).until(lambda shown: shown.current_url.endswith(address_of_it))


@each_explorer
def test_the_page_works_from_a_file(page: WebDriver, explorer: Explorer) -> None:
    """Without any server the same page answers, and asks nothing of the network."""
    page.get((site.built() / "explorer" / f"{explorer.page}.html").as_uri())
    page.execute_script(READ)
    switch = explorer.switches[4]
    setting = {**explorer.start, switch.key: list(switch.options)[-1]}

    assert said_by_the_library(explorer, setting) == page.execute_script(TURN_AND_READ, setting)
    loaded = page.execute_script("return performance.getEntriesByType('resource').map(e => e.name)")
    assert [] == [each for each in loaded if not each.startswith("file:")]
    assert [] == browser.complaints(page)


REFUSED = {
    FIRST.page: {**FIRST.start, "status": "archived"},
    PLANS.page: {**PLANS.start, "starts": "sat"},
}


@each_explorer
@pytest.mark.parametrize("dark", [False, True])
def test_a_phone_shows_switches_and_verdict_without_scrolling_sideways(
    page: WebDriver, address: str, explorer: Explorer, *, dark: bool
) -> None:
    """On a screen of 390 pixels nothing is cut off, and the verdict stays in sight."""
    browser.resize(page, 390, 844, dark=dark)
    opened(page, address, explorer, REFUSED[explorer.page])

    width = "return [document.documentElement.scrollWidth <= innerWidth, "
    bar = "document.querySelector('.ex-bar').getBoundingClientRect().bottom <= innerHeight]"
    assert [True, True] == page.execute_script(width + bar)
    assert "No, for 1 reason ↓" == page.find_element(By.CSS_SELECTOR, ".ex-bar").text
    page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_a_class_that_is_booked_off_peak_can_not_be_moved_to_a_peak(
    page: WebDriver, address: str
) -> None:
    """The table of plans starts with a yes, and tells that Saturday is no way round the hours."""
    opened(page, address, PLANS)
    found = read(page)

    assert ("true", ["massage: 1 credit of massages"]) == (found["eligible"], found["draws"])
    assert [
        ["Ana, who moves it to Saturday at 10", "your package can't be used at this time"],
        [
            "the business, which moves it to Saturday at 10",
            "your booking has been moved to the new time",
        ],
    ] == cast("list[object]", found["cancels"])[-2:]
    assert "If it is cancelled or moved" in page.page_source


@each_explorer
def test_each_table_is_complete(explorer: Explorer) -> None:
    """Every setting has an answer: two bytes each, four characters of base64 for three bytes."""
    written = (site.built() / "explorer" / f"{explorer.table}.js").read_text(encoding="utf-8")
    data = json.loads(written.removeprefix("window.EXPLORER = ").removesuffix(";\n"))

    assert explorer.size * 2 * 4 // 3 == len(data["index"])


def test_both_tables_are_small() -> None:
    """Together they are at most a megabyte."""
    folder = site.built() / "explorer"

    assert sum((folder / f"{one.table}.js").stat().st_size for one in EXPLORERS) <= 1_000_000


@pytest.mark.parametrize(
    ("explorer", "size"),
    [
        (FIRST, 2 * 3 * 3 * 4 * 2 * 2 * 2 * 3 * 3 * 2 * 4 * 4),
        (PLANS, 3 * 3 * 2 * 2 * 3 * 2 * 3 * 3 * 2 * 3 * 4),
    ],
)
def test_there_are_as_many_settings_as_the_switches_make(explorer: Explorer, size: int) -> None:
    """Each setting is there once."""
    assert size == explorer.size == sum(1 for _ in explorer.settings())


def test_nothing_in_the_page_is_fetched_from_elsewhere() -> None:
    """The pages of the site load no script, style, font or picture from another host."""
    found = [
        (str(page.relative_to(site.built())), part)
        for page in site.built().rglob("*.html")
        for part in _loaded(page)
        if "//" in part
    ]

    assert [] == found


def _loaded(page: Path) -> list[str]:
    text = page.read_text(encoding="utf-8")
    parts: list[str] = []
    for opening in ('<script src="', '<link rel="stylesheet" href="', '<img src="'):
        parts += [piece.split('"')[0] for piece in text.split(opening)[1:]]
    return parts

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
from docs import _explorer
from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from pkgredeem import Audience, RedemptionPolicy
from tests.helpers import browser, site

POLICY = RedemptionPolicy()
HOW_MANY = 200
KEYS = [switch.key for switch in _explorer.SWITCHES]

# Turns the switches as a person does, one click each, and reads the page, not the script's data.
TURN_AND_READ = """
document.documentElement.style.scrollBehavior = "auto";
const [wanted] = arguments;
for (const [key, value] of Object.entries(wanted)) {
  const input = document.getElementById(`ex-${key}-${value}`);
  if (!input.checked) document.querySelector(`label[for="${input.id}"]`).click();
}
return window.readAnswer();
"""
READ = """
document.documentElement.style.scrollBehavior = "auto";
window.readAnswer = () => {
  const one = (name) => document.querySelector(`[data-answer="${name}"]`);
  const text = (name) => one(name)?.textContent ?? "";
  const listed = (name) => [...(one(name)?.children ?? [])];
  const findings = (name) => listed(name).map((each) => [
    each.dataset.code,
    each.querySelector(".ex-message").textContent,
    [...each.querySelectorAll(".ex-clause")].map((clause) => clause.textContent),
  ]);
  return {
    eligible: one("verdict").dataset.value,
    word: text("verdict"),
    told: text("told"),
    reasons: findings("reasons"),
    notes: findings("notes"),
    deposit: one("deposit").dataset.value,
    card: one("card").dataset.value,
    draws: listed("draws").map((each) => each.textContent),
    schedule: text("schedule"),
    cancels: [...document.querySelectorAll('[data-answer="cancels"] tr')]
      .map((row) => [...row.children].map((cell) => cell.textContent)),
  };
};
"""


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


def opened(page: WebDriver, address: str, setting: Mapping[str, str] | None = None) -> None:
    """Open the explorer, with a setting in its address or with the one that it starts with."""
    after = "" if setting is None else "#" + "&".join(f"{k}={v}" for k, v in setting.items())
    page.get("about:blank")
    page.get(f"{address}/explorer/index.html{after}")
    page.execute_script(READ)


def read(page: WebDriver) -> dict[str, object]:
    """Return the answer that the page shows."""
    return cast("dict[str, object]", page.execute_script("return window.readAnswer()"))


def said_by_the_library(setting: Mapping[str, str]) -> dict[str, object]:
    """Return the answer that the page must show for the setting, asked of the library now."""
    case = _explorer.case_of(setting)
    decision = POLICY.decide_case(case)
    redemption = decision.redemption
    count = len(decision.reasons)
    reasons = f"No, for {count} reason{'' if count == 1 else 's'}"
    staff = decision.explain(Audience.STAFF)
    lines = [line for line in staff.splitlines() if line.startswith("cancellation: ")]
    return {
        "eligible": str(decision.eligible).lower(),
        "word": "Yes, the package pays" if decision.eligible else reasons,
        "told": decision.explain(Audience.CLIENT),
        "reasons": [
            [each.code, each.text(_explorer.ZONE), list(each.clauses)] for each in decision.reasons
        ],
        "notes": [
            [each.code, each.text(_explorer.ZONE), list(each.clauses)] for each in decision.notes
        ],
        "deposit": decision.deposit.value,
        "card": decision.card_capture.value,
        "draws": [
            f"{draw.service_id}: 1 credit of {draw.package_id}"
            for draw in (redemption.draws if redemption else ())
        ],
        "schedule": "".join(line.removeprefix("cancellation: ") for line in lines),
        "cancels": [list(each) for each in _explorer.cancellations(case, redemption)]
        if redemption
        else [],
    }


def test_the_page_starts_with_a_yes(page: WebDriver, address: str) -> None:
    """At first the package pays, everything is waived, and it is free to cancel for a while."""
    opened(page, address)

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
            ["Ana, an hour before the start", "the credit is forfeited, and it is late"],
            ["Ana, once it has started", "it is too late to change this booking online"],
            ["the business, whenever it likes", "the credit is back in the package"],
        ],
    } == read(page)
    assert [] == browser.complaints(page)


def test_random_settings_are_answered_as_the_library_answers(page: WebDriver, address: str) -> None:
    """Whatever the switches say, the page shows the decision of the library."""
    chance = random.Random(20260504)
    opened(page, address)
    for _ in range(HOW_MANY):
        setting = {switch.key: chance.choice(list(switch.options)) for switch in _explorer.SWITCHES}

        assert said_by_the_library(setting) == page.execute_script(TURN_AND_READ, setting), setting
    assert [] == browser.complaints(page)


def test_settings_near_a_yes_are_answered_as_the_library_answers(
    page: WebDriver, address: str
) -> None:
    """Random settings are mostly refused; with up to three facts off a yes, many are not."""
    chance = random.Random(20260511)
    opened(page, address)
    answers: set[object] = set()
    for _ in range(HOW_MANY):
        others = {
            switch.key: chance.choice(list(switch.options))
            for switch in chance.sample(_explorer.SWITCHES, 3)
        }
        setting = {**_explorer.START, **others}
        shown = page.execute_script(TURN_AND_READ, setting)

        assert said_by_the_library(setting) == shown, setting
        answers.add(shown["eligible"])
    assert {"true", "false"} == answers
    assert [] == browser.complaints(page)


def test_every_switch_is_turned_by_the_keyboard(page: WebDriver, address: str) -> None:
    """Tab goes from switch to switch, arrow keys turn them, and the answer follows each step."""
    opened(page, address)
    setting = dict(_explorer.START)
    page.execute_script("document.querySelector('.explorer input:checked').focus()")
    for switch in _explorer.SWITCHES:
        options = list(switch.options)
        for _ in options:
            focused = page.switch_to.active_element
            assert switch.key == focused.get_attribute("name")
            focused.send_keys(Keys.ARROW_RIGHT)
            at = options.index(setting[switch.key])
            setting[switch.key] = options[(at + 1) % len(options)]
            assert said_by_the_library(setting) == read(page), setting
        page.switch_to.active_element.send_keys(Keys.TAB)
    assert _explorer.START == setting
    assert "Start again" == page.switch_to.active_element.text
    assert [] == browser.complaints(page)


def test_every_option_is_turned_by_the_pointer(page: WebDriver, address: str) -> None:
    """Each option that the page names can be clicked, and starting again goes back."""
    opened(page, address)
    for switch in _explorer.SWITCHES:
        for option, words in switch.options.items():
            label = page.find_element(By.CSS_SELECTOR, f'label[for="ex-{switch.key}-{option}"]')
            page.execute_script(
                "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", label
            )
            label.click()
            assert words == label.text
        setting = {**_explorer.START, switch.key: list(switch.options)[-1]}
        assert said_by_the_library(setting) == read(page)
        page.find_element(By.CSS_SELECTOR, ".ex-again").click()
        assert said_by_the_library(_explorer.START) == read(page)
    assert [] == browser.complaints(page)


def test_a_setting_has_an_address(page: WebDriver, address: str) -> None:
    """What is shown can be sent on: the address holds the facts, and nonsense is ignored."""
    setting = {**_explorer.START, "login": "disabled", "hours": "24"}
    opened(page, address, {"login": "disabled", "hours": "24", "kind": "nonsense", "x": "1"})

    assert said_by_the_library(setting) == read(page)
    address_of_it = "#" + "&".join(f"{key}={setting[key]}" for key in KEYS)
    WebDriverWait(page, 10).until(lambda shown: shown.current_url.endswith(address_of_it))


def test_the_page_works_from_a_file(page: WebDriver) -> None:
    """Without any server the same page answers, and asks nothing of the network."""
    page.get((site.built() / "explorer" / "index.html").as_uri())
    page.execute_script(READ)
    setting = {**_explorer.START, "client": "out"}

    assert said_by_the_library(setting) == page.execute_script(TURN_AND_READ, setting)
    loaded = page.execute_script("return performance.getEntriesByType('resource').map(e => e.name)")
    assert [] == [each for each in loaded if not each.startswith("file:")]
    assert [] == browser.complaints(page)


@pytest.mark.parametrize("dark", [False, True])
def test_a_phone_shows_switches_and_verdict_without_scrolling_sideways(
    page: WebDriver, address: str, *, dark: bool
) -> None:
    """On a screen of 390 pixels nothing is cut off, and the verdict stays in sight."""
    browser.resize(page, 390, 844, dark=dark)
    opened(page, address, {**_explorer.START, "status": "archived"})

    width = "return [document.documentElement.scrollWidth <= innerWidth, "
    bar = "document.querySelector('.ex-bar').getBoundingClientRect().bottom <= innerHeight]"
    assert [True, True] == page.execute_script(width + bar)
    assert "No, for 1 reason ↓" == page.find_element(By.CSS_SELECTOR, ".ex-bar").text
    page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_the_table_is_complete_and_small() -> None:
    """Every setting has an answer, and the file that holds them all is below 1.5 MB."""
    written = (site.built() / "explorer" / "table.js").read_text(encoding="utf-8")
    data = json.loads(written.removeprefix("window.EXPLORER = ").removesuffix(";\n"))

    # two bytes each, four characters of base64 for three bytes
    assert _explorer.SETTINGS * 2 * 4 // 3 == len(data["index"])
    assert len(written.encode()) < 1_500_000


def test_there_are_as_many_settings_as_the_switches_make() -> None:
    """2 x 3 x 3 x 4 x 2 x 2 x 2 x 3 x 3 x 2 x 4 x 4 settings, each once."""
    assert 165_888 == _explorer.SETTINGS == sum(1 for _ in _explorer.settings())


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

"""Every page of the site, in a real browser, on a screen as wide as a phone's."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from tests.helpers import browser, site

PHONE = 390
#: What is wider than its place, without a scroller around it or without a hint that it goes on.
CUT_OFF = """
const faults = [];
const hints = (style) => style.backgroundAttachment.includes("local")
  && style.backgroundAttachment.includes("scroll");
for (const wide of document.querySelectorAll("article table, article pre, article svg")) {
  const scroller = wide.closest(".table-wrapper, pre, .picture") ?? wide;
  if (!wide.checkVisibility()) continue;
  const style = getComputedStyle(scroller);
  const scrolls = scroller.scrollWidth > scroller.clientWidth + 1;
  if (scrolls && !["auto", "scroll"].includes(style.overflowX))
    faults.push("no scroller: " + wide.outerHTML.slice(0, 80));
  if (scrolls && !hints(style)) faults.push("no hint: " + wide.outerHTML.slice(0, 80));
  if (scroller.getBoundingClientRect().right > innerWidth + 1)
    faults.push("beyond the screen: " + wide.outerHTML.slice(0, 80));
}
if (document.documentElement.scrollWidth > innerWidth) faults.push("scrolls sideways as a whole");
return faults;
"""
SMALL_TEXTS = """
return [...document.querySelectorAll(".picture svg text")].filter((text) => text.checkVisibility())
  .map((text) => {
    const svg = text.ownerSVGElement;
    const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    return [text.textContent, parseFloat(getComputedStyle(text).fontSize) * scale];
  }).filter(([, size]) => size < 11);
"""
BUTTON = """
document.addEventListener("copy", () => { window.copied = document.activeElement.value; });
const [code] = arguments;
return [...document.querySelectorAll("div.highlight")]
  .find((block) => block.textContent.includes(code)).querySelector("button.copybtn");
"""


@pytest.fixture(scope="module")
def phone() -> Iterator[WebDriver]:
    """Start one browser, as narrow as a phone."""
    with browser.chromium() as driver:
        browser.resize(driver, PHONE, 844)
        yield driver


def pages() -> list[Path]:
    """Return every page but those of source code, which is nobody's on a phone."""
    root = site.built()
    return [page for page in sorted(root.rglob("*.html")) if "_modules" not in page.parts]


def test_nothing_is_cut_off_on_a_phone(phone: WebDriver) -> None:
    """No page scrolls sideways as a whole; what is wider scrolls in its place, with a hint."""
    faults: dict[str, list[str]] = {}
    for page in pages():
        phone.get(page.as_uri())
        found = phone.execute_script(CUT_OFF)
        if found:
            faults[page.name] = found

    assert len(pages()) > 60
    assert {} == faults


@pytest.mark.parametrize("name", ["life-of-a-redemption", "allocation"])
def test_the_text_of_pictures_can_be_read_on_a_phone(phone: WebDriver, name: str) -> None:
    """No text in a picture is smaller than 11 pixels."""
    phone.get((site.built() / "explanation" / f"{name}.html").as_uri())

    assert phone.execute_script("return document.querySelectorAll('.picture svg').length")
    assert [] == phone.execute_script(SMALL_TEXTS)


@pytest.mark.parametrize("name", ["life-of-a-redemption", "allocation"])
def test_a_picture_fits_on_a_phone(phone: WebDriver, name: str) -> None:
    """It is as wide as the page, and the one for wide screens isn't shown beside it."""
    phone.get((site.built() / "explanation" / f"{name}.html").as_uri())
    shown = phone.execute_script(
        "return [...document.querySelectorAll('.picture svg')].filter(s => s.checkVisibility())"
        ".map(s => [s.getAttribute('class'), s.getBoundingClientRect().right <= innerWidth])"
    )

    assert [["tall", True]] == shown


def test_a_wide_table_stands_in_blocks_on_a_phone(phone: WebDriver) -> None:
    """No table of three columns scrolls: each cell stands below the one before, after its head."""
    phone.get((site.built() / "reference" / "plan-keys.html").as_uri())
    table = "document.querySelector('article table.stacks')"
    cells = phone.execute_script(
        f"return [...{table}.querySelectorAll('tbody tr:first-child td')]"
        ".map(cell => [cell.innerText.trim(), cell.getBoundingClientRect().left])"
    )
    wrappers = phone.execute_script(
        "return [...document.querySelectorAll('article .table-wrapper')]"
        ".filter(box => box.scrollWidth > box.clientWidth + 1).length"
    )

    assert ["shared_with", "type: list of ids", "default: nobody"] == [
        cells[n][0] for n in range(3)
    ]
    assert "what it means: other clients who hold it (D59)" == cells[3][0]
    assert 1 == len({left for _, left in cells})
    assert 0 == wrappers


def test_a_wide_table_is_a_table_on_a_wide_screen(phone: WebDriver) -> None:
    """On a desk's screen its heads stand over its columns, and no cell repeats them."""
    browser.resize(phone, 1280, 900)
    phone.get((site.built() / "reference" / "plan-keys.html").as_uri())
    rows = phone.execute_script(
        "return [...document.querySelectorAll('article table.stacks tr')].slice(0, 2)"
        ".map(row => [...row.cells].map(cell => cell.innerText.trim()))"
    )
    browser.resize(phone, PHONE, 844)

    assert [
        ["key", "type", "default", "what it means"],
        ["shared_with", "list of ids", "nobody", "other clients who hold it (D59)"],
    ] == rows


def test_the_page_of_searches_has_a_field(phone: WebDriver) -> None:
    """On a phone, where the one beside the pages is out of sight, it finds pages by a word."""
    phone.get((site.built() / "search.html").as_uri())
    field = phone.find_element(By.CSS_SELECTOR, "article input[name=q]")
    field.send_keys("quota", Keys.ENTER)
    WebDriverWait(phone, 10).until(
        lambda page: (
            "pkgredeem.Quota"
            in [link.text for link in page.find_elements(By.CSS_SELECTOR, "#search-results a")]
        )
    )


def test_no_page_of_the_reference_is_endless(phone: WebDriver) -> None:
    """On a phone, where pages are longest, each page of a type is below 15,000 pixels."""
    heights: dict[str, int] = {}
    for page in sorted((site.built() / "reference" / "api").glob("*.html")):
        phone.get(page.as_uri())
        heights[page.stem] = phone.execute_script("return document.documentElement.scrollHeight")

    assert {} == {name: height for name, height in heights.items() if height >= 15_000}


def test_what_is_copied_is_what_one_types(phone: WebDriver) -> None:
    """A button copies a block without prompts and without what is printed."""
    phone.get((site.built() / "reference" / "api" / "package.html").as_uri())
    button = phone.execute_script(BUTTON, "Package(id=")
    ActionChains(phone).scroll_to_element(button).move_to_element(button).click().perform()
    copied = phone.execute_script("return window.copied")

    assert (
        'five_facials = [Entitlement(services=["facial"], remaining=5)]\n'
        'Package(id="p1", client_id="ana", entitlements=five_facials).has_credit'
    ) == copied.strip()

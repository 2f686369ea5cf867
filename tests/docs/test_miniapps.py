"""The example apps, driven in a real browser: by clients, and by staff, from logging in on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.common.keys import Keys

from tests.helpers import browser, salon_apps
from tests.helpers.salon_apps import FRIDAY
from tests.helpers.salon_person import Person

LATE = "2026-05-07T09:00:00+12:00"
THURSDAY_AT_THREE = "2026-05-07T15:00:00+12:00"


@pytest.fixture(scope="module")
def page() -> Iterator[WebDriver]:
    """Start one browser for the tests of this file."""
    with browser.chromium() as driver:
        yield driver


@pytest.fixture(params=[salon_apps.fastapi, salon_apps.django], ids=["fastapi", "django"])
def person(request: pytest.FixtureRequest, page: WebDriver, tmp_path: Path) -> Iterator[Person]:
    """Start an app, and sit down in front of it."""
    with salon_apps.running(request.param, tmp_path) as salon:
        yield Person(page, salon)
        page.get("about:blank")


def test_a_clients_journey(person: Person) -> None:
    """Ana books twice with her package: one cancellation is in time, the other one late."""
    person.logs_in("ana@example.com")
    assert ["A package of yours is available."] == person.reads("notice")

    # The prompt, and neither deposit nor card page.
    person.picks("facial")
    assert [
        "A package can be used for this booking.",
        "No deposit.",
        "No card needed.",
    ] == person.reads("told", "deposit", "card")
    person.presses("Book")
    assert "You are booked" == person.heading()
    steps = (
        "Cancel until Wednesday 6 May, 10:00 and the credit is back in your package. "
        "Cancel later than that, until Thursday 7 May, 10:00, and the credit is forfeited."
    )
    now = "If you cancel now: the credit is back in the package."
    assert [steps, now] == person.reads("promises", "would")

    # In time: the credit returns, and reloading changes nothing.
    person.presses("Cancel this booking")
    assert "This booking is over" == person.heading()
    assert ["Cancelled: the credit is back in the package."] == person.reads("done")
    person.page.refresh()
    assert ["Cancelled: the credit is back in the package."] == person.reads("done")

    # Late: the credit is forfeited, and moving is not offered any more.
    person.books("facial")
    person.salon.is_now(LATE)
    person.page.refresh()
    assert ["If you cancel now: the credit is forfeited."] == person.reads("would")
    assert "Move to this time" not in person.page.page_source
    person.presses("Cancel this booking")
    assert ["Cancelled: the credit is forfeited."] == person.reads("done")
    assert [] == browser.complaints(person.page)


def test_a_client_moves_and_exchanges(person: Person) -> None:
    """Ana's booking gets another time, then another service; what no package pays changes none."""
    person.logs_in("ana@example.com")
    first = person.books("facial")
    person.picks_time(FRIDAY)
    person.presses("Move to this time")
    assert "Friday 8 May, 15:00" == person.finds("h2").text

    person.presses("Another service instead")
    person.picks("brow-tint")
    assert "Your booking stays as it is" == person.heading()
    assert ["Your package does not pay for this."] == person.reads("told")
    person.presses("Back to your booking")

    person.presses("Another service instead")
    person.picks("massage", starts_at=FRIDAY)
    assert ["Your package pays for this too."] == person.reads("told")
    person.presses("Book this instead")
    assert "You are booked" == person.heading()
    assert "Massage" in person.finds("ul.lines").text
    person.opens(first)
    assert "This booking is over" == person.heading()
    assert [] == browser.complaints(person.page)


def test_others_at_the_same_salon(person: Person) -> None:
    """A guest logs in first, who holds nothing pays as always, a booking is its client's own."""
    person.opens()
    person.picks("facial")
    assert [
        "Log in to use a package.",
        "A deposit is due.",
        "Next we ask for a card.",
    ] == person.reads("told", "deposit", "card")

    # Two credits pay for two bookings, and not for a third one.
    person.logs_in("ana@example.com")
    paths = [person.books("facial") for _ in range(2)]
    person.opens()
    assert [None] == person.reads("notice")
    person.picks("facial")
    assert ["A deposit is due.", "Next we ask for a card."] == person.reads("deposit", "card")

    # Ben holds no package, and finds no booking of Ana's, however he learnt its address.
    person.logs_in("ben@example.com")
    person.books("facial")
    assert "Card and deposit" == person.heading()
    assert [
        "Your own checkout collects the deposit here.",
        "Your own card page comes here.",
    ] == person.reads("deposit", "card")
    assert [] == browser.complaints(person.page)
    person.opens(paths[0])
    assert ["There is no such booking."] == person.reads("told")
    assert "Facial" not in person.page.page_source


def test_a_day_of_staff(person: Person) -> None:
    """Kim records who came and who did not, gives one credit back, and sees the balances."""
    person.logs_in("ana@example.com")
    person.books("facial")
    person.books("massage", starts_at=THURSDAY_AT_THREE)

    person.logs_in("kim@example.com")
    assert "Monday 4 May 2026" == person.heading()
    assert ["No package pays for an appointment on this day."] == person.reads("none")
    person.opens("/staff/?day=2026-05-07")
    assert [
        ["Thursday 7 May, 10:00", "Ana", "Facial", "booked"],
        ["Thursday 7 May, 15:00", "Ana", "Massage", "booked"],
    ] == person.reads_rows("#appointments")

    # Before the start nobody can have missed it: the page says so, and has no button for it.
    person.presses("Thursday 7 May, 10:00")
    assert "appointment_not_started [D16]" in (person.reads("no_show")[0] or "")
    assert "Record a no-show" not in person.page.page_source
    person.salon.is_now("2026-05-07T18:00:00+12:00")
    person.page.refresh()
    person.presses("Record a no-show")
    assert ["State: ended, credit forfeited"] == person.reads("state")

    # Forgiving asks for a note: without one the browser does not send the form.
    note = person.finds("#note-forgive")
    assert person.page.execute_script("return arguments[0].validity.valueMissing", note)
    note.send_keys("a burst pipe at home")
    person.presses("Forgive")
    assert ["State: ended, credit returned"] == person.reads("state")
    assert [
        ["Thursday 7 May, 18:00", "no-show", "business", "Kim"],
        ["Thursday 7 May, 18:00", "forgiven", "business", "Kim: a burst pipe at home"],
    ] == person.reads_rows("#history")

    person.opens("/staff/")
    person.presses("Thursday 7 May, 15:00")
    person.presses("Complete")
    assert ["State: completed"] == person.reads("state")

    # One credit is redeemed, one is back; the history tells how.
    person.presses("Ana")
    assert [["facial, massage", "1", "0", "1", "0"]] == person.reads_rows(".balances")
    assert [
        ["booked", "1 available → reserved", "client"],
        ["booked", "1 available → reserved", "client"],
        ["no-show", "1 reserved → forfeited", "business"],
        ["forgiven", "1 forfeited → available", "business"],
        ["completed", "1 reserved → redeemed", "business"],
    ] == [row[1:4] for row in person.reads_rows(".movements")]
    assert [] == browser.complaints(person.page)


def test_staff_are_told_why(person: Person) -> None:
    """Staff read every reason with its clause; the client reads one sentence."""
    person.logs_in("kim@example.com")
    person.opens("/staff/clients/ana")
    person.finds("input[value='brow-tint']").click()
    person.presses("Ask")
    asked = person.reads("asked")[0] or ""
    assert asked.startswith("refused under timely-2026-03: 1 reason reason: ")
    assert "service_not_in_package [" in asked

    person.logs_in("ana@example.com")
    person.picks("brow-tint")
    assert [
        "No package can be used for this booking: it is booked and paid for as usual."
    ] == person.reads("told")


def test_nobody_stumbles(person: Person) -> None:
    """Every page is readable on a desktop and a phone, light and dark, and keeps its labels."""
    person.logs_in("ana@example.com")
    own = person.books("facial")
    other = person.books("massage", starts_at=FRIDAY)
    faults = _faults(person, "/", own, f"{own}/exchange", "/bookings/none")
    person.opens(other)
    person.presses("Cancel this booking")
    faults += _faults(person, other)
    person.logs_in("kim@example.com")
    day, asked = "/staff/?day=2026-05-07", "?services=facial&starts_at=2026-05-06T10:00:00%2B12:00"
    faults += _faults(person, day, f"/staff{own}", f"/staff{other}", f"/staff/clients/ana{asked}")
    person.page.execute_cdp_cmd("Network.clearBrowserCookies", {})
    faults += _faults(person, "/login", "/")

    assert [] == faults


def test_a_keyboard_is_enough(person: Person) -> None:
    """Who tabs through a page sees where he is, and books without a mouse."""
    person.logs_in("ana@example.com")
    person.opens()
    shown = "return getComputedStyle(document.activeElement).outlineStyle"
    outlines = []
    for _ in range(4):
        person.presses_key(Keys.TAB)
        outlines.append(person.page.execute_script(shown))
    person.presses_key(Keys.SPACE)
    chosen = person.page.execute_script("return document.activeElement.checked")

    assert (["solid"] * 4, True) == (outlines, chosen)


def _faults(person: Person, *paths: str) -> list[str]:
    faults: list[str] = []
    for path in paths:
        person.opens(path)
        for width, dark in ((1280, False), (390, False), (390, True)):
            browser.resize(person.page, width, 800, dark=dark)
            found = browser.accessibility_faults(person.page)
            faults += [f"{path} at {width}: {fault}" for fault in found]
    browser.resize(person.page, 1280, 900)
    return faults

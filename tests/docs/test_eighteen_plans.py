"""The eighteen plans of the explorer, in a browser: each pays for what it sells, and no more."""

from collections.abc import Iterator

import pytest
from docs._explorer_eighteen import PLANS
from docs._plan_points import Plan
from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from tests.docs.explorer_page import POLICY, READ, TURN_AND_READ, read, said_by_the_library
from tests.helpers import browser, site

each_plan = pytest.mark.parametrize("plan", PLANS, ids=lambda plan: f"plan-{plan.key}")

#: By plan, what each setting to start from is answered: nothing where it pays, else the codes.
EXPECTED = {
    "1": ["", "", "package_used_up", "not_enough_credits", "cost_unknown"],
    "2": ["", "", "not_enough_credits"],
    "3": ["", "", "quota_reached", "not_enough_credits"],
    "4": ["", "", "quota_reached", "quota_reached", "quota_reached mixed_booking"],
    "5": ["", "", "package_paused", "quota_reached", "package_suspended"],
    "6": ["", "", "trait_not_allowed", "trait_not_allowed", "quota_reached"],
    "7": ["", "", "", "outside_first_use_term", "outside_first_use_term"],
    "8": ["", "package_booking_over"],
    "9": ["", "package_booking_over", "package_over_by_then"],
    "10": [
        "",
        "outside_hours",
        "outside_hours",
        "blacked_out",
        "booked_too_early",
        "trait_not_allowed",
    ],
    "11": ["", "", "credit_over"],
    "12": ["", "", "quota_reached"],
    "13": ["", "package_of_another_client no_package", "package_used_up"],
    "14": ["", "", "quota_reached mixed_booking"],
    "15": ["", "", "quota_reached"],
    "16": ["", "quota_reached", "trait_not_allowed"],
    "17": ["", ""],
    "18": ["", "", "trait_not_allowed", "trait_not_allowed"],
}


@pytest.fixture(scope="module")
def page() -> Iterator[WebDriver]:
    """Start one browser for the tests of this file."""
    with browser.chromium() as driver:
        yield driver


def opened(page: WebDriver, after: str = "") -> None:
    """Open the page from its file, with a setting in its address or as it starts."""
    page.get("about:blank")
    page.get((site.built() / "explorer" / "eighteen.html").as_uri() + after)
    page.execute_script(READ)


def choose(page: WebDriver, plan: Plan) -> None:
    """Choose a plan as a person does."""
    Select(page.find_element(By.ID, "ex-plan")).select_by_value(plan.key)


def test_there_are_eighteen() -> None:
    """Each has its number, in order."""
    assert [str(number) for number in range(1, 19)] == [plan.key for plan in PLANS]


@each_plan
def test_each_point_is_answered_as_its_words_say(plan: Plan) -> None:
    """What stands first is paid for, and what stands last is refused by the codes expected."""
    answers = []
    for point in plan.points.values():
        decision = POLICY.decide_case(plan.case_of({**plan.start, **point}))
        answers.append(" ".join(finding.code for finding in decision.reasons))

    assert EXPECTED[plan.key] == answers
    assert plan.refused == sum(bool(answer) for answer in answers)
    assert not any(answers[: len(answers) - plan.refused])


def test_a_late_change_is_told_of_the_plan_that_pays_a_fee() -> None:
    """Late returns the class, the last three hours lose it, and a move is too late (number 17)."""
    (plan,) = (plan for plan in PLANS if plan.key == "17")
    case = plan.case_of(plan.start)
    redemption = POLICY.decide_case(case).redemption
    assert redemption is not None

    assert [
        ("Ana cancels 12 hours before the start", "the credit is back in the package"),
        (
            "Ana cancels 11 hours before the start",
            "the credit is back in the package (a late cancellation)",
        ),
        (
            "Ana cancels 3 hours before the start",
            "the credit is back in the package (a late cancellation)",
        ),
        (
            "Ana cancels 2 hours and 59 minutes before the start",
            "the credit is forfeited (a late cancellation)",
        ),
        (
            "Ana moves it 11 hours before the start",
            "it is too late to change this booking online",
        ),
    ] == plan.acts(case, redemption)


@each_plan
def test_every_setting_is_answered_as_the_library_answers(page: WebDriver, plan: Plan) -> None:
    """Whatever the switches of a plan say, the page shows the decision of the library."""
    opened(page)
    choose(page, plan)

    assert said_by_the_library(plan.explorer, plan.start) == read(page)
    for setting in plan.explorer.settings():
        shown = page.execute_script(TURN_AND_READ, setting)
        assert said_by_the_library(plan.explorer, setting) == shown, setting
    assert [] == browser.complaints(page)


@each_plan
def test_a_point_sets_the_facts(page: WebDriver, plan: Plan) -> None:
    """Each button says what is paid for or refused, sets the facts to it, and keeps no others."""
    opened(page)
    choose(page, plan)
    buttons = page.find_elements(By.CSS_SELECTOR, ".ex-point")

    assert list(plan.points) == [button.text for button in buttons]
    for button, point in zip(buttons, plan.points.values(), strict=True):
        button.click()
        assert said_by_the_library(plan.explorer, {**plan.start, **point}) == read(page)


def test_a_setting_has_an_address(page: WebDriver) -> None:
    """Plan and facts stand in the address; a plan that isn't there is the first one."""
    (spa,) = (plan for plan in PLANS if plan.key == "10")
    opened(page, "#plan=10&starts=eve&place=nonsense")
    assert said_by_the_library(spa.explorer, {**spa.start, "starts": "eve"}) == read(page)

    opened(page, "#plan=99&left=0")
    assert said_by_the_library(PLANS[0].explorer, {"left": "0", "length": "75"}) == read(page)


@pytest.mark.parametrize("dark", [False, True])
def test_a_phone_shows_every_plan_without_scrolling_sideways(
    page: WebDriver, *, dark: bool
) -> None:
    """On a screen of 390 pixels nothing of any plan is cut off, its name neither."""
    browser.resize(page, 390, 844, dark=dark)
    opened(page)
    for plan in PLANS:
        choose(page, plan)

        assert page.execute_script("return document.documentElement.scrollWidth <= innerWidth")
        assert len(f"{plan.key}. {plan.title}") <= 40, plan.title
    page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

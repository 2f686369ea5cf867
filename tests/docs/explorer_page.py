"""How the tests set the facts of an explorer's page, read it, and know what it must show."""

from typing import cast

from docs._explorer_table import ZONE, Explorer, Setting
from selenium.webdriver.chrome.webdriver import WebDriver

from pkgredeem import Audience, Case, Draw, RedemptionPolicy

POLICY = RedemptionPolicy()

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


def read(page: WebDriver) -> dict[str, object]:
    """Return the answer that the page shows."""
    return cast("dict[str, object]", page.execute_script("return window.readAnswer()"))


def drawn(case: Case, draw: Draw) -> str:
    """Return a draw in the words of the page."""
    (entitlement,) = (
        package.entitlements[0] for package in case.packages if package.id == draw.package_id
    )
    unit = entitlement.unit if draw.credits == 1 else f"{entitlement.unit}s"
    return f"{draw.service_id}: {draw.credits} {unit} of {draw.package_id}"


def said_by_the_library(explorer: Explorer, setting: Setting) -> dict[str, object]:
    """Return the answer that the page must show for the setting, asked of the library now."""
    case = explorer.case_of(setting)
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
        "reasons": [[each.code, each.text(ZONE), list(each.clauses)] for each in decision.reasons],
        "notes": [[each.code, each.text(ZONE), list(each.clauses)] for each in decision.notes],
        "deposit": decision.deposit.value,
        "card": decision.card_capture.value,
        "draws": [drawn(case, draw) for draw in (redemption.draws if redemption else ())],
        "schedule": "".join(line.removeprefix("cancellation: ") for line in lines),
        "cancels": [list(each) for each in explorer.acts(case, redemption)] if redemption else [],
    }

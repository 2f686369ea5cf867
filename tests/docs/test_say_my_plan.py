"""The page "Describe my plan": each plan pays for what its row links to, and refuses the rest."""

import re
from pathlib import Path

from tests.docs.plan_answers import PLANS
from tests.helpers.example_answers import DEFAULT

DOCS = Path(__file__).parents[2] / "docs"
LINK = re.compile(r"\[([^\]]+)\]\(\.\./examples/cases/([a-z0-9-]+)\.json\)")


def rows() -> list[list[tuple[str, str]]]:
    """Return the links of each row, text and case: first the plan itself, then its refusals."""
    text = (DOCS / "how-to" / "say-my-plan.md").read_text(encoding="utf-8")
    return [LINK.findall(line) for line in text.splitlines() if re.match(r"\| \d+ \|", line)]


def test_there_are_eighteen_plans() -> None:
    """Each of the eighteen has a row of its own, and a comment with its number in Python."""
    text = (DOCS / "how-to" / "say-my-plan.md").read_text(encoding="utf-8")
    numbers = sorted(int(number) for number in re.findall(r"  # (\d+)$", text, re.MULTILINE))

    assert 18 == len(rows())
    assert list(range(1, 19)) == numbers


def test_each_plan_pays_for_the_booking_of_its_row() -> None:
    """The document behind the plan's own words is one that it pays for."""
    paid = [PLANS[row[0][1], DEFAULT] for row in rows()]

    assert [] == [answer.reasons for answer in paid if not answer.eligible]


def test_each_code_leads_to_a_booking_that_it_refuses() -> None:
    """The document behind a code has that code among its reasons."""
    linked = [(code.strip("`"), name) for row in rows() for code, name in row[1:]]

    assert 33 == len(linked)
    assert [] == [(code, name) for code, name in linked if code not in PLANS[name, DEFAULT].reasons]

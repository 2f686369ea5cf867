"""Numbers, limits, versions and paths that the pages state are those of the library.

What runs on a page is true already; here are the facts of its prose. Each sentence is made from the
library and looked for on its page, so that neither can change alone.
"""

import ast
import inspect
import re
import tomllib
from datetime import date
from itertools import chain

import pytest

from pkgredeem import (
    BookingMismatchError,
    Bucket,
    ClosedRedemptionError,
    ConflictError,
    InvalidValueError,
    RedemptionDesk,
    RedemptionPolicy,
    Term,
    UnknownBookingError,
    clauses,
    rules,
)
from pkgredeem._engine import exact
from pkgredeem._model import account, booking, case, checks, plans, quotas
from pkgredeem.documents import _acts, _json, _problems, case_document
from pkgredeem.rules import acts
from pkgredeem.rules._by_name import RULEBOOKS
from pkgredeem.testing import StoreContract
from pkgredeem.testing.comparison import _trials
from pkgredeem.testing.contract._limits import LONGEST_TEXT
from pkgredeem.testing.scenarios import _reader
from shop import forms
from tests.helpers.cli_support import ROOT
from tests.helpers.contract_support import names_of
from tests.helpers.support import case as made
from tests.helpers.support import package

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
WORDS = dict(
    enumerate(
        (
            *("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
            *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
            *("eighteen", "nineteen", "twenty"),
        )
    )
)


def minimum(extra: str, name: str) -> str:
    """Return the oldest version of a package that an extra takes."""
    (asked,) = (line for line in EXTRAS[extra] if line.lower().startswith(name))
    return str(asked.partition(">=")[2])


plans_of_businesses = len(
    re.findall(r"(?m)^\| \d+ \|", (ROOT / "docs/how-to/say-my-plan.md").read_text(encoding="utf-8"))
)
python = PROJECT["project"]["requires-python"].removeprefix(">=")
names = [f"`{name}`" for name in RULEBOOKS]
first_day = date(2026, 5, 10)
days_of_two_weeks = (Term(days=14).last_day(first_day) - first_day).days + 1
contract = len(names_of(StoreContract))
attempts = inspect.signature(RedemptionDesk).parameters["attempts"].default
django, alchemy = minimum("django", "django"), minimum("sqlalchemy", "sqlalchemy")

#: What the pages state, made from the library.
STATED = [
    ("README.md", f"You need Python {python} or newer"),
    ("CONTRIBUTING.md", f"You need Python {python} or newer"),
    ("docs/tutorial.md", f"Python {python} or newer"),
    ("README.md", f"[{WORDS[plans_of_businesses]} plans](docs/how-to/say-my-plan.md)"),
    ("docs/how-to/say-my-plan.md", f"These are {WORDS[plans_of_businesses]} that real"),
    ("docs/reference/documents.md", f"a document for each of {WORDS[plans_of_businesses]} plans"),
    ("docs/how-to/say-my-plan.md", f"the first class are {WORDS[days_of_two_weeks]} days of the"),
    (
        "docs/reference/documents.md",
        (
            f"at most {booking.MOST_LINES} lines, {case.MOST_PACKAGES:,} packages and "
            f"{case.MOST_ENTITLEMENTS:,} entitlements"
        ),
    ),
    (
        "docs/how-to/minutes-passes-and-quotas.md",
        f"exactly for up to {WORDS[exact.MOST_LINES]} lines to pay",
    ),
    ("docs/explanation/allocation.md", f"exactly for up to {WORDS[exact.MOST_LINES]} lines to pay"),
    (
        "SECURITY.md",
        (
            f"larger than {_json.LARGEST_DOCUMENT:,} bytes, has more than {_json.MOST_VALUES:,} "
            f"values, or has more than {_json.DEEPEST} objects and lists inside each other; so is "
            f"a text or key of more than {_json.LONGEST_TEXT:,} characters, and a whole number of "
            f"more than {checks.MOST_DIGITS} digits"
        ),
    ),
    ("SECURITY.md", f"at most {_problems.MOST_PROBLEMS:,} of them"),
    ("SECURITY.md", f"at most {_problems._LONGEST_SHOWN} characters of each value"),
    (
        "docs/reference/clauses.md",
        f"Both rulebooks hold all {len(clauses.ARTICLE)} clauses and decide alike",
    ),
    (
        "docs/reference/rules.md",
        (
            f"The first {WORDS[len(acts.REFUSALS)]} refuse an act, the last "
            f"{WORDS[len(acts.NOTES) + len(acts.NOTES_OF_RETURNS)]} only tell"
        ),
    ),
    (
        "docs/reference/glossary.md",
        f"(T01 to {clauses.ARTICLE[-1].id}), that we decided where it is silent (D01 and on)",
    ),
    ("docs/explanation/life-of-a-redemption.md", f"lies in one of {WORDS[len(Bucket)]} buckets: "),
    ("docs/explanation/life-of-a-redemption.md", f"{', '.join(Bucket)}."),
    ("docs/reference/command-line.md", f"{', '.join(names[:-1])} or {names[-1]}."),
    (
        "docs/how-to/keep-packages-in-my-database.md",
        f"under all limits at once is still asked 29 of {contract} questions",
    ),
    ("docs/how-to/keep-packages-in-my-database.md", f"Django {django} or newer"),
    ("docs/how-to/keep-packages-in-my-database.md", f"SQLAlchemy {alchemy} and newer"),
    (
        "docs/how-to/i-have-tables-already.md",
        f"ids and notes of at most {LONGEST_TEXT} characters, none NUL",
    ),
    ("docs/how-to/i-have-tables-already.md", f"others were quicker, {WORDS[attempts]} times"),
    ("CONTRIBUTING.md", f"one way over {WORDS[6]} floors"),
]


@pytest.mark.parametrize(("page", "sentence"), STATED)
def test_a_page_states_what_the_library_holds(page: str, sentence: str) -> None:
    """The sentence that the library makes stands on the page."""
    assert sentence in " ".join((ROOT / page).read_text(encoding="utf-8").split())


def test_the_floors_are_counted() -> None:
    """Those of the core, from the edges' side: the linter's own contract names as many."""
    (floors,) = (
        each for each in PROJECT["tool"]["importlinter"]["contracts"] if each["id"] == "floors"
    )

    assert "six floors" in floors["name"]


def code_lines(path: str) -> int:
    """Return how many lines of a file are code: no blank one, no comment and no docstring."""
    text = (ROOT / path).read_text(encoding="utf-8")
    docstrings = {
        line
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    return sum(
        number not in docstrings and bool(line.strip()) and not line.lstrip().startswith("#")
        for number, line in enumerate(text.splitlines(), 1)
    )


@pytest.mark.parametrize("kind", ["django/appointments", "sqlalchemy"])
def test_an_adapter_has_about_a_hundred_lines(kind: str) -> None:
    """The README and two pages say so of the store on tables that are there already."""
    assert 75 <= code_lines(f"docs/examples/tables_in_{kind}/store.py") <= 125


def test_the_module_of_the_catalogue_is_as_long_as_its_page_says() -> None:
    """Of fewer than two hundred lines."""
    text = (ROOT / "docs/examples/translations/catalogue.py").read_text(encoding="utf-8")

    assert len(text.splitlines()) < 200


def test_compare_tries_a_few_thousand_cases() -> None:
    """As the page about testing a policy says, and every second one is varied."""
    assert 3_000 <= _trials.EXAMPLES <= 5_000


def test_rules_beyond_the_article_cite_what_their_page_says() -> None:
    """The page of the rules says: D40 to D68, and after those of the article in each scope."""
    page = (ROOT / "docs/reference/rules.md").read_text(encoding="utf-8")
    told = re.search(r"beyond the article \((D\d\d) to (D\d\d)\)", page)
    beyond = [rule.clauses[0].id for rule in rules.EVERY_RULE if rule in vars(rules.plans).values()]
    assert told is not None

    assert told[1] <= min(beyond)
    assert max(beyond) == told[2]


def test_limits_of_a_scenario_file_are_those_of_its_messages() -> None:
    """A scenario file takes numbers as long as the core does."""
    assert _reader._LONGEST_NUMBER == checks.MOST_DIGITS


def test_the_longest_of_each_kind_stands_in_its_docstring() -> None:
    """Windows of 366 days, notices of 3,660, and 2 to 366 days in a row."""
    longest = account.LONGEST_WINDOW.days

    assert f"0 to {longest} days" in (account.CancellationTerms.__doc__ or "")
    assert f"{plans.LONGEST_NOTICE.days:,} days" in (plans.Restrictions.__doc__ or "")
    assert f"{quotas.FEWEST_DAYS} to {quotas.MOST_DAYS}" in (quotas.Days.__doc__ or "")


def test_the_shop_answers_each_kind_of_error_as_its_page_says() -> None:
    """The table of what arrives names an error and a status, and so does the app."""
    text = (ROOT / "docs/how-to/checkout-in-fastapi.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\|[^|]*\| `(\w+Error)`[^|]*\| (\d{3})", text, re.MULTILINE))
    raised: dict[str, Exception] = {
        "UnknownBookingError": UnknownBookingError("b1"),
        "BookingMismatchError": BookingMismatchError("b1"),
        "ClosedRedemptionError": ClosedRedemptionError("b1"),
        "ConflictError": ConflictError("b1"),
        "InvalidValueError": InvalidValueError("lines", 7, "lines that a credit pays for"),
    }

    assert told == {name: str(forms.answer_to(error)[0].value) for name, error in raised.items()}


def test_the_formats_of_documents_are_those_of_their_page() -> None:
    """The page tells no format but one in which something is written, and those that are read."""
    text = (ROOT / "docs/reference/documents.md").read_text(encoding="utf-8")
    redemption = RedemptionPolicy().decide_case(made()).redemption
    assert redemption is not None

    written = {
        case_document(made())["format"],
        redemption.to_document()["format"],
        package().to_document()["format"],
        _acts.ACT_FORMAT,
    }
    assert written == set(re.findall(r"pkgredeem(?:-\w+)?/\d", text))


#: A path of the repository in a page: in back quotes, from one of its folders.
PATH = re.compile(r"`((?:src|docs|tests|scripts|\./scripts|\.ci)/[\w./-]*\w)`")
NAMED = re.compile(r"`(\w+)` in `((?:src|tests|docs)/[\w./]+\.py)`")


def pages() -> list[str]:
    """Return every page at the top and in docs, by its path."""
    found = chain(ROOT.glob("*.md"), (ROOT / "docs").rglob("*.md"))
    return sorted(str(page.relative_to(ROOT)) for page in found if "_build" not in page.parts)


@pytest.mark.parametrize("page", pages())
def test_whatever_path_a_page_names_is_there(page: str) -> None:
    """A file, a folder or a script; and a name that is said to stand in a module does."""
    text = (ROOT / page).read_text(encoding="utf-8")
    lost = [path for path in PATH.findall(text) if not (ROOT / path).exists()]
    misplaced = [
        (name, path)
        for name, path in NAMED.findall(text)
        if not re.search(
            rf"^(?:def |class )?{name}\b", (ROOT / path).read_text("utf-8"), re.MULTILINE
        )
    ]

    assert [] == lost
    assert [] == misplaced

"""How the pages of this kit are written: numbers with their nouns, and cases to paste."""

from collections.abc import Iterator

from pkgredeem import Case
from pkgredeem.testing.cases._minimise import as_json


def pluralised(number: int, noun: str) -> str:
    """Return a number with its noun, such as "1 case" and "2,000 cases"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def case_in_text(case: Case) -> Iterator[str]:
    """Yield the lines that show the smallest case in plain text."""
    yield "  the smallest case:"
    yield as_json(case)


def case_in_markdown(case: Case) -> Iterator[str]:
    """Yield the lines that show the smallest case in Markdown."""
    yield from ("", "The smallest case:", "", "```json", as_json(case), "```")

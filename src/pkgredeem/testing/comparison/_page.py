"""How the pages of this kit are written: plain values, numbers with their nouns, cases to paste."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import cast

from pkgredeem import Case
from pkgredeem.testing.cases._minimise import as_json, small_document


def plain_values(value: object) -> object:
    """Return what was found as JSON-ready values; of a case what `pkgredeem decide` reads."""
    if isinstance(value, Case):
        return small_document(value)
    if is_dataclass(value):
        return {field.name: plain_values(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [plain_values(member) for member in cast("tuple[object, ...]", value)]
    return value


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

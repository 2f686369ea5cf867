"""Fills in what pages ask for with `<!-- generated: NAME -->`: the library itself writes it.

What a rule, a clause or a step of the table is does not stand here; it is read where it stands.
"""

import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from docs import _pictures, _project, _reference, _rule_pages
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from pkgredeem import RedemptionPolicy, clauses
from pkgredeem.clauses import Clause
from pkgredeem.documents import (
    act_schema,
    case_schema,
    decision_schema,
    redemption_schema,
    settlement_schema,
)
from pkgredeem.rules import TIMELY_2026_03, TIMELY_2026_04
from pkgredeem.testing import compare

HERE: Final = Path(__file__).parent
MARKER: Final = re.compile(r"^<!-- generated: ([a-z-]+) -->$", re.MULTILINE)
#: What is said to those who read a page where it is not filled in.
IN_THE_SOURCE_ALONE: Final = re.compile(r"^`\./scripts/docs` fills .*\n\n", re.MULTILINE)
#: The schema of each kind of document.
SCHEMAS: Final[Mapping[str, Callable[[], Mapping[str, object]]]] = {
    "case": case_schema,
    "decision": decision_schema,
    "settlement": settlement_schema,
    "redemption": redemption_schema,
    "act": act_schema,
}
EDITIONS: Final = {"2026-03": "March 2026", "2026-04": "April 2026"}


def _status(clause: Clause, edition: str) -> str:
    for name in ("stated", "inferred", "assumed"):
        if edition in getattr(clause, f"{name}_in"):
            return name
    return "not there"


def article() -> str:
    """Return every clause of the article: what it says, its status, and what implements it."""
    parts: list[str] = []
    for clause in clauses.ARTICLE:
        status = "; ".join(f"{name}: {_status(clause, each)}" for each, name in EDITIONS.items())
        parts += [
            f"({clause.id.lower()})=\n### {clause.id}: {clause.heading}",
            clause.says,
            f"*{status}.*\n{_rule_pages.implemented_by(clause)}",
        ]
    return "\n\n".join(parts)


def decisions() -> str:
    """Return every decision of ours: the question, the answer, and what implements it."""
    parts: list[str] = []
    for clause in clauses.DECISIONS:
        parts += [
            f"({clause.id.lower()})=\n### {clause.id}: {clause.heading}",
            clause.says,
            _rule_pages.implemented_by(clause),
        ]
    return "\n\n".join(parts)


def schema() -> str:
    """Return the JSON Schema of a case document as a block of JSON."""
    return f"```json\n{json.dumps(case_schema(), indent=2)}\n```"


def april() -> str:
    """Return what the two editions decide differently."""
    march, april = (RedemptionPolicy(each) for each in (TIMELY_2026_03, TIMELY_2026_04))
    return _one_level_down(compare(march, april).to_markdown())


def _one_level_down(page: str) -> str:
    """Return the page without its title, each heading one level lower."""
    lines = [line for line in page.splitlines() if not line.startswith("# ")]
    return "\n".join(f"#{line}" if line.startswith("##") else line for line in lines)


def others(folder: str) -> str:
    """Return the pages of a folder that the first page does not list by itself."""
    first = (HERE / "index.md").read_text(encoding="utf-8")
    pages = (f"{folder}/{page.stem}" for page in sorted((HERE / folder).glob("*.md")))
    return "\n".join(page for page in pages if f"\n{page}\n" not in first)


WRITERS: Final[Mapping[str, Callable[[], str]]] = {
    **_reference.WRITERS,
    "allocation": _pictures.allocation,
    "april": april,
    "article": article,
    "decisions": decisions,
    "life": _pictures.life,
    "life-table": _pictures.life_table,
    "other-explanation": partial(others, "explanation"),
    "other-how-to": partial(others, "how-to"),
    "other-reference": partial(others, "reference"),
    "release": _project.release,
    "rules": _rule_pages.rules_page,
    "schema": schema,
    "act-rules": _rule_pages.act_rules_page,
}


def fill_in(_app: Sphinx, _page: str, source: list[str]) -> None:
    """Replace each marker of the page with what is generated; an unknown name is an error."""
    text = IN_THE_SOURCE_ALONE.sub("", source[0])
    source[0] = MARKER.sub(lambda found: WRITERS[found[1]](), text)


def outdated(
    _app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Return the pages to build anew besides: those with a marker, which follow the library.

    All of them when a page comes or goes: every page lists all pages at its side.
    """
    pages = sorted(env.found_docs)
    if added or removed or "index" in changed:
        return pages
    return [
        page
        for page in pages
        if MARKER.search(Path(env.doc2path(page)).read_text(encoding="utf-8"))
    ]


def write_schemas(app: Sphinx, failed: Exception | None) -> None:
    """Write the JSON Schemas beside the page about documents, for editors and other programs."""
    if failed is None and app.builder.name == "html":
        for name, schema in SCHEMAS.items():
            text = json.dumps(schema(), indent=2) + "\n"
            path = Path(app.outdir) / "reference" / f"{name}.schema.json"
            path.write_text(text, encoding="utf-8")

"""The site tells all there is: every rule, clause and decision, pictures that follow the code."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from docs import _generate, _pictures, _project, _rule_pages

import pkgredeem
from pkgredeem import Rule, rules
from pkgredeem._model.draws import STEPS
from pkgredeem.clauses import ARTICLE, DECISIONS
from pkgredeem.documents import case_schema
from pkgredeem.rules import TIMELY_2026_03
from pkgredeem.testing.scenarios import _expectations as _expecting
from pkgredeem.testing.scenarios import _reader as _scenario_reader
from pkgredeem.testing.scenarios._values import DRAW_KEYS
from tests.helpers import site

ROOT = Path(__file__).parents[2]
ACT_RULES = rules.acts.EVERY_RULE


def page(name: str) -> str:
    """Return a page of the built site."""
    return (site.built() / f"{name}.html").read_text(encoding="utf-8")


def words(html: str) -> str:
    """Return what a reader sees of a page, in one line."""
    text = re.sub(r"<[^>]+>", "", html)
    for name, sign in (("quot", '"'), ("#x27", "'"), ("lt", "<"), ("gt", ">"), ("amp", "&")):
        text = text.replace(f"&{name};", sign)
    curly = str.maketrans("\u201c\u201d\u2018\u2019", "\"\"''")
    return " ".join(text.translate(curly).split())


def anchors(html: str) -> set[str]:
    """Return what can be linked to in a page."""
    return set(re.findall(r'\bid="([^"]+)"', html))


def test_every_rule_has_its_place_on_the_site() -> None:
    """Each rule of the rulebooks, and each rule about acts, has an anchor and all of its words."""
    html = page("reference/rules")
    text = words(html)
    expected = {f"rule-{each.code.replace('_', '-')}" for each in TIMELY_2026_03.rules}
    expected |= {f"act-{each.code.replace('_', '-')}" for each in ACT_RULES}

    assert set() == expected - anchors(html)
    for each in (*TIMELY_2026_03.rules, *ACT_RULES):
        for told in (each.states, each.message, each.advice, each.client_text or ""):
            assert " ".join(told.split()) in text, (each.code, told)


@pytest.mark.parametrize("rule", TIMELY_2026_03.rules, ids=lambda rule: rule.code)
def test_the_examples_of_a_rule_show_it(rule: Rule) -> None:
    """A rule finds its fact in its first example, and is silent in the second."""
    fires, silent = _rule_pages.pair_for(rule.code)

    assert rule.code in fires.codes
    assert rule.code not in silent.codes
    assert (_rule_pages.CASES / f"{fires.name}.json").is_file()


def test_every_clause_and_decision_has_its_place_on_the_site() -> None:
    """T01 to T25 and D01 to D76 can be linked to, say what they say, and name what keeps them."""
    for name, listed in (("clauses", ARTICLE), ("decisions", DECISIONS)):
        html = page(f"reference/{name}")
        text = words(html)

        assert set() == {each.id.lower() for each in listed} - anchors(html)
        for each in listed:
            assert " ".join(each.says.replace("`", "").split()) in text, each.id


@pytest.mark.parametrize("name", ["rules", "clauses", "decisions"])
def test_a_page_that_is_filled_in_does_not_say_that_it_may_be_empty(name: str) -> None:
    """Who reads the page in the repository is told where to look; on the site it is all there."""
    source = (ROOT / f"docs/reference/{name}.md").read_text(encoding="utf-8")

    assert "read them there" in source
    assert "read them there" not in words(page(f"reference/{name}"))


def test_a_clause_names_the_rules_that_implement_it() -> None:
    """T07 has the rule about logging in; T11 has none, since nothing sells online."""
    by_id = {each.id: each for each in ARTICLE}

    implemented_by = _rule_pages.implemented_by
    assert "client_not_logged_in" in implemented_by(by_id["T07"])
    assert "Kept by design, and by a test that names it." == implemented_by(by_id["T11"])


@pytest.mark.parametrize("table", ["table", "plans", "eighteen"])
def test_links_of_the_explorer_lead_somewhere(table: str) -> None:
    """Whatever rule or clause the explorer shows, the page that it links to has that anchor."""
    written = (site.built() / "explorer" / f"{table}.js").read_text(encoding="utf-8")
    data = json.loads(written.partition(" = ")[2].removesuffix(";\n"))
    found = [
        finding
        for one in (data if isinstance(data, list) else [data])
        for finding in one["findings"]
    ]
    rules = anchors(page("reference/rules"))
    clauses = anchors(page("reference/clauses")) | anchors(page("reference/decisions"))
    shown = {code for code, *_ in found}
    cited = {clause for _, listed, *_ in found for clause in listed}

    assert set() == {f"rule-{code.replace('_', '-')}" for code in shown} - rules
    assert set() == {clause.lower() for clause in cited} - clauses


def test_links_inside_the_site_lead_somewhere() -> None:
    """No link of the site leads to a page or an anchor that is not there."""
    root = site.built()
    known = {each: anchors(each.read_text(encoding="utf-8")) for each in root.rglob("*.html")}
    lost: list[str] = []
    for here in known:
        for link in re.findall(r'<a [^>]*href="([^"]+)"', here.read_text(encoding="utf-8")):
            target, _, anchor = link.partition("#")
            there = (here.parent / target).resolve() if target else here
            if target.startswith("https://"):
                continue  # another site; this one needs no network
            is_there = anchor in {"", *known[there]} if there in known else there.is_file()
            if not is_there:
                lost.append(f"{here.name}: {link}")

    assert [] == lost


def test_the_life_of_a_redemption_is_drawn_from_the_table() -> None:
    """Each picture has an arrow for each pair of states in the table, and one for booking."""
    svg = _pictures.life()
    pairs = {(step.source, step.target) for step in STEPS}
    wide, tall = svg.split("</svg>")[:2]
    words = " ".join(re.sub(r"<[^>]+>", " ", svg).split())

    for picture in (wide, tall):
        edges = picture.split('<g class="edges"')[1].split("</g>")[0]
        assert len(pairs) + 1 == edges.count("<path") == edges.count("<text")
    for step in STEPS:
        assert str(step.act).replace("_", "-") in words
        assert f"| `{step.act}` | {step.source} | {step.target} |" in _pictures.life_table()


def test_the_first_page_tells_how_to_install_which_version() -> None:
    """It has the line that installs the library, and the version of the project."""
    text = words(page("index"))

    assert "pip install pkgredeem" in text
    assert f"This is version {pkgredeem.__version__}" in text


def test_the_repository_is_linked_to_where_there_is_one() -> None:
    """One setting of pyproject.toml holds its address; while it is empty there is no link."""
    setting = '[tool.pkgredeem]\nrepository = "https://example.org/r"\n'
    stable = "This is version 1.2.3: [what is stable in it](reference/stability.md)"

    without = _project.release("1.2.3", _project.repository_in("[tool.other]"))
    linked = _project.release("1.2.3", _project.repository_in(setting))
    assert f"{stable}." == without
    assert f"{stable}, and [its repository](https://example.org/r)." == linked


def test_the_picture_of_the_allocation_is_the_librarys_answer() -> None:
    """The facial leaves the credit that only the peel can use: one thin line, two thick ones."""
    wide, tall = _pictures.allocation().split("</svg>")[:2]

    for picture in (wide, tall):
        assert 2 == picture.count('class="paid"')
        assert 1 == picture.count('class="may"')


@pytest.mark.parametrize("name", _generate.SCHEMAS)
def test_each_schema_lies_on_the_site(name: str) -> None:
    """Beside the page about documents, and as the library makes it."""
    text = (site.built() / "reference" / f"{name}.schema.json").read_text(encoding="utf-8")

    assert _generate.SCHEMAS[name]() == json.loads(text)


def test_the_schema_on_the_site_fits_the_example_cases() -> None:
    """The schema beside the page about documents is a schema, and every example case fits it."""
    text = (site.built() / "reference" / "case.schema.json").read_text(encoding="utf-8")
    schema = json.loads(text)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for case in sorted(_rule_pages.CASES.glob("*.json")):
        validator.validate(json.loads(case.read_text(encoding="utf-8")))


def test_links_of_the_readme_lead_somewhere() -> None:
    """Whatever the README links to is in the repository."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", readme)

    assert links
    assert [] == [link for link in links if not (ROOT / link).exists()]


def test_every_key_of_a_scenario_file_is_on_its_page() -> None:
    """Its page, and the one about plans, name every key that is read, each in its own table."""
    folder = ROOT / "docs" / "reference"
    pages = [folder / "scenarios.md", folder / "plan-keys.md"]
    text = "".join(page.read_text(encoding="utf-8") for page in pages)
    told: dict[str, set[str]] = {}
    for section in re.split(r"^#+ ", text, flags=re.MULTILINE):
        heading = re.match(r"`(.*)`\n", section)
        keys = re.findall(r"^\| `(\w+)` \|", section, flags=re.MULTILINE)
        for path in heading[1].split("`, `") if heading else [""]:
            told.setdefault(path, set()).update(keys)
    read = {
        *(*_scenario_reader._OF_FILE, *_scenario_reader._OF_SCENARIO),
        *(*_expecting._OF_DECISION, *DRAW_KEYS, *_expecting._OF_SETTLEMENT),
        *(*_expecting._ACTS, *_expecting._ARGUMENTS),
    }
    facts = dict(keys_of(case_schema()))
    del facts[""]  # the document itself
    of_cases = {path: keys for path, keys in facts.items() if not path.startswith("existing")}

    assert {"": read, **of_cases} == told


def keys_of(schema: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, set[str]]]:
    """Yield the keys of each object in a JSON Schema, by the path of the object."""
    held = schema.get("properties", {})
    if held:
        yield path, set(held)
    for key, inner in held.items():
        for each in (inner, inner.get("items", {}), *inner.get("anyOf", ())):
            yield from keys_of(each, f"{path}.{key}".removeprefix("."))

"""The engine knows no rule: outside `rules` none is named, and none is told by where it stands."""

import ast
from collections.abc import Iterator

import pytest

from pkgredeem.rules import acts, article
from tests.helpers.modules import modules, room

CODES = {rule.code for rule in (*article.EVERY_RULE, *acts.EVERY_RULE)}
#: The kit's laws and its contract of stores say of single rules what must be true of them.
SAID_OF_RULES = {
    "pkgredeem.testing.contract._desks",
    "pkgredeem.testing.contract._expectations",
    "pkgredeem.testing.contract._races",
    "pkgredeem.testing.laws._by_hand",
    "pkgredeem.testing.laws._decisions",
}
#: A rule is pickled by its module and its name, as a function is.
PICKLES = "pkgredeem._model.rule"
OUTSIDE = [module for module in modules() if room(module) != "rules"]


def names(tree: ast.AST) -> Iterator[str]:
    """Yield every name, attribute, keyword, imported name and text in a tree."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name):
                yield name
            case ast.keyword(arg=str(name)) | ast.arg(arg=name) | ast.FunctionDef(name=name):
                yield name
            case ast.Constant(value=str(text)):
                yield text


def rules_named(tree: ast.AST) -> set[str]:
    """Return the codes of rules that are named in a tree."""
    return set(names(tree)) & CODES


@pytest.mark.parametrize("module", [name for name in OUTSIDE if name not in SAID_OF_RULES])
def test_no_module_names_a_rule(module: str) -> None:
    """No code of a rule stands there, as a text or as a name."""
    assert set() == rules_named(modules()[module])


@pytest.mark.parametrize("module", sorted(SAID_OF_RULES))
def test_what_names_a_rule_has_to(module: str) -> None:
    """The list of those that may name a rule holds none that does not."""
    assert rules_named(modules()[module])


@pytest.mark.parametrize("module", [name for name in OUTSIDE if name != PICKLES])
def test_no_module_asks_where_a_rule_comes_from(module: str) -> None:
    """A caller's rule is judged as ours is: nothing looks at the module in which it stands."""
    assert "__module__" not in set(names(modules()[module]))


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("rules.no_package", {"no_package"}),
        ("from pkgredeem.rules import no_package", {"no_package"}),
        ("finding.code == 'no_package'", {"no_package"}),
        ("rules.acts.late_change.condition", {"late_change"}),
        ("terms.late", set()),
        ("Ending(late=True)", set()),
        ("'''say no_package in a sentence'''", set()),
    ],
)
def test_a_rule_that_is_named_is_seen(source: str, found: set[str]) -> None:
    """The check sees a rule as an attribute, an import and a text, and no field that is alike."""
    assert found == rules_named(ast.parse(source))

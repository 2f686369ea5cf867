"""A rule keeps each word that it was made with, and what goes without saying."""

import pytest

from pkgredeem import Case, InvalidValueError, Package, Scope, rule
from tests.helpers.house_rules import HOUSE


def _used(_case: Case, _package: Package) -> bool:
    """The package is used."""
    return True


def test_every_word_is_kept() -> None:
    """Each of them is another than the one that goes without saying."""
    made = rule(
        Scope.PACKAGE,
        clauses=[HOUSE],
        message="package {subject} is used",
        advice="sell a new one",
        client_text="take another package",
        can_be_lifted=False,
        on_move=False,
        on_return=True,
        reads=["uses", "quotas"],
    )(_used)

    assert ("_used", Scope.PACKAGE, (HOUSE,)) == (made.code, made.scope, made.clauses)
    assert ("package {subject} is used", "sell a new one") == (made.message, made.advice)
    assert ("take another package", "The package is used.") == (made.client_text, made.states)
    assert (False, False, True) == (made.can_be_lifted, made.on_move, made.on_return)
    assert ("quotas", "uses") == made.reads


def test_what_goes_without_saying() -> None:
    """It can be lifted, is asked of moves and not of returns, always, and tells clients nothing."""
    made = rule(Scope.PACKAGE, clauses=[HOUSE], message="used", advice="sell one")(_used)

    assert (None, True, True, False, ()) == (
        made.client_text,
        made.can_be_lifted,
        made.on_move,
        made.on_return,
        made.reads,
    )


def test_a_function_without_a_docstring_states_nothing() -> None:
    """Nobody asks for one of a caller's own rule."""

    def undocumented(_case: Case, _package: Package) -> bool:
        return True

    made = rule(Scope.PACKAGE, clauses=[HOUSE], message="a", advice="b")(undocumented)

    assert "" == made.states


@pytest.mark.parametrize("text", ["come back in 3 days", "package {subject} is used", "}"])
def test_a_client_is_told_no_digit_and_no_field(text: str) -> None:
    """Anything else may be in the sentence, capital letters too."""
    made = rule(
        Scope.PACKAGE, clauses=[HOUSE], message="a", advice="b", client_text="TAKE the taXi"
    )(_used)
    with pytest.raises(InvalidValueError) as raised:
        rule(Scope.PACKAGE, clauses=[HOUSE], message="a", advice="b", client_text=text)(_used)

    assert "TAKE the taXi" == made.client_text
    assert ("Rule.client_text", text, "a text without digits and fields") == (
        raised.value.field,
        raised.value.value,
        raised.value.allowed,
    )


def test_a_code_is_a_name_in_lower_case() -> None:
    """It is the name of the function."""

    def Used(_case: Case, _package: Package) -> bool:  # noqa: N802 - that is the point
        return True

    with pytest.raises(InvalidValueError) as raised:
        rule(Scope.PACKAGE, clauses=[HOUSE], message="a", advice="b")(Used)

    assert ("Rule.code", "Used", "a name in lower case") == (
        raised.value.field,
        raised.value.value,
        raised.value.allowed,
    )

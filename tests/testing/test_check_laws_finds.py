"""What `check_laws` must find with the cases that it draws by itself, told by a fitting law."""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Final

import pytest
from hypothesis import Phase

from pkgredeem import InvalidValueError, RedemptionPolicy, Rule, rules
from pkgredeem._model.rule import Answer
from pkgredeem.testing import LAWS, LawBroken, check_laws
from pkgredeem.testing.laws import _check
from pkgredeem.testing.laws._boundaries import boundaries
from tests.helpers import faulty_rules as faulty
from tests.helpers import remembering_rules as remembering

MARCH: Final = rules.TIMELY_2026_03


@pytest.fixture(autouse=True)
def _found_as_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what only makes the case smaller, which takes most of the time."""
    monkeypatch.setattr(
        _check, "Phase", SimpleNamespace(generate=Phase.generate, shrink=Phase.generate)
    )
    monkeypatch.setattr(_check, "_plain", lambda _policy, _laws, broken: broken)


def law_told(policy: RedemptionPolicy) -> str:
    """Return the name of the law that is said to be broken."""
    with pytest.raises(LawBroken) as raised:
        check_laws(policy)
    return raised.value.law


@pytest.mark.parametrize(
    ("fault", "law"),
    [
        (remembering.remembers_the_booking, "what was asked before changes nothing"),
        (remembering.remembers_the_package, "what was asked before changes nothing"),
        (remembering.remembers_the_client, "what was asked before changes nothing"),
        (remembering.remembers_whose_card, "what was asked before changes nothing"),
        (remembering.remembers_how_it_was_picked, "what was asked before changes nothing"),
        (faulty.a_year_ago, "every case gets a decision"),
        (faulty.a_month_on, "every case gets a decision"),
        (faulty.refuses_with_those_of_others, "the packages of other clients change nothing"),
        (faulty.writes_to_the_case, "asking changes nothing in the case"),
        (faulty.writes_to_the_client, "asking changes nothing in the case"),
        (faulty.writes_to_the_package, "asking changes nothing in the case"),
        (faulty.booked_already, "one's own booking asked again stays eligible"),
        (faulty.booked_a_moment_ago, "one's own booking asked again stays eligible"),
        (faulty.names_another_service_first, "the order of a set changes nothing"),
        (faulty.makes_a_set, "the order of a set changes nothing"),
        (faulty.looks_at_the_first_entitlement, "the order of packages changes nothing"),
        (
            faulty.looks_at_the_service,
            "the menu shows what a decision about each service alone does",
        ),
    ],
    ids=lambda part: part.code if isinstance(part, Rule) else "",
)
def test_a_fault_of_a_callers_own_is_found(fault: Rule, law: str) -> None:
    """A rule that a caller may well write, and that works wherever the caller tries it."""
    assert law == law_told(RedemptionPolicy(MARCH.including(fault)))


def test_a_log_in_rule_that_accepts_guests_is_found() -> None:
    """Guests are not logged in, whoever else is."""

    def known_only(client: object) -> Answer:
        return bool(client.id) and not client.logged_in  # type: ignore[attr-defined]

    lenient = replace(rules.client_not_logged_in, condition=known_only)

    assert boundaries.name == law_told(RedemptionPolicy(faulty.replaced(MARCH, lenient)))


# --- Other meanings of every code that can be replaced --------------------------------------------

_REPLACEABLE: Final = tuple(rule for rule in MARCH.rules if rule.can_be_lifted)


def other_meanings(sound: Rule) -> Iterator[Rule]:
    """Yield rules of its code that never find anything, always do, or just where it doesn't."""

    def negated(*looked_at: object) -> Answer:
        return sound(*looked_at) is False

    for condition in (faulty.never, faulty.always, negated):
        yield replace(sound, condition=condition, reads=())


@pytest.mark.parametrize(
    "wrong",
    [wrong for sound in _REPLACEABLE for wrong in other_meanings(sound)],
    ids=lambda wrong: f"{wrong.code}-{wrong.condition.__name__}",
)
def test_another_meaning_of_a_shipped_code_is_found(wrong: Rule) -> None:
    """Whatever takes the place of a rule of the library, and means something else, is found."""
    assert law_told(RedemptionPolicy(faulty.replaced(MARCH, wrong))) == boundaries.name


def test_what_can_not_be_replaced_needs_not_be_found() -> None:
    """The others explain the allocation itself, as "used up" does: no rulebook takes another."""
    required = [rule for rule in MARCH.rules if not rule.can_be_lifted]

    assert [
        "package_of_another_client",
        "package_used_up",
        "service_not_in_package",
        "not_enough_credits",
        "cost_unknown",
        "nothing_to_pay",
        "no_package",
    ] == [rule.code for rule in required]
    for rule in required:
        for wrong in other_meanings(rule):
            with pytest.raises(InvalidValueError, match=rf"the library's own {rule.code}"):
                faulty.replaced(MARCH, wrong)


def test_every_law_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each law that is promised for the policy is asked of each case, the last one too."""
    asked: list[str] = []
    monkeypatch.setattr(
        _check,
        "LAWS",
        [replace(law, check=lambda *_, name=law.name: asked.append(name)) for law in LAWS],
    )
    check_laws(RedemptionPolicy(MARCH), examples=2)

    assert 2 * [law.name for law in LAWS] == asked


def test_a_law_that_is_not_promised_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those for shipped rulebooks alone are left out for others."""
    asked: list[str] = []
    monkeypatch.setattr(
        _check,
        "LAWS",
        [replace(law, check=lambda *_, name=law.name: asked.append(name)) for law in LAWS],
    )
    check_laws(RedemptionPolicy(MARCH.including(faulty.draws_a_number)), examples=1)

    assert {law.name for law in LAWS} - set(asked) == {
        "shifting every instant alike changes nothing else",
        "one more never refuses",
        "renaming ids in their order changes nothing",
    }


@pytest.mark.parametrize("place", range(len(LAWS)))
def test_each_broken_law_is_told(monkeypatch: pytest.MonkeyPatch, place: int) -> None:
    """Whichever law is broken is the one that is named, with what was found."""
    kept = [replace(law, check=lambda *_: None) for law in LAWS]
    kept[place] = replace(LAWS[place], check=lambda *_: "as planted")
    monkeypatch.setattr(_check, "LAWS", kept)
    with pytest.raises(LawBroken) as raised:
        check_laws(RedemptionPolicy(MARCH), examples=1)

    assert (LAWS[place].name, "as planted") == (raised.value.law, raised.value.found)

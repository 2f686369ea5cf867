"""Random questions to both implementations, in batches with fixed seeds."""

from collections.abc import Iterator
from random import Random

from pkgredeem import Case, Rule, Rulebook, rules
from tests.helpers.chance import random_case

BATCHES = 8
CASES_IN_A_BATCH = 2_600
BOOKS = (rules.TIMELY_2026_03, rules.TIMELY_2026_04, rules.IN_STORE, rules.ONLINE)

Question = tuple[Random, Case, Rulebook, frozenset[str], str]


def questions(batch: int) -> Iterator[Question]:
    """Yield each case of a batch with the rulebook to ask, and how the other side names it."""
    for number in range(CASES_IN_A_BATCH):
        chance = Random(batch * 1_000_000 + number)
        asked = random_case(chance)
        book = chance.choice(BOOKS)
        lifted = sorted(lifted_at_random(chance, book), key=lambda rule: rule.code)
        codes = frozenset(rule.code for rule in lifted)
        yield chance, asked, book.without(*lifted), codes, book.name


def lifted_at_random(chance: Random, book: Rulebook) -> list[Rule]:
    """Return the rules to lift: mostly none, or one or both limits; now and then anything."""
    kind = chance.random()
    if kind < 0.4:
        return []
    if kind < 0.8:
        limits = [rules.several_active_packages, rules.mixed_booking]
        return [each for each in limits if each in book.rules and chance.random() < 0.8]
    can_be = [each for each in book.rules if each.can_be_lifted]
    return chance.sample(can_be, chance.randint(1, len(can_be)))

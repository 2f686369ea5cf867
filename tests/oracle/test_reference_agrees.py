"""The library and the second implementation give the same answers to the same random questions."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain
from random import Random
from typing import Any

import pytest

from pkgredeem import (
    Case,
    RedemptionPolicy,
    Rulebook,
    rules,
)
from tests.helpers.chance import answered, lifted_at_random, random_act, random_case
from tests.oracle import reference
from tests.oracle.plain import (
    account_doc,
    case_doc,
    decision_doc,
    redemption_doc,
    settlement_doc,
)

BATCHES = 8
CASES_IN_A_BATCH = 2_600
ACTS_IN_A_CHAIN = 6
BOOKS = (rules.TIMELY_2026_03, rules.TIMELY_2026_04, rules.IN_STORE)


def questions(batch: int) -> Iterator[tuple[Random, Case, Rulebook, frozenset[str], str]]:
    """Yield each case of a batch with the rulebook to ask, and how the other side names it."""
    for number in range(CASES_IN_A_BATCH):
        chance = Random(batch * 1_000_000 + number)
        asked = random_case(chance)
        book = chance.choice(BOOKS)
        lifted = lifted_at_random(chance, book)
        yield chance, asked, book.without(*lifted), frozenset(r.code for r in lifted), book.name


@pytest.mark.parametrize("batch", range(BATCHES))
def test_decisions_agree(batch: int) -> None:
    """Every field of the answer is the same, under every rulebook and with any rules lifted."""
    answers: Counter[bool] = Counter()
    for _, asked, book, lifted, name in questions(batch):
        document = case_doc(asked)
        expected = reference.decide(document, name, lifted)
        usable, active = expected.pop("usable"), expected.pop("active")
        decision = RedemptionPolicy(book).decide_case(asked)

        assert expected == decision_doc(decision), document
        assert set(usable) | set(active) <= {each.id for each in asked.packages}
        answers[decision.eligible] += 1
    # Both answers are common enough to mean something.
    assert min(answers.values()) > CASES_IN_A_BATCH // 5


def test_the_other_questions_agree() -> None:
    """The setting in effect and the notice after logging in are the same too."""
    noticed: Counter[bool] = Counter()
    for _, asked, book, lifted, name in questions(batch=0):
        policy = RedemptionPolicy(book)
        setting = policy.setting(asked.account)
        told = policy.notice(
            account=asked.account, client=asked.client, packages=asked.packages, now=asked.now
        )

        assert reference.setting(account_doc(asked.account), name) == {
            "visible": setting.visible,
            "enabled": setting.enabled,
            "chosen": setting.chosen,
        }
        assert reference.notice(case_doc(asked), name, lifted) == told
        noticed[told] += 1
    assert min(noticed.values()) > CASES_IN_A_BATCH // 10


@pytest.mark.parametrize("batch", range(0, BATCHES, 2))
def test_acts_agree(batch: int) -> None:
    """Chains of acts on what was booked, repeated ones and broken ones too, end alike."""
    seen: Counter[tuple[str, str]] = Counter()
    for chance, question, book, _, _ in chain(questions(batch), questions(batch + 1)):
        redemption = RedemptionPolicy(book).decide_case(question).redemption
        if redemption is None:
            continue
        last: tuple[str, dict[str, Any], dict[str, Any]] | None = None
        for _ in range(ACTS_IN_A_CHAIN):
            again = last is not None and chance.random() < 0.45
            act, ours, plain = (
                last if again and last else random_act(chance, redemption, question.packages)
            )
            last = (act, ours, plain)
            expected = getattr(reference, act)(redemption_doc(redemption), **plain)
            answer = answered(act, redemption, ours)
            if isinstance(answer, str):
                assert expected == {"error": answer}, (act, plain, redemption_doc(redemption))
                seen[act, answer] += 1
                continue
            assert expected == settlement_doc(redemption, answer), (
                act,
                plain,
                redemption_doc(redemption),
            )
            seen[act, f"{answer.allowed} {answer.change is not None}"] += 1
            if answer.change is not None:
                redemption = answer.change.after
    # Each act was allowed, repeated, closed and wrongly asked for, and three can be refused.
    ends = ["True True", "True False", "ClosedRedemptionError", "InvalidValueError"]
    acts = ["cancel", "no_show", "complete", "forgive", "reschedule"]
    assert [] == [(act, end) for act in acts for end in ends if not seen[act, end]]
    assert [] == [
        act for act in ("cancel", "no_show", "reschedule") if not seen[act, "False False"]
    ]

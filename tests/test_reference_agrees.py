"""The library and the second implementation give the same answers to the same random questions."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import chain
from random import Random
from typing import Any

import pytest

from pkgredeem import (
    Actor,
    Case,
    ClosedRedemptionError,
    CreditOutcome,
    InvalidValueError,
    Package,
    Redemption,
    RedemptionPolicy,
    Rule,
    Rulebook,
    Settlement,
    rules,
)
from tests import reference
from tests.chance import random_case
from tests.plain import (
    account_doc,
    case_doc,
    decision_doc,
    instant,
    package_doc,
    redemption_doc,
    settlement_doc,
)
from tests.support import DAY, HOUR, INSTANT, NOW

BATCHES = 8
CASES_IN_A_BATCH = 2_600
ACTS_IN_A_CHAIN = 6
BOOKS = (rules.TIMELY_2026_03, rules.TIMELY_2026_04, rules.IN_STORE)
NOTES = ("", " ", "a reason", "another")


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


def random_act(
    chance: Random, redemption: Redemption, packages: tuple[Package, ...]
) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Return an act by name, its arguments, and the same arguments in plain words."""
    act = chance.choice(["cancel", "cancel", "no_show", "complete", "forgive", "reschedule"])
    near = [redemption.booked_at, redemption.starts_at, redemption.free_until or NOW]
    beside = [timedelta(0), INSTANT, -INSTANT, HOUR, -HOUR]
    now = chance.choice(near) + chance.choice(beside)
    ours: dict[str, Any] = {"now": now, "note": chance.choice(NOTES)}
    plain: dict[str, Any] = {"now": instant(now)}
    if act != "reschedule":
        numbers = [None, None, None, [0], [0], [1], [0, 1], [], [0, 0], [7], [1, 0, 2]]
        ours["lines"] = plain["lines"] = chance.choice(numbers)
    if act in {"cancel", "reschedule"}:
        ours["by"] = chance.choice(list(Actor))
        plain["by"] = ours["by"].value
        held = [each for each in packages if chance.random() < 0.9]
        ours["packages"] = held
        plain["packages"] = [package_doc(each) for each in held]
    if act == "reschedule":
        starts = [redemption.starts_at, now, redemption.starts_at + DAY, now + 2 * HOUR]
        starts += [at for each in held for at in (each.valid_from, each.valid_until) if at]
        ours["starts_at"] = chance.choice(starts) + chance.choice(beside[:3])
        plain["starts_at"] = instant(ours["starts_at"])
    if act == "no_show":
        ours["outcome"] = chance.choice([None, None, *CreditOutcome])
        plain["outcome"] = None if ours["outcome"] is None else ours["outcome"].value
    if act == "forgive":
        plain["note"] = ours["note"]
    return act, ours, plain


def asked(act: str, redemption: Redemption, arguments: dict[str, Any]) -> Settlement | str:
    """Return what the policy answers, or the name of the error that it raises."""
    try:
        settlement: Settlement = getattr(RedemptionPolicy(), act)(redemption, **arguments)
    except (ClosedRedemptionError, InvalidValueError) as error:
        return type(error).__name__
    return settlement


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
            answer = asked(act, redemption, ours)
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

"""The library and the second implementation give the same answers to the same random questions."""

from collections import Counter
from dataclasses import replace
from itertools import chain
from random import Random
from typing import Any

import pytest

from pkgredeem import (
    Case,
    PkgRedeemError,
    Redemption,
    RedemptionPolicy,
    rules,
)
from tests.helpers.chance import (
    MINUTE,
    answered,
    asks_for_local_time,
    has_history,
    random_act,
)
from tests.helpers.support import INSTANT
from tests.oracle import reference
from tests.oracle.batches import BATCHES, CASES_IN_A_BATCH, questions
from tests.oracle.plain import (
    account_doc,
    case_doc,
    decision_doc,
    known,
    redemption_doc,
    schedule_doc,
    settlement_doc,
)

ACTS_IN_A_CHAIN = 6


@pytest.mark.parametrize("batch", range(BATCHES))
def test_decisions_agree(batch: int) -> None:
    """Every field of the answer is the same, under every rulebook and with any rules lifted."""
    answers: Counter[bool] = Counter()
    existing: Counter[bool] = Counter()
    for _, asked, book, lifted, name in questions(batch):
        document = case_doc(asked)
        expected = reference.decide(document, name, lifted)
        decision = RedemptionPolicy(book).decide_case(asked)

        assert known(expected) == decision_doc(decision), document
        answers[decision.eligible] += 1
        if asked.existing is not None:
            existing[has_history(asked.existing)] += 1
    # Both answers are common enough to mean something: two in five or more are eligible.
    assert answers[True] > CASES_IN_A_BATCH * 2 // 5
    assert answers[False] > CASES_IN_A_BATCH // 3
    # What exists was rescheduled, exchanged or partly ended in a third of the cases, or more.
    assert existing[True] > existing[False] / 2 > CASES_IN_A_BATCH // 100


def test_each_rule_beyond_the_article_is_often_the_only_reason() -> None:
    """Of the cases that are asked, one in a hundred is refused by it alone, or more."""
    only_reason: Counter[str] = Counter()
    for _, asked, book, _, _ in chain.from_iterable(map(questions, range(BATCHES))):
        reasons = {finding.code for finding in RedemptionPolicy(book).decide_case(asked).reasons}
        only_reason.update(reasons if len(reasons) == 1 else ())
    least = BATCHES * CASES_IN_A_BATCH // 100

    assert [] == [
        (rule.code, only_reason[rule.code])
        for rule in rules.plans.EVERY_RULE
        if only_reason[rule.code] < least
    ]


def test_proposals_agree() -> None:
    """The redemption that an eligible decision proposes is the same, field by field."""
    eligible = 0
    for _, asked, book, lifted, name in questions(batch=0):
        proposal = RedemptionPolicy(book).decide_case(asked).redemption
        expected = known(reference.proposal(case_doc(asked), name, lifted))

        assert expected == (None if proposal is None else known(redemption_doc(proposal)))
        eligible += proposal is not None
    assert eligible > CASES_IN_A_BATCH // 5


def test_what_cannot_be_asked_is_refused_alike() -> None:
    """What is another client's, was booked later, or drew on what is gone raises alike."""
    seen: Counter[str] = Counter()
    for chance, asked, book, lifted, name in chain(questions(batch=0), questions(batch=1)):
        if asked.existing is None:
            continue
        case, existing = _changed(chance, asked, asked.existing)
        document = case_doc(case) | {"existing": redemption_doc(existing)}
        expected = reference.decide(document, name, lifted)
        told = _decided(RedemptionPolicy(book), case, existing)

        assert (expected.get("error") or str(expected["eligible"])) == told, document
        seen[told] += 1
    assert {"True", "False", "InvalidValueError", "UnknownEntitlementError"} == set(seen)


def _changed(chance: Random, asked: Case, existing: Redemption) -> tuple[Case, Redemption]:
    """Return the case with what exists: another's, booked later, or drawn on what is gone."""
    kind = chance.choice(["another's", "booked later", "gone"])
    if kind == "another's":
        return asked, replace(existing, client_id="somebody")
    if kind == "booked later":
        later = MINUTE + chance.choice([-INSTANT, 0 * INSTANT, INSTANT])
        return asked, replace(existing, booked_at=asked.now + later)
    packages = tuple(
        replace(
            package,
            entitlements=tuple(replace(one, id=f"new {one.id}") for one in package.entitlements),
        )
        for package in asked.packages
    )
    return replace(asked, packages=packages, existing=None), existing


def _decided(policy: RedemptionPolicy, asked: Case, existing: Redemption | None) -> str:
    try:
        return str(policy.decide_case(replace(asked, existing=existing)).eligible)
    except PkgRedeemError as error:
        return type(error).__name__


def test_a_local_time_without_a_zone_is_refused_alike() -> None:
    """Where no zone is known an hour or a day raises, and only where it is looked at (D46)."""
    seen: Counter[str] = Counter()
    for _, asked, book, lifted, name in questions(batch=0):
        if any(map(asks_for_local_time, asked.packages)):
            nowhere = replace(asked, account=replace(asked.account, time_zone=None))
            expected = reference.decide(case_doc(nowhere), name, lifted)
            told = _decided(RedemptionPolicy(book), nowhere, asked.existing)

            assert (expected.get("error") or str(expected["eligible"])) == told, case_doc(nowhere)
            seen[told] += 1
    assert {"True", "False", "InvalidValueError"} == set(seen)


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


@pytest.mark.parametrize("batch", range(BATCHES))
def test_acts_agree(batch: int) -> None:
    """Chains of acts on what was or is booked, repeated ones and broken ones too, end alike."""
    seen: Counter[tuple[str, str]] = Counter()
    for chance, question, book, lifted, name in questions(batch):
        policy = RedemptionPolicy(book)
        redemption = policy.decide_case(question).redemption or question.existing
        if redemption is None:
            continue
        if question.existing is not None and chance.random() < 0.5:
            redemption = question.existing
        assert reference.schedule(redemption_doc(redemption)) == schedule_doc(redemption)
        last: tuple[str, dict[str, Any], dict[str, Any]] | None = None
        for _ in range(ACTS_IN_A_CHAIN):
            again = last is not None and chance.random() < 0.25
            act, ours, plain = (
                last if again and last else random_act(chance, redemption, question.packages)
            )
            last = (act, ours, plain)
            rulebook = {} if act == "complete" else {"rulebook": name, "lifted": lifted}
            document = redemption_doc(redemption)
            expected = known(getattr(reference, act)(document, **plain, **rulebook))
            answer = answered(act, redemption, ours, policy)
            if isinstance(answer, str):
                assert expected == {"error": answer}, (act, plain, document)
                seen[act, answer] += 1
                continue
            assert expected == settlement_doc(redemption, answer), (act, plain, document)
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
    assert seen["reschedule", "BookingMismatchError"]
    # A quarter of them or more changed something; one in five was refused or raised, or more.
    changed = sum(much for (_, end), much in seen.items() if end == "True True")
    against = sum(much for (_, end), much in seen.items() if not end.startswith("True"))
    assert changed > seen.total() / 4
    assert against > seen.total() / 5

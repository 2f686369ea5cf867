"""Two decisions side by side: what counts as another answer, and the words for it."""

from dataclasses import replace
from typing import Any, cast

import pytest

from pkgredeem import CardCaptureOutcome, DepositOutcome, PackageStatus, RedemptionPolicy
from pkgredeem.testing.cases._leaves import moved
from pkgredeem.testing.laws._differences import difference, outcome
from tests.helpers.support import DAY, FORFEIT_INSIDE_A_DAY, HOUR, START, account, case, package

POLICY = RedemptionPolicy()
ARCHIVED = package("p2", status=PackageStatus.ARCHIVED)
WITH_TERMS = account(cancellation=FORFEIT_INSIDE_A_DAY)
ELIGIBLE = POLICY.decide_case(case(account=WITH_TERMS, packages=[package(), ARCHIVED]))
REDEMPTION = ELIGIBLE.redemption
assert REDEMPTION is not None
DRAW = replace(REDEMPTION.draws[0], package_id="p3")
(NOTE,) = ELIGIBLE.notes

OTHER_ANSWERS: dict[str, dict[str, object]] = {
    "eligible True became False": {"eligible": False},
    "reasons [] became ['package_archived(p2)']": {"reasons": (NOTE,)},
    "notes ['package_archived(p2)'] became ['package_archived(p3)']": {
        "notes": (replace(NOTE, subject="p3"),)
    },
    "notes ['package_archived(p2)'] became ['package_archived(p2, left=3)']": {
        "notes": (replace(NOTE, facts=(("left", 3),)),)
    },
    (
        "notes ['package_archived(p2)'] became "
        "['package_archived(p2, end=2026-05-05 10:00:00+00:00)']"
    ): {"notes": (replace(NOTE, facts=(("end", START),)),)},
    "draws [(0, 'p1', 'facial')] became [(0, 'p3', 'facial')]": {
        "redemption": replace(REDEMPTION, draws=(DRAW,))
    },
    "uncovered () became (0,)": {"uncovered": (0,)},
    "deposit not_required became waived": {"deposit": DepositOutcome.WAIVED},
    "card capture not_required became bypassed": {"card_capture": CardCaptureOutcome.BYPASSED},
    "prompt True became False": {"prompt": False},
    "refund on cancel True became False": {"refund_on_cancel": False},
    "client text a package can be used for this booking became hello": {"client_text": "hello"},
}


@pytest.mark.parametrize(("words", "fields"), OTHER_ANSWERS.items(), ids=OTHER_ANSWERS)
def test_another_answer_is_seen_and_told(words: str, fields: dict[str, object]) -> None:
    """A decision that differs in one of these says something else, and the words name it."""
    other = replace(ELIGIBLE, **cast("dict[str, Any]", fields))

    assert outcome(other) != outcome(ELIGIBLE)
    assert words == difference(ELIGIBLE, other)


def test_another_schedule_is_seen_and_told() -> None:
    """The free step ends two days before the start, in place of one."""
    earlier = replace(FORFEIT_INSIDE_A_DAY, window=2 * DAY)
    other = POLICY.decide_case(
        case(account=account(cancellation=earlier), packages=[package(), ARCHIVED])
    )
    words = difference(ELIGIBLE, other)

    assert outcome(other) != outcome(ELIGIBLE)
    assert words is not None
    assert words.startswith("schedule ['2026-05-04 10:00:00+00:00: return', ")
    assert words.endswith("free until 2026-05-04 10:00:00+00:00 became 2026-05-03 10:00:00+00:00")


@pytest.mark.parametrize(
    "fields",
    [
        {"rulebook": "another"},
        {"note": "by telephone"},
        {"notes": (replace(NOTE, message="put away", advice="take it out"),)},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_words_for_staff_and_records_are_no_part_of_the_answer(fields: dict[str, object]) -> None:
    """Another rulebook's name, another note of who books, another message for staff."""
    other = replace(ELIGIBLE, **cast("dict[str, Any]", fields))

    assert other != ELIGIBLE
    assert outcome(other) == outcome(ELIGIBLE)
    assert difference(ELIGIBLE, other) is None


def test_instants_are_taken_back() -> None:
    """An answer to the same question some time later differs by that time, and in nothing else."""
    later = POLICY.decide_case(
        case(
            account=WITH_TERMS,
            packages=[package(), ARCHIVED],
            now=ELIGIBLE.decided_at + DAY,
            starts_at=START + DAY,
        )
    )

    assert difference(ELIGIBLE, later) is not None
    assert difference(ELIGIBLE, moved(later, lambda at: at - DAY)) is None
    assert difference(ELIGIBLE, moved(later, lambda at: at - HOUR)) is not None

"""What the law of boundaries asks: each part of it tells a fault that the others don't."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, time

import pytest

from pkgredeem import (
    Case,
    RedemptionPolicy,
    Service,
)
from pkgredeem.testing.laws._asked import Row, asked_by_hand, asking
from pkgredeem.testing.laws._boundaries import _ASKED, boundaries
from tests.helpers.boundary_faults import (
    MARCH,
    NOW,
    PLAIN,
    Fault,
    of_packages,
    of_quotas,
    of_restrictions,
    of_uses_on_both_sides,
    with_fault,
)
from tests.helpers.code_faults import of_accounts, of_clients, of_kinds_and_ends, of_what_is_booked
from tests.helpers.support import LONDON, START


def rows_that_tell(policy: RedemptionPolicy, asked: Case = PLAIN) -> set[int]:
    """Return the numbers of what is asked and decided otherwise than by hand."""

    def is_told(row: Row) -> bool:
        findings = policy.decide_case(asking(asked, row)).findings
        return (_ASKED[row.kind].code in {finding.code for finding in findings}) is not row.refuses

    return {number for number, row in enumerate(asked_by_hand(asked)) if is_told(row)}


def test_each_row_tells_a_fault_that_no_other_does() -> None:
    """Each fault is told by one row, and each row tells one, but for units (no rule can err)."""
    told: set[int] = set()
    faults = (*of_packages(), *of_restrictions(), *of_quotas(), *of_uses_on_both_sides())
    for sound, condition in faults:
        policy = with_fault(sound, condition)
        (row,) = rows_that_tell(policy)
        told.add(row)
        assert str(boundaries.check(policy, PLAIN)).startswith(("missing ", "unexpected ")), row
    rows = list(asked_by_hand(PLAIN))

    assert {"unit"} == {row.kind for number, row in enumerate(rows) if number not in told}
    assert 1 == len(rows) - len(told)


def test_a_cost_that_is_guessed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were a unit that the service doesn't know paid with one, the row about units tells it."""
    monkeypatch.setattr(Service, "cost", lambda _, __: 1)
    (row,) = rows_that_tell(RedemptionPolicy(MARCH))

    assert "unit" == list(asked_by_hand(PLAIN))[row].kind


@pytest.mark.parametrize(
    "faults",
    [of_accounts, of_clients, of_kinds_and_ends, of_what_is_booked],
    ids=lambda part: part.__name__,
)
def test_each_other_meaning_of_a_code_is_told(faults: Callable[[], Iterator[Fault]]) -> None:
    """A rule of the library that is replaced by another meaning of its code is told at once."""
    sold = replace(PLAIN.packages[0], sold_at=NOW)
    asked = replace(PLAIN, packages=(sold,))

    assert None is boundaries.check(RedemptionPolicy(MARCH), asked)
    for number, (sound, condition) in enumerate(faults()):
        told = str(boundaries.check(with_fault(sound, condition), asked))
        assert f"'{sound.code}'" in told, (number, told)


@pytest.mark.parametrize("clock", [time.min, time.max], ids=["midnight", "the last moment"])
def test_a_start_at_the_turn_of_a_day_is_asked_about(clock: time) -> None:
    """Before midnight nothing is open of the same day, and after its last moment nothing closes."""
    start = datetime.combine(START, clock, tzinfo=LONDON)
    asked = replace(PLAIN, booking=replace(PLAIN.booking, starts_at=start))
    hours = [row for row in asked_by_hand(asked) if row.kind == "hours"]

    assert None is boundaries.check(RedemptionPolicy(MARCH), asked)
    # three days and the opening, and at midnight what opens and closes a moment later: twice each
    assert {time.min: 12, time.max: 10}[clock] == len(hours)

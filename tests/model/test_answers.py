"""Decisions and settlements as values: what can be asked of them, and what not."""

import pytest

from pkgredeem import Actor, Audience, InvalidValueError, RedemptionPolicy
from tests.helpers.support import NOW, case, decide, redemption


def test_an_answer_is_neither_true_nor_false() -> None:
    """Whoever asks is told what to ask instead."""
    with pytest.raises(TypeError) as of_decision:
        bool(decide(case()))
    with pytest.raises(TypeError) as of_settlement:
        bool(RedemptionPolicy().cancel(redemption(), by=Actor.CLIENT, now=NOW))

    assert "a Decision is neither true nor false: use .eligible" == str(of_decision.value)
    told = "a Settlement is neither true nor false: use .allowed or .returned"
    assert told == str(of_settlement.value)


def test_who_reads_is_a_member_of_audience() -> None:
    """A plain word is refused by decisions and settlements, and the error names the parameter."""
    with pytest.raises(InvalidValueError) as of_decision:
        decide(case()).explain("staff")  # type: ignore[arg-type]  # what must be refused
    with pytest.raises(InvalidValueError) as of_settlement:
        RedemptionPolicy().cancel(redemption(), by=Actor.CLIENT, now=NOW).explain("staff")  # type: ignore[arg-type]

    assert ("audience", "audience") == (of_decision.value.field, of_settlement.value.field)
    assert decide(case()).explain(Audience.STAFF)

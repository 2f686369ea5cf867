"""Acts in scenarios: each is done to what the one before it left, with all that it is told."""

from pathlib import Path

import pytest

from pkgredeem import Act, Actor, DrawState
from pkgredeem.testing import run_scenario
from pkgredeem.testing.scenarios import _run
from tests.helpers import odd_rules
from tests.helpers.scenario_support import one_scenario


def test_acts_follow_each_other(tmp_path: Path) -> None:
    """Each act is done to what the one before it left, and all that differs is told."""
    text = """
    expect.eligible = true

    [[scenario.then]]
    cancel = "2026-05-02T09:00:00+12:00"
    by = "client"
    lines = [0]
    outcome = "forfeit"

    [[scenario.then]]
    complete = 2026-05-05T11:00:00+12:00
    allowed = true
    """
    result = run_scenario(one_scenario(tmp_path, text))

    assert [
        ("then 1: outcome", "forfeit", "return"),
        (
            "then 2: complete at 2026-05-04T23:00:00+00:00 by business",
            "done",
            "ClosedRedemptionError: booking 'b1' has ended already: complete comes too late",
        ),
    ] == [(mismatch.what, mismatch.expected, mismatch.actual) for mismatch in result.mismatches]
    assert (
        "then 1: cancel at 2026-05-01T21:00:00+00:00 by client\n"
        "done: the credit returns\n"
        "times: in Pacific/Auckland" == result.settled[0]
    )
    assert result.settled[0] in result.to_text()


def test_an_act_after_an_exchange_is_done_to_the_new_booking(tmp_path: Path) -> None:
    """By the terms of the new booking it is late, and by those of the earlier one it would not."""
    text = """
    account.cancellation = { window = "24 hours", late = "forfeit" }
    existing.booking.id = "b0"
    existing.account.cancellation = "null"
    expect.replaces = "b0"

    [[scenario.then]]
    cancel = 2026-05-05T08:00:00+12:00
    by = "client"
    outcome = "forfeit"
    late = true
    """
    assert () == run_scenario(one_scenario(tmp_path, text)).mismatches


def test_an_earlier_booking_was_made_under_the_rules_of_its_scenario(tmp_path: Path) -> None:
    """Nobody is logged in, which only the rulebook in store lets pass; it was booked there, too."""
    text = """
    rulebook = "in-store"
    client.logged_in = false
    existing.booking.id = "b0"
    expect = { eligible = true, replaces = "b0" }
    """
    assert () == run_scenario(one_scenario(tmp_path, text)).mismatches


def test_what_is_wrong_before_an_act_is_told_beside_it(tmp_path: Path) -> None:
    """The decision, the first act and the second one each have a mismatch of their own."""
    text = """
    expect.prompt = false

    [[scenario.then]]
    cancel = 2026-05-02T09:00:00+12:00
    by = "client"
    late = true

    [[scenario.then]]
    cancel = 2026-05-02T09:00:00+12:00
    by = "client"
    outcome = "forfeit"
    """
    told = run_scenario(one_scenario(tmp_path, text)).mismatches

    assert ["prompt", "then 1: late", "then 2: outcome"] == [mismatch.what for mismatch in told]


TWO_FACIALS = """
expect.eligible = true
booking.lines = [{ service.id = "facial" }, { service.id = "facial" }]
"""


def test_a_cancellation_keeps_its_note_and_its_lines(tmp_path: Path) -> None:
    """Of two facials the second one is cancelled, and why is kept."""
    text = """
    [[scenario.then]]
    cancel = 2026-05-02T09:00:00+12:00
    by = "client"
    lines = [1]
    note = "ill"
    outcome = "return"
    """
    scenario = one_scenario(tmp_path, TWO_FACIALS + text)
    redemption = scenario.policy.decide_case(scenario.case).redemption
    assert redemption is not None
    change = _run._done(scenario, redemption, scenario.steps[0]).change
    assert change is not None

    assert () == run_scenario(scenario).mismatches
    assert [[], [(Act.CANCEL, Actor.CLIENT, "ill")]] == [
        [(ending.act, ending.by, ending.note) for ending in draw.endings]
        for draw in change.after.draws
    ]


def test_single_lines_are_forgiven(tmp_path: Path) -> None:
    """Of two facials that were given one is forgiven, and only the other one is redeemed still."""
    text = """
    [[scenario.then]]
    complete = 2026-05-05T10:00:00+12:00
    allowed = true

    [[scenario.then]]
    forgive = 2026-05-05T11:00:00+12:00
    lines = [0]
    note = "a burst pipe"
    outcome = "return"

    [[scenario.then]]
    forgive = 2026-05-05T12:00:00+12:00
    lines = [1]
    note = "that one too"
    outcome = "return"
    """
    scenario = one_scenario(tmp_path, TWO_FACIALS + text)
    redemption = scenario.policy.decide_case(scenario.case).redemption
    assert redemption is not None
    states = []
    for step in scenario.steps:
        change = _run._done(scenario, redemption, step).change
        assert change is not None
        redemption = change.after
        states.append([draw.state for draw in redemption.draws])

    assert () == run_scenario(scenario).mismatches
    assert [
        [DrawState.REDEEMED, DrawState.REDEEMED],
        [DrawState.RETURNED, DrawState.REDEEMED],
        [DrawState.RETURNED, DrawState.RETURNED],
    ] == states


@pytest.mark.parametrize(
    "at", ["cancel = 2026-05-06T09:00:00+12:00", "no_show = 2026-05-06T09:00:00+12:00"]
)
def test_a_credit_that_returns_asks_the_packages_whether_it_can_be_used(
    tmp_path: Path, at: str
) -> None:
    """A day after the start the package is over, where the credit goes back to."""
    who = 'by = "business"\n' if at.startswith("cancel") else ""
    text = f"""
    expect.eligible = true
    package.valid_until = 2026-05-05T10:00:01+12:00

    [[scenario.then]]
    {at}
    {who}
    outcome = "return"
    findings = ["credit_not_usable"]
    """
    assert () == run_scenario(one_scenario(tmp_path, text)).mismatches


def test_a_move_asks_the_packages_of_the_case(tmp_path: Path) -> None:
    """By the new start the package is over."""
    text = """
    expect.eligible = true
    package.valid_until = 2026-05-06T10:00:00+12:00

    [[scenario.then]]
    reschedule = 2026-05-02T09:00:00+12:00
    to = 2026-05-06T10:00:00+12:00
    by = "client"
    allowed = false
    findings = ["package_over_by_then"]
    """
    assert () == run_scenario(one_scenario(tmp_path, text)).mismatches


def test_what_an_act_is_told_is_kept(tmp_path: Path) -> None:
    """The note of each kind of act is kept, and forgiving asks the packages what can be used."""
    text = """
    expect.eligible = true
    booking.lines = [{ service.id = "facial" }, { service.id = "facial" }]
    package.valid_until = 2026-05-05T10:00:01+12:00

    [[scenario.then]]
    reschedule = 2026-05-02T09:00:00+12:00
    to = 2026-05-05T09:00:00+12:00
    by = "client"
    note = "moved"
    allowed = true

    [[scenario.then]]
    no_show = 2026-05-05T10:00:00+12:00
    lines = [0]
    note = "no answer"
    outcome = "return"
    findings = []

    [[scenario.then]]
    complete = 2026-05-05T10:00:00+12:00
    note = "came"
    allowed = true

    [[scenario.then]]
    forgive = 2026-05-05T11:00:00+12:00
    note = "a burst pipe"
    outcome = "return"
    findings = ["credit_not_usable"]
    """
    scenario = one_scenario(tmp_path, text)
    redemption = scenario.policy.decide_case(scenario.case).redemption
    assert redemption is not None
    for step in scenario.steps:
        change = _run._done(scenario, redemption, step).change
        assert change is not None
        redemption = change.after

    assert () == run_scenario(scenario).mismatches
    assert ["moved"] == [ending.note for ending in redemption.reschedules]
    assert [["no answer"], ["came", "a burst pipe"]] == [
        [ending.note for ending in draw.endings] for draw in redemption.draws
    ]


def test_a_house_rule_is_asked_of_a_move_too(tmp_path: Path) -> None:
    """In an owner's words: booked for a Tuesday, and the client may not move it to a Saturday."""
    text = """
    expect.eligible = true

    [[scenario.then]]
    reschedule = 2026-05-02T09:00:00+12:00
    to = 2026-05-09T10:00:00+12:00
    by = "client"
    allowed = false
    findings = ["booked_on_saturday"]

    [[scenario.then]]
    reschedule = 2026-05-02T09:00:00+12:00
    to = 2026-05-09T10:00:00+12:00
    by = "business"
    allowed = true
    findings = ["booked_on_saturday"]
    """

    assert () == run_scenario(one_scenario(tmp_path, text, odd_rules.policy)).mismatches


def test_nothing_can_be_done_to_a_refused_booking(tmp_path: Path) -> None:
    """An act after a refusal is a mismatch, not an error."""
    text = """
    packages = []
    expect.reasons = ["no_package"]

    [[scenario.then]]
    cancel = 2026-05-02T09:00:00+12:00
    by = "business"
    outcome = "return"
    """
    (told,) = run_scenario(one_scenario(tmp_path, text)).mismatches

    assert "then 1: cancel at 2026-05-01T21:00:00+00:00 by business" == told.what
    assert ("a redemption", "refused") == (told.expected, told.actual)


def test_what_is_recorded_is_cancelled_as_it_was_recorded(tmp_path: Path) -> None:
    """Where `existing` is the booking's own redemption, acts are done to that one (D11)."""
    text = """
    account.cancellation = { window = "24 hours", late = "forfeit" }
    existing.account.cancellation = { window = "1 hours", late = "return" }
    expect.free_until = 2026-05-04T10:00:00+12:00

    [[scenario.then]]
    cancel = 2026-05-05T08:00:00+12:00
    by = "client"
    outcome = "return"
    late = false
    """
    assert () == run_scenario(one_scenario(tmp_path, text)).mismatches

"""Whatever is not as a scenario expects is told: of a refusal, of an act, of one that fails."""

from pathlib import Path

import pytest

from pkgredeem import Actor, Case, Cover, RedemptionPolicy, Scope, rule, rules
from pkgredeem.testing import ScenarioFileError, run_scenario
from tests.helpers import odd_rules, own_rules
from tests.helpers.house_rules import HOUSE
from tests.helpers.scenario_support import one_scenario

TWO_FACIALS = """
expect.eligible = true
booking.lines = [{ service.id = "facial" }, { service.id = "facial" }]
"""


def test_after_an_act_that_failed_nothing_more_is_done(tmp_path: Path) -> None:
    """What the next act would come to is not known: no more is told than what failed."""
    text = """
    expect.eligible = true

    [[scenario.then]]
    forgive = 2026-05-05T12:00:00+12:00
    note = "a burst pipe"
    outcome = "return"

    [[scenario.then]]
    cancel = 2026-05-02T09:00:00+12:00
    by = "client"
    outcome = "forfeit"
    """
    result = run_scenario(one_scenario(tmp_path, text))

    assert ["then 1: forgive at 2026-05-05T00:00:00+00:00 by business"] == [
        mismatch.what for mismatch in result.mismatches
    ]
    assert () == result.settled


def test_an_act_that_can_not_be_done_is_told_by_its_error(tmp_path: Path) -> None:
    """A line that there is not: what the library raises is shown beside the act."""
    text = """
    expect.eligible = true

    [[scenario.then]]
    cancel = 2026-05-02T09:00:00+12:00
    by = "client"
    lines = [7]
    outcome = "return"
    """
    (told,) = run_scenario(one_scenario(tmp_path, text)).mismatches

    assert "then 1: cancel at 2026-05-01T21:00:00+00:00 by client" == told.what
    assert "done" == told.expected
    assert told.actual.startswith("InvalidValueError: lines must be ")


def test_each_expectation_of_an_act_is_compared(tmp_path: Path) -> None:
    """Of an act that is refused as of one that is done, whatever is not as expected is told."""
    text = """
    account.cancellation = { window = "24 hours", late = "forfeit" }
    expect.eligible = true
    package.valid_until = 2026-05-06T10:00:00+12:00

    [[scenario.then]]
    reschedule = 2026-05-02T09:00:00+12:00
    to = 2026-05-06T10:00:00+12:00
    by = "client"
    allowed = true
    outcome = "return"
    late = true
    window = "24 hours"
    findings = []

    [[scenario.then]]
    cancel = 2026-05-05T08:00:00+12:00
    by = "client"
    allowed = false
    outcome = "null"
    late = false
    window = "null"
    findings = []
    """
    told = run_scenario(one_scenario(tmp_path, text)).mismatches

    assert [
        ("then 1: allowed", "true", "false"),
        ("then 1: outcome", "return", "null"),
        ("then 1: late", "true", "false"),
        ("then 1: window", "24 hours", "null"),
        ("then 1: findings", "none", "package_over_by_then"),
        ("then 2: allowed", "false", "true"),
        ("then 2: outcome", "null", "forfeit"),
        ("then 2: late", "false", "true"),
        ("then 2: window", "null", "24 hours"),
        ("then 2: findings", "none", "late_cancellation"),
    ] == [(mismatch.what, mismatch.expected, mismatch.actual) for mismatch in told]


def test_every_finding_of_an_act_is_expected_in_its_order(tmp_path: Path) -> None:
    """A move to a day on which the package is over, and on a Saturday: both are found."""
    text = """
    expect.eligible = true
    package.valid_until = 2026-05-06T10:00:00+12:00

    [[scenario.then]]
    reschedule = 2026-05-02T09:00:00+12:00
    to = 2026-05-09T10:00:00+12:00
    by = "client"
    allowed = false
    findings = ["package_over_by_then", "booked_on_saturday"]
    """
    assert () == run_scenario(one_scenario(tmp_path, text, odd_rules.policy)).mismatches


def test_a_move_that_is_refused_for_being_late_is_late(tmp_path: Path) -> None:
    """What is found stays true of an act that is not done."""
    text = """
    account.cancellation = { window = "24 hours", late = "forfeit" }
    expect.eligible = true

    [[scenario.then]]
    reschedule = 2026-05-05T09:00:00+12:00
    to = 2026-05-08T10:00:00+12:00
    by = "client"
    allowed = false
    outcome = "null"
    late = true
    window = "24 hours"
    findings = ["late_change"]
    """
    assert () == run_scenario(one_scenario(tmp_path, text)).mismatches


def test_single_lines_are_completed(tmp_path: Path) -> None:
    """Of two facials the second one was given, and the first one is cancelled."""
    text = """
    [[scenario.then]]
    complete = 2026-05-05T10:00:00+12:00
    lines = [1]
    allowed = true

    [[scenario.then]]
    cancel = 2026-05-05T10:00:00+12:00
    by = "business"
    lines = [0]
    outcome = "return"
    window = "null"
    """
    assert () == run_scenario(one_scenario(tmp_path, TWO_FACIALS + text)).mismatches


def test_the_notes_of_a_refusal_are_compared(tmp_path: Path) -> None:
    """A note of one's own is found beside a reason, and one too few is told."""
    text = """
    packages = []
    expect.reasons = ["no_package"]
    expect.notes = []
    """
    policy = RedemptionPolicy(rules.TIMELY_2026_03.including(own_rules.card_page_shown))
    asked = "account.card_capture = true\n"
    (told,) = run_scenario(one_scenario(tmp_path, asked + text, policy)).mismatches

    assert ("notes", "none", "card_page_shown") == (told.what, told.expected, told.actual)


@pytest.mark.parametrize(
    ("act", "other"),
    [
        ('cancel = AT\nby = "client"', "to = AT"),
        ('reschedule = AT\nby = "client"\nto = AT', "lines = [0]"),
        ("no_show = AT", 'by = "client"'),
        ("no_show = AT", "to = AT"),
        ("complete = AT", 'by = "client"'),
        ("complete = AT", "to = AT"),
        ('forgive = AT\nnote = "ill"', 'by = "client"'),
        ('forgive = AT\nnote = "ill"', "to = AT"),
    ],
)
def test_each_act_takes_what_it_can_be_told_and_nothing_else(
    tmp_path: Path, act: str, other: str
) -> None:
    """What would be passed over in silence is an unknown key."""
    text = f"expect.eligible = true\n[[scenario.then]]\n{act}\n{other}\nallowed = true\n"
    text = text.replace("AT", "2026-05-02T09:00:00+12:00")
    with pytest.raises(ScenarioFileError) as caught:
        one_scenario(tmp_path, text)

    (problem,) = caught.value.problems
    assert f": {other.partition(' ')[0]} is an unknown key: give " in problem


TWO_PACKAGES = """
packages = [
    { id = "p1", client_id = "ana", entitlements = [{ services = ["facial"], remaining = 2 }] },
    { id = "p2", client_id = "ana", entitlements = [{ services = ["massage"], remaining = 2 }] },
]
booking.lines = [{ service.id = "facial" }, { service.id = "massage" }]
rulebook = "online"
"""


def test_each_draw_is_free_until_an_instant_of_its_own(tmp_path: Path) -> None:
    """By the terms of the package that pays for it, and by the account's where it has none."""
    text = TWO_PACKAGES.replace(
        'id = "p2", ', 'id = "p2", cancellation = { window = "48 hours", late = "forfeit" }, '
    )
    expected = """
    account.cancellation = { window = "24 hours", late = "forfeit" }
    [[scenario.expect.draws]]
    package_id = "p1"
    free_until = 2026-05-04T10:00:00+12:00
    [[scenario.expect.draws]]
    package_id = "p2"
    free_until = 2026-05-03T10:00:00+12:00
    """
    assert () == run_scenario(one_scenario(tmp_path, text + expected)).mismatches


def test_a_code_is_expected_as_often_as_it_is_found(tmp_path: Path) -> None:
    """Two packages are archived, and each is a reason."""
    archived = TWO_PACKAGES.replace('id = "p', 'status = "archived", id = "p')
    once, twice = (
        run_scenario(one_scenario(tmp_path, f"{archived}expect.reasons = {codes}"))
        for codes in ('["package_archived"]', '["package_archived", "package_archived"]')
    )

    assert () == twice.mismatches
    assert [("package_archived", "package_archived, package_archived")] == [
        (told.expected, told.actual) for told in once.mismatches
    ]


@pytest.mark.parametrize("value", ['""', "false", "0"])
def test_only_the_word_null_stands_for_no_instant(tmp_path: Path, value: str) -> None:
    """What is empty is no instant, and no null either."""
    with pytest.raises(ScenarioFileError, match=r"free_until is .*: give an instant with its off"):
        one_scenario(tmp_path, f"expect.free_until = {value}")


@rule(Scope.BOOKING, clauses=[HOUSE], message="not at the desk", advice="none")
def not_at_the_desk(asked: Case, _: Cover) -> bool:
    """It was not the front desk that booked, or it gave no note, or picked no package."""
    return not (asked.by is Actor.BUSINESS and asked.note and asked.only)


def test_an_earlier_booking_was_made_with_all_the_same_facts(tmp_path: Path) -> None:
    """By the same side, with the same note and the same pick, which a rule may ask for."""
    text = """
    by = "business"
    note = "front desk"
    only = ["p1"]
    existing.booking.id = "b0"
    expect = { eligible = true, replaces = "b0" }
    """
    policy = RedemptionPolicy(rules.TIMELY_2026_03.including(not_at_the_desk))

    assert () == run_scenario(one_scenario(tmp_path, text, policy)).mismatches


def test_what_is_commented_out_has_no_line(tmp_path: Path) -> None:
    """However far it stands to the right."""
    text = "  # [[scenario]]\n  # expect.eligible = true\nexpect.eligible = 1"
    with pytest.raises(ScenarioFileError) as caught:
        one_scenario(tmp_path, text)

    assert [f"{tmp_path / 'ana.redeem.toml'}:15: eligible is 1: give true or false"] == list(
        caught.value.problems
    )


def test_every_mismatch_and_every_act_is_shown(tmp_path: Path) -> None:
    """In text as in plain values: a refusal with two mismatches, and two acts one after another."""
    refused = run_scenario(
        one_scenario(tmp_path, "packages = []\nexpect = { eligible = true, prompt = true }")
    )
    acts = """
    expect.eligible = true
    [[scenario.then]]
    reschedule = 2026-05-02T09:00:00+12:00
    to = 2026-05-06T10:00:00+12:00
    by = "client"
    allowed = true
    [[scenario.then]]
    cancel = 2026-05-02T10:00:00+12:00
    by = "client"
    late = false
    """
    done = run_scenario(one_scenario(tmp_path, acts))
    moved, cancelled = done.settled

    assert not refused.passed
    assert done.passed
    assert [
        "  eligible",
        "    expected: true",
        "    actual:   false",
        "  prompt",
        "    expected: true",
        "    actual:   false",
    ] == refused.to_text().split("\n")[1:7]
    assert [
        {"what": "eligible", "expected": "true", "actual": "false"},
        {"what": "prompt", "expected": "true", "actual": "false"},
    ] == refused.to_dict()["mismatches"]
    assert moved.startswith("then 1: reschedule at 2026-05-01T21:00:00+00:00 by client\n")
    assert cancelled.startswith("then 2: cancel at 2026-05-01T22:00:00+00:00 by client\n")
    assert f"\n\n{moved}\n\n{cancelled}\n\nto ask again, " in done.to_text()

"""The scenarios beside the article: what they cover, and what running one tells."""

import pickle
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pkgredeem import InvalidValueError, RedemptionPolicy, Scope, rules
from pkgredeem.documents import parse_json, read_case
from pkgredeem.testing import Scenario, ScenarioFileError, load_scenarios, run_scenario
from pkgredeem.testing.scenarios import _run
from tests.helpers import odd_rules

FOLDER = Path(__file__).parents[1] / "scenarios"
SCENARIOS = load_scenarios(FOLDER)

# What the article has headings for, and then our own decisions.
HEADINGS = """
    how-to-enable what-you-need-to-know how-it-works package-types client-eligibility
    booking-process client-limitations booking-limitations package-control faq-missing-checkbox
    faq-log-in faq-sell-online faq-balance faq-deposits faq-card-capture faq-cancels
    faq-inside-the-window faq-choose-packages decided-validity decided-rescheduling
    decided-exchanging decided-no-shows decided-several-reasons decided-at-the-desk
    decided-clock-changes decided-places-and-hours decided-pauses-and-ends
    decided-families-and-the-pick decided-whose-terms decided-units-and-caps
"""

# These say the same from another side: one line, one package, the whole booking (see `review`).
COMPANIONS = {
    "mixed_booking": {"service_not_in_package", "not_enough_credits"},
    "package_of_another_client": {"no_package"},
}

GIVEN = """
[given]
now = 2026-05-01T09:00:00+12:00
account = { online_redemption = true, client_login = "optional", time_zone = "Pacific/Auckland" }
client = { id = "ana", logged_in = true }
packages = [
    { id = "p1", client_id = "ana", entitlements = [{ services = ["facial"], remaining = 2 }] },
]
booking = { id = "b1", starts_at = 2026-05-05T10:00:00+12:00, lines = [{ service.id = "facial" }] }

[[scenario]]
name = "Ana books a facial"
"""


def one(folder: Path, text: str, policy: RedemptionPolicy | None = None) -> Scenario:
    """Write a scenario after the shared facts and read it."""
    path = folder / "ana.redeem.toml"
    path.write_text(GIVEN + text, encoding="utf-8")
    (scenario,) = load_scenarios(path, policy=policy)
    return scenario


def reasons_of(scenario: Scenario) -> tuple[str, ...] | None:
    """Return the reasons that a scenario expects, if it does."""
    found = dict(scenario.expect).get("reasons")
    assert found is None or isinstance(found, tuple)
    return None if found is None else tuple(str(code) for code in found)


def test_there_is_one_file_for_each_heading_in_order() -> None:
    """The files follow the article, heading by heading, and then come our decisions."""
    numbered = [f"{n:02}-{name}.redeem.toml" for n, name in enumerate(HEADINGS.split(), 1)]

    assert numbered == sorted(path.name for path in FOLDER.iterdir())


def test_there_are_enough_scenarios_and_enough_refusals() -> None:
    """At least 150 scenarios are written by hand, two in five of them about a refusal."""
    refused = [scenario for scenario in SCENARIOS if reasons_of(scenario)]

    assert len(SCENARIOS) >= 150
    assert len(refused) >= 0.4 * len(SCENARIOS)


@pytest.mark.parametrize(
    "code", [rule.code for rule in rules.TIMELY_2026_03.rules if rule.scope is not Scope.NOTE]
)
def test_every_code_is_the_only_reason_in_one_scenario_and_one_of_several_in_another(
    code: str,
) -> None:
    """Each reason is seen alone, but for what says the same, and together with others."""
    lists = [set(reasons_of(scenario) or ()) for scenario in SCENARIOS]
    same = {code} | COMPANIONS.get(code, set())

    assert any(code in found and found <= same for found in lists)
    assert any(code in found and not found <= same for found in lists)


def test_every_code_of_an_act_and_every_note_is_expected_somewhere() -> None:
    """Settlement codes and notes have their scenarios too."""
    acts = {rule.code for rule in rules.acts.EVERY_RULE}
    expected = {
        str(code)
        for scenario in SCENARIOS
        for step in scenario.steps
        for key, codes in step.expect
        if key == "findings" and isinstance(codes, tuple)
        for code in codes
    }
    notes = {code for scenario in SCENARIOS for code in scenario.expected_codes}

    assert set() == acts - expected
    assert "no_card_on_file" in notes


def test_the_scenarios_differ_from_each_other() -> None:
    """No scenario stands there twice: the same question is asked once, but for its acts."""
    asked = Counter(
        (scenario.case, scenario.policy, scenario.expect, scenario.steps) for scenario in SCENARIOS
    )
    names = Counter((scenario.path, scenario.name) for scenario in SCENARIOS)

    assert [1] == sorted(set(names.values()))
    assert [1] == sorted(set(asked.values()))


def test_a_scenario_that_holds_has_no_mismatch(tmp_path: Path) -> None:
    """What is as expected passes, and tells nothing."""
    result = run_scenario(one(tmp_path, "expect = { eligible = true, reasons = [] }"))

    assert result.passed
    assert () == result.mismatches


def test_every_kind_of_mismatch_is_told(tmp_path: Path) -> None:
    """Expected stands beside actual, in words, for each key."""
    text = """
    expect.eligible = false
    expect.reasons = ["no_package", "package_used_up"]
    expect.notes = ["package_archived"]
    expect.deposit = "collect"
    expect.card_capture = "capture"
    expect.draws = [{ line = 1, package_id = "p1", service_id = "mask", free_until = "null" }]
    expect.free_until = 2026-05-04T10:00:00+12:00
    expect.prompt = false
    expect.replaces = "b0"
    """
    told = [
        (mismatch.what, mismatch.expected, mismatch.actual)
        for mismatch in run_scenario(one(tmp_path, text)).mismatches
    ]

    assert [
        ("eligible", "false", "true"),
        ("reasons", "no_package, package_used_up", "none"),
        ("notes", "package_archived", "none"),
        ("deposit", "collect", "not_required"),
        ("card_capture", "capture", "not_required"),
        (
            "draws",
            "line 1, package_id p1, service_id mask, free_until null",
            "line 0, package_id p1, service_id facial, free_until null",
        ),
        ("free_until", "2026-05-03 22:00:00+00:00", "null"),
        ("prompt", "false", "true"),
        ("replaces", "b0", "null"),
    ] == told


def test_another_number_of_draws_is_told_whole(tmp_path: Path) -> None:
    """Where there are more or fewer draws than expected, all of each is shown."""
    fewer = run_scenario(one(tmp_path, "expect.draws = []")).mismatches[0]

    assert "none" == fewer.expected
    assert (
        "line 0, package_id p1, entitlement_id main, service_id facial, credits 1, free_until null"
        == fewer.actual
    )


def test_a_failure_shows_the_explanation_and_a_case_to_paste(tmp_path: Path) -> None:
    """The text of a result holds the place, the difference, the decision and the document."""
    scenario = one(tmp_path, 'expect.reasons = ["no_package"]')
    text = run_scenario(scenario).to_text()
    head, _, document = text.partition("`:\n")

    assert (
        f"{tmp_path / 'ana.redeem.toml'}:11: Ana books a facial\n"
        "  reasons\n"
        "    expected: no_package\n"
        "    actual:   none\n"
        "\n"
        "eligible under timely-2026-03: a package can be used for this booking\n"
        "deposit: no deposit is due\n"
        "card capture: no card is asked for\n"
        "credit: facial is paid with 1 credit of package p1\n"
        "cancellation: free until Tue 5 May 10:00\n"
        "times: in Pacific/Auckland\n"
        "\n"
        "to ask again, paste this into `pkgredeem decide --rulebook timely-2026-03 -"
    ) == head
    assert scenario.case == read_case(parse_json(document))


def test_what_is_lifted_stands_in_the_command(tmp_path: Path) -> None:
    """The command asks with the same rules lifted; of other rulebooks it says that it can't."""
    text = 'without = ["mixed_booking", "legacy_package"]\nexpect.eligible = false'
    lifted = run_scenario(one(tmp_path, text)).to_text()
    own = RedemptionPolicy(replace(rules.TIMELY_2026_03, name="house rules"))
    unknown = run_scenario(one(tmp_path, "expect.eligible = false", own)).to_text()

    assert "--rulebook timely-2026-03 --without mixed_booking --without legacy_package -`" in lifted
    assert "`pkgredeem decide --policy MODULE:NAME -`, with the module of 'house rules':" in unknown


def test_a_result_is_told_as_plain_values(tmp_path: Path) -> None:
    """The JSON form names the scenario and each mismatch."""
    result = run_scenario(one(tmp_path, "expect.prompt = false"))

    assert {
        "file": str(tmp_path / "ana.redeem.toml"),
        "line": 11,
        "name": "Ana books a facial",
        "passed": False,
        "mismatches": [{"what": "prompt", "expected": "false", "actual": "true"}],
    } == result.to_dict()


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
    result = run_scenario(one(tmp_path, text))

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
    scenario = one(tmp_path, text)
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

    assert () == run_scenario(one(tmp_path, text, odd_rules.policy)).mismatches


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
    (told,) = run_scenario(one(tmp_path, text)).mismatches

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
    assert () == run_scenario(one(tmp_path, text)).mismatches


def test_an_existing_redemption_may_be_given_as_it_was_written(tmp_path: Path) -> None:
    """A document with its format is taken as it is; "null" stands for null in it."""
    text = """
    account.cancellation = { window = "24 hours", late = "forfeit" }
    expect.reasons = ["late_change"]
    [scenario.existing]
    format = "pkgredeem-redemption/1"
    client_id = "ana"
    starts_at = 2026-05-02T08:59:59+12:00
    terms = { window = "PT86400S", late = "forfeit", no_show = "null" }
    free_until = 2026-05-01T08:59:59+12:00
    deposit = "not_required"
    card_capture = "not_required"
    rulebook = "timely-2026-03"
    booked_at = 2026-04-01T09:00:00+12:00
    time_zone = "null"
    version = 1
    reschedules = []
    [scenario.existing.booking]
    id = "b0"
    starts_at = 2026-05-02T08:59:59+12:00
    [[scenario.existing.booking.lines]]
    service = { id = "mask", name = "", deposit_required = "null" }
    picked_from = "menu"
    payable = true
    [[scenario.existing.draws]]
    line = 0
    package_id = "p0"
    entitlement_id = "e"
    service_id = "mask"
    state = "reserved"
    ending = "null"
    """
    assert () == run_scenario(one(tmp_path, text)).mismatches


def test_a_scenario_is_asked_of_the_policy_that_is_chosen(tmp_path: Path) -> None:
    """Unless it names a rulebook itself, a scenario is asked of the caller's own policy."""
    april = RedemptionPolicy(rules.TIMELY_2026_04)
    account = 'account = { activated_on = 2026-04-01, online_redemption = "null" }\n'
    chosen = one(tmp_path, account + 'expect.reasons = ["online_redemption_off"]', april)
    named = one(tmp_path, account + 'rulebook = "timely-2026-03"\nexpect.eligible = true', april)

    assert april == chosen.policy
    assert RedemptionPolicy(rules.TIMELY_2026_03) == named.policy
    assert run_scenario(chosen).passed
    assert run_scenario(named).passed


def test_a_scenario_may_say_which_packages_were_picked(tmp_path: Path) -> None:
    """`only` is a fact like those of a case document: another package is not chosen (D68)."""
    text = 'only = ["another"]\nexpect = { eligible = false, reasons = ["package_not_chosen"] }\n'

    assert run_scenario(one(tmp_path, text)).mismatches == ()


def test_a_folder_is_read_in_order_and_a_missing_one_is_an_error(tmp_path: Path) -> None:
    """Files come by name, in the folders below too; other files are left alone."""
    (tmp_path / "b").mkdir()
    for name in ("c.redeem.toml", "b/a.redeem.toml", "a.redeem.toml"):
        (tmp_path / name).write_text(GIVEN + "expect.eligible = true", encoding="utf-8")
    (tmp_path / "notes.toml").write_text("not = 'a scenario'", encoding="utf-8")
    read = [str(scenario.path.relative_to(tmp_path)) for scenario in load_scenarios(tmp_path)]

    assert ["a.redeem.toml", "b/a.redeem.toml", "c.redeem.toml"] == read
    with pytest.raises(FileNotFoundError):
        load_scenarios(tmp_path / "gone.redeem.toml")
    with pytest.raises(InvalidValueError, match="policy must be a RedemptionPolicy, not 'timely'"):
        load_scenarios(tmp_path, policy="timely")  # type: ignore[arg-type]


def test_the_error_of_broken_files_can_be_pickled() -> None:
    """A test runner hands it from one process to another."""
    error = ScenarioFileError(["a.redeem.toml:1: this", "a.redeem.toml:2: that"])
    again = pickle.loads(pickle.dumps(error))  # noqa: S301  (it was pickled here)

    assert error.problems == again.problems
    assert "a.redeem.toml:1: this\na.redeem.toml:2: that" == str(again)


def test_a_step_tells_who_does_what_when() -> None:
    """The title of an act has its instant in UTC."""
    step = next(step for scenario in SCENARIOS for step in scenario.steps)

    assert datetime(2026, 6, 17, 4, tzinfo=UTC) == step.at
    assert "complete at 2026-06-17T04:00:00+00:00 by business" == step.title

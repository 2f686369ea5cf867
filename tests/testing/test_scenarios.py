"""The scenarios beside the article: what they cover, and what running one tells."""

import pickle
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pkgredeem import InvalidValueError, RedemptionPolicy, Rulebook, Scope, rules
from pkgredeem.documents import parse_json, read_case
from pkgredeem.testing import Scenario, ScenarioFileError, load_scenarios, run_scenario
from tests.helpers.scenario_support import FACTS, one_scenario

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
    result = run_scenario(one_scenario(tmp_path, "expect = { eligible = true, reasons = [] }"))

    assert result.passed
    assert () == result.mismatches


def test_a_guest_is_one_only_where_a_client_stands(tmp_path: Path) -> None:
    """The word is a text like any other in a note and in the name of a service."""
    text = 'note = "guest"\nbooking.lines = [{ service = { id = "facial", name = "guest" } }]\n'
    read = one_scenario(tmp_path, text + "expect.eligible = true").case

    assert ("guest", "guest") == (read.note, read.booking.lines[0].service.name)
    assert "ana" == read.client.id


def test_null_is_expected_by_its_name(tmp_path: Path) -> None:
    """A new booking takes the place of none, and without terms nothing is free until an instant."""
    expected = 'replaces = "null", free_until = "null", draws = [{ free_until = "null" }]'

    assert run_scenario(one_scenario(tmp_path, f"expect = {{ {expected} }}")).passed


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
        for mismatch in run_scenario(one_scenario(tmp_path, text)).mismatches
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
    fewer = run_scenario(one_scenario(tmp_path, "expect.draws = []")).mismatches[0]

    assert "none" == fewer.expected
    assert (
        "line 0, package_id p1, entitlement_id main, service_id facial, credits 1, free_until null"
        == fewer.actual
    )


def test_a_failure_shows_the_explanation_and_a_case_to_paste(tmp_path: Path) -> None:
    """The text of a result holds the place, the difference, the decision and the document."""
    scenario = one_scenario(tmp_path, 'expect.reasons = ["no_package"]')
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
    lifted = run_scenario(one_scenario(tmp_path, text)).to_text()
    own = RedemptionPolicy(replace(rules.TIMELY_2026_03, name="house rules"))
    unknown = run_scenario(one_scenario(tmp_path, "expect.eligible = false", own)).to_text()

    assert "--rulebook timely-2026-03 --without mixed_booking --without legacy_package -`" in lifted
    assert "`pkgredeem decide --policy MODULE:NAME -`, with the module of 'house rules':" in unknown


def test_a_result_is_told_as_plain_values(tmp_path: Path) -> None:
    """The JSON form names the scenario and each mismatch."""
    result = run_scenario(one_scenario(tmp_path, "expect.prompt = false"))

    assert {
        "file": str(tmp_path / "ana.redeem.toml"),
        "line": 11,
        "name": "Ana books a facial",
        "passed": False,
        "mismatches": [{"what": "prompt", "expected": "false", "actual": "true"}],
    } == result.to_dict()


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
    assert () == run_scenario(one_scenario(tmp_path, text)).mismatches


def test_a_scenario_is_asked_of_the_policy_that_is_chosen(tmp_path: Path) -> None:
    """Unless it names a rulebook itself, a scenario is asked of the caller's own policy."""
    april = RedemptionPolicy(rules.TIMELY_2026_04)
    account = 'account = { activated_on = 2026-04-01, online_redemption = "null" }\n'
    chosen = one_scenario(tmp_path, account + 'expect.reasons = ["online_redemption_off"]', april)
    named = one_scenario(
        tmp_path, account + 'rulebook = "timely-2026-03"\nexpect.eligible = true', april
    )

    assert april == chosen.policy
    assert RedemptionPolicy(rules.TIMELY_2026_03) == named.policy
    assert run_scenario(chosen).passed
    assert run_scenario(named).passed


@pytest.mark.parametrize(
    ("given", "own", "asked"),
    [
        ("", "", rules.TIMELY_2026_04),
        ('rulebook = "in-store"', "", rules.IN_STORE),
        ("", 'rulebook = "in-store"', rules.IN_STORE),
        ('rulebook = "online"', 'rulebook = "in-store"', rules.IN_STORE),
        ("", 'without = "package_over"', rules.TIMELY_2026_04.without(rules.package_over)),
        (
            'rulebook = "in-store"',
            'without = ["package_over"]',
            rules.IN_STORE.without(rules.package_over),
        ),
        (
            'without = ["package_over"]',
            'rulebook = "in-store"',
            rules.IN_STORE.without(rules.package_over),
        ),
        (
            'without = ["mixed_booking"]',
            'without = ["package_over"]',
            rules.TIMELY_2026_04.without(rules.package_over),
        ),
        ('without = ["package_over"]', "without = []", rules.TIMELY_2026_04),
        ('rulebook = "in-store"', 'without = ["mixed_booking"]', rules.IN_STORE),
    ],
)
def test_rulebook_and_what_is_lifted_are_told_apart(
    tmp_path: Path, given: str, own: str, asked: Rulebook
) -> None:
    """Each of the two is the scenario's own, else the shared one, whatever the other is."""
    april = RedemptionPolicy(rules.TIMELY_2026_04)
    text = f"{own}\nexpect.reasons = []"

    assert asked == one_scenario(tmp_path, text, april, given).policy.rulebook


def test_a_scenario_may_say_which_packages_were_picked(tmp_path: Path) -> None:
    """`only` is a fact like those of a case document: another package is not chosen (D68)."""
    text = 'only = ["another"]\nexpect = { eligible = false, reasons = ["package_not_chosen"] }\n'

    assert run_scenario(one_scenario(tmp_path, text)).mismatches == ()


def test_a_folder_is_read_in_order_and_a_missing_one_is_an_error(tmp_path: Path) -> None:
    """Files come by name, in the folders below too; other files are left alone."""
    (tmp_path / "b").mkdir()
    for name in ("c.redeem.toml", "b/a.redeem.toml", "a.redeem.toml"):
        (tmp_path / name).write_text(
            f'{FACTS}[[scenario]]\nname = "x"\nexpect.eligible = true', encoding="utf-8"
        )
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

"""Scenario files that are wrong: each problem is told with its line and the nearest right word."""

from pathlib import Path

import pytest

from pkgredeem.testing import ScenarioFileError, load_scenarios
from tests.helpers.documents_support import REMAINING

GIVEN = """\
[given]
now = 2026-05-01T09:00:00+12:00
account = { online_redemption = true, client_login = "optional", time_zone = "Pacific/Auckland" }
client = { id = "ana", logged_in = true }
booking = { id = "b1", starts_at = 2026-05-05T10:00:00+12:00, lines = [{ service.id = "facial" }] }

[[given.packages]]
id = "p1"
client_id = "ana"
entitlements = [{ services = ["facial"], remaining = 2 }]

"""

GOOD = """\
[[scenario]]
name = "good"
expect.eligible = true

"""

INSTANT = "an instant with its offset, such as 2026-05-05T10:00:00+12:00 or 2026-05-04T22:00:00Z"


def problems(folder: Path, text: str, name: str = "x.redeem.toml") -> list[str]:
    """Read a text as a scenario file and return its problems without the folder."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioFileError) as caught:
        load_scenarios(folder)
    return [problem.removeprefix(f"{path}:") for problem in caught.value.problems]


OF_DECISION = "eligible, reasons, notes, deposit, card_capture, draws, free_until, prompt, replaces"
OF_DRAW = "line, package_id, entitlement_id, service_id, credits, free_until"
OF_ACT = "allowed, outcome, late, window, findings"
THE_ACTS = "an act is one key of cancel, reschedule, no_show, complete, forgive: give exactly one"
THEN = "expect.eligible = true\n[[scenario.then]]\n"
CANCEL = THEN + "cancel = 2026-05-04T10:00:00Z\nby = 'client'\n"
TWO_PACKAGES = """\
[[scenario.packages]]
id = "p1"
[[scenario.packages]]
id = "p2"
client_id = "ana"
entitlements = [{ services = ["facial"], remaning = 1 }]
[scenario.expect]
eligible = true
"""

# What is expected, after the shared facts and the name on line 13, and what is told of it.
EXPECTED = [
    ("", f"12: expect is missing: give one or more of {OF_DECISION}"),
    ("expect = {}", f"14: nothing is expected: give one or more of {OF_DECISION}"),
    ("expect.reson = []", "14: reson is an unknown key: give reasons"),
    ('expect.xyz = "x"', f"14: xyz is an unknown key: give one of {OF_DECISION}"),
    ('expect.eligible = "yes"', "14: eligible is 'yes': give true or false"),
    ('expect.reasons = "no_package"', "14: reasons is 'no_package': give a list of codes"),
    (
        'expect.reasons = [\n"no_package",\n"no_pakage",\n]',
        "16: reasons holds 'no_pakage': give no_",
    ),
    ("expect.notes = [3]", "14: notes holds 3: give one of account_on_legacy_packages, "),
    ('expect.deposit = "wavied"', "14: deposit is 'wavied': give waived"),
    (
        'expect.card_capture = "z"',
        "14: card_capture is 'z': give one of not_required, capture, byp",
    ),
    ('expect.draws = "p1"', "14: draws is 'p1': give a list of tables of line, package_id, entitl"),
    ("expect.draws = [{}]", f"14: draws[0] expects nothing: give one or more of {OF_DRAW}"),
    (
        "expect.eligible = true\nexpect.draws = [{ line = 0 }, {}]",
        f"15: draws[1] expects nothing: give one or more of {OF_DRAW}",
    ),
    (
        "expect.eligible = true\n[[scenario.expect.draws]]\nline = 0\n[[scenario.expect.draws]]",
        f"17: draws[1] expects nothing: give one or more of {OF_DRAW}",
    ),
    ("expect.draws = [{ pakage_id = 'p' }]", "14: pakage_id is an unknown key: give package_id"),
    (
        "[[scenario.expect.draws]]\nline = 0\n[[scenario.expect.draws]]\nline = true",
        "17: line is True: give the index of a line",
    ),
    ("expect.draws = [{ line = true }]", "14: line is True: give the index of a line"),
    ("expect.draws = [{ package_id = 1 }]", "14: package_id is 1: give an id"),
    ("expect.draws = [{ credits = '75' }]", "14: credits is '75': give a whole number"),
    (
        "expect.draws = [{ free_until = '2026-05-04' }]",
        f"14: free_until is '2026-05-04': give {INSTANT}",
    ),
    (
        "expect.free_until = 2026-05-04T10:00:00",
        f"14: free_until is '2026-05-04T10:00:00': give {INSTANT}",
    ),
    ("expect.free_until = 5", f"14: free_until is 5: give {INSTANT}"),
]

# What stands there besides, before `expect.eligible = true`.
BESIDES = [
    ("expects.eligible = true", "14: expects is an unknown key: give expect"),
    ('rulebook = "timely-2026-3"', "14: rulebook is 'timely-2026-3': give timely-2026-03"),
    (
        "rulebook = 3",
        "14: rulebook is 3: give one of timely-2026-03, timely-2026-04, online, in-store",
    ),
    ('without = ["mixed_bookings"]', "14: without holds 'mixed_bookings': give mixed_booking"),
    (
        'without = [\n"mixed_booking",\n"mixed_bookings",\n]',
        "16: without holds 'mixed_bookings': give mixed_booking",
    ),
    (
        'without = [\n"mixed_booking",\n"no_package",\n]',
        "16: without holds 'no_package': give rules that can be lifted ",
    ),
    ("# now = 3\nnow = 4", f"15: now must be {INSTANT}, not 4"),
    ('without = "no_package"', "14: without holds 'no_package': give rules that can be lifted "),
    ('client.logged_in = "yes"', '14: client.logged_in must be true or false, not "yes"'),
    (
        "booking.strats_at = 2026-05-05T10:00:00Z",
        "14: booking.strats_at must be the key starts_at, not an unknown key",
    ),
    ("now = 2026-05-05T10:00:00", f'14: now must be {INSTANT}, not "2026-05-05T10:00:00"'),
    ("now = 10:00:00", f'14: now must be {INSTANT}, not "10:00:00"'),
    (
        'package.statsu = "archived"',
        "14: packages[0].statsu must be the key status, not an unknown key",
    ),
    (
        "packages = []\npackage.status = 'archived'",
        "15: package is laid over the only package: give packages",
    ),
    (
        "packages = [{ id = 'p1' }, { id = 'p2' }]\npackage.status = 'archived'",
        "15: package is laid over the only package: give packages",
    ),
    (
        "packages = [\n{ id = 'p1', client_id = 'ana', entitlements = [{ remaning = 1 }] }]",
        "15: packages[0].entitlements[0].remaning must be the key remaining, not an unknown key",
    ),
    ("packages = 3\npackage.id = 'x'", "15: package is laid over the only package: give packages"),
    (
        "without = ['late_change']",
        "14: without holds 'late_change': give one of account_on_legacy_packages, ",
    ),
    ("existing = 3", "14: existing must be a redemption as Redemption.to_document writes it"),
    (
        'existing = { packages = [], booking.id = "b0" }',
        "14: existing could not be booked (no_package): give a booking that was eligible",
    ),
    ('existing.booking.id = ""', '14: booking.id must be a text that is not empty, not ""'),
    (
        "packages = [{ entitlements = [{ services = ['facial'], remaining = 'null' }] }]",
        f"14: packages[0].entitlements[0].remaining must be {REMAINING}, not null",
    ),
    ("only = 'p1'", '14: only must be a list of one package id or more, or null, not "p1"'),
    (
        "package.restrictions.hours = [{ days = ['moon'], opens = 09:00:00 }]",
        '14: packages[0].restrictions.hours[0].days[0] must be one of "mon", "tue", "wed", ',
    ),
    (
        "package.pauses = [{ starts_on = 2026-08-01, through = 2026-07-31 }]",
        "14: packages[0].pauses[0].starts_on must be before the end of the pause, ",
    ),
    ("then = []", "14: then is empty: give [[scenario.then]], once or more"),
    ("then = [{}]", f"14: {THE_ACTS}"),
    ("then = 3", "14: then is no table: give [[scenario.then]]"),
]

# Acts: the header on line 15.
ACTS = [
    (THEN + "by = 'client'\nlate = true", f"15: {THE_ACTS}"),
    (CANCEL + "no_show = 2026-05-04T10:00:00Z\nlate = true", f"15: {THE_ACTS}"),
    (THEN + "canel = 2026-05-04T10:00:00Z", "16: canel is an unknown key: give cancel"),
    (
        THEN + "cancel = 2026-05-04T10:00:00Z\nlate = true",
        "15: by is missing: give one of client, business",
    ),
    (CANCEL.replace("client", "clinet") + "late = true", "17: by is 'clinet': give client"),
    (
        THEN + "cancel = 'tomorrow'\nby = 'client'\nlate = true",
        f"16: cancel is 'tomorrow': give {INSTANT}",
    ),
    (CANCEL, f"15: nothing is expected: give one or more of {OF_ACT}"),
    (CANCEL + "outcom = 'return'", "18: outcom is an unknown key: give outcome"),
    (CANCEL + "window = 3", "18: window is 3: give text"),
    (CANCEL + "outcome = 'returned'", "18: outcome is 'returned': give return"),
    (
        CANCEL + "findings = ['late_cancelation']",
        "18: findings holds 'late_cancelation': give late_cancellation",
    ),
    (CANCEL + "findings = ['late_chnge']", "18: findings holds 'late_chnge': give late_change"),
    (
        CANCEL + "lines = [true]\nlate = true",
        "18: lines is [True]: give a list of indexes of lines, such as [0]",
    ),
    (
        CANCEL + "lines = 0\nlate = true",
        "18: lines is 0: give a list of indexes of lines, such as [0]",
    ),
    (
        CANCEL.replace("cancel", "no_show") + "late = true",
        f"17: by is an unknown key: give one of {OF_ACT}, lines, note",
    ),
    (
        THEN + "forgive = 2026-05-05T10:00:00Z\nnote = 3\nallowed = true",
        "17: note is 3: give text",
    ),
    (
        CANCEL.replace("cancel", "reschedule") + "allowed = true",
        "15: to is missing: give the new start",
    ),
    (
        CANCEL + "late = true\n" + CANCEL.partition("\n")[2] + "late = 3",
        "22: late is 3: give true or false",
    ),
    (
        CANCEL + "late = true\n[[scenario.then]]\ncancel = 2026-05-04T10:00:00Z\nlate = true",
        "19: by is missing: give one of client, business",
    ),
    (
        TWO_PACKAGES,
        "19: packages[1].entitlements[0].remaning must be the key remaining, not an unknown key",
    ),
]
WRONG = [*EXPECTED, *((f"{text}\nexpect.eligible = true", told) for text, told in BESIDES), *ACTS]


@pytest.mark.parametrize(("text", "told"), WRONG)
def test_a_wrong_scenario_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    """What is wrong stands there with the line of the key, and what to give in its place."""
    found = problems(tmp_path, f'{GIVEN}[[scenario]]\nname = "x"\n{text}\n')

    assert told in {problem[: len(told)] for problem in found}


FILES = [
    ("x = 3\n" + GIVEN + GOOD, ["1: x is an unknown key: give one of given, scenario"]),
    (GIVEN + GOOD + "[scenarios]\n",
     ["16: scenarios is an unknown key: give scenario"]),
    ("given = 3\n" + GOOD, ["1: given is no table: give [given]"]),
    (GIVEN, ["1: give [[scenario]], once or more"]),
    (GIVEN + "[scenario]\nname = 'x'\n", ["12: give [[scenario]], once or more"]),
    ("scenario = [1]\n", ["1: give [[scenario]], once or more"]),
    (GIVEN.replace("now =", "nwo =") + GOOD,
     ["2: nwo is an unknown key: give now",
      f"12: now is missing: it must be {INSTANT}"]),
    (GIVEN.replace('id = "b1", ', "") + GOOD,
     ["5: booking.id is missing: it must be a text that is not empty"]),
    (GIVEN.replace('"ana"\n', "3\n") + GOOD + GOOD.replace("good", "as good"),
     ['9: packages[0].client_id must be a text that is not empty (ids are texts: "3"), not 3']),
    (GIVEN + "[[scenario]]\nexpect.eligible = true\n",
     ["12: name is missing: say in a few words what the scenario shows"]),
    (GIVEN + "[[scenario]]\nname = ' '\nexpect.eligible = true\n",
     ["13: name is missing: say in a few words what the scenario shows"]),
    (GIVEN + GOOD + GOOD, ["17: name is 'good' again: give each name only once"]),
    (GIVEN + GOOD + "# [[scenario]]\n# now = 3\n[[scenario]]\nname = 'x'\nnow = 3\n"
     "expect.eligible = true\n", [f"20: now must be {INSTANT}, not 3"]),
    (GIVEN + GOOD.replace("good", "one") + "[[scenario]]\nname = 'two'\nnow = 3\n"
     "expect.eligible = 1\n",
     [f"18: now must be {INSTANT}, not 3", "19: eligible is 1: give true or false"]),
    (GIVEN + '[given.account.cancellation]\nwindow = "1 fortnight"\nlate = "forfeit"\n' + GOOD,
     ["12: this is not TOML: "]),
    ("[given\n", ["1: this is not TOML: "]),
    ('a = """\n', ["1: this is not TOML: "]),
    ('a = 1\nb = """\n\n', ["3: this is not TOML: "]),
    ("scenario = []\n", ["1: give [[scenario]], once or more"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told"), FILES)
def test_a_wrong_file_is_told_with_its_lines(tmp_path: Path, text: str, told: list[str]) -> None:
    """Problems of the file and of the shared facts are told once, where they stand."""
    found = problems(tmp_path, text)

    assert len(told) == len(found)
    assert told == [problem[: len(start)] for problem, start in zip(found, told, strict=True)]


@pytest.mark.parametrize("name", ['["a"]', "{ a = 1 }", "3", "''"])
def test_what_is_no_name_is_told_once(tmp_path: Path, name: str) -> None:
    """Only a text can be a name, and only a name can be there twice."""
    text = f"[[scenario]]\nname = {name}\nexpect.eligible = true\n"
    missing = "name is missing: say in a few words what the scenario shows"

    assert [f"13: {missing}", f"16: {missing}"] == problems(tmp_path, GIVEN + text + text)


def test_scenarios_without_a_name_are_told_once_each(tmp_path: Path) -> None:
    """Nothing is not there twice."""
    text = "[[scenario]]\nexpect.eligible = true\n"
    missing = "name is missing: say in a few words what the scenario shows"

    assert [f"12: {missing}", f"14: {missing}"] == problems(tmp_path, GIVEN + text + text)


TOO_LONG = "14: this holds a number of more than 600 digits: give at most 600 digits"
TOO_DEEP = "1: this is too deep: give at most 100 tables and lists inside each other"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("now = " + "9" * 5000, TOO_LONG),
        ("now = -" + "9" * 601, TOO_LONG),
        (f"only = [{'9' * 100}]\nnow = {'9' * 601}", TOO_LONG.replace("14:", "15:")),
        ("now = " + "9_" * 599 + "9", "14: now must be "),
        (f"rulebook = {10**600:#x}", TOO_LONG),
        (f"rulebook = {10**600 - 1:#x}", "14: rulebook is 999"),
        ("now = " + "[" * 3000 + "]" * 3000, TOO_DEEP),
        # the file, the list of scenarios and the scenario are three of them
        (f"now{'.a' * 98} = 1", TOO_DEEP),
        (f"now{'.a' * 97} = 1", "14: now.a.a"),
        (f"expect{'.a' * 3000} = 1", TOO_DEEP),
        ("now = " + "[" * 98 + "]" * 98, TOO_DEEP),
        ("now = " + "[" * 97 + "]" * 97, "14: now[0][0]"),
    ],
)
def test_what_nobody_could_read_is_told(tmp_path: Path, line: str, told: str) -> None:
    """A number too long to be shown, or a nest too deep to be walked, is one problem."""
    (found,) = problems(
        tmp_path, f"{GIVEN}[[scenario]]\nname = 'x'\n{line}\nexpect.eligible = true\n"
    )

    assert told == found[: len(told)]


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    """A file that is not UTF-8 has one problem."""
    path = tmp_path / "x.redeem.toml"
    path.write_bytes(b"[given]\n\xff")
    with pytest.raises(ScenarioFileError) as caught:
        load_scenarios(path)

    assert f"{path}:1: this is not UTF-8 at byte 8: give TOML in UTF-8" == str(caught.value)


def test_the_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    """Nobody has to mend one file to learn of the next."""
    (tmp_path / "a.redeem.toml").write_text("x = 3\n" + GIVEN + GOOD, encoding="utf-8")

    assert 2 == len(problems(tmp_path, GIVEN, "b.redeem.toml"))

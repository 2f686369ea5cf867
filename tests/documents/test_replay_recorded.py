"""Lines with a decision of the time: a replay under its rulebook reproduces it, or says where."""

import json
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from pkgredeem import Audience
from pkgredeem.documents import case_document, decision_document
from pkgredeem.documents.replay import Replay, Reproduction, ranges, replay
from pkgredeem.documents.replay._counts import MOST_EXAMPLES
from tests.helpers.documents_support import changed
from tests.helpers.histories import IN_STORE, ONLINE, five, recorded, visit, write_lines
from tests.helpers.redeemed_case import proposal


def reproduction(path: Path, *lines: str, carry: bool = False) -> Reproduction:
    """Return how the replay in store of these lines compares."""
    found = replay(write_lines(path / "year.jsonl", lines), IN_STORE, carry=carry)
    assert () == found.problems
    return found.first.reproduction


@pytest.mark.parametrize("audience", list(Audience))
def test_what_nothing_has_changed_is_reproduced(tmp_path: Path, audience: Audience) -> None:
    """Eligible and refused, as staff got it and as the client did; null says nothing."""
    lines = [recorded(visit(number, five(1 - number)), audience=audience) for number in range(2)]
    plain = json.dumps(case_document(visit(2, five())) | {"recorded": None})

    assert Reproduction(compared=2, reproduced=2) == reproduction(tmp_path, *lines, plain)


@pytest.mark.parametrize("key", ["reasons", "draws", "rulebook", "time_zone"])
def test_one_key_that_only_staff_get_makes_a_document_of_staff(tmp_path: Path, key: str) -> None:
    """Of which more may have been left out: the text beside it is what staff were told."""
    case = visit(0, five())
    decision = IN_STORE.decide_case(case)
    staff = decision_document(decision, Audience.STAFF)
    lines = [
        json.dumps(
            case_document(case)
            | {"recorded": {"format": staff["format"], "text": text, key: staff[key]}}
        )
        for text in (staff["text"], "a package can be used for this booking")
    ]
    found = reproduction(tmp_path, *lines)

    assert (2, 1, (("text", 1),)) == (found.compared, found.reproduced, found.differences)
    assert [2] == [number for number, _ in found.examples]


def test_what_is_left_of_a_document_for_a_client_is_compared_with_theirs(tmp_path: Path) -> None:
    """Without a key that only staff get, the text is the client's sentence."""
    case = visit(0, five())
    told = {"format": "pkgredeem-decision/1", "text": "a package can be used for this booking"}
    line = json.dumps(case_document(case) | {"recorded": told})

    assert Reproduction(compared=1, reproduced=1) == reproduction(tmp_path, line)


def test_a_line_that_is_read_with_care_is_compared_alike(tmp_path: Path) -> None:
    """A line of more than a million characters is never read quickly; blanks say nothing."""
    line = recorded(visit(0, five()))

    assert Reproduction(compared=1, reproduced=1) == reproduction(tmp_path, " " * 1_000_000 + line)


def test_a_case_beside_a_decision_of_its_time_is_judged_as_any_other(tmp_path: Path) -> None:
    """Ana's redemption is never handed in for Beth, whatever was decided then (D21)."""
    case = changed({"existing": proposal().to_document(), "client.id": "beth"})
    line = json.dumps(case | {"recorded": {"format": "pkgredeem-decision/1"}})
    found = replay(write_lines(tmp_path / "year.jsonl", [line]), IN_STORE)

    assert 1 == found.unreadable
    assert (
        (1, 'existing.client_id must be the client who books, "beth", not "ana"'),
    ) == found.problems


def test_every_key_that_differs_is_counted_and_told(tmp_path: Path) -> None:
    """A line counts once for each key; inside of lists and objects the key is told whole."""
    case = visit(0, five())
    draw = decision_document(IN_STORE.decide_case(case), Audience.STAFF)["draws"]
    assert isinstance(draw, list)
    lines = [
        recorded(case),
        recorded(case, {"deposit": "collect", "draws": [draw[0] | {"package_id": "p7"}]}),
        recorded(case, {"deposit": "waived", "draws": [], "uncovered": [0]}),
        recorded(case, {"draws": [draw[0] | {"line": False, "old": 1}]}),
    ]

    assert Reproduction(
        compared=4,
        reproduced=1,
        differences=(
            ("deposit", 2),
            ("draws", 1),
            ("draws[].line", 1),
            ("draws[].old", 1),
            ("draws[].package_id", 1),
            ("uncovered", 1),
        ),
        examples=(
            (2, 'deposit was "collect", and is "not_required"'),
            (2, 'draws[].package_id was "p7", and is "p1"'),
            (3, 'deposit was "waived", and is "not_required"'),
            (3, f"draws was [], and is {json.dumps(draw)[:60]}..."),
            (3, "uncovered was [0], and is []"),
            (4, "draws[].line was false, and is 0"),
            (4, "draws[].old was 1, and is not there"),
        ),
    ) == reproduction(tmp_path, *lines)


def test_what_staff_got_is_compared_as_theirs_though_draws_are_left_out(tmp_path: Path) -> None:
    """Reasons say whose text it is: a client gets none, and another text."""
    told = json.loads(recorded(visit(0, five())))
    del told["recorded"]["draws"]

    assert Reproduction(compared=1, reproduced=1) == reproduction(tmp_path, json.dumps(told))


def test_what_a_decision_holds_now_and_did_not_then_is_told(tmp_path: Path) -> None:
    """Inside of what was recorded; and a value of sixty signs is told whole, not one of more."""
    case = visit(0, five())
    (draw,) = cast(
        "list[dict[str, object]]",
        decision_document(IN_STORE.decide_case(case), Audience.STAFF)["draws"],
    )
    del draw["terms"]
    sixty, more = [int("1" * 58)], [int("2" * 59)]
    found = reproduction(
        tmp_path,
        recorded(case, {"draws": [draw]}),
        recorded(case, {"uncovered": sixty}),
        recorded(case, {"uncovered": more}),
    )

    assert (("draws[].terms", 1), ("uncovered", 2)) == found.differences
    assert (
        (1, "draws[].terms was not there, and is null"),
        (2, f"uncovered was [{'1' * 58}], and is []"),
        (3, f"uncovered was [{'2' * 59}..., and is []"),
    ) == found.examples


def test_a_line_that_differs_twice_in_one_key_counts_once(tmp_path: Path) -> None:
    """Two lines of a booking were paid with another package; each of them is told."""
    one = visit(0, five())
    both = replace(one, booking=replace(one.booking, lines=one.booking.lines * 2))
    draws = decision_document(IN_STORE.decide_case(both), Audience.STAFF)["draws"]
    assert isinstance(draws, list)
    line = recorded(both, {"draws": [draw | {"package_id": "p7"} for draw in draws]})
    found = reproduction(tmp_path, line)

    assert (("draws[].package_id", 1),) == found.differences
    assert ((1, 'draws[].package_id was "p7", and is "p1"'),) * 2 == found.examples


def test_of_another_answer_only_the_answer_is_told(tmp_path: Path) -> None:
    """All else follows from it: every key is counted, and the line tells why it is refused."""
    was = decision_document(IN_STORE.decide_case(visit(0, five())), Audience.STAFF)
    now = json.dumps(case_document(visit(0, five(0))) | {"recorded": was})
    back = json.dumps(case_document(visit(1, five())) | {"recorded": {**was, "eligible": False}})
    found = reproduction(tmp_path, now, back)

    assert (
        (1, "eligible was true, and is false (package_used_up)"),
        (2, "eligible was false, and is true"),
    ) == found.examples
    assert {"draws": 1, "eligible": 2}.items() <= dict(found.differences).items()


def test_a_decision_under_another_rulebook_is_not_compared(tmp_path: Path) -> None:
    """It is counted; beside it the rulebook of the time is."""
    path = write_lines(tmp_path / "year.jsonl", [recorded(visit(0, five()), policy=ONLINE)])
    found = replay(path, IN_STORE, ONLINE)

    assert Reproduction(other_rulebook=1) == found.first.reproduction
    assert found.second is not None
    assert Reproduction(compared=1, reproduced=1) == found.second.reproduction


def test_a_history_is_reproduced_with_carry(tmp_path: Path) -> None:
    """Each line was decided with what was left then; the first line says five."""
    lines = [recorded(visit(number, five(max(0, 2 - number)))) for number in range(4)]
    snapshots = [
        json.dumps(json.loads(line) | {"packages": json.loads(lines[0])["packages"]})
        for line in lines
    ]
    found = reproduction(tmp_path, *snapshots[::-1], carry=True)

    assert (4, 4) == (found.compared, found.reproduced)


def test_only_the_first_differences_are_kept(tmp_path: Path) -> None:
    """The first twenty of the file, in whatever order its parts are merged or carried."""
    lines = [recorded(visit(number, five()), {"deposit": "waived"}) for number in range(50)]
    path = write_lines(tmp_path / "year.jsonl", lines[::-1])
    parts = [replay(path, IN_STORE, start=start, stop=stop) for start, stop in ranges(path, 3)]
    for found in (Replay.merged(parts), replay(path, IN_STORE)):
        examples = found.first.reproduction.examples
        assert [*range(1, MOST_EXAMPLES + 1)] == [number for number, _ in examples]


def test_what_is_recorded_must_be_a_decision(tmp_path: Path) -> None:
    """What it holds is compared, and not judged; but its keys must be those of a decision."""
    wrong = [
        recorded(visit(0, five()), {"format": "pkgredeem-decision/0"}),
        recorded(visit(0, five()), {"elegible": True}),
        json.dumps(case_document(visit(0, five())) | {"recorded": "yes"}),
        json.dumps(case_document(visit(0, five())) | {"recorded": {}, "nwo": 1}),
        '{"recorded": ',
    ]
    found = replay(write_lines(tmp_path / "year.jsonl", wrong), IN_STORE)
    no_json = "a text with an error at line 2, column 1 (expecting value)"

    assert (
        (1, 'recorded.format must be "pkgredeem-decision/1", not "pkgredeem-decision/0"'),
        (2, "recorded.elegible must be the key eligible, not an unknown key"),
        (3, 'recorded must be a decision document, or null, not "yes"'),
        (4, 'recorded.format is missing: it must be "pkgredeem-decision/1"'),
        (5, f"document must be one JSON value, not {no_json}"),
    ) == found.problems

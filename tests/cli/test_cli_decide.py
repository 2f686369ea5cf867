"""`pkgredeem decide`: what is printed, in which order, and with which exit status."""

import json
import shutil
from pathlib import Path

import pytest

from pkgredeem import Audience, RedemptionPolicy
from pkgredeem.cli import main
from pkgredeem.documents import decision_document, load_case
from tests.helpers.cli_support import (
    CASE,
    ELIGIBLE,
    EXAMPLES,
    NOT_LOGGED_IN,
    REFUSED,
    Result,
    opened_by,
    run,
    written,
)

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")
HOUSE_RULES = Path(__file__).parents[2] / "docs/examples/house_rules.py"

TWO_PACKAGES = {
    **CASE,
    "packages": [
        {"id": each, "client_id": "ana", "entitlements": [{"services": ["facial"], "remaining": 1}]}
        for each in ("p1", "p2")
    ],
}


def test_an_eligible_case_is_explained_with_status_0(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The answer stands first, then what follows; nothing is said on standard error."""
    written(tmp_path, "a.json", CASE)

    assert Result(0, ELIGIBLE, "") == run(monkeypatch, "decide", "a.json")


def test_a_refused_case_is_explained_with_status_1(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Each reason has its clause and what would change it."""
    written(tmp_path, "a.json", NOT_LOGGED_IN)

    assert Result(1, REFUSED, "") == run(monkeypatch, "decide", "a.json")


def test_a_policy_of_ones_own_decides(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The rules of a module of this folder, which need not be installed, and one of them lifted."""
    shutil.copy(HOUSE_RULES, tmp_path / "rules_of_this_house.py")
    saturday = CASE["booking"] | {"starts_at": "2026-05-09T10:00:00+12:00"}  # type: ignore[operator]
    written(tmp_path, "a.json", {**CASE, "booking": saturday})
    named = ("decide", "a.json", "--policy", "rules_of_this_house:POLICY")
    refused = run(monkeypatch, *named)
    lifted = run(monkeypatch, *named, "--without", "on_a_saturday")

    assert [1, 0] == [refused.status, lifted.status]
    assert "reason: on_a_saturday [HOUSE-1] the appointment is on a Saturday; " in refused.out


def test_a_case_that_a_rule_can_not_be_asked_about_is_bad_input(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A rule of the house asks for local time, and the account has no zone."""
    shutil.copy(HOUSE_RULES, tmp_path / "rules_asking_for_time.py")
    case = {**CASE, "account": {**CASE["account"], "time_zone": None}}  # type: ignore[dict-item]
    written(tmp_path, "a.json", case)
    (tmp_path / "b.jsonl").write_text(f"{json.dumps(case)}\n{json.dumps(CASE)}\n")
    told = (
        "AccountSettings.time_zone must be a ZoneInfo where a rule asks for local time, not None\n"
    )
    named = ("--policy", "rules_asking_for_time:POLICY")
    at = ("--at", "2026-05-04T10:00:00Z", "--by", "client")
    stream = run(monkeypatch, "decide", "b.jsonl", *named)

    assert Result(2, "", f"a.json: {told}") == run(monkeypatch, "decide", "a.json", *named)
    assert Result(2, "", f"a.json: {told}") == run(monkeypatch, "cancel", "a.json", *named, *at)
    assert (2, f"b.jsonl:1: {told}") == (stream.status, stream.err)
    assert stream.out.startswith("b.jsonl:2\neligible under ")


def test_several_cases_are_headed_by_their_files_and_summed_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """They come in the order given; one refusal makes the status 1."""
    written(tmp_path, "a.json", CASE)
    written(tmp_path, "b.json", NOT_LOGGED_IN)
    summary = (
        f"2 decisions: 1 eligible (50.0%), 1 refused\n  client_not_logged_in        {'█' * 30} 1\n"
    )

    assert Result(1, f"b.json\n{REFUSED}\na.json\n{ELIGIBLE}\n{summary}", "") == run(
        monkeypatch, "decide", "b.json", "a.json"
    )


def test_every_example_is_told_as_the_library_explains_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a pipe, staff read the very lines of `explain`."""
    paths = sorted(EXAMPLES.glob("*.json"))
    decisions = [RedemptionPolicy().decide_case(load_case(path)) for path in paths]
    result = run(monkeypatch, "decide", *paths)

    assert 1 == result.status
    assert [
        f"{path}\n{decision.explain(Audience.STAFF)}"
        for path, decision in zip(paths, decisions, strict=True)
    ] == result.out.split("\n\n")[:-1]


def test_a_client_is_told_one_sentence_and_the_schedule(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nothing of a package, a count or the money is told to a client."""
    written(tmp_path, "a.json", CASE)
    written(tmp_path, "b.json", NOT_LOGGED_IN)
    eligible = (
        "a package can be used for this booking\n"
        "cancellation: free until Mon 4 May 10:00, then the credit is forfeited\n"
    )

    assert Result(0, eligible, "") == run(monkeypatch, "decide", "a.json", "--audience", "client")
    assert Result(1, "log in to use a package\n", "") == run(
        monkeypatch, "decide", "b.json", "--audience", "client"
    )


@pytest.mark.parametrize("audience", list(Audience))
def test_json_is_one_decision_document_a_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, audience: Audience
) -> None:
    """Each input gives the document that the library writes, and nothing else is printed."""
    paths = [written(tmp_path, "a.json", CASE), written(tmp_path, "b.json", NOT_LOGGED_IN)]
    documents = [
        decision_document(RedemptionPolicy().decide_case(load_case(path)), audience)
        for path in paths
    ]
    result = run(monkeypatch, "decide", *paths, "--format", "json", "--audience", audience)

    assert (1, "") == (result.status, result.err)
    assert documents == [json.loads(line) for line in result.out.splitlines()]


def test_json_is_ascii(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No sign of an id can reach the terminal through JSON, and any encoding will do."""
    booking = {**CASE["booking"], "id": "b\u009b31m\u202eü"}  # type: ignore[dict-item]  # it is a dict
    written(tmp_path, "a.json", {**CASE, "booking": booking})
    result = run(monkeypatch, "decide", "a.json", "--format", "json", encoding="ascii")

    assert 0 == result.status
    assert '"booking_id": "b\\u009b31m\\u202e\\u00fc"' in result.out


@pytest.mark.parametrize(
    ("rulebook", "status", "answer"),
    [
        ("timely-2026-03", 0, "eligible under timely-2026-03: "),
        (
            "timely-2026-04",
            1,
            "refused under timely-2026-04: 1 reason\nreason: online_redemption_off",
        ),
        ("in-store", 0, "eligible under in-store: "),
    ],
)
def test_the_rulebook_is_chosen_by_name(
    monkeypatch: pytest.MonkeyPatch, rulebook: str, status: int, answer: str
) -> None:
    """An account activated on 1 April starts switched on by the March edition only."""
    path = EXAMPLES / "new-account-starts-on.json"
    result = run(monkeypatch, "decide", path, "--rulebook", rulebook)

    assert (status, True) == (result.status, result.out.startswith(answer))


def test_lifted_rules_refuse_no_more(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A rule that is lifted, twice or once, is named in the answer's rulebook and in no reason."""
    written(tmp_path, "a.json", {**TWO_PACKAGES, "client": {"id": "ana"}})
    lifted = ["--without", "client_not_logged_in", "--without", "several_active_packages"]
    name = "timely-2026-03 -client_not_logged_in -several_active_packages"
    before = run(monkeypatch, "decide", "a.json")
    after = run(monkeypatch, "decide", "a.json", *lifted, *lifted)

    assert (1, "refused under timely-2026-03: 2 reasons") == (
        before.status,
        before.out.partition("\n")[0],
    )
    assert (0, f"eligible under {name}: a package can be used for this booking") == (
        after.status,
        after.out.partition("\n")[0],
    )


def test_a_bad_document_leaves_standard_output_empty(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Good files beside it are not printed; all problems of all files are told at once."""
    written(tmp_path, "good.json", CASE)
    written(tmp_path, "bad.json", {**CASE, "now": "soon", "client": {"id": "ana", "logged_in": 1}})
    (tmp_path / "none.json").write_bytes(b"\xff\x00")
    told = (
        "bad.json: now must be an instant with its offset, such as "
        '2026-05-05T10:00:00+12:00 or 2026-05-04T22:00:00Z, not "soon"\n'
        "bad.json: client.logged_in must be true or false, not 1\n"
        "none.json: document must be JSON in UTF-8, not invalid UTF-8 at byte 0\n"
    )

    assert Result(2, "", told) == run(monkeypatch, "decide", "good.json", "bad.json", "none.json")


def test_files_that_cannot_be_read_are_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A missing file, a directory and a name that no file can have, as documents and as streams."""
    (tmp_path / "d").mkdir()
    (tmp_path / "d.jsonl").mkdir()
    no_file = "there is no such file: give the path of a file, or - for standard input"
    a_directory = "this is a directory: give the files in it"
    no_name = "no file can have this name: give another"
    told = (
        f"no.json: {no_file}\nno.jsonl: {no_file}\nd: {a_directory}\nd.jsonl: {a_directory}\n"
        f"\\x00.json: {no_name}\n\\x00.jsonl: {no_name}\n"
    )

    assert Result(2, "", told) == run(
        monkeypatch, "decide", "no.json", "no.jsonl", "d", "d.jsonl", "\0.json", "\0.jsonl"
    )


def test_files_without_permission_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A file that may not be read is told, as a document and as a stream."""

    def refused() -> object:
        raise PermissionError(13, "Permission denied")

    written(tmp_path, "a.json", CASE)
    written(tmp_path, "a.jsonl", CASE)
    opened_by(monkeypatch, refused, "a.json", "a.jsonl")
    monkeypatch.setattr("os.access", lambda *_: False)
    told = "you may not read it: ask for the permission, or give another file"

    assert Result(2, "", f"a.json: {told}\na.jsonl: {told}\n") == run(
        monkeypatch, "decide", "a.json", "a.jsonl"
    )


def test_a_file_that_breaks_off_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whatever the system says of a file is told in its own words, without a traceback."""

    def broken() -> object:
        raise OSError(5, "Input/output error")

    written(tmp_path, "a.json", CASE)
    opened_by(monkeypatch, broken, "a.json")

    assert Result(2, "", "a.json: it can't be read: input/output error\n") == run(
        monkeypatch, "decide", "a.json"
    )


def test_a_case_may_come_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """A FILE of - is standard input, which holds one document, over as many lines as it likes."""
    stdin = json.dumps(CASE, indent=2).encode()

    assert Result(0, ELIGIBLE, "") == run(monkeypatch, "decide", "-", stdin=stdin)


def test_problems_of_standard_input_are_named_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is wrong with it is told of standard input."""
    told = (
        "standard input: document must be one JSON value, "
        "not a text with an error at line 1, column 1 (expecting value)\n"
    )

    assert Result(2, "", told) == run(monkeypatch, "decide", "-", stdin=b"")


def test_a_closed_standard_input_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A process without standard input can't read from it, and says so."""
    monkeypatch.setattr("sys.stdin", None)

    assert 2 == main(["decide", "-"])
    assert (
        "",
        "standard input: it can't be read: standard input is closed\n",
    ) == capsys.readouterr()

"""The corpus: the library gives every recorded answer, on every Python and under any hash seed."""

import hashlib
import json
import lzma
import os
import subprocess
import sys
from pathlib import Path
from typing import cast

import pytest

from tests.oracle.corpus import make

LINES = make.CASES.read_text(encoding="ascii").splitlines()
DIGESTS = json.loads(make.DIGESTS.read_text(encoding="ascii"))
ROOT = Path(__file__).parents[2]
#: What was stored once: another digest means that cases were drawn anew, or lost.
STORED = {
    (0, 2_000): "c00348b92b7cd3150e332da794cfdcd432d71b068b951cf69bb2b275e6ba2422",
    (2_000, 50_000): "a7ba11d9d3fa46d04b28e8a9633faba16fe5c25585250ddb3c8e367f7754bb27",
}
AGAIN = (
    "an answer changed: if on purpose, run tests/oracle/corpus/make.py and look at the difference"
)


def test_it_holds_2000_records_and_50000_digested_answers() -> None:
    """The corpus is as large as its README says, and says which cases its digests are about."""
    assert 2_000 == len(LINES)
    assert 50_000 == DIGESTS["block"] * len(DIGESTS["sha256"])
    assert (make.IN_FULL, make.BLOCK) == (DIGESTS["first"], DIGESTS["block"])


@pytest.mark.parametrize(("first", "count"), STORED)
def test_the_stored_cases_are_the_ones_that_were_drawn_once(first: int, count: int) -> None:
    """The documents, each a line that ends with a line feed, have the digest that they always had.

    Nobody draws them again: the digests of answers would prove nothing if the cases changed too.
    """
    total, found = hashlib.sha256(), 0
    for document in make.documents(first, count + (first > 0)):  # and nothing comes after them
        total.update(make.written(document).encode() + b"\n")
        found += 1

    assert (count, STORED[first, count]) == (found, total.hexdigest())


def test_the_answers_need_no_generator() -> None:
    """The script that answers loads nothing of the kit, from which the cases once came."""
    asked = "import sys, tests.oracle.corpus.make; print('pkgredeem.testing' in sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert "False" == found.stdout.strip()


def test_every_stored_entitlement_has_its_id_written() -> None:
    """No case depends on the id that an entitlement has when its document gives none."""
    without = [
        number
        for number, line in enumerate(LINES)
        for package in json.loads(line)["case"]["packages"]
        for entitlement in package["entitlements"]
        if not entitlement.get("id")
    ]

    assert [] == without


def test_every_recorded_answer_is_given() -> None:
    """Each stored case is answered again: the records are the same, letter by letter."""
    changed = [
        number for number, line in enumerate(make.records(0, make.IN_FULL)) if line != LINES[number]
    ]

    assert [] == changed, AGAIN


# All of them take as long as many other tests together: the rest belong to the long run.
IS_LONG_RUN = os.environ.get("HYPOTHESIS_PROFILE") == "prove"


@pytest.mark.parametrize("number", range(make.BLOCKS if IS_LONG_RUN else 5))
def test_digest_of_block(number: int) -> None:
    """The 2,000 answers of this block have the digest that is committed."""
    assert DIGESTS["sha256"][number] == make.block(number), AGAIN


@pytest.mark.parametrize("hash_seed", ["0", "42"])
def test_the_hash_seed_changes_nothing(hash_seed: str) -> None:
    """Another process with another PYTHONHASHSEED gives the same answers."""
    asked = (
        f"from tests.oracle.corpus import make; print(make.block({int(hash_seed) % make.BLOCKS}))"
    )
    found = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONTZPATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )

    assert DIGESTS["sha256"][int(hash_seed) % make.BLOCKS] == found.stdout.strip()  # 0 and 17


def test_half_of_the_records_are_eligible() -> None:
    """Of the records, 45 to 65 of a hundred are eligible: two of the four rulebooks refuse less."""
    eligible = sum(json.loads(line)["answer"].get("eligible", False) for line in LINES)

    assert 0.45 * len(LINES) < eligible < 0.65 * len(LINES)


def test_no_sentence_is_recorded() -> None:
    """Answers hold no text of a rule, so that other words change no digest."""
    texts = {rule.message for policy in make.POLICIES for rule in policy.rulebook.rules} | {
        rule.client_text for policy in make.POLICIES for rule in policy.rulebook.rules
    }
    found = [text for line in LINES for text in texts if text is not None and text in line]

    assert [] == found


def test_every_sentence_for_clients_has_a_word() -> None:
    """What clients are told is recorded as the prompt, the neutral sentence, or a code."""
    answers = [json.loads(line)["answer"] for line in LINES]
    told = {cast("str", each["client_told"]) for each in answers if "error" not in each}

    # The codes whose rule has a sentence of its own for clients.
    assert {
        "prompt",
        "neutral",
        "client_not_logged_in",
        "appointment_started",
        "nothing_to_pay",
        "changes_closed",
        "late_change",
    } == told


def test_what_raises_has_no_other_answer() -> None:
    """An ended redemption that is asked again, and one of another client, are errors by name."""
    answers = [json.loads(line)["answer"] for line in LINES]
    errors = [each for each in answers if "error" in each]

    assert {"ClosedRedemptionError", "InvalidValueError"} == {each["error"] for each in errors}
    assert {1} == {len(each) for each in errors}


@pytest.fixture
def small_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the script work on a corpus of its own: 20 records, and one block of 20 more cases."""
    monkeypatch.setattr(make, "CASES", tmp_path / "cases.jsonl")
    monkeypatch.setattr(make, "DIGESTED", tmp_path / "digested.jsonl.xz")
    monkeypatch.setattr(make, "DIGESTS", tmp_path / "digests.json")
    monkeypatch.setattr(make, "IN_FULL", 20)
    monkeypatch.setattr(make, "BLOCKS", 1)
    monkeypatch.setattr(make, "BLOCK", 20)
    cases = [make.written(json.loads(line)["case"]) for line in LINES[20:40]]
    make.CASES.write_text("".join(line + "\n" for line in LINES[:20]), encoding="ascii")
    make.DIGESTED.write_bytes(lzma.compress("".join(line + "\n" for line in cases).encode()))


@pytest.mark.usefixtures("small_copy")
def test_the_script_writes_the_answers_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """`make.py` answers the stored cases, whatever answers stood there; no case changes."""
    spoilt = [json.loads(line) | {"answer": {}} for line in LINES[:20]]
    make.CASES.write_text("".join(make.written(line) + "\n" for line in spoilt), encoding="ascii")
    stored = make.DIGESTED.read_bytes()
    monkeypatch.setattr(sys, "argv", ["make.py"])
    make.main()

    assert LINES[:20] == make.CASES.read_text(encoding="ascii").splitlines()
    assert stored == make.DIGESTED.read_bytes()
    assert {"first": 20, "block": 20, "sha256": [digest_of(LINES[20:40])]} == json.loads(
        make.DIGESTS.read_text(encoding="ascii")
    )


@pytest.mark.usefixtures("small_copy")
def test_the_script_prints_records_across_both_files(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`make.py --print` also prints in full what is only digested."""
    monkeypatch.setattr(sys, "argv", ["make.py", "--print", "18", "4"])
    make.main()

    assert LINES[18:22] == capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("part", [("-1", "3"), ("3", "-1")])
def test_the_script_refuses_a_part_that_cannot_be(
    part: tuple[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A number below 0 is a mistake in the command, and the message says what it must be."""
    monkeypatch.setattr(sys, "argv", ["make.py", "--print", *part])
    with pytest.raises(SystemExit) as refused:
        make.main()

    assert 2 == refused.value.code
    assert "FIRST and COUNT must be 0 or more" in capsys.readouterr().err


@pytest.mark.usefixtures("small_copy")
def test_the_script_says_what_differs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`make.py --check` names each record and block that is not as committed, and exits 1."""
    monkeypatch.setattr(sys, "argv", ["make.py", "--check"])
    digests = {"sha256": [digest_of(LINES[20:40])]}
    make.DIGESTS.write_text(json.dumps(digests), encoding="ascii")
    with pytest.raises(SystemExit) as equal:
        make.main()
    spoilt = make.written(json.loads(LINES[1]) | {"answer": {}})
    lines = [LINES[0], spoilt, *LINES[2:20]]
    make.CASES.write_text("".join(line + "\n" for line in lines), encoding="ascii")
    make.DIGESTS.write_text(json.dumps({"sha256": ["0"]}), encoding="ascii")
    with pytest.raises(SystemExit) as different:
        make.main()

    assert 0 == equal.value.code
    assert f"record 1: {LINES[1]}\nblock 0" == different.value.code
    assert "" == capsys.readouterr().out


def digest_of(records: list[str]) -> str:
    """Return the digest of the answers of these records."""
    answers = (make.written(json.loads(line)["answer"]) + "\n" for line in records)
    return hashlib.sha256("".join(answers).encode()).hexdigest()

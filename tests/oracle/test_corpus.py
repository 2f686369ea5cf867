"""The corpus: the library gives every recorded answer, on every Python and under any hash seed."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import cast

import pytest

from pkgredeem.documents import read_case
from pkgredeem.testing.cases.generator import case
from tests.oracle.corpus import make

LINES = make.CASES.read_text(encoding="ascii").splitlines()
DIGESTS = json.loads(make.DIGESTS.read_text(encoding="ascii"))
ROOT = Path(__file__).parents[2]
AGAIN = "an answer changed: if on purpose, run tests/corpus/make.py and look at the difference"


def test_it_holds_2000_records_and_50000_digested_answers() -> None:
    """The corpus is as large as its README says, and says which cases its digests are about."""
    assert 2_000 == len(LINES)
    assert 50_000 == DIGESTS["block"] * len(DIGESTS["sha256"])
    assert (make.SEED, make.IN_FULL) == (DIGESTS["seed"], DIGESTS["first"])


def test_every_recorded_answer_is_given() -> None:
    """Each record is made again, letter by letter: the same case, and the same answer."""
    changed = [
        number for number, line in enumerate(make.records(0, make.IN_FULL)) if line != LINES[number]
    ]

    assert [] == changed, AGAIN


def test_documents_of_the_corpus_read_back_equal() -> None:
    """The documents, shortened as they are, are read as the very cases that were generated."""
    broken = [
        number
        for number, line in enumerate(LINES)
        if read_case(json.loads(line)["case"]) != case(make.SEED, number)
    ]

    assert [] == broken


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
    eligible = sum(json.loads(line)["answer"]["eligible"] for line in LINES)

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
    told = {cast("str", json.loads(line)["answer"]["client_told"]) for line in LINES}

    # The codes whose rule has a sentence of its own for clients.
    assert {
        "prompt",
        "neutral",
        "client_not_logged_in",
        "appointment_started",
        "nothing_to_pay",
        "late_reschedule",
    } == told


def test_the_script_writes_the_files_and_prints_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`make.py` writes what is committed, and prints the records that are only digested."""
    monkeypatch.setattr(make, "CASES", tmp_path / "cases.jsonl")
    monkeypatch.setattr(make, "DIGESTS", tmp_path / "digests.json")
    monkeypatch.setattr(make, "IN_FULL", 20)
    monkeypatch.setattr(make, "BLOCKS", 1)
    monkeypatch.setattr(make, "BLOCK", 20)
    monkeypatch.setattr(sys, "argv", ["make.py"])
    make.main()
    monkeypatch.setattr(sys, "argv", ["make.py", "--print", "20", "3"])
    make.main()

    assert LINES[:20] == (tmp_path / "cases.jsonl").read_text(encoding="ascii").splitlines()
    assert [make.digest(20, 20)] == json.loads((tmp_path / "digests.json").read_text())["sha256"]
    assert LINES[20:23] == capsys.readouterr().out.splitlines()


def test_the_script_says_what_differs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`make.py --check` names each record and block that is not as committed, and exits 1."""
    monkeypatch.setattr(make, "CASES", tmp_path / "cases.jsonl")
    monkeypatch.setattr(make, "DIGESTS", tmp_path / "digests.json")
    monkeypatch.setattr(make, "IN_FULL", 3)
    monkeypatch.setattr(make, "BLOCK", 3)
    monkeypatch.setattr(sys, "argv", ["make.py", "--check"])
    make.DIGESTS.write_text(json.dumps({"sha256": [make.digest(3, 3), "0"]}), encoding="ascii")

    make.CASES.write_text("\n".join([LINES[0], "{}", LINES[2]]), encoding="ascii")
    with pytest.raises(SystemExit) as different:
        make.main()
    make.CASES.write_text("\n".join(LINES[:3]), encoding="ascii")
    make.DIGESTS.write_text(json.dumps({"sha256": [make.digest(3, 3)]}), encoding="ascii")
    with pytest.raises(SystemExit) as equal:
        make.main()

    assert f"record 1: {LINES[1]}\nblock 1" == different.value.code
    assert 0 == equal.value.code
    assert "" == capsys.readouterr().out

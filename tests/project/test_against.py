"""Two revisions are compared on stored cases, in strict alternation; nothing looks at a clock."""

import gc
import hashlib
import io
import json
import lzma
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from pkgredeem import RedemptionPolicy, rules
from pkgredeem.documents import read_case
from tests.benchmarks import against, batches, mixed
from tests.benchmarks.against import Comparison, Pairs
from tests.benchmarks.timing import QUICK, ROOT, Effort

CASES = mixed.cases()
DECISIONS = [RedemptionPolicy(rules.TIMELY_2026_03).decide_case(case) for case in CASES]
SMALL = ([0, 1], [2, 3])
#: A library with nothing but the two public names that are asked for.
OTHER_LAYOUT = {
    "__init__.py": (
        "class Answer:\n"
        "    eligible = True\n"
        "class RedemptionPolicy:\n"
        "    def decide_case(self, case):\n"
        "        return Answer()\n"
    ),
    "documents.py": "def read_case(document):\n    return document\n",
}


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Return a source folder with a library that has another inner layout."""
    folder = tmp_path / "other/src/pkgredeem"
    folder.mkdir(parents=True)
    for name, text in OTHER_LAYOUT.items():
        (folder / name).write_text(text, encoding="ascii")
    return folder.parent


@pytest.fixture
def present() -> str:
    """Return the commit of this checkout, or skip where there is none."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is not a git checkout")
    return against.commit_of("HEAD")


def test_the_mixed_cases_are_the_ones_that_were_stored() -> None:
    """Nobody draws them again: figures of two days are about the same cases."""
    stored = hashlib.sha256(lzma.decompress(mixed.MIXED.read_bytes())).hexdigest()

    assert "5dd3d6fea208688a8f6f48751888bf598691513f81201110b17f7fc3e815ba69" == stored
    assert 4_000 == len(CASES) == len(set(CASES))


def test_every_mixed_case_reads_as_its_document_and_has_its_ids() -> None:
    """The loader keeps the order, and no document leaves the id of an entitlement out."""
    documents = mixed.documents()
    without = [
        entitlement
        for document in documents
        for package in document["packages"]
        for entitlement in package["entitlements"]
        if not entitlement.get("id")
    ]

    assert CASES == [read_case(document) for document in documents]
    assert [] == without


def test_a_third_of_the_mixed_cases_is_eligible() -> None:
    """Under the rulebook of March, a third of all and of every kind, within one percent."""
    kinds = mixed.places(mixed.documents())
    eligible = {kind: sum(DECISIONS[at].eligible for at in found) for kind, found in kinds.items()}

    assert {
        "all": 1_347,
        "one line, one package": 337,
        "one line, several packages": 341,
        "several lines, one package": 334,
        "several lines, several packages": 335,
    } == eligible
    assert {"all": 4_000} | dict.fromkeys(mixed.KINDS.values(), 1_000) == {
        kind: len(found) for kind, found in kinds.items()
    }


def test_the_mixed_cases_have_up_to_six_lines_and_packages() -> None:
    """Half of them have one line, half one package, and the larger a case the rarer it is."""
    sizes = {1: 2_000, 2: 840, 3: 500, 4: 320, 5: 200, 6: 140}

    assert sizes == Counter(len(case.booking.lines) for case in CASES)
    assert sizes == Counter(len(case.packages) for case in CASES)


def test_the_mixed_cases_are_refused_for_every_code() -> None:
    """Every code that refuses is there often, most refusals have one reason, and some know more."""
    reasons = Counter(
        code for decision in DECISIONS for code in {reason.code for reason in decision.reasons}
    )

    of_exchanges = {"changes_closed", "late_change"}
    of_the_article = {rule.code for rule in rules.article.EVERY_RULE}
    assert of_the_article - {"no_card_on_file"} | of_exchanges == set(
        reasons
    )  # a note refuses none
    assert 30 == min(reasons.values())
    assert 1_592 == sum(len(decision.reasons) == 1 for decision in DECISIONS)
    assert 341 == sum(case.existing is not None for case in CASES)


def test_batches_are_of_equal_size_and_in_order() -> None:
    """What does not fill a batch is left out, so that seconds a case are the same thing for all."""
    found = against.in_batches({"one": range(53), "other": range(100, 125)})

    assert {
        "one": [list(range(25)), list(range(25, 50))],
        "other": [list(range(100, 125))],
    } == found


def test_then_and_now_take_strict_turns() -> None:
    """Each pair decides one batch, first then and next now, the kinds one after the other."""
    asked: list[tuple[str, list[int]]] = []

    def then(batch: list[int]) -> float:
        asked.append(("then", batch))
        return 2.0

    def now(batch: list[int]) -> float:
        asked.append(("now", batch))
        return 1.0

    pairs = against.in_alternation(then, now, {"one": SMALL, "other": [[9]]}, rounds=3)

    assert {"one": [(2.0, 1.0)] * 3, "other": [(2.0, 1.0)] * 3} == pairs
    assert [
        (who, batch) for batch in ([0, 1], [9], [2, 3], [9], [0, 1], [9]) for who in ("then", "now")
    ] == asked


def test_a_ratio_is_that_of_a_pair_and_the_quartiles_are_theirs() -> None:
    """The median of the ratios is told, and not the ratio of the medians."""
    pairs = Pairs(seconds=((1.0, 1.0), (2.0, 4.0), (4.0, 12.0), (8.0, 32.0), (1.0, 5.0)))

    assert (2.0, 5.0) == (pairs.then, pairs.now)
    assert (2.0, 3.0, 4.0) == pairs.quartiles()


def test_the_comparison_is_told_as_a_table() -> None:
    """One row a kind: both times, the median of the ratios, and the quartiles."""
    pairs = Pairs(seconds=((4e-6, 3e-6), (4e-6, 2e-6), (4e-6, 4e-6)))
    comparison = Comparison(pairs={"all": pairs}, eligible=(1_347, 1_334))

    assert (
        "Deciding mixed cases: now it takes so many times as long as at v1.\n"
        "Eligible: 1,347 then, 1,334 now.\n"
        "\n"
        "| cases | then    | now     | ratio | quartiles      |\n"
        "|-------|---------|---------|-------|----------------|\n"
        "| all   | 4.00 us | 3.00 us | 0.750 | 0.625 to 0.875 |\n"
    ) == against.table(comparison, "v1")


def test_a_process_decides_the_batches_that_it_is_asked_for() -> None:
    """It says which library it has and how many are eligible, then how long every batch took."""
    written: list[str] = []
    batches.serve(str(mixed.MIXED), io.StringIO("[0, 1]\n[3999]\n"), written.append)
    gc.unfreeze()  # what a process of its own leaves frozen, the next tests need not
    first, *seconds = written

    assert {"source": str(ROOT / "src"), "eligible": 1_347} == json.loads(first)
    assert [True, True] == [float(line) > 0 for line in seconds]


def test_the_present_library_is_compared_with_itself(
    present: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole command runs against the last commit, has a row for each kind, and tidies up."""
    lent: list[Path] = []
    found: list[str] = []

    def compared(then: Path, now: Path, effort: Effort) -> Comparison:
        lent.extend((then, now))
        assert (then / "pkgredeem/__init__.py").is_file()
        return real(then, now, effort)

    real = against.compared
    monkeypatch.setattr(against, "compared", compared)
    against.main("HEAD", QUICK, found.append)
    kinds = [line.split("|")[1].strip() for line in "".join(found).splitlines() if "|" in line]

    assert f"as long as at HEAD ({present[:12]}).\n" in found[0]
    assert ["cases", "all", *mixed.KINDS.values()] == [kinds[0], *kinds[2:]]
    assert [False, True] == [folder.exists() for folder in lent]
    assert ROOT / "src" == lent[1]


def test_a_library_with_another_inner_layout_can_be_compared(other: Path) -> None:
    """Nothing but the public names is asked for, and each process has the library of its folder."""
    comparison = against.compared(other, ROOT / "src", QUICK)

    assert (4_000, 1_347) == comparison.eligible
    assert dict.fromkeys(["all", *mixed.KINDS.values()], 3) == {
        kind: len(pairs.seconds) for kind, pairs in comparison.pairs.items()
    }


def test_a_library_that_cannot_read_the_cases_is_named(
    other: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The comparison ends with its folder, after what the process itself wrote."""
    (other / "pkgredeem/documents.py").write_text("raise ImportError('broken')\n", encoding="ascii")
    with pytest.raises(SystemExit) as ended:
        against.compared(other, ROOT / "src", QUICK)

    assert f"the library in {other} can't decide the mixed cases, see above" == ended.value.code
    assert "ImportError: broken" in capfd.readouterr().err


def test_a_folder_without_a_library_is_not_taken_for_the_installed_one(tmp_path: Path) -> None:
    """A process that found another library than it was given measures nothing."""
    with pytest.raises(SystemExit) as ended:
        against.compared(tmp_path, ROOT / "src", QUICK)

    assert str(ended.value.code).startswith(f"the library must be that in {tmp_path}; it is in ")


@pytest.mark.usefixtures("present")
@pytest.mark.parametrize("revision", ["no-such-revision", "--all", "HEAD:src", ""])
def test_a_revision_must_be_one(revision: str) -> None:
    """Whatever names no commit is refused, options of git included."""
    with pytest.raises(SystemExit) as ended:
        against.commit_of(revision)

    assert f"--against is {revision!r}: it must be a revision of this repository" == (
        ended.value.code
    )


@pytest.mark.usefixtures("present")
def test_the_library_at_a_revision_is_that_of_its_commit() -> None:
    """The folder holds what git has, without what is changed and not committed."""
    listed = subprocess.run(
        ["git", "ls-tree", "-r", "--name-only", "HEAD", "src"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    with against.source_at("HEAD") as source:
        found = [path for path in source.rglob("*") if path.is_file()]

        assert sorted(listed) == sorted(str(path.relative_to(source.parent)) for path in found)

"""What is measured side by side answers alike; nothing here looks at a clock."""

import math
from collections.abc import Callable
from importlib.util import find_spec
from itertools import count

import pytest

from pkgredeem import Case, RedemptionPolicy, rules
from pkgredeem.testing.cases.generator import cases
from tests.benchmarks import importing, sizes, timing
from tests.benchmarks.hand import hand_written
from tests.benchmarks.makers import BORROWED, CHECKED, EVERY_WAY, STORED, Makers
from tests.benchmarks.questions import FULL_QUESTIONS, SEVERAL, arguments
from tests.benchmarks.table import Row, Section, Target, shown, written
from tests.benchmarks.timing import QUICK, Timed
from tests.helpers.support import is_of_the_article

PEERS = ("cedarpy", "pyperf", "rule_engine", "zen")
MANY = 4_000
SEED = 77
MARCH = RedemptionPolicy()


@pytest.fixture
def peers(require_or_skip: Callable[[str], None]) -> None:
    """Skip where the other engines are not installed."""
    missing = [name for name in PEERS if find_spec(name) is None]
    if missing:
        require_or_skip(f"not installed: {', '.join(missing)}, of the dependency group bench")


def everything(asked: Case) -> dict[str, object]:
    """Return the whole case as arguments, the record of who asks included."""
    return {
        **arguments(asked),
        "existing": asked.existing,
        "by": asked.by,
        "note": asked.note,
    }


@pytest.mark.parametrize("make", [STORED, BORROWED], ids=lambda make: make.name)
def test_the_hand_written_function_decides_every_generated_case_alike(make: Makers) -> None:
    """Every field of every decision is equal: reasons, notes, draws, outcomes, the redemption.

    It knows the article alone, as somebody's first version does.
    """
    decide = hand_written(make)
    differing = [
        asked
        for asked in filter(is_of_the_article, cases(SEED, 4 * MANY))
        if decide(**everything(asked)) != MARCH.decide_case(asked)
    ]

    assert [] == differing


def test_with_public_constructors_it_decides_alike_too() -> None:
    """The checked constructors accept all that is made by hand."""
    decide = hand_written(CHECKED)
    differing = [
        asked
        for asked in filter(is_of_the_article, cases(SEED + 1, MANY))
        if decide(**everything(asked)) != MARCH.decide_case(asked)
    ]

    assert [] == differing


def test_the_generated_cases_are_worth_comparing() -> None:
    """Among them are many eligible, many refused, several lines and several packages."""
    asked = list(filter(is_of_the_article, cases(SEED, 4 * MANY)))
    decided = [MARCH.decide_case(each) for each in asked]
    codes = {finding.code for each in decided for finding in each.findings}

    of_exchanges = {"changes_closed", "late_change"}
    of_the_article = {rule.code for rule in rules.article.EVERY_RULE}
    assert of_the_article | of_exchanges == codes - {"credit_not_usable"}
    assert len(asked) > MANY // 3
    assert len(asked) // 4 < sum(each.eligible for each in decided) < 2 * len(asked) // 3
    assert len(asked) // 10 < sum(len(each.booking.lines) > 1 for each in asked)
    assert len(asked) // 10 < sum(len(each.packages) > 1 for each in asked)


@pytest.mark.parametrize(("name", "asked", "reasons"), FULL_QUESTIONS, ids=str)
def test_the_questions_that_are_timed_have_so_many_reasons(
    name: str, asked: Case, reasons: int
) -> None:
    """Each question is what its line in the table says, and each hand-written answer is ours."""
    decision = MARCH.decide(**arguments(asked))

    assert name.startswith("eligible" if decision.eligible else "refused")
    assert reasons == len(decision.reasons)
    assert [decision] * 3 == [hand_written(make)(**arguments(asked)) for make in EVERY_WAY]


def test_the_question_of_several_lines_draws_on_each() -> None:
    """Three lines are paid from two entitlements, one of them twice."""
    decision = MARCH.decide(**arguments(SEVERAL))

    assert decision.redemption is not None
    assert ["facial", "facial", "massage"] == [
        draw.entitlement_id for draw in decision.redemption.draws
    ]
    assert [decision] * 3 == [hand_written(make)(**arguments(SEVERAL)) for make in EVERY_WAY]


@pytest.mark.usefixtures("peers")
def test_every_engine_answers_the_seven_conditions_alike() -> None:
    """In all 128 cases, of none to seven conditions that fail, each engine says what we say."""
    from tests.benchmarks import seven  # noqa: PLC0415 - it loads the engines

    answers = {
        failing: {name: ask() for name, ask in seven.askers(asked).items()}
        for failing, asked in seven.spoilt_cases()
    }
    differing = {
        failing: found
        for failing, found in answers.items()
        if set(found.values()) != {failing == "none"}
    }

    assert 128 == len(answers)
    assert 9 == len(answers["none"])
    assert {} == differing


@pytest.mark.usefixtures("peers")
def test_all_of_it_runs_and_prints_a_table_with_every_peer() -> None:
    """The quick mode goes through every part, and each peer has its line."""
    from tests.benchmarks.__main__ import main  # noqa: PLC0415 - it loads the engines
    from tests.benchmarks.seven import ENGINES  # noqa: PLC0415 - see above

    printed: list[str] = []
    main(["--quick"], printed.append)
    table = "".join(printed)
    first_cells = {line.split("|")[1].strip() for line in table.splitlines() if "|" in line}

    assert set() == {name for name, _ in ENGINES} - first_cells
    assert set() == {name for name, _, _ in FULL_QUESTIONS} - first_cells
    assert (
        set()
        == {
            "policy.menu",
            "50 lines, 200 packages",
            "a package",
            importing.LIBRARY,
            "from the text to checked values",
            "a redemption and its cancellation, synchronous = FULL",
            "the whole wheel",
            "two processes",
        }
        - first_cells
    )
    assert [True] * 3 == [make.name in table for make in EVERY_WAY]


def test_a_menu_and_as_many_calls_answer_alike() -> None:
    """What is measured side by side is one answer, with some services that can be paid for."""
    menu, calls = sizes.menu_and_calls()
    answer = menu()

    assert answer == calls()
    assert 500 == len(answer)
    assert 38 == sum(answer.values())  # two services each of 20 packages, the first one used up


def test_what_grows_is_a_question_of_allocation() -> None:
    """The sizes of the table are decided, and each has so many lines and packages."""
    assert [(5, 20), (10, 40), (25, 100), (50, 200)] == [
        (lines, packages) for lines, packages, _ in sizes.allocation(QUICK)
    ]


def test_packages_in_memory_are_more_than_nothing() -> None:
    """A process that keeps ten thousand packages grows by some bytes for each, also as rows."""
    assert [True, True] == [sizes.bytes_each(kind, 10_000) > 50 for kind in ("packages", "rows")]


def test_peers_take_turns_and_are_compared_round_by_round(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A ratio is the first peer's time over the other's, the median of the rounds."""
    clock = count()
    asked: list[str] = []
    monkeypatch.setattr(timing, "perf_counter", lambda: float(next(clock)))
    monkeypatch.setattr(timing, "_WARM_UP", 2)

    def one() -> None:
        asked.append("one")

    def two() -> None:
        next(clock)
        asked.append("two")

    found = timing.in_turns({"one": one, "two": two}, rounds=3)

    # each reading of the clock is one second, and the second peer takes one more
    assert {"one": Timed(seconds=1.0, ratio=1.0), "two": Timed(seconds=2.0, ratio=0.5)} == found
    assert ["one", "two"] * 3 == asked[-6:]


def test_processes_are_told_as_the_median_of_each_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three processes that differ give the middle one, for seconds and ratios apart."""
    printed = iter(
        timing.as_json({"question": {"peer": Timed(seconds=seconds, ratio=ratio)}})
        for seconds, ratio in ((1.0, 9.0), (3.0, 7.0), (2.0, 8.0))
    )

    class Done:
        """A process that printed."""

        stdout = ""

    def run(*_: object, **__: object) -> Done:
        done = Done()
        done.stdout = next(printed)
        return done

    monkeypatch.setattr("subprocess.run", run)
    effort = timing.Effort(rounds=1, processes=3, share=1.0)

    assert {"question": {"peer": Timed(seconds=2.0, ratio=8.0)}} == timing.in_processes(
        "any", effort
    )


def test_the_rounds_are_what_the_command_line_says() -> None:
    """Without a number it is as many as for the table."""
    assert 7 == timing.rounds_asked(["module", "7"])
    assert timing.THOROUGH.rounds == timing.rounds_asked(["module"])


def test_a_target_is_met_up_to_and_with_its_bound() -> None:
    """At most 1.4 is met by 1.4, at least 10 by 10, and neither by a little beyond."""
    most, least = Target(ratio=1.4), Target(ratio=10.0, at_most=False)

    assert (True, False) == (most.is_met(1.4), most.is_met(math.nextafter(1.4, 2)))
    assert (True, False) == (least.is_met(10.0), least.is_met(math.nextafter(10.0, 0)))


def test_the_table_shows_what_is_met_and_what_is_missed() -> None:
    """A row without a target has no verdict."""
    section = Section(
        heading="Deciding",
        ratio_is="so many times as long",
        rows=(
            Row(what="us", took=shown(0.000_004_25)),
            Row(what="them", took=shown(0.001_5), ratio=1.25, target=Target(ratio=1.4)),
            Row(what="others", took="1 a second", ratio=1.5, target=Target(ratio=1.4)),
        ),
    )

    assert (
        "Deciding: so many times as long.\n"
        "\n"
        "| what   | took       | ratio | target      |        |\n"
        "|--------|------------|-------|-------------|--------|\n"
        "| us     | 4.25 us    |       |             |        |\n"
        "| them   | 1.50 ms    | 1.25  | at most 1.4 | met    |\n"
        "| others | 1 a second | 1.50  | at most 1.4 | MISSED |\n"
    ) == written([section])


def test_importing_is_measured_in_new_processes() -> None:
    """The library takes some time, and the ratio is against each statement's own median."""
    found = importing.measured(1)

    assert [importing.LIBRARY, importing.STANDARD] == list(found)
    assert 1.0 == found[importing.LIBRARY].ratio
    assert found[importing.LIBRARY].seconds / found[importing.STANDARD].seconds == (
        found[importing.STANDARD].ratio
    )

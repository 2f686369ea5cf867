"""What is measured side by side answers alike; nothing here looks at a clock."""

import math
from collections.abc import Callable
from importlib.util import find_spec
from itertools import count

import pytest

from pkgredeem import Case, RedemptionPolicy, rules
from pkgredeem.testing.cases.generator import cases
from tests.benchmarks import growth, importing, mixed, reading, sizes, timing, unchecked
from tests.benchmarks.hand import decide_by_hand
from tests.benchmarks.plain import plain
from tests.benchmarks.questions import FULL_QUESTIONS, SEVERAL, arguments
from tests.benchmarks.table import Row, Section, Target, shown, written
from tests.benchmarks.timing import QUICK, Timed
from tests.helpers.support import is_of_the_article

PEERS = ("cedarpy", "datalogic_py", "pyperf", "rule_engine", "zen")
MANY = 4_000
SEED = 77
MARCH = RedemptionPolicy()


@pytest.fixture
def peers(require_or_skip: Callable[[str], None]) -> None:
    """Skip where the other engines are not installed."""
    missing = [name for name in PEERS if find_spec(name) is None]
    if missing:
        require_or_skip(f"not installed: {', '.join(missing)}, of the dependency group bench")


def by_hand(asked: Case) -> object:
    """Return the decision of the hand-written function on plain values."""
    given = {**arguments(asked), "existing": asked.existing, "by": asked.by, "note": asked.note}
    return decide_by_hand(**{name: plain(value) for name, value in given.items()})


def test_the_hand_written_function_decides_every_generated_case_alike() -> None:
    """Every field that the plain values have is equal: reasons, notes, draws, what is stored.

    It knows the article alone, as somebody's first version does.
    """
    differing = [
        asked
        for asked in filter(is_of_the_article, cases(SEED, 4 * MANY))
        if by_hand(asked) != plain(MARCH.decide_case(asked))
    ]

    assert [] == differing


def test_the_hand_written_function_decides_every_stored_case_alike() -> None:
    """It is equal on all 4,000 cases on which it is timed, 1,347 of them eligible."""
    stored = mixed.cases()
    answers = [plain(MARCH.decide_case(asked)) for asked in stored]

    assert 4_000 == len(stored)
    assert 1_347 == sum(answer.eligible for answer in answers)
    assert [] == [
        asked for asked, answer in zip(stored, answers, strict=True) if by_hand(asked) != answer
    ]


def test_plain_values_are_slotted_unfrozen_and_hold_nothing_of_the_library() -> None:
    """A plain decision keeps the draws and what is stored, as plain values of its own."""
    answer = plain(MARCH.decide_case(SEVERAL))

    assert ["Draw"] * 3 == [type(draw).__name__ for draw in answer.redemption.draws]
    assert {"tests.benchmarks.plain"} == {
        type(each).__module__
        for each in (answer, answer.booking, answer.change, *answer.redemption.draws)
    }
    assert not hasattr(answer, "__dict__")
    answer.note = "changed"
    assert "changed" == answer.note


def test_the_generated_cases_are_worth_comparing() -> None:
    """Among them are many eligible, many refused, several lines and several packages."""
    asked = list(filter(is_of_the_article, cases(SEED, 4 * MANY)))
    decided = [MARCH.decide_case(each) for each in asked]
    codes = {finding.code for each in decided for finding in each.findings}

    of_exchanges = {"changes_closed", "late_change"}
    of_the_article = {rule.code for rule in rules.article.EVERY_RULE}
    assert of_the_article | of_exchanges == codes - {"credit_not_usable"}
    assert len(asked) > MANY // 4
    assert len(asked) // 4 < sum(each.eligible for each in decided) < 2 * len(asked) // 3
    assert len(asked) // 10 < sum(len(each.booking.lines) > 1 for each in asked)
    assert len(asked) // 10 < sum(len(each.packages) > 1 for each in asked)


@pytest.mark.parametrize(("name", "asked", "reasons"), FULL_QUESTIONS, ids=str)
def test_the_questions_that_are_timed_have_so_many_reasons(
    name: str, asked: Case, reasons: int
) -> None:
    """Each question is what its line in the table says, and the hand-written answer is ours."""
    decision = MARCH.decide(**arguments(asked))

    assert name.startswith("eligible" if decision.eligible else "refused")
    assert reasons == len(decision.reasons)
    assert plain(decision) == by_hand(asked)


def test_the_question_of_several_lines_draws_on_each() -> None:
    """Three lines are paid from two entitlements, one of them twice."""
    decision = MARCH.decide(**arguments(SEVERAL))

    assert decision.redemption is not None
    assert ["facial", "facial", "massage"] == [
        draw.entitlement_id for draw in decision.redemption.draws
    ]
    assert plain(decision) == by_hand(SEVERAL)


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
    assert 11 == len(answers["none"])
    assert {} == differing


@pytest.mark.usefixtures("peers")
def test_datalogic_tells_every_condition_that_fails() -> None:
    """In all 128 cases it names those that were spoilt, in their order, and no other."""
    from tests.benchmarks import seven  # noqa: PLC0415 - it loads the engines

    assert [] == [
        failing
        for failing, asked in seven.spoilt_cases()
        if failing != (" ".join(seven.failing_by_datalogic(seven.facts_of(asked))) or "none")
    ]


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
            sizes.PLAIN,
            sizes.WITH_ALL,
            *growth.KINDS,
            unchecked.TOGETHER,
            "decide / hand-written over own plain values, the 4,000 stored cases",
            "a package",
            importing.LIBRARY,
            importing.COMMAND,
            reading.MIXED,
            reading.REDEMPTIONS,
            "load_case, worst",
            "a redemption and its cancellation, synchronous = FULL",
            "the whole wheel",
            "with --carry; without it",
        }
        - first_cells
    )


@pytest.mark.parametrize(
    ("kind", "payable"),
    [
        (sizes.PLAIN, 38),  # two services each of 20 packages, the first one used up
        # nine packages whose quota has room and that ask for no level, two services each; package 2
        # has two credits left, and one of its services costs three
        (sizes.WITH_ALL, 17),
    ],
)
def test_a_menu_and_as_many_calls_answer_alike(kind: str, payable: int) -> None:
    """What is measured side by side is one answer, with some services that can be paid for."""
    menu, calls = sizes.menu_and_calls(kind)
    answer = menu()

    assert answer == calls()
    assert 500 == len(answer)
    assert payable == sum(answer.values())


@pytest.mark.parametrize("kind", growth.KINDS)
def test_what_grows_has_twice_as_many_packages_as_lines(kind: str) -> None:
    """Each kind is asked with so many lines, up to the 100 that a booking may have."""
    asked = growth.case(kind, 25)

    assert (25, 50, 100) == growth.LINES
    assert (25, 50) == (len(asked.booking.lines), len(asked.packages))


def test_what_grows_is_compared_round_by_round(monkeypatch: pytest.MonkeyPatch) -> None:
    """From 1 to 3 and from 3 to 6 seconds: three times as long, then twice."""
    readings = [0, 1, 0, 3, 0, 6] * len(growth.KINDS)
    clock = iter(map(float, readings))
    monkeypatch.setattr(growth, "process_time", lambda: next(clock))
    found = growth.measured(QUICK)

    assert {growth.Grown(seconds=(1.0, 3.0, 6.0), doublings=(3.0, 2.0))} == set(found.values())


def test_values_without_checks_have_the_same_fields_and_accept_anything() -> None:
    """Each public value is made with what is timed, and the other one says the same of itself."""
    for kind, arguments_of_kind in unchecked.given().items():
        made = {name: make() for name, make in unchecked.peers(kind, arguments_of_kind).items()}
        public, without = made[unchecked.PUBLIC], made[unchecked.WITHOUT_CHECKS]
        for name in arguments_of_kind:
            assert getattr(public, name) == getattr(without, name)


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


def test_the_command_is_measured_beside_python_that_imports_the_library() -> None:
    """Both are whole processes, and the ratio is the command over each."""
    found = importing.command(1)

    assert [importing.COMMAND, importing.PYTHON] == list(found)
    assert 1.0 == found[importing.COMMAND].ratio
    assert found[importing.COMMAND].seconds / found[importing.PYTHON].seconds == (
        found[importing.PYTHON].ratio
    )

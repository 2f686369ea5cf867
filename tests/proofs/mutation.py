"""Part `mutation`: mutmut changes the core in small ways, and the tests must notice each of them.

mutmut leaves decorated functions alone, and a rule is one. So it works on a copy in which every
decorator stands below its function: `name = rule(...)(name)` means what `@rule(...)` meant.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import libcst as cst

from tests.proofs.found import Found, number
from tests.proofs.pool import cores

ROOT = Path(__file__).parents[2]
COPY = ROOT / "mutants"
HARMLESS = Path(__file__).parent / "harmless.toml"
LEAST_KILLED = 0.98

MUTATED = (
    "rules.article",
    "rules.plans",
    "rules.acts",
    "_model.redemption",
    "_model.draws",
    "_model.ledger",
    "_model.packages",
    "_model.plans",
    "_model.quotas",
    "_model.counting",
    "_model.account",
    "_model.booking",
    "_model.case",
    "_model.answers",
    "_engine.allocation",
    "_engine.exact",
    "_engine.covering",
    "_engine.quotas",
    "_engine.decide",
    "_engine.acts",
    "_engine.moves",
    "_engine.lines",
    "_engine.policy",
    "_engine.menu",
)
#: The tests that look at these modules and are quick.
TESTS = (
    "tests/model",
    "tests/rules",
    "tests/engine",
    "tests/desk/test_acts.py",
    "tests/desk/test_exchanges.py",
    "tests/desk/test_plans_at_the_desk.py",
    "tests/desk/test_quotes.py",
    "tests/desk/test_redeem.py",
    "tests/desk/test_repeats.py",
    "tests/docs/test_example_cases.py",
    "tests/project/test_prove_short.py",
)
#: It reads how the rules are written, which is otherwise in the copy.
LEFT_OUT = "tests/rules/test_rule_form.py"
_MOVED = frozenset({"rule", "implements", "property"})
_CONFIGURATION = """
[tool.mutmut]
source_paths = ["src"]
only_mutate = {mutated}
also_copy = ["docs", "scripts"]
pytest_add_cli_args_test_selection = {tests}
pytest_add_cli_args = ["-p", "no:cacheprovider", "--assert=plain", "--ignore={left_out}"]
timeout_multiplier = 4.0
track_dependencies = false
use_git_change_detection = false
"""
# What mutmut records of a mutant: the exit status of pytest, or of the process that ran it.
_SURVIVED, _UNTESTED, _NOT_RUN = 0, (5, 33), (None, 2)
_TRIES, _PAUSE = 100, 0.1
_LEAST_SECONDS = 180  # to make the mutants and to see which test reaches what takes a minute of it


class Mutant(NamedTuple):
    """One small change: the function, the line that was there, and the line in its place."""

    function: str
    before: str
    after: str


def prove(seconds: float) -> Found:
    """Run mutmut for that long and judge what it found."""
    make_copy()
    finished = _run_mutmut(max(seconds, _LEAST_SECONDS))
    codes = _exit_codes()
    counts: Counter[str] = Counter(_fate(code) for code in codes.values())
    run = sum(counts.values()) - counts["not run"]
    alive = _described([name for name, code in codes.items() if _fate(code) == "survived"])
    reasons = known_as_harmless()
    unexplained = [mutant for mutant in alive if mutant not in reasons]
    gone = [mutant for mutant in reasons if mutant not in alive] if finished else []
    share = counts["killed"] / run if run else 0.0
    failures = [f"survived: {_shown(mutant)}" for mutant in unexplained]
    if share < LEAST_KILLED:
        failures.append(f"{share:.1%} killed, at least {LEAST_KILLED:.0%} is wanted")
    return Found(
        says=(
            "mutmut changes one thing at a time in the modules that decide, and runs the tests "
            "that reach the changed function; a change that no test notices has survived. mutmut "
            "leaves decorated functions alone, so it is given a copy in which the decorators of "
            "rules and properties stand below their functions, which means the same."
        ),
        figures=(
            ("modules", ", ".join(f"`{each}`" for each in MUTATED)),
            ("mutants", number(len(codes))),
            ("run within the budget", f"{number(run)} ({run / len(codes):.1%})"),
            ("killed", f"{number(counts['killed'])} ({share:.2%} of those run)"),
            ("survived, each with a reason below", number(len(alive) - len(unexplained))),
            ("survived without a reason", number(len(unexplained))),
            ("reasons that can go: their mutant is killed or gone", number(len(gone))),
        ),
        failures=tuple(failures),
        listed=tuple(f"- {_shown(each)}: {reasons[each]}" for each in alive if each in reasons),
        open=(
            (
                "Decorators, constants and defaults outside of functions are not mutated, nor are "
                "the modules that are not listed."
            ),
            "That a survivor changes no answer was judged by reading.",
        ),
    )


def make_copy() -> None:
    """Write the folder that mutmut works in: this checkout, decorators below their functions."""
    shutil.rmtree(COPY, ignore_errors=True)
    left_out = shutil.ignore_patterns("__pycache__", "_build", ".*")
    for folder in ("src", "tests", "docs", "scripts"):
        shutil.copytree(ROOT / folder, COPY / folder, ignore=left_out)
    for name in MUTATED:
        path = COPY / _path(name)
        path.write_text(decorators_below(path.read_text(encoding="utf-8")), encoding="utf-8")
    configuration = _CONFIGURATION.format(
        mutated=json.dumps([_path(name) for name in MUTATED]),
        tests=json.dumps([path for path in TESTS if (ROOT / path).exists()]),
        left_out=LEFT_OUT,
    )
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (COPY / "pyproject.toml").write_text(project + configuration, encoding="utf-8")


def _path(module: str) -> str:
    return f"src/pkgredeem/{module.replace('.', '/')}.py"


def decorators_below(source: str) -> str:
    """Return the source with the decorators that a rule or a property has below its function."""
    return cst.parse_module(source).visit(_Below()).code


def known_as_harmless() -> dict[Mutant, str]:
    """Return the mutants that change no answer, each with the reason."""
    listed = tomllib.loads(HARMLESS.read_text(encoding="utf-8"))["mutant"]
    return {
        Mutant(each["function"], each["before"], each["after"]): each["reason"] for each in listed
    }


class _Below(cst.CSTTransformer):
    def leave_FunctionDef(  # noqa: N802 - libcst's name
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef | cst.FlattenSentinel[cst.BaseStatement]:
        """Put `name = decorator(name)` below a function with one decorator of ours."""
        if len(original_node.decorators) != 1:
            return updated_node
        decorator = updated_node.decorators[0].decorator
        called = decorator.func if isinstance(decorator, cst.Call) else decorator
        if not isinstance(called, cst.Name) or called.value not in _MOVED:
            return updated_node
        name = updated_node.name
        decorated = cst.Call(decorator, [cst.Arg(name)])
        below = cst.SimpleStatementLine([cst.Assign([cst.AssignTarget(name)], decorated)])
        return cst.FlattenSentinel([updated_node.with_changes(decorators=[]), below])


def _run_mutmut(seconds: float) -> bool:
    """Run mutmut until it ends or time is up; tell whether it ended by itself."""
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(cores())]
    with (COPY / "mutmut.log").open("w") as log:
        running = subprocess.Popen(
            command,
            cwd=COPY,
            env=os.environ | {"HYPOTHESIS_PROFILE": "same", "CI": "1"},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            status = running.wait(seconds)
        except subprocess.TimeoutExpired:
            _stop(running)
            return False
    if status:
        told = (COPY / "mutmut.log").read_text(errors="replace")[-2_000:]
        raise RuntimeError(f"mutmut ended with {status}: {told}")
    return True


def _stop(running: subprocess.Popen[bytes]) -> None:
    """End mutmut and its workers at a moment when what it recorded is written whole."""
    for _ in range(_TRIES):
        running.send_signal(signal.SIGSTOP)
        try:
            _exit_codes()
        except json.JSONDecodeError:
            running.send_signal(signal.SIGCONT)
            time.sleep(_PAUSE)
        else:
            break
    os.killpg(running.pid, signal.SIGKILL)  # its workers are in its session
    running.wait()


def _exit_codes() -> dict[str, int | None]:
    codes: dict[str, int | None] = {}
    for path in sorted((COPY / "mutants/src/pkgredeem").rglob("*.meta")):
        codes |= json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
    return codes


def _fate(code: int | None) -> str:
    if code in _NOT_RUN:
        return "not run"
    return "survived" if code == _SURVIVED or code in _UNTESTED else "killed"


def _described(names: Iterable[str]) -> list[Mutant]:
    """Return what each of these mutants changes, as mutmut shows it."""
    script = (
        "import json, sys\n"
        "from mutmut.mutation.diff_apply import get_diff_for_mutant as diff\n"
        "print(json.dumps({name: diff(name) for name in json.load(sys.stdin)}))\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", script],
        cwd=COPY,
        input=json.dumps(list(names)),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [_mutant(name, diff) for name, diff in json.loads(told).items()]


def _mutant(name: str, diff: str) -> Mutant:
    module, _, mangled = name.rpartition("__mutmut_")[0].rpartition(".")
    function = mangled.removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")
    changed = [each for each in diff.splitlines() if not each.startswith(("---", "+++"))]
    before, after = (
        " ".join(each[1:].strip() for each in changed if each.startswith(sign)) for sign in "-+"
    )
    return Mutant(f"{module.removeprefix('pkgredeem.')}.{function}", before, after)


def _shown(mutant: Mutant) -> str:
    return f"`{mutant.function}`: `{mutant.before}` made `{mutant.after}`"

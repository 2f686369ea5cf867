"""Part `mutation`: mutmut changes the library in small ways, and tests must notice each of them.

The groups of `mutants` are run one after the other, each for its share of the time by its size; a
group for which no time is left is told not to be reached. What a run leaves in the folder `mutants`
is not done again by the next one, as long as the modules of its group are as they were.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from tests.proofs import mutants
from tests.proofs.found import Found, number
from tests.proofs.harmless import Mutant, described, known_as_harmless
from tests.proofs.mutants import GROUPS, LEFT_OUT, ROOT
from tests.proofs.pool import cores

COPIES = ROOT / "mutants"
LEAST_KILLED = 0.98

# What mutmut records of a mutant: the exit status of pytest, or of the process that ran it.
_KILLED, _SURVIVED, _UNTESTED, _NOT_RUN = 1, 0, (5, 33), (None, 2)
_FATES = ("killed", "survived", "not run")
_TRIES, _PAUSE = 100, 0.1
#: For one group: to make the mutants and to see which test reaches what takes most of it.
_LEAST_SECONDS = 180


class Ended(NamedTuple):
    """What came of a group.

    Each mutant's exit status, what those alive change, whether mutmut came to its end, and how many
    mutants an earlier run had done already.
    """

    codes: Mapping[str, int | None]
    alive: list[Mutant]
    is_finished: bool
    done_before: int


def prove(seconds: float) -> Found:
    """Run mutmut on each group for its share and judge what it found."""
    end = time.monotonic() + seconds
    sizes = {name: sum(_sizes(group)) for name, group in GROUPS.items()}
    ended: dict[str, Ended] = {}
    for name, group in GROUPS.items():
        left = end - time.monotonic()
        if ended and left < _LEAST_SECONDS:
            continue
        others = sum(size for other, size in sizes.items() if other not in ended)
        mutants.make_copy(group, COPIES / name)
        share = max(_LEAST_SECONDS, left * sizes[name] / others)
        ended[name] = _mutate(COPIES / name, group, share)
    return _judged(ended)


def _mutate(copy: Path, group: mutants.Group, seconds: float | None) -> Ended:
    """Run mutmut in a copy for so long, and put once more to all tests what it leaves alive."""
    end = None if seconds is None else time.monotonic() + seconds
    done_before = sum(_fate(code) != "not run" for code in _exit_codes(copy).values())
    is_finished = _run_mutmut(copy, seconds)
    codes = _exit_codes(copy)
    alive = _described(copy, [name for name, code in codes.items() if _fate(code) == "survived"])
    known = known_as_harmless()
    for name in _killed_afresh(
        copy, group, [name for name in alive if alive[name] not in known], end
    ):
        codes[name] = _KILLED
        del alive[name]
    return Ended(codes, list(alive.values()), is_finished, done_before)


def _killed_afresh(
    copy: Path, group: mutants.Group, names: list[str], end: float | None
) -> Iterable[str]:
    """Return those mutants that a test notices when all is imported with them.

    mutmut imports everything before it changes anything. What imports have built by then was built
    by the functions as they are.
    """
    pytest = [sys.executable, "-m", "pytest", "-x", "-q", *mutants.options_of(group)]
    paths = os.pathsep.join(str(copy / "mutants" / folder) for folder in ("src", "."))

    def passes(name: str, *options: str) -> bool:
        left = None if end is None else max(0.0, end - time.monotonic())
        environment = os.environ | {"PYTHONPATH": paths, "MUTANT_UNDER_TEST": name}
        environment |= {"HYPOTHESIS_PROFILE": "same", "CI": "1"}
        try:
            ran = subprocess.run(
                [*pytest, *options, *mutants.tests_of(group)],
                cwd=copy / "mutants",
                env=environment,
                capture_output=True,
                check=False,
                timeout=left,
            )
        except subprocess.TimeoutExpired:
            return True
        return ran.returncode == 0

    if names and not passes("", "--collect-only"):
        raise RuntimeError("the tests are not found where nothing is changed")
    with ThreadPoolExecutor(cores()) as pool:
        return [
            name for name, alive in zip(names, pool.map(passes, names), strict=True) if not alive
        ]


def _sizes(group: mutants.Group) -> Iterable[int]:
    return ((mutants.HOUSE / path).stat().st_size for path in mutants.modules(group))


def _judged(ended: Mapping[str, Ended]) -> Found:
    codes = {name: code for each in ended.values() for name, code in each.codes.items()}
    fates = {name: _fate(code) for name, code in codes.items()}
    counts = Counter(fates.values())
    run = sum(counts.values()) - counts["not run"]
    done_before = sum(each.done_before for each in ended.values())
    alive = [mutant for each in ended.values() for mutant in each.alive]
    reasons = known_as_harmless()
    unexplained = [mutant for mutant in alive if mutant not in reasons]
    not_reached = [name for name in GROUPS if name not in ended]
    is_whole = not not_reached and all(each.is_finished for each in ended.values())
    gone = [mutant for mutant in reasons if mutant not in alive] if is_whole else []
    share = counts["killed"] / run if run else 0.0
    failures = [f"survived: {_shown(mutant)}" for mutant in unexplained]
    if run and share < LEAST_KILLED:
        failures.append(f"{share:.1%} killed, at least {LEAST_KILLED:.0%} is wanted")
    return Found(
        says=(
            "mutmut changes one thing at a time in the engine, the desk, the rules, the values and "
            "the ready-made stores, their SQL included, and runs the tests that reach the changed "
            "function; a change that no test notices has survived. mutmut leaves decorated "
            "functions and constants alone, so it is given a copy in which decorators stand below "
            "their functions and SQL stands where it is used, which means the same."
        ),
        figures=(
            ("modules", number(len({_module(name) for name in codes}))),
            ("mutants", number(len(codes))),
            ("run", f"{number(run)} ({run / max(len(codes), 1):.1%})"),
            ("of them by an earlier run on the same modules", number(done_before)),
            ("killed", f"{number(counts['killed'])} ({share:.2%} of those run)"),
            ("survived, each with a reason below", number(len(alive) - len(unexplained))),
            ("survived without a reason", number(len(unexplained))),
            ("reasons that can go: their mutant is killed or gone", number(len(gone))),
        ),
        failures=tuple(failures),
        listed=(
            *_by_module(fates),
            *(f"- {_shown(each)}: {reasons[each]}" for each in alive if each in reasons),
        ),
        open=(
            "Decorators, and constants that hold no SQL, are not mutated.",
            *(f"`{place}` is not mutated: {reason}." for place, reason in LEFT_OUT.items()),
            *(
                f"The mutants of group {name} were not reached in the budget."
                for name in not_reached
            ),
            "That a survivor changes no answer was judged by reading; ten seconds of tests ask it.",
        ),
    )


def _module(name: str) -> str:
    return name.rpartition("__mutmut_")[0].rpartition(".")[0].removeprefix("pkgredeem.")


def _by_module(fates: Mapping[str, str]) -> Iterable[str]:
    """Yield a line for each module: its mutants, and what became of them."""
    counted: dict[str, Counter[str]] = {}
    for name, fate in fates.items():
        counted.setdefault(_module(name), Counter())[fate] += 1
    for module, counts in sorted(counted.items()):
        told = ", ".join(f"{counts[fate]} {fate}" for fate in _FATES if counts[fate])
        yield f"- `{module}`: {told}"


def _run_mutmut(copy: Path, seconds: float | None) -> bool:
    """Run mutmut until it ends or time is up; tell whether it ended by itself."""
    # Without the folder of the script on the path, in which modules have plain names.
    command = [
        sys.executable,
        "-P",
        "tests/proofs/mutating.py",
        "run",
        "--max-children",
        str(cores()),
    ]
    with (copy / "mutmut.log").open("w") as log:
        running = subprocess.Popen(
            command,
            cwd=copy,
            env=os.environ | {"HYPOTHESIS_PROFILE": "same", "CI": "1"},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            status = running.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        finally:
            _stop(running, copy)
    if status:
        told = (copy / "mutmut.log").read_text(errors="replace")[-2_000:]
        raise RuntimeError(f"mutmut ended with {status}: {told}")
    return True


def _stop(running: subprocess.Popen[bytes], copy: Path) -> None:
    """End mutmut and its workers at a moment when what it recorded is written whole."""
    if running.poll() is not None:
        return
    for _ in range(_TRIES):
        running.send_signal(signal.SIGSTOP)
        try:
            _exit_codes(copy)
        except json.JSONDecodeError:
            running.send_signal(signal.SIGCONT)
            time.sleep(_PAUSE)
        else:
            break
    os.killpg(running.pid, signal.SIGKILL)  # its workers are in its session
    running.wait()


def _exit_codes(copy: Path) -> dict[str, int | None]:
    codes: dict[str, int | None] = {}
    for path in sorted((copy / "mutants/src/pkgredeem").rglob("*.meta")):
        codes |= json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
    return codes


def _fate(code: int | None) -> str:
    if code in _NOT_RUN:
        return "not run"
    return "survived" if code == _SURVIVED or code in _UNTESTED else "killed"


def _described(copy: Path, names: Iterable[str]) -> dict[str, Mutant]:
    """Return what each of these mutants changes, as mutmut shows it."""
    script = (
        "import json, sys\n"
        "from mutmut.mutation.diff_apply import get_diff_for_mutant as diff\n"
        "print(json.dumps({name: diff(name) for name in json.load(sys.stdin)}))\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", script],
        cwd=copy,
        input=json.dumps(list(names)),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return {name: described(name, diff) for name, diff in json.loads(told).items()}


def _shown(mutant: Mutant) -> str:
    return f"`{mutant.function}`: `{mutant.before}` made `{mutant.after}`"


def main() -> None:
    """Tell what survives in one group, or in some modules of it, in the form of `harmless.toml`.

    `python -m tests.proofs.mutation desk _desk/repeats.py`: as long as it takes.
    """
    name, *paths = sys.argv[1:]
    group, copy = GROUPS[name], COPIES / name
    mutants.make_copy(group, copy, paths)
    ended = _mutate(copy, group, None)
    print(*_by_module({name: _fate(code) for name, code in ended.codes.items()}), sep="\n")
    known = known_as_harmless()
    for mutant in ended.alive:
        if mutant not in known:
            rows = "\n".join(
                f"{key} = {json.dumps(text)}" for key, text in mutant._asdict().items()
            )
            print(f'\n[[mutant]]\n{rows}\nreason = ""')


if __name__ == "__main__":
    main()

"""Measures pkgredeem beside its peers and prints one table.

    python -m tests.benchmarks [--quick]
    python -m tests.benchmarks --against REV [--quick]

`--against` compares the present library with that of another revision, and measures nothing else.
`--quick` runs all of it with next to no repetition: its figures mean nothing.
"""

import argparse
import platform
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks import (
    absolute,
    against,
    deciding,
    fair_sqlite,
    growth,
    importing,
    reading,
    redeem_sqlite,
    replaying,
    seven,
    sizes,
    unchecked,
    wheel,
)
from tests.benchmarks.deciding import LIBRARY
from tests.benchmarks.table import Row, Section, Target, shown, written
from tests.benchmarks.timing import QUICK, THOROUGH, Effort, Timed, in_processes

_PAIRS_ON_SQLITE = 1_000
_SECONDS_OF_WRITING = 10


def of_decisions(effort: Effort) -> Iterator[Section]:
    """Yield the full question beside the one by hand, then the seven conditions."""
    measured = in_processes(deciding.__name__, effort)
    asked = measured.pop(deciding.SEVEN_CONDITIONS)
    stored = measured.pop(deciding.STORED)
    rows = [
        Row(
            what=f"decide / hand-written over own plain values, {deciding.STORED}",
            took=_side_by_side(stored),
            ratio=stored[deciding.BY_HAND].ratio,
            target=Target(ratio=3.0),
        )
    ]
    rows += [
        Row(what=question, took=_side_by_side(peers), ratio=peers[deciding.BY_HAND].ratio)
        for question, peers in measured.items()
    ]
    yield Section(
        heading="The full question, by the library and by hand",
        ratio_is="`decide`, by hand, and how many times as long `decide` takes",
        rows=tuple(rows),
    )
    yield of_seven(asked)
    yield yes_or_no(asked)


def _side_by_side(peers: dict[str, Timed]) -> str:
    return f"{shown(peers[LIBRARY].seconds)}, {shown(peers[deciding.BY_HAND].seconds)}"


def of_seven(asked: dict[str, Timed]) -> Section:
    """Return the seven conditions: `decide` first, then everyone else."""
    targets = {
        seven.ZEN_TABLE: Target(ratio=1.0),
        seven.RULE_ENGINE: Target(ratio=1.0),
        seven.CEDAR: Target(ratio=0.1),
    }
    return Section(
        heading="The seven conditions, eligible",
        ratio_is="`decide`, with all it answers, takes so many times as long as the row",
        rows=tuple(
            Row(
                what=name,
                took=shown(timed.seconds),
                ratio=None if name == seven.DECIDE else timed.ratio,
                target=targets.get(name),
            )
            for name, timed in asked.items()
        ),
    )


def yes_or_no(asked: dict[str, Timed]) -> Section:
    """Return the seven conditions once more: the library's own yes or no beside the engines."""
    notice = asked[seven.NOTICE].seconds
    return Section(
        heading="The same, the library's own yes or no beside the engines",
        ratio_is="`notice` takes so many times as long as the row",
        rows=tuple(
            Row(
                what=name,
                took=shown(asked[name].seconds),
                ratio=notice / asked[name].seconds,
                target=None if name in seven.OF_DATALOGIC else Target(ratio=1.0),
            )
            for name, _ in seven.ENGINES
        ),
    )


def of_the_rest(effort: Effort) -> Iterator[Section]:
    """Yield everything else that is measured."""
    alone = absolute.medians(effort)
    yield Section(
        heading="By pyperf, each in processes of its own, waiting for a processor included",
        ratio_is="so many times as long as the eligible decision",
        rows=tuple(
            Row(what=what, took=shown(alone[name]), ratio=alone[name] / alone["decide"])
            for what, name in (
                ("decide: eligible", "decide"),
                ("decide: refused for six reasons", "refuse"),
                ("build and check every value of it", "build_every_value"),
                ("read and check its document", "read_document"),
            )
        ),
    )
    yield of_values(effort)
    yield from of_reading(effort)
    yield from of_starting(effort)
    yield of_the_wheel()
    yield of_menus(effort)
    yield of_growth(effort)

    count = round(sizes.MILLION * effort.share)
    package, row = sizes.bytes_each("packages", count), sizes.bytes_each("rows", count)
    yield Section(
        heading=f"{count:,} packages in memory",
        ratio_is="so many times as much as the same rows as dicts",
        rows=(Row(what="a package", took=f"{package:.0f} bytes", ratio=package / row),),
    )

    pairs = max(3, round(_PAIRS_ON_SQLITE * effort.share))
    on_sqlite = [redeem_sqlite.measure(synchronous, pairs) for synchronous in ("OFF", "FULL")]
    yield Section(
        heading="Redeeming and cancelling on SQLite, through the desk and the SQLite store",
        ratio_is="so many times as long as the same SQL by hand",
        rows=tuple(
            Row(
                what=f"a redemption and its cancellation, synchronous = {each.synchronous}",
                took=f"{len(each.library) / sum(each.library):,.0f} a second",
                ratio=each.ratio,
            )
            for each in on_sqlite
        ),
    )

    yield of_waiting(effort)
    yield of_a_replay(effort)


def of_values(effort: Effort) -> Section:
    """Return what the checks of public values cost."""
    return Section(
        heading="Making public values, which check themselves",
        ratio_is="so many times as long as frozen ones without checks",
        rows=tuple(
            Row(
                what=name,
                took=shown(timed.seconds),
                ratio=timed.ratio,
                target=Target(ratio=1.5) if name == unchecked.TOGETHER else None,
            )
            for name, timed in unchecked.measured(effort.rounds).items()
        ),
    )


def of_starting(effort: Effort) -> Iterator[Section]:
    """Yield what importing takes, and the command for one document."""
    processes = importing.PROCESSES if effort is THOROUGH else 1
    for heading, ratio_is, measured, first, most in (
        (
            "Importing, in new processes, under -I -S",
            "so many times as long as the four standard modules",
            importing.measured,
            importing.STANDARD,
            3.0,
        ),
        (
            "The command for one document, the whole process",
            "so many times as long as Python that imports the library",
            importing.command,
            importing.PYTHON,
            2.2,
        ),
    ):
        timed = measured(processes)
        library = next(iter(timed))
        yield Section(
            heading=heading,
            ratio_is=ratio_is,
            rows=(
                Row(what=first, took=shown(timed[first].seconds)),
                Row(
                    what=library,
                    took=shown(timed[library].seconds),
                    ratio=timed[first].ratio,
                    target=Target(ratio=most),
                ),
            ),
        )


def of_menus(effort: Effort) -> Section:
    """Return a menu beside as many decisions."""
    rows = []
    for kind, most in ((sizes.PLAIN, 0.05), (sizes.WITH_ALL, 0.5)):
        menu, calls = sizes.menu(kind, effort)
        rows.append(
            Row(
                what=kind,
                took=f"{shown(menu)}, {shown(calls)}",
                ratio=menu / calls,
                target=Target(ratio=most),
            )
        )
    return Section(
        heading="A menu of 500 services, the client holding 20 packages",
        ratio_is="`menu`, as many calls of `decide`, and the first over the second",
        rows=tuple(rows),
    )


def of_growth(effort: Effort) -> Section:
    """Return what a decision takes as lines and packages double."""
    return Section(
        heading="One decision with 25, 50 and 100 lines, and twice as many packages",
        ratio_is="the worse of two doublings",
        rows=tuple(
            Row(
                what=kind,
                took=", ".join(map(shown, grown.seconds)),
                ratio=max(grown.doublings),
                target=Target(ratio=4.5),
            )
            for kind, grown in growth.measured(effort).items()
        ),
    )


def of_reading(effort: Effort) -> Iterator[Section]:
    """Yield what reading takes beside parsing, and the worst documents that were found."""
    targets = {
        reading.CASE: Target(ratio=3.2),
        reading.MIXED: Target(ratio=3.2),
        reading.REDEMPTION: Target(ratio=2.0),
        reading.REDEMPTIONS: Target(ratio=2.0),
    }
    yield Section(
        heading="Reading documents, once so many were read that the reader is compiled",
        ratio_is="so many times as long as JSON's own reader: of a case with the hook for keys "
        "given twice, of what is stored without",
        rows=tuple(
            Row(what=what, took=shown(timed.seconds), ratio=timed.ratio, target=targets.get(what))
            for what, timed in reading.measured(effort).items()
        ),
    )
    worst = {name: reading.seconds_of_worst(name, effort.share) for name in reading.WORST}
    yield Section(
        heading="The slowest documents within the bounds that were found",
        ratio_is="so many times as long as 2 seconds",
        rows=tuple(
            Row(
                what=f"{name}, worst",
                took=shown(seconds),
                ratio=seconds / 2,
                target=Target(ratio=1.0),
            )
            for name, seconds in worst.items()
        ),
    )


def of_waiting(effort: Effort) -> Section:
    """Return whether writers of one SQLite file wait alike."""
    seconds = _SECONDS_OF_WRITING * effort.share
    rows: list[Row] = []
    for who, threads, processes, targets in (
        ("8 threads", 8, 1, (Target(ratio=0.8, at_most=False), Target(ratio=20))),
        ("4 processes", 1, 4, (None, None)),
        ("4 processes of 2 threads", 2, 4, (None, None)),
    ):
        waits = fair_sqlite.measure(seconds, threads=threads, processes=processes)
        slowest, *_, fastest = waits.commits
        rows += (
            Row(
                what=f"{who}: commits of the slowest, over those of the fastest",
                took=f"{slowest:,}, {fastest:,}",
                ratio=waits.evenness,
                target=targets[0],
            ),
            Row(
                what=f"{who}: the longest wait for a commit, over the median",
                took=f"{shown(waits.longest)}, {shown(waits.median)}",
                ratio=waits.longest / waits.median,
                target=targets[1],
            ),
        )
    return Section(
        heading="Writers of one SQLite file, synchronous = FULL",
        ratio_is="the first over the second",
        rows=tuple(rows),
    )


def of_the_wheel() -> Section:
    """Return what the parts of the wheel take of it."""
    with TemporaryDirectory() as folder:
        held = wheel.sizes(wheel.built(Path(folder)))
    return Section(
        heading="The wheel, compressed as it is",
        ratio_is="the part that it takes of the whole",
        rows=tuple(
            Row(
                what=what,
                took=f"{size / wheel.KILOBYTE:.0f} KB",
                ratio=size / held[wheel.WHOLE],
            )
            for what, size in held.items()
        ),
    )


def of_a_replay(effort: Effort) -> Section:
    """Return a replay beside what it was, without carry, and by a single process."""
    found = replaying.measured(effort)
    rows = [
        Row(
            what="with --carry; without it",
            took=f"{shown(found.carried)}, {shown(found.plain)}",
            ratio=found.carried / found.plain,
            target=Target(ratio=1.5),
        ),
        Row(
            what=f"{found.many:,} bookings, two processes; one",
            took=f"{shown(found.many_by_two)}, {shown(found.many_by_one)}",
            ratio=found.many_by_two / found.many_by_one,
            target=Target(ratio=0.55) if replaying.CORES > 1 else None,
        ),
    ]
    if found.before is not None:
        before = Row(
            what=f"one process; the same at {replaying.BEFORE[:12]}",
            took=f"{shown(found.plain)}, {shown(found.before)}",
            ratio=found.plain / found.before,
            target=Target(ratio=0.35),
        )
        rows = [before, *rows]
    return Section(
        heading=f"A replay of {found.bookings:,} bookings, the whole command",
        ratio_is="so many times as long as what stands behind the semicolon",
        rows=tuple(rows),
    )


def main(arguments: list[str], write: Callable[[str], object] = sys.stdout.write) -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="next to no repetition")
    parser.add_argument("--against", metavar="REV", help="compare with the library at a revision")
    asked = parser.parse_args(arguments)
    effort = QUICK if asked.quick else THOROUGH
    write(f"Python {platform.python_version()}, {platform.machine()}\n\n")
    if asked.against is not None:
        against.main(asked.against, effort, write)
        return
    for part in (of_decisions, of_the_rest):
        for section in part(effort):
            write(written([section]) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])

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
    importing,
    redeem_sqlite,
    replaying,
    seven,
    sizes,
    wheel,
)
from tests.benchmarks.deciding import LIBRARY
from tests.benchmarks.makers import BORROWED, CHECKED, STORED
from tests.benchmarks.table import Row, Section, Target, shown, written
from tests.benchmarks.timing import QUICK, THOROUGH, Effort, Timed, in_processes, in_turns

BY_HAND = Target(ratio=1.4)
_PAIRS_ON_SQLITE = 1_000


def of_decisions(effort: Effort) -> Iterator[Section]:
    """Yield the full question in its ways, then the seven conditions."""
    measured = in_processes(deciding.__name__, effort)
    asked = measured.pop(deciding.SEVEN_CONDITIONS)
    for make in (STORED, BORROWED, CHECKED):
        yield Section(
            heading=f"The full question; by hand, {make.name}",
            ratio_is="`decide`, by hand, and how many times as long `decide` takes",
            rows=tuple(
                Row(
                    what=question,
                    took=f"{shown(peers[LIBRARY].seconds)}, {shown(peers[make.name].seconds)}",
                    ratio=peers[make.name].ratio,
                    target=BY_HAND if make is STORED else None,
                )
                for question, peers in measured.items()
            ),
        )
    yield of_seven(asked)
    yield yes_or_no(asked)


def of_seven(asked: dict[str, Timed]) -> Section:
    """Return the seven conditions: `decide` first, then everyone else."""
    targets = {name: Target(ratio=1.0) for name, _ in seven.ENGINES} | {
        seven.CEDAR: Target(ratio=0.1)
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
    """Return the seven conditions once more: the library's own yes or no beside the engines'."""
    notice = asked[seven.NOTICE].seconds
    return Section(
        heading="The same, a yes or no beside a yes or no",
        ratio_is="`notice` takes so many times as long as the row",
        rows=tuple(
            Row(
                what=name,
                took=shown(asked[name].seconds),
                ratio=notice / asked[name].seconds,
                target=Target(ratio=1.0),
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
    reading = in_turns({"read": absolute.read_document, "parse": absolute.parse}, effort.rounds)
    yield Section(
        heading="Reading case documents",
        ratio_is="so many times as long as parsing the JSON alone",
        rows=(
            Row(
                what="from the text to checked values",
                took=f"{1 / reading['read'].seconds:,.0f} a second",
                ratio=reading["parse"].ratio,
            ),
        ),
    )

    imported = importing.measured(importing.PROCESSES if effort is THOROUGH else 1)
    library, standard = imported[importing.LIBRARY], imported[importing.STANDARD]
    yield Section(
        heading="Importing, in new processes",
        ratio_is="so many times as long as the four standard modules",
        rows=(
            Row(what=importing.STANDARD, took=shown(standard.seconds)),
            Row(
                what=importing.LIBRARY,
                took=shown(library.seconds),
                ratio=standard.ratio,
                target=Target(ratio=3.0),
            ),
        ),
    )

    yield of_the_wheel()

    menu, calls = sizes.menu(effort)
    yield Section(
        heading="A menu of 500 services, the client holding 20 packages",
        ratio_is="500 calls of `decide` take so many times as long",
        rows=(
            Row(
                what="policy.menu",
                took=shown(menu),
                ratio=calls,
                target=Target(ratio=10.0, at_most=False),
            ),
        ),
    )

    grown = sizes.allocation(effort)
    yield Section(
        heading="One decision, as lines and packages grow",
        ratio_is="so many times as long as the row before",
        rows=tuple(
            Row(
                what=f"{lines} lines, {packages} packages",
                took=shown(seconds),
                ratio=seconds / before[2] if before else None,
            )
            for before, (lines, packages, seconds) in zip([None, *grown], grown, strict=False)
        ),
    )

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
        heading="Redeeming and cancelling on SQLite, through the desk and the example store",
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

    yield of_a_replay(effort)


def of_the_wheel() -> Section:
    """Return what the parts of the wheel take of it."""
    with TemporaryDirectory() as folder:
        held = wheel.sizes(wheel.built(Path(folder)))
    return Section(
        heading="The wheel, compressed as it is",
        ratio_is="so many times as much as 100 KB",
        rows=tuple(
            Row(
                what=what,
                took=f"{size / wheel.KILOBYTE:.0f} KB",
                ratio=size / (100 * wheel.KILOBYTE),
                target=Target(ratio=1.0) if what in {wheel.CORE, wheel.WHOLE} else None,
            )
            for what, size in held.items()
        ),
    )


def of_a_replay(effort: Effort) -> Section:
    """Return a replay by one process, and by two."""
    bookings, one, two = replaying.measured(effort)
    return Section(
        heading=f"A replay of {bookings:,} bookings, the whole command",
        ratio_is="so many times as fast as one process",
        rows=(
            Row(what="one process", took=f"{bookings / one:,.0f} a second"),
            Row(
                what="two processes",
                took=f"{bookings / two:,.0f} a second",
                ratio=one / two,
                target=Target(ratio=1.5, at_most=False) if replaying.CORES > 1 else None,
            ),
        ),
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

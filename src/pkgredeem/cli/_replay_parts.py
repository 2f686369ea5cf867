"""The parts of a file that is replayed, each counted by a process: ranges of it, or shards.

A part is all that is handed to a process, and a count is all that comes back. With carry the file
is read twice: looked through in ranges, then counted in shards.
"""

import os
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from pkgredeem.cli._inputs import Source
from pkgredeem.cli._output import Screen
from pkgredeem.cli._progress import Progress
from pkgredeem.documents.replay import Replay, Survey, ranges, survey

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

#: Bytes of a range: enough to be worth a process's while, few enough for the bar to move.
RANGE: Final = 4_000_000

_Answer = TypeVar("_Answer")


class _Workers(Protocol):
    """Calls a function with each of the arguments, and yields the answers in their order."""

    def __call__(
        self, call: Callable[..., _Answer], arguments: Iterable[Mapping[str, object]], /
    ) -> Iterator[_Answer]: ...


def count_in_parts(
    screen: Screen,
    source: Source,
    size: int,
    count: "partial[Replay]",
    *,
    carry: bool,
    processes: int,
) -> Replay:
    """Return what the whole file comes to, and show how far it is.

    Args:
        screen: where the progress is shown.
        source: the file.
        size: how many bytes it has.
        count: `replay`, with the path and the policies.
        carry: whether lines go on from each other.
        processes: how many there may be; a single one starts no other.

    Raises:
        OSError: the file can't be read.
        PicklingError: a rule can't be handed to another process.
    """
    cut = ranges(source.argument, max(1, -(-size // RANGE)))
    ends = [{"start": start, "stop": stop} for start, stop in cut]
    with (
        _workers(min(processes, len(cut))) as each,
        Progress(screen, source.name, size * (2 if carry else 1)) as progress,
    ):
        if not carry:
            return Replay.merged(_ranges_counted(each(count, ends), cut, progress))
        look = partial(survey, source.argument)
        shards = Survey.merged(_ranges_counted(each(look, ends), cut, progress)).shards(len(cut))
        lines = max(1, sum(map(len, shards)))
        counted = each(count, ({"shard": shard} for shard in shards))
        return Replay.merged(_shards_counted(counted, size / lines, progress))


def _ranges_counted(
    counted: Iterable[_Answer], cut: list[tuple[int, int]], progress: Progress
) -> Iterator[_Answer]:
    """Yield what each range comes to, and show that it is counted."""
    for (start, stop), found in zip(cut, counted, strict=True):
        progress.advance(stop - start, lines=found.lines if isinstance(found, Replay) else 0)
        yield found


def _shards_counted(
    counted: Iterable[Replay], bytes_of_a_line: float, progress: Progress
) -> Iterator[Replay]:
    """Yield what each shard comes to, and show that it is counted."""
    for found in counted:
        progress.advance(round(found.lines * bytes_of_a_line), lines=found.lines)
        yield found


@contextmanager
def _workers(processes: int) -> Generator[_Workers]:
    if processes == 1:
        yield _one_by_one
        return
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - one process needs none

    # A rule is handed over by its module's name, which may be one of this folder.
    here = os.getcwd()  # noqa: PTH109  (sys.path holds texts)
    with ProcessPoolExecutor(processes, initializer=_import_from, initargs=(here,)) as pool:
        yield partial(_by_a_pool, pool)


def _one_by_one(
    call: Callable[..., _Answer], arguments: Iterable[Mapping[str, object]]
) -> Iterator[_Answer]:
    for each in arguments:
        yield call(**each)


def _by_a_pool(
    pool: "ProcessPoolExecutor",
    call: Callable[..., _Answer],
    arguments: Iterable[Mapping[str, object]],
) -> Iterator[_Answer]:
    futures = deque(pool.submit(call, **each) for each in arguments)
    while futures:  # none is held any longer than it is needed
        yield futures.popleft().result()


def _import_from(folder: str) -> None:
    sys.path.insert(0, folder)

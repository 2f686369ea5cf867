"""Which lines of a file belong together, and in which order: what a replay with carry goes by.

Lines belong together where they are about one client, one package or one booking, directly or
through a chain: such a group is replayed whole, by one process. A survey reads no line with care,
and keeps 28 bytes of it: when, where, and numbers that stand for its client and its booking. Two
ids may share a number: then two groups are replayed as one, which changes no count.
"""

import json
import struct
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, Final, Self, TypeAlias, cast, final
from zlib import crc32

from pkgredeem._model import checks as check
from pkgredeem._model.iso8601 import instant_of
from pkgredeem.documents._acts import ACT_FORMAT
from pkgredeem.documents.replay._lines import check_range, lines_of

#: A line of a shard: its first byte, its length, its number from 1, and what is said of its place.
_ROW: Final = struct.Struct("<QIIB")
#: It is the first line of a group; no line after it names its booking.
BEGINS_GROUP: Final = 1
ENDS_BOOKING: Final = 2

_CLIENT, _PACKAGE, _BOOKING, _PLACE = range(4)  # so that one id of two kinds has two numbers
_EPOCH: Final = datetime(1, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
#: How much earlier an act can seem to be than its booking, in half microseconds (D74).
_CLOCK_DIFFERENCE: Final = 2 * 60_000_000

_decode: Final = json.JSONDecoder().raw_decode


@final
@dataclass(frozen=True, slots=True)
class Shard:
    """Some groups of lines, each in order of booking: what one process replays with carry.

    `Survey.shards` makes them. A shard says where lines stand and nothing of what they hold, so
    that it travels well: 17 bytes a line.

    Attributes:
        rows: the lines, packed.

    Example:
        >>> from pkgredeem.documents.replay import Shard
        >>> len(Shard(b""))
        0
    """

    rows: bytes = field(repr=False)

    def __len__(self) -> int:
        """Return how many lines it has."""
        return len(self.rows) // _ROW.size


def rows_of(shard: Shard) -> Iterator[tuple[int, int, int, int]]:
    """Return the lines of a shard: first byte, length, number, and what is said of the place."""
    return cast("Iterator[tuple[int, int, int, int]]", _ROW.iter_unpack(shard.rows))


@final
class Survey:
    """What is known of the lines of a file, or of a range of it, before they are replayed.

    `survey` makes one; those of ranges are merged.

    Example:
        >>> from pkgredeem.documents.replay import Survey
        >>> len(Survey.merged([Survey(), Survey()]))
        0
    """

    def __init__(self) -> None:
        """Know no line yet."""
        # Of each line: when it is, in half microseconds with an act after a booking of the same
        # instant; where it begins; how long it is; a number of its group; that of its booking.
        self._moments = array("q")
        self._offsets = array("Q")
        self._lengths = array("I")
        self._groups = array("I")
        self._bookings = array("I")
        self._exchanged: set[int] = set()
        self._joined: dict[int, int] = {}

    def __len__(self) -> int:
        """Return how many lines it knows."""
        return len(self._moments)

    @classmethod
    def merged(cls, parts: Iterable[Self]) -> Self:
        """Return what is known of all ranges of a file, given in their order."""
        merged = cls()
        for part in parts:
            merged._take(part)
        return merged

    def shards(self, parts: int) -> list[Shard]:
        """Return that many shards, or fewer, of nearly as many lines each; a group stays whole.

        Raises:
            InvalidValueError: *parts* is below 1.
        """
        check.whole("parts", parts, least=1)
        ends = self._join_bookings()
        roots = array("I", map(self._root, self._groups))
        order = sorted(range(len(self)), key=self._moments.__getitem__)
        order.sort(key=roots.__getitem__)
        shards: list[Shard] = []
        rows = bytearray()
        root = None
        for place, line in enumerate(order):
            says = ENDS_BOOKING if ends[line] else 0
            if roots[line] != root:
                root = roots[line]
                says |= BEGINS_GROUP
                if place * parts >= len(order) * (len(shards) + 1):
                    shards.append(Shard(bytes(rows)))
                    rows.clear()
            rows += _ROW.pack(self._offsets[line], self._lengths[line], line + 1, says)
        return [*shards, Shard(bytes(rows))]

    def add(self, lines: Iterable[tuple[int, bytes]]) -> None:
        """Take lines, each after its first byte, in the order in which they stand in the file."""
        joined, exchanged = self._joined, self._exchanged
        add_moment, add_booking = self._moments.append, self._bookings.append
        add_group = self._groups.append
        for offset, line in lines:
            moment, booking, group, others, replaced = _glance(line) or _alone(offset)
            add_moment(moment)
            self._offsets.append(offset)
            self._lengths.append(len(line))
            add_group(group)
            add_booking(booking)
            for other in others:
                if joined.get(other) != group:
                    self._join(group, other)
            if replaced is not None:
                exchanged.add(replaced)

    def _take(self, other: Self) -> None:
        self._moments += other._moments
        self._offsets += other._offsets
        self._lengths += other._lengths
        self._groups += other._groups
        self._bookings += other._bookings
        self._exchanged |= other._exchanged
        for one, joined in other._joined.items():
            self._join(one, joined)

    def _join_bookings(self) -> bytearray:
        """Join all lines of one booking; return of each line whether it is the last to name it.

        An act that seems to lie up to a minute before its booking follows it (D74).
        """
        moments, groups, bookings = self._moments, self._groups, self._bookings
        ends = bytearray(len(self))
        by_booking = sorted(range(len(self)), key=bookings.__getitem__)
        for booking, found in groupby(by_booking, key=bookings.__getitem__):
            lines = list(found)
            if len(lines) > 1 or booking in self._exchanged:
                for line in lines:
                    self._join(booking, groups[line])
                booked = min([moments[line] for line in lines if not moments[line] % 2], default=0)
                for line in lines:
                    if moments[line] % 2 and 0 < booked - moments[line] <= _CLOCK_DIFFERENCE:
                        moments[line] = booked + 1
                lines.sort(key=moments.__getitem__)
            ends[lines[-1]] = booking not in self._exchanged
        return ends

    def _join(self, one: int, other: int) -> None:
        first, second = self._root(one), self._root(other)
        if first != second:
            self._joined[second] = first

    def _root(self, number: int) -> int:
        joined = self._joined
        root = number
        while (above := joined.get(root)) is not None:
            root = above
        while number != root:
            joined[number], number = root, joined[number]
        return root


def survey(path: str | Path, *, start: int = 0, stop: int | None = None) -> Survey:
    """Look through a range of a JSON Lines file: which lines belong together, and in which order.

    Args:
        path: the file, one case or act document a line.
        start: the first byte of the range.
        stop: the byte after its last one; None for the end of the file.

    Raises:
        InvalidValueError: *start* or *stop* is no byte, 0 or more.
        OSError: the file can't be read.
    """
    check_range(start, stop)
    found = Survey()
    with Path(path).open("rb") as file:
        found.add(lines_of(file, start, stop))
    return found


#: When a line is, the number of its booking, that of its group, those that this joins, and that of
#: a booking that it names besides its own.
_Glance: TypeAlias = tuple[int, int, int, list[int], int | None]


def _glance(line: bytes) -> _Glance | None:
    """Return what a survey keeps of a line; None where something is wrong with it."""
    try:
        document: Any = _decode(line.decode().lstrip())[0]
        now = instant_of(document["now"])
        if now is None:
            return None
        moment = 2 * ((now - _EPOCH) // _MICROSECOND)
        if document["format"] != ACT_FORMAT:
            return _glance_at_case(document, moment)
        booking = _number(document["booking_id"], _BOOKING)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None  # the careful reader says what
    return moment + 1, booking, booking, [], None


def _glance_at_case(document: Any, moment: int) -> _Glance:  # noqa: ANN401 - any JSON
    booking = crc32(document["booking"]["id"].encode(), _BOOKING)
    client = document["client"]["id"]
    group = booking if client is None else crc32(client.encode(), _CLIENT)
    others: list[int] = []
    for package in document["packages"]:
        others.append(crc32(package["id"].encode(), _PACKAGE))
        if package["client_id"] != client:
            others.append(_number(package["client_id"], _CLIENT))
        if package.get("shared_with"):
            others += [_number(holder, _CLIENT) for holder in package["shared_with"]]
    if document.get("only"):
        others += [_number(each, _PACKAGE) for each in document["only"]]
    existing = document.get("existing")
    if existing is None:
        return moment, booking, group, others, None
    others += [_number(draw["package_id"], _PACKAGE) for draw in existing["draws"]]
    replaced = _number(existing["booking"]["id"], _BOOKING)
    return moment, booking, group, [*others, replaced], replaced


def _alone(offset: int) -> _Glance:
    place = _number(str(offset), _PLACE)
    return 0, place, place, [], None


def _number(text: str, kind: int) -> int:
    return crc32(text.encode(), kind)

"""The first few of many things that are told of lines, whatever the order in which they come."""

from typing import TypeAlias, final

#: Pairs of line number, from 1, and what is told of that line.
Told: TypeAlias = tuple[tuple[int, str], ...]


@final
class First:
    """Keeps what is told of the first lines, and no more than twice as much meanwhile."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._told: list[tuple[int, str]] = []

    def add(self, number: int, text: str) -> None:
        """Take what is told of a line."""
        self._told.append((number, text))
        if len(self._told) >= 2 * self._most:
            self._cut()

    def take(self, told: Told, before: int) -> None:
        """Take what is told of lines that so many others stand before."""
        for number, text in told:
            self.add(before + number, text)

    def result(self) -> Told:
        """Return what is told of the first lines, in the order of their numbers."""
        self._cut()
        return tuple(self._told)

    def _cut(self) -> None:
        self._told.sort()
        del self._told[self._most :]

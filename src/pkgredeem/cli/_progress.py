"""The progress of a stream: a line at the end of the terminal, on standard error, as it is read."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self, final

from pkgredeem.cli._output import Screen

_INTERVAL: Final = 0.1  # seconds
_BAR: Final = 30  # signs


@final
class Progress:
    """A bar that fills as bytes are read, or a count where nobody knows how many there will be.

    Shown on a terminal only, and removed at the end.
    """

    def __init__(
        self,
        screen: Screen,
        name: str,
        size: int | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start at zero."""
        self._screen = screen
        self._name = name
        self._size = size
        self._clock = clock
        self._is_shown = screen.err.is_terminal
        self._next = clock()
        self._read = 0
        self._lines = 0

    def __enter__(self) -> Self:
        """Show it for the first time."""
        self._show()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Remove it, whether the stream ended well or not."""
        if self._is_shown:
            self._screen.show_status("")

    def advance(self, size: int, *, lines: int = 1) -> None:
        """Count that many bytes and lines, and show it from time to time."""
        self._read += size
        self._lines += lines
        if self._clock() >= self._next:
            self._show()

    def _show(self) -> None:
        if self._is_shown:
            self._next = self._clock() + _INTERVAL
            self._screen.show_status(self._line())

    def _line(self) -> str:
        text = f"{self._lines:,} lines  {self._name}"
        if not self._size:
            return text
        share = min(1.0, self._read / self._size)
        filled = round(share * _BAR)
        return f"{'━' * filled}{'─' * (_BAR - filled)} {share:4.0%}  {text}"

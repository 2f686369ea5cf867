"""A queue in front of what only one thread at a time may do."""

from collections import deque
from collections.abc import Generator
from contextlib import contextmanager
from threading import Lock


class Queue:
    """Lets one thread at a time through, first come, first served.

    A lock of the standard library is taken by whoever comes when it is free, so that a thread which
    has just let go of it takes it again before those that it has woken.
    """

    def __init__(self) -> None:
        """Let the first who comes through."""
        self._lock = Lock()
        self._turns: deque[Lock] = deque()

    @contextmanager
    def turn(self, patience: float) -> Generator[bool, None, None]:
        """Wait for one's turn, and keep it for the block; False when it didn't come in time."""
        turn = Lock()
        turn.acquire()
        with self._lock:
            self._turns.append(turn)
            if self._turns[0] is turn:
                turn.release()
        try:
            yield turn.acquire(timeout=patience)
        finally:
            with self._lock:
                was_first = self._turns[0] is turn
                self._turns.remove(turn)
                if was_first and self._turns:
                    self._turns[0].release()

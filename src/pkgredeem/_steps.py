"""How a flow is carried: one store call after another, each answered or refused.

A flow is a generator without I/O. Who drives it makes the calls, by a thread or by a task.
"""

from collections.abc import Callable, Generator
from typing import Generic, TypeAlias, TypeVar

from pkgredeem.exceptions import ConflictError
from pkgredeem.stores import AsyncRedemptionStore, RedemptionStore

_Answer = TypeVar("_Answer")

#: One call of a store, to be answered with what it returns, awaited where it has to be.
Call: TypeAlias = Callable[[RedemptionStore | AsyncRedemptionStore], object]
Flow: TypeAlias = Generator[Call, object, _Answer]


class Steps(Generic[_Answer]):
    """A flow on its way: the call to make now, or the result when there is none left.

    Attributes:
        call: the store call that the flow waits for; None when it is done.
        result: what the flow returned; there only when it is done.
    """

    result: _Answer

    def __init__(self, flow: Flow[_Answer]) -> None:
        """Go to the first call."""
        self._flow = flow
        self.call: Call | None = None
        self._go(lambda: next(flow))

    def answered(self, found: object) -> None:
        """Hand the answer of the call in, and go to the next."""
        self._go(lambda: self._flow.send(found))

    def refused(self, conflict: ConflictError) -> None:
        """Tell the flow of a conflict, and go to the next call."""
        self._go(lambda: self._flow.throw(conflict))

    def _go(self, resume: Callable[[], Call]) -> None:
        try:
            self.call = resume()
        except StopIteration as done:
            self.call = None
            self.result = done.value

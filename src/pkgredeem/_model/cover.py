"""The cover: which credits the allocation drew, and for which lines."""

from dataclasses import dataclass
from typing import final

from pkgredeem._model import checks as check
from pkgredeem._model.draws import Draw
from pkgredeem._model.packages import Package


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What the allocation found: what booking rules look at.

    Attributes:
        usable: the packages that no package rule refuses, ranked as in D20.
        active: the packages that count as active for T10 (D05), ranked likewise.
        draws: one for each covered line, in line order.
        covered: the indexes of the payable lines that a credit pays for.
        uncovered: the indexes of the payable lines that are left without one.

    Raises:
        InvalidValueError: a field has the wrong type.

    Example:
        >>> Cover(usable=(), active=(), draws=(), covered=(), uncovered=(0,)).uncovered
        (0,)
    """

    usable: tuple[Package, ...]
    active: tuple[Package, ...]
    draws: tuple[Draw, ...]
    covered: tuple[int, ...]
    uncovered: tuple[int, ...]

    def __post_init__(self) -> None:
        """Check every field; store the collections as tuples."""
        check.put(self, "usable", check.items("Cover.usable", self.usable, Package))
        check.put(self, "active", check.items("Cover.active", self.active, Package))
        check.put(self, "draws", check.items("Cover.draws", self.draws, Draw))
        check.put(self, "covered", check.counts("Cover.covered", self.covered))
        check.put(self, "uncovered", check.counts("Cover.uncovered", self.uncovered))

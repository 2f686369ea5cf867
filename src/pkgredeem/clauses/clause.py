"""What a clause is: one thing that the article says, that we decided, or that a caller decided."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast, final

from pkgredeem.exceptions import InvalidValueError


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One thing that was said, which a rule can cite.

    A rule of your own cites a clause of your own: the house rules, a contract, a law.

    Attributes:
        id: how it is cited, such as "T07".
        heading: where it stands in the text, or the subject of a decision.
        says: what it says, in plain words.
        stated_in: the editions whose text says it.
        inferred_in: the editions where a heading and another edition let it be inferred.
        assumed_in: the editions that are not known to say it, where it is taken to hold.

    Raises:
        InvalidValueError: when a text is empty or not a string, or an edition is.

    Example:
        >>> from pkgredeem.clauses import T07, Clause
        >>> T07.stated_in, T07.assumed_in
        (('2026-03',), ('2026-04',))
        >>> house = Clause(id="HOUSE-1", heading="house rules", says="No packages on Saturdays.")
        >>> f"{house.id} ({house.heading}): {house.says}"
        'HOUSE-1 (house rules): No packages on Saturdays.'
    """

    id: str
    heading: str
    says: str
    stated_in: tuple[str, ...] = ()
    inferred_in: tuple[str, ...] = ()
    assumed_in: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse empty texts, and keep the editions as tuples."""
        _check_text("Clause.id", self.id)
        _check_text("Clause.heading", self.heading)
        _check_text("Clause.says", self.says)
        for name in ("stated_in", "inferred_in", "assumed_in"):
            object.__setattr__(self, name, _editions(f"Clause.{name}", getattr(self, name)))


def _check_text(field: str, value: object) -> None:
    if not isinstance(value, str) or not value:
        raise InvalidValueError(field, value, "a text that is not empty")


def _editions(field: str, value: object) -> tuple[str, ...]:
    allowed = "an iterable of texts that are not empty, other than a text"
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise InvalidValueError(field, value, allowed)
    found = tuple(cast("Iterable[object]", value))
    editions = tuple(edition for edition in found if isinstance(edition, str) and edition)
    if len(editions) != len(found):
        raise InvalidValueError(field, found, allowed)
    return editions

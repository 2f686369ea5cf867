"""What a comparison found: each place in which two texts differ, and a case that shows it."""

from dataclasses import dataclass
from typing import cast, final

from pkgredeem import Case
from pkgredeem.testing.comparison._page import (
    case_in_markdown,
    case_in_text,
    plain_values,
    pluralised,
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A case that two policies decide differently.

    Attributes:
        case: the case, the smallest that was found.
        first: what the first policy answers, in words.
        second: what the second one answers.
        changes: everything in which the answers differ, in words.
    """

    case: Case
    first: str
    second: str
    changes: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One place in which the texts of two rulebooks differ.

    Attributes:
        what: the place, such as "rule mixed_booking: only in timely-2026-03".
        witness: a case that the two policies decide differently because of it; None when none of
            those tried is.
    """

    what: str
    witness: Witness | None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What differs between two policies.

    Attributes:
        first: what the first rulebook is called.
        second: what the second one is called.
        differences: the places in which the texts differ; empty when the rules and the parameters
            are the same.
        tried: how many cases were tried; 0 when the texts are the same.
        silent: the codes of the caller's own rules that never found anything in these cases.
    """

    first: str
    second: str
    differences: tuple[Difference, ...]
    tried: int
    silent: tuple[str, ...]

    @property
    def is_same_text(self) -> bool:
        """Whether the rules and the parameters are the same."""
        return not self.differences

    @property
    def is_difference_found(self) -> bool:
        """Whether a case was found that the two policies decide differently."""
        return any(difference.witness is not None for difference in self.differences)

    def __str__(self) -> str:
        """Return the comparison in plain text."""
        return self.to_text()

    def to_text(self) -> str:
        """Return the comparison in plain text."""
        lines = [self._title]
        for place in self.differences:
            lines += ["", place.what]
            if place.witness is None:
                lines.append(f"  {self._none_found}")
            else:
                lines += (f"  {line}" for line in self._answers(place.witness))
                lines += case_in_text(place.witness.case)
        if self.silent:
            lines += ["", f"{self._silent_title}: {', '.join(self.silent)}"]
        return "\n".join(lines)

    def to_markdown(self) -> str:
        """Return the comparison in Markdown."""
        lines = [f"# {self._title}"]
        for place in self.differences:
            lines += ["", f"## {place.what}", ""]
            if place.witness is None:
                lines.append(f"{self._none_found.capitalize()}.")
            else:
                lines += (f"- {line}" for line in self._answers(place.witness))
                lines += case_in_markdown(place.witness.case)
        if self.silent:
            lines += ["", f"## {self._silent_title.capitalize()}", ""]
            lines += (f"- {code}" for code in self.silent)
        return "\n".join(lines)

    def to_dict(self) -> dict[str, object]:
        """Return the comparison as plain values, JSON-ready."""
        found = cast("dict[str, object]", plain_values(self))
        told = {"same_text": self.is_same_text, "difference_found": self.is_difference_found}
        return found | told

    @property
    def _title(self) -> str:
        names = f"{self.first} and {self.second}"
        if self.is_same_text:
            return f"{names}: the same rules and parameters"
        texts = f"the texts differ in {pluralised(len(self.differences), 'place')}"
        shown = sum(place.witness is not None for place in self.differences)
        if not shown:
            return f"{names}: {texts}; {self._none_found}"
        verb = "makes" if shown == 1 else "make"
        tried = pluralised(self.tried, "case")
        return f"{names}: {texts}, of which {shown} {verb} a difference in {tried}"

    @property
    def _none_found(self) -> str:
        return f"no difference found in {pluralised(self.tried, 'case')}"

    @property
    def _silent_title(self) -> str:
        return f"rules of your own that found nothing in {pluralised(self.tried, 'case')}"

    def _answers(self, witness: Witness) -> tuple[str, ...]:
        answers = (f"{self.first}: {witness.first}", f"{self.second}: {witness.second}")
        is_told = witness.first != witness.second
        return answers if is_told else (*answers, f"what differs: {witness.changes}")

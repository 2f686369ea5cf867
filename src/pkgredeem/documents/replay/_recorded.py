"""Decisions of the time beside those of a replay: what differs, key by key."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias, cast, final

from pkgredeem import Audience, Decision
from pkgredeem.documents._answers import DECISION_FOR_CLIENT, decision_document
from pkgredeem.documents._problems import quote
from pkgredeem.documents.replay._counts import MOST_EXAMPLES, Reproduction
from pkgredeem.documents.replay._first import First

_List: TypeAlias = list[object]
#: The kind of a difference, such as `reasons[].code`, and how it is told.
_Difference: TypeAlias = tuple[str, str]

_LONGEST: Final = 60
_NOTHING: Final = object()
#: A document with other keys is of staff, who are told another text.
_FOR_CLIENT: Final = frozenset(key.name for key in DECISION_FOR_CLIENT.keys)


@final
class Comparison:
    """Compares the decisions of one rulebook with those that lines hold."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._differences: Counter[str] = Counter()
        self._examples = First(MOST_EXAMPLES)

    def add(self, number: int, recorded: Mapping[str, object], decision: Decision) -> None:
        """Compare one decision with what the line of that number holds."""
        if recorded.get("rulebook", decision.rulebook) != decision.rulebook:
            self._counts["other_rulebook"] += 1
            return
        audience = Audience.CLIENT if recorded.keys() <= _FOR_CLIENT else Audience.STAFF
        now = decision_document(decision, audience)
        found = [
            difference
            for key, value in recorded.items()
            for difference in _differences(key, value, now[key])
        ]
        self._counts["compared"] += 1
        self._counts["reproduced"] += not found
        self._differences.update({kind for kind, _ in found})
        for kind, text in found:
            if kind == "eligible":  # all else follows from it
                codes = ", ".join(reason.code for reason in decision.reasons)
                found = [(kind, f"{text} ({codes})" if codes else text)]
        for _, text in found:
            self._examples.add(number, text)

    def result(self) -> Reproduction:
        """Return what was found."""
        return Reproduction(
            differences=tuple(sorted(self._differences.items())),
            examples=self._examples.result(),
            **self._counts,
        )


def _differences(place: str, then: object, now: object) -> Iterator[_Difference]:
    """Yield each difference at that place: inside objects, and lists of one length."""
    match then, now:
        case dict(), dict():
            yield from _between(
                place, cast("dict[str, object]", then), cast("dict[str, object]", now)
            )
        case list(), list() if len(cast("_List", then)) == len(cast("_List", now)):
            for one, other in zip(cast("_List", then), cast("_List", now), strict=True):
                yield from _differences(f"{place}[]", one, other)
        case _:
            if type(then) is not type(now) or then != now:
                yield place, f"{place} was {_shown(then)}, and is {_shown(now)}"


def _between(
    place: str, then: Mapping[str, object], now: Mapping[str, object]
) -> Iterator[_Difference]:
    for key in {**then, **now}:
        yield from _differences(f"{place}.{key}", then.get(key, _NOTHING), now.get(key, _NOTHING))


def _shown(value: object) -> str:
    if value is _NOTHING:
        return "not there"
    if isinstance(value, str):
        return quote(value)
    text = json.dumps(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."

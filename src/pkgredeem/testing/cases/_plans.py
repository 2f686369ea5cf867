"""What packages ask of where, when and whose a booking is, met or missed (D45 to D52, D59, D68)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any, Final, TypeAlias

import pkgredeem as p
from pkgredeem.testing.cases import _counts as counts
from pkgredeem.testing.cases import _eligible as plain
from pkgredeem.testing.cases import _facts as facts
from pkgredeem.testing.cases._choices import Choices, pick
from pkgredeem.testing.cases._eligible import CLIENT, DAY, HOUR, TICK

_Traits: TypeAlias = tuple[tuple[str, str], ...]

_NOTHING: Final = 0 * TICK
_NOT_LATER: Final = (_NOTHING, -TICK, -9 * DAY)
_LATER: Final = (TICK, HOUR, 9 * DAY)
_WEEK: Final = range(1, 8)
_MIDNIGHT: Final = time()
#: Names of traits, each with a text that may be allowed and another one.
_TRAITS: Final = (
    ("place", "north", "west"),
    ("staff", "dr-kim", "jo"),
    ("channel", "store", "online"),
)


def _now(case: p.Case) -> datetime:
    return case.now


def _start(case: p.Case) -> datetime:
    return case.booking.starts_at


def _notice(case: p.Case) -> timedelta:
    return case.booking.starts_at - case.now


def _hours(choices: Choices, case: p.Case, *, met: bool) -> Mapping[str, Any]:
    """Open at the very start or just before, or close just after it; missed, the other way round.

    Half an hour beside the start lies in the hour that is skipped, where it starts next to one.
    """
    start = case.local(case.booking.starts_at).replace(tzinfo=None)
    day = start.isoweekday()
    others = [other for other in _WEEK if other != day]
    by_now = [
        at.time() for at in (start, start - TICK, start - HOUR / 2) if at.date() == start.date()
    ]
    later = [at for at in (start + TICK, start + HOUR / 2) if at.date() == start.date()]
    if met:
        hours = [p.Hours(days=[day], opens=at) for at in by_now]
        hours += [p.Hours(days=[day, 1], opens=_MIDNIGHT, closes=at.time()) for at in later]
        hours += [p.Hours(days=_WEEK, opens=_MIDNIGHT)]
    else:
        hours = [p.Hours(days=others, opens=_MIDNIGHT)]
        hours += [
            p.Hours(days=_WEEK, opens=_MIDNIGHT, closes=at) for at in by_now if at > _MIDNIGHT
        ]
        hours += [p.Hours(days=[day], opens=at.time()) for at in later]
    on_others = p.Hours(days=others[:2], opens=time(9), closes=time(17))
    return {"hours": pick(choices, ([pick(choices, hours)], [pick(choices, hours), on_others]))}


def _days(choices: Choices, case: p.Case, *, met: bool) -> Mapping[str, Any]:
    day = case.local(case.booking.starts_at).date()
    beside = [day - DAY, day + DAY]
    return {"not_on": beside if met else pick(choices, ([day], [day, *beside]))}


def _pauses(choices: Choices, case: p.Case, *, met: bool) -> Mapping[str, Any]:
    start = case.booking.starts_at
    before = min(case.now, start) - DAY
    outside = (
        p.Pause(start + TICK),
        p.Pause(before, start),
        p.Pause(before, start - TICK),
        p.Pause(before, before + TICK),
        p.Pause(start + TICK, start + DAY),
    )
    inside = (
        p.Pause(start),
        p.Pause(before, start + TICK),
        p.Pause(start, start + DAY),
        p.Pause(start - TICK),
        p.Pause(start, start + TICK),
    )
    return {"pauses": [pick(choices, outside if met else inside), pick(choices, outside)]}


def _own_terms(choices: Choices, *_: object, **__: object) -> Mapping[str, Any]:
    return {"cancellation": plain.some_terms(choices)}


def _picked(choices: Choices, case: p.Case, *, met: bool) -> p.Case:
    """Pick all packages of the client, or the one that pays for all; or one that is not there."""
    own = [package.id for package in case.packages if plain.is_own(package)]
    picks = ([*own, "p7"], own or ["p7"], [plain.FIRST]) if met else (["p7"], ["p7", "p8"])
    return replace(case, only=frozenset(pick(choices, picks)))


def _trait(choices: Choices, case: p.Case, *, met: bool) -> p.Case:
    """Ask for a trait that client, booking or line tells, often over one that it wins over."""
    name, allowed, other = pick(choices, _TRAITS)
    winner = choices.integer_below(3)
    text = allowed if met else pick(choices, (other, None))
    beaten = None if text is None else pick(choices, (None, other if met else allowed))
    client, booking, line = (beaten,) * winner + (text,) + (None,) * (2 - winner)
    lines = tuple(
        replace(item, traits=_telling(item.traits, name, line)) for item in case.booking.lines
    )
    traits = _telling(case.booking.traits, name, booking)
    told = replace(
        case,
        client=replace(case.client, traits=_telling(case.client.traits, name, client)),
        booking=replace(case.booking, lines=lines, traits=traits),
    )
    asked = pick(choices, ((allowed,), (allowed, f"{allowed} too")))
    return facts.restrictions(facts.constant(traits={name: asked}))(choices, told, met=met)


def _telling(traits: _Traits, name: str, text: str | None) -> _Traits:
    kept = tuple(trait for trait in traits if trait[0] != name)
    return kept if text is None else (*kept, (name, text))


#: What may be met, and what may be missed: facts that judge a package, and facts of a credit.
_OF_PACKAGES: Final[tuple[facts.Fact, ...]] = (
    facts.packages(facts.near("book_until", _now, _LATER, _NOT_LATER)),
    facts.packages(_pauses),
    _picked,
    counts.term_of_first_use,
)
_OF_CREDITS: Final[tuple[facts.Fact, ...]] = (
    _trait,
    facts.restrictions(_hours, need_zone=True),
    facts.restrictions(_days, need_zone=True),
    facts.restrictions(facts.near("min_notice", _notice, _NOT_LATER, _LATER, max_notice=None)),
    facts.restrictions(
        facts.near("max_notice", _notice, (_NOTHING, *_LATER), (-TICK, -HOUR), min_notice=None)
    ),
    facts.entitlements(facts.near("valid_from", _start, _NOT_LATER, _LATER, valid_until=None)),
    facts.entitlements(facts.near("valid_until", _start, _LATER, _NOT_LATER, valid_from=None)),
    counts.quotas,
    counts.units,
)
_ALWAYS_MET: Final = (
    facts.entitlements(facts.constant(remaining=p.UNLIMITED)),
    facts.packages(_own_terms),
    facts.packages(facts.constant(traits={"kind": "gift"})),
    facts.packages(facts.constant(client_id=plain.STRANGER, shared_with=(CLIENT,))),
    facts.packages(facts.constant(client_id=plain.STRANGER, shared_with=("ben", CLIENT))),
    facts.packages(facts.constant(shared_with=("ben",))),
)
_ALWAYS_MISSED: Final = (
    facts.packages(facts.constant(status=p.PackageStatus.SUSPENDED)),
    facts.packages(facts.constant(status=p.PackageStatus.VOID)),
)


def with_facts_met(choices: Choices, case: p.Case) -> p.Case:
    """Return the case with one thing or two that its packages ask, all of them met."""
    for _ in range(pick(choices, (1, 1, 2))):
        case = pick(choices, (*_OF_PACKAGES, *_OF_CREDITS, *_ALWAYS_MET))(choices, case, met=True)
    return case


def _missed(fact: facts.Fact) -> Callable[[Choices, p.Case], p.Case]:
    return lambda choices, case: fact(choices, case, met=False)


#: What refuses a case because of what its packages ask, or their credits.
MISSED_BY_PACKAGES: Final = tuple(map(_missed, (*_OF_PACKAGES, *_ALWAYS_MISSED)))
MISSED_BY_CREDITS: Final = tuple(map(_missed, _OF_CREDITS))

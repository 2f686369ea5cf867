"""Bookings that can't all be true: they draw more than a package holds, which they say alike.

Without carry each line is a question of its own, so that 40 bookings may all be paid with the same
five credits. Where the lines say different balances nothing is said of them: credits were drawn
and sold in between, in which order only a history knows. What is kept of each entitlement is small,
is the same for every order of lines, and can be merged.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from sys import intern
from typing import Final, TypeAlias, final

from pkgredeem import UNLIMITED, Case, Decision

#: Of an entitlement: the balance that its lines say, or that they differ; what they draw in all,
#: and the most that one of them draws. Numbers alone, since there is one for each entitlement drawn
#: on, and it travels between processes.
Watched: TypeAlias = tuple[int, int, int]

_DIFFERENT: Final = -1


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Overdrawn:
    """An entitlement that more is drawn from than there is.

    Attributes:
        package_id: the package.
        entitlement_id: the entitlement of that package.
        held: credits that it holds by each of its lines.
        drawn: credits that all its lines draw.
        lines: how many of these, at least, can't be true.

    Example:
        >>> from pkgredeem.documents.replay import Overdrawn
        >>> Overdrawn(package_id="p1", entitlement_id="main", held=5, drawn=40, lines=35).lines
        35
    """

    package_id: str
    entitlement_id: str
    held: int
    drawn: int
    lines: int


def watch(watched: dict[tuple[str, str], Watched], case: Case, decision: Decision) -> None:
    """Note what the decision draws, and the balances that the case says.

    A booking with a redemption of its own, or one to exchange, is not looked at: what it draws is
    back in its package first.
    """
    redemption = decision.redemption
    if redemption is None or case.existing is not None:
        return
    drawn: dict[tuple[str, str], int] = {}
    for draw in redemption.draws:
        place = draw.package_id, draw.entitlement_id
        drawn[place] = drawn.get(place, 0) + draw.credits
    for package in case.packages:
        for entitlement in package.entitlements:
            place, left = (package.id, entitlement.id), entitlement.remaining
            if place in drawn:
                held = _DIFFERENT if left is UNLIMITED else left
                found = held, drawn[place], drawn[place]
                before = watched.get(place)
                if before is None:  # most entitlements of a salon have one id, kept once
                    watched[package.id, intern(entitlement.id)] = found
                else:
                    watched[place] = _together(before, found)


def merge_watched(
    watched: dict[tuple[str, str], Watched], more: Mapping[tuple[str, str], Watched]
) -> None:
    """Note what another part knows of each entitlement."""
    for place, found in more.items():
        before = watched.get(place)
        watched[place] = found if before is None else _together(before, found)


def overdrawn(watched: Mapping[tuple[str, str], Watched]) -> tuple[Overdrawn, ...]:
    """Return the entitlements that can't have paid for all that is drawn, the worst first."""
    found = [
        Overdrawn(
            package_id=package_id,
            entitlement_id=entitlement_id,
            held=held,
            drawn=drawn,
            lines=-(-(drawn - held) // most),
        )
        for (package_id, entitlement_id), (held, drawn, most) in watched.items()
        if drawn > held != _DIFFERENT
    ]
    return tuple(
        sorted(found, key=lambda each: (-each.lines, each.package_id, each.entitlement_id))
    )


def _together(one: Watched, other: Watched) -> Watched:
    held, drawn, most = one
    left, more, largest = other
    return held if held == left else _DIFFERENT, drawn + more, max(most, largest)

"""Each fact of a redemption by itself: what a store has to give back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pkgredeem as p
from pkgredeem.testing.contract._expectations import (
    DAY,
    NOW,
    START,
    booking,
    committed,
    facials,
    proposed,
    same,
)
from pkgredeem.testing.contract._facts_of_packages import TERMS
from pkgredeem.testing.contract._kit import Kit
from pkgredeem.testing.contract._steps import ENDINGS

_TICK = timedelta(microseconds=1)
_CLIENT = p.Actor.CLIENT


class FactsOfRedemptions(Kit):
    """Invariants of what is known of a redemption."""

    def test_every_fact_of_a_redemption_is_kept(self) -> None:
        """Every field of a redemption comes back equal, whatever it says.

        Of each act that ended a line: who did it, when, why and how late.
        """
        store = self.store(facials(remaining=200))
        numbers = iter(range(200))

        def act(fact: Callable[[p.Redemption], p.Redemption]) -> None:
            change = proposed([facials()], booking(f"b{next(numbers)}"))
            after = fact(change.after)
            movements = tuple(
                replace(movement, credits=after.draws[0].credits) for movement in change.movements
            )
            expected = committed(store, replace(change, after=after, movements=movements))
            same("the redemption", expected, store.redemption(after.booking.id))

        def act_on_ending(fact: Callable[[p.Ending], p.Ending]) -> None:
            found = committed(store, proposed([facials()], booking(f"b{next(numbers)}")))
            for name in ("cancelled late", "forgiven"):
                change = ENDINGS[name](found, None)
                (draw,) = change.after.draws
                *earlier, last = draw.endings
                endings = (*earlier, fact(last))
                after = replace(change.after, draws=(replace(draw, endings=endings),))
                found = committed(store, replace(change, after=after))
                same("the redemption", found, store.redemption(found.booking.id))

        self.each(_facts_of_bookings() | _facts_of_redemptions() | _facts_of_draws(), act)
        self.each(_FACTS_OF_ENDINGS, act_on_ending)


_FACTS_OF_ENDINGS: dict[str, Callable[[p.Ending], p.Ending]] = {
    "an instant": lambda ending: replace(ending, at=ending.at + _TICK),
    "a note": lambda ending: replace(ending, note='O\'Brien "rang"\n😀'),
    "a note between blanks": lambda ending: replace(ending, note=" sick \t"),
    "no note": lambda ending: replace(ending, note=""),
    "the start that it had": lambda ending: replace(ending, starts_at=NOW + _TICK),
    "the client, in time": lambda ending: replace(ending, by=_CLIENT, late=False),
    "the client, late": lambda ending: replace(ending, by=_CLIENT, late=True),
    "the window": lambda ending: replace(
        ending, by=_CLIENT, late=True, window=timedelta(hours=36, microseconds=5)
    ),
    "the business": lambda ending: replace(ending, by=p.Actor.BUSINESS, late=False),
}


_Facts = dict[str, Callable[[p.Redemption], p.Redemption]]


def _facts_of_bookings() -> _Facts:
    """Return facts of the booking that was made, and of its services."""
    facial = p.Service(id="facial")
    advice = p.BookingLine(p.Service(id="advice"), payable=False)
    lines: dict[str, tuple[p.BookingLine, ...]] = {
        "a name of a service": (p.BookingLine(replace(facial, name="Gesichtspflege ✿")),),
        "a deposit": (p.BookingLine(replace(facial, deposit_required=True)),),
        "no deposit": (p.BookingLine(replace(facial, deposit_required=False)),),
        "costs": (p.BookingLine(p.Service(id="facial", costs={"minute": 75, "credit": 1})),),
        "an add-on": (p.BookingLine(facial, picked_from=p.PickedFrom.ADD_ON),),
        "traits of a line": (p.BookingLine(facial, traits={"staff": "Zoë"}),),
        "a line that costs nothing": (p.BookingLine(facial), advice),
        "lines in an odd order": (p.BookingLine(facial), advice, p.BookingLine(facial)),
    }
    return {
        **{name: _with_booking(lines=several) for name, several in lines.items()},
        "traits of a booking": _with_booking(traits=(("place", "north"), ("✿", " "))),
        "a start to the microsecond": _with_booking(starts_at=START + 3 * _TICK),
        "another start than it was booked for": _with(starts_at=START + 3 * _TICK),
    }


def _facts_of_redemptions() -> _Facts:
    """Return facts of the redemption itself."""
    zones = ("UTC", "Europe/London", "Mars/Phobos", None)  # one is unknown here (D76)
    one = p.Ending(act=p.Act.RESCHEDULE, at=NOW + _TICK, by=p.Actor.BUSINESS, late=False)
    late = replace(one, by=_CLIENT, late=True, note="no time", window=timedelta(hours=2))
    return {
        **{f"terms: {name}": _with(terms=terms) for name, terms in TERMS.items()},
        **{f"the zone {key}": _with(time_zone_key=key) for key in zones},
        **{f"the deposit {word}": _with(deposit=word) for word in p.DepositOutcome},
        **{f"the card page {word}": _with(card_capture=word) for word in p.CardCaptureOutcome},
        "no terms": _with(terms=None, free_until=None),
        "another free-until": _with(free_until=START - _TICK),
        "another client": _with(client_id="ben"),
        "another rulebook": _with(rulebook='of the "house" ✿'),
        "another moment of booking": _with(booked_at=NOW - _TICK),
        "what it replaces": _with(replaces="b'0"),
        "a move": _with(reschedules=(one,)),
        "two moves, one late": _with(reschedules=(late, one)),
    }


def _facts_of_draws() -> _Facts:
    """Return facts of the credit that pays."""
    return {
        "credits": _with_draw(credits=75),
        "a name of the package": _with_draw(package_name='From "head" to toe ✿'),
        **{
            f"terms of the package: {name}": _with_draw(terms=terms, free_until=START - DAY - _TICK)
            for name, terms in TERMS.items()
        },
    }


def _with(**facts: object) -> Callable[[p.Redemption], p.Redemption]:
    return lambda found: replace(found, **facts)  # type: ignore[arg-type]


def _with_booking(**facts: object) -> Callable[[p.Redemption], p.Redemption]:
    return lambda found: replace(found, booking=replace(found.booking, **facts))  # type: ignore[arg-type]


def _with_draw(**facts: object) -> Callable[[p.Redemption], p.Redemption]:
    return lambda found: replace(found, draws=(replace(found.draws[0], **facts),))  # type: ignore[arg-type]

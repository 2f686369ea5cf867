"""How the salon says what the library answers: times, promises, what has become of a booking."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import shop
from pkgredeem import Act, CreditOutcome, DrawState, Redemption

_BECOMES: Final = {
    CreditOutcome.RETURN: "the credit is back in your package",
    CreditOutcome.FORFEIT: "the credit is forfeited",
}
STATES: Final[Mapping[DrawState, str]] = {
    DrawState.RESERVED: "booked",
    DrawState.REDEEMED: "completed",
    DrawState.RETURNED: "ended, credit returned",
    DrawState.FORFEITED: "ended, credit forfeited",
}
ACTS: Final[Mapping[Act, str]] = {
    Act.BOOK: "booked",
    Act.CANCEL: "cancelled",
    Act.NO_SHOW: "no-show",
    Act.COMPLETE: "completed",
    Act.RESCHEDULE: "moved",
    Act.FORGIVE: "forgiven",
}


def said(moment: datetime) -> str:
    """Return an instant as the salon says it."""
    local = moment.astimezone(shop.ZONE)
    return f"{local:%A} {local.day} {local:%B, %H:%M}"


def sentence(text: str) -> str:
    """Return a text of the library as a sentence: with a capital letter and a full stop."""
    return f"{text[:1].upper()}{text[1:]}".removesuffix(".") + "."


def promises(redemption: Redemption) -> list[str]:
    """Return what a cancellation does and until when: the booking's own times may be told."""
    told: list[str] = []
    for until, outcome, _ in redemption.schedule:
        when = f"later than that, until {said(until)}," if told else f"until {said(until)}"
        told.append(f"Cancel {when} and {_BECOMES[outcome]}.")
    return told


def services(redemption: Redemption) -> str:
    """Return the names of what is booked."""
    return ", ".join(line.service.name for line in redemption.booking.lines)


def ended(redemption: Redemption, text: str) -> str:
    """Return how a booking ended, with the client's text of the last act."""
    match redemption.draws[0].endings[-1].act:
        case Act.CANCEL:
            return sentence(f"cancelled: {text}")
        case Act.NO_SHOW:
            return sentence(f"you did not come: {text}")
        case _:
            return sentence(text)


def state(redemption: Redemption) -> str:
    """Return what has become of a booking, each state of its credits once."""
    return ", ".join(dict.fromkeys(STATES[draw.state] for draw in redemption.draws))

"""An act that somebody wants to do now: what act rules look at beside the redemption."""

from dataclasses import dataclass
from datetime import datetime
from typing import final

from pkgredeem._model.words import Act, Actor


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An act that somebody wants to do now.

    Attributes:
        act: the act; an exchange gives a booking up as a reschedule does.
        by: who acts.
        now: the instant of the act.
        lines: the lines that it ends or moves, in order.
        starts_at: the start that is asked for; None but for a reschedule.
        usable: whether what returned to a package can be used again; None where that is not asked.
    """

    act: Act
    by: Actor
    now: datetime
    lines: tuple[int, ...] = ()
    starts_at: datetime | None = None
    usable: bool | None = None

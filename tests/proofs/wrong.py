"""Contracts that are wrong by one: a symbolic executor that does not refute them proves nothing."""

from pkgredeem import CreditOutcome
from pkgredeem._engine.allocation import allocate
from tests.proofs import stand_ins as of


def late_on_the_cut_off(now: int, until: int) -> bool:
    """The cut-off itself is late, which is wrong.

    post: _
    """
    return of.booked(free_until=until).is_late(now) is (until <= now)


def window_from_the_end(start: int, window: int) -> bool:
    """Free-until is the window before the start but never before 1, which is wrong.

    pre: 0 <= window and 0 <= start <= 1000000
    post: _
    """
    until: int = of.free_until(start, of.terms(window))
    return until == max(1, start - window)


def stricter_exactly_on_a_window(left: int, window: int, inner: int) -> bool:
    """Exactly on a window is the stricter side already, which is wrong.

    pre: 0 < inner < window <= 1000
    post: _
    """
    decides, _ = of.terms(window, tiers=((inner, CreditOutcome.FORFEIT),)).tier_at(left)
    return bool(decides == (inner if left <= inner else window))


def first_come_first_served(left: tuple[int, int]) -> bool:
    """The first line gets the first credit even where the second line needs it, which is wrong.

    pre: 0 <= left[0] <= 2 and 0 <= left[1] <= 2
    post: _
    """
    return not left[0] or allocate([[0, 1], [0]], [*left])[0] == 0

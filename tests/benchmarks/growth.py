"""What a decision takes as lines and packages grow, for every kind of case that may grow badly.

There are twice as many packages as lines. Each kind is asked with some lines, twice as many, and so
on up to the 100 lines that a booking may have, with 200 packages.
"""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from time import process_time
from typing import Final

from pkgredeem import (
    Booking,
    Case,
    Days,
    DrawState,
    Entitlement,
    Package,
    Period,
    Quota,
    RedemptionPolicy,
    Restrictions,
    Service,
    Term,
    Use,
    rules,
)
from tests.benchmarks.timing import Effort
from tests.helpers.support import ANA, LONDON, NOW, START, account

LINES: Final = (25, 50, 100)
_USES: Final = 50
_POLICY: Final = RedemptionPolicy(rules.IN_STORE)
_ANY_SEED: Final = 1


def _one(services: list[str], left: int = 1) -> Entitlement:
    return Entitlement(services=services, remaining=left)


#: Of each kind the entitlement of a package: the services of the booking, the package's number.
_HELD: Final[Mapping[str, Callable[[list[str], int], Entitlement]]] = {
    "every package pays for every line, once": lambda all_of, _: _one(all_of),
    "credits are scarce": lambda all_of, number: _one(
        Random(_ANY_SEED + number).sample(all_of, len(all_of) // 2),
        left=0 if number % 4 else 1,
    ),
    "a chain: each pays for two neighbours": lambda all_of, number: _one(
        [all_of[number % len(all_of)], all_of[(number + 1) % len(all_of)]]
    ),
    "credits for half of the lines": lambda all_of, number: _one(
        all_of, left=1 if number < len(all_of) // 2 else 0
    ),
    "one credit for all of them": lambda all_of, number: _one(all_of, left=0 if number else 1),
    "no line is paid": lambda *_: _one(["another"]),
    "stairs: each pays for more than the last": lambda all_of, number: _one(
        all_of[: max(1, number // 2)]
    ),
}


def _with_quota(most: int, per: Period | Days) -> Callable[[Package], Package]:
    def limited(package: Package) -> Package:
        (held,) = package.entitlements
        held = replace(held, remaining=9, quotas=(Quota(most, per),))
        return replace(package, entitlements=(held,), version=1, uses=_uses())

    return limited


#: What the packages have beyond that, where every one of them pays for every line.
_BEYOND: Final[Mapping[str, Callable[[Package], Package]]] = {
    "restricted to another room": lambda package: replace(
        package, restrictions=Restrictions(traits={"room": ["blue"]})
    ),
    "a quota of a week that is full, fifty uses": _with_quota(0, Period.WEEK),
    "a quota of any 14 days, fifty uses": _with_quota(1, Days(14)),
    "valid for days from the first use": lambda package: replace(
        package, lasts=Term(days=14), version=1, uses=_uses()
    ),
    "a quota of the package": lambda package: replace(
        package, quotas=(Quota(200, Period.EVER),), version=1
    ),
}
KINDS: Final = (*_HELD, *_BEYOND)


@dataclass(frozen=True, kw_only=True)
class Grown:
    """The seconds of each number of lines, and each over the one before."""

    seconds: tuple[float, ...]
    doublings: tuple[float, ...]


def _uses() -> tuple[Use, ...]:
    return tuple(
        Use(
            booking_id=f"u{day}",
            line=0,
            entitlement_id="main",
            service_id="s0",
            client_id="ana",
            starts_at=START + timedelta(days=day),
            state=DrawState.REDEEMED,
        )
        for day in range(_USES)
    )


def case(kind: str, lines: int) -> Case:
    """Return a case of that kind, with twice as many packages as lines."""
    services = [f"s{number}" for number in range(lines)]
    held = _HELD.get(kind, next(iter(_HELD.values())))
    packages = [
        Package(id=f"p{number:04}", client_id="ana", entitlements=[held(services, number)])
        for number in range(2 * lines)
    ]
    if kind in _BEYOND:
        packages = [_BEYOND[kind](package) for package in packages]
    return Case(
        account=account(time_zone=LONDON),
        client=ANA,
        packages=packages,
        booking=Booking.of(*[Service(id=each) for each in services], id="b1", starts_at=START),
        now=NOW,
    )


def measured(effort: Effort) -> dict[str, Grown]:
    """Return what one decision of each kind takes: each number of lines in turns."""
    rounds = max(1, effort.rounds // 20)
    return {kind: _grown([case(kind, lines) for lines in LINES], rounds) for kind in KINDS}


def _grown(asked: Sequence[Case], rounds: int) -> Grown:
    taken = [[_seconds(each) for each in asked] for _ in range(rounds)]
    return Grown(
        seconds=tuple(statistics.median(each) for each in zip(*taken, strict=True)),
        doublings=tuple(
            statistics.median(one[place + 1] / one[place] for one in taken)
            for place in range(len(asked) - 1)
        ),
    )


def _seconds(asked: Case) -> float:
    """Return what the processor spends: a decision of a hundredth of a second is interrupted."""
    began = process_time()
    _POLICY.decide_case(asked)
    return process_time() - began

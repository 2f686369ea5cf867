"""What grows: a menu, lines and packages, and packages that are kept in memory."""

import resource
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from pkgredeem import (
    Booking,
    Entitlement,
    Package,
    RedemptionPolicy,
    Service,
    rules,
)
from tests.benchmarks.timing import ROOT, Effort, seconds_of
from tests.helpers.support import ANA, NOW, START, account, booking, credit, package

MILLION: Final = 1_000_000
GROWTH: Final = ((5, 20), (10, 40), (25, 100), (50, 200))
_SERVICES: Final = 500
_PACKAGES: Final = 20
_KILOBYTE: Final = 1024
_ANY_NUMBER: Final = rules.TIMELY_2026_03.without(rules.several_active_packages)


def menu_and_calls() -> tuple[Callable[[], dict[str, bool]], Callable[[], dict[str, bool]]]:
    """Return the same question twice: a menu, and as many calls of `decide`."""
    policy = RedemptionPolicy(_ANY_NUMBER)
    services = [Service(id=f"s{number}") for number in range(_SERVICES)]
    packages = tuple(
        package(f"p{number}", credit(f"s{7 * number}", f"s{7 * number + 1}", left=number))
        for number in range(_PACKAGES)
    )
    given: dict[str, Any] = {"account": account(), "client": ANA, "packages": packages, "now": NOW}

    def menu() -> dict[str, bool]:
        return dict(policy.menu(services=services, starts_at=START, **given))

    def calls() -> dict[str, bool]:
        return {
            each.id: policy.decide(
                booking=Booking.of(each, id="menu", starts_at=START), **given
            ).prompt
            for each in services
        }

    return menu, calls


def menu(effort: Effort) -> tuple[float, float]:
    """Return the seconds of a menu, and how many times as long the calls take."""
    of_menu, of_calls = menu_and_calls()
    times = max(1, effort.rounds // 20)
    seconds = seconds_of(of_menu, times)
    return seconds, seconds_of(of_calls, times) / seconds


def allocation(effort: Effort) -> list[tuple[int, int, float]]:
    """Return lines, packages and seconds of one decision, as both grow.

    Every package holds three entitlements for three services each out of as many services as there
    are lines, so that nearly every line could be paid by several and the credits are scarce.
    """
    found = []
    policy = RedemptionPolicy(_ANY_NUMBER)
    for lines, packages in GROWTH:
        held = tuple(package(f"p{n}", *_scattered(n, lines)) for n in range(packages))
        asked = booking(*(f"s{n}" for n in range(lines)))
        given: dict[str, Any] = {"account": account(), "client": ANA, "packages": held, "now": NOW}
        ask = partial(policy.decide, booking=asked, **given)
        found.append((lines, packages, seconds_of(ask, max(1, effort.rounds // 20))))
    return found


def _scattered(number: int, services: int) -> list[Entitlement]:
    return [
        credit(
            *{f"s{(number * 3 + turn * 5 + step * step) % services}" for step in range(3)},
            left=(number + turn) % 2,
            id=f"e{turn}",
        )
        for turn in range(3)
    ]


def bytes_each(kind: str, count: int) -> float:
    """Return what one of that many packages takes in memory, in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.sizes", kind, str(count)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return float(done.stdout) / count


def kept(kind: str, count: int) -> int:
    """Return the bytes by which this process grows with so many packages, or rows as dicts."""
    make = {"packages": _one_package, "rows": _one_row}[kind]
    before = _resident()
    held = [make(number) for number in range(count)]
    grown = _resident() - before
    assert len(held) == count
    return grown


def _one_package(number: int) -> object:
    return Package(
        id=f"p{number}",
        client_id=f"c{number}",
        entitlements=(Entitlement(services=("facial",), remaining=5),),
        sold_at=NOW,
        valid_until=START,
    )


def _one_row(number: int) -> object:
    return {
        "id": f"p{number}",
        "client_id": f"c{number}",
        "entitlements": [{"id": "facial", "services": ["facial"], "remaining": 5}],
        "kind": "new",
        "status": "active",
        "sold_at": NOW,
        "valid_from": None,
        "valid_until": START,
        "priority": 0,
    }


def _resident() -> int:
    pages = Path("/proc/self/statm")
    if pages.exists():
        return int(pages.read_text(encoding="ascii").split()[1]) * resource.getpagesize()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * _KILOBYTE


if __name__ == "__main__":
    print(kept(sys.argv[1], int(sys.argv[2])))

"""What grows: a menu, and packages that are kept in memory."""

import resource
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from pkgredeem import (
    Booking,
    Entitlement,
    Package,
    Period,
    Quota,
    RedemptionPolicy,
    Restrictions,
    Service,
    rules,
)
from tests.benchmarks.timing import ROOT, Effort, seconds_of
from tests.helpers.support import ANA, LONDON, NOW, START, account, credit, package, use

MILLION: Final = 1_000_000
PLAIN: Final = "plain packages"
WITH_ALL: Final = "packages with traits and quotas, services with costs"
_SERVICES: Final = 500
_PACKAGES: Final = 20
_KILOBYTE: Final = 1024
_ANY_NUMBER: Final = rules.TIMELY_2026_03.without(rules.several_active_packages)

_Answer = dict[str, bool]
_Menu = tuple[list[Service], list[Package]]


def menu_and_calls(kind: str) -> tuple[Callable[[], _Answer], Callable[[], _Answer]]:
    """Return the same question twice: a menu of that kind, and as many calls of `decide`."""
    policy = RedemptionPolicy(_ANY_NUMBER)
    services, packages = _MENUS[kind]()
    given: dict[str, Any] = {
        "account": account(time_zone=LONDON),
        "client": ANA,
        "packages": packages,
        "now": NOW,
    }

    def menu() -> _Answer:
        return dict(policy.menu(services=services, starts_at=START, **given))

    def calls() -> _Answer:
        return {
            each.id: policy.decide(
                booking=Booking.of(each, id="menu", starts_at=START), **given
            ).prompt
            for each in services
        }

    return menu, calls


def menu(kind: str, effort: Effort) -> tuple[float, float]:
    """Return the seconds of a menu, and of as many calls."""
    of_menu, of_calls = menu_and_calls(kind)
    times = max(1, effort.rounds // 20)
    return seconds_of(of_menu, times), seconds_of(of_calls, times)


def _plain() -> _Menu:
    services = [Service(id=f"s{number}") for number in range(_SERVICES)]
    return services, [
        package(f"p{number}", credit(*_services_of(number), left=number))
        for number in range(_PACKAGES)
    ]


def _with_all() -> _Menu:
    """Return the same with traits, quotas and uses in the packages, and costs of the services."""
    services = [
        Service(id=f"s{number}", costs={"credit": number % 3 + 1}) for number in range(_SERVICES)
    ]
    return services, [
        package(
            f"p{number}",
            Entitlement(
                services=_services_of(number),
                remaining=number,
                unit="credit",
                quotas=[Quota(1 + number % 3, Period.WEEK)],
            ),
            version=1,
            restrictions=Restrictions(traits={"level": ["senior"]} if number % 4 == 1 else {}),
            uses=[use(booking_id=f"b{number}", entitlement_id="main", client_id="ana")],
        )
        for number in range(_PACKAGES)
    ]


def _services_of(number: int) -> tuple[str, str]:
    return f"s{7 * number}", f"s{7 * number + 1}"


_MENUS: Final[Mapping[str, Callable[[], _Menu]]] = {PLAIN: _plain, WITH_ALL: _with_all}


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

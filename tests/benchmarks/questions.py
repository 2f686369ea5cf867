"""What is asked in the benchmarks: the cases that are timed, made of ready values.

One client, one package, one service: what a booking page asks all day. Every setting that costs
something is there: cancellation terms, a deposit, a card page, a time zone, validity at both ends.
"""

from dataclasses import replace
from typing import Any, Final

from pkgredeem import Case, Client, ClientLogin, PackageStatus
from tests.helpers.support import (
    ANA,
    AUCKLAND,
    DAY,
    FORFEIT_INSIDE_A_DAY,
    NOW,
    START,
    account,
    case,
    credit,
    package,
)

ELIGIBLE: Final = case(
    account=account(
        cancellation=FORFEIT_INSIDE_A_DAY,
        time_zone=AUCKLAND,
        deposit_required=True,
        card_capture=True,
    ),
    client=Client(id="ana", logged_in=True, has_saved_card=True),
    packages=[
        package(
            "p1",
            credit("facial", left=5),
            sold_at=NOW - 90 * DAY,
            valid_from=NOW - 90 * DAY,
            valid_until=START + 90 * DAY,
        )
    ],
)
_PACKAGE: Final = ELIGIBLE.packages[0]


def _with_package(**fields: Any) -> Case:  # noqa: ANN401 - any field of a package
    return replace(ELIGIBLE, packages=(replace(_PACKAGE, **fields),))


REFUSED_FOR_SIX: Final = replace(
    _with_package(
        status=PackageStatus.ARCHIVED,
        valid_until=NOW,
        entitlements=[credit("facial", left=0)],
    ),
    account=replace(ELIGIBLE.account, online_redemption=False, client_login=ClientLogin.DISABLED),
    client=Client(id="ana"),
)

#: The full question, each time with the number of reasons.
FULL_QUESTIONS: Final = (
    ("eligible", ELIGIBLE, 0),
    ("refused: the client is not logged in", replace(ELIGIBLE, client=Client(id="ana")), 1),
    ("refused: the package is over", _with_package(valid_until=NOW), 1),
    ("refused: another service", _with_package(entitlements=[credit("massage", left=5)]), 1),
    (
        "refused: that credit is used up, another is left",
        _with_package(entitlements=[credit("facial", left=0), credit("massage", left=2)]),
        1,
    ),
    ("refused for six reasons", REFUSED_FOR_SIX, 6),
)

#: Two packages and three lines: what the allocation is for.
SEVERAL: Final = case(
    "facial",
    "facial",
    "massage",
    account=ELIGIBLE.account,
    client=ANA,
    packages=[
        package("p1", credit("facial", left=5), credit("massage", left=3)),
        package("p2", credit("facial", left=0)),
    ],
)


def arguments(asked: Case) -> dict[str, Any]:
    """Return the case as the arguments that most callers give to `RedemptionPolicy.decide`."""
    found: dict[str, Any] = {
        "account": asked.account,
        "client": asked.client,
        "packages": asked.packages,
        "booking": asked.booking,
        "now": asked.now,
    }
    if asked.existing is not None:
        found["existing"] = asked.existing
    return found

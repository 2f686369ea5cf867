"""What a client is shown: the prompt for a booking, and the notice after logging in (T08, T09)."""

from datetime import datetime
from typing import Any

import pytest

from pkgredeem import (
    Client,
    ClientLogin,
    DrawState,
    InvalidValueError,
    Package,
    RedemptionPolicy,
    Rulebook,
    Term,
    rules,
)
from tests.helpers.support import (
    ANA,
    DAY,
    LONDON,
    NO_LIMITS,
    NOW,
    account,
    case,
    credit,
    decide,
    package,
    use,
)

MARCH, APRIL, DESK = rules.TIMELY_2026_03, rules.TIMELY_2026_04, rules.IN_STORE


def noticed(
    *packages: Package, client: Client = ANA, book: Rulebook = MARCH, **settings: object
) -> bool:
    """Return whether the client is told that a package is available."""
    return RedemptionPolicy(book).notice(
        account=account(**settings), client=client, packages=iter(packages), now=NOW
    )


@pytest.mark.parametrize(("client", "prompt"), [(ANA, True), (Client(id="ana"), False)])
def test_the_prompt_is_shown_to_who_is_logged_in(client: Client, prompt: bool) -> None:
    """Also where logging in is no condition, the prompt is for a client who did (T08)."""
    decision = decide(case(client=client), DESK)

    assert (True, prompt) == (decision.eligible, decision.prompt)


def test_a_client_is_told_of_the_one_active_package() -> None:
    """After logging in, where nothing of account or client refuses (T09)."""
    assert noticed(package())
    assert not noticed()
    assert not noticed(package(), client=Client(id="ana"))
    assert not noticed(package(), online_redemption=False)
    assert not noticed(package(), client_login=ClientLogin.DISABLED)
    assert not noticed(package("p1", credit("facial", left=0)))
    assert not noticed(package("p1", client_id="beth"))
    assert not noticed(package(), client=Client(id="ana"), book=DESK)
    assert noticed(package(), book=DESK, online_redemption=False)


def test_several_packages_are_told_of_where_that_limit_is_lifted() -> None:
    """Two active packages can't be redeemed online yet, so that nothing is told of them (T10)."""
    two = [package("p1"), package("p2")]

    assert [False, True, True] == [noticed(*two, book=book) for book in (MARCH, NO_LIMITS, DESK)]
    with pytest.raises(InvalidValueError, match="packages must be listed only once, not 'p1'"):
        noticed(package("p1"), package("p1"))


@pytest.mark.parametrize(
    ("name", "wrong", "field"),
    [
        ("account", None, "account"),
        ("client", "ana", "client"),
        ("packages", ["p1"], "packages[0]"),
        ("now", datetime(2026, 5, 1), "now"),  # noqa: DTZ001 - what must be refused
    ],
)
def test_the_notice_names_what_it_can_not_use(name: str, wrong: object, field: str) -> None:
    """Each argument of `notice` is checked, and named."""
    notice: Any = RedemptionPolicy().notice
    asked = {"account": account(), "client": ANA, "packages": [package()], "now": NOW}
    with pytest.raises(InvalidValueError) as refused:
        notice(**(asked | {name: wrong}))

    assert field == refused.value.field


def test_who_is_not_logged_in_gets_no_notice_of_two_packages() -> None:
    """Logging in comes first, also where the limit to one package is lifted."""
    policy = RedemptionPolicy(MARCH.without(rules.several_active_packages))
    two = [package("p1"), package("p2")]

    assert [False, True] == [
        policy.notice(account=account(), client=client, packages=two, now=NOW)
        for client in (Client(id="ana"), ANA)
    ]


@pytest.mark.parametrize(("days_ago", "told"), [(14, True), (15, False)])
def test_nothing_is_told_of_a_package_whose_term_of_first_use_is_over(
    days_ago: int, told: bool
) -> None:
    """Such a package is not active; the last day of its term counts whole (D05, D53)."""
    used = use(NOW - days_ago * DAY, state=DrawState.REDEEMED)
    sold = package(lasts=Term(days=14), uses=[used])

    assert told == noticed(sold, time_zone=LONDON)

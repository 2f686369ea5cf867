"""Redeeming: what is decided is committed, and a refusal writes nothing."""

from datetime import datetime

import pytest

from pkgredeem import (
    Act,
    Actor,
    Balance,
    CardCaptureOutcome,
    Client,
    DepositOutcome,
    RedemptionPolicy,
    rules,
)
from tests.helpers.desk_support import (
    ONLINE,
    Interrupted,
    MakeDesk,
    facials,
    redeem,
)
from tests.helpers.support import (
    DAY,
    HOUR,
    NOW,
    START,
    codes,
)


def test_redeeming_commits_what_was_decided(make: MakeDesk) -> None:
    """The credit is reserved, the redemption is kept, and the movement says who and why."""
    store = Interrupted(facials())
    decision = redeem(make(ONLINE, store), by=Actor.BUSINESS, note="Mia, by phone")

    assert decision.eligible
    assert not decision.recorded
    assert decision.redemption == store.inner.redemption("b1")
    assert Balance(available=4, reserved=1, redeemed=0, forfeited=0) == store.inner.balance(
        "p1", "facial"
    )
    (moved,) = store.inner.movements()
    assert (Act.BOOK, NOW, Actor.BUSINESS, "Mia, by phone") == (
        moved.act,
        moved.at,
        moved.by,
        moved.note,
    )


def test_a_refusal_writes_nothing(make: MakeDesk) -> None:
    """When a package does not pay, the decision says why and what to collect, and that is all."""
    store = Interrupted(facials(0))
    decision = redeem(make(ONLINE, store))

    assert ["package_used_up"] == codes(decision)
    assert DepositOutcome.COLLECT is decision.deposit
    assert CardCaptureOutcome.CAPTURE is decision.card_capture
    assert ["packages_of", "redemption"] == store.calls


def test_a_guest_holds_no_package(make: MakeDesk) -> None:
    """For a guest no packages are read at all."""
    store = Interrupted(facials())
    decision = redeem(make(ONLINE, store), client=Client.guest())

    assert ["client_not_logged_in", "no_package"] == codes(decision)
    assert ["redemption"] == store.calls


def test_what_was_valid_then_pays_for_what_was_booked_then(make: MakeDesk) -> None:
    """Staff record yesterday's appointment: a package that ended overnight pays for it."""
    store = Interrupted(facials(valid_until=START + HOUR))
    desk = make(RedemptionPolicy(rules.IN_STORE), store)

    assert redeem(desk, now=START + DAY, by=Actor.BUSINESS).eligible
    assert () == store.inner.packages_of("ana", not_over_at=START + DAY)


@pytest.mark.parametrize(("now", "expected"), [(NOW, NOW), (START, START), (START + DAY, START)])
def test_packages_are_asked_for_as_of_the_earlier_of_now_and_the_start(
    make: MakeDesk, now: datetime, expected: datetime
) -> None:
    """A store never looks at its own clock: the desk says at which instant none must be over."""
    store = Interrupted(facials())
    redeem(make(ONLINE, store), now=now)

    assert [expected] == store.not_over_at


def test_an_act_asks_for_packages_as_of_the_act(make: MakeDesk) -> None:
    """Those that are drawn on come besides, over or not."""
    store = Interrupted(facials())
    desk = make(ONLINE, store)
    redeem(desk)
    desk.cancel("b1", by=Actor.BUSINESS, now=START + DAY)

    assert ([NOW, START + DAY], [("ana",), ("ana", "p1")]) == (store.not_over_at, store.asked)

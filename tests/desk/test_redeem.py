"""Redeeming: what is decided is committed, and a refusal writes nothing."""

from pkgredeem import (
    Act,
    Actor,
    Balance,
    CardCaptureOutcome,
    Client,
    DepositOutcome,
)
from tests.helpers.desk_support import (
    ONLINE,
    Interrupted,
    MakeDesk,
    facials,
    redeem,
)
from tests.helpers.support import (
    NOW,
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

"""A refused exchange gives nothing back, so that nothing can be wrong with where it would go."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import pytest

from pkgredeem import Actor, Package, UnknownEntitlementError
from tests.helpers.desk_support import ACCOUNT, ONLINE, Interrupted, MakeDesk, facials, redeem
from tests.helpers.support import ANA, NOW, booking, codes, credit


class Edited(Interrupted):
    """A store that tells its packages with another entitlement than was drawn on."""

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Iterable[Package]:
        """Return the client's packages as somebody has edited them."""
        found = super().packages_of(client_id, not_over_at=not_over_at, also=also)
        return [replace(each, entitlements=(credit("facial", id="new"),)) for each in found]


@pytest.mark.parametrize("method", ["quote", "exchange"])
def test_a_refused_exchange_is_told_why_although_an_entitlement_is_gone(
    make: MakeDesk, method: str
) -> None:
    """The new booking asks for what no package holds: the client reads that, not an error."""
    store = Edited(facials())
    redeem(make(ONLINE, store.inner))
    desk = make(ONLINE, store)
    asked = {
        "account": ACCOUNT,
        "client": ANA,
        "booking": booking("pedicure", id="b2"),
        "by": Actor.CLIENT,
        "now": NOW,
    }
    told = (
        desk.quote(replaces="b1", **asked)  # type: ignore[arg-type]  # what it takes
        if method == "quote"
        else desk.exchange("b1", **asked)  # type: ignore[arg-type]  # what it takes
    )

    assert ["service_not_in_package"] == codes(told)


def test_the_quote_of_an_exchange_that_would_give_back_raises_as_the_exchange_does(
    make: MakeDesk,
) -> None:
    """A facial could be paid, and the old credit could not go back to what is gone (D70, D73)."""
    store = Edited(facials())
    redeem(make(ONLINE, store.inner))

    with pytest.raises(UnknownEntitlementError, match="'p1' no longer holds entitlement 'facial'"):
        make(ONLINE, store).quote(
            account=ACCOUNT,
            client=ANA,
            booking=booking(id="b2"),
            now=NOW,
            replaces="b1",
        )

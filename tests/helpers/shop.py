"""A shop in London with a desk and a store in memory: bookings in a row, as a plan is used."""

from collections.abc import Mapping
from datetime import UTC, datetime

from pkgredeem import (
    AccountSettings,
    BookingLine,
    Client,
    Decision,
    Package,
    RedemptionDesk,
    RedemptionPolicy,
    Rulebook,
    rules,
)
from pkgredeem.stores.memory import MemoryStore
from tests.helpers.support import ANA, LONDON, account, booking, codes

EARLY = datetime(2026, 4, 1, 9, tzinfo=UTC)


def on(month: int, day: int, hour: int = 10, minute: int = 0, *, year: int = 2026) -> datetime:
    """Return that hour of that day in London."""
    return datetime(year, month, day, hour, minute, tzinfo=LONDON)


class Shop:
    """Redeems bookings b1, b2, ... in the order in which they are made."""

    def __init__(self, *sold: Package, book: Rulebook = rules.ONLINE, **settings: object) -> None:
        """Sell these packages."""
        self.account: AccountSettings = account(time_zone=LONDON, **settings)
        self.store = MemoryStore()
        for package in sold:
            self.store.add(package)
        self.desk = RedemptionDesk(RedemptionPolicy(book), self.store)
        self.booked = 0

    def redeem(
        self,
        *lines: BookingLine | str,
        at: datetime,
        now: datetime = EARLY,
        client: Client = ANA,
        traits: Mapping[str, str] | None = None,
    ) -> Decision:
        """Redeem the next booking."""
        self.booked += 1
        asked = booking(*lines, id=f"b{self.booked}", starts_at=at, traits=traits)
        return self.desk.redeem(account=self.account, client=client, booking=asked, now=now)

    def reasons(
        self,
        *lines: BookingLine | str,
        at: datetime,
        now: datetime = EARLY,
        client: Client = ANA,
        traits: Mapping[str, str] | None = None,
    ) -> list[str]:
        """Redeem the next booking, and return the codes of the reasons against it."""
        return codes(self.redeem(*lines, at=at, now=now, client=client, traits=traits))

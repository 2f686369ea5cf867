"""The adapter keeps the contract of pkgredeem, on the salon's own tables."""

import os
from uuid import NAMESPACE_OID, UUID, uuid5

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pkgredeem import Booking, Package
from pkgredeem.stores import RedemptionStore
from pkgredeem.testing import Limit, StoreContract

from .store import SalonStore
from .tables import Appointment, Base, Client, PackagePurchase, Redemption, Service

ENGINE = sa.create_engine(os.environ.get("SALON_DATABASE", "postgresql+psycopg:///salon_test"))


class TestSalonStore(StoreContract):
    """What the tables have no column for is a limit; pytest lists what each of them leaves out."""

    limits = (
        Limit.ONE_SERVICE,
        Limit.NO_LEGACY,
        Limit.NO_ARCHIVED,
        Limit.NO_SHARING,
        Limit.NO_PRIORITY,
        Limit.NO_START,
        Limit.NO_NAMES,
        Limit.NO_PLANS,
        Limit.NO_HISTORY,
    )

    def setup_method(self) -> None:
        """Begin with the tables, and with no key."""
        Base.metadata.create_all(ENGINE)
        self.keys: dict[tuple[str, str], int] = {}
        super().setup_method()

    def store_with(self, *packages: Package) -> RedemptionStore:
        """Return a store that holds these packages and nothing else."""
        with Session(ENGINE) as session, session.begin():
            session.execute(sa.delete(Redemption))
            session.execute(sa.delete(Appointment))
            session.execute(sa.delete(PackagePurchase))
            for package in packages:
                (entitlement,) = package.entitlements
                (service_id,) = entitlement.services
                purchase = PackagePurchase(
                    id=int(package.id),
                    client_id=int(package.client_id),
                    service_id=int(service_id),
                    credits_left=entitlement.remaining,
                    bought_at=package.sold_at,
                    expires_at=package.valid_until,
                )
                session.add(purchase)
        return SalonStore(ENGINE)

    def key_for(self, kind: str, name: str) -> str:
        """Return the id that stands for a name of the contract: a key, as the tables have it."""
        if kind == "booking":
            return str(uuid5(NAMESPACE_OID, name))
        if kind == "entitlement":
            return name.rpartition("/")[2]
        key = self.keys.setdefault((kind, name), 1_000 + len(self.keys))
        if kind in {"client", "service"}:
            with Session(ENGINE) as session, session.begin():
                session.merge(
                    (Client if kind == "client" else Service)(id=key, name=f"{kind} {key}")
                )
        return str(key)

    def booking_exists(self, store: RedemptionStore, booking: Booking, client_id: str) -> None:
        """Make the row that a redemption belongs to."""
        del store
        with Session(ENGINE) as session, session.begin():
            appointment = Appointment(
                booking_id=UUID(booking.id),
                client_id=int(client_id),
                service_id=int(booking.lines[0].service.id),
                starts_at=booking.starts_at,
            )
            session.add(appointment)

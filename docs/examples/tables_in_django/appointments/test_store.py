"""The adapter keeps the contract of pkgredeem, on the salon's own tables."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime
from uuid import NAMESPACE_OID, uuid4, uuid5

import pytest
from django.db import connections, transaction

from pkgredeem import Audience, Booking, Change, ConflictError, Package
from pkgredeem.stores import RedemptionStore
from pkgredeem.testing import Limit, StoreContract

from . import booking
from .models import Appointment, Client, PackagePurchase, Redemption, Service
from .store import SalonStore


@pytest.mark.django_db(transaction=True)  # the threads of a test see what is committed
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
        """Begin with no key."""
        self.keys: dict[tuple[str, str], int] = {}
        super().setup_method()

    @transaction.atomic
    def store_with(self, *packages: Package) -> RedemptionStore:
        """Return a store that holds these packages and nothing else."""
        Redemption.objects.all().delete()
        Appointment.objects.all().delete()
        PackagePurchase.objects.all().delete()
        for package in packages:
            (entitlement,) = package.entitlements
            (service_id,) = entitlement.services
            PackagePurchase.objects.create(
                pk=int(package.id),
                client_id=int(package.client_id),
                service_id=int(service_id),
                credits_left=entitlement.remaining,
                bought_at=package.sold_at,
                expires_at=package.valid_until,
            )
        return SalonStore()

    def key_for(self, kind: str, name: str) -> str:
        """Return the id that stands for a name of the contract: a key, as the tables have it."""
        if kind == "booking":
            return str(uuid5(NAMESPACE_OID, name))
        if kind == "entitlement":
            return name.rpartition("/")[2]
        key = self.keys.setdefault((kind, name), 1_000 + len(self.keys))
        if kind in {"client", "service"}:
            rows = Client.objects if kind == "client" else Service.objects
            rows.get_or_create(pk=key, defaults={"name": f"{kind} {key}"})
        return str(key)

    def booking_exists(self, store: RedemptionStore, booking: Booking, client_id: str) -> None:
        """Make the row that a redemption belongs to."""
        del store
        Appointment.objects.get_or_create(
            booking_id=booking.id,
            defaults={
                "client_id": int(client_id),
                "service_id": int(booking.lines[0].service.id),
                "starts_at": booking.starts_at,
            },
        )

    def thread_ends(self) -> None:
        """Close the thread's connections."""
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_the_second_for_the_last_credit_waits_and_is_told() -> None:
    """Threads that race meet rarely where it hurts; here one surely comes before the other ends."""
    ana = Client.objects.create(name="Ana")
    facial = Service.objects.create(name="Facial")
    PackagePurchase.objects.create(client=ana, service=facial, credits_left=1)
    first, second = (_decided(ana, facial) for _ in range(2))
    with ThreadPoolExecutor(1) as thread:
        with transaction.atomic():
            SalonStore().commit(first)
            other = thread.submit(_commit_and_close, second)
            wait([other], timeout=1)  # until it waits for our row
        with pytest.raises(ConflictError):
            other.result()


def _decided(client: Client, service: Service) -> Change:
    """Return the change that pays for a new appointment; it is not committed yet."""
    start, now = datetime(2030, 5, 5, tzinfo=UTC), datetime(2030, 5, 1, tzinfo=UTC)
    made = Appointment.objects.create(
        booking_id=uuid4(), client=client, service=service, starts_at=start
    )
    decision = booking.quote(
        booking_id=made.booking_id, client=client, service=service, starts_at=start, now=now
    )
    if decision.change is None:
        pytest.fail(decision.explain(Audience.STAFF))
    return decision.change


def _commit_and_close(change: Change) -> None:
    try:
        SalonStore().commit(change)
    finally:
        connections.close_all()

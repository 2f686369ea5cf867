"""What is true of the salon that had tables before; `test_tables_in_django` runs it by itself."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import StringIO
from threading import Barrier, Event
from typing import TypeVar
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, connections, transaction

from appointments import booking
from appointments.models import Appointment, Client, PackagePurchase, Redemption, Service
from appointments.store import SalonStore
from pkgredeem import (
    Actor,
    BookingMismatchError,
    ClosedRedemptionError,
    ConflictError,
    CreditOutcome,
    Decision,
    DepositOutcome,
    DrawState,
    UnknownBookingError,
)

# Long ago, since the command reads the clock: an act that lies before its booking is refused.
NOW = datetime(2021, 5, 1, 9, tzinfo=UTC)
START = datetime(2021, 5, 5, 10, tzinfo=UTC)
DAY = timedelta(days=1)
THREADS = 6
pytestmark = pytest.mark.django_db(transaction=True)

_Answer = TypeVar("_Answer")


class Salon:
    """Ana, a facial, and a purchase of so many."""

    def __init__(self, credits_left: int = 2) -> None:
        """Put them into the tables."""
        self.ana = Client.objects.create(name="Ana")
        self.facial = Service.objects.create(name="Facial")
        self.purchase = PackagePurchase.objects.create(
            client=self.ana, service=self.facial, credits_left=credits_left
        )

    def book(
        self, booking_id: UUID, starts_at: datetime = START, client: Client | None = None
    ) -> Decision:
        """Book Ana's facial."""
        return booking.book(
            booking_id=booking_id,
            client=client or self.ana,
            service=self.facial,
            starts_at=starts_at,
            now=NOW,
        )

    @property
    def left(self) -> int:
        """What is left of the purchase."""
        (left,) = PackagePurchase.objects.values_list("credits_left", flat=True)
        return int(left)


@pytest.fixture
def salon() -> Salon:
    """Return a salon in which Ana has bought two facials."""
    return Salon()


@pytest.fixture
def booked(salon: Salon) -> UUID:
    """Return the id of Ana's appointment, for which her package pays."""
    booking_id = uuid4()
    assert salon.book(booking_id).eligible
    return booking_id


def row(booking_id: UUID) -> Appointment:
    """Return an appointment as it is."""
    return Appointment.objects.get(booking_id=booking_id)


def state(booking_id: UUID) -> DrawState:
    """Return where its credit stands."""
    found = SalonStore().redemption(str(booking_id))
    assert found is not None
    return found.draws[0].state


def test_a_quote_is_what_booking_then_does(salon: Salon) -> None:
    """The page shows the decision under the id that it makes; nothing is written until it books."""
    booking_id = uuid4()
    quoted = booking.quote(
        booking_id=booking_id,
        client=salon.ana,
        service=salon.facial,
        starts_at=START,
        now=NOW,
    )
    assert (2, 0) == (salon.left, Appointment.objects.count())

    assert quoted == salon.book(booking_id)
    assert (1, 1) == (salon.left, Appointment.objects.count())


def test_the_appointment_says_what_pays_for_it(salon: Salon, booked: UUID) -> None:
    """The row names the purchase, as the salon's own reports ask, and the redemption is beside."""
    found = row(booked)
    assert (salon.purchase, "booked") == (found.paid_with, found.status)
    assert 1 == Redemption.objects.get(appointment=found).version
    assert DrawState.RESERVED is state(booked)


def test_an_appointment_that_no_package_pays_for_is_booked_and_costs_a_deposit() -> None:
    """Without a credit the appointment is made all the same; the decision says what to collect."""
    salon, booking_id = Salon(credits_left=0), uuid4()
    decision = salon.book(booking_id)

    assert ("no_package", DepositOutcome.COLLECT) == (decision.reasons[0].code, decision.deposit)
    assert (None, 0) == (row(booking_id).paid_with, Redemption.objects.count())


def test_a_form_that_is_sent_twice_books_once(salon: Salon, booked: UUID) -> None:
    """The second time gets the recorded answer, and takes nothing more."""
    assert salon.book(booked).recorded
    assert (1, 1) == (salon.left, Appointment.objects.count())


@pytest.mark.parametrize("credits_left", [0, 2])
def test_an_id_of_another_appointment_is_refused(credits_left: int) -> None:
    """Another client, or another start, under an id that is taken: nothing is booked or paid."""
    salon, booking_id = Salon(credits_left), uuid4()
    salon.book(booking_id)
    ben = Client.objects.create(name="Ben")
    PackagePurchase.objects.create(client=ben, service=salon.facial, credits_left=1)
    for client, starts_at in ((ben, START), (salon.ana, START + DAY)):
        with pytest.raises(BookingMismatchError, match="is another appointment"):
            salon.book(booking_id, starts_at, client)

    assert salon.ana == row(booking_id).client
    assert [max(credits_left - 1, 0), 1] == [
        each.credits_left for each in PackagePurchase.objects.order_by("pk")
    ]


@pytest.mark.parametrize("credits_left", [0, 2])
def test_what_has_ended_is_not_booked_again(credits_left: int) -> None:
    """An old form does not bring a cancelled appointment back, paid with a package or not."""
    salon, booking_id = Salon(credits_left), uuid4()
    salon.book(booking_id)
    booking.cancel(booking_id=booking_id, by=Actor.CLIENT, now=NOW)
    with pytest.raises(ClosedRedemptionError, match="has ended already"):
        salon.book(booking_id)

    assert (credits_left, Appointment.Status.CANCELLED) == (salon.left, row(booking_id).status)


def test_a_cancellation_in_time_returns_the_credit(salon: Salon, booked: UUID) -> None:
    """Row and credit change together."""
    settlement = booking.cancel(booking_id=booked, by=Actor.CLIENT, now=START - DAY, note="ill")
    assert settlement is not None
    assert settlement.returned
    assert (2, Appointment.Status.CANCELLED) == (salon.left, row(booked).status)


def test_a_late_cancellation_forfeits_the_credit(salon: Salon, booked: UUID) -> None:
    """A second later than 24 hours before the start."""
    late = START - DAY + timedelta(seconds=1)
    settlement = booking.cancel(booking_id=booked, by=Actor.CLIENT, now=late)
    assert settlement is not None
    assert CreditOutcome.FORFEIT is settlement.outcome
    assert (1, Appointment.Status.CANCELLED) == (salon.left, row(booked).status)


def test_what_is_refused_changes_nothing(salon: Salon, booked: UUID) -> None:
    """A client can't cancel once the appointment has started, nor move it to where it has been."""
    refused = booking.cancel(booking_id=booked, by=Actor.CLIENT, now=START)
    moved = booking.reschedule(booking_id=booked, starts_at=NOW, by=Actor.CLIENT, now=NOW)
    assert refused is not None
    assert moved is not None
    assert (False, False) == (refused.allowed, moved.allowed)
    assert (1, Appointment.Status.BOOKED, START) == (
        salon.left,
        row(booked).status,
        row(booked).starts_at,
    )


def test_a_move_keeps_the_credit(salon: Salon, booked: UUID) -> None:
    """The row and the redemption have the new start."""
    moved = booking.reschedule(
        booking_id=booked, starts_at=START + DAY, by=Actor.CLIENT, now=NOW, note="school"
    )
    assert moved is not None
    assert moved.allowed
    found = SalonStore().redemption(str(booked))
    assert found is not None
    assert [START + DAY] * 2 == [found.starts_at, row(booked).starts_at]
    assert 1 == salon.left
    with pytest.raises(BookingMismatchError):  # the form of before
        salon.book(booked)


def test_a_no_show_that_came_after_all_stays_completed(salon: Salon, booked: UUID) -> None:
    """Recording the no-show once more is a repeat: it changes nothing (D37)."""
    booking.no_show(booking_id=booked, now=START)
    assert (Appointment.Status.NO_SHOW, DrawState.FORFEITED) == (row(booked).status, state(booked))
    booking.complete(booking_id=booked, now=START)
    booking.no_show(booking_id=booked, now=START)

    assert (Appointment.Status.COMPLETED, DrawState.REDEEMED) == (row(booked).status, state(booked))
    assert 1 == salon.left


def test_staff_say_what_a_no_show_costs(salon: Salon, booked: UUID) -> None:
    """They may return the credit."""
    booking.no_show(booking_id=booked, now=START, outcome=CreditOutcome.RETURN, note="our mistake")

    assert (2, Appointment.Status.NO_SHOW) == (salon.left, row(booked).status)


def test_forgiving_returns_the_credit_and_leaves_the_row(salon: Salon, booked: UUID) -> None:
    """The client did not come, which stays true."""
    booking.no_show(booking_id=booked, now=START)
    forgiven = booking.forgive(booking_id=booked, now=START + DAY, note="a burst pipe")

    assert forgiven.returned
    assert (2, Appointment.Status.NO_SHOW) == (salon.left, row(booked).status)
    with pytest.raises(UnknownBookingError):
        booking.forgive(booking_id=uuid4(), now=START, note="nothing was paid")


def test_what_no_package_pays_for_is_the_salons_own_business() -> None:
    """It is moved and ended as before; what has ended stays as it is."""
    salon, booking_id = Salon(credits_left=0), uuid4()
    salon.book(booking_id)
    start = START + DAY

    assert None is booking.reschedule(
        booking_id=booking_id, starts_at=start, by=Actor.CLIENT, now=NOW
    )
    assert None is booking.no_show(booking_id=booking_id, now=start)
    assert None is booking.complete(booking_id=booking_id, now=start)
    assert (start, Appointment.Status.NO_SHOW) == (
        row(booking_id).starts_at,
        row(booking_id).status,
    )


def completed(**options: object) -> str:
    """Run the command; return what it prints."""
    out = StringIO()
    call_command("complete_appointments", stdout=out, **options)
    return out.getvalue().strip()


def test_the_days_appointments_are_completed_once(salon: Salon) -> None:
    """Paid with a package or not; what is to come, and what has ended, is left alone."""
    ids = [uuid4() for _ in range(4)]
    for booking_id, days in zip(ids, (0, 0, 0, 1), strict=True):
        salon.book(booking_id, START + days * DAY)
    booking.no_show(booking_id=ids[0], now=START)
    until = START + timedelta(hours=1)

    assert "completed 2 of 2" == completed(until=until)
    assert "completed 0 of 0" == completed(until=until)
    assert ["no_show", "completed", "completed", "booked"] == [row(each).status for each in ids]
    assert DrawState.REDEEMED is state(ids[1])
    assert "completed 1 of 1" == completed()


@pytest.mark.parametrize("credits_left", [0, 2])
def test_what_has_changed_since_it_was_listed_is_left(credits_left: int) -> None:
    """A no-show, or a move to tomorrow, that staff record before its turn comes stays as it is."""
    salon, ids = Salon(credits_left), [uuid4(), uuid4()]
    for booking_id in ids:
        salon.book(booking_id)
    booking.no_show(booking_id=ids[0], now=START)
    booking.reschedule(booking_id=ids[1], starts_at=START + DAY, by=Actor.BUSINESS, now=START)
    due = [booking.complete_if_due(booking_id=each, now=START + timedelta(hours=1)) for each in ids]

    assert [False, False] == due
    assert ["no_show", "booked"] == [row(each).status for each in ids]
    if credits_left:
        assert [DrawState.FORFEITED, DrawState.RESERVED] == [state(each) for each in ids]


def test_what_is_to_come_is_not_completed(salon: Salon) -> None:
    """An instant to come is no more than now: nobody has been there yet."""
    booking_id, tomorrow = uuid4(), datetime.now(UTC) + DAY
    salon.book(booking_id, tomorrow)

    assert "completed 0 of 0" == completed(until=tomorrow + DAY)
    assert Appointment.Status.BOOKED == row(booking_id).status


def test_completing_goes_on_after_a_failure(salon: Salon) -> None:
    """The first one can't be read: it is told, the second is completed, and the command fails."""
    ids = [uuid4(), uuid4()]
    for place, booking_id in enumerate(ids):
        salon.book(booking_id, START + timedelta(hours=place))
    Redemption.objects.filter(appointment_id=ids[0]).update(document='{"format": "older"}')
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError, match=r"^not completed: 1$"):
        call_command("complete_appointments", until=START + DAY, stdout=out, stderr=err)

    assert "completed 1 of 2\n" == out.getvalue()
    assert err.getvalue().startswith(f"{ids[0]}: redemption.format must be ")
    assert ["booked", "completed"] == [row(each).status for each in ids]


def test_the_command_takes_an_instant_of_the_salons_time(salon: Salon) -> None:
    """An hour without a zone is the salon's; what starts then is completed."""
    booking_id = uuid4()
    salon.book(booking_id)
    for text in ("2021-05-05T09:59+00:00", "2021-05-05T21:59"):  # in Auckland
        call_command("complete_appointments", "--until", text)
        assert Appointment.Status.BOOKED == row(booking_id).status
    call_command("complete_appointments", "--until", "2021-05-05T22:00")

    assert Appointment.Status.COMPLETED == row(booking_id).status


def at_once(act: Callable[[int], _Answer]) -> list[_Answer]:
    """Let several threads act at the same moment."""
    gate = Barrier(THREADS)

    def run(place: int) -> _Answer:
        gate.wait(30)
        try:
            return act(place)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def test_many_clients_want_the_last_credits(salon: Salon) -> None:
    """Six appointments are made, and two of them are paid; the others hear why they are not."""
    decisions = at_once(lambda _: salon.book(uuid4()))
    codes = Counter(code for each in decisions for code in [r.code for r in each.reasons] or [""])

    assert {"": 2, "no_package": 4} == codes
    assert (0, 2) == (salon.left, Appointment.objects.exclude(paid_with=None).count())


def test_a_form_that_is_sent_six_times_at_once_books_once(salon: Salon) -> None:
    """All get the same answer, and one credit is taken."""
    booking_id = uuid4()
    decisions = at_once(lambda _: salon.book(booking_id))

    assert [True] * THREADS == [each.eligible for each in decisions]
    assert (1, 1) == (salon.left, Appointment.objects.count())


def test_one_of_two_endings_wins(salon: Salon, booked: UUID) -> None:
    """Row and redemption end alike, whichever came first."""

    def end(place: int) -> bool:
        try:
            if place % 2:
                booking.cancel(booking_id=booked, by=Actor.BUSINESS, now=START)
            else:
                booking.complete(booking_id=booked, now=START)
        except ClosedRedemptionError:
            return False
        return True

    answers = at_once(end)
    came = row(booked).status == Appointment.Status.COMPLETED
    assert [came, not came] * (THREADS // 2) == answers
    assert (
        (1, DrawState.REDEEMED)
        if came
        else (2, DrawState.RETURNED)
        == (
            salon.left,
            state(booked),
        )
    )


def test_a_conflict_is_tried_again_in_a_new_transaction(
    salon: Salon, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others are quicker four times; the fifth time books, and nothing of the four is there."""
    lost = iter([True] * 4)
    commit = SalonStore.commit

    def overtaken(store: SalonStore, *changes: object) -> None:
        if next(lost, False):
            raise ConflictError("others were quicker")
        commit(store, *changes)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(SalonStore, "commit", overtaken)
    assert salon.book(uuid4()).eligible
    assert (1, 1) == (salon.left, Appointment.objects.count())


def test_a_conflict_that_stays_reaches_the_caller(
    salon: Salon, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After five times the page may say "try again": there is no appointment."""
    tries: list[object] = []

    def overtaken(_: SalonStore, *changes: object) -> None:
        tries.append(changes)
        raise ConflictError("others were quicker")

    monkeypatch.setattr(SalonStore, "commit", overtaken)
    with pytest.raises(ConflictError, match="others were quicker"):
        salon.book(uuid4())

    assert (5, 0, 2) == (len(tries), Appointment.objects.count(), salon.left)


def test_no_act_joins_a_transaction_that_is_open(salon: Salon) -> None:
    """A second try inside it might read the same again, so Django refuses."""
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        salon.book(uuid4())


def test_a_lock_that_does_not_come_is_a_conflict(salon: Salon) -> None:
    """Where the database waits only so long, the end of its patience is told as a conflict."""
    is_held, may_go = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            PackagePurchase.objects.select_for_update().get()
            is_held.set()
            may_go.wait(30)
        connections.close_all()

    with ThreadPoolExecutor(1) as thread:
        held = thread.submit(hold)
        is_held.wait(30)
        with connection.cursor() as cursor:
            cursor.execute(
                "SET lock_timeout = '20ms'"
                if connection.vendor == "postgresql"
                else "PRAGMA busy_timeout = 20"
            )
        with pytest.raises(ConflictError, match=r"lock timeout|locked"):
            salon.book(uuid4())
        connection.close()
        may_go.set()
        held.result(30)

    assert (2, 0) == (salon.left, Appointment.objects.count())


def test_any_other_error_of_the_database_is_no_conflict(salon: Salon) -> None:
    """A booking without an appointment is somebody's mistake, and reaches the caller as it is."""
    change = booking.quote(
        booking_id=uuid4(), client=salon.ana, service=salon.facial, starts_at=START, now=NOW
    ).change
    assert change is not None
    with pytest.raises(IntegrityError):
        SalonStore().commit(change)

    assert (2, 0) == (salon.left, Redemption.objects.count())


@pytest.mark.parametrize("odd", [" {}", "{} ", "0{}", "+{}", "{}.0", "", "x", "9" * 30])
def test_an_id_is_written_in_one_way(salon: Salon, booked: UUID, odd: str) -> None:
    """What `int` and `UUID` would read all the same is the id of nothing (D39)."""
    store = SalonStore()
    client_id, purchase_id = odd.format(salon.ana.pk), odd.format(salon.purchase.pk)

    assert [] == store.packages_of(client_id, not_over_at=NOW, also=[purchase_id])
    assert store.redemption(odd.format(booked)) is None
    assert store.redemption(str(booked).upper()) is None
    assert store.redemption(booked.hex) is None


def test_the_migrations_make_what_the_models_say() -> None:
    """No migration is missing."""
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_appointment_of_before_gets_a_booking_id(salon: Salon) -> None:
    """The migrations go over tables that are in use: no two appointments get one id."""
    call_command("migrate", "appointments", "0001", verbosity=0)
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO appointments_appointment"
            " (client_id, service_id, starts_at, made_at, status)"
            " VALUES (%s, %s, %s, %s, 'booked')",
            [(salon.ana.pk, salon.facial.pk, START, NOW)] * 3,
        )
    call_command("migrate", verbosity=0)

    assert 3 == len({each.booking_id for each in Appointment.objects.all()} - {None})


def booked_before(salon: Salon, *, paid: bool = True, status: str = "booked") -> UUID:
    """Return the id of an appointment that the old checkout has made, its credit taken off."""
    booking_id = uuid4()
    Appointment.objects.create(
        booking_id=booking_id,
        client=salon.ana,
        service=salon.facial,
        starts_at=START,
        made_at=NOW - DAY,
        paid_with=salon.purchase if paid else None,
        status=status,
    )
    return booking_id


def adopted() -> str:
    """Run the command; return what it prints."""
    out = StringIO()
    call_command("adopt_appointments", stdout=out)
    return out.getvalue().strip()


def test_open_appointments_are_adopted_once(salon: Salon) -> None:
    """What is left stays as it is; what has ended, or is not paid with a package, stays behind."""
    opened = booked_before(salon)
    others = [booked_before(salon, paid=False), booked_before(salon, status="completed")]

    assert "adopted 1 of 1" == adopted()
    assert "adopted 0 of 0" == adopted()
    assert (2, DrawState.RESERVED) == (salon.left, state(opened))
    assert not Redemption.objects.filter(appointment_id__in=others).exists()
    found = SalonStore().redemption(str(opened))
    assert found is not None
    assert (NOW - DAY, START - DAY) == (found.booked_at, found.free_until)


def test_an_adopted_appointment_is_moved_and_cancelled_like_any_other(salon: Salon) -> None:
    """Its credit comes back once, and late it is lost."""
    first, second = booked_before(salon), booked_before(salon)
    adopted()
    booking.reschedule(
        booking_id=first, starts_at=START + DAY, by=Actor.CLIENT, now=START - 2 * DAY
    )
    for _ in range(2):
        booking.cancel(booking_id=first, by=Actor.CLIENT, now=START - 2 * DAY)
    late = booking.cancel(booking_id=second, by=Actor.CLIENT, now=START - timedelta(hours=1))

    assert late is not None
    assert CreditOutcome.FORFEIT is late.outcome
    assert 3 == salon.left


def test_what_is_not_adopted_yet_loses_no_credit(salon: Salon) -> None:
    """Until then an act on what the old checkout has paid for is refused, and changes nothing."""
    opened = booked_before(salon)
    with pytest.raises(UnknownBookingError):
        booking.cancel(booking_id=opened, by=Actor.CLIENT, now=NOW)

    assert (2, "booked") == (salon.left, row(opened).status)


def test_a_conflict_undoes_its_commit_alone(salon: Salon) -> None:
    """In the caller's transaction what was written before and after it stays, and no more."""
    booking_id = uuid4()
    decision = booking.quote(
        booking_id=booking_id, client=salon.ana, service=salon.facial, starts_at=START, now=NOW
    )
    assert decision.change is not None
    PackagePurchase.objects.update(credits_left=0)
    with transaction.atomic():
        Appointment.objects.create(
            booking_id=booking_id, client=salon.ana, service=salon.facial, starts_at=START
        )
        with pytest.raises(ConflictError, match="1 credits are not left"):
            SalonStore().commit(decision.change)
        Client.objects.create(name="Ben")

    assert not Redemption.objects.exists()
    assert 2 == Client.objects.count()

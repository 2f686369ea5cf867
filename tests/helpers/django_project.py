"""What holds when the Django store is used as projects use it; `test_django` runs it on its own.

In the caller's transaction, with ATOMIC_REQUESTS, with autocommit off, in Django's own test case,
under a router, in async views, and with settings that can't work.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.apps import apps
from django.contrib.auth.models import Group
from django.core import checks
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient, Client, TestCase, override_settings
from django.urls import path

import pkgredeem.stores.django
from pkgredeem import (
    UNLIMITED,
    Actor,
    AsyncRedemptionDesk,
    Balance,
    ConflictError,
    Entitlement,
    InvalidValueError,
    Package,
    RedemptionDesk,
    RedemptionPolicy,
    rules,
)
from pkgredeem.stores.django import AsyncDjangoStore, DjangoStore, models
from tests.helpers.desk_support import ACCOUNT, redeem
from tests.helpers.django_contract import store_of
from tests.helpers.support import ANA, NOW, booking, credit, package

POLICY = RedemptionPolicy(rules.IN_STORE)
FIVE = package("p1", credit("facial", left=5))
ON_POSTGRESQL = connection.vendor == "postgresql"
ODD = "a\0b\\c\x1a\ud800 d'\"%_ \N{SNOWMAN} e "  # a backslash, a NUL, half of a pair


@pytest.fixture(autouse=True, scope="module")
def _connections() -> Iterator[None]:
    yield
    connections.close_all()


@pytest.fixture
def store() -> DjangoStore:
    """Return a store that holds five facials of Ana's."""
    return store_of(FIVE)


def desk_on(store: DjangoStore) -> RedemptionDesk:
    """Return a desk that takes part in a transaction."""
    return RedemptionDesk(POLICY, store, attempts=1)


def left(store: DjangoStore) -> int:
    """Return how many facials are left."""
    available = store.balance("p1", "facial").available
    assert isinstance(available, int)
    return available


class TestInsideDjangosTestCase(TestCase):
    """Every test is a transaction that is rolled back: the store works in it, and leaves nothing.

    The two tests find the same five facials, whichever is first.
    """

    def setUp(self) -> None:
        """Take a package on, inside the transaction."""
        self.store = DjangoStore()
        self.store.add(replace(FIVE, id="p-of-a-test-case"))

    def test_one_is_booked_and_cancelled(self) -> None:
        """A booking draws a credit, and a cancellation gives it back."""
        desk = desk_on(self.store)
        assert redeem(desk, booking(id="t1")).eligible
        assert self.store.balance("p-of-a-test-case", "facial").available == 4
        assert desk.cancel("t1", by=Actor.CLIENT, now=NOW).returned
        assert self.store.balance("p-of-a-test-case", "facial").available == 5

    def test_a_conflict_leaves_the_test_usable(self) -> None:
        """A commit that conflicts is undone alone."""
        assert redeem(desk_on(self.store), booking(id="t1")).eligible
        with pytest.raises(InvalidValueError):
            self.store.add(replace(FIVE, id="p-of-a-test-case"))
        assert self.store.balance("p-of-a-test-case", "facial").available == 4


def book(_: HttpRequest) -> HttpResponse:
    """Keep a row of the caller's and a booking in the transaction of the request."""
    Group.objects.create(name="row")
    decision = redeem(desk_on(DjangoStore()), booking(id="v1"))
    return HttpResponse(str(decision.eligible))


def book_and_lose(request: HttpRequest) -> HttpResponse:
    """Do the same, and then lose a race."""
    book(request)
    raise ConflictError("somebody was quicker")


async def book_in_a_task(_: HttpRequest) -> HttpResponse:
    """Book in an async view."""
    desk = AsyncRedemptionDesk(POLICY, AsyncDjangoStore())
    decision = await desk.redeem(account=ACCOUNT, client=ANA, booking=booking(id="v1"), now=NOW)
    return HttpResponse(str(decision.eligible))


urlpatterns = [path("book", book), path("lose", book_and_lose), path("task", book_in_a_task)]


@override_settings(ROOT_URLCONF=__name__)
def test_a_request_is_one_transaction(store: DjangoStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """With ATOMIC_REQUESTS a view keeps its row and the booking, or, when it raises, neither."""
    monkeypatch.setitem(connections.settings["default"], "ATOMIC_REQUESTS", True)
    browser = Client(raise_request_exception=False)

    assert 500 == browser.post("/lose").status_code
    assert (5, 0) == (left(store), Group.objects.count())
    assert b"True" == browser.post("/book").content
    assert (4, 1) == (left(store), Group.objects.count())


@override_settings(ROOT_URLCONF=__name__)
def test_an_async_view_books(store: DjangoStore) -> None:
    """The store for tasks works where Django runs async views."""

    async def post() -> bytes:
        answer = await AsyncClient().post("/task")
        await sync_to_async(connections.close_all)()
        return bytes(answer.content)

    assert b"True" == asyncio.run(post())
    assert 4 == left(store)


def test_a_task_has_a_transaction_of_its_own_by_one_call(store: DjangoStore) -> None:
    """A desk and the store for threads inside one `sync_to_async` keep all or nothing."""

    @transaction.atomic
    def book_and_think_again() -> None:
        Group.objects.create(name="row")
        assert redeem(desk_on(store), booking(id="v1")).eligible
        transaction.set_rollback(True)

    async def run() -> None:
        await sync_to_async(book_and_think_again)()
        await sync_to_async(connections.close_all)()

    asyncio.run(run())
    assert (5, 0) == (left(store), Group.objects.count())


def test_the_store_for_tasks_has_every_method() -> None:
    """It takes on, revises, tells balances and history as the store for threads does."""
    store_of()

    async def live() -> tuple[Balance, int]:
        store = AsyncDjangoStore()
        await store.add(FIVE)
        await store.revise(replace(FIVE, name="Facials"))
        desk = AsyncRedemptionDesk(POLICY, store)
        await desk.redeem(account=ACCOUNT, client=ANA, booking=booking(id="v1"), now=NOW)
        found = await store.balance("p1", "facial"), len(await store.movements())
        await sync_to_async(connections.close_all)()
        return found

    assert (Balance(available=4, reserved=1, redeemed=0, forfeited=0), 1) == asyncio.run(live())


def test_with_autocommit_off_the_caller_commits(store: DjangoStore) -> None:
    """What was booked is gone when the caller rolls back, and kept when the caller commits."""
    transaction.set_autocommit(False)
    try:
        for number, end in ((1, transaction.rollback), (2, transaction.commit)):
            Group.objects.create(name="row")
            assert redeem(desk_on(store), booking(id=f"v{number}")).eligible
            end()
    finally:
        transaction.set_autocommit(True)

    assert (4, 1, None) == (left(store), Group.objects.count(), store.redemption("v1"))


class Nowhere:
    """A router that may not be asked."""

    def db_for_read(self, model: type, **_: object) -> str:
        """Refuse to say."""
        raise AssertionError(f"the router was asked for {model}")

    db_for_write = db_for_read


@override_settings(DATABASE_ROUTERS=["tests.helpers.django_project.Nowhere"])
def test_routers_are_not_asked() -> None:
    """Every statement goes where `using` says, from the sale to the last movement."""
    with override_settings(DATABASE_ROUTERS=[]):
        store_of()
    store = DjangoStore("other")
    store.add(FIVE)
    store.revise(replace(FIVE, shared_with=("beth",)))
    desk = RedemptionDesk(POLICY, store)

    assert redeem(desk, booking(id="v1")).eligible
    assert desk.cancel("v1", by=Actor.CLIENT, now=NOW).returned
    assert 5 == left(store)
    assert ["p1"] == [found.id for found in store.packages_of("beth", not_over_at=NOW)]
    assert 2 == len(store.movements())


def test_a_package_is_revised(store: DjangoStore) -> None:
    """It changes hands and what it gives; what was sold stays as it was, and the version rises."""
    redeem(RedemptionDesk(POLICY, store), booking(id="v1"))
    more = Entitlement(services=["sauna"], remaining=UNLIMITED, id="sauna")
    store.revise(replace(FIVE, client_id="beth", entitlements=(credit("facial", left=9), more)))

    (found,) = store.packages_of("beth", not_over_at=NOW)
    assert (4, UNLIMITED, 2) == (*(each.remaining for each in found.entitlements), found.version)
    assert 1 == len(found.uses)
    assert () == store.packages_of("ana", not_over_at=NOW)
    assert Balance(available=UNLIMITED, reserved=0, redeemed=0, forfeited=0) == store.balance(
        "p1", "sauna"
    )
    assert Balance(available=4, reserved=1, redeemed=0, forfeited=0) == store.balance(
        "p1", "facial"
    )


def test_what_is_not_held_is_told(store: DjangoStore) -> None:
    """No other package is revised, and no other balance told."""
    with pytest.raises(InvalidValueError, match=r"package\.id must be the id of a package"):
        store.revise(package("p2"))
    with pytest.raises(InvalidValueError, match=r"package\.id must be the id of a package"):
        store.balance("p2")
    with pytest.raises(InvalidValueError, match="entitlement_id must be an entitlement of the"):
        store.balance("p1", "main")
    with pytest.raises(InvalidValueError, match="package must be a Package"):
        store.add("p3")  # type: ignore[arg-type]
    with pytest.raises(InvalidValueError, match="package must be a Package"):
        store.revise("p1")  # type: ignore[arg-type]


def test_any_text_is_kept(store: DjangoStore) -> None:
    """Ids and notes come back with every character, and are equal only when all of them are."""
    odd = Package(
        id=f"p {ODD}",
        client_id="ana",
        entitlements=[Entitlement(services=["facial"], remaining=2, id=f"e {ODD}")],
        priority=1,
        shared_with=[f"friend {ODD}"],
    )
    store.add(odd)
    taken = redeem(RedemptionDesk(POLICY, store), booking(id=f"b {ODD}"), note=f"n {ODD}")
    assert taken.redemption == store.redemption(f"b {ODD}")

    (found,) = store.packages_of(f"friend {ODD}", not_over_at=NOW)
    assert (f"p {ODD}", f"e {ODD}") == (found.id, found.entitlements[0].id)
    assert f"b {ODD}" == found.uses[0].booking_id
    assert f"n {ODD}" == store.movements()[0].note
    assert 1 == store.balance(f"p {ODD}", f"e {ODD}").available
    assert () == store.packages_of(f"friend {ODD}".rstrip(), not_over_at=NOW)
    assert [f"n {ODD}"] == [row.note for row in models.Movement.objects.filter(note=f"n {ODD}")]


def test_part_of_a_call_may_be_stored_already(store: DjangoStore) -> None:
    """A call that is repeated after others went through commits what is left of it."""
    store.add(package("p2", credit("facial", left=1), client_id="beth"))
    first, second = (
        POLICY.decide(
            account=ACCOUNT,
            client=replace(ANA, id=owner),
            packages=store.packages_of(owner, not_over_at=NOW),
            booking=booking(id=name),
            now=NOW,
        ).change
        for name, owner in (("v1", "ana"), ("v2", "beth"))
    )
    assert first is not None
    assert second is not None
    store.commit(second)
    store.commit(first, second)
    store.commit(second, first)

    assert (first.after, second.after) == (store.redemption("v1"), store.redemption("v2"))
    assert (4, 0, 2) == (left(store), store.balance("p2", "facial").available, 2)
    assert 2 == len(store.movements())


def test_a_large_call_is_committed(store: DjangoStore) -> None:
    """Two hundred bookings of one call, each of four lines, and a thousand named packages."""
    sold = [package(f"p{n:04}", credit("facial", left=4), client_id=f"c{n}") for n in range(200)]
    for each in sold:
        store.add(each)
    changes = [
        POLICY.decide(
            account=ACCOUNT,
            client=replace(ANA, id=each.client_id),
            packages=[replace(each, version=0)],
            booking=booking("facial", "facial", "facial", "facial", id=f"v{each.id}"),
            now=NOW,
        ).change
        for each in sold
    ]
    store.commit(*(change for change in changes if change is not None))
    named = [f"p{n:04}" for n in range(1000)]
    found = store.packages_of("nobody", not_over_at=NOW, also=named)

    assert [0] * 200 == [held.remaining for each in found for held in each.entitlements]
    assert 800 == sum(len(each.uses) for each in found)


def test_settings_that_cannot_keep_instants_are_refused() -> None:
    """Without USE_TZ the app says so before anything is stored."""
    app = apps.get_app_config("pkgredeem")
    assert [] == checks.run_checks(app_configs=[app])
    with override_settings(USE_TZ=False):
        assert ["pkgredeem.E001"] == [told.id for told in checks.run_checks(app_configs=[app])]


def test_the_migrations_make_what_the_models_say() -> None:
    """No migration is missing, and Django finds nothing to object to."""
    call_command("makemigrations", "pkgredeem", check=True, dry_run=True, verbosity=0)
    call_command("check", fail_level="WARNING")


def test_every_row_has_a_name(store: DjangoStore) -> None:
    """Whoever prints a row is told what it is."""
    redeem(RedemptionDesk(POLICY, store), booking(id="v1"))
    found = [
        str(model._default_manager.get()) for model in apps.get_app_config("pkgredeem").get_models()
    ]

    assert [
        "p1",
        "p1 of ana",
        "facial of p1",
        "v1",
        "1 of facial: available to reserved",
        "line 0 of v1",
    ] == found


def test_the_module_offers_the_stores_alone() -> None:
    """Nothing else is there to be imported."""
    with pytest.raises(AttributeError, match="has no attribute 'Store'"):
        _: Any = pkgredeem.stores.django.Store

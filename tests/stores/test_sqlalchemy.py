"""What the stores by SQLAlchemy do beside the contract: on both databases, with every driver."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

import pytest

from pkgredeem import (
    UNLIMITED,
    Actor,
    Balance,
    Bucket,
    Client,
    InvalidValueError,
    Package,
    Period,
    Quota,
    RedemptionDesk,
    RedemptionPolicy,
    UnknownEntitlementError,
    rules,
)
from tests.helpers.sqlalchemy_databases import KINDS
from tests.helpers.store_audit import Opener, ReadyMade
from tests.helpers.support import (
    ANA,
    AUCKLAND,
    DAY,
    NOW,
    START,
    account,
    booking,
    case,
    credit,
    package,
)

POLICY = RedemptionPolicy(rules.IN_STORE)
HARD = "a\0b\\0000\\ \ud800'\"%s:x ✿"  # NUL, escapes, half of a surrogate pair, quotes


class Store(ReadyMade, Protocol):
    """What the tests ask of a store."""

    def revise(self, package: Package) -> None:
        """Take what has become of a package."""
        ...


@pytest.fixture(scope="module", params=KINDS)
def opens(request: pytest.FixtureRequest) -> Iterator[Opener]:
    """Return what opens a store on one database; each test has clients and packages of its own."""
    with KINDS[request.param]() as fresh:
        yield fresh()


@pytest.fixture
def store(opens: Opener) -> Iterator[Store]:
    """Open a store."""
    with opens() as made:
        yield made


def redeem(store: ReadyMade, client: str, booking_id: str, *services: str) -> bool:
    """Book these services, a facial unless told, as that client."""
    return (
        RedemptionDesk(POLICY, store)
        .redeem(
            account=account(time_zone=AUCKLAND),
            client=Client(id=client, logged_in=True),
            booking=booking(*services, id=booking_id),
            now=NOW,
            note=HARD,
        )
        .eligible
    )


def only(store: ReadyMade, package_id: str) -> Package:
    """Return a package as it is now."""
    (found,) = store.packages_of("nobody", not_over_at=NOW, also=[package_id])
    return found


def test_a_package_is_taken_on_once(store: Store) -> None:
    """Of two that take a package on the later one is told so; what was sold first stays."""
    sold = package("once", credit("facial", left=1), client_id="of-once")
    store.add(sold)
    with pytest.raises(InvalidValueError) as refused:
        store.add(replace(sold, entitlements=(credit("facial", left=9),)))

    allowed = "an id that the store does not hold yet"
    assert ("package.id", "once", allowed) == (
        refused.value.field,
        refused.value.value,
        refused.value.allowed,
    )
    assert (replace(sold, version=0),) == store.packages_of("of-once", not_over_at=NOW)


def test_what_becomes_of_a_package(store: Store) -> None:
    """A revision changes what may change, sells what is new, and leaves what was drawn."""
    sold = package("old", credit("facial", left=3), client_id="of-old", shared_with=["of-old-2"])
    store.add(sold)
    assert redeem(store, "of-old", "of-old-1")
    revised = replace(
        sold,
        client_id="of-new",
        shared_with=("of-new-2", "of-new-3"),
        valid_until=NOW + DAY,
        quotas=(Quota(5, Period.EVER),),
        entitlements=(credit("massage", left=UNLIMITED), credit("mask", left=2)),
    )
    store.revise(revised)
    stored = store.redemption("of-old-1")
    assert stored is not None
    expected = replace(
        revised,
        entitlements=(credit("facial", left=2), *revised.entitlements),
        version=2,
        uses=stored.uses_of("old"),
    )

    assert [()] * 2 == [store.packages_of(name, not_over_at=NOW) for name in ("of-old", "of-old-2")]
    for name in ("of-new", "of-new-2", "of-new-3"):
        assert (expected,) == store.packages_of(name, not_over_at=NOW)
        assert () == store.packages_of(name, not_over_at=NOW + DAY)
    assert Balance(available=2, reserved=1, redeemed=0, forfeited=0) == store.balance(
        "old", "facial"
    )
    assert UNLIMITED is store.balance("old", "massage").available
    store.revise(replace(revised, valid_until=None, shared_with=()))
    assert (3, ()) == (only(store, "old").version, only(store, "old").shared_with)


def test_a_package_that_is_not_there_is_told(store: Store) -> None:
    """Neither revised nor balanced; an entitlement that is not there has no balance either."""
    store.add(package("there", client_id="of-there"))
    told = "package.id must be the id of a package that the store holds, not 'nowhere'"
    with pytest.raises(InvalidValueError, match=told):
        store.revise(package("nowhere"))
    with pytest.raises(InvalidValueError, match=told):
        store.balance("nowhere")
    with pytest.raises(InvalidValueError, match="entitlement_id must be an entitlement of the pac"):
        store.balance("there")


@pytest.mark.parametrize("name", ["add", "revise"])
def test_only_packages_are_taken(store: Store, name: str) -> None:
    """What is no package is told before anything is sent."""
    with pytest.raises(InvalidValueError, match="package must be a Package, not 'p1'"):
        getattr(store, name)("p1")


def test_a_draw_on_what_is_not_there_is_told(store: Store) -> None:
    """Whatever version the decision was made on: no second try would find the package (D73)."""
    asked = case(packages=[package("gone", version=7, quotas=[Quota(1, Period.EVER)])])
    change = POLICY.decide_case(replace(asked, account=account(time_zone=AUCKLAND))).change
    assert change is not None
    assert (("gone", 7),) == change.package_versions
    with pytest.raises(UnknownEntitlementError, match="no entitlement 'facial' of package 'gone'"):
        store.commit(change)


def test_any_text_is_an_id_and_a_note(store: Store) -> None:
    """Texts that no database takes come back as they are, and are told apart from their like."""
    like = HARD.replace("\0", "\\0000")
    for name in (HARD, like):
        store.add(
            package(
                name,
                credit("facial", left=5, id=name),
                client_id=name,
                shared_with=[f"{name}*"],
                name=name,
            )
        )
        assert redeem(store, name, name)

    for name in (HARD, like):
        for client in (name, f"{name}*"):
            (found,) = store.packages_of(client, not_over_at=NOW)
            assert (name, name, name) == (found.id, found.client_id, found.entitlements[0].id)
            assert [name] == [use.booking_id for use in found.uses]
        stored = store.redemption(name)
        assert stored is not None
        assert name == stored.booking.id
        (movement,) = (moved for moved in store.movements() if moved.booking_id == name)
        assert (name, name, HARD) == (
            movement.package_id,
            movement.entitlement_id,
            movement.note,
        )


def test_the_history_is_in_the_order_of_commits(store: Store) -> None:
    """Also of two changes of one call: as they were given, not by the ids of the bookings."""
    store.add(package("told", credit("facial", left=5), client_id="of-told"))
    assert redeem(store, "of-told", "told-2")
    RedemptionDesk(POLICY, store).exchange(
        "told-2",
        account=account(time_zone=AUCKLAND),
        client=Client(id="of-told"),
        booking=booking(id="told-1"),
        by=Actor.BUSINESS,
        now=NOW,
    )
    RedemptionDesk(POLICY, store).no_show("told-1", now=START)

    told = [moved for moved in store.movements() if moved.package_id == "told"]
    assert [
        ("told-2", Bucket.AVAILABLE, Bucket.RESERVED),
        ("told-2", Bucket.RESERVED, Bucket.AVAILABLE),
        ("told-1", Bucket.AVAILABLE, Bucket.RESERVED),
        ("told-1", Bucket.RESERVED, Bucket.AVAILABLE),
    ] == [(moved.booking_id, moved.source, moved.target) for moved in told]


def test_instants_are_exact(store: Store) -> None:
    """To the microsecond, in whatever zone they are asked, and to the end of the calendar."""
    tick = timedelta(microseconds=1)
    last = datetime(9999, 12, 30, tzinfo=UTC)
    store.add(package("ends", client_id="of-ends", valid_until=START + tick))
    store.add(package("never", client_id="of-ends", valid_until=last))
    expected = [(START, ["ends", "never"]), (START + tick, ["never"]), (last, [])]
    for moment, ids in expected:
        for asked in (moment, moment.astimezone(AUCKLAND)):
            found = store.packages_of("of-ends", not_over_at=asked)
            assert ids == sorted(each.id for each in found)
    assert last == only(store, "never").valid_until

    far = booking(id="far", starts_at=last - tick)
    asked_for = {"account": account(), "client": Client(id="of-ends"), "booking": far, "now": NOW}
    assert RedemptionDesk(POLICY, store).redeem(**asked_for).eligible  # type: ignore[arg-type]
    assert [last - tick] == [use.starts_at for use in only(store, "never").uses]


@pytest.mark.parametrize("kind", ["asyncpg, tasks", "pysqlite"])
def test_as_much_as_there_may_be(kind: str) -> None:
    """A thousand packages of a client, a thousand named, a call of 300 changes, 100 lines."""
    sold = [package(f"p{number}", credit("facial", left=9)) for number in range(1000)]
    names = [each.id for each in sold]
    asked = {"account": account(), "client": ANA, "now": NOW}
    changes = [
        POLICY.decide(packages=[sold[n % 100]], booking=booking(id=f"b{n}"), **asked).change  # type: ignore[arg-type]
        for n in range(300)
    ]
    with KINDS[kind]() as fresh, fresh()() as store:
        for each in sold:
            store.add(each)
        found = {each.id: each for each in store.packages_of("ana", not_over_at=NOW)}
        named = store.packages_of("nobody", not_over_at=NOW, also=names)
        assert sorted(names) == sorted(found)
        assert found == {each.id: each for each in named}

        store.commit(*(change for change in changes if change is not None))
        for n in range(300):
            assert changes[n] is not None
            assert changes[n].after == store.redemption(f"b{n}")  # type: ignore[union-attr]
        wanted = booking(*["facial"] * 100, id="lines")
        decision = RedemptionDesk(POLICY, store).redeem(booking=wanted, **asked)  # type: ignore[arg-type]

        assert decision.redemption == store.redemption("lines")
        left = [
            each.entitlements[0].remaining for each in store.packages_of("ana", not_over_at=NOW)
        ]
        assert 9000 - 300 - 100 == sum(left)  # type: ignore[arg-type]  # none is unlimited
        assert 400 == sum(moved.credits for moved in store.movements())

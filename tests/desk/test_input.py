"""What a desk is made of and asked: wrong types are refused before the store is asked."""

import asyncio
from dataclasses import FrozenInstanceError
from datetime import datetime
from typing import Any

import pytest

from pkgredeem import Actor, AsyncRedemptionDesk, InvalidValueError, RedemptionDesk, rules
from pkgredeem.stores.memory import AsyncMemoryStore, MemoryStore
from tests.helpers.desk_support import ACCOUNT, ONLINE, Interrupted, MakeDesk, facials
from tests.helpers.support import ANA, NOW, booking


@pytest.mark.parametrize(
    "wrong",
    [
        {"account": None},
        {"client": "ana"},
        {"booking": "b1"},
        {"now": datetime(2026, 5, 1, 8)},  # noqa: DTZ001 - a naive time is what is tried
        {"by": "client"},
        {"note": None},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_wrong_type_is_refused_before_the_store_is_asked(
    make: MakeDesk, wrong: dict[str, object]
) -> None:
    """A question that can't be asked reads nothing."""
    store = Interrupted(facials())
    given: dict[str, Any] = {"account": ACCOUNT, "client": ANA, "booking": booking(), "now": NOW}
    with pytest.raises(InvalidValueError):
        make(ONLINE, store).redeem(**(given | wrong))

    assert [] == store.calls


def test_lines_are_numbers(make: MakeDesk) -> None:
    """Lines are refused before the store is asked when they are no list of numbers."""
    store = Interrupted(facials())
    desk = make(ONLINE, store)
    with pytest.raises(InvalidValueError, match=r"lines must be .*, not '0'"):
        desk.cancel("b1", by=Actor.CLIENT, now=NOW, lines="0")  # type: ignore[arg-type]
    with pytest.raises(InvalidValueError, match="lines must be"):
        desk.complete("b1", now=NOW, lines=[])

    assert [] == store.calls


@pytest.mark.parametrize("wrong", [0, -1, True, "5", 2.0])
def test_a_desk_tries_at_least_once(make: MakeDesk, wrong: object) -> None:
    """The number of attempts is a whole number from 1 on."""
    with pytest.raises(
        InvalidValueError, match=r"attempts must be a whole number of 1 or more, not .*"
    ):
        make(ONLINE, Interrupted(), wrong)


def test_a_desk_asks_a_policy(make: MakeDesk) -> None:
    """A rulebook is not a policy yet."""
    with pytest.raises(InvalidValueError, match=r"policy must be a RedemptionPolicy, not Rulebook"):
        make(rules.IN_STORE, Interrupted())


class HasTwoMethods:
    """A store that can't commit."""

    def packages_of(self) -> None:
        """Do nothing."""

    def redemption(self) -> None:
        """Do nothing."""


class AwaitsItsCommit(HasTwoMethods):
    """A store of which one method alone is awaited."""

    async def commit(self) -> None:
        """Do nothing."""


class CountsCommits(HasTwoMethods):
    """A store whose third name is no method."""

    commit = 7


class ReturnsAwaitables:
    """A store for tasks whose methods don't show it: each is wrapped, as by a retry library."""

    def __init__(self) -> None:
        """Wrap a store."""
        self.inner = AsyncMemoryStore()

    def packages_of(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as a wrapper has it
        """Return what is to be awaited."""
        return self.inner.packages_of(*args, **kwargs)

    def redemption(self, booking_id: str) -> Any:  # noqa: ANN401 - as a wrapper has it
        """Return what is to be awaited."""
        return self.inner.redemption(booking_id)

    def commit(self, *changes: Any) -> Any:  # noqa: ANN401 - as a wrapper has it
        """Return what is to be awaited."""
        return self.inner.commit(*changes)


OF_NO_KIND = [None, MemoryStore, AsyncMemoryStore, HasTwoMethods(), CountsCommits()]
FOR_THREADS = "an object with the methods packages_of, redemption and commit, each a plain def"
FOR_TASKS = "an object with the methods packages_of, redemption and commit, each awaited"
ASKED: dict[str, Any] = {"account": ACCOUNT, "client": ANA, "booking": booking(), "now": NOW}


@pytest.mark.parametrize("store", [*OF_NO_KIND, AwaitsItsCommit(), AsyncMemoryStore()])
def test_a_store_of_the_wrong_kind_is_refused_when_the_desk_is_made(store: Any) -> None:  # noqa: ANN401 - that is the point
    """No store, a class, one for tasks and one that lacks a method are each refused in words."""
    with pytest.raises(InvalidValueError) as raised:
        RedemptionDesk(ONLINE, store)

    allowed = FOR_THREADS + (" (not a class)" if isinstance(store, type) else "")
    assert ("store", store, allowed) == raised.value.args


@pytest.mark.parametrize("store", OF_NO_KIND)
def test_a_store_of_no_kind_is_refused_by_the_desk_for_tasks(store: Any) -> None:  # noqa: ANN401 - that is the point
    """No store, a class and one that lacks a method are each refused in words."""
    with pytest.raises(InvalidValueError) as raised:
        AsyncRedemptionDesk(ONLINE, store)

    allowed = FOR_TASKS + (" (not a class)" if isinstance(store, type) else "")
    assert ("store", store, allowed) == raised.value.args


def test_a_store_whose_first_read_is_to_be_awaited_is_refused_by_the_desk_for_threads() -> None:
    """It is known by what it returns, and nothing was written by then."""
    store: Any = ReturnsAwaitables()
    desk = RedemptionDesk(ONLINE, store)

    with pytest.raises(InvalidValueError) as raised:
        desk.redeem(**ASKED)

    assert ("store", store, FOR_THREADS) == raised.value.args


def test_a_store_whose_first_read_can_not_be_awaited_is_refused_by_the_desk_for_tasks() -> None:
    """A store for threads is refused in words by its first read: nothing was written by then."""
    store: Any = MemoryStore()
    desk = AsyncRedemptionDesk(ONLINE, store)

    with pytest.raises(InvalidValueError) as raised:
        asyncio.run(desk.redeem(**ASKED))

    assert ("store", store, FOR_TASKS) == raised.value.args


def test_a_store_for_tasks_may_be_wrapped() -> None:
    """What a plain method returns is awaited by the desk for tasks."""
    store: Any = ReturnsAwaitables()
    store.inner.add(facials())

    decision = asyncio.run(AsyncRedemptionDesk(ONLINE, store).redeem(**ASKED))

    assert decision.redemption is not None
    assert decision.redemption == asyncio.run(store.redemption(decision.booking.id))


@pytest.mark.parametrize("wrong", [7, None, ""])
def test_the_id_of_a_booking_is_a_text(make: MakeDesk, wrong: Any) -> None:  # noqa: ANN401 - that is the point
    """A booking that is exchanged, or asked about in an exchange, is named by its id."""
    store = Interrupted(facials())
    desk = make(ONLINE, store)
    asked: dict[str, Any] = {"account": ACCOUNT, "client": ANA, "booking": booking(), "now": NOW}
    with pytest.raises(InvalidValueError, match=r"^booking_id must be a text that is not empty"):
        desk.exchange(wrong, by=Actor.CLIENT, **asked)
    if wrong is not None:
        with pytest.raises(
            InvalidValueError, match=r"^booking_id must be a text that is not empty"
        ):
            desk.quote(replaces=wrong, **asked)

    assert [] == store.calls


def test_a_desk_stays_as_it_was_made() -> None:
    """A desk is shared by threads: nobody turns its policy or store."""
    store = Interrupted()
    desk = RedemptionDesk(policy=ONLINE, store=store, attempts=3)

    assert (ONLINE, store, 3) == (desk.policy, desk.store, desk.attempts)
    with pytest.raises(FrozenInstanceError):
        desk.attempts = 9  # type: ignore[misc]

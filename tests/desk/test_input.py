"""What a desk is made of and asked: wrong types are refused before the store is asked."""

from dataclasses import FrozenInstanceError
from datetime import datetime
from typing import Any

import pytest

from pkgredeem import Actor, InvalidValueError, RedemptionDesk, rules
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


def test_a_desk_stays_as_it_was_made() -> None:
    """A desk is shared by threads: nobody turns its policy or store."""
    store = Interrupted()
    desk = RedemptionDesk(policy=ONLINE, store=store, attempts=3)

    assert (ONLINE, store, 3) == (desk.policy, desk.store, desk.attempts)
    with pytest.raises(FrozenInstanceError):
        desk.attempts = 9  # type: ignore[misc]

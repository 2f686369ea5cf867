"""What the invariants of the store contract try: each fact by its name, and each race at once."""

from collections.abc import Callable, Mapping
from functools import partial
from threading import Barrier
from typing import Any

import pytest

from pkgredeem import Package
from pkgredeem.stores import RedemptionStore
from pkgredeem.testing import StoreContract
from pkgredeem.testing.contract import _expectations as kit
from pkgredeem.testing.contract._facts_of_packages import _facts_of_plans, _plain_facts
from tests.helpers.contract_support import broken
from tests.helpers.plain_store import PlainStore

_TERMS = ("forfeit", "return", "no-show", "tiers", "changes close")
_ASKED = ("traits", "hours", "not on", "the least notice", "the most notice", "none at all")
_COUNTED = ("booking", "day", "week", "month", "year", "ever", "upcoming", "14 days", "named")


class Listening(StoreContract):
    """The contract of a right store, which writes down what is tried."""

    def setup_method(self) -> None:
        """Begin with nothing."""
        super().setup_method()
        self.tried: list[str] = []

    def store_with(self, *packages: Package) -> RedemptionStore:
        """Hold them in memory."""
        return PlainStore(packages)

    def each(self, facts: Mapping[str, Any], act: Callable[[Any], None]) -> None:
        """Write the facts down."""
        self.tried += facts
        super().each(facts, act)


def tried_by(invariant: str) -> list[str]:
    """Return the names of what an invariant tries."""
    contract = Listening()
    assert broken(contract, f"test_{invariant}") is None
    return contract.tried


@pytest.mark.parametrize(
    ("invariant", "facts"),
    [
        (
            "several_changes_are_all_or_nothing",
            [
                "a booking, and one that was made meanwhile",
                "a booking, and a credit that is lacking",
                "a return, and a credit that is lacking",
                "a credit that is there, and one that is lacking",
            ],
        ),
        (
            "no_entitlement_falls_below_zero",
            [
                "a credit of none",
                "two credits, in two bookings, of the one left",
                "two credits, on two lines, of the one left",
                "30 units of the 25 left",
            ],
        ),
        (
            "a_movement_of_what_is_not_held_is_refused",
            [
                "a draw on an unknown package",
                "a return to an unknown package",
                "a draw on an unknown entitlement",
                "a return to an unknown entitlement",
            ],
        ),
        (
            "a_return_goes_back_where_it_came_from",
            ["two packages", "the other of two packages", "two entitlements"],
        ),
        (
            "a_return_is_never_refused",
            ["used up", "over", "archived", "suspended", "another's"],
        ),
        (
            "every_fact_of_a_redemption_is_kept",
            [
                "a name of a service",
                "a deposit",
                "no deposit",
                "costs",
                "an add-on",
                "traits of a line",
                "a line that costs nothing",
                "lines in an odd order",
                "traits of a booking",
                "a start to the microsecond",
                "another start than it was booked for",
                *(f"terms: {name}" for name in _TERMS),
                "the zone UTC",
                "the zone Europe/London",
                "the zone Mars/Phobos",
                "the zone None",
                "the deposit not_required",
                "the deposit collect",
                "the deposit waived",
                "the card page not_required",
                "the card page capture",
                "the card page bypassed",
                "no terms",
                "another free-until",
                "another client",
                "another rulebook",
                "another moment of booking",
                "what it replaces",
                "a move",
                "two moves, one late",
                "credits",
                "a name of the package",
                *(f"terms of the package: {name}" for name in _TERMS),
                "an instant",
                "a note",
                "a note between blanks",
                "no note",
                "the start that it had",
                "the client, in time",
                "the client, late",
                "the window",
                "the business",
            ],
        ),
    ],
)
def test_an_invariant_tries_each_of_its_facts(invariant: str, facts: list[str]) -> None:
    """Whatever can be wrong by itself is tried by itself, under its name."""
    assert facts == tried_by(invariant)


def test_each_fact_of_a_package_is_tried_by_itself() -> None:
    """Each package is named for the fact that it has besides."""
    assert [
        "nothing besides",
        "a name",
        "the kind legacy",
        "the status archived",
        "a sale",
        "a beginning at midnight",
        "an end at midnight",
        "a beginning",
        "an end",
        "a high priority",
        "a low priority",
        "somebody who shares it",
        "two who share it",
        "many credits",
        "two services",
        "two entitlements",
        "two entitlements to one service",
        "an entitlement that is used up",
    ] == [package.id for package in _plain_facts()]
    assert {
        "the status suspended",
        "the status void",
        "an end of booking",
        "a pause",
        "two pauses",
        "days that it lasts",
        "months that it lasts",
        "traits",
        *(f"terms: {name}" for name in _TERMS),
        *(f"restrictions: {name}" for name in _ASKED),
        *(f"its own restrictions: {name}" for name in _ASKED),
        *(f"a quota: {name}" for name in _COUNTED),
        *(f"its own quota: {name}" for name in _COUNTED),
        "a unit",
        "its own beginning",
        "its own end",
        "unlimited credits",
        "a credit beside unlimited ones",
    } == {package.id for package in _facts_of_plans()}


#: How one line can come to an end, step by step (D13, D18, D37).
WAYS = [
    "reserved",
    "cancelled in time",
    "cancelled late",
    "cancelled late, forgiven",
    "cancelled by the business",
    "no-show, returned",
    "no-show, forfeited",
    "no-show, forfeited, completed",
    "no-show, forfeited, completed, forgiven",
    "no-show, forfeited, forgiven",
    "completed",
    "completed, forgiven",
]


def test_each_way_in_which_a_line_can_end_is_tried() -> None:
    """Alone, beside each other way on two lines, and beside a line of another package."""
    alone = [f"a facial {way}" for way in WAYS]
    beside = [f"a facial {way} and a massage reserved" for way in WAYS]
    some = [way for way in WAYS if not way.endswith(", forgiven")] + ["cancelled late, forgiven"]
    pairs = {f"a facial {one} and a facial {other}" for one in some for other in some}
    tried = tried_by("every_act_is_read_back")
    in_pairs = [name for name in tried if name not in {*alone, *beside}]

    assert alone == tried[:12]
    assert beside == tried[-12:]
    assert 45 == len(in_pairs) == len(set(in_pairs))  # of nine, two at a time, and each with itself
    assert set(in_pairs) <= pairs
    assert sorted(WAYS) == sorted(set(tried_by("what_is_stored_is_a_success")))
    assert WAYS == tried_by("unlimited_credits_stay_unlimited")


def test_every_act_is_tried_on_every_older_version() -> None:
    """On both lines and on the first, after each other act, in each state that a line can have."""
    ends = [
        "cancelled in time",
        "cancelled late",
        "cancelled by the business",
        "no-show, returned",
        "no-show, forfeited",
        "completed",
    ]
    moves = ["moved by the client", "moved by the business", "exchanged"]
    first = {*ends, *moves}
    late = {*first, "booked again", *(f"{name} in part" for name in ends)}
    states = {
        "reserved": (late, first),
        "cancelled late": ({"forgiven", "forgiven in part"}, {"forgiven"}),
        "completed": ({"forgiven", "forgiven in part"}, {"forgiven"}),
        "no-show, forfeited, completed": ({"forgiven", "forgiven in part"}, {"forgiven"}),
        "no-show, forfeited": (
            {"completed", "completed in part", "forgiven", "forgiven in part"},
            {"completed", "forgiven"},
        ),
    }

    assert {
        f"{one}, when it was {other} meanwhile ({state})"
        for state, (those, others) in states.items()
        for one in those
        for other in others
    } == set(tried_by("every_act_on_an_older_version_is_refused"))


def test_a_race_begins_for_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each thread waits until all of them are there, so that one is never done before the next."""
    waits: list[int] = []

    class Gate(Barrier):
        """A gate that counts who comes."""

        def wait(self, timeout: float | None = None) -> int:
            """Count."""
            waits.append(self.parties)
            return super().wait(timeout)

    monkeypatch.setattr(kit, "Barrier", Gate)

    assert [0, 1, 2] == kit.at_once([partial(int, number) for number in range(3)], lambda: None)
    assert [3, 3, 3] == waits
    assert 8 == kit.THREADS

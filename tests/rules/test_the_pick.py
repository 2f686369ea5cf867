"""The pick: which packages may pay, as the client or staff chose them (D68)."""

import pytest

from pkgredeem import Package, RedemptionPolicy, Rulebook, Service, rules
from tests.helpers.support import (
    ANA,
    BETH,
    NO_LIMITS,
    NOW,
    SHIPPED,
    START,
    account,
    case,
    codes,
    credit,
    decide,
    draws,
    notes,
    package,
)

ONE, TWO = package("p1", priority=1), package("p2")


def picked(*only: str, packages: tuple[Package, ...] = (ONE, TWO)) -> tuple[list[str], list[str]]:
    """Return the packages that pay for a facial without limits, and the notes."""
    decision = decide(case(packages=packages, only=only or None), NO_LIMITS)
    return [package_id for _, package_id, _ in draws(decision)], notes(decision)


def test_the_picked_package_pays() -> None:
    """Another is not chosen, which is a note beside it; without a pick the rank decides (D25)."""
    assert (["p1"], []) == picked()
    assert (["p1"], ["package_not_chosen"]) == picked("p1")
    assert (["p2"], ["package_not_chosen"]) == picked("p2")
    assert (["p1"], []) == picked("p1", "p2")


@pytest.mark.parametrize("book", SHIPPED, ids=lambda book: book.name)
def test_what_is_not_picked_never_pays(book: Rulebook) -> None:
    """In every rulebook, also where nothing else could (D68)."""
    refused = decide(case(packages=[TWO], only=["p1"]), book)

    assert ["package_not_chosen"] == codes(refused)
    assert "p2" == refused.reasons[0].subject


def test_a_picked_id_that_is_not_there_refuses_nothing_by_itself() -> None:
    """Without any package there is none; beside one that is picked all is well (D68)."""
    assert ["no_package"] == codes(decide(case(packages=[], only=["p9"])))
    assert [] == codes(decide(case(packages=[TWO], only=["p2", "p9"])))


def test_a_pick_is_no_way_round_the_limit_of_one_package() -> None:
    """What counts as active does not change: two are still two (T10, D68)."""
    assert ["several_active_packages"] == codes(decide(case(packages=[ONE, TWO], only=["p1"])))


def test_a_picked_package_that_is_used_up_is_told_so() -> None:
    """Not "no package": the one that was chosen has nothing left (D68)."""
    empty = package("p1", credit("facial", left=0))
    refused = decide(case(packages=[empty, TWO], only=["p1"]), NO_LIMITS)

    assert ["package_used_up", "package_not_chosen"] == codes(refused)


def test_a_package_that_was_not_picked_tells_its_other_faults_too() -> None:
    """All reasons are given, the pick as the last of them (D22)."""
    over = package("p1", valid_until=NOW)

    assert ["package_over", "package_not_chosen"] == codes(
        decide(case(packages=[over], only=["p9"]))
    )


def test_a_pick_of_another_clients_package_pays_for_nobody() -> None:
    """It is another's, picked or not, and nothing is said of the pick (D04, D40)."""
    for only in (["p1"], ["p9"]):
        refused = decide(case(client=BETH, packages=[package("p1")], only=only))
        assert ["package_of_another_client", "no_package"] == codes(refused)


def test_nothing_of_the_pick_is_told_to_the_client() -> None:
    """He chose it himself (D24)."""
    assert rules.package_not_chosen.client_text is None


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        (None, {"facial": True, "massage": True}),
        (["p1"], {"facial": True, "massage": False}),
        (["p2"], {"facial": False, "massage": True}),
        (["p9"], {"facial": False, "massage": False}),
    ],
)
def test_the_menu_of_a_pick(only: list[str] | None, expected: dict[str, bool]) -> None:
    """What the picked package pays for shows the prompt (T08, D68)."""
    menu = RedemptionPolicy(NO_LIMITS).menu(
        account=account(),
        client=ANA,
        packages=[package("p1"), package("p2", credit("massage"))],
        services=[Service(id="facial"), Service(id="massage")],
        starts_at=START,
        now=NOW,
        only=only,
    )

    assert expected == dict(menu)


def test_two_lines_may_be_paid_by_two_picked_packages() -> None:
    """Of three, the two that were chosen, whatever their rank (D68, D20)."""
    sold = [package("p1", priority=2), package("p2"), package("p3")]
    decision = decide(case("facial", "facial", packages=sold, only=["p2", "p3"]), NO_LIMITS)

    assert [(0, "p2", "facial"), (1, "p3", "facial")] == draws(decision)


def test_whoever_asks_for_a_decision_may_pick() -> None:
    """The policy takes the pick as the case does."""
    asked = case(packages=[ONE, TWO])
    decision = RedemptionPolicy(NO_LIMITS).decide(
        account=asked.account,
        client=asked.client,
        packages=asked.packages,
        booking=asked.booking,
        now=asked.now,
        only=["p2"],
    )

    assert [(0, "p2", "facial")] == draws(decision)

"""The laws of what must not matter, each part by itself."""

from dataclasses import replace

import pytest

from pkgredeem import Case, Client, Cover, RedemptionPolicy, Rule, Scope, rule, rules
from pkgredeem.testing.laws import _renaming as renaming
from tests.helpers import faulty_rules as faulty
from tests.helpers import remembering_rules as remembering
from tests.helpers.house_rules import HOUSE
from tests.helpers.support import DAY, LONDON, START, case, credit, package

MARCH = rules.TIMELY_2026_03
TWO = case(
    "facial",
    "massage",
    packages=[
        package("p1", credit("facial", "massage", left=2)),
        package("p2", credit("facial", left=0)),
    ],
    only=["p1", "p2"],
)


def including(*added: Rule) -> RedemptionPolicy:
    """Return the policy of March with these rules."""
    return RedemptionPolicy(MARCH.including(*added))


@pytest.mark.parametrize(
    "fault", [faulty.names_another_service_first, faulty.looks_at_the_first_pick]
)
def test_a_set_of_the_case_is_walked_through_backwards(
    monkeypatch: pytest.MonkeyPatch, fault: Rule
) -> None:
    """Without any renaming, the services of an entitlement and the pick come in another order."""
    monkeypatch.setattr(renaming, "_PREFIXES", ("k-",))

    assert str(renaming.order_of_sets.check(including(fault), TWO)).startswith(
        "with sets in another order: "
    )
    assert None is renaming.order_of_sets.check(RedemptionPolicy(MARCH), TWO)


def test_a_set_that_a_rule_makes_comes_in_another_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of so many names, some come in another order."""
    monkeypatch.setattr(renaming, "_PREFIXES", tuple(f"k{number:02}-" for number in range(50)))

    assert str(renaming.order_of_sets.check(including(faulty.makes_a_set), TWO)).startswith(
        "with sets in another order: "
    )


def test_what_is_turned_is_all_the_same() -> None:
    """The turned case equals the case, and its sets hold what they held, from the end."""
    turned = renaming._with_sets_backwards(TWO)
    sold = TWO.packages[0].entitlements[0].services
    assert turned.only is not None
    assert TWO.only is not None

    assert TWO == turned
    assert [*TWO.only][::-1] == [*turned.only]
    assert [*sold][::-1] == [*turned.packages[0].entitlements[0].services]


@rule(Scope.CLIENT, clauses=[HOUSE], message="unknown", advice="none")
def knows_its_clients(client: Client) -> bool:
    """The client owes something, by a list that knows all clients."""
    return {"ana": False, "beth": False, None: False}[client.id]


@rule(Scope.BOOKING, clauses=[HOUSE], message="not a facial", advice="none")
def only_facials(asked: Case, _cover: Cover) -> bool:
    """Something else than a facial is booked."""
    return asked.booking.lines[0].service.id != "facial"


@pytest.mark.parametrize("own", [knows_its_clients, only_facials], ids=lambda own: own.code)
def test_a_rule_may_know_ids_by_heart(own: Rule) -> None:
    """A rule that looks an id up, or compares it, is no fault: not even if it knows no other."""
    policy = including(own)

    assert None is renaming.order_of_sets.check(policy, TWO)
    assert None is renaming.asked_before.check(policy, TWO)
    assert not renaming.same_by_other_ids.concerns(policy)


@pytest.mark.parametrize(
    "fault",
    [
        remembering.remembers_the_booking,
        remembering.remembers_the_package,
        remembering.remembers_the_client,
        remembering.remembers_whose_card,
        remembering.remembers_how_it_was_picked,
        remembering.remembers_the_kind,
        remembering.remembers_how_many,
    ],
    ids=lambda fault: fault.code,
)
def test_each_thing_remembered_is_told_by_another_question(fault: Rule) -> None:
    """What is kept for a booking, a client or a package was another before."""
    saturday = replace(TWO.booking, starts_at=START + 4 * DAY)
    in_london = replace(TWO.account, time_zone=LONDON)
    with_card = replace(TWO.client, has_saved_card=True)
    told = [
        renaming.asked_before.check(RedemptionPolicy(rules.IN_STORE.including(fault)), asked)
        for asked in (
            TWO,
            replace(TWO, client=with_card),
            replace(TWO, booking=saturday, account=in_london),
        )
    ]

    assert any(
        str(found).startswith("after another question about the same ids: ") for found in told
    )

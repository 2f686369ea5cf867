"""Where and by whom: traits that a package asks for, told by line, booking or client (D45, D40)."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

import pytest

from pkgredeem import Audience, Client, Decision, Hours, Restrictions, rules
from tests.helpers.support import (
    BETH,
    DAY,
    HOUR,
    LONDON,
    NO_LIMITS,
    SHIPPED,
    account,
    booking,
    case,
    codes,
    credit,
    decide,
    draws,
    line,
    notes,
    package,
    restricted,
)

Told = Mapping[str, str]
NORTH = Restrictions(traits={"place": ["north"]})
NORTH_OR_SOUTH = Restrictions(traits={"place": ["north", "south"]})
MONDAYS, TUESDAYS = (Hours(days=[day], opens=time(9)) for day in (1, 2))


def told(*, line_tells: Told, booking_tells: Told, client_tells: Told) -> Decision:
    """Return the decision about a facial in the north, with what each tells of itself."""
    asked = case(
        client=Client(id="ana", logged_in=True, traits=client_tells),
        booking=booking(line(traits=line_tells), traits=booking_tells),
        packages=[package(restrictions=NORTH)],
    )
    return decide(asked)


def facts(decision: Decision) -> dict[str, object]:
    """Return the facts of the only reason."""
    (reason,) = decision.reasons
    return dict(reason.facts)


@pytest.mark.parametrize(
    ("line_tells", "booking_tells", "client_tells", "eligible"),
    [
        ("north", None, None, True),
        (None, "north", None, True),
        (None, None, "north", True),
        ("north", "south", "south", True),
        ("south", "north", "north", False),
        (None, "north", "south", True),
        (None, "south", "north", False),
        (None, None, None, False),
    ],
)
def test_the_line_wins_over_the_booking_and_that_over_the_client(
    line_tells: str | None, booking_tells: str | None, client_tells: str | None, eligible: bool
) -> None:
    """What is nearest to the service counts; what nobody tells is not allowed (D45)."""

    def of(place: str | None) -> Told:
        return {} if place is None else {"place": place}

    decision = told(
        line_tells=of(line_tells), booking_tells=of(booking_tells), client_tells=of(client_tells)
    )

    assert ([] if eligible else ["trait_not_allowed"]) == codes(decision)


@pytest.mark.parametrize("place", ["North", "north ", "nor", "nörth", "northern"])
def test_texts_are_compared_character_for_character(place: str) -> None:
    """No case is folded and no space is cut off: what is compared is what was written (D45)."""
    decision = told(line_tells={"place": place}, booking_tells={}, client_tells={})

    assert {"trait": "place", "allowed": "north", "found": place} == facts(decision)


def test_the_name_of_a_trait_is_compared_so_too() -> None:
    """Another name tells nothing of the place."""
    decision = told(line_tells={"Place": "north"}, booking_tells={}, client_tells={})

    assert {"trait": "place", "allowed": "north", "found": "nothing"} == facts(decision)


@pytest.mark.parametrize("place", ["north", "south"])
def test_one_of_the_allowed_texts_is_enough(place: str) -> None:
    """Each of two places is allowed."""
    asked = case(
        booking=booking(traits={"place": place}), packages=[package(restrictions=NORTH_OR_SOUTH)]
    )

    assert decide(asked).eligible


def test_staff_read_what_is_allowed_and_what_was_told() -> None:
    """All allowed texts in their order; clients only that this choice is not covered (D24)."""
    refused = decide(
        case(
            booking=booking(traits={"place": "west"}),
            packages=[package(restrictions=NORTH_OR_SOUTH)],
        )
    )

    assert (
        "service facial: the place must be one of north, south, and the booking says west"
        == refused.reasons[0].text()
    )
    assert "your package can't be used for this choice" == refused.explain(Audience.CLIENT)


@pytest.mark.parametrize(
    ("of_package", "of_credit", "place", "staff", "refused"),
    [
        (NORTH, None, "north", "kim", False),
        (None, NORTH, "north", "kim", False),
        (NORTH, Restrictions(traits={"staff": ["kim"]}), "north", "kim", False),
        (NORTH, Restrictions(traits={"staff": ["kim"]}), "north", "lee", True),
        (NORTH, Restrictions(traits={"staff": ["kim"]}), "south", "kim", True),
        (NORTH, NORTH_OR_SOUTH, "south", "kim", True),
        (NORTH_OR_SOUTH, NORTH, "south", "kim", True),
        (NORTH, Restrictions(traits={"place": ["south"]}), "north", "kim", True),
    ],
)
def test_both_restrictions_must_be_met(
    of_package: Restrictions | None,
    of_credit: Restrictions | None,
    place: str,
    staff: str,
    refused: bool,
) -> None:
    """Where both ask for the same trait, what is told must be allowed by each (D45)."""
    asked = case(
        booking=booking(traits={"place": place, "staff": staff}),
        packages=[package("p1", restricted(restrictions=of_credit), restrictions=of_package)],
    )

    assert (["trait_not_allowed"] if refused else []) == codes(decide(asked))


def test_the_packages_restriction_is_told_before_the_credits() -> None:
    """Of two that are not met the package's own is told; of one's traits the first by name."""
    own = Restrictions(traits={"place": ["south"], "room": ["1"]})
    asked = case(packages=[package("p1", restricted(restrictions=NORTH), restrictions=own)])

    assert {"trait": "place", "allowed": "south", "found": "nothing"} == facts(decide(asked))


def test_each_line_is_judged_by_what_it_tells() -> None:
    """Members and guests draw on credits of their own: line by line (D45, D07)."""
    members = restricted(id="members", restrictions=Restrictions(traits={"who": ["member"]}))
    guests = restricted(id="guests", restrictions=Restrictions(traits={"who": ["guest"]}))
    guest, member = (line(traits={"who": who}) for who in ("guest", "member"))
    asked = case(guest, member, packages=[package("p1", members, guests)])

    assert [(0, "p1", "guests"), (1, "p1", "members")] == draws(decide(asked))
    refused = decide(case(guest, guest, packages=[package("p1", members, guests)]))
    assert ["not_enough_credits", "mixed_booking"] == codes(refused)


def test_a_service_is_told_once_of_all_its_lines_and_credits() -> None:
    """Two lines and two credits that ask for another place give one reason (D22)."""
    parts = [restricted(id=name, restrictions=NORTH) for name in ("a", "b")]

    assert ["trait_not_allowed"] == codes(
        decide(case("facial", "facial", packages=[package("p1", *parts)]))
    )


def test_a_credit_without_restrictions_pays_beside_one_with_them() -> None:
    """Nothing is told of the one that would not do, as long as another does (D25)."""
    parts = restricted(id="a", restrictions=NORTH), restricted(id="b")
    decision = decide(case(packages=[package("p1", *parts)]))

    assert ([], [], [(0, "p1", "b")]) == (codes(decision), notes(decision), draws(decision))


@pytest.mark.parametrize("channel", ["store", "phone", "online", None])
def test_a_package_may_be_kept_off_the_web(channel: str | None) -> None:
    """The trait `channel` is how one package is not redeemable online (D45, T06)."""
    kept = package(restrictions=Restrictions(traits={"channel": ["store", "phone"]}))
    told_channel = {} if channel is None else {"channel": channel}
    asked = case(booking=booking(traits=told_channel), packages=[kept])

    expected = [] if channel in {"store", "phone"} else ["trait_not_allowed"]
    assert [expected] * len(SHIPPED) == [codes(decide(asked, book)) for book in SHIPPED]


def test_empty_restrictions_ask_for_nothing() -> None:
    """A package with restrictions that say nothing decides like one without."""
    asked = case(packages=[package(restrictions=Restrictions())])

    assert decide(case()).reasons == decide(asked).reasons == ()


def test_nothing_is_told_of_what_another_client_holds() -> None:
    """That it is another's is all that is found: nothing of places, times or pauses (D40, D04)."""
    asked = case(client=BETH, packages=[package(restrictions=NORTH)], only=["p9"])

    assert ["package_of_another_client", "no_package"] == codes(decide(asked))


def test_a_rulebook_may_be_without_the_rule() -> None:
    """Lifted, the place no longer matters (D23)."""
    asked = case(packages=[package(restrictions=NORTH)])

    assert [["trait_not_allowed"], []] == [
        codes(decide(asked, book))
        for book in (NO_LIMITS, NO_LIMITS.without(rules.trait_not_allowed))
    ]


def test_the_traits_of_a_package_and_of_an_unpaid_line_change_nothing() -> None:
    """A package's own traits are for callers' rules, and a free line asks no credit (D40, D31)."""
    asked = case(
        line(traits={"place": "north"}),
        line(payable=False, traits={"place": "south"}),
        packages=[package("p1", credit("facial"), traits={"place": "west"}, restrictions=NORTH)],
    )

    assert decide(asked).eligible


@pytest.mark.parametrize("of_package", [True, False])
@pytest.mark.parametrize(
    ("code", "mild", "strict"),
    [
        ("booked_too_late", {"min_notice": HOUR}, {"min_notice": 9 * DAY}),
        ("booked_too_early", {"max_notice": 9 * DAY}, {"max_notice": HOUR}),
        ("blacked_out", {"not_on": [date(2026, 5, 4)]}, {"not_on": [date(2026, 5, 5)]}),
        ("outside_hours", {"hours": [TUESDAYS]}, {"hours": [MONDAYS]}),
    ],
)
def test_what_one_allows_the_other_may_refuse(
    code: str, mild: Mapping[str, Any], strict: Mapping[str, Any], of_package: bool
) -> None:
    """Package and credit each ask of a Tuesday four days ahead, whichever is stricter (D45)."""
    first, second = (strict, mild) if of_package else (mild, strict)
    asks = restricted(restrictions=Restrictions(**second))
    sold = package("p1", asks, restrictions=Restrictions(**first))

    assert [code] == codes(decide(case(account=account(time_zone=LONDON), packages=[sold])))

"""What a package knows about itself: whose it is, its validity, what is left in it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pkgredeem import Client, Entitlement, InvalidValueError
from tests.helpers.support import ANA, BETH, DAY, INSTANT, NOW, START, credit, package


def refusal(*error: object) -> tuple[str, object, str]:
    """Return the three parts of an `InvalidValueError` that was caught."""
    (caught,) = error
    assert isinstance(caught, InvalidValueError)
    return caught.field, caught.value, caught.allowed


def test_a_package_is_sold_by_the_instant_of_its_sale() -> None:
    """The instant itself counts, the one before it does not, and an unknown sale always does."""
    sold = package(sold_at=START)

    assert [False, True, True] == [sold.is_sold_by(START + n * INSTANT) for n in (-1, 0, 1)]
    assert package().is_sold_by(START)


def test_a_package_has_credit_while_any_entitlement_has() -> None:
    """One credit in the last entitlement is enough; none anywhere is none."""
    assert package("p1", credit("facial", left=0), credit("massage", left=1)).has_credit
    assert not package("p1", credit("facial", left=0), credit("massage", left=0)).has_credit


@pytest.mark.parametrize("length", [timedelta(0), -INSTANT])
def test_a_validity_ends_after_it_begins(length: timedelta) -> None:
    """An empty validity is refused; one of a single instant is not."""
    with pytest.raises(InvalidValueError) as caught:
        package(valid_from=START, valid_until=START + length)

    assert ("Package.valid_from", START) == refusal(caught.value)[:2]
    assert f"an instant before {START + length}" == refusal(caught.value)[2]
    assert START == package(valid_from=START, valid_until=START + INSTANT).valid_from


def test_two_entitlements_of_a_package_have_two_ids() -> None:
    """A movement names an entitlement, so one name must not mean two."""
    with pytest.raises(InvalidValueError) as caught:
        package("p1", credit("facial"), credit("facial"))

    assert ("Package.entitlements", "facial", "listed only once") == refusal(caught.value)
    assert 2 == len(package("p1", credit("facial"), credit("facial", id="extra")).entitlements)


def test_an_entitlement_has_one_id_whatever_its_services() -> None:
    """A template that gains a service turns no return away: the id stays `main` (D73)."""
    before = Entitlement(services=["massage"], remaining=5)
    edited = Entitlement(services=["massage", "hot-stone"], remaining=5)

    assert ("main", "main") == (before.id, edited.id)
    assert "nails" == Entitlement(services=["manicure"], remaining=5, id="nails").id


def test_two_entitlements_need_ids_of_their_own() -> None:
    """One of two may be `main`, and the package finds each by its id (D73)."""
    facials = Entitlement(services=["facial"], remaining=5)
    masks = Entitlement(services=["mask"], remaining=2)
    with pytest.raises(InvalidValueError) as raised:
        package("p1", facials, masks)
    both = package("p1", facials, replace(masks, id="masks"))

    assert ("Package.entitlements", "main", "listed only once") == raised.value.args
    assert facials is both.entitlement("main")
    assert replace(masks, id="masks") == both.entitlement("masks")
    assert both.entitlement("mask") is None


@pytest.mark.parametrize(
    ("moment", "started", "over"),
    [
        (NOW - INSTANT, False, False),
        (NOW, True, False),
        (START - INSTANT, True, False),
        (START, True, True),
    ],
)
def test_a_package_knows_its_validity(moment: datetime, started: bool, over: bool) -> None:
    """The first instant belongs to the validity, the end does not (D06)."""
    found = package(valid_from=NOW, valid_until=START)

    assert (started, over) == (found.has_started_by(moment), found.is_over_by(moment))


def test_a_package_without_ends_is_always_valid() -> None:
    """Either end of the validity may be absent, and an unknown sale counts as sold."""
    found = package()

    assert found.has_started_by(START - 40_000 * DAY)
    assert not found.is_over_by(START + 40_000 * DAY)
    assert found.is_sold_by(START - 40_000 * DAY)


def test_a_package_knows_whose_it_is() -> None:
    """A package belongs to the client to whom it was sold, and to no guest."""
    found = package()

    assert [True, False, False] == [found.is_held_by(each) for each in (ANA, BETH, Client.guest())]

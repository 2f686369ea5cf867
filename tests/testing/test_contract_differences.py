"""What the store contract says where two values differ: the place, what was expected, and found."""

from dataclasses import replace
from datetime import timedelta

from pkgredeem import Act, Actor, Draw, DrawState, Ending, Entitlement, Package
from pkgredeem.testing.contract._differences import described_differences
from tests.helpers.support import NOW

FACIALS = Package(
    id="p1",
    client_id="ana",
    entitlements=[
        Entitlement(services=["facial"], remaining=5, id="a"),
        Entitlement(services=["mask"], remaining=1, id="b"),
    ],
)
CANCELLED = Ending(act=Act.CANCEL, at=NOW, by=Actor.CLIENT, late=False, note="ill")
DRAW = Draw(line=0, package_id="p1", entitlement_id="a", service_id="facial")


def test_equal_values_have_no_differences() -> None:
    """Of what is equal nothing is said."""
    assert "" == described_differences([FACIALS], [replace(FACIALS)])


def test_a_field_is_named() -> None:
    """Each field that differs has a line, with what was expected and what was found."""
    other = replace(FACIALS, priority=2, name="Five")

    assert (
        "priority: expected 0, found 2\nname: expected '', found 'Five'"
        == described_differences(FACIALS, other)
    )


def test_the_way_to_a_field_is_told() -> None:
    """Fields inside of fields are told from the outside in; items of a tuple by their index."""
    found = replace(CANCELLED, at=NOW + timedelta(hours=1))
    (before, after) = (
        replace(DRAW, state=DrawState.RETURNED, endings=(ending,)) for ending in (CANCELLED, found)
    )

    assert (
        "draws: " + described_differences((before,), (after,))
        == f"draws: [0]: endings: [0]: at: expected {NOW!r}, found {found.at!r}"
    )


def test_what_has_an_id_is_told_by_it() -> None:
    """Packages and entitlements are compared by id; what is lacking or too many is told."""
    first, second = FACIALS.entitlements
    less = replace(FACIALS, entitlements=(replace(first, remaining=4), second))
    other = replace(FACIALS, id="p2", entitlements=(first,))

    assert "p1: entitlements: a: remaining: expected 5, found 4" == described_differences(
        [FACIALS], [less]
    )
    assert [
        f"p1: expected {FACIALS!r}, and it is not there",
        f"p2: nothing was expected, found {other!r}",
    ] == described_differences([FACIALS], [other]).splitlines()
    assert "entitlements: order: expected ['a', 'b'], found ['b', 'a']" == described_differences(
        FACIALS, replace(FACIALS, entitlements=(second, first))
    )


def test_lengths_are_told() -> None:
    """Where there are more or fewer items than expected both numbers are told, and which."""
    assert [
        "length: expected 1, found 2",
        "[1]: nothing was expected, found 'p2'",
    ] == described_differences(["p1"], ["p1", "p2"]).splitlines()
    assert [
        "length: expected 2, found 1",
        "[1]: expected 'p2', and it is not there",
    ] == described_differences(("p1", "p2"), ("p1",)).splitlines()


def test_long_texts_and_many_differences_are_cut() -> None:
    """A line has at most 300 characters of a value, and there are at most twelve."""
    told = described_differences("x" * 400, None)
    lines = described_differences(list(range(20)), list(range(1, 21))).splitlines()

    assert f"expected '{'x' * 296}..., found None" == told
    assert f"expected '{'x' * 298}', found None" == described_differences("x" * 298, None)
    assert "[11]: expected 11, found 12" == lines[11]
    assert ["and 8 more"] == lines[12:]

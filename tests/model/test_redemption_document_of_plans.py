"""The JSON form of a redemption under a plan: what is stored of terms, tiers and traits (D65)."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pkgredeem import (
    Act,
    Actor,
    CancellationTerms,
    CreditOutcome,
    Draw,
    DrawState,
    Ending,
    InvalidValueError,
    Redemption,
)
from tests.helpers.support import HOUR, NOW, START, booking, line, redemption

FORFEIT, RETURN = CreditOutcome.FORFEIT, CreditOutcome.RETURN
TIERED = CancellationTerms(
    window=12 * HOUR,
    late=RETURN,
    tiers=[(3 * HOUR, FORFEIT)],
    changes_close=timedelta(minutes=30),
)


def planned() -> Redemption:
    """Return a redemption with something in every field that a plan adds."""
    late = Ending(act=Act.CANCEL, at=NOW, by=Actor.CLIENT, late=True, window=3 * HOUR)
    draw = Draw(
        line=0,
        package_id="p1",
        entitlement_id="facial",
        service_id="facial",
        state=DrawState.FORFEITED,
        endings=(late,),
        terms=TIERED,
        free_until=START - 12 * HOUR,
    )
    asked = booking(line(traits={"staff": "kim"}), traits={"place": "north", "channel": "web"})
    return replace(redemption(terms=TIERED), booking=asked, draws=(draw,))


TERMS = {
    "window": "PT43200S",
    "late": "return",
    "no_show": None,
    "tiers": [["PT10800S", "forfeit"]],
    "changes_close": "PT1800S",
}


def test_it_is_written_where_it_says_something() -> None:
    """With the words of the values: windows in seconds, tiers as pairs, traits as an object."""
    document: Any = planned().to_document()
    draw = document["draws"][0]

    assert TERMS == document["terms"] == draw["terms"]
    assert "2026-05-04T22:00:00+00:00" == draw["free_until"]
    assert "PT10800S" == draw["ending"]["window"]
    assert {"channel": "web", "place": "north"} == document["booking"]["traits"]
    assert {"staff": "kim"} == document["booking"]["lines"][0]["traits"]


def test_it_reads_back_equal() -> None:
    """Through JSON, and again."""
    document = json.loads(json.dumps(planned().to_document()))

    assert planned() == Redemption.from_document(document)
    assert document == Redemption.from_document(document).to_document()


def test_without_a_plan_none_of_it_is_written() -> None:
    """What has its default is left out, as before there was any (D65)."""
    document: Any = redemption().to_document()

    assert {"window", "late", "no_show"} == set(document["terms"])
    assert {"id", "starts_at", "lines"} == set(document["booking"])
    assert {"service", "picked_from", "payable"} == set(document["booking"]["lines"][0])
    assert {
        "line",
        "package_id",
        "entitlement_id",
        "service_id",
        "state",
        "ending",
    } == set(document["draws"][0])


SECONDS = "elapsed time in seconds, such as PT86400S"


@pytest.mark.parametrize(
    ("path", "value", "place", "allowed"),
    [
        (("terms", "tiers"), {}, "redemption.terms.tiers", "a list"),
        (("terms", "tiers", 0), ["PT1S"], "redemption.terms.tiers[0]", "a list of 2"),
        (("terms", "tiers", 0), {"PT1S": "forfeit"}, "redemption.terms.tiers[0]", "a list of 2"),
        (("terms", "tiers", 0, 0), "3h", "redemption.terms.tiers[0][0]", SECONDS),
        (
            ("terms", "tiers", 0, 1),
            "lost",
            "redemption.terms.tiers[0][1]",
            "one of return, forfeit",
        ),
        (
            ("terms", "tiers", 0, 0),
            "PT43200S",
            "CancellationTerms.tiers[0]",
            "a window longer than 0 and shorter than the one before it, 12:00:00",
        ),
        (("terms", "changes_close"), 0, "redemption.terms.changes_close", SECONDS),
        (("draws", 0, "terms"), 1, "redemption.draws[0].terms", "an object"),
        (
            ("draws", 0, "terms"),
            None,
            "Draw.free_until",
            "an instant with terms and None without",
        ),
        (
            ("draws", 0, "free_until"),
            "noon",
            "redemption.draws[0].free_until",
            "an ISO 8601 instant with its offset",
        ),
        (("draws", 0, "ending", "window"), 3, "redemption.draws[0].ending.window", SECONDS),
        (("booking", "traits"), [], "redemption.booking.traits", "an object"),
        (
            ("booking", "traits", "place"),
            7,
            "redemption.booking.traits.place",
            "a text, which may be empty",
        ),
        (
            ("booking", "traits", "place"),
            "",
            "Booking.traits['place']",
            "a text that is not empty",
        ),
        (
            ("booking", "lines", 0, "traits"),
            None,
            "redemption.booking.lines[0].traits",
            "an object",
        ),
    ],
)
def test_what_is_broken_is_named(
    path: tuple[str | int, ...], value: object, place: str, allowed: str
) -> None:
    """The error tells the place, and what is allowed there."""
    document: Any = planned().to_document()
    target = document
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    with pytest.raises(InvalidValueError) as caught:
        Redemption.from_document(document)

    assert (place, allowed) == (caught.value.field, caught.value.allowed)

"""What a replay comes to: each count in its own place, in a sum of parts and as a document."""

from dataclasses import fields, replace

import pytest

from pkgredeem import UNLIMITED, Act, Actor, InvalidValueError, UnknownBookingError
from pkgredeem.documents._acts import BookingAct
from pkgredeem.documents.replay import Overdrawn, Replay, Reproduction, Tally
from pkgredeem.documents.replay._balances import Balances
from pkgredeem.documents.replay._counter import DecisionCounter
from pkgredeem.documents.replay._counts import MOST_EXAMPLES, MOST_OVERDRAWN, MOST_PROBLEMS
from pkgredeem.documents.replay._first import First
from pkgredeem.documents.replay._group import Group
from pkgredeem.documents.replay._line_counter import LineCounter
from pkgredeem.documents.replay._overdrawn import merge_watched, overdrawn
from tests.helpers.histories import IN_STORE, five, visit
from tests.helpers.support import DAY, HOUR, NOW, credit, line, package

ONE = Tally(
    rulebook="mine",
    eligible=1,
    refused=2,
    reasons=(("a", 3), ("c", 4)),
    deposits_waived=5,
    cards_bypassed=6,
    credits=7,
    impossible=1,
    repeated=8,
    acts=(("cancel", 9),),
    acts_refused=10,
    credits_returned=11,
    reproduction=Reproduction(
        compared=12,
        reproduced=13,
        other_rulebook=14,
        differences=(("deposit", 15),),
        examples=((1, "first"), (2, "second")),
    ),
    watched={("p", "main"): (1, 2, 1)},
)
PART = Replay(
    first=ONE,
    second=replace(ONE, rulebook="other", eligible=100),
    only_first=16,
    only_second=17,
    lines=18,
    unreadable=19,
    needs_carry=20,
    unknown=21,
    problems=((3, "bad"),),
)
#: Another part: nothing in it is as it is in the first, and some is new.
MORE = replace(
    PART,
    first=replace(
        ONE,
        reasons=(("b", 30), ("c", 40)),
        acts=(("cancel", 90), ("complete", 1)),
        reproduction=replace(
            ONE.reproduction, differences=(("draws", 1), ("deposit", 2)), examples=((1, "third"),)
        ),
        watched={("p", "main"): (1, 3, 2), ("q", "main"): (0, 1, 1)},
    ),
    lines=180,
)


def test_a_replay_is_written_with_each_count_at_its_key() -> None:
    """Of both rulebooks; shares are worked out, and what is watched stays inside."""
    first = {
        "rulebook": "mine",
        "eligible": 1,
        "refused": 2,
        "reasons": {"a": 3, "c": 4},
        "deposits_waived": 5,
        "cards_bypassed": 6,
        "credits": 7,
        "share_eligible": 1 / 3,
        "impossible": 1,
        "overdrawn": [
            {"package_id": "p", "entitlement_id": "main", "held": 1, "drawn": 2, "lines": 1}
        ],
        "repeated": 8,
        "acts": {"cancel": 9},
        "acts_refused": 10,
        "credits_returned": 11,
        "recorded": {
            "compared": 12,
            "reproduced": 13,
            "other_rulebook": 14,
            "differences": {"deposit": 15},
            "examples": [[1, "first"], [2, "second"]],
        },
    }

    assert {
        "format": "pkgredeem-replay/1",
        "carried": False,
        "lines": 18,
        "unreadable": 19,
        "needs_carry": 20,
        "unknown": 21,
        "rulebooks": [
            first,
            first | {"rulebook": "other", "eligible": 100, "share_eligible": 100 / 102},
        ],
        "only_first": 16,
        "only_second": 17,
    } == PART.to_dict()
    assert 60 == PART.left_out
    assert (1.0, 0.0) == (
        Tally(rulebook="a", eligible=1).share_eligible,
        Tally(rulebook="a").share_eligible,
    )


def test_ranges_are_summed_count_by_count() -> None:
    """Lines of the second part are numbered on; both packages are overdrawn in the end."""
    found = Replay.merged([PART, MORE])

    assert (
        Tally(
            rulebook="mine",
            eligible=2,
            refused=4,
            reasons=(("a", 3), ("b", 30), ("c", 44)),
            deposits_waived=10,
            cards_bypassed=12,
            credits=14,
            impossible=3,
            repeated=16,
            acts=(("cancel", 99), ("complete", 1)),
            acts_refused=20,
            credits_returned=22,
            reproduction=Reproduction(
                compared=24,
                reproduced=26,
                other_rulebook=28,
                differences=(("deposit", 17), ("draws", 1)),
                examples=((1, "first"), (2, "second"), (19, "third")),
            ),
        )
        == found.first
    )
    assert found.second is not None
    assert 200 == found.second.eligible
    assert (32, 34, 198, 38, 40, 42) == (
        found.only_first,
        found.only_second,
        found.lines,
        found.unreadable,
        found.needs_carry,
        found.unknown,
    )
    assert (((3, "bad"), (21, "bad")), False) == (found.problems, found.carried)
    assert {("p", "main"): (1, 5, 2), ("q", "main"): (0, 1, 1)} == found.first.watched


def test_shards_are_summed_without_numbering_on() -> None:
    """They know the numbers of their lines, and may come in any order."""
    shards = [replace(PART, carried=True), replace(MORE, carried=True, problems=((1, "worse"),))]
    found = Replay.merged(shards)

    assert (((1, "worse"), (3, "bad")), True) == (found.problems, found.carried)
    assert ((1, "first"), (1, "third"), (2, "second")) == found.first.reproduction.examples


@pytest.mark.parametrize(
    ("other", "allowed"),
    [
        (replace(PART, second=None), "parts with the same two rulebooks"),
        (replace(PART, carried=True), "parts that are all carried, or none"),
        (replace(PART, first=replace(ONE, rulebook="x")), "parts with the same rulebooks"),
    ],
)
def test_what_answers_different_questions_is_not_summed(other: Replay, allowed: str) -> None:
    """In whichever order the two come."""
    for parts in ([PART, other], [other, PART]):
        with pytest.raises(InvalidValueError) as refused:
            Replay.merged(parts)
        assert allowed == refused.value.allowed


def test_only_the_worst_of_many_packages_are_written() -> None:
    """Ten of eleven; all of them are known."""
    watched = {(f"p{number:02}", "main"): (0, 1, 1) for number in range(MOST_OVERDRAWN + 1)}
    tally = Tally(rulebook="mine", watched=watched)
    written = tally.to_dict()["overdrawn"]

    assert (10, 20, 100) == (MOST_OVERDRAWN, MOST_EXAMPLES, MOST_PROBLEMS)
    assert isinstance(written, list)
    assert [f"p{number:02}" for number in range(10)] == [one["package_id"] for one in written]
    assert 11 == len(tally.overdrawn)


def test_the_first_lines_are_kept_whatever_the_order() -> None:
    """And never twice as many as are wanted."""
    first = First(2)
    held = []
    for number in (9, 1, 8, 2, 7, 3):
        first.add(number, f"of {number}")
        held.append(len(first._told))
    first.take(((1, "later"), (2, "last")), before=1)

    assert [1, 2, 3, 2, 3, 2] == held
    assert ((1, "of 1"), (2, "later")) == first.result()


def test_what_can_not_be_true_is_counted_by_the_dearest_line() -> None:
    """Seven too many, of which one line draws three at most: three lines, and not two."""
    watched = {
        ("b", "x"): (3, 10, 3),
        ("a", "y"): (0, 1, 1),
        ("a", "x"): (0, 1, 1),
        ("c", "x"): (10, 10, 1),
        ("d", "x"): (-1, 99, 1),
    }

    assert (
        Overdrawn(package_id="b", entitlement_id="x", held=3, drawn=10, lines=3),
        Overdrawn(package_id="a", entitlement_id="x", held=0, drawn=1, lines=1),
        Overdrawn(package_id="a", entitlement_id="y", held=0, drawn=1, lines=1),
    ) == overdrawn(watched)
    merge_watched(watched, {("a", "x"): (5, 2, 2), ("c", "x"): (10, 5, 4), ("e", "x"): (0, 0, 0)})
    assert ((-1, 3, 2), (10, 15, 4), (0, 0, 0)) == (
        watched["a", "x"],
        watched["c", "x"],
        watched["e", "x"],
    )


def test_lines_are_read_in_batches() -> None:
    """Of fifty lines, or of more than a million bytes; the rest comes at the end."""
    counter = LineCounter([IN_STORE])
    many = ((number, 0, b"\n") for number in range(120))
    large = ((number, 0, b" " * 400_000) for number in range(7))

    assert [50, 50, 20] == [len(batch) for batch in counter._read(many)]
    assert [3, 3, 1] == [len(batch) for batch in counter._read(large)]
    assert 127 == counter.result(carried=False).lines


def test_balances_hold_packages_and_what_is_left_in_them() -> None:
    """Each as it was told last, with the credits that are carried, and of version 0 for a desk."""
    returned: list[int] = []
    balances = Balances(returned.append, uses_are_read=False)
    endless = package("p2", credit("mask", left=UNLIMITED, id="main"), shared_with=["beth"])
    over = package("p3", credit("facial", id="main"), valid_until=NOW)
    balances.take((five(), endless, over))
    change = IN_STORE.decide_case(visit(0, five())).change
    assert change is not None
    balances.commit(change)
    balances.take((five(3, name="Five"),))
    (told,) = balances.named(["p1", "unknown"])

    assert ("Five", 4, 1) == (told.name, told.entitlements[0].remaining, len(told.uses))
    for client, moment, also, ids in (
        ("beth", NOW, (), {"p1": 0, "p2": 0}),
        ("ana", NOW, (), {"p1": 0, "p2": 0}),
        ("ana", NOW - HOUR, (), {"p1": 0, "p2": 0, "p3": 0}),
        ("cleo", NOW, ("p3", "p1"), {"p1": 0, "p3": 0}),
    ):
        found = balances.packages_of(client, not_over_at=moment, also=also)
        assert ids == {package.id: package.version for package in found}
    assert None is balances.packages_for(None, NOW, ())[0].version
    back = IN_STORE.cancel(change.after, by=Actor.BUSINESS, now=NOW + DAY).change
    assert back is not None
    balances.commit(back)
    (again,) = balances.named(["p1"])
    assert ([1], 5, ()) == (returned, again.entitlements[0].remaining, again.uses)
    assert back.after == balances.redemption("b0")
    balances.forget("b0")
    balances.forget("b0")
    assert None is balances.redemption("b0")


def test_each_line_of_a_booking_draws_its_own_credit() -> None:
    """Two of them leave three of five; what is unlimited stays so; nothing is there twice."""
    returned: list[int] = []
    balances = Balances(returned.append, uses_are_read=False)
    endless = credit("mask", left=UNLIMITED, id="masks")
    both = package("p1", credit("facial", left=5, id="main"), endless)
    case = visit(0, both)
    case = replace(case, booking=replace(case.booking, lines=(line(), line(), line("mask"))))
    change = IN_STORE.decide_case(case).change
    assert change is not None
    balances.take((both,))
    balances.commit(change)
    (as_told,) = balances.named(["p1"])
    balances.take((five(),))
    (told_in_part,) = balances.named(["p1"])

    left = (credit("facial", left=3, id="main"), endless)
    assert (left, left) == (as_told.entitlements, told_in_part.entitlements)
    assert 3 == len(as_told.uses) == len(told_in_part.uses)


def counted(counter: DecisionCounter) -> tuple[int, int]:
    """Return how many credits were drawn, and how many lines told a visit again."""
    tally = counter.tally()
    return tally.credits, tally.repeated


def test_a_group_forgets_a_booking_whole() -> None:
    """Under both rulebooks, and who asked for it: an act on it finds none, and a line books anew.

    Told again before that, it is the same visit; told again after it, it draws another credit.
    """
    counters = [DecisionCounter(IN_STORE), DecisionCounter(IN_STORE)]
    group = Group(counters)
    group.decide(visit(0, five()))
    group.decide(visit(0))
    cancelled = BookingAct(
        act=Act.CANCEL,
        booking_id="b0",
        by=Actor.BUSINESS,
        now=NOW + HOUR,
        lines=None,
        starts_at=None,
        outcome=None,
        note="",
    )
    before = [counted(counter) for counter in counters]
    group.forget("b0")

    with pytest.raises(UnknownBookingError, match="no line before it holds booking 'b0'"):
        group.settle(cancelled)
    group.decide(visit(0))
    assert [(1, 1), (1, 1)] == before
    assert [(2, 1), (2, 1)] == [counted(counter) for counter in counters]


def test_every_count_of_a_replay_is_among_those_that_are_summed() -> None:
    """A new one can't be left out of a sum in silence: these are all that there are."""
    assert ["only_first", "only_second", "lines", "unreadable", "needs_carry", "unknown"] == [
        field.name for field in fields(Replay) if field.type is int
    ]

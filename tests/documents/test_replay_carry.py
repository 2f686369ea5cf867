"""Replay with carry: a history is taken in order of booking, and goes on from what was drawn."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pkgredeem import (
    Act,
    Actor,
    Client,
    CreditOutcome,
    InvalidValueError,
    Package,
    Period,
    Quota,
    RedemptionPolicy,
)
from pkgredeem.documents import case_document
from pkgredeem.documents.replay import Replay, Survey, replay, survey
from tests.helpers.histories import IN_STORE, ONLINE, ActLine, Line, five, visit, write_lines
from tests.helpers.support import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    START,
    account,
    credit,
    package,
    use,
)


def carried(path: Path, policy: RedemptionPolicy = IN_STORE, parts: int = 1) -> Replay:
    """Return the replay with carry, in that many shards."""
    whole = survey(path)
    return Replay.merged([replay(path, policy, shard=shard) for shard in whole.shards(parts)])


def test_five_credits_pay_for_five_of_forty_bookings(tmp_path: Path) -> None:
    """Each line says that five are left, as on the day of the sale; five are drawn in all."""
    path = write_lines(tmp_path / "year.jsonl", [visit(number, five()) for number in range(40)])
    found = replay(path, IN_STORE, carry=True)

    assert (5, 35, 5) == (found.first.eligible, found.first.refused, found.first.credits)
    assert (("package_used_up", 35),) == found.first.reasons
    assert (40, 0, True) == (found.lines, found.first.impossible, found.carried)


def test_later_lines_go_on_from_what_was_drawn(tmp_path: Path) -> None:
    """What later lines say is left doesn't count: not less, as it was, and not more."""
    lines: list[Line] = [visit(0, five(2)), visit(1, five(0)), visit(2, five(9))]
    found = carried(write_lines(tmp_path / "year.jsonl", lines))

    assert (2, 1) == (found.first.eligible, found.first.refused)


def test_lines_may_stand_in_any_order(tmp_path: Path) -> None:
    """The last line is the first booking, which takes the only credit."""
    late, early = visit(1, five(1)), visit(0, five(1))
    gold = replace(early, account=account(deposit_required=True))
    found = carried(write_lines(tmp_path / "year.jsonl", [late, gold]))

    assert (1, 1) == (found.first.eligible, found.first.deposits_waived)


def test_of_one_moment_the_line_that_stands_first_is_first(tmp_path: Path) -> None:
    """Two bookings of one moment want the last credit: the first line has it."""
    gold = replace(visit(1, five(1)), now=NOW, account=account(deposit_required=True))
    plain = replace(visit(2, five(1)), now=NOW)
    path = tmp_path / "year.jsonl"

    assert 1 == carried(write_lines(path, [gold, plain])).first.deposits_waived
    assert 0 == carried(write_lines(path, [plain, gold])).first.deposits_waived


def test_cancellations_bring_credits_back_wherever_they_stand(tmp_path: Path) -> None:
    """The act stands before its booking; its credit pays for the booking after it."""
    cancelled = ActLine(act=Act.CANCEL, booking_id="b0", now=NOW + HOUR + MINUTE, by=Actor.CLIENT)
    lines: list[Line] = [visit(2, five(1)), cancelled, visit(1, five(1)), visit(0, five(1))]
    found = carried(write_lines(tmp_path / "year.jsonl", lines))

    assert (2, 1) == (found.first.eligible, found.first.refused)
    assert (("cancel", 1),) == found.first.acts
    assert (2, 1) == (found.first.credits, found.first.credits_returned)


def test_a_late_cancellation_forfeits_the_credit(tmp_path: Path) -> None:
    """Inside a day of the start nothing comes back, so that the next booking is refused."""
    late = ActLine(act=Act.CANCEL, booking_id="b0", now=START - HOUR, by=Actor.CLIENT)
    after = visit(1, five(1), now=START, starts_at=START + 9 * DAY)
    found = carried(write_lines(tmp_path / "year.jsonl", [visit(0, five(1)), late, after]))

    assert (1, 1, 0) == (
        found.first.eligible,
        found.first.refused,
        found.first.credits_returned,
    )


def test_every_act_is_done(tmp_path: Path) -> None:
    """Moved, completed, forgiven; a no-show whose credit staff gave back; one that is refused."""
    acts = [
        ActLine(
            act=Act.RESCHEDULE,
            booking_id="b0",
            now=NOW + 9 * HOUR,
            by=Actor.CLIENT,
            starts_at=START + 20 * DAY,
        ),
        ActLine(act=Act.COMPLETE, booking_id="b1", now=START + DAY, lines=(0,)),
        ActLine(act=Act.FORGIVE, booking_id="b1", now=START + 2 * DAY, note="a gift"),
        ActLine(
            act=Act.NO_SHOW, booking_id="b2", now=START + 2 * DAY, outcome=CreditOutcome.RETURN
        ),
        ActLine(act=Act.CANCEL, booking_id="b3", now=START + 3 * DAY, by=Actor.CLIENT),
    ]
    lines: list[Line] = [*acts, *(visit(number, five()) for number in range(4))]
    found = carried(write_lines(tmp_path / "year.jsonl", lines))

    assert (
        ("complete", 1),
        ("forgive", 1),
        ("no_show", 1),
        ("reschedule", 1),
    ) == found.first.acts
    assert (4, 2, 1) == (
        found.first.credits,
        found.first.credits_returned,
        found.first.acts_refused,
    )


def test_an_act_that_was_done_before_is_not_counted_again(tmp_path: Path) -> None:
    """Cancelled twice, and returned once (D37)."""
    twice = [
        ActLine(act=Act.CANCEL, booking_id="b0", now=NOW + hours * HOUR, by=Actor.CLIENT)
        for hours in (1, 2)
    ]
    found = carried(write_lines(tmp_path / "year.jsonl", [visit(0, five()), *twice]))

    assert ((("cancel", 1),), 1) == (found.first.acts, found.first.credits_returned)


def test_an_act_on_a_booking_of_no_line_is_counted_and_told(tmp_path: Path) -> None:
    """Also one that lies before its booking by more than two clocks may differ."""
    lines: list[Line] = [
        ActLine(act=Act.CANCEL, booking_id="b9", now=NOW + HOUR),
        visit(0, five()),
        ActLine(act=Act.CANCEL, booking_id="b0", now=NOW - 2 * MINUTE),
    ]
    found = carried(write_lines(tmp_path / "year.jsonl", lines))

    assert (2, 0, 2) == (found.unknown, found.unreadable, found.left_out)
    assert (
        (1, "no line before it holds booking 'b9'"),
        (3, "no line before it holds booking 'b0'"),
    ) == found.problems


def test_an_act_up_to_a_minute_before_its_booking_follows_it(tmp_path: Path) -> None:
    """Two servers' clocks: it counts as the moment of booking (D74)."""
    early = ActLine(act=Act.CANCEL, booking_id="b0", now=NOW - MINUTE)
    found = carried(write_lines(tmp_path / "year.jsonl", [early, visit(0, five())]))

    assert (0, (("cancel", 1),)) == (found.unknown, found.first.acts)


def test_an_act_follows_the_first_line_of_its_booking(tmp_path: Path) -> None:
    """Though a later one asks again: the clocks of two servers differ by less than that."""
    early = ActLine(act=Act.CANCEL, booking_id="b0", now=NOW - MINUTE)
    asked = [visit(0, five()), replace(visit(0, five()), now=NOW + HOUR)]
    found = carried(write_lines(tmp_path / "year.jsonl", [early, *asked]))

    assert (0, (("cancel", 1),)) == (found.unknown, found.first.acts)


def test_an_act_of_more_than_a_minute_before_its_booking_is_none_on_it(tmp_path: Path) -> None:
    """No clock is so wrong: it stays where it is, and the booking comes after it."""
    early = ActLine(act=Act.CANCEL, booking_id="b0", now=NOW - MINUTE - timedelta(microseconds=1))
    found = carried(write_lines(tmp_path / "year.jsonl", [visit(0, five()), early]))

    assert (1, (), 1) == (found.unknown, found.first.acts, found.first.eligible)


def test_an_act_on_a_booking_that_no_package_pays_for_is_nothing(tmp_path: Path) -> None:
    """The history holds the booking, and this rulebook refused it: there is no credit to return."""
    cancelled = ActLine(act=Act.CANCEL, booking_id="b0", now=NOW + HOUR)
    found = carried(write_lines(tmp_path / "year.jsonl", [visit(0, five(0)), cancelled]))

    assert ((), 0, 0) == (found.first.acts, found.first.acts_refused, found.left_out)


def test_an_act_that_can_not_be_done_is_told(tmp_path: Path) -> None:
    """A booking that was cancelled can't be completed, and line 7 it never had."""
    lines: list[Line] = [
        visit(0, five()),
        ActLine(act=Act.CANCEL, booking_id="b0", now=NOW + HOUR),
        ActLine(act=Act.COMPLETE, booking_id="b0", now=NOW + 2 * HOUR),
        ActLine(act=Act.CANCEL, booking_id="b0", now=NOW + 3 * HOUR, lines=(7,)),
    ]
    found = carried(write_lines(tmp_path / "year.jsonl", lines))

    assert (2, [3, 4]) == (found.unreadable, [number for number, _ in found.problems])


def test_bad_lines_are_told_as_they_are_without_carry(tmp_path: Path) -> None:
    """Whatever is wrong, and empty lines; in the order of their numbers."""
    good = json.dumps(case_document(visit(0, five())))
    bad = ["", "{", "[]", "7", '{"now": 1}', good.replace(NOW.isoformat(), "noon"), "[" * 5_000]
    path = write_lines(tmp_path / "year.jsonl", [*bad, good, good.replace('"ana"', "7")])
    found, plain = carried(path), replay(path, IN_STORE)

    assert (1, 7, 9) == (found.first.eligible, found.unreadable, found.lines)
    assert plain.problems == found.problems


def test_each_rulebook_has_a_history_of_its_own(tmp_path: Path) -> None:
    """Online the guest is refused, so that a credit is left for the next; in store it is not."""
    away = replace(visit(0, five(1)), client=Client(id="ana"))
    path = write_lines(tmp_path / "year.jsonl", [away, visit(1, five(1))])
    found = replay(path, IN_STORE, ONLINE, carry=True)

    assert found.second is not None
    assert (1, 1) == (found.first.eligible, found.second.eligible)
    assert (1, 1) == (found.only_first, found.only_second)
    assert found.second == replay(path, ONLINE, carry=True).first


def test_a_booking_asked_again_is_answered_and_not_counted_again(tmp_path: Path) -> None:
    """A double click draws once; other contents under one id are told (D21)."""
    other = visit(0, five(), service="peel")
    lines: list[Line] = [
        visit(0, five()),
        replace(visit(0, five()), now=NOW + HOUR),
        replace(other, now=START),
    ]
    found = carried(write_lines(tmp_path / "year.jsonl", lines))

    assert (1, 1, 1) == (found.first.eligible, found.first.repeated, found.first.credits)
    assert (
        (3, "booking 'b0' was redeemed with other services: use a new booking id"),
    ) == found.problems


def test_a_refused_booking_may_be_asked_again(tmp_path: Path) -> None:
    """Nothing was recorded, so that it is decided afresh: first too late, then with a credit."""
    other = visit(1, five(1))
    back = ActLine(act=Act.CANCEL, booking_id="b1", now=NOW + 3 * HOUR)
    again = [replace(visit(2, five(1)), now=NOW + hours * HOUR) for hours in (2, 4)]
    found = carried(write_lines(tmp_path / "year.jsonl", [other, back, *again]))

    assert (2, 1, 0) == (found.first.eligible, found.first.refused, found.first.repeated)


def exchange(tmp_path: Path, *, left: int, policy: RedemptionPolicy = IN_STORE) -> Replay:
    """Return the replay of a booking, one that it is exchanged for, and a third one."""
    old = IN_STORE.decide_case(visit(0, five())).redemption
    new = visit(1, five(left), existing=old)
    lines: list[Line] = [visit(2, five(left)), new, visit(0, five(left))]
    return carried(write_lines(tmp_path / "year.jsonl", lines), policy)


def test_a_booking_is_exchanged_for_another(tmp_path: Path) -> None:
    """With one credit the old booking's pays for the new one, and none is left for a third."""
    found = exchange(tmp_path, left=1)

    assert (2, 1) == (found.first.eligible, found.first.refused)
    assert (2, 1) == (found.first.credits, found.first.credits_returned)


def test_what_was_refused_has_nothing_to_exchange(tmp_path: Path) -> None:
    """Without a credit the old booking is refused, and so is the one in its place."""
    found = exchange(tmp_path, left=0)

    assert (0, 3, 0) == (found.first.eligible, found.first.refused, found.unreadable)


def test_what_was_booked_before_the_history_is_exchanged_too(tmp_path: Path) -> None:
    """Its redemption stands in the line, and its credit is off what the line says is left."""
    old = IN_STORE.decide_case(visit(0, five())).redemption
    lines: list[Line] = [
        visit(1, five(0), existing=old),
        ActLine(act=Act.CANCEL, booking_id="b0", now=START),
    ]
    found = carried(write_lines(tmp_path / "year.jsonl", lines))

    assert (1, 1, 0) == (found.first.eligible, found.first.credits_returned, found.left_out)
    assert () == found.first.acts  # to cancel what was exchanged is a repeat (D71)


def test_what_is_exchanged_may_be_paid_with_a_package_that_no_line_tells(tmp_path: Path) -> None:
    """Its credit returns to where the history doesn't look."""
    elsewhere = package("p9", credit("facial", id="main"))
    old = IN_STORE.decide_case(visit(0, elsewhere)).redemption
    lines: list[Line] = [visit(1, five(1), existing=old), visit(2, five(1))]
    found = carried(write_lines(tmp_path / "year.jsonl", lines))

    assert (1, 1, 1) == (
        found.first.eligible,
        found.first.refused,
        found.first.credits_returned,
    )


def test_what_was_redeemed_before_the_history_is_no_booking_of_it(tmp_path: Path) -> None:
    """The line holds the booking's own redemption: asked again, it is answered as recorded."""
    own = IN_STORE.decide_case(visit(0, five())).redemption
    back = ActLine(act=Act.CANCEL, booking_id="b0", now=NOW + HOUR)
    lines: list[Line] = [visit(0, five(0), existing=own), back, visit(2, five(0))]
    found = carried(write_lines(tmp_path / "year.jsonl", lines))

    assert (1, 1, 1) == (
        found.first.repeated,
        found.first.eligible,
        found.first.credits_returned,
    )


def shared(*names: str, left: int = 3) -> Package:
    """Return Ana's package that these clients share."""
    return package("p1", credit("facial", left=left, id="main"), shared_with=names)


def test_a_shared_package_keeps_three_clients_in_one_shard(tmp_path: Path) -> None:
    """Three clients want two visits each of three credits; a fourth client has his own."""
    family = shared("beth", "cleo")
    lines = [
        visit(number, family, client=("ana", "beth", "cleo")[number % 3]) for number in range(6)
    ]
    own = package("p2", credit("facial", left=3, id="main"), client_id="dan")
    lines += [visit(number, own, client="dan") for number in range(6, 12)]
    path = write_lines(tmp_path / "year.jsonl", lines)
    shards = survey(path).shards(2)
    parts = [replay(path, IN_STORE, shard=shard) for shard in shards]

    assert [6, 6] == [len(shard) for shard in shards]
    assert [3, 3] == [part.first.eligible for part in parts]
    assert replay(path, IN_STORE, carry=True) == Replay.merged(parts)


def test_clients_are_joined_through_a_chain(tmp_path: Path) -> None:
    """Ana shares with Beth, and Beth another package with Cleo: the three stay together."""
    first = package("p1", credit("facial", id="main"), shared_with=["beth"])
    second = package("p2", credit("facial", id="main"), client_id="beth", shared_with=["cleo"])
    lines: list[Line] = [
        visit(0, first),
        visit(1, second, client="cleo"),
        visit(2, second, first, client="beth"),
        visit(3, client="dan"),
    ]
    shards = survey(write_lines(tmp_path / "year.jsonl", lines)).shards(9)

    assert [1, 3] == sorted(len(shard) for shard in shards)


def test_a_package_that_a_line_leaves_out_is_still_there(tmp_path: Path) -> None:
    """A store lists no package that was used up; under this rulebook it was not."""
    found = carried(write_lines(tmp_path / "year.jsonl", [visit(0, five()), visit(1)]))
    over = five(valid_until=NOW + HOUR)
    gone = carried(write_lines(tmp_path / "year.jsonl", [visit(0, over), visit(1)]))

    assert 2 == found.first.eligible
    assert (("no_package", 1), ("package_over_by_then", 1)) == gone.first.reasons[:2]


def test_a_later_line_says_what_has_become_of_a_package(tmp_path: Path) -> None:
    """Archived, given to Beth, with a second entitlement: all but the credits is as it is told."""
    peel = credit("peel", left=1, id="peel")
    both = package("p1", credit("facial", left=5, id="main"), peel, client_id="beth")
    lines: list[Line] = [
        visit(0, five(1)),
        visit(1, both, client="beth"),
        visit(2, both, client="beth", service="peel"),
        visit(3, five(), client="beth", service="peel"),
        visit(4),
    ]
    found = carried(write_lines(tmp_path / "year.jsonl", lines))

    assert (2, 3) == (found.first.eligible, found.first.refused)


def test_a_quota_counts_the_uses_that_are_carried(tmp_path: Path) -> None:
    """Two a week: of four visits in one week two are paid, and a moved one frees its place."""
    weekly = five(quotas=[Quota(2, Period.WEEK)])
    days = [visit(number, weekly, starts_at=START + number * HOUR) for number in range(4)]
    moved = ActLine(
        act=Act.RESCHEDULE,
        booking_id="b0",
        now=NOW + 2 * HOUR + MINUTE,
        by=Actor.BUSINESS,
        starts_at=START + 7 * DAY,
    )
    path = tmp_path / "year.jsonl"

    assert (("quota_reached", 2),) == carried(write_lines(path, days)).first.reasons[-1:]
    assert 3 == carried(write_lines(path, [*days, moved])).first.eligible


def test_the_uses_of_the_first_line_count(tmp_path: Path) -> None:
    """One visit before the history, one in it: the third in the week is refused."""
    weekly = five(quotas=[Quota(2, Period.WEEK)], uses=[use(START, entitlement_id="main")])
    lines: list[Line] = [
        visit(number, weekly, starts_at=START + number * HOUR) for number in range(1, 3)
    ]
    found = carried(write_lines(tmp_path / "year.jsonl", lines))

    assert (1, 1) == (found.first.eligible, found.first.refused)


def test_a_pick_is_looked_up_though_the_line_leaves_it_out(tmp_path: Path) -> None:
    """Picked by its id, the package of the line before it pays (D68)."""
    lines: list[Line] = [visit(0, five()), visit(1, only=["p1"])]

    assert 2 == carried(write_lines(tmp_path / "year.jsonl", lines)).first.eligible


def test_a_guest_holds_nothing(tmp_path: Path) -> None:
    """What is listed for a guest is looked at, and refused; guests are no group."""
    guests = [replace(visit(number, five()), client=Client.guest()) for number in range(2)]
    found = carried(write_lines(tmp_path / "year.jsonl", guests))

    assert (0, 2) == (found.first.eligible, found.first.refused)
    assert ("package_of_another_client", 2) in found.first.reasons


@pytest.mark.parametrize(
    ("ends", "named"), [({"start": 1}, "start"), ({"stop": 9}, "stop"), ({"stop": 0}, "stop")]
)
def test_a_range_can_not_be_carried(tmp_path: Path, ends: dict[str, int], named: str) -> None:
    """A history is no range of bytes: the parts are shards."""
    path = write_lines(tmp_path / "year.jsonl", [visit(0, five())])
    with pytest.raises(InvalidValueError) as refused:
        replay(path, IN_STORE, carry=True, **ends)  # type: ignore[arg-type]  # either of them

    assert (named, "left out with carry, whose parts are shards") == (
        refused.value.field,
        refused.value.allowed,
    )


@pytest.mark.parametrize(
    ("wrong", "named"), [({"carry": 1}, "carry"), ({"shard": (0, 9)}, "shard")]
)
def test_what_carries_is_checked(tmp_path: Path, wrong: dict[str, object], named: str) -> None:
    """A flag is a flag, and a shard comes from a survey."""
    with pytest.raises(InvalidValueError) as refused:
        replay(tmp_path, IN_STORE, **wrong)  # type: ignore[arg-type]  # wrong on purpose

    assert named == refused.value.field


def test_parts_with_and_without_carry_are_not_merged(tmp_path: Path) -> None:
    """A sum of different questions would answer none of them."""
    path = write_lines(tmp_path / "year.jsonl", [visit(0, five())])
    with pytest.raises(InvalidValueError, match="parts that are all carried, or none"):
        Replay.merged([replay(path, IN_STORE), replay(path, IN_STORE, carry=True)])


def test_a_file_is_parted_into_one_shard_or_more() -> None:
    """No shard at all is no way to read it."""
    with pytest.raises(InvalidValueError, match="parts must be a whole number of 1 or more"):
        Survey().shards(0)

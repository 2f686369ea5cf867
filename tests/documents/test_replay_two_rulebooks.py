"""Replay under two rulebooks: each has a history of its own, and neither disturbs the other's."""

from dataclasses import replace
from pathlib import Path

import pytest

from pkgredeem import Act, Actor, Case, Client, PackageStatus
from pkgredeem.documents.replay import Replay, Tally, replay
from tests.helpers.histories import IN_STORE, ONLINE, ActLine, Line, five, visit, write_lines
from tests.helpers.support import HOUR, MINUTE, NOW, credit, package


def both(tmp_path: Path, *lines: Line) -> tuple[Replay, Tally, Tally]:
    """Return the replay with carry, in store and online, and what each of them decides."""
    path = write_lines(tmp_path / "year.jsonl", lines)
    found = replay(path, IN_STORE, ONLINE, carry=True)
    assert found.second is not None
    return found, found.first, found.second


def in_store_only(asked: Case) -> Case:
    """Return the case of a client who isn't logged in: paid in store, and refused online."""
    return replace(asked, client=Client(id="ana"))


def test_a_booking_asked_again_is_compared_once(tmp_path: Path) -> None:
    """In store the second time is answered as recorded; online it is refused once more."""
    asked = in_store_only(visit(0, five()))
    found, in_store, online = both(tmp_path, asked, replace(asked, now=NOW + HOUR))

    assert (1, 0) == (found.only_first, found.only_second)
    assert (1, 1, 0) == (in_store.eligible, in_store.repeated, in_store.refused)
    assert (0, 0, 2) == (online.eligible, online.repeated, online.refused)


def test_an_act_does_what_it_does_under_each(tmp_path: Path) -> None:
    """In store a credit comes back; online none was drawn, and nothing is cancelled or refused."""
    back = ActLine(act=Act.CANCEL, booking_id="b0", now=NOW + MINUTE, by=Actor.CLIENT)
    found, in_store, online = both(tmp_path, in_store_only(visit(0, five())), back)

    assert ((("cancel", 1),), 1, 0) == (
        in_store.acts,
        in_store.credits_returned,
        in_store.acts_refused,
    )
    assert ((), 0, 0) == (online.acts, online.credits_returned, online.acts_refused)
    assert (0, 0) == (found.unknown, found.unreadable)


@pytest.mark.parametrize("is_turned", [False, True])
def test_a_line_that_one_rulebook_can_not_be_asked_about_draws_nothing(
    tmp_path: Path, *, is_turned: bool
) -> None:
    """In store the booking has other services already; online it would take the only peel."""
    plan = package("p1", credit("facial", id="facial"), credit("peel", id="peel"))
    other = replace(visit(0, plan, service="peel"), now=NOW + MINUTE)
    lines: list[Line] = [in_store_only(visit(0, plan)), other, visit(2, plan, service="peel")]
    path = write_lines(tmp_path / "year.jsonl", lines)
    policies = [ONLINE, IN_STORE] if is_turned else [IN_STORE, ONLINE]
    found = replay(path, *policies, carry=True)
    tallies = found.tallies[::-1] if is_turned else found.tallies

    assert (1, [2]) == (found.unreadable, [number for number, _ in found.problems])
    assert [(2, 0, 2), (1, 1, 1)] == [
        (tally.eligible, tally.refused, tally.credits) for tally in tallies
    ]
    assert ((0, 1) if is_turned else (1, 0)) == (found.only_first, found.only_second)


def test_a_booking_that_was_redeemed_before_the_file_is_compared_too(tmp_path: Path) -> None:
    """Asked again, each rulebook answers as it would today: it is no second line of a history."""
    own = IN_STORE.decide_case(visit(0, five())).redemption
    away = replace(visit(0, five(), existing=own), client=Client(id="ana"))
    path = write_lines(tmp_path / "year.jsonl", [away])
    found, turned = replay(path, IN_STORE, ONLINE), replay(path, ONLINE, IN_STORE)

    assert [(1, 0), (0, 1)] == [(each.only_first, each.only_second) for each in (found, turned)]


def test_an_act_is_done_under_both(tmp_path: Path) -> None:
    """The credit is back in either history, and pays for the next visit there."""
    back = ActLine(act=Act.CANCEL, booking_id="b0", now=NOW + MINUTE, by=Actor.CLIENT)
    _, in_store, online = both(tmp_path, visit(0, five(1)), back, visit(1, five(1)))

    for tally in (in_store, online):
        assert (2, (("cancel", 1),), 1) == (tally.eligible, tally.acts, tally.credits_returned)


def test_a_reason_that_a_booking_has_twice_counts_once(tmp_path: Path) -> None:
    """Two packages are archived; the booking is refused for that once, and for another."""
    archived = [
        package(name, credit("facial"), status=PackageStatus.ARCHIVED) for name in ("p1", "p2")
    ]
    away = replace(visit(0, *archived), client=Client(id="ana"))
    path = write_lines(tmp_path / "year.jsonl", [away])

    for carry in (False, True):
        assert (("client_not_logged_in", 1), ("package_archived", 1)) == (
            replay(path, ONLINE, carry=carry).first.reasons
        )

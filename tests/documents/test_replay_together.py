"""Replay with carry: which lines belong together, though they name different clients (D69)."""

from collections import Counter
from dataclasses import replace
from itertools import accumulate
from pathlib import Path

import pytest

from pkgredeem import Act, Case, Client, Decision
from pkgredeem.documents.replay import Replay, Survey, replay, survey
from pkgredeem.documents.replay._group import Group
from tests.helpers.histories import IN_STORE, ActLine, Line, five, visit, write_lines
from tests.helpers.support import HOUR, NOW, credit, package

#: A client without a package, beside one of somebody else: refused for both.
NOT_HERS = (("no_package", 1), ("package_of_another_client", 1))


def together(tmp_path: Path, *lines: Line) -> Replay:
    """Return the replay of lines that are one group: one shard has them all."""
    path = write_lines(tmp_path / "year.jsonl", lines)
    assert [len(lines)] == [len(shard) for shard in survey(path).shards(9)]
    return replay(path, IN_STORE, carry=True)


def test_whoever_a_package_is_of_belongs_to_the_line_that_tells_it(tmp_path: Path) -> None:
    """Ana's line tells Beth's package, which pays for Beth, whose line tells none."""
    told = visit(0, five(client_id="beth"))
    found = together(tmp_path, told, visit(1, client="beth"))

    assert (1, NOT_HERS) == (found.first.eligible, found.first.reasons)


def test_whoever_shares_a_package_belongs_to_the_line_that_tells_it(tmp_path: Path) -> None:
    """Ana's line takes the only credit, so that none is left for Beth, whose line tells none."""
    told = visit(0, five(1, shared_with=["beth"]))
    found = together(tmp_path, told, visit(1, client="beth"))

    assert (1, (("package_used_up", 1),)) == (found.first.eligible, found.first.reasons)


def test_a_pick_belongs_to_the_package_that_it_names(tmp_path: Path) -> None:
    """Beth's line picks Ana's package by its id, and is told that it isn't hers."""
    found = together(tmp_path, visit(0, five()), visit(1, client="beth", only=["p1"]))

    assert (1, NOT_HERS) == (found.first.eligible, found.first.reasons)


def test_what_is_exchanged_belongs_to_the_package_that_paid_for_it(tmp_path: Path) -> None:
    """Its credit returns to the package that is Beth's by now, and pays for her next visit."""
    paid = package("p9", credit("facial", id="main"))
    old = IN_STORE.decide_case(visit(0, paid)).redemption
    hers = package("p9", credit("facial", left=0, id="main"), client_id="beth")
    found = together(
        tmp_path,
        visit(1, hers, client="beth"),
        visit(2, five(), existing=old),
        visit(3, client="beth"),
    )

    assert (2, (("package_used_up", 1),), 1) == (
        found.first.eligible,
        found.first.reasons,
        found.first.credits_returned,
    )


def test_guests_who_name_nothing_in_common_stay_apart(tmp_path: Path) -> None:
    """Each is a group of one line, so that three processes have a line each."""
    lines = [replace(visit(number), client=Client.guest()) for number in range(3)]
    path = write_lines(tmp_path / "year.jsonl", lines)

    assert [1, 1, 1] == [len(shard) for shard in survey(path).shards(3)]


def test_no_more_shards_are_made_than_are_asked_for(tmp_path: Path) -> None:
    """Three guests in two parts: two of them in the first."""
    lines = [replace(visit(number), client=Client.guest()) for number in range(3)]
    path = write_lines(tmp_path / "year.jsonl", lines)

    assert [2, 1] == [len(shard) for shard in survey(path).shards(2)]


def test_ranges_know_together_what_the_whole_file_knows(tmp_path: Path) -> None:
    """Ana and Beth share a package, and Ana exchanges a booking: wherever the file is cut."""
    old = IN_STORE.decide_case(visit(0, five())).redemption
    lines = [
        visit(0, five()),
        visit(1, five(), client="beth"),
        visit(2, five(), existing=old),
        visit(3, five(), client="beth"),
    ]
    path = write_lines(tmp_path / "year.jsonl", lines)
    whole = survey(path).shards(9)
    edges = [*accumulate(len(line) for line in path.read_bytes().splitlines(keepends=True))]

    assert [4] == [len(shard) for shard in whole]
    for edge in edges:
        parts = [survey(path, stop=edge), survey(path, start=edge)]
        assert whole == Survey.merged(parts).shards(9)


def test_clients_of_one_package_are_together_from_one_range_to_the_next(tmp_path: Path) -> None:
    """Ana's line is in the first; Beth, to whom it was given, tells it in the second."""
    lines = [visit(0, five()), visit(1, five(client_id="beth"), client="beth")]
    path = write_lines(tmp_path / "year.jsonl", lines)
    edge = path.read_bytes().index(b"\n") + 1
    parts = [survey(path, stop=edge), survey(path, start=edge)]

    assert [1, 1] == [len(part) for part in parts]
    assert [2] == [len(shard) for shard in Survey.merged(parts).shards(9)]


def test_a_booking_and_what_is_exchanged_for_it_are_together(tmp_path: Path) -> None:
    """Also in a file that says of one that it is Ana's and of the other that it is Beth's."""
    hers = package("p9", credit("facial", id="main"), client_id="beth")
    old = IN_STORE.decide_case(visit(0, hers, client="beth")).redemption
    lines = [visit(0, five()), visit(1, hers, client="beth", existing=old)]

    together(tmp_path, *lines)


def test_of_what_no_further_line_names_nothing_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A booking is forgotten after its last line, and with a new group all that was before it."""
    groups: list[Group] = []
    forgotten: list[str] = []
    decide, forget = Group.decide, Group.forget

    def noted_decide(self: Group, case: Case) -> list[Decision]:
        groups.append(self)
        return decide(self, case)

    def noted_forget(self: Group, booking_id: str) -> None:
        forgotten.append(booking_id)
        forget(self, booking_id)

    monkeypatch.setattr(Group, "decide", noted_decide)
    monkeypatch.setattr(Group, "forget", noted_forget)
    back = ActLine(act=Act.CANCEL, booking_id="b0", now=NOW + 2 * HOUR)
    hers = package("p9", credit("facial", id="main"), client_id="beth")
    lines: list[Line] = [visit(0, five()), visit(1, five()), back, visit(3, hers, client="beth")]
    replay(write_lines(tmp_path / "year.jsonl", lines), IN_STORE, carry=True)
    (first, second, other) = groups

    assert first is second
    assert first is not other
    assert {"b0": 1, "b1": 1, "b3": 1} == Counter(forgotten)
    assert forgotten.index("b1") < forgotten.index("b0")

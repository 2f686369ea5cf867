"""Replay with carry: which lines belong together, though they name different clients (D69)."""

from dataclasses import replace
from pathlib import Path

from pkgredeem import Client
from pkgredeem.documents.replay import Replay, replay, survey
from tests.helpers.histories import IN_STORE, Line, five, visit, write_lines
from tests.helpers.support import credit, package

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

"""Replay with carry: what a package has beyond its credits goes on from line to line, too."""

from datetime import time
from pathlib import Path

from pkgredeem import (
    Case,
    Hours,
    Package,
    RedemptionPolicy,
    Restrictions,
    Scope,
    clauses,
    rule,
    rules,
)
from pkgredeem.documents.replay import Tally, replay
from tests.helpers.histories import IN_STORE, five, visit, write_lines
from tests.helpers.support import credit, package, restricted


@rule(
    Scope.PACKAGE,
    clauses=[clauses.D66],
    message="the package was used before",
    advice="take another",
    reads=["uses"],
)
def used_before(_: Case, package: Package) -> bool:
    """The package was used before, as a rule of one's own may ask."""
    return bool(package.uses)


ONCE = RedemptionPolicy(rules.IN_STORE.including(used_before))


def tally(tmp_path: Path, policy: RedemptionPolicy, *lines: Case) -> Tally:
    """Return what a replay with carry counts."""
    found = replay(write_lines(tmp_path / "year.jsonl", lines), policy, carry=True)
    assert (len(lines), 0) == (found.lines, found.unreadable)
    return found.first


def test_a_rule_that_reads_uses_is_asked_about_those_of_lines_before(tmp_path: Path) -> None:
    """Told again or left out, the package has been used; each line says that it has not."""
    found = tally(tmp_path, ONCE, visit(0, five()), visit(1, five()), visit(2))

    assert (1, (("used_before", 2),)) == (found.eligible, found.reasons)


def test_what_a_line_leaves_out_keeps_its_restrictions(tmp_path: Path) -> None:
    """An entitlement for mornings stays one when a later line tells of another alone."""
    mornings = Restrictions(hours=[Hours(days=range(1, 8), opens=time(0), closes=time(1))])
    both = package(
        "p1",
        credit("facial", left=5, id="main"),
        restricted("mask", id="masks", remaining=5, restrictions=mornings),
    )
    found = tally(
        tmp_path, IN_STORE, visit(0, both), visit(1, five(), service="mask"), visit(2, five())
    )

    assert (2, (("outside_hours", 1),)) == (found.eligible, found.reasons)

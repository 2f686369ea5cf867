"""A replay in a terminal: tables with a column for each rulebook, and sentences below them."""

from collections.abc import Callable
from typing import Final

from pkgredeem.cli._rows import BLANK, Grid, Row, text_row
from pkgredeem.documents.replay import Replay, Tally

_CELLS: Final[dict[str, Callable[[Tally], str]]] = {
    "bookings": lambda tally: f"{tally.decided:,}",
    "eligible": lambda tally: f"{tally.eligible:,} ({tally.share_eligible:.1%})",
    "refused": lambda tally: f"{tally.refused:,}",
    "deposits not collected": lambda tally: f"{tally.deposits_waived:,}",
    "cards not captured": lambda tally: f"{tally.cards_bypassed:,}",
    "credits drawn": lambda tally: f"{tally.credits:,}",
}
_CARRIED: Final[dict[str, Callable[[Tally], str]]] = {
    "credits returned": lambda tally: f"{tally.credits_returned:,}",
}
_REPEATED: Final[dict[str, Callable[[Tally], str]]] = {
    "asked again": lambda tally: f"{tally.repeated:,}",
}
_RECORDED: Final[dict[str, Callable[[Tally], str]]] = {
    "compared": lambda tally: f"{tally.reproduction.compared:,}",
    "reproduced": lambda tally: f"{tally.reproduction.reproduced:,}",
    "of another rulebook": lambda tally: f"{tally.reproduction.other_rulebook:,}",
}


def rows(result: Replay) -> list[Row | Grid]:
    """Return what is shown of a replay."""
    tallies = result.tallies
    names = [tally.rulebook for tally in tallies]
    cells = _CELLS | (_CARRIED if result.carried else {})
    cells |= _REPEATED if any(tally.repeated for tally in tallies) else {}
    shown: list[Row | Grid] = [_grid("", names, "bold", _cells(cells, tallies)), BLANK]
    for heading, style, table in (
        ("reason", "red", _counts([dict(tally.reasons) for tally in tallies])),
        ("act", "bold", _counts([acts_of(tally) for tally in tallies])),
        ("recorded decision", "bold", _recorded(tallies)),
    ):
        if table:
            shown += [_grid(heading, names, style, table), BLANK]
    if result.second is not None:
        for name, count in (
            (result.first.rulebook, result.only_first),
            (result.second.rulebook, result.only_second),
        ):
            label = f"eligible under {name} only: "
            shown.append(Row(f"{label}{count:,}", [((label, ""), (f"{count:,}", "bold"))]))
    for tally in tallies:
        for number, text in tally.reproduction.examples:
            shown.append(text_row(f"{tally.rulebook}, line {number:,}: {text}"))
        if tally.impossible:
            text = f"{impossible_in_words(tally)}; give --carry to go on from what was drawn"
            shown.append(text_row(f"{tally.rulebook}: {text}", "bold yellow"))
    return shown


def acts_of(tally: Tally) -> dict[str, int]:
    """Return how often each act was done, and how many acts were refused."""
    refused = {"refused": tally.acts_refused} if tally.acts_refused else {}
    return dict(tally.acts) | refused


def impossible_in_words(tally: Tally) -> str:
    """Return why the eligible bookings can't all be true, by the package that shows it best."""
    worst, *others = tally.overdrawn
    told = f"package {worst.package_id} holds {worst.held:,} and pays for {worst.drawn:,}"
    if others:
        told += f", and {len(others):,} more {'is' if len(others) == 1 else 'are'} like it"
    eligible = in_words(tally.eligible, "eligible booking")
    return f"{tally.impossible:,} of {eligible} can't be true: {told}"


def in_words(number: int, noun: str) -> str:
    """Return a number of things."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _cells(cells: dict[str, Callable[[Tally], str]], tallies: list[Tally]) -> list[list[str]]:
    return [[label, *map(cell, tallies)] for label, cell in cells.items()]


def _counts(counts: list[dict[str, int]]) -> list[list[str]]:
    keys = sorted({key for count in counts for key in count})
    return [[key, *(f"{count.get(key, 0):,}" for count in counts)] for key in keys]


def _recorded(tallies: list[Tally]) -> list[list[str]]:
    found = [tally.reproduction for tally in tallies]
    if not any(one.compared or one.other_rulebook for one in found):
        return []
    differences = _counts([dict(one.differences) for one in found])
    told = [[f"differs in {key}", *counts] for key, *counts in differences]
    return [*_cells(_RECORDED, tallies), *told]


def _grid(heading: str, names: list[str], style: str, cells: list[list[str]]) -> Grid:
    styles = ["", *(style for _ in names)]
    return Grid([heading, *names], styles, cells)

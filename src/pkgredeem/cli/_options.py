"""The options that several commands share: rulebook, what is lifted, for whom, in which form."""

import argparse
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from pkgredeem import Audience, Rulebook, rules
from pkgredeem.cli._usage import UsageError, nearest, one_of

RULEBOOKS: Final = {
    book.name: book for book in (rules.TIMELY_2026_03, rules.TIMELY_2026_04, rules.IN_STORE)
}


class Form(StrEnum):
    """In which form the answer is written."""

    TEXT = "text"
    JSON = "json"


def add_rulebook(parser: argparse.ArgumentParser) -> None:
    """Add `--rulebook NAME`."""
    parser.add_argument(
        "--rulebook",
        type=rulebook_named,
        default=rules.TIMELY_2026_03,
        metavar="NAME",
        help=f"one of {', '.join(RULEBOOKS)} (default: {rules.TIMELY_2026_03.name})",
    )


def add_without(parser: argparse.ArgumentParser) -> None:
    """Add `--without CODE`, which may be given several times."""
    parser.add_argument(
        "--without",
        action="append",
        default=[],
        metavar="CODE",
        help="lift the rule of that code; may be given several times",
    )


def add_audience(parser: argparse.ArgumentParser) -> None:
    """Add `--audience staff|client`."""
    parser.add_argument(
        "--audience",
        type=one_of(Audience),
        default=Audience.STAFF,
        metavar="staff|client",
        help="whom to tell: staff everything, a client one careful sentence (default: staff)",
    )


def add_format(parser: argparse.ArgumentParser) -> None:
    """Add `--format text|json`."""
    parser.add_argument(
        "--format",
        type=one_of(Form),
        default=Form.TEXT,
        metavar="text|json",
        help="text to read, or JSON, one document a line (default: text)",
    )


def rulebook_named(name: str) -> Rulebook:
    """Return the rulebook of that name.

    Raises:
        ArgumentTypeError: there is none.
    """
    if name not in RULEBOOKS:
        told = nearest(name, RULEBOOKS)
        raise argparse.ArgumentTypeError(f"{name!r} is no rulebook: {told}")
    return RULEBOOKS[name]


def lifted(rulebook: Rulebook, codes: Iterable[str]) -> Rulebook:
    """Return the rulebook without the rules of these codes; one that is given twice is lifted once.

    Raises:
        UsageError: the rulebook has no such rule, or it can't be lifted.
    """
    known = {each.code: each for each in rulebook.rules}
    liftable = [each.code for each in rulebook.rules if each.can_be_lifted]
    chosen = list(dict.fromkeys(codes))
    for code in chosen:
        if code not in liftable:
            wrong = (
                "can't be lifted, it explains the allocation itself"
                if code in known
                else f"is no rule of {rulebook.name}"
            )
            told = nearest(code, liftable)
            raise UsageError(f"pkgredeem: argument --without: {code!r} {wrong}: {told}")
    return rulebook.without(*(known[code] for code in chosen))

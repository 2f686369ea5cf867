"""Arguments: how they are read, and the messages about those that are wrong.

A wrong word is answered with the nearest right one. Nothing here needs an extra, so that the help
and the version need none.
"""

import argparse
import textwrap
from collections.abc import Iterable
from enum import StrEnum
from typing import NoReturn

from pkgredeem._model.escape import escape_control_characters
from pkgredeem._model.nearest import nearest_word


class UsageError(Exception):
    """The arguments are wrong; its text is the message to print."""


class Parser(argparse.ArgumentParser):
    """A parser that raises its errors, safe to print, instead of ending the process."""

    def error(self, message: str) -> NoReturn:
        """Refuse the arguments.

        Raises:
            UsageError: always.
        """
        raise UsageError(f"{self.format_usage()}{self.prog}: {escape_control_characters(message)}")


class Help(argparse.HelpFormatter):
    """Help that breaks its lines between words, never inside a name such as `in-store`."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        return textwrap.wrap(text, width, break_on_hyphens=False)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return textwrap.fill(
            text, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
        )


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return, as the end of a message, the nearest known word, or all of them if none is near."""
    words = list(known)
    near = nearest_word(word, words)
    return f"give one of {', '.join(words)}" if near is None else f"did you mean {near}?"


def add_word(
    parser: argparse.ArgumentParser,
    option: str,
    words: type[StrEnum],
    text: str,
    *,
    default: StrEnum | None,
) -> None:
    """Add an option that is one of the words; without a default it has to be given."""

    def read(word: str) -> StrEnum:
        try:
            return words(word)
        except ValueError:
            hint = did_you_mean(word, words)
            raise argparse.ArgumentTypeError(f"{word!r} is none of the words: {hint}") from None

    parser.add_argument(
        option,
        type=read,
        required=default is None,
        default=default,
        metavar="|".join(words),
        help=text,
    )

"""Arguments: how they are read, and the messages about those that are wrong.

A wrong word is answered with the nearest right one. Nothing here needs an extra, so that the help
and the version need none.
"""

import argparse
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import NoReturn, TypeVar

from pkgredeem._model.escape import escape_control_characters
from pkgredeem._model.nearest import nearest_word

_Word = TypeVar("_Word", bound=StrEnum)


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


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return, as the end of a message, the nearest known word, or all of them if none is near."""
    words = list(known)
    near = nearest_word(word, words)
    return f"give one of {', '.join(words)}" if near is None else f"did you mean {near}?"


def one_of(words: type[_Word]) -> Callable[[str], _Word]:
    """Return a function that reads an argument as a member of the enum."""

    def read(text: str) -> _Word:
        try:
            return words(text)
        except ValueError:
            hint = did_you_mean(text, [word.value for word in words])
            raise argparse.ArgumentTypeError(f"{text!r} is none of the words: {hint}") from None

    return read

"""Long lines on a terminal, broken between words; a file or a pipe gets each of them whole."""

import shutil
import textwrap
from typing import Final, TextIO

_FURTHER: Final = "  "


def wrapped(text: str, stream: TextIO | None) -> str:
    """Return the text with its lines as long as the stream's terminal is wide, or as they are.

    What follows the break of a line stands under it, a little further in. A line of JSON is left
    whole, so that it can be copied; so is a word that is longer than a line.
    """
    if stream is None or not stream.isatty():
        return text
    width = shutil.get_terminal_size().columns
    return "\n".join(_wrapped_line(line, width) for line in text.split("\n"))


def _wrapped_line(line: str, width: int) -> str:
    beginning = line.lstrip()
    if len(line) <= width or beginning.startswith(('"', "{", "[")):
        return line
    indent = line[: len(line) - len(beginning)] + _FURTHER
    return "\n".join(
        textwrap.wrap(
            line,
            width,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
            replace_whitespace=False,
        )
    )

"""The command `pkgredeem`: decides case documents, cancels them, and shows the rulebooks.

An edge: it needs the extra `cli` (rich, and what `pkgredeem.documents` needs). Importing it needs
neither: only the command that is asked for loads them, and says what to install when they are
missing. Each command is one file here and one line in `_commands`.
"""

import contextlib
import os
import sys
from collections.abc import Sequence
from typing import Final, TextIO

from pkgredeem._model.extras import MissingExtraError, extra
from pkgredeem.cli import _commands
from pkgredeem.cli._usage import UsageError
from pkgredeem.cli._wrapping import wrapped

__all__ = ["main"]

#: What a shell reports of a command that Ctrl-C has ended, and of one whose reader has gone.
INTERRUPTED: Final = 130
READER_GONE: Final = 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status.

    Args:
        argv: the arguments after the command's own name; None takes those of the process.

    Returns:
        0, or 1 when something is refused, fails, differs or is odd. 2 for bad input or usage, or
        when the extra `cli` is missing; what is wrong is on standard error. 3 when `diff` found no
        case though the texts differ. 130 after Ctrl-C, and 141 when whoever reads the output has
        gone, both without a word.

    Example:
        >>> main(["rules", "--rulebook", "in-store"])  # doctest: +ELLIPSIS
        rulebook in-store: no account starts switched on by itself
        <BLANKLINE>
        package: package_of_another_client [T12 D03 D04] The package was not sold to this client.
        ...
        0
    """
    try:
        status = _run(sys.argv[1:] if argv is None else argv)
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except KeyboardInterrupt:
        status = INTERRUPTED
    except BrokenPipeError:
        _abandon(sys.stdout, sys.stderr)
        status = READER_GONE
    except OSError as error:  # an input that can't be read is reported there: this is the output
        _abandon(sys.stdout)
        reason = (error.strerror or str(error)).lower()
        with contextlib.suppress(OSError):
            _complain(f"pkgredeem: the output can't be written: {reason}")
        status = 2
    return status


def _run(argv: Sequence[str]) -> int:
    try:
        with extra("cli"):
            return _commands.run(argv)
    except UsageError as error:
        _complain(str(error))
    except MissingExtraError as error:
        _complain(f"pkgredeem: {error}")
    except SystemExit as stop:  # argparse has printed its help or the version
        return int(stop.code or 0)
    return 2


def _complain(text: str) -> None:
    text = wrapped(text, sys.stderr)
    print(text, file=sys.stderr)  # noqa: T201  (it does nothing where standard error is closed)


def _abandon(*streams: TextIO | None) -> None:
    """Discard what is still buffered for these streams, so that the exit does not fail."""
    for stream in streams:
        if stream is None:
            continue
        with contextlib.suppress(OSError, ValueError):
            null = os.open(os.devnull, os.O_WRONLY)
            try:
                os.dup2(null, stream.fileno())
            finally:
                os.close(null)

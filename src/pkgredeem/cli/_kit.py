"""What the commands of the verification kit share: which policy is asked, how a page is written."""

import argparse
import json
import os
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from typing import Protocol

from pkgredeem import InvalidValueError, RedemptionPolicy
from pkgredeem.cli._options import lifted
from pkgredeem.cli._output import Screen
from pkgredeem.cli._usage import UsageError, clean, one_of
from pkgredeem.testing._choosing import policy_of


class Form(StrEnum):
    """In which form a page is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


class Page(Protocol):
    """What the kit answers with."""

    def to_text(self) -> str:
        """Return it in plain text."""
        ...

    def to_markdown(self) -> str:
        """Return it in Markdown."""
        ...

    def to_dict(self) -> Mapping[str, object]:
        """Return it as plain values."""
        ...


def add_policy(parser: argparse.ArgumentParser) -> None:
    """Add `--rulebook NAME`, `--policy MODULE:NAME` and `--without CODE`."""
    parser.add_argument("--rulebook", metavar="NAME", help="a rulebook of the library, by its name")
    parser.add_argument(
        "--policy", metavar="MODULE:NAME", help="a RedemptionPolicy or a Rulebook of your own"
    )
    parser.add_argument(
        "--without",
        action="append",
        default=[],
        metavar="CODE",
        help="lift the rule of that code; may be given several times",
    )


def add_form(parser: argparse.ArgumentParser) -> None:
    """Add `--format text|markdown|json`."""
    parser.add_argument(
        "--format",
        type=one_of(Form),
        default=Form.TEXT,
        metavar="text|markdown|json",
        help="text to read, Markdown, or JSON on one line (default: text)",
    )


def chosen_policy(arguments: argparse.Namespace) -> RedemptionPolicy:
    """Return the policy that the arguments choose.

    Raises:
        UsageError: they choose none.
    """
    policy = _policy(rulebook=arguments.rulebook, policy=arguments.policy)
    return RedemptionPolicy(lifted(policy.rulebook, arguments.without))


def named_policy(name: str) -> RedemptionPolicy:
    """Return the policy of a word: a rulebook of the library, or MODULE:NAME of one's own.

    Raises:
        UsageError: there is none.
    """
    return _policy(policy=name) if ":" in name else _policy(rulebook=name)


def write(page: Page, form: Form) -> None:
    """Write a page to standard output; long lines stay whole."""
    screen = Screen.of_process()
    if form is Form.JSON:
        screen.say_plainly(json.dumps(page.to_dict()))
        return
    lines = (page.to_markdown() if form is Form.MARKDOWN else page.to_text()).split("\n")
    screen.out.write(screen.out.encodable("\n".join(map(clean, lines)) + "\n"))


def _policy(*, rulebook: str | None = None, policy: str | None = None) -> RedemptionPolicy:
    try:
        with _from_here():
            return policy_of(rulebook=rulebook, policy=policy)
    except (InvalidValueError, ImportError) as error:
        raise UsageError(f"pkgredeem: {clean(str(error))}") from None
    except (Exception, SystemExit) as error:  # noqa: BLE001 - an import may raise anything
        told = f"{type(error).__name__}: {error}"
        raise UsageError(f"pkgredeem: {policy} can't be imported: {clean(told)}") from None


@contextmanager
def _from_here() -> Generator[None, None, None]:
    """Let modules of the current folder be imported, as `python -m` does."""
    here = os.getcwd()  # noqa: PTH109  (sys.path holds texts)
    sys.path.insert(0, here)
    try:
        yield
    finally:
        sys.path.remove(here)

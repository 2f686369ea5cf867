"""Mutants that change no answer, each with its reason: what `harmless.toml` says.

It imports nothing of the tests, since `mutating` runs it as it is.
"""

import tomllib
from pathlib import Path
from typing import NamedTuple

HARMLESS = Path(__file__).with_suffix(".toml")


class Mutant(NamedTuple):
    """One small change: the function, the line that was there, and the line in its place."""

    function: str
    before: str
    after: str


def known_as_harmless() -> dict[Mutant, str]:
    """Return the mutants that change no answer, each with the reason."""
    listed = tomllib.loads(HARMLESS.read_text(encoding="utf-8"))["mutant"]
    return {
        Mutant(each["function"], each["before"], each["after"]): each["reason"] for each in listed
    }


def described(name: str, diff: str) -> Mutant:
    """Return what a mutant changes, by the name that mutmut gives it and what differs."""
    module, _, mangled = name.rpartition("__mutmut_")[0].rpartition(".")
    function = mangled.removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")
    changed = [each for each in diff.splitlines() if not each.startswith(("---", "+++"))]
    before, after = (
        " ".join(each[1:].strip() for each in changed if each.startswith(sign)) for sign in "-+"
    )
    return Mutant(f"{module.removeprefix('pkgredeem.')}.{function}", before, after)

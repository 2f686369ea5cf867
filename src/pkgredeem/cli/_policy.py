"""The policy that the arguments choose: a rulebook of the library, or a policy of one's own.

A policy of one's own is imported as `python -m` would import it: the current folder comes first.
"""

import argparse
import os
import sys
from collections.abc import Iterable
from typing import Final

from pkgredeem import (
    Case,
    ClosedRedemptionError,
    Decision,
    InvalidValueError,
    RedemptionPolicy,
    Rulebook,
    rules,
)
from pkgredeem._model.escape import escape_control_characters
from pkgredeem.cli._inputs import UnreadableError
from pkgredeem.cli._usage import UsageError, did_you_mean
from pkgredeem.documents import policy_by_name
from pkgredeem.rules._by_name import RULEBOOKS

_DEFAULT: Final = rules.TIMELY_2026_03


def add_rulebook(parser: argparse.ArgumentParser, default: Rulebook | None = _DEFAULT) -> None:
    """Add `--rulebook NAME`, one of the library's own; *default* stands when it is not given."""
    parser.add_argument(
        "--rulebook",
        type=_rulebook_by_name,
        default=default,
        metavar="NAME",
        help=f"one of {', '.join(RULEBOOKS)} (default: {_DEFAULT.name})",
    )


def add_policy(parser: argparse.ArgumentParser) -> None:
    """Add `--rulebook NAME`, `--policy MODULE:NAME` and `--without CODE`, for `chosen_policy`."""
    add_rulebook(parser, default=None)
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


def chosen_policy(arguments: argparse.Namespace) -> RedemptionPolicy:
    """Return the policy that the arguments choose.

    Raises:
        UsageError: they choose no policy.
    """
    rulebook: Rulebook | None = arguments.rulebook
    if arguments.policy is not None:
        if rulebook is not None:
            raise UsageError("pkgredeem: give either --rulebook or --policy")
        rulebook = _imported(arguments.policy).rulebook
    return RedemptionPolicy(_without(rulebook or _DEFAULT, arguments.without))


def named_policy(name: str) -> RedemptionPolicy:
    """Return the policy of a name: a rulebook of the library, or MODULE:NAME of one's own.

    Raises:
        UsageError: no policy has that name.
    """
    if ":" in name:
        return _imported(name)
    try:
        return RedemptionPolicy(_rulebook_by_name(name))
    except argparse.ArgumentTypeError as error:
        raise UsageError(f"pkgredeem: {error}") from None


def decide_case(policy: RedemptionPolicy, case: Case) -> Decision:
    """Return the decision of the policy about the case.

    Raises:
        UnreadableError: a rule can't decide about it, such as one that needs local time, or what
            is recorded in it has ended.
    """
    try:
        return policy.decide_case(case)
    except (InvalidValueError, ClosedRedemptionError) as error:
        raise UnreadableError(str(error)) from None


def _rulebook_by_name(name: str) -> Rulebook:
    if name in RULEBOOKS:
        return RULEBOOKS[name]
    hint = did_you_mean(name, RULEBOOKS)
    raise argparse.ArgumentTypeError(f"{name!r} is not a rulebook: {hint}")


def _imported(name: str) -> RedemptionPolicy:
    try:
        # As `python -m` does, let modules of the current folder be imported.
        here = os.getcwd()  # noqa: PTH109  (sys.path holds texts)
        sys.path.insert(0, here)
        try:
            return policy_by_name(policy=name)
        finally:
            sys.path.remove(here)
    except (InvalidValueError, ImportError) as error:
        problem = str(error)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - an import may raise anything
        problem = f"{name} can't be imported: {type(error).__name__}: {error}"
    if "/" in name or ".py:" in name:
        problem += ": give the name of a module, not its path, such as salon.rules:policy"
    raise UsageError(f"pkgredeem: {escape_control_characters(problem)}")


def _without(rulebook: Rulebook, codes: Iterable[str]) -> Rulebook:
    """Return the rulebook without the rules of these codes, each given once or more."""
    known = {rule.code: rule for rule in rulebook.rules}
    chosen = list(dict.fromkeys(codes))
    for code in chosen:
        if code not in known:
            liftable = [rule.code for rule in rulebook.rules if rule.can_be_lifted]
            problem = f"is not a rule of {rulebook.name}: {did_you_mean(code, liftable)}"
        elif not known[code].can_be_lifted:
            problem = "can't be lifted: it explains the allocation itself"
        else:
            continue
        raise UsageError(f"pkgredeem: argument --without: {code!r} {problem}")
    return rulebook.without(*(known[code] for code in chosen))

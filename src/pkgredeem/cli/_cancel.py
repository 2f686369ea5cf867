"""`pkgredeem cancel`: decides one case, then shows what a cancellation at some instant does."""

import argparse
import json
from datetime import datetime

from pkgredeem import (
    Actor,
    Case,
    ClosedRedemptionError,
    Decision,
    InvalidValueError,
    RedemptionPolicy,
    Settlement,
)
from pkgredeem._model.instants import format_instant
from pkgredeem._model.iso8601 import zone_of
from pkgredeem.cli._explanation import decision_rows, settlement_rows
from pkgredeem.cli._inputs import STREAM, Source, UnreadableError
from pkgredeem.cli._options import Form, add_audience, add_format
from pkgredeem.cli._output import Screen
from pkgredeem.cli._policy import add_policy, chosen_policy, decide_case
from pkgredeem.cli._rows import BLANK, text_row
from pkgredeem.cli._usage import UsageError, add_word
from pkgredeem.documents import decision_document, read_instant, settlement_document

_NOTHING = "nothing to cancel: no package pays for the booking"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("file", metavar="FILE", help="a case document; - for standard input")
    parser.add_argument(
        "--at",
        type=_instant,
        required=True,
        metavar="INSTANT",
        help="when it is cancelled, such as 2026-05-04T12:00:00+12:00",
    )
    add_word(parser, "--by", Actor, "who cancels", default=None)
    add_policy(parser)
    add_audience(parser)
    add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """Decide the case and cancel it, and return the exit status."""
    policy = chosen_policy(arguments)
    if arguments.file.endswith(STREAM):
        found = f"cancel takes one case, and {arguments.file!r} holds one a line"
        raise UsageError(f"pkgredeem: {found}: give a .json file")
    screen = Screen.of_process()
    source = Source(arguments.file)
    try:
        case = source.case()
        decision = decide_case(policy, case)
        settlement = _cancel(policy, case, decision, arguments.at, arguments.by)
    except UnreadableError as error:
        screen.problem(source.name, *error.problems)
        return 2
    audience = arguments.audience
    if arguments.format is Form.JSON:
        settled = None if settlement is None else settlement_document(settlement, audience)
        document = {"decision": decision_document(decision, audience), "settlement": settled}
        screen.say_plainly(json.dumps(document))
    else:
        moment = format_instant(arguments.at, zone_of(decision.time_zone_key))
        head = text_row(f"a cancellation by the {arguments.by} at {moment}", "bold")
        rows = [text_row(_NOTHING)] if settlement is None else settlement_rows(settlement, audience)
        screen.say(*decision_rows(decision, audience), BLANK, head, *rows)
    is_allowed = decision.eligible and settlement is not None and settlement.allowed
    return 0 if is_allowed else 1


def _instant(text: str) -> datetime:
    try:
        return read_instant(text)
    except InvalidValueError as error:
        raise argparse.ArgumentTypeError(f"must be {error.allowed}, not {text!r}") from None


def _cancel(
    policy: RedemptionPolicy, case: Case, decision: Decision, at: datetime, by: Actor
) -> Settlement | None:
    """Return what the cancellation does; None when there is nothing to cancel.

    What is recorded is cancelled as it was recorded, whatever would be decided today (D11).
    """
    redemption = case.existing if case.is_own else decision.redemption
    if redemption is None:
        return None
    try:
        return policy.cancel(redemption, by=by, now=at, packages=case.packages)
    except (InvalidValueError, ClosedRedemptionError) as error:
        problem = str(error)
        if isinstance(error, InvalidValueError) and error.field == "now":
            problem = f"--at must be {error.allowed}, not {at.isoformat(' ')}"
        raise UnreadableError(problem) from None

"""`pkgredeem cancel`: decides one case, then shows what a cancellation at some instant does."""

import argparse
import json
from datetime import datetime

from pkgredeem import (
    Actor,
    Case,
    Decision,
    InvalidValueError,
    PkgRedeemError,
    Redemption,
    RedemptionPolicy,
    Settlement,
)
from pkgredeem._model.instants import format_instant
from pkgredeem.cli._explanation import decision_rows, settlement_rows
from pkgredeem.cli._inputs import STREAM, Source, UnreadableError
from pkgredeem.cli._options import Form, add_audience, add_format
from pkgredeem.cli._output import BLANK, Row, Screen
from pkgredeem.cli._policy import add_policy, chosen_policy, decide_case
from pkgredeem.cli._usage import UsageError, one_of
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
    parser.add_argument(
        "--by",
        type=one_of(Actor),
        required=True,
        metavar="client|business",
        help="who cancels",
    )
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
        for problem in error.problems:
            screen.problem(source.name, problem)
        return 2
    if arguments.format is Form.JSON:
        document = {
            "decision": decision_document(decision, arguments.audience),
            "settlement": None
            if settlement is None
            else settlement_document(settlement, arguments.audience),
        }
        screen.say_plainly(json.dumps(document))
    else:
        screen.say(*decision_rows(decision, arguments.audience), BLANK)
        moment = format_instant(arguments.at, decision.time_zone)
        head = f"a cancellation by the {arguments.by} at {moment}"
        screen.say(Row(head, [[(head, "bold")]]))
        if settlement is None:
            screen.say(Row(_NOTHING, [[(_NOTHING, "")]]))
        else:
            screen.say(*settlement_rows(settlement, arguments.audience))
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
    _check_order(redemption, at)
    try:
        return policy.cancel(redemption, by=by, now=at, packages=case.packages)
    except PkgRedeemError as error:
        raise UnreadableError(str(error)) from None


def _check_order(redemption: Redemption, at: datetime) -> None:
    if at < redemption.booked_at:
        allowed = f"{redemption.booked_at.isoformat()}, when it is booked, or later"
        raise UnreadableError(f"--at must be {allowed}, not {at.isoformat()}")

"""`pkgredeem test DIR`: runs scenario files, as the pytest plugin does, without pytest."""

import argparse
import json

from pkgredeem import RedemptionPolicy
from pkgredeem.cli._options import Form, add_format
from pkgredeem.cli._output import Screen
from pkgredeem.cli._policy import add_policy, chosen_policy
from pkgredeem.cli._rows import BLANK, text_row
from pkgredeem.cli._usage import UsageError
from pkgredeem.testing import Scenario, ScenarioFileError, load_scenarios, run_scenario


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument(
        "path", nargs="+", metavar="DIR", help="folders with *.redeem.toml files, or such files"
    )
    add_policy(parser)
    add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run them, and return the exit status: 0 when all are as expected, 1 when one is not."""
    policy = chosen_policy(arguments)
    scenarios = [scenario for path in arguments.path for scenario in scenarios_of(path, policy)]
    as_json = arguments.format is Form.JSON
    screen = Screen.of_process()
    failed = 0
    for scenario in scenarios:
        text, is_passed = _outcome(scenario, as_json=as_json)
        failed += not is_passed
        if as_json:
            screen.say_plainly(text)
        elif not is_passed:
            screen.say(*map(text_row, text.split("\n")), BLANK)
    if not as_json:
        style = "bold red" if failed else "bold green"
        screen.say(text_row(f"{len(scenarios) - failed} passed, {failed} failed", style))
    return 1 if failed else 0


def scenarios_of(path: str, policy: RedemptionPolicy) -> tuple[Scenario, ...]:
    """Return the scenarios of a folder or a file, one or more.

    Raises:
        UsageError: the folder holds none, or a file can't be read.
    """
    try:
        found = load_scenarios(path, policy=policy)
    except ScenarioFileError as error:
        raise UsageError(str(error)) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"pkgredeem: {path!r} can't be read: {reason}") from None
    if not found:
        raise UsageError(f"pkgredeem: {path!r} holds no scenario: give a folder of *.redeem.toml")
    return found


def _outcome(scenario: Scenario, *, as_json: bool) -> tuple[str, bool]:
    """Return its result and whether it passed; an exception in a rule fails it."""
    try:
        result = run_scenario(scenario)
    except Exception as error:  # noqa: BLE001  (whatever a caller's own rule raises)
        raised = f"{type(error).__name__}: {error}"
        if not as_json:
            return f"{scenario.place}: {scenario.name}\n  raised {raised}", False
        where = {"file": str(scenario.path), "line": scenario.line, "name": scenario.name}
        return json.dumps({**where, "passed": False, "raised": raised}), False
    return json.dumps(result.to_dict()) if as_json else result.to_text(), result.passed

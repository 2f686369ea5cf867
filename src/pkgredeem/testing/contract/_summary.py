"""Lists at the end of a run of pytest what the limits of each store contract have left out.

Two hooks of the plugin. What was left out travels with the report of its test, so that it arrives
from other processes as well.
"""

from collections import defaultdict
from typing import TYPE_CHECKING, Final, cast

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pkgredeem.testing.contract._kit import Kit

_PROPERTY: Final = "pkgredeem_left_out"
_FEW: Final = 3

_Report = pytest.TestReport | pytest.CollectReport
#: Of each limit of a contract: the facts that were left out, and the tests that did without.
_LeftOut = dict[str, dict[tuple[str, ...], list[str]]]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """Put what was left out of a test into its report."""
    contract = cast("Kit | None", getattr(item, "instance", None))
    left_out = getattr(contract, "left_out_by_limits", ())
    if left_out and call.when == "call":
        item.user_properties.append((_PROPERTY, [list(one) for one in left_out]))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say for each contract what was not tried, and why."""
    found: dict[str, _LeftOut] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for outcome in ("passed", "failed", "skipped"):
        for report in cast("list[_Report]", terminalreporter.stats.get(outcome, [])):
            if isinstance(report, pytest.CollectReport):  # of a module that is skipped whole
                continue
            contract, _, test = report.nodeid.rpartition("::")
            for limit, facts in _left_out_of(report).items():
                found[contract][limit][() if report.skipped else facts].append(test)
    if found:
        terminalreporter.section("store contracts: what was not tried")
    for contract, limits in sorted(found.items()):
        terminalreporter.line(contract)
        for limit, tests_by_facts in sorted(limits.items()):
            terminalreporter.line(f"  {limit}")
            for facts, tests in sorted(tests_by_facts.items()):
                if facts:
                    terminalreporter.line(f"    without {_few(facts)}: {_few(sorted(tests))}")
                else:
                    terminalreporter.line(f"    not at all: {', '.join(sorted(tests))}")


def _left_out_of(report: pytest.TestReport) -> dict[str, tuple[str, ...]]:
    """Return for each limit what it has left out of a test, each thing once."""
    found: dict[str, dict[str, None]] = {}
    for name, value in report.user_properties:
        if name == _PROPERTY and report.when == "call":
            told = cast("list[tuple[str, str]]", value)
            for limit, fact in told[-1:] if report.skipped else told:  # the last is why
                found.setdefault(limit, {})[fact] = None
    return {limit: tuple(facts) for limit, facts in found.items()}


def _few(names: "Sequence[str]") -> str:
    more = len(names) - _FEW
    return ", ".join(names[:_FEW]) + (f" and {more} more" if more > 0 else "")

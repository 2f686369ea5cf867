"""The pytest plugin: each scenario of a `*.redeem.toml` file is a test, and limits are listed.

pytest loads it wherever pkgredeem is installed, so that it imports next to nothing: what reads
documents is imported when the first scenario file is collected, and hypothesis never::

    pytest --redeem-rulebook timely-2026-04       a rulebook of the library, by its name
    pytest --redeem-policy salon.rules:policy     a policy or rulebook of your own

`redeem_rulebook` and `redeem_policy` say the same in pytest's configuration. At the end of a run it
lists what the limits of store contracts have left out.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, final

import pytest

from pkgredeem.testing.contract._summary import pytest_runtest_makereport, pytest_terminal_summary

if TYPE_CHECKING:
    from _pytest._code.code import TracebackStyle

    from pkgredeem import RedemptionPolicy
    from pkgredeem.testing.scenarios._values import Scenario

__all__ = ["pytest_runtest_makereport", "pytest_terminal_summary"]  # pytest calls them here

_ENDING: Final = ".redeem.toml"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that choose which policy scenarios are asked of."""
    group = parser.getgroup("pkgredeem", "scenarios of package redemption")
    shipped = "timely-2026-03, timely-2026-04, online or in-store"
    for name, text in (
        ("rulebook", f"ask scenarios of this rulebook: {shipped}"),
        ("policy", "ask scenarios of your own policy or rulebook: package.module:name"),
    ):
        group.addoption(f"--redeem-{name}", default=None, metavar="NAME", help=text)
        parser.addini(
            f"redeem_{name}", f"{text}; the option --redeem-{name} comes first", default=""
        )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "ScenarioFile | None":
    """Collect scenario files."""
    if file_path.name.endswith(_ENDING):
        return ScenarioFile.from_parent(  # pyright: ignore[reportUnknownMemberType]  (pytest's)
            parent, path=file_path
        )
    return None


@final
class ScenarioFile(pytest.File):
    """A scenario file; its scenarios are its tests."""

    def collect(self) -> Iterator["ScenarioItem"]:
        """Read the file.

        Raises:
            CollectError: the file or an option is wrong, or the extra `documents` is not installed.
        """
        try:
            from pkgredeem.testing.scenarios._run import load_scenarios  # noqa: PLC0415  (only now)
        except ModuleNotFoundError as error:
            message = f"{self.path.name} needs {error.name}: pip install 'pkgredeem[testing]'"
            raise self.CollectError(message) from None
        from pkgredeem import InvalidValueError  # noqa: PLC0415  (only now)

        try:
            scenarios = load_scenarios(self.path, policy=_policy(self.config))
        except (InvalidValueError, ImportError) as error:
            raise self.CollectError(str(error)) from None
        for scenario in scenarios:
            yield ScenarioItem.from_parent(  # pyright: ignore[reportUnknownMemberType]  (pytest's)
                self, name=scenario.name, scenario=scenario
            )


@final
class ScenarioItem(pytest.Item):
    """One scenario."""

    def __init__(self, *, scenario: "Scenario", **arguments: object) -> None:
        """Take the scenario, and what pytest gives every test."""
        super().__init__(**arguments)  # type: ignore[arg-type]  # pytest's own arguments
        self.scenario = scenario

    def runtest(self) -> None:
        """Run the scenario; an exception in a rule is never an answer, and fails the test."""
        from pkgredeem.testing.scenarios._run import run_scenario  # noqa: PLC0415  (only now)

        result = run_scenario(self.scenario)
        if not result.passed:
            raise ScenarioFailure(result.to_text())

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: "TracebackStyle | None" = None
    ) -> str:
        """Return expected beside actual, without a traceback; of anything else the traceback."""
        if isinstance(excinfo.value, ScenarioFailure):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo, style))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Tell where the scenario stands."""
        return self.path, self.scenario.line - 1, self.name


@final
class ScenarioFailure(Exception):  # noqa: N818  (a failed test is no error)
    """A scenario is not as expected; its text shows how."""


def _policy(config: pytest.Config) -> "RedemptionPolicy":
    """Return the policy that the options choose, or else the configuration."""
    from pkgredeem.documents import policy_by_name  # noqa: PLC0415  (only now)

    chosen: dict[str, str | None] = {
        name: config.getoption(f"--redeem-{name}") for name in ("rulebook", "policy")
    }
    if not any(chosen.values()):
        chosen = {name: config.getini(f"redeem_{name}") for name in chosen}
    return policy_by_name(**chosen)

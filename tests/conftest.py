"""What every test shares: time zones, hypothesis profiles, and doing without a server."""

import os
import zoneinfo
from collections.abc import Callable
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, settings

# Scenario files are tests; named here, and not found by pytest, so that coverage sees it imported.
pytest_plugins = ["pkgredeem.testing.scenarios.plugin"]

# The pinned tzdata, not whatever the machine happens to have.
zoneinfo.reset_tzpath(to=())

# No deadlines: two busy cores say nothing about the code. A run is the same every time, wherever it
# runs; "draw" draws anew, and so does ./scripts/prove.
settings.register_profile("same", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("draw", deadline=None, print_blob=True)
settings.register_profile(
    "prove",
    deadline=None,
    max_examples=5_000,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


def skip_or_fail(reason: str) -> NoReturn:
    """Skip what this machine cannot run, or fail where everything is required."""
    if os.environ.get("PKGREDEEM_REQUIRE_ALL") == "1":
        pytest.fail(f"PKGREDEEM_REQUIRE_ALL=1, and {reason}", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def require_or_skip() -> Callable[[str], NoReturn]:
    """Return the function to call, with the reason, when a browser or a server is missing."""
    return skip_or_fail

"""Each test of the desk that asks for it is run on the desk of threads and on that of tasks."""

import pytest

from tests.helpers.desk_support import MakeDesk, of_tasks, of_threads


@pytest.fixture(params=[of_threads, of_tasks], ids=["threads", "tasks"])
def make(request: pytest.FixtureRequest) -> MakeDesk:
    """Make the desk of threads, then the one of tasks."""
    made: MakeDesk = request.param
    return made

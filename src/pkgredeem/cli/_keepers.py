"""Which test keeps what no single rule or function can: each clause or decision by its id.

Some clauses say what the library may never do, or how all of it behaves. Those are kept by design
tests, and a test fails when one of these is not there, or when a clause is kept by nothing.
"""

from collections.abc import Mapping
from typing import Final

_DESIGN: Final = "tests/test_keepers.py"

#: The id of a clause or decision, and the test that keeps it, as pytest names it.
KEEPERS: Final[Mapping[str, str]] = {}

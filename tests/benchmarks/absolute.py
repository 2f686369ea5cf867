"""Single things by the clock, measured by pyperf: new processes, calibrated, the median told.

pyperf measures for a tenth of a second at a time, so that on a busy machine the figures hold the
time in which something else ran. Ratios come from peers that take turns, and not from here.
"""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pyperf

from pkgredeem import (
    AccountSettings,
    Booking,
    BookingLine,
    CancellationTerms,
    Client,
    ClientLogin,
    CreditOutcome,
    Entitlement,
    Package,
    RedemptionPolicy,
    Service,
)
from pkgredeem.documents import case_document, load_case
from tests.benchmarks.questions import ELIGIBLE, REFUSED_FOR_SIX, arguments
from tests.benchmarks.timing import ROOT, THOROUGH, Effort
from tests.helpers.support import AUCKLAND, NOW, START


def build_every_value() -> dict[str, Any]:
    """Build the values of the eligible question, each of them checked, from plain data."""
    return {
        "account": AccountSettings(
            online_redemption=True,
            client_login=ClientLogin.OPTIONAL,
            cancellation=CancellationTerms(window=timedelta(days=1), late=CreditOutcome.FORFEIT),
            time_zone=AUCKLAND,
            deposit_required=True,
            card_capture=True,
        ),
        "client": Client(id="ana", logged_in=True, has_saved_card=True),
        "packages": (
            Package(
                id="p1",
                client_id="ana",
                entitlements=(Entitlement(services=("facial",), remaining=5),),
                sold_at=ELIGIBLE.packages[0].sold_at,
                valid_from=ELIGIBLE.packages[0].valid_from,
                valid_until=ELIGIBLE.packages[0].valid_until,
            ),
        ),
        "booking": Booking(id="b1", lines=(BookingLine(Service(id="facial")),), starts_at=START),
        "now": NOW,
    }


DOCUMENT: Final = json.dumps(case_document(ELIGIBLE))
_TEXT: Final = DOCUMENT.encode()


def read_document() -> object:
    """Read the case document of the eligible question, from its text to checked values."""
    return load_case(io.BytesIO(_TEXT))


decide: Final = partial(RedemptionPolicy().decide, **arguments(ELIGIBLE))
refuse: Final = partial(RedemptionPolicy().decide, **arguments(REFUSED_FOR_SIX))

MEASURED: Final[dict[str, Callable[[], object]]] = {
    "decide": decide,
    "refuse": refuse,
    "build_every_value": build_every_value,
    "read_document": read_document,
}


def medians(effort: Effort) -> dict[str, float]:
    """Return the median seconds of each, over several processes of pyperf."""
    return {name: _median(name, effort) for name in MEASURED}


def _median(name: str, effort: Effort) -> float:
    often = ["--processes", "5", "--warmups", "1"] if effort is THOROUGH else ["-l1", "-p1", "-n1"]
    with TemporaryDirectory() as folder:
        found = Path(folder) / "found.json"
        command = [sys.executable, "-m", "pyperf", "timeit", "--quiet", *often]
        command += ["-o", str(found), "-s", f"from {__name__} import {name}", f"{name}()"]
        subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        median: float = pyperf.Benchmark.load(str(found)).median()
    return median

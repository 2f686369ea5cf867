"""Reading documents beside what JSON's own reader takes for the text, and the slowest found.

A case document is read on the path of `load_case`, from the bytes of an open file; beside it stands
`json.loads` with the hook that everyone needs who refuses a key given twice. What is stored is
already parsed when `from_document` gets it; beside it stands `json.loads` of its text.
"""

import io
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from time import process_time
from typing import Any, Final

from pkgredeem import InvalidValueError, Package, Redemption, RedemptionPolicy
from pkgredeem.documents import case_document, load_case, parse_json, read_case
from pkgredeem.documents._json import LARGEST_DOCUMENT, MOST_VALUES
from tests.benchmarks.mixed import documents
from tests.benchmarks.questions import ELIGIBLE
from tests.benchmarks.timing import Effort, Timed, in_turns
from tests.helpers.documents_support import changed

READ: Final = "read"
PARSE: Final = "parse"
CASE: Final = "the case of the eligible question"
MIXED: Final = "the mixed cases"
LOCAL: Final = "a case with local days and a term"
REDEMPTION: Final = "the redemption of the eligible question"
REDEMPTIONS: Final = "redemptions of the mixed cases"
PACKAGES: Final = "packages of the mixed cases"
#: Of the mixed cases each so many-th is measured, each of them in turns of its own.
_STEP: Final = 40
_FEWEST: Final = 10
_ROUNDS_EACH: Final = 10  # of the rounds of one document, a tenth for each of many

_Peers = dict[str, Callable[[], object]]


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return the members of an object; refuse a key that is given twice."""
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError
    return members


def case_peers(document: object) -> _Peers:
    """Return both ways to read a case document."""
    text = json.dumps(document).encode()
    return {
        READ: lambda: load_case(io.BytesIO(text)),
        PARSE: lambda: json.loads(text, object_pairs_hook=_once),
    }


def stored_peers(value: Redemption | Package) -> _Peers:
    """Return both ways to read what a store keeps."""
    document = value.to_document()
    text = json.dumps(document)
    return {READ: partial(type(value).from_document, document), PARSE: partial(json.loads, text)}


def local_days() -> object:
    """Return a case document as people write it, with days and a term."""
    return changed(
        {
            "packages.0.sold_on": "2026-03-01",
            "packages.0.valid_for": "6 months",
            "packages.1.valid_through": "2026-12-31",
        }
    )


def measured(effort: Effort) -> dict[str, Timed]:
    """Return for each kind of document what reading takes, and over what parsing takes."""
    policy = RedemptionPolicy()
    stored = documents()[::_STEP]
    mixed = stored[: max(_FEWEST, round(len(stored) * effort.share))]
    cases = [read_case(document) for document in mixed]
    redemption = policy.decide_case(ELIGIBLE).redemption
    assert redemption is not None
    booked = [made for case in cases if (made := policy.decide_case(case).redemption)]
    packages = [package for case in cases for package in case.packages]
    return {
        CASE: _of([case_peers(case_document(ELIGIBLE))], effort),
        MIXED: _of(map(case_peers, mixed), effort),
        LOCAL: _of([case_peers(local_days())], effort),
        REDEMPTION: _of([stored_peers(redemption)], effort),
        REDEMPTIONS: _of(map(stored_peers, booked), effort),
        PACKAGES: _of(map(stored_peers, packages), effort),
    }


def _of(peers: Iterable[_Peers], effort: Effort) -> Timed:
    """Return the mean seconds that reading takes, and the ratio of the sums."""
    every = list(peers)
    rounds = effort.rounds if len(every) == 1 else max(1, effort.rounds // _ROUNDS_EACH)
    timed = [in_turns(each, rounds) for each in every]
    read = sum(each[READ].seconds for each in timed)
    parse = sum(each[READ].seconds / each[PARSE].ratio for each in timed)
    return Timed(seconds=read / len(timed), ratio=read / parse)


def _many(values: int, size: int) -> int:
    """Return how many things of so many values, and so many bytes, fit into a document each."""
    return min((MOST_VALUES - 100) // values, (LARGEST_DOCUMENT - 10_000) // size)


def worst_case(share: float = 1.0) -> bytes:
    """Return the slowest case document that was found: pauses, and a wrong key at its end.

    They begin on a day on which the clock skips midnight. It is read quickly, and with care.
    """
    pauses = [{"starts_on": "2023-10-01"}] * round(_many(2, 29) * share)
    changes = {"account.time_zone": "America/Asuncion", "packages.0.pauses": pauses, "wrong": 1}
    document: Any = changed(changes)
    return json.dumps(document).encode()


def worst_text(share: float = 1.0) -> bytes:
    """Return the slowest text that was found: keys that are given twice."""
    keys = round(_many(2, 24) * share)
    return ("{" + ",".join(f'"k{n % (keys // 2 or 1)}":1' for n in range(2 * keys)) + "}").encode()


def worst_redemption(share: float = 1.0) -> dict[str, Any]:
    """Return the slowest stored redemption that was found: endings, and the last of them broken."""
    made = RedemptionPolicy().decide_case(ELIGIBLE).redemption
    assert made is not None
    document: dict[str, Any] = made.to_document()
    at = made.booked_at.isoformat()
    ending = {"act": "cancel", "at": at, "by": "client", "late": False, "note": ""}
    endings = [ending] * round(_many(6, 1) * share)
    document["draws"][0] |= {"ending": ending, "endings": endings}
    return document


#: What is handed over, and what reads it.
WORST: Final[dict[str, tuple[Callable[[float], Any], Callable[[Any], object]]]] = {
    "load_case": (worst_case, lambda text: load_case(io.BytesIO(text))),
    "parse_json": (worst_text, parse_json),
    "Redemption.from_document": (worst_redemption, Redemption.from_document),
}


def seconds_of_worst(name: str, share: float = 1.0) -> float:
    """Return the seconds on a core that a function's worst document takes, refused or not."""
    make, read = WORST[name]
    document = make(share)

    began = process_time()
    with suppress(InvalidValueError):
        read(document)
    return process_time() - began

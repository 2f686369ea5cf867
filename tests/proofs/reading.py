"""Part `reading`: what is read quickly is what is read with care, damaged documents included."""

import json
import time
from collections import Counter
from random import Random

from tests.helpers.quick_reading import (
    ODD,
    READERS,
    damaged,
    disagreement,
    quickly,
    warm_up,
    with_one_odd_text,
    with_one_odd_value,
)
from tests.proofs import pool, seeds
from tests.proofs.found import Found, number

BATCH = 500
LEAST_BATCHES = 60
_MOST_SHOWN = 5


def prove(seconds: float) -> Found:
    """Damage 30,000 documents, and more until the time is up."""
    end = time.monotonic() + seconds
    wholes = pool.each(every_place, list(READERS))
    batches = pool.until(batch, seconds=end - time.monotonic(), least=LEAST_BATCHES)
    counted: Counter[str] = Counter()
    failures: list[str] = []
    for counts, wrong in (*wholes, *batches):
        counted += counts
        failures += wrong
    return Found(
        says=(
            "Documents of cases, of stored redemptions and of stored packages are damaged in one "
            "to three places, and in those with every field each place gets each of "
            f"{len(ODD)} odd values. Each is read by the quick reader, by the careful one alone, "
            "and as users read it: the values must be equal in every field and class, and the "
            "errors letter for letter."
        ),
        figures=(
            seeds.figure(),
            *((what, number(much)) for what, much in sorted(counted.items())),
            ("read differently", number(len(failures))),
        ),
        failures=tuple(failures[:_MOST_SHOWN]),
    )


def every_place(kind: str) -> tuple[Counter[str], list[str]]:
    """Read the good documents of a kind, and put every odd value in every place of some."""
    warm_up()
    reader = READERS[kind]
    good = reader.good()
    texts = [json.dumps(document).encode() for document in good]
    for whole in good[-2:]:
        texts += with_one_odd_value(whole, Random(0), len(ODD))
        texts += with_one_odd_text(whole, 100) if kind == "case" else ()
    wrong = [found for text in texts if (found := disagreement(reader, text))]
    return Counter({"good documents": len(good), "one odd place": len(texts) - len(good)}), wrong


def batch(place: int) -> tuple[Counter[str], list[str]]:
    """Read a batch of damaged documents of one kind."""
    warm_up()
    kind = [*READERS][place % len(READERS)]
    reader, choices = READERS[kind], Random(seeds.first(place))
    good = reader.good()
    counted: Counter[str] = Counter()
    wrong: list[str] = []
    for _ in range(BATCH):
        text = damaged(choices.choice(good), choices)
        counted[f"damaged: {kind}"] += 1
        counted[f"damaged and still right, read quickly: {kind}"] += (
            quickly(reader, text) is not None
        )
        found = disagreement(reader, text)
        if found is not None:
            wrong.append(found)
    return counted, wrong

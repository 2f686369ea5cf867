"""Prove what can be proven within a budget: `python -m tests.proofs [--minutes N] [--part NAME]`.

Every part does what it must do at least, and goes deeper in the time that it is given; what one
part leaves over is shared out among those after it. A whole run writes `docs/explanation/proof.md`.
"""

import argparse
import sys
import time
import zoneinfo
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import import_module
from typing import NamedTuple

from tests.proofs import page
from tests.proofs.found import Found, Part


class Planned(NamedTuple):
    """A part: its heading, and its share of the budget."""

    heading: str
    share: int


#: Each part is the module of its name, and is imported only when it runs.
PARTS = {
    "face": Planned("The public face stays as it is", 1),
    "inputs": Planned("Hostile inputs", 1),
    "reading": Planned("Documents read quickly", 2),
    "breaks": Planned("Every rule broken by itself", 6),
    "mutation": Planned("Mutation testing", 18),
    "second": Planned("A second implementation", 12),
    "cedar": Planned("A third opinion, by a policy engine", 4),
    "quotas": Planned("Quotas in races", 2),
    "stores": Planned("Ready-made stores in races and under kills", 3),
    "symbolic": Planned("Symbolic execution", 8),
    "fuzzing": Planned("Fuzzing", 8),
    "pythons": Planned("Other Pythons", 4),
}


def main() -> int:
    """Run the parts that are asked for; return 1 when one of them fails."""
    zoneinfo.reset_tzpath(to=())  # the pinned tzdata, not the machine's own
    parser = argparse.ArgumentParser(prog="./scripts/prove", description="Test harder.")
    parser.add_argument("--minutes", type=float, default=60, help="the budget (60)")
    parser.add_argument("--part", choices=PARTS, help="one part alone; the page stays as it is")
    asked = parser.parse_args()
    names = [asked.part] if asked.part else list(PARTS)
    began = datetime.now(UTC)
    ran = run(names, asked.minutes * 60)
    if not asked.part:
        page.write(page.Run(ran, began, asked.minutes))
        print(f"wrote {page.PAGE.relative_to(page.ROOT)}")
    failed = [name for name, each in ran.items() if each.found.failures]
    print(f"failed: {', '.join(failed)}" if failed else "all holds")
    return 1 if failed else 0


def run(names: Sequence[str], seconds: float) -> dict[str, page.Ran]:
    """Run the parts one after the other, each with its share of the time that is left."""
    end = time.monotonic() + seconds
    ran: dict[str, page.Ran] = {}
    for place, name in enumerate(names):
        planned = PARTS[name]
        shares = sum(PARTS[each].share for each in names[place:])
        share = max(0.0, end - time.monotonic()) * planned.share / shares
        print(f"== {name}: {planned.heading}, {share:.0f} s", flush=True)
        began = time.monotonic()
        found = _found(name, share)
        took = time.monotonic() - began
        ran[name] = page.Ran(planned.heading, found, took)
        for what, much in found.figures:
            print(f"   {what}: {much}")
        for failure in found.failures:
            print(f"   FAILED: {failure}")
        print(f"== {name}: {'FAILED' if found.failures else 'ok'}, {took:.0f} s\n", flush=True)
    return ran


def _found(name: str, seconds: float) -> Found:
    try:
        return _prover(name)(seconds)
    except Exception as error:  # noqa: BLE001 - a part that breaks must not stop the others
        broken = f"{type(error).__name__}: {error}"
        return Found(says="This part broke.", figures=(), failures=(broken,))


def _prover(name: str) -> Part:
    prove: Part = import_module(f"tests.proofs.{name}").prove
    return prove


if __name__ == "__main__":
    sys.exit(main())

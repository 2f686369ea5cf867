"""Prove what can be proven within a budget: `python -m tests.proofs [--minutes N] [--part NAME]`.

Every part does what it must do at least, and goes deeper in the time that it is given; what one
part leaves over is shared out among those after it. A whole run writes `docs/explanation/proof.md`;
a part alone is put into it, if that page is of the same `src`.
"""

import argparse
import sys
import zoneinfo
from datetime import UTC, datetime

from tests.proofs import page, seeds, state
from tests.proofs.parts import LEAST_MINUTES, PARTS
from tests.proofs.running import run


def main() -> int:
    """Run the parts that are asked for; return 1 when one of them fails."""
    zoneinfo.reset_tzpath(to=())  # the pinned tzdata, not the machine's own
    parser = argparse.ArgumentParser(
        prog="./scripts/prove",
        description="Test harder.",
        epilog=(
            "Each part has a least amount of work, which it does whatever its share of the budget "
            f"is. It may run over its share by so much and no more: all parts end within the "
            f"budget and {LEAST_MINUTES:.0f} minutes."
        ),
    )
    parser.add_argument("--minutes", type=float, default=60, help="the budget (60)")
    parser.add_argument("--part", choices=PARTS, help="one part alone")
    parser.add_argument("--seed", type=int, help="draw what a run of that seed drew (a new one)")
    asked = parser.parse_args()
    seed = seeds.begin(asked.seed)
    print(f"seed: {seed}", flush=True)
    planned = {asked.part: PARTS[asked.part]} if asked.part else PARTS
    began, commit = datetime.now(UTC), state.commit()
    ran = run(planned, asked.minutes * 60)
    if not asked.part:
        page.write(page.Run(ran, began, asked.minutes, commit, seed))
        print(f"wrote {page.PAGE.relative_to(page.ROOT)}")
    elif page.put(ran, began, commit):
        print(f"put into {page.PAGE.relative_to(page.ROOT)}")
    else:
        print("the page is of another `src`, and stays as it is")
    for name, part in ran.items():
        print(f"{name}: {part.time}")
    failed = [name for name, part in ran.items() if part.found.failures]
    print(f"failed: {', '.join(failed)}" if failed else "all holds")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

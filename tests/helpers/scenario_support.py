"""What the tests of scenarios share: the facts of a day in which Ana books, and one scenario."""

from pathlib import Path

from pkgredeem import RedemptionPolicy
from pkgredeem.testing import Scenario, load_scenarios

FACTS = """
[given]
now = 2026-05-01T09:00:00+12:00
account = { online_redemption = true, client_login = "optional", time_zone = "Pacific/Auckland" }
client = { id = "ana", logged_in = true }
packages = [
    { id = "p1", client_id = "ana", entitlements = [{ services = ["facial"], remaining = 2 }] },
]
booking = { id = "b1", starts_at = 2026-05-05T10:00:00+12:00, lines = [{ service.id = "facial" }] }
"""


def one_scenario(
    folder: Path, text: str, policy: RedemptionPolicy | None = None, given: str = ""
) -> Scenario:
    """Write a scenario after the shared facts, and what is shared besides, and read it."""
    path = folder / "ana.redeem.toml"
    facts = FACTS + given
    path.write_text(f'{facts}\n[[scenario]]\nname = "Ana books a facial"\n{text}', encoding="utf-8")
    (scenario,) = load_scenarios(path, policy=policy)
    return scenario

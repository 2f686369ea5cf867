"""The eighteen plans that businesses sell, each a small explorer with settings to start from."""

import json
from typing import Final

from docs import _plans_counted, _plans_dated, _plans_often, _plans_whose
from docs._explorer_table import table
from docs._plan_points import Plan

PLANS: Final[tuple[Plan, ...]] = tuple(
    sorted(
        (
            plan
            for module in (_plans_counted, _plans_often, _plans_dated, _plans_whose)
            for plan in vars(module).values()
            if isinstance(plan, Plan)
        ),
        key=lambda plan: int(plan.key),
    )
)


def script() -> str:
    """Return the tables of all plans as a script."""
    tables = [
        {
            "key": plan.key,
            "title": plan.title,
            "points": list(plan.points.items()),
            "refused": plan.refused,
            **table(plan.explorer),
        }
        for plan in PLANS
    ]
    return f"window.EXPLORERS = {json.dumps(tables, separators=(',', ':'))};\n"

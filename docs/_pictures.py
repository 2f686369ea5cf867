"""Pictures as SVG, drawn from the library: the life of a redemption, and an allocation."""

from html import escape
from pathlib import Path
from typing import Final

from docs import _life_picture

from pkgredeem import RedemptionPolicy
from pkgredeem._model.draws import BUCKET_OF, STEPS
from pkgredeem.documents import load_case
from pkgredeem.rules import TIMELY_2026_03, several_active_packages

CASES: Final = Path(__file__).parent / "examples" / "cases"


def _raw(svg: str) -> str:
    return f'```{{raw}} html\n<div class="picture">\n{svg}\n</div>\n```'


def life() -> str:
    """Return the life of a redemption as a picture."""
    return _raw(_life_picture.life())


def life_table() -> str:
    """Return the same table in words."""
    rows = ["| act | from | to | the credit lies in | only after |", "|---|---|---|---|---|"]
    rows += [
        f"| `{step.act}` | {step.source} | {step.target} | {BUCKET_OF[step.target]} "
        f"| {f'`{step.after}`' if step.after else ''} |"
        for step in STEPS
    ]
    return "\n".join(rows)


def allocation() -> str:
    """Return who pays for what in an example case: thin lines may, thick ones do."""
    policy = RedemptionPolicy(TIMELY_2026_03.without(several_active_packages))
    drawn = [_allocation(policy, name) for name in ("shared-credit-goes-where-it-must",)]
    return _raw("\n".join(drawn))


def _allocation(policy: RedemptionPolicy, name: str) -> str:
    case = load_case(CASES / f"{name}.json")
    redemption = policy.decide_case(case).redemption
    if redemption is None:
        raise ValueError(f"{name} is refused: {case}")
    paid = {draw.line: (draw.package_id, draw.entitlement_id) for draw in redemption.draws}
    credits_of = [(package, held) for package in case.packages for held in package.entitlements]
    height = 40 + 76 * max(len(case.booking.lines), len(credits_of))
    thin: list[str] = []
    thick: list[str] = []
    boxes: list[str] = []
    for row, (package, held) in enumerate(credits_of):
        y = 50 + 76 * row
        services = " or ".join(sorted(held.services))
        left = f"{held.remaining} credit{'' if held.remaining == 1 else 's'}"
        boxes.append(
            f'<g class="state"><rect x="430" y="{y - 28}" width="290" height="56" rx="12"/>'
            f'<text x="575" y="{y - 4}">{escape(services)}</text>'
            f'<text x="575" y="{y + 16}" class="small">'
            f"{left}, package {escape(package.id)}</text></g>"
        )
        for number, line in enumerate(case.booking.lines):
            if line.service.id not in held.services:
                continue
            path = f'<path d="M240,{50 + 76 * number} L424,{y}"'
            if paid.get(number) == (package.id, held.id):
                thick.append(f'{path} class="paid"/>')
            else:
                thin.append(f'{path} class="may"/>')
    for number, line in enumerate(case.booking.lines):
        y = 50 + 76 * number
        boxes.append(
            f'<g class="state"><rect x="20" y="{y - 28}" width="220" height="56" rx="12"/>'
            f'<text x="130" y="{y + 5}">{number + 1}. {escape(line.service.id)}</text></g>'
        )
    return "\n".join(
        [
            f'<svg viewBox="0 0 740 {height}" role="img" aria-label="Who pays for which line">',
            '<g class="edges plain">',
            *thin,
            *thick,
            "</g>",
            *boxes,
            "</svg>",
        ]
    )

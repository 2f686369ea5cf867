"""Pictures as SVG, drawn from the library: the life of a redemption, and an allocation."""

from html import escape
from itertools import groupby
from pathlib import Path
from typing import Final

from pkgredeem import DrawState, RedemptionPolicy
from pkgredeem._model.draws import BUCKET_OF, STEPS
from pkgredeem.documents import load_case
from pkgredeem.rules import TIMELY_2026_03, several_active_packages

CASES: Final = Path(__file__).parent / "examples" / "cases"
#: Where each state stands in the picture; a state that is not here fails the site.
PLACES: Final = {
    DrawState.RESERVED: (150, 190),
    DrawState.REDEEMED: (420, 60),
    DrawState.FORFEITED: (420, 320),
    DrawState.RETURNED: (690, 190),
}
HALF: Final = (62, 26)


def _raw(svg: str) -> str:
    return f'```{{raw}} html\n<div class="picture">\n{svg}\n</div>\n```'


def _edge(source: DrawState, target: DrawState, label: str) -> str:
    (x1, y1), (x2, y2) = PLACES[source], PLACES[target]
    wide, high = HALF
    if source is target:
        curve = f"C{x1 - 50},{y1 + 90} {x1 + 50},{y1 + 90} {x1 + 26},{y1 + high + 4}"
        path = f"M{x1 - 26},{y1 + high} {curve}"
        return f'<path d="{path}"/><text x="{x1}" y="{y1 + 96}">{escape(label)}</text>'
    if x1 == x2:
        down = y2 > y1
        start, end = (y1 + high, y2 - high - 6) if down else (y1 - high, y2 + high + 6)
        below = (y1 + y2) / 2 + 42
        text = f'<text x="{x1 + 8}" y="{below}" class="beside">{escape(label)}</text>'
        return f'<path d="M{x1},{start} L{x2},{end}"/>{text}'
    if y1 == y2:
        text = f'<text x="{(x1 + x2) / 2 - 118}" y="{y1 + 5}">{escape(label)}</text>'
        return f'<path d="M{x1 + wide},{y1} L{x2 - wide - 6},{y2}"/>{text}'
    path = f"M{x1 + wide - 14},{y1 + (high if y2 > y1 else -high)} L{x2 - wide - 6},{y2}"
    if x1 > PLACES[DrawState.RESERVED][0]:
        path = f"M{x1 + wide},{y1} L{x2 - wide + 14},{y2 + (-high - 6 if y2 > y1 else high + 6)}"
    text_y = (y1 + y2) / 2 + 5
    return f'<path d="{path}"/><text x="{(x1 + x2) / 2}" y="{text_y}">{escape(label)}</text>'


def life() -> str:
    """Return the life of a redemption as a picture, each arrow a row of the table."""
    parts = [
        '<svg viewBox="0 0 840 390" role="img" aria-label="The life of a redemption">',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="2" refY="4"',
        'markerWidth="7" markerHeight="7" orient="auto">',
        '<path d="M0,0 L8,4 L0,8 z"/></marker></defs>',
        '<g class="edges">',
        '<path d="M14,190 L82,190"/><text x="46" y="178">book</text>',
    ]
    grouped = groupby(
        sorted(STEPS, key=lambda step: (step.source, step.target)),
        key=lambda step: (step.source, step.target),
    )
    for (source, target), steps in grouped:
        label = " or ".join(
            str(step.act).replace("_", "-") + (f" (after {step.after})" if step.after else "")
            for step in steps
        ).replace("no_show", "no-show")
        parts.append(_edge(source, target, label))
    parts.append("</g>")
    wide, high = HALF
    for state, (x, y) in PLACES.items():
        parts.append(
            f'<g class="state {state}"><rect x="{x - wide}" y="{y - high}" width="{2 * wide}" '
            f'height="{2 * high}" rx="12"/><text x="{x}" y="{y + 5}">{state}</text></g>'
        )
    parts.append("</svg>")
    return _raw("\n".join(parts))


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

"""Pictures as SVG, drawn from the library: the life of a redemption, and an allocation."""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Final, NamedTuple

from docs import _life_picture

from pkgredeem import Case, RedemptionPolicy
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
    """Return who pays for what in an example case: thin lines may, thick ones do.

    Drawn twice: the style shows the second one on a phone alone.
    """
    policy = RedemptionPolicy(TIMELY_2026_03.without(several_active_packages))
    case = load_case(CASES / "shared-credit-goes-where-it-must.json")
    redemption = policy.decide_case(case).redemption
    if redemption is None:
        raise ValueError(f"the picture's case is refused: {case}")
    paid = {draw.line: (draw.package_id, draw.entitlement_id) for draw in redemption.draws}
    return _raw("\n".join(_allocation(case, paid, shape) for shape in (_WIDE, _TALL)))


class _Shape(NamedTuple):
    """How wide a picture is, and where its boxes begin and end from left to right."""

    name: str
    width: int
    lines: tuple[int, int]
    credits: tuple[int, int]


_WIDE: Final = _Shape("wide", 740, (20, 240), (430, 720))
_TALL: Final = _Shape("tall", 360, (2, 86), (130, 358))


def _allocation(case: Case, paid: Mapping[int, tuple[str, str]], shape: _Shape) -> str:
    credits_of = [(package, held) for package in case.packages for held in package.entitlements]
    height = 24 + 76 * max(len(case.booking.lines), len(credits_of))
    thin: list[str] = []
    thick: list[str] = []
    boxes: list[str] = []
    for row, (package, held) in enumerate(credits_of):
        left = f"{held.remaining} credit{'' if held.remaining == 1 else 's'}"
        told = (" or ".join(sorted(held.services)), f"{left} of {package.id}")
        boxes.append(_box(shape.credits, row, *told))
        for number, line in enumerate(case.booking.lines):
            if line.service.id not in held.services:
                continue
            path = f'<path d="M{shape.lines[1]},{_y(number)} L{shape.credits[0] - 6},{_y(row)}"'
            if paid.get(number) == (package.id, held.id):
                thick.append(f'{path} class="paid"/>')
            else:
                thin.append(f'{path} class="may"/>')
    boxes += [
        _box(shape.lines, number, f"{number + 1}. {line.service.id}")
        for number, line in enumerate(case.booking.lines)
    ]
    size = f'class="{shape.name}" viewBox="0 0 {shape.width} {height}"'
    label = 'role="img" aria-label="Who pays for which line"'
    edges = ['<g class="edges plain">', *thin, *thick, "</g>"]
    return "\n".join([f"<svg {size} {label}>", *edges, *boxes, "</svg>"])


def _y(row: int) -> int:
    return 50 + 76 * row


def _box(sides: tuple[int, int], row: int, text: str, small: str = "") -> str:
    """Return a box with one line of text, or with a smaller one below it."""
    begin, end = sides
    middle, y = (begin + end) // 2, _y(row)
    below = f'<text x="{middle}" y="{y + 16}" class="small">{escape(small)}</text>'
    return (
        f'<g class="state"><rect x="{begin}" y="{y - 28}" width="{end - begin}" height="56" '
        f'rx="12"/><text x="{middle}" y="{y - 4 if small else y + 5}">{escape(text)}</text>'
        f"{below if small else ''}</g>"
    )

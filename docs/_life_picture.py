"""The life of a redemption as a picture, drawn from the table of steps: a wide one and a tall one.

A page shows the one for which it has room, so that no text is too small to read on a phone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from itertools import groupby
from typing import Final, TypeAlias

from pkgredeem import DrawState
from pkgredeem._model.draws import STEPS

Point: TypeAlias = tuple[float, float]
RESERVED, REDEEMED = DrawState.RESERVED, DrawState.REDEEMED
FORFEITED, RETURNED = DrawState.FORFEITED, DrawState.RETURNED
GAP: Final = 6  # between the tip of an arrow and the box that it leads to


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Where everything stands.

    Attributes:
        name: its class on the page, and the end of its marker's id.
        size: how wide and high it is.
        places: the middle of each state; one that is not here fails the site.
        half: half of the width and of the height of a state.
        entry: where the arrow of booking begins.
        entry_label: where its word stands.
        loop: the path of a step from a state to itself, from the middle of the state.
        loop_label: where its word stands, from the middle of the state.
        breaks: before which words a label goes on in a new line.
        label_at: which part of an arrow lies before its label, where it is not the half.
    """

    name: str
    size: tuple[int, int]
    places: Mapping[DrawState, Point]
    half: Point
    entry: Point
    entry_label: Point
    loop: str
    loop_label: Point
    breaks: tuple[str, ...]
    label_at: Mapping[tuple[DrawState, DrawState], float] = field(default_factory=dict)


WIDE: Final = Layout(
    name="wide",
    size=(840, 390),
    places={
        RESERVED: (150, 190),
        REDEEMED: (420, 60),
        FORFEITED: (420, 320),
        RETURNED: (690, 190),
    },
    half=(62, 26),
    entry=(14, 190),
    entry_label=(46, 178),
    loop="m-26,26 c-24,64 76,64 52,4",
    loop_label=(0, 96),
    breaks=("(",),
    label_at={(RESERVED, RETURNED): 0.22, (FORFEITED, REDEEMED): 0.24},
)
TALL: Final = Layout(
    name="tall",
    size=(360, 540),
    places={
        RESERVED: (180, 110),
        REDEEMED: (64, 300),
        FORFEITED: (296, 300),
        RETURNED: (180, 500),
    },
    half=(52, 24),
    entry=(180, 12),
    entry_label=(180, 44),
    loop="m52,-14 c60,-26 60,54 4,28",
    loop_label=(116, 46),
    breaks=("(", "or "),
    label_at={(RESERVED, RETURNED): 0.69},
)


def life() -> str:
    """Return both pictures, each arrow a row of the table."""
    return "\n".join(_drawn(layout) for layout in (WIDE, TALL))


def _drawn(layout: Layout) -> str:
    width, height = layout.size
    tip = f"tip-{layout.name}"
    booked = _border(layout, RESERVED, layout.entry, GAP)
    parts = [
        f'<svg class="{layout.name}" viewBox="0 0 {width} {height}" role="img"',
        'aria-label="The life of a redemption">',
        f'<defs><marker id="{tip}" viewBox="0 0 8 8" refX="2" refY="4"',
        'markerWidth="7" markerHeight="7" orient="auto">',
        '<path d="M0,0 L8,4 L0,8 z"/></marker></defs>',
        '<g class="edges">',
        _line(layout.entry, booked),
        *(_edge(layout, *pair) for pair in _labels()),
        _text(layout, layout.entry_label, "book"),
        *(_label(layout, *pair, words) for pair, words in _labels().items()),
        "</g>",
    ]
    half_width, half_height = layout.half
    for state, (x, y) in layout.places.items():
        parts.append(
            f'<g class="state {state}"><rect x="{x - half_width}" y="{y - half_height}" '
            f'width="{2 * half_width}" height="{2 * half_height}" rx="12"/>'
            f'<text x="{x}" y="{y + 5}">{state}</text></g>'
        )
    return "\n".join([*parts, "</svg>"])


def _labels() -> dict[tuple[DrawState, DrawState], str]:
    """Return what leads from one state to another, in words, by the two states."""
    grouped = groupby(
        sorted(STEPS, key=lambda step: (step.source, step.target)),
        key=lambda step: (step.source, step.target),
    )
    return {
        pair: " or ".join(
            f"{step.act}{f' (after {step.after})' if step.after else ''}" for step in steps
        ).replace("no_show", "no-show")
        for pair, steps in grouped
    }


def _edge(layout: Layout, source: DrawState, target: DrawState) -> str:
    x, y = layout.places[source]
    if source is target:
        return f'<path d="M{x},{y} {layout.loop}"/>'
    start, end = _ends(layout, source, target)
    return _line(start, end)


def _label(layout: Layout, source: DrawState, target: DrawState, words: str) -> str:
    if source is target:
        (x, y), (right, down) = layout.places[source], layout.loop_label
        return _text(layout, (x + right, y + down), words)
    (x1, y1), (x2, y2) = _ends(layout, source, target)
    part = layout.label_at.get((source, target), 0.5)
    return _text(layout, (x1 + part * (x2 - x1), y1 + part * (y2 - y1) + 5), words)


def _ends(layout: Layout, source: DrawState, target: DrawState) -> tuple[Point, Point]:
    start = _border(layout, source, layout.places[target], 0)
    return start, _border(layout, target, layout.places[source], GAP)


def _border(layout: Layout, state: DrawState, towards: Point, gap: float) -> Point:
    """Return where the line from a state towards a point leaves it, and that far beyond."""
    (x, y), (half_width, half_height) = layout.places[state], layout.half
    right, down = towards[0] - x, towards[1] - y
    part = min(
        (half_width + gap) / abs(right) if right else 1,
        (half_height + gap) / abs(down) if down else 1,
    )
    return x + part * right, y + part * down


def _line(start: Point, end: Point) -> str:
    return f'<path d="M{start[0]:.0f},{start[1]:.0f} L{end[0]:.0f},{end[1]:.0f}"/>'


def _text(layout: Layout, place: Point, words: str) -> str:
    """Return words around a point, in as many lines as the layout breaks them into."""
    for word in layout.breaks:
        words = words.replace(f" {word}", f"\n{word}")
    lines = words.split("\n")
    x, y = place
    spans = "".join(
        f'<tspan x="{x:.0f}" y="{y + 17 * (number - (len(lines) - 1) / 2):.0f}">'
        f"{escape(line)}</tspan>"
        for number, line in enumerate(lines)
    )
    return f"<text>{spans}</text>"

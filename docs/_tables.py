"""Tables that fit: long code is broken, and on a phone a row of many cells stands as a block."""

from docutils import nodes  # type: ignore[import-untyped]  # it has no types of its own
from sphinx.application import Sphinx

#: Two columns fit beside each other on the narrowest phone.
_FIT = 2
#: Shorter code stays on its line, such as `"6 months"`.
_LONG = 24


def label(_app: Sphinx, page: nodes.document, _name: str) -> None:
    """Mark what the style breaks, and write the head of its column into each cell.

    The style shows the heads in the cells on a phone alone.
    """
    for table in page.findall(nodes.table):
        for code in table.findall(nodes.literal):
            if " " in code.astext() and len(code.astext()) > _LONG:
                code["classes"].append("long")
        heads = [head.astext() for head in next(table.findall(nodes.thead)).findall(nodes.entry)]
        if len(heads) <= _FIT:
            continue
        table["classes"].append("stacks")
        for row in next(table.findall(nodes.tbody)).findall(nodes.row):
            for head, cell in zip(heads[1:], row.children[1:], strict=True):
                _label(head, cell)


def _label(head: str, cell: nodes.Node) -> None:
    if not isinstance(cell, nodes.entry):
        raise TypeError(f"a row holds {cell!r}")
    if cell.astext().strip():
        next(cell.findall(nodes.paragraph)).insert(
            0, nodes.inline("", f"{head}: ", classes=["cell-head"])
        )
    else:
        cell["classes"].append("empty")

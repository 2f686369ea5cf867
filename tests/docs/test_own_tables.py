"""The page on the checkout on own tables, as somebody copies it."""

import builtins
import symtable
from collections.abc import Iterator
from pathlib import Path

from tests.fresh.blocks import blocks

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "checkout-on-my-own-tables.md"


def module() -> str:
    """Return the blocks of code of the page, without what is typed to try them."""
    typed = [block for block in blocks(PAGE.read_text(encoding="utf-8")) if block.kind == "python"]
    return "\n".join(block.text for block in typed if not block.text.startswith(">>>"))


def read_in(table: symtable.SymbolTable) -> Iterator[str]:
    """Yield each name that is looked up in the module, wherever in it."""
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (symbol.is_global() or table.get_type() == "module"):
            yield symbol.get_name()
    for child in table.get_children():
        yield from read_in(child)


def test_a_copy_of_the_page_misses_no_name() -> None:
    """The blocks import all that they use, also what is only imported to try them."""
    table = symtable.symtable(module(), "checkout.py", "exec")
    defined = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned()}
    imported = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_imported()}

    assert set() == {*read_in(table)} - defined - imported - {*dir(builtins)}

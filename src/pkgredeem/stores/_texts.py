r"""Texts as tables can hold them: ids and notes may hold characters that no database takes.

PostgreSQL knows no NUL, and half of a surrogate pair has no UTF-8.
"""

import re
from typing import Final

_REFUSED: Final = re.compile(r"[\\\0\ud800-\udfff]")
_ESCAPED: Final = re.compile(r"\\([0-9a-f]{4})")


def text_to_store(text: str) -> str:
    r"""Return the text without what a database refuses: a backslash and four digits stand for it.

    Two texts are equal when what is stored of them is. The backslash itself is stored as `\005c`.
    """
    return _REFUSED.sub(lambda found: f"\\{ord(found[0]):04x}", text)


def stored_text(text: str) -> str:
    """Return the text that `text_to_store` was given."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)

"""Ways to change what SQL says by one thing.

Comparisons, AND and OR, sums, NULL and what is not, the order of rows, and whatever a table
refuses: each check, key, reference, trigger and index goes once.
"""

import re
from collections.abc import Iterator

#: How a text begins that is SQL, to which upper and lower case mean the same.
BEGINS = re.compile(
    r"\\?\s*(?:SELECT|INSERT|UPDATE|DELETE|CREATE|WHERE|ORDER BY|AND |OR id IN|-- "
    r"|BEGIN|COMMIT|ROLLBACK|PRAGMA)"
)
#: A pattern, and what stands in place of each place where it matches.
_CHANGES = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        (r" >= ", " > "),
        (r" > ", " >= "),
        (r" <> ", " = "),
        (r"(?<=WHERE )(\w+) = ", r"\1 <> "),
        (r"(?<=AND )(\w+) = ", r"\1 <> "),
        (r" AND ", " OR "),
        (r" OR ", " AND "),
        (r" IS NULL", " IS NOT NULL"),
        (r" \+ ", " - "),
        (r" - ", " + "),
        (r"\bmax\b", "min"),
        (r"\bUNION ALL\b", "INTERSECT"),
        (r"\bLEFT JOIN\b", "JOIN"),
        (r" ON CONFLICT DO NOTHING", ""),
        (r"\s+ON CONFLICT DO NOTHING", ""),
        (r" ORDER BY \w+", ""),
        (r"(?<=\w) CHECK \([^()]*(?:\([^()]*\)[^()]*)*\)", ""),
        (r",\n    CHECK \([^()]*(?:\([^()]*\)[^()]*)*\)", ""),
        (r",\n    (?:UNIQUE|PRIMARY KEY) \([^()]*\)", ""),
        (r",\n    FOREIGN KEY \([^()]*\) REFERENCES \w+ \([^()]*\)", ""),
        (r" REFERENCES \w+ \(\w+\)", ""),
        (r" UNIQUE(?=,)", ""),
        (r" DEFAULT 0", " DEFAULT 1"),
        (r"(?<=\n\n)(?:-- [^\n]*\n)*CREATE TRIGGER (?:.+\n)+\n", ""),
        (r"(?<=\n\n)CREATE INDEX [^\n]*\n\n", ""),
        (r"(?<=')(available|reserved|redeemed|forfeited)(?=')", r"no_\1"),
    )
)


def changed(text: str) -> Iterator[str]:
    """Yield what SQL says with one thing in it changed."""
    seen = {text}
    for pattern, instead in _CHANGES:
        for found in pattern.finditer(text):
            other = text[: found.start()] + found.expand(instead) + text[found.end() :]
            if other not in seen:
                seen.add(other)
                yield other

"""The JSON Schema of a case document, made from the reader's own definitions."""

from pkgredeem.documents._shapes import CASE, CASE_FORMAT


def case_schema() -> dict[str, object]:
    """Return the JSON Schema (draft 2020-12) of a case document.

    Every document that `read_case` reads fits it. The reader is stricter: a schema knows no
    calendar, no time zone, and takes 1.0 for a whole number.

    Returns:
        A new dict, JSON-ready.

    Example:
        >>> case_schema()["required"]
        ['format', 'now', 'account', 'client', 'packages', 'booking']
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"a case document, {CASE_FORMAT}",
        **CASE.schema(),
    }

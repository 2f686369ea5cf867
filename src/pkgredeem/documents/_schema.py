"""The JSON Schemas (draft 2020-12), each made from what the documents are read or written by."""

from copy import deepcopy
from typing import TypeVar

from pkgredeem._model.redemption import FORMAT
from pkgredeem.documents import _answers as answers
from pkgredeem.documents._acts import ACT, ACT_FORMAT
from pkgredeem.documents._answers import Output
from pkgredeem.documents._schemas import Schema, stored_redemption
from pkgredeem.documents._shapes import CASE, CASE_FORMAT

_Value = TypeVar("_Value")


def case_schema() -> dict[str, object]:
    """Return the JSON Schema of a case document.

    Every document that `read_case` reads fits it. The reader is stricter: a schema knows no
    calendar, no time zone, and takes 1.0 for a whole number.

    Returns:
        A new dict, JSON-ready, of draft 2020-12.

    Example:
        >>> case_schema()["required"]
        ['format', 'now', 'account', 'client', 'packages', 'booking']
    """
    return _whole(f"a case document, {CASE_FORMAT}", CASE.schema())


def act_schema() -> dict[str, object]:
    """Return the JSON Schema of an act document: what became of a booking, in a file to replay.

    The reader is stricter: a schema does not know which keys belong to which act.

    Returns:
        A new dict, JSON-ready, of draft 2020-12.

    Example:
        >>> act_schema()["required"]
        ['format', 'act', 'booking_id', 'now']
    """
    return _whole(f"an act, {ACT_FORMAT}", ACT.schema())


def decision_schema() -> dict[str, object]:
    """Return the JSON Schema of what `decision_document` writes, for a client or for staff.

    Returns:
        A new dict, JSON-ready, of draft 2020-12. Its `anyOf` has the schema of what a client gets
        first, then that of what staff get.

    Example:
        >>> [schema["title"] for schema in decision_schema()["anyOf"]]
        ['for a client', 'for staff']
    """
    title = f"a decision, {answers.DECISION_FORMAT}"
    return _for_both(title, answers.DECISION_FOR_CLIENT, answers.DECISION_FOR_STAFF)


def settlement_schema() -> dict[str, object]:
    """Return the JSON Schema of what `settlement_document` writes, for a client or for staff.

    Returns:
        A new dict, JSON-ready, of draft 2020-12. Its `anyOf` has the schema of what a client gets
        first, then that of what staff get.

    Example:
        >>> settlement_schema()["anyOf"][0]["required"]
        ['format', 'allowed', 'outcome', 'returned', 'late', 'text']
    """
    title = f"a settlement, {answers.SETTLEMENT_FORMAT}"
    return _for_both(title, answers.SETTLEMENT_FOR_CLIENT, answers.SETTLEMENT_FOR_STAFF)


def redemption_schema() -> dict[str, object]:
    """Return the JSON Schema of what `Redemption.to_document` writes.

    What was stored by an earlier release fits it too (D65). The reader is stricter: a schema does
    not know whether draws fit the booking, or endings the state of a draw.

    Returns:
        A new dict, JSON-ready, of draft 2020-12.

    Example:
        >>> redemption_schema()["properties"]["version"]
        {'type': 'integer', 'minimum': 0}
    """
    return _whole(f"a stored redemption, {FORMAT}", stored_redemption())


def _whole(title: str, schema: Schema) -> dict[str, object]:
    """Return the whole schema; a copy, since its parts are shared by what they describe."""
    draft = "https://json-schema.org/draft/2020-12/schema"
    return deepcopy({"$schema": draft, "title": title, **schema})


def _for_both(title: str, client: Output[_Value], staff: Output[_Value]) -> dict[str, object]:
    for_client = {"title": "for a client", **client.schema()}
    return _whole(title, {"anyOf": [for_client, {"title": "for staff", **staff.schema()}]})

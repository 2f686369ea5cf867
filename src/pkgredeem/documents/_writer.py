"""Case documents out: a `Case` written so that it reads back equal."""

from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import cast
from zoneinfo import ZoneInfo

from pkgredeem import Case, Entitlement, Redemption
from pkgredeem.documents._json import normalise
from pkgredeem.documents._problems import Problems
from pkgredeem.documents._shapes import CASE, CASE_FORMAT
from pkgredeem.documents._times import window_text


def case_document(case: Case) -> dict[str, object]:
    """Return the document of a case, JSON-ready; `read_case` reads it back equal.

    Every key is written, instants in UTC. Equal means equal as values are: a zone that was made
    without zoneinfo's cache, or from a file, equals no other.

    Raises:
        DocumentError: the case can't be written so that it reads back: a text holds half a
            surrogate pair, or something is beyond the bounds of `parse_json`.

    Example:
        >>> from datetime import UTC, datetime
        >>> from pkgredeem import AccountSettings, Booking, Client, Service
        >>> from pkgredeem.documents import read_case
        >>> case = Case(
        ...     account=AccountSettings(),
        ...     client=Client.guest(),
        ...     packages=[],
        ...     booking=Booking.of(
        ...         Service(id="facial"), id="b1", starts_at=datetime(2026, 5, 5, 10, tzinfo=UTC)
        ...     ),
        ...     now=datetime(2026, 5, 1, 9, tzinfo=UTC),
        ... )
        >>> case_document(case)["now"]
        '2026-05-01T09:00:00+00:00'
        >>> read_case(case_document(case)) == case
        True
    """
    parts = {key: _written(getattr(case, key)) for key in CASE.keys if key != "format"}
    document = {"format": CASE_FORMAT, **parts}
    problems = Problems()
    normalise(document, problems)
    problems.raise_if_any()
    return document


def _written(value: object) -> object:
    """Return what a case is made of as it is written: the fields of a value are its keys."""
    if isinstance(value, tuple):
        return [_written(item) for item in cast("tuple[object, ...]", value)]
    if isinstance(value, Redemption):
        return value.to_document()
    if isinstance(value, Entitlement):
        services = sorted(value.services)
        return {"id": value.id, "services": services, "remaining": value.remaining}
    if is_dataclass(value):
        return {field.name: _written(getattr(value, field.name)) for field in fields(value)}
    return _written_plain(value)


def _written_plain(value: object) -> object:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return window_text(value)
    return value.key if isinstance(value, ZoneInfo) else value

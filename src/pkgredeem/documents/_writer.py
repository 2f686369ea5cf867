"""Case documents out: a `Case` written so that it reads back equal."""

from pkgredeem import Case
from pkgredeem.documents._json import normalise
from pkgredeem.documents._problems import Problems
from pkgredeem.documents._shapes import CASE, CASE_FORMAT


def case_document(case: Case) -> dict[str, object]:
    """Return the document of a case, JSON-ready; `read_case` reads it back equal.

    Every key of the first form is written, instants in UTC. A key that was added since is left out
    where it has its default, so that a case without the facts of plans (D40) is written, byte for
    byte, as it always was, and the document of any other says only what its plan does. Equal means
    equal as values are: a zone that was made without zoneinfo's cache, or from a file, equals no
    other.

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
    document = {"format": CASE_FORMAT, **CASE.write(case)}
    problems = Problems()
    normalise(document, problems)
    problems.raise_if_any()
    return document

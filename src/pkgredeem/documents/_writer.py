"""Case documents out: a `Case` written so that it reads back equal."""

from datetime import datetime

from pkgredeem import AccountSettings, CancellationTerms, Case, Entitlement, Package
from pkgredeem._model.record import write_booking, write_terms, write_zone
from pkgredeem.documents._json import normalise
from pkgredeem.documents._problems import Problems
from pkgredeem.documents._shapes import CASE_FORMAT
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
    client = case.client
    document: dict[str, object] = {
        "format": CASE_FORMAT,
        "now": case.now.isoformat(),
        "account": _account(case.account),
        "client": {
            "id": client.id,
            "logged_in": client.logged_in,
            "has_saved_card": client.has_saved_card,
        },
        "packages": [_package(package) for package in case.packages],
        "booking": write_booking(case.booking),
        "existing": None if case.existing is None else case.existing.to_document(),
        "by": case.by.value,
        "note": case.note,
    }
    problems = Problems()
    normalise(document, problems)
    problems.raise_if_any()
    return document


def _account(account: AccountSettings) -> dict[str, object]:
    activated_on = account.activated_on
    return {
        "activated_on": None if activated_on is None else activated_on.isoformat(),
        "online_redemption": account.online_redemption,
        "client_login": account.client_login.value,
        "package_kind": account.package_kind.value,
        "deposit_required": account.deposit_required,
        "card_capture": account.card_capture,
        "cancellation": _terms(account.cancellation),
        "time_zone": write_zone(account.time_zone),
    }


def _terms(terms: CancellationTerms | None) -> dict[str, object] | None:
    """Return terms as they are stored, but for the window, which people read."""
    written = write_terms(terms)
    if terms is None or written is None:
        return None
    return {**written, "window": window_text(terms.window)}


def _package(package: Package) -> dict[str, object]:
    return {
        "id": package.id,
        "client_id": package.client_id,
        "entitlements": [_entitlement(entitlement) for entitlement in package.entitlements],
        "kind": package.kind.value,
        "status": package.status.value,
        "sold_at": _instant(package.sold_at),
        "valid_from": _instant(package.valid_from),
        "valid_until": _instant(package.valid_until),
        "priority": package.priority,
    }


def _entitlement(entitlement: Entitlement) -> dict[str, object]:
    return {
        "id": entitlement.id,
        "services": sorted(entitlement.services),
        "remaining": entitlement.remaining,
    }


def _instant(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()

"""Rows of the tables, made of values, and values made of rows."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Final, TypeAlias

from pkgredeem._model.ledger import Change, Movement
from pkgredeem._model.packages import Package
from pkgredeem._model.quotas import Use
from pkgredeem._model.redemption import Redemption
from pkgredeem._model.words import UNLIMITED, Act, Actor, Bucket, DrawState
from pkgredeem.stores import _ledger
from pkgredeem.stores._texts import stored_text, text_to_store

_JSON: Final = json.JSONEncoder(separators=(",", ":"))

Row: TypeAlias = tuple[str | int | None, ...]


def document_of(value: Package | Redemption) -> str:
    """Return the stored form as JSON: ASCII alone, so that no character of it is ever changed."""
    return _JSON.encode(value.to_document())


def instant_text(moment: datetime | None) -> str | None:
    """Return an instant in UTC so that of two texts the later instant is greater."""
    return None if moment is None else moment.isoformat(timespec="microseconds")


def texts(*given: str) -> Row:
    """Return these texts as the file holds them."""
    return tuple(map(text_to_store, given))


def row_of_facts(package: Package) -> Row:
    """Return whose a package is, until when it is valid, and what it was sold as."""
    until = instant_text(package.valid_until)
    return text_to_store(package.client_id), until, document_of(package)


def redemption_of(document: str) -> Redemption:
    """Return the redemption of a row."""
    return Redemption.from_document(json.loads(document))


def package_as_sold(document: str) -> Package:
    """Return the package of a row, with the credits that it was sold with."""
    return Package.from_document(json.loads(document))


def package_as_it_is(sold: Package, version: int, available: str, uses: str) -> Package:
    """Return a package with what has become of it, from lists of other tables' rows."""
    rows: list[tuple[str, int | None]] = json.loads(available)
    left = {stored_text(entitlement_id): units for entitlement_id, units in rows}
    used = [_use(*row) for row in json.loads(uses)]
    return _ledger.as_it_is(sold, left, uses=used, version=version)


def _use(  # noqa: PLR0917 - the columns of the table
    booking_id: str,
    line: int,
    entitlement_id: str,
    service_id: str,
    client_id: str,
    starts_at: str,
    state: str,
) -> Use:
    return Use(
        booking_id=stored_text(booking_id),
        line=line,
        entitlement_id=stored_text(entitlement_id),
        service_id=stored_text(service_id),
        client_id=stored_text(client_id),
        starts_at=datetime.fromisoformat(starts_at),
        state=DrawState(state),
    )


def rows_of_uses(change: Change) -> list[Row]:
    """Return the rows of what a booking uses after a change."""
    return [
        (
            text_to_store(package_id),
            text_to_store(use.booking_id),
            use.line,
            text_to_store(use.entitlement_id),
            text_to_store(use.service_id),
            text_to_store(use.client_id),
            use.starts_at.isoformat(),
            use.state,
        )
        for package_id, uses in _ledger.uses_by_package(change).items()
        for use in uses
    ]


def rows_of_entitlements(package: Package) -> Iterator[Row]:
    """Yield the rows of what a package is sold with, of which all is available."""
    for entitlement in package.entitlements:
        sold = None if entitlement.remaining is UNLIMITED else entitlement.remaining
        yield *texts(package.id, entitlement.id), sold, sold


def row_of_movement(movement: Movement, version: int, place: int) -> Row:
    """Return the row of a movement, which is the one at that place of an act on a redemption."""
    return (
        text_to_store(movement.booking_id),
        version,
        place,
        text_to_store(movement.package_id),
        text_to_store(movement.entitlement_id),
        movement.credits,
        movement.source,
        movement.target,
        movement.act,
        movement.at.isoformat(),
        movement.by,
        text_to_store(movement.note),
    )


def movement_of(  # noqa: PLR0917 - the columns of the table
    booking_id: str,
    package_id: str,
    entitlement_id: str,
    moved: int,
    source: str,
    target: str,
    act: str,
    at: str,
    by: str,
    note: str,
) -> Movement:
    """Return the movement of a row."""
    return Movement(
        booking_id=stored_text(booking_id),
        package_id=stored_text(package_id),
        entitlement_id=stored_text(entitlement_id),
        credits=moved,
        source=Bucket(source),
        target=Bucket(target),
        act=Act(act),
        at=datetime.fromisoformat(at),
        by=Actor(by),
        note=stored_text(note),
    )

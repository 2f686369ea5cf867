"""The smallest case that still shows something, and its document, what is plain left out."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, fields, replace
from typing import Final, TypeVar, cast

from pkgredeem import (
    AccountSettings,
    Actor,
    Booking,
    BookingLine,
    Case,
    Client,
    Package,
    PickedFrom,
    Service,
)
from pkgredeem.documents import case_document

_Value = TypeVar("_Value", AccountSettings, Package)

_DEFAULTS: Final[Mapping[type, tuple[tuple[str, object], ...]]] = {
    kind: tuple((field.name, field.default) for field in fields(kind))
    for kind in (AccountSettings, BookingLine, Case, Client, Package, Service)
}
# A package or a line is more to read than a field.
_PART: Final = 4
# What a key says when it is left out; null and an empty text may be, but for the client's id.
_UNSAID: Final[Mapping[str, Mapping[str, object]]] = {
    "account": {
        "client_login": "disabled",
        "package_kind": "new",
        "deposit_required": False,
        "card_capture": False,
    },
    "client": {"logged_in": False, "has_saved_card": False},
    "packages": {"kind": "new", "status": "active", "priority": 0},
    "lines": {"picked_from": "menu", "payable": True},
    "": {"by": "client"},
}


def small_document(case: Case) -> dict[str, object]:
    """Return the document of a case without what goes without saying; it reads back equal."""
    return cast("dict[str, object]", _pruned(case_document(case), ""))


def as_json(case: Case) -> str:
    """Return the small document of a case as JSON that people can read, and paste."""
    return json.dumps(small_document(case), indent=2, ensure_ascii=False)


def size(case: Case) -> tuple[int, str]:
    """Return how large a case is to read; the document itself parts those of one length."""
    text = json.dumps(small_document(case), sort_keys=True)
    return len(text), text


def weight(case: Case) -> int:
    """Return about how much there is to read in a case: what is not as plain as can be."""
    return (
        _unlike(case.account, AccountSettings)
        + _unlike(case.client, Client)
        + sum(_PART + _weight_of(package) for package in case.packages)
        + sum(
            _PART + _unlike(line, BookingLine) + _unlike(line.service, Service)
            for line in case.booking.lines
        )
        + (_PART * _PART if case.existing is not None else 0)
        + _unlike(case, Case)
    )


def _weight_of(package: Package) -> int:
    credits_ = package.entitlements
    return _unlike(package, Package) + sum(len(e.services) + (e.remaining > 1) for e in credits_)


def _unlike(value: object, kind: type) -> int:
    """Count the fields that are not as they are when left out."""
    return sum(getattr(value, name) != default for name, default in _DEFAULTS[kind])


def _pruned(value: object, name: str) -> object:
    if name == "existing":
        return value
    if isinstance(value, list):
        return [_pruned(member, name) for member in cast("list[object]", value)]
    if isinstance(value, dict):
        unsaid = _UNSAID.get(name, {})
        members = cast("dict[str, object]", value)
        return {
            key: _pruned(member, key)
            for key, member in members.items()
            if (name, key) == ("client", "id") or (member is not None and member != "")
            if key not in unsaid or member != unsaid[key]
        }
    return value


def shrunk(case: Case, still_shows: Callable[[Case], bool]) -> Case:
    """Return a case that shows the same and of which nothing more can be left out."""
    smaller = next(filter(still_shows, _simpler(case)), None)
    while smaller is not None:
        case = smaller
        smaller = next(filter(still_shows, _simpler(case)), None)
    return case


def _simpler(case: Case) -> Iterator[Case]:
    """Yield cases with one thing less, the largest things first."""
    packages = case.packages
    if case.existing is not None:
        yield replace(case, existing=None)
    for index in range(len(packages)):
        yield replace(case, packages=packages[:index] + packages[index + 1 :])
    for booking in _simpler_bookings(case.booking):
        yield replace(case, booking=booking)
    for index, package in enumerate(packages):
        for simpler in _simpler_packages(package):
            yield replace(case, packages=(*packages[:index], simpler, *packages[index + 1 :]))
    for account in _plainer(case.account):
        yield replace(case, account=account)
    if case.client.has_saved_card:
        yield replace(case, client=replace(case.client, has_saved_card=False))
    if case.note or case.by is not Actor.CLIENT:
        yield replace(case, note="", by=Actor.CLIENT)


def _simpler_bookings(booking: Booking) -> Iterator[Booking]:
    lines = booking.lines
    for index in range(len(lines)) if len(lines) > 1 else ():
        yield replace(booking, lines=lines[:index] + lines[index + 1 :])
    for index, line in enumerate(lines):
        service = replace(line.service, name="", deposit_required=None)
        plain = replace(line, service=service, picked_from=PickedFrom.MENU)
        if plain != line:
            yield replace(booking, lines=(*lines[:index], plain, *lines[index + 1 :]))


def _simpler_packages(package: Package) -> Iterator[Package]:
    kept = package.entitlements
    for index in range(len(kept)) if len(kept) > 1 else ():
        yield replace(package, entitlements=kept[:index] + kept[index + 1 :])
    yield from _plainer(package)
    for index, entitlement in enumerate(kept):
        if entitlement.remaining > 1:
            fewer = replace(entitlement, remaining=1)
            yield replace(package, entitlements=(*kept[:index], fewer, *kept[index + 1 :]))


def _plainer(value: _Value) -> Iterator[_Value]:
    """Yield the same value with one field as it is when left out."""
    for field in fields(value):
        if field.default is not MISSING and getattr(value, field.name) != field.default:
            yield replace(value, **{field.name: field.default})

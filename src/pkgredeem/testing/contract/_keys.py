"""Ids of the contract as a store's tables have them, and back: `key_for` of a contract.

One place for every id: those of packages, entitlements, services, clients and bookings, in packages
and their uses, redemptions, movements and changes.
"""

from collections.abc import Callable
from dataclasses import replace
from threading import Lock
from typing import TypeAlias

from pkgredeem import (
    Booking,
    BookingLine,
    Change,
    Draw,
    Entitlement,
    InvalidValueError,
    Movement,
    Package,
    Redemption,
    Use,
)
from pkgredeem._model import checks as check

#: An id of that kind on the other side; of an entitlement with the package that it is in.
_Translate: TypeAlias = Callable[[str, str, str], str]


class Keys:
    """Translates ids by a contract's `key_for`, and back by what was translated."""

    def __init__(self, key_for: Callable[[str, str], str]) -> None:
        """Know no id yet."""
        self._key_for = key_for
        self._lock = Lock()
        self._keys: dict[tuple[str, str, str], str] = {}
        self._names: dict[tuple[str, str, str], str] = {}

    def key(self, kind: str, name: str, package_id: str = "") -> str:
        """Return the key of an id, the same whenever it is asked.

        Raises:
            InvalidValueError: `key_for` gives no text, or one key for two ids.
        """
        package_key = self.key("package", package_id) if package_id else ""
        with self._lock:
            if (kind, name, package_id) not in self._keys:
                key = self._key_for(kind, f"{package_id}/{name}" if package_id else name)
                check.identifier(f"key_for({kind!r}, {name!r})", key)
                other = self._names.setdefault((kind, key, package_key), name)
                if other != name:
                    allowed = f"a key that is not that of {other!r}"
                    raise InvalidValueError(f"key_for({kind!r}, {name!r})", key, allowed)
                self._keys[kind, name, package_id] = key
            return self._keys[kind, name, package_id]

    def name(self, kind: str, key: str, package_key: str = "") -> str:
        """Return the id of a key; a key that was never handed out stays what it is."""
        return self._names.get((kind, key, package_key), key)

    def package_in(self, package: Package) -> Package:
        """Return a package with the keys of its ids."""
        return _package(package, self.key)

    def package_out(self, package: Package) -> Package:
        """Return a package with the ids of its keys."""
        return _package(package, self.name)

    def redemption_out(self, redemption: Redemption | None) -> Redemption | None:
        """Return a redemption with the ids of its keys."""
        return None if redemption is None else _redemption(redemption, self.name)

    def movement_out(self, movement: Movement) -> Movement:
        """Return a movement with the ids of its keys."""
        return _movement(movement, self.name)

    def booking_in(self, booking: Booking) -> Booking:
        """Return a booking with the keys of its ids."""
        return _booking(booking, self.key)

    def change_in(self, change: Change) -> Change:
        """Return a change with the keys of its ids, its movements in their order."""
        movements = [_movement(movement, self.key) for movement in change.movements]
        versions = change.package_versions
        return replace(
            change,
            before=None if change.before is None else _redemption(change.before, self.key),
            after=_redemption(change.after, self.key),
            movements=tuple(sorted(movements, key=_place_of)),
            package_versions=tuple((self.key("package", name), at) for name, at in versions),
        )


def _package(package: Package, at: _Translate) -> Package:
    return replace(
        package,
        id=at("package", package.id, ""),
        client_id=at("client", package.client_id, ""),
        entitlements=tuple(_entitlement(held, package.id, at) for held in package.entitlements),
        shared_with=tuple(at("client", name, "") for name in package.shared_with),
        uses=tuple(_use(use, package.id, at) for use in package.uses),
    )


def _entitlement(entitlement: Entitlement, package_id: str, at: _Translate) -> Entitlement:
    services = frozenset(at("service", name, "") for name in entitlement.services)
    return replace(entitlement, id=at("entitlement", entitlement.id, package_id), services=services)


def _use(use: Use, package_id: str, at: _Translate) -> Use:
    return replace(
        use,
        booking_id=at("booking", use.booking_id, ""),
        entitlement_id=at("entitlement", use.entitlement_id, package_id),
        service_id=at("service", use.service_id, ""),
        client_id=at("client", use.client_id, ""),
    )


def _redemption(redemption: Redemption, at: _Translate) -> Redemption:
    replaced = redemption.replaces
    return replace(
        redemption,
        booking=_booking(redemption.booking, at),
        client_id=at("client", redemption.client_id, ""),
        draws=tuple(_draw(draw, at) for draw in redemption.draws),
        replaces=None if replaced is None else at("booking", replaced, ""),
    )


def _booking(booking: Booking, at: _Translate) -> Booking:
    lines = tuple(_line(line, at) for line in booking.lines)
    return replace(booking, id=at("booking", booking.id, ""), lines=lines)


def _line(line: BookingLine, at: _Translate) -> BookingLine:
    service = replace(line.service, id=at("service", line.service.id, ""))
    return replace(line, service=service)


def _draw(draw: Draw, at: _Translate) -> Draw:
    return replace(
        draw,
        package_id=at("package", draw.package_id, ""),
        entitlement_id=at("entitlement", draw.entitlement_id, draw.package_id),
        service_id=at("service", draw.service_id, ""),
    )


def _movement(movement: Movement, at: _Translate) -> Movement:
    return replace(
        movement,
        booking_id=at("booking", movement.booking_id, ""),
        package_id=at("package", movement.package_id, ""),
        entitlement_id=at("entitlement", movement.entitlement_id, movement.package_id),
    )


def _place_of(movement: Movement) -> tuple[str, str, str, str]:
    return movement.package_id, movement.entitlement_id, movement.source, movement.target

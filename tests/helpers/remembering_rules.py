"""Rules that keep an answer for a booking, a client or a package, and give it ever after."""

from pkgredeem import (
    BookingLine,
    Case,
    Client,
    Cover,
    Entitlement,
    Package,
    PackageKind,
    PickedFrom,
    Scope,
    rule,
)
from tests.helpers.faulty_rules import SATURDAY
from tests.helpers.house_rules import HOUSE

_on_saturday: dict[str, bool] = {}


@rule(Scope.BOOKING, clauses=[HOUSE], message="on a Saturday", advice="pick another day")
def remembers_the_booking(case: Case, _cover: Cover) -> bool:
    """It is Saturday, where the booking has a zone: asked once for each booking, and kept."""
    known = case.account.time_zone is not None
    day = case.local(case.booking.starts_at).isoweekday() if known else 0
    return _on_saturday.setdefault(case.booking.id, day == SATURDAY)


_held: dict[tuple[str, str], bool] = {}


@rule(Scope.PACKAGE, clauses=[HOUSE], message="set aside", advice="take it out")
def remembers_the_package(case: Case, package: Package) -> bool:
    """The package has a priority: asked once for each package and booking, and kept."""
    return _held.setdefault((case.booking.id, package.id), package.priority > 0)


_saved: dict[str, bool] = {}


@rule(Scope.BOOKING, clauses=[HOUSE], message="no card", advice="save one")
def remembers_the_client(case: Case, _cover: Cover) -> bool:
    """The client has no saved card: asked once for each booking, and kept."""
    return _saved.setdefault(case.booking.id, not case.client.has_saved_card)


_cards: dict[str | None, bool] = {}


@rule(Scope.CLIENT, clauses=[HOUSE], message="no card", advice="save one")
def remembers_whose_card(client: Client) -> bool:
    """The client has no saved card: asked once for each client, and kept."""
    return _cards.setdefault(client.id, not client.has_saved_card)


_picked: dict[str, bool] = {}


@rule(Scope.CREDIT, clauses=[HOUSE], message="an add-on", advice="book it by itself")
def remembers_how_it_was_picked(
    case: Case, _package: Package, _entitlement: Entitlement, line: BookingLine
) -> bool:
    """The service was picked as an add-on: asked once for each booking, and kept."""
    return _picked.setdefault(case.booking.id, line.picked_from is PickedFrom.ADD_ON)


_kinds: dict[str, bool] = {}


@rule(Scope.PACKAGE, clauses=[HOUSE], message="a concession", advice="sell a new one")
def remembers_the_kind(_case: Case, package: Package) -> bool:
    """The package is a legacy one: asked once for each package, and kept."""
    return _kinds.setdefault(package.id, package.kind is PackageKind.LEGACY)


_many: dict[str, bool] = {}


@rule(Scope.BOOKING, clauses=[HOUSE], message="many packages", advice="none")
def remembers_how_many(case: Case, _cover: Cover) -> bool:
    """Any package was handed in: asked once for each booking, and kept."""
    return _many.setdefault(case.booking.id, bool(case.packages))

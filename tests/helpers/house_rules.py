"""Rules of a caller's own, one for each scope, which the tests add to a rulebook."""
# ruff: noqa: ARG001 (every rule of a scope is asked with the same arguments)

from collections.abc import Mapping
from datetime import date, datetime

from pkgredeem import (
    UNLIMITED,
    AccountSettings,
    BookingLine,
    CardCaptureOutcome,
    Case,
    Clause,
    Client,
    Cover,
    Entitlement,
    Package,
    PickedFrom,
    Redemption,
    Scope,
    rule,
)
from pkgredeem._model.request import Request

HOUSE = Clause(id="HOUSE-1", heading="house rules", says="what this house wants")
SATURDAY = 6


@rule(Scope.ACCOUNT, clauses=[HOUSE], message="no card page", advice="show it")
def no_card_page(account: AccountSettings, starts_enabled_after: date | None) -> bool:
    """The account shows no card page, under the April rulebook."""
    return starts_enabled_after == date(2026, 4, 29) and not account.card_capture


@rule(
    Scope.CLIENT, clauses=[HOUSE], message="no card", advice="save one", client_text="save a card"
)
def no_saved_card(client: Client) -> bool:
    """The client has saved no card."""
    return not client.has_saved_card


@rule(
    Scope.HOLDINGS,
    clauses=[HOUSE],
    message="the client has {count} active packages, more than two",
    advice="redeem it in store",
)
def more_than_two_packages(client: Client, active: tuple[Package, ...]) -> bool | Mapping[str, int]:
    """The client has more than two active packages."""
    return {"count": len(active)} if len(active) > len("ab") else False


@rule(Scope.PACKAGE, clauses=[HOUSE], message="{subject} is kept", advice="draw on another")
def kept_for_later(case: Case, package: Package) -> bool:
    """The package is one that the house keeps for later."""
    return package.priority < 0


@rule(
    Scope.CREDIT,
    clauses=[HOUSE],
    message="{subject} was an add-on, {left} left",
    advice="pick it from the menu",
)
def no_add_on(
    case: Case, package: Package, entitlement: Entitlement, line: BookingLine
) -> bool | Mapping[str, int | str]:
    """An add-on is not paid with a credit that pays for several services."""
    refused = line.picked_from is PickedFrom.ADD_ON and len(entitlement.services) > 1
    return {"left": entitlement.remaining} if refused else False


@rule(Scope.CREDIT, clauses=[HOUSE], message="{subject} on a Saturday", advice="pick another day")
def no_saturday(case: Case, package: Package, entitlement: Entitlement, line: BookingLine) -> bool:
    """No credit pays on a Saturday, by the account's own calendar."""
    return case.local(case.booking.starts_at).isoweekday() == SATURDAY


@rule(
    Scope.BOOKING,
    clauses=[HOUSE],
    message="{drawn} credits of {first} at {starts_at}",
    advice="book less",
    client_text="please book less at once",
)
def two_at_most(case: Case, cover: Cover) -> bool | Mapping[str, str | int | datetime]:
    """More than two credits are drawn at once."""
    if len(cover.draws) <= len("ab"):
        return False
    first = cover.draws[0].package_id
    return {"starts_at": case.booking.starts_at, "first": first, "drawn": len(cover.draws)}


@rule(Scope.NOTE, clauses=[HOUSE], message="{left} left before this booking", advice="sell more")
def few_left(case: Case, card_capture: CardCaptureOutcome) -> bool | Mapping[str, int]:
    """Few credits are left before this booking."""
    every = [held.remaining for package in case.packages for held in package.entitlements]
    left = sum(units for units in every if units is not UNLIMITED)
    return {"left": left} if left <= len("ab") else False


@rule(Scope.ACT, clauses=[HOUSE], message="no", advice="no")
def of_an_act(redemption: Redemption, request: Request) -> bool:
    """What a rulebook can't hold."""
    return True

"""Rules as a caller might add them, one of each scope: what `answer_strategies` put into rulebooks.

They are examples of the form as well: each cites a clause, and asks the case for local time.
"""

from datetime import date
from typing import Final

from pkgredeem import (
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
    Rule,
    Scope,
    rule,
)

_HOUSE: Final = Clause(id="HOUSE-1", heading="house rules", says="what this salon does its own way")
_SATURDAY: Final = 6


@rule(
    Scope.ACCOUNT,
    clauses=[_HOUSE],
    message="the account has no cancellation terms",
    advice="write cancellation terms first",
)
def account_without_terms(account: AccountSettings, _: date | None) -> bool:
    """The account has no cancellation terms."""
    return account.cancellation is None


@rule(
    Scope.CLIENT,
    clauses=[_HOUSE],
    message="the client has no saved card",
    advice="save a card",
    client_text="save a card to use a package",
)
def client_without_card(client: Client) -> bool:
    """The client has no saved card."""
    return not client.has_saved_card


@rule(
    Scope.HOLDINGS,
    clauses=[_HOUSE],
    message="an active package has no end",
    advice="give it one",
)
def active_package_without_end(_: Client, active: tuple[Package, ...]) -> bool:
    """An active package of the client is valid for ever."""
    return any(package.valid_until is None for package in active)


@rule(
    Scope.PACKAGE,
    clauses=[_HOUSE],
    message="package {subject} is set aside, with priority {priority}",
    advice="give it a priority of zero or more",
)
def package_set_aside(_: Case, package: Package) -> bool | dict[str, int]:
    """The package has a priority below zero."""
    return {"priority": package.priority} if package.priority < 0 else False


@rule(
    Scope.CREDIT,
    clauses=[_HOUSE],
    message="service {subject} was picked as an add-on",
    advice="book it by itself",
)
def add_on_not_covered(_: Case, __: Package, ___: Entitlement, line: BookingLine) -> bool:
    """The service was picked as an add-on."""
    return line.picked_from is PickedFrom.ADD_ON


@rule(
    Scope.BOOKING,
    clauses=[_HOUSE],
    message="the appointment is on a Saturday",
    advice="pick another day",
    client_text="packages can't be used on a Saturday",
)
def booked_on_a_saturday(case: Case, _: Cover) -> bool:
    """The appointment is on a Saturday by the account's own calendar, where it has a zone."""
    known = case.account.time_zone is not None
    return known and case.local(case.booking.starts_at).isoweekday() == _SATURDAY


@rule(
    Scope.NOTE,
    clauses=[_HOUSE],
    message="the card page is shown",
    advice="help the client with it",
)
def card_page_shown(_: Case, card_capture: CardCaptureOutcome) -> bool:
    """The card page is shown."""
    return card_capture is CardCaptureOutcome.CAPTURE


OWN_RULES: Final[tuple[Rule, ...]] = (
    booked_on_a_saturday,
    client_without_card,
    active_package_without_end,
    package_set_aside,
    add_on_not_covered,
    account_without_terms,
    card_page_shown,
)

"""THE RULEBOOK: every rule of the article, in the article's order, to be read beside it.

A rule is a function that tells whether its fact exists: its name is the code, its docstring the
fact, and the clauses that it implements are cited above it. What is waived, bypassed, returned and
said follows from small functions that cite their clauses in the same way.

Nothing else lives here: no engine, no storage, no text for one country, no clock. Dates, hours and
amounts are parameters of a rulebook or of the account.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from pkgredeem import clauses as c
from pkgredeem._model.account import AccountSettings
from pkgredeem._model.booking import BookingLine, Client
from pkgredeem._model.case import Case
from pkgredeem._model.cover import Cover
from pkgredeem._model.entitlement import Entitlement
from pkgredeem._model.finding import Finding
from pkgredeem._model.packages import Package
from pkgredeem._model.rule import Answer, implements, rule
from pkgredeem._model.words import (
    CardCaptureOutcome,
    ClientLogin,
    DepositOutcome,
    PackageKind,
    PackageStatus,
    Scope,
)

# The words are bound once: to look up a member of an enum costs more than to compare with it.
NEW, LEGACY = PackageKind.NEW, PackageKind.LEGACY
ARCHIVED = PackageStatus.ARCHIVED
DISABLED = ClientLogin.DISABLED
NO_DEPOSIT = DepositOutcome.NOT_REQUIRED
COLLECT, WAIVED = DepositOutcome.COLLECT, DepositOutcome.WAIVED
NO_CARD = CardCaptureOutcome.NOT_REQUIRED
CAPTURE, BYPASSED = CardCaptureOutcome.CAPTURE, CardCaptureOutcome.BYPASSED


# --- What the client is told (introduction; client limitations) -----------------------------------

#: What a client is told of a booking that a package can pay for.
PROMPT: Final = "a package can be used for this booking"
#: What a client is told of any other, whatever the reason, where no rule has a sentence of its own.
NEUTRAL: Final = "no package can be used for this booking: it is booked and paid for as usual"


@implements(c.T08)
def shows_prompt(*, eligible: bool, client: Client) -> bool:
    """A client who is logged in is shown a prompt when a package can pay for the booking."""
    return eligible and client.logged_in


@implements(c.T09, c.T07, c.T10)
def shows_notice(*, client: Client, active: Sequence[Package], refused: bool) -> bool:
    """After logging in, a client of whom nothing is refused is told of an active package."""
    return client.logged_in and bool(active) and not refused


@implements(c.T08, c.D24)
def text_for_client(*, eligible: bool, reasons: Iterable[Finding]) -> str:
    """The client is told the prompt, or the first reason that has a sentence for clients."""
    if eligible:
        return PROMPT
    for reason in reasons:
        if reason.client_text is not None:
            return reason.client_text
    return NEUTRAL


# --- How to enable online redemption --------------------------------------------------------------


@implements(c.T03)
def switch_is_visible(account: AccountSettings) -> bool:
    """Only accounts on new packages see the switch."""
    return account.package_kind is NEW


@implements(c.T02, c.D01)
def starts_switched_on(account: AccountSettings, after: date | None) -> bool:
    """The account was activated later than the date of the automatic start, not on that day."""
    return after is not None and account.activated_on is not None and account.activated_on > after


@implements(c.T01, c.D02)
def is_switched_on(account: AccountSettings, after: date | None) -> bool:
    """What the business chose; where it never chose, the automatic start; else off."""
    if account.online_redemption is not None:
        return account.online_redemption
    return starts_switched_on(account, after)


@rule(
    Scope.ACCOUNT,
    clauses=(c.T03, c.T04, c.D02),
    message="the account is on legacy packages (concessions)",
    advice="upgrade the account to new packages",
    client_text=NEUTRAL,
)
def account_on_legacy_packages(account: AccountSettings, starts_enabled_after: date | None) -> bool:
    """The account is on legacy packages: it has no switch, and nothing to redeem online."""
    return account.package_kind is LEGACY


@rule(
    Scope.ACCOUNT,
    clauses=(c.T01, c.T02, c.D01, c.D02),
    message="online redemption is switched off",
    advice="switch on online redemption in the account's settings",
    client_text=NEUTRAL,
)
def online_redemption_off(account: AccountSettings, starts_enabled_after: date | None) -> bool:
    """The account could redeem online, but its switch is off: by choice, or never switched on."""
    if account.package_kind is LEGACY:
        return False
    return not is_switched_on(account, starts_enabled_after)


@rule(
    Scope.ACCOUNT,
    clauses=(c.T05,),
    message="Client Login is disabled",
    advice="set Client Login to optional or mandatory",
    client_text=NEUTRAL,
)
def client_login_disabled(account: AccountSettings, starts_enabled_after: date | None) -> bool:
    """Client Login is neither optional nor mandatory."""
    return account.client_login is DISABLED


# --- Who may redeem (FAQ: do clients need to log in) ----------------------------------------------


@rule(
    Scope.CLIENT,
    clauses=(c.T07, c.D03),
    message="the client is not logged in",
    advice="ask the client to log in, then book",
    client_text="log in to use a package",
)
def client_not_logged_in(client: Client) -> bool:
    """The client books as a guest, or has not logged in."""
    return not client.logged_in


# --- What the client may hold (client eligibility; client limitations) ----------------------------


@rule(
    Scope.HOLDINGS,
    clauses=(c.T10, c.D05),
    message="the client has {count} active packages, and only one can be redeemed online",
    advice="redeem it in store",
)
def several_active_packages(client: Client, active: tuple[Package, ...]) -> Answer:
    """The client has more than one active package."""
    count = len(active)
    return {"count": count} if count > 1 else False


# --- Which packages count (what you need to know; FAQ: sell online) -------------------------------


@rule(
    Scope.PACKAGE,
    clauses=(c.T12, c.D03, c.D04),
    message="package {subject} was sold to another client",
    advice="look up the packages of the client who books",
    can_be_lifted=False,
    on_move=False,
)
def package_of_another_client(case: Case, package: Package) -> bool:
    """The package was not sold to this client."""
    return not package.is_held_by(case.client)


@rule(
    Scope.PACKAGE,
    clauses=(c.T12, c.D32),
    message="package {subject} is not sold before {sold_at}",
    advice="sell the package first, then book",
    on_move=False,
)
def package_not_sold_yet(case: Case, package: Package) -> Answer:
    """The package is sold only after the moment of booking."""
    sold_at = package.sold_at
    if sold_at is None or package.is_sold_by(case.now):
        return False
    return {"sold_at": sold_at}


@rule(
    Scope.PACKAGE,
    clauses=(c.T04,),
    message="package {subject} is a legacy package (concession)",
    advice="redeem it in store, or sell a new package in its place",
    on_move=False,
    on_return=True,
)
def legacy_package(case: Case, package: Package) -> bool:
    """The package is a legacy one."""
    return package.kind is LEGACY


@rule(
    Scope.PACKAGE,
    clauses=(c.T24,),
    message="package {subject} is archived",
    advice="restore the package, or redeem it in store",
    on_move=False,
    on_return=True,
)
def package_archived(case: Case, package: Package) -> bool:
    """The business has archived the package."""
    return package.status is ARCHIVED


@rule(
    Scope.PACKAGE,
    clauses=(c.D06,),
    message="package {subject} is valid from {valid_from}, and the appointment starts {starts_at}",
    advice="pick a later time",
    on_return=True,
)
def package_not_started(case: Case, package: Package) -> Answer:
    """The appointment starts before the validity of the package does."""
    valid_from = package.valid_from
    if valid_from is None or package.has_started_by(case.booking.starts_at):
        return False
    return {"starts_at": case.booking.starts_at, "valid_from": valid_from}


@rule(
    Scope.PACKAGE,
    clauses=(c.D06,),
    message="package {subject} was over at {valid_until}",
    advice="extend the package, or sell a new one",
    on_return=True,
)
def package_over(case: Case, package: Package) -> Answer:
    """The package is over by the start of the appointment, and is over already now."""
    valid_until, starts_at = package.valid_until, case.booking.starts_at
    if valid_until is None or not package.is_over_by(starts_at) or not package.is_over_by(case.now):
        return False
    return {"valid_until": valid_until}


@rule(
    Scope.PACKAGE,
    clauses=(c.D06,),
    message="package {subject} is over at {valid_until}, and the appointment starts {starts_at}",
    advice="pick an earlier time",
    on_return=True,
)
def package_over_by_then(case: Case, package: Package) -> Answer:
    """The package is over by the start of the appointment, but not yet now."""
    valid_until, starts_at = package.valid_until, case.booking.starts_at
    if valid_until is None or not package.is_over_by(starts_at) or package.is_over_by(case.now):
        return False
    return {"starts_at": starts_at, "valid_until": valid_until}


@rule(
    Scope.PACKAGE,
    clauses=(c.D05, c.D08),
    message="package {subject} is used up",
    advice="sell the client a new package",
    can_be_lifted=False,
    on_move=False,
)
def package_used_up(case: Case, package: Package) -> bool:
    """No credit is left in the package."""
    return not package.has_credit


# --- Which credit may pay for which service (package types; booking process) ----------------------


@rule(
    Scope.CREDIT,
    clauses=(c.T13, c.T14, c.T15),
    message="service {subject} is in no package that can be used",
    advice="book the service without a package, or sell one that holds it",
    can_be_lifted=False,
    on_move=False,
)
def service_not_in_package(
    case: Case, package: Package, entitlement: Entitlement, line: BookingLine
) -> bool:
    """The entitlement does not name the service, wherever the service was picked."""
    return line.service.id not in entitlement.services


@rule(
    Scope.CREDIT,
    clauses=(c.T13, c.T16, c.D07, c.D08, c.D43),
    message="service {subject} lacks a credit: {wanted} wanted, {available} available",
    advice="book fewer services, or sell the client another package",
    can_be_lifted=False,
    on_move=False,
)
def not_enough_credits(
    case: Case, package: Package, entitlement: Entitlement, line: BookingLine
) -> bool:
    """The entitlement has too little left for this line, or the other lines need it."""
    return not entitlement.has(line.service.cost(entitlement.unit) or 1)


# --- Which bookings a package pays for (what doesn't work) ----------------------------------------


@rule(
    Scope.BOOKING,
    clauses=(c.D09,),
    message="the appointment has started",
    advice="pick a later time; the business can still record an appointment that has started",
    client_text="this appointment has already started",
    on_move=False,
)
def appointment_started(case: Case, cover: Cover) -> bool:
    """The appointment starts now or earlier."""
    return case.now >= case.booking.starts_at


@rule(
    Scope.BOOKING,
    clauses=(c.D31,),
    message="nothing in this booking has to be paid for",
    advice="book it without a package",
    client_text="there is nothing to pay for this booking",
    can_be_lifted=False,
    on_move=False,
)
def nothing_to_pay(case: Case, cover: Cover) -> bool:
    """No line of the booking is payable."""
    return not (cover.covered or cover.uncovered)


@rule(
    Scope.BOOKING,
    clauses=(c.T12, c.D03),
    message="the client holds no package",
    advice="sell the client a package in store",
    can_be_lifted=False,
    on_move=False,
)
def no_package(case: Case, cover: Cover) -> bool:
    """None of the packages was sold to this client; a guest holds none."""
    for package in case.packages:
        if package.is_held_by(case.client):
            return False
    return True


@rule(
    Scope.BOOKING,
    clauses=(c.T17,),
    message="the booking mixes services that the package pays for with others",
    advice="book the other services separately",
    on_move=False,
)
def mixed_booking(case: Case, cover: Cover) -> bool:
    """Some payable lines are covered by a package and some are not."""
    return bool(cover.covered and cover.uncovered)


# --- Deposits and card capture (FAQ: deposits, card capture) --------------------------------------


@implements(c.T18, c.T19, c.D18, c.D19, c.D31)
def deposit_outcome(case: Case, covered: tuple[int, ...]) -> DepositOutcome:
    """A covered service asks for no deposit; one that is not covered asks as it always does."""
    outcome = NO_DEPOSIT
    for index, line in enumerate(case.booking.lines):
        asks = line.service.deposit_required
        if line.payable and (case.account.deposit_required if asks is None else asks):
            if index not in covered:
                return COLLECT
            outcome = WAIVED
    return outcome


@implements(c.T20, c.T18, c.D18, c.D19)
def card_capture_outcome(case: Case, *, all_paid: bool) -> CardCaptureOutcome:
    """The card page, where the account has one, is bypassed when nothing is left to pay."""
    if not case.account.card_capture:
        return NO_CARD
    return BYPASSED if all_paid else CAPTURE


@rule(
    Scope.NOTE,
    clauses=(c.T21, c.D28),
    message="the card page is bypassed, and no card is on file for a fee",
    advice="ask for a card in another way if a fee may fall due",
)
def no_card_on_file(case: Case, card_capture: CardCaptureOutcome) -> bool:
    """The card page was bypassed, and no card was saved earlier."""
    return card_capture is BYPASSED and not case.client.has_saved_card


# --- Cancelling (FAQ: cancels; cancels inside the window) -----------------------------------------

# T22 and T23 are judged when the client cancels, by the terms of the moment of booking: see `acts`.


#: Every rule of the article, in the order in which findings are told (D22).
EVERY_RULE: Final = (
    account_on_legacy_packages,
    online_redemption_off,
    client_login_disabled,
    client_not_logged_in,
    several_active_packages,
    package_of_another_client,
    package_not_sold_yet,
    legacy_package,
    package_archived,
    package_not_started,
    package_over,
    package_over_by_then,
    package_used_up,
    service_not_in_package,
    not_enough_credits,
    appointment_started,
    nothing_to_pay,
    no_package,
    mixed_booking,
    no_card_on_file,
)

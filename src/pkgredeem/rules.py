"""THE RULEBOOK: every rule of the article, in the article's order; the rulebooks stand last.

Read it beside the article. A rule is a function that tells whether its fact is there: its name is
the code, its docstring the fact, and the clauses that it encodes are cited above it. What is
waived, bypassed, returned and said follows from small functions that cite their clauses in the
same way.

Nothing else lives here: no engine, no storage, no text for one country, no clock. Dates, hours and
amounts are parameters of a rulebook or of the account.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Final, TypeVar

from pkgredeem import clauses as c
from pkgredeem._allocation import Cover
from pkgredeem._case import Case
from pkgredeem._moments import earlier, later
from pkgredeem._packages import Entitlement, Package
from pkgredeem._redemption import Redemption
from pkgredeem._rule import Answer, rule
from pkgredeem._rulebook import Rulebook
from pkgredeem._values import AccountSettings, BookingLine, CancellationTerms, Client
from pkgredeem._words import (
    Actor,
    CardCaptureOutcome,
    ClientLogin,
    CreditOutcome,
    DepositOutcome,
    PackageKind,
    PackageStatus,
    Scope,
)

# The words are bound once: to look up a member of an enum costs more than to compare with it.
NEW, LEGACY = PackageKind.NEW, PackageKind.LEGACY
ARCHIVED = PackageStatus.ARCHIVED
DISABLED = ClientLogin.DISABLED
CLIENT, BUSINESS = Actor.CLIENT, Actor.BUSINESS
RETURN = CreditOutcome.RETURN
NO_DEPOSIT = DepositOutcome.NOT_REQUIRED
COLLECT, WAIVED = DepositOutcome.COLLECT, DepositOutcome.WAIVED
NO_CARD = CardCaptureOutcome.NOT_REQUIRED
CAPTURE, BYPASSED = CardCaptureOutcome.CAPTURE, CardCaptureOutcome.BYPASSED

_Function = TypeVar("_Function", bound=Callable[..., object])


def encodes(*cited: c.Clause) -> Callable[[_Function], _Function]:
    """Note on a function which clauses it encodes, where a test and a reader can see them."""

    def noted(function: _Function) -> _Function:
        function.clauses = cited  # type: ignore[attr-defined]  # a note on the function, no more
        return function

    return noted


# --- What the client is told (introduction; client limitations) -----------------------------------

PROMPT: Final = "a package can be used for this booking"
NEUTRAL: Final = "no package can be used for this booking: it is booked and paid for as usual"


@encodes(c.T08)
def prompted(*, eligible: bool, client: Client) -> bool:
    """A client who is logged in is shown a prompt when a package can pay for the booking."""
    return eligible and client.logged_in


@encodes(c.T09, c.T07, c.T10)
def noticed(*, client: Client, active: int, one_only: bool) -> bool:
    """After logging in, a client is told of one active package, or of more without that limit."""
    return client.logged_in and (active == 1 or (active > 1 and not one_only))


# --- How to enable online redemption --------------------------------------------------------------


@encodes(c.T03)
def switch_is_visible(account: AccountSettings) -> bool:
    """Only accounts on new packages see the switch."""
    return account.package_kind is NEW


@encodes(c.T02, c.D01)
def starts_switched_on(account: AccountSettings, after: date | None) -> bool:
    """The account was activated later than the date of the automatic start, not on that day."""
    return after is not None and account.activated_on is not None and account.activated_on > after


@encodes(c.T01, c.D02)
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
def account_on_legacy_packages(account: AccountSettings, rulebook: Rulebook) -> bool:
    """The account is on legacy packages: it has no switch, and nothing to redeem online."""
    return account.package_kind is LEGACY


@rule(
    Scope.ACCOUNT,
    clauses=(c.T01, c.T02, c.D01, c.D02),
    message="online redemption is switched off",
    advice="switch on online redemption in the account's settings",
    client_text=NEUTRAL,
)
def online_redemption_off(account: AccountSettings, rulebook: Rulebook) -> bool:
    """The account could redeem online, but its switch is off: by choice, or never switched on."""
    if account.package_kind is LEGACY:
        return False
    return not is_switched_on(account, rulebook.starts_enabled_after)


@rule(
    Scope.ACCOUNT,
    clauses=(c.T05,),
    message="Client Login is disabled",
    advice="set Client Login to optional or mandatory",
    client_text=NEUTRAL,
)
def client_login_disabled(account: AccountSettings, rulebook: Rulebook) -> bool:
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


# --- Which packages count (what you need to know; FAQ: sell online) -------------------------------


@rule(
    Scope.PACKAGE,
    clauses=(c.T12, c.D03, c.D04),
    message="package {subject} was sold to another client",
    advice="look up the packages of the client who books",
)
def package_of_another_client(case: Case, package: Package) -> bool:
    """The package was not sold to this client."""
    return package.client_id != case.client.id


@rule(
    Scope.PACKAGE,
    clauses=(c.T12, c.D32),
    message="package {subject} is not sold before {sold_at}",
    advice="sell the package first, then book",
)
def package_not_sold_yet(case: Case, package: Package) -> Answer:
    """The package is sold only after the moment of booking."""
    sold_at = package.sold_at
    return {"sold_at": sold_at} if sold_at is not None and sold_at > case.now else False


@rule(
    Scope.PACKAGE,
    clauses=(c.T04,),
    message="package {subject} is a legacy package (concession)",
    advice="redeem it in store, or sell a new package in its place",
)
def legacy_package(case: Case, package: Package) -> bool:
    """The package is a legacy one."""
    return package.kind is LEGACY


@rule(
    Scope.PACKAGE,
    clauses=(c.T24,),
    message="package {subject} is archived",
    advice="restore the package, or redeem it in store",
)
def package_archived(case: Case, package: Package) -> bool:
    """The business has archived the package."""
    return package.status is ARCHIVED


@rule(
    Scope.PACKAGE,
    clauses=(c.D06,),
    message="package {subject} is valid from {valid_from}, and the appointment starts {starts_at}",
    advice="pick a later time",
)
def package_not_started(case: Case, package: Package) -> Answer:
    """The appointment starts before the validity of the package does."""
    valid_from = package.valid_from
    if valid_from is None or valid_from <= case.booking.starts_at:
        return False
    return {"starts_at": case.booking.starts_at, "valid_from": valid_from}


@rule(
    Scope.PACKAGE,
    clauses=(c.D06,),
    message="package {subject} was over at {valid_until}",
    advice="extend the package, or sell a new one",
)
def package_over(case: Case, package: Package) -> Answer:
    """The package is over by the start of the appointment, and is over already now."""
    until = package.valid_until
    if until is None or until > case.booking.starts_at or until > case.now:
        return False
    return {"valid_until": until}


@rule(
    Scope.PACKAGE,
    clauses=(c.D06,),
    message="package {subject} is over at {valid_until}, and the appointment starts {starts_at}",
    advice="pick an earlier time",
)
def package_over_by_then(case: Case, package: Package) -> Answer:
    """The package is over by the start of the appointment, but not yet now."""
    until = package.valid_until
    if until is None or until > case.booking.starts_at or until <= case.now:
        return False
    return {"starts_at": case.booking.starts_at, "valid_until": until}


@rule(
    Scope.PACKAGE,
    clauses=(c.D05, c.D08),
    message="package {subject} is used up",
    advice="sell the client a new package",
)
def package_used_up(case: Case, package: Package) -> bool:
    """No credit is left in the package."""
    for held in package.entitlements:
        if held.remaining:
            return False
    return True


# --- Which credit may pay for which service (package types; booking process) ----------------------


@rule(
    Scope.CREDIT,
    clauses=(c.T13, c.T14, c.T15),
    message="service {subject} is in no package that can be used",
    advice="book the service without a package, or sell one that holds it",
)
def service_not_in_package(
    case: Case, package: Package, entitlement: Entitlement, line: BookingLine
) -> bool:
    """The entitlement does not name the service, wherever the service was picked."""
    return line.service.id not in entitlement.services


@rule(
    Scope.CREDIT,
    clauses=(c.T13, c.T16, c.D07, c.D08),
    message="service {subject} lacks a credit: {wanted} wanted, {available} available",
    advice="book fewer services, or sell the client another package",
)
def not_enough_credits(
    case: Case, package: Package, entitlement: Entitlement, line: BookingLine
) -> bool:
    """The entitlement has no credit for this line, or the other lines need them all."""
    return entitlement.remaining == 0


# --- Which bookings a package pays for (what doesn't work) ----------------------------------------


@rule(
    Scope.BOOKING,
    clauses=(c.D09,),
    message="the appointment has started",
    advice="pick a later time; the business can still record an appointment that has started",
    client_text="this appointment has already started",
)
def appointment_started(case: Case, cover: Cover) -> bool:
    """The appointment starts now or earlier, or the client exchanges one that does."""
    old = case.exchanged_by(CLIENT)
    gone = old is not None and old.has_started_by(case.now)
    return gone or case.now >= case.booking.starts_at


@rule(
    Scope.BOOKING,
    clauses=(c.D31,),
    message="nothing in this booking has to be paid for",
    advice="book it without a package",
    client_text="there is nothing to pay for this booking",
)
def nothing_to_pay(case: Case, cover: Cover) -> bool:
    """No line of the booking is payable."""
    return not (cover.covered or cover.uncovered)


@rule(
    Scope.BOOKING,
    clauses=(c.T12, c.D03),
    message="the client holds no package",
    advice="sell the client a package in store",
)
def no_package(case: Case, cover: Cover) -> bool:
    """None of the packages was sold to this client; a guest holds none."""
    client_id = case.client.id
    for package in case.packages:
        if package.client_id == client_id:
            return False
    return True


@rule(
    Scope.BOOKING,
    clauses=(c.T10, c.D05),
    message="the client has {count} active packages, and only one can be redeemed online",
    advice="redeem in store, or archive the packages that are not used",
)
def several_active_packages(case: Case, cover: Cover) -> Answer:
    """The client has more than one active package."""
    count = len(cover.active)
    return {"count": count} if count > 1 else False


@rule(
    Scope.BOOKING,
    clauses=(c.T17,),
    message="the booking mixes services that the package pays for with others",
    advice="book the other services separately",
)
def mixed_booking(case: Case, cover: Cover) -> bool:
    """Some payable lines are covered by a package and some are not."""
    return bool(cover.covered and cover.uncovered)


@rule(
    Scope.BOOKING,
    clauses=(c.D21, c.D09),
    message="the booking that is exchanged is inside its cancellation window",
    advice="ask the business to exchange it",
    client_text="it is too late to change this booking online",
)
def late_reschedule(case: Case, cover: Cover) -> bool:
    """The client exchanges an earlier booking for this one inside its cancellation window."""
    old = case.exchanged_by(CLIENT)
    return old is not None and old.is_late(case.now)


# --- Deposits and card capture (FAQ: deposits, card capture) --------------------------------------


@encodes(c.T18, c.T19, c.D18, c.D19, c.D31)
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


@encodes(c.T20, c.T18, c.D18, c.D19)
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


@encodes(c.T23, c.D09, c.D10)
def free_until(starts_at: datetime, terms: CancellationTerms | None) -> datetime | None:
    """A cancellation is in time while at least the window is left until the start."""
    return None if terms is None else earlier(starts_at, terms.window)


@encodes(c.T22, c.T23, c.D10, c.D12)
def credit_on_cancel(terms: CancellationTerms | None, *, by: Actor, late: bool) -> CreditOutcome:
    """The credit returns; only of a client's late cancellation do the terms say what happens."""
    if terms is None or by is BUSINESS or not late:
        return RETURN
    return terms.late


@encodes(c.T22, c.T23, c.D09)
def refund_on_cancel(redemption: Redemption, now: datetime) -> bool:
    """A cancellation by the client at that instant would return the credits."""
    late = redemption.is_late(now)
    outcome = credit_on_cancel(redemption.terms, by=CLIENT, late=late)
    return outcome is RETURN and not redemption.has_started_by(now)


@encodes(c.D16)
def credit_on_no_show(
    terms: CancellationTerms | None, said_by_staff: CreditOutcome | None
) -> CreditOutcome:
    """What staff say; else the terms on a no-show; else on late; without terms it returns."""
    if said_by_staff is not None:
        return said_by_staff
    return RETURN if terms is None else terms.on_no_show


@encodes(c.D17)
def free_until_rescheduled(
    redemption: Redemption, starts_at: datetime, *, by: Actor, now: datetime
) -> datetime | None:
    """Free-until follows the new start; the business leaves the client the whole window."""
    terms = redemption.terms
    if terms is None:
        return None
    by_start = earlier(starts_at, terms.window)
    if by is CLIENT:
        return by_start
    return max(by_start, min(later(now, terms.window), starts_at))


# --- The rulebooks --------------------------------------------------------------------------------

_EVERY_RULE = (
    account_on_legacy_packages,
    online_redemption_off,
    client_login_disabled,
    client_not_logged_in,
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
    several_active_packages,
    mixed_booking,
    late_reschedule,
    no_card_on_file,
)

#: The March 2026 text: accounts activated after 31 March start switched on.
TIMELY_2026_03: Final = Rulebook(
    name="timely-2026-03", starts_enabled_after=date(2026, 3, 31), rules=_EVERY_RULE
)

#: The April 2026 text: accounts activated after 29 April start switched on; all else is the same.
TIMELY_2026_04: Final = Rulebook(
    name="timely-2026-04", starts_enabled_after=date(2026, 4, 29), rules=_EVERY_RULE
)

#: In store (D34): whose the package is, when it was sold, its validity and what is left; nothing
#: that the article forbids online only.
IN_STORE: Final = Rulebook(
    name="in-store",
    starts_enabled_after=None,
    rules=(
        package_of_another_client,
        package_not_sold_yet,
        package_not_started,
        package_over,
        package_over_by_then,
        package_used_up,
        service_not_in_package,
        not_enough_credits,
        nothing_to_pay,
        no_package,
        late_reschedule,
        no_card_on_file,
    ),
)

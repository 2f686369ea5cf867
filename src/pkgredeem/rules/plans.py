"""The rules beyond the article: what the plans of other products ask, in the order of D40 to D68.

Written like the rulebook, and judged after it: each is silent about a package that says nothing of
what it reads, so that without such facts every answer is that of the article. In a decision they
are not asked about a package that the client doesn't hold (D04); a move asks those about when and
where, of the packages drawn on, whoever holds them now (D40, D58).
"""

from typing import Final

from pkgredeem import clauses as c
from pkgredeem._model.booking import BookingLine
from pkgredeem._model.case import Case
from pkgredeem._model.counting import full_quota
from pkgredeem._model.entitlement import Entitlement
from pkgredeem._model.packages import Package
from pkgredeem._model.rule import Answer, rule
from pkgredeem._model.words import PackageStatus, Scope

# The words are bound once: to look up a member of an enum costs more than to compare with it.
SUSPENDED, VOID = PackageStatus.SUSPENDED, PackageStatus.VOID

# --- Which packages count: refunded, owed, booked by, paused, chosen ------------------------------


@rule(
    Scope.PACKAGE,
    clauses=(c.D52,),
    message="package {subject} is void",
    advice="sell the client a new package",
    on_move=False,
    on_return=True,
    reads=("status",),
)
def package_void(case: Case, package: Package) -> bool:
    """The business has refunded or withdrawn the package."""
    return package.status is VOID


@rule(
    Scope.PACKAGE,
    clauses=(c.D52,),
    message="package {subject} is suspended",
    advice="settle what is owed or disputed, then make the package active again",
    client_text="your package is on hold: ask the business",
    on_move=False,
    on_return=True,
    reads=("status",),
)
def package_suspended(case: Case, package: Package) -> bool:
    """The business holds the package back, because money is owed or disputed."""
    return package.status is SUSPENDED


@rule(
    Scope.PACKAGE,
    clauses=(c.D49,),
    message="package {subject} could be booked with until {book_until}",
    advice="let the client book with it for longer, or sell a new one",
    on_move=False,
    on_return=True,
    reads=("book_until",),
)
def package_booking_over(case: Case, package: Package) -> Answer:
    """The moment of booking is not before the end of booking with this package."""
    if package.book_until is None or not package.is_closed_for_booking(case.now):
        return False
    return {"book_until": package.book_until}


@rule(
    Scope.PACKAGE,
    clauses=(c.D51,),
    message="package {subject} is paused from {paused_from} until {paused_until}, and the "
    "appointment starts {starts_at}",
    advice="pick a time outside the pause, or end the pause",
    client_text="your package can't be used at this time",
    reads=("pauses",),
)
def package_paused(case: Case, package: Package) -> Answer:
    """The appointment starts in a pause of the package."""
    pause = package.pause_at(case.booking.starts_at)
    if pause is None:
        return False
    until = "further notice" if pause.ends_at is None else pause.ends_at
    return {
        "paused_from": pause.starts_at,
        "paused_until": until,
        "starts_at": case.booking.starts_at,
    }


@rule(
    Scope.PACKAGE,
    clauses=(c.D53,),
    message="package {subject} lasts from its first use: with this appointment a use lies outside "
    "{first_day} to {last_day}",
    advice="pick another day, or sell the client a new package",
    on_return=True,
    reads=("lasts",),
)
def outside_first_use_term(case: Case, package: Package) -> Answer:
    """The appointment starts after the term of first use, or moves a use out of it."""
    if package.lasts is None or not package.uses:
        return False
    day, *days = [case.local(at).date() for at in (case.booking.starts_at, *package.use_starts)]
    first, last = min(days), package.lasts.last_day(min(days))
    if day > last:
        return {"first_day": first.isoformat(), "last_day": last.isoformat()}
    new_last = package.lasts.last_day(day)
    return any(day < first and new_last < other <= last for other in days) and {
        "first_day": day.isoformat(),
        "last_day": new_last.isoformat(),
    }


@rule(
    Scope.PACKAGE,
    clauses=(c.D68,),
    message="package {subject} is not one that was chosen to pay",
    advice="choose the package, or leave the choice open",
    on_move=False,
    reads=("only",),
)
def package_not_chosen(case: Case, package: Package) -> bool:
    """The client or staff picked other packages to pay with."""
    return case.only is not None and package.id not in case.only


# --- Which credit may pay for which line: when, where, with what notice ---------------------------


@rule(
    Scope.CREDIT,
    clauses=(c.D41,),
    message="service {subject} has no cost in the unit {unit}",
    advice="say what the service costs in that unit",
    can_be_lifted=False,
    on_move=False,
    reads=("unit",),
)
def cost_unknown(
    case: Case, package: Package, entitlement: Entitlement, line: BookingLine
) -> Answer:
    """The service says nothing of the unit in which the entitlement counts."""
    if line.service.cost(entitlement.unit) is not None:
        return False
    return {"unit": entitlement.unit}


@rule(
    Scope.CREDIT,
    clauses=(c.D50,),
    message="service {subject}: its credit is valid only from {valid_from}",
    advice="pick a later time",
    on_return=True,
    reads=("valid_from",),
)
def credit_not_started(
    case: Case, package: Package, entitlement: Entitlement, line: BookingLine
) -> Answer:
    """The appointment starts before the validity of the credit itself does."""
    valid_from = entitlement.valid_from
    if valid_from is None or entitlement.has_started_by(case.booking.starts_at):
        return False
    return {"valid_from": valid_from}


@rule(
    Scope.CREDIT,
    clauses=(c.D50,),
    message="service {subject}: its credit is over at {valid_until}",
    advice="pick an earlier time, or let the credit be valid for longer",
    on_return=True,
    reads=("valid_until",),
)
def credit_over(
    case: Case, package: Package, entitlement: Entitlement, line: BookingLine
) -> Answer:
    """The appointment starts at or after the end of the credit's own validity."""
    valid_until = entitlement.valid_until
    if valid_until is None or not entitlement.is_over_by(case.booking.starts_at):
        return False
    return {"valid_until": valid_until}


@rule(
    Scope.CREDIT,
    clauses=(c.D45,),
    message="service {subject}: the {trait} must be one of {allowed}, and the booking says {found}",
    advice="book what the package allows, or pay for it in another way",
    client_text="your package can't be used for this choice",
    reads=("restrictions",),
)
def trait_not_allowed(
    case: Case, package: Package, entitlement: Entitlement, line: BookingLine
) -> Answer:
    """A place, person, channel or other trait that is asked for is told otherwise, or not told."""
    for restrictions in package.restrictions_on(entitlement):
        for trait, allowed in restrictions.traits:
            found = case.trait(line, trait)
            if found not in allowed:
                told = "nothing" if found is None else found
                return {"trait": trait, "allowed": ", ".join(allowed), "found": told}
    return False


@rule(
    Scope.CREDIT,
    clauses=(c.D46,),
    message="service {subject}: the package can't be used at this hour of that day",
    advice="pick an hour in which the package can be used",
    client_text="your package can't be used at this time",
    reads=("restrictions",),
)
def outside_hours(
    case: Case, package: Package, entitlement: Entitlement, line: BookingLine
) -> bool:
    """The appointment starts outside the weekdays and hours of the package, or of the credit."""
    for restrictions in package.restrictions_on(entitlement):
        if restrictions.hours:
            local_start = case.local(case.booking.starts_at)
            if not restrictions.allows_hour(local_start):
                return True
    return False


@rule(
    Scope.CREDIT,
    clauses=(c.D47,),
    message="service {subject}: the package can't be used on that day",
    advice="pick another day",
    client_text="your package can't be used on this day",
    reads=("restrictions",),
)
def blacked_out(case: Case, package: Package, entitlement: Entitlement, line: BookingLine) -> bool:
    """The appointment starts on a day that the package, or the credit, leaves out."""
    for restrictions in package.restrictions_on(entitlement):
        if restrictions.not_on:
            local_start = case.local(case.booking.starts_at)
            if local_start.date() in restrictions.not_on:
                return True
    return False


@rule(
    Scope.CREDIT,
    clauses=(c.D48,),
    message="service {subject}: it is booked at shorter notice than the package allows",
    advice="pick a later time, or redeem it in store",
    client_text="your package can't be used at such short notice",
    reads=("restrictions",),
)
def booked_too_late(
    case: Case, package: Package, entitlement: Entitlement, line: BookingLine
) -> bool:
    """Less time is left until the start than the package, or the credit, asks for."""
    left = case.booking.starts_at - case.now
    for restrictions in package.restrictions_on(entitlement):
        if restrictions.min_notice is not None and left < restrictions.min_notice:
            return True
    return False


@rule(
    Scope.CREDIT,
    clauses=(c.D48,),
    message="service {subject}: it is booked further ahead than the package allows",
    advice="book closer to the day, or redeem it in store",
    client_text="your package can't be used this far ahead",
    reads=("restrictions",),
)
def booked_too_early(
    case: Case, package: Package, entitlement: Entitlement, line: BookingLine
) -> bool:
    """More time is left until the start than the package, or the credit, allows."""
    left = case.booking.starts_at - case.now
    for restrictions in package.restrictions_on(entitlement):
        if restrictions.max_notice is not None and left > restrictions.max_notice:
            return True
    return False


@rule(
    Scope.CREDIT,
    clauses=(c.D54, c.D55, c.D56),
    message="service {subject}: the quota is used up: {quota} ({used} used)",
    advice="pick a time with a place left, or let the client use the package more often",
    reads=("quotas",),
)
def quota_reached(
    case: Case, package: Package, entitlement: Entitlement, line: BookingLine
) -> Answer:
    """A quota of the package, or of the entitlement, has no place left for one use more."""
    return full_quota(case, package, entitlement) or False


#: Every rule beyond the article, in the order in which findings are told (D22).
EVERY_RULE: Final = (
    package_void,
    package_suspended,
    package_booking_over,
    package_paused,
    outside_first_use_term,
    package_not_chosen,
    cost_unknown,
    credit_not_started,
    credit_over,
    trait_not_allowed,
    outside_hours,
    blacked_out,
    booked_too_late,
    booked_too_early,
    quota_reached,
)

"""Rules with a mistake in them, as a caller might write them: what `check_laws` must catch.

Each is planted in a rulebook by a test, which says which law tells of it.
"""

import random
import time
from datetime import UTC, date, datetime, timedelta
from itertools import count

from pkgredeem import (
    AccountSettings,
    BookingLine,
    Case,
    Client,
    Cover,
    Entitlement,
    Package,
    PackageKind,
    Restrictions,
    Rule,
    Rulebook,
    Scope,
    rule,
)
from tests.helpers.house_rules import HOUSE

SATURDAY = 6


@rule(Scope.BOOKING, clauses=[HOUSE], message="on a Saturday", advice="pick another day")
def saturday_by_utc(case: Case, _cover: Cover) -> bool:
    """It is Saturday: in UTC, where the account's own calendar is meant."""
    return case.booking.starts_at.isoweekday() == SATURDAY


@rule(Scope.BOOKING, clauses=[HOUSE], message="early", advice="pick a later time")
def early_without_summer_time(case: Case, _cover: Cover) -> bool:
    """It is before nine: by the zone's offset in July, where the day's own offset is meant."""
    zone = case.account.time_zone
    if zone is None:
        return False
    offset = datetime(2026, 7, 1, tzinfo=zone).utcoffset() or timedelta(0)
    return (case.booking.starts_at + offset).hour < 9


@rule(Scope.BOOKING, clauses=[HOUSE], message="the first is old", advice="sell a new one")
def looks_at_the_first_package(case: Case, _cover: Cover) -> bool:
    """The first of the client's packages that is not spent has a priority, whichever it is."""
    kept = [
        package
        for package in case.packages
        if package.is_held_by(case.client) and package.has_credit
        if not package.is_over_by(min(case.now, case.booking.starts_at))
    ]
    return len(kept) > 1 and kept[0].priority > 0


@rule(Scope.BOOKING, clauses=[HOUSE], message="too soon", advice="pick a later time")
def reads_the_clock(case: Case, _cover: Cover) -> bool:
    """The appointment is over, by the machine's clock."""
    return case.booking.starts_at < datetime.now(tz=UTC) - timedelta(days=36_500)


@rule(Scope.CLIENT, clauses=[HOUSE], message="late at night", advice="wait")
def reads_the_machine_time(_client: Client) -> bool:
    """The machine counts backwards."""
    return time.time() < 0


@rule(Scope.PACKAGE, clauses=[HOUSE], message="no luck", advice="try again")
def draws_a_number(_case: Case, _package: Package) -> bool:
    """The package has no luck."""
    return random.random() < 0


_asked = count(1)


@rule(Scope.CLIENT, clauses=[HOUSE], message="the third", advice="come back")
def remembers(_client: Client) -> bool:
    """The client is the third who asks, the sixth and so on."""
    return next(_asked) % 3 == 0


@rule(Scope.CLIENT, clauses=[HOUSE], message="an employee", advice="pay in cash")
def raises_on_a_guest(client: Client) -> bool:
    """The client is an employee, which their id says."""
    return client.id.startswith("staff-")  # type: ignore[union-attr]  # the mistake


@rule(Scope.BOOKING, clauses=[HOUSE], message="no answer", advice="none")
def answers_nothing(case: Case, _cover: Cover) -> bool:
    """The client holds many packages."""
    return None if len(case.packages) > 1 else False  # type: ignore[return-value]  # the mistake


@rule(Scope.BOOKING, clauses=[HOUSE], message="fully served", advice="enjoy")
def counts_packages_of_old(case: Case, _cover: Cover) -> bool:
    """The client has had three packages: those that are over or used up are counted."""
    return sum(package.is_held_by(case.client) for package in case.packages) > 2


@rule(Scope.PACKAGE, clauses=[HOUSE], message="a gift", advice="none", client_text="a gift awaits")
def tells_of_a_package(_case: Case, package: Package) -> bool:
    """The package is a gift."""
    return package.priority > 0


@rule(Scope.BOOKING, clauses=[HOUSE], message="booked already", advice="show the booking")
def booked_already(case: Case, _cover: Cover) -> bool:
    """The booking was made already: asked again, it counts against itself."""
    return case.is_own


@rule(Scope.PACKAGE, clauses=[HOUSE], message="too near the end", advice="pick an earlier time")
def end_is_near(case: Case, package: Package) -> bool:
    """The package ends within two days of the start: not looked at where something is moved."""
    until = package.valid_until
    near = until is not None and until - case.booking.starts_at < timedelta(days=2)
    return near and case.existing is None


def never(*_: object) -> bool:
    """Never find anything."""
    return False


def started_too_late(case: Case, _cover: Cover) -> bool:
    """The appointment has started, but for the instant of the start itself."""
    return case.now > case.booking.starts_at


def switched_on_too_early(account: AccountSettings, after: date | None) -> bool:
    """The switch is off, but for accounts activated on the day of the automatic start."""
    day = account.activated_on
    early = after is not None and day is not None and day >= after
    chosen = account.online_redemption
    hidden = account.package_kind is PackageKind.LEGACY
    return not hidden and not (early if chosen is None else chosen)


def replaced(rulebook: Rulebook, new: Rule) -> Rulebook:
    """Return the rulebook with the caller's rule in the place of the one of that code."""
    return Rulebook(
        name=f"{rulebook.name} with another {new.code}",
        starts_enabled_after=rulebook.starts_enabled_after,
        rules=[new if old.code == new.code else old for old in rulebook.rules],
    )


@rule(Scope.BOOKING, clauses=[HOUSE], message="a year ago", advice="wait")
def a_year_ago(case: Case, _cover: Cover) -> bool:
    """The appointment was booked for a start more than a year ago: no leap day was thought of."""
    return case.booking.starts_at < case.now.replace(year=case.now.year - 1)


@rule(Scope.CLIENT, clauses=[HOUSE], message="an employee", advice="pay in cash")
def writes_to_the_client(client: Client) -> bool:
    """The client told nothing: which it puts right, and so nobody else finds it."""
    object.__setattr__(client, "has_saved_card", True)
    return False


@rule(Scope.BOOKING, clauses=[HOUSE], message="noted", advice="none")
def writes_to_the_case(case: Case, _cover: Cover) -> bool:
    """The case has no note: which it puts right, once."""
    object.__setattr__(case, "note", "seen")
    return False


@rule(Scope.BOOKING, clauses=[HOUSE], message="not alone", advice="look up the client's own")
def refuses_with_those_of_others(case: Case, _cover: Cover) -> bool:
    """A package of somebody else is among those that were handed in."""
    return any(not package.is_held_by(case.client) for package in case.packages)


@rule(Scope.CREDIT, clauses=[HOUSE], message="not the main service", advice="book the main one")
def looks_at_the_first_service(
    _case: Case, _package: Package, entitlement: Entitlement, line: BookingLine
) -> bool:
    """The entitlement names another service first: a set has no first."""
    return line.service.id == "set0" and next(iter(entitlement.services)) != line.service.id


@rule(Scope.BOOKING, clauses=[HOUSE], message="not the first pick", advice="pick again")
def looks_at_the_first_pick(case: Case, _cover: Cover) -> bool:
    """The package that was picked first is not the first by its id: a set has no first."""
    return case.only is not None and next(iter(case.only)) != min(case.only)


@rule(Scope.PACKAGE, clauses=[HOUSE], message="a bonus", advice="none")
def looks_at_the_first_entitlement(_case: Case, package: Package) -> bool:
    """The first entitlement of several has more than one credit, whichever is handed in first."""
    return len(package.entitlements) > 1 and package.entitlements[0].has(2)


@rule(Scope.BOOKING, clauses=[HOUSE], message="booked already", advice="show the booking")
def booked_a_moment_ago(case: Case, _cover: Cover) -> bool:
    """The booking was made earlier than now: asked again at once, it is let pass."""
    return case.is_own and case.existing is not None and case.existing.booked_at < case.now


@rule(Scope.PACKAGE, clauses=[HOUSE], message="not for this", advice="book another service")
def looks_at_the_service(case: Case, _package: Package) -> bool:
    """A massage is booked: which a package rule may not look at."""
    return any(line.service.id == "massage" for line in case.booking.lines)


_signs: list[str] = []


@rule(Scope.ACCOUNT, clauses=[HOUSE], message="none", advice="none")
def tells_another(_account: AccountSettings, _after: date | None) -> bool:
    """Nothing: it leaves a sign for the rule below."""
    _signs[:] = ["asked"]
    return False


@rule(Scope.HOLDINGS, clauses=[HOUSE], message="no sign", advice="none")
def waits_for_another(_client: Client, _active: tuple[Package, ...]) -> bool:
    """The rule above was not asked before this one."""
    return not (_signs and _signs.pop())


@rule(
    Scope.PACKAGE,
    clauses=[HOUSE],
    message="frozen",
    advice="wait",
    reads=("pauses",),
)
def says_too_little(_case: Case, package: Package) -> bool:
    """The package is paused, or can be booked with for some time only, which it doesn't say."""
    return package.book_until is not None


@rule(
    Scope.CREDIT,
    clauses=[HOUSE],
    message="no reason",
    advice="none",
    reads=("pauses",),
)
def says_too_little_of_credits(
    _case: Case, _package: Package, entitlement: Entitlement, _line: BookingLine
) -> bool:
    """The credit is valid for some time only, which it doesn't say that it reads."""
    return entitlement.valid_until is not None


@rule(Scope.CREDIT, clauses=[HOUSE], message="restricted", advice="lift the restrictions")
def takes_nothing_for_something(
    _case: Case, package: Package, _entitlement: Entitlement, _line: BookingLine
) -> bool:
    """The package has restrictions, even if they ask for nothing."""
    return package.restrictions == Restrictions()


@rule(Scope.PACKAGE, clauses=[HOUSE], message="not yours", advice="ask the owner")
def asks_for_the_owner(case: Case, package: Package) -> bool:
    """Somebody else bought the package, who may have shared it."""
    return package.client_id != case.client.id


@rule(Scope.BOOKING, clauses=[HOUSE], message="a month on", advice="book earlier")
def a_month_on(case: Case, _cover: Cover) -> bool:
    """The start lies more than a month ahead: some months are shorter, and one is the last."""
    start = case.booking.starts_at
    return start > case.now.replace(month=case.now.month + 1)


@rule(Scope.PACKAGE, clauses=[HOUSE], message="never used", advice="none")
def writes_to_the_package(_case: Case, package: Package) -> bool:
    """The package has no name: which it puts right."""
    object.__setattr__(package, "name", package.name or package.id)
    return False


@rule(Scope.CREDIT, clauses=[HOUSE], message="not the main service", advice="book the main one")
def names_another_service_first(
    _case: Case, _package: Package, entitlement: Entitlement, line: BookingLine
) -> bool:
    """The entitlement names another service first: a set has no first."""
    return next(iter(entitlement.services)) != line.service.id


def always(*_: object) -> bool:
    """Always find something."""
    return True


@rule(Scope.BOOKING, clauses=[HOUSE], message="not the main service", advice="book the main one")
def makes_a_set(case: Case, _cover: Cover) -> bool:
    """The booking is mainly for another service than its first: by a set, which has no first."""
    services = {line.service.id for line in case.booking.lines}
    return next(iter(services)) != case.booking.lines[0].service.id

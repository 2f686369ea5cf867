"""Every combination of the facts that the rules look at, each boundary just before, at and after.

Facts that are judged together are combined with each other; the others stay plain. A boundary is
met at -1, 0 and +1 microsecond, or day where it is a day.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product

from pkgredeem import (
    UNLIMITED,
    AccountSettings,
    Actor,
    BookingLine,
    CancellationTerms,
    Case,
    Client,
    ClientLogin,
    CreditOutcome,
    Days,
    DrawState,
    Package,
    PackageKind,
    PackageStatus,
    Pause,
    Period,
    Quota,
    Redemption,
    RedemptionPolicy,
    Restrictions,
    rules,
)
from tests.helpers.support import (
    ANA,
    DAY,
    HOUR,
    INSTANT,
    LONDON,
    NOW,
    START,
    account,
    case,
    credit,
    line,
    package,
    restricted,
    use,
)
from tests.helpers.support import redemption as booked

_BESIDE = (-INSTANT, timedelta(0), INSTANT)
_MINUTE = timedelta(minutes=1)
_SWITCHED_ON_AFTER = (date(2026, 3, 31), date(2026, 4, 29))
_STATES_OF_USES = (DrawState.RESERVED, DrawState.FORFEITED)
_STATUSES = (PackageStatus.ACTIVE, PackageStatus.ARCHIVED)
_CLIENTS = (ANA, Client(id="ana"), Client.guest(), Client(id="beth", logged_in=True))


def every_case() -> Iterator[Case]:
    """Yield every case of the lattice."""
    yield from _about_the_account()
    yield from _about_one_package()
    yield from _about_the_booking()
    yield from _about_plans()
    yield from about_counts()


def about_counts() -> Iterator[Case]:
    """Yield cases about what a quota counts: days around the start, and a start that is now."""
    settings = account(time_zone=LONDON)
    for days, most in product((2, 3), (1, 2)):
        for first, second in product(range(-days, days + 1), repeat=2):
            uses = [use(START + number * DAY, line=n) for n, number in enumerate((first, second))]
            held = package(quotas=[Quota(most, Days(days))], uses=uses)
            yield case(packages=[held], account=settings)
    for starts, used, most in product(_BESIDE, _BESIDE, (0, 1, 2)):
        held = package(quotas=[Quota(most, Period.UPCOMING)], uses=[use(NOW + used)])
        yield case(packages=[held], account=settings, starts_at=NOW + starts)


def every_redemption() -> Iterator[Redemption]:
    """Yield redemptions with all terms, windows and outcomes, booked early and late, and moved."""
    outcomes = tuple(CreditOutcome)
    terms = [
        CancellationTerms(window=window, late=late, no_show=no_show)
        for window, late, no_show in product((timedelta(0), DAY), outcomes, (None, *outcomes))
    ]
    tiers = [(HOUR, CreditOutcome.FORFEIT)]
    terms += [
        CancellationTerms(window=DAY, late=CreditOutcome.RETURN, tiers=tiers, changes_close=close)
        for close in (timedelta(0), 2 * HOUR, 2 * DAY)
    ]
    for each, lead in product((None, *terms), (3 * DAY, DAY, DAY - INSTANT)):
        made = booked("facial", "massage", terms=each, booked_at=START - lead)
        yield made
        yield moved(made, START + DAY)


def moved(made: Redemption, starts_at: datetime) -> Redemption:
    """Return a redemption as the business leaves it that moves it as soon as it is booked."""
    settlement = RedemptionPolicy(rules.IN_STORE).reschedule(
        made,
        account=AccountSettings(),
        client=ANA,
        starts_at=starts_at,
        by=Actor.BUSINESS,
        now=made.booked_at,
        packages=[package("p1", credit("facial"), credit("massage"))],
    )
    assert settlement.change is not None
    return settlement.change.after


def moments(made: Redemption) -> list[datetime]:
    """Return the instants around the boundaries of a redemption, a minute before it was booked."""
    edges = {made.starts_at, made.free_until or made.starts_at, made.booked_at - _MINUTE}
    if made.terms is not None:
        lengths = {made.terms.changes_close, *(window for window, _ in made.terms.windows)}
        edges |= {made.starts_at - length for length in lengths}
    return sorted({edge + beside for edge in edges for beside in _BESIDE})


def _about_the_account() -> Iterator[Case]:
    days = [None, *(day + n * DAY for day in _SWITCHED_ON_AFTER for n in (-1, 0, 1))]
    for kind, chosen, login, day, client in product(
        PackageKind, (None, True, False), ClientLogin, days, _CLIENTS
    ):
        settings = account(
            package_kind=kind, online_redemption=chosen, client_login=login, activated_on=day
        )
        for starts_at in (NOW + beside for beside in _BESIDE):
            yield case(account=settings, client=client, starts_at=starts_at)


def _about_one_package() -> Iterator[Case]:
    edges = (None, *(edge + beside for edge in (NOW, START) for beside in _BESIDE))
    for starts_at, client, basket, kind, status, left, sold_at, since, until in product(
        (START, NOW),
        _CLIENTS,
        (("facial",), ("facial", "facial")),
        PackageKind,
        _STATUSES,
        (0, 1, 2),
        edges[:4],
        edges,
        edges,
    ):
        if since is None or until is None or since < until:
            held = package(
                "p1",
                credit("facial", left=left),
                kind=kind,
                status=status,
                sold_at=sold_at,
                valid_from=since,
                valid_until=until,
            )
            yield case(*basket, client=client, packages=[held], starts_at=starts_at)


def _about_the_booking() -> Iterator[Case]:
    for held, lines, starts_at, settings, card in product(
        _holdings(), _baskets(), (NOW + beside for beside in _BESIDE), _money(), (False, True)
    ):
        client = replace(ANA, has_saved_card=card)
        yield case(*lines, packages=held, starts_at=starts_at, account=settings, client=client)
    for (made, by), held, lines in product(_before(), _holdings(), _baskets()):
        own = case(*lines, packages=held, existing=made, by=by)
        yield own
        yield replace(own, booking=replace(own.booking, id="b2"))


def _about_plans() -> Iterator[Case]:
    settings = account(time_zone=LONDON)
    for held, basket in product(_plans(), (("facial",), ("facial", "facial"))):
        yield case(*basket, packages=[held], account=settings)


def _plans() -> Iterator[Package]:
    """Yield packages that say one thing beyond the article, each boundary of it by itself."""
    around_now, around_start = (
        [None, *(edge + beside for beside in _BESIDE)] for edge in (NOW, START)
    )
    for status, book_until, since in product(PackageStatus, around_now, (None, NOW + DAY)):
        twice = credit("facial", left=2)
        yield package("p1", twice, status=status, book_until=book_until, valid_from=since)
    for since, until in product(around_start, around_start):
        if since is None or until is None or since < until:
            credit_of_its_own = restricted(remaining=2, valid_from=since, valid_until=until)
            yield package("p1", credit_of_its_own, credit("facial", left=UNLIMITED, id="any"))
            pauses = [Pause(since or NOW, until)]
            yield package("p1", restricted(remaining=2), pauses=pauses)
    notices = [None, *(START - NOW + beside for beside in _BESIDE)]
    for least, most in product(notices, notices):
        if least is None or most is None or least <= most:
            asks = Restrictions(min_notice=least, max_notice=most)
            yield package("p1", restricted(remaining=2, restrictions=asks))
    days = (START - DAY, START, START + DAY, NOW)
    edges = [day + beside for day in days for beside in _BESIDE]
    quotas = [Quota(most, per) for per in (*Period, Days(2)) for most in (0, 1, 2)]
    for quota, at, state in product(quotas, edges, _STATES_OF_USES):
        caps, uses = [quota], [use(at, entitlement_id="main", state=state)]
        yield package("p1", restricted(remaining=UNLIMITED), quotas=caps, uses=uses)
        yield package("p1", restricted(remaining=3, quotas=caps), uses=uses)


def _holdings() -> Iterable[list[Package]]:
    for left in (0, 1, 2):
        one = package("p1", credit("facial", left=left), credit("facial", "massage", id="any"))
        yield [one]
        yield [one, package("p2", credit("facial"))]
        yield [one, package("p2", credit("facial"), status=PackageStatus.ARCHIVED)]
        yield [one, package("p2", credit("facial"), valid_until=NOW + INSTANT)]
        yield [one, package("p2", credit("facial"), client_id="beth")]
    yield []


def _baskets() -> Iterable[list[BookingLine]]:
    free, paid = line(payable=False), line()
    asks, never = line(deposit_required=True), line("massage", deposit_required=False)
    yield from ([paid], [free], [paid, free], [paid, never], [asks, paid, never])
    yield [paid, line("pedicure")]
    yield [line("pedicure", deposit_required=True), free]


def _money() -> Iterable[AccountSettings]:
    for deposit, card in product((False, True), (False, True)):
        yield account(deposit_required=deposit, card_capture=card)


def _before() -> Iterable[tuple[Redemption, Actor]]:
    """Yield what was booked before, moved or not, ended in part or as a whole.

    It is free until, or it starts, just before, at and after now; or it was booked a minute later.
    """
    terms = CancellationTerms(window=DAY, late=CreditOutcome.FORFEIT)
    for edge, beside, by in product((NOW, NOW + DAY), _BESIDE, Actor):
        start = edge + beside
        yield booked(terms=terms, starts_at=start, booked_at=NOW - 9 * DAY), by
        early = booked(terms=terms, starts_at=start - 3 * DAY, booked_at=NOW - 9 * DAY)
        yield moved(early, start), by
    two = booked("facial", "massage", terms=terms, starts_at=START, booked_at=NOW - DAY)
    for lines, by in product(([0], [0, 1]), Actor):
        yield _cancelled(two, lines), by
        yield _cancelled(replace(two, replaces="b0"), lines), by
    for beside, by in product(_BESIDE, Actor):
        yield booked(terms=terms, starts_at=START, booked_at=NOW + _MINUTE + beside), by


def _cancelled(made: Redemption, lines: list[int]) -> Redemption:
    """Return a redemption of which the business has cancelled these lines."""
    policy = RedemptionPolicy()
    change = policy.cancel(made, by=Actor.BUSINESS, now=made.booked_at, lines=lines).change
    assert change is not None
    return change.after

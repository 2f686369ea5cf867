"""Strategies of cases for the documents edge: every field set or not, whatever it means."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from pkgredeem import (
    UNLIMITED,
    AccountSettings,
    Act,
    Actor,
    Booking,
    BookingLine,
    CancellationTerms,
    CardCaptureOutcome,
    Case,
    Client,
    ClientLogin,
    CreditOutcome,
    Days,
    DepositOutcome,
    Draw,
    DrawState,
    Ending,
    Entitlement,
    Hours,
    Package,
    PackageKind,
    PackageStatus,
    Pause,
    Period,
    PickedFrom,
    Quota,
    Redemption,
    Restrictions,
    Service,
    Term,
    Use,
)

NAMES = st.text(min_size=1, max_size=8)
TEXTS = st.text(max_size=8)
FLAGS = st.booleans()
ZONES = st.sampled_from(
    [ZoneInfo(name) for name in ("Pacific/Auckland", "Europe/London", "UTC", "America/Havana")]
)
INSTANTS = st.datetimes(
    min_value=datetime(1, 1, 2),  # noqa: DTZ001  (hypothesis adds the zone)
    max_value=datetime(9999, 12, 30),  # noqa: DTZ001  (hypothesis adds the zone)
    timezones=st.just(UTC),
)
OUTCOMES = st.sampled_from(CreditOutcome)
ELAPSED = st.timedeltas(timedelta(0), timedelta(days=366))
TRAITS = st.dictionaries(NAMES, NAMES, max_size=2)
HOURS = st.builds(
    lambda days, bounds, *, closes: Hours(
        days=days, opens=min(bounds), closes=max(bounds) if closes else None
    ),
    st.sets(st.integers(1, 7), min_size=1),
    st.lists(st.times(), min_size=2, max_size=2, unique=True),
    closes=FLAGS,
)
NOTICES = st.timedeltas(timedelta(0), timedelta(days=3_660))


@st.composite
def terms(draw: st.DrawFn) -> CancellationTerms:
    """Draw cancellation terms, with windows that fall and outcomes that grow no milder."""
    longest, *shorter = sorted(draw(st.sets(ELAPSED, min_size=1, max_size=3)), reverse=True)
    outcomes = sorted((draw(OUTCOMES) for _ in (longest, *shorter)), reverse=True)  # return first
    tiers = [pair for pair in zip(shorter, outcomes[1:], strict=True) if pair[0] > timedelta(0)]
    return CancellationTerms(
        window=longest,
        late=outcomes[0],
        no_show=draw(st.none() | OUTCOMES),
        tiers=tiers,
        changes_close=draw(st.just(timedelta(0)) | ELAPSED),
    )


@st.composite
def restrictions(draw: st.DrawFn) -> Restrictions:
    """Draw what a plan asks, none, some or all of it."""
    notices = sorted(draw(st.tuples(NOTICES, NOTICES)))
    least, most = (notice if draw(FLAGS) else None for notice in notices)
    return Restrictions(
        traits=draw(st.dictionaries(NAMES, st.sets(NAMES, min_size=1, max_size=3), max_size=2)),
        hours=draw(st.lists(HOURS, max_size=2)),
        not_on=draw(st.sets(st.dates(), max_size=3)),
        min_notice=least,
        max_notice=most,
    )


@st.composite
def pauses(draw: st.DrawFn) -> Pause:
    """Draw a pause, with an end or open."""
    starts, ends = sorted(draw(st.sets(INSTANTS, min_size=2, max_size=2)))
    return Pause(starts, ends if draw(FLAGS) else None)


TERMS = terms()
RESTRICTIONS = st.none() | restrictions()
QUOTAS = st.lists(
    st.builds(
        Quota,
        most=st.integers(min_value=0),
        per=st.sampled_from(Period) | st.builds(Days, st.integers(2, 366)),
        name=TEXTS,
    ),
    max_size=2,
)
FIRST_USE_TERMS = st.builds(Term, days=st.integers(1, 36_500)) | st.builds(
    Term, months=st.integers(1, 1_200)
)
USES = st.builds(
    Use,
    booking_id=NAMES,
    line=st.integers(min_value=0),
    entitlement_id=NAMES,
    service_id=NAMES,
    client_id=NAMES,
    starts_at=INSTANTS,
    state=st.sampled_from([DrawState.RESERVED, DrawState.REDEEMED, DrawState.FORFEITED]),
)
ACCOUNTS = st.builds(
    AccountSettings,
    activated_on=st.none() | st.dates(),
    online_redemption=st.none() | FLAGS,
    client_login=st.sampled_from(ClientLogin),
    package_kind=st.sampled_from(PackageKind),
    deposit_required=FLAGS,
    card_capture=FLAGS,
    cancellation=st.none() | TERMS,
    time_zone=st.none() | ZONES,
    week_starts=st.integers(1, 7),
)
CLIENTS = st.builds(
    Client, id=NAMES, logged_in=FLAGS, has_saved_card=FLAGS, traits=TRAITS
) | st.builds(Client, id=st.none(), has_saved_card=FLAGS, traits=TRAITS)
SERVICES = st.builds(
    Service,
    id=NAMES,
    name=TEXTS,
    deposit_required=st.none() | FLAGS,
    costs=st.dictionaries(NAMES, st.integers(min_value=1), max_size=2),
)
LINES = st.builds(
    BookingLine,
    SERVICES,
    picked_from=st.sampled_from(PickedFrom),
    payable=FLAGS,
    traits=TRAITS,
)
BOOKINGS = st.builds(
    Booking,
    id=NAMES,
    lines=st.lists(LINES, min_size=1, max_size=3),
    starts_at=INSTANTS,
    traits=TRAITS,
)


@st.composite
def validities(draw: st.DrawFn) -> tuple[datetime | None, datetime | None]:
    """Draw a validity, each end of it set or not."""
    starts, ends = sorted(draw(st.sets(INSTANTS, min_size=2, max_size=2)))
    return starts if draw(FLAGS) else None, ends if draw(FLAGS) else None


@st.composite
def entitlements(draw: st.DrawFn) -> Entitlement:
    """Draw an entitlement with any field set or not."""
    valid_from, valid_until = draw(validities())
    return Entitlement(
        services=draw(st.frozensets(NAMES, min_size=1, max_size=3)),
        remaining=draw(st.just(UNLIMITED) | st.integers(min_value=0)),
        id=draw(st.just("main") | NAMES),
        valid_from=valid_from,
        valid_until=valid_until,
        restrictions=draw(RESTRICTIONS),
        unit=draw(st.just("credit") | NAMES),
        quotas=draw(QUOTAS),
    )


@st.composite
def packages(draw: st.DrawFn) -> Package:
    """Draw a package with any field set or not."""
    valid_from, valid_until = draw(validities())
    return Package(
        id=draw(NAMES),
        client_id=draw(NAMES),
        entitlements=draw(
            st.lists(entitlements(), min_size=1, max_size=3, unique_by=lambda item: item.id)
        ),
        kind=draw(st.sampled_from(PackageKind)),
        status=draw(st.sampled_from(PackageStatus)),
        sold_at=draw(st.none() | INSTANTS),
        valid_from=valid_from,
        valid_until=valid_until,
        priority=draw(st.integers()),
        name=draw(TEXTS),
        shared_with=draw(st.sets(NAMES, max_size=2)),
        book_until=draw(st.none() | INSTANTS),
        pauses=draw(st.lists(pauses(), max_size=2)),
        restrictions=draw(RESTRICTIONS),
        cancellation=draw(st.none() | TERMS),
        traits=draw(TRAITS),
        lasts=draw(st.none() | FIRST_USE_TERMS),
        quotas=draw(QUOTAS),
        uses=draw(st.lists(USES, max_size=2)),
        version=draw(st.none() | st.integers(min_value=0)),
    )


@st.composite
def draws(draw: st.DrawFn, booking: Booking) -> Draw:
    """Draw what pays for the first line: reserved, ended once, or ended and then forgiven."""
    state, acts = draw(
        st.sampled_from(
            [
                (DrawState.RESERVED, ()),
                (DrawState.RETURNED, (Act.CANCEL,)),
                (DrawState.FORFEITED, (Act.NO_SHOW,)),
                (DrawState.REDEEMED, (Act.NO_SHOW, Act.COMPLETE)),
                (DrawState.RETURNED, (Act.NO_SHOW, Act.COMPLETE, Act.FORGIVE)),
            ]
        )
    )
    starts_at = draw(st.none() | INSTANTS)
    endings = tuple(draw(endings_by(act, starts_at)) for act in acts)
    own_terms = draw(st.none() | TERMS)
    return Draw(
        line=0,
        package_id=draw(NAMES),
        entitlement_id=draw(NAMES),
        service_id=booking.lines[0].service.id,
        state=state,
        endings=endings,
        terms=own_terms,
        free_until=None if own_terms is None else booking.starts_at,
        credits=draw(st.integers(min_value=1)),
        package_name=draw(TEXTS),
    )


@st.composite
def endings_by(draw: st.DrawFn, act: Act, starts_at: datetime | None = None) -> Ending:
    """Draw who did the act, when and why."""
    by = draw(st.sampled_from(Actor))
    is_late = by is Actor.CLIENT and draw(FLAGS)
    return Ending(
        act=act,
        at=draw(INSTANTS),
        by=by,
        late=is_late,
        note=draw(TEXTS),
        starts_at=starts_at,
        window=draw(st.none() | ELAPSED) if is_late else None,
    )


@st.composite
def redemptions(draw: st.DrawFn, client_id: str | None = None) -> Redemption:
    """Draw a redemption of the first line of some booking, with or without terms."""
    booking = draw(BOOKINGS)
    its_terms = draw(st.none() | TERMS)
    return Redemption(
        booking=booking,
        client_id=draw(NAMES) if client_id is None else client_id,
        starts_at=booking.starts_at,
        draws=(draw(draws(booking)),),
        terms=its_terms,
        free_until=None if its_terms is None else booking.starts_at,
        deposit=draw(st.sampled_from(DepositOutcome)),
        card_capture=draw(st.sampled_from(CardCaptureOutcome)),
        rulebook=draw(NAMES),
        booked_at=draw(INSTANTS),
        time_zone_key=draw(st.none() | st.sampled_from(["Pacific/Auckland", "Mars/Olympus"])),
        version=draw(st.integers(min_value=1)),
        reschedules=tuple(draw(st.lists(endings_by(Act.RESCHEDULE), max_size=2))),
        replaces=draw(st.none() | NAMES.filter(lambda name: name != booking.id)),
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw a case; what exists already is a redemption of its own client."""
    client = draw(CLIENTS)
    existing = st.none() if client.id is None else st.none() | redemptions(client.id)
    return Case(
        account=draw(ACCOUNTS),
        client=client,
        packages=draw(st.lists(packages(), max_size=3, unique_by=lambda each: each.id)),
        booking=draw(BOOKINGS),
        now=draw(INSTANTS),
        existing=draw(existing),
        by=draw(st.sampled_from(Actor)),
        note=draw(TEXTS),
        only=draw(st.none() | st.sets(NAMES, min_size=1, max_size=2)),
    )


CASES = cases()

"""Random cases and acts for the tests, from a seed: small, and biased to where answers change.

Instants meet or miss each other by a microsecond, credits run out, bookings mix services, and
redemptions exist already. The same `Random` always gives the same case.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, TypeVar

from pkgredeem import (
    UNLIMITED,
    AccountSettings,
    Act,
    Actor,
    Booking,
    BookingLine,
    Bucket,
    CancellationTerms,
    CardCaptureOutcome,
    Case,
    Change,
    Client,
    ClientLogin,
    CreditOutcome,
    Days,
    DepositOutcome,
    Draw,
    DrawState,
    Entitlement,
    Hours,
    Movement,
    Package,
    PackageKind,
    PackageStatus,
    Pause,
    Period,
    PickedFrom,
    PkgRedeemError,
    Quota,
    Redemption,
    RedemptionPolicy,
    Restrictions,
    Service,
    Settlement,
    Term,
    Unlimited,
    Use,
)
from tests.helpers.support import AUCKLAND, DAY, HOUR, INSTANT, LONDON, NOW
from tests.oracle.plain import account_doc, client_doc, instant, package_doc

_Item = TypeVar("_Item")

SERVICES = ("facial", "massage", "pedicure")
NOTHING = timedelta(0)
MINUTE = timedelta(minutes=1)
BESIDE = (NOTHING, INSTANT, -INSTANT)
WINDOWS = (NOTHING, INSTANT, HOUR, DAY, DAY, timedelta(days=366))
TO_START = (DAY, DAY, 3 * DAY, 3 * DAY, 9 * DAY, HOUR, NOTHING, -HOUR)
NOTES = ("", " ", "a reason", "another", "why")
ACTS = ("cancel", "no_show", "complete", "forgive", "forgive", "reschedule", "reschedule")
DAYS = (date(2026, 3, 31), date(2026, 4, 1), date(2026, 4, 29), date(2026, 4, 30), None)


def mostly(chance: Random, usual: _Item, *others: _Item, share: float = 0.8) -> _Item:
    """Return the usual value, or now and then one of the others."""
    return usual if chance.random() < share else chance.choice(others)


def random_terms(chance: Random) -> CancellationTerms | None:
    """Return cancellation terms, or none."""
    if chance.random() < 0.25:
        return None
    window, late = chance.choice(WINDOWS), chance.choice(list(CreditOutcome))
    return CancellationTerms(
        window=window,
        late=late,
        no_show=chance.choice([None, *CreditOutcome]),
        tiers=_random_tiers(chance, window, late) if chance.random() < 0.4 else (),
        changes_close=mostly(chance, NOTHING, HOUR, DAY, INSTANT, share=0.75),
    )


def _random_tiers(
    chance: Random, window: timedelta, late: CreditOutcome
) -> list[tuple[timedelta, CreditOutcome]]:
    """Return one or two shorter windows, none milder than the one before it."""
    shorter = [each for each in (12 * HOUR, 3 * HOUR, INSTANT) if each < window]
    windows = sorted(chance.sample(shorter, min(len(shorter), chance.choice([1, 2]))))
    tiers = [(window, CreditOutcome.FORFEIT) for window in reversed(windows)]
    if tiers and late is CreditOutcome.RETURN and chance.random() < 0.5:
        tiers[0] = (tiers[0][0], CreditOutcome.RETURN)
    return tiers


def random_account(chance: Random, *, calm: bool = False) -> AccountSettings:
    """Return an account that mostly can redeem online; a calm one always can."""
    if calm:
        return AccountSettings(
            online_redemption=True,
            client_login=ClientLogin.MANDATORY,
            deposit_required=chance.random() < 0.5,
            card_capture=chance.random() < 0.5,
            cancellation=random_terms(chance),
            time_zone=mostly(chance, AUCKLAND, LONDON, None),
            week_starts=mostly(chance, 1, 7, 3),
        )
    return AccountSettings(
        activated_on=chance.choice(DAYS),
        online_redemption=mostly(chance, True, None, False, share=0.85),
        client_login=mostly(chance, ClientLogin.OPTIONAL, *ClientLogin),
        package_kind=mostly(chance, PackageKind.NEW, PackageKind.LEGACY, share=0.95),
        deposit_required=chance.random() < 0.5,
        card_capture=chance.random() < 0.5,
        cancellation=random_terms(chance),
        time_zone=chance.choice([None, AUCKLAND, LONDON]),
        week_starts=mostly(chance, 1, 7, 3),
    )


def random_client(chance: Random, *, calm: bool = False) -> Client:
    """Return Ana, who mostly is logged in; or Beth, or a guest."""
    card, traits = chance.random() < 0.5, random_traits(chance)
    if calm:
        return Client(id="ana", logged_in=True, has_saved_card=card, traits=traits)
    if chance.random() < 0.03:
        return Client(id=None, has_saved_card=card, traits=traits)
    return Client(
        id=mostly(chance, "ana", "beth", share=0.95),
        logged_in=chance.random() < 0.95,
        has_saved_card=card,
        traits=traits,
    )


def random_traits(chance: Random) -> dict[str, str]:
    """Return what is told of a place and a channel: mostly nothing."""
    told = {"place": chance.choice(["north", "south", "west"]), "channel": "online"}
    return {name: text for name, text in told.items() if chance.random() < 0.3}


def random_booking(chance: Random) -> Booking:
    """Return a booking of one to four lines, mostly of the same service."""
    lines = []
    for _ in range(chance.choice([1, 1, 1, 2, 2, 3, 4])):
        service = Service(
            id=mostly(chance, "facial", *SERVICES, share=0.6),
            name=chance.choice(["", "Facial"]),
            deposit_required=mostly(chance, None, True, False, share=0.7),
            costs=_costs(chance) if chance.random() < 0.15 else {},
        )
        lines.append(
            BookingLine(
                service,
                picked_from=chance.choice(list(PickedFrom)),
                payable=chance.random() < 0.9,
                traits=random_traits(chance) if chance.random() < 0.2 else {},
            )
        )
    start = NOW + chance.choice(TO_START) + chance.choice(BESIDE)
    return Booking(
        id=chance.choice(["b1", "b2"]),
        lines=tuple(lines),
        starts_at=start,
        traits=random_traits(chance),
    )


def _calm_booking(chance: Random) -> Booking:
    """Return a booking of one facial, or of two, that has not started."""
    costs = _costs(chance) if chance.random() < 0.3 else {}
    lines = [
        BookingLine(Service(id="facial", costs=costs)) for _ in range(chance.choice([1, 1, 2]))
    ]
    if len(lines) > 1 and costs and chance.random() < 0.5:
        lines[1] = BookingLine(Service(id="facial", costs=_costs(chance)))
    start = NOW + chance.choice([DAY, 3 * DAY, 9 * DAY]) + chance.choice(BESIDE)
    traits = random_traits(chance)
    return Booking(id="b1", lines=tuple(lines), starts_at=start, traits=traits)


def random_package(chance: Random, name: str, booking: Booking) -> Package:
    """Return a package whose instants are absent, or lie at or next to those that matter."""

    def near(*usual: timedelta, share: float = 0.7) -> object:
        around = chance.choice([NOW, booking.starts_at])
        return None if chance.random() < share else around + chance.choice(usual * 2 + BESIDE)

    held = []
    for number in range(chance.choice([1, 1, 2, 3])):
        services = chance.sample(SERVICES, chance.choice([1, 1, 2, 3]))
        held.append(
            Entitlement(
                services=services,
                remaining=chance.choice([0, 1, 1, 1, 2, 5]),
                id=f"e{number}"
                if chance.random() < 0.5
                else "+".join(sorted(services)) + str(number),
            )
        )
    valid_from, valid_until = near(-DAY, -9 * DAY), near(DAY, 9 * DAY)
    if valid_from is not None and valid_until is not None and not valid_from < valid_until:  # type: ignore[operator]  # instants
        valid_from = None
    return Package(
        id=name,
        client_id=mostly(chance, "ana", "beth", share=0.95),
        entitlements=tuple(held),
        kind=mostly(chance, PackageKind.NEW, PackageKind.LEGACY, share=0.95),
        status=mostly(chance, PackageStatus.ACTIVE, PackageStatus.ARCHIVED, share=0.95),
        sold_at=near(-9 * DAY, -99 * DAY),  # type: ignore[arg-type]  # an instant or None
        valid_from=valid_from,  # type: ignore[arg-type]  # see above
        valid_until=valid_until,  # type: ignore[arg-type]  # see above
        priority=mostly(chance, 0, 1, -1),
        name=chance.choice(["", "Five facials"]),
    )


def _costs(chance: Random) -> dict[str, int]:
    """Return what a service costs in minutes, in points or in credits."""
    return {"minute": chance.choice([30, 45, 75]), "credit": chance.choice([1, 1, 2])}


def random_plan(chance: Random, package: Package, booking: Booking) -> Package:
    """Return the package with one fact beyond the article, which mostly is at or near a bound."""
    kind = chance.choice(_PLAN_FACTS)
    return _PLANS.get(kind, _limits)(chance, package, booking.starts_at, kind)


def _status(chance: Random, package: Package, _start: datetime, _kind: str) -> Package:
    status = chance.choice([PackageStatus.SUSPENDED, PackageStatus.VOID])
    return replace(package, status=status)


def _book_until(chance: Random, package: Package, _start: datetime, _kind: str) -> Package:
    return replace(package, book_until=NOW + chance.choice([*BESIDE, HOUR, -HOUR]))


def _pauses(chance: Random, package: Package, start: datetime, _kind: str) -> Package:
    ends_at = start + chance.choice([*BESIDE, DAY])
    begins = chance.choice([start + chance.choice([*BESIDE, -DAY]), NOW - DAY])
    pauses = [Pause(begins, ends_at if begins < ends_at else None)]
    if chance.random() < 0.3:
        pauses.append(Pause(start - chance.choice([DAY, HOUR]), start + HOUR))
    return replace(package, pauses=tuple(pauses))


def _shared_with(chance: Random, package: Package, _start: datetime, _kind: str) -> Package:
    shared = chance.choice([("ana",), ("beth",), ("ana", "beth")])
    return replace(package, client_id="cleo", shared_with=shared)


def _cancellation(chance: Random, package: Package, _start: datetime, _kind: str) -> Package:
    return replace(package, cancellation=random_terms(chance))


def _traits(_chance: Random, package: Package, _start: datetime, _kind: str) -> Package:
    return replace(package, traits=(("kind", "gift"),))


def _lasts(chance: Random, package: Package, start: datetime, _kind: str) -> Package:
    term = chance.choice([Term(days=1), Term(days=14), Term(months=1)])
    return replace(package, lasts=term, uses=_uses(chance, package, start))


def _quotas(chance: Random, package: Package, start: datetime, _kind: str) -> Package:
    quotas = tuple(_quota(chance) for _ in range(chance.choice([1, 1, 2])))
    package = replace(package, uses=_uses(chance, package, start))
    if chance.random() < 0.5:
        return replace(package, quotas=quotas)
    return _with_entitlement(chance, package, lambda held: replace(held, quotas=quotas))


def _unit(chance: Random, package: Package, _start: datetime, _kind: str) -> Package:
    numbers: list[int | Unlimited] = [30, 75, 75, 90, 120, UNLIMITED]
    left = chance.choice(numbers)
    unit = chance.choice(["minute", "minute", "point", "credit"])
    return _with_entitlement(chance, package, lambda held: replace(held, unit=unit, remaining=left))


def _limits(chance: Random, package: Package, start: datetime, kind: str) -> Package:
    """Return the package with a validity of a credit, or with restrictions on either."""
    if kind == "validity" or chance.random() < 0.5:
        return _with_entitlement(chance, package, lambda held: _limited(chance, held, kind, start))
    return replace(package, restrictions=_restrictions(chance, kind, start))


_PLANS: dict[str, Callable[[Random, Package, datetime, str], Package]] = {
    "status": _status,
    "book_until": _book_until,
    "pauses": _pauses,
    "shared_with": _shared_with,
    "cancellation": _cancellation,
    "traits": _traits,
    "lasts": _lasts,
    "quotas": _quotas,
    "unit": _unit,
}
_PLAN_FACTS = (
    *("shared_with", "cancellation", "traits"),
    *("pauses", "not_on", "place") * 2,
    *("book_until", "status", "hours", "unit", "quotas") * 3,
    *("lasts", "validity") * 7,
    *("notice",) * 8,
)


def _with_entitlement(
    chance: Random, package: Package, change: Callable[[Entitlement], Entitlement]
) -> Package:
    """Return the package with one of its entitlements changed."""
    number = chance.randrange(len(package.entitlements))
    entitlements = list(package.entitlements)
    entitlements[number] = change(entitlements[number])
    return replace(package, entitlements=tuple(entitlements))


def _quota(chance: Random) -> Quota:
    """Return a small quota in any period."""
    per = chance.choice([*Period, Period.WEEK, Days(2), Days(14)])
    return Quota(chance.choice([0, 1, 1, 2, 3]), per, name=chance.choice(["", "paid for"]))


def _uses(chance: Random, package: Package, start: datetime) -> tuple[Use, ...]:
    """Return a few uses that lie days, weeks or a month beside the start, or just not."""
    beside = [0, 1, -1, 6, -6, 7, -7, 13, 14, -13, -14, 28, 31]
    return tuple(
        Use(
            booking_id=chance.choice(["b1", "b2", "b7"]),
            line=line,
            entitlement_id=chance.choice(package.entitlements).id,
            service_id="facial",
            client_id="ana",
            starts_at=start + chance.choice(beside) * DAY + chance.choice([*BESIDE, 8 * HOUR]),
            state=chance.choice([DrawState.RESERVED, DrawState.REDEEMED, DrawState.FORFEITED]),
        )
        for line in range(chance.choice([0, 1, 1, 2, 3]))
    )


def _limited(chance: Random, entitlement: Entitlement, kind: str, start: datetime) -> Entitlement:
    """Return the entitlement with a validity of its own, or with restrictions."""
    if kind != "validity":
        return replace(entitlement, restrictions=_restrictions(chance, kind, start))
    if chance.random() < 0.6:
        return replace(entitlement, valid_from=start + chance.choice([NOTHING, INSTANT, INSTANT]))
    bound = chance.choice([start, start, NOW]) + chance.choice(BESIDE)
    return replace(entitlement, valid_until=bound)


def _restrictions(chance: Random, kind: str, start: datetime) -> Restrictions:
    """Return restrictions of that kind whose bounds the start meets or just misses."""
    if kind == "place":
        places = chance.sample(["north", "south"], chance.choice([1, 2]))
        name = mostly(chance, "place", "channel", "staff", share=0.7)
        return Restrictions(traits={name: ["online"] if name == "channel" else places})
    zone = chance.choice([AUCKLAND, LONDON])
    local = (start + chance.choice(BESIDE)).astimezone(zone)
    if kind == "hours":
        hours = Hours(days=[local.isoweekday(), 1], opens=local.time())
        if local.time() > time() and chance.random() < 0.5:
            hours = Hours(days=[local.isoweekday(), 1], opens=time(), closes=local.time())
        return Restrictions(hours=[hours])
    if kind == "not_on":
        return Restrictions(not_on=[local.date(), date(2026, 12, 24)])
    left = start - NOW
    if chance.random() < 0.5:
        return Restrictions(min_notice=max(left + chance.choice([NOTHING, INSTANT]), NOTHING))
    return Restrictions(max_notice=max(left - chance.choice([NOTHING, INSTANT]), NOTHING))


def _calm_package(chance: Random, name: str) -> Package:
    """Return a package of Ana's with enough facials in one entitlement, or in two."""
    held = [
        Entitlement(services=["facial"], remaining=5, id=each)
        for each in ("main", "other")[: chance.choice([1, 1, 1, 2])]
    ]
    return Package(id=name, client_id="ana", entitlements=tuple(held), priority=len(held))


def random_history(
    chance: Random, booking: Booking, packages: tuple[Package, ...], client_id: str
) -> tuple[Change, ...]:
    """Return what was done to booking b1 before: booked, then perhaps moved, ended, forgiven."""
    booked = _random_booked(chance, booking, packages, client_id)
    history = [Change(before=None, after=booked, movements=_drawn(booked))]
    for _ in range(chance.choice([0, 0, 1, 1, 2, 3])):
        redemption = history[-1].after
        act, arguments = _random_step(chance, redemption, packages)
        settlement = answered(act, redemption, arguments)
        if isinstance(settlement, Settlement) and settlement.change is not None:
            history.append(settlement.change)
    return tuple(history)


def _random_booked(
    chance: Random, booking: Booking, packages: tuple[Package, ...], client_id: str
) -> Redemption:
    """Return a redemption of the same lines as it was made, drawn on the packages."""
    start = booking.starts_at + chance.choice([NOTHING, NOTHING, DAY, -DAY])
    drawn = []
    for index in [each for each in range(len(booking.lines)) if chance.random() < 0.9] or [0]:
        package = chance.choice(packages)
        own = package.cancellation
        drawn.append(
            Draw(
                line=index,
                package_id=package.id,
                entitlement_id=chance.choice(package.entitlements).id,
                service_id=booking.lines[index].service.id,
                credits=chance.choice([1, 1, 2]),
                terms=own,
                free_until=None if own is None else start - own.window,
                package_name=package.name,
            )
        )
    terms = random_terms(chance)
    return Redemption(
        booking=Booking(id="b1", lines=booking.lines, starts_at=start, traits=booking.traits),
        client_id=client_id,
        starts_at=start,
        draws=tuple(drawn),
        terms=terms,
        free_until=None if terms is None else start - terms.window,
        deposit=chance.choice(list(DepositOutcome)),
        card_capture=chance.choice(list(CardCaptureOutcome)),
        rulebook="timely-2026-03",
        booked_at=NOW - chance.choice([NOTHING, DAY, DAY, 9 * DAY, -MINUTE / 2]),
        time_zone_key=chance.choice([None, AUCKLAND.key]),
        version=1,
        replaces=mostly(chance, None, "b0", "b2", share=0.7),
    )


def _drawn(booked: Redemption) -> tuple[Movement, ...]:
    """Return the movements with which the credits of a booking left their packages."""
    drawn: Counter[tuple[str, str]] = Counter()
    for draw in booked.draws:
        drawn[draw.package_id, draw.entitlement_id] += draw.credits
    return tuple(
        Movement(
            booking_id=booked.booking.id,
            package_id=package_id,
            entitlement_id=entitlement_id,
            credits=number,
            source=Bucket.AVAILABLE,
            target=Bucket.RESERVED,
            act=Act.BOOK,
            at=booked.booked_at,
            by=Actor.CLIENT,
        )
        for (package_id, entitlement_id), number in sorted(drawn.items())
    )


def _random_step(
    chance: Random, redemption: Redemption, packages: tuple[Package, ...]
) -> tuple[str, dict[str, Any]]:
    """Return an act that mostly changes the redemption: the business moves it, or ends a line."""
    after_booking = max(redemption.booked_at, NOW - DAY)
    if chance.random() < 0.55:
        return "reschedule", {
            "account": AccountSettings(time_zone=AUCKLAND),
            "client": Client(id=redemption.client_id),
            "starts_at": redemption.starts_at + chance.choice([HOUR, DAY, -HOUR, 3 * DAY, INSTANT]),
            "by": mostly(chance, Actor.BUSINESS, Actor.CLIENT),
            "now": after_booking,
            "packages": packages,
            "note": chance.choice(NOTES),
        }
    act = chance.choice(["cancel", "cancel", "no_show", "complete", "forgive"])
    line = chance.choice(redemption.draws).line
    arguments: dict[str, Any] = {"lines": [line], "now": after_booking, "note": "why"}
    if act == "cancel":
        arguments["by"] = chance.choice(list(Actor))
    if act == "no_show":
        arguments |= {"now": redemption.starts_at, "outcome": mostly(chance, None, *CreditOutcome)}
    return act, arguments


def random_existing(
    chance: Random, booking: Booking, packages: tuple[Package, ...], client: Client
) -> Redemption | None:
    """Return none, or what is still reserved for the same booking, or for another one."""
    if chance.random() < 0.7 or not packages or client.id is None:
        return None
    history = random_history(chance, booking, packages, client.id)
    return [change.after for change in history if change.after.is_open][-1]


def has_history(redemption: Redemption) -> bool:
    """Tell whether something was done to it since it was booked, or it was exchanged."""
    ended = any(draw.endings for draw in redemption.draws)
    return ended or bool(redemption.reschedules) or redemption.replaces is not None


def random_case(chance: Random) -> Case:
    """Return a whole case: half of them calm, with little against them but a single fact."""
    calm = chance.random() < 0.65
    booking = _calm_booking(chance) if calm else random_booking(chance)
    number = chance.choice([1, 1, 1, 1, 2] if calm else [0, 1, 1, 1, 1, 2, 2, 3])
    packages = tuple(
        _calm_package(chance, name) if calm else random_package(chance, name, booking)
        for name in ("p0", "p1", "p2")[:number]
    )
    share = 0.95 if calm else 0.35
    packages = tuple(
        random_plan(chance, package, booking) if chance.random() < share else package
        for package in packages
    )
    account, client = random_account(chance, calm=calm), random_client(chance, calm=calm)
    if any(asks_for_local_time(package) for package in packages):
        account = replace(account, time_zone=account.time_zone or AUCKLAND)
    picks: list[list[str] | None] = [["p0"], ["p1"], ["p0", "p1"], ["p9"]]
    return Case(
        account=account,
        client=client,
        packages=packages,
        booking=booking,
        now=NOW,
        existing=random_existing(chance, booking, packages, client),
        by=mostly(chance, Actor.CLIENT, Actor.BUSINESS),
        note=chance.choice(["", "by phone"]),
        only=mostly(chance, None, *picks, share=0.9),
    )


def asks_for_local_time(package: Package) -> bool:
    """Tell whether the package may be asked for a local time: by hours, days, quotas or a term."""
    asked = [one for each in package.entitlements for one in package.restrictions_on(each)]
    hours_or_days = any(one.hours or one.not_on for one in asked)
    return hours_or_days or package.has_quotas or package.lasts is not None


def _ends_of_validity(packages: tuple[Package, ...]) -> list[datetime]:
    """Return every beginning and end of validity of the packages and their entitlements."""
    held: list[Package | Entitlement] = []
    for package in packages:
        held += [package, *package.entitlements]
    return [at for each in held for at in (each.valid_from, each.valid_until) if at]


def _what_may_end(redemption: Redemption) -> list[tuple[str, list[int]]]:
    """Return the acts that can change something now, each with the lines that it can change."""
    lines: dict[str, list[int]] = {"open": [], "missed": [], "spent": []}
    for draw in redemption.draws:
        if draw.state is DrawState.RESERVED:
            lines["open"].append(draw.line)
        elif draw.state is not DrawState.RETURNED:
            lines["spent"].append(draw.line)
            if draw.state is DrawState.FORFEITED and draw.endings[-1].act is Act.NO_SHOW:
                lines["missed"].append(draw.line)
    whose = {"cancel": "open", "no_show": "open", "reschedule": "open"}
    acts = [*whose.items(), *whose.items()]
    acts += [("complete", "open"), ("complete", "missed"), ("forgive", "spent")]
    return [(act, lines[kind]) for act, kind in acts if lines[kind]]


def random_act(
    chance: Random, redemption: Redemption, packages: tuple[Package, ...]
) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Return an act by name, its arguments, and the same arguments in plain words.

    Three of four can change something as it stands; the others are any act, repeated or broken.
    """
    possible = _what_may_end(redemption)
    act, open_lines = chance.choice(possible) if possible else ("", [])
    is_possible = bool(possible) and chance.random() < 0.75
    if not is_possible:
        done = [ending.act.value for draw in redemption.draws for ending in draw.endings]
        act = chance.choice(done if done and chance.random() < 0.5 else ACTS)
    bounds = _ends_of_validity(packages)
    bounds += [pause.starts_at for package in packages for pause in package.pauses]
    beside = [NOTHING, INSTANT, -INSTANT, HOUR, -HOUR]
    now = max(redemption.booked_at, chance.choice(_edges(redemption, bounds)))
    now += chance.choice(beside)
    if is_possible and act == "no_show":
        now = max(now, redemption.starts_at)
    elif is_possible and act != "complete" and chance.random() < 0.5:
        now = min(now, max(redemption.booked_at, redemption.starts_at - 3 * DAY))
    if chance.random() < (0.03 if is_possible else 0.2):  # before it was booked, a minute or more
        now = redemption.booked_at - MINUTE * chance.choice([0.5, 1, 2]) + chance.choice(beside[:3])
    note = chance.choice(NOTES[2:] if is_possible else NOTES)
    ours: dict[str, Any] = {"now": now, "note": note}
    plain: dict[str, Any] = {"now": instant(now), "note": note}
    if act != "reschedule":
        drawn = open_lines if is_possible else [draw.line for draw in redemption.draws]
        usual = [None, None, [chance.choice(drawn)], drawn[::-1]]
        broken: list[list[int]] = [] if is_possible else [[], [0, 0], [7]]
        ours["lines"] = plain["lines"] = chance.choice([*usual * 3, *broken])
    if act in {"cancel", "reschedule"}:
        ours["by"] = chance.choice(list(Actor))
        plain["by"] = ours["by"].value
    if act != "complete":
        share = 1 if is_possible else 0.9
        ours["packages"] = [_revised(chance, each) for each in packages if chance.random() < share]
        plain["packages"] = [package_doc(each) for each in ours["packages"]]
    if act == "reschedule":
        share = 1 if is_possible else 0.9
        mover = mostly(chance, redemption.client_id, "beth", None, share=share)
        ours["client"] = Client(id=mover, traits=random_traits(chance))
        # Which quotas are looked at once one is full is nobody's business: they have a zone.
        nowhere = AUCKLAND if any(each.has_quotas for each in packages) else None
        ours["account"] = AccountSettings(time_zone=mostly(chance, AUCKLAND, nowhere))
        plain["client"] = client_doc(ours["client"])
        plain["account"] = account_doc(ours["account"])
        starts = [redemption.starts_at, redemption.booking.starts_at, now, now + 2 * HOUR]
        starts += [redemption.starts_at + DAY, *bounds]
        ours["starts_at"] = chance.choice(starts) + chance.choice(beside[:3])
        plain["starts_at"] = instant(ours["starts_at"])
    if act == "no_show":
        ours["outcome"] = chance.choice([None, None, *CreditOutcome])
        plain["outcome"] = None if ours["outcome"] is None else ours["outcome"].value
    return act, ours, plain


def _edges(redemption: Redemption, bounds: list[datetime]) -> list[datetime]:
    """Return the instants at which an answer about a redemption may change."""
    edges = [redemption.starts_at, redemption.free_until or NOW, *bounds]
    for draw in redemption.draws:
        edges += [redemption.open_until(draw.line), redemption.free_until_of(draw.line) or NOW]
        terms = redemption.terms_of(draw.line)
        if terms is not None:
            edges += [redemption.starts_at - window for window, _ in terms.windows]
    return edges


def _revised(chance: Random, package: Package) -> Package:
    """Return a package as it may have become since it was drawn on; mostly as it was."""
    kind = chance.random()
    if kind < 0.8:
        return package
    if kind < 0.9:
        status = chance.choice([PackageStatus.ARCHIVED, PackageStatus.SUSPENDED])
        return replace(package, status=status)
    if kind < 0.95:
        return replace(package, kind=PackageKind.LEGACY, client_id="beth")
    first, *others = package.entitlements
    return replace(package, entitlements=(replace(first, id="another"), *others))


def answered(
    act: str,
    redemption: Redemption,
    arguments: dict[str, Any],
    policy: RedemptionPolicy | None = None,
) -> Settlement | str:
    """Return what the policy answers, or the name of the error that it raises."""
    try:
        settlement: Settlement = getattr(policy or RedemptionPolicy(), act)(redemption, **arguments)
    except PkgRedeemError as error:
        return type(error).__name__
    return settlement

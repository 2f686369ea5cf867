"""Random cases and acts for the tests, from a seed: small, and biased to where answers change.

Instants meet or miss each other by a microsecond, credits run out, bookings mix services, and
redemptions exist already. The same `Random` always gives the same case.
"""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any, TypeVar

from pkgredeem import (
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
    DepositOutcome,
    Draw,
    Entitlement,
    Movement,
    Package,
    PackageKind,
    PackageStatus,
    PickedFrom,
    PkgRedeemError,
    Redemption,
    RedemptionPolicy,
    Service,
    Settlement,
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
    return CancellationTerms(
        window=chance.choice(WINDOWS),
        late=chance.choice(list(CreditOutcome)),
        no_show=chance.choice([None, *CreditOutcome]),
    )


def random_account(chance: Random) -> AccountSettings:
    """Return an account that mostly can redeem online."""
    return AccountSettings(
        activated_on=chance.choice(DAYS),
        online_redemption=mostly(chance, True, None, False, share=0.85),
        client_login=mostly(chance, ClientLogin.OPTIONAL, *ClientLogin),
        package_kind=mostly(chance, PackageKind.NEW, PackageKind.LEGACY, share=0.95),
        deposit_required=chance.random() < 0.5,
        card_capture=chance.random() < 0.5,
        cancellation=random_terms(chance),
        time_zone=chance.choice([None, AUCKLAND, LONDON]),
    )


def random_client(chance: Random) -> Client:
    """Return Ana, who mostly is logged in; or Beth, or a guest."""
    card = chance.random() < 0.5
    if chance.random() < 0.03:
        return Client(id=None, has_saved_card=card)
    return Client(
        id=mostly(chance, "ana", "beth", share=0.95),
        logged_in=chance.random() < 0.95,
        has_saved_card=card,
    )


def random_booking(chance: Random) -> Booking:
    """Return a booking of one to four lines, mostly of the same service."""
    lines = []
    for _ in range(chance.choice([1, 1, 1, 2, 2, 3, 4])):
        service = Service(
            id=mostly(chance, "facial", *SERVICES, share=0.6),
            name=chance.choice(["", "Facial"]),
            deposit_required=mostly(chance, None, True, False, share=0.7),
        )
        lines.append(
            BookingLine(
                service,
                picked_from=chance.choice(list(PickedFrom)),
                payable=chance.random() < 0.9,
            )
        )
    start = NOW + chance.choice(TO_START) + chance.choice(BESIDE)
    return Booking(id=chance.choice(["b1", "b2"]), lines=tuple(lines), starts_at=start)


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
    drawn = []
    for index in [each for each in range(len(booking.lines)) if chance.random() < 0.9] or [0]:
        package = chance.choice(packages)
        drawn.append(
            Draw(
                line=index,
                package_id=package.id,
                entitlement_id=chance.choice(package.entitlements).id,
                service_id=booking.lines[index].service.id,
                package_name=package.name,
            )
        )
    start = booking.starts_at + chance.choice([NOTHING, NOTHING, DAY, -DAY])
    terms = random_terms(chance)
    return Redemption(
        booking=Booking(id="b1", lines=booking.lines, starts_at=start),
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
    drawn = Counter((draw.package_id, draw.entitlement_id) for draw in booked.draws)
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
            "account": AccountSettings(),
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
    """Return a whole case."""
    booking = random_booking(chance)
    packages = tuple(
        random_package(chance, f"p{number}", booking)
        for number in range(chance.choice([0, 1, 1, 1, 1, 2, 2, 3]))
    )
    client = random_client(chance)
    return Case(
        account=random_account(chance),
        client=client,
        packages=packages,
        booking=booking,
        now=NOW,
        existing=random_existing(chance, booking, packages, client),
        by=mostly(chance, Actor.CLIENT, Actor.BUSINESS),
        note=chance.choice(["", "by phone"]),
    )


def random_act(
    chance: Random, redemption: Redemption, packages: tuple[Package, ...]
) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Return an act by name, its arguments, and the same arguments in plain words."""
    act = chance.choice(ACTS)
    done = [ending.act.value for draw in redemption.draws for ending in draw.endings]
    if done and chance.random() < 0.4:
        act = chance.choice(done)
    bounds = [at for each in packages for at in (each.valid_from, each.valid_until) if at]
    edges = [redemption.starts_at, redemption.free_until or NOW, *bounds]
    beside = [NOTHING, INSTANT, -INSTANT, HOUR, -HOUR]
    now = max(redemption.booked_at, chance.choice(edges)) + chance.choice(beside)
    if chance.random() < 0.1:  # before it was booked, within a minute and beyond
        now = redemption.booked_at - MINUTE * chance.choice([0.5, 1, 2]) + chance.choice(beside[:3])
    ours: dict[str, Any] = {"now": now, "note": chance.choice(NOTES)}
    plain: dict[str, Any] = {"now": instant(now), "note": ours["note"]}
    if act != "reschedule":
        drawn = [draw.line for draw in redemption.draws]
        usual = [None, None, [chance.choice(drawn)], drawn[::-1]] * 7
        ours["lines"] = plain["lines"] = chance.choice([*usual, [], [0, 0], [7]])
    if act in {"cancel", "reschedule"}:
        ours["by"] = chance.choice(list(Actor))
        plain["by"] = ours["by"].value
    if act != "complete":
        ours["packages"] = [_revised(chance, each) for each in packages if chance.random() < 0.95]
        plain["packages"] = [package_doc(each) for each in ours["packages"]]
    if act == "reschedule":
        ours["client"] = Client(id=mostly(chance, redemption.client_id, "beth", None, share=0.97))
        ours["account"] = AccountSettings(time_zone=chance.choice([None, AUCKLAND]))
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


def _revised(chance: Random, package: Package) -> Package:
    """Return a package as it may have become since it was drawn on; mostly as it was."""
    kind = chance.random()
    if kind < 0.8:
        return package
    if kind < 0.9:
        return replace(package, status=PackageStatus.ARCHIVED)
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

"""Random cases and acts for the tests, from a seed: small, and biased to where answers change.

Instants meet or miss each other by a microsecond, credits run out, bookings mix services, and
redemptions exist already. The same `Random` always gives the same case.
"""

from datetime import date, timedelta
from random import Random
from typing import Any, TypeVar

from pkgredeem import (
    AccountSettings,
    Actor,
    Booking,
    BookingLine,
    CancellationTerms,
    CardCaptureOutcome,
    Case,
    Client,
    ClientLogin,
    ClosedRedemptionError,
    CreditOutcome,
    DepositOutcome,
    Draw,
    Entitlement,
    InvalidValueError,
    Package,
    PackageKind,
    PackageStatus,
    PickedFrom,
    Redemption,
    RedemptionPolicy,
    Rule,
    Rulebook,
    Service,
    Settlement,
    rules,
)
from tests.helpers.support import AUCKLAND, DAY, HOUR, INSTANT, LONDON, NOW
from tests.oracle.plain import instant, package_doc

_Item = TypeVar("_Item")

SERVICES = ("facial", "massage", "pedicure")
NOTHING = timedelta(0)
BESIDE = (NOTHING, INSTANT, -INSTANT)
WINDOWS = (NOTHING, INSTANT, HOUR, DAY, DAY, timedelta(days=366))
TO_START = (DAY, DAY, 3 * DAY, 3 * DAY, 9 * DAY, HOUR, NOTHING, -HOUR)
NOTES = ("", " ", "a reason", "another")
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
    )


def random_existing(
    chance: Random, booking: Booking, packages: tuple[Package, ...]
) -> Redemption | None:
    """Return none, or a redemption of the same booking or of another one, drawn on the packages."""
    if chance.random() < 0.7 or not packages:
        return None
    drawn = []
    for index, line in enumerate(booking.lines):
        package = chance.choice(packages)
        drawn.append(
            Draw(
                line=index,
                package_id=package.id,
                entitlement_id=chance.choice(package.entitlements).id,
                service_id=line.service.id,
            )
        )
    start = booking.starts_at + chance.choice([NOTHING, DAY, -DAY])
    terms = random_terms(chance)
    return Redemption(
        booking=Booking(id="b1", lines=booking.lines, starts_at=start),
        client_id="ana",
        starts_at=start,
        draws=tuple(drawn),
        terms=terms,
        free_until=None if terms is None else start - terms.window,
        deposit=DepositOutcome.WAIVED,
        card_capture=CardCaptureOutcome.BYPASSED,
        rulebook="timely-2026-03",
        booked_at=NOW - chance.choice([NOTHING, DAY]),
        time_zone=None,
        version=1,
    )


def random_case(chance: Random) -> Case:
    """Return a whole case."""
    booking = random_booking(chance)
    packages = tuple(
        random_package(chance, f"p{number}", booking)
        for number in range(chance.choice([0, 1, 1, 1, 1, 2, 2, 3]))
    )
    return Case(
        account=random_account(chance),
        client=random_client(chance),
        packages=packages,
        booking=booking,
        now=NOW,
        existing=random_existing(chance, booking, packages),
        by=mostly(chance, Actor.CLIENT, Actor.BUSINESS),
        note=chance.choice(["", "by phone"]),
    )


def random_act(
    chance: Random, redemption: Redemption, packages: tuple[Package, ...]
) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Return an act by name, its arguments, and the same arguments in plain words."""
    act = chance.choice(["cancel", "cancel", "no_show", "complete", "forgive", "reschedule"])
    near = [redemption.booked_at, redemption.starts_at, redemption.free_until or NOW]
    beside = [timedelta(0), INSTANT, -INSTANT, HOUR, -HOUR]
    now = chance.choice(near) + chance.choice(beside)
    ours: dict[str, Any] = {"now": now, "note": chance.choice(NOTES)}
    plain: dict[str, Any] = {"now": instant(now)}
    if act != "reschedule":
        numbers = [None, None, None, [0], [0], [1], [0, 1], [], [0, 0], [7], [1, 0, 2]]
        ours["lines"] = plain["lines"] = chance.choice(numbers)
    if act in {"cancel", "reschedule"}:
        ours["by"] = chance.choice(list(Actor))
        plain["by"] = ours["by"].value
        held = [each for each in packages if chance.random() < 0.9]
        ours["packages"] = held
        plain["packages"] = [package_doc(each) for each in held]
    if act == "reschedule":
        starts = [redemption.starts_at, now, redemption.starts_at + DAY, now + 2 * HOUR]
        starts += [at for each in held for at in (each.valid_from, each.valid_until) if at]
        ours["starts_at"] = chance.choice(starts) + chance.choice(beside[:3])
        plain["starts_at"] = instant(ours["starts_at"])
    if act == "no_show":
        ours["outcome"] = chance.choice([None, None, *CreditOutcome])
        plain["outcome"] = None if ours["outcome"] is None else ours["outcome"].value
    if act == "forgive":
        plain["note"] = ours["note"]
    return act, ours, plain


def answered(act: str, redemption: Redemption, arguments: dict[str, Any]) -> Settlement | str:
    """Return what the policy answers, or the name of the error that it raises."""
    try:
        settlement: Settlement = getattr(RedemptionPolicy(), act)(redemption, **arguments)
    except (ClosedRedemptionError, InvalidValueError) as error:
        return type(error).__name__
    return settlement


def lifted_at_random(chance: Random, book: Rulebook) -> list[Rule]:
    """Return the rules to lift: mostly none, or one or both limits; now and then anything."""
    kind = chance.random()
    if kind < 0.4:
        return []
    if kind < 0.8:
        limits = [rules.several_active_packages, rules.mixed_booking]
        return [each for each in limits if each in book.rules and chance.random() < 0.8]
    can_be = [each for each in book.rules if each.can_be_lifted]
    return chance.sample(can_be, chance.randint(1, len(can_be)))

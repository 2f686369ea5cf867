"""What each page shows: values for the templates, the same in both apps. Nothing here writes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Protocol

import shop
from pkgredeem import (
    Act,
    Actor,
    Audience,
    Balance,
    Client,
    ClosedRedemptionError,
    CreditOutcome,
    Decision,
    DrawState,
    InvalidValueError,
    Movement,
    Package,
    Redemption,
    Scope,
    Settlement,
)
from pkgredeem.stores import RedemptionStore
from shop import POLICY, words


class Store(RedemptionStore, Protocol):
    """What the pages ask of a store besides: every ready-made one has it."""

    def balance(self, package_id: str, entitlement_id: str = "main") -> Balance:
        """Return where the credits of one entitlement are."""
        ...

    def movements(self) -> Iterable[Movement]:
        """Return the whole history, in the order in which it was committed."""
        ...


# --- A client's pages -----------------------------------------------------------------------------


def menu(
    store: RedemptionStore, client: Client, bookings: Iterable[Redemption], now: datetime
) -> dict[str, object]:
    """Return the services and the free times, the client's bookings, and the notice (T09)."""
    packages = store.packages_of(client.id, not_over_at=now) if client.id else []
    account = shop.account()
    return {
        "services": shop.MENU.values(),
        "slots": _options(now),
        "notice": POLICY.notice(account=account, client=client, packages=packages, now=now),
        "bookings": [
            _line(redemption)
            for redemption in bookings
            if redemption.client_id == client.id and redemption.is_open
        ],
    }


def checkout(decision: Decision, replaces: str | None) -> dict[str, object]:
    """Return what is decided about a booking, in the client's words."""
    told = decision.explain(Audience.CLIENT)
    if replaces and not any(reason.scope is Scope.ACT for reason in decision.reasons):
        # An exchange is made or not: nothing is booked beside the booking that there is.
        told = (
            "your package pays for this too"
            if decision.eligible
            else "your package does not pay for this"
        )
    return {
        "decision": decision,
        "replaces": replaces,
        "told": words.sentence(told),
        "when": words.said(decision.booking.starts_at),
        "starts_at": decision.booking.starts_at.isoformat(),
    }


def booking(store: RedemptionStore, redemption: Redemption, now: datetime) -> dict[str, object]:
    """Return a booking, and what cancelling it now would do, or what the last act has done."""
    packages = _packages(store, redemption, now)
    if redemption.is_open:
        settlement = POLICY.cancel(redemption, by=Actor.CLIENT, now=now, packages=packages)
        told = f"If you cancel now: {settlement.explain(Audience.CLIENT)}."
    else:
        settlement = _recorded(redemption, packages, now)
        told = words.ended(redemption, settlement.explain(Audience.CLIENT))
    return {
        **_line(redemption),
        "redemption": redemption,
        "settlement": settlement,
        "told": told,
        "promises": words.promises(redemption),
        "slots": _options(now),
        # Moving and exchanging is for who could still cancel in time (D17, D71).
        "can_change": redemption.is_open and settlement.allowed and not settlement.late,
    }


# --- Staff's pages --------------------------------------------------------------------------------


def day(wanted: date, redemptions: Iterable[Redemption]) -> dict[str, object]:
    """Return the appointments of a day."""
    return {
        "day": f"{wanted:%A} {wanted.day} {wanted:%B %Y}",
        "before": wanted - timedelta(days=1),
        "after": wanted + timedelta(days=1),
        "this": wanted,
        "clients": shop.CLIENTS,
        "appointments": [
            _line(redemption) for redemption in sorted(redemptions, key=lambda it: it.starts_at)
        ],
    }


def appointment(store: RedemptionStore, redemption: Redemption, now: datetime) -> dict[str, object]:
    """Return a booking with its history, and what each act of staff would do to it now."""
    packages = _packages(store, redemption, now)
    acts = {
        act: settlement.explain(Audience.STAFF)
        for act, settlement in _possible_acts(redemption, packages, now)
    }
    told = ""
    if not redemption.is_open:
        told = _recorded(redemption, packages, now).explain(Audience.STAFF)
    return {
        **_line(redemption),
        "redemption": redemption,
        "told": told,
        "booked": words.said(redemption.booked_at),
        "promises": words.promises(redemption),
        "acts": acts,
        "slots": _options(now),
        "history": _history(redemption),
    }


def client(
    store: Store, client_id: str, now: datetime, decision: Decision | None
) -> dict[str, object]:
    """Return a client's packages with balances and movements, and what staff asked."""
    sold = [package.id for package in shop.sold() if package.client_id == client_id]
    packages = store.packages_of(client_id, not_over_at=now, also=sold)
    return {
        "client_id": client_id,
        "name": shop.CLIENTS[client_id],
        "packages": [_sold(store, package) for package in packages],
        "services": shop.MENU.values(),
        "slots": _options(now),
        "asked": None if decision is None else decision.explain(Audience.STAFF),
    }


def _sold(store: Store, package: Package) -> dict[str, object]:
    # Where many packages are sold, ask your database for the movements of this one.
    return {
        "package": package,
        "balances": [
            (", ".join(sorted(entitlement.services)), store.balance(package.id, entitlement.id))
            for entitlement in package.entitlements
        ],
        "movements": [
            (movement, words.said(movement.at), words.ACTS[movement.act])
            for movement in store.movements()
            if movement.package_id == package.id
        ],
    }


# --- What several of them show --------------------------------------------------------------------


def _options(now: datetime) -> list[tuple[str, str]]:
    return [(slot.isoformat(), words.said(slot)) for slot in shop.slots(now)]


def _line(redemption: Redemption) -> dict[str, object]:
    return {
        "id": redemption.booking.id,
        "client_id": redemption.client_id,
        "client_name": shop.CLIENTS.get(redemption.client_id, redemption.client_id),
        "when": words.said(redemption.starts_at),
        "what": words.services(redemption),
        "state": words.state(redemption),
        "open": redemption.is_open,
    }


def _packages(store: RedemptionStore, redemption: Redemption, now: datetime) -> list[Package]:
    """Return the packages that the booking draws on: only they tell if a credit is usable (D13)."""
    drawn_on = [draw.package_id for draw in redemption.draws]
    return list(store.packages_of(redemption.client_id, not_over_at=now, also=drawn_on))


def _possible_acts(
    redemption: Redemption, packages: Sequence[Package], now: datetime
) -> Iterator[tuple[Act, Settlement]]:
    """Return what each act would do, but for those that an end of the lines rules out (D37)."""
    asked: dict[Act, Callable[[], Settlement]] = {
        Act.COMPLETE: partial(POLICY.complete, redemption, now=now),
        Act.NO_SHOW: partial(POLICY.no_show, redemption, now=now, packages=packages),
        Act.FORGIVE: partial(POLICY.forgive, redemption, now=now, note="?", packages=packages),
        Act.CANCEL: partial(
            POLICY.cancel, redemption, by=Actor.BUSINESS, now=now, packages=packages
        ),
    }
    for act, settle in asked.items():
        try:
            settlement = settle()
        except (ClosedRedemptionError, InvalidValueError):
            continue
        if settlement.change is not None or not settlement.allowed:
            yield act, settlement


def _recorded(redemption: Redemption, packages: Sequence[Package], now: datetime) -> Settlement:
    """Return what the last act did: the same act again changes nothing and tells it (D37)."""
    draw = redemption.draws[0]  # the acts of these apps end all lines together
    last = draw.endings[-1]
    match last.act:
        case Act.CANCEL:
            return POLICY.cancel(redemption, by=last.by, now=now, packages=packages)
        case Act.NO_SHOW:
            returned = draw.state is DrawState.RETURNED
            outcome = CreditOutcome.RETURN if returned else CreditOutcome.FORFEIT
            return POLICY.no_show(redemption, now=now, outcome=outcome, packages=packages)
        case Act.COMPLETE:
            return POLICY.complete(redemption, now=now)
        case _:
            return POLICY.forgive(redemption, now=now, note=last.note, packages=packages)


def _history(redemption: Redemption) -> list[dict[str, object]]:
    """Return who did what and why, in order (D36)."""
    draw = redemption.draws[0]
    endings = sorted((*redemption.reschedules, *draw.endings), key=lambda ending: ending.at)
    return [
        {
            "when": words.said(ending.at),
            "act": words.ACTS[ending.act],
            "by": ending.by,
            "late": ending.late,
            "note": ending.note,
        }
        for ending in endings
    ]

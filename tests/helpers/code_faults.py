"""Other meanings of the shipped codes about accounts, clients, packages and bookings."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

from pkgredeem import (
    Case,
    Client,
    ClientLogin,
    Cover,
    Package,
    PackageKind,
    PackageStatus,
    rules,
)
from tests.helpers import faulty_rules as faulty
from tests.helpers.boundary_faults import Fault, misled
from tests.helpers.support import DAY, INSTANT

LEGACY: Final = PackageKind.LEGACY


def of_accounts() -> Iterator[Fault]:
    """Yield faults in what an account must be, each wrong for one kind of account alone."""
    for is_on in (True, False, None):
        yield (
            rules.account_on_legacy_packages,
            lambda asked, _, is_on=is_on: (
                asked.package_kind is LEGACY and asked.online_redemption is not is_on
            ),
        )
    off = rules.online_redemption_off
    for legacy_too in (True, False, None):
        yield (
            off,
            lambda asked, after, is_on=legacy_too: (
                off(asked, after)
                or (asked.package_kind is LEGACY and asked.online_redemption is is_on)
            ),
        )
    yield off, lambda asked, after: off(asked, after) and asked.online_redemption is None
    yield off, lambda asked, after: off(asked, after) or asked.online_redemption is True
    for days in (1, -1):
        yield off, lambda asked, after, days=days: off(asked, after + days * DAY)
    yield off, lambda asked, after: off(asked, after) and asked.activated_on != after
    yield (
        off,
        lambda asked, after: (
            off(asked, after) and (asked.activated_on is None or asked.activated_on + DAY != after)
        ),
    )
    for login in ClientLogin:
        yield (
            rules.client_login_disabled,
            lambda asked, _, login=login: (
                (asked.client_login is ClientLogin.DISABLED) is not (asked.client_login is login)
            ),
        )


def of_clients() -> Iterator[Fault]:
    """Yield faults in who may redeem, and in how many packages are too many."""
    yield rules.client_not_logged_in, lambda client: bool(client.id) and not client.logged_in
    yield rules.client_not_logged_in, lambda client: client.id is None
    yield rules.client_not_logged_in, lambda client: not client.has_saved_card
    yield rules.client_not_logged_in, lambda client: not client.logged_in and client.has_saved_card
    yield (
        rules.several_active_packages,
        lambda _, active: {"count": 3} if len(active) > 2 else False,
    )
    yield (
        rules.several_active_packages,
        lambda _, active: {"count": 2} if len(active) == 2 else False,
    )


def of_kinds_and_ends() -> Iterator[Fault]:
    """Yield faults in which packages count, and from when until when."""
    for kind in PackageKind:
        yield (
            rules.legacy_package,
            lambda _, sold, kind=kind: (sold.kind is LEGACY) is not (sold.kind is kind),
        )
    for status in PackageStatus:
        yield (
            rules.package_archived,
            lambda _, sold, status=status: (
                (sold.status is PackageStatus.ARCHIVED) is not (sold.status is status)
            ),
        )
    for step in (INSTANT, -INSTANT):
        for field, sound in (
            ("valid_from", rules.package_not_started),
            ("valid_until", rules.package_over_by_then),
            ("valid_until", rules.package_over),
            ("sold_at", rules.package_not_sold_yet),
        ):

            def beside(sold: Package, field: str = field, step: timedelta = step) -> Package:
                at = getattr(sold, field)
                return sold if at is None else replace(sold, **{field: at + step})

            yield misled(sound, beside)
        yield (
            rules.appointment_started,
            lambda asked, cover, step=step: rules.appointment_started(
                replace(asked, now=asked.now + step), cover
            ),
        )


def of_what_is_booked() -> Iterator[Fault]:
    """Yield faults in what may be booked together, and in what is noted of a card."""

    def counts_free_ones(asked: Case, cover: Cover) -> bool:
        return bool(cover.covered) and len(cover.covered) < len(asked.booking.lines)

    yield rules.mixed_booking, faulty.never
    yield rules.mixed_booking, counts_free_ones
    note = rules.no_card_on_file
    yield note, faulty.never
    yield note, lambda asked, capture: note(replace(asked, client=Client.guest()), capture)

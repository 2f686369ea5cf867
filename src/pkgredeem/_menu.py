"""The menu: for which services would the prompt be shown, if each were booked alone (T08)?

The shipped rules look at a booking's start and at what was allocated, never at which service it is.
So one decision answers for every service that a credit can pay for, and no other service has a
prompt. A caller's own rule may look at anything: then each service is decided by itself.
"""

from collections.abc import Iterable
from datetime import datetime

from pkgredeem import rules
from pkgredeem._case import Case, case_of, checked_packages
from pkgredeem._deciding import decide_case, usable_packages
from pkgredeem._packages import Package
from pkgredeem._rulebook import Rulebook
from pkgredeem._values import AccountSettings, Booking, Client, Service
from pkgredeem._words import Actor, Scope

_ANYTHING = Service(id="anything")


def prompts(
    rulebook: Rulebook,
    *,
    account: AccountSettings,
    client: Client,
    packages: Iterable[Package],
    services: tuple[Service, ...],
    starts_at: datetime,
    now: datetime,
) -> dict[str, bool]:
    """Return for each service whether it shows the prompt, in the order of *services*."""
    held = checked_packages("packages", packages)

    def alone(service: Service) -> Case:
        booking = Booking.of(service, id="menu", starts_at=starts_at)
        return case_of(account, client, held, booking, now, None, Actor.CLIENT, "")

    anything = alone(_ANYTHING)  # which checks every argument, also of an empty menu
    if not services or not _is_shipped(rulebook):
        return {each.id: decide_case(rulebook, alone(each)).prompt for each in services}
    covered = {
        service_id
        for package in usable_packages(rulebook, anything)
        for entitlement in package.entitlements
        if entitlement.remaining
        for service_id in entitlement.services
    }
    witness = next((each for each in services if each.id in covered), services[0])
    prompt = decide_case(rulebook, alone(witness)).prompt
    return {each.id: prompt and each.id in covered for each in services}


def _is_shipped(rulebook: Rulebook) -> bool:
    """Tell whether every rule that can look at the service is one of ours."""
    whoever = {Scope.ACCOUNT, Scope.CLIENT}
    return all(
        each.condition.__module__ == rules.__name__
        for each in rulebook.rules
        if each.scope not in whoever
    )

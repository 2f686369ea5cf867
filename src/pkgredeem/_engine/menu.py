"""The menu: for which services would the prompt be shown, if each were booked alone (T08)?

What does not depend on the service is asked once: account, client and holdings rules, and the
package rules, which are about a package and the start. What may depend on it, credit rules and
booking rules, is asked for each service that could be paid for, whoever wrote them. A service that
no usable package names could not: no rulebook is without the rule that says so.
"""

from collections.abc import Iterable
from datetime import datetime

from pkgredeem._engine import decide
from pkgredeem._engine.covering import cover_lines
from pkgredeem._model.account import AccountSettings
from pkgredeem._model.booking import Booking, Client, Service
from pkgredeem._model.case import Case
from pkgredeem._model.packages import Package, checked_packages
from pkgredeem._model.unchecked import unchecked_replace
from pkgredeem.rules import article
from pkgredeem.rules._rulebook import Rulebook

_ANY_SERVICE = Service(id="any")
_with_booking = unchecked_replace(Case, "booking")


def prompts(
    rulebook: Rulebook,
    *,
    account: AccountSettings,
    client: Client,
    packages: Iterable[Package],
    services: tuple[Service, ...],
    starts_at: datetime,
    now: datetime,
    only: Iterable[str] | None,
) -> dict[str, bool]:
    """Return for each service whether it shows the prompt, in the order of *services*."""
    any_booking = Booking.of(_ANY_SERVICE, id="menu", starts_at=starts_at)
    found = checked_packages("packages", packages)
    # Checks every argument, also of an empty menu, and the packages once for all services.
    menu = Case(
        account=account, client=client, packages=found, booking=any_booking, now=now, only=only
    ).with_ends()
    rules = rulebook.by_scope
    usable, active, _ = decide.sort_packages(rules, menu, menu.packages)
    refusals = decide.account_and_client_findings(rulebook, account, client, active)

    def shows_prompt(service: Service) -> bool:
        booking = Booking.of(service, id="menu", starts_at=starts_at)
        case = _with_booking(menu, booking)
        cover, _ = cover_lines(rules, case, usable, active)
        refused, _ = decide.judge_booking(rules, case, cover)
        eligible = bool(cover.covered) and not refused
        return article.shows_prompt(eligible=eligible, client=client)

    named = frozenset[str]()
    if not refusals:
        named = named.union(*[held.services for each in usable for held in each.entitlements])
    return {service.id: service.id in named and shows_prompt(service) for service in services}

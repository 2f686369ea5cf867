"""The rulebooks, and every rule by its name.

`article` is THE RULEBOOK, to be read beside the article; `plans` holds the rules beyond it (D40),
and `acts` those of acts on a redemption, which are in no rulebook (D11).
"""

from datetime import date
from typing import Final

from pkgredeem.rules import acts, article, plans
from pkgredeem.rules._rulebook import Rulebook, in_order
from pkgredeem.rules.article import (
    NEUTRAL,
    PROMPT,
    account_on_legacy_packages,
    appointment_started,
    client_login_disabled,
    client_not_logged_in,
    legacy_package,
    mixed_booking,
    no_card_on_file,
    no_package,
    not_enough_credits,
    nothing_to_pay,
    online_redemption_off,
    package_archived,
    package_not_sold_yet,
    package_not_started,
    package_of_another_client,
    package_over,
    package_over_by_then,
    package_used_up,
    service_not_in_package,
    several_active_packages,
)
from pkgredeem.rules.plans import (
    blacked_out,
    booked_too_early,
    booked_too_late,
    cost_unknown,
    credit_not_started,
    credit_over,
    outside_first_use_term,
    outside_hours,
    package_booking_over,
    package_not_chosen,
    package_paused,
    package_suspended,
    package_void,
    quota_reached,
    trait_not_allowed,
)

__all__ = [
    "EVERY_RULE",
    "IN_STORE",
    "NEUTRAL",
    "ONLINE",
    "PROMPT",
    "TIMELY_2026_03",
    "TIMELY_2026_04",
    "account_on_legacy_packages",
    "acts",
    "appointment_started",
    "article",
    "blacked_out",
    "booked_too_early",
    "booked_too_late",
    "client_login_disabled",
    "client_not_logged_in",
    "cost_unknown",
    "credit_not_started",
    "credit_over",
    "legacy_package",
    "mixed_booking",
    "no_card_on_file",
    "no_package",
    "not_enough_credits",
    "nothing_to_pay",
    "online_redemption_off",
    "outside_first_use_term",
    "outside_hours",
    "package_archived",
    "package_booking_over",
    "package_not_chosen",
    "package_not_sold_yet",
    "package_not_started",
    "package_of_another_client",
    "package_over",
    "package_over_by_then",
    "package_paused",
    "package_suspended",
    "package_used_up",
    "package_void",
    "plans",
    "quota_reached",
    "service_not_in_package",
    "several_active_packages",
    "trait_not_allowed",
]

#: Every rule of decisions, in the order in which findings are told: of each scope the article's,
#: then those beyond it (D22).
EVERY_RULE: Final = in_order((*article.EVERY_RULE, *plans.EVERY_RULE))

#: The March 2026 text: accounts activated after 31 March start switched on.
TIMELY_2026_03: Final = Rulebook(
    name="timely-2026-03", starts_enabled_after=date(2026, 3, 31), rules=EVERY_RULE
)

#: The April 2026 text: accounts activated after 29 April start switched on; all else is the same.
TIMELY_2026_04: Final = Rulebook(
    name="timely-2026-04", starts_enabled_after=date(2026, 4, 29), rules=EVERY_RULE
)

#: Online, for whoever has no "not yet": the rules of April without the limits
#: several_active_packages and mixed_booking (T10, T17), and without an automatic start.
ONLINE: Final = Rulebook(
    name="online",
    starts_enabled_after=None,
    rules=(rule for rule in EVERY_RULE if rule not in {several_active_packages, mixed_booking}),
)

#: In store (D34): whose the package is, when it was sold, its validity and what is left, and what
#: the package itself asks but for notice (D48); nothing that the article forbids online only.
IN_STORE: Final = Rulebook(
    name="in-store",
    starts_enabled_after=None,
    rules=(
        package_of_another_client,
        package_not_sold_yet,
        package_not_started,
        package_over,
        package_over_by_then,
        package_used_up,
        package_void,
        package_suspended,
        package_booking_over,
        package_paused,
        outside_first_use_term,
        package_not_chosen,
        service_not_in_package,
        not_enough_credits,
        cost_unknown,
        credit_not_started,
        credit_over,
        trait_not_allowed,
        outside_hours,
        blacked_out,
        quota_reached,
        nothing_to_pay,
        no_package,
        no_card_on_file,
    ),
)

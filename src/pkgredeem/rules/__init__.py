"""The rulebooks, and every rule by its name.

`article` is THE RULEBOOK, to be read beside the article; `acts` holds the rules of acts on a
redemption, which are in no rulebook (D11).
"""

from datetime import date
from typing import Final

from pkgredeem.rules import acts, article
from pkgredeem.rules._rulebook import Rulebook
from pkgredeem.rules.article import (
    EVERY_RULE,
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
    "client_login_disabled",
    "client_not_logged_in",
    "legacy_package",
    "mixed_booking",
    "no_card_on_file",
    "no_package",
    "not_enough_credits",
    "nothing_to_pay",
    "online_redemption_off",
    "package_archived",
    "package_not_sold_yet",
    "package_not_started",
    "package_of_another_client",
    "package_over",
    "package_over_by_then",
    "package_used_up",
    "service_not_in_package",
    "several_active_packages",
]

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

#: In store (D34): whose the package is, when it was sold, its validity and what is left; nothing
#: that the article forbids online only.
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
        service_not_in_package,
        not_enough_credits,
        nothing_to_pay,
        no_package,
        no_card_on_file,
    ),
)

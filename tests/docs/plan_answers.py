"""The answers to the example cases of plans (D40 to D68), worked out by hand."""

from collections.abc import Mapping
from typing import Final

from tests.helpers.example_answers import (
    DEFAULT,
    DESK,
    MIXED_ALLOWED,
    ONLINE_TOO,
    Answer,
    eligible,
    refused,
)

#: Of each case under each rulebook, as of `EXPECTED` of the other cases.
PLANS: Final[Mapping[tuple[str, str], Answer]] = {
    # What a visit costs.
    ("ten-hours-of-training", DEFAULT): eligible((0, "training-emma", "main")),
    ("ninth-session-of-ten-hours", DEFAULT): refused("package_used_up"),
    ("ninety-minutes-with-75-left", DEFAULT): refused("not_enough_credits"),
    ("session-that-tells-no-minutes", DEFAULT): refused("cost_unknown"),
    ("advanced-class-takes-two", DEFAULT): eligible(
        (0, "classes-noah", "main"), (1, "classes-noah", "main")
    ),
    ("advanced-class-with-one-credit-left", DEFAULT): refused("not_enough_credits"),
    # Where, when and with what notice.
    ("one-of-two-places", DEFAULT): eligible((0, "visits-ruby", "main")),
    ("another-place", DEFAULT): refused("trait_not_allowed"),
    ("no-place-told", DEFAULT): refused("trait_not_allowed"),
    ("off-peak-before-five", DEFAULT): eligible((0, "spa-isla", "main")),
    ("off-peak-at-five", DEFAULT): refused("outside_hours"),
    ("off-peak-on-friday", DEFAULT): refused("outside_hours"),
    ("off-peak-on-christmas-eve", DEFAULT): refused("blacked_out"),
    ("fifteen-days-ahead", DEFAULT): refused("booked_too_early"),
    ("at-short-notice", DEFAULT): refused("booked_too_late"),
    ("laser-with-another-practitioner", DEFAULT): refused("trait_not_allowed"),
    ("not-online-but-in-store", DEFAULT): eligible((0, "shaves-jack", "main")),
    ("not-online", DEFAULT): refused("trait_not_allowed"),
    # When it is valid, and whose it is.
    ("booked-in-a-pause-for-after-it", DEFAULT): eligible((0, "unlimited-ava", "main")),
    ("appointment-in-a-pause", DEFAULT): refused("package_paused"),
    ("package-on-hold", DEFAULT): refused("package_suspended"),
    ("package-withdrawn", DEFAULT): refused("package_void"),
    ("first-class-starts-the-term", DEFAULT): eligible((0, "intro-zoe", "main")),
    ("last-day-of-two-weeks", DEFAULT): eligible((0, "intro-zoe", "main")),
    ("day-after-two-weeks", DEFAULT): refused("outside_first_use_term"),
    ("earlier-first-class", DEFAULT): eligible((0, "intro-zoe", "main")),
    ("earlier-first-class-would-drop-one", DEFAULT): refused("outside_first_use_term"),
    ("booked-on-the-last-day", DEFAULT): eligible((0, "facials-ella", "main")),
    ("booked-a-second-too-late", DEFAULT): refused("package_booking_over"),
    ("june-term-booked-in-may", DEFAULT): eligible((0, "june-max", "main")),
    ("june-term-booked-in-june", DEFAULT): refused("package_booking_over"),
    ("june-term-for-july", DEFAULT): refused("package_over_by_then"),
    ("carried-over-to-june", DEFAULT): eligible((0, "monthly-hana", "may")),
    ("carried-over-too-long", DEFAULT): refused("credit_over"),
    ("next-months-massage", DEFAULT): refused("credit_not_started"),
    ("shared-in-the-family", DEFAULT): eligible((0, "family-ana", "main")),
    ("not-shared-with-a-friend", DEFAULT): refused("package_of_another_client", "no_package"),
    ("client-picks-the-gift", DEFAULT): refused(
        "several_active_packages", notes=("package_not_chosen",)
    ),
    ("picked-gift-is-over", DEFAULT): refused("package_over", "package_not_chosen"),
    # How often.
    ("one-class-a-week", DEFAULT): eligible((0, "ten-mia", "core")),
    ("second-class-of-the-week", DEFAULT): refused("quota_reached"),
    ("sixth-open-gym", DEFAULT): refused("not_enough_credits"),
    ("eighth-class-of-the-month", DEFAULT): eligible((0, "eight-leo", "core")),
    ("fourth-open-gym-of-the-month", DEFAULT): refused("quota_reached"),
    ("ninth-class-of-the-month", DEFAULT): refused("quota_reached"),
    ("two-classes-with-one-place-left", DEFAULT): refused("quota_reached", "mixed_booking"),
    ("eleventh-upcoming-class", DEFAULT): eligible((0, "unlimited-ava", "main")),
    ("twelfth-upcoming-class", DEFAULT): refused("quota_reached"),
    ("fourth-visit-of-the-month", DEFAULT): refused("quota_reached"),
    ("second-visit-on-saturday", DEFAULT): eligible((0, "twice-lily", "may")),
    ("sunday-after-two-visits", DEFAULT): eligible((0, "twice-lily", "may")),
    ("third-visit-of-the-week", DEFAULT): refused("quota_reached"),
    ("third-visit-across-the-month-end", DEFAULT): refused("quota_reached"),
    ("member-and-one-guest", DEFAULT): eligible(
        (0, "member-kai", "member"), (1, "member-kai", "guest")
    ),
    ("member-and-two-guests", DEFAULT): refused("quota_reached", "mixed_booking"),
    ("fifth-of-five-paid-for", DEFAULT): eligible((0, "peels-sara", "main")),
    ("sixth-of-five-paid-for", DEFAULT): refused("quota_reached"),
    ("laser-28-days-later", DEFAULT): eligible((0, "laser-yuna", "main")),
    ("laser-27-days-later", DEFAULT): refused("quota_reached"),
    # Whose terms.
    ("unlimited-with-terms-of-its-own", DEFAULT): eligible(
        (0, "all-omar", "main"), free_until="2026-05-06T06:00:00-04:00"
    ),
    # The same under other rules.
    ("fifteen-days-ahead", DESK): eligible((0, "spa-isla", "main")),
    ("at-short-notice", DESK): eligible((0, "spa-isla", "main")),
    ("package-withdrawn", DESK): refused("package_void"),
    ("another-place", DESK): refused("trait_not_allowed"),
    ("two-classes-with-one-place-left", MIXED_ALLOWED): eligible(
        (0, "eight-leo", "core"), notes=("quota_reached",)
    ),
    ("client-picks-the-gift", ONLINE_TOO): eligible(
        (0, "gift-nina", "main"), notes=("package_not_chosen",)
    ),
}

"""The laws, in the order in which a broken one is reported: what explains most comes first."""

from typing import Final

from pkgredeem.testing.laws import _bookings as bookings
from pkgredeem.testing.laws import _boundaries as boundaries
from pkgredeem.testing.laws import _decisions as decisions
from pkgredeem.testing.laws import _plans as plans
from pkgredeem.testing.laws import _redemptions as redemptions
from pkgredeem.testing.laws import _renaming as renaming
from pkgredeem.testing.laws import _time as time
from pkgredeem.testing.laws._law import Law

#: Every law that `check_laws` knows.
LAWS: Final[tuple[Law, ...]] = (
    decisions.only_reads,
    decisions.every_case,
    decisions.same_input,
    renaming.asked_before,
    decisions.order_of_packages,
    renaming.order_of_sets,
    decisions.packages_of_others,
    decisions.draws_within_reason,
    decisions.every_line_covered,
    decisions.spent_packages,
    time.same_instants,
    time.same_local_times,
    time.shifted_alike,
    boundaries.boundaries,
    plans.silent,
    plans.asks_for_nothing,
    plans.shared,
    decisions.lifting_a_rule,
    decisions.reasons_refuse,
    decisions.refusals,
    decisions.best_allocation,
    plans.one_more,
    decisions.client_text_before_login,
    decisions.client_text,
    decisions.kept_equal,
    bookings.asked_again,
    bookings.moved,
    bookings.as_told,
    bookings.quoted,
    bookings.menu,
    renaming.same_by_other_ids,
    redemptions.conserved,
    redemptions.returned_whole,
    redemptions.done_twice,
)

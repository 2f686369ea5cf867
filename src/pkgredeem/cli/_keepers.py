"""Which test keeps what no single rule or function can: each clause or decision by its id.

Some clauses say what the library may never do, or how all of it behaves. Those are kept by design
tests. A test fails when one of them is not there, or when a clause is kept by nothing at all.
"""

from collections.abc import Mapping
from typing import Final

#: The id of a clause or decision, and the test that keeps it, as pytest names it.
KEEPERS: Final[Mapping[str, str]] = {
    "T06": "tests/test_design.py::test_no_choice_exists_package_by_package",
    "T11": "tests/test_design.py::test_no_operation_sells_a_package",
    "T15": "tests/test_design.py::test_menu_and_add_on_decide_alike",
    "T16": "tests/test_design.py::test_booking_takes_the_credits",
    "T21": "tests/test_design.py::test_booking_puts_no_card_on_file",
    "T25": "tests/test_design.py::test_what_a_client_is_told_holds_no_detail",
    "D11": "tests/test_design.py::test_an_act_asks_for_nothing_that_may_have_changed",
    "D13": "tests/test_design.py::test_a_credit_returns_to_where_it_came_from",
    "D14": "tests/test_design.py::test_a_refusal_lets_nothing_go",
    "D15": "tests/test_design.py::test_the_core_reads_no_clock_and_reaches_nowhere",
    "D20": "tests/test_keepers.py::test_the_credit_of_the_highest_rank_is_drawn",
    "D22": "tests/test_keepers.py::test_all_reasons_come_in_one_order",
    "D23": "tests/test_keepers.py::test_lifting_a_rule_refuses_no_more",
    "D24": "tests/test_design.py::test_what_a_client_is_told_holds_no_detail",
    "D25": "tests/test_keepers.py::test_a_package_beside_a_good_one_is_only_noted",
    "D26": "tests/test_documents_times.py::test_the_last_day_counts_whole",
    "D27": "tests/test_values.py::test_a_package_is_handed_in_once",
    "D29": "tests/test_design.py::test_no_value_knows_a_fee",
    "D30": "tests/test_design.py::test_a_part_of_a_booking_is_cancelled_by_itself",
    "D34": "tests/test_rules.py::test_the_desk_books_what_is_refused_online_only",
    "D35": "tests/test_design.py::test_the_desk_gives_up_after_its_attempts",
    "D36": "tests/test_design.py::test_every_act_keeps_who_and_why",
    "D37": "tests/test_keepers.py::test_an_act_comes_twice_and_changes_nothing_more",
    "D38": "tests/test_design.py::test_what_nobody_completes_stays_reserved",
    "D39": "tests/test_design.py::test_no_value_names_its_account",
}

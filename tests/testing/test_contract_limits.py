"""What a contract leaves out where tables can't hold it, and that it is said."""

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from unittest import SkipTest

import pytest

from pkgredeem import Booking, InvalidValueError, Movement, Package, PackageStatus
from pkgredeem.testing import Limit, StoreContract
from pkgredeem.testing.contract import _summary as summary
from pkgredeem.testing.contract._expectations import (
    TWO,
    booking,
    committed,
    facials,
    proposed,
)
from tests.helpers.contract_support import broken, contract_of, names_of
from tests.helpers.plain_store import PlainStore

pytest_plugins = ["pytester"]


def limited(*declared: Limit, kind: type[Any] = PlainStore) -> StoreContract:
    """Return the contract of stores with these limits."""

    class Contract(type(contract_of(kind))):  # type: ignore[misc]
        """The contract of a store in memory."""

        limits = declared

    made: StoreContract = Contract()
    return made


def skipped(test: StoreContract) -> dict[str, str]:
    """Return which invariants are skipped, and why; the others have to hold."""
    found: dict[str, str] = {}
    for name in names_of(StoreContract):
        try:
            assert None is broken(test, name)
        except SkipTest as told:
            found[name] = str(told)
    return found


def test_a_store_of_no_plans_skips_what_is_about_them_alone() -> None:
    """What is about uses, versions and unlimited credits is skipped then, with the reason."""
    found = skipped(limited(Limit.NO_PLANS))

    assert [
        "test_a_return_needs_no_version",
        "test_many_threads_keep_a_quota",
        "test_unlimited_credits_stay_unlimited",
        "test_uses_and_version_are_of_one_moment",
        "test_versions_are_judged_as_they_were_before_the_call",
        "test_what_is_decided_on_another_version_is_refused",
    ] == list(found)
    (reason,) = set(found.values())
    assert (
        "not tried: no_plans: no uses and versions (D57, D66), no unlimited credits (D42), and no "
        "quotas or other facts of plans (D40)"
    ) == reason


def test_all_limits_at_once_leave_most_of_it() -> None:
    """A limit that is declared although the store holds the thing does no harm.

    Where all are declared, 29 of the 40 invariants are still tried.
    """
    found = skipped(limited(*Limit))

    assert [
        "test_a_return_needs_no_version",
        "test_a_shared_package_has_one_balance",
        "test_ids_of_entitlements_differ_in_every_character",
        "test_ids_of_sharers_differ_in_every_character",
        "test_many_threads_keep_a_quota",
        "test_texts_are_kept_whole",
        "test_unlimited_credits_stay_unlimited",
        "test_uses_and_version_are_of_one_moment",
        "test_versions_are_judged_as_they_were_before_the_call",
        "test_what_is_decided_on_another_version_is_refused",
        "test_what_is_over_is_asked_of_the_instant_given",
    ] == list(found)


def test_a_loop_leaves_out_what_can_not_be_held_alone() -> None:
    """Inside of a test only the facts that can't be held are left out, and written down."""
    test = limited(Limit.NO_LEGACY, Limit.NO_NAMES)
    test.setup_method()
    test.test_every_fact_of_a_package_is_kept()

    assert [
        ("no_names: no names of packages (D72)", "a name"),
        ("no_legacy: no legacy packages (T04)", "the kind legacy"),
    ] == test.left_out_by_limits


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        (["no_legacy", "no_fun"], "limits must be limits, of .*no_archived, .*, not 'no_fun'"),
        (["no_legacy", 7], "limits must be limits, of .*, not 7"),
        ("no_legacy", "limits must be a list of limits, of .*, not 'no_legacy'"),
        (None, "limits must be a list of limits, of .*, not None"),
    ],
)
def test_an_unknown_limit_is_told_at_once(declared: Any, told: str) -> None:  # noqa: ANN401 - whatever a caller may give
    """A limit that there is not is told when the class is made, with those there are."""
    with pytest.raises(InvalidValueError, match=told):
        type("Contract", (StoreContract,), {"limits": declared})


def test_the_words_of_limits_are_limits_too() -> None:
    """A limit may be given by its word."""

    class Contract(StoreContract):
        """The contract of nothing."""

        limits = ("no_plans",)

    assert frozenset({Limit.NO_PLANS}) == Contract._limits


OWN = """
from pkgredeem.testing import Limit, MemoryStore, StoreContract

class TestMine(StoreContract):
    limits = [Limit.NO_PLANS, Limit.NO_LEGACY]

    def store_with(self, *packages):
        store = MemoryStore()
        for package in packages:
            store.add(package)
        return store

    def movements(self, store):
        return store.movements()

class TestAll(TestMine):
    limits = []

class TestWithoutLimits:
    def test_nothing(self, record_property):
        record_property("of", "its own")
"""
_FIRST_OF_PLANS = "the status suspended, the status void, an end of booking"
KEYWORDS = (
    "every_fact_of_a_package or every_move or every_package or unlimited or quota or nothing "
    "or whoever"
)


def test_pytest_lists_what_was_not_tried(pytester: pytest.Pytester) -> None:
    """At the end of a run each class has a list: the limit, and what was done without."""
    pytester.makepyfile(test_mine=OWN)
    result = pytester.runpytest_inprocess("-k", KEYWORDS)

    result.assert_outcomes(passed=13, skipped=2)
    lines = result.stdout.lines
    first = next(place for place, line in enumerate(lines) if "what was not tried" in line)
    assert [
        "test_mine.py::TestMine",
        "  no_legacy: no legacy packages (T04)",
        "    without legacy: test_every_package_with_a_credit_comes",
        "    without the kind legacy: test_every_fact_of_a_package_is_kept",
        f"  no_plans: {Limit.NO_PLANS.reason}",
        "    not at all: test_many_threads_keep_a_quota, test_unlimited_credits_stay_unlimited",
        "    without suspended, void: test_every_package_with_a_credit_comes",
        f"    without {_FIRST_OF_PLANS} and 45 more: test_every_fact_of_a_package_is_kept",
        "    without uses and versions, a term of first use: test_every_move_is_read_back",
    ] == lines[first + 1 : first + 10]
    assert "TestAll" not in "".join(lines[first:])


def test_pytest_says_nothing_where_nothing_was_left_out(pytester: pytest.Pytester) -> None:
    """Without limits, and without contracts, the end of a run is as it was."""
    pytester.makepyfile(test_mine=OWN)
    result = pytester.runpytest_inprocess("-k", "TestAll and (every_move or package_comes)")

    result.assert_outcomes(passed=2)
    result.stdout.no_fnmatch_line("*what was not tried*")


def test_a_module_that_is_skipped_whole_is_passed_over(pytester: pytest.Pytester) -> None:
    """What `importorskip` leaves out is in the same list as skipped tests, and says nothing."""
    pytester.makepyfile(
        test_mine=OWN, test_other="import pytest\npytest.importorskip('nothing_of_that_name')"
    )
    result = pytester.runpytest_inprocess("-k", "TestMine and every_package_with")

    result.assert_outcomes(passed=1, skipped=1)
    result.stdout.fnmatch_lines(
        ["  no_legacy: *", "    without legacy: test_every_package_with_a_credit_comes"]
    )


def test_what_keeps_no_history_is_told_so(pytester: pytest.Pytester) -> None:
    """A store that gives no movements need not declare it: it is listed all the same."""
    pytester.makepyfile(test_mine=OWN.replace("def movements", "def kept_for_myself"))
    result = pytester.runpytest_inprocess("-k", "TestAll and every_move")

    result.stdout.fnmatch_lines(
        [
            "test_mine.py::TestAll",
            "  no_history: no history of movements",
            "    without movements: test_every_move_is_read_back",
        ]
    )


class _NoHistory(PlainStore):
    """A store whose history is wrong, which nobody asks for."""

    def __init__(self, packages: Sequence[Package] = ()) -> None:
        """Hold these packages."""
        super().__init__(packages)
        self.history: list[Movement] = []

    def note(self, change: object) -> None:
        """Write nothing down."""


def test_a_history_that_is_no_limit_is_not_asked_for() -> None:
    """Where a contract says that there is no history none is read, whatever a hook gives."""
    name = "test_every_move_is_read_back"

    assert broken(limited(kind=_NoHistory), name) is not None
    assert None is broken(limited(Limit.NO_HISTORY, kind=_NoHistory), name)


def test_a_loop_of_which_nothing_can_be_held_is_skipped() -> None:
    """Where the limits leave nothing to be tried the test is skipped, and no success."""
    test = limited(Limit.NO_ARCHIVED)
    test.setup_method()
    archived = replace(facials(), status=PackageStatus.ARCHIVED)
    for tried in (
        lambda: test.holdable([archived]),
        lambda: test.each({"archived": archived}, lambda package: _ignore(test.store(package))),
    ):
        with pytest.raises(SkipTest, match="not tried: no_archived"):
            tried()


def _ignore(_: object) -> None: ...


def test_no_row_is_made_for_a_booking_that_can_not_be_held() -> None:
    """What the limits leave out of a commit comes to no hook and to no store."""
    made: list[str] = []

    class Contract(type(limited(Limit.ONE_LINE))):  # type: ignore[misc]
        """The contract of a store whose tables ask for a row of each booking."""

        def booking_exists(self, store: object, booking: Booking, client_id: str) -> None:
            """Write down of which, and whose it is."""
            assert isinstance(store, PlainStore)
            made.append(f"{booking.id} of {client_id}")

    test = Contract()
    test.setup_method()
    store = test.store(facials())
    committed(store, proposed([facials()], booking("b1")))
    with pytest.raises(SkipTest, match="not tried: one_line"):
        store.commit(proposed([facials()], booking("b2", *TWO)))

    assert ["b1 of ana"] == made
    assert store.redemption("b2") is None
    assert [(Limit.ONE_LINE.told, "b2")] == test.left_out_by_limits


def test_every_limit_is_said_in_words() -> None:
    """Each limit has its word and a reason, in the order in which they are documented."""
    assert {limit.name.lower(): limit.value for limit in Limit} == {
        limit.value: limit.value for limit in Limit
    }
    assert all(limit.reason and limit.told == f"{limit}: {limit.reason}" for limit in Limit)


@pytest.mark.parametrize(
    ("skipped", "when", "found"),
    [
        (False, "call", {"no names": ("a name",), "no plans": ("a pause", "a quota")}),
        (True, "call", {"no plans": ("a quota",)}),
        (False, "teardown", {}),
    ],
)
def test_of_a_test_that_is_skipped_the_last_thing_left_out_is_why(
    *, skipped: bool, when: str, found: dict[str, tuple[str, ...]]
) -> None:
    """What it left out before says nothing; of a test that passes each thing counts, once."""
    told = [["no plans", "a pause"], ["no names", "a name"], *[["no plans", "a quota"]] * 2]
    properties = [("of", "its own"), (summary._PROPERTY, told)]
    report: Any = SimpleNamespace(user_properties=properties, when=when, skipped=skipped)

    assert found == summary._left_out_of(report)


def test_whether_a_test_failed_or_not_what_it_left_out_is_listed() -> None:
    """A test that fails did without as well; of more than three things the rest is a number."""
    lines: list[str] = []

    def report(name: str, *facts: str) -> object:
        told = [["no_plans: no plans", fact] for fact in facts]
        return SimpleNamespace(
            nodeid=f"test_mine.py::TestMine::{name}",
            user_properties=[(summary._PROPERTY, told)],
            when="call",
            skipped=False,
        )

    reporter: Any = SimpleNamespace(
        stats={
            "failed": [report("test_a", "w", "x", "y", "z")],
            "passed": [report("test_b", "x", "y", "z")],
        },
        section=lines.append,
        line=lines.append,
    )
    summary.pytest_terminal_summary(reporter)

    assert [
        "store contracts: what was not tried",
        "test_mine.py::TestMine",
        "  no_plans: no plans",
        "    without w, x, y and 1 more: test_a",
        "    without x, y, z: test_b",
    ] == lines

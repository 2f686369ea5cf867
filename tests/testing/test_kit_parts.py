"""The parts under the kit's answers: the lattice of facts, boxes, small cases, pages of text."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import reduce
from itertools import product
from math import prod
from operator import or_

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pkgredeem import (
    AccountSettings,
    Actor,
    BookingLine,
    Case,
    PackageKind,
    PickedFrom,
    RedemptionPolicy,
    Rulebook,
    Scope,
    Service,
    rules,
)
from pkgredeem.documents import read_case
from pkgredeem.testing import compare, review, table
from pkgredeem.testing.cases._minimise import as_json, shrunk, small_document, weight
from pkgredeem.testing.cases._shipped import own_rules, shipped_part
from pkgredeem.testing.cases.generator import case as generated
from pkgredeem.testing.comparison._boxes import Grid, bits
from pkgredeem.testing.comparison._facts import GROUPS, Fact, Point
from pkgredeem.testing.comparison._lattice import Lattice
from pkgredeem.testing.comparison._pages import counted, markdown_table, text_table
from tests.helpers import odd_rules
from tests.helpers.support import case, credit, package

MARCH = date(2026, 3, 31)
APRIL = date(2026, 4, 29)


def test_the_plain_point_is_a_small_case_that_is_eligible() -> None:
    """The point of zeros is accepted by each rulebook, and nothing in it could be left out."""
    plain = Lattice(MARCH).case(Point())
    assert plain is not None
    for rulebook in (rules.TIMELY_2026_03, rules.TIMELY_2026_04, rules.IN_STORE):
        assert RedemptionPolicy(rulebook).decide_case(plain).eligible
    online = RedemptionPolicy()

    assert plain == shrunk(plain, lambda each: online.decide_case(each).eligible)


@pytest.fixture(scope="module")
def found() -> set[frozenset[str]]:
    """Return which codes the March rulebook finds together, over the whole lattice."""
    policy = RedemptionPolicy()
    decisions = map(policy.decide_case, Lattice(MARCH).cases())
    return {frozenset(each.code for each in decision.findings) for decision in decisions}


@pytest.mark.parametrize("code", [each.code for each in rules.TIMELY_2026_03.rules])
def test_every_shipped_rule_finds_its_fact_somewhere_in_the_lattice(
    found: set[frozenset[str]], code: str
) -> None:
    """The lattice holds a case for each rule, and one in which the rule is silent."""
    assert {True, False} == {code in codes for codes in found}


def test_every_two_rules_of_a_scope_that_can_meet_do_meet(found: set[frozenset[str]]) -> None:
    """Order shows: two rules of one scope find their facts together, unless they exclude it."""
    apart = {
        (one.code, other.code)
        for one, other in product(rules.TIMELY_2026_03.rules, repeat=2)
        if one.scope is other.scope is not Scope.NOTE
        and one.code < other.code
        and not any({one.code, other.code} <= codes for codes in found)
    }

    assert {
        ("account_on_legacy_packages", "online_redemption_off"),  # legacy accounts have no switch
        ("mixed_booking", "no_package"),  # a credit pays, so there is a package
        ("no_package", "several_active_packages"),
        ("mixed_booking", "nothing_to_pay"),
        ("package_not_started", "package_over"),  # valid from before valid until
        ("package_not_started", "package_over_by_then"),
        ("package_over", "package_over_by_then"),
    } == apart


def test_facts_that_exclude_each_other_have_no_case() -> None:
    """A guest holds no package, no package has no facts, and none ends before it begins."""
    lattice = Lattice(MARCH)

    assert lattice.case(Point(client=2)) is None
    assert lattice.case(Point(packages=3, kind=1)) is None
    assert lattice.case(Point(since=3, until=2)) is None
    assert lattice.case(Point(start=1, until=2)) is None
    assert lattice.case(Point(client=2, packages=3)) is not None


def test_the_days_stand_on_both_sides_of_each_date() -> None:
    """Between two near dates every day is tried; far ones have their two sides alone."""
    near = Lattice(MARCH, APRIL).facts[2].days
    far = Lattice(MARCH, date(2030, 1, 1)).facts[2].days

    assert tuple(MARCH + timedelta(days=n) for n in range(31)) == near
    assert (MARCH, date(2026, 4, 1), date(2030, 1, 1), date(2030, 1, 2)) == far
    assert (date(2026, 1, 1),) == Lattice(None).facts[2].days


def test_the_calendar_ends_with_its_last_day() -> None:
    """The day after the last one is not tried, since there is none."""
    before = date(9999, 12, 30)

    assert (date.max,) == Lattice(date.max).facts[2].days
    assert (before, date.max) == Lattice(before).facts[2].days
    assert (date.min, date(1, 1, 2)) == Lattice(date.min).facts[2].days


def starting_after(day: date | None) -> RedemptionPolicy:
    """Return a policy with that date of the automatic start."""
    book = Rulebook(name=str(day), starts_enabled_after=day, rules=rules.TIMELY_2026_03.rules)
    return RedemptionPolicy(book)


def test_an_automatic_start_on_the_last_day_is_none() -> None:
    """No account is activated after the last day of the calendar: it is as without a date."""
    last, never = starting_after(date.max), starting_after(None)

    assert () == compare(last, never).differences
    assert review(last).is_clean
    assert [row.when for row in table(never).rows] == [row.when for row in table(last).rows]


def test_an_automatic_start_on_the_first_day_is_for_all_the_others() -> None:
    """Every account that was activated on a later day starts switched on."""
    first, never = starting_after(date.min), starting_after(None)
    (only,) = compare(first, never).differences

    assert (
        (
            ("packages of the account", "new"),
            ("online redemption", "never chosen"),
            ("activated", "from 0001-01-02 on"),
        ),
    ) == only.when
    assert review(first).is_clean
    assert {"-", "unknown or until 0001-01-01", "from 0001-01-02 on"} == {
        row.when[2] for row in table(first).rows
    }


DAYS = Fact("activated", ("unknown", "a", "b", "c"), (MARCH, date(2026, 4, 1), date(2026, 4, 30)))


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ([0, 1, 2, 3], "-"),
        ([0], "unknown"),
        ([1], "until 2026-03-31"),
        ([2], "from 2026-04-01 to 2026-04-29"),
        ([3], "from 2026-04-30 on"),
        ([1, 2], "until 2026-04-29"),
        ([0, 2, 3], "unknown or from 2026-04-01 on"),
        ([1, 3], "until 2026-03-31 or from 2026-04-30 on"),
        ([1, 2, 3], "any day"),
    ],
)
def test_days_are_said_as_ranges(chosen: list[int], said: str) -> None:
    """Days beside each other are one range; the first stands for all before, the last for later."""
    assert said == DAYS.said(chosen)


def test_values_are_said_in_the_shorter_way() -> None:
    """Most of the values are told by those that are not meant; a single day is no range."""
    fact = Fact("credits", ("a", "b", "c", "d"))
    days = Fact("day", ("x", "y"), (MARCH, date(2026, 4, 1)))

    assert "a or c" == fact.said([0, 2])
    assert "any but d" == fact.said([0, 1, 2])
    assert "until 2026-03-31" == days.said([0])
    assert "on 2026-04-01" == Fact("d", ("x", "y", "z"), (*days.days, date(2026, 4, 2))).said([1])


@settings(max_examples=200)
@given(st.data())
def test_boxes_hold_exactly_what_is_wanted_and_none_could_be_dropped(data: st.DataObject) -> None:
    """On small grids: all wanted points, none of the others, and each box is needed."""
    sizes = data.draw(st.lists(st.integers(1, 3), min_size=1, max_size=4))
    grid = Grid(sizes)
    count = prod(sizes)
    kinds = data.draw(st.lists(st.sampled_from("yn?"), min_size=count, max_size=count))
    wanted, free = bits([k == "y" for k in kinds]), bits([k == "?" for k in kinds])
    boxes = grid.cover(wanted, free)
    held = [grid.held(box) for box in boxes]

    def together(sets: list[int]) -> int:
        return reduce(or_, sets, 0)

    assert wanted == together(held) & ~free
    for index in range(len(held)):
        assert wanted & ~together(held[:index] + held[index + 1 :])


def test_boxes_allow_all_values_or_those_that_are_wanted() -> None:
    """A value that only exists where anything goes is not told, but "any value" stays so."""
    grid = Grid([3, 2])

    def points(*chosen: tuple[int, int]) -> int:
        return sum(1 << (first * 2 + last) for first, last in chosen)

    (partly,) = grid.cover(points((0, 0), (0, 1)), points((1, 0), (1, 1)))
    (whole,) = grid.cover(points((0, 0)), points((0, 1)))

    assert (frozenset([0]), frozenset([0, 1])) == partly
    assert (frozenset([0]), frozenset([0, 1])) == whole
    assert () == grid.cover(0, 0)
    assert 0 == bits([])


@pytest.mark.parametrize("index", range(0, 400, 4))
def test_a_small_document_reads_back_equal(index: int) -> None:
    """Whatever goes without saying is left out, and nothing else."""
    each = generated(seed=3, index=index)

    assert each == read_case(small_document(each))


def test_a_small_document_says_only_what_is_not_plain() -> None:
    """The document of a plain case has a handful of keys."""
    plain = Lattice().case(Point())
    assert plain is not None

    assert {
        "format": "pkgredeem/1",
        "now": "2026-05-04T21:00:00+00:00",
        "account": {"online_redemption": True, "client_login": "optional"},
        "client": {"id": "ana", "logged_in": True},
        "packages": [
            {
                "id": "p1",
                "client_id": "ana",
                "entitlements": [{"id": "facial", "services": ["facial"], "remaining": 1}],
            }
        ],
        "booking": {
            "id": "b1",
            "starts_at": "2026-05-11T21:00:00+00:00",
            "lines": [{"service": {"id": "facial"}}],
        },
    } == small_document(plain)
    assert as_json(plain).startswith('{\n  "format": "pkgredeem/1",\n')


def rich_case() -> Case:
    """Return a case in which everything can be left out that can be."""
    plain = case(
        packages=[
            replace(
                package("p1", credit("facial", left=3), credit("mask", left=2)),
                kind=PackageKind.LEGACY,
                sold_at=datetime(2026, 1, 1, tzinfo=UTC),
                valid_from=datetime(2026, 1, 1, tzinfo=UTC),
                valid_until=datetime(2027, 1, 1, tzinfo=UTC),
                priority=3,
            ),
            package("p2"),
        ]
    )
    lattice_case = Lattice().case(Point(exchange=1))
    assert lattice_case is not None
    line = BookingLine(
        Service(id="facial", name="Facial", deposit_required=True), picked_from=PickedFrom.ADD_ON
    )
    return replace(
        plain,
        client=replace(plain.client, has_saved_card=True),
        booking=replace(plain.booking, lines=(line, BookingLine(Service(id="mask")))),
        existing=lattice_case.existing,
        by=Actor.BUSINESS,
        note="by telephone",
    )


def test_a_case_is_shrunk_as_far_as_it_still_shows_it() -> None:
    """Everything that makes no difference is left out, piece by piece."""
    rich = rich_case()
    start = rich.booking.starts_at
    anything = shrunk(rich, lambda _: True)
    legacy = shrunk(rich, lambda each: PackageKind.LEGACY in {p.kind for p in each.packages})
    masked = shrunk(rich, lambda each: any(len(p.entitlements) > 1 for p in each.packages))

    assert AccountSettings() == anything.account
    assert () == anything.packages
    assert (anything.existing, anything.note, anything.by) == (None, "", Actor.CLIENT)
    assert (start, 1) == (anything.booking.starts_at, len(anything.booking.lines))
    assert not anything.client.has_saved_card
    assert ["p1"] == [each.id for each in legacy.packages]
    assert [1] == [held.remaining for each in legacy.packages for held in each.entitlements]
    assert [1, 1] == [held.remaining for each in masked.packages for held in each.entitlements]
    assert weight(anything) < weight(legacy)
    assert weight(masked) < weight(rich)


def test_own_rules_are_told_from_those_of_the_library() -> None:
    """A rule that was added or replaced is one's own; what it replaced is there again."""
    assert () == own_rules(rules.IN_STORE)
    assert (odd_rules.booked_on_saturday,) == own_rules(odd_rules.no_saturdays)
    assert rules.TIMELY_2026_03.rules == shipped_part(odd_rules.no_saturdays).rules
    assert (odd_rules.package_used_up,) == own_rules(odd_rules.off_by_one)
    assert rules.package_used_up in shipped_part(odd_rules.off_by_one).rules


def test_the_calendar_holds_every_hour_of_a_week() -> None:
    """A plain booking at each hour, by local time, and once in most months."""
    made = list(Lattice().calendar_cases())
    local = [each.local(each.booking.starts_at) for each in made]

    assert 7 * 24 == len({(at.isoweekday(), at.hour) for at in local})
    assert len({at.month for at in local}) == 12
    assert all(each.now < each.booking.starts_at for each in made)


def test_groups_name_facts_that_there_are() -> None:
    """Each group names fields of a point, and together they name them all."""
    assert set(Point._fields) == {name for names in GROUPS.values() for name in names}


def test_pages() -> None:
    """Tables in text and in Markdown, and numbers with their nouns."""
    rows = [["a|b", "1"], ["c", "22"]]

    assert ["name  n", "----  --", "a|b   1", "c     22"] == text_table(["name", "n"], rows)
    assert [
        "| name | n |",
        "| --- | --- |",
        "| a\\|b | 1 |",
        "| c | 22 |",
    ] == markdown_table(["name", "n"], rows)
    assert ("1 case", "0 cases") == (counted(1, "case"), counted(0, "case"))

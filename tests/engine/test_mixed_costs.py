"""Mixed costs and quotas of a package: exact for up to eight lines, refused beyond (D63, D64)."""

from collections.abc import Sequence

import pytest

from pkgredeem import InvalidValueError, Package, Period, Quota, Restrictions, rules
from pkgredeem._engine import covering
from pkgredeem._engine.exact import allocate_exactly
from tests.helpers.support import (
    LONDON,
    account,
    case,
    codes,
    credit,
    decide,
    draws,
    line,
    package,
    restricted,
    use,
)

TOO_MANY = (
    "at most 8 payable lines where costs differ, or where a quota of a package has no place for "
    "all of them"
)
WEEKLY_CLASSES = account(time_zone=LONDON)


def uncovered(costs: Sequence[int], *, left: int) -> tuple[int, ...]:
    """Return the lines that one package with so many credits leaves, by what each line costs."""
    lines = [line(costs={"credit": cost}) for cost in costs]
    sold = package("p1", credit("facial", left=left))
    return decide(case(*lines, packages=[sold]), rules.ONLINE).uncovered


@pytest.mark.parametrize(
    ("costs", "left", "expected"),
    [
        ([2, 1, 1], 2, (1, 2)),  # the first line, though the two others would be more
        ([1, 2, 1], 2, (1,)),  # the second costs too much beside the first, the third does not
        ([1, 1, 2], 2, (2,)),
        ([3, 2, 1], 5, (2,)),
        ([3, 3, 2], 5, (1,)),
        ([6, 1, 2], 5, (0,)),
        ([6, 6, 6], 5, (0, 1, 2)),
    ],
)
def test_a_later_line_never_uncovers_an_earlier_one(
    costs: list[int], left: int, expected: tuple[int, ...]
) -> None:
    """Earlier lines first, whatever they cost (D63)."""
    assert expected == uncovered(costs, left=left)


def test_the_better_credits_are_used() -> None:
    """As many of the best-ranked credits as can be, one for each line whatever it costs (D63)."""
    best = package("p1", credit("facial", left=2), priority=1)
    other = package("p2", credit("facial", left=9))
    lines = [line(costs={"credit": 2}), line(), line()]

    assert [(0, "p2", "facial"), (1, "p1", "facial"), (2, "p1", "facial")] == draws(
        decide(case(*lines, packages=[best, other]), rules.ONLINE)
    )


def test_then_each_line_in_turn_gets_the_best() -> None:
    """With alike sums of ranks the earlier line has the better one (D63)."""
    packages = [
        package("p1", credit("facial", left=3), priority=1),
        package("p2", credit("facial", left=3)),
    ]
    lines = [line(costs={"credit": 3}), line(costs={"credit": 2})]

    assert [(0, "p1", "facial"), (1, "p2", "facial")] == draws(
        decide(case(*lines, packages=packages), rules.ONLINE)
    )


def mixed(lines: int, *more: object) -> object:
    """Return a case of so many lines of which the last costs more."""
    booked = [*[line()] * (lines - 1), line(costs={"credit": 2})]
    return case(*booked, *more, packages=[package("p1", credit("facial", left=99))])  # type: ignore[arg-type]


def test_the_ninth_line_is_refused_before_any_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight lines are searched exactly; of nine the error says what must hold (D64)."""
    searched: list[int] = []

    def search(costs: list[dict[int, int]], *more: object) -> list[int | None]:
        searched.append(len(costs))
        return allocate_exactly(costs, *more)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(covering, "allocate_exactly", search)

    assert 8 == len(draws(decide(mixed(8))))  # type: ignore[arg-type]
    assert 8 == len(draws(decide(mixed(8, line(payable=False)))))  # type: ignore[arg-type]
    with pytest.raises(InvalidValueError) as raised:
        decide(mixed(9))  # type: ignore[arg-type]
    assert ("Booking.lines", "9 payable lines", TOO_MANY) == raised.value.args
    assert [8, 8] == searched


def test_equal_costs_are_matched_with_a_hundred_lines() -> None:
    """Every line costs the same of each credit, however much: no bound but that of a booking."""
    packages = [package(f"p{number:03}", credit("facial", left=6)) for number in range(40)]
    lines = [line(costs={"credit": 3})] * 100

    assert tuple(range(80, 100)) == decide(case(*lines, packages=packages), rules.ONLINE).uncovered


def test_costs_that_no_credit_asks_for_are_not_mixed() -> None:
    """Nine lines whose minutes differ are paid in credits, one each (D64)."""
    lines = [line(costs={"minute": 10 * number}) for number in range(1, 10)]
    sold = package("p1", credit("facial", left=9))

    assert 9 == len(draws(decide(case(*lines, packages=[sold]))))


def capped(most: int, *, on_package: bool) -> Package:
    """Return a package with a quota a week on it, or on its entitlement."""
    quotas = [Quota(most, Period.WEEK)]
    if on_package:
        return package("p1", credit("facial", left=99), quotas=quotas)
    return package("p1", restricted(remaining=99, quotas=quotas))


@pytest.mark.parametrize(("on_package", "refused"), [(True, True), (False, False)])
def test_a_quota_of_a_package_that_can_bind_is_searched(on_package: bool, refused: bool) -> None:
    """Nine lines and eight places: an entitlement's quota is a count like what is left (D64)."""
    asked = case(
        *["facial"] * 9, account=WEEKLY_CLASSES, packages=[capped(8, on_package=on_package)]
    )
    if not refused:
        assert (8,) == decide(asked, rules.ONLINE).uncovered
        return
    with pytest.raises(InvalidValueError) as raised:
        decide(asked, rules.ONLINE)

    assert ("Booking.lines", "9 payable lines", TOO_MANY) == raised.value.args


def test_a_quota_that_has_a_place_for_all_is_not_searched() -> None:
    """Nine lines and nine places, or nine lines of which the package may pay for eight (D64)."""
    nine = case(*["facial"] * 9, account=WEEKLY_CLASSES, packages=[capped(9, on_package=True)])
    other = package("p2", credit("mask"))
    eight = case(
        *["facial"] * 8,
        "mask",
        account=WEEKLY_CLASSES,
        packages=[capped(8, on_package=True), other],
    )

    assert [9, 9] == [len(draws(decide(asked, rules.ONLINE))) for asked in (nine, eight)]


def test_a_credit_that_may_not_pay_mixes_nothing() -> None:
    """Costs count only of credits that no rule refuses (D64)."""
    minutes = restricted(
        unit="minute", remaining=999, restrictions=Restrictions(traits={"place": ["north"]})
    )
    lines = [line(costs={"minute": 10 * number}) for number in range(1, 10)]
    packages = [package("p1", minutes), package("p2", credit("facial", left=9))]

    assert 9 == len(draws(decide(case(*lines, packages=packages), rules.ONLINE)))


def test_a_full_quota_is_told_of_mixed_costs_too() -> None:
    """One place for two lines that cost two and one: credits enough, and no place (D56)."""
    full = package("p1", credit("gym", "spa", left=3), quotas=[Quota(2, Period.EVER)], uses=[use()])
    decision = decide(case(line("gym", costs={"credit": 2}), "spa", packages=[full]))

    assert ["quota_reached", "mixed_booking"] == codes(decision)
    assert (2, 2) == tuple(dict(decision.reasons[0].facts)[name] for name in ("used", "most"))
    poor = package("p1", credit("gym", "spa", left=2), quotas=[Quota(1, Period.EVER)])
    decision = decide(case(line("gym", costs={"credit": 2}), "spa", packages=[poor]))
    assert ["not_enough_credits", "mixed_booking"] == codes(decision)


def test_with_mixed_costs_a_quota_may_be_in_the_way_without_being_full() -> None:
    """Without it both gyms would be paid by p1, and p2 would have two credits for the spa.

    With it only one could, so that the better credits pay for both, and it counts none (D56).
    """
    capped_gym = package("p1", credit("gym", left=2), quotas=[Quota(1, Period.EVER)])
    better = package("p2", credit("gym", "spa", left=2, id="main"), priority=1)
    asked = case("gym", "gym", line("spa", costs={"credit": 2}), packages=[capped_gym, better])
    decision = decide(asked, rules.ONLINE)

    assert [(0, "p2", "main"), (1, "p2", "main")] == draws(decision)
    (note,) = decision.notes
    assert ("quota_reached", "spa") == (note.code, note.subject)
    assert (0, 1) == tuple(dict(note.facts)[name] for name in ("used", "most"))

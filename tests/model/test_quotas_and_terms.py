"""Terms, days in a row, quotas and uses: one error for what is wrong with each."""

from datetime import UTC, date

import pytest

from pkgredeem import Days, DrawState, InvalidValueError, Period, Quota, Term, Use
from tests.helpers.samples import made
from tests.helpers.support import NOW

ONE_OF_TWO = "given where months are not, and left out where they are"


@pytest.mark.parametrize(
    ("fields", "place", "value", "allowed"),
    [
        ({}, "Term.days", 0, ONE_OF_TWO),
        ({"days": 1, "months": 1}, "Term.days", 1, ONE_OF_TWO),
        ({"days": -1}, "Term.days", -1, "a whole number from 0 to 36,500"),
        ({"days": 36_501}, "Term.days", 36_501, "a whole number from 0 to 36,500"),
        ({"days": True}, "Term.days", True, "a whole number from 0 to 36,500"),
        ({"months": 1_201}, "Term.months", 1_201, "a whole number from 0 to 1,200"),
        ({"months": 1.0}, "Term.months", 1.0, "a whole number from 0 to 1,200"),
    ],
)
def test_a_term_has_days_or_months(
    fields: dict[str, int], place: str, value: object, allowed: str
) -> None:
    """Exactly one of the two is given, up to a hundred years (D53)."""
    with pytest.raises(InvalidValueError) as caught:
        Term(**fields)

    assert (place, value, allowed) == (caught.value.field, caught.value.value, caught.value.allowed)


@pytest.mark.parametrize(
    ("term", "first", "last"),
    [
        (Term(days=1), date(2026, 5, 10), date(2026, 5, 11)),
        (Term(months=1), date(2024, 1, 31), date(2024, 2, 29)),
        (Term(months=12), date(2024, 2, 29), date(2025, 2, 28)),
        (Term(months=2), date(2026, 11, 30), date(2027, 1, 30)),
        (Term(days=36_500), date(9999, 12, 30), date(9999, 12, 31)),
        (Term(months=1), date(9999, 12, 1), date(9999, 12, 31)),
    ],
)
def test_the_last_day_is_the_corresponding_one(term: Term, first: date, last: date) -> None:
    """It is clamped to the month's end, and to the end of the calendar (D26)."""
    assert last == term.last_day(first)


def test_a_term_begins_on_a_date() -> None:
    """A date with a time is none, whether days or months are counted."""
    for term in (Term(days=3), Term(months=1)):
        with pytest.raises(InvalidValueError, match="a date without a time"):
            term.last_day(NOW)


@pytest.mark.parametrize("count", [1, 367, 0, -14, 14.0, "14", True])
def test_days_in_a_row_are_2_to_366(count: object) -> None:
    """One day is `Period.DAY`, and more than a year is none (D55)."""
    with pytest.raises(InvalidValueError) as caught:
        Days(count)  # type: ignore[arg-type]  # that is the test

    assert f"Days.count must be a whole number from 2 to 366, not {count!r}" == str(caught.value)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ((-1, Period.WEEK), "Quota.most must be a whole number of 0 or more, not -1"),
        ((True, Period.WEEK), "Quota.most must be a whole number of 0 or more, not True"),
        ((1, "week"), "Quota.per must be a Period or Days, not 'week'"),
        ((1, 14), "Quota.per must be a Period or Days, not 14"),
        ((1, Period.WEEK, None), "Quota.name must be a text, which may be empty, not None"),
    ],
)
def test_a_quota_is_a_number_in_a_period(fields: tuple[object, ...], message: str) -> None:
    """What is wrong is told by field, value and what must hold (D54)."""
    with pytest.raises(InvalidValueError) as caught:
        Quota(*fields)  # type: ignore[arg-type]  # that is the test

    assert message == str(caught.value)


def test_what_returned_is_no_use() -> None:
    """A use is reserved, redeemed or forfeited (D54), and its start is stored in UTC."""
    with pytest.raises(InvalidValueError) as caught:
        made(Use, state=DrawState.RETURNED)
    use = made(Use, starts_at=NOW.astimezone())

    allowed = "a state other than returned"
    assert ("Use.state", DrawState.RETURNED, allowed) == caught.value.args
    assert isinstance(use, Use)
    assert UTC is use.starts_at.tzinfo

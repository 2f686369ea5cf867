"""What a plan is made of: one form for each value, one error for what is wrong with it."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from pkgredeem import (
    Act,
    Actor,
    CancellationTerms,
    CreditOutcome,
    Draw,
    Ending,
    Hours,
    InvalidValueError,
    Pause,
    Restrictions,
)
from tests.helpers.samples import made
from tests.helpers.support import DAY, HOUR, INSTANT, NOW, START, booking, case, package

FORFEIT, RETURN = CreditOutcome.FORFEIT, CreditOutcome.RETURN
NINE, FIVE = time(9), time(17)


def refusal(kind: type, **fields: object) -> tuple[str, object, str]:
    """Return what the error says of a value made of these fields: field, value and bound."""
    with pytest.raises(InvalidValueError) as caught:
        kind(**fields)
    return caught.value.field, caught.value.value, caught.value.allowed


def test_weekdays_are_stored_sorted_and_once() -> None:
    """Any iterable of ISO weekdays is taken, Monday 1 to Sunday 7 (D46)."""
    assert (1, 7) == Hours(days=iter([7, 1, 7]), opens=NINE).days
    assert Hours(days={3}, opens=NINE) == Hours(days=[3], opens=NINE, closes=None)


@pytest.mark.parametrize("wrong", [0, 8, -1, True, 1.0, "1", None])
def test_a_weekday_is_one_of_seven(wrong: object) -> None:
    """Nothing before Monday and nothing after Sunday; a bool and a text are no number."""
    allowed = "a weekday from 1 (Monday) to 7 (Sunday)"

    assert ("Hours.days[1]", wrong, allowed) == refusal(Hours, days=[1, wrong], opens=NINE)


@pytest.mark.parametrize("opens", [FIVE, time(17, 0, 0, 1)])
def test_hours_open_before_they_close(opens: time) -> None:
    """Opening when they close is refused; a microsecond is enough (D46)."""
    assert ("Hours.opens", opens, "a time before 17:00:00") == refusal(
        Hours, days=[1], opens=opens, closes=FIVE
    )
    assert FIVE == Hours(days=[1], opens=time(16, 59, 59, 999999), closes=FIVE).closes


def test_hours_need_an_opening_and_no_end() -> None:
    """None closes at midnight; nothing opens at None."""
    assert ("Hours.opens", None, "a time without a time zone") == refusal(
        Hours, days=[1], opens=None
    )
    assert Hours(days=[1], opens=time(0)).closes is None


@pytest.mark.parametrize(
    ("local", "inside"),
    [
        ((2026, 5, 4, 8, 59, 59, 999999), False),
        ((2026, 5, 4, 9), True),
        ((2026, 5, 4, 16, 59, 59, 999999), True),
        ((2026, 5, 4, 17), False),
        ((2026, 5, 5, 9), False),
    ],
)
def test_hours_hold_their_opening_and_not_their_close(local: tuple[int, ...], inside: bool) -> None:
    """On a Monday from nine, inclusive, to five, exclusive; never on the Tuesday (D46)."""
    hours: Any = Hours(days=[1], opens=NINE, closes=FIVE)

    assert inside is hours.includes(datetime(*local))  # type: ignore[arg-type]  # noqa: DTZ001 - local


def test_hours_without_a_close_last_until_midnight() -> None:
    """The last microsecond of the Monday is inside, the first of the Tuesday is not (D46)."""
    hours = Hours(days=[1], opens=time(22))

    assert hours.includes(datetime(2026, 5, 4, 23, 59, 59, 999999))  # noqa: DTZ001 - local
    assert not hours.includes(datetime(2026, 5, 5))  # noqa: DTZ001 - local


def test_restrictions_are_stored_in_one_form() -> None:
    """Names, allowed texts and days sorted, each once, whatever they were given as (D45, D47)."""
    given = Restrictions(
        traits={"staff": ["kim"], "place": ["south", "north", "south"]},
        not_on=iter([date(2026, 12, 25), date(2026, 12, 24), date(2026, 12, 25)]),
    )

    assert (("place", ("north", "south")), ("staff", ("kim",))) == given.traits
    assert (date(2026, 12, 24), date(2026, 12, 25)) == given.not_on
    assert given == Restrictions(
        traits=[("place", {"north", "south"}), ("staff", iter(["kim"]))], not_on=given.not_on
    )


NAMES_AND_LISTS = "a mapping of names and lists of texts"


@pytest.mark.parametrize(
    ("traits", "place", "value", "allowed"),
    [
        ({"place": []}, "Restrictions.traits['place']", (), "one or more texts"),
        ({"place": [""]}, "Restrictions.traits['place'][0]", "", "a text that is not empty"),
        ({"": ["north"]}, "a name in Restrictions.traits", "", "a text that is not empty"),
        ({7: ["north"]}, "a name in Restrictions.traits", 7, "a text that is not empty"),
        (["place"], "Restrictions.traits", "place", NAMES_AND_LISTS),
        ([("place",)], "Restrictions.traits", ("place",), NAMES_AND_LISTS),
        (
            [("place", ["north"]), ("place", ["south"])],
            "Restrictions.traits",
            "place",
            "listed only once",
        ),
        (
            {"place": "north"},
            "Restrictions.traits['place']",
            "north",
            "an iterable of texts other than a text",
        ),
        (
            "place",
            "Restrictions.traits",
            "place",
            "an iterable of names and lists of texts, such as a mapping other than a text",
        ),
    ],
)
def test_allowed_traits_are_lists_of_texts_by_name(
    traits: object, place: str, value: object, allowed: str
) -> None:
    """A name without an allowed text could never be met, so it is refused (D45)."""
    assert (place, value, allowed) == refusal(Restrictions, traits=traits)


NAMES_AND_TEXTS = "a mapping of names and texts"


@pytest.mark.parametrize("kind", ["Client", "BookingLine", "Booking", "Package"])
@pytest.mark.parametrize(
    ("traits", "place", "value", "allowed"),
    [
        ({"place": ""}, "{kind}.traits['place']", "", "a text that is not empty"),
        ({"place": ["north"]}, "{kind}.traits['place']", ["north"], "a text that is not empty"),
        ({"": "north"}, "a name in {kind}.traits", "", "a text that is not empty"),
        ([["place", "north"]], "{kind}.traits", ["place", "north"], NAMES_AND_TEXTS),
        ([("place", "a"), ("place", "a")], "{kind}.traits", "place", "listed only once"),
        (
            None,
            "{kind}.traits",
            None,
            "an iterable of names and texts, such as a mapping other than a text",
        ),
    ],
)
def test_what_is_told_are_texts_by_name(
    kind: str, traits: object, place: str, value: object, allowed: str
) -> None:
    """A client, a line, a booking and a package tell one text for each name (D45)."""
    classes = {found.__name__: found for found in (type(part) for part in _tellers())}
    with pytest.raises(InvalidValueError) as caught:
        made(classes[kind], traits=traits)

    assert (place.format(kind=kind), value, allowed) == caught.value.args


def _tellers() -> list[object]:
    asked = case()
    return [asked.client, asked.booking.lines[0], asked.booking, asked.packages[0]]


def test_what_is_told_is_stored_sorted_by_name() -> None:
    """A mapping and pairs in any order are one value, and each name is looked up."""
    told = booking(traits={"staff": "kim", "place": "north"})

    assert (("place", "north"), ("staff", "kim")) == told.traits
    assert ("north", "kim", None) == tuple(map(told.trait, ("place", "staff", "Place")))


@pytest.mark.parametrize("wrong", [START, "2026-12-24", None, 20261224])
def test_closed_days_are_dates(wrong: object) -> None:
    """An instant is no day: whose day it would be is not said (D47)."""
    assert ("Restrictions.not_on[0]", wrong, "a date without a time") == refusal(
        Restrictions, not_on=[wrong]
    )


def test_the_shortest_notice_is_no_longer_than_the_longest() -> None:
    """Both the same is exactly one moment, and that is allowed (D48)."""
    both = Restrictions(min_notice=DAY, max_notice=DAY)

    assert both.min_notice == both.max_notice
    assert (
        "Restrictions.min_notice",
        DAY + INSTANT,
        "at most max_notice, 1 day, 0:00:00",
    ) == refusal(Restrictions, min_notice=DAY + INSTANT, max_notice=DAY)


def test_a_notice_is_none_at_all_up_to_ten_years() -> None:
    """Both ends are allowed (D48)."""
    longest = timedelta(days=3_660)

    assert timedelta(0) == Restrictions(min_notice=timedelta(0)).min_notice
    assert longest == Restrictions(min_notice=longest, max_notice=longest).max_notice


@pytest.mark.parametrize("ends_at", [NOW, NOW - INSTANT])
def test_a_pause_begins_before_it_ends(ends_at: datetime) -> None:
    """An empty pause is refused, one of an instant is not (D51)."""
    with pytest.raises(InvalidValueError) as caught:
        Pause(NOW, ends_at)

    assert ("Pause.starts_at", NOW, f"an instant before {ends_at}") == caught.value.args
    assert Pause(NOW, NOW + INSTANT).includes(NOW)


@pytest.mark.parametrize(
    ("at", "inside"),
    [(NOW - INSTANT, False), (NOW, True), (START - INSTANT, True), (START, False)],
)
def test_a_pause_holds_its_beginning_and_not_its_end(at: datetime, inside: bool) -> None:
    """So does one without an end, which holds everything after its beginning (D51)."""
    assert inside is Pause(NOW, START).includes(at)
    assert (at >= NOW) is Pause(NOW).includes(at)


def test_a_pause_is_stored_in_utc() -> None:
    """Two pauses of the same instants are one value (D15)."""
    assert UTC is Pause(NOW.astimezone(), START).starts_at.tzinfo
    assert Pause(NOW.astimezone(), START.astimezone()) == Pause(NOW, START)


def test_of_pauses_that_overlap_the_first_is_told() -> None:
    """The one that begins first; of two that begin together the one that ends first (D51)."""
    first, second, third = Pause(NOW, START), Pause(NOW, START + DAY), Pause(NOW + HOUR)
    found = package(pauses=[third, second, first])

    assert (first, second, third, None) == tuple(
        map(found.pause_at, (START - INSTANT, START, START + DAY, NOW - INSTANT))
    )


def test_who_a_package_is_shared_with_is_stored_sorted_and_once() -> None:
    """Any iterable of ids is taken, none at all too (D59)."""
    assert ("ben", "cleo") == package(shared_with=iter(["cleo", "ben", "cleo"])).shared_with
    assert () == package(shared_with=set()).shared_with


@pytest.mark.parametrize(
    ("only", "place", "value", "allowed"),
    [
        ([], "Case.only", (), "one or more texts"),
        ("p1", "Case.only", "p1", "an iterable of texts other than a text"),
        ([""], "Case.only[0]", "", "a text that is not empty"),
        ([1], "Case.only[0]", 1, "a text that is not empty (ids are texts: str(1))"),
    ],
)
def test_a_pick_names_packages(only: object, place: str, value: object, allowed: str) -> None:
    """To pick none is not to redeem, and is refused; the ids are texts (D68)."""
    with pytest.raises(InvalidValueError) as caught:
        case(only=only)

    assert (place, value, allowed) == caught.value.args
    assert frozenset({"p1", "p2"}) == case(only=["p2", "p1", "p2"]).only


def test_an_act_in_time_fell_inside_no_window() -> None:
    """The window is kept of late acts alone (D61)."""
    fields: dict[str, Any] = {"act": Act.CANCEL, "at": NOW, "by": Actor.CLIENT}

    assert ("Ending.window", HOUR, "None for an act in time") == refusal(
        Ending, **fields, late=False, window=HOUR
    )
    assert HOUR == Ending(**fields, late=True, window=HOUR).window
    assert Ending(**fields, late=True).window is None


@pytest.mark.parametrize(
    ("terms", "free_until"),
    [(CancellationTerms(window=HOUR, late=FORFEIT), None), (None, START - HOUR)],
)
def test_terms_of_a_draw_come_with_their_free_until(
    terms: CancellationTerms | None, free_until: datetime | None
) -> None:
    """One without the other would leave open until when it is free (D60)."""
    assert (
        "Draw.free_until",
        free_until,
        "an instant with terms and None without",
    ) == refusal(
        Draw,
        line=0,
        package_id="p1",
        entitlement_id="main",
        service_id="facial",
        terms=terms,
        free_until=free_until,
    )

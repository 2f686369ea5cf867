"""Windows and instants across clock changes: elapsed time counts, never the hands of the clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pkgredeem import Actor, Audience, CreditOutcome, InvalidValueError, RedemptionPolicy
from tests.helpers.support import (
    AUCKLAND,
    DAY,
    FORFEIT_INSIDE_A_DAY,
    HOUR,
    INSTANT,
    LONDON,
    account,
    case,
    decide,
    package,
    redemption,
)

POLICY = RedemptionPolicy()


def at(zone: ZoneInfo, *local: int, fold: int = 0) -> datetime:
    """Return the instant of that local time."""
    return datetime(*local, tzinfo=zone, fold=fold)  # type: ignore[arg-type, misc]  # year to minute


#: The start of an appointment, and 24 hours of elapsed time before it, by the local clock.
NIGHTS = {
    # The clock goes forward at 2:00 on Sunday 27 September: Saturday 9:00 is a day before 10:00.
    "forward in Auckland": (AUCKLAND, (2026, 9, 27, 10), (2026, 9, 26, 9)),
    # It goes back at 3:00 on Sunday 5 April: Saturday 11:00 is a day before 10:00.
    "back in Auckland": (AUCKLAND, (2026, 4, 5, 10), (2026, 4, 4, 11)),
    # Forward at 1:00 on Sunday 29 March, back at 2:00 on Sunday 25 October.
    "forward in London": (LONDON, (2026, 3, 29, 10), (2026, 3, 28, 9)),
    "back in London": (LONDON, (2026, 10, 25, 10), (2026, 10, 24, 11)),
    "an ordinary night": (LONDON, (2026, 10, 27, 10), (2026, 10, 26, 10)),
}


@pytest.mark.parametrize("night", NIGHTS)
@pytest.mark.parametrize(
    ("off", "outcome"),
    [
        (-INSTANT, CreditOutcome.RETURN),
        (timedelta(0), CreditOutcome.RETURN),
        (INSTANT, CreditOutcome.FORFEIT),
    ],
)
def test_a_day_is_twenty_four_hours(night: str, off: timedelta, outcome: CreditOutcome) -> None:
    """Across the start and the end of daylight saving the window is elapsed time (D09, D15)."""
    zone, start, cut_off = NIGHTS[night]
    start_at, free_until = at(zone, *start), at(zone, *cut_off)
    found = redemption(starts_at=start_at, booked_at=start_at - 9 * DAY, zone=zone)

    assert free_until == found.free_until
    # What is said in local time is turned into UTC before anything is added to it.
    now = (free_until.astimezone(UTC) + off).astimezone(zone)
    assert outcome == POLICY.cancel(found, by=Actor.CLIENT, now=now).outcome


@pytest.mark.parametrize("night", NIGHTS)
def test_the_schedule_is_told_by_the_local_clock(night: str) -> None:
    """Staff read the hour that the clock on their wall shows at the cut-off."""
    zone, start, cut_off = NIGHTS[night]
    terms = account(cancellation=FORFEIT_INSIDE_A_DAY, time_zone=zone)
    start_at = at(zone, *start)
    decision = decide(case(account=terms, starts_at=start_at, now=start_at - 9 * DAY))

    assert f" {cut_off[2]} " in decision.explain(Audience.STAFF)
    assert f"{cut_off[3]:02}:00, then the credit is forfeited" in decision.explain(Audience.STAFF)


@pytest.mark.parametrize(
    ("zone", "local"),
    [(AUCKLAND, (2026, 4, 5, 2, 30)), (LONDON, (2026, 10, 25, 1, 30))],
    ids=["Auckland", "London"],
)
def test_both_hours_of_a_night_are_kept_apart(zone: ZoneInfo, local: tuple[int, ...]) -> None:
    """The first half past and the second one are an hour apart, as starts and as presents (D15)."""
    first, second = at(zone, *local), at(zone, *local, fold=1)

    # By the local clock they compare as equal; as instants the first is before the second.
    assert ["appointment_started"] == [
        each.code for each in decide(case(starts_at=first, now=second)).reasons
    ]
    assert decide(case(starts_at=second, now=first)).eligible
    assert not decide(case(starts_at=first, now=first)).eligible
    over = package(valid_from=first, valid_until=second)
    assert [True, False] == [
        decide(case(starts_at=start, now=first - DAY, packages=[over])).eligible
        for start in (first, second)
    ]


def test_a_cut_off_in_the_repeated_hour_is_told_with_its_offset() -> None:
    """Where the clock shows a time twice, the text says which of the two is meant."""
    for fold, offset in ((0, "+0100"), (1, "+0000")):
        start_at = at(LONDON, 2026, 10, 25, 1, 30, fold=fold).astimezone(UTC) + DAY
        asked = case(
            account=account(cancellation=FORFEIT_INSIDE_A_DAY, time_zone=LONDON),
            starts_at=start_at,
            now=start_at - 9 * DAY,
        )
        text = decide(asked).explain(Audience.STAFF)
        assert f"free until Sun 25 Oct 01:30 {offset}, then the credit is forfeited" in text


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("Africa/Cairo", (2026, 4, 23, 23, 59), (2026, 4, 24, 1, 0)),
        ("Asia/Beirut", (2026, 3, 28, 23, 59), (2026, 3, 29, 1, 0)),
        ("America/Santiago", (2026, 9, 5, 23, 59), (2026, 9, 6, 1, 0)),
    ],
)
def test_a_local_midnight_may_not_exist(
    name: str, before: tuple[int, ...], after: tuple[int, ...]
) -> None:
    """A minute after one minute to midnight the clock shows one in the morning, of the next day."""
    zone = ZoneInfo(name)
    asked = case(account=account(time_zone=zone))
    last_minute = at(zone, *before).astimezone(UTC)

    assert before == asked.local(last_minute).timetuple()[:5]
    assert after == asked.local(last_minute + timedelta(minutes=1)).timetuple()[:5]


def test_local_time_is_that_of_the_account() -> None:
    """An instant, whoever wrote it down, is told in the account's zone; without one, never."""
    asked = case(account=account(time_zone=AUCKLAND))
    noon_in_london = at(LONDON, 2026, 7, 1, 12)

    assert at(AUCKLAND, 2026, 7, 1, 23) == asked.local(noon_in_london)
    assert AUCKLAND is asked.local(noon_in_london).tzinfo
    with pytest.raises(
        InvalidValueError, match=r"moment must be a datetime with a time zone, not "
    ):
        asked.local(noon_in_london.replace(tzinfo=None))
    with pytest.raises(InvalidValueError, match=r"AccountSettings\.time_zone must be .*, not None"):
        case().local(noon_in_london)


@pytest.mark.parametrize("zone", [AUCKLAND, LONDON, ZoneInfo("Asia/Kathmandu"), UTC])
def test_the_same_instant_in_another_zone_changes_nothing(zone: ZoneInfo) -> None:
    """Written in any zone, the same instants give the same decision (D15)."""
    start_at, now = at(LONDON, 2026, 10, 25, 1, 30, fold=1), at(AUCKLAND, 2026, 10, 20, 9, 15)
    held = package(valid_from=now, valid_until=start_at + HOUR, sold_at=now)
    plain = case(starts_at=start_at, now=now, packages=[held])
    elsewhere = case(
        starts_at=start_at.astimezone(zone),
        now=now.astimezone(zone),
        packages=[
            package(
                valid_from=now.astimezone(zone),
                valid_until=(start_at + HOUR).astimezone(zone),
                sold_at=now.astimezone(zone),
            )
        ],
    )

    assert plain == elsewhere
    assert decide(plain) == decide(elsewhere)

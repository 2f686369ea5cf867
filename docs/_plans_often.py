"""The plans of the explorer that are about how often: numbers 3 to 6, 12 and 16."""

from typing import Final

from docs._explorer_table import Setting
from docs._plan_points import Plan, at, booking_fact, line, package_fact, question, uses

from pkgredeem import (
    UNLIMITED,
    Case,
    Days,
    Entitlement,
    Package,
    PackageStatus,
    Pause,
    Period,
    Quota,
    Restrictions,
)

NOW: Final = at(5, 4)  # a Monday
WEDNESDAY: Final = at(5, 6)


def _weekly(setting: Setting) -> Case:
    package = Package(
        id="ten-classes",
        client_id="ana",
        entitlements=[
            Entitlement(id="open-gym", services=["open-gym"], remaining=int(setting["gym"])),
            Entitlement(id="core", services=["core"], remaining=5),
        ],
        quotas=[Quota(10, Period.EVER), Quota(1, Period.WEEK)],
        uses=uses("core", at(5, 5), now=NOW, entitlement="core") if setting["week"] == "1" else (),
    )
    return question(package, line(setting["kind"]), now=NOW, starts_at=at(5, 8))


WEEKLY: Final = Plan(
    key="3",
    title="Ten classes, one a week",
    facts=[
        package_fact("week", "Booked this week", {"0": "nothing yet", "1": "Tuesday's class"}),
        package_fact("gym", "Open gyms left", {"5": "5", "0": "none"}),
        booking_fact("kind", "Friday's", {"core": "core class", "open-gym": "open gym"}),
    ],
    case_of=_weekly,
    points={
        "a class this week": {},
        "an open gym": {"kind": "open-gym"},
        "a second one this week": {"week": "1"},
        "a sixth open gym": {"gym": "0", "kind": "open-gym"},
    },
    refused=2,
)


def _monthly(setting: Setting) -> Case:
    gym = [at(5, day, 7) for day in range(6, 6 + int(setting["gym"]))]
    core = [at(5, day, 18) for day in range(6, 6 + int(setting["core"]))]
    package = Package(
        id="eight-a-month",
        client_id="ana",
        entitlements=[
            Entitlement(
                id="open-gym",
                services=["open-gym"],
                remaining=UNLIMITED,
                quotas=[Quota(3, Period.MONTH)],
            ),
            Entitlement(id="core", services=["core"], remaining=UNLIMITED),
        ],
        quotas=[Quota(8, Period.MONTH)],
        uses=(
            *uses("open-gym", *gym, now=NOW, entitlement="open-gym"),
            *uses("core", *core, now=NOW, entitlement="core"),
        ),
    )
    lines = [line(setting["kind"])] * int(setting["lines"])
    return question(package, *lines, now=NOW, starts_at=at(5, 20))


MONTHLY: Final = Plan(
    key="4",
    title="Eight a month, three of open gym",
    facts=[
        package_fact("gym", "Open gyms booked for May", {"2": "two", "3": "three"}),
        package_fact("core", "Core classes booked for May", {"0": "none", "5": "five"}),
        booking_fact("kind", "One more", {"open-gym": "open gym", "core": "core class"}),
        booking_fact("lines", "For", {"1": "herself", "2": "herself and a friend"}),
    ],
    case_of=_monthly,
    points={
        "the third open gym": {},
        "the eighth class": {"core": "5", "kind": "core"},
        "a fourth open gym": {"gym": "3"},
        "a ninth class": {"gym": "3", "core": "5", "kind": "core"},
        "two with one place left": {"core": "5", "kind": "core", "lines": "2"},
    },
    refused=3,
)


def _paused(setting: Setting) -> Case:
    now = at(7, 10)
    upcoming = [at(8, 3 + number) for number in range(int(setting["upcoming"]))]
    package = Package(
        id="all-classes",
        client_id="ana",
        entitlements=[Entitlement(services=["spin"], remaining=UNLIMITED)],
        status=PackageStatus(setting["status"]),
        pauses=[Pause(at(7, 1, 0), at(8, 1, 0))],
        quotas=[Quota(20, Period.WEEK), Quota(11, Period.UPCOMING)],
        uses=uses("spin", *upcoming, now=now),
    )
    month, day = (int(part) for part in setting["starts"].split("-"))
    return question(package, line("spin"), now=now, starts_at=at(month, day))


PAUSED: Final = Plan(
    key="5",
    title="Unlimited, and paused in July",
    facts=[
        package_fact(
            "upcoming", "Booked and still to come, of 11", {"0": "0", "10": "10", "11": "11"}
        ),
        package_fact("status", "It is", {"active": "in order", "suspended": "on hold"}),
        booking_fact(
            "starts", "It is 10 July, and Ana books for", {"8-2": "2 August", "7-31": "31 July"}
        ),
    ],
    case_of=_paused,
    points={
        "a class after the pause": {},
        "the eleventh that is still to come": {"upcoming": "10"},
        "a class in the pause": {"starts": "7-31"},
        "a twelfth that is still to come": {"upcoming": "11"},
        "anything while it is on hold": {"status": "suspended"},
    },
    refused=3,
)


def _places(setting: Setting) -> Case:
    visited = [at(5, day) for day in range(1, 1 + int(setting["visits"]))]
    package = Package(
        id="ten-visits",
        client_id="ana",
        entitlements=[Entitlement(services=["swim"], remaining=5)],
        restrictions=Restrictions(traits={"place": ["north", "south"]}),
        quotas=[Quota(3, Period.MONTH)],
        uses=uses("swim", *visited, now=NOW),
    )
    traits = {} if setting["place"] == "untold" else {"place": setting["place"]}
    return question(
        package, line("swim"), now=NOW, starts_at=WEDNESDAY, week_starts=7, traits=traits
    )


PLACES: Final = Plan(
    key="6",
    title="Ten visits, three a month",
    facts=[
        package_fact("visits", "Visits in May so far", {"0": "none", "2": "two", "3": "three"}),
        booking_fact(
            "place",
            "Where",
            {"north": "in the north", "west": "in the west", "untold": "not given"},
        ),
    ],
    case_of=_places,
    points={
        "a visit in the north": {},
        "the third of the month": {"visits": "2"},
        "a visit in the west": {"place": "west"},
        "one without a place": {"place": "untold"},
        "a fourth of the month": {"visits": "3"},
    },
    refused=3,
)


def _twice(setting: Setting) -> Case:
    now = at(5, 29)
    visits = [at(5, 31), at(6, 2)][: int(setting["visits"])]
    months = [
        ("may", at(5, 1, 0), at(6, 1, 0)),
        ("june", at(6, 1, 0), at(7, 1, 0)),
    ]
    package = Package(
        id="twice-a-week",
        client_id="ana",
        entitlements=[
            Entitlement(
                id=month,
                services=["reformer"],
                remaining=UNLIMITED,
                valid_from=starts,
                valid_until=ends,
            )
            for month, starts, ends in months
        ],
        quotas=[Quota(2, Period.WEEK)],
        uses=(
            *uses("reformer", *visits[:1], now=now, entitlement="may"),
            *uses("reformer", *visits[1:], now=now, entitlement="june"),
        ),
    )
    start = at(6, int(setting["starts"]))
    return question(package, line("reformer"), now=now, starts_at=start, week_starts=7)


TWICE: Final = Plan(
    key="12",
    title="Twice a week, month by month",
    facts=[
        package_fact(
            "visits",
            "Booked from Sunday 31 May on",
            {"1": "Sunday", "2": "Sunday and Tuesday", "0": "nothing"},
        ),
        booking_fact("starts", "One more", {"6": "on Saturday 6 June", "7": "on Sunday 7 June"}),
    ],
    case_of=_twice,
    points={
        "Saturday after one visit": {},
        "the next Sunday after two": {"visits": "2", "starts": "7"},
        "a third visit, though a month ends in that week": {"visits": "2"},
    },
    refused=1,
)


def _apart(setting: Setting) -> Case:
    package = Package(
        id="laser",
        client_id="ana",
        entitlements=[Entitlement(services=["laser"], remaining=3)],
        restrictions=Restrictions(traits={"staff": ["dr-kim"]}),
        quotas=[Quota(1, Days(28))],
        uses=uses("laser", at(4, 14, 15), now=NOW),
    )
    start = at(5, int(setting["starts"]))
    return question(
        package, line("laser"), now=NOW, starts_at=start, traits={"staff": setting["staff"]}
    )


APART: Final = Plan(
    key="16",
    title="Laser, 28 days apart",
    facts=[
        booking_fact(
            "starts",
            "The last one was on 14 April at 15, the next is",
            {"12": "28 days later, at 10", "11": "27 days later"},
        ),
        booking_fact("staff", "By", {"dr-kim": "Dr Kim", "dr-lee": "Dr Lee"}),
    ],
    case_of=_apart,
    points={
        "one 28 days later, at an earlier hour": {},
        "one 27 days later": {"starts": "11"},
        "another practitioner": {"staff": "dr-lee"},
    },
    refused=2,
)

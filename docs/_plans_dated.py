"""The plans of the explorer about when: numbers 7 to 11."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from docs._explorer import cancellations
from docs._explorer_table import Setting
from docs._plan_points import Plan, at, booking_fact, line, moved, package_fact, question, uses

from pkgredeem import (
    UNLIMITED,
    Case,
    Entitlement,
    Hours,
    Package,
    Redemption,
    Restrictions,
    Term,
)

NOW: Final = at(5, 4)  # a Monday
WEDNESDAY: Final = at(5, 6)


def _first_use(setting: Setting) -> Case:
    booked = [] if setting["first"] == "none" else [at(5, int(setting["first"]))]
    package = Package(
        id="two-weeks",
        client_id="ana",
        entitlements=[Entitlement(services=["yoga"], remaining=UNLIMITED)],
        valid_until=datetime(2029, 4, 21, tzinfo=NOW.tzinfo),
        lasts=Term(days=14),
        uses=uses("yoga", *booked, now=NOW),
    )
    return question(package, line("yoga"), now=NOW, starts_at=at(5, int(setting["starts"])))


FIRST_USE: Final = Plan(
    key="7",
    title="Two weeks from the first class",
    facts=[
        package_fact("first", "Booked so far", {"10": "10 May", "none": "nothing", "24": "24 May"}),
        booking_fact(
            "starts", "One more on", {"24": "24 May", "25": "25 May", "8": "8 May, before it"}
        ),
    ],
    case_of=_first_use,
    points={
        "the last day of two weeks": {},
        "the first class": {"first": "none"},
        "a class before what was the first": {"starts": "8"},
        "the day after two weeks": {"starts": "25"},
        "a class before, from which what is booked would be too far": {
            "first": "24",
            "starts": "8",
        },
    },
    refused=2,
)


def _book_until(setting: Setting) -> Case:
    package = Package(
        id="facials",
        client_id="ana",
        entitlements=[Entitlement(services=["facial"], remaining=3)],
        book_until=at(7, 1, 0),
    )
    now = at(6, 30) if setting["now"] == "june" else at(7, 1)
    return question(package, line("facial"), now=now, starts_at=at(9, int(setting["starts"])))


BOOK_UNTIL: Final = Plan(
    key="8",
    title="To be booked by 30 June",
    facts=[
        booking_fact("now", "Today is", {"june": "30 June", "july": "1 July"}),
        booking_fact("starts", "Ana books for", {"1": "1 September", "30": "30 September"}),
    ],
    case_of=_book_until,
    points={"booked on the last day": {}, "booked a day later": {"now": "july"}},
    refused=1,
)


def _season(setting: Setting) -> Case:
    package = Package(
        id="june",
        client_id="ana",
        entitlements=[Entitlement(services=["pottery"], remaining=4)],
        book_until=at(6, 1, 0),
        valid_from=at(6, 1, 0),
        valid_until=at(7, 1, 0),
    )
    now = at(5, 31) if setting["now"] == "may" else at(6, 1)
    start = {"may": at(5, 31, 18), "june": at(6, 30), "july": at(7, 1)}[setting["starts"]]
    return question(package, line("pottery"), now=now, starts_at=start)


SEASON: Final = Plan(
    key="9",
    title="Booked in May, for June",
    facts=[
        booking_fact("now", "Today is", {"may": "31 May", "june": "1 June"}),
        booking_fact(
            "starts", "Ana books for", {"june": "30 June", "july": "1 July", "may": "31 May"}
        ),
    ],
    case_of=_season,
    points={
        "booked on 31 May for 30 June": {},
        "booked on 1 June": {"now": "june"},
        "booked for 1 July": {"starts": "july"},
    },
    refused=2,
)

#: Monday 14 December 2026, and what is booked from there.
DECEMBER: Final = at(12, 14)
SPA: Final = {
    "thu": at(12, 17, 16, 59),
    "five": at(12, 17, 17),
    "fri": at(12, 18),
    "eve": at(12, 24),
    "far": at(12, 29),
}


def _off_peak(setting: Setting) -> Case:
    package = Package(
        id="spa",
        client_id="ana",
        entitlements=[Entitlement(services=["spa"], remaining=5)],
        restrictions=Restrictions(
            traits={"place": ["harbour"]},
            hours=[Hours(days=[1, 2, 3, 4], opens=time(9), closes=time(17))],
            not_on=[date(2026, 12, 24)],
            max_notice=timedelta(days=14),
        ),
    )
    return question(
        package,
        line("spa"),
        now=DECEMBER,
        starts_at=SPA[setting["starts"]],
        traits={"place": setting["place"]},
    )


def _off_peak_acts(case: Case, redemption: Redemption) -> Sequence[tuple[str, str]]:
    told = moved(case, redemption, at(12, 19), case.now)
    return [*cancellations(case, redemption), ("Ana, who moves it to Saturday at 10", told)]


OFF_PEAK: Final = Plan(
    key="10",
    title="Off-peak spa, Monday to Thursday",
    facts=[
        booking_fact(
            "starts",
            "It is Monday 14 December, and Ana books for",
            {
                "thu": "Thursday at 16:59",
                "five": "Thursday at 17:00",
                "fri": "Friday at 10",
                "eve": "Christmas Eve, a Thursday",
                "far": "15 days ahead",
            },
        ),
        booking_fact("place", "Where", {"harbour": "at the harbour", "hill": "on the hill"}),
    ],
    case_of=_off_peak,
    points={
        "Thursday, a minute before five": {},
        "Thursday at five": {"starts": "five"},
        "a Friday": {"starts": "fri"},
        "Christmas Eve": {"starts": "eve"},
        "15 days ahead, online": {"starts": "far"},
        "another place": {"place": "hill"},
    },
    refused=5,
    acts=_off_peak_acts,
)


def _carried(setting: Setting) -> Case:
    cycles = {
        "may": Entitlement(
            id="may",
            services=["massage"],
            remaining=1,
            valid_from=at(5, 1, 0),
            valid_until=at(7, 1, 0),
        ),
        "june": Entitlement(
            id="june",
            services=["massage"],
            remaining=1,
            valid_from=at(6, 1, 0),
            valid_until=at(8, 1, 0),
        ),
    }
    held = cycles.values() if setting["cycles"] == "both" else [cycles["may"]]
    package = Package(id="monthly", client_id="ana", entitlements=held)
    starts_at = at(int(setting["starts"]), 15)
    return question(package, line("massage"), now=NOW, starts_at=starts_at)


CARRIED: Final = Plan(
    key="11",
    title="A massage a month, carried over",
    facts=[
        package_fact(
            "cycles",
            "It holds the massage of",
            {"may": "May alone", "both": "May and the one of June"},
        ),
        booking_fact("starts", "Ana books for", {"6": "15 June", "5": "15 May", "7": "15 July"}),
    ],
    case_of=_carried,
    points={
        "May's massage in June": {},
        "June's in July": {"cycles": "both", "starts": "7"},
        "May's in July": {"starts": "7"},
    },
    refused=1,
)

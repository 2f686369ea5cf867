"""The plan explorer: one settled account, and a package that says more than the article."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from functools import cache
from typing import Final

from docs._explorer import NOW, cancellations
from docs._explorer_table import POLICY, ZONE, Explorer, Setting, Switch

from pkgredeem import (
    UNLIMITED,
    AccountSettings,
    Actor,
    Audience,
    Booking,
    BookingLine,
    CancellationTerms,
    Case,
    Client,
    ClientLogin,
    CreditOutcome,
    DrawState,
    Entitlement,
    Hours,
    Package,
    PackageStatus,
    Pause,
    Period,
    Quota,
    Redemption,
    Restrictions,
    Service,
    Unlimited,
    Use,
)


def _may(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 5, day, hour, tzinfo=ZONE)


SATURDAY: Final = _may(9, 10)
STARTS: Final = {
    "thu10": _may(7, 10),
    "thu18": _may(7, 18),
    "sat": SATURDAY,
    "next": _may(14, 10),
}

SWITCHES: Final = (
    Switch(
        key="whose",
        group="The package",
        label="It was sold to",
        options={
            "ana": "Ana",
            "shared": "her sister, who shares it with Ana",
            "sister": "her sister",
        },
    ),
    Switch(
        key="counts",
        group="The package",
        label="What is left in it",
        options={"visits": "5 visits", "minutes": "90 minutes", "unlimited": "unlimited"},
    ),
    Switch(
        key="places",
        group="The package",
        label="Where it is good",
        options={"all": "everywhere", "north": "in the north only"},
    ),
    Switch(
        key="hours",
        group="The package",
        label="When it is good",
        options={"all": "at any hour", "off-peak": "Monday to Thursday, 9 to 17"},
    ),
    Switch(
        key="pause",
        group="The package",
        label="It is",
        options={"none": "in use", "paused": "paused all next week", "hold": "on hold"},
    ),
    Switch(
        key="quota",
        group="The package",
        label="How often it is good",
        options={"none": "as often as she likes", "twice": "twice a week"},
    ),
    Switch(
        key="used",
        group="The package",
        label="Visits that it pays for this week already",
        options={"0": "none", "1": "one", "2": "two"},
    ),
    Switch(
        key="length",
        group="The booking",
        label="Ana books",
        options={
            "60": "a massage of 60 minutes",
            "120": "one of 120 minutes",
            "untold": "one without a length",
        },
    ),
    Switch(
        key="lines",
        group="The booking",
        label="For",
        options={"1": "herself", "2": "herself and a friend"},
    ),
    Switch(
        key="place",
        group="The booking",
        label="Where",
        options={"north": "in the north", "south": "in the south", "untold": "not given"},
    ),
    Switch(
        key="starts",
        group="The booking",
        label="When",
        options={
            "thu10": "Thursday at 10",
            "thu18": "Thursday at 18",
            "sat": "Saturday at 10",
            "next": "Thursday next week at 10",
        },
    ),
)

#: What the page shows first: a yes within every limit, which a move to Saturday would leave.
START: Final[Setting] = {
    "whose": "ana",
    "counts": "visits",
    "places": "north",
    "hours": "off-peak",
    "pause": "none",
    "quota": "twice",
    "used": "1",
    "length": "60",
    "lines": "1",
    "place": "north",
    "starts": "thu10",
}

ACCOUNT: Final = AccountSettings(
    online_redemption=True,
    client_login=ClientLogin.OPTIONAL,
    cancellation=CancellationTerms(window=timedelta(hours=24), late=CreditOutcome.FORFEIT),
    time_zone=ZONE,
)
ANA: Final = Client(id="ana", logged_in=True)
LEFT: Final[Mapping[str, int | Unlimited]] = {
    "visits": 5,
    "minutes": 90,
    "unlimited": UNLIMITED,
}
OFF_PEAK: Final = Hours(days=[1, 2, 3, 4], opens=time(9), closes=time(17))
#: This week's visits: one this morning, one tomorrow morning.
USES: Final = tuple(
    Use(
        booking_id=f"before-{day}",
        line=0,
        entitlement_id="main",
        service_id="massage",
        client_id="ana",
        starts_at=_may(day, 8),
        state=state,
    )
    for day, state in ((4, DrawState.REDEEMED), (5, DrawState.RESERVED))
)


def case_of(setting: Setting) -> Case:
    """Return the question that a setting of the switches asks."""
    booking = ("length", "lines", "place", "starts")
    return Case(
        account=ACCOUNT,
        client=ANA,
        packages=[_package(setting)],
        booking=_booking(*(setting[key] for key in booking)),
        now=NOW,
    )


def _package(setting: Setting) -> Package:
    counts, hold = setting["counts"], setting["pause"] == "hold"
    return Package(
        id="massages",
        client_id="ana" if setting["whose"] == "ana" else "sister",
        shared_with=["ana"] if setting["whose"] == "shared" else [],
        entitlements=[
            Entitlement(
                services=["massage"],
                remaining=LEFT[counts],
                unit="minute" if counts == "minutes" else "credit",
            )
        ],
        status=PackageStatus.SUSPENDED if hold else PackageStatus.ACTIVE,
        pauses=[Pause(_may(11), _may(18))] if setting["pause"] == "paused" else [],
        restrictions=Restrictions(
            traits={"place": ["north"]} if setting["places"] == "north" else {},
            hours=[OFF_PEAK] if setting["hours"] == "off-peak" else [],
        ),
        quotas=[Quota(2, Period.WEEK)] if setting["quota"] == "twice" else [],
        uses=USES[: int(setting["used"])],
    )


@cache
def _booking(length: str, lines: str, place: str, starts: str) -> Booking:
    costs = {} if length == "untold" else {"minute": int(length)}
    line = BookingLine(Service(id="massage", name="Massage", costs=costs))
    return Booking(
        id="explorer",
        lines=[line] * int(lines),
        starts_at=STARTS[starts],
        traits={} if place == "untold" else {"place": place},
    )


def acts(case: Case, redemption: Redemption) -> list[tuple[str, str]]:
    """Return who cancels or moves it, and what the library answers, in words."""
    told = cancellations(case, redemption)
    if redemption.starts_at == SATURDAY:
        return told
    for who, by in (
        ("Ana, who moves", Actor.CLIENT),
        ("the business, which moves", Actor.BUSINESS),
    ):
        moved = POLICY.reschedule(
            redemption,
            account=case.account,
            client=case.client,
            starts_at=SATURDAY,
            by=by,
            now=NOW,
            packages=case.packages,
        )
        told.append((f"{who} it to Saturday at 10", moved.explain(Audience.CLIENT)))
    return told


EXPLORER: Final = Explorer(
    page="plans",
    table="plans",
    switches=SWITCHES,
    start=START,
    case_of=case_of,
    changes="If it is cancelled or moved",
    acts=acts,
)

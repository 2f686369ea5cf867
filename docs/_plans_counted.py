"""The plans of the explorer that are about how much: numbers 1, 2, 14 and 15."""

from typing import Final

from docs._explorer_table import Setting
from docs._plan_points import Plan, at, booking_fact, line, package_fact, question, uses

from pkgredeem import (
    UNLIMITED,
    Case,
    Entitlement,
    Package,
    Period,
    Quota,
    Restrictions,
)

NOW: Final = at(5, 4)  # a Monday
WEDNESDAY: Final = at(5, 6)


def _training(setting: Setting) -> Case:
    costs = {} if setting["length"] == "untold" else {"minute": int(setting["length"])}
    left = Entitlement(services=["training"], unit="minute", remaining=int(setting["left"]))
    package = Package(id="training", client_id="ana", entitlements=[left])
    return question(package, line("training", costs=costs), now=NOW, starts_at=WEDNESDAY)


TRAINING: Final = Plan(
    key="1",
    title="Ten hours of personal training",
    facts=[
        package_fact(
            "left",
            "What is left of ten hours",
            {"600": "600 minutes", "75": "75 minutes", "0": "nothing"},
        ),
        booking_fact(
            "length",
            "The session takes",
            {"75": "75 minutes", "90": "90 minutes", "untold": "a time not given"},
        ),
    ],
    case_of=_training,
    points={
        "the first of eight sessions": {},
        "the eighth": {"left": "75"},
        "a ninth": {"left": "0"},
        "90 minutes with 75 left": {"left": "75", "length": "90"},
        "a session without a length": {"length": "untold"},
    },
    refused=3,
)


def _levels(setting: Setting) -> Case:
    left = Entitlement(services=["beginner", "advanced"], remaining=int(setting["left"]))
    package = Package(id="classes", client_id="ana", entitlements=[left])
    costs = {"credit": 2} if setting["level"] == "advanced" else None
    return question(package, line(setting["level"], costs=costs), now=NOW, starts_at=WEDNESDAY)


LEVELS: Final = Plan(
    key="2",
    title="Twenty credits, advanced takes two",
    facts=[
        package_fact("left", "Credits left", {"20": "20", "2": "2", "1": "1"}),
        booking_fact(
            "level", "Ana books", {"beginner": "a beginner class", "advanced": "an advanced one"}
        ),
    ],
    case_of=_levels,
    points={
        "a beginner class": {},
        "an advanced one with two left": {"left": "2", "level": "advanced"},
        "an advanced one with one left": {"left": "1", "level": "advanced"},
    },
    refused=1,
)


def _guests(setting: Setting) -> Case:
    package = Package(
        id="membership",
        client_id="ana",
        entitlements=[
            Entitlement(
                id="member",
                services=["sauna"],
                remaining=UNLIMITED,
                restrictions=Restrictions(traits={"attendee": ["member"]}),
            ),
            Entitlement(
                id="guest",
                services=["sauna"],
                remaining=6,
                restrictions=Restrictions(traits={"attendee": ["guest"]}),
                quotas=[Quota(1, Period.BOOKING)],
            ),
        ],
    )
    guests = [line("sauna", attendee="guest")] * int(setting["guests"])
    return question(
        package, line("sauna", attendee="member"), *guests, now=NOW, starts_at=WEDNESDAY
    )


GUESTS: Final = Plan(
    key="14",
    title="A membership with one guest a visit",
    facts=[
        booking_fact(
            "guests", "With Ana come", {"1": "one guest", "0": "nobody", "2": "two guests"}
        ),
    ],
    case_of=_guests,
    points={
        "a member and one guest": {},
        "a member alone": {"guests": "0"},
        "a second guest": {"guests": "2"},
    },
    refused=1,
)


def _instalments(setting: Setting) -> Case:
    count = int(setting["visits"])
    package = Package(
        id="ten-peels",
        client_id="ana",
        entitlements=[Entitlement(services=["peel"], remaining=10 - count)],
        quotas=[Quota(5, Period.EVER, name="paid for")],
        uses=uses("peel", *(at(4, 1 + day) for day in range(count)), now=NOW),
    )
    return question(package, line("peel"), now=NOW, starts_at=WEDNESDAY)


INSTALMENTS: Final = Plan(
    key="15",
    title="Ten sold, five of them paid for",
    facts=[package_fact("visits", "Used so far", {"4": "four", "0": "none", "5": "five"})],
    case_of=_instalments,
    points={
        "the fifth": {},
        "the first": {"visits": "0"},
        "a sixth, until more is paid": {"visits": "5"},
    },
    refused=1,
)

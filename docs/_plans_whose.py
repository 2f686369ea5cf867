"""The plans of the explorer about whose, on which terms and by which way: 13, 17 and 18."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from docs._explorer_table import POLICY, Setting
from docs._plan_points import Plan, at, booking_fact, line, moved, package_fact, question

from pkgredeem import (
    UNLIMITED,
    Actor,
    Audience,
    CancellationTerms,
    Case,
    CreditOutcome,
    Entitlement,
    Package,
    Redemption,
    Restrictions,
)

NOW: Final = at(5, 4)  # a Monday
WEDNESDAY: Final = at(5, 6)


def _family(setting: Setting) -> Case:
    package = Package(
        id="family",
        client_id="eva",
        shared_with=["ana", "ben"] if setting["shared"] == "family" else ["ben"],
        entitlements=[Entitlement(services=["haircut"], remaining=int(setting["left"]))],
    )
    return question(package, line("haircut"), now=NOW, starts_at=WEDNESDAY)


FAMILY: Final = Plan(
    key="13",
    title="A package that a family shares",
    facts=[
        package_fact(
            "shared",
            "It was sold to Eva, who shares it with",
            {"family": "Ana and Ben", "ben": "Ben, and not with Ana"},
        ),
        package_fact("left", "Left for all of them", {"5": "5 haircuts", "0": "nothing"}),
    ],
    case_of=_family,
    points={
        "Ana, with whom it is shared": {},
        "Ana, with whom it isn't": {"shared": "ben"},
        "anybody, once it is used up": {"left": "0"},
    },
    refused=2,
)


def _terms(setting: Setting) -> Case:
    fee = CancellationTerms(
        window=timedelta(hours=12),
        late=CreditOutcome.RETURN,
        tiers=[(timedelta(hours=3), CreditOutcome.FORFEIT)],
    )
    unlimited = setting["kind"] == "unlimited"
    package = Package(
        id="classes",
        client_id="ana",
        entitlements=[Entitlement(services=["class"], remaining=UNLIMITED if unlimited else 10)],
        cancellation=fee if unlimited else None,
    )
    return question(package, line("class"), now=NOW, starts_at=WEDNESDAY, window=12)


def _terms_acts(case: Case, redemption: Redemption) -> Sequence[tuple[str, str]]:
    start = redemption.starts_at
    told: list[tuple[str, str]] = []
    for words, left in (
        ("12 hours", timedelta(hours=12)),
        ("11 hours", timedelta(hours=11)),
        ("3 hours", timedelta(hours=3)),
        ("2 hours and 59 minutes", timedelta(hours=2, minutes=59)),
    ):
        at_that_time = start - left
        settlement = POLICY.cancel(
            redemption, by=Actor.CLIENT, now=at_that_time, packages=case.packages
        )
        late = " (a late cancellation)" if settlement.late else ""
        text = settlement.explain(Audience.CLIENT) + late
        told.append((f"Ana cancels {words} before the start", text))
    answer = moved(case, redemption, start + timedelta(days=1), start - timedelta(hours=11))
    return [*told, ("Ana moves it 11 hours before the start", answer)]


TERMS: Final = Plan(
    key="17",
    title="A fee where packs lose the class",
    facts=[
        package_fact(
            "kind", "Ana has", {"unlimited": "the unlimited plan", "pack": "a pack of ten"}
        ),
    ],
    case_of=_terms,
    points={
        "the unlimited plan: late returns the credit, save in the last three hours": {},
        "a pack: late forfeits the credit": {"kind": "pack"},
    },
    refused=0,
    acts=_terms_acts,
)


def _offline(setting: Setting) -> Case:
    package = Package(
        id="shaves",
        client_id="ana",
        entitlements=[Entitlement(services=["shave"], remaining=5)],
        restrictions=Restrictions(traits={"channel": ["store", "phone"]}),
    )
    traits = {} if setting["channel"] == "untold" else {"channel": setting["channel"]}
    return question(package, line("shave"), now=NOW, starts_at=WEDNESDAY, traits=traits)


OFFLINE: Final = Plan(
    key="18",
    title="Not to be redeemed online",
    facts=[
        booking_fact(
            "channel",
            "It is booked",
            {
                "store": "in store",
                "phone": "by telephone",
                "online": "online",
                "untold": "by a channel not given",
            },
        ),
    ],
    case_of=_offline,
    points={
        "a booking in store": {},
        "one by telephone": {"channel": "phone"},
        "one online": {"channel": "online"},
        "one without a channel": {"channel": "untold"},
    },
    refused=2,
)

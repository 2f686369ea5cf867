"""The decision explorer: account, client, packages and booking as the article knows them."""

from datetime import datetime, timedelta
from functools import cache
from typing import Final

from docs._explorer_table import POLICY, ZONE, Explorer, Setting, Switch

from pkgredeem import (
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
    Entitlement,
    Package,
    PackageKind,
    PackageStatus,
    Redemption,
    Service,
)

NOW: Final = datetime(2026, 5, 4, 10, tzinfo=ZONE)
FACIAL: Final = frozenset({"facial"})

SWITCHES: Final = (
    Switch(
        key="online",
        group="The account",
        label="Online redemption",
        options={"on": "switched on", "off": "switched off"},
    ),
    Switch(
        key="login",
        group="The account",
        label="Client Login",
        options={"disabled": "disabled", "optional": "optional", "mandatory": "mandatory"},
    ),
    Switch(
        key="terms",
        group="The account",
        label="Cancellation terms",
        options={
            "none": "none",
            "forfeit": "24 h, late forfeits",
            "return": "24 h, late returns",
        },
    ),
    Switch(
        key="asks",
        group="The account",
        label="Booking online asks for",
        options={"nothing": "nothing", "deposit": "a deposit", "card": "a card", "both": "both"},
    ),
    Switch(
        key="client",
        group="The client",
        label="Ana is",
        options={"in": "logged in", "out": "not logged in"},
    ),
    Switch(
        key="kind",
        group="Her packages",
        label="The package of facials is",
        options={"new": "new", "legacy": "legacy"},
    ),
    Switch(
        key="status",
        group="Her packages",
        label="It is",
        options={"active": "active", "archived": "archived"},
    ),
    Switch(
        key="credits",
        group="Her packages",
        label="Credits left in it",
        options={"0": "0", "1": "1", "2": "2"},
    ),
    Switch(
        key="ends",
        group="Her packages",
        label="It ends",
        options={"-1": "yesterday", "2": "in 2 days", "30": "in 30 days"},
    ),
    Switch(
        key="second",
        group="Her packages",
        label="A second package",
        options={"none": "none", "gift": "a gift of 1 facial"},
    ),
    Switch(
        key="extra",
        group="The booking",
        label="With the facial",
        options={
            "none": "nothing",
            "facial": "a second facial",
            "tint": "a brow tint, in no package",
            "free": "a free consultation",
        },
    ),
    Switch(
        key="hours",
        group="The booking",
        label="It starts",
        options={"0": "right now", "2": "in 2 hours", "24": "in 24 hours", "72": "in 72 hours"},
    ),
)

#: What the page shows first: a yes with everything waived, and a day when cancelling turns late.
START: Final[Setting] = {
    "online": "on",
    "login": "optional",
    "terms": "forfeit",
    "asks": "both",
    "client": "in",
    "kind": "new",
    "status": "active",
    "credits": "2",
    "ends": "30",
    "second": "none",
    "extra": "none",
    "hours": "72",
}


def case_of(setting: Setting) -> Case:
    """Return the question that a setting of the switches asks."""
    return Case(
        account=_account(setting["online"], setting["login"], setting["terms"], setting["asks"]),
        client=_client(setting["client"]),
        packages=_packages(
            setting["kind"],
            setting["status"],
            setting["credits"],
            setting["ends"],
            setting["second"],
        ),
        booking=_booking(setting["extra"], setting["hours"]),
        now=NOW,
    )


@cache
def _account(online: str, login: str, terms: str, asks: str) -> AccountSettings:
    late = None if terms == "none" else CreditOutcome(terms)
    day = timedelta(hours=24)
    return AccountSettings(
        online_redemption=online == "on",
        client_login=ClientLogin(login),
        cancellation=None if late is None else CancellationTerms(window=day, late=late),
        deposit_required=asks in {"deposit", "both"},
        card_capture=asks in {"card", "both"},
        time_zone=ZONE,
    )


@cache
def _client(client: str) -> Client:
    return Client(id="ana", logged_in=client == "in")


@cache
def _packages(kind: str, status: str, left: str, ends: str, second: str) -> tuple[Package, ...]:
    hers = Package(
        id="facials",
        client_id="ana",
        entitlements=(Entitlement(services=FACIAL, remaining=int(left)),),
        kind=PackageKind(kind),
        status=PackageStatus(status),
        valid_until=NOW + timedelta(days=int(ends)),
    )
    if second == "none":
        return (hers,)
    gift = Package(
        id="gift",
        client_id="ana",
        entitlements=(Entitlement(services=FACIAL, remaining=1),),
        valid_until=NOW + timedelta(days=90),
    )
    return (hers, gift)


@cache
def _booking(extra: str, hours: str) -> Booking:
    facial = BookingLine(Service(id="facial", name="Facial"))
    lines = {
        "none": (facial,),
        "facial": (facial, facial),
        "tint": (facial, BookingLine(Service(id="brow-tint", name="Brow tint"))),
        "free": (facial, BookingLine(Service(id="consultation"), payable=False)),
    }
    starts_at = NOW + timedelta(hours=int(hours))
    return Booking(id="explorer", lines=lines[extra], starts_at=starts_at)


def cancellations(case: Case, redemption: Redemption) -> list[tuple[str, str]]:
    """Return who cancels when, and what the library answers, in words."""
    start = redemption.starts_at
    an_hour_before = start - timedelta(hours=1)
    asked = [("Ana, right after booking", Actor.CLIENT, case.now)]
    if an_hour_before > case.now:
        asked.append(("Ana, an hour before the start", Actor.CLIENT, an_hour_before))
    asked.append(("Ana, once it has started", Actor.CLIENT, start))
    asked.append(("the business, whenever it likes", Actor.BUSINESS, start))
    told: list[tuple[str, str]] = []
    for who, by, at in asked:
        settlement = POLICY.cancel(redemption, by=by, now=at, packages=case.packages)
        late = " (a late cancellation)" if settlement.allowed and settlement.late else ""
        told.append((who, settlement.explain(Audience.CLIENT) + late))
    return told


EXPLORER: Final = Explorer(
    page="index",
    table="table",
    switches=SWITCHES,
    start=START,
    case_of=case_of,
    changes="If it is cancelled",
    acts=cancellations,
)

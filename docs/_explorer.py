"""The table behind the decision explorer: every setting of its switches, answered by the library.

The page holds no rule. It turns its switches into one number and looks the answer up here, in a
table that is made when the site is built.
"""

import base64
import itertools
import json
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from math import prod
from typing import Final
from zoneinfo import ZoneInfo

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
    Decision,
    Entitlement,
    Finding,
    Package,
    PackageKind,
    PackageStatus,
    Redemption,
    RedemptionPolicy,
    Service,
)

ZONE: Final = ZoneInfo("Pacific/Auckland")
NOW: Final = datetime(2026, 5, 4, 10, tzinfo=ZONE)
POLICY: Final = RedemptionPolicy()
FACIAL: Final = frozenset({"facial"})


@dataclass(frozen=True, kw_only=True)
class Switch:
    """One switch of the page.

    Attributes:
        key: its name in the page's address and in a setting.
        group: the heading that it stands under.
        label: what it is called.
        options: what can be chosen, each with its words, in order.
    """

    key: str
    group: str
    label: str
    options: Mapping[str, str]


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
        label="Beside the facial",
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

#: How many settings there are.
SETTINGS: Final = prod(len(switch.options) for switch in SWITCHES)

Setting = Mapping[str, str]

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


def settings() -> Iterator[Setting]:
    """Yield every setting, in the order of its number: the last switch turns fastest."""
    keys = [switch.key for switch in SWITCHES]
    for chosen in itertools.product(*(switch.options for switch in SWITCHES)):
        yield dict(zip(keys, chosen, strict=True))


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
    asked = [("Ana, right after booking", Actor.CLIENT, NOW)]
    if an_hour_before > NOW:
        asked.append(("Ana, an hour before the start", Actor.CLIENT, an_hour_before))
    asked.append(("Ana, once it has started", Actor.CLIENT, start))
    asked.append(("the business, whenever it likes", Actor.BUSINESS, start))
    told: list[tuple[str, str]] = []
    for who, by, at in asked:
        settlement = POLICY.cancel(redemption, by=by, now=at, packages=case.packages)
        late = ", and it is late" if settlement.allowed and settlement.late else ""
        told.append((who, settlement.explain(Audience.CLIENT) + late))
    return told


def draws(decision: Decision) -> list[str]:
    """Return which credit pays for which service, in words."""
    if decision.redemption is None:
        return []
    return [
        f"{draw.service_id}: 1 credit of {draw.package_id}" for draw in decision.redemption.draws
    ]


def schedule(decision: Decision) -> str:
    """Return what a cancellation by the client does and until when, as staff are told it."""
    told = decision.explain(Audience.STAFF).splitlines()
    return next(
        (line.removeprefix("cancellation: ") for line in told if line.startswith("cancellation: ")),
        "",
    )


@dataclass
class _Pool:
    """Each different thing once, with its number."""

    numbers: dict[object, int] = field(default_factory=dict)

    def number(self, thing: object) -> int:
        """Return the number of the thing; a new one gets the next."""
        return self.numbers.setdefault(thing, len(self.numbers))


def table() -> dict[str, object]:
    """Return the whole table: switches, pooled texts, answers, and the answer of each setting."""
    findings, texts, answers = _Pool(), _Pool(), _Pool()
    index = array("H")
    for setting in settings():
        case = case_of(setting)
        decision = POLICY.decide_case(case)
        redemption = decision.redemption
        index.append(
            answers.number(
                (
                    int(decision.eligible),
                    int(decision.prompt),
                    tuple(findings.number(each) for each in decision.reasons),
                    tuple(findings.number(each) for each in decision.notes),
                    texts.number(decision.deposit.value),
                    texts.number(decision.card_capture.value),
                    tuple(texts.number(each) for each in draws(decision)),
                    texts.number(schedule(decision) if redemption else ""),
                    texts.number(decision.explain(Audience.CLIENT)),
                    tuple(
                        (texts.number(who), texts.number(what))
                        for who, what in (cancellations(case, redemption) if redemption else ())
                    ),
                )
            )
        )
    return {
        "rulebook": POLICY.rulebook.name,
        "start": START,
        "switches": [
            {
                "key": switch.key,
                "group": switch.group,
                "label": switch.label,
                "options": list(switch.options.items()),
            }
            for switch in SWITCHES
        ],
        "texts": list(texts.numbers),
        "findings": [_told(each) for each in findings.numbers if isinstance(each, Finding)],
        "answers": list(answers.numbers),
        "index": base64.b64encode(_little_endian(index)).decode(),
    }


def _told(finding: Finding) -> list[object]:
    told = (finding.text(ZONE), finding.advice_text(ZONE))
    return [finding.code, list(finding.clauses), *told]


def _little_endian(numbers: "array[int]") -> bytes:
    return b"".join(number.to_bytes(2, "little") for number in numbers)


def script() -> str:
    """Return the table as a script: a page that was opened from a file may load nothing else."""
    return f"window.EXPLORER = {json.dumps(table(), separators=(',', ':'))};\n"

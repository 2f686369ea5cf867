"""How an explorer's table is made: every setting of its switches, answered by the library.

The page holds no rule. It turns its switches into one number and looks the answer up in this table,
which is made when the site is built.
"""

import base64
import itertools
import json
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from pkgredeem import Audience, Case, Decision, Finding, Redemption, RedemptionPolicy

ZONE: Final = ZoneInfo("Pacific/Auckland")
POLICY: Final = RedemptionPolicy()

Setting: TypeAlias = Mapping[str, str]


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


@dataclass(frozen=True, kw_only=True)
class Explorer:
    """One page of switches.

    Attributes:
        page: the name of its page among those of the explorer.
        table: the name of the script that holds its answers.
        switches: in the order of the page.
        start: what the page shows first.
        case_of: the question that a setting asks.
        changes: the heading over what may become of the booking later.
        acts: who does what later, and what the library answers, in words.
    """

    page: str
    table: str
    switches: Sequence[Switch]
    start: Setting
    case_of: Callable[[Setting], Case]
    changes: str
    acts: Callable[[Case, Redemption], Sequence[tuple[str, str]]]

    @property
    def size(self) -> int:
        """How many settings there are."""
        return prod(len(switch.options) for switch in self.switches)

    def settings(self) -> Iterator[Setting]:
        """Yield every setting, in the order of its number: the last switch turns fastest."""
        keys = [switch.key for switch in self.switches]
        for chosen in itertools.product(*(switch.options for switch in self.switches)):
            yield dict(zip(keys, chosen, strict=True))


def draws(case: Case, decision: Decision) -> list[str]:
    """Return which credit pays for which service, in words."""
    if decision.redemption is None:
        return []
    units = {
        (package.id, entitlement.id): entitlement.unit
        for package in case.packages
        for entitlement in package.entitlements
    }
    return [
        f"{draw.service_id}: {draw.credits} {units[draw.package_id, draw.entitlement_id]}"
        f"{'' if draw.credits == 1 else 's'} of {draw.package_id}"
        for draw in decision.redemption.draws
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


def table(explorer: Explorer) -> dict[str, object]:
    """Return the whole table: switches, pooled texts, answers, and the answer of each setting."""
    findings, texts, answers = _Pool(), _Pool(), _Pool()
    index = array("H")
    for setting in explorer.settings():
        case = explorer.case_of(setting)
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
                    tuple(texts.number(each) for each in draws(case, decision)),
                    texts.number(schedule(decision) if redemption else ""),
                    texts.number(decision.explain(Audience.CLIENT)),
                    tuple(
                        (texts.number(who), texts.number(what))
                        for who, what in (explorer.acts(case, redemption) if redemption else ())
                    ),
                )
            )
        )
    return {
        "rulebook": POLICY.rulebook.name,
        "start": explorer.start,
        "changes": explorer.changes,
        "switches": [
            {
                "key": switch.key,
                "group": switch.group,
                "label": switch.label,
                "options": list(switch.options.items()),
            }
            for switch in explorer.switches
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


def script(explorer: Explorer) -> str:
    """Return the table as a script: a page that was opened from a file may load nothing else."""
    return f"window.EXPLORER = {json.dumps(table(explorer), separators=(',', ':'))};\n"

"""The seven conditions that every booking page asks, put to other people's rule engines.

Switch on, login enabled, logged in, new package, not archived, valid, credits left: yes or no. Each
engine gets what is fastest for it: its rules parsed before, and one flat dict of plain facts (for
Cedar: its JSON) that is ready before the clock starts, where pkgredeem and the function by hand
start from the values. Cedar and datalogic-py tell every condition that fails; the others say yes or
no. Of the library `decide` answers with the whole decision; its own yes or no to these seven is
`notice`, the same conditions asked of the present.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from typing import Any, Final

import cedarpy
import datalogic_py
import rule_engine
import zen

from pkgredeem import (
    Case,
    Client,
    ClientLogin,
    PackageKind,
    PackageStatus,
    RedemptionPolicy,
    rules,
)
from tests.benchmarks.questions import ELIGIBLE, arguments
from tests.helpers.support import NOW, credit

Facts = dict[str, Any]
Ask = Callable[[], object]

DECIDE: Final = "pkgredeem, decide"
DECIDE_SEVEN: Final = "pkgredeem, decide, all other rules lifted"
NOTICE: Final = "pkgredeem, notice: yes or no"
BY_HAND: Final = "by hand: yes or no"
CEDAR: Final = "cedarpy"
DATALOGIC: Final = "datalogic-py, every reason"
DATALOGIC_FROM_VALUES: Final = f"{DATALOGIC}, with the facts made from the values"
OF_DATALOGIC: Final = (DATALOGIC, DATALOGIC_FROM_VALUES)
ZEN_TABLE: Final = "zen-engine, decision table"
RULE_ENGINE: Final = "rule-engine"
_NAMES: Final = ("switch", "login", "logged_in", "kind", "status", "valid", "credits")

#: The rules that say these conditions. Those of the credits, and some others, can't be lifted.
_ASKED: Final = frozenset(
    {
        rules.online_redemption_off,
        rules.client_login_disabled,
        rules.client_not_logged_in,
        rules.legacy_package,
        rules.package_archived,
        rules.package_not_started,
        rules.package_over,
        rules.package_over_by_then,
    }
)
SEVEN: Final = rules.TIMELY_2026_03.without(
    *[each for each in rules.TIMELY_2026_03.rules if each.can_be_lifted and each not in _ASKED]
)

_CEDAR: Final = """
@id("permitted") permit (principal, action, resource);
@id("switch") forbid (principal, action, resource) unless { context.switch };
@id("login") forbid (principal, action, resource) when { context.login == "disabled" };
@id("logged_in") forbid (principal, action, resource) unless { context.logged_in };
@id("kind") forbid (principal, action, resource) unless { context.kind == "new" };
@id("status") forbid (principal, action, resource) when { context.status == "archived" };
@id("valid") forbid (principal, action, resource)
unless { context.valid_from <= context.start && context.start < context.valid_until };
@id("credits") forbid (principal, action, resource) unless { context.remaining > 0 };
"""
_ZEN: Final = (
    'switch and login != "disabled" and logged_in and kind == "new" and status != "archived"'
    " and valid_from <= start and start < valid_until and remaining > 0"
)
_JSON_LOGIC: Final = {
    "switch": {"var": "switch"},
    "login": {"!==": [{"var": "login"}, "disabled"]},
    "logged_in": {"var": "logged_in"},
    "kind": {"===": [{"var": "kind"}, "new"]},
    "status": {"!==": [{"var": "status"}, "archived"]},
    "valid": {
        "and": [
            {"<=": [{"var": "valid_from"}, {"var": "start"}]},
            {"<": [{"var": "start"}, {"var": "valid_until"}]},
        ]
    },
    "credits": {">": [{"var": "remaining"}, 0]},
}
_EVERY_REASON: Final = datalogic_py.Engine().compile(
    {"merge": [{"if": [holds, [], [name]]} for name, holds in _JSON_LOGIC.items()]}
)
_COLUMNS: Final = (
    ("switch", "true"),
    ("login", '"optional", "mandatory"'),
    ("logged_in", "true"),
    ("kind", '"new"'),
    ("status", '"active"'),
    ("start", ">= valid_from and start < valid_until"),
    ("remaining", "> 0"),
)


def by_hand(asked: Case) -> bool:
    """Answer the seven conditions over the values, and stop at the first that fails."""
    account = asked.account
    package = asked.packages[0]
    start = asked.booking.starts_at
    return (
        account.online_redemption is True
        and account.client_login is not ClientLogin.DISABLED
        and asked.client.logged_in
        and package.kind is PackageKind.NEW
        and package.status is PackageStatus.ACTIVE
        and (package.valid_from is None or package.valid_from <= start)
        and (package.valid_until is None or start < package.valid_until)
        and package.entitlements[0].has_credit
    )


def spoilt_cases() -> Iterator[tuple[str, Case]]:
    """Yield all 128 cases in which some of the seven conditions fail, the first one none."""
    for failing in product((False, True), repeat=len(_NAMES)):
        names = [name for name, fails in zip(_NAMES, failing, strict=True) if fails]
        yield " ".join(names) or "none", _spoilt(frozenset(names))


def _spoilt(failing: frozenset[str]) -> Case:
    package = ELIGIBLE.packages[0]
    return replace(
        ELIGIBLE,
        account=replace(
            ELIGIBLE.account,
            online_redemption="switch" not in failing,
            client_login=ClientLogin.DISABLED if "login" in failing else ClientLogin.OPTIONAL,
        ),
        client=Client(id="ana", logged_in="logged_in" not in failing, has_saved_card=True),
        packages=(
            replace(
                package,
                kind=PackageKind.LEGACY if "kind" in failing else PackageKind.NEW,
                status=PackageStatus.ARCHIVED if "status" in failing else PackageStatus.ACTIVE,
                valid_until=NOW if "valid" in failing else package.valid_until,
                entitlements=(credit("facial", left=0 if "credits" in failing else 5),),
            ),
        ),
    )


def facts_of(asked: Case) -> Facts:
    """Return the plain facts of a case: texts, numbers, booleans; made as fast as can be."""
    account, package = asked.account, asked.packages[0]
    return {
        "switch": account.online_redemption,
        "login": account.client_login.value,
        "logged_in": asked.client.logged_in,
        "kind": package.kind.value,
        "status": package.status.value,
        "valid_from": package.valid_from.timestamp(),  # type: ignore[union-attr]  # all have one
        "valid_until": package.valid_until.timestamp(),  # type: ignore[union-attr]  # all have one
        "start": asked.booking.starts_at.timestamp(),
        "remaining": package.entitlements[0].remaining,
    }


def _cedar(asked: Case) -> Ask:
    facts = facts_of(asked)
    for name in ("valid_from", "valid_until", "start"):
        facts[name] = int(facts[name])  # Cedar knows whole numbers only
    policies = cedarpy.PolicySet.from_str(_CEDAR)
    entities = cedarpy.Entities.from_json_str("[]")
    request = {
        "principal": 'Client::"ana"',
        "action": 'Action::"book"',
        "resource": 'Booking::"b1"',
        "context": json.dumps(facts),
    }
    return lambda: cedarpy.is_authorized(request, policies, entities).allowed


def failing_by_datalogic(facts: Facts) -> list[str]:
    """Return the names of the conditions that fail, in their order, as the rule tells them."""
    return list(_EVERY_REASON.evaluate(facts))


def _datalogic(asked: Case) -> Ask:
    facts = facts_of(asked)
    failing = _EVERY_REASON.evaluate
    return lambda: not failing(facts)


def _datalogic_from_values(asked: Case) -> Ask:
    failing = _EVERY_REASON.evaluate
    return lambda: not failing(facts_of(asked))


def _zen_expression(asked: Case) -> Ask:
    compiled = zen.compile_expression(_ZEN)
    facts = facts_of(asked)
    return lambda: compiled.evaluate(facts)


def _zen_expression_from_values(asked: Case) -> Ask:
    compiled = zen.compile_expression(_ZEN)
    return lambda: compiled.evaluate(facts_of(asked))


def _zen_table(asked: Case) -> Ask:
    facts = facts_of(asked)
    inputs = [
        {"id": f"i{place}", "name": field, "type": "expression", "field": field}
        for place, (field, _) in enumerate(_COLUMNS)
    ]
    row = {f"i{place}": test for place, (_, test) in enumerate(_COLUMNS)}
    table = {
        "nodes": [
            {"id": "in", "name": "in", "type": "inputNode"},
            {
                "id": "table",
                "name": "table",
                "type": "decisionTableNode",
                "content": {
                    "hitPolicy": "first",
                    "inputs": inputs,
                    "outputs": [{"id": "o", "name": "ok", "type": "expression", "field": "ok"}],
                    "rules": [{"_id": "yes", **row, "o": "true"}, {"_id": "no", "o": "false"}],
                },
            },
            {"id": "out", "name": "out", "type": "outputNode"},
        ],
        "edges": [
            {"id": "e1", "sourceId": "in", "targetId": "table", "type": "edge"},
            {"id": "e2", "sourceId": "table", "targetId": "out", "type": "edge"},
        ],
    }
    decision = zen.ZenEngine().create_decision(json.dumps(table))
    return lambda: decision.evaluate(facts)["result"]["ok"]


def _rule_engine(asked: Case) -> Ask:
    facts = facts_of(asked)
    rule = rule_engine.Rule(_ZEN)  # the same text means the same in both
    return lambda: rule.matches(facts)


#: The engines, the fastest form of each: what it is called, and what makes the question.
ENGINES: Final[tuple[tuple[str, Callable[[Case], Ask]], ...]] = (
    ("zen-engine, expression", _zen_expression),
    ("zen-engine, expression, with the facts made from the values", _zen_expression_from_values),
    (ZEN_TABLE, _zen_table),
    (RULE_ENGINE, _rule_engine),
    (DATALOGIC, _datalogic),
    (DATALOGIC_FROM_VALUES, _datalogic_from_values),
    (CEDAR, _cedar),
)


def askers(asked: Case) -> dict[str, Ask]:
    """Return for each peer the function without arguments that answers the case."""
    policy = RedemptionPolicy()
    decide, decide_seven = policy.decide, RedemptionPolicy(SEVEN).decide
    given = arguments(asked)
    looked_at = {name: given[name] for name in ("account", "client", "packages", "now")}
    return {
        DECIDE: lambda: decide(**given).eligible,
        DECIDE_SEVEN: lambda: decide_seven(**given).eligible,
        NOTICE: lambda: policy.notice(**looked_at),
        BY_HAND: lambda: by_hand(asked),
        **{name: make(asked) for name, make in ENGINES},
    }

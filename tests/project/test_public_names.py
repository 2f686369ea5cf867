"""The public names: what the root package offers, and nothing else."""

import dataclasses
import inspect
from enum import StrEnum

import pytest

import pkgredeem
from pkgredeem import Act, Bucket, ClientLogin, RedemptionPolicy, Scope, clauses, exceptions, rules
from tests.helpers.samples import SAMPLES

WORDS = """
    Act Actor Audience Bucket CardCaptureOutcome ClientLogin CreditOutcome DepositOutcome DrawState
    PackageKind PackageStatus PickedFrom Scope
"""
VALUES = """
    AccountSettings Balance Booking BookingLine CancellationTerms Case Change Clause Client Cover
    Decision Draw Ending Entitlement Finding Movement OnlineRedemptionSetting Package Redemption
    RedemptionPolicy Rule Rulebook Service Settlement
"""
ERRORS = """
    BookingMismatchError ClosedRedemptionError ConflictError InvalidValueError PkgRedeemError
    UnknownBookingError
"""
MODULES = "clauses exceptions rules stores"
DESKS = "AsyncRedemptionDesk RedemptionDesk"

MEMBERS = {
    "ClientLogin": "disabled optional mandatory",
    "PackageKind": "new legacy",
    "PackageStatus": "active archived",
    "PickedFrom": "menu add_on",
    "CreditOutcome": "return forfeit",
    "Actor": "client business",
    "Audience": "staff client",
    "DepositOutcome": "not_required collect waived",
    "CardCaptureOutcome": "not_required capture bypassed",
    "DrawState": "reserved redeemed returned forfeited",
    "Bucket": "available reserved redeemed forfeited",
    "Act": "book cancel no_show complete reschedule forgive",
    "Scope": "account client holdings package credit booking note act",
}

POLICY = {
    "setting": "account",
    "notice": "*account *client *packages *now",
    "decide": "*account *client *packages *booking *now *existing=None *by=client *note=",
    "decide_case": "case",
    "menu": "*account *client *packages *services *starts_at *now",
    "cancel": "redemption *by *now *lines=None *note= *packages=()",
    "no_show": "redemption *now *outcome=None *lines=None *note=",
    "complete": "redemption *now *lines=None *note=",
    "reschedule": "redemption *starts_at *by *now *packages *note=",
    "forgive": "redemption *now *note *lines=None",
}


def test_the_root_offers_these_names_in_order() -> None:
    """The names of the root package are sorted, and are those that are promised."""
    promised = f"{WORDS} {VALUES} {ERRORS} {MODULES} {DESKS} rule".split()

    assert sorted(promised) == pkgredeem.__all__


@pytest.mark.parametrize("name", pkgredeem.__all__)
def test_every_name_is_there_and_tells_what_it_is(name: str) -> None:
    """Each public name can be imported from the root, and has a docstring."""
    assert inspect.getdoc(getattr(pkgredeem, name))


@pytest.mark.parametrize("name", MEMBERS)
def test_the_words_of_an_enum(name: str) -> None:
    """Each member is its lower-case word, which documents write too."""
    enum = getattr(pkgredeem, name)

    assert issubclass(enum, StrEnum)
    assert MEMBERS[name].split() == [member.value for member in enum]
    assert MEMBERS[name].split() == [member.name.lower() for member in enum]


def test_every_enum_is_in_the_table_above() -> None:
    """No enum is without its words in the table."""
    assert WORDS.split() == sorted(MEMBERS)
    assert ("optional", "available", "no_show", "act") == (
        ClientLogin.OPTIONAL,
        Bucket.AVAILABLE,
        Act.NO_SHOW,
        Scope.ACT,
    )


def test_every_value_has_a_sample_and_is_final() -> None:
    """The tests of values cover every public value; none of them is made to be inherited from."""
    found = {
        name for name in pkgredeem.__all__ if dataclasses.is_dataclass(getattr(pkgredeem, name))
    }

    assert set(VALUES.split()) == found - set(DESKS.split())
    assert sorted(VALUES.split()) == sorted(each.__name__ for each in SAMPLES)
    assert [] == [each.__name__ for each in SAMPLES if not getattr(each, "__final__", False)]


@pytest.mark.parametrize("name", POLICY)
def test_the_questions_of_a_policy(name: str) -> None:
    """Each question takes these parameters; those with a star are given by name."""
    parameters = list(inspect.signature(getattr(RedemptionPolicy, name)).parameters.values())[1:]
    told = [
        ("*" if each.kind is inspect.Parameter.KEYWORD_ONLY else "")
        + each.name
        + ("" if each.default is inspect.Parameter.empty else f"={each.default}")
        for each in parameters
    ]

    assert POLICY[name].split() == told


def test_a_policy_answers_no_other_question() -> None:
    """The questions are those of the table: there is no other way in."""
    offered = [name for name in vars(RedemptionPolicy) if not name.startswith("_")]

    assert sorted([*POLICY, "rulebook"]) == sorted(offered)


def test_the_kinds_of_error() -> None:
    """Every error is ours; two of them are also the ordinary Python error that they are like."""
    kinds = {name: getattr(exceptions, name).__bases__ for name in ERRORS.split()}
    ours = exceptions.PkgRedeemError

    assert ERRORS.split() == exceptions.__all__
    assert {
        "BookingMismatchError": (ours,),
        "ClosedRedemptionError": (ours,),
        "ConflictError": (ours,),
        "InvalidValueError": (ours, ValueError),
        "PkgRedeemError": (Exception,),
        "UnknownBookingError": (ours, LookupError),
    } == kinds


def test_the_clauses_are_all_there() -> None:
    """T01 to T25 and D01 to D39 stand in order, each under its own name."""
    article = [f"T{n:02}" for n in range(1, 26)]
    decisions = [f"D{n:02}" for n in range(1, 40)]

    assert article == [each.id for each in clauses.ARTICLE]
    assert decisions == [each.id for each in clauses.DECISIONS]
    assert [*clauses.ARTICLE, *clauses.DECISIONS] == [
        getattr(clauses, name) for name in [*article, *decisions]
    ]
    assert {"ARTICLE", "DECISIONS", "Clause", *article, *decisions} == set(clauses.__all__)


def test_every_rule_stands_in_the_module_by_its_name() -> None:
    """`rules` holds each rule of the shipped rulebooks under its code, and the three rulebooks."""
    books = (rules.TIMELY_2026_03, rules.TIMELY_2026_04, rules.IN_STORE)

    assert ["timely-2026-03", "timely-2026-04", "in-store"] == [book.name for book in books]
    assert [] == [
        each.code for book in books for each in book.rules if getattr(rules, each.code) is not each
    ]

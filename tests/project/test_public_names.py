"""The public names: what the root package offers, and nothing else."""

import dataclasses
import inspect
from collections.abc import Callable
from enum import StrEnum

import pytest

import pkgredeem
from pkgredeem import (
    Act,
    AsyncRedemptionDesk,
    Bucket,
    ClientLogin,
    RedemptionDesk,
    RedemptionPolicy,
    Scope,
    clauses,
    exceptions,
    rules,
)
from pkgredeem.rules._by_name import RULEBOOKS
from tests.helpers.samples import SAMPLES

WORDS = """
    Act Actor Audience Bucket CardCaptureOutcome ClientLogin CreditOutcome DepositOutcome DrawState
    PackageKind PackageStatus Period PickedFrom Scope Unlimited
"""
VALUES = """
    AccountSettings Adoption Balance Booking BookingLine CancellationTerms Case Change Clause
    Client Cover Days Decision Draw Ending Entitlement Finding Hours Movement
    OnlineRedemptionSetting OpenBooking Package Pause Quota Redemption RedemptionPolicy
    Restrictions Rule Rulebook Service Settlement Term Use
"""
ERRORS = """
    BookingMismatchError ClosedRedemptionError ConflictError InvalidValueError PkgRedeemError
    UnknownBookingError UnknownEntitlementError
"""
MODULES = "clauses exceptions rules stores"
DESKS = "AsyncRedemptionDesk RedemptionDesk"

MEMBERS = {
    "ClientLogin": "disabled optional mandatory",
    "PackageKind": "new legacy",
    "PackageStatus": "active archived suspended void",
    "Period": "day week month year booking upcoming ever",
    "PickedFrom": "menu add_on",
    "CreditOutcome": "return forfeit",
    "Actor": "client business",
    "Audience": "staff client",
    "DepositOutcome": "not_required collect waived",
    "CardCaptureOutcome": "not_required capture bypassed",
    "DrawState": "reserved redeemed returned forfeited",
    "Bucket": "available reserved redeemed forfeited",
    "Act": "book cancel no_show complete reschedule forgive",
    "Unlimited": "unlimited",
    "Scope": "account client holdings package credit booking note act",
}

POLICY = {
    "setting": "account",
    "notice": "*account *client *packages *now",
    "decide": (
        "*account *client *packages *booking *now *existing=None *by=client *note= *only=None"
    ),
    "decide_case": "case",
    "menu": "*account *client *packages *services *starts_at *now *only=None",
    "cancel": "redemption *by *now *lines=None *note= *packages=()",
    "no_show": "redemption *now *outcome=None *lines=None *note= *packages=()",
    "complete": "redemption *now *lines=None *note=",
    "reschedule": "redemption *account *client *starts_at *by *now *packages *note=",
    "forgive": "redemption *now *note *lines=None *packages=()",
}
DESK = {
    "quote": "*account *client *booking *now *by=client *note= *only=None *replaces=None",
    "redeem": "*account *client *booking *now *by=client *note= *only=None",
    "exchange": "booking_id *account *client *booking *by *now *note= *only=None",
    "cancel": "booking_id *by *now *lines=None *note=",
    "no_show": "booking_id *now *outcome=None *lines=None *note=",
    "complete": "booking_id *now *lines=None *note=",
    "reschedule": "booking_id *account *client *starts_at *by *now *note=",
    "forgive": "booking_id *now *note *lines=None",
}
#: What stands beside D01 to D39 so far, of the decisions beyond the article.
BEYOND = " ".join(f"D{number}" for number in range(40, 77))


def test_the_root_offers_these_names_in_order() -> None:
    """The names of the root package are sorted, a constant first, and are those promised."""
    promised = f"{WORDS} {VALUES} {ERRORS} {MODULES} {DESKS} adopt last_day rule".split()

    assert ["UNLIMITED", *sorted(promised)] == pkgredeem.__all__


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


def parameters_of(method: Callable[..., object]) -> list[str]:
    """Return the parameters of a method with their defaults, a star before those by name."""
    return [
        ("*" if parameter.kind is inspect.Parameter.KEYWORD_ONLY else "")
        + parameter.name
        + ("" if parameter.default is inspect.Parameter.empty else f"={parameter.default}")
        for parameter in list(inspect.signature(method).parameters.values())[1:]
    ]


@pytest.mark.parametrize("name", POLICY)
def test_the_questions_of_a_policy(name: str) -> None:
    """Each question takes these parameters; those with a star are given by name."""
    assert POLICY[name].split() == parameters_of(getattr(RedemptionPolicy, name))


@pytest.mark.parametrize("name", DESK)
@pytest.mark.parametrize("desk", [RedemptionDesk, AsyncRedemptionDesk])
def test_the_acts_of_a_desk(desk: type, name: str) -> None:
    """Each act of both desks takes these parameters; those with a star are given by name."""
    assert DESK[name].split() == parameters_of(getattr(desk, name))


@pytest.mark.parametrize("desk", [RedemptionDesk, AsyncRedemptionDesk])
def test_a_desk_does_no_other_act(desk: type) -> None:
    """The acts are those of the table."""
    offered = [name for name in vars(desk) if not name.startswith("_")]

    assert sorted([*DESK, "policy", "store", "attempts"]) == sorted(offered)


def test_a_policy_answers_no_other_question() -> None:
    """The questions are those of the table: there is no other way in."""
    offered = [name for name in vars(RedemptionPolicy) if not name.startswith("_")]

    assert sorted([*POLICY, "rulebook"]) == sorted(offered)


def test_the_kinds_of_error() -> None:
    """Every error is ours; some are also the ordinary Python error that they are like."""
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
        "UnknownEntitlementError": (ours, LookupError),
    } == kinds


def test_the_clauses_are_all_there() -> None:
    """T01 to T25, D01 to D39 and those beyond stand in order, each under its own name."""
    article = [f"T{n:02}" for n in range(1, 26)]
    decisions = [*(f"D{n:02}" for n in range(1, 40)), *BEYOND.split()]

    assert article == [clause.id for clause in clauses.ARTICLE]
    assert decisions == [clause.id for clause in clauses.DECISIONS]
    assert [*clauses.ARTICLE, *clauses.DECISIONS] == [
        getattr(clauses, name) for name in [*article, *decisions]
    ]
    assert {*article, *decisions} == {
        name for name, value in vars(clauses).items() if isinstance(value, clauses.Clause)
    }


def test_every_rule_stands_in_the_module_by_its_name() -> None:
    """`rules` holds each rule of the shipped rulebooks under its code, and the four rulebooks."""
    books = (rules.TIMELY_2026_03, rules.TIMELY_2026_04, rules.ONLINE, rules.IN_STORE)
    names = ["timely-2026-03", "timely-2026-04", "online", "in-store"]

    assert names == [book.name for book in books]
    assert dict(zip(names, books, strict=True)) == dict(RULEBOOKS)
    assert [] == [
        rule.code for book in books for rule in book.rules if getattr(rules, rule.code) is not rule
    ]

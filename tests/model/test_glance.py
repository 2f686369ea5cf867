"""What a value takes at a glance is what it takes when it is looked at field by field.

A value that says no more than the article is looked at once as a whole. One whose text or number is
of a class of its own is looked at field by field, and says the same. So each odd value is handed to
both.
"""

from collections import UserList
from dataclasses import MISSING, fields, replace
from datetime import UTC, date, datetime, timedelta, timezone
from inspect import isfunction

import pytest

from pkgredeem import (
    UNLIMITED,
    AccountSettings,
    Act,
    Actor,
    Balance,
    Booking,
    Bucket,
    CancellationTerms,
    Case,
    Change,
    Client,
    CreditOutcome,
    Draw,
    DrawState,
    Ending,
    Entitlement,
    InvalidValueError,
    Movement,
    Package,
    PackageKind,
    PackageStatus,
    Redemption,
    Use,
)
from pkgredeem._model import checks
from tests.helpers.fields import WRONG
from tests.helpers.samples import SAMPLES, made
from tests.helpers.support import DAY, NOW, START, booking, credit, line, package, redemption


class Text(str):
    """A text that is not quite one."""

    __slots__ = ()


class Number(int):
    """A number that is not quite one."""


class Moment(datetime):
    """An instant that is not quite one."""


class Elapsed(timedelta):
    """A duration that is not quite one."""


LATER = Moment(2026, 5, 5, 10, tzinfo=UTC)


#: Two ways to have each value looked at field by field, which say nothing else.
DOUBTFUL: list[tuple[type, dict[str, object]]] = [
    (CancellationTerms, {"window": Elapsed(days=1)}),
    (CancellationTerms, {"tiers": []}),
    (Booking, {"id": Text("b1")}),
    (Booking, {"traits": {}}),
    (Entitlement, {"id": Text("main")}),
    (Entitlement, {"quotas": []}),
    (Package, {"id": Text("p1")}),
    (Package, {"quotas": []}),
    (Case, {"note": Text()}),
    (Case, {"packages": [package()]}),
    (Draw, {"package_name": Text()}),
    (Draw, {"endings": []}),
    (Ending, {"note": Text()}),
    (Ending, {"at": LATER}),
    (Redemption, {"rulebook": Text("timely-2026-03")}),
    (Redemption, {"reschedules": []}),
    (Use, {"service_id": Text("facial")}),
    (Use, {"starts_at": LATER}),
    (Movement, {"note": Text()}),
    (Movement, {"at": LATER}),
    (Change, {"package_versions": []}),
    (Change, {"movements": [made(Movement)]}),
    (Balance, {"forfeited": Number(0)}),
    (Balance, {"reserved": Number(1)}),
]

ODD: tuple[object, ...] = (
    *(value for values in WRONG.values() for value in values),
    *(word for words in (Act, Actor, Bucket, CreditOutcome, DrawState) for word in words),
    *(word for words in (PackageKind, PackageStatus) for word in words),
    UNLIMITED,
    Text("p1"),
    Text(""),
    Number(3),
    Moment(2026, 5, 5, 10, tzinfo=UTC),
    START.astimezone(timezone(timedelta(hours=12))),
    NOW,
    START,
    date(2026, 5, 5),
    DAY,
    0 * DAY,
    frozenset(),
    frozenset({"facial"}),
    frozenset({"facial", ""}),
    frozenset({"facial", 7}),
    [],
    {},
    {"facial"},
    UserList([line()]),
    [line()],
    (line(), line("mask")),
    (line(),) * 101,
    [credit("facial")],
    (credit("facial"), credit("facial")),
    (credit("facial"), credit("mask")),
    (credit("facial"), "mask"),
    (package(),),
    [package()],
    (package(), package()),
    (package("p1"), package("p2")),
    (package("p1"), credit("facial")),
    ("facial",),
    ("facial", 7),
    (("place", "north"),),
    {"place": "north"},
    line(),
    booking(),
    package(),
    Client(id="ana"),
    Client(id="beth"),
    AccountSettings(),
    redemption(),
    replace(redemption(), version=2),
    redemption().draws,
    redemption().draws * 2,
    (("p1", 3),),
    made(CancellationTerms),
    made(Movement),
    (made(Movement),),
    made(Ending),
    (made(Ending),),
    (made(Use),),
    "facial",
    "x" * 300,
    2**64,
    -(2**64),
)


def required(kind: type) -> dict[str, object]:
    """Return the fields that a value of that class must say."""
    found = {
        field.name: SAMPLES[kind][field.name]
        for field in fields(kind)
        if field.init and field.default is MISSING
    }
    if kind is Redemption:
        found["draws"] = redemption().draws
    return found | {"late": False} if kind is Ending else found


def outcome(kind: type, said: dict[str, object], field: str, value: object) -> object:
    """Return how that value is stored in that field, or what refuses it."""
    try:
        stored = getattr(kind(**said | {field: value}), field)
    except InvalidValueError as error:
        return error.field, error.allowed, repr(error.value)
    return type(stored), stored


@pytest.mark.parametrize(("kind", "doubtful"), DOUBTFUL)
def test_a_glance_takes_what_each_field_takes(kind: type, doubtful: dict[str, object]) -> None:
    """For every odd value of every field: stored alike, or refused in the same words."""
    said = required(kind)
    told = []
    for field in (each.name for each in fields(kind) if each.init and each.name not in doubtful):
        for value in ODD:
            found = [outcome(kind, one, field, value) for one in (said, said | doubtful)]
            if found[0] != found[1]:
                told.append((field, value, *found))

    assert [] == told


def case_of(*packages: Package) -> Case:
    """Return a case with these packages."""
    return Case(**required(Case) | {"packages": packages})  # type: ignore[arg-type]  # what it takes


def entitlements(count: int) -> list[Entitlement]:
    """Return so many entitlements, each with an id of its own."""
    return [credit("facial", id=str(number)) for number in range(count)]


@pytest.mark.parametrize("counts", [[1_001], [1, 1_000], [500, 501]])
def test_a_glance_counts_entitlements(counts: list[int]) -> None:
    """A case whose packages have more than 1,000 entitlements is refused (D75)."""
    packages = [package(str(place), *entitlements(count)) for place, count in enumerate(counts)]
    with pytest.raises(InvalidValueError, match=r"Case\.packages must be at most 1,000 entit"):
        case_of(*packages)


def test_a_glance_counts_packages() -> None:
    """A case with 1,000 packages is taken, and one with 1,001 is refused (D75)."""
    packages = [package(str(number)) for number in range(1_001)]

    assert tuple(packages[1:]) == case_of(*packages[1:]).packages
    with pytest.raises(InvalidValueError, match=r"Case\.packages must be at most 1,000 packages"):
        case_of(*packages)


@pytest.mark.parametrize("status", PackageStatus)
def test_a_glance_knows_which_status_is_no_usual_one(status: PackageStatus) -> None:
    """What a package sets beyond the article is the same at a glance and field by field."""
    said = required(Package) | {"status": status}
    at_once = Package(**said)  # type: ignore[arg-type]  # what it takes
    by_field = Package(**said | {"quotas": []})  # type: ignore[arg-type]  # what it takes
    expected = frozenset[str]() if status is PackageStatus.ACTIVE else frozenset({"status"})

    assert (expected, expected) == (at_once.beyond, by_field.beyond)


#: What a glance asks, and how it stores.
GLANCES = {"are_all", "is_optional_utc_instant", "is_utc_instant"}
#: The least that fields take, and the most.
BOUNDS: list[tuple[type, dict[str, object]]] = [
    (Balance, {"available": 0, "reserved": 0, "redeemed": 0, "forfeited": 0}),
    (CancellationTerms, {"window": 0 * DAY}),
    (CancellationTerms, {"window": 366 * DAY}),
    (CancellationTerms, {"no_show": CreditOutcome.RETURN}),
    (Draw, {"line": 0, "credits": 1}),
    (Entitlement, {"remaining": 0}),
    (Movement, {"credits": 1}),
    (Redemption, {"version": 1}),
    (Use, {"line": 0}),
]


@pytest.mark.parametrize(
    ("kind", "bounds"),
    [*((kind, {}) for kind in dict.fromkeys(one for one, _ in DOUBTFUL)), *BOUNDS],
)
def test_what_says_no_more_than_the_article_is_looked_at_once(
    kind: type, bounds: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No check of a single field is called, which would take several times as long."""
    said = required(kind) | bounds
    for name, check in vars(checks).copy().items():
        if isfunction(check) and check.__module__ == checks.__name__ and name not in GLANCES:
            monkeypatch.setattr(checks, name, None)

    taken = kind(**said)

    assert said == {name: getattr(taken, name) for name in said}

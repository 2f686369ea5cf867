"""What is fuzzed: functions of bytes that raise only when the library is wrong."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from pkgredeem import (
    AccountSettings,
    Actor,
    Audience,
    Case,
    Client,
    CreditOutcome,
    Package,
    PkgRedeemError,
    Redemption,
    RedemptionPolicy,
    Rulebook,
    Settlement,
    rules,
)
from pkgredeem.documents import (
    case_document,
    decision_document,
    parse_json,
    read_case,
    settlement_document,
)
from pkgredeem.testing.cases._choices import Choices, chance, pick
from pkgredeem.testing.cases.generator import grow_case

_BOOKS: Final[tuple[Rulebook, ...]] = (
    rules.TIMELY_2026_03,
    rules.TIMELY_2026_04,
    rules.IN_STORE,
    rules.TIMELY_2026_03.without(rules.several_active_packages, rules.mixed_booking),
)
_MOST_ACTS: Final = 6
_ODD: Final[tuple[object, ...]] = (
    None,
    True,
    -1,
    0.5,
    "",
    "client",
    b"\x00",
    (),
    [0],
    ["facial"],
    {},
    object,
    date(2026, 5, 1),
    datetime(2026, 5, 1),  # noqa: DTZ001 - an instant without a zone is what must be refused
    datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
    datetime.max.replace(tzinfo=UTC),
    timedelta(days=400),
)


class BytesChoices:
    """Choices that bytes make; when they are used up, the plainest."""

    def __init__(self, data: bytes) -> None:
        """Begin with the first byte."""
        self._data = data
        self._place = 0

    def integer_below(self, bound: int) -> int:
        """Return a number below the bound, out of one byte or, for a large bound, two."""
        width = 1 if bound <= 256 else 2
        taken = self._data[self._place : self._place + width]
        self._place += width
        return int.from_bytes(taken, "big") % bound


def documents(data: bytes) -> None:
    """Read bytes as a case document; what can be read is decided, and reads back equal."""
    try:
        case = read_case(parse_json(data))
    except PkgRedeemError as error:
        _told(error)
        return
    assert read_case(case_document(case)) == case
    for book in _BOOKS:
        _decided(case, book)


def redemptions(data: bytes) -> None:
    """Read bytes as a redemption; what can be read is written equal, and can be acted on."""
    try:
        made = Redemption.from_document(parse_json(data))
    except PkgRedeemError as error:
        _told(error)
        return
    assert Redemption.from_document(made.to_document()) == made
    _acted(BytesChoices(data[-16:]), made, ())


def decide(data: bytes) -> None:
    """Grow a case from bytes, perhaps with a value that can't be, and decide it."""
    choices = BytesChoices(data)
    book = pick(choices, _BOOKS)
    case = grow_case(choices)
    _decided(case, book)
    asked: dict[str, object] = {name: getattr(case, name) for name in Case.__dataclass_fields__}
    while chance(choices, 40):
        asked[pick(choices, tuple(asked))] = pick(choices, _ODD)
    try:
        decision = RedemptionPolicy(book).decide(**asked)  # type: ignore[arg-type]  # odd on purpose
    except PkgRedeemError as error:
        _told(error)
    else:
        assert decision.eligible is not bool(decision.reasons)


def cancel(data: bytes) -> None:
    """Grow a case from bytes, book it, and act on it: in time, late, twice, and wrongly."""
    choices = BytesChoices(data)
    book = pick(choices, _BOOKS)
    case = grow_case(choices, refused=10)
    try:
        made = RedemptionPolicy(book).decide_case(case).redemption
    except PkgRedeemError as error:
        _told(error)
        made = case.existing
    if made is not None:
        _acted(choices, made, case.packages)


TARGETS: Final[dict[str, Callable[[bytes], None]]] = {
    "documents": documents,
    "redemptions": redemptions,
    "decide": decide,
    "cancel": cancel,
}


def _told(error: PkgRedeemError) -> None:
    assert str(error)


def _decided(case: Case, book: Rulebook) -> None:
    try:
        decision = RedemptionPolicy(book).decide_case(case)
    except PkgRedeemError as error:
        _told(error)
        return
    assert decision.eligible is not bool(decision.reasons)
    for audience in Audience:
        assert decision.explain(audience)
        decision_document(decision, audience)


def _acted(choices: Choices, made: Redemption, packages: tuple[Package, ...]) -> None:
    policy = RedemptionPolicy()
    for _ in range(_MOST_ACTS):
        act = pick(choices, ("cancel", "no_show", "complete", "reschedule", "forgive"))
        arguments = _arguments(choices, act, made, packages)
        try:
            settlement: Settlement = getattr(policy, act)(made, **arguments)
        except PkgRedeemError as error:
            _told(error)
            continue
        for audience in Audience:
            assert settlement.explain(audience)
            settlement_document(settlement, audience)
        if settlement.change is not None:
            made = settlement.change.after
            assert Redemption.from_document(made.to_document()) == made


def _arguments(
    choices: Choices, act: str, made: Redemption, packages: tuple[Package, ...]
) -> dict[str, object]:
    """Return what the act is asked with: around the boundaries, and now and then what can't be."""
    arguments: dict[str, object] = {"now": _near(choices, made), "note": pick(choices, ("why", ""))}
    if act != "reschedule":
        arguments["lines"] = pick(choices, (None, (0,), (1,), (0, 1), (0, 0), (), (7,)))
    if act in {"cancel", "reschedule"}:
        arguments["by"] = pick(choices, tuple(Actor))
    if act != "complete":
        arguments["packages"] = packages
    if act == "reschedule":
        arguments["starts_at"] = _near(choices, made)
        arguments["account"] = AccountSettings()
        arguments["client"] = Client(id=made.client_id)
    if act == "no_show":
        arguments["outcome"] = pick(choices, (None, *CreditOutcome))
    if chance(choices, 10):
        arguments[pick(choices, tuple(arguments))] = pick(choices, _ODD)
    return arguments


def _near(choices: Choices, made: Redemption) -> datetime:
    """Return an instant at or beside one of the redemption's own, where the calendar has it."""
    edge = pick(choices, (made.starts_at, made.booked_at, made.free_until or made.starts_at))
    beside = pick(choices, (0, 1, -1, 3_600_000_000, -3_600_000_000))
    try:
        return edge + timedelta(microseconds=beside)
    except OverflowError:
        return edge

"""What a policy is asked: wrong types, and lines that can't be meant, are refused by name."""

from datetime import datetime

import pytest

from pkgredeem import (
    Act,
    Actor,
    ClosedRedemptionError,
    DrawState,
    InvalidValueError,
    Redemption,
    RedemptionPolicy,
    Settlement,
    rules,
)
from pkgredeem._engine.policy import checked_policy
from tests.helpers.support import (
    ANA,
    DAY,
    NO_LIMITS,
    NOW,
    START,
    account,
    after,
    booking,
    case,
    decide,
    ended,
    package,
    redemption,
    rescheduled,
)

POLICY = RedemptionPolicy()


CANCEL, NO_SHOW, COMPLETE, FORGIVE, RESCHEDULE = (
    Act.CANCEL,
    Act.NO_SHOW,
    Act.COMPLETE,
    Act.FORGIVE,
    Act.RESCHEDULE,
)


def done(act: Act, found: Redemption, lines: list[int] | None = None) -> Settlement:
    """Do the act at a time when it is allowed."""
    if act is CANCEL:
        return POLICY.cancel(found, by=Actor.CLIENT, now=NOW, lines=lines)
    if act is NO_SHOW:
        return POLICY.no_show(found, now=START, lines=lines)
    if act is COMPLETE:
        return POLICY.complete(found, now=START, lines=lines)
    if act is FORGIVE:
        return POLICY.forgive(found, now=START, note="unhappy", lines=lines)
    return rescheduled(found, to=START + DAY)


@pytest.mark.parametrize(
    "lines", [[], [1], [-1], [0, 0], [True], ["0"], [0.0], "0", 0, [None], [0, 2]]
)
@pytest.mark.parametrize("act", [CANCEL, NO_SHOW, COMPLETE, FORGIVE])
def test_lines_that_cannot_be_meant(act: Act, lines: list[int]) -> None:
    """None, unknown, twice, or no number at all: broken input, whatever the state."""
    completed = ended(redemption(), COMPLETE, DrawState.REDEEMED, [0])
    for found in (redemption(), completed, after(done(FORGIVE, completed))):
        with pytest.raises(InvalidValueError) as caught:
            done(act, found, lines)
        assert caught.value.field in {"lines", "lines[0]"}


def test_a_line_without_a_credit_cannot_be_meant() -> None:
    """Nothing pays for the second line with a package, so no act on it is of a credit."""
    mixed = decide(case("facial", "massage"), NO_LIMITS).redemption
    assert mixed is not None

    with pytest.raises(InvalidValueError) as caught:
        done(CANCEL, mixed, [1])
    assert ("lines", 1, "lines that a credit pays for (0)") == (
        caught.value.field,
        caught.value.value,
        caught.value.allowed,
    )
    assert done(CANCEL, mixed).allowed


def test_forgiving_what_is_still_reserved_is_broken_input_before_anything_else() -> None:
    """Also where another line has ended in a way that can't be forgiven (D37).

    Without lines nothing is left to forgive there, and the reserved line is left alone (D30).
    """
    for ended_line in (0, 1):
        found = ended(redemption("facial", "massage"), CANCEL, DrawState.RETURNED, [ended_line])
        with pytest.raises(InvalidValueError) as caught:
            done(FORGIVE, found, [0, 1])
        assert ("lines", 1 - ended_line) == (caught.value.field, caught.value.value)
        with pytest.raises(ClosedRedemptionError):
            done(FORGIVE, found)


def test_lines_may_be_any_iterable() -> None:
    """A set or a generator names lines as well as a list, in any order."""
    found = redemption("facial", "massage")
    expected = done(CANCEL, found)

    assert expected == done(CANCEL, found, [1, 0])
    assert expected == POLICY.cancel(found, by=Actor.CLIENT, now=NOW, lines={0, 1})
    assert expected == POLICY.cancel(found, by=Actor.CLIENT, now=NOW, lines=iter((1, 0)))


@pytest.mark.parametrize("act", ["cancel", "no_show", "complete", "forgive", "reschedule"])
def test_an_act_checks_what_it_is_given(act: str) -> None:
    """Wrong types are refused by name, in every act."""
    given: dict[str, object] = {"now": START, "note": "why"}
    if act in {"cancel", "reschedule"}:
        given |= {"by": Actor.CLIENT, "packages": [package()]}
    if act == "reschedule":
        given |= {"starts_at": START + DAY, "account": account(), "client": ANA}
    wrong: list[tuple[str, object]] = [
        ("now", START.replace(tzinfo=None)),
        ("note", None),
        *([("by", "client")] if "by" in given else []),
        *([("account", None), ("client", "ana")] if act == "reschedule" else []),
        *([("starts_at", "tomorrow")] if "starts_at" in given else []),
        *([("outcome", "forfeit")] if act == "no_show" else []),
    ]
    for field, value in wrong:
        with pytest.raises(InvalidValueError) as caught:
            getattr(POLICY, act)(redemption(), **(given | {field: value}))
        assert field == caught.value.field.removeprefix("Case.")
    if act != "complete":
        with pytest.raises(InvalidValueError, match=r"packages must be listed only once, not 'p1'"):
            getattr(POLICY, act)(redemption(), **(given | {"packages": [package(), package()]}))
    with pytest.raises(InvalidValueError, match="redemption must be a Redemption, not None"):
        getattr(POLICY, act)(None, **given)


@pytest.mark.parametrize(
    ("note", "allowed"),
    [
        (None, "a text that is not empty"),
        (7, "a text that is not empty"),
        ("", "a text that is not empty"),
        (" ", "a text that says why it is forgiven"),
        ("\n", "a text that says why it is forgiven"),
    ],
)
def test_forgiving_needs_a_reason(note: object, allowed: str) -> None:
    """An empty note, or one of white space only, says nothing (D16, D36)."""
    found = ended(redemption(), COMPLETE, DrawState.REDEEMED, [0])
    with pytest.raises(InvalidValueError) as caught:
        POLICY.forgive(found, now=START, note=note)  # type: ignore[arg-type]  # that is the point

    assert ("note", note, allowed) == (
        caught.value.field,
        caught.value.value,
        caught.value.allowed,
    )


@pytest.mark.parametrize(
    ("name", "wrong", "field"),
    [
        ("account", None, "Case.account"),
        ("client", "ana", "Case.client"),
        ("packages", ["p1"], "Case.packages[0]"),
        ("packages", ("p1",), "Case.packages[0]"),
        ("packages", "p1", "Case.packages"),
        ("packages", [package(), package()], "Case.packages"),
        ("booking", "b1", "Case.booking"),
        ("now", datetime(2026, 5, 1), "Case.now"),  # noqa: DTZ001 - what must be refused
        ("existing", "b1", "Case.existing"),
        ("by", "client", "Case.by"),
        ("note", None, "Case.note"),
    ],
)
def test_deciding_names_what_it_can_not_use(name: str, wrong: object, field: str) -> None:
    """Each argument of `decide` is checked as the field of a case is, and named as it."""
    asked: dict[str, object] = {
        "account": account(),
        "client": ANA,
        "packages": [package()],
        "booking": booking(),
        "now": NOW,
    }
    with pytest.raises(InvalidValueError) as refused:
        RedemptionPolicy().decide(**(asked | {name: wrong}))  # type: ignore[arg-type]  # see above

    assert field == refused.value.field


def test_what_is_no_policy_is_named_by_its_field() -> None:
    """Whoever takes a policy refuses a rulebook in its place."""
    assert POLICY is checked_policy("policy", POLICY)
    with pytest.raises(InvalidValueError) as raised:
        checked_policy("policies[0]", rules.IN_STORE)
    assert ("policies[0]", rules.IN_STORE, "a RedemptionPolicy") == raised.value.args


def test_an_act_names_the_lines_that_it_can_not_end() -> None:
    """A line without a credit, one named twice, and one that is still reserved are each told."""
    policy, made = RedemptionPolicy(), redemption("facial", "massage")
    with pytest.raises(InvalidValueError) as beyond:
        policy.cancel(made, by=Actor.CLIENT, now=NOW, lines=[7])
    with pytest.raises(InvalidValueError) as twice:
        policy.cancel(made, by=Actor.CLIENT, now=NOW, lines=[0, 0])
    with pytest.raises(InvalidValueError) as reserved:
        policy.forgive(made, now=START, note="why", lines=[1])

    assert ("lines", 7, "lines that a credit pays for (0, 1)") == beyond.value.args
    assert ("lines", (0, 0), "listed only once") == twice.value.args
    allowed = "lines whose credit is redeemed or forfeited (cancel a reserved one)"
    assert ("lines", 1, allowed) == reserved.value.args

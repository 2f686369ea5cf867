"""Strategies for hypothesis: rulebooks, answers, and what follows from them.

Answers are real ones: a policy decides a drawn case, and drawn acts follow.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, TypeAlias, TypeVar

from hypothesis import HealthCheck, Phase, given, reject, seed, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from pkgredeem import (
    UNLIMITED,
    Act,
    Actor,
    Balance,
    Case,
    Change,
    Clause,
    ClosedRedemptionError,
    Cover,
    CreditOutcome,
    Decision,
    Draw,
    Ending,
    Finding,
    InvalidValueError,
    Movement,
    OnlineRedemptionSetting,
    Redemption,
    RedemptionPolicy,
    Rule,
    Rulebook,
    Settlement,
)
from pkgredeem import clauses as texts
from pkgredeem import rules as shipped
from pkgredeem.testing.cases._choices import DrawnChoices
from pkgredeem.testing.cases._eligible import plain_case
from pkgredeem.testing.cases._rebookings import exchanged_in_time
from pkgredeem.testing.cases.strategies import cases, instants
from tests.helpers.own_rules import OWN_RULES

_BOOKS: Final = (
    shipped.TIMELY_2026_03,
    shipped.TIMELY_2026_04,
    shipped.IN_STORE,
    shipped.ONLINE,
)
_RULES: Final = (
    *shipped.TIMELY_2026_03.rules,
    *shipped.acts.EVERY_RULE,
    *OWN_RULES,
)
_TICK: Final = timedelta(microseconds=1)
_DAY: Final = timedelta(days=1)
_MOST_CREDITS: Final = 100
_MOST_ACTS: Final = 3
_MANY_BYTES: Final = 200


_Value = TypeVar("_Value")


def drawn(strategy: SearchStrategy[_Value], count: int) -> list[_Value]:
    """Return values that the strategy gives, the same ones every time."""
    found: list[_Value] = []

    @seed(2)
    @settings(
        max_examples=count,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[*HealthCheck],
    )
    @given(strategy)
    def collect(value: _Value) -> None:
        found.append(value)

    collect()
    return found


def clauses() -> SearchStrategy[Clause]:
    """Return clauses of the article, decisions of ours, and a house rule."""
    house = Clause(id="HOUSE-2", heading="house rules", says="no packages on public holidays")
    return st.sampled_from((*texts.ARTICLE, *texts.DECISIONS, house))


def rules() -> SearchStrategy[Rule]:
    """Return rules of the shipped rulebooks, of settlements, and some as callers add them."""
    return st.sampled_from(_RULES)


@st.composite
def rulebooks(draw: DrawFn) -> Rulebook:
    """Return shipped rulebooks with up to three rules lifted and up to two added."""
    book = draw(st.sampled_from(_BOOKS))
    liftable = [rule for rule in book.rules if rule.can_be_lifted]
    lifted = draw(st.lists(st.sampled_from(liftable), max_size=3, unique_by=_code_of))
    added = draw(st.lists(st.sampled_from(OWN_RULES), max_size=2, unique_by=_code_of))
    return book.without(*lifted).including(*added)


def _code_of(rule: Rule) -> str:
    return rule.code


def policies() -> SearchStrategy[RedemptionPolicy]:
    """Return policies of the shipped rulebooks, of such with rules lifted, and with rules added."""
    return rulebooks().map(RedemptionPolicy)


def findings() -> SearchStrategy[Finding]:
    """Return findings of rules, with facts of every kind."""
    facts = st.text(max_size=20) | st.integers(-1_000, 1_000) | instants()
    return st.builds(
        _finding,
        rules(),
        st.dictionaries(st.sampled_from(("count", "valid_until", "word")), facts),
        st.sampled_from((("", ""), ("p1", ""), ("p1", "Ten visits"), ("facial", ""))),
    )


def _finding(rule: Rule, facts: dict[str, str | int], subject: tuple[str, str]) -> Finding:
    return rule.finding_for(facts or True, *subject)


def online_redemption_settings() -> SearchStrategy[OnlineRedemptionSetting]:
    """Return settings as they are in effect: what is not visible is not enabled."""
    return st.builds(_setting, st.booleans(), st.booleans(), st.booleans())


def _setting(visible: bool, enabled: bool, chosen: bool) -> OnlineRedemptionSetting:
    return OnlineRedemptionSetting(visible=visible, enabled=visible and enabled, chosen=chosen)


def decisions() -> SearchStrategy[Decision]:
    """Return decisions of drawn policies about drawn cases, eligible and refused."""
    return st.builds(RedemptionPolicy.decide_case, policies(), cases())


@st.composite
def _booked(draw: DrawFn) -> tuple[RedemptionPolicy, Case, Change]:
    """Return a policy, a case that it finds eligible, and the change to commit."""
    policy, case = draw(policies()), draw(cases())
    if not case.is_own:
        booking = replace(case.booking, id=draw(st.sampled_from((case.booking.id, "b2"))))
        case = replace(case, booking=booking)
    change = policy.decide_case(case).change
    if change is None:
        reject()
    return policy, case, change


@st.composite
def _settled(draw: DrawFn, least: int = 0) -> tuple[list[Change], list[Settlement]]:
    """Return what up to three acts make of a redemption: the changes, and how each was judged."""
    policy, case, booked = draw(_booked())
    changes: list[Change] = [booked]
    settlements: list[Settlement] = []
    for _ in range(draw(st.integers(least, _MOST_ACTS))):
        redemption = changes[-1].after
        at = redemption.starts_at + draw(st.sampled_from(_MOMENTS))
        act = draw(st.sampled_from(_ACTS))
        try:
            settlement = act(policy, redemption, draw(st.sampled_from(Actor)), at, case)
        except (ClosedRedemptionError, InvalidValueError):
            continue  # this act comes too late, or too early
        settlements.append(settlement)
        if settlement.change is not None:
            changes.append(settlement.change)
    return changes, settlements


def _cancel(
    policy: RedemptionPolicy, redemption: Redemption, by: Actor, at: datetime, case: Case
) -> Settlement:
    lines = [redemption.draws[0].line] if by is Actor.BUSINESS else None
    return policy.cancel(redemption, by=by, now=at, lines=lines, packages=case.packages)


def _no_show(
    policy: RedemptionPolicy, redemption: Redemption, by: Actor, at: datetime, case: Case
) -> Settlement:
    outcome = CreditOutcome.FORFEIT if by is Actor.CLIENT else None
    return policy.no_show(
        redemption, now=max(at, redemption.starts_at), outcome=outcome, packages=case.packages
    )


def _complete(
    policy: RedemptionPolicy, redemption: Redemption, _: Actor, at: datetime, __: Case
) -> Settlement:
    return policy.complete(redemption, now=at)


def _reschedule(
    policy: RedemptionPolicy, redemption: Redemption, by: Actor, at: datetime, case: Case
) -> Settlement:
    return policy.reschedule(
        redemption,
        account=case.account,
        client=case.client,
        starts_at=at + _DAY,
        by=by,
        now=at,
        packages=case.packages,
    )


def _forgive(
    policy: RedemptionPolicy, redemption: Redemption, _: Actor, at: datetime, case: Case
) -> Settlement:
    return policy.forgive(redemption, now=at, note="a good client", packages=case.packages)


_Act: TypeAlias = Callable[[RedemptionPolicy, Redemption, Actor, datetime, Case], Settlement]
#: The last one can't come first: a reserved credit is not forgiven.
_ACTS: Final[tuple[_Act, ...]] = (_cancel, _no_show, _complete, _reschedule, _forgive)
_MOMENTS: Final = (-2 * _DAY, -_DAY, -_DAY + _TICK, -_TICK, 0 * _TICK, _DAY)


def changes() -> SearchStrategy[Change]:
    """Return changes: bookings, and acts on them."""
    return _settled().flatmap(lambda made: st.sampled_from(made[0]))


def redemptions() -> SearchStrategy[Redemption]:
    """Return redemptions: proposals, what up to three acts made of them, and longer lives."""
    made = changes().map(lambda change: change.after)
    return made | st.binary(min_size=_MANY_BYTES, max_size=_MANY_BYTES).map(_earlier)


def _earlier(drawn_bytes: bytes) -> Redemption:
    """Return what a booking that is exchanged was, after all that was done to it."""
    choices = DrawnChoices(drawn_bytes)
    known = exchanged_in_time(choices, plain_case(choices)).existing
    assert known is not None
    return known


def draws() -> SearchStrategy[Draw]:
    """Return draws in every state, each with the ending that led to it."""
    return redemptions().flatmap(lambda made: st.sampled_from(made.draws))


def movements() -> SearchStrategy[Movement]:
    """Return movements of bookings and of acts on them."""
    return _settled().flatmap(
        lambda made: st.sampled_from([m for change in made[0] for m in change.movements])
    )


def settlements() -> SearchStrategy[Settlement]:
    """Return settlements of acts, allowed and refused."""
    return (
        _settled(least=1)
        .filter(lambda made: bool(made[1]))
        .flatmap(lambda made: st.sampled_from(made[1]))
    )


def balances() -> SearchStrategy[Balance]:
    """Return balances of up to a hundred credits a bucket, often of none or one."""
    credits_ = st.sampled_from((0, 1)) | st.integers(0, _MOST_CREDITS)
    return st.builds(
        Balance,
        available=credits_ | st.just(UNLIMITED),
        reserved=credits_,
        redeemed=credits_,
        forfeited=credits_,
    )


@st.composite
def endings(draw: DrawFn) -> Ending:
    """Return endings; only a client's act can be late, and only a late one inside a window."""
    by = draw(st.sampled_from(Actor))
    late = draw(st.booleans()) and by is Actor.CLIENT
    return Ending(
        act=draw(st.sampled_from(Act)),
        at=draw(instants()),
        by=by,
        late=late,
        note=draw(st.just("") | st.text(max_size=20)),
        starts_at=draw(st.none() | instants()),
        window=draw(st.sampled_from((None, _DAY, 2 * _DAY))) if late else None,
    )


def covers() -> SearchStrategy[Cover]:
    """Return covers as eligible decisions found them, over the packages that they draw on."""
    return _booked().map(lambda made: _cover(made[1], made[2].after))


def _cover(case: Case, redemption: Redemption) -> Cover:
    used = {draw.package_id for draw in redemption.draws}
    covered = tuple(draw.line for draw in redemption.draws)
    return Cover(
        usable=tuple(package for package in case.packages if package.id in used),
        active=tuple(p for p in case.packages if p.is_active(case.client, case.now)),
        draws=redemption.draws,
        covered=covered,
        uncovered=tuple(
            index
            for index, line in enumerate(case.booking.lines)
            if line.payable and index not in covered
        ),
    )

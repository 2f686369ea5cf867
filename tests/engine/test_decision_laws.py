"""Laws: what holds of every decision and every act, on cases that hypothesis makes up."""

import copy
import pickle
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from random import Random
from typing import TypeVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pkgredeem import (
    UNLIMITED,
    Audience,
    Booking,
    CardCaptureOutcome,
    Case,
    Client,
    Decision,
    DepositOutcome,
    Draw,
    Entitlement,
    Package,
    Pause,
    Redemption,
    Rule,
    Rulebook,
    Use,
)
from tests.helpers.chance import SERVICES, asks_for_local_time, random_case
from tests.helpers.house_rules import few_left, kept_for_later, no_add_on, no_saturday, two_at_most
from tests.helpers.support import DAY, LONDON, NO_LIMITS, SHIPPED, account, decide, package

_Value = TypeVar("_Value")

CASES = st.randoms(use_true_random=False).map(random_case)
BOOKS = st.sampled_from([*SHIPPED, NO_LIMITS])
ADDED = st.sampled_from([kept_for_later, no_add_on, two_at_most])


def with_packages(case: Case, packages: list[Package]) -> Case:
    """Return the case with these packages instead."""
    return replace(case, packages=packages)  # type: ignore[arg-type]  # any iterable


def answer(decision: Decision) -> tuple[object, ...]:
    """Return what is decided, without the question: no instant is in it."""
    redemption = decision.redemption
    drawn = () if redemption is None else redemption.draws
    draws = [(replace(draw, terms=None, free_until=None), draw.terms) for draw in drawn]
    return (
        decision.eligible,
        [(each.code, each.subject) for each in decision.findings],
        decision.deposit,
        decision.card_capture,
        decision.uncovered,
        decision.prompt,
        decision.refund_on_cancel,
        draws,
    )


@given(case=CASES, book=BOOKS)
def test_reasons_are_there_if_and_only_if_it_is_refused(case: Case, book: Rulebook) -> None:
    """Every refusal has a reason, no yes has one, and a refusal lets nothing go (D14)."""
    decision = decide(case, book)

    assert decision.eligible is not bool(decision.reasons)
    assert decision.eligible is (decision.redemption is not None)
    if not decision.eligible:
        assert decision.deposit is not DepositOutcome.WAIVED
        assert decision.card_capture is not CardCaptureOutcome.BYPASSED
        assert (None, False, False) == (decision.change, decision.prompt, decision.refund_on_cancel)


@given(case=CASES, book=BOOKS, chance=st.randoms(use_true_random=False))
def test_the_order_of_packages_changes_nothing(case: Case, book: Rulebook, chance: Random) -> None:
    """Packages come from a set, a query, a list: their order says nothing (D20, D22)."""
    shuffled = list(case.packages)
    chance.shuffle(shuffled)

    assert decide(case, book) == decide(with_packages(case, shuffled), book)
    assert decide(case, book) == decide(case, book)


@given(case=CASES, book=BOOKS)
def test_draws_fit_what_is_left(case: Case, book: Rulebook) -> None:
    """No entitlement gives more than it has, and each credit pays for a service that it names."""
    redemption = decide(case, book).redemption
    if redemption is None:
        return
    held = {
        (each.id, one.id): one
        for each in case.with_existing_returned().packages
        for one in each.entitlements
    }
    drawn = Counter[tuple[str, str]]()
    for draw in redemption.draws:
        drawn[draw.package_id, draw.entitlement_id] += draw.credits

    assert [] == [place for place, units in drawn.items() if not held[place].has(units)]
    assert [] == [
        draw
        for draw in redemption.draws
        if draw.service_id not in held[draw.package_id, draw.entitlement_id].services
    ]


@given(case=CASES, book=st.sampled_from(SHIPPED[:2]))
def test_a_yes_covers_every_payable_line(case: Case, book: Rulebook) -> None:
    """Under the article's own rulebooks nothing is left to pay beside a package (T17, T18)."""
    decision = decide(case, book)
    payable = [index for index, line in enumerate(case.booking.lines) if line.payable]

    assert set(decision.uncovered) <= set(payable)
    if decision.redemption is not None:
        assert payable == [draw.line for draw in decision.redemption.draws]


@given(case=CASES, book=st.sampled_from([*SHIPPED, NO_LIMITS]))
def test_packages_that_are_over_or_used_up_make_no_difference(case: Case, book: Rulebook) -> None:
    """Leaving them out changes neither the answer nor the draws, before the start."""
    if case.existing is not None or case.booking.starts_at <= case.now:
        return
    alive = [each for each in case.packages if each.has_credit and not each.is_over_by(case.now)]
    whole, rest = decide(case, book), decide(with_packages(case, alive), book)

    assert (whole.eligible, whole.redemption) == (rest.eligible, rest.redemption)


@given(case=CASES, book=BOOKS, added=ADDED)
def test_adding_a_rule_only_refuses_more(case: Case, book: Rulebook, added: Rule) -> None:
    """No added rule turns a no into a yes (D23)."""
    assert decide(case, book).eligible or not decide(case, book.including(added)).eligible


@given(case=CASES, book=BOOKS, chance=st.randoms(use_true_random=False))
def test_lifting_a_rule_only_refuses_less(case: Case, book: Rulebook, chance: Random) -> None:
    """No lifted rule turns a yes into a no (D23)."""
    lifted = chance.choice([each for each in book.rules if each.can_be_lifted])

    assert not decide(case, book).eligible or decide(case, book.without(lifted)).eligible


@given(case=CASES, book=BOOKS, chance=st.randoms(use_true_random=False))
def test_one_credit_more_never_refuses(case: Case, book: Rulebook, chance: Random) -> None:
    """In a package that no credit makes active."""
    if not case.packages:
        return
    chosen = chance.choice(case.packages)
    first, *others = chosen.entitlements
    if first.remaining is UNLIMITED:
        return
    richer = replace(
        chosen,
        entitlements=[replace(first, remaining=first.remaining + 1), *others],  # type: ignore[arg-type]  # any iterable
    )
    zone = case.account.time_zone or LONDON
    counted = [held.with_end_in(zone).is_active(case.client, case.now) for held in (richer, chosen)]
    if counted[0] is not counted[1]:
        return
    packages = [richer if each is chosen else each for each in case.packages]

    assert not decide(case, book).eligible or decide(with_packages(case, packages), book).eligible


TIMES_OF_A_PACKAGE = ("sold_at", "valid_from", "valid_until", "book_until")
#: Where the instants of a value stand: in which fields, or in the values there.
INSTANTS: dict[type, tuple[str, ...]] = {
    Package: (*TIMES_OF_A_PACKAGE, "entitlements", "pauses", "uses"),
    Use: ("starts_at",),
    Entitlement: ("valid_from", "valid_until"),
    Pause: ("starts_at", "ends_at"),
    Booking: ("starts_at",),
    Draw: ("free_until",),
    Redemption: ("booking", "starts_at", "free_until", "draws", "booked_at"),
}


def shifted(value: _Value, by: timedelta) -> _Value:
    """Return the value with every instant in it later by that much."""
    if isinstance(value, datetime):
        return value + by
    if isinstance(value, tuple):
        return tuple(shifted(item, by) for item in value)  # type: ignore[return-value]  # the same
    moved = {name: shifted(getattr(value, name), by) for name in INSTANTS.get(type(value), ())}
    return replace(value, **moved) if moved else value  # type: ignore[type-var]  # values only


def shifted_case(case: Case, by: timedelta) -> Case:
    """Return the case with every instant in it later by that much."""
    return replace(
        case,
        packages=tuple(shifted(each, by) for each in case.packages),
        booking=shifted(case.booking, by),
        now=case.now + by,
        existing=shifted(case.existing, by),
    )


@given(case=CASES, book=BOOKS, by=st.timedeltas(-999 * DAY, 999 * DAY))
def test_shifting_every_instant_changes_nothing_else(
    case: Case, book: Rulebook, by: timedelta
) -> None:
    """No shipped rule knows what day it is, but where a package asks for the local clock."""
    if any(map(asks_for_local_time, case.packages)):
        return
    assert answer(decide(case, book)) == answer(decide(shifted_case(case, by), book))


@given(case=CASES, book=BOOKS, hours=st.integers(-12, 14))
def test_the_same_instants_in_another_zone_change_nothing(
    case: Case, book: Rulebook, hours: int
) -> None:
    """Instants are instants, however they are written (D15)."""
    zone = timezone(timedelta(hours=hours))

    def written(each: Package) -> Package:
        ends = {name: getattr(each, name) for name in TIMES_OF_A_PACKAGE}
        return replace(each, **{name: at and at.astimezone(zone) for name, at in ends.items()})

    elsewhere = replace(
        case,
        packages=tuple(written(each) for each in case.packages),
        booking=replace(case.booking, starts_at=case.booking.starts_at.astimezone(zone)),
        now=case.now.astimezone(zone),
    )
    assert decide(case, book) == decide(elsewhere, book)


@given(case=CASES, zones=st.permutations(["Asia/Tokyo", "Asia/Kolkata", "Pacific/Honolulu", "UTC"]))
def test_the_same_local_times_in_another_zone_decide_alike(case: Case, zones: list[str]) -> None:
    """A rule that looks at the local clock sees the same there (zones without clock changes)."""
    here, there = ZoneInfo(zones[0]), ZoneInfo(zones[1])
    book = NO_LIMITS.including(no_saturday, few_left)
    offset = case.now.astimezone(here).utcoffset()
    other = case.now.astimezone(there).utcoffset()
    assert offset is not None
    assert other is not None
    moved = shifted_case(case, offset - other)

    assert answer(decide(replace(case, account=account(time_zone=here)), book)) == answer(
        decide(replace(moved, account=account(time_zone=there)), book)
    )


@given(case=CASES, other=CASES, card=st.booleans())
def test_before_login_a_client_is_told_nothing_of_packages(
    case: Case, other: Case, card: bool
) -> None:
    """The text does not depend on which packages there are, or on what they hold (D03)."""
    client = Client(id=case.client.id, has_saved_card=card)
    zone = case.account.time_zone or LONDON  # a package may ask for the local clock
    settings = replace(case.account, time_zone=zone)
    case = replace(case, account=settings, client=client, existing=None)
    one, two = decide(case), decide(replace(case, packages=other.packages))

    assert one.explain(Audience.CLIENT) == two.explain(Audience.CLIENT)


TEXTS: dict[tuple[object, ...], str] = {}


@given(case=CASES, book=BOOKS)
def test_the_text_for_a_client_follows_from_the_codes(case: Case, book: Rulebook) -> None:
    """The same codes, the same sentence, and no digit in it (T25, D24)."""
    decision = decide(case, book)
    text = decision.explain(Audience.CLIENT)
    codes = (decision.eligible, *(each.code for each in decision.reasons))

    assert text == TEXTS.setdefault(codes, text)
    assert [] == [sign for sign in text if sign.isdigit()]


@given(case=CASES, book=BOOKS)
def test_copies_are_equal(case: Case, book: Rulebook) -> None:
    """Pickled, copied, written to JSON and read again, nothing is lost."""
    decision = decide(case, book)

    assert decision == pickle.loads(pickle.dumps(decision))  # noqa: S301 (our own bytes)
    assert decision == copy.deepcopy(decision)
    assert (decision, hash(decision)) == (copy.copy(decision), hash(copy.copy(decision)))
    assert decision == replace(decision)
    assert case == pickle.loads(pickle.dumps(case))  # noqa: S301 (our own bytes)
    if decision.redemption is not None:
        assert decision.redemption == Redemption.from_document(decision.redemption.to_document())


@pytest.mark.parametrize("service", SERVICES)
def test_cases_are_varied_enough(service: str) -> None:
    """The random cases hold yes and no, every service, and every instant is in UTC."""
    cases = [random_case(Random(seed)) for seed in range(500)]
    eligible = sum(decide(each, NO_LIMITS).eligible for each in cases)

    assert 80 < eligible < 420
    assert 30 < sum(service in each.booking.service_ids for each in cases)
    assert {UTC} == {each.now.tzinfo for each in cases}
    assert isinstance(package().entitlements[0], Entitlement)

"""What a desk quotes is what it does, and what the second implementation says that it does."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import pytest

from pkgredeem import (
    UNLIMITED,
    Actor,
    Case,
    Change,
    Client,
    Decision,
    Package,
    PkgRedeemError,
    Redemption,
    RedemptionDesk,
    RedemptionPolicy,
    Rulebook,
)
from pkgredeem.stores.memory import MemoryStore
from tests.helpers.chance import has_history, mostly, random_history
from tests.helpers.support import DAY, HOUR, INSTANT
from tests.oracle import reference
from tests.oracle.batches import BATCHES, questions
from tests.oracle.plain import Doc, case_doc, known, quote_doc, redemption_doc

QUESTIONS = 2
SEEN_AT_LEAST = 10

Told = Decision | tuple[str, str]


@dataclass(frozen=True)
class Asked:
    """One question to a desk: to redeem a booking, or to exchange another one for it."""

    case: Case
    replaces: str | None

    @property
    def arguments(self) -> dict[str, Any]:
        """What a desk is told."""
        names = ("account", "client", "booking", "now", "by", "note", "only")
        return {name: getattr(self.case, name) for name in names}


@dataclass(frozen=True)
class Salon:
    """A desk with its store, and how the other side is asked for its rulebook."""

    store: MemoryStore
    book: Rulebook
    lifted: frozenset[str]
    name: str

    @property
    def desk(self) -> RedemptionDesk:
        """The desk."""
        return RedemptionDesk(RedemptionPolicy(self.book), self.store)

    def quoted(self, asked: Asked) -> Told:
        """Return what the desk quotes, or the error that it raises."""
        try:
            return self.desk.quote(replaces=asked.replaces, **asked.arguments)
        except PkgRedeemError as error:
            return type(error).__name__, str(error)

    def done(self, asked: Asked) -> Told:
        """Return what the desk does, or the error that it raises."""
        try:
            if asked.replaces is None:
                return self.desk.redeem(**asked.arguments)
            return self.desk.exchange(asked.replaces, **asked.arguments)
        except PkgRedeemError as error:
            return type(error).__name__, str(error)

    def stored(self, booking_id: str | None) -> Redemption | None:
        """Return what is stored under that id."""
        return None if booking_id is None else self.store.redemption(booking_id)

    def expected(self, asked: Asked) -> tuple[Doc, Doc | None, Doc | None]:
        """Return what the other side says of a question, and what is then stored, new and old."""
        new, old = self.stored(asked.case.booking.id), self.stored(asked.replaces)
        stored = None if new is None else redemption_doc(new)
        replaced = None if old is None else redemption_doc(old)
        case = self._case_document(asked, old)
        answer = reference.quote(case, stored, asked.replaces, replaced, self.name, self.lifted)
        if "error" in answer or answer["recorded"] or not answer["eligible"]:
            return answer, stored, replaced
        if replaced is None:
            return answer, reference.proposal(case, self.name, self.lifted), None
        both = reference.exchange(case | {"existing": replaced}, self.name, self.lifted)
        assert both is not None
        return answer, both["new"], both["old"]

    def _case_document(self, asked: Asked, old: Redemption | None) -> Doc:
        """Return the case with the packages that a desk reads for it."""
        case = asked.case
        packages: tuple[Package, ...] = ()
        if case.client.id is not None:
            packages = self.store.packages_of(
                case.client.id,
                not_over_at=min(case.now, case.booking.starts_at),
                also=[
                    *(case.only or ()),
                    *([] if old is None else [draw.package_id for draw in old.draws]),
                ],
            )
        return case_doc(replace(case, packages=packages, existing=None))


def seeded(packages: tuple[Package, ...], history: tuple[Change, ...]) -> MemoryStore:
    """Return a store that holds these packages beside what the history has drawn and returned."""
    drawn = Counter(
        {
            (movement.package_id, movement.entitlement_id): movement.credits
            for change in history[:1]
            for movement in change.movements
        }
    )
    store = MemoryStore()
    for package in packages:
        sold = [
            one
            if one.remaining is UNLIMITED
            else replace(one, remaining=one.remaining + drawn[package.id, one.id])
            for one in package.entitlements
        ]
        store.add(replace(package, entitlements=tuple(sold)))
    for change in history:
        store.commit(change)
    return store


def salons(batch: int) -> Iterator[tuple[Random, Salon, Case]]:
    """Yield a salon for each case of a batch; mostly booking b1 is stored there already."""
    for chance, case, book, lifted, name in questions(batch):
        history: tuple[Change, ...] = ()
        if case.packages and case.client.id is not None and chance.random() < 0.8:
            history = random_history(chance, case.booking, case.packages, case.client.id)
        salon = Salon(seeded(case.packages, history), book, lifted, name)
        yield chance, salon, replace(case, existing=None)


def first_question(chance: Random, salon: Salon, case: Case) -> Asked:
    """Return the case as a question about what is stored: often about the very same contents."""
    stored = salon.stored("b1")
    if stored is not None and chance.random() < 0.4:
        case = replace(case, booking=stored.booking)
    replaces = chance.choice([None, "b1"])
    if replaces is not None and chance.random() < 0.9:
        case = replace(case, booking=replace(case.booking, id="b2"))
    return Asked(_perhaps_changed(chance, case), replaces)


def next_question(chance: Random, salon: Salon, asked: Asked) -> Asked:
    """Return the question again: later, perhaps after an act, perhaps with something changed."""
    case = replace(asked.case, now=asked.case.now + chance.choice([INSTANT, HOUR, 9 * DAY]))
    if chance.random() < 0.3:
        stored = salon.stored(chance.choice(["b1", "b2"]))
        if stored is not None and stored.is_open:
            salon.desk.cancel(stored.booking.id, by=Actor.BUSINESS, now=stored.booked_at)
    replaces = mostly(chance, asked.replaces, None, "b1", "b2", "b9", share=0.7)
    return Asked(_perhaps_changed(chance, case), replaces)


def _perhaps_changed(chance: Random, case: Case) -> Case:
    """Return the case, now and then of another client, of other services, or at another start."""
    kind, booking = chance.random(), case.booking
    if kind < 0.03:
        return replace(case, client=Client(id="somebody", logged_in=True))
    if kind < 0.06:
        turned = [replace(line, payable=not line.payable) for line in booking.lines]
        return replace(case, booking=replace(booking, lines=tuple(turned)))
    if kind < 0.09:
        return replace(case, booking=replace(booking, starts_at=booking.starts_at + INSTANT))
    return case


def told_doc(told: Told) -> Doc:
    """Write what a desk told as the second implementation tells it."""
    return quote_doc(told) if isinstance(told, Decision) else {"error": told[0]}


def kind_of(told: Told) -> str:
    """Return in a word what came of a question."""
    if not isinstance(told, Decision):
        return told[0]
    if told.recorded:
        return "recorded"
    return "eligible" if told.eligible else "refused"


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_quote_is_what_is_done(batch: int) -> None:
    """Redeeming and exchanging answer, raise and store what was quoted; a quote stores nothing."""
    seen: Counter[tuple[str, str]] = Counter()
    histories: Counter[bool] = Counter()
    for chance, salon, case in salons(batch):
        asked = first_question(chance, salon, case)
        for number in range(QUESTIONS):
            if number:
                asked = next_question(chance, salon, asked)
            ids = (asked.case.booking.id, asked.replaces)
            before = [salon.stored(each) for each in ids]
            answer, *stored = salon.expected(asked)
            quoted = salon.quoted(asked)
            assert before == [salon.stored(each) for each in ids]
            assert quoted == salon.done(asked), asked
            assert known(answer) == told_doc(quoted), asked
            after = [salon.stored(each) for each in ids]
            docs = [None if each is None else known(redemption_doc(each)) for each in after]
            assert docs == known(stored), asked
            histories.update(has_history(each) for each in before if each is not None)
            seen["redeem" if asked.replaces is None else "exchange", kind_of(quoted)] += 1
    ends = ["eligible", "refused", "recorded", "BookingMismatchError", "ClosedRedemptionError"]
    acts = ["redeem", "exchange"]
    assert [] == [(act, end) for act in acts for end in ends if seen[act, end] < SEEN_AT_LEAST]
    assert SEEN_AT_LEAST < seen["exchange", "UnknownBookingError"]
    assert SEEN_AT_LEAST < seen["exchange", "InvalidValueError"]
    # What is stored was rescheduled, exchanged or partly ended in a third of the cases, or more.
    assert histories[True] > histories[False] / 2

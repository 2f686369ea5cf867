"""Histories at random are counted alike by a replay and by the second implementation (D69)."""

import json
from collections import Counter
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from random import Random

import pytest

from pkgredeem import (
    UNLIMITED,
    Actor,
    Audience,
    Case,
    Client,
    CreditOutcome,
    Entitlement,
    Package,
    Redemption,
    RedemptionDesk,
    RedemptionPolicy,
    Rulebook,
    rules,
)
from pkgredeem.documents import case_document, decision_document
from pkgredeem.documents.replay import Replay, Tally, replay
from pkgredeem.stores.memory import MemoryStore
from tests.helpers.support import DAY, HOUR, NOW
from tests.oracle.plain import Doc, case_doc, instant
from tests.oracle.reference._history import carried, taken_as_they_stand
from tests.oracle.two_desks import SALON, booking_at_random, packages_at_random

HISTORIES = 40
LINES = 24
BOOKS = (rules.IN_STORE, rules.ONLINE)
#: What is counted often enough to mean something.
OFTEN = (
    *("eligible", "refused", "repeated", "unreadable", "unknown", "returned", "acts refused"),
    *("cancel", "reschedule", "no_show", "complete"),
)
IDS = ("b0", "b1", "b2", "b3", "b4", "b5", "b6", "b7")
ACTS = ("cancel", "cancel", "reschedule", "no_show", "complete", "forgive")

#: A line in the file, and the same in plain words; None where it can't be read.
Line = tuple[Doc, Doc | None]


def history(chance: Random) -> list[Line]:
    """Return lines in any order: bookings, some of them exchanges, and what became of them."""
    world = packages_at_random(chance)
    before = _redeemed(_asked(chance, world, NOW - DAY, "b20"))
    if before is not None:
        world = [replace(each, uses=before.uses_of(each.id)) for each in world]
    lines: list[Line] = []
    booked: list[Case] = []
    for _ in range(LINES):
        now = NOW + chance.choice([0 * HOUR, HOUR, DAY, 3 * DAY]) + chance.randint(0, 8) * 6 * HOUR
        kind = chance.random()
        if kind < 0.03:
            lines.append(({"format": "pkgredeem/1", "now": "soon"}, None))
        elif booked and kind < 0.45:
            lines.append(_act(chance, chance.choice(booked)))
        else:
            asked = _case(chance, world, booked, now)
            existing = _existing(chance, asked, booked, before)
            asked = replace(asked, existing=existing, by=chance.choice(list(Actor)))
            booked.append(asked)
            lines.append((case_document(asked), case_doc(asked)))
    chance.shuffle(lines)
    return lines


def _case(chance: Random, world: list[Package], booked: list[Case], now: datetime) -> Case:
    """Return a booking, now and then one that was asked about, with packages as told now."""
    told = [_told(chance, each) for each in world if chance.random() < 0.8]
    if booked and chance.random() < 0.15:
        again = chance.choice(booked)
        return replace(again, now=max(again.now, now), packages=tuple(told))
    return _asked(chance, told, now, chance.choice(IDS))


def _asked(chance: Random, told: list[Package], now: datetime, id: str) -> Case:
    """Return a booking of Ana's or of Beth's at random."""
    return Case(
        account=replace(SALON, card_capture=True, deposit_required=chance.random() < 0.5),
        client=Client(id=chance.choice(["ana", "ana", "beth"]), logged_in=chance.random() < 0.95),
        packages=told,
        booking=replace(booking_at_random(chance, now), id=id),
        now=now,
    )


def _existing(
    chance: Random, asked: Case, booked: list[Case], before: Redemption | None
) -> Redemption | None:
    """Return what a booking takes the place of: mostly nothing; one of the history or before."""
    earlier = [
        _redeemed(each)
        for each in booked
        if each.now < asked.now and each.client.id == asked.client.id
    ]
    mine = before if before is not None and before.client_id == asked.client.id else None
    found = [each for each in (mine, mine, *earlier) if each is not None]
    return chance.choice(found) if found and chance.random() < 0.3 else None


def _redeemed(asked: Case) -> Redemption | None:
    """Return what a booking would have been with more credits left."""
    fuller = [
        replace(package, entitlements=tuple(_refilled(each) for each in package.entitlements))
        for package in asked.packages
    ]
    asked = replace(asked, packages=tuple(fuller), existing=None)
    return RedemptionPolicy(rules.IN_STORE).decide_case(asked).redemption


def _refilled(entitlement: Entitlement) -> Entitlement:
    """Return an entitlement as it was before a credit was drawn."""
    left = entitlement.remaining
    return entitlement if left is UNLIMITED else replace(entitlement, remaining=left + 60)


def _told(chance: Random, package: Package) -> Package:
    """Return a package with what a line says of it: its balance, and what has become of it."""
    held = [
        replace(each, remaining=chance.choice([each.remaining, 0, 1]))
        if each.remaining is not UNLIMITED and chance.random() < 0.3
        else each
        for each in package.entitlements
    ]
    if chance.random() < 0.1:
        held.append(Entitlement(services=["facial"], remaining=1, id="next"))
    if chance.random() < 0.1:
        held = held[:1]
    return replace(
        package,
        entitlements=tuple(held),
        priority=chance.choice([0, 0, 1]),
        shared_with=package.shared_with if chance.random() < 0.9 else (),
    )


def _act(chance: Random, asked: Case) -> Line:
    """Return an act on a booking: the same document for both."""
    name = chance.choice(ACTS)
    now = asked.now + chance.choice([0 * HOUR, HOUR, DAY, 2 * DAY])
    act: Doc = {
        "format": "pkgredeem-act/1",
        "act": name,
        "booking_id": chance.choice([asked.booking.id] * 9 + ["b99"]),
        "now": instant(now),
        "note": "why",
    }
    if name in {"cancel", "reschedule"}:
        act["by"] = chance.choice(list(Actor)).value
    if name == "reschedule":
        act["starts_at"] = instant(now + chance.choice([HOUR, DAY, 5 * DAY]))
    elif chance.random() < 0.2:
        act["lines"] = [0]
    if name == "no_show":
        act["now"] = instant(max(now, asked.booking.starts_at))
        if chance.random() < 0.3:
            act["outcome"] = chance.choice(list(CreditOutcome)).value
    return act, act


def readable(lines: list[Line]) -> list[Doc]:
    """Return the lines that can be read, in plain words."""
    return [plain for _, plain in lines if plain is not None]


def written(folder: Path, lines: list[Line]) -> Path:
    """Write a history into a file."""
    path = folder / "history.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line, _ in lines), encoding="utf-8")
    return path


def counts_of(told: Replay, tally: Tally) -> Counter[str]:
    """Write the counts of a replay as the second implementation tells them."""
    counts: Counter[str] = Counter(
        {
            "unreadable": told.unreadable,
            "unknown": told.unknown,
            "eligible": tally.eligible,
            "refused": tally.refused,
            "deposits waived": tally.deposits_waived,
            "cards bypassed": tally.cards_bypassed,
            "credits": tally.credits,
            "repeated": tally.repeated,
            "acts refused": tally.acts_refused,
            "returned": tally.credits_returned,
        }
    )
    counts.update({f"reason {code}": much for code, much in tally.reasons})
    counts.update(dict(tally.acts))
    return +counts


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.name)
def test_a_carried_history_is_counted_alike(book: Rulebook, tmp_path: Path) -> None:
    """Balances, uses and bookings go on from line to line: every count is the same."""
    seen: Counter[str] = Counter()
    for number in range(HISTORIES):
        lines = history(Random(number))
        expected = carried(readable(lines), book.name)
        expected["unreadable"] += len(lines) - len(readable(lines))
        told = replay(written(tmp_path, lines), RedemptionPolicy(book), carry=True)

        assert counts_of(told, told.first) == +expected, number
        assert told.first.impossible == 0
        seen += expected
    assert [] == [what for what in OFTEN if seen[what] < HISTORIES // 4]


def test_lines_as_they_stand_are_counted_alike(tmp_path: Path) -> None:
    """Without carry each line is a question of its own, and acts are left out and told."""
    seen: Counter[str] = Counter()
    for number in range(HISTORIES):
        book = BOOKS[number % len(BOOKS)]
        lines = history(Random(number))
        asked = [line for line in readable(lines) if "act" not in line]
        expected, _ = taken_as_they_stand(asked, book.name)
        expected["unreadable"] += len(lines) - len(readable(lines))
        told = replay(written(tmp_path, lines), RedemptionPolicy(book))

        assert counts_of(told, told.first) == +expected, number
        assert told.needs_carry == len(readable(lines)) - len(asked)
        seen += expected
    assert min(seen["eligible"], seen["refused"]) > HISTORIES


def test_what_cannot_all_be_true_is_counted_alike(tmp_path: Path) -> None:
    """Of a credit with more drawn than its first line holds, so many lines at least are false.

    As many as possible are taken to be true. Where every line draws the same the counts are equal;
    elsewhere the replay may count fewer.
    """
    seen: Counter[str] = Counter()
    for number in range(HISTORIES):
        chance = Random(number)
        world = packages_at_random(chance)
        falls = chance.random() < 0.3
        lines = [_told_again(chance, world, falls=falls) for _ in range(LINES // 2)]
        _, overdrawn = taken_as_they_stand(readable(lines), rules.IN_STORE.name)
        first = replay(written(tmp_path, lines), RedemptionPolicy(rules.IN_STORE)).first
        told = {(each.package_id, each.entitlement_id): each.lines for each in first.overdrawn}

        assert first.impossible == sum(told.values())
        assert {*told} == {each.place for each in overdrawn}
        for each in overdrawn:
            assert 1 <= told[each.place] <= each.impossible
            assert not each.is_even or told[each.place] == each.impossible
            seen["even" if each.is_even else "uneven"] += 1
    assert min(seen["even"], seen["uneven"]) > HISTORIES // 10


def _told_again(chance: Random, world: list[Package], *, falls: bool) -> Line:
    """Return a booking with the packages as they always are, or after a while nearly empty."""
    hours = chance.randint(0, 99)
    told = [_emptied(each) for each in world] if falls and hours > 60 else world
    now = NOW + hours * HOUR
    asked = _asked(chance, told, now, chance.choice(IDS))
    return case_document(asked), case_doc(asked)


def _emptied(package: Package) -> Package:
    """Return a package with one left of each credit that is counted."""
    held = [
        each if each.remaining is UNLIMITED else replace(each, remaining=1)
        for each in package.entitlements
    ]
    return replace(package, entitlements=tuple(held))


def test_a_whole_history_reproduces_what_was_decided(tmp_path: Path) -> None:
    """What a desk decided at the time comes out again, but for what somebody wrote otherwise."""
    forged, compared = 0, 0
    for number in range(HISTORIES):
        chance = Random(number)
        world = packages_at_random(chance)
        store = MemoryStore()
        for each in world:
            store.add(each)
        desk = RedemptionDesk(RedemptionPolicy(rules.IN_STORE), store)
        lines: list[Line] = []
        wrong = 0
        for place in range(8):
            asked = _asked(chance, world, NOW + place * HOUR, f"b{place}")
            decision = desk.redeem(
                account=asked.account, client=asked.client, booking=asked.booking, now=asked.now
            )
            recorded = decision_document(decision, Audience.STAFF)
            recorded = {
                name: recorded[name] for name in ("format", "rulebook", "eligible", "deposit")
            }
            if chance.random() < 0.2:
                recorded["deposit"] = "lost"
                wrong += 1
            lines.append((case_document(asked) | {"recorded": recorded}, case_doc(asked)))
        path = written(tmp_path, lines)
        found = replay(path, RedemptionPolicy(rules.IN_STORE), carry=True).first.reproduction

        assert (found.compared, found.reproduced) == (len(lines), len(lines) - wrong)
        assert dict(found.differences) == ({"deposit": wrong} if wrong else {})
        forged, compared = forged + wrong, compared + len(lines)
    assert compared > 3 * forged > 0

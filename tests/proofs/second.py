"""Part `second`: the library beside the second implementation, at random and on the lattice."""

import itertools
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import product
from random import Random
from typing import Any

from pkgredeem import (
    AccountSettings,
    Actor,
    Case,
    Client,
    CreditOutcome,
    PkgRedeemError,
    Redemption,
    RedemptionPolicy,
    Rule,
    Rulebook,
    rules,
)
from pkgredeem.testing.cases.generator import cases
from tests.helpers.chance import answered, random_act
from tests.helpers.support import DAY, INSTANT, SHIPPED, credit, package
from tests.oracle import reference
from tests.oracle.batches import lifted_at_random
from tests.oracle.plain import (
    Doc,
    account_doc,
    case_doc,
    client_doc,
    decision_doc,
    instant,
    known,
    package_doc,
    redemption_doc,
    settlement_doc,
)
from tests.proofs import lattice, pool, seeds
from tests.proofs.found import Found, number

SEED = 5_000
BATCH = 2_000
LEAST_BATCHES = 100
SLICES = 16
LIMITS = (rules.several_active_packages, rules.mixed_booking)
#: What came of an act: each act has one of them.
CHANGED, UNCHANGED, REFUSED = FATES = ("changed something", "changed nothing", "refused")
_TOO_BIG = "too big for brute force"
_ACTS = 4
_MOST_SHOWN = 5

ZERO = timedelta(0)

Tally = Counter[str]
Asked = tuple[str, dict[str, Any], dict[str, Any]]
#: A rulebook, and how the other side is asked for it: by name, and without these codes.
Book = tuple[Rulebook, str, frozenset[str]]


def without(shipped: Rulebook, *lifted: Rule) -> Book:
    """Return a shipped rulebook without some of its rules."""
    ordered = sorted(lifted, key=lambda rule: rule.code)
    return shipped.without(*ordered), shipped.name, frozenset(rule.code for rule in lifted)


BOOKS = (*map(without, SHIPPED), without(rules.TIMELY_2026_03, *LIMITS))


def prove(seconds: float) -> Found:
    """Compare the whole lattice and 200,000 random cases, and then more until the time is up."""
    began = time.monotonic()
    on_lattice = _added(pool.each(lattice_slice, list(range(SLICES))))
    left = seconds - (time.monotonic() - began)
    at_random = _added(pool.until(random_batch, seconds=left, least=LEAST_BATCHES))
    counts, differences = on_lattice[0] + at_random[0], on_lattice[1] + at_random[1]
    least = LEAST_BATCHES * BATCH
    failures = [f"a difference: {each}" for each in differences[:_MOST_SHOWN]]
    if counts["random cases"] + counts[_TOO_BIG] < least:
        failures.append(f"{counts['random cases']} random cases, {least} are wanted")
    first = seeds.first(SEED)
    last = first + (at_random[0]["random cases"] + at_random[0][_TOO_BIG]) // BATCH - 1
    return Found(
        says=(
            "A second implementation, written from the requirements alone, over plain dicts and by "
            "brute force, is asked what the library is asked: reasons, notes, their order, draws, "
            "money, schedule, setting, notice, and then chains of acts with their movements. The "
            "lattice holds every combination of the facts that are judged together, each boundary "
            "at -1, 0 and +1 microsecond or day, under each shipped rulebook and without limits. "
            "Redemptions that are moved, ended in part, exchanged or forgiven are among both."
        ),
        figures=(
            ("random cases", number(counts["random cases"])),
            seeds.figure(),
            ("seeds of the generator", f"{first} to {last}"),
            ("of these eligible", number(counts["eligible"])),
            *_figures("acts on what they booked", "act", counts),
            ("cases of the lattice, each under five rulebooks", number(counts["lattice cases"])),
            *_figures("acts of the lattice", "lattice act", counts),
            ("cases left out: too many ways to pay for brute force", number(counts[_TOO_BIG])),
            ("differences", number(len(differences))),
        ),
        failures=tuple(failures),
        open=(
            (
                "Both implementations were written from the same requirements: a mistake in the "
                "requirements is in both."
            ),
        ),
    )


def _figures(what: str, kind: str, counts: Tally) -> Iterator[tuple[str, str]]:
    """Yield how many acts of a kind were done, and how many of them changed something."""
    acts = sum(counts[f"{kind}: {fate}"] for fate in FATES)
    yield what, number(acts)
    for fate in FATES:
        much = counts[f"{kind}: {fate}"]
        yield f"of these {fate}", f"{number(much)} ({much / max(acts, 1):.1%})"


def random_batch(batch: int, size: int = BATCH) -> tuple[Tally, list[str]]:
    """Compare one batch of random cases, and a few acts on what they book."""
    counts: Tally = Counter()
    differences: list[str] = []
    seed = seeds.first(SEED) + batch
    for index, question in enumerate(cases(seed, size)):
        chance = Random(seed * BATCH + index)
        shipped = chance.choice(SHIPPED)
        book = without(shipped, *lifted_at_random(chance, shipped))
        made = compare(question, book, counts, differences)
        counts["random cases"] += 1
        counts["eligible"] += made is not None
        for booked in (made, question.existing):
            if booked is not None:
                differences += _acts_at_random(chance, booked, question, book, counts)
    return counts, differences


def lattice_slice(place: int) -> tuple[Tally, list[str]]:
    """Compare one slice of the lattice: its cases, and the acts on its redemptions."""
    cases_in_it = itertools.islice(lattice.every_case(), place, None, SLICES)
    booked = itertools.islice(lattice.every_redemption(), place, None, SLICES)
    return _added([compare_cases(cases_in_it), compare_acts(booked)])


def compare_cases(asked_about: Iterable[Case]) -> tuple[Tally, list[str]]:
    """Compare these cases of the lattice under five rulebooks."""
    counts: Tally = Counter()
    differences: list[str] = []
    for question in asked_about:
        for book in BOOKS:
            compare(question, book, counts, differences)
        counts["lattice cases"] += 1
    return counts, differences


def compare_acts(booked: Iterable[Redemption]) -> tuple[Tally, list[str]]:
    """Compare every act at every boundary of these redemptions, and every act after each."""
    counts: Tally = Counter()
    differences = [each for made in booked for each in _acts_on_lattice(made, counts)]
    return counts, differences


def compare(
    question: Case, named: Book, counts: Tally, differences: list[str]
) -> Redemption | None:
    """Note whether both give the same answer; return the redemption of an eligible case."""
    book, name, lifted = named
    document = case_doc(question)
    policy = RedemptionPolicy(book)
    try:
        expected = reference.decide(document, name, lifted)
    except ValueError as error:
        if _TOO_BIG not in str(error):
            raise
        counts[_TOO_BIG] += 1
        counts["random cases"] -= 1
        return None
    redemption, decided = _decided(policy, question)
    told = policy.notice(
        account=question.account,
        client=question.client,
        packages=question.packages,
        now=question.now,
    )
    setting = policy.setting(question.account)
    switch = {"visible": setting.visible, "enabled": setting.enabled, "chosen": setting.chosen}
    pairs = (
        (known(expected), decided),
        (reference.notice(document, name, lifted), told),
        (reference.setting(account_doc(question.account), name), switch),
    )
    differences += [
        f"{theirs} is not {ours} for {document}" for theirs, ours in pairs if theirs != ours
    ]
    return redemption


def _decided(policy: RedemptionPolicy, question: Case) -> tuple[Redemption | None, Doc]:
    """Return what an eligible case leads to, and the decision, or the name of an error."""
    try:
        decision = policy.decide_case(question)
    except PkgRedeemError as error:
        return None, {"error": type(error).__name__}
    return decision.redemption, decision_doc(decision)


def _acts_at_random(
    chance: Random, made: Redemption, question: Case, book: Book, counts: Tally
) -> Iterator[str]:
    for _ in range(_ACTS):
        act, ours, plain = random_act(chance, made, question.packages)
        difference, made, fate = _compared(made, act, ours, plain, book)
        counts[f"act: {fate}"] += 1
        if difference:
            yield difference


def _acts_on_lattice(made: Redemption, counts: Tally) -> Iterator[str]:
    """Try every act at every boundary, and every act again after each first act."""
    edges = lattice.moments(made)
    states = {made}
    for at in (edges[0], edges[-1]):
        states |= {_compared(made, *act)[1] for act in _every_act(made, at)}
    for state in states:
        for at in lattice.moments(state):
            for act in _every_act(state, at):
                difference, _, fate = _compared(state, *act)
                counts[f"lattice act: {fate}"] += 1
                if difference:
                    yield difference


def _every_act(made: Redemption, at: datetime) -> Iterator[Asked]:
    """Yield every act at that instant, on one line and on both, in our words and in plain ones."""
    plain_at = instant(at)
    held = [package("p1", credit("facial"), credit("massage"), valid_until=made.starts_at + DAY)]
    plain_held = [package_doc(each) for each in held]
    client, account = Client(id=made.client_id), AccountSettings()
    for lines in (None, [0]):
        on: dict[str, Any] = {"now": at, "lines": lines}
        plain_on: Doc = {"now": plain_at, "lines": lines}
        yield "complete", on, plain_on
        on, plain_on = on | {"packages": held}, plain_on | {"packages": plain_held}
        for by in Actor:
            yield "cancel", {**on, "by": by}, {**plain_on, "by": by.value}
        for outcome in (None, *CreditOutcome):
            word = None if outcome is None else outcome.value
            yield "no_show", {**on, "outcome": outcome}, {**plain_on, "outcome": word}
        yield "forgive", {**on, "note": "why"}, {**plain_on, "note": "why"}
    for by, edge, beside in product(Actor, (at, made.starts_at + DAY), (-INSTANT, ZERO, INSTANT)):
        yield (
            "reschedule",
            {
                "account": account,
                "client": client,
                "starts_at": edge + beside,
                "by": by,
                "now": at,
                "packages": held,
            },
            {
                "account": account_doc(account),
                "client": client_doc(client),
                "starts_at": instant(edge + beside),
                "by": by.value,
                "now": plain_at,
                "packages": plain_held,
            },
        )


def _compared(
    made: Redemption, act: str, ours: dict[str, Any], plain: Doc, book: Book = BOOKS[0]
) -> tuple[str, Redemption, str]:
    """Return how the answers differ, or nothing, the redemption after the act, and its fate."""
    rulebook, name, lifted = book
    asked = {} if act == "complete" else {"rulebook": name, "lifted": lifted}
    expected = known(getattr(reference, act)(redemption_doc(made), **plain, **asked))
    answer = answered(act, made, ours, RedemptionPolicy(rulebook))
    if isinstance(answer, str):
        told, after, fate = {"error": answer}, made, REFUSED
    else:
        told = settlement_doc(made, answer)
        after = made if answer.change is None else answer.change.after
        fate = UNCHANGED if answer.change is None else CHANGED
        fate = fate if answer.allowed else REFUSED
    difference = "" if expected == told else f"{act} {plain}: {expected} is not {told}"
    return difference, after, fate


def _added(parts: Iterable[tuple[Tally, list[str]]]) -> tuple[Tally, list[str]]:
    counts: Tally = Counter()
    differences: list[str] = []
    for part_counts, part_differences in parts:
        counts.update(part_counts)
        differences += part_differences
    return counts, differences

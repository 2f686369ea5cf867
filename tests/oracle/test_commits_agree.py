"""A store refuses what the second implementation refuses, of changes old and new, one or several.

Changes are decided on the store as it is, kept, and committed at random: at once, later when
others were quicker, again, together, or with something broken in them.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from pkgredeem import (
    Actor,
    Change,
    Client,
    Package,
    PkgRedeemError,
    Redemption,
    RedemptionPolicy,
    Settlement,
    rules,
)
from tests.helpers.support import DAY, HOUR, NOW
from tests.oracle.kept import Versions, compare, in_a_file, in_memory
from tests.oracle.plain import package_doc, redemption_doc
from tests.oracle.reference._ledger import Change as PlainChange
from tests.oracle.reference._ledger import Ledger
from tests.oracle.two_desks import MORE, SALON, Store, booking_at_random, packages_at_random

HISTORIES = 30
CALLS = 20
POLICY = RedemptionPolicy(rules.IN_STORE)
ANA = Client(id="ana", logged_in=True)


def decided(chance: Random, found: list[Package], stored: Redemption | None, now: datetime) -> Any:  # noqa: ANN401 - what either answer changes
    """Return what a booking, an exchange, or an act on what is stored would change."""
    wanted = booking_at_random(chance, now)
    who: dict[str, Any] = {"account": SALON, "client": ANA, "now": now}
    if stored is None:
        return [POLICY.decide(booking=wanted, packages=found, **who).change]
    if chance.random() < 0.3:
        starts_at = now + chance.choice([HOUR, DAY, 9 * DAY])
        moved: dict[str, Any] = {"starts_at": starts_at, "by": Actor.BUSINESS, "packages": found}
        return [POLICY.reschedule(stored, **moved, **who).change]
    if chance.random() < 0.4:
        wanted = replace(wanted, id=chance.choice(MORE))
        new = POLICY.decide(booking=wanted, packages=found, existing=stored, **who).change
        return [new, POLICY.cancel(stored, by=Actor.BUSINESS, now=now).change]
    acts: list[Callable[[], Settlement]] = [
        lambda: POLICY.cancel(stored, by=chance.choice(list(Actor)), now=now),
        lambda: POLICY.complete(stored, now=now, lines=[stored.draws[0].line]),
        lambda: POLICY.no_show(stored, now=stored.starts_at),
        lambda: POLICY.forgive(stored, now=now, note="why"),
    ]
    return [chance.choice(acts)().change]


def proposed(chance: Random, store: Store, packages: list[Package], now: datetime) -> list[Change]:
    """Return the changes of one act at random on the store as it is; none where it is refused.

    Now and then a package is asked about that the store doesn't hold.
    """
    found = [*store.packages_of("ana", not_over_at=now, also=[each.id for each in packages])]
    if chance.random() < 0.1:
        found = [replace(each, id="p9") for each in found[:1]]
    stored = store.redemption(chance.choice(["b0", "b1", "b2", "b7", "b8"]))
    try:
        changes = decided(chance, found, stored, now)
    except PkgRedeemError:
        return []
    return [] if None in changes else list(changes)


def broken(chance: Random, change: Change) -> Change:
    """Return a change whose movements are not what its draws say."""
    first = change.movements[:1]
    doubled = tuple(replace(each, credits=each.credits + 1) for each in first)
    return replace(change, movements=chance.choice([doubled, ()]) + change.movements[1:])


def plainly(change: Change, versions: Versions) -> PlainChange:
    """Write a change, its versions of packages as the other side counts them."""
    there = {(name, ours): version for (name, version), ours in versions.seen.items()}
    return {
        "before": None if change.before is None else redemption_doc(change.before),
        "after": redemption_doc(change.after),
        "movements": [
            (
                *(each.package_id, each.entitlement_id, each.credits),
                *(each.source.value, each.target.value),
            )
            for each in change.movements
        ],
        "package_versions": {
            name: there.get((name, version), -1) for name, version in change.package_versions
        },
    }


@pytest.mark.parametrize("made", [in_memory, in_a_file])
def test_a_commit_is_refused_alike(made: Callable[[], Any]) -> None:
    """Each call succeeds or raises alike, and what is kept after it is the same in every field."""
    seen: Counter[str] = Counter()
    for number in range(HISTORIES):
        chance = Random(number)
        packages = packages_at_random(chance)
        ledger, versions = Ledger([package_doc(each) for each in packages]), Versions()
        with made() as store:
            for each in packages:
                store.add(each)
            compare(store, ledger, versions)
            kept: list[list[Change]] = [[]]
            now = NOW
            for _ in range(CALLS):
                now += timedelta(hours=chance.choice([0, 1, 12]))
                new = [proposed(chance, store, packages, now) for _ in range(2)]
                kept += [changes for changes in new if changes]
                changes = [*chance.choice(kept[-5:])]
                if chance.random() < 0.4:
                    changes += chance.choice(kept[-5:])
                if chance.random() < 0.05:
                    changes = [broken(chance, each) for each in changes]
                seen[committed(store, ledger, changes, versions)] += 1
                compare(store, ledger, versions)
    wanted = ["ConflictError", "InvalidValueError", "UnknownEntitlementError"]
    wanted += ["1 of 1", "2 of 2", "0 of 1", "1 of 2"]
    assert [] == [kind for kind in wanted if seen[kind] < HISTORIES // 10]


def committed(store: Store, ledger: Ledger, changes: list[Change], versions: Versions) -> str:
    """Commit on either side, and return what came of it on both."""
    plain = [plainly(change, versions) for change in changes]
    against = ledger.against(*plain)
    try:
        store.commit(*changes)
    except PkgRedeemError as error:
        told = type(error).__name__
        assert told in against
        return told
    assert not against
    before = len(ledger.history)
    ledger.commit(*plain)
    return f"{len(ledger.history) - before} of {len(changes)}"

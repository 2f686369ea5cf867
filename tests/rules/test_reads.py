"""What a rule says that it reads: silent without it, and asked wherever it is there (D40)."""

from collections import Counter
from dataclasses import replace
from datetime import time
from random import Random
from typing import Any

import pytest

from pkgredeem import (
    BookingLine,
    Case,
    Clause,
    DrawState,
    Entitlement,
    Hours,
    InvalidValueError,
    Package,
    PackageStatus,
    Pause,
    Period,
    PickedFrom,
    Quota,
    Restrictions,
    Rule,
    Rulebook,
    Scope,
    Term,
    Use,
    rule,
    rules,
)
from pkgredeem._model.rule import READABLE
from tests.helpers.chance import random_case
from tests.helpers.support import (
    DAY,
    FORFEIT_INSIDE_A_DAY,
    LONDON,
    NO_LIMITS,
    NOW,
    SHIPPED,
    START,
    account,
    case,
    codes,
    credit,
    decide,
    draws,
    package,
    restricted,
)

CASES = 600
HOUSE = Clause(id="HOUSE-1", heading="house rules", says="Told of whatever is there.")
READING = [each for each in rules.EVERY_RULE if each.reads]
OF_A_CREDIT: dict[str, Any] = {
    "valid_from": None,
    "valid_until": None,
    "restrictions": None,
    "quotas": (),
    "unit": "credit",
}
DEFAULTS: dict[str, Any] = {
    "status": PackageStatus.ACTIVE,
    "shared_with": (),
    "book_until": None,
    "pauses": (),
    "restrictions": None,
    "cancellation": None,
    "traits": (),
    "lasts": None,
    "quotas": (),
    "uses": (),
}


def plain_in(names: tuple[str, ...], sold: Package) -> Package:
    """Return the package with the defaults of these fields, in it and in its entitlements."""
    entitlements = [
        replace(item, **{name: OF_A_CREDIT[name] for name in names if name in OF_A_CREDIT})
        for item in sold.entitlements
    ]
    fields = {name: DEFAULTS[name] for name in names if name in DEFAULTS}
    return replace(sold, entitlements=entitlements, **fields)  # type: ignore[arg-type]  # any iterable


def unrestrained(book: Rulebook) -> Rulebook:
    """Return the rulebook whose rules say of nothing that they read it: all are always asked.

    But for what no other rule may stand for, and for the one that reads quotas: that one says
    whether they are looked at (D56).
    """
    return replace(
        book,
        rules=tuple(
            replace(each, reads=()) if each.can_be_lifted and "quotas" not in each.reads else each
            for each in book.rules
        ),
    )


@pytest.mark.parametrize("chosen", READING, ids=lambda chosen: chosen.code)
def test_a_rule_is_silent_without_what_it_reads(chosen: Rule) -> None:
    """Where every field that it names has its default, it finds nothing in any case (D40)."""
    asked = 0
    for seed in range(CASES // 3):
        found = random_case(Random(seed))
        made = replace(found, only=None if "only" in chosen.reads else found.only)
        for sold in (plain_in(chosen.reads, each) for each in made.packages):
            if chosen.scope is Scope.PACKAGE:
                assert chosen(made, sold) is False
                asked += 1
            else:
                for entitlement in sold.entitlements:
                    for line in made.booking.lines:
                        assert chosen(made, sold, entitlement, line) is False
                        asked += 1
    assert asked > CASES // 6


def test_nothing_is_skipped_that_would_be_found() -> None:
    """A decision is the same where every rule is asked of every package that the client holds.

    Of what he doesn't hold they are silent because the engine doesn't ask them (D40, D04).
    """
    seen: Counter[bool] = Counter()
    beyond: Counter[str] = Counter()
    for seed in range(CASES):
        found = random_case(Random(seed))
        held = [sold for sold in found.packages if sold.is_held_by(found.client)]
        asked = replace(found, packages=held)  # type: ignore[arg-type]  # any iterable
        book = SHIPPED[seed % len(SHIPPED)]
        decision = decide(asked, book)

        assert decision == decide(asked, unrestrained(book))
        seen[decision.eligible] += 1
        beyond.update({each.code for each in decision.findings})
    # Both answers are common, and every rule that reads something found something.
    assert min(seen[True], seen[False]) > CASES // 6
    assert set() == {each.code for each in READING} - set(beyond)


USE = Use(
    booking_id="b9",
    line=0,
    entitlement_id="facial",
    service_id="facial",
    client_id="ana",
    starts_at=NOW,
    state=DrawState.REDEEMED,
)


@pytest.mark.parametrize("name", [name for name in READABLE if name != "only"])
def test_a_package_knows_what_it_sets_beyond_the_article(name: str) -> None:
    """Of every field that a rule may read, so that the rule is asked (D40)."""
    said: dict[str, Package] = {
        "status": package(status=PackageStatus.ARCHIVED),
        "shared_with": package(shared_with=["ben"]),
        "book_until": package(book_until=NOW),
        "pauses": package(pauses=[Pause(NOW)]),
        "restrictions": package("p1", restricted(restrictions=Restrictions())),
        "cancellation": package(cancellation=FORFEIT_INSIDE_A_DAY),
        "traits": package(traits={"kind": "gift"}),
        "valid_from": package("p1", restricted(valid_from=NOW)),
        "valid_until": package("p1", restricted(valid_until=START + DAY)),
        "lasts": package(lasts=Term(days=14)),
        "quotas": package("p1", restricted(quotas=[Quota(1, Period.DAY)])),
        "uses": package("p1", credit("facial"), uses=[USE]),
        "unit": package("p1", restricted(unit="minute")),
    }

    assert {name} == said[name].beyond
    assert name in replace(said[name], pauses=[Pause(NOW)]).beyond  # type: ignore[arg-type]  # any iterable


def test_a_package_of_the_article_sets_nothing_beyond_it() -> None:
    """Its validity, priority, name and sale are the article's own: no rule leaves them out."""
    sold = package(valid_from=NOW, valid_until=START, sold_at=NOW, priority=7, name="Five facials")

    assert frozenset() == sold.beyond
    both = package("p1", restricted(), restricted(id="e2", valid_from=NOW))
    assert {"valid_from"} == both.beyond


def readers() -> list[Rule]:
    """Return rules of a caller that find their fact wherever they are asked, for each field."""

    def own_of_packages(_: Case, __: Package) -> bool:
        """It was asked."""
        return True

    def own_of_credits(_: Case, __: Package, ___: Entitlement, line: BookingLine) -> bool:
        """It was asked."""
        return line.picked_from is PickedFrom.MENU

    return [
        rule(Scope.PACKAGE, clauses=[HOUSE], message="asked", advice="none", reads=["only"])(
            own_of_packages
        ),
        rule(Scope.CREDIT, clauses=[HOUSE], message="asked", advice="none", reads=["only"])(
            own_of_credits
        ),
    ]


@pytest.mark.parametrize("own", readers(), ids=lambda own: own.code)
def test_a_rule_that_reads_the_pick_is_asked_of_every_package_then(own: Rule) -> None:
    """Also of a plain one, in a booking of one line and of several; else it need not be (D68)."""
    book = NO_LIMITS.including(own)
    for lines in (["facial"], ["facial", "massage"]):
        assert [] == codes(decide(case(*lines), book))
        assert own.code in codes(decide(case(*lines, only=["p1"]), book))


@pytest.mark.parametrize("wrong", ["remaining", "priority", "kind", "sold_at", "Status"])
def test_only_what_stands_beyond_the_article_can_be_read(wrong: str) -> None:
    """A rule that reads more must be asked always, so it names nothing (D40)."""
    with pytest.raises(InvalidValueError) as caught:
        replace(rules.package_void, reads=(wrong,))

    assert ("Rule.reads", wrong, f"one of {', '.join(READABLE)}") == caught.value.args


@pytest.mark.parametrize("chosen", [rules.no_package, rules.client_not_logged_in])
def test_only_package_and_credit_rules_say_what_they_read(chosen: Rule) -> None:
    """No other scope is about one package."""
    with pytest.raises(InvalidValueError) as caught:
        replace(chosen, reads=("status",))

    assert ("Rule.reads", ("status",), f"empty for a rule of {chosen.scope}") == caught.value.args


def test_what_a_rule_reads_is_stored_sorted_and_once() -> None:
    """Any iterable of names is taken."""
    names: Any = iter(["status", "only", "status"])

    assert ("only", "status") == replace(rules.package_void, reads=names).reads


def test_what_one_package_says_is_asked_whatever_the_next_says() -> None:
    """The first pays on Mondays alone, and the second until a date: it pays on a Tuesday."""
    mondays = Restrictions(hours=[Hours(days=[1], opens=time(0))])
    sold = [
        package("p1", restrictions=mondays, priority=1),
        package("p2", book_until=START, valid_until=START + DAY),
    ]
    asked = case(account=account(time_zone=LONDON), packages=sold)

    assert ["p2"] == [each[1] for each in draws(decide(asked, NO_LIMITS))]

"""What changes between two policies: every kind of case, its facts and its smallest witness."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pytest

import house_rules
from pkgredeem import (
    AccountSettings,
    ClientLogin,
    InvalidValueError,
    RedemptionPolicy,
    rules,
)
from pkgredeem.documents import read_case
from pkgredeem.testing import Comparison, compare
from tests.helpers import odd_rules
from tests.helpers.support import case, credit, package

MARCH, APRIL, DESK = map(
    RedemptionPolicy, (rules.TIMELY_2026_03, rules.TIMELY_2026_04, rules.IN_STORE)
)


@cache
def editions() -> Comparison:
    """Compare the two texts of the article."""
    return compare(MARCH, APRIL)


@cache
def at_the_desk() -> Comparison:
    """Compare online and in store."""
    return compare(MARCH, DESK)


def codes_only_in(shown: Comparison) -> tuple[set[str], set[str]]:
    """Return all that only the one and only the other finds."""
    first = {found for each in shown.differences for found in each.only_first}
    return first, {found for each in shown.differences for found in each.only_second}


def test_what_changes_in_april() -> None:
    """The accounts activated from 1 to 29 April 2026 that never chose, and nothing else."""
    (only,) = editions().differences

    assert editions().exact
    assert (
        (
            ("packages of the account", "new"),
            ("online redemption", "never chosen"),
            ("activated", "from 2026-04-01 to 2026-04-29"),
        ),
    ) == only.when
    assert ("eligible, drawing on facial of p1", "refused: online_redemption_off") == (
        only.first,
        only.second,
    )
    assert ((), ("reason online_redemption_off",)) == (only.only_first, only.only_second)
    # each of 29 days, with each of three settings of Client Login
    assert 87 == only.cases


def test_the_witness_of_april_is_one_small_case() -> None:
    """A new account of 1 April that never chose, one client, one package, one service."""
    (only,) = editions().differences
    account = AccountSettings(activated_on=date(2026, 4, 1), client_login=ClientLogin.OPTIONAL)

    assert account == only.witness.account
    assert 1 == len(only.witness.packages) == len(only.witness.booking.lines)
    assert MARCH.decide_case(only.witness).eligible
    assert not APRIL.decide_case(only.witness).eligible


def test_day_by_day_the_two_editions_differ_where_it_says() -> None:
    """Every day of two years, chosen or not: as it says, and only so."""
    first, last = date(2026, 4, 1), date(2026, 4, 29)
    plain = editions().differences[0].witness
    for days in range(-365, 365):
        day = first + timedelta(days=days)
        for chosen in (None, True, False):
            asked = replace(
                plain, account=replace(plain.account, activated_on=day, online_redemption=chosen)
            )
            differ = MARCH.decide_case(asked).eligible is not APRIL.decide_case(asked).eligible

            assert (chosen is None and first <= day <= last) is differ


@cache
def changed() -> Comparison:
    """Compare with a rulebook that lacks three rules and has two in another order."""
    lacks = rules.TIMELY_2026_03.without(
        rules.package_archived, rules.client_login_disabled, rules.no_card_on_file
    )
    listed = list(lacks.rules)
    one, other = listed.index(rules.legacy_package), listed.index(rules.package_not_started)
    listed[one], listed[other] = listed[other], listed[one]
    return compare(MARCH, RedemptionPolicy(replace(lacks, name="changed", rules=tuple(listed))))


def test_the_order_of_rules_is_seen() -> None:
    """Two rules of one scope the other way round: the same findings in another order."""
    (only,) = [each for each in changed().differences if not (each.only_first or each.only_second)]

    assert "refused: legacy_package, package_not_started" == only.first
    assert "refused: package_not_started, legacy_package" == only.second
    assert all(
        {("package", "legacy"), ("valid from", "after the start")} <= set(way) for way in only.when
    )


def test_a_lifted_rule_is_seen() -> None:
    """Without a rule its code is what only the fuller rulebook finds, be it reason or note."""
    kinds = {(each.only_first, each.only_second): each for each in changed().differences}
    archived = kinds[("reason package_archived",), ()]
    note = kinds[("note no_card_on_file",), ()]

    assert changed().exact
    assert ("refused: package_archived", "eligible, drawing on facial of p1") == (
        archived.first,
        archived.second,
    )
    assert ((("archived", "yes"),),) == archived.when
    assert "eligible, drawing on facial of p1; noting no_card_on_file" == note.first
    assert ((("card capture", "yes"), ("card on file", "no")),) == tuple(
        way[-2:] for way in note.when
    )


def test_at_the_desk_everything_that_is_forbidden_online_only_is_gone() -> None:
    """The rulebook in store lacks nine rules, and each is a kind of its own (D34)."""
    only_online, only_at_the_desk = codes_only_in(at_the_desk())
    gone = {
        each.code for each in rules.TIMELY_2026_03.rules if each not in rules.IN_STORE.rules
    } - {"no_card_on_file"}

    assert {f"reason {code}" for code in gone} <= only_online
    assert {
        "note service_not_in_package",
        "note not_enough_credits",
        "reason service_not_in_package",
        "reason not_enough_credits",
    } == only_at_the_desk


def test_a_kind_that_is_only_others_at_once_is_not_told() -> None:
    """Cases that lack two reasons at once are of both kinds, and not of a third one."""
    kinds = [each.only_first for each in changed().differences]

    assert ("reason client_login_disabled",) in kinds
    assert ("reason package_archived",) in kinds
    assert not any(
        {"reason client_login_disabled", "reason package_archived"} <= set(kind) for kind in kinds
    )


@pytest.mark.parametrize("asked", [editions, at_the_desk])
def test_every_witness_shows_its_kind(asked: Callable[[], Comparison]) -> None:
    """The two policies answer the witness as it says, also when it is read from its document."""
    shown = asked()
    policies = {each.rulebook.name: each for each in (MARCH, APRIL, DESK)}
    written = shown.to_dict()["differences"]
    assert isinstance(written, list)
    for kind, document in zip(shown.differences, written, strict=True):
        for name, answer in ((shown.first, kind.first), (shown.second, kind.second)):
            decision = policies[name].decide_case(read_case(document["witness"]))
            told = answer.partition(";")[0]

            assert decision.eligible is told.startswith("eligible")
            if not decision.eligible:
                assert f"refused: {', '.join(r.code for r in decision.reasons)}" == told


@cache
def with_rules_of_ones_own() -> Comparison:
    """Compare with a house that has two rules more and one that is off by one."""
    house = odd_rules.off_by_one.including(
        odd_rules.booked_on_saturday, odd_rules.in_another_century
    )
    old = case(packages=[package("p1", credit("facial", left=2))])
    old = replace(
        old,
        now=odd_rules.LONG_AGO - timedelta(days=2),
        booking=replace(old.booking, starts_at=odd_rules.LONG_AGO - timedelta(days=1)),
    )
    return compare(MARCH, RedemptionPolicy(house), cases=iter([old]))


@pytest.mark.parametrize("code", ["booked_on_saturday", "package_used_up", "in_another_century"])
def test_rules_of_ones_own_are_found_by_the_cases_tried(code: str) -> None:
    """An added rule, a replaced one, and one that only the caller's own cases show."""
    shown = with_rules_of_ones_own()
    sides = {(each.only_first, each.only_second): each for each in shown.differences}
    kind = sides[(), (f"reason {code}",)]

    assert not shown.exact
    assert () == kind.when
    assert ("eligible", f"refused: {code}") == (kind.first.partition(",")[0], kind.second)
    assert "Not exact, since a rule is your own and its facts are not known" in shown.to_text()


def test_what_only_follows_from_a_refusal_is_no_kind_of_its_own() -> None:
    """A refused booking has no note about its card; that is not a difference of the rules."""
    found = {each for kind in with_rules_of_ones_own().differences for each in kind.only_first}

    assert "note no_card_on_file" not in found


def test_the_witness_of_a_rule_of_ones_own_is_small_and_shows_it() -> None:
    """A Saturday by the account's own calendar, the last credit, a date of long ago."""
    saturday, used_up, century = (
        next(
            each.witness
            for each in with_rules_of_ones_own().differences
            if (each.only_first, each.only_second) == ((), (f"reason {code}",))
        )
        for code in ("booked_on_saturday", "package_used_up", "in_another_century")
    )

    assert 6 == saturday.local(saturday.booking.starts_at).isoweekday()
    assert [1] == [held.remaining for held in used_up.packages[0].entitlements]
    assert century.booking.starts_at < odd_rules.LONG_AGO
    assert {1} == {len(each.packages) for each in (saturday, used_up, century)}


WHEN = (
    "  when packages of the account: new; online redemption: never chosen; "
    "activated: from 2026-04-01 to 2026-04-29"
)


def test_the_text_of_a_comparison() -> None:
    """Title, how exact it is, and for each kind both answers, the facts and the document."""
    text, tried = editions().to_text().split("\n"), editions().tried

    assert [
        "timely-2026-03 and timely-2026-04: 1 kind of case is decided differently",
        "",
        (
            f"Exact for one package, two alike, and one beside a plain one: {tried} cases, "
            "for every fact that the rules look at, at each boundary."
        ),
        "",
        "only timely-2026-04: reason online_redemption_off",
        "  timely-2026-03: eligible, drawing on facial of p1",
        "  timely-2026-04: refused: online_redemption_off",
        WHEN,
        "  87 cases of those tried",
        "  the smallest case:",
        "{",
        '  "format": "pkgredeem/1",',
    ] == text[:12]


def test_the_comparison_in_markdown() -> None:
    """Headings, lists and a fenced document; the number of kinds in the title."""
    markdown = at_the_desk().to_markdown()
    count = len(at_the_desk().differences)
    title = f"# timely-2026-03 and in-store: {count} kinds of case are decided differently\n"

    assert markdown.startswith(title)
    assert count == markdown.count("\nThe smallest case:\n\n```json\n{") == markdown.count("\n## ")
    assert (
        "\n## only timely-2026-03: reason mixed_booking, reason service_not_in_package; "
        "only in-store: note service_not_in_package\n" in markdown
    )


def test_a_package_beside_another_one_is_tried() -> None:
    """What is only a note as long as the other package can pay is a kind of its own."""
    told = compare(MARCH, RedemptionPolicy(rules.TIMELY_2026_03.without(rules.package_not_started)))
    in_store = RedemptionPolicy(rules.IN_STORE.without(rules.package_not_started))

    assert ("reason mixed_booking", "reason service_not_in_package") in {
        each.only_first[-2:] for each in told.differences
    }
    assert ("note package_not_started",) in {
        each.only_first for each in compare(DESK, in_store).differences
    }


def test_a_rule_that_asks_for_local_time_is_asked_where_there_is_none() -> None:
    """An account without a time zone is no reason to compare nothing: it is asked in UTC."""
    told = compare(RedemptionPolicy(), house_rules.POLICY)

    assert [((), ("reason on_a_saturday",))] == [
        (each.only_first, each.only_second) for each in told.differences
    ]
    witness = told.differences[0].witness
    assert ["on_a_saturday"] == [
        each.code for each in house_rules.POLICY.decide_case(witness).reasons
    ]


def test_only_policies_are_compared() -> None:
    """A rulebook is not a policy, on either side."""
    with pytest.raises(InvalidValueError, match=r"policy_a must be a RedemptionPolicy, not .*"):
        compare(rules.IN_STORE, MARCH)  # type: ignore[arg-type]
    with pytest.raises(InvalidValueError, match=r"policy_b must be a RedemptionPolicy, not .*"):
        compare(MARCH, rules.IN_STORE)  # type: ignore[arg-type]

"""What changes between two policies: every kind of case, its facts and its smallest witness."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import combinations

import pytest

from pkgredeem import (
    AccountSettings,
    ClientLogin,
    InvalidValueError,
    RedemptionPolicy,
    Rule,
    Rulebook,
    Scope,
    rules,
)
from pkgredeem.documents import read_case
from pkgredeem.testing import Comparison, compare
from pkgredeem.testing.generator import cases
from tests import odd_rules
from tests.support import case, credit, package

MARCH, APRIL, DESK = map(
    RedemptionPolicy, (rules.TIMELY_2026_03, rules.TIMELY_2026_04, rules.IN_STORE)
)


@cache
def compared(first: RedemptionPolicy, second: RedemptionPolicy) -> Comparison:
    """Return a comparison, made once."""
    return compare(first, second)


def editions() -> Comparison:
    """Compare the two texts of the article."""
    return compared(MARCH, APRIL)


def at_the_desk() -> Comparison:
    """Compare online and in store."""
    return compared(MARCH, DESK)


def saturdays() -> Comparison:
    """Compare the library's rules with those of a house that has one more."""
    return compared(MARCH, odd_rules.policy)


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


def test_nothing_differs_between_equal_rulebooks() -> None:
    """The same rules under another name decide every case alike."""
    renamed = RedemptionPolicy(replace(rules.TIMELY_2026_03, name="mine"))
    shown = compare(MARCH, renamed)

    assert () == shown.differences
    assert shown.to_text().startswith(
        "timely-2026-03 and mine: every case is decided alike\n\nExact: "
    )


@pytest.mark.parametrize("lifted", [rules.package_not_started, rules.no_card_on_file])
def test_a_lifted_rule_is_seen(lifted: Rule) -> None:
    """Without a rule its code is what only the fuller rulebook finds, in every kind."""
    without = RedemptionPolicy(rules.TIMELY_2026_03.without(lifted))
    there = compare(MARCH, without)
    role = "note" if lifted.scope is Scope.NOTE else "reason"

    assert there.exact
    assert there.differences
    assert all(f"{role} {lifted.code}" in each.only_first for each in there.differences)


def test_the_order_of_rules_is_seen() -> None:
    """Two rules of one scope the other way round: the same findings in another order."""
    listed = list(rules.TIMELY_2026_03.rules)
    one, other = listed.index(rules.legacy_package), listed.index(rules.package_archived)
    listed[one], listed[other] = listed[other], listed[one]
    swapped = Rulebook(
        name="swapped", starts_enabled_after=rules.TIMELY_2026_03.starts_enabled_after, rules=listed
    )
    (only,) = compare(MARCH, RedemptionPolicy(swapped)).differences

    assert ((), ()) == (only.only_first, only.only_second)
    assert "refused: legacy_package, package_archived" == only.first
    assert "refused: package_archived, legacy_package" == only.second
    assert (("package", "legacy"), ("archived", "yes")) == only.when[0]


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
    """Of two lifted rules each is a kind; cases with both are in both, not a third kind."""
    both = rules.TIMELY_2026_03.without(rules.package_archived, rules.client_login_disabled)
    kinds = [each.only_first for each in compare(MARCH, RedemptionPolicy(both)).differences]

    assert ("reason client_login_disabled",) in kinds
    assert not any(
        set(one) | set(other) == {"reason client_login_disabled", "reason package_archived"}
        and len(one) > 1
        for one, other in combinations(kinds, 2)
    )


@pytest.mark.parametrize("asked", [editions, at_the_desk, saturdays])
def test_every_witness_shows_its_kind(asked: Callable[[], Comparison]) -> None:
    """The two policies answer the witness as it says, also when it is read from its document."""
    shown = asked()
    policies = {each.rulebook.name: each for each in (MARCH, APRIL, DESK, odd_rules.policy)}
    written = shown.to_dict()["differences"]
    assert isinstance(written, list)
    for kind, document in zip(shown.differences, written, strict=True):
        for name, answer in ((shown.first, kind.first), (shown.second, kind.second)):
            decision = policies[name].decide_case(read_case(document["witness"]))
            told = answer.partition(";")[0]

            assert decision.eligible is told.startswith("eligible")
            if not decision.eligible:
                assert f"refused: {', '.join(r.code for r in decision.reasons)}" == told


def test_a_rule_of_ones_own_is_found_by_the_cases_tried() -> None:
    """A rule against Saturdays shows up with a Saturday of the account's calendar."""
    (only,) = saturdays().differences
    local = only.witness.local(only.witness.booking.starts_at)

    assert not saturdays().exact
    assert ("reason booked_on_saturday",) == only.only_second
    assert () == only.when
    assert 6 == local.isoweekday()
    assert (
        "Not exact, since a rule is your own and its facts are not known" in saturdays().to_text()
    )


def test_a_rule_that_is_off_by_one_is_found() -> None:
    """A replaced rule that takes one credit for none refuses the last credit."""
    shown = compare(MARCH, RedemptionPolicy(odd_rules.off_by_one))
    first = shown.differences[0]

    assert ((), ("reason package_used_up",)) == (first.only_first, first.only_second)
    assert "eligible, drawing on facial of p1" == first.first
    assert [1] == [held.remaining for held in first.witness.packages[0].entitlements]


def test_the_other_way_round_the_sides_change() -> None:
    """What only the first one found is what only the second one finds."""
    (back,) = compare(APRIL, MARCH, cases=[case()]).differences
    (there,) = editions().differences

    assert (back.only_second, back.only_first) == (there.only_first, there.only_second)
    assert (back.second, back.first) == (there.first, there.second)
    assert back.when == there.when


def test_further_cases_are_tried() -> None:
    """What only the caller's own cases show is told, though no fact of the lattice explains it."""
    book = rules.TIMELY_2026_03.including(odd_rules.in_another_century)
    century = RedemptionPolicy(book)
    old = case(packages=[package("p1", credit("facial", left=1))])
    old = replace(
        old,
        now=odd_rules.LONG_AGO - timedelta(days=2),
        booking=replace(old.booking, starts_at=odd_rules.LONG_AGO - timedelta(days=1)),
    )

    (only,) = compare(MARCH, century, cases=[*cases(seed=9, count=3), old]).differences
    assert ("reason in_another_century",) == only.only_second


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
        f"Exact: {tried} cases, for every fact that the rules look at, at each boundary.",
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


def test_only_policies_are_compared() -> None:
    """A rulebook is not a policy, on either side."""
    with pytest.raises(InvalidValueError, match=r"policy_a is .*: give a RedemptionPolicy"):
        compare(rules.IN_STORE, MARCH)  # type: ignore[arg-type]
    with pytest.raises(InvalidValueError, match=r"policy_b is .*: give a RedemptionPolicy"):
        compare(MARCH, rules.IN_STORE)  # type: ignore[arg-type]

"""Runs all rules in order and collects every finding.

    values -> account rules -> client rules -> holdings rules -> package rules -> credit rules
           -> allocation -> booking rules -> outcomes -> Decision

No rule text: what is judged stands in `rules`, in what order stands here (D22, D25).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, TypeAlias

from pkgredeem._engine.allocation import allocate
from pkgredeem._engine.changes import book
from pkgredeem._model.account import AccountSettings
from pkgredeem._model.answers import Decision
from pkgredeem._model.booking import BookingLine, Client
from pkgredeem._model.case import Case
from pkgredeem._model.cover import Cover
from pkgredeem._model.draws import Draw
from pkgredeem._model.finding import Finding
from pkgredeem._model.packages import Entitlement, Package, credit_rank, package_rank
from pkgredeem._model.redemption import Redemption
from pkgredeem._model.rule import Answer, Rule
from pkgredeem._model.unchecked import unchecked
from pkgredeem._model.words import DrawState
from pkgredeem.rules import acts, article
from pkgredeem.rules._rulebook import Rulebook, RulesByScope

Findings: TypeAlias = tuple[Finding, ...]
_Packages: TypeAlias = tuple[Package, ...]
_Credit: TypeAlias = tuple[Package, Entitlement]

_unchecked_cover = unchecked(Cover)
_unchecked_draw = unchecked(Draw)
_unchecked_redemption = unchecked(Redemption)
_unchecked_decision = unchecked(Decision)
_RESERVED = DrawState.RESERVED


class SortedPackages(NamedTuple):
    """The packages of a case, ranked (D20), and what is found against those that are not usable."""

    usable: _Packages
    active: _Packages
    findings: Findings


class CoverFindings(NamedTuple):
    """What the allocation covers, why lines are left without a credit, and the booking findings."""

    cover: Cover
    credit: Findings
    booking: Findings
    credit_refuses: bool  # whether the credit findings are reasons, and not notes (D25)


def decide_case(rulebook: Rulebook, case: Case) -> Decision:
    """Return the decision of the rulebook about the case."""
    if case.existing is not None:
        case = case.with_existing_returned()
    rules = rulebook.by_scope
    client = case.client
    packages = sort_packages(rules, case)
    refusals = account_and_client_findings(rulebook, case.account, client, packages.active)
    cover, credit, booking, credit_refuses = cover_booking(rules, case, packages)
    reasons = refusals
    notes: Findings = ()
    if packages.usable:
        notes = packages.findings
    else:
        reasons += packages.findings
    if credit_refuses:
        reasons += credit
    else:
        notes += credit
    reasons += booking

    eligible = not reasons
    deposit = article.deposit_outcome(case, cover.covered if eligible else ())
    card_capture = article.card_capture_outcome(case, all_paid=eligible and not cover.uncovered)
    for rule in rules.note:
        answer = rule.condition(case, card_capture)
        if answer is not False:
            notes += (rule.finding_for(answer),)
    again = case.existing is not None and case.is_own
    redemption: Redemption | None = None
    if eligible:
        starts_at, terms = case.booking.starts_at, case.account.cancellation
        redemption = _unchecked_redemption(
            case.booking,
            client.id,
            starts_at,
            cover.draws,
            terms,
            acts.free_until(starts_at, terms),
            deposit,
            card_capture,
            rulebook.name,
            case.now,
            case.account.time_zone,
            1,  # version
            (),  # reschedules
        )
    return _unchecked_decision(
        case.booking,
        eligible,
        reasons,
        notes,
        deposit,
        card_capture,
        redemption,
        cover.uncovered,
        rulebook.name,
        case.account.time_zone,
        case.now,
        article.text_for_client(eligible=eligible, reasons=reasons),
        None if redemption is None or again else book(redemption, by=case.by, note=case.note),
        redemption is not None and acts.refund_on_cancel(redemption, case.now),
        article.shows_prompt(eligible=eligible, client=client),
        again,  # recorded
        again,
        case.by,
        case.note,
    )


def account_and_client_findings(
    rulebook: Rulebook, account: AccountSettings, client: Client, active: _Packages
) -> Findings:
    """Return what account, client and holdings rules refuse."""
    rules, found = rulebook.by_scope, []
    for rule in rules.account:
        answer = rule.condition(account, rulebook.starts_enabled_after)
        if answer is not False:
            found.append(rule.finding_for(answer))
    for rule in rules.client:
        answer = rule.condition(client)
        if answer is not False:
            found.append(rule.finding_for(answer))
    for rule in rules.holdings:
        answer = rule.condition(client, active)
        if answer is not False:
            found.append(rule.finding_for(answer))
    return tuple(found)


def active_packages(packages: Iterable[Package], client: Client, now: datetime) -> _Packages:
    """Return the packages that count as active for T10 (D05), in their order."""
    return tuple([package for package in packages if package.is_active(client, now)])


def sort_packages(rules: RulesByScope, case: Case) -> SortedPackages:
    """Return the usable packages, the active ones, and what is found against the others."""
    ranked = sorted(case.packages, key=package_rank)
    usable: list[Package] = []
    found: list[Finding] = []
    for package in ranked:
        before = len(found)
        for rule in rules.package:
            answer = rule.condition(case, package)
            if answer is not False:
                found.append(rule.finding_for(answer, package.id))
        if len(found) == before:
            usable.append(package)
    return SortedPackages(
        tuple(usable), active_packages(ranked, case.client, case.now), tuple(found)
    )


def cover_booking(rules: RulesByScope, case: Case, packages: SortedPackages) -> CoverFindings:
    """Return which credits pay for the booking, and what credit and booking rules find."""
    cover, credit = _cover_lines(rules, case, packages)
    found: list[Finding] = []
    credit_refuses = not cover.covered
    for rule in rules.booking:
        answer = rule.condition(case, cover)
        if answer is not False:
            found.append(rule.finding_for(answer))
            if not credit_refuses and cover.uncovered:
                credit_refuses = rule.condition(case, _without_uncovered(cover)) is False
    return CoverFindings(cover, credit, tuple(found), credit_refuses)


def _without_uncovered(cover: Cover) -> Cover:
    return _unchecked_cover(cover.usable, cover.active, cover.draws, cover.covered, ())


def _cover_lines(
    rules: RulesByScope, case: Case, packages: SortedPackages
) -> tuple[Cover, Findings]:
    """Return which credit pays for which line, and why a line is left without one (D07, D20)."""
    lines = case.booking.lines
    ranked = [
        (package, entitlement)
        for package in packages.usable
        for entitlement in package.entitlements
    ]
    if len(ranked) > 1:
        ranked.sort(key=_rank_of)
    may_pay = {
        index: _credits_for(rules, case, ranked, line)
        for index, line in enumerate(lines)
        if line.payable
    }
    choices = [
        [rank for rank in ranks if _has_credit_for(rules, case, ranked[rank], lines[index])]
        for index, ranks in may_pay.items()
    ]
    draws: list[Draw] = []
    uncovered: list[int] = []
    paid_by = allocate(choices, [entitlement.remaining for _, entitlement in ranked])
    for index, rank in zip(may_pay, paid_by, strict=True):
        if rank is None:
            uncovered.append(index)
        else:
            package, entitlement = ranked[rank]
            service_id = lines[index].service.id
            draws.append(
                _unchecked_draw(index, package.id, entitlement.id, service_id, _RESERVED, None)
            )
    covered = tuple([draw.line for draw in draws])
    cover = _unchecked_cover(
        packages.usable, packages.active, tuple(draws), covered, tuple(uncovered)
    )
    if uncovered and packages.usable:
        return cover, _explain_uncovered_lines(rules, case, ranked, may_pay, uncovered)
    return cover, ()


def _rank_of(credit: _Credit) -> tuple[object, ...]:
    return credit_rank(*credit)


def _credits_for(
    rules: RulesByScope, case: Case, ranked: Sequence[_Credit], line: BookingLine
) -> list[int]:
    """Return the ranks of the credits that may pay for the line: named, refused by no rule."""
    service_missing = rules.service_missing.condition
    ranks: list[int] = []
    for rank, (package, entitlement) in enumerate(ranked):
        if service_missing(case, package, entitlement, line) is False and not (
            rules.credit and _is_refused(rules.credit, case, (package, entitlement), line)
        ):
            ranks.append(rank)
    return ranks


def _is_refused(
    credit_rules: Iterable[Rule], case: Case, credit: _Credit, line: BookingLine
) -> bool:
    """Tell whether a rule refuses that this credit pays for the line."""
    for rule in credit_rules:
        answer = rule.condition(case, *credit, line)
        if answer is not False:
            rule.finding_for(answer)  # an answer that is none is an error, whoever else pays
            return True
    return False


def _has_credit_for(rules: RulesByScope, case: Case, credit: _Credit, line: BookingLine) -> bool:
    return rules.out_of_credits.condition(case, *credit, line) is False


def _explain_uncovered_lines(
    rules: RulesByScope,
    case: Case,
    ranked: Sequence[_Credit],
    may_pay: Mapping[int, Sequence[int]],
    uncovered: Iterable[int],
) -> Findings:
    """Return why lines are left without a credit: in order, each service once for each code."""
    found: dict[tuple[str, str], Finding] = {}
    for index in uncovered:
        service_id = case.booking.lines[index].service.id
        possible = set(may_pay[index])
        if possible:
            facts: Answer = {
                "available": sum(ranked[rank][1].remaining for rank in possible),
                "wanted": sum(not possible.isdisjoint(other) for other in may_pay.values()),
            }
            refusals = [(rules.out_of_credits, facts)]
        else:
            refusals = _refusals_of_line(rules, case, ranked, index)
        for rule, answer in refusals:
            if (rule.code, service_id) not in found:
                found[rule.code, service_id] = rule.finding_for(answer, service_id)
    return tuple(found.values())


def _refusals_of_line(
    rules: RulesByScope, case: Case, ranked: Sequence[_Credit], index: int
) -> list[tuple[Rule, Answer]]:
    """Return the rules that refuse the credits which name the line's service, in their order."""
    line, service_missing = case.booking.lines[index], rules.service_missing
    named = [credit for credit in ranked if service_missing.condition(case, *credit, line) is False]
    if not named:
        return [(service_missing, True)]
    return [
        (rule, answer)
        for rule in rules.credit
        for credit in named
        if (answer := rule.condition(case, *credit, line)) is not False
    ]

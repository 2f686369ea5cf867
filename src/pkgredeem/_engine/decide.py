"""Runs all rules in order and collects every finding.

    values -> account rules -> client rules -> holdings rules -> package rules -> credit rules
           -> allocation -> booking rules -> outcomes -> Decision

No rule text: what is judged stands in `rules`, in what order stands here (D22, D25).
"""

from typing import TypeAlias

from pkgredeem._engine.covering import Findings, cover_lines, fields_set, unchecked_cover
from pkgredeem._engine.moves import exchange_notes, exchange_refusals
from pkgredeem._model.account import AccountSettings
from pkgredeem._model.answers import Decision
from pkgredeem._model.booking import Client
from pkgredeem._model.case import Case
from pkgredeem._model.cover import Cover
from pkgredeem._model.ledger import Change, Movement
from pkgredeem._model.packages import Package
from pkgredeem._model.ranks import package_rank, versions_of
from pkgredeem._model.redemption import Redemption
from pkgredeem._model.unchecked import unchecked
from pkgredeem._model.words import Act, Bucket
from pkgredeem.exceptions import ClosedRedemptionError
from pkgredeem.rules import acts, article
from pkgredeem.rules._rulebook import Rulebook, RulesByScope

_Packages: TypeAlias = tuple[Package, ...]

_unchecked_redemption = unchecked(Redemption)
_unchecked_decision = unchecked(Decision)
_unchecked_change = unchecked(Change)
_unchecked_movement = unchecked(Movement)
_NOTHING: frozenset[str] = frozenset()
_BOOK, _FROM, _TO = Act.BOOK, Bucket.AVAILABLE, Bucket.RESERVED


def decide_case(rulebook: Rulebook, case: Case) -> Decision:
    """Return the decision of the rulebook about the case.

    Raises:
        ClosedRedemptionError: no credit of the case's existing redemption is reserved any more.
        InvalidValueError: the exchange lies before the booking that it gives up was made.
        UnknownEntitlementError: the exchange would give back a credit to what its package no longer
            holds.
    """
    packages = case.packages  # as they were handed in: what is held back makes none active (D05)
    existing, exchanged = case.existing, case.exchanged
    if existing is not None:
        if not existing.is_open:
            raise ClosedRedemptionError(f"booking {existing.booking.id!r} has ended already")
        case = case.with_existing_returned()
    case = case.with_ends()
    rules = rulebook.by_scope
    client = case.client
    usable, active, package_findings = sort_packages(rules, case, packages)
    reasons = account_and_client_findings(rulebook, case.account, client, active)
    notes: Findings = ()
    if usable:
        notes = package_findings
    else:
        reasons += package_findings
    cover, credit_findings = cover_lines(rules, case, usable, active)
    booking_findings, credit_refuses = judge_booking(rules, case, cover)
    if credit_refuses:
        reasons += credit_findings
    else:
        notes += credit_findings
    reasons += booking_findings
    if exchanged is not None:
        reasons += exchange_refusals(case, exchanged)

    eligible = not reasons
    deposit = article.deposit_outcome(case, cover.covered if eligible else ())
    card_capture = article.card_capture_outcome(case, all_paid=eligible and not cover.uncovered)
    for condition, rule in rules.note:
        if (answer := condition(case, card_capture)) is not False:
            notes += (rule.finding_for(answer),)
    if eligible and exchanged is not None:
        notes += exchange_notes(rulebook, case, exchanged)
    again = existing is not None and exchanged is None
    zone = case.account.time_zone
    zone_key = None if zone is None else zone.key
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
            zone_key,
            1,  # version
            (),  # reschedules
            None if exchanged is None else exchanged.booking.id,
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
        zone_key,
        case.now,
        article.text_for_client(eligible=eligible, reasons=reasons),
        None if redemption is None or again else _book(redemption, case, usable),
        redemption is not None and acts.refund_on_cancel(redemption, case.now),
        article.shows_prompt(eligible=eligible, client=client),
        again,  # recorded
        again,
        case.by,
        case.note,
    )


def _book(proposal: Redemption, case: Case, usable: _Packages) -> Change:
    """Return the change that commits a proposal: its credits leave the packages (T16).

    It carries the versions of the packages that it draws on, where they have one (D57).
    """
    booking_id, at, by, note = proposal.booking.id, proposal.booked_at, case.by, case.note
    moved: dict[tuple[str, str], int] = {}
    for draw in proposal.draws:
        place = draw.package_id, draw.entitlement_id
        moved[place] = moved.get(place, 0) + draw.credits
    movements: list[Movement] = []
    for place in sorted(moved):
        movements.append(  # noqa: PERF401 - a comprehension is a function that is made each time
            _unchecked_movement(booking_id, *place, moved[place], _FROM, _TO, _BOOK, at, by, note)
        )
    versions: tuple[tuple[str, int], ...] = ()
    for package in usable:
        if package.version is not None:  # most stores keep none
            versions = versions_of(usable, proposal.draws)
            break
    return _unchecked_change(None, proposal, tuple(movements), versions)


def account_and_client_findings(
    rulebook: Rulebook, account: AccountSettings, client: Client, active: _Packages
) -> Findings:
    """Return what account, client and holdings rules refuse."""
    rules = rulebook.by_scope
    found: Findings = ()
    for condition, rule in rules.account:
        if (answer := condition(account, rulebook.starts_enabled_after)) is not False:
            found += (rule.finding_for(answer),)
    for condition, rule in rules.client:
        if (answer := condition(client)) is not False:
            found += (rule.finding_for(answer),)
    for condition, rule in rules.holdings:
        if (answer := condition(client, active)) is not False:
            found += (rule.finding_for(answer),)
    return found


def sort_packages(
    rules: RulesByScope, case: Case, handed_in: _Packages
) -> tuple[_Packages, _Packages, Findings]:
    """Return the usable packages, the active ones, and what is found against those not usable.

    Active is asked of the packages as they were handed in, before anything is added back (D05).
    """
    before = None
    if case.existing is not None:
        before = {package.id: package for package in handed_in}
    usable: list[Package] = []
    active: list[Package] = []
    found: Findings = ()
    rules_by_fields, client, now, picks = rules.package, case.client, case.now, case.only
    ranked = case.packages
    if len(ranked) > 1:
        ranked = tuple(sorted(ranked, key=package_rank))
    for package in ranked:
        found_before = len(found)
        fields = package.beyond
        if fields or picks is not None:
            fields = _fields_to_ask_about(case, package)
        for condition, rule in rules_by_fields[fields]:
            if (answer := condition(case, package)) is not False:
                found += (rule.finding_for(answer, package.id, package.name),)
        if len(found) == found_before:
            usable.append(package)
        as_handed_in = package if before is None else before[package.id].with_end_of(package)
        if as_handed_in.is_active(client, now):
            active.append(package)
    return tuple(usable), tuple(active), found


def _fields_to_ask_about(case: Case, package: Package) -> frozenset[str]:
    """Return what rules may read: nothing of a package that the client doesn't hold (D04, D40)."""
    return fields_set(case, package) if package.is_held_by(case.client) else _NOTHING


def judge_booking(rules: RulesByScope, case: Case, cover: Cover) -> tuple[Findings, bool]:
    """Return what booking rules find, and whether an uncovered line is what refuses it (D25).

    It is when nothing is covered, or when a rule that refuses would be silent without that line.
    """
    found: Findings = ()
    refused_for_a_line = not cover.covered
    for condition, rule in rules.booking:
        if (answer := condition(case, cover)) is not False:
            found += (rule.finding_for(answer),)
            if not refused_for_a_line and cover.uncovered:
                refused_for_a_line = not rule.finds(condition(case, _without_uncovered(cover)))
    return found, refused_for_a_line


def _without_uncovered(cover: Cover) -> Cover:
    return unchecked_cover(cover.usable, cover.active, cover.draws, cover.covered, ())

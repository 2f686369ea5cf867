"""How a decision flows: one way, no step back, every reason heard.

    values -> account rules -> client rules -> package rules -> credit rules -> allocation
           -> booking rules -> outcomes -> Decision

No rule text: what is judged stands in `rules`, in what order stands here (D22, D25).
"""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from pkgredeem import rules
from pkgredeem._allocation import Cover, allocate
from pkgredeem._case import Case
from pkgredeem._decision import Decision
from pkgredeem._draws import Draw
from pkgredeem._finding import Finding
from pkgredeem._packages import Entitlement, Package, credit_rank, package_rank
from pkgredeem._redemption import Redemption
from pkgredeem._rule import Answer, Rule
from pkgredeem._rulebook import Asked, Pairs, Rulebook
from pkgredeem._unchecked import unchecked
from pkgredeem._values import AccountSettings, Client
from pkgredeem._words import DrawState

_Credit: TypeAlias = tuple[Package, Entitlement]

_made_cover = unchecked(Cover)
_made_draw = unchecked(Draw)
_made_redemption = unchecked(Redemption)
_made_decision = unchecked(Decision)
_RESERVED = DrawState.RESERVED
_MIXED = rules.mixed_booking.code


def decide_case(rulebook: Rulebook, asked: Case) -> Decision:
    """Return the decision of the rulebook about the case."""
    case = asked if asked.existing is None else asked.with_existing_returned()
    in_force = rulebook.asked
    reasons = who_may_not(rulebook, case.account, case.client)
    notes: list[Finding] = []
    packages = case.packages
    if len(packages) > 1:
        packages = tuple(sorted(packages, key=package_rank))
    usable, against_packages = _usable(in_force.package, case, packages)
    if against_packages:
        (notes if usable else reasons).extend(against_packages)
    credits_ranked = _ranked(usable)
    payable = [index for index, line in enumerate(case.booking.lines) if line.payable]
    draws = _drawn(in_force, case, credits_ranked, payable)
    covered = tuple([draw.line for draw in draws])
    cover = _made_cover(
        usable=usable,
        active=_active(packages, case),
        draws=draws,
        covered=covered,
        uncovered=()
        if len(covered) == len(payable)
        else tuple([index for index in payable if index not in covered]),
    )
    against_booking: list[Finding] = []
    for condition, each in in_force.booking:
        answer = condition(case, cover)
        if answer is not False:
            against_booking.append(each.found(answer))
    if cover.uncovered and usable:
        short = _why_uncovered(in_force, case, credits_ranked, payable, cover.uncovered)
        mixed = any(finding.code == _MIXED for finding in against_booking)
        (notes if covered and not mixed else reasons).extend(short)
    reasons += against_booking
    return _with_outcomes(rulebook, case, cover, reasons, notes)


def usable_packages(rulebook: Rulebook, case: Case) -> tuple[Package, ...]:
    """Return the packages that no package rule refuses, in the order that they were handed in."""
    return _usable(rulebook.asked.package, case, case.packages)[0]


def who_may_not(rulebook: Rulebook, account: AccountSettings, client: Client) -> list[Finding]:
    """Return what account rules and client rules refuse."""
    found: list[Finding] = []
    for condition, each in rulebook.asked.account:
        answer = condition(account, rulebook)
        if answer is not False:
            found.append(each.found(answer))
    for condition, each in rulebook.asked.client:
        answer = condition(client)
        if answer is not False:
            found.append(each.found(answer))
    return found


def _usable(
    pairs: Pairs, case: Case, packages: Iterable[Package]
) -> tuple[tuple[Package, ...], list[Finding]]:
    """Return the packages that no rule refuses, and what refuses the others."""
    usable: list[Package] = []
    findings: list[Finding] = []
    for package in packages:
        refused = False
        for condition, each in pairs:
            answer = condition(case, package)
            if answer is not False:
                refused = True
                findings.append(each.found(answer, package.id))
        if not refused:
            usable.append(package)
    return tuple(usable), findings


def _active(packages: Iterable[Package], case: Case) -> tuple[Package, ...]:
    client, now = case.client, case.now
    return tuple([package for package in packages if package.is_active(client, now)])


def _ranked(usable: Iterable[Package]) -> list[_Credit]:
    """Return the entitlements of the usable packages, the one to draw on first in front (D20)."""
    ranked = [(package, held) for package in usable for held in package.entitlements]
    if len(ranked) > 1:
        ranked.sort(key=_rank_of)
    return ranked


def _rank_of(credit: _Credit) -> tuple[object, ...]:
    return credit_rank(*credit)


def _drawn(
    in_force: Asked, case: Case, credits_ranked: Sequence[_Credit], payable: Sequence[int]
) -> tuple[Draw, ...]:
    """Return which credit pays for which line: all lines together (D07, D20)."""
    if len(payable) == 1:
        index = payable[0]
        for credit in credits_ranked:
            if _pays(in_force, case, credit, index) and not _lacks(in_force, case, credit, index):
                return (_draw(case, index, credit),)
        return ()
    choices = [
        [
            rank
            for rank in _may_pay(in_force, case, credits_ranked, index)
            if not _lacks(in_force, case, credits_ranked[rank], index)
        ]
        for index in payable
    ]
    paid_by = allocate(choices, [held.remaining for _, held in credits_ranked])
    return tuple(
        [
            _draw(case, index, credits_ranked[rank])
            for index, rank in zip(payable, paid_by, strict=True)
            if rank is not None
        ]
    )


def _draw(case: Case, index: int, credit: _Credit) -> Draw:
    package, held = credit
    return _made_draw(
        line=index,
        package_id=package.id,
        entitlement_id=held.id,
        service_id=case.booking.lines[index].service.id,
        state=_RESERVED,
        ending=None,
    )


def _lacks(in_force: Asked, case: Case, credit: _Credit, index: int) -> bool:
    package, held = credit
    line = case.booking.lines[index]
    return in_force.lacking.condition(case, package, held, line) is not False


def _pays(in_force: Asked, case: Case, credit: _Credit, index: int) -> bool:
    """Tell whether the credit may pay for the line: it is named, and refused by no rule."""
    package, held = credit
    line = case.booking.lines[index]
    if in_force.not_named.condition(case, package, held, line) is not False:
        return False
    for condition, each in in_force.credit:
        answer = condition(case, package, held, line)
        if answer is not False:
            each.found(answer)  # an answer that is none is refused, also where another credit pays
            return False
    return True


def _may_pay(
    in_force: Asked, case: Case, credits_ranked: Sequence[_Credit], index: int
) -> list[int]:
    """Return the ranks of the credits that may pay for the line."""
    return [
        rank for rank, credit in enumerate(credits_ranked) if _pays(in_force, case, credit, index)
    ]


def _why_uncovered(
    in_force: Asked,
    case: Case,
    credits_ranked: Sequence[_Credit],
    payable: Sequence[int],
    uncovered: Sequence[int],
) -> list[Finding]:
    """Return why lines are left without a credit: in order, each service once for each code."""
    may_pay = {index: set(_may_pay(in_force, case, credits_ranked, index)) for index in payable}
    found: dict[tuple[str, str], Finding] = {}
    for index in uncovered:
        service_id = case.booking.lines[index].service.id
        possible = may_pay[index]
        if possible:
            facts: Answer = {
                "available": sum(credits_ranked[rank][1].remaining for rank in possible),
                "wanted": sum(not possible.isdisjoint(other) for other in may_pay.values()),
            }
            refusing = [(in_force.lacking, facts)]
        else:
            refusing = _refusing(in_force, case, credits_ranked, index)
        for each, answer in refusing:
            if (each.code, service_id) not in found:
                found[each.code, service_id] = each.found(answer, service_id)
    return list(found.values())


def _refusing(
    in_force: Asked, case: Case, credits_ranked: Sequence[_Credit], index: int
) -> list[tuple[Rule, Answer]]:
    """Return the rules that refuse the credits which name the line's service, in their order."""
    line = case.booking.lines[index]
    not_named = in_force.not_named
    named = [
        credit for credit in credits_ranked if not_named.condition(case, *credit, line) is False
    ]
    if not named:
        return [(not_named, True)]
    return [
        (each, answer)
        for condition, each in in_force.credit
        for credit in named
        if (answer := condition(case, *credit, line)) is not False
    ]


def _with_outcomes(
    rulebook: Rulebook, case: Case, cover: Cover, reasons: list[Finding], notes: list[Finding]
) -> Decision:
    """Return the decision: what follows for the money, the credits and the prompt."""
    booking, account, client = case.booking, case.account, case.client
    eligible = not reasons
    deposit = rules.deposit_outcome(case, cover.covered if eligible else ())
    card_capture = rules.card_capture_outcome(case, all_paid=eligible and not cover.uncovered)
    for condition, each in rulebook.asked.note:
        answer = condition(case, card_capture)
        if answer is not False:
            notes.append(each.found(answer))
    redemption: Redemption | None = None
    if eligible:
        redemption = _made_redemption(
            booking=booking,
            client_id=client.id,
            starts_at=booking.starts_at,
            draws=cover.draws,
            terms=account.cancellation,
            free_until=rules.free_until(booking.starts_at, account.cancellation),
            deposit=deposit,
            card_capture=card_capture,
            rulebook=rulebook.name,
            booked_at=case.now,
            time_zone=account.time_zone,
            version=1,
            reschedules=(),
        )
    return _made_decision(
        booking=booking,
        eligible=eligible,
        reasons=tuple(reasons),
        notes=tuple(notes),
        deposit=deposit,
        card_capture=card_capture,
        redemption=redemption,
        uncovered=cover.uncovered,
        rulebook=rulebook.name,
        time_zone=account.time_zone,
        decided_at=case.now,
        prompt=rules.prompted(eligible=eligible, client=client),
        recorded=case.existing is not None and case.is_own,
        by=case.by,
        note=case.note,
    )

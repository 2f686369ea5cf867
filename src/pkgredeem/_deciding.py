"""How a decision flows: one way, no step back, every reason heard.

    values -> account rules -> client rules -> package rules -> credit rules -> allocation
           -> booking rules -> outcomes -> Decision

No rule text: what is judged stands in `rules`, in what order stands here (D22, D25).
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pkgredeem import rules
from pkgredeem._allocation import Cover, allocate
from pkgredeem._case import Case
from pkgredeem._checks import trusted
from pkgredeem._decision import Decision
from pkgredeem._redemption import Draw, Redemption
from pkgredeem._rule import Answer, Finding, Rule, Rulebook
from pkgredeem._values import (
    AccountSettings,
    Client,
    Entitlement,
    Package,
    credit_rank,
    package_rank,
)
from pkgredeem._words import DrawState, Scope


def decide_case(rulebook: Rulebook, asked: Case) -> Decision:
    """Return the decision of the rulebook about the case."""
    case = asked.with_existing_returned()
    reasons = who_may_not(rulebook, case.account, case.client)
    notes: list[Finding] = []
    packages = sorted(case.packages, key=package_rank)
    usable, package_findings = _usable(rulebook, case, packages)
    (notes if usable else reasons).extend(package_findings)
    credits_of = _Credits(rulebook, case, usable)
    cover = Cover(
        usable=tuple(usable),
        active=tuple(each for each in packages if each.is_active(case.client, case.now)),
        draws=credits_of.draws,
        covered=credits_of.covered,
        uncovered=credits_of.uncovered,
    )
    against_booking = _found(rulebook.of_scope(Scope.BOOKING), case, cover)
    mixed = any(finding.code == rules.mixed_booking.code for finding in against_booking)
    short = credits_of.findings()
    (notes if cover.covered and not mixed else reasons).extend(short)
    reasons.extend(against_booking)
    return _with_outcomes(rulebook, asked, cover, reasons, notes)


def who_may_not(rulebook: Rulebook, account: AccountSettings, client: Client) -> list[Finding]:
    """Return what account rules and client rules refuse."""
    found = _found(rulebook.of_scope(Scope.ACCOUNT), account, rulebook)
    found += _found(rulebook.of_scope(Scope.CLIENT), client)
    return found


def _found(scoped: Iterable[Rule], *looked_at: object, subject: str = "") -> list[Finding]:
    found: list[Finding] = []
    for each in scoped:
        answer = each.condition(*looked_at)
        if answer is not False:
            found.append(each.found(answer, subject))
    return found


def _usable(
    rulebook: Rulebook, case: Case, packages: Iterable[Package]
) -> tuple[list[Package], list[Finding]]:
    usable: list[Package] = []
    findings: list[Finding] = []
    scoped = rulebook.of_scope(Scope.PACKAGE)
    for package in packages:
        against = _found(scoped, case, package, subject=package.id)
        if against:
            findings += against
        else:
            usable.append(package)
    return usable, findings


class _Credit(NamedTuple):
    package: Package
    entitlement: Entitlement


class _Line(NamedTuple):
    """What credit rules say of one payable line."""

    index: int
    named: bool  # an entitlement of a usable package names its service
    may_pay: list[int]  # the ranks of the credits that no rule refuses to it
    refused_by: dict[Rule, Answer]  # what refused the others that name it


class _Credits:
    """The credits of the usable packages, and which line each pays for (D07, D20)."""

    def __init__(self, rulebook: Rulebook, case: Case, usable: Iterable[Package]) -> None:
        self.case = case
        self.not_named = rulebook.rule(rules.service_not_in_package.code)
        self.lacking = rulebook.rule(rules.not_enough_credits.code)
        self.restrictions = [r for r in rulebook.of_scope(Scope.CREDIT) if r.can_be_lifted]
        self.ranked = sorted(
            (_Credit(package, held) for package in usable for held in package.entitlements),
            key=_rank_of,
        )
        lines = case.booking.lines
        self.lines = [self._judged(index) for index, line in enumerate(lines) if line.payable]
        paid_by = self._allocated()
        self.draws = tuple(
            self._draw(line, self.ranked[rank])
            for line, rank in zip(self.lines, paid_by, strict=True)
            if rank is not None
        )
        self.covered = tuple(draw.line for draw in self.draws)
        self.uncovered = tuple(line.index for line in self.lines if line.index not in self.covered)

    def findings(self) -> list[Finding]:
        """Return why lines stay uncovered: in their order, each service once for each code."""
        if not self.ranked:
            return []
        found: dict[tuple[str, str], Finding] = {}
        for line in self.lines:
            if line.index in self.uncovered:
                for finding in self._why(line):
                    found.setdefault((finding.code, finding.subject), finding)
        return list(found.values())

    def _judged(self, index: int) -> _Line:
        line = self.case.booking.lines[index]
        judged = _Line(index, named=False, may_pay=[], refused_by={})
        named = False
        for rank, (package, held) in enumerate(self.ranked):
            looked_at = (self.case, package, held, line)
            if self.not_named.condition(*looked_at):
                continue
            named = True
            refusing = {
                r: a for r in self.restrictions if (a := r.condition(*looked_at)) is not False
            }
            if refusing:
                judged.refused_by.update(
                    {r: a for r, a in refusing.items() if r not in judged.refused_by}
                )
            else:
                judged.may_pay.append(rank)
        return judged._replace(named=named)

    def _allocated(self) -> Sequence[int | None]:
        lines = self.case.booking.lines
        choices = [
            [
                rank
                for rank in each.may_pay
                if not self.lacking.condition(self.case, *self.ranked[rank], lines[each.index])
            ]
            for each in self.lines
        ]
        return allocate(choices, [credit.entitlement.remaining for credit in self.ranked])

    def _draw(self, line: _Line, credit: _Credit) -> Draw:
        return trusted(
            Draw,
            line=line.index,
            package_id=credit.package.id,
            entitlement_id=credit.entitlement.id,
            service_id=self.case.booking.lines[line.index].service.id,
            state=DrawState.RESERVED,
            ending=None,
        )

    def _why(self, line: _Line) -> list[Finding]:
        subject = self.case.booking.lines[line.index].service.id
        if not line.named:
            return [self.not_named.found(answer=True, subject=subject)]
        if not line.may_pay:
            return [each.found(answer, subject) for each, answer in line.refused_by.items()]
        may_pay = set(line.may_pay)
        facts: dict[str, str | int] = {
            "available": sum(self.ranked[rank].entitlement.remaining for rank in may_pay),
            "wanted": sum(not may_pay.isdisjoint(other.may_pay) for other in self.lines),
        }
        return [self.lacking.found(facts, subject)]


def _rank_of(credit: _Credit) -> tuple[object, ...]:
    return credit_rank(credit.package, credit.entitlement)


def _with_outcomes(
    rulebook: Rulebook, case: Case, cover: Cover, reasons: list[Finding], notes: list[Finding]
) -> Decision:
    eligible = not reasons
    all_paid = eligible and not cover.uncovered
    deposit = rules.deposit_outcome(case, cover.covered if eligible else ())
    card_capture = rules.card_capture_outcome(case, all_paid=all_paid)
    notes.extend(_found(rulebook.of_scope(Scope.NOTE), case, card_capture))
    redemption: Redemption | None = None
    if eligible:
        terms = case.account.cancellation
        redemption = trusted(
            Redemption,
            booking=case.booking,
            client_id=case.client.id,
            starts_at=case.booking.starts_at,
            draws=cover.draws,
            terms=terms,
            free_until=rules.free_until(case.booking.starts_at, terms),
            deposit=deposit,
            card_capture=card_capture,
            rulebook=rulebook.name,
            booked_at=case.now,
            time_zone=case.account.time_zone,
            version=1,
            reschedules=(),
        )
    return trusted(
        Decision,
        booking=case.booking,
        eligible=eligible,
        reasons=tuple(reasons),
        notes=tuple(notes),
        deposit=deposit,
        card_capture=card_capture,
        redemption=redemption,
        uncovered=cover.uncovered,
        rulebook=rulebook.name,
        time_zone=case.account.time_zone,
        prompt=rules.prompted(eligible=eligible, client=case.client),
        refund_on_cancel=redemption is not None and rules.refund_on_cancel(redemption, case.now),
        recorded=case.is_own,
        by=case.by,
        note=case.note,
    )

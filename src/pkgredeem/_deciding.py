"""How a decision flows: one way, no step back, every reason heard.

    values -> account rules -> client rules -> package rules -> credit rules -> allocation
           -> booking rules -> outcomes -> Decision

No rule text: what is judged stands in `rules`, in what order stands here (D22, D25).
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from pkgredeem import rules
from pkgredeem._allocation import Cover, allocate
from pkgredeem._asking import Asked, Findings
from pkgredeem._case import Case
from pkgredeem._decision import Decision
from pkgredeem._draws import Draw
from pkgredeem._packages import Entitlement, Package, credit_rank, package_rank
from pkgredeem._redemption import Redemption
from pkgredeem._rule import Answer, Rule
from pkgredeem._rulebook import Rulebook
from pkgredeem._unchecked import unchecked
from pkgredeem._values import AccountSettings, BookingLine, Client
from pkgredeem._words import DrawState

if TYPE_CHECKING:
    from pkgredeem._finding import Finding

_Credit: TypeAlias = tuple[Package, Entitlement]
_Packages: TypeAlias = tuple[Package, ...]

_made_cover = unchecked(Cover)
_made_draw = unchecked(Draw)
_made_redemption = unchecked(Redemption)
_made_decision = unchecked(Decision)
_deposit_outcome = rules.deposit_outcome
_card_capture_outcome = rules.card_capture_outcome
_free_until = rules.free_until
_prompted = rules.prompted
_RESERVED = DrawState.RESERVED
_MIXED = rules.mixed_booking.code


def decide_case(rulebook: Rulebook, asked: Case) -> Decision:
    """Return the decision of the rulebook about the case."""
    case = asked if asked.existing is None else asked.with_existing_returned()
    account, client, booking, now = case.account, case.client, case.booking, case.now
    ask = rulebook.asked()
    ask_who, ask_package, ask_booking, ask_note = ask.who, ask.package, ask.booking, ask.note

    reasons = ask_who(account, client, rulebook)
    notes: Findings = ()

    packages = case.packages
    usable: _Packages = ()
    active: _Packages = ()
    against_packages: Findings = ()
    if len(packages) == 1:
        package = packages[0]
        against_packages = ask_package(case, package)
        usable = () if against_packages else packages
        active = packages if package.is_active(client, now) else ()
    elif packages:
        usable, active, against_packages = _looked_at(ask, case)
    if usable:
        notes = against_packages
    else:
        reasons += against_packages

    cover, short = _covered(ask, case, usable, active)
    against_booking = ask_booking(case, cover)
    if short:
        if cover.covered and all(finding.code != _MIXED for finding in against_booking):
            notes += short
        else:
            reasons += short
    if against_booking:
        reasons += against_booking

    eligible = not reasons
    again = case.existing is not None and case.is_own
    deposit = _deposit_outcome(case, cover.covered if eligible else ())
    card_capture = _card_capture_outcome(case, all_paid=eligible and not cover.uncovered)
    noted = ask_note(case, card_capture)
    if noted:
        notes += noted
    redemption: Redemption | None = None
    if eligible:
        starts_at, terms = booking.starts_at, account.cancellation
        redemption = _made_redemption(
            booking,
            client.id,
            starts_at,
            cover.draws,
            terms,
            _free_until(starts_at, terms),
            deposit,
            card_capture,
            rulebook.name,
            now,
            account.time_zone,
            1,  # version
            (),  # reschedules
        )
    return _made_decision(
        booking,
        eligible,
        reasons,
        notes,
        deposit,
        card_capture,
        redemption,
        cover.uncovered,
        rulebook.name,
        account.time_zone,
        now,
        eligible and _prompted(eligible=eligible, client=client),
        again,  # recorded
        again,
        case.by,
        case.note,
    )


def _looked_at(ask: Asked, case: Case) -> tuple[_Packages, _Packages, Findings]:
    """Return the usable packages, the active ones, and what is found against the others."""
    usable: list[Package] = []
    active: list[Package] = []
    against: list[Finding] = []
    ask_package, client, now = ask.package, case.client, case.now
    for package in sorted(case.packages, key=package_rank):
        found = ask_package(case, package)
        if found:
            against.extend(found)
        else:
            usable.append(package)
        if package.is_active(client, now):
            active.append(package)
    return tuple(usable), tuple(active), tuple(against)


def usable_packages(rulebook: Rulebook, case: Case) -> tuple[Package, ...]:
    """Return the packages that no package rule refuses, in the order that they were handed in."""
    ask_package = rulebook.asked().package
    return tuple([package for package in case.packages if not ask_package(case, package)])


def who_may_not(rulebook: Rulebook, account: AccountSettings, client: Client) -> Findings:
    """Return what account rules and client rules refuse."""
    return rulebook.asked().who(account, client, rulebook)


def _rank_of(credit: _Credit) -> tuple[object, ...]:
    return credit_rank(*credit)


def _covered(
    ask: Asked, case: Case, usable: _Packages, active: _Packages
) -> tuple[Cover, Findings]:
    """Return which credit pays for which line, and why a line is left without one (D07, D20)."""
    lines = case.booking.lines
    line = lines[0]
    if len(lines) > 1 or not line.payable:
        return _covered_together(ask, case, usable, active)
    names_not, lacks = ask.names_not, ask.lacks
    named: list[_Credit] = []
    for package in usable:
        for held in package.entitlements:
            if names_not(case, package, held, line) is False:
                named.append((package, held))  # noqa: PERF401 - a comprehension is one call more
    if len(named) > 1:
        named.sort(key=_rank_of)
    may_pay = named
    if ask.credit:
        may_pay = [credit for credit in named if not _refused(ask, case, credit, line)]
    for package, held in may_pay:
        if lacks(case, package, held, line) is False:
            draw = _made_draw(0, package.id, held.id, line.service.id, _RESERVED, None)
            return _made_cover(usable, active, (draw,), (0,), ()), ()
    short = _why_alone(ask, case, named, may_pay) if usable else ()
    return _made_cover(usable, active, (), (), (0,)), short


def _why_alone(
    ask: Asked, case: Case, named: Sequence[_Credit], may_pay: Sequence[_Credit]
) -> Findings:
    """Return why the only line is left without a credit."""
    service_id = case.booking.lines[0].service.id
    if may_pay:
        available = 0
        for _, held in may_pay:
            available += held.remaining
        return (ask.lacking.told(service_id, (("available", available), ("wanted", 1))),)
    if named:
        return _why_uncovered(ask, case, named, {0: ()}, (0,))
    return (ask.not_named.told(service_id, ()),)


def _covered_together(
    ask: Asked, case: Case, usable: _Packages, active: _Packages
) -> tuple[Cover, Findings]:
    """Return the same for a booking of several lines: all of them together."""
    lines, lacks = case.booking.lines, ask.lacks
    credits_ranked = [(package, held) for package in usable for held in package.entitlements]
    credits_ranked.sort(key=_rank_of)
    may_pay: dict[int, list[int]] = {}
    choices: list[list[int]] = []
    for index, line in enumerate(lines):
        if line.payable:
            may_pay[index] = possible = _may_pay(ask, case, credits_ranked, line)
            choices.append(
                [rank for rank in possible if lacks(case, *credits_ranked[rank], line) is False]
            )
    draws: list[Draw] = []
    uncovered: list[int] = []
    paid_by = allocate(choices, [held.remaining for _, held in credits_ranked])
    for index, rank in zip(may_pay, paid_by, strict=True):
        if rank is None:
            uncovered.append(index)
        else:
            package, held = credits_ranked[rank]
            service_id = lines[index].service.id
            draws.append(_made_draw(index, package.id, held.id, service_id, _RESERVED, None))
    covered = tuple([draw.line for draw in draws])
    cover = _made_cover(usable, active, tuple(draws), covered, tuple(uncovered))
    if uncovered and usable:
        return cover, _why_uncovered(ask, case, credits_ranked, may_pay, uncovered)
    return cover, ()


def _may_pay(
    ask: Asked, case: Case, credits_ranked: Sequence[_Credit], line: BookingLine
) -> list[int]:
    """Return the ranks of the credits that may pay for the line: named, refused by no rule."""
    names_not = ask.names_not
    ranks: list[int] = []
    for rank, (package, held) in enumerate(credits_ranked):
        if names_not(case, package, held, line) is False and not (
            ask.credit and _refused(ask, case, (package, held), line)
        ):
            ranks.append(rank)
    return ranks


def _refused(ask: Asked, case: Case, credit: _Credit, line: BookingLine) -> bool:
    """Tell whether a rule refuses that this credit pays for the line."""
    package, held = credit
    for condition, each in ask.credit:
        answer = condition(case, package, held, line)
        if answer is not False:
            each.found(answer)  # an answer that is none is refused, also where another credit pays
            return True
    return False


def _why_uncovered(
    ask: Asked,
    case: Case,
    credits_ranked: Sequence[_Credit],
    may_pay: Mapping[int, Sequence[int]],
    uncovered: Sequence[int],
) -> Findings:
    """Return why lines are left without a credit: in order, each service once for each code."""
    found: dict[tuple[str, str], Finding] = {}
    for index in uncovered:
        service_id = case.booking.lines[index].service.id
        possible = set(may_pay[index])
        if possible:
            facts: Answer = {
                "available": sum(credits_ranked[rank][1].remaining for rank in possible),
                "wanted": sum(not possible.isdisjoint(other) for other in may_pay.values()),
            }
            refusing = [(ask.lacking, facts)]
        else:
            refusing = _refusing(ask, case, credits_ranked, index)
        for each, answer in refusing:
            if (each.code, service_id) not in found:
                found[each.code, service_id] = each.found(answer, service_id)
    return tuple(found.values())


def _refusing(
    ask: Asked, case: Case, credits_ranked: Sequence[_Credit], index: int
) -> list[tuple[Rule, Answer]]:
    """Return the rules that refuse the credits which name the line's service, in their order."""
    line = case.booking.lines[index]
    named = [credit for credit in credits_ranked if ask.names_not(case, *credit, line) is False]
    if not named:
        return [(ask.not_named, True)]
    return [
        (each, answer)
        for condition, each in ask.credit
        for credit in named
        if (answer := condition(case, *credit, line)) is not False
    ]

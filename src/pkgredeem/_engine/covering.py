"""Which credit pays for which line of a booking, and why a line is left without one (D07, D20).

No rule text: what refuses a credit stands in `rules`; which credits are drawn is searched for by
`allocation`, or by `exact` where costs differ or a package's quota may bind (D63, D64).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from pkgredeem._engine.allocation import allocate
from pkgredeem._engine.exact import MOST_LINES, allocate_exactly
from pkgredeem._engine.quotas import Credit, Rooms, facts_of_full_quota, rooms
from pkgredeem._model.booking import CREDIT, BookingLine
from pkgredeem._model.case import Case
from pkgredeem._model.cover import Cover
from pkgredeem._model.draws import Draw
from pkgredeem._model.finding import Finding
from pkgredeem._model.packages import Package
from pkgredeem._model.ranks import credit_rank
from pkgredeem._model.rule import Answer, Rule
from pkgredeem._model.unchecked import unchecked
from pkgredeem._model.words import UNLIMITED, DrawState
from pkgredeem.exceptions import InvalidValueError
from pkgredeem.rules import acts
from pkgredeem.rules._rulebook import RulesByScope

Findings: TypeAlias = tuple[Finding, ...]
_Packages: TypeAlias = tuple[Package, ...]
#: What a line takes of each credit that may pay for it, by rank, the best first.
_Costs: TypeAlias = dict[int, int]

unchecked_cover = unchecked(Cover)
_unchecked_draw = unchecked(Draw)
_RESERVED = DrawState.RESERVED
_NO_ROOMS = Rooms({}, [])
_NOTHING: frozenset[str] = frozenset()
_PICK = frozenset(("only",))


def fields_set(case: Case, package: Package) -> frozenset[str]:
    """Return what rules may read of a package: the fields that it sets, and the pick (D40, D68)."""
    return package.beyond if case.only is None else package.beyond | _PICK


def cover_lines(
    rules: RulesByScope, case: Case, usable: _Packages, active: _Packages
) -> tuple[Cover, Findings]:
    """Return which credit pays for which line, and why a line is left without one (D07, D20).

    Raises:
        InvalidValueError: more than 8 payable lines where costs differ or a package's quota may
            bind (D64), or a local date or time is looked at without a time zone (D46).
    """
    lines = case.booking.lines
    if len(lines) == 1 and lines[0].payable and case.only is None:
        found = _cover_single_line(rules, case, usable, active)
        if found is not None:
            return found
    ranked, fields = _ranked_credits(case, usable)
    payable: list[int] = []
    costs: list[_Costs] = []
    for index, line in enumerate(lines):
        if line.payable:
            payable.append(index)
            costs.append(_costs_of(rules, case, fields, ranked, line))
    limits = _NO_ROOMS
    if rules.quota_full is not None and "quotas" in fields:
        limits = rooms(case, ranked, sorted({rank for units in costs for rank in units}))
    paid_by = _allocate(ranked, costs, limits)
    draws: list[Draw] = []
    covered: list[int] = []
    uncovered: list[int] = []
    for index, units, rank in zip(payable, costs, paid_by, strict=True):
        if rank is None:
            uncovered.append(index)
        else:
            covered.append(index)
            draws.append(_draw(case, index, ranked[rank], units[rank]))
    cover = unchecked_cover(usable, active, tuple(draws), tuple(covered), tuple(uncovered))
    if uncovered and usable:
        return cover, _explain_uncovered_lines(
            rules, case, ranked, payable=payable, costs=costs, paid_by=paid_by, limits=limits
        )
    return cover, ()


def _ranked_credits(case: Case, usable: _Packages) -> tuple[list[Credit], frozenset[str]]:
    """Return every credit, ranked, and the fields that rules may read of any of them.

    In loops, here and above: a comprehension is a function that is made each time, and measured on
    mixed cases they cost a tenth of a decision.
    """
    fields = _NOTHING if case.only is None else _PICK
    ranked: list[Credit] = []
    for package in usable:
        if package.beyond:
            fields |= package.beyond
        for entitlement in package.entitlements:
            ranked.append((package, entitlement))  # noqa: PERF401 - see above
    ranked.sort(key=credit_rank)
    return ranked, fields


def _costs_of(
    rules: RulesByScope,
    case: Case,
    fields: frozenset[str],
    ranked: Sequence[Credit],
    line: BookingLine,
) -> dict[int, int]:
    """Return what a line takes of each credit that may pay for it, whatever is left.

    Where no package sets any of the *fields* beyond the article mostly no rule has to be asked.
    """
    service_missing, service = rules.service_missing.condition, line.service
    is_asked = bool(rules.credit[fields])
    is_priced = bool(service.costs) or "unit" in fields
    costs: dict[int, int] = {}
    for rank, credit in enumerate(ranked):
        package, entitlement = credit
        if service_missing(case, package, entitlement, line) is False and not (
            is_asked and _is_refused(rules, case, credit, line)
        ):
            costs[rank] = (service.cost(entitlement.unit) or 1) if is_priced else 1
    return costs


def _allocate(ranked: Sequence[Credit], costs: Sequence[_Costs], limits: Rooms) -> list[int | None]:
    """Return for each payable line the rank of the credit that pays for it, or None.

    Raises:
        InvalidValueError: there are more lines than an exact search is promised for (D64).
    """
    cost_of: _Costs = {}
    mixed = False
    for units in costs:
        for rank in units:
            if cost_of.setdefault(rank, units[rank]) != units[rank]:
                mixed = True
    if mixed or (limits.of_packages and _may_bind(limits, costs)):
        return _allocate_exactly(ranked, costs, limits)
    lines_left = [0] * len(ranked)
    for rank, cost in cost_of.items():
        left = ranked[rank][1].remaining
        lines_left[rank] = len(costs) if left is UNLIMITED else left // cost
        if rank in limits.of_entitlements:
            lines_left[rank] = min(lines_left[rank], limits.of_entitlements[rank])
    return allocate([[rank for rank in units if lines_left[rank]] for units in costs], lines_left)


def _may_bind(limits: Rooms, costs: Sequence[_Costs]) -> bool:
    """Tell whether a package's quota has no place for every line that the package may pay for."""
    return any(
        room < sum(any(rank in units for rank in together) for units in costs)
        for together, room in limits.of_packages
    )


def _allocate_exactly(
    ranked: Sequence[Credit], costs: Sequence[_Costs], limits: Rooms
) -> list[int | None]:
    most = len(costs)
    if most > MOST_LINES:
        allowed = (
            f"at most {MOST_LINES} payable lines where costs differ, or where a quota of a package "
            "has no place for all of them"
        )
        raise InvalidValueError("Booking.lines", f"{most} payable lines", allowed)
    by_package: dict[str, list[int]] = {}
    for rank in sorted({rank for units in costs for rank in units}):
        by_package.setdefault(ranked[rank][0].id, []).append(rank)
    packages = [
        (ranks, min((room for held, room in limits.of_packages if ranks[0] in held), default=most))
        for ranks in by_package.values()
    ]
    left = [None if held.remaining is UNLIMITED else held.remaining for _, held in ranked]
    return allocate_exactly(costs, left, limits.of_entitlements, packages)


def _cover_single_line(
    rules: RulesByScope, case: Case, usable: _Packages, active: _Packages
) -> tuple[Cover, Findings] | None:
    """Return the same for the only line, where nothing beyond the article has to be looked at.

    None where a package sets a field beyond it, or a credit rule has to be asked. Measured on
    bookings of one line, a decision takes a third less than by the search.
    """
    (line,) = case.booking.lines
    if rules.credit[_NOTHING]:
        return None
    service_missing = rules.service_missing.condition
    out_of_credits = rules.out_of_credits.condition
    named: list[Credit] = []
    for package in usable:
        if package.beyond:
            return None
        for entitlement in package.entitlements:
            if service_missing(case, package, entitlement, line) is False:
                named.append((package, entitlement))  # noqa: PERF401 - see `_ranked_credits`
    if len(named) > 1:
        named.sort(key=credit_rank)
    units = line.service.cost(CREDIT) or 1  # of credits it is never None (D41)
    for credit in named:
        if out_of_credits(case, credit[0], credit[1], line) is False:
            draw = _draw(case, 0, credit, units)
            return unchecked_cover(usable, active, (draw,), (0,), ()), ()
    cover = unchecked_cover(usable, active, (), (), (0,))
    if not usable:
        return cover, ()
    costs = dict.fromkeys(range(len(named)), units)
    refusal: tuple[Rule, Answer] = (
        (rules.out_of_credits, _what_is_left(named, (costs,), (_mask_of(costs),), costs))
        if named
        else (rules.service_missing, True)
    )
    return cover, _findings_of_lines({0: (refusal,)}, case)


def _draw(case: Case, index: int, credit: Credit, units: int) -> Draw:
    """Return the credit that pays for a line, with the terms of its package if they differ."""
    package, entitlement = credit
    terms = acts.own_terms(package, case.account) if package.beyond else None
    return _unchecked_draw(
        index,
        package.id,
        entitlement.id,
        case.booking.lines[index].service.id,
        _RESERVED,
        (),
        units,
        terms,
        None if terms is None else acts.free_until(case.booking.starts_at, terms),
        package.name,
    )


def _is_refused(rules: RulesByScope, case: Case, credit: Credit, line: BookingLine) -> bool:
    """Tell whether a rule refuses that this credit pays for the line.

    All of them are asked, so that a missing time zone is told whatever else is found (D46).
    """
    package, entitlement = credit
    asked = rules.credit[fields_set(case, package)]
    answers = [rule.finds(ask(case, package, entitlement, line)) for ask, rule in asked]
    return any(answers)


def _explain_uncovered_lines(
    rules: RulesByScope,
    case: Case,
    ranked: Sequence[Credit],
    *,
    payable: Sequence[int],
    costs: Sequence[_Costs],
    paid_by: Sequence[int | None],
    limits: Rooms,
) -> Findings:
    """Return why lines are left without a credit."""
    without_quotas = paid_by
    if limits is not _NO_ROOMS:
        without_quotas = _allocate(ranked, costs, _NO_ROOMS)
    paying = sorted({rank for units in costs for rank in units})
    masks = [_mask_of(units) for units in costs]
    refusals: dict[int, list[tuple[Rule, Answer]]] = {}
    for place, index in enumerate(payable):
        possible = costs[place]
        if paid_by[place] is not None:
            continue
        if rules.quota_full is not None and without_quotas[place] is not None:
            facts = facts_of_full_quota(case, ranked, possible, paying, paid_by)
            refusals[index] = [(rules.quota_full, facts)]
        elif possible:
            facts = _what_is_left(ranked, costs, masks, possible)
            refusals[index] = [(rules.out_of_credits, facts)]
        else:
            refusals[index] = _refusals_of_line(rules, case, ranked, index)
    return _findings_of_lines(refusals, case)


def _what_is_left(
    ranked: Sequence[Credit], costs: Sequence[_Costs], masks: Sequence[int], possible: _Costs
) -> dict[str, str | int]:
    """Return what is left in the credits that may pay for a line, and what all lines want of them.

    Counted in the unit of the highest-ranked, which is told unless it is the credit.

    Args:
        ranked: the credits, the one that is drawn on first at the beginning.
        costs: for each line, the units that it takes of each credit that may pay for it.
        masks: the same credits as the bits of a number: with 100 lines that can't be paid and 200
            packages, sets of ranks took two thirds of the decision.
        possible: the costs of the line.
    """
    unit = ranked[min(possible)][1].unit
    same = [rank for rank in possible if ranked[rank][1].unit == unit]
    of_unit, wanted = _mask_of(same), 0
    for units, mask in zip(costs, masks, strict=True):
        if of_these := of_unit & mask:
            wanted += units[of_these.bit_length() - 1]  # of one unit they all cost the same
    left = [ranked[rank][1].remaining for rank in same]
    available = sum(units for units in left if units is not UNLIMITED)
    told = {} if unit == CREDIT else {"unit": unit}
    return {"available": available, "wanted": wanted, **told}


def _mask_of(ranks: Iterable[int]) -> int:
    """Return these ranks as the bits of a number."""
    mask = 0
    for rank in ranks:
        mask |= 1 << rank
    return mask


def _refusals_of_line(
    rules: RulesByScope, case: Case, ranked: Sequence[Credit], index: int
) -> list[tuple[Rule, Answer]]:
    """Return the rules that refuse the credits which name the line's service, in their order."""
    line, service_missing = case.booking.lines[index], rules.service_missing
    named = [credit for credit in ranked if service_missing.condition(case, *credit, line) is False]
    if not named:
        return [(service_missing, True)]
    return [
        (rule, answer)
        for condition, rule in rules.credit.every
        for credit in named
        if (answer := condition(case, *credit, line)) is not False
    ]


def _findings_of_lines(
    refusals: Mapping[int, Iterable[tuple[Rule, Answer]]], case: Case
) -> Findings:
    """Return what is found about the lines in order, each service once for each code (D22)."""
    found: dict[tuple[str, str], Finding] = {}
    for index, of_line in refusals.items():
        service = case.booking.lines[index].service
        for rule, answer in of_line:
            if (rule.code, service.id) not in found:
                found[rule.code, service.id] = rule.finding_for(answer, service.id, service.name)
    return tuple(found.values())

"""What must be true of credits, movements and money, as contracts for CrossHair.

As in `contracts`: each answers True whatever it is given, and states anew what is expected.
"""

from collections import Counter
from itertools import product
from types import SimpleNamespace

from pkgredeem import (
    AccountSettings,
    Actor,
    CardCaptureOutcome,
    ClosedRedemptionError,
    CreditOutcome,
    DepositOutcome,
    InvalidValueError,
    Movement,
    Redemption,
    RedemptionPolicy,
    rules,
)
from pkgredeem._engine.allocation import allocate
from pkgredeem._model.draws import BUCKET_OF
from tests.helpers.support import ANA, DAY, INSTANT, NOW, credit, package, redemption
from tests.proofs import stand_ins as of
from tests.proofs.stand_ins import by

# --- What becomes of the credit, and of the money -------------------------------------------------


def credit_after_a_cancellation(
    has_terms: bool, forfeits: bool, by_business: bool, until: int, now: int
) -> bool:
    """T22, T23, D10, D12: only a client's late cancellation under such terms forfeits.

    post: _
    """
    outcome = CreditOutcome.FORFEIT if forfeits else CreditOutcome.RETURN
    made = of.booked(until, terms=of.terms(9, outcome)) if has_terms else of.booked()
    found = of.credit_on_cancel(made, 0, by=by(by_business), now=now)
    lost = has_terms and forfeits and now > until and not by_business
    return found is (CreditOutcome.FORFEIT if lost else CreditOutcome.RETURN)


def credit_after_a_no_show(
    said: bool, staff_forfeit: bool, has_terms: bool, terms_forfeit: bool
) -> bool:
    """D16: staff's word, else the terms', else the credit returns.

    post: _
    """
    words = (CreditOutcome.RETURN, CreditOutcome.FORFEIT)
    terms = SimpleNamespace(on_no_show=words[terms_forfeit]) if has_terms else None
    staff = words[staff_forfeit] if said else None
    found = rules.acts.credit_on_no_show(terms, staff)  # type: ignore[arg-type]
    lost = staff_forfeit if said else has_terms and terms_forfeit
    return found is words[lost]


def deposit_of_two_lines(
    account: bool,
    first: bool | None,
    second: bool | None,
    payable: tuple[bool, bool],
    covered: tuple[bool, bool],
) -> bool:
    """T19, D18, D19, D31: collected if an uncovered line asks, else waived if a covered one does.

    post: _
    """
    lines = [
        SimpleNamespace(service=SimpleNamespace(deposit_required=own), payable=pays)
        for own, pays in zip((first, second), payable, strict=True)
    ]
    case = SimpleNamespace(
        booking=SimpleNamespace(lines=lines), account=SimpleNamespace(deposit_required=account)
    )
    paid = tuple(index for index in (0, 1) if covered[index])
    asks = [
        pays and (account if own is None else own)
        for own, pays in zip((first, second), payable, strict=True)
    ]
    expected = DepositOutcome.NOT_REQUIRED
    if (asks[0] and covered[0]) or (asks[1] and covered[1]):
        expected = DepositOutcome.WAIVED
    if (asks[0] and not covered[0]) or (asks[1] and not covered[1]):
        expected = DepositOutcome.COLLECT
    return rules.article.deposit_outcome(case, paid) is expected  # type: ignore[arg-type]


def card_page(asks: bool, all_paid: bool, saved: bool) -> bool:
    """T20, T21, D18, D28: bypassed when all is paid, with a note when no card was saved.

    post: _
    """
    case = SimpleNamespace(
        account=SimpleNamespace(card_capture=asks), client=SimpleNamespace(has_saved_card=saved)
    )
    found = rules.article.card_capture_outcome(case, all_paid=all_paid)  # type: ignore[arg-type]
    noted = rules.no_card_on_file.condition(case, found)
    words = CardCaptureOutcome
    expected = (words.BYPASSED if all_paid else words.CAPTURE) if asks else words.NOT_REQUIRED
    return found is expected and noted is (asks and all_paid and not saved)


# --- Which credit pays for which line -------------------------------------------------------------


def two_lines_two_entitlements(
    first: tuple[bool, bool], second: tuple[bool, bool], left: tuple[int, int]
) -> bool:
    """D07, D20: the allocation is the best of all ways to pay, by the four criteria.

    pre: 0 <= left[0] <= 2 and 0 <= left[1] <= 2
    post: _
    """
    return _is_best((first, second), left)


def three_lines_two_entitlements(
    first: tuple[bool, bool],
    second: tuple[bool, bool],
    third: tuple[bool, bool],
    left: tuple[int, int],
) -> bool:
    """D07, D20: the same for three lines.

    pre: 0 <= left[0] <= 3 and 0 <= left[1] <= 3
    post: _
    """
    return _is_best((first, second, third), left)


def two_lines_three_entitlements(
    first: tuple[bool, bool, bool], second: tuple[bool, bool, bool], left: tuple[int, int, int]
) -> bool:
    """D07, D20: the same for three entitlements.

    pre: 0 <= left[0] <= 2 and 0 <= left[1] <= 2 and 0 <= left[2] <= 2
    post: _
    """
    return _is_best((first, second), left)


def _is_best(may_pay: tuple[tuple[bool, ...], ...], left: tuple[int, ...]) -> bool:
    choices = [[rank for rank, may in enumerate(line) if may] for line in may_pay]
    found = tuple(allocate(choices, [*left]))
    ways = [
        way
        for way in product(*((*possible, None) for possible in choices))
        if all(way.count(rank) <= left[rank] for rank in range(len(left)))
    ]
    return found == min(ways, key=_preference)


def _preference(way: tuple[int | None, ...]) -> tuple[object, ...]:
    used = [rank for rank in way if rank is not None]
    return (-len(used), [rank is None for rank in way], sorted(used), used)


# --- What moves -----------------------------------------------------------------------------------


def movements_conserve(first: int, second: int, one_line: bool, by_business: bool) -> bool:
    """T16, D13, D16: what an act moves leaves one bucket, reaches another, and nothing is lost.

    pre: 0 <= first <= 7 and 0 <= second <= 7
    post: _
    """
    before, lines = _BOOKED, [0] if one_line else None
    for number in (first, second):
        after, movements = _after(number, before, lines, by(by_business))
        credits_in = Counter(BUCKET_OF[draw.state] for draw in before.draws)
        for each in movements:
            credits_in[each.source] -= each.credits
            credits_in[each.target] += each.credits
        if +credits_in != Counter(BUCKET_OF[draw.state] for draw in after.draws):
            return False
        before = after
    return True


_BOOKED = redemption("facial", "massage")


def _after(
    number: int, made: Redemption, lines: list[int] | None, who: Actor
) -> tuple[Redemption, tuple[Movement, ...]]:
    """Return what the act of that number makes of the redemption; nothing where it is refused."""
    policy, start = RedemptionPolicy(), made.starts_at
    acts = (
        lambda: policy.cancel(made, by=who, now=NOW, lines=lines),
        lambda: policy.cancel(made, by=who, now=start - INSTANT, lines=lines),
        lambda: policy.cancel(made, by=who, now=start, lines=lines),
        lambda: policy.no_show(made, now=start, lines=lines),
        lambda: policy.no_show(made, now=start, lines=lines, outcome=CreditOutcome.RETURN),
        lambda: policy.complete(made, now=NOW, lines=lines),
        lambda: policy.forgive(made, now=start, note="why", lines=lines),
        lambda: policy.reschedule(
            made,
            account=AccountSettings(),
            client=ANA,
            starts_at=start + DAY,
            by=who,
            now=NOW,
            packages=[package("p1", credit("facial"), credit("massage"))],
        ),
    )
    try:
        change = acts[number]().change
    except (ClosedRedemptionError, InvalidValueError):
        change = None
    return (made, ()) if change is None else (change.after, change.movements)

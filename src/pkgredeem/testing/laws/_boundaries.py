"""The law of boundaries: what is decided at, before and after each of them, worked out by hand."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from pkgredeem import (
    AccountSettings,
    Actor,
    BookingLine,
    CancellationTerms,
    Case,
    Client,
    ClientLogin,
    CreditOutcome,
    Package,
    PackageKind,
    PackageStatus,
    RedemptionPolicy,
    Rule,
    Service,
    rules,
)
from pkgredeem._model.rule import READABLE
from pkgredeem.rules import acts, plans
from pkgredeem.testing.cases._leaves import instants_of
from pkgredeem.testing.laws._asked import MOST_LINES, asked_by_hand, asking
from pkgredeem.testing.laws._by_hand import CODES, findings_by_hand
from pkgredeem.testing.laws._law import decided, law
from pkgredeem.testing.laws._plans import without_fields

_TICK: Final = timedelta(microseconds=1)
_BESIDE: Final = (-_TICK, 0 * _TICK, _TICK)
_NOTHING: Final = timedelta(0)
_DAY: Final = timedelta(days=1)
_UNNAMED: Final = BookingLine(Service(id="kit"))
_OF_ACTS: Final = frozenset(rule.code for rule in acts.EVERY_RULE)
_OF_PLANS: Final = frozenset(rule.code for rule in plans.EVERY_RULE)
#: By which rule what packages ask is refused.
_ASKED: Final[dict[str, Rule]] = {
    "void": rules.package_void,
    "suspended": rules.package_suspended,
    "pick": rules.package_not_chosen,
    "end of booking": rules.package_booking_over,
    "pause": rules.package_paused,
    "term of first use": rules.outside_first_use_term,
    "begin": rules.credit_not_started,
    "end": rules.credit_over,
    "unit": rules.cost_unknown,
    "trait": rules.trait_not_allowed,
    "hours": rules.outside_hours,
    "days": rules.blacked_out,
    "least notice": rules.booked_too_late,
    "most notice": rules.booked_too_early,
    "quota": rules.quota_reached,
}


@law("each boundary is decided at, just before and just after it")
def boundaries(policy: RedemptionPolicy, case: Case) -> str | None:
    """The shipped codes mean what they say, and turn where they say (D01 to D09, D32, D45 to D71).

    Asked of those that are in force: at every instant of the case, of every kind of account, client
    and package, around the day of the automatic start, of all that packages may ask, of packages
    that ask for nothing, and of a cancellation at the end of each window.
    """
    in_force = _OF_ACTS.union(rule.code for rule in policy.rulebook.rules)
    after = policy.rulebook.starts_enabled_after
    for asked in (*_at_every_instant(case), *_of_every_kind(case, after)):
        decision = decided(policy, asked)
        found = {(finding.code, finding.subject) for finding in decision.findings}
        found = {finding for finding in found if finding[0] in in_force & CODES}
        wanted = set(findings_by_hand(asked, decision, after))
        wanted = {finding for finding in wanted if finding[0] in in_force}
        if found != wanted:
            missing, more = sorted(wanted - found), sorted(found - wanted)
            return f"at {asked.now}: missing {missing}, unexpected {more}"
    return (
        _where_nothing_is_asked(policy, case, in_force)
        or _around_what_packages_ask(policy, case, in_force)
        or _around_the_windows(policy, case)
    )


def _at_every_instant(case: Case) -> Iterator[Case]:
    """Yield the case with the present, then a package's validity, moved to where things turn."""
    start, old = case.booking.starts_at, case.existing
    edges = set(instants_of(replace(case, existing=None)))
    if old is not None:
        reserved = [draw.line for draw in old.reserved_draws]
        edges.update(old.free_until_of(line) or start for line in reserved)
        edges.update(map(old.open_until, reserved))
    for now in sorted(edge + step for edge in edges for step in _BESIDE):
        if old is None or now >= old.booked_at:  # no act lies before the booking was made (D74)
            yield replace(case, now=now)
    for first in case.packages[:1]:
        for now in (case.now, max(start, case.now)):
            for step in _BESIDE:
                for ends in ((start + step, None), (None, start + step)):
                    moved = replace(first, valid_from=ends[0], valid_until=ends[1])
                    yield replace(case, now=now, packages=(moved, *case.packages[1:]))


def _of_every_kind(case: Case, automatic_start: date | None) -> Iterator[Case]:
    """Yield the case with another account, client or first package, or with one line more."""
    for account in _accounts(case.account, automatic_start):
        yield replace(case, account=account)
    yield replace(case, client=Client.guest(), existing=None)
    paged = replace(case, account=replace(case.account, card_capture=True))
    for logged_in in (True, False) if case.client.id else ():
        for has_card in (True, False):
            client = replace(case.client, logged_in=logged_in, has_saved_card=has_card)
            yield replace(paged, client=client)
    for first in case.packages[:1]:
        for packages in _like(first):
            yield replace(case, packages=(*packages, *case.packages[1:]))
    lines = case.booking.lines
    for payable in (True, False) if len(lines) < MOST_LINES else ():
        longer = (*lines, replace(_UNNAMED, payable=payable))
        yield replace(case, booking=replace(case.booking, lines=longer))


def _accounts(account: AccountSettings, automatic_start: date | None) -> Iterator[AccountSettings]:
    for kind in PackageKind:
        for is_on in (True, False, None):
            yield replace(account, package_kind=kind, online_redemption=is_on)
    for login in ClientLogin:
        yield replace(account, client_login=login)
    if automatic_start is not None:
        for days in (-1, 0, 1):
            if automatic_start != (date.min, None, date.max)[days + 1]:
                day = automatic_start + days * _DAY
                yield replace(account, online_redemption=None, activated_on=day)


def _like(first: Package) -> Iterator[tuple[Package, ...]]:
    """Yield packages in the place of the first: of each kind and status, twice, three times."""
    for kind in PackageKind:
        yield (replace(first, kind=kind),)
    for status in PackageStatus:
        yield (replace(first, status=status),)
    twice = (first, replace(first, id=f"kit {first.id}"))
    yield twice
    yield (*twice, replace(first, id=f"kit too {first.id}"))


def _where_nothing_is_asked(
    policy: RedemptionPolicy, case: Case, in_force: frozenset[str]
) -> str | None:
    """Where packages ask for nothing beyond the article, no rule beyond it finds anything (D40)."""
    findings = decided(policy, without_fields(case, READABLE)).findings
    more = {finding.code for finding in findings} & _OF_PLANS & in_force
    return f"unexpected {', '.join(sorted(more))}, where nothing is asked for" if more else None


def _around_what_packages_ask(
    policy: RedemptionPolicy, case: Case, in_force: frozenset[str]
) -> str | None:
    """Of an eligible case, let the packages ask for what it just fulfils, or just fails to."""
    before = decided(policy, case)
    noted = {note.code for note in before.notes}
    for row in asked_by_hand(case) if before.eligible else ():
        code = _ASKED[row.kind].code
        if code in in_force:
            after = decided(policy, asking(case, row))
            found = code in {finding.code for finding in after.findings}
            if found is not row.refuses and (row.refuses or code not in noted):
                return f"{'missing' if row.refuses else 'unexpected'} {code}, asked for {row.asks}"
    return None


def _around_the_windows(policy: RedemptionPolicy, case: Case) -> str | None:
    """Late means less than a window left, by the package's terms, else the account's (D09, D60).

    From the start on, or with less than `changes_close` left, a client can't cancel (D67).
    """
    made = decided(policy, case).redemption
    if made is None:
        return None
    own = {package.id: package.cancellation for package in case.packages}
    judging = [own[draw.package_id] or case.account.cancellation for draw in made.draws]
    terms = [item for item in judging if item is not None]
    ends = {end for item in terms for end in (item.changes_close, *dict(item.windows))}
    for left in sorted((end + step for end in {_NOTHING, *ends} for step in _BESIDE), reverse=True):
        now = made.starts_at - left
        if now >= made.booked_at:
            settled = policy.cancel(made, by=Actor.CLIENT, now=now)
            found = (settled.outcome, settled.late, settled.window) if settled.allowed else None
            wanted = _cancelled_by_hand(terms, left)
            if found != wanted:
                return f"cancelled at {now}: {found}, where the terms say {wanted}"
    return None


def _cancelled_by_hand(
    terms: Sequence[CancellationTerms], left: timedelta
) -> tuple[CreditOutcome, bool, timedelta | None] | None:
    """Return what a client's cancellation does with that much left: outcome, late and window."""
    if left <= _NOTHING or any(left < item.changes_close for item in terms):
        return None
    inside = [
        tier
        for item in terms
        for tier in [window for window in item.windows if left < window[0]][-1:]  # the smallest
    ]
    forfeits = any(outcome is CreditOutcome.FORFEIT for _, outcome in inside)
    outcome = CreditOutcome.FORFEIT if forfeits else CreditOutcome.RETURN
    return outcome, bool(inside), min((window for window, _ in inside), default=None)

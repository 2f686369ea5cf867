"""The laws of one decision, and of two that must not differ."""

import copy
import json
import pickle
from collections import Counter
from dataclasses import replace
from typing import Final

import pkgredeem as p
from pkgredeem.testing.laws._brute_force import best_draws
from pkgredeem.testing.laws._clock_watch import reads
from pkgredeem.testing.laws._differences import codes, difference, drawn
from pkgredeem.testing.laws._law import decided, law, with_rule
from pkgredeem.testing.laws._time import on_turning_days

_OURS: Final = frozenset(p.rules.EVERY_RULE)
_AGAIN: Final = 3


@law("asking changes nothing in the case")
def only_reads(policy: p.RedemptionPolicy, case: p.Case) -> str | None:
    """No rule writes to the case that it is asked about, or to anything that it reaches."""
    asked = copy.deepcopy(case)  # one that no other law has asked about
    decided(policy, asked)
    return None if asked == case else "a rule writes to the case"


@law("every case gets a decision")
def every_case(policy: p.RedemptionPolicy, case: p.Case) -> str | None:
    """No rule raises an exception, whatever the case: a guest, no package, a leap day."""
    decided(policy, case)
    decided(policy, replace(case, client=p.Client.guest(), existing=None))
    decided(policy, replace(case, packages=()))
    for turned in on_turning_days(case):
        decided(policy, turned)
    return None


@law("same input, same decision")
def same_input(policy: p.RedemptionPolicy, case: p.Case) -> str | None:
    """The same case gets the same decision, and no rule reads a clock or draws a random number."""
    first = decided(policy, case)
    read = reads(lambda: decided(policy, case))
    if read is not None:
        return f"a rule reads {read}"
    for _ in range(_AGAIN):
        again = decided(policy, case)
        if again != first:
            return difference(first, again) or "the two decisions are not equal"
    return None


@law("the order of packages changes nothing")
def order_of_packages(policy: p.RedemptionPolicy, case: p.Case) -> str | None:
    """The order in which packages, and what they hold, are handed in changes nothing."""
    packages = case.packages
    first = decided(policy, case)
    for order in (
        packages[::-1],
        packages[1:] + packages[:1],
        tuple(sorted(packages, key=_id_of)),
        tuple(map(_backwards, packages)),
    ):
        other = decided(policy, replace(case, packages=order))
        if other != first:
            ids = " ".join(package.id for package in order)
            return f"with the packages in the order {ids}: {difference(first, other)}"
    return None


def _backwards(package: p.Package) -> p.Package:
    """Return the package with its entitlements, pauses and uses in the other order."""
    return replace(
        package,
        entitlements=package.entitlements[::-1],
        pauses=package.pauses[::-1],
        uses=package.uses[::-1],
    )


@law("packages that are over or used up change nothing", with_rule(p.rules.package_over.code))
def spent_packages(policy: p.RedemptionPolicy, case: p.Case) -> str | None:
    """Leaving out packages that are over now, or used up, changes neither `eligible` nor the draws.

    Stores may leave them out. Over means: at the moment of booking and at the appointment's start.
    """
    last = min(case.now, case.booking.starts_at)
    returned = case.with_existing_returned().packages
    with_credit = {package.id for package in returned if package.has_credit}
    kept = tuple(
        package
        for package in case.packages
        if package.id in with_credit and not package.is_over_by(last)
    )
    before = decided(policy, case)
    after = decided(policy, replace(case, packages=kept))
    if (before.eligible, drawn(before)) == (after.eligible, drawn(after)):
        return None
    left_out = " ".join(package.id for package in case.packages if package not in kept)
    return f"without the packages {left_out}: {difference(before, after)}"


@law("lifting a rule refuses nothing more")
def lifting_a_rule(policy: p.RedemptionPolicy, case: p.Case) -> str | None:
    """Adding a refusing rule never turns `eligible` from False to True (D23).

    A caller's own booking rule may look at which credit was drawn: what only it refuses passes.
    """
    if not decided(policy, case).eligible:
        return None
    for rule in policy.rulebook.rules:
        if rule.can_be_lifted:
            lifted = p.RedemptionPolicy(policy.rulebook.without(rule))
            refused_by = {
                reason.code
                for reason in decided(lifted, case).reasons
                if reason.scope is not p.Scope.BOOKING or policy.rulebook.rule(reason.code) in _OURS
            }
            if refused_by:
                return f"without {rule.code}: refused by {', '.join(sorted(refused_by))}"
    return None


@law("refused if and only if there are reasons")
def reasons_refuse(policy: p.RedemptionPolicy, case: p.Case) -> str | None:
    """A decision is not eligible if and only if it has reasons."""
    decision = decided(policy, case)
    if decision.eligible is not bool(decision.reasons):
        return None
    return f"eligible is {decision.eligible}, the reasons are {codes(decision)}"


@law("a refusal waives, bypasses and draws nothing")
def refusals(policy: p.RedemptionPolicy, case: p.Case) -> str | None:
    """A refused booking is paid for as any other: nothing waived, nothing bypassed, no draw."""
    decision = decided(policy, case)
    given_away = (
        decision.deposit_waived
        or decision.card_capture_bypassed
        or decision.redemption is not None
        or decision.change is not None
        or decision.prompt
    )
    return (
        "refused, and yet something is given away" if given_away and not decision.eligible else None
    )


@law("eligible means that every payable line is covered", with_rule(p.rules.mixed_booking.code))
def every_line_covered(policy: p.RedemptionPolicy, case: p.Case) -> str | None:
    """Where mixed bookings are refused, an eligible one has a credit for every payable line."""
    decision = decided(policy, case)
    wanted = [index for index, line in enumerate(case.booking.lines) if line.payable]
    covered = [line for line, _, _ in drawn(decision)]
    if not decision.eligible or (covered == wanted and not decision.uncovered):
        return None
    return f"payable are the lines {wanted}, covered are {covered}"


@law("draws never exceed what is left")
def draws_within_reason(policy: p.RedemptionPolicy, case: p.Case) -> str | None:
    """No entitlement gives more than it has, nor anything for a service that it does not name.

    Each line takes what its service costs in the unit of the entitlement (D41).
    """
    left = {
        (package.id, entitlement.id): entitlement
        for package in case.with_existing_returned().packages
        for entitlement in package.entitlements
    }
    redemption = decided(policy, case).redemption
    taken: Counter[tuple[str, str]] = Counter()
    for draw in () if redemption is None else redemption.draws:
        place = (draw.package_id, draw.entitlement_id)
        taken[place] += draw.credits
        drawn_on, service = left[place], case.booking.lines[draw.line].service
        if service.id not in drawn_on.services:
            return f"drawn on {place} for {service.id}, which it does not name"
        if draw.credits != service.cost(drawn_on.unit):
            return f"{draw.credits} drawn on {place} for {service.id}"
    for place, units in taken.items():
        if not left[place].has(units):
            return f"{units} drawn on {place}, {left[place].remaining} left"
    return None


@law("the packages of other clients change nothing")
def packages_of_others(policy: p.RedemptionPolicy, case: p.Case) -> str | None:
    """What somebody else holds neither pays nor refuses, whether it is handed in or not (D04)."""
    own = tuple(package for package in case.packages if package.is_held_by(case.client))
    given_away = tuple(
        replace(package, id=f"kit {package.id}", client_id=f"not {case.client.id}", shared_with=())
        for package in own
    )
    first = decided(policy, case)
    for packages in (own, (*given_away, *case.packages), (*case.packages, *given_away)):
        other = decided(policy, replace(case, packages=packages))
        if (first.eligible, drawn(first)) != (other.eligible, drawn(other)):
            ids = " ".join(package.id for package in packages)
            return f"with the packages {ids}: {difference(first, other)}"
    return None


@law("the allocation is the best of all")
def best_allocation(policy: p.RedemptionPolicy, case: p.Case) -> str | None:
    """In small cases, the credits drawn are the best of all ways to pay, by brute force (D20)."""
    decision = decided(policy, case)
    best = best_draws(policy, case)
    if best is None:
        return None
    covered = {line for line, _, _ in best}
    payable = [index for index, line in enumerate(case.booking.lines) if line.payable]
    uncovered = tuple(index for index in payable if index not in covered)
    if uncovered != decision.uncovered or (decision.eligible and drawn(decision) != best):
        return f"drawn are {drawn(decision)}, the best would be {best}"
    return None


@law("before log-in, nothing is told of packages", with_rule(p.rules.client_not_logged_in.code))
def client_text_before_login(policy: p.RedemptionPolicy, case: p.Case) -> str | None:
    """What a client who is not logged in is told does not depend on any package (D03, D24)."""
    for before_login in (
        replace(case, client=replace(case.client, logged_in=False)),
        replace(case, client=p.Client.guest(), existing=None),
    ):
        with_them = decided(policy, before_login).explain(p.Audience.CLIENT)
        without = decided(policy, replace(before_login, packages=())).explain(p.Audience.CLIENT)
        if with_them != without:
            return f"the text is {with_them!r} with the packages, {without!r} without"
    return None


@law("the client text follows from the codes")
def client_text(policy: p.RedemptionPolicy, case: p.Case) -> str | None:
    """The client text depends on `eligible` and the codes alone, and holds no digit (D24)."""
    decision = decided(policy, case)
    known = {rule.code: rule for rule in (*policy.rulebook.rules, *p.rules.acts.EVERY_RULE)}
    texts = [known[code].client_text for code in codes(decision)]
    first = next((text for text in texts if text is not None), p.rules.NEUTRAL)
    wanted = p.rules.PROMPT if decision.eligible else first
    text = decision.explain(p.Audience.CLIENT)
    if text == wanted and not any(sign.isdigit() for sign in text):
        return None
    return f"the text is {text!r}, where the codes say {wanted!r}"


@law("pickle, copy and document keep equality")
def kept_equal(policy: p.RedemptionPolicy, case: p.Case) -> str | None:
    """A decision that is pickled or copied equals itself, and so does a redemption's document."""
    decision = decided(policy, case)
    for kept in (pickle.loads(pickle.dumps(decision)), copy.deepcopy(decision)):  # noqa: S301 (made here)
        if kept != decision:
            return "a copy of the decision is not equal to it"
    redemption = decision.redemption
    if redemption is not None:
        document = json.loads(json.dumps(redemption.to_document()))
        if p.Redemption.from_document(document) != redemption:
            return "the redemption's document reads back as another"
    return None


def _id_of(package: p.Package) -> str:
    return package.id

"""The laws of what must not matter: what things are called, and what was asked before."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import uuid4

import pkgredeem as p
from pkgredeem._model.checks import put
from pkgredeem._model.rule import READABLE
from pkgredeem.testing.cases._leaves import ids_of, renamed
from pkgredeem.testing.laws._differences import difference
from pkgredeem.testing.laws._law import NoDecisionError, decided, is_shipped, law
from pkgredeem.testing.laws._plans import without_fields
from pkgredeem.testing.laws._time import shifted

_OTHER_WAY: Final = dict(zip(p.PickedFrom, reversed(p.PickedFrom), strict=True))
_LATER: Final = timedelta(hours=30)
_PREFIXES: Final = ("ka-", "kb-", "kc-", "kd-")


@law("renaming ids in their order changes nothing", is_shipped)
def same_by_other_ids(policy: p.RedemptionPolicy, case: p.Case) -> str | None:
    """Under the shipped rulebooks, only the order of ids counts, and which ones are the same."""
    other = _renamed_answer(policy, ids_of(case), _PREFIXES[0], case)
    found = None if other is None else difference(decided(policy, case), other)
    return None if found is None else f"with other ids: {found}"


@law("the order of a set changes nothing")
def order_of_sets(policy: p.RedemptionPolicy, case: p.Case) -> str | None:
    """The order of a set, which differs from run to run, changes nothing.

    Of the sets of the case, and of those that a rule makes of its ids: other ids of the same shape
    come in another order.
    """
    found = difference(decided(policy, case), decided(policy, _with_sets_backwards(case)))
    ids = ids_of(case)
    first, *others = (_renamed_answer(policy, ids, prefix, case) for prefix in _PREFIXES)
    for other in others:
        if found is None and first is not None and other is not None:
            found = difference(first, other)
    return None if found is None else f"with sets in another order: {found}"


class _Backwards(frozenset[str]):
    """A set that is walked through from its end, as another run of the interpreter may."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        return reversed([*super().__iter__()])


def _with_sets_backwards(case: p.Case) -> p.Case:
    """Return the case with the services of entitlements, and the pick, in the other order."""

    def turned(entitlement: p.Entitlement) -> p.Entitlement:
        copied = replace(entitlement)
        put(copied, "services", _Backwards(entitlement.services))
        return copied

    packages = (
        replace(package, entitlements=tuple(map(turned, package.entitlements)))
        for package in case.packages
    )
    other = replace(case, packages=tuple(packages))
    if case.only is not None:
        put(other, "only", _Backwards(case.only))
    return other


@law("what was asked before changes nothing")
def asked_before(policy: p.RedemptionPolicy, case: p.Case) -> str | None:
    """A decision is the same whatever was asked before about its booking, client and packages."""
    ids = {case.booking.id, case.client.id or "", *(package.id for package in case.packages)}
    alone = _renamed_answer(policy, ids, _new_prefix(), case)
    for other in _other_questions(case):
        after = _renamed_answer(policy, ids, _new_prefix(), other, case)
        found = None if alone is None or after is None else difference(alone, after)
        if found is not None:
            return f"after another question about the same ids: {found}"
    return None


def _new_prefix() -> str:
    """Return what makes ids of which nobody has been asked, in this run or another."""
    return f"kit{uuid4().hex}-"


def _renamed_answer(
    policy: p.RedemptionPolicy, ids: Collection[str], prefix: str, *questions: p.Case
) -> p.Decision | None:
    """Return the last answer, by the old names, where all is asked with these ids renamed.

    None where a rule raises: it may know its ids by heart, which is no fault.
    """
    try:
        *_, last = [
            decided(policy, renamed(case, lambda name: prefix + name if name in ids else name))
            for case in questions
        ]
    except NoDecisionError:
        return None
    return renamed(last, lambda name: name.removeprefix(prefix))


def _other_questions(case: p.Case) -> Iterator[p.Case]:
    """Yield what else may be asked about the same ids: all else, later, and of other packages."""
    account, client = case.account, case.client
    lines = (
        replace(line, picked_from=_OTHER_WAY[line.picked_from], payable=True, traits=())
        for line in case.booking.lines
    )
    otherwise = replace(
        case,
        account=p.AccountSettings(
            card_capture=not account.card_capture,
            deposit_required=not account.deposit_required,
            time_zone=account.time_zone,
        ),
        client=p.Client(id=client.id, has_saved_card=not client.has_saved_card),
        booking=replace(case.booking, lines=tuple(lines), traits=()),
        existing=None,
        only=None,
    )
    yield replace(otherwise, packages=())
    yield shifted(case, _LATER) or otherwise
    for kind in p.PackageKind:
        plain = without_fields(otherwise, READABLE)
        packages = (
            replace(
                package,
                entitlements=tuple(
                    replace(held, remaining=p.UNLIMITED) for held in package.entitlements
                ),
                kind=kind,
                priority=package.priority + 1,
                valid_from=None,
                valid_until=None,
                sold_at=None,
            )
            for package in plain.packages
        )
        yield replace(plain, packages=tuple(packages))

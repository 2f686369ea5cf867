"""Each fact of a package by itself: what a store has to give back."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, time, timedelta

import pkgredeem as p
from pkgredeem.testing.contract._expectations import (
    DAY,
    MIDNIGHT,
    NOW,
    START,
    credit,
    facials,
    in_order,
    owned,
    same,
)
from pkgredeem.testing.contract._kit import Kit

_TICK = timedelta(microseconds=1)
_WEEKDAYS = p.Hours(days=[1, 5], opens=time(9, 30), closes=time(17))
_RESTRICTIONS = {
    "traits": p.Restrictions(traits={"room": ["blue", "O'Brien's"], "✿": ["x"]}),
    "hours": p.Restrictions(hours=[_WEEKDAYS, p.Hours(days=[6], opens=time(0))]),
    "not on": p.Restrictions(not_on=[date(2026, 12, 24), date(2027, 2, 28)]),
    "the least notice": p.Restrictions(min_notice=timedelta(hours=1, microseconds=1)),
    "the most notice": p.Restrictions(max_notice=90 * DAY),
    "none at all": p.Restrictions(),
}
_QUOTAS = {
    **{period.value: (p.Quota(2, period),) for period in p.Period},
    "14 days": (p.Quota(1, p.Days(14)),),
    "named": (p.Quota(5, p.Period.EVER, name='paid "for" ✿'), p.Quota(0, p.Period.DAY)),
}
_HOURS = timedelta(hours=6, microseconds=1)
_RETURN, _FORFEIT = p.CreditOutcome.RETURN, p.CreditOutcome.FORFEIT
TERMS = {
    "forfeit": p.CancellationTerms(window=_HOURS, late=_FORFEIT),
    "return": p.CancellationTerms(window=_HOURS, late=_RETURN),
    "no-show": p.CancellationTerms(window=_HOURS, late=_RETURN, no_show=_FORFEIT),
    "tiers": p.CancellationTerms(
        window=_HOURS, late=_RETURN, tiers=[(timedelta(hours=2), _FORFEIT)]
    ),
    "changes close": p.CancellationTerms(
        window=_HOURS, late=_FORFEIT, changes_close=timedelta(minutes=30)
    ),
}


class FactsOfPackages(Kit):
    """Invariants of what is known of a package."""

    def test_every_fact_of_a_package_is_kept(self) -> None:
        """Whatever is known of a package comes back with it, to its owner and by its name."""
        sold = self.holdable([*_plain_facts(), *_facts_of_plans()])
        store = self.store(*sold)
        packages = {package.id: in_order(package) for package in sold}
        named = owned(store, "nobody", *packages)
        own = owned(store, "ana")
        expected = [packages[name] for name in sorted(packages)]
        same("the packages with", expected, [_without_version(package) for package in named])
        expected = [packages[package.id] for package in own]
        same("the packages of ana with", expected, [_without_version(package) for package in own])


def _without_version(package: p.Package) -> p.Package:
    return replace(package, version=None)


def _plain_facts() -> Iterable[p.Package]:
    """Yield packages with one fact of the article each, named for it."""
    yield facials("nothing besides")
    yield replace(facials("a name"), name='From "head" to toe ✿')
    yield replace(facials("the kind legacy"), kind=p.PackageKind.LEGACY)
    yield replace(facials("the status archived"), status=p.PackageStatus.ARCHIVED)
    yield replace(facials("a sale"), sold_at=NOW - 30 * DAY - _TICK)
    yield replace(facials("a beginning at midnight"), valid_from=MIDNIGHT)
    yield replace(facials("an end at midnight"), valid_until=MIDNIGHT + DAY)
    yield replace(facials("a beginning"), valid_from=START + _TICK)
    yield replace(facials("an end"), valid_until=START + 36_500 * DAY - _TICK)
    yield replace(facials("a high priority"), priority=7)
    yield replace(facials("a low priority"), priority=-7)
    yield replace(facials("somebody who shares it"), shared_with=("ben",))
    yield replace(facials("two who share it"), shared_with=("ben", "cléo"))
    yield facials("many credits", remaining=2_000_001)
    yield _with("two services", credit("manicure", "pedicure", remaining=3))
    face, feet = credit("facial", remaining=2), credit("feet", "hands", remaining=3, id="feet")
    yield _with("two entitlements", face, feet)
    yield _with("two entitlements to one service", face, replace(face, id="more"))
    yield _with("an entitlement that is used up", face, replace(face, id="more", remaining=0))


def _facts_of_plans() -> Iterable[p.Package]:
    """Yield packages with one fact of a plan each, named for it."""
    one = credit("facial", remaining=3)
    yield replace(facials("the status suspended"), status=p.PackageStatus.SUSPENDED)
    yield replace(facials("the status void"), status=p.PackageStatus.VOID)
    yield replace(facials("an end of booking"), book_until=START + 7 * _TICK)
    yield replace(facials("a pause"), pauses=(p.Pause(START - DAY, START + _TICK),))
    yield replace(facials("two pauses"), pauses=(p.Pause(START, NOW + 9 * DAY), p.Pause(START)))
    yield replace(facials("days that it lasts"), lasts=p.Term(days=14))
    yield replace(facials("months that it lasts"), lasts=p.Term(months=6))
    yield replace(facials("traits"), traits=(("by", 'the "house"'), ("tier", "gold")))
    for name, terms in TERMS.items():
        yield replace(facials(f"terms: {name}"), cancellation=terms)
    for name, restrictions in _RESTRICTIONS.items():
        yield replace(facials(f"restrictions: {name}"), restrictions=restrictions)
        yield _with(f"its own restrictions: {name}", replace(one, restrictions=restrictions))
    for name, quotas in _QUOTAS.items():
        yield replace(facials(f"a quota: {name}"), quotas=quotas)
        yield _with(f"its own quota: {name}", replace(one, quotas=quotas))
    yield _with("a unit", replace(one, unit="minute"))
    yield _with("its own beginning", replace(one, valid_from=NOW + _TICK))
    yield _with("its own end", replace(one, valid_until=START + _TICK))
    yield _with("unlimited credits", replace(one, remaining=p.UNLIMITED))
    yield _with("a credit beside unlimited ones", one, replace(one, id="+", remaining=p.UNLIMITED))


def _with(name: str, *entitlements: p.Entitlement) -> p.Package:
    return replace(facials(name), entitlements=entitlements)

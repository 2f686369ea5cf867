"""A third opinion: the refusing rules as Cedar policies, asked beside the library.

`rules.cedar` states them over raw facts (dates, instants as numbers, counts, settings), for
bookings of one line and one package with at most two entitlements. For each case the engine's
answer must be ours, and the policies that determined it must be our reasons.
"""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import cedarpy

from pkgredeem import Case, Entitlement, Package, RedemptionPolicy, Rulebook, rules
from pkgredeem.testing.cases.generator import cases
from tests.proofs import pool, seeds
from tests.proofs.found import Found, number

SEED = 7_000
SHARE = 2_500
LEAST_SHARES = 20
_MOST_SHOWN = 5
#: Each rulebook, and the action that stands for it in the policies.
RULEBOOKS = (
    (rules.TIMELY_2026_03, "March"),
    (rules.TIMELY_2026_04, "April"),
    (rules.ONLINE, "online"),
    (rules.IN_STORE, "in store"),
)
POLICIES = (Path(__file__).parent / "rules.cedar").read_text()
BATCH = 2_000
_MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def prove(seconds: float) -> Found:
    """Compare at least 50,000 small cases under each shipped rulebook, then more until the end."""
    shares = pool.until(share, seconds=seconds, least=LEAST_SHARES)
    differing = [difference for part, _ in shares for difference in part]
    eligible = sum(part for _, part in shares)
    count = len(shares) * SHARE
    return Found(
        says=(
            "The refusing half of the rulebooks is written once more as Cedar policies over raw "
            "facts: dates, instants as numbers, counts and settings, nothing that the library "
            "computed, and no date of its own. Cedar's engine is asked about bookings of one line "
            "and one package; its answer and the policies that determined it must be our answer "
            "and our reasons."
        ),
        figures=(
            ("cases", number(count)),
            seeds.figure(),
            ("seeds of the generator", _seeds_told()),
            ("rulebooks", ", ".join(rulebook.name for rulebook, _ in RULEBOOKS)),
            ("decisions compared", number(count * len(RULEBOOKS))),
            ("of these permitted", number(eligible)),
            ("differences", number(len(differing))),
        ),
        failures=tuple(f"a difference: {each}" for each in differing[:_MOST_SHOWN]),
        open=(
            (
                "Cedar is asked about one line and one package at a time: several packages, mixed "
                "bookings, what packages ask beyond the article, exchanges, money and acts are not "
                "in its policies."
            ),
        ),
    )


def _seeds_told() -> str:
    return f"from {seeds.first(SEED)}, one for each {number(SHARE)} cases"


def share(number_of_share: int) -> tuple[list[str], int]:
    """Return the differences in one share of the cases, and how many decisions were eligible."""
    seed = seeds.first(SEED) + number_of_share
    differing = [
        f"{rulebook.name}: {ours} is not {theirs} for {case}"
        for rulebook, case, ours, theirs in differences(seed, SHARE)
    ]
    policies = [RedemptionPolicy(rulebook) for rulebook, _ in RULEBOOKS]
    eligible = sum(
        policy.decide_case(case).eligible
        for case in small_cases(seed, SHARE)
        for policy in policies
    )
    return differing, eligible


def small_cases(seed: int, count: int) -> Iterator[Case]:
    """Yield that many cases of one line and one package with at most two entitlements.

    Packages that ask for something beyond the article are left out: the policies don't say it.
    """
    grown = itertools.chain.from_iterable(cases(each, 10_000) for each in itertools.count(seed))
    found = (
        _small(case, package)
        for case in grown
        for package in case.packages
        if not asks_more(package)
    )
    return itertools.islice(found, count)


def asks_more(package: Package) -> bool:
    """Tell whether a package asks for something beyond the article, by its fields alone."""
    return (
        package.status.value in {"suspended", "void"}
        or package.book_until is not None
        or package.lasts is not None
        or package.restrictions is not None
        or bool(package.shared_with or package.pauses or package.quotas)
        or any(map(_is_limited, package.entitlements))
    )


def _is_limited(held: Entitlement) -> bool:
    """Tell whether an entitlement is more than so many credits for some services."""
    return (
        held.unit != "credit"
        or not isinstance(held.remaining, int)
        or held.valid_from is not None
        or held.valid_until is not None
        or held.restrictions is not None
        or bool(held.quotas)
    )


def differences(seed: int, count: int) -> Iterator[tuple[Rulebook, Case, set[str], set[str]]]:
    """Yield where the engine and the library part: rulebook, case, our reasons, its policies."""
    asked = small_cases(seed, count)
    while batch := list(itertools.islice(asked, BATCH)):
        for rulebook, action in RULEBOOKS:
            answers = cedarpy.is_authorized_batch(
                [request(case, action) for case in batch], POLICIES, []
            )
            policy = RedemptionPolicy(rulebook)
            for case, answer in zip(batch, answers, strict=True):
                decision = policy.decide_case(case)
                ours = {reason.code for reason in decision.reasons}
                theirs = _determining(answer)
                if answer.allowed is not decision.eligible or ours != theirs:
                    yield rulebook, case, ours, theirs


def _small(case: Case, package: Package) -> Case:
    """Return the same question about one line and one package, booked for the first time."""
    line = case.booking.lines[0]
    line = replace(line, service=replace(line.service, costs=()))
    return replace(
        case,
        packages=(replace(package, entitlements=package.entitlements[:2]),),
        booking=replace(case.booking, lines=(line,)),
        existing=None,
        only=None,
    )


def _determining(answer: cedarpy.AuthzResult) -> set[str]:
    if answer.diagnostics.errors:
        raise AssertionError(f"the policies are broken: {answer.diagnostics.errors}")
    named: Mapping[str, str] = answer.diagnostics.id_annotations_by_reason
    return set(named.values()) - {"permitted"}


def request(case: Case, action: str) -> dict[str, Any]:
    """Return what Cedar is asked: raw facts of the case, and the action of a rulebook."""
    package = case.packages[0]
    first, *rest = package.entitlements
    account: dict[str, Any] = {
        "kind": case.account.package_kind.value,
        "login": case.account.client_login.value,
    }
    if case.account.online_redemption is not None:
        account["chosen"] = case.account.online_redemption
    if case.account.activated_on is not None:
        account["activatedOn"] = int(f"{case.account.activated_on:%Y%m%d}")
    client: dict[str, Any] = {"loggedIn": case.client.logged_in}
    if case.client.id is not None:
        client["id"] = case.client.id
    held: dict[str, Any] = {
        "client": package.client_id,
        "kind": package.kind.value,
        "status": package.status.value,
        "first": _entitlement(first),
        "second": _entitlement(rest[0]) if rest else {"services": [], "left": 0},
    }
    for name, moment in (
        ("soldAt", package.sold_at),
        ("validFrom", package.valid_from),
        ("validUntil", package.valid_until),
    ):
        if moment is not None:
            held[name] = _number(moment)
    return {
        "principal": 'Client::"whoever"',
        "action": f'Action::"{action}"',
        "resource": 'Booking::"this one"',
        "context": {
            "account": account,
            "client": client,
            "package": held,
            "service": case.booking.lines[0].service.id,
            "payable": case.booking.lines[0].payable,
            "start": _number(case.booking.starts_at),
            "now": _number(case.now),
        },
    }


def _entitlement(held: Entitlement) -> dict[str, Any]:
    return {"services": sorted(held.services), "left": held.remaining}


def _number(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND

"""Replay of generated histories: the same for every way to cut a file, and as a desk has it."""

import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from pkgredeem import (
    Act,
    Actor,
    Case,
    Client,
    CreditOutcome,
    Days,
    Package,
    Period,
    Quota,
    RedemptionPolicy,
    Term,
    rules,
)
from pkgredeem.documents.replay import Replay, ranges, replay, survey
from tests.helpers.histories import ActLine, Line, Salon, write_lines
from tests.helpers.support import (
    AUCKLAND,
    DAY,
    FORFEIT_INSIDE_A_DAY,
    HOUR,
    NOW,
    account,
    booking,
    credit,
    package,
)

_NAMES: Final = ("ana", "beth", "cleo", "dan", "eve")
_SERVICES: Final = ("facial", "peel")
_QUOTAS: Final = ((), (Quota(1, Period.WEEK),), (Quota(2, Days(3)),), (Quota(3, Period.EVER),))
_ACTS: Final = (Act.CANCEL, Act.RESCHEDULE, Act.NO_SHOW, Act.COMPLETE, Act.FORGIVE)
_POLICIES: Final = (RedemptionPolicy(rules.IN_STORE), RedemptionPolicy(rules.ONLINE))
_MINUTES: Final = st.integers(0, 40 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))


@st.composite
def _packages(draw: st.DrawFn, owner: str, number: int) -> Package:
    left = {service: draw(st.integers(0, 3)) for service in _SERVICES}
    return package(
        f"p{number}",
        *(credit(service, left=left[service], id=service) for service in _SERVICES),
        client_id=owner,
        shared_with=draw(st.sets(st.sampled_from(_NAMES), max_size=1)) - {owner},
        quotas=draw(st.sampled_from(_QUOTAS)),
        lasts=draw(st.sampled_from((None, Term(days=10)))),
        valid_until=draw(st.sampled_from((None, NOW + 20 * DAY))),
    )


@st.composite
def _visits(draw: st.DrawFn, packages: tuple[Package, ...], number: int) -> Case:
    client = draw(st.sampled_from(_NAMES))
    listed = draw(st.sampled_from(("held", "some", "all")))
    held = [one for one in packages if client in {one.client_id, *one.shared_with}]
    told = packages if listed == "all" else held[: None if listed == "held" else 1]
    now = NOW + draw(_MINUTES)
    services = draw(st.lists(st.sampled_from(_SERVICES), min_size=1, max_size=2))
    visit = Case(
        account=account(cancellation=FORFEIT_INSIDE_A_DAY, time_zone=AUCKLAND),
        client=Client(id=client, logged_in=draw(st.booleans())),
        packages=told,
        booking=booking(*services, id=f"b{number}", starts_at=now + draw(_MINUTES) / 2 + HOUR),
        now=now,
        only=draw(st.sampled_from((None, None, None, {"p0"}))),
    )
    if draw(st.integers(0, 5)) == 0:  # in the place of an earlier booking
        paid = package("p0", *(credit(service, left=9, id=service) for service in _SERVICES))
        gone = replace(
            visit,
            packages=(replace(paid, client_id=client),),
            booking=replace(visit.booking, id=f"b{draw(st.integers(0, number))}"),
            only=None,
        )
        old = _POLICIES[0].decide_case(gone).redemption
        visit = replace(visit, packages=packages, existing=old)
    return visit


@st.composite
def _acts(draw: st.DrawFn, bookings: int) -> ActLine:
    act = draw(st.sampled_from(_ACTS))
    by = draw(st.sampled_from(Actor)) if act in _ACTS[:2] else Actor.BUSINESS
    now = NOW + draw(_MINUTES)
    return ActLine(
        act=act,
        booking_id=f"b{draw(st.integers(0, bookings))}",
        now=now,
        by=by,
        lines=draw(st.sampled_from((None, None, (0,)))) if act is not Act.RESCHEDULE else None,
        starts_at=now + draw(_MINUTES) / 2 if act is Act.RESCHEDULE else None,
        outcome=draw(st.sampled_from((None, *CreditOutcome))) if act is Act.NO_SHOW else None,
        note="so it was",
    )


@st.composite
def histories(draw: st.DrawFn) -> list[Line]:
    """Draw lines of bookings and acts in any order, of clients who share some packages."""
    owners = draw(st.lists(st.sampled_from(_NAMES), min_size=1, max_size=4))
    packages = tuple(draw(_packages(owner, number)) for number, owner in enumerate(owners))
    count = draw(st.integers(1, 14))
    lines: list[Line] = [draw(_visits(packages, number)) for number in range(count)]
    lines += draw(st.lists(_acts(count), max_size=8))
    again = draw(st.lists(st.sampled_from(lines), max_size=2))
    lines += [replace(line, now=line.now + HOUR) for line in again]
    return draw(st.permutations(lines))


def _with_carry(path: Path, workers: int, policies: tuple[RedemptionPolicy, ...]) -> Replay:
    """Return the replay in that many shards of as many surveys, merged in another order."""
    surveys = [survey(path, start=start, stop=stop) for start, stop in ranges(path, workers)]
    shards = type(surveys[0]).merged(surveys).shards(workers)
    return Replay.merged([replay(path, *policies, shard=shard) for shard in reversed(shards)])


@given(lines=histories())
@settings(max_examples=150, deadline=None)
def test_a_replay_with_carry_is_what_a_desk_would_have_done(lines: list[Line]) -> None:
    """Counts equal those of a desk on a store in memory that is fed in order of booking."""
    salon = Salon.after(_POLICIES[0], lines)
    with tempfile.TemporaryDirectory() as folder:
        path = write_lines(Path(folder) / "history.jsonl", lines)
        found = replay(path, _POLICIES[0], carry=True)

    assert salon.tally() == found.first
    assert (salon.counts["unreadable"], salon.counts["unknown"]) == (
        found.unreadable,
        found.unknown,
    ), found.problems


@given(lines=histories())
@settings(max_examples=60, deadline=None)
def test_the_number_of_workers_changes_no_count(lines: list[Line]) -> None:
    """One, two, three and seven, with carry and without: every field, problems included."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_lines(Path(folder) / "history.jsonl", [*lines, "", "{", *lines[:2]])
        with_carry = replay(path, *_POLICIES, carry=True)
        without = replay(path, *_POLICIES)
        for workers in (1, 2, 3, 7):
            assert with_carry == _with_carry(path, workers, _POLICIES)
            parts = [
                replay(path, *_POLICIES, start=start, stop=stop)
                for start, stop in ranges(path, workers)
            ]
            assert without == Replay.merged(parts)

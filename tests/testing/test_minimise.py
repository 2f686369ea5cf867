"""The smallest case that still shows something, and the document of it, what is plain left out."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from pkgredeem import (
    UNLIMITED,
    AccountSettings,
    Actor,
    BookingLine,
    CancellationTerms,
    Case,
    CreditOutcome,
    Days,
    Hours,
    PackageKind,
    Pause,
    PickedFrom,
    Quota,
    RedemptionPolicy,
    Restrictions,
    Service,
    Term,
)
from pkgredeem.documents import read_case
from pkgredeem.testing.cases._minimise import as_json, shrunk, size, small_document, weight
from pkgredeem.testing.cases.generator import case as generated
from tests.helpers.support import (
    DAY,
    LONDON,
    SHIPPED,
    START,
    account,
    booking,
    case,
    credit,
    package,
    redemption,
)


def test_a_plain_case_is_as_small_as_it_can_be() -> None:
    """Nothing can be left out of the plain case of these tests without a refusal."""
    plain = case()
    online = RedemptionPolicy()

    assert plain == shrunk(plain, lambda smaller: online.decide_case(smaller).eligible)
    assert all(RedemptionPolicy(book).decide_case(plain).eligible for book in SHIPPED)


@pytest.mark.parametrize("index", range(0, 400, 4))
def test_a_small_document_reads_back_equal(index: int) -> None:
    """Whatever goes without saying is left out, and nothing else."""
    made = generated(seed=3, index=index)

    assert made == read_case(small_document(made))


def test_a_small_document_says_only_what_is_not_plain() -> None:
    """The document of a plain case has a handful of keys."""
    assert {
        "format": "pkgredeem/1",
        "now": "2026-05-01T08:00:00+00:00",
        "account": {"online_redemption": True, "client_login": "optional"},
        "client": {"id": "ana", "logged_in": True},
        "packages": [
            {
                "id": "p1",
                "client_id": "ana",
                "entitlements": [{"id": "facial", "services": ["facial"], "remaining": 1}],
            }
        ],
        "booking": {
            "id": "b1",
            "starts_at": "2026-05-05T10:00:00+00:00",
            "lines": [{"service": {"id": "facial"}}],
        },
    } == small_document(case())
    assert as_json(case()).startswith('{\n  "format": "pkgredeem/1",\n')


def rich_case() -> Case:
    """Return a case in which everything can be left out that can be."""
    plain = case(
        packages=[
            replace(
                package("p1", credit("facial", left=3), credit("mask", left=2)),
                kind=PackageKind.LEGACY,
                sold_at=datetime(2026, 1, 1, tzinfo=UTC),
                valid_from=datetime(2026, 1, 1, tzinfo=UTC),
                valid_until=datetime(2027, 1, 1, tzinfo=UTC),
                priority=3,
            ),
            package("p2"),
        ]
    )
    line = BookingLine(
        Service(id="facial", name="Facial", deposit_required=True), picked_from=PickedFrom.ADD_ON
    )
    return replace(
        plain,
        client=replace(plain.client, has_saved_card=True),
        booking=booking(line, "mask"),
        existing=redemption("facial"),
        by=Actor.BUSINESS,
        note="by telephone",
    )


def test_what_makes_no_difference_is_left_out() -> None:
    """Of a case that may be anything, one line of a plain account without packages is left."""
    rich = rich_case()
    anything = shrunk(rich, lambda _: True)

    assert AccountSettings() == anything.account
    assert () == anything.packages
    assert (anything.existing, anything.note, anything.by) == (None, "", Actor.CLIENT)
    assert (rich.booking.starts_at, 1) == (
        anything.booking.starts_at,
        len(anything.booking.lines),
    )
    assert not anything.client.has_saved_card


def test_what_makes_a_difference_is_kept() -> None:
    """One package of the kind that is looked for, one credit in each entitlement."""
    rich = rich_case()
    legacy = shrunk(rich, lambda c: PackageKind.LEGACY in {p.kind for p in c.packages})
    masked = shrunk(rich, lambda c: any(len(p.entitlements) > 1 for p in c.packages))

    assert ["p1"] == [kept.id for kept in legacy.packages]
    assert [1] == [e.remaining for kept in legacy.packages for e in kept.entitlements]
    assert [1, 1] == [e.remaining for kept in masked.packages for e in kept.entitlements]


def asking_case() -> Case:
    """Return a case whose package asks for two of everything that it can ask for."""
    asked = Restrictions(
        traits={"place": ["north"], "staff": ["jo"]},
        hours=[Hours(days=[2, 3], opens=time(9), closes=time(17)), Hours(days=[2], opens=time(1))],
        not_on=[date(2026, 12, 24), date(2026, 12, 25)],
        min_notice=timedelta(days=1),
    )
    pauses = [Pause(START + DAY * number, START + DAY * (number + 1)) for number in (1, 3)]
    only = replace(credit("facial"), remaining=UNLIMITED, quotas=(Quota(3, Days(14)),))
    sold = replace(
        package("p1", only),
        restrictions=asked,
        pauses=tuple(pauses),
        lasts=Term(days=14),
        shared_with=("ben", "cleo"),
        cancellation=CancellationTerms(
            window=DAY, late=CreditOutcome.RETURN, tiers=[(DAY / 2, CreditOutcome.FORFEIT)]
        ),
    )
    return case(packages=[sold], account=account(time_zone=LONDON), only=["p1", "p2"])


def test_of_what_is_asked_only_what_shows_it_is_left() -> None:
    """One day of one of two hours, without its end; one trait; the last pause, that has no end."""
    rich = asking_case()

    def asks(smaller: Case) -> Restrictions:
        return (smaller.packages[0].restrictions if smaller.packages else None) or Restrictions()

    hours = shrunk(rich, lambda smaller: any(3 in one.days for one in asks(smaller).hours))
    traits = shrunk(rich, lambda smaller: any(name == "staff" for name, _ in asks(smaller).traits))
    paused = shrunk(rich, lambda smaller: any(package.pauses for package in smaller.packages))
    named = shrunk(rich, lambda smaller: any("cleo" in p.shared_with for p in smaller.packages))
    tiers = shrunk(rich, lambda smaller: any(p.cancellation for p in smaller.packages))

    assert Restrictions(hours=[Hours(days=[3], opens=time(9))]) == asks(hours)
    assert Restrictions(traits={"staff": ["jo"]}) == asks(traits)
    assert (Pause(START + 3 * DAY),) == paused.packages[0].pauses
    assert ("cleo",) == named.packages[0].shared_with
    assert (
        CancellationTerms(window=DAY, late=CreditOutcome.RETURN) == tiers.packages[0].cancellation
    )
    assert (1, None, ()) == (
        hours.packages[0].entitlements[0].remaining,
        hours.packages[0].lasts,
        hours.packages[0].pauses,
    )


def test_the_weight_is_how_much_there_is_to_read() -> None:
    """The more is left out, the less a case weighs, and the shorter is its document."""
    rich = rich_case()
    anything = shrunk(rich, lambda _: True)
    masked = shrunk(rich, lambda c: any(len(p.entitlements) > 1 for p in c.packages))

    assert weight(anything) < weight(masked) < weight(rich)
    assert size(anything) < size(masked) < size(rich)

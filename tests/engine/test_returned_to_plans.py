"""A credit that returned to a plan: which facts beyond the article make it dead (D13, D52)."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from pkgredeem import (
    Actor,
    Audience,
    DrawState,
    Hours,
    Package,
    PackageStatus,
    Pause,
    RedemptionPolicy,
    Restrictions,
    Rulebook,
    Term,
    Use,
)
from tests.helpers.support import (
    DAY,
    HOUR,
    INSTANT,
    LONDON,
    NOW,
    SHIPPED,
    START,
    account,
    booking,
    case,
    credit,
    decide,
    notes,
    package,
    redemption,
    restricted,
    use,
)

DEAD = "the credit was returned, but it can't be used any more: ask the business"
BACK = "the credit is back in the package"
#: The moment of the cancellation, four days before the start.
AT = NOW


def facial(**fields: object) -> Package:
    """Return a package whose credit for a facial has these fields."""
    return package("p1", restricted(id="facial", **fields))


@pytest.mark.parametrize("book", SHIPPED, ids=lambda book: book.name)
@pytest.mark.parametrize(
    ("today", "usable"),
    [
        (package(status=PackageStatus.SUSPENDED), False),
        (package(status=PackageStatus.VOID), False),
        (package(book_until=AT), False),
        (package(book_until=AT + INSTANT), True),
        (facial(valid_until=AT), False),
        (facial(valid_until=AT + INSTANT), True),
        (facial(valid_from=START + 30 * DAY), True),
        (facial(valid_from=START, valid_until=START + DAY), True),
    ],
    ids=[
        "suspended",
        "void",
        "booking over",
        "still bookable",
        "credit over",
        "credit not over",
        "credit begins later",
        "credit begins and ends later",
    ],
)
def test_status_booking_and_validity_decide(book: Rulebook, today: Package, usable: bool) -> None:
    """In every rulebook, asked of the moment of the act (D13, D49, D50, D52)."""
    settlement = RedemptionPolicy(book).cancel(
        redemption(), by=Actor.CLIENT, now=AT, packages=[today]
    )

    assert (True, usable, [] if usable else ["credit_not_usable"]) == (
        settlement.returned,
        settlement.credit_usable,
        [finding.code for finding in settlement.findings],
    )
    assert (BACK if usable else DEAD) == settlement.explain(Audience.CLIENT)


@pytest.mark.parametrize(
    ("valid_from", "package_until", "usable"),
    [
        (START, START + INSTANT, True),
        (START, START, False),
        (START + DAY, START + INSTANT, False),
    ],
)
def test_it_is_asked_of_the_later_beginning(
    valid_from: datetime, package_until: datetime, usable: bool
) -> None:
    """A credit that begins when its package is over can never be used (D13, D50)."""
    today = replace(facial(valid_from=valid_from), valid_until=package_until)
    settlement = RedemptionPolicy().cancel(redemption(), by=Actor.CLIENT, now=AT, packages=[today])

    assert usable is settlement.credit_usable


@pytest.mark.parametrize(
    "today",
    [
        package(pauses=[Pause(NOW - DAY)]),
        package(restrictions=Restrictions(hours=[Hours(days=[7], opens=time(3))])),
        package(restrictions=Restrictions(not_on=[date(2026, 5, 1)])),
        package(restrictions=Restrictions(traits={"place": ["north"]})),
        package(restrictions=Restrictions(min_notice=999 * DAY)),
        package(restrictions=Restrictions(max_notice=0 * DAY)),
        package(client_id="beth", shared_with=["cleo"]),
    ],
    ids=["paused", "hours", "closed day", "place", "notice", "horizon", "another's"],
)
def test_when_where_and_whose_do_not(today: Package) -> None:
    """There will be another hour and another place, and no zone is asked for (D13)."""
    settlement = RedemptionPolicy().cancel(redemption(), by=Actor.CLIENT, now=AT, packages=[today])

    assert (True, (), BACK) == (
        settlement.credit_usable,
        settlement.findings,
        settlement.explain(Audience.CLIENT),
    )


@pytest.mark.parametrize("act", ["no_show", "forgive"])
def test_every_act_that_returns_says_it(act: str) -> None:
    """A no-show whose credit returns, and one that is forgiven (D13, D16)."""
    policy, void = RedemptionPolicy(), [package(status=PackageStatus.VOID)]
    found = redemption(terms=None)
    if act == "no_show":
        settlement = policy.no_show(found, now=START, packages=void)
    else:
        done = policy.complete(found, now=START).change
        assert done is not None
        settlement = policy.forgive(done.after, now=START, note="ill", packages=void)

    assert (True, False, DEAD) == (
        settlement.returned,
        settlement.credit_usable,
        settlement.explain(Audience.CLIENT),
    )


def test_an_exchange_tells_it_among_its_notes() -> None:
    """The old credit goes back to what is suspended, the new one comes from another (D13, D71)."""
    today = [
        package("p1", credit("facial", left=0), status=PackageStatus.SUSPENDED),
        package("p2"),
    ]
    decision = decide(
        case(
            account=account(),
            booking=booking(id="b2", starts_at=START + DAY),
            packages=today,
            existing=redemption(),
            now=NOW + HOUR,
        )
    )

    assert decision.eligible
    assert ["package_suspended", "credit_not_usable"] == notes(decision)


def test_a_forgiven_use_begins_no_term() -> None:
    """The only use returned: the term of first use has not begun, however long ago it was (D53)."""
    done = RedemptionPolicy().complete(redemption(zone=LONDON), now=START).change
    assert done is not None
    used = use(booking_id="b1", state=DrawState.REDEEMED)
    other = use(START, state=DrawState.REDEEMED)

    def usable(*uses: Use) -> bool | None:
        today = package(lasts=Term(days=14), uses=uses)
        return (
            RedemptionPolicy()
            .forgive(done.after, now=START + 20 * DAY, note="she was ill", packages=[today])
            .credit_usable
        )

    assert [True, False] == [usable(used), usable(used, other)]

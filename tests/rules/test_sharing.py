"""Sharing: who is named holds the package for every rule, and nothing else follows (D59)."""

from dataclasses import replace

import pytest

from pkgredeem import (
    AccountSettings,
    Client,
    Package,
    PackageStatus,
    Pause,
    RedemptionPolicy,
    Rulebook,
    Term,
)
from pkgredeem.rules import IN_STORE
from tests.helpers.support import (
    ANA,
    BETH,
    DAY,
    LONDON,
    NO_LIMITS,
    NOW,
    SHIPPED,
    START,
    account,
    booking,
    case,
    codes,
    credit,
    decide,
    draws,
    notes,
    package,
    use,
)

BEN, CLEO, DAN = (Client(id=name, logged_in=True) for name in ("ben", "cleo", "dan"))
FAMILY = package(shared_with=["ben", "cleo"])


@pytest.mark.parametrize("book", SHIPPED, ids=lambda book: book.name)
@pytest.mark.parametrize("client", [ANA, BEN, CLEO], ids=lambda client: client.id)
def test_who_is_named_books_like_the_owner(book: Rulebook, client: Client) -> None:
    """The same yes, the same credit; the redemption says whose booking it was (D59)."""
    decision = decide(case(client=client, packages=[FAMILY]), book)

    assert [(0, "p1", "facial")] == draws(decision)
    assert decision.redemption is not None
    assert client.id == decision.redemption.client_id


@pytest.mark.parametrize("book", SHIPPED, ids=lambda book: book.name)
def test_who_is_not_named_holds_nothing(book: Rulebook) -> None:
    """To Dan the family's package is another client's, where it is handed in (D04, D59)."""
    refused = decide(case(client=DAN, packages=[FAMILY]), book)

    assert ["package_of_another_client", "no_package"] == codes(refused)


@pytest.mark.parametrize(
    ("client", "beside"),
    [
        (DAN, ([], ["package_of_another_client"])),
        (Client.guest(), (["package_of_another_client"] * 2 + ["no_package"], [])),
    ],
    ids=["Dan, who has one of his own", "a guest"],
)
def test_of_what_is_not_held_nothing_beyond_the_article_is_told(
    client: Client, beside: tuple[list[str], list[str]]
) -> None:
    """Neither that it is on hold nor what else it says: it is another client's (D04, D40)."""
    said = replace(
        FAMILY,
        status=PackageStatus.SUSPENDED,
        book_until=NOW,
        pauses=(Pause(NOW),),
        lasts=Term(days=1),
        uses=(use(START - 9 * DAY),),
    )
    asked = case(client=BEN, packages=[said], only=["p2"], account=account(time_zone=LONDON))
    told = [
        "package_suspended",
        "package_booking_over",
        "package_paused",
        "outside_first_use_term",
        "package_not_chosen",
    ]

    assert told == codes(decide(asked, IN_STORE))
    refused = decide(replace(asked, client=client), IN_STORE)
    assert ["package_of_another_client", "no_package"] == codes(refused)
    of_dan = package("p2", client_id="dan")
    both = decide(replace(asked, client=client, packages=(said, of_dan)), IN_STORE)
    assert beside == (codes(both), notes(both))


@pytest.mark.parametrize("client", [Client.guest(), Client(id="ben")])
def test_a_guest_holds_nothing_and_who_is_not_logged_in_is_told_so(client: Client) -> None:
    """Sharing logs nobody in (T07, D03)."""
    refused = codes(decide(case(client=client, packages=[FAMILY])))

    if client.id is None:
        assert ["client_not_logged_in", "package_of_another_client", "no_package"] == refused
    else:
        assert ["client_not_logged_in"] == refused


def test_ids_are_compared_character_for_character() -> None:
    """Ben is not BEN, nor any part of a name."""
    for name in ("Ben", "be", "ben "):
        assert not FAMILY.is_held_by(Client(id=name))


def test_sharing_is_neither_mutual_nor_handed_on() -> None:
    """Ana holds none of Ben's packages, nor Cleo what Ben shares with her of Ana's (D59)."""
    of_ana = package("p1", shared_with=["ben"])
    of_ben = package("p2", client_id="ben", shared_with=["cleo"])

    def holds(client: Client) -> list[str]:
        return [sold.id for sold in (of_ana, of_ben) if sold.is_held_by(client)]

    assert [["p1"], ["p1", "p2"], ["p2"]] == [holds(who) for who in (ANA, BEN, CLEO)]


@pytest.mark.parametrize("who", [["ana"], ["ana", "ben"]])
def test_naming_the_owner_changes_nothing(who: list[str]) -> None:
    """She holds it once."""
    assert [] == codes(decide(case(packages=[package(shared_with=who)])))


@pytest.mark.parametrize(
    ("packages", "expected"),
    [
        ([FAMILY], []),
        ([FAMILY, package("p2", client_id="ben")], ["several_active_packages"]),
        ([FAMILY, package("p2", shared_with=["ben"])], ["several_active_packages"]),
        ([FAMILY, package("p2", shared_with=["cleo"])], []),
        ([FAMILY, package("p2", credit("facial", left=0), shared_with=["ben"])], []),
    ],
)
def test_a_shared_package_is_an_active_one(packages: list[Package], expected: list[str]) -> None:
    """It counts among Ben's, whoever it was sold to (D05, T10)."""
    assert expected == codes(decide(case(client=BEN, packages=packages)))


def test_a_shared_package_is_told_of_after_logging_in() -> None:
    """The notice and the menu know it too (T09, T08)."""
    policy = RedemptionPolicy(NO_LIMITS)
    settings: AccountSettings = account()

    def told(client: Client) -> tuple[bool, bool]:
        notice = policy.notice(account=settings, client=client, packages=[FAMILY], now=NOW)
        facial = booking().lines[0].service
        menu = policy.menu(
            account=settings,
            client=client,
            packages=[FAMILY],
            services=[facial],
            starts_at=booking().starts_at,
            now=NOW,
        )
        return notice, menu["facial"]

    assert [(True, True), (False, False)] == [told(client) for client in (BEN, DAN)]


def test_every_rule_is_asked_of_what_is_shared() -> None:
    """Who is named is refused for the same facts as the owner (D40, D59)."""
    paused = package("p1", shared_with=["ben"], book_until=NOW)

    assert ["package_booking_over"] == codes(decide(case(client=BEN, packages=[paused])))
    assert ["package_booking_over"] == codes(decide(case(packages=[paused])))


def test_beside_ones_own_package_nothing_of_another_is_used() -> None:
    """Beth's own pays, and the family's is not hers."""
    decision = decide(case(client=BETH, packages=[FAMILY, package("p2", client_id="beth")]))

    assert ([(0, "p2", "facial")], ["package_of_another_client"]) == (
        draws(decision),
        notes(decision),
    )

"""The other questions of a policy, and what a decision says of the money and the prompt."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from pkgredeem import (
    AccountSettings,
    CardCaptureOutcome,
    Client,
    ClientLogin,
    DepositOutcome,
    InvalidValueError,
    OnlineRedemptionSetting,
    Package,
    PackageKind,
    RedemptionPolicy,
    Rulebook,
    Service,
    rules,
)
from tests.helpers.support import (
    ANA,
    DAY,
    FORFEIT_INSIDE_A_DAY,
    INSTANT,
    NO_LIMITS,
    NOW,
    RETURN_INSIDE_A_DAY,
    START,
    account,
    case,
    credit,
    decide,
    line,
    package,
)

MARCH, APRIL, DESK = rules.TIMELY_2026_03, rules.TIMELY_2026_04, rules.IN_STORE
NO_DEPOSIT, COLLECT, WAIVED = DepositOutcome
NO_CARD, CAPTURE, BYPASSED = CardCaptureOutcome


@pytest.mark.parametrize(
    ("account_asks", "service_asks", "covered", "refused"),
    [
        (False, None, NO_DEPOSIT, NO_DEPOSIT),
        (True, None, WAIVED, COLLECT),
        (True, False, NO_DEPOSIT, NO_DEPOSIT),
        (False, True, WAIVED, COLLECT),
        (True, True, WAIVED, COLLECT),
    ],
)
def test_a_deposit_is_waived_where_one_is_due(
    account_asks: bool,
    service_asks: bool | None,
    covered: DepositOutcome,
    refused: DepositOutcome,
) -> None:
    """What the service says counts, else the account; where none is due none is waived (D18)."""
    asked = case(
        line(deposit_required=service_asks), account=account(deposit_required=account_asks)
    )

    yes, no = decide(asked), decide(replace(asked, packages=[]))  # type: ignore[arg-type]  # any iterable
    assert (covered, refused) == (yes.deposit, no.deposit)
    assert (covered is WAIVED, False) == (yes.deposit_waived, no.deposit_waived)


@pytest.mark.parametrize(
    ("facial_asks", "massage_asks", "free", "expected"),
    [
        (True, True, False, COLLECT),
        (True, False, False, WAIVED),
        (False, True, False, COLLECT),
        (False, False, False, NO_DEPOSIT),
        (True, True, True, WAIVED),
        (False, True, True, NO_DEPOSIT),
    ],
)
def test_a_deposit_of_a_mixed_booking_is_that_of_the_rest(
    facial_asks: bool, massage_asks: bool, free: bool, expected: DepositOutcome
) -> None:
    """The facial is covered; the massage is not, or there is nothing to pay for it (D19, D31)."""
    asked = case(
        line("facial", deposit_required=facial_asks),
        line("massage", deposit_required=massage_asks, payable=not free),
    )

    assert expected == decide(asked, NO_LIMITS).deposit


@pytest.mark.parametrize(
    ("asked", "services", "book", "expected"),
    [
        (False, ["facial"], MARCH, NO_CARD),
        (True, ["facial"], MARCH, BYPASSED),
        (True, ["massage"], MARCH, CAPTURE),
        (True, ["facial", "massage"], MARCH, CAPTURE),
        (True, ["facial", "massage"], NO_LIMITS, CAPTURE),
        (False, ["facial", "massage"], NO_LIMITS, NO_CARD),
        (True, ["facial"], DESK, BYPASSED),
    ],
)
def test_the_card_page_is_bypassed_when_nothing_is_left_to_pay(
    asked: bool, services: list[str], book: Rulebook, expected: CardCaptureOutcome
) -> None:
    """The account asks for a card or not; the page goes only with a booking paid whole (D19)."""
    decision = decide(case(*services, account=account(card_capture=asked)), book)

    assert expected == decision.card_capture
    assert (expected is BYPASSED) is decision.card_capture_bypassed


@pytest.mark.parametrize(
    ("terms", "left", "expected"),
    [
        (None, INSTANT, True),
        (FORFEIT_INSIDE_A_DAY, DAY, True),
        (FORFEIT_INSIDE_A_DAY, DAY - INSTANT, False),
        (RETURN_INSIDE_A_DAY, DAY - INSTANT, True),
    ],
)
def test_refund_on_cancel_tells_of_a_cancellation_at_once(
    terms: object, left: object, expected: bool
) -> None:
    """Whether the client who thinks better of it at once gets the credit back (T22, T23)."""
    assert isinstance(left, type(DAY))
    decision = decide(case(account=account(cancellation=terms), now=START - left))

    assert (True, expected) == (decision.eligible, decision.refund_on_cancel)


def test_no_refund_without_a_redemption_or_after_the_start() -> None:
    """A refusal has nothing to return, and after the start the client cannot cancel (D09)."""
    assert not decide(case("massage")).refund_on_cancel
    started = decide(case(now=START), DESK)
    assert (True, False) == (started.eligible, started.refund_on_cancel)


@pytest.mark.parametrize(("client", "prompt"), [(ANA, True), (Client(id="ana"), False)])
def test_the_prompt_is_shown_to_who_is_logged_in(client: Client, prompt: bool) -> None:
    """Also where logging in is no condition, the prompt is for a client who did (T08)."""
    decision = decide(case(client=client), DESK)

    assert (True, prompt) == (decision.eligible, decision.prompt)


LONG_AGO, APRIL_FIRST, MAY_FIRST = date(2020, 1, 1), date(2026, 4, 1), date(2026, 5, 1)


@pytest.mark.parametrize(
    ("kind", "chosen", "activated", "book", "expected"),
    [
        (PackageKind.NEW, None, None, MARCH, (True, False, False)),
        (PackageKind.NEW, None, LONG_AGO, MARCH, (True, False, False)),
        (PackageKind.NEW, None, APRIL_FIRST, MARCH, (True, True, False)),
        (PackageKind.NEW, None, APRIL_FIRST, APRIL, (True, False, False)),
        (PackageKind.NEW, None, MAY_FIRST, APRIL, (True, True, False)),
        (PackageKind.NEW, None, MAY_FIRST, DESK, (True, False, False)),
        (PackageKind.NEW, True, None, MARCH, (True, True, True)),
        (PackageKind.NEW, True, LONG_AGO, MARCH, (True, True, True)),
        (PackageKind.NEW, False, MAY_FIRST, MARCH, (True, False, True)),
        (PackageKind.LEGACY, None, MAY_FIRST, MARCH, (False, False, False)),
        (PackageKind.LEGACY, True, MAY_FIRST, MARCH, (False, False, True)),
    ],
)
def test_the_setting_in_effect(
    kind: PackageKind,
    chosen: bool | None,
    activated: date | None,
    book: Rulebook,
    expected: tuple[bool, bool, bool],
) -> None:
    """A choice wins over the automatic start, and a legacy account has no switch (T01 to T03)."""
    asked = AccountSettings(package_kind=kind, online_redemption=chosen, activated_on=activated)
    visible, enabled, was_chosen = expected

    assert OnlineRedemptionSetting(
        visible=visible, enabled=enabled, chosen=was_chosen
    ) == RedemptionPolicy(book).setting(asked)
    with pytest.raises(InvalidValueError, match="account must be an AccountSettings, not None"):
        RedemptionPolicy(book).setting(None)  # type: ignore[arg-type]  # that is the point


def noticed(
    *packages: Package, client: Client = ANA, book: Rulebook = MARCH, **settings: object
) -> bool:
    """Return whether the client is told that a package is available."""
    return RedemptionPolicy(book).notice(
        account=account(**settings), client=client, packages=iter(packages), now=NOW
    )


def test_a_client_is_told_of_the_one_active_package() -> None:
    """After logging in, where nothing of account or client refuses (T09)."""
    assert noticed(package())
    assert not noticed()
    assert not noticed(package(), client=Client(id="ana"))
    assert not noticed(package(), online_redemption=False)
    assert not noticed(package(), client_login=ClientLogin.DISABLED)
    assert not noticed(package("p1", credit("facial", left=0)))
    assert not noticed(package("p1", client_id="beth"))
    assert not noticed(package(), client=Client(id="ana"), book=DESK)
    assert noticed(package(), book=DESK, online_redemption=False)


def test_several_packages_are_told_of_where_that_limit_is_lifted() -> None:
    """Two active packages can't be redeemed online yet, so that nothing is told of them (T10)."""
    two = [package("p1"), package("p2")]

    assert [False, True, True] == [noticed(*two, book=book) for book in (MARCH, NO_LIMITS, DESK)]
    with pytest.raises(InvalidValueError, match="packages must be listed only once, not 'p1'"):
        noticed(package("p1"), package("p1"))


def menu(*services: str, book: Rulebook = MARCH, **changed: object) -> dict[str, bool]:
    """Return for each service whether it would show the prompt."""
    asked = case(**changed)
    return dict(
        RedemptionPolicy(book).menu(
            account=asked.account,
            client=asked.client,
            packages=asked.packages,
            services=[Service(id=each) for each in services],
            starts_at=START,
            now=NOW,
        )
    )


def test_a_menu_shows_the_prompt_where_it_would_be_eligible() -> None:
    """Each service is asked alone, in the menu's order (T08)."""
    held = [package("p1", credit("facial"), credit("massage", left=0))]

    found = menu("massage", "facial", "pedicure", packages=held)
    assert [("massage", False), ("facial", True), ("pedicure", False)] == list(found.items())
    assert {} == menu(packages=held)
    assert {"facial": False} == menu("facial", client=Client(id="ana"))
    assert {"facial": False, "massage": False} == menu("facial", "massage", packages=[])
    with pytest.raises(InvalidValueError, match="services must be listed only once, not 'facial'"):
        menu("facial", "facial")


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("account", None), ("client", "ana"), ("starts_at", None), ("now", NOW.replace(tzinfo=None))],
)
def test_a_menu_of_nothing_is_checked_all_the_same(name: str, wrong: object) -> None:
    """Whether there is a service makes no difference to what is wrong with the rest."""
    asked = case()
    given = {
        "account": asked.account,
        "client": asked.client,
        "packages": (),
        "services": (),
        "starts_at": START,
        "now": NOW,
    }
    ask: Any = RedemptionPolicy().menu
    with pytest.raises(InvalidValueError) as refused:
        ask(**(given | {name: wrong}))

    assert name == refused.value.field.rpartition(".")[2]

"""Deposit and card page: waived and bypassed for what a package pays, asked for else (D18, D19)."""

from dataclasses import replace

import pytest

from pkgredeem import CardCaptureOutcome, DepositOutcome, Rulebook, rules
from tests.helpers.support import NO_LIMITS, account, case, decide, line

NO_DEPOSIT, COLLECT, WAIVED = DepositOutcome
NO_CARD, CAPTURE, BYPASSED = CardCaptureOutcome
MARCH, APRIL, DESK = rules.TIMELY_2026_03, rules.TIMELY_2026_04, rules.IN_STORE


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


@pytest.mark.parametrize("services", [("facial", "massage"), ("massage", "facial")])
def test_the_order_of_the_lines_decides_no_deposit(services: tuple[str, ...]) -> None:
    """One line that is not covered asks for a deposit, before or after one that is (D19)."""
    asked = case(*services, account=account(deposit_required=True))
    decision = decide(asked, NO_LIMITS)

    assert (True, (services.index("massage"),)) == (decision.eligible, decision.uncovered)
    assert decision.deposit is COLLECT


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

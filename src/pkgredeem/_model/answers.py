"""The answers: a `Decision` about a booking, a `Settlement` of an act, and the account's switch.

Values that the engine computes, and how they are told: all of it to staff, one sentence to the
client (D24).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NoReturn, final

from pkgredeem._model import checks as check
from pkgredeem._model import explanation
from pkgredeem._model.account import LONGEST_WINDOW
from pkgredeem._model.booking import Booking
from pkgredeem._model.escape import escape_control_characters
from pkgredeem._model.finding import Finding
from pkgredeem._model.iso8601 import zone_of
from pkgredeem._model.ledger import Change
from pkgredeem._model.redemption import Redemption
from pkgredeem._model.words import (
    Actor,
    Audience,
    CardCaptureOutcome,
    CreditOutcome,
    DepositOutcome,
    Scope,
)

_PLACE = {scope: place for place, scope in enumerate(Scope)}
_DEPOSIT = {
    DepositOutcome.NOT_REQUIRED: "no deposit is due",
    DepositOutcome.COLLECT: "collect the deposit",
    DepositOutcome.WAIVED: "the deposit is waived",
}
_CARD_CAPTURE = {
    CardCaptureOutcome.NOT_REQUIRED: "no card is asked for",
    CardCaptureOutcome.CAPTURE: "show the card capture page",
    CardCaptureOutcome.BYPASSED: "the card capture page is bypassed",
}
_CREDIT = {
    CreditOutcome.RETURN: "the credit returns",
    CreditOutcome.FORFEIT: "the credit is forfeited",
}
_STANDS = "what was redeemed before stands"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """May this client pay for this booking with a package, and what follows?

    A decision is a proposal: deposit and card page are let go only once its change is committed
    (D14).

    Attributes:
        booking: the booking that was asked about.
        eligible: whether a package pays for it.
        reasons: everything that refuses it, in the order of D22; empty if and only if eligible.
        notes: what staff may want to know besides (D25).
        deposit: what happens to the deposit.
        card_capture: what happens to the card capture page.
        redemption: the redemption to commit, or the one that is recorded; None when refused. Of a
            booking that was decided *again*, the one that would be made today.
        uncovered: indexes of payable lines that the allocation left without a credit, also in a
            refusal.
        rulebook: the name of the rulebook that decided.
        time_zone_key: the IANA name of the zone in which times are told; None for UTC (D76).
        client_text: the sentence for the client, which depends on the codes alone (D24).
        change: the change to commit for this proposal (D14); None when refused or recorded already.
        refund_on_cancel: whether a client who cancels *redemption* at the moment of the decision
            gets the credits back; no promise of a booking decided *again*.
        prompt: whether the client is shown the prompt: eligible and logged in (T08).
        decided_at: the moment of the decision, in UTC.
        recorded: whether the booking has been redeemed before, so that nothing is to be committed.
        again: whether the rules were asked again about such a booking, its own redemption being
            handed in as *existing* (D21). What is recorded stands all the same (D11); a desk
            answers with that.
        by: who books, as a record.
        note: a free text that is kept with the act.

    Example:
        >>> from datetime import UTC, datetime
        >>> from pkgredeem import AccountSettings, Booking, Client, RedemptionPolicy, Service
        >>> decision = RedemptionPolicy().decide(
        ...     account=AccountSettings(),
        ...     client=Client.guest(),
        ...     packages=[],
        ...     booking=Booking.of(
        ...         Service(id="facial"), id="b1", starts_at=datetime(2026, 5, 5, 10, tzinfo=UTC)
        ...     ),
        ...     now=datetime(2026, 5, 1, 9, tzinfo=UTC),
        ... )
        >>> [reason.code for reason in decision.reasons][-2:]
        ['client_not_logged_in', 'no_package']
    """

    booking: Booking
    eligible: bool
    reasons: tuple[Finding, ...]
    notes: tuple[Finding, ...]
    deposit: DepositOutcome
    card_capture: CardCaptureOutcome
    redemption: Redemption | None
    uncovered: tuple[int, ...]
    rulebook: str
    time_zone_key: str | None
    decided_at: datetime
    client_text: str = ""
    change: Change | None = None
    refund_on_cancel: bool = False
    prompt: bool = False
    recorded: bool = False
    again: bool = False
    by: Actor = Actor.CLIENT
    note: str = ""

    def __post_init__(self) -> None:
        """Check every field."""
        check.kind_of("Decision.booking", self.booking, Booking)
        check.flag("Decision.eligible", self.eligible)
        check.put(self, "reasons", check.items("Decision.reasons", self.reasons, Finding))
        check.put(self, "notes", check.items("Decision.notes", self.notes, Finding))
        check.member("Decision.deposit", self.deposit, DepositOutcome)
        check.member("Decision.card_capture", self.card_capture, CardCaptureOutcome)
        check.optional_kind_of("Decision.redemption", self.redemption, Redemption)
        check.put(self, "uncovered", check.counts("Decision.uncovered", self.uncovered))
        check.text("Decision.rulebook", self.rulebook)
        check.optional_zone_key("Decision.time_zone_key", self.time_zone_key)
        check.put(self, "decided_at", check.instant("Decision.decided_at", self.decided_at))
        check.free_text("Decision.client_text", self.client_text)
        check.optional_kind_of("Decision.change", self.change, Change)
        check.flag("Decision.refund_on_cancel", self.refund_on_cancel)
        check.flag("Decision.prompt", self.prompt)
        check.flag("Decision.recorded", self.recorded)
        check.flag("Decision.again", self.again)
        check.member("Decision.by", self.by, Actor)
        check.free_text("Decision.note", self.note)

    def __bool__(self) -> NoReturn:
        """Refuse: a decision is more than yes or no.

        Raises:
            TypeError: always.
        """
        raise TypeError("a Decision is neither true nor false: use .eligible")

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Reasons and notes together, in the order of D22."""
        return tuple(sorted((*self.reasons, *self.notes), key=_place_of))

    @property
    def deposit_waived(self) -> bool:
        """Whether a deposit would have been asked for and is not (T19, D18)."""
        return self.deposit is DepositOutcome.WAIVED

    @property
    def card_capture_bypassed(self) -> bool:
        """Whether the card page would have been shown and is not (T20, D18)."""
        return self.card_capture is CardCaptureOutcome.BYPASSED

    def explain(self, audience: Audience) -> str:
        """Return the decision in words.

        Args:
            audience: STAFF are told every finding with its clause and what would change it; the
                CLIENT one sentence that depends on the codes alone (D24).

        Raises:
            InvalidValueError: *audience* is not an `Audience`.
        """
        check.member("audience", audience, Audience)
        if audience is Audience.CLIENT:
            return self.client_text
        return "\n".join(decision_lines(self))


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What an act does to a redemption.

    Attributes:
        allowed: whether the act may be done.
        change: the change to commit; None when it is not allowed, or nothing changes (D37).
        outcome: what becomes of the credits: FORFEIT if any line's was; None when not allowed, and
            for acts that neither return nor forfeit.
        late: whether a client acted inside the cancellation window; False for the business (D29).
            Where nothing changes, whether the act that is recorded was late (D37).
        findings: what refuses the act, or what is told of it.
        credit_usable: whether all credits that return can be used again (D13): False where one is
            known not to be; None when nothing returns, or when not all their packages were handed
            in and nothing bad is known.
        time_zone_key: the IANA name of the zone in which times are told; None for UTC (D76).
        client_text: the sentence for the client, which holds no package, count or date (D24).
        window: the smallest cancellation window that a late line fell inside, so that a caller can
            charge by it (D61); None in time.

    Example:
        >>> Settlement(
        ...     allowed=True,
        ...     change=None,
        ...     outcome=CreditOutcome.RETURN,
        ...     late=False,
        ...     findings=(),
        ...     credit_usable=None,
        ...     time_zone_key=None,
        ... ).returned
        True
    """

    allowed: bool
    change: Change | None
    outcome: CreditOutcome | None
    late: bool
    findings: tuple[Finding, ...]
    credit_usable: bool | None
    time_zone_key: str | None
    client_text: str = ""
    window: timedelta | None = None

    def __post_init__(self) -> None:
        """Check every field."""
        check.flag("Settlement.allowed", self.allowed)
        check.optional_kind_of("Settlement.change", self.change, Change)
        check.optional_kind_of("Settlement.outcome", self.outcome, CreditOutcome)
        check.flag("Settlement.late", self.late)
        check.put(self, "findings", check.items("Settlement.findings", self.findings, Finding))
        check.optional_flag("Settlement.credit_usable", self.credit_usable)
        check.optional_zone_key("Settlement.time_zone_key", self.time_zone_key)
        check.free_text("Settlement.client_text", self.client_text)
        check.optional_duration("Settlement.window", self.window, most=LONGEST_WINDOW)

    def __bool__(self) -> NoReturn:
        """Refuse: a settlement is more than yes or no.

        Raises:
            TypeError: always.
        """
        raise TypeError("a Settlement is neither true nor false: use .allowed or .returned")

    @property
    def returned(self) -> bool:
        """Whether every credit that the act concerns is back in its package."""
        return self.outcome is CreditOutcome.RETURN

    def explain(self, audience: Audience) -> str:
        """Return the settlement in words: every finding for staff, a sentence for the client.

        Raises:
            InvalidValueError: *audience* is not an `Audience`.
        """
        check.member("audience", audience, Audience)
        if audience is Audience.CLIENT:
            return self.client_text
        return "\n".join(settlement_lines(self))


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineRedemptionSetting:
    """The account's switch for online redemption, as it is in effect (T01, T02, T03).

    Attributes:
        visible: whether the account sees the switch; False on legacy packages.
        enabled: whether online redemption is on; False on legacy packages.
        chosen: whether the business ever set the switch itself (D02).

    Example:
        >>> OnlineRedemptionSetting(visible=True, enabled=False, chosen=False).enabled
        False
    """

    visible: bool
    enabled: bool
    chosen: bool

    def __post_init__(self) -> None:
        """Check every field."""
        check.flag("OnlineRedemptionSetting.visible", self.visible)
        check.flag("OnlineRedemptionSetting.enabled", self.enabled)
        check.flag("OnlineRedemptionSetting.chosen", self.chosen)


def decision_lines(decision: Decision) -> list[str]:
    """Return the text for staff, line by line: the answer, each reason, each note, the rest."""
    zone = zone_of(decision.time_zone_key)
    lines = [_answer_line(decision)]
    lines += [explanation.finding_line("reason", finding, zone) for finding in decision.reasons]
    lines += [explanation.finding_line("note", finding, zone) for finding in decision.notes]
    lines.append(f"deposit: {_DEPOSIT[decision.deposit]}")
    lines.append(f"card capture: {_CARD_CAPTURE[decision.card_capture]}")
    redemption = decision.redemption
    if redemption is not None:
        lines += [explanation.draw_line(draw, redemption) for draw in redemption.draws]
        lines.append(f"cancellation: {explanation.schedule_in_words(redemption)}")
    lines.append(explanation.zone_line(decision.time_zone_key))
    return [escape_control_characters(line) for line in lines]


def settlement_lines(settlement: Settlement) -> list[str]:
    """Return the text for staff, line by line: what happens, each finding, the rest."""
    zone = zone_of(settlement.time_zone_key)
    lines = [_outcome_line(settlement)]
    lines += [
        explanation.finding_line("note" if settlement.allowed else "reason", finding, zone)
        for finding in settlement.findings
    ]
    lines.append(explanation.zone_line(settlement.time_zone_key))
    return [escape_control_characters(line) for line in lines]


def _answer_line(decision: Decision) -> str:
    if decision.recorded and not decision.again:
        return f"eligible: redeemed already under {decision.rulebook}"
    count = len(decision.reasons)
    reasons = f"{count} reason{'s' if count > 1 else ''}"
    if decision.eligible:
        reasons = decision.client_text
    answer = "eligible" if decision.eligible else "refused"
    if decision.again:
        return f"{answer}, asked again under {decision.rulebook}: {reasons}; {_STANDS}"
    return f"{answer} under {decision.rulebook}: {reasons}"


def _outcome_line(settlement: Settlement) -> str:
    if not settlement.allowed:
        return "refused: nothing changes"
    words = "done" if settlement.outcome is None else _CREDIT[settlement.outcome]
    if settlement.change is None:
        return f"nothing changes, it was done before: {words}"
    if settlement.outcome is None:
        moved = "redeemed" if settlement.change.movements else "kept for the new start"
        return f"done: the credits are {moved}"
    return f"done: {words}"


def _place_of(finding: Finding) -> int:
    return _PLACE[finding.scope]

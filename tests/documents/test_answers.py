"""Decisions and settlements as documents: all of it for staff, for clients what is listed."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pkgredeem import (
    Actor,
    Audience,
    Booking,
    CardCaptureOutcome,
    Case,
    Decision,
    DepositOutcome,
    Finding,
    InvalidValueError,
    Redemption,
    RedemptionPolicy,
    Scope,
    Service,
    Settlement,
)
from pkgredeem.documents import case_document, decision_document, read_case, settlement_document
from tests.helpers.documents_support import changed, problems_of

START = datetime(2026, 5, 4, 22, tzinfo=UTC)
FREE_UNTIL = "2026-05-03T22:00:00+00:00"


def eligible_case() -> Case:
    """Return a case that is eligible, with everything to waive, and terms of 24 hours."""
    return read_case(
        changed(
            {
                "account.online_redemption": True,
                "account.client_login": "optional",
                "account.deposit_required": True,
                "account.card_capture": True,
                "packages": [
                    {
                        "id": "p1",
                        "client_id": "ana",
                        "entitlements": [{"services": ["facial"], "remaining": 5}],
                    }
                ],
            }
        )
    )


def proposal() -> Redemption:
    """Return the redemption that the eligible case proposes."""
    redemption = RedemptionPolicy().decide_case(eligible_case()).redemption
    assert redemption is not None
    return redemption


def refusal(zone: ZoneInfo | None) -> Decision:
    """Return a decision with one reason that holds every kind of fact, and one note."""
    reason = Finding(
        code="bad_day",
        scope=Scope.PACKAGE,
        clauses=("T12", "D06"),
        message="package {subject} has {count} left since {since}, says {who}",
        advice="wait until {since}",
        client_text=None,
        subject="p1",
        facts=(("since", START), ("count", 2), ("who", "Ana")),
    )
    note = Finding(
        code="by_the_way",
        scope=Scope.NOTE,
        clauses=("D28",),
        message="nothing is on file",
        advice="ask for a card",
        client_text=None,
        subject="",
    )
    return Decision(
        booking=Booking.of(Service(id="facial"), id="b9", starts_at=START),
        eligible=False,
        reasons=(reason,),
        notes=(note,),
        deposit=DepositOutcome.COLLECT,
        card_capture=CardCaptureOutcome.CAPTURE,
        redemption=None,
        uncovered=(0,),
        rulebook="house",
        time_zone=zone,
        decided_at=START - timedelta(days=1),
    )


def test_staff_are_told_everything_of_a_refusal() -> None:
    """Reasons and notes come with clauses, facts, and the message and advice in the zone's time."""
    decision = refusal(ZoneInfo("Pacific/Auckland"))

    assert {
        "format": "pkgredeem-decision/1",
        "booking_id": "b9",
        "eligible": False,
        "prompt": False,
        "deposit": "collect",
        "card_capture": "capture",
        "text": decision.explain(Audience.STAFF),
        "schedule": [],
        "reasons": [
            {
                "code": "bad_day",
                "scope": "package",
                "clauses": ["T12", "D06"],
                "subject": "p1",
                "facts": {"count": 2, "since": "2026-05-04T22:00:00+00:00", "who": "Ana"},
                "message": "package p1 has 2 left since Tue 5 May 2026 10:00, says Ana",
                "advice": "wait until Tue 5 May 2026 10:00",
            }
        ],
        "notes": [
            {
                "code": "by_the_way",
                "scope": "note",
                "clauses": ["D28"],
                "subject": "",
                "facts": {},
                "message": "nothing is on file",
                "advice": "ask for a card",
            }
        ],
        "draws": [],
        "uncovered": [0],
        "free_until": None,
        "refund_on_cancel": False,
        "decided_at": "2026-05-03T22:00:00+00:00",
        "recorded": False,
        "again": False,
        "rulebook": "house",
        "time_zone": "Pacific/Auckland",
    } == decision_document(decision, Audience.STAFF)


def test_without_a_zone_times_are_told_in_utc() -> None:
    """A decision without a time zone says null for it, and its messages say UTC."""
    told = decision_document(refusal(None), Audience.STAFF)

    assert None is told["time_zone"]
    assert "Mon 4 May 2026 22:00 UTC" in json.dumps(told["reasons"])


def test_staff_are_told_what_is_drawn() -> None:
    """An eligible booking has its draws, its free-until instant and its schedule."""
    decision = RedemptionPolicy().decide_case(eligible_case())
    told = decision_document(decision, Audience.STAFF)

    assert [
        {
            "line": 0,
            "package_id": "p1",
            "entitlement_id": "facial",
            "service_id": "facial",
            "state": "reserved",
        }
    ] == told["draws"]
    assert FREE_UNTIL == told["free_until"]
    assert (True, True, False) == (told["eligible"], told["refund_on_cancel"], told["recorded"])
    assert ("waived", "bypassed", True) == (told["deposit"], told["card_capture"], told["prompt"])
    assert ([], "timely-2026-03") == (told["uncovered"], told["rulebook"])


def test_a_client_gets_eight_keys_and_no_package() -> None:
    """Nothing but format, booking id, eligible, prompt, money, text and schedule (D24)."""
    decision = RedemptionPolicy().decide_case(eligible_case())

    assert {
        "format": "pkgredeem-decision/1",
        "booking_id": "b1",
        "eligible": True,
        "prompt": True,
        "deposit": "waived",
        "card_capture": "bypassed",
        "text": decision.explain(Audience.CLIENT),
        "schedule": [
            {"until": FREE_UNTIL, "outcome": "return"},
            {"until": "2026-05-04T22:00:00+00:00", "outcome": "forfeit"},
        ],
    } == decision_document(decision, Audience.CLIENT)


def test_a_refused_client_gets_the_same_keys() -> None:
    """A refusal has an empty schedule, and none of the reasons."""
    decision = refusal(ZoneInfo("Pacific/Auckland"))

    assert {
        "format": "pkgredeem-decision/1",
        "booking_id": "b9",
        "eligible": False,
        "prompt": False,
        "deposit": "collect",
        "card_capture": "capture",
        "text": decision.explain(Audience.CLIENT),
        "schedule": [],
    } == decision_document(decision, Audience.CLIENT)


def test_staff_are_told_everything_of_a_settlement() -> None:
    """A late cancellation comes with its movements and with what is told of it."""
    settlement = RedemptionPolicy().cancel(
        proposal(), by=Actor.CLIENT, now=START - timedelta(hours=1), note="flu"
    )
    told = settlement_document(settlement, Audience.STAFF)
    findings = told.pop("findings")

    assert {
        "format": "pkgredeem-settlement/1",
        "allowed": True,
        "outcome": "forfeit",
        "returned": False,
        "late": True,
        "text": settlement.explain(Audience.STAFF),
        "booking_id": "b1",
        "movements": [
            {
                "package_id": "p1",
                "entitlement_id": "facial",
                "credits": 1,
                "source": "reserved",
                "target": "forfeited",
                "act": "cancel",
                "at": "2026-05-04T21:00:00+00:00",
                "by": "client",
                "note": "flu",
            }
        ],
        "credit_usable": None,
        "time_zone": "Pacific/Auckland",
    } == told
    assert isinstance(findings, list)
    assert [{"free_until": FREE_UNTIL}] == [each["facts"] for each in findings]


def test_a_client_gets_six_keys_of_a_settlement() -> None:
    """Format, allowed, outcome, returned, late and text; no package, no count, no date (D24)."""
    settlement = RedemptionPolicy().cancel(
        proposal(), by=Actor.CLIENT, now=START - timedelta(hours=24)
    )

    assert {
        "format": "pkgredeem-settlement/1",
        "allowed": True,
        "outcome": "return",
        "returned": True,
        "late": False,
        "text": settlement.explain(Audience.CLIENT),
    } == settlement_document(settlement, Audience.CLIENT)


def test_a_settlement_that_changes_nothing_moves_nothing() -> None:
    """Without a change there is no booking id to tell and no movement; a refusal has no outcome."""
    settlement = Settlement(
        allowed=False,
        change=None,
        outcome=None,
        late=False,
        findings=(),
        credit_usable=None,
        time_zone=None,
    )
    told = settlement_document(settlement, Audience.STAFF)

    assert (None, [], [], None) == (
        told["booking_id"],
        told["movements"],
        told["findings"],
        told["time_zone"],
    )
    assert (False, None, False) == (told["allowed"], told["outcome"], told["returned"])


@pytest.mark.parametrize("audience", ["staff", None])
def test_another_audience_is_refused(audience: object) -> None:
    """An audience is one of the two, not its plain word."""
    with pytest.raises(InvalidValueError):
        decision_document(refusal(None), audience)  # type: ignore[arg-type]  # the mistake


@pytest.mark.parametrize("audience", Audience)
def test_answers_are_ready_for_json(audience: Audience) -> None:
    """Documents hold nothing that JSON would have to guess at."""
    decision = RedemptionPolicy().decide_case(eligible_case())
    settlement = RedemptionPolicy().cancel(proposal(), by=Actor.BUSINESS, now=START)

    for told in (decision_document(decision, audience), settlement_document(settlement, audience)):
        assert told == json.loads(json.dumps(told, allow_nan=False))


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("version", "1", ("existing.version", '"1"', "a whole number of 0 or more")),
        ("format", "other", ("existing.format", '"other"', '"pkgredeem-redemption/1"')),
        ("client_id", None, ("existing.client_id", "null", "a text, which may be empty")),
        ("draws", {}, ("existing.draws", "an object", "a list")),
        (
            "rulebook",
            "",
            ("existing.rulebook", '""', "a text that is not empty"),
        ),
    ],
)
def test_a_broken_redemption_is_a_problem_inside_existing(
    key: str, value: object, expected: tuple[str, str, str]
) -> None:
    """What the redemption's own reader refuses is told at its place in the case document."""
    assert [expected] == problems_of(changed({"existing": proposal().to_document() | {key: value}}))


def test_a_redemption_that_breaks_another_value_is_a_problem_of_existing() -> None:
    """A value inside that refuses itself is told by its own name."""
    written = json.loads(json.dumps(proposal().to_document()))
    written["booking"]["lines"] = []
    problems = problems_of(changed({"existing": written}))

    assert [
        ("existing", "another value", "one whose Booking.lines is at least 1 BookingLine")
    ] == problems


def test_a_redemption_is_read_from_existing() -> None:
    """A case carries the booking's own redemption, about which the rules are asked again."""
    written = case_document(eligible_case())
    case = read_case(written | {"existing": proposal().to_document()})

    assert proposal() == case.existing
    told = decision_document(RedemptionPolicy().decide_case(case), Audience.STAFF)
    assert (True, True) == (told["recorded"], told["again"])

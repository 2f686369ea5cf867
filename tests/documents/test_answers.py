"""Decisions and settlements as documents: all of it for staff, for clients what is listed."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest

from pkgredeem import (
    Actor,
    Audience,
    Booking,
    BookingLine,
    CardCaptureOutcome,
    Case,
    Decision,
    DepositOutcome,
    Entitlement,
    Finding,
    InvalidValueError,
    Package,
    PackageStatus,
    RedemptionDesk,
    RedemptionPolicy,
    Scope,
    Service,
    Settlement,
    rules,
)
from pkgredeem.documents import decision_document, read_case, settlement_document
from pkgredeem.stores.memory import MemoryStore
from tests.helpers.documents_support import changed
from tests.helpers.redeemed_case import START, eligible_case, proposal

FREE_UNTIL = "2026-05-03T22:00:00+00:00"


def refusal(zone_key: str | None) -> Decision:
    """Return a decision with one reason that holds every kind of fact, and one note."""
    reason = Finding(
        code="bad_day",
        scope=Scope.PACKAGE,
        clauses=("T12", "D06"),
        message="package {subject} has {count} left since {since}, says {who}",
        advice="wait until {since}",
        client_text=None,
        subject="p1",
        subject_name="Five facials",
        facts=(("since", START), ("count", 2), ("who", "Ana")),
    )
    note = Finding(
        code="by_the_way",
        scope=Scope.NOTE,
        clauses=("D28",),
        message="nothing is on file since {since}",
        advice="ask for a card by {since}",
        client_text=None,
        subject="",
        facts=(("since", START),),
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
        time_zone_key=zone_key,
        decided_at=START - timedelta(days=1),
    )


def test_staff_are_told_everything_of_a_refusal() -> None:
    """Reasons and notes come with clauses, facts, and the message and advice in the zone's time."""
    decision = refusal("Pacific/Auckland")

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
                "subject_name": "Five facials",
                "facts": {"count": 2, "since": "2026-05-04T22:00:00+00:00", "who": "Ana"},
                "message": (
                    "package Five facials (p1) has 2 left since Tue 5 May 2026 10:00, says Ana"
                ),
                "advice": "wait until Tue 5 May 2026 10:00",
            }
        ],
        "notes": [
            {
                "code": "by_the_way",
                "scope": "note",
                "clauses": ["D28"],
                "subject": "",
                "subject_name": "",
                "facts": {"since": "2026-05-04T22:00:00+00:00"},
                "message": "nothing is on file since Tue 5 May 2026 10:00",
                "advice": "ask for a card by Tue 5 May 2026 10:00",
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
        "replaces": None,
        "time_zone": "Pacific/Auckland",
    } == decision_document(decision, Audience.STAFF)


def test_without_a_zone_times_are_told_in_utc() -> None:
    """A decision without a time zone says null for it, and its messages say UTC."""
    told = decision_document(refusal(None), Audience.STAFF)

    assert None is told["time_zone"]
    assert "Mon 4 May 2026 22:00 UTC" in json.dumps(told["reasons"])
    assert "since Mon 4 May 2026 22:00 UTC" in json.dumps(told["notes"])


def test_staff_are_told_what_is_drawn() -> None:
    """An eligible booking has its draws, its free-until instant and its schedule."""
    decision = RedemptionPolicy().decide_case(eligible_case())
    told = decision_document(decision, Audience.STAFF)

    assert [
        {
            "line": 0,
            "package_id": "p1",
            "package_name": "Five facials",
            "entitlement_id": "main",
            "service_id": "facial",
            "state": "reserved",
            "credits": 1,
            "terms": None,
            "free_until": None,
        }
    ] == told["draws"]
    assert FREE_UNTIL == told["free_until"]
    assert (True, True, False) == (told["eligible"], told["refund_on_cancel"], told["recorded"])
    assert ("waived", "bypassed", True) == (told["deposit"], told["card_capture"], told["prompt"])
    assert ([], "timely-2026-03") == (told["uncovered"], told["rulebook"])


@pytest.mark.parametrize(
    ("hours_before", "has_terms", "free_until"),
    [
        (1, True, FREE_UNTIL),  # inside the window: nothing is free any more
        (48, False, None),  # without terms nothing is ever late
    ],
)
def test_free_until_is_not_simply_the_first_step(
    hours_before: int, has_terms: bool, free_until: str | None
) -> None:
    """It is what the terms say, though the only step of the schedule ends at the start."""
    case = replace(eligible_case(), now=START - timedelta(hours=hours_before))
    if not has_terms:
        case = replace(case, account=replace(case.account, cancellation=None))
    told = decision_document(RedemptionPolicy().decide_case(case), Audience.STAFF)
    steps = cast("list[dict[str, object]]", told["schedule"])

    assert free_until == told["free_until"]
    assert ["2026-05-04T22:00:00+00:00"] == [step["until"] for step in steps]


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
            {"until": FREE_UNTIL, "outcome": "return", "late": False},
            {"until": "2026-05-04T22:00:00+00:00", "outcome": "forfeit", "late": True},
        ],
    } == decision_document(decision, Audience.CLIENT)


def test_a_refused_client_gets_the_same_keys() -> None:
    """A refusal has an empty schedule, and none of the reasons."""
    decision = refusal("Pacific/Auckland")

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
    """A late cancellation comes with its movements and with what is told of it, in local time."""
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
                "entitlement_id": "main",
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
        "window": "24 hours",
        "time_zone": "Pacific/Auckland",
    } == told
    assert isinstance(findings, list)
    assert [{"free_until": FREE_UNTIL}] == [each["facts"] for each in findings]
    assert "Mon 4 May 2026 10:00" in findings[0]["message"]


def test_staff_are_told_each_movement_of_a_settlement() -> None:
    """Two lines are cancelled: the credit of each goes back where it is from."""
    case = eligible_case()
    both = (case.booking.lines[0], BookingLine(service=Service(id="mask")))
    masks = Entitlement(id="masks", services=frozenset({"mask"}), remaining=1)
    (package,) = case.packages
    case = replace(
        case,
        booking=replace(case.booking, lines=both),
        packages=(replace(package, entitlements=(*package.entitlements, masks)),),
    )
    redemption = RedemptionPolicy().decide_case(case).redemption
    assert redemption is not None
    settlement = RedemptionPolicy().cancel(
        redemption, by=Actor.CLIENT, now=START - timedelta(hours=24)
    )
    told = settlement_document(settlement, Audience.STAFF)

    assert [("main", "available"), ("masks", "available")] == [
        (movement["entitlement_id"], movement["target"])
        for movement in cast("list[dict[str, object]]", told["movements"])
    ]


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
        time_zone_key=None,
    )
    told = settlement_document(settlement, Audience.STAFF)

    assert (None, [], [], None) == (
        told["booking_id"],
        told["movements"],
        told["findings"],
        told["time_zone"],
    )
    assert (False, None, False) == (told["allowed"], told["outcome"], told["returned"])


def salon_decision(policy: RedemptionPolicy) -> Decision:
    """Return a policy's decision about a facial, a peel and a brow tint of Ana's."""
    packages = [
        package("p1", name="Five facials", services=["facial"]),
        package("p2", name="", services=["peel"]),
    ]
    lines = [
        {"service": {"id": "facial", "name": "Facial"}},
        {"service": {"id": "brow-tint", "name": "Brow tint"}},
        {"service": {"id": "peel", "name": "Gentle peel"}},
    ]
    account = {"account.online_redemption": True, "account.client_login": "optional"}
    return policy.decide_case(
        read_case(changed({**account, "packages": packages, "booking.lines": lines}))
    )


def package(identifier: str, *, name: str, services: list[str]) -> dict[str, object]:
    """Return a package of Ana's with two credits."""
    return {
        "id": identifier,
        "name": name,
        "client_id": "ana",
        "entitlements": [{"services": services, "remaining": 2}],
    }


def test_staff_are_told_which_lines_are_left_to_pay() -> None:
    """Where mixed bookings are allowed, the uncovered lines stand beside those that are drawn."""
    decision = salon_decision(RedemptionPolicy(rules.ONLINE))
    told = decision_document(decision, Audience.STAFF)

    assert (True, [1], "online") == (told["eligible"], told["uncovered"], told["rulebook"])
    assert [
        {
            "line": 0,
            "package_id": "p1",
            "package_name": "Five facials",
            "entitlement_id": "main",
            "service_id": "facial",
            "state": "reserved",
            "credits": 1,
            "terms": None,
            "free_until": None,
        },
        {
            "line": 2,
            "package_id": "p2",
            "package_name": "",
            "entitlement_id": "main",
            "service_id": "peel",
            "state": "reserved",
            "credits": 1,
            "terms": None,
            "free_until": None,
        },
    ] == told["draws"]
    assert [
        {
            "code": "service_not_in_package",
            "scope": "credit",
            "clauses": ["T13", "T14", "T15"],
            "subject": "brow-tint",
            "subject_name": "Brow tint",
            "facts": {},
            "message": "service Brow tint (brow-tint) is in no package that can be used",
            "advice": "book the service without a package, or sell one that holds it",
        }
    ] == told["notes"]


def test_a_refusal_tells_which_lines_are_uncovered() -> None:
    """Under the limit of T17 the same lines are covered and uncovered, and nothing is drawn."""
    told = decision_document(salon_decision(RedemptionPolicy()), Audience.STAFF)

    assert (False, [1], []) == (told["eligible"], told["uncovered"], told["draws"])


def test_a_recorded_answer_tells_what_has_become_of_each_draw() -> None:
    """Asked again after one line was cancelled, staff see that line's draw with its state."""
    store = MemoryStore()
    for identifier, services in (("p1", ["facial"]), ("p2", ["peel"])):
        store.add(
            Package(
                id=identifier,
                client_id="ana",
                entitlements=[Entitlement(services=services, remaining=2)],
            )
        )
    desk = RedemptionDesk(RedemptionPolicy(rules.ONLINE), store)
    case = read_case(
        changed(
            {
                "account.online_redemption": True,
                "account.client_login": "optional",
                "booking.lines": [{"service": {"id": "facial"}}, {"service": {"id": "peel"}}],
            }
        )
    )

    def redeem() -> Decision:
        return desk.redeem(
            account=case.account, client=case.client, booking=case.booking, now=case.now
        )

    redeem()
    desk.cancel("b1", by=Actor.CLIENT, now=case.now, lines=[1])
    told = decision_document(redeem(), Audience.STAFF)

    assert (True, False) == (told["recorded"], told["again"])
    assert [(0, "p1", "reserved"), (1, "p2", "returned")] == [
        (draw["line"], draw["package_id"], draw["state"])
        for draw in cast("list[dict[str, object]]", told["draws"])
    ]


def test_an_exchange_names_the_booking_that_it_replaces() -> None:
    """Staff read which booking is given up; the client's document does not hold it."""
    case = replace(
        eligible_case(),
        booking=Booking.of(Service(id="facial"), id="b2", starts_at=START),
        existing=proposal(),
    )
    decision = RedemptionPolicy().decide_case(case)

    assert "b1" == decision_document(decision, Audience.STAFF)["replaces"]
    assert "replaces" not in decision_document(decision, Audience.CLIENT)


def test_a_settlement_tells_a_credit_that_can_not_be_used() -> None:
    """A credit that returns to an archived package is told with the package's name (D13, D72)."""
    archived = replace(eligible_case().packages[0], status=PackageStatus.ARCHIVED)
    settlement = RedemptionPolicy().cancel(
        proposal(), by=Actor.BUSINESS, now=START, packages=[archived]
    )
    told = settlement_document(settlement, Audience.STAFF)

    assert (True, False) == (told["returned"], told["credit_usable"])
    assert [
        {
            "code": "credit_not_usable",
            "scope": "act",
            "clauses": ["D13"],
            "subject": "p1",
            "subject_name": "Five facials",
            "facts": {},
            "message": (
                "a credit went back to package Five facials (p1), where it can't be used again"
            ),
            "advice": "extend or restore the package, or give the client another one",
        }
    ] == told["findings"]
    assert (
        "the credit was returned, but it can't be used any more: ask the business"
        == (settlement_document(settlement, Audience.CLIENT)["text"])
    )


def family_salon() -> Case:
    """Return a case of a facial on the account's terms, and a peel on those of its package."""
    own_terms = {
        "window": "12 hours",
        "late": "return",
        "tiers": [{"window": "3 hours", "outcome": "forfeit"}],
        "changes_close": "1 hour",
    }
    packages = [
        package("p1", name="Five facials", services=["facial"]),
        package("p2", name="Peels", services=["peel"]) | {"cancellation": own_terms},
    ]
    lines = [{"service": {"id": "facial"}}, {"service": {"id": "peel"}}]
    account = {"account.online_redemption": True, "account.client_login": "optional"}
    return read_case(changed({**account, "packages": packages, "booking.lines": lines}))


def test_staff_are_told_on_which_terms_each_credit_is_drawn() -> None:
    """Terms of a package, and what is free until by them, stand with its draw (D60)."""
    decision = RedemptionPolicy(rules.ONLINE).decide_case(family_salon())
    told = decision_document(decision, Audience.STAFF)

    assert [
        (0, None, None),
        (
            1,
            {
                "window": "12 hours",
                "late": "return",
                "no_show": None,
                "tiers": [{"window": "3 hours", "outcome": "forfeit"}],
                "changes_close": "1 hour",
            },
            "2026-05-04T10:00:00+00:00",
        ),
    ] == [
        (draw["line"], draw["terms"], draw["free_until"])
        for draw in cast("list[dict[str, object]]", told["draws"])
    ]
    assert FREE_UNTIL == told["free_until"]


def test_a_client_is_told_each_step_of_the_schedule_and_no_terms() -> None:
    """Steps of every line's windows, none of which names a package or its terms (D24, D61)."""
    decision = RedemptionPolicy(rules.ONLINE).decide_case(family_salon())
    told = decision_document(decision, Audience.CLIENT)

    assert [
        {"until": "2026-05-03T22:00:00+00:00", "outcome": "return", "late": False},
        {"until": "2026-05-04T10:00:00+00:00", "outcome": "forfeit", "late": True},
        {"until": "2026-05-04T19:00:00+00:00", "outcome": "forfeit", "late": True},
        {"until": "2026-05-04T21:00:00+00:00", "outcome": "forfeit", "late": True},
    ] == told["schedule"]
    assert 8 == len(told)


@pytest.mark.parametrize(
    ("lines", "elapsed", "window"),
    [
        ([0], timedelta(hours=24), None),
        ([0], timedelta(hours=23), "24 hours"),
        ([1], timedelta(hours=12), None),
        ([1], timedelta(hours=11), "12 hours"),
        ([1], timedelta(hours=3), "12 hours"),
        ([1], timedelta(hours=2, minutes=59), "3 hours"),
        ([0, 1], timedelta(hours=23), "24 hours"),
        ([0, 1], timedelta(hours=2), "3 hours"),
    ],
)
def test_a_settlement_tells_the_smallest_window_that_it_fell_inside(
    lines: list[int], elapsed: timedelta, window: str | None
) -> None:
    """So that a caller can charge by it; a client's document holds none (D61, D24)."""
    redemption = RedemptionPolicy(rules.ONLINE).decide_case(family_salon()).redemption
    assert redemption is not None
    settlement = RedemptionPolicy(rules.ONLINE).cancel(
        redemption, by=Actor.CLIENT, now=START - elapsed, lines=lines
    )

    assert window == settlement_document(settlement, Audience.STAFF)["window"]
    assert "window" not in settlement_document(settlement, Audience.CLIENT)


def test_a_zone_that_this_machine_does_not_know_is_kept() -> None:
    """Times are told in UTC, which the text says, and the document keeps the name (D76)."""
    elsewhere = replace(proposal(), time_zone_key="Mars/Olympus")
    settlement = RedemptionPolicy().cancel(
        elsewhere, by=Actor.CLIENT, now=START - timedelta(hours=1)
    )
    told = settlement_document(settlement, Audience.STAFF)

    assert "Mars/Olympus" == told["time_zone"]
    assert "\ntimes: in UTC, since this machine does not know Mars/Olympus" in cast(
        "str", told["text"]
    )
    assert "it was free until Sun 3 May 2026 22:00 UTC" in cast("str", told["text"])


@pytest.mark.parametrize("audience", ["staff", None])
def test_another_audience_is_refused(audience: object) -> None:
    """An audience is one of the two, not its plain word."""
    settlement = RedemptionPolicy().cancel(proposal(), by=Actor.BUSINESS, now=START)
    with pytest.raises(InvalidValueError):
        decision_document(refusal(None), audience)  # type: ignore[arg-type]  # the mistake
    with pytest.raises(InvalidValueError):
        settlement_document(settlement, audience)  # type: ignore[arg-type]  # the mistake


@pytest.mark.parametrize("audience", Audience)
def test_answers_are_ready_for_json(audience: Audience) -> None:
    """Documents hold nothing that JSON would have to guess at."""
    decision = RedemptionPolicy().decide_case(eligible_case())
    settlement = RedemptionPolicy().cancel(proposal(), by=Actor.BUSINESS, now=START)

    for told in (decision_document(decision, audience), settlement_document(settlement, audience)):
        assert told == json.loads(json.dumps(told, allow_nan=False))

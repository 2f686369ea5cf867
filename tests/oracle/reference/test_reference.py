"""Decisions worked out by hand from the clauses and decisions."""

from __future__ import annotations

import pytest

from . import decide, notice, setting
from .examples import NOW, case, codes, credit, package, paid


def test_the_plain_eligible_case() -> None:
    """One active package that covers the service: drawn, prompted, free until a day before."""
    answer = decide(case(package()))
    assert answer == {
        "eligible": True,
        "reasons": [],
        "notes": [],
        "findings": [],
        "deposit": "not_required",
        "card_capture": "not_required",
        "draws": [
            {
                "line": 0,
                "package_id": "p1",
                "entitlement_id": "facial",
                "service_id": "facial",
                "state": "reserved",
                "endings": [],
                "credits": 1,
                "terms": None,
                "free_until": None,
                "package_name": "",
            }
        ],
        "uncovered": [],
        "free_until": "2026-05-04T10:00:00+00:00",
        "schedule": [
            ("2026-05-04T10:00:00+00:00", "return", False),
            ("2026-05-05T10:00:00+00:00", "forfeit", True),
        ],
        "refund_on_cancel": True,
        "prompt": True,
        "usable": ["p1"],
        "active": ["p1"],
        "time_zone_key": None,
    }


@pytest.mark.parametrize(
    ("rulebook", "activated_on", "enabled"),
    [
        ("timely-2026-03", "2026-03-31", False),
        ("timely-2026-03", "2026-04-01", True),
        ("timely-2026-04", "2026-04-29", False),
        ("timely-2026-04", "2026-04-30", True),
        ("in-store", "2026-04-30", False),
        ("online", "2026-12-31", False),
        ("timely-2026-03", None, False),
    ],
)
def test_the_automatic_start(rulebook: str, activated_on: str | None, enabled: bool) -> None:
    """T02 and D01: the day itself is not after."""
    assert setting({"activated_on": activated_on}, rulebook) == {
        "visible": True,
        "enabled": enabled,
        "chosen": False,
    }


def test_an_explicit_choice_wins_but_not_for_legacy_accounts() -> None:
    """D02 and T03: off is off, and a legacy account sees no switch at all."""
    off = {"activated_on": "2026-12-01", "online_redemption": False}
    assert setting(off, "timely-2026-03") == {"visible": True, "enabled": False, "chosen": True}
    legacy = {"package_kind": "legacy", "online_redemption": True}
    assert setting(legacy, "timely-2026-03") == {
        "visible": False,
        "enabled": False,
        "chosen": True,
    }


def test_every_reason_is_given_in_the_fixed_order() -> None:
    """D22 and D25: account, client, package, booking; a legacy account is not told "off"."""
    answer = decide(
        case(
            package(kind="legacy", status="archived"),
            account={"package_kind": "legacy", "client_login": "disabled"},
            client={"logged_in": False},
        )
    )
    assert answer["findings"] == [
        ("account_on_legacy_packages", ""),
        ("client_login_disabled", ""),
        ("client_not_logged_in", ""),
        ("legacy_package", "p1"),
        ("package_archived", "p1"),
    ]
    assert not answer["eligible"]


def test_a_guest_has_no_package() -> None:
    """D03 and D04: whatever is handed in is another client's, and money is asked as ever."""
    answer = decide(
        case(
            package(),
            client={"id": None, "logged_in": False},
            account={"deposit_required": True, "card_capture": True},
        )
    )
    assert answer["findings"] == [
        ("client_not_logged_in", ""),
        ("package_of_another_client", "p1"),
        ("no_package", ""),
    ]
    assert (answer["deposit"], answer["card_capture"]) == ("collect", "capture")
    assert (answer["draws"], answer["schedule"], answer["free_until"]) == ([], [], None)


@pytest.mark.parametrize(
    ("until", "now", "expected"),
    [
        ("2026-05-05T10:00:00.000001Z", NOW, []),
        ("2026-05-05T10:00:00Z", NOW, ["package_over_by_then"]),
        (NOW, NOW, ["package_over"]),
    ],
)
def test_validity_is_asked_of_the_start(until: str, now: str, expected: list[str]) -> None:
    """D06: the end is exclusive, and "over" and "over by then" differ by the present."""
    answer = decide(case(package(valid_until=until), now=now))
    assert codes(answer) == expected


def test_facts_of_validity() -> None:
    """The facts of a finding are those of the list in the design, as UTC instants."""
    over = decide(case(package(valid_until="2026-05-03T02:00:00+02:00")))["reasons"]
    assert over == [
        {
            "code": "package_over_by_then",
            "scope": "package",
            "subject": "p1",
            "subject_name": "",
            "facts": {
                "starts_at": "2026-05-05T10:00:00+00:00",
                "valid_until": "2026-05-03T00:00:00+00:00",
            },
        }
    ]


def test_sold_at_the_moment_of_booking_is_sold() -> None:
    """D32: sold now is sold, a microsecond later is not; and it is not active either (T12)."""
    assert decide(case(package(sold_at=NOW)))["eligible"]
    later = decide(case(package(sold_at="2026-05-01T08:00:00.000001Z")))
    assert later["findings"] == [("package_not_sold_yet", "p1")]
    assert later["active"] == []


def test_two_active_packages_refuse_and_lifting_the_limit_lifts_it() -> None:
    """T10 and D05: a second package that ends before the appointment still counts."""
    two = case(package("p1"), package("p2", valid_until="2026-05-02T00:00:00Z"))
    refused = decide(two)
    assert refused["reasons"] == [
        {
            "code": "several_active_packages",
            "scope": "holdings",
            "subject": "",
            "subject_name": "",
            "facts": {"count": 2},
        }
    ]
    assert refused["active"] == ["p2", "p1"]
    assert [note["code"] for note in refused["notes"]] == ["package_over_by_then"]
    assert decide(two, lifted=frozenset({"several_active_packages"}))["eligible"]


def test_package_findings_are_notes_beside_a_usable_package() -> None:
    """D25: one good package, and the used-up one is only noted."""
    answer = decide(case(package("p1"), package("p0", credit("facial", left=0))))
    assert answer["eligible"]
    assert [(note["code"], note["subject"]) for note in answer["notes"]] == [
        ("package_used_up", "p0")
    ]


def test_one_credit_is_not_given_to_two_lines() -> None:
    """D07 and T17: two facials and one credit are a mixed booking with its credit finding."""
    answer = decide(case(package(), services="facial facial"))
    assert answer["findings"] == [("not_enough_credits", "facial"), ("mixed_booking", "")]
    assert answer["reasons"][0]["facts"] == {"available": 1, "wanted": 2, "unit": "credit"}
    assert answer["uncovered"] == [1]
    assert decide(case(package("p1", credit("facial", left=2)), services="facial facial"))[
        "eligible"
    ]


def test_mixed_booking_lifted() -> None:
    """D19: the rest is paid, so its deposit is collected and the card page is not bypassed."""
    mixed = case(
        package(),
        services="facial massage",
        account={"deposit_required": True, "card_capture": True},
    )
    answer = decide(mixed, lifted=frozenset({"mixed_booking"}))
    assert answer["eligible"]
    assert [note["code"] for note in answer["notes"]] == ["service_not_in_package"]
    assert (answer["deposit"], answer["card_capture"]) == ("collect", "capture")
    mixed["booking"]["lines"][1]["service"]["deposit_required"] = False
    assert decide(mixed, lifted=frozenset({"mixed_booking"}))["deposit"] == "waived"


def test_waived_bypassed_and_nothing_on_file() -> None:
    """T19, T20, D18 and D28: waived and bypassed where due, noted where no card was saved."""
    asked = case(package(), account={"deposit_required": True, "card_capture": True})
    answer = decide(asked)
    assert (answer["deposit"], answer["card_capture"]) == ("waived", "bypassed")
    assert answer["notes"] == [
        {
            "code": "no_card_on_file",
            "scope": "note",
            "subject": "",
            "subject_name": "",
            "facts": {},
        }
    ]
    asked["client"]["has_saved_card"] = True
    assert decide(asked)["notes"] == []


def test_a_line_with_nothing_to_pay() -> None:
    """D31: it takes no credit and mixes nothing; alone it leaves nothing to pay."""
    beside = case(package(), services="consultation facial")
    beside["booking"]["lines"][0]["payable"] = False
    assert paid(decide(beside)) == [(1, "p1", "facial")]
    alone = case(package(), services="facial")
    alone["booking"]["lines"][0]["payable"] = False
    assert decide(alone)["findings"] == [("nothing_to_pay", "")]


def test_the_narrow_entitlement_first_but_never_at_the_cost_of_a_line() -> None:
    """D20: fewer services rank first, and the flexible credit is kept for the line needing it."""
    one = package("p1", credit("facial", "mask"), credit("facial"))
    assert paid(decide(case(one))) == [(0, "p1", "facial")]
    both = paid(decide(case(one, services="facial mask")))
    assert both == [(0, "p1", "facial"), (1, "p1", "facial+mask")]


def test_the_order_of_packages() -> None:
    """D20: priority, then the earlier end, then the earlier sale with unknown last, then id."""
    lifted = frozenset({"several_active_packages"})
    packages = [
        package("e"),
        package("d", sold_at="2026-01-01T00:00:00Z"),
        package("c", valid_until="2027-01-01T00:00:00Z"),
        package("b", priority=1),
        package("a", priority=-1),
    ]
    assert decide(case(*packages), lifted=lifted)["usable"] == ["b", "c", "d", "e", "a"]
    draws = paid(decide(case(*packages, services="facial facial"), lifted=lifted))
    assert [package_id for _line, package_id, _entitlement in draws] == ["b", "c"]


def test_the_desk() -> None:
    """D34: the desk asks neither the switch, nor login, nor the start."""
    desk = case(
        package(kind="legacy", status="archived"),
        account={"online_redemption": False, "client_login": "disabled"},
        client={"logged_in": False},
        now="2026-05-05T11:00:00Z",
    )
    answer = decide(desk, "in-store")
    assert answer["eligible"]
    assert (answer["prompt"], answer["refund_on_cancel"], answer["schedule"]) == (False, False, [])


def test_booked_inside_the_window_has_no_free_step() -> None:
    """D33: late from the first moment."""
    inside = decide(case(package(), now="2026-05-04T10:00:00.000001Z"))
    assert inside["schedule"] == [("2026-05-05T10:00:00+00:00", "forfeit", True)]
    assert not inside["refund_on_cancel"]


def test_booked_on_the_cut_off_has_a_free_step_left() -> None:
    """D09 and D33: a step that ends at the instant of booking can still be used at it."""
    on_it = decide(case(package(), now="2026-05-04T10:00:00Z"))
    assert on_it["schedule"] == [
        ("2026-05-04T10:00:00+00:00", "return", False),
        ("2026-05-05T10:00:00+00:00", "forfeit", True),
    ]
    assert on_it["refund_on_cancel"]


def test_a_window_of_nothing_and_no_terms_have_one_step() -> None:
    """D10: without a window everything up to the start returns, and the start itself is no step."""
    nothing = {"window_us": 0, "late": "forfeit", "no_show": None}
    only_step = [("2026-05-05T10:00:00+00:00", "return", False)]
    for terms in (nothing, None):
        assert decide(case(package(), account={"cancellation": terms}))["schedule"] == only_step


def test_notice() -> None:
    """T09: one active package is told, none and two are not."""
    assert notice(case(package()))
    assert not notice(case())
    two = case(package("p1"), package("p2"))
    assert not notice(two)
    assert notice(two, lifted=frozenset({"several_active_packages"}))
    assert not notice(case(package(), client={"logged_in": False}))

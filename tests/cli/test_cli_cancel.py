"""`pkgredeem cancel`: what a cancellation at some instant does to the case's own decision."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest

from pkgredeem import Actor, Audience, ClosedRedemptionError, RedemptionPolicy
from pkgredeem.documents import (
    case_document,
    decision_document,
    load_case,
    read_case,
    read_instant,
    settlement_document,
)
from tests.helpers.cli_support import CASE, ELIGIBLE, NOT_LOGGED_IN, REFUSED, Result, run, written

IN_TIME = "2026-05-04T10:00:00+12:00"  # exactly on the cut-off
LATE = "2026-05-04T10:00:00.000001+12:00"
AT_THE_START = "2026-05-05T10:00:00+12:00"


def cancel(
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    document: Mapping[str, object],
    at: str,
    *options: str,
    by: str = "client",
) -> Result:
    """Write the document and run the command on it."""
    monkeypatch.chdir(folder)
    written(folder, "a.json", document)
    return run(monkeypatch, "cancel", "a.json", "--at", at, "--by", by, *options)


def test_a_cancellation_in_time_returns_the_credit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Exactly on the cut-off is in time; the decision stands first."""
    out = (
        f"{ELIGIBLE}\na cancellation by the client at Mon 4 May 2026 10:00\n"
        "done: the credit returns\ntimes: in Pacific/Auckland\n"
    )

    assert Result(0, out, "") == cancel(monkeypatch, tmp_path, CASE, IN_TIME)


def test_a_late_cancellation_forfeits_the_credit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A microsecond past the cut-off is late, which is told; it is allowed all the same."""
    result = cancel(monkeypatch, tmp_path, CASE, LATE)
    told = result.out.removeprefix(ELIGIBLE).splitlines()

    assert (0, "") == (result.status, result.err)
    assert "a cancellation by the client at Mon 4 May 2026 10:00" == told[1]
    assert "done: the credit is forfeited" == told[2]
    assert told[3].startswith("note: late_cancellation [T23 D09 D29 D61] ")


def test_a_client_cannot_cancel_at_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """At the start the client's cancellation is refused, with status 1; the business may cancel."""
    refused = cancel(monkeypatch, tmp_path, CASE, AT_THE_START)
    allowed = cancel(monkeypatch, tmp_path, CASE, AT_THE_START, by="business")

    assert 1 == refused.status
    assert "\nrefused: nothing changes\nreason: changes_closed [" in refused.out
    assert 0 == allowed.status
    assert "a cancellation by the business at Tue 5 May 2026 10:00\ndone: the credit returns" in (
        allowed.out
    )


def test_a_refused_case_has_nothing_to_cancel(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The refusal is explained, and the status is 1."""
    out = (
        f"{REFUSED}\na cancellation by the client at Mon 4 May 2026 10:00\n"
        "nothing to cancel: no package pays for the booking\n"
    )

    assert Result(1, out, "") == cancel(monkeypatch, tmp_path, NOT_LOGGED_IN, IN_TIME)


def test_a_client_is_told_two_sentences(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One of the decision with its schedule, and one of the cancellation."""
    out = (
        "a package can be used for this booking\n"
        "cancellation: free until Mon 4 May 10:00, then the credit is forfeited\n"
        "\na cancellation by the client at Mon 4 May 2026 10:00\n"
        "the credit is back in the package\n"
    )

    assert Result(0, out, "") == cancel(
        monkeypatch, tmp_path, CASE, IN_TIME, "--audience", "client"
    )


@pytest.mark.parametrize("audience", list(Audience))
def test_json_holds_both_documents(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, audience: Audience
) -> None:
    """One line with the decision and the settlement, which knows whether the credit is usable."""
    result = cancel(monkeypatch, tmp_path, CASE, LATE, "--format", "json", "--audience", audience)
    case = load_case(tmp_path / "a.json")
    decision = RedemptionPolicy().decide_case(case)
    assert decision.redemption is not None
    settlement = RedemptionPolicy().cancel(
        decision.redemption, by=Actor.CLIENT, now=read_instant(LATE), packages=case.packages
    )

    assert (0, 1) == (result.status, result.out.count("\n"))
    assert {
        "decision": decision_document(decision, audience),
        "settlement": settlement_document(settlement, audience),
    } == json.loads(result.out)


def test_json_of_a_refused_case_has_no_settlement(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Where nothing can be cancelled the settlement is null."""
    result = cancel(monkeypatch, tmp_path, NOT_LOGGED_IN, IN_TIME, "--format", "json")

    assert (1, None) == (result.status, json.loads(result.out)["settlement"])


def test_whether_the_credit_can_be_used_again_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The packages of the case are looked at: one that is over by then is told (D13)."""
    package = {
        "id": "p1",
        "name": "Last facial",
        "client_id": "ana",
        "valid_until": "2026-05-05T10:00:01+12:00",
        "entitlements": [{"services": ["facial"], "remaining": 1}],
    }
    at = "2026-05-06T10:00:00+12:00"
    result = cancel(monkeypatch, tmp_path, {**CASE, "packages": [package]}, at, by="business")

    assert 0 == result.status
    assert (
        "\ndone: the credit returns\nnote: credit_not_usable [D13] a credit went back to package "
        "Last facial (p1), where it can't be used again; to change it: "
    ) in result.out


def recorded(**changes: object) -> dict[str, object]:
    """Return a document whose booking is redeemed already."""
    redemption = RedemptionPolicy().decide_case(read_case({**CASE})).redemption
    assert redemption is not None
    return {**CASE, "existing": redemption.to_document(), **changes}


def test_what_is_recorded_is_cancelled_whatever_would_be_decided_today(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Terms that came later touch nothing (D11); that the case is refused makes the status 1."""
    document = recorded(account={"online_redemption": False, "time_zone": "Pacific/Auckland"})
    result = cancel(monkeypatch, tmp_path, document, LATE)

    assert 1 == result.status
    assert result.out.startswith("refused, asked again under timely-2026-03: 2 reasons; ")
    assert "\ndone: the credit is forfeited\n" in result.out


def test_of_an_exchange_the_new_booking_is_cancelled(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What is recorded is of the booking that is given up: it is not cancelled a second time."""
    old = cast("Mapping[str, object]", CASE["booking"])
    document = recorded(booking={**old, "id": "b2"})
    told = json.loads(cancel(monkeypatch, tmp_path, document, IN_TIME, "--format", "json").out)

    assert ("b1", "b2") == (told["decision"]["replaces"], told["settlement"]["booking_id"])


@pytest.mark.parametrize("command", ["cancel", "decide"])
def test_what_has_ended_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str
) -> None:
    """A booking that was completed is neither decided again nor cancelled: bad input, in words."""
    policy = RedemptionPolicy()
    redemption = policy.decide_case(read_case({**CASE})).redemption
    assert redemption is not None
    change = policy.complete(redemption, now=read_instant(AT_THE_START)).change
    assert change is not None
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "a.json", {**CASE, "existing": change.after.to_document()})
    at = ("--at", AT_THE_START, "--by", "client") if command == "cancel" else ()

    assert Result(2, "", "a.json: booking 'b1' has ended already\n") == run(
        monkeypatch, command, "a.json", *at
    )


def test_what_has_ended_between_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Of what a policy refuses to cancel the reason is told, not a traceback."""

    def refuse(*_: object, **__: object) -> None:
        raise ClosedRedemptionError("line 0 is redeemed by complete already")

    monkeypatch.setattr(RedemptionPolicy, "cancel", refuse)

    assert Result(2, "", "a.json: line 0 is redeemed by complete already\n") == cancel(
        monkeypatch, tmp_path, CASE, LATE
    )


AT_TIMES = """
from pkgredeem import Scope, clauses, rule, rules

@rule(Scope.PACKAGE, clauses=[clauses.D13], message="m", advice="a", on_return=True)
def unusable_at_times(case, package):
    \"\"\"The package pays at times, which is no answer, once its credit has come back.\"\"\"
    return "at times" if case.account.client_login == "disabled" else False

RULEBOOK = rules.TIMELY_2026_03.including(unusable_at_times)
"""


def test_a_rule_that_has_no_answer_for_a_return_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A rule of one's own that is asked of a returned credit may be at fault: that is told."""
    (tmp_path / "rules_asked_on_returns.py").write_text(AT_TIMES, encoding="utf-8")
    told = (
        "a.json: the answer of unusable_at_times must be True, False, or a mapping of at least "
        "one fact, not 'at times'\n"
    )
    named = ("--policy", "rules_asked_on_returns:RULEBOOK")

    assert Result(2, "", told) == cancel(monkeypatch, tmp_path, CASE, IN_TIME, *named)


def test_up_to_a_minute_before_it_is_booked_is_two_clocks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A minute before the booking counts as its moment; more is bad input, as for the library."""
    told = (
        "a.json: --at must be an instant at or after 2026-04-30 21:00:00+00:00, "
        "when the booking was made, not 2026-04-30 20:58:59.999999+00:00\n"
    )

    assert 0 == cancel(monkeypatch, tmp_path, CASE, "2026-05-01T08:59:00+12:00").status
    assert Result(2, "", told) == cancel(
        monkeypatch, tmp_path, CASE, "2026-05-01T08:58:59.999999+12:00"
    )


def test_a_zone_that_this_machine_does_not_know_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What is recorded is told in UTC, which is said; JSON keeps the name (D76)."""
    document = recorded()
    existing = {**cast("dict[str, object]", document["existing"]), "time_zone": "Mars/Olympus"}
    document["existing"] = existing
    result = cancel(monkeypatch, tmp_path, document, LATE)
    told = json.loads(cancel(monkeypatch, tmp_path, document, LATE, "--format", "json").out)

    assert 0 == result.status
    assert result.out.endswith("\ntimes: in UTC, since this machine does not know Mars/Olympus\n")
    assert ("Pacific/Auckland", "Mars/Olympus") == (
        told["decision"]["time_zone"],
        told["settlement"]["time_zone"],
    )


def test_staff_read_names_and_a_client_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Services and packages stand with name and id for staff, with neither for a client (D72)."""
    named = json.loads(json.dumps(CASE))
    named["packages"][0]["name"] = "Five facials"
    named["booking"]["lines"][0]["service"]["name"] = "Facial"
    staff = cancel(monkeypatch, tmp_path, named, LATE).out
    client = cancel(monkeypatch, tmp_path, named, LATE, "--audience", "client").out

    assert "\ncredit: Facial (facial) is paid with 1 credit of Five facials (p1)\n" in staff
    assert [] == [word for word in ("Facial", "facial", "Five", "p1") if word in client]


def test_a_document_written_by_the_library_is_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What `case_document` writes is decided and cancelled like what a person wrote."""
    document = case_document(read_case({**CASE}))

    assert cancel(monkeypatch, tmp_path, CASE, LATE) == cancel(
        monkeypatch, tmp_path, document, LATE
    )


def test_the_rulebook_is_chosen_and_lifted_as_for_decide(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The options mean the same as for `decide`."""
    lifted = cancel(
        monkeypatch, tmp_path, NOT_LOGGED_IN, IN_TIME, "--without", "client_not_logged_in"
    )
    in_store = cancel(monkeypatch, tmp_path, NOT_LOGGED_IN, IN_TIME, "--rulebook", "in-store")

    assert [0, 0] == [lifted.status, in_store.status]


def test_bad_input_leaves_standard_output_empty(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Problems of the document are told, one a line, with status 2."""
    monkeypatch.chdir(tmp_path)
    result = cancel(monkeypatch, tmp_path, {**CASE, "packages": 3, "booking": 4}, IN_TIME)

    assert (2, "", 2) == (result.status, result.out, result.err.count("\n"))
    assert all(line.startswith("a.json: ") for line in result.err.splitlines())


def test_a_credit_that_is_lost_is_neither_good_nor_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """On a terminal a returned credit is green, a forfeited one yellow."""
    path = written(tmp_path, "a.json", CASE)

    def shown(at: str) -> str:
        arguments = ("cancel", path, "--at", at, "--by", "client")
        return run(monkeypatch, *arguments, is_terminal=True).out

    assert "\x1b[1;32m✓ \x1b[0m\x1b[1;32mdone:\x1b[0m the credit returns" in shown(
        "2026-05-04T10:00:00+12:00"
    )
    assert "\x1b[1;33m✓ \x1b[0m\x1b[1;33mdone:\x1b[0m the credit is forfeited" in shown(
        "2026-05-04T10:00:01+12:00"
    )

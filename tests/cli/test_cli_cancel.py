"""`pkgredeem cancel`: what a cancellation at some instant does to the case's own decision."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from pkgredeem import Actor, Audience, RedemptionPolicy
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
    assert "a cancellation by the client at Mon 4 May 2026 10:00:00.000001" == told[1]
    assert "done: the credit is forfeited" == told[2]
    assert told[3].startswith("note: late [T23 D09 D29] ")


def test_a_client_cannot_cancel_at_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """At the start the client's cancellation is refused, with status 1; the business may cancel."""
    refused = cancel(monkeypatch, tmp_path, CASE, AT_THE_START)
    allowed = cancel(monkeypatch, tmp_path, CASE, AT_THE_START, by="business")

    assert 1 == refused.status
    assert "\nrefused: nothing changes\nreason: appointment_started [" in refused.out
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
        "client_id": "ana",
        "valid_until": "2026-05-05T10:00:01+12:00",
        "entitlements": [{"services": ["facial"], "remaining": 1}],
    }
    at = "2026-05-06T10:00:00+12:00"
    result = cancel(monkeypatch, tmp_path, {**CASE, "packages": [package]}, at, by="business")

    assert 0 == result.status
    assert "\nusable: no, " in result.out


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


def test_what_has_ended_in_another_way_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A booking that was completed can't be cancelled, which is bad input, not a traceback."""
    policy = RedemptionPolicy()
    redemption = policy.decide_case(read_case({**CASE})).redemption
    assert redemption is not None
    change = policy.complete(redemption, now=read_instant(AT_THE_START)).change
    assert change is not None
    document = {**CASE, "existing": change.after.to_document()}
    result = cancel(monkeypatch, tmp_path, document, AT_THE_START)

    assert (2, "", 1) == (result.status, result.out, result.err.count("\n"))
    assert result.err.startswith("a.json: line 0 ")


def test_nothing_is_cancelled_before_it_is_booked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The instant of booking itself is early enough to cancel, a microsecond before it is not."""
    told = (
        "a.json: --at must be 2026-04-30T21:00:00+00:00, when it is booked, or later, "
        "not 2026-04-30T20:59:59.999999+00:00\n"
    )

    assert Result(2, "", told) == cancel(
        monkeypatch, tmp_path, CASE, "2026-05-01T08:59:59.999999+12:00"
    )
    assert 0 == cancel(monkeypatch, tmp_path, CASE, "2026-05-01T09:00:00+12:00").status


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

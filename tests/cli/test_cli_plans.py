"""What the command tells of plans: what is asked beyond the article, and whose terms hold."""

import json
from pathlib import Path

import pytest

from tests.helpers.cli_support import CASE, Result, run, written

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")
#: Facials on Mondays to Thursdays in the north and south, paid back in full until 12 hours before,
#: and with a fee until three hours before.
PACKAGE: dict[str, object] = {
    "id": "p1",
    "client_id": "ana",
    "name": "Mornings",
    "entitlements": [{"services": ["facial"], "remaining": 5}],
    "restrictions": {
        "traits": {"place": ["north", "south"]},
        "hours": [{"days": ["mon", "tue", "wed", "thu"], "opens": "09:00"}],
    },
    "cancellation": {
        "window": "12 hours",
        "late": "return",
        "tiers": [{"window": "3 hours", "outcome": "forfeit"}],
    },
}
BOOKING: dict[str, object] = {
    "id": "b1",
    "starts_at": "2026-05-05T10:00:00+12:00",
    "lines": [{"service": {"id": "facial"}}],
    "traits": {"place": "north"},
}
MORNINGS = {**CASE, "packages": [PACKAGE], "booking": BOOKING}
WEST = {**MORNINGS, "booking": {**BOOKING, "traits": {"place": "west"}}}
LATE = ("--at", "2026-05-05T07:00:01+12:00", "--by", "client")

PAID = """\
eligible under timely-2026-03: a package can be used for this booking
deposit: no deposit is due
card capture: no card is asked for
credit: facial is paid with 1 credit of Mornings (p1)
cancellation: free until Mon 4 May 22:00, then the credit returns all the same until \
Tue 5 May 07:00, then the credit is forfeited
times: in Pacific/Auckland
"""
REFUSED = """\
refused under timely-2026-03: 1 reason
reason: trait_not_allowed [D45] service facial: the place must be one of north, south, and the \
booking says west; to change it: book what the package allows, or pay for it in another way
deposit: no deposit is due
card capture: no card is asked for
times: in Pacific/Auckland
"""


def test_a_plan_that_pays_tells_the_steps_of_its_own_terms(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The schedule is that of the package, not of the account (D60, D61)."""
    written(tmp_path, "a.json", MORNINGS)

    assert Result(0, PAID, "") == run(monkeypatch, "decide", "a.json")


def test_a_plan_that_refuses_tells_what_it_asks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """With its decision, what was found, and what would change it."""
    written(tmp_path, "a.json", WEST)

    assert Result(1, REFUSED, "") == run(monkeypatch, "decide", "a.json")


def test_a_client_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither the place nor the package is named (D24)."""
    written(tmp_path, "a.json", WEST)
    result = run(monkeypatch, "decide", "a.json", "--audience", "client")

    assert Result(1, "your package can't be used for this choice\n", "") == result


def test_what_a_plan_asks_can_be_lifted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """By the code of the rule, as any other rule."""
    written(tmp_path, "a.json", WEST)
    result = run(monkeypatch, "decide", "a.json", "--without", "trait_not_allowed")

    assert (0, "") == (result.status, result.err)
    assert result.out.startswith("eligible under timely-2026-03 -trait_not_allowed: ")


def test_a_terminal_wraps_what_a_plan_tells(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """No line is wider than the terminal, and no word is lost."""
    written(tmp_path, "a.json", MORNINGS)
    result = run(monkeypatch, "decide", "a.json", is_terminal=True, environ={"NO_COLOR": "1"})

    assert 80 >= max(map(len, result.out.splitlines()))
    assert "until Tue 5 May 07:00, then the credit is forfeited" in " ".join(result.out.split())


def test_staff_read_in_json_by_which_window_to_charge(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The smallest window that the cancellation fell inside; a client's document has none (D61)."""
    written(tmp_path, "a.json", MORNINGS)
    command = ("cancel", "a.json", *LATE, "--format", "json")
    staff = json.loads(run(monkeypatch, *command).out)
    client = json.loads(run(monkeypatch, *command, "--audience", "client").out)

    assert ("3 hours", "forfeit") == (staff["settlement"]["window"], staff["settlement"]["outcome"])
    assert {
        "window": "12 hours",
        "late": "return",
        "no_show": None,
        "tiers": [{"window": "3 hours", "outcome": "forfeit"}],
    } == staff["decision"]["draws"][0]["terms"]
    assert "window" not in client["settlement"]
    assert 3 == len(client["decision"]["schedule"])


def test_a_plan_without_a_time_zone_is_bad_input(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A local day needs one to be read, and hours to be judged (D46)."""
    hours = {**MORNINGS, "account": {}}
    frozen = {**PACKAGE, "pauses": [{"starts_on": "2026-07-01"}]}
    days = {**hours, "packages": [frozen]}
    written(tmp_path, "days.json", days)
    written(tmp_path, "hours.json", hours)

    assert Result(
        2,
        "",
        "days.json: account.time_zone is missing: it must be an IANA time zone name, since "
        "packages[0].pauses[0].starts_on is a local day\n",
    ) == run(monkeypatch, "decide", "days.json")
    assert Result(
        2,
        "",
        "hours.json: AccountSettings.time_zone must be a ZoneInfo where a rule asks for local "
        "time, not None\n",
    ) == run(monkeypatch, "decide", "hours.json", "--without", "trait_not_allowed")

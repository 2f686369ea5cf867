"""Each story of the laws of redemptions, and each instant of the laws of time, tells a fault."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from pkgredeem import (
    Actor,
    Bucket,
    Case,
    CreditOutcome,
    Decision,
    Redemption,
    RedemptionPolicy,
    Settlement,
    rules,
)
from pkgredeem.testing.laws import _redemptions as redemptions
from pkgredeem.testing.laws import _time as times
from tests.helpers.bent_policies import ACTS, broken_by
from tests.helpers.support import (
    AUCKLAND,
    DAY,
    HOUR,
    INSTANT,
    LONDON,
    NOW,
    START,
    account,
    case,
    credit,
    package,
)

POLICY = RedemptionPolicy(rules.TIMELY_2026_03)
TWO = case("facial", "facial", packages=[package("p1", credit("facial", left=2))])
LAST = START - INSTANT
BUSINESS, CLIENT = Actor.BUSINESS, Actor.CLIENT
Said = tuple[str, dict[str, object]]

AT_ONCE: Said = ("cancel", {"by": CLIENT, "now": NOW})
AT_LAST: Said = ("cancel", {"by": CLIENT, "now": LAST})
OF_A_LINE: Said = ("cancel", {"by": BUSINESS, "now": LAST, "lines": [0]})
CALLED_OFF: Said = ("cancel", {"by": BUSINESS, "now": LAST})
MISSED: Said = ("no_show", {"now": START, "outcome": CreditOutcome.FORFEIT})
COMPLETED: Said = ("complete", {"now": START})
FORGIVEN: Said = ("forgive", {"now": START, "note": "kit"})
MOVED: Said = (
    "reschedule",
    {
        "account": TWO.account,
        "client": TWO.client,
        "starts_at": START + DAY,
        "by": BUSINESS,
        "now": NOW,
        "packages": TWO.packages,
    },
)
STORIES: list[list[Said]] = [
    [AT_ONCE],
    [AT_LAST],
    [OF_A_LINE, CALLED_OFF],
    [MISSED, FORGIVEN],
    [MISSED, COMPLETED, FORGIVEN],
    [COMPLETED, FORGIVEN],
    [MOVED, CALLED_OFF],
]


@dataclass
class Listening:
    """A policy that writes down which acts are asked of it, and may answer another thing."""

    bend: Callable[[str, Redemption, Settlement], Settlement] = lambda *given: given[-1]
    said: list[Said] = field(default_factory=list)

    def decide_case(self, asked: Case) -> Decision:
        """Decide."""
        return POLICY.decide_case(asked)

    def __getattr__(self, name: str) -> Callable[..., Settlement]:
        """Write the act down, and do it."""
        if name not in ACTS:
            raise AttributeError(name)

        def act(found: Redemption, **facts: Any) -> Settlement:  # noqa: ANN401 - of any act
            self.said.append((name, facts))
            return self.bend(name, found, getattr(POLICY, name)(found, **facts))

        return act


def check(law: Any, policy: Listening, asked: Case = TWO) -> str | None:  # noqa: ANN401 - a law
    """Return what the law says of that policy."""
    told: str | None = law.check(cast("RedemptionPolicy", policy), asked)
    return told


@pytest.mark.parametrize("law", [redemptions.conserved, redemptions.returned_whole])
def test_each_story_of_a_redemption_is_lived(law: object) -> None:
    """What a client, the business and the day can make of a booking, act after act."""
    policy = Listening()

    assert check(law, policy) is None
    assert [act for story in STORIES for act in story] == policy.said


def test_each_act_is_done_again_whatever_came_after_it() -> None:
    """After each act of a story that act and all before it, in their order."""
    policy = Listening()
    again = [
        act
        for story in STORIES
        for number, last in enumerate(story, 1)
        for act in (last, *story[:number])
    ]

    assert check(redemptions.done_twice, policy) is None
    assert again == policy.said


def test_no_bucket_falls_below_zero_on_the_way() -> None:
    """Two acts that are wrong in the same thing make good for each other in the end."""
    ways = {
        "no_show": (Bucket.FORFEITED, Bucket.AVAILABLE),
        "forgive": (Bucket.RESERVED, Bucket.FORFEITED),
    }

    def crosswise(name: str, _: Redemption, settled: Settlement) -> Settlement:
        change = settled.change
        if change is None or name not in ways:
            return settled
        source, target = ways[name]
        moved = tuple(replace(m, source=source, target=target) for m in change.movements)
        return replace(settled, change=replace(change, movements=moved))

    assert "missed and forgiven, facial of p1: sold 1, then 3 movements" == check(
        redemptions.conserved, Listening(crosswise), case()
    )


def test_a_repeat_that_says_another_outcome_is_told() -> None:
    """Though it is allowed and changes nothing; and one that changes nothing but is refused."""

    def of_repeats(change: Callable[[Settlement], Settlement]) -> str | None:
        return check(
            redemptions.done_twice,
            Listening(lambda _, __, done: done if done.change is not None else change(done)),
        )

    told = "cancelled by the client at once, again: {}, and not nothing after return"
    assert told.format("forfeit") == of_repeats(
        lambda done: replace(done, outcome=CreditOutcome.FORFEIT)
    )
    assert told.format("return") == of_repeats(lambda done: replace(done, allowed=False))


# --- Time -----------------------------------------------------------------------------------------


def test_each_zone_that_instants_are_written_in_is_tried() -> None:
    """Another answer in the second of them is told as well."""
    numbers = count()

    def third(decision: Decision, _: Case) -> Decision:
        return replace(decision, prompt=next(numbers) < 2)

    assert "with instants written in Europe/London: prompt True became False" == broken_by(
        times.same_instants, case(), decision=third
    )


@pytest.mark.parametrize(
    "name",
    [
        "UTC",
        "Pacific/Auckland",
        "America/New_York",
        "Europe/London",
        "Etc/GMT-12",
        "Etc/GMT+5",
        "Etc/GMT-1",
    ],
)
def test_each_zone_of_an_account_is_tried(name: str) -> None:
    """With clock changes and without, UTC and on both sides of it: an answer in one is told."""
    home = LONDON if name == "Pacific/Auckland" else AUCKLAND

    def there(decision: Decision, asked: Case) -> Decision:
        return replace(decision, prompt=asked.account.time_zone != ZoneInfo(name))

    assert f"at the same local times in {name}: prompt True became False" == broken_by(
        times.same_local_times, case(account=account(time_zone=home)), decision=there
    )


@pytest.mark.parametrize(
    ("shift", "is_there"),
    [
        (5 * HOUR + INSTANT, lambda at: at.microsecond == 1),
        (-3 * DAY, lambda at: at.day == START.day - 3),
    ],
)
def test_each_shift_is_tried(shift: object, is_there: Callable[[object], bool]) -> None:
    """To another hour and fraction of a second, and to another day."""

    def then(decision: Decision, asked: Case) -> Decision:
        return replace(decision, prompt=not is_there(asked.booking.starts_at))

    told = partial(broken_by, times.shifted_alike, case())
    assert f"with every instant shifted by {shift}: prompt True became False" == told(decision=then)

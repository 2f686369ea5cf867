"""The objects that say a plan: traits, restrictions, pauses, quotas, and terms of cancelling."""

from datetime import datetime, time, timedelta
from functools import partial
from itertools import pairwise
from typing import Final, NamedTuple, TypeVar, cast

from pkgredeem import (
    CancellationTerms,
    CreditOutcome,
    DrawState,
    Hours,
    Pause,
    Quota,
    Restrictions,
    Use,
)
from pkgredeem._model.calendar import end_of_day, start_of_day
from pkgredeem.documents import _scalars as scalars
from pkgredeem.documents import _times as times
from pkgredeem.documents._kinds import ListOf, MapOf, or_null
from pkgredeem.documents._objects import Key, LocalDay, Members, ObjectOf
from pkgredeem.documents._problems import Place, format_value

_Moment = TypeVar("_Moment", datetime, time)


def refuse_disorder(
    members: Members, *, first: str, last: str, kind: type[_Moment], allowed: str
) -> None:
    """Note a beginning that is not before its end, which stands for {} in what is allowed."""
    begins, ends = members.get(first, kind), members.get(last, kind)
    if begins is not None and ends is not None and begins >= ends:
        members.refuse(first, allowed.format(ends.isoformat()))


#: What a client, a booking, a line or a package tells of itself.
TRAITS: Final = Key(MapOf("an object of names and texts", scalars.NAME), (), is_added=True)

_ALLOWED: Final = MapOf(
    "an object of names and lists of texts",
    ListOf(
        "a list of one text or more",
        scalars.NAME,
        least=1,
        key=scalars.id_of,
        uniqueness="a text that is listed only once",
    ),
)

_HOURS: Final = ObjectOf(
    Hours,
    {
        "days": Key(
            ListOf(
                "a list of one weekday or more",
                scalars.WEEKDAY,
                least=1,
                key=scalars.id_of,
                uniqueness="a weekday that is listed only once",
            )
        ),
        "opens": Key(scalars.CLOCK_TIME),
        "closes": Key(or_null(scalars.CLOCK_TIME), None, is_added=True),
    },
    reconcile=partial(
        refuse_disorder,
        first="opens",
        last="closes",
        kind=time,
        allowed="a time before it closes at {}, or closes left out for midnight",
    ),
)


def _refuse_unmet_notice(members: Members) -> None:
    least, most = members.get("min_notice", timedelta), members.get("max_notice", timedelta)
    if least is not None and most is not None and least > most:
        members.refuse("min_notice", f"no longer than max_notice, {times.window_text(most)}")


#: Where, when and with what notice a credit may be used (D45 to D48).
RESTRICTIONS: Final = ObjectOf(
    Restrictions,
    {
        "traits": Key(_ALLOWED, (), is_added=True),
        "hours": Key(ListOf("a list of hours", _HOURS), (), is_added=True),
        "not_on": Key(
            ListOf(
                "a list of days",
                scalars.DAY,
                key=scalars.id_of,
                uniqueness="a day that is listed only once",
            ),
            (),
            is_added=True,
        ),
        "min_notice": Key(or_null(scalars.NOTICE), None, is_added=True),
        "max_notice": Key(or_null(scalars.NOTICE), None, is_added=True),
    },
    reconcile=_refuse_unmet_notice,
)

_PAUSE: Final = ObjectOf(
    Pause,
    {
        "starts_at": Key(scalars.INSTANT, None),
        "starts_on": Key(scalars.DAY, None),
        "ends_at": Key(or_null(scalars.INSTANT), None, is_added=True),
        "through": Key(or_null(scalars.DAY), None),
    },
    at_most_one=(("starts_at", "starts_on"), ("ends_at", "through")),
    at_least_one=("starts_at", "starts_on"),
    days={
        "starts_on": LocalDay("starts_at", start_of_day),
        "through": LocalDay("ends_at", end_of_day),
    },
    reconcile=partial(
        refuse_disorder,
        first="starts_at",
        last="ends_at",
        kind=datetime,
        allowed="before the end of the pause, {}",
    ),
)

#: When a package is frozen (D51).
PAUSES: Final = Key(ListOf("a list of pauses", _PAUSE), (), is_added=True)


_QUOTA: Final = ObjectOf(
    Quota,
    {
        "most": Key(scalars.COUNT),
        "per": Key(scalars.PERIOD),
        "name": Key(scalars.FREE_TEXT, "", is_added=True),
    },
)

#: How often a package, or an entitlement of it, may be used (D54).
QUOTAS: Final = Key(ListOf("a list of quotas", _QUOTA), (), is_added=True)

_USE: Final = ObjectOf(
    Use,
    {
        "booking_id": Key(scalars.ID),
        "line": Key(scalars.COUNT),
        "entitlement_id": Key(scalars.ID),
        "service_id": Key(scalars.ID),
        "client_id": Key(scalars.ID),
        "starts_at": Key(scalars.INSTANT),
        "state": Key(
            scalars.choice(
                {state.value: state for state in DrawState if state is not DrawState.RETURNED}
            )
        ),
    },
)

#: What a package paid for and did not return (D66).
USES: Final = Key(ListOf("a list of uses", _USE), (), is_added=True)


class _Tier(NamedTuple):
    """A window inside the first one, and what it does to the credit (D61)."""

    window: timedelta
    outcome: CreditOutcome


def _part_of_tier(tier: object, key: str) -> object:
    return getattr(_Tier._make(cast("tuple[timedelta, CreditOutcome]", tier)), key)


def _refuse_milder_tiers(members: Members) -> None:
    """Note each tier that is not shorter, or is milder, than what stands before it (D61)."""
    window, late = members.get("window", timedelta), members.get("late", CreditOutcome)
    tiers = cast("tuple[_Tier, ...] | None", members.get("tiers", tuple))
    if window is None or late is None or tiers is None:
        return
    add = members.reading.problems.add
    for index, (before, tier) in enumerate(pairwise((_Tier(window, late), *tiers))):
        place: Place = ((members.at, "tiers"), index)
        if not timedelta(0) < tier.window < before.window:
            written = cast("list[dict[str, object]]", members.raw["tiers"])[index]["window"]
            longer = times.window_text(before.window)
            allowed = f"longer than 0 and shorter than the one before it, {longer}"
            add((place, "window"), format_value(written), allowed)
        if before.outcome is CreditOutcome.FORFEIT and tier.outcome is not before.outcome:
            allowed = 'no milder than the outcome before it, "forfeit"'
            add((place, "outcome"), format_value(tier.outcome.value), allowed)


_TIER: Final = ObjectOf(
    _Tier,
    {"window": Key(scalars.WINDOW), "outcome": Key(scalars.word(CreditOutcome))},
    part=_part_of_tier,
)

#: The terms of cancelling, of the account or of a package (D60).
CANCELLATION: Final = ObjectOf(
    CancellationTerms,
    {
        "window": Key(scalars.WINDOW),
        "late": Key(scalars.word(CreditOutcome)),
        "no_show": Key(or_null(scalars.word(CreditOutcome)), None),
        "tiers": Key(ListOf("a list of tiers", _TIER), (), is_added=True),
        "changes_close": Key(scalars.WINDOW, timedelta(0), is_added=True),
    },
    reconcile=_refuse_milder_tiers,
)

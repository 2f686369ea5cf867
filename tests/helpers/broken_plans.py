"""Case documents whose plans are broken, each with exactly its problems, as `BROKEN` has them."""

from collections.abc import Mapping

from tests.helpers.documents_support import DROP, INSTANT, NAME, NEXT_DAY, TERM, WINDOW

CLOCK_TIME = "a local time as hours and minutes, such as 09:00"
DAY = "a date as year, month and day, such as 2026-03-01"
NOTICE = (
    'a whole number of minutes, hours, days or weeks, such as "24 hours", '
    'or seconds as "PT86400S", up to 3,660 days, or null'
)
OUTCOME = 'one of "return", "forfeit"'
STATE = 'one of "reserved", "redeemed", "forfeited"'
STATUS = 'one of "active", "archived", "suspended", "void"'
TEXTS = "a list of one text or more"
TRAITS = "an object of names and texts"
COUNT = "a whole number of 0 or more"
COST = "a whole number of 1 or more"
PERIOD = (
    'one of "day", "week", "month", "year", "booking", "upcoming", "ever", '
    'or days in a row, such as "14 days", from 2 to 366'
)
WEEKDAY = 'one of "mon", "tue", "wed", "thu", "fri", "sat", "sun"'

P = "packages[0]"
R = "packages[0].restrictions"
T = "packages[0].cancellation"
PAUSE = "packages[0].pauses[0]"


def restricted(**keys: object) -> dict[str, object]:
    """Return the change that lets the first package ask that."""
    return {"packages.0.restrictions": keys}


def in_hours(**keys: object) -> dict[str, object]:
    """Return the change that lets it be used in such hours, from Monday 9:00 unless said."""
    return restricted(hours=[{"days": ["mon"], "opens": "09:00"} | keys])


def paused(**keys: object) -> dict[str, object]:
    """Return the change that pauses the first package."""
    return {"packages.0.pauses": [keys]}


def on_terms(*tiers: Mapping[str, object], **keys: object) -> dict[str, object]:
    """Return the change that gives the first package terms of its own: 12 hours, return."""
    terms = {"window": "12 hours", "late": "return", "tiers": list(tiers)}
    return {"packages.0.cancellation": terms | keys}


def tier(window: str, outcome: str = "forfeit") -> dict[str, object]:
    """Return a tier."""
    return {"window": window, "outcome": outcome}


def capped(*quotas: object) -> dict[str, object]:
    """Return the change that gives the first package quotas."""
    return {"packages.0.quotas": list(quotas)}


def used(**keys: object) -> dict[str, object]:
    """Return the change that lets the first package have paid for one line, with these keys."""
    use = {
        "booking_id": "b0",
        "line": 0,
        "entitlement_id": "main",
        "service_id": "facial",
        "client_id": "ana",
        "starts_at": "2026-04-05T10:00:00+12:00",
        "state": "redeemed",
    }
    return {"packages.0.uses": [use | keys]}


# Paths of the document with new values, and what is then wrong: path, found, allowed.
BROKEN_PLANS: dict[str, tuple[dict[str, object], list[tuple[str, str, str]]]] = {
    # traits
    "traits are a list": (
        {"client.traits": ["place"]},
        [("client.traits", "a list", TRAITS)],
    ),
    "traits are null": ({"booking.traits": None}, [("booking.traits", "null", TRAITS)]),
    "a trait is a number": (
        {"booking.traits": {"place": "north", "floor": 7}},
        [("booking.traits.floor", "7", NAME)],
    ),
    "a trait is empty": (
        {"booking.lines.0.traits": {"staff": ""}},
        [("booking.lines[0].traits.staff", '""', NAME)],
    ),
    "a trait has no name": (
        {"packages.0.traits": {"": "gold", "tier": None}},
        [
            (f'{P}.traits[""]', "an empty key", "a key that is not empty"),
            (f"{P}.traits.tier", "null", NAME),
        ],
    ),
    "a trait is not a number": (
        {"packages.0.traits": {"discount": float("nan"), "tier": "gold"}},
        [(f"{P}.traits.discount", "nan", "a finite number")],
    ),
    # restrictions
    "restrictions are a text": (
        {"packages.0.restrictions": "off-peak"},
        [(R, '"off-peak"', "an object, or null")],
    ),
    "restrictions of an entitlement are a list": (
        {"packages.0.entitlements.1.restrictions": []},
        [(f"{P}.entitlements[1].restrictions", "a list", "an object, or null")],
    ),
    "a restriction with a slip": (
        restricted(min_notise="2 hours"),
        [(f"{R}.min_notise", "an unknown key", "the key min_notice")],
    ),
    "allowed traits are a list": (
        restricted(traits=["north"]),
        [(f"{R}.traits", "a list", "an object of names and lists of texts")],
    ),
    "an allowed trait is a bare text": (
        restricted(traits={"place": "north"}),
        [(f"{R}.traits.place", '"north"', TEXTS)],
    ),
    "no text is allowed": (
        restricted(traits={"place": []}),
        [(f"{R}.traits.place", "an empty list", TEXTS)],
    ),
    "an allowed text twice": (
        restricted(traits={"place": ["north", "south", "north"]}),
        [(f"{R}.traits.place[2]", '"north"', "a text that is listed only once")],
    ),
    "an allowed text is empty": (
        restricted(traits={"place": [""]}),
        [(f"{R}.traits.place[0]", '""', NAME)],
    ),
    "hours are an object": (
        restricted(hours={"days": ["mon"], "opens": "09:00"}),
        [(f"{R}.hours", "an object", "a list of hours")],
    ),
    "hours without days and opens": (
        restricted(hours=[{"closes": "17:00"}]),
        [
            (f"{R}.hours[0].days", "missing", "a list of one weekday or more"),
            (f"{R}.hours[0].opens", "missing", CLOCK_TIME),
        ],
    ),
    "hours on no day": (
        in_hours(days=[]),
        [(f"{R}.hours[0].days", "an empty list", "a list of one weekday or more")],
    ),
    "a weekday in full": (
        in_hours(days=["monday"]),
        [(f"{R}.hours[0].days[0]", '"monday"', WEEKDAY)],
    ),
    "a weekday by its number": (in_hours(days=[1]), [(f"{R}.hours[0].days[0]", "1", WEEKDAY)]),
    "a weekday twice": (
        in_hours(days=["mon", "tue", "mon"]),
        [(f"{R}.hours[0].days[2]", '"mon"', "a weekday that is listed only once")],
    ),
    "opens at nine": (in_hours(opens="9:00"), [(f"{R}.hours[0].opens", '"9:00"', CLOCK_TIME)]),
    "opens is a number": (in_hours(opens=9), [(f"{R}.hours[0].opens", "9", CLOCK_TIME)]),
    "opens is null": (in_hours(opens=None), [(f"{R}.hours[0].opens", "null", CLOCK_TIME)]),
    "opens in a zone": (
        in_hours(opens="09:00+12:00"),
        [(f"{R}.hours[0].opens", '"09:00+12:00"', CLOCK_TIME)],
    ),
    "closes at 24 o'clock": (
        in_hours(closes="24:00"),
        [(f"{R}.hours[0].closes", '"24:00"', f"{CLOCK_TIME}, or null")],
    ),
    "closes as it opens": (
        in_hours(closes="09:00"),
        [
            (
                f"{R}.hours[0].opens",
                '"09:00"',
                "a time before it closes at 09:00:00, or closes left out for midnight",
            )
        ],
    ),
    "open over midnight": (
        in_hours(opens="22:00", closes="02:00:00.5"),
        [
            (
                f"{R}.hours[0].opens",
                '"22:00"',
                "a time before it closes at 02:00:00.500000, or closes left out for midnight",
            )
        ],
    ),
    "not on a text": (
        restricted(not_on="2026-12-24"),
        [(f"{R}.not_on", '"2026-12-24"', "a list of days")],
    ),
    "not on 31 November": (
        restricted(not_on=["2026-12-24", "2026-11-31"]),
        [(f"{R}.not_on[1]", '"2026-11-31"', DAY)],
    ),
    "not on a day twice": (
        restricted(not_on=["2026-12-24", "2026-12-24"]),
        [(f"{R}.not_on[1]", '"2026-12-24"', "a day that is listed only once")],
    ),
    "notice in words": (
        restricted(min_notice="soon", max_notice=14),
        [(f"{R}.min_notice", '"soon"', NOTICE), (f"{R}.max_notice", "14", NOTICE)],
    ),
    "notice of more than ten years": (
        restricted(max_notice="3661 days"),
        [(f"{R}.max_notice", '"3661 days"', NOTICE)],
    ),
    "notice that no booking gives": (
        restricted(min_notice="49 hours", max_notice="2 days"),
        [(f"{R}.min_notice", '"49 hours"', "no longer than max_notice, 48 hours")],
    ),
    "notice of exactly so much, beside what is no rule of a plan": (
        restricted(min_notice="48 hours", max_notice="2 days", notice="48 hours"),
        [(f"{R}.notice", "an unknown key", "the key min_notice")],
    ),
    # validity
    "an entitlement with two ends": (
        {
            "packages.0.entitlements.0.valid_until": "2026-06-01T00:00:00Z",
            "packages.0.entitlements.0.valid_through": "2026-05-31",
        },
        [(f"{P}.entitlements[0].valid_through", '"2026-05-31"', "left out beside valid_until")],
    ),
    "an entitlement that ends as it begins": (
        {
            "packages.0.entitlements.0.valid_from": "2026-05-31T12:00:00Z",
            "packages.0.entitlements.0.valid_through": "2026-05-31",
        },
        [
            (
                f"{P}.entitlements[0].valid_from",
                '"2026-05-31T12:00:00Z"',
                "an instant before the end of validity, 2026-05-31T12:00:00+00:00",
            )
        ],
    ),
    "an entitlement valid from a day": (
        {"packages.0.entitlements.0.valid_from": "2026-05-01"},
        [(f"{P}.entitlements[0].valid_from", '"2026-05-01"', f"{INSTANT}, or null")],
    ),
    "an entitlement valid through the calendar's last day": (
        {"packages.0.entitlements.0.valid_through": "9999-12-31"},
        [(f"{P}.entitlements[0].valid_through", '"9999-12-31"', NEXT_DAY)],
    ),
    "an entitlement's day without a time zone": (
        {"account.time_zone": DROP, "packages.0.entitlements.1.valid_through": "2026-05-31"},
        [
            (
                "account.time_zone",
                "missing",
                (
                    "an IANA time zone name, since "
                    "packages[0].entitlements[1].valid_through is a local day"
                ),
            )
        ],
    ),
    "two ends of booking": (
        {
            "packages.0.book_until": "2026-06-01T00:00:00Z",
            "packages.0.book_through": "2026-05-31",
        },
        [(f"{P}.book_through", '"2026-05-31"', "left out beside book_until")],
    ),
    "book through an instant": (
        {"packages.0.book_through": "2026-06-01T00:00:00Z"},
        [(f"{P}.book_through", '"2026-06-01T00:00:00Z"', f"{DAY}, or null")],
    ),
    "book through a day without a time zone": (
        {"account.time_zone": None, "packages.1.book_through": "2026-05-31"},
        [
            (
                "account.time_zone",
                "null",
                "an IANA time zone name, since packages[1].book_through is a local day",
            )
        ],
    ),
    # pauses
    "a pause is a text": (
        {"packages.0.pauses": ["July"]},
        [(PAUSE, '"July"', "an object")],
    ),
    "pauses are an object": (
        {"packages.0.pauses": {"starts_on": "2026-07-01"}},
        [(f"{P}.pauses", "an object", "a list of pauses")],
    ),
    "a pause from nowhere": (
        paused(through="2026-07-31"),
        [(f"{PAUSE}.starts_at", "missing", f"{INSTANT}, unless starts_on is given")],
    ),
    "a pause from null": (
        paused(starts_at=None),
        [(f"{PAUSE}.starts_at", "null", INSTANT)],
    ),
    "a pause with two starts and two ends": (
        paused(
            starts_at="2026-07-01T00:00:00Z",
            starts_on="2026-07-01",
            ends_at="2026-08-01T00:00:00Z",
            through="2026-07-31",
        ),
        [
            (f"{PAUSE}.starts_on", '"2026-07-01"', "left out beside starts_at"),
            (f"{PAUSE}.through", '"2026-07-31"', "left out beside ends_at"),
        ],
    ),
    "a pause with two starts": (
        paused(starts_at="2026-07-01T00:00:00Z", starts_on="2026-07-01"),
        [(f"{PAUSE}.starts_on", '"2026-07-01"', "left out beside starts_at")],
    ),
    "a pause with two ends": (
        paused(
            starts_on="2026-07-01",
            ends_at="2026-08-01T00:00:00Z",
            through="2026-07-31",
        ),
        [(f"{PAUSE}.through", '"2026-07-31"', "left out beside ends_at")],
    ),
    "a pause that ends as it starts": (
        paused(starts_at="2026-07-31T12:00:00Z", through="2026-07-31"),
        [
            (
                f"{PAUSE}.starts_at",
                '"2026-07-31T12:00:00Z"',
                "before the end of the pause, 2026-07-31T12:00:00+00:00",
            )
        ],
    ),
    "a pause of days in the wrong order": (
        paused(starts_on="2026-08-01", through="2026-07-31"),
        [
            (
                f"{PAUSE}.starts_on",
                '"2026-08-01"',
                "before the end of the pause, 2026-07-31T12:00:00+00:00",
            )
        ],
    ),
    "a pause from the calendar's first day": (
        paused(starts_on="0001-01-01"),
        [(f"{PAUSE}.starts_on", '"0001-01-01"', NEXT_DAY)],
    ),
    "a pause of days without a time zone": (
        {"account.time_zone": DROP} | paused(starts_on="2026-07-01", through="2026-07-31"),
        [
            (
                "account.time_zone",
                "missing",
                "an IANA time zone name, since packages[0].pauses[0].starts_on is a local day",
            )
        ],
    ),
    "a pause until a day that is none": (
        paused(starts_on="2026-07-01", until="2026-07-31"),
        [
            (
                f"{PAUSE}.until",
                "an unknown key",
                "one of the keys starts_at, starts_on, ends_at, through",
            )
        ],
    ),
    # whose, and who chose
    "shared with a text": (
        {"packages.0.shared_with": "ben"},
        [(f"{P}.shared_with", '"ben"', "a list of client ids")],
    ),
    "shared with one client twice": (
        {"packages.0.shared_with": ["ben", "cleo", "ben"]},
        [(f"{P}.shared_with[2]", '"ben"', "a client id that is listed only once")],
    ),
    "shared with a number and nobody": (
        {"packages.0.shared_with": [7, ""]},
        [
            (f"{P}.shared_with[0]", "7", f'{NAME} (ids are texts: "7")'),
            (f"{P}.shared_with[1]", '""', NAME),
        ],
    ),
    "only none": (
        {"only": []},
        [("only", "an empty list", "a list of one package id or more, or null")],
    ),
    "only a text": (
        {"only": "p1"},
        [("only", '"p1"', "a list of one package id or more, or null")],
    ),
    "only one twice": (
        {"only": ["p1", "p1"]},
        [("only[1]", '"p1"', "a package id that is listed only once")],
    ),
    "only a number": ({"only": [1]}, [("only[0]", "1", f'{NAME} (ids are texts: "1")')]),
    "status frozen": ({"packages.0.status": "frozen"}, [(f"{P}.status", '"frozen"', STATUS)]),
    # terms
    "a package's terms are a text": (
        {"packages.0.cancellation": "12 hours"},
        [(T, '"12 hours"', "an object, or null")],
    ),
    "a package's terms without an outcome": (
        on_terms(late=None),
        [(f"{T}.late", "null", OUTCOME)],
    ),
    "tiers are an object": (
        on_terms(tiers=tier("3 hours")),
        [(f"{T}.tiers", "an object", "a list of tiers")],
    ),
    "a tier is a pair": (
        on_terms(tiers=[["3 hours", "forfeit"]]),
        [(f"{T}.tiers[0]", "a list", "an object")],
    ),
    "a tier with a slip": (
        on_terms({"window": "3 hours", "late": "forfeit"}),
        [
            (f"{T}.tiers[0].outcome", "missing", OUTCOME),
            (f"{T}.tiers[0].late", "an unknown key", "one of the keys window, outcome"),
        ],
    ),
    "a tier of the first window": (
        on_terms(tier("12 hours")),
        [
            (
                f"{T}.tiers[0].window",
                '"12 hours"',
                "longer than 0 and shorter than the one before it, 12 hours",
            )
        ],
    ),
    "a tier of the first window, whose outcome is none": (
        on_terms(tier("12 hours"), late="keep"),
        [(f"{T}.late", '"keep"', OUTCOME)],
    ),
    "a tier of nothing": (
        on_terms(tier("0 hours")),
        [
            (
                f"{T}.tiers[0].window",
                '"0 hours"',
                "longer than 0 and shorter than the one before it, 12 hours",
            )
        ],
    ),
    "tiers that rise and grow milder": (
        on_terms(tier("2 hours"), tier("180 minutes", "return"), late="forfeit"),
        [
            (
                f"{T}.tiers[1].window",
                '"180 minutes"',
                "longer than 0 and shorter than the one before it, 2 hours",
            ),
            (
                f"{T}.tiers[1].outcome",
                '"return"',
                'no milder than the outcome before it, "forfeit"',
            ),
        ],
    ),
    "a milder tier of the account": (
        {"account.cancellation.tiers": [tier("3 hours", "return")]},
        [
            (
                "account.cancellation.tiers[0].outcome",
                '"return"',
                'no milder than the outcome before it, "forfeit"',
            )
        ],
    ),
    "tiers inside a broken window": (
        on_terms(tier("3 hours", "return"), window="half a day"),
        [(f"{T}.window", '"half a day"', WINDOW)],
    ),
    "changes close more than a year before": (
        on_terms(changes_close="367 days"),
        [(f"{T}.changes_close", '"367 days"', WINDOW)],
    ),
    "changes close at null": (
        {"account.cancellation.changes_close": None},
        [("account.cancellation.changes_close", "null", WINDOW)],
    ),
    # units, caps and uses
    "the week starts on a number": (
        {"account.week_starts": 7},
        [("account.week_starts", "7", WEEKDAY)],
    ),
    "a cost of nothing": (
        {"booking.lines.0.service.costs": {"minute": 0}},
        [("booking.lines[0].service.costs.minute", "0", COST)],
    ),
    "a cost in no unit": (
        {"booking.lines.0.service.costs": {"": 1}},
        [('booking.lines[0].service.costs[""]', "an empty key", "a key that is not empty")],
    ),
    "costs are a number": (
        {"booking.lines.0.service.costs": 75},
        [("booking.lines[0].service.costs", "75", "an object of units and costs")],
    ),
    "a cost of nothing, of half a unit and of no unit": (
        {"booking.lines.0.service.costs": {"minute": 0, "point": 1.5, "": 1}},
        [
            ("booking.lines[0].service.costs.minute", "0", COST),
            ("booking.lines[0].service.costs.point", "1.5", COST),
            ('booking.lines[0].service.costs[""]', "an empty key", "a key that is not empty"),
        ],
    ),
    "a cost that is true": (
        {"booking.lines.0.service.costs": {"minute": True}},
        [("booking.lines[0].service.costs.minute", "true", COST)],
    ),
    "a unit that is empty": (
        {"packages.0.entitlements.0.unit": ""},
        [(f"{P}.entitlements[0].unit", '""', NAME)],
    ),
    "a unit that is null": (
        {"packages.0.entitlements.0.unit": None},
        [(f"{P}.entitlements[0].unit", "null", NAME)],
    ),
    "quotas are an object": (
        {"packages.0.entitlements.0.quotas": {"most": 2, "per": "week"}},
        [(f"{P}.entitlements[0].quotas", "an object", "a list of quotas")],
    ),
    "a quota of nothing said": (
        capped({}),
        [(f"{P}.quotas[0].most", "missing", COUNT), (f"{P}.quotas[0].per", "missing", PERIOD)],
    ),
    "a quota below zero, per fortnight, without a name": (
        capped({"most": -1, "per": "fortnight", "name": None}),
        [
            (f"{P}.quotas[0].most", "-1", COUNT),
            (f"{P}.quotas[0].per", '"fortnight"', PERIOD),
            (f"{P}.quotas[0].name", "null", "a text, which may be empty"),
        ],
    ),
    "a quota in one day in a row": (
        capped({"most": 1, "per": "1 days"}),
        [(f"{P}.quotas[0].per", '"1 days"', PERIOD)],
    ),
    "a quota in more days than a year has": (
        capped({"most": 1, "per": "week"}, {"most": 1, "per": "367 days"}),
        [(f"{P}.quotas[1].per", '"367 days"', PERIOD)],
    ),
    "a quota with a slip": (
        capped({"most": 1, "per": "week", "nmae": "paid for"}),
        [(f"{P}.quotas[0].nmae", "an unknown key", "the key name")],
    ),
    "lasts a number": ({"packages.0.lasts": 14}, [(f"{P}.lasts", "14", TERM)]),
    "lasts for ever": ({"packages.0.lasts": "101 years"}, [(f"{P}.lasts", '"101 years"', TERM)]),
    "uses are a number": ({"packages.0.uses": 3}, [(f"{P}.uses", "3", "a list of uses")]),
    "a use of nothing said": (
        {"packages.0.uses": [{}]},
        [
            (f"{P}.uses[0].booking_id", "missing", NAME),
            (f"{P}.uses[0].line", "missing", COUNT),
            (f"{P}.uses[0].entitlement_id", "missing", NAME),
            (f"{P}.uses[0].service_id", "missing", NAME),
            (f"{P}.uses[0].client_id", "missing", NAME),
            (f"{P}.uses[0].starts_at", "missing", INSTANT),
            (f"{P}.uses[0].state", "missing", STATE),
        ],
    ),
    "a use that returned": (used(state="returned"), [(f"{P}.uses[0].state", '"returned"', STATE)]),
    "a use on a day": (
        used(starts_at="2026-04-05", line=-1),
        [(f"{P}.uses[0].line", "-1", COUNT), (f"{P}.uses[0].starts_at", '"2026-04-05"', INSTANT)],
    ),
    "a use with a note": (
        used(note="came late"),
        [
            (
                f"{P}.uses[0].note",
                "an unknown key",
                (
                    "one of the keys booking_id, line, entitlement_id, service_id, client_id, "
                    "starts_at, state"
                ),
            )
        ],
    ),
    "a version below zero": (
        {"packages.0.version": -1},
        [(f"{P}.version", "-1", f"{COUNT}, or null")],
    ),
    "a version that is a text": (
        {"packages.0.version": "7"},
        [(f"{P}.version", '"7"', f"{COUNT}, or null")],
    ),
    # all at once
    "a broken plan in every place": (
        {
            "client.traits": {"place": 1},
            "packages.0.entitlements.0.restrictions": {"hours": [{"days": ["moon"], "opens": ""}]},
            "packages.0.shared_with": [""],
            "packages.0.pauses": [{}, {"starts_on": "July"}],
            "packages.0.cancellation": {"window": "3 hours", "late": "return", "tiers": [{}]},
            "booking.lines.0.traits": {"staff": ["dr-kim"]},
            "only": [],
        },
        [
            ("client.traits.place", "1", NAME),
            (f"{P}.entitlements[0].restrictions.hours[0].days[0]", '"moon"', WEEKDAY),
            (f"{P}.entitlements[0].restrictions.hours[0].opens", '""', CLOCK_TIME),
            (f"{P}.shared_with[0]", '""', NAME),
            (f"{P}.pauses[0].starts_at", "missing", f"{INSTANT}, unless starts_on is given"),
            (f"{P}.pauses[1].starts_on", '"July"', DAY),
            (f"{T}.tiers[0].window", "missing", WINDOW),
            (f"{T}.tiers[0].outcome", "missing", OUTCOME),
            ("booking.lines[0].traits.staff", "a list", NAME),
            ("only", "an empty list", "a list of one package id or more, or null"),
        ],
    ),
}

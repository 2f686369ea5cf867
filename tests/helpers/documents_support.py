"""One sound case document, ways to change it, and broken ones with exactly their problems."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import cast

from pkgredeem.documents import DocumentError, read_case

Document = dict[str, object]


class Drop:
    """Says that a key is left out."""


DROP = Drop()


BESIDE_AN_END = "left out beside valid_until"


REMAINING = 'a whole number of 0 or more, or "unlimited"'


DAY_OR_NULL = "a date as year, month and day, such as 2026-03-01, or null"


FLAG = "true or false"


INSTANT = "an instant with its offset, such as 2026-05-05T10:00:00+12:00 or 2026-05-04T22:00:00Z"


LINES = "a list of 1 to 100 lines"


NAME = "a text that is not empty"


NEXT_DAY = "a day from 0001-01-02 to 9999-12-30 in UTC, the next day included"


OWN_ENTITLEMENT_ID = (
    'an id that no other entitlement of the package has ("main" where it is left out)'
)


PACKAGES = "a list of 0 to 1,000 packages with at most 1,000 entitlements"


REDEMPTION = "a redemption as Redemption.to_document writes it, or null"


SERVICES = "a list of one service id or more"


TERM = (
    'a whole number of days, weeks, months or years, such as "6 months", up to 100 years, or null'
)


VALUE = "an object, a list, a text, a number, true, false or null"


WINDOW = (
    'a whole number of minutes, hours, days or weeks, such as "24 hours", '
    'or seconds as "PT86400S", up to 366 days'
)


ZONE = 'an IANA time zone name that this machine knows, such as "Pacific/Auckland", or null'


def document() -> Document:
    """Return a sound document with every object in it."""
    return {
        "format": "pkgredeem/1",
        "now": "2026-05-01T09:00:00Z",
        "account": {
            "time_zone": "Pacific/Auckland",
            "cancellation": {"window": "24 hours", "late": "forfeit"},
        },
        "client": {"id": "ana", "logged_in": True},
        "packages": [
            {
                "id": "p1",
                "client_id": "ana",
                "entitlements": [
                    {"services": ["facial"], "remaining": 5},
                    {"id": "hands", "services": ["manicure", "pedicure"], "remaining": 2},
                ],
            },
            {
                "id": "p2",
                "client_id": "ana",
                "entitlements": [{"services": ["massage"], "remaining": 1}],
            },
        ],
        "booking": {
            "id": "b1",
            "starts_at": "2026-05-05T10:00:00+12:00",
            "lines": [{"service": {"id": "facial"}}],
        },
    }


def package(name: str, *, entitlements: int) -> Document:
    """Return a sound package of Ana's with so many entitlements."""
    return {
        "id": name,
        "client_id": "ana",
        "entitlements": [
            {"id": f"e{number}", "services": ["facial"], "remaining": 1}
            for number in range(entitlements)
        ],
    }


def changed(changes: Mapping[str, object]) -> Document:
    """Return the sound document with values put at paths such as `packages.0.priority`."""
    whole = document()
    for path, value in changes.items():
        *parents, last = path.split(".")
        place: object = whole
        for step in parents:
            place = (
                cast("list[object]", place)[int(step)]
                if step.isdigit()
                else cast("Document", place)[step]
            )
        if isinstance(place, list):
            cast("list[object]", place)[int(last)] = value
        elif value is DROP:
            del cast("Document", place)[last]
        else:
            cast("Document", place)[last] = value
    return whole


def problems_of(found: object) -> list[tuple[str, str, str]]:
    """Return the problems of a document as plain tuples, none when it is sound."""
    try:
        read_case(found)
    except DocumentError as error:
        return [(each.path, each.found, each.allowed) for each in error.problems]
    return []


# Paths of the document with new values, and what is then wrong: path, found, allowed.
BROKEN: dict[str, tuple[dict[str, object], list[tuple[str, str, str]]]] = {
    # the whole
    "no format": ({"format": DROP}, [("format", "missing", '"pkgredeem/1"')]),
    "another format": (
        {"format": "pkgredeem/2"},
        [("format", '"pkgredeem/2"', '"pkgredeem/1"')],
    ),
    "a format that only begins so": (
        {"format": "pkgredeem/1.1"},
        [("format", '"pkgredeem/1.1"', '"pkgredeem/1"')],
    ),
    "format is a number": ({"format": 1}, [("format", "1", '"pkgredeem/1"')]),
    "no account": ({"account": DROP}, [("account", "missing", "an object")]),
    "account is null": ({"account": None}, [("account", "null", "an object")]),
    "client is a text": ({"client": "ana"}, [("client", '"ana"', "an object")]),
    "packages is an object": (
        {"packages": {"id": "p1"}},
        [("packages", "an object", PACKAGES)],
    ),
    "packages is null": (
        {"packages": None},
        [("packages", "null", PACKAGES)],
    ),
    "a package is a list": ({"packages.0": []}, [("packages[0]", "a list", "an object")]),
    "no booking": ({"booking": DROP}, [("booking", "missing", "an object")]),
    "by a robot": ({"by": "robot"}, [("by", '"robot"', 'one of "client", "business"')]),
    "by in capitals": ({"by": "CLIENT"}, [("by", '"CLIENT"', 'one of "client", "business"')]),
    "note is null": ({"note": None}, [("note", "null", "a text, which may be empty")]),
    # instants
    "now without an offset": (
        {"now": "2026-05-01T09:00:00"},
        [("now", '"2026-05-01T09:00:00"', INSTANT)],
    ),
    "now is a day": ({"now": "2026-05-01"}, [("now", '"2026-05-01"', INSTANT)]),
    "now without a T": (
        {"now": "2026-05-01 09:00:00Z"},
        [("now", '"2026-05-01 09:00:00Z"', INSTANT)],
    ),
    "now is a week date": (
        {"now": "2026-W18-5T09:00:00Z"},
        [("now", '"2026-W18-5T09:00:00Z"', INSTANT)],
    ),
    "now is a number": ({"now": 1777626000}, [("now", "1777626000", INSTANT)]),
    "now with seven decimal places": (
        {"now": "2026-05-01T09:00:00.0000001Z"},
        [("now", '"2026-05-01T09:00:00.0000001Z"', INSTANT)],
    ),
    "now on 30 February": (
        {"now": "2026-02-30T09:00:00Z"},
        [("now", '"2026-02-30T09:00:00Z"', INSTANT)],
    ),
    "now at 24 o'clock": (
        {"now": "2026-05-01T24:00:00Z"},
        [("now", '"2026-05-01T24:00:00Z"', INSTANT)],
    ),
    "now with an offset of 99 minutes": (
        {"now": "2026-05-01T09:00:00+10:99"},
        [("now", '"2026-05-01T09:00:00+10:99"', INSTANT)],
    ),
    "now with a blank before it": (
        {"now": " 2026-05-01T09:00:00Z"},
        [("now", '" 2026-05-01T09:00:00Z"', INSTANT)],
    ),
    "now with a line end": (
        {"now": "2026-05-01T09:00:00Z\n"},
        [("now", '"2026-05-01T09:00:00Z\\n"', INSTANT)],
    ),
    "now in other digits": (
        {"now": "\uff12026-05-01T09:00:00Z"},
        [("now", '"\uff12026-05-01T09:00:00Z"', INSTANT)],
    ),
    "now before the calendar": (
        {"now": "0001-01-01T00:00:00+14:00"},
        [("now", '"0001-01-01T00:00:00+14:00"', INSTANT)],
    ),
    "now after the last instant": (
        {"now": "9999-12-30T00:00:01Z"},
        [("now", '"9999-12-30T00:00:01Z"', INSTANT)],
    ),
    # the account
    "online_redemption is a word": (
        {"account.online_redemption": "on"},
        [("account.online_redemption", '"on"', "true or false, or null")],
    ),
    "online_redemption is 1": (
        {"account.online_redemption": 1},
        [("account.online_redemption", "1", "true or false, or null")],
    ),
    "deposit_required is 0": (
        {"account.deposit_required": 0},
        [("account.deposit_required", "0", FLAG)],
    ),
    "card_capture is null": (
        {"account.card_capture": None},
        [("account.card_capture", "null", FLAG)],
    ),
    "client_login is a bool": (
        {"account.client_login": True},
        [("account.client_login", "true", 'one of "disabled", "optional", "mandatory"')],
    ),
    "package_kind is unknown": (
        {"account.package_kind": "concession"},
        [("account.package_kind", '"concession"', 'one of "new", "legacy"')],
    ),
    "activated_on is an instant": (
        {"account.activated_on": "2026-04-01T00:00:00Z"},
        [("account.activated_on", '"2026-04-01T00:00:00Z"', DAY_OR_NULL)],
    ),
    "activated_on without hyphens": (
        {"account.activated_on": "20260401"},
        [("account.activated_on", '"20260401"', DAY_OR_NULL)],
    ),
    "activated_on 31 April": (
        {"account.activated_on": "2026-04-31"},
        [("account.activated_on", '"2026-04-31"', DAY_OR_NULL)],
    ),
    "time_zone is an abbreviation nobody knows": (
        {"account.time_zone": "NZST"},
        [("account.time_zone", '"NZST"', ZONE)],
    ),
    "time_zone is a path": (
        {"account.time_zone": "../Auckland"},
        [("account.time_zone", '"../Auckland"', ZONE)],
    ),
    "time_zone is whatever the machine has": (
        {"account.time_zone": "localtime"},
        [("account.time_zone", '"localtime"', ZONE)],
    ),
    "time_zone is none at all": (
        {"account.time_zone": "Factory"},
        [("account.time_zone", '"Factory"', ZONE)],
    ),
    "time_zone is empty": ({"account.time_zone": ""}, [("account.time_zone", '""', ZONE)]),
    "time_zone is an offset": ({"account.time_zone": 12}, [("account.time_zone", "12", ZONE)]),
    "no window": (
        {"account.cancellation.window": DROP},
        [("account.cancellation.window", "missing", WINDOW)],
    ),
    "no late": (
        {"account.cancellation.late": DROP},
        [("account.cancellation.late", "missing", 'one of "return", "forfeit"')],
    ),
    "window is a number": (
        {"account.cancellation.window": 24},
        [("account.cancellation.window", "24", WINDOW)],
    ),
    "window in months": (
        {"account.cancellation.window": "1 month"},
        [("account.cancellation.window", '"1 month"', WINDOW)],
    ),
    "window of half an hour": (
        {"account.cancellation.window": "0.5 hours"},
        [("account.cancellation.window", '"0.5 hours"', WINDOW)],
    ),
    "window of 367 days": (
        {"account.cancellation.window": "367 days"},
        [("account.cancellation.window", '"367 days"', WINDOW)],
    ),
    "window below zero": (
        {"account.cancellation.window": "-1 hours"},
        [("account.cancellation.window", '"-1 hours"', WINDOW)],
    ),
    "no_show is a flag": (
        {"account.cancellation.no_show": False},
        [("account.cancellation.no_show", "false", 'one of "return", "forfeit", or null')],
    ),
    "terms are a text": (
        {"account.cancellation": "24 hours"},
        [("account.cancellation", '"24 hours"', "an object, or null")],
    ),
    # the client
    "a client without id": ({"client": {}}, [("client.id", "missing", f"{NAME}, or null")]),
    "a client without id who is logged in": (
        {"client": {"logged_in": True}},
        [("client.id", "missing", f"{NAME}, or null")],
    ),
    "an empty client id": ({"client.id": ""}, [("client.id", '""', f"{NAME}, or null")]),
    "a client id that is a number": (
        {"client.id": 7},
        [("client.id", "7", f'{NAME}, or null (ids are texts: "7")')],
    ),
    "a client id that is a fraction": (
        {"client.id": 7.5},
        [("client.id", "7.5", f'{NAME}, or null (ids are texts: "7.5")')],
    ),
    "a client id that is a flag": (
        {"client.id": True},
        [("client.id", "true", f"{NAME}, or null")],
    ),
    "a guest who is logged in": (
        {"client.id": None},
        [("client.logged_in", "true", "false for a guest")],
    ),
    # packages
    "no package id": ({"packages.1.id": DROP}, [("packages[1].id", "missing", NAME)]),
    "no holder": ({"packages.1.client_id": DROP}, [("packages[1].client_id", "missing", NAME)]),
    "one package twice": (
        {"packages.1.id": "p1"},
        [("packages[1].id", '"p1"', "an id that no other package of the case has")],
    ),
    "one package twice, and the second broken": (
        {"packages.1.id": "p1", "packages.1.priority": "high"},
        [
            ("packages[1].priority", '"high"', "a whole number"),
            ("packages[1].id", '"p1"', "an id that no other package of the case has"),
        ],
    ),
    "priority is a fraction": (
        {"packages.0.priority": 1.0},
        [("packages[0].priority", "1.0", "a whole number")],
    ),
    "priority is a bool": (
        {"packages.0.priority": True},
        [("packages[0].priority", "true", "a whole number")],
    ),
    "status is null": (
        {"packages.0.status": None},
        [
            (
                "packages[0].status",
                "null",
                'one of "active", "archived", "suspended", "void"',
            )
        ],
    ),
    "kind in capitals": (
        {"packages.0.kind": "New"},
        [("packages[0].kind", '"New"', 'one of "new", "legacy"')],
    ),
    "no entitlements": (
        {"packages.0.entitlements": []},
        [("packages[0].entitlements", "an empty list", "a list of one entitlement or more")],
    ),
    "no services": (
        {"packages.0.entitlements.0.services": []},
        [("packages[0].entitlements[0].services", "an empty list", SERVICES)],
    ),
    "services is a bare text": (
        {"packages.0.entitlements.0.services": "facial"},
        [("packages[0].entitlements[0].services", '"facial"', SERVICES)],
    ),
    "a service id is empty": (
        {"packages.0.entitlements.0.services": ["facial", ""]},
        [("packages[0].entitlements[0].services[1]", '""', NAME)],
    ),
    "a service named twice": (
        {"packages.0.entitlements.0.services": ["facial", "peel", "facial"]},
        [
            (
                "packages[0].entitlements[0].services[2]",
                '"facial"',
                "a service id that is listed only once",
            )
        ],
    ),
    "remaining below zero": (
        {"packages.1.entitlements.0.remaining": -1},
        [("packages[1].entitlements[0].remaining", "-1", REMAINING)],
    ),
    "remaining is a fraction": (
        {"packages.1.entitlements.0.remaining": 5.0},
        [("packages[1].entitlements[0].remaining", "5.0", REMAINING)],
    ),
    "remaining is another word": (
        {"packages.1.entitlements.0.remaining": "Unlimited"},
        [("packages[1].entitlements[0].remaining", '"Unlimited"', REMAINING)],
    ),
    "remaining is null": (
        {"packages.1.entitlements.0.remaining": None},
        [("packages[1].entitlements[0].remaining", "null", REMAINING)],
    ),
    "remaining is a text": (
        {"packages.1.entitlements.0.remaining": "5"},
        [("packages[1].entitlements[0].remaining", '"5"', REMAINING)],
    ),
    "remaining is a bool": (
        {"packages.1.entitlements.0.remaining": True},
        [("packages[1].entitlements[0].remaining", "true", REMAINING)],
    ),
    "remaining is not a number": (
        {"packages.1.entitlements.0.remaining": float("nan")},
        [("packages[1].entitlements[0].remaining", "nan", "a finite number")],
    ),
    "remaining is far too long": (
        {"packages.1.entitlements.0.remaining": 10**5000},
        [
            (
                "packages[1].entitlements[0].remaining",
                "a number of more than 600 digits",
                "a number of at most 600 digits",
            )
        ],
    ),
    "two entitlements with one id": (
        {"packages.0.entitlements.0.id": "e", "packages.0.entitlements.1.id": "e"},
        [("packages[0].entitlements[1].id", '"e"', OWN_ENTITLEMENT_ID)],
    ),
    "two entitlements without ids": (
        {"packages.0.entitlements.1.id": DROP},
        [("packages[0].entitlements[1].id", '"main"', OWN_ENTITLEMENT_ID)],
    ),
    "an entitlement's service is a number": (
        {"packages.0.entitlements.0.services": ["facial", 1]},
        [("packages[0].entitlements[0].services[1]", "1", f'{NAME} (ids are texts: "1")')],
    ),
    "an entitlement is a text": (
        {"packages.1.entitlements.0": "5 facials"},
        [("packages[1].entitlements[0]", '"5 facials"', "an object")],
    ),
    "three broken ids of entitlements": (
        {
            "packages.0.entitlements.0.id": 1,
            "packages.0.entitlements.1.id": None,
            "packages.1.entitlements.0.id": "",
        },
        [
            ("packages[0].entitlements[0].id", "1", f'{NAME} (ids are texts: "1")'),
            ("packages[0].entitlements[1].id", "null", NAME),
            ("packages[1].entitlements[0].id", '""', NAME),
        ],
    ),
    # validity and sale
    "sold twice": (
        {"packages.0.sold_at": "2026-03-01T00:00:00Z", "packages.0.sold_on": "2026-03-01"},
        [("packages[0].sold_on", '"2026-03-01"', "left out beside sold_at")],
    ),
    "three ends": (
        {
            "packages.0.sold_on": "2026-03-01",
            "packages.0.valid_for": "6 months",
            "packages.0.valid_until": "2026-09-01T00:00:00Z",
            "packages.0.valid_through": "2026-09-01",
        },
        [
            ("packages[0].valid_through", '"2026-09-01"', BESIDE_AN_END),
            ("packages[0].valid_for", '"6 months"', BESIDE_AN_END),
        ],
    ),
    "an end and a term": (
        {
            "packages.0.sold_on": "2026-03-01",
            "packages.0.valid_for": "6 months",
            "packages.0.valid_until": "2026-09-01T00:00:00Z",
        },
        [("packages[0].valid_for", '"6 months"', BESIDE_AN_END)],
    ),
    "a last day and a term": (
        {
            "packages.0.sold_on": "2026-03-01",
            "packages.0.valid_for": "6 months",
            "packages.0.valid_through": "2026-09-01",
        },
        [("packages[0].valid_for", '"6 months"', "left out beside valid_through")],
    ),
    "two ends, one of them broken": (
        {"packages.0.valid_through": "soon", "packages.0.valid_until": "2026-09-01T00:00:00Z"},
        [
            ("packages[0].valid_through", '"soon"', DAY_OR_NULL),
            ("packages[0].valid_through", '"soon"', BESIDE_AN_END),
        ],
    ),
    "a term from nowhere": (
        {"packages.0.valid_for": "6 months"},
        [
            (
                "packages[0].valid_for",
                '"6 months"',
                "left out where no sold_on or sold_at says when it begins",
            )
        ],
    ),
    "a term from a day that is null": (
        {"packages.0.valid_for": "6 months", "packages.0.sold_on": None},
        [
            (
                "packages[0].valid_for",
                '"6 months"',
                "left out where no sold_on or sold_at says when it begins",
            )
        ],
    ),
    "a term from a broken day": (
        {"packages.0.valid_for": "6 months", "packages.0.sold_on": "March"},
        [("packages[0].sold_on", '"March"', DAY_OR_NULL)],
    ),
    "a term of nothing": (
        {"packages.0.sold_on": "2026-03-01", "packages.0.valid_for": "0 months"},
        [("packages[0].valid_for", '"0 months"', TERM)],
    ),
    "a term in words": (
        {"packages.0.sold_on": "2026-03-01", "packages.0.valid_for": "six months"},
        [("packages[0].valid_for", '"six months"', TERM)],
    ),
    "a term in hours": (
        {"packages.0.sold_on": "2026-03-01", "packages.0.valid_for": "24 hours"},
        [("packages[0].valid_for", '"24 hours"', TERM)],
    ),
    "a term of more than 100 years": (
        {"packages.0.sold_on": "2026-03-01", "packages.0.valid_for": "101 years"},
        [("packages[0].valid_for", '"101 years"', TERM)],
    ),
    "a term that is a number": (
        {"packages.0.sold_on": "2026-03-01", "packages.0.valid_for": 6},
        [("packages[0].valid_for", "6", TERM)],
    ),
    "a term beyond the calendar": (
        {"packages.0.sold_on": "9990-03-01", "packages.0.valid_for": "20 years"},
        [("packages[0].valid_for", '"20 years"', "a term that ends before the year 9999")],
    ),
    "a term that ends on the calendar's last day": (
        {"packages.0.sold_on": "9999-12-01", "packages.0.valid_for": "30 days"},
        [("packages[0].valid_for", '"30 days"', "a term that ends before the year 9999")],
    ),
    "sold on the calendar's first day": (
        {"packages.0.sold_on": "0001-01-01"},
        [("packages[0].sold_on", '"0001-01-01"', NEXT_DAY)],
    ),
    "valid through the calendar's last day": (
        {"packages.0.valid_through": "9999-12-31"},
        [("packages[0].valid_through", '"9999-12-31"', NEXT_DAY)],
    ),
    "validity ends as it begins": (
        {
            "packages.0.valid_from": "2026-09-01T12:00:00Z",
            "packages.0.valid_through": "2026-09-01",
        },
        [
            (
                "packages[0].valid_from",
                '"2026-09-01T12:00:00Z"',
                "an instant before the end of validity, 2026-09-01T12:00:00+00:00",
            )
        ],
    ),
    "a local day without a time zone": (
        {"account.time_zone": DROP, "packages.0.sold_on": "2026-03-01"},
        [
            (
                "account.time_zone",
                "missing",
                "an IANA time zone name, since packages[0].sold_on is a local day",
            )
        ],
    ),
    "several local days without a time zone": (
        {
            "account.time_zone": None,
            "packages.0.valid_through": "2026-09-01",
            "packages.1.sold_at": "2026-03-01T00:00:00Z",
            "packages.1.valid_for": "6 months",
        },
        [
            (
                "account.time_zone",
                "null",
                "an IANA time zone name, since packages[0].valid_through is a local day",
            )
        ],
    ),
    "a term from an instant without a time zone": (
        {
            "account.time_zone": DROP,
            "packages.1.sold_at": "2026-03-01T00:00:00Z",
            "packages.1.valid_for": "6 months",
        },
        [
            (
                "account.time_zone",
                "missing",
                "an IANA time zone name, since packages[1].valid_for is a local day",
            )
        ],
    ),
    "a local day beside a broken time zone": (
        {"account.time_zone": "Mars", "packages.0.sold_on": "2026-03-01"},
        [("account.time_zone", '"Mars"', ZONE)],
    ),
    "a local day beside a broken account": (
        {"account": [], "packages.0.sold_on": "2026-03-01"},
        [("account", "a list", "an object")],
    ),
    # the booking
    "no lines": (
        {"booking.lines": []},
        [("booking.lines", "an empty list", LINES)],
    ),
    "a line is a service id": (
        {"booking.lines.0": "facial"},
        [("booking.lines[0]", '"facial"', "an object")],
    ),
    "a service without id": (
        {"booking.lines.0.service": {"name": "Facial"}},
        [("booking.lines[0].service.id", "missing", NAME)],
    ),
    "a name that is a list": (
        {"booking.lines.0.service.name": ["Facial"]},
        [("booking.lines[0].service.name", "a list", "a text, which may be empty")],
    ),
    "picked from the street": (
        {"booking.lines.0.picked_from": "street"},
        [("booking.lines[0].picked_from", '"street"', 'one of "menu", "add_on"')],
    ),
    "payable is a text": (
        {"booking.lines.0.payable": "true"},
        [("booking.lines[0].payable", '"true"', FLAG)],
    ),
    "starts_at is null": (
        {"booking.starts_at": None},
        [("booking.starts_at", "null", INSTANT)],
    ),
    # sizes
    "101 lines": (
        {"booking.lines": [{"service": {"id": "facial"}}] * 101},
        [("booking.lines", "a list of 101", LINES)],
    ),
    "1,001 packages": (
        {"packages": [package(f"p{number}", entitlements=1) for number in range(1_001)]},
        [("packages", "a list of 1001", PACKAGES)],
    ),
    "1,001 entitlements in one package": (
        {"packages": [package("p1", entitlements=1_001)]},
        [("packages", "a list with 1001 entitlements", PACKAGES)],
    ),
    "1,001 entitlements in two packages": (
        {"packages": [package("p1", entitlements=500), package("p2", entitlements=501)]},
        [("packages", "a list with 1001 entitlements", PACKAGES)],
    ),
    "too many of everything": (
        {
            "booking.lines": [{}] * 101,
            "client.id": 7,
            "packages": [{"entitlements": [{}] * 1_001}, {"entitlements": 5}, "p3"],
        },
        [
            ("client.id", "7", f'{NAME}, or null (ids are texts: "7")'),
            ("packages", "a list with 1001 entitlements", PACKAGES),
            ("booking.lines", "a list of 101", LINES),
        ],
    ),
    # unknown keys
    "a key with a slip": (
        {"packages.1.entitlements.0.remainig": 1},
        [("packages[1].entitlements[0].remainig", "an unknown key", "the key remaining")],
    ),
    "a key that nothing is like": (
        {"client.xyzzy": 1},
        [
            (
                "client.xyzzy",
                "an unknown key",
                "one of the keys id, logged_in, has_saved_card, traits",
            )
        ],
    ),
    "a key in capitals": ({"Now": None}, [("Now", "an unknown key", "the key now")]),
    "a key with a blank": (
        {"client.logged in": True},
        [('client["logged in"]', "an unknown key", "the key logged_in")],
    ),
    "a key that acts on a terminal": (
        {"client.\x1b[2J": True},
        [
            (
                'client["\\u001b[2J"]',
                "an unknown key",
                "one of the keys id, logged_in, has_saved_card, traits",
            )
        ],
    ),
    "a key of the value that a document spells otherwise": (
        {"client": {"id": "ana", "loggedIn": True}},
        [("client.loggedIn", "an unknown key", "the key logged_in")],
    ),
    # what is no JSON
    "a datetime": (
        {"now": datetime(2026, 5, 1, 9, tzinfo=UTC)},
        [("now", "a Python object, \"<class 'datetime.datetime'>\"", VALUE)],
    ),
    "a date": (
        {"account.activated_on": date(2026, 5, 1)},
        [("account.activated_on", "a Python object, \"<class 'datetime.date'>\"", VALUE)],
    ),
    "a set of services": (
        {"packages.0.entitlements.0.services": {"facial"}},
        [
            (
                "packages[0].entitlements[0].services",
                "a Python object, \"<class 'set'>\"",
                VALUE,
            )
        ],
    ),
    "bytes": ({"note": b"x"}, [("note", "a Python object, \"<class 'bytes'>\"", VALUE)]),
    "a key that is a number": (
        {"client": {"id": "ana", 1: "x"}},
        [
            (
                "client",
                "an object with a key that is \"<class 'int'>\"",
                "an object whose keys are texts",
            )
        ],
    ),
    "half a surrogate pair": (
        {"note": "a\ud800b"},
        [("note", 'a text with half a surrogate pair, "a\\ud800b"', "a text of whole characters")],
    ),
    "half a surrogate pair in a key": (
        {"\udfff": 1},
        [
            (
                '["\\udfff"]',
                'a text with half a surrogate pair, "\\udfff"',
                "a text of whole characters",
            )
        ],
    ),
    "infinity": (
        {"packages.0.priority": float("-inf")},
        [("packages[0].priority", "-inf", "a finite number")],
    ),
    # existing
    "existing is a text": ({"existing": "r1"}, [("existing", '"r1"', REDEMPTION)]),
    "existing is another document": (
        {"existing": {"format": "pkgredeem/1"}},
        [("existing.format", '"pkgredeem/1"', '"pkgredeem-redemption/1"')],
    ),
    "existing is broken, and another key is no JSON": (
        {"existing": {"format": 1}, "existing2": float("inf")},
        [
            ("existing2", "inf", "a finite number"),
            ("existing.format", "1", '"pkgredeem-redemption/1"'),
            ("existing2", "an unknown key", "the key existing"),
        ],
    ),
    "existing holds what is no JSON": (
        {"existing": {"format": "pkgredeem-redemption/1", "version": float("inf")}},
        [("existing.version", "inf", "a finite number")],
    ),
    # all at once
    "everything at once": (
        {
            "format": DROP,
            "account.card_capture": "yes",
            "client.id": 1,
            "packages.0.priority": 1.5,
            "packages.1.entitlements.0.remaining": None,
            "booking.lines.0.payabel": True,
            "extra": 1,
        },
        [
            ("format", "missing", '"pkgredeem/1"'),
            ("account.card_capture", '"yes"', FLAG),
            ("client.id", "1", f'{NAME}, or null (ids are texts: "1")'),
            ("packages[0].priority", "1.5", "a whole number"),
            ("packages[1].entitlements[0].remaining", "null", REMAINING),
            ("booking.lines[0].payabel", "an unknown key", "the key payable"),
            (
                "extra",
                "an unknown key",
                (
                    "one of the keys "
                    "format, now, account, client, packages, booking, existing, by, note, only"
                ),
            ),
        ],
    ),
}

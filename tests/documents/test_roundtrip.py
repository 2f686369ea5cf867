"""Cases written and read back, and arbitrary JSON: properties of the documents edge."""

import contextlib
import copy
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import jsonschema
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pkgredeem import (
    UNLIMITED,
    AccountSettings,
    Booking,
    BookingLine,
    CancellationTerms,
    Case,
    Client,
    CreditOutcome,
    Days,
    DrawState,
    Entitlement,
    Hours,
    Package,
    PackageStatus,
    Pause,
    Period,
    Quota,
    Redemption,
    Restrictions,
    Service,
    Term,
    Use,
)
from pkgredeem.documents import (
    DocumentError,
    Problem,
    case_document,
    case_schema,
    parse_json,
    read_case,
)
from tests.helpers.document_strategies import CASES, redemptions
from tests.helpers.documents_support import changed, document

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
KEYS = st.sampled_from(
    [
        *("format", "now", "account", "client", "packages", "booking", "existing", "by", "note"),
        *("id", "client_id", "entitlements", "services", "remaining", "kind", "status", "priority"),
        *("sold_at", "sold_on", "valid_from", "valid_until", "valid_through", "valid_for"),
        *("time_zone", "cancellation", "window", "late", "no_show", "activated_on", "logged_in"),
        *("lines", "service", "starts_at", "picked_from", "payable", "name", "deposit_required"),
        *("traits", "restrictions", "hours", "days", "opens", "closes", "not_on", "min_notice"),
        *("max_notice", "shared_with", "book_until", "book_through", "pauses", "starts_on"),
        *("ends_at", "through", "tiers", "outcome", "changes_close", "only"),
        *("costs", "week_starts", "unit", "quotas", "most", "per", "lasts", "uses", "version"),
        *("booking_id", "line", "entitlement_id", "service_id", "state"),
    ]
)
WORDS = st.sampled_from(
    [
        *("pkgredeem/1", "pkgredeem-redemption/1", "return", "new", "active", "client", "menu"),
        *("2026-03-01", "9999-12-31", "0001-01-01", "6 months", "100 years", "24 hours", "PT1S"),
        *("mon", "09:00", "00:00", "23:59:59.999999", "suspended", "forfeit", "3660 days"),
        *("unlimited", "week", "14 days", "minute", "reserved"),
        *("2026-05-05T10:00:00Z", "Pacific/Auckland", "America", ".", "ana", "facial"),
    ]
)
ALMOST = st.recursive(
    JSON | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=10),
    max_leaves=30,
)


@given(CASES)
def test_a_case_reads_back_equal(case: Case) -> None:
    """What is written is read back as an equal case, through JSON as well."""
    written = case_document(case)

    assert case == read_case(written)
    assert case == read_case(json.loads(json.dumps(written)))
    assert written == case_document(read_case(written))


@given(CASES)
def test_every_document_that_is_written_fits_the_schema(case: Case) -> None:
    """The schema refuses no document that the reader reads."""
    assert [] == list(VALIDATOR.iter_errors(case_document(case)))


@given(CASES)
def test_writing_changes_nothing_and_shares_nothing(case: Case) -> None:
    """A document that was written may be changed without touching the next one."""
    first = case_document(case)
    kept = copy.deepcopy(first)
    cast("dict[str, object]", first["account"])["card_capture"] = "changed"

    assert kept == case_document(case)


@given(JSON | ALMOST)
@example({"existing": {"format": "pkgredeem-redemption/1"}})
@example({"account": {"time_zone": "\x00"}})
def test_arbitrary_json_raises_nothing_but_document_errors(found: object) -> None:
    """Whatever is read, the answer is a case or a DocumentError."""
    with contextlib.suppress(DocumentError):
        read_case(found)


OBJECTS = st.one_of(
    st.binary(),
    st.complex_numbers(),
    st.dates(),
    st.datetimes(),
    st.timedeltas(),
    st.decimals(),
    st.fractions(),
    st.uuids(),
    st.sets(st.integers()),
    st.functions(),
    st.text(st.characters()),
    st.dictionaries(st.integers() | st.text(st.characters()), st.binary()),
    st.iterables(st.integers()),
    st.integers(min_value=10**4000),
    st.just(float("nan")),
)
PLACES: list[Callable[[dict[str, object], object], None]] = [
    lambda whole, value: whole.update(note=value),
    lambda whole, value: whole.update(existing=value),
    lambda whole, value: whole.update(packages=[value, value]),
    lambda whole, value: cast("dict[str, object]", whole["account"]).update(time_zone=value),
    lambda whole, value: cast("dict[str, object]", whole["account"]).update(cancellation=value),
    lambda whole, value: cast("dict[str, object]", whole["booking"]).update(lines=[value]),
    lambda whole, value: cast("dict[str, object]", whole["client"]).update(id=value),
    lambda whole, value: cast("list[dict[str, object]]", whole["packages"])[0].update(
        entitlements=[value, value]
    ),
    lambda whole, value: cast("list[dict[str, object]]", whole["packages"])[0].update(
        sold_on="2026-03-01", valid_for=value
    ),
    lambda whole, value: cast("list[dict[str, object]]", whole["packages"])[0].update(
        restrictions={"traits": value, "hours": value, "not_on": value, "min_notice": value}
    ),
    lambda whole, value: cast("list[dict[str, object]]", whole["packages"])[0].update(
        restrictions={"hours": [{"days": value, "opens": value, "closes": value}]}
    ),
    lambda whole, value: cast("list[dict[str, object]]", whole["packages"])[0].update(
        pauses=[{"starts_on": value, "through": "2026-07-31"}], book_through=value
    ),
    lambda whole, value: cast("list[dict[str, object]]", whole["packages"])[0].update(
        cancellation={
            "window": "1 day",
            "late": "return",
            "tiers": [value, {"window": value, "outcome": value}],
        }
    ),
    lambda whole, value: whole.update(only=value),
    lambda whole, value: cast("list[dict[str, object]]", whole["packages"])[0].update(
        quotas=[{"most": value, "per": value}, value], uses=[value], lasts=value, version=value
    ),
    lambda whole, value: cast("dict[str, object]", whole["booking"]).update(
        lines=[{"service": {"id": "facial", "costs": value}}]
    ),
    lambda whole, value: cast("dict[str, object]", whole["booking"]).update(traits=value),
]


@given(st.sampled_from(PLACES), OBJECTS | JSON | ALMOST)
def test_any_object_anywhere_raises_nothing_but_document_errors(
    put: Callable[[dict[str, object], object], None], value: object
) -> None:
    """A sound document with one strange value is a case or a DocumentError, never a crash."""
    whole = document()
    put(whole, value)

    with contextlib.suppress(DocumentError):
        read_case(whole)


@given(redemptions(), st.data())
def test_a_broken_redemption_raises_nothing_but_document_errors(
    redemption: Redemption, data: st.DataObject
) -> None:
    """A redemption with one strange value is read or is a problem at or inside `existing`."""
    written = redemption.to_document()
    key = data.draw(st.sampled_from(sorted(written)))
    written[key] = data.draw(OBJECTS | JSON | ALMOST)
    whole = document()
    whole["existing"] = written
    cast("dict[str, object]", whole["client"])["id"] = redemption.client_id

    problems: tuple[Problem, ...] = ()
    try:
        read_case(whole)
    except DocumentError as error:
        problems = error.problems
    assert [] == [each for each in problems if not each.path.startswith("existing")]


@given(st.binary() | st.text(st.characters()))
def test_arbitrary_text_raises_nothing_but_document_errors(source: str | bytes) -> None:
    """Whatever text is parsed, the answer is a value or a DocumentError."""
    with contextlib.suppress(DocumentError):
        parse_json(source)


@given(JSON)
def test_what_json_writes_is_parsed_back(found: object) -> None:
    """Sound JSON is read as the standard library reads it, and nothing else is read."""
    text = json.dumps(found)
    try:
        parsed = parse_json(text)
    except DocumentError:
        with pytest.raises(ValueError, match=r"Out of range|surrogates"):
            json.dumps(found, allow_nan=False, ensure_ascii=False).encode()
    else:
        assert found == parsed


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("note", {"note": "\ud800"}),
        ("note", {"note": "x" * 1_000_001}),
        ("packages[0].priority", {"priority": 10**600}),
    ],
)
def test_a_case_that_could_not_be_read_back_is_not_written(
    path: str, change: dict[str, object]
) -> None:
    """A text or a number beyond what a document holds is a DocumentError with its path."""
    case = Case(
        account=AccountSettings(),
        client=Client.guest(),
        packages=(
            Package(
                id="p1",
                client_id="ana",
                entitlements=(Entitlement(services=frozenset({"facial"}), remaining=1),),
                priority=cast("int", change.get("priority", 0)),
            ),
        ),
        booking=Booking.of(
            Service(id="facial"), id="b1", starts_at=datetime(2026, 5, 5, 10, tzinfo=UTC)
        ),
        now=datetime(2026, 5, 1, 9, tzinfo=UTC),
        note=cast("str", change.get("note", "")),
    )

    with pytest.raises(DocumentError) as caught:
        case_document(case)
    assert [path] == [each.path for each in caught.value.problems]


def test_the_document_of_a_case_says_everything() -> None:
    """Every key of the first form, in its words, instants in UTC; none that was added (D65)."""
    case = Case(
        account=AccountSettings(
            activated_on=date(2026, 4, 1),
            cancellation=CancellationTerms(
                window=timedelta(hours=24),
                late=CreditOutcome.FORFEIT,
                no_show=CreditOutcome.RETURN,
            ),
            time_zone=ZoneInfo("Pacific/Auckland"),
        ),
        client=Client(id="ana", logged_in=True),
        packages=(
            Package(
                id="p1",
                client_id="ana",
                entitlements=(
                    Entitlement(services=frozenset({"pedicure", "manicure"}), remaining=5),
                ),
                name="Hands and feet",
                valid_until=datetime(2026, 9, 2, tzinfo=ZoneInfo("Pacific/Auckland")),
            ),
        ),
        booking=Booking.of(
            Service(id="manicure"), id="b1", starts_at=datetime(2026, 5, 5, 10, tzinfo=UTC)
        ),
        now=datetime(2026, 5, 1, 9, tzinfo=UTC),
    )

    assert {
        "format": "pkgredeem/1",
        "now": "2026-05-01T09:00:00+00:00",
        "account": {
            "activated_on": "2026-04-01",
            "online_redemption": None,
            "client_login": "disabled",
            "package_kind": "new",
            "deposit_required": False,
            "card_capture": False,
            "cancellation": {"window": "24 hours", "late": "forfeit", "no_show": "return"},
            "time_zone": "Pacific/Auckland",
        },
        "client": {"id": "ana", "logged_in": True, "has_saved_card": False},
        "packages": [
            {
                "id": "p1",
                "client_id": "ana",
                "entitlements": [
                    {
                        "id": "main",
                        "services": ["manicure", "pedicure"],
                        "remaining": 5,
                    }
                ],
                "kind": "new",
                "status": "active",
                "sold_at": None,
                "valid_from": None,
                "valid_until": "2026-09-01T12:00:00+00:00",
                "priority": 0,
                "name": "Hands and feet",
            }
        ],
        "booking": {
            "id": "b1",
            "starts_at": "2026-05-05T10:00:00+00:00",
            "lines": [
                {
                    "service": {"id": "manicure", "name": "", "deposit_required": None},
                    "picked_from": "menu",
                    "payable": True,
                }
            ],
        },
        "existing": None,
        "by": "client",
        "note": "",
    } == case_document(case)


def test_the_document_of_a_plan_says_what_is_asked() -> None:
    """What the plan says is written in the words of the values, and nothing that it does not."""
    off_peak = Restrictions(
        traits={"place": ["south", "north"]},
        hours=[Hours(days=[4, 1], opens=time(9), closes=time(17)), Hours(days=[7], opens=time(8))],
        not_on=[date(2026, 12, 24)],
        min_notice=timedelta(hours=2),
        max_notice=timedelta(days=14),
    )
    july = Pause(datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 8, 1, tzinfo=UTC))
    package = Package(
        id="p1",
        client_id="ana",
        entitlements=[
            Entitlement(
                services=["spa"],
                remaining=UNLIMITED,
                unit="minute",
                quotas=[Quota(2, Period.WEEK)],
                valid_until=datetime(2026, 9, 1, tzinfo=UTC),
                restrictions=Restrictions(traits={"attendee": ["guest"]}),
            )
        ],
        status=PackageStatus.SUSPENDED,
        shared_with=["cleo", "ben"],
        book_until=datetime(2026, 8, 1, tzinfo=UTC),
        pauses=[july, Pause(datetime(2026, 10, 1, tzinfo=UTC))],
        restrictions=off_peak,
        cancellation=CancellationTerms(
            window=timedelta(hours=12),
            late=CreditOutcome.RETURN,
            tiers=[(timedelta(hours=3), CreditOutcome.FORFEIT)],
            changes_close=timedelta(hours=2),
        ),
        traits={"tier": "gold"},
        lasts=Term(days=14),
        quotas=[Quota(1, Days(28)), Quota(5, Period.EVER, name="paid for")],
        uses=[
            Use(
                booking_id="b0",
                line=0,
                entitlement_id="main",
                service_id="spa",
                client_id="ben",
                starts_at=datetime(2026, 4, 1, 9, tzinfo=UTC),
                state=DrawState.FORFEITED,
            )
        ],
        version=7,
    )
    case = Case(
        account=AccountSettings(week_starts=7),
        client=Client(id="ana", traits={"place": "north"}),
        packages=[package],
        booking=Booking(
            id="b1",
            starts_at=datetime(2026, 5, 5, 10, tzinfo=UTC),
            lines=[
                BookingLine(Service(id="spa", costs={"minute": 75}), traits={"staff": "dr-kim"})
            ],
            traits={"place": "south"},
        ),
        now=datetime(2026, 5, 1, 9, tzinfo=UTC),
        only=["p2", "p1"],
    )
    written = cast("dict[str, Any]", case_document(case))

    assert {
        "id": "p1",
        "client_id": "ana",
        "entitlements": [
            {
                "id": "main",
                "services": ["spa"],
                "remaining": "unlimited",
                "valid_until": "2026-09-01T00:00:00+00:00",
                "restrictions": {"traits": {"attendee": ["guest"]}},
                "unit": "minute",
                "quotas": [{"most": 2, "per": "week"}],
            }
        ],
        "kind": "new",
        "status": "suspended",
        "sold_at": None,
        "valid_from": None,
        "valid_until": None,
        "priority": 0,
        "name": "",
        "shared_with": ["ben", "cleo"],
        "book_until": "2026-08-01T00:00:00+00:00",
        "pauses": [
            {"starts_at": "2026-07-01T00:00:00+00:00", "ends_at": "2026-08-01T00:00:00+00:00"},
            {"starts_at": "2026-10-01T00:00:00+00:00"},
        ],
        "restrictions": {
            "traits": {"place": ["north", "south"]},
            "hours": [
                {"days": ["mon", "thu"], "opens": "09:00", "closes": "17:00"},
                {"days": ["sun"], "opens": "08:00"},
            ],
            "not_on": ["2026-12-24"],
            "min_notice": "2 hours",
            "max_notice": "336 hours",
        },
        "cancellation": {
            "window": "12 hours",
            "late": "return",
            "no_show": None,
            "tiers": [{"window": "3 hours", "outcome": "forfeit"}],
            "changes_close": "2 hours",
        },
        "traits": {"tier": "gold"},
        "lasts": "14 days",
        "quotas": [
            {"most": 1, "per": "28 days"},
            {"most": 5, "per": "ever", "name": "paid for"},
        ],
        "uses": [
            {
                "booking_id": "b0",
                "line": 0,
                "entitlement_id": "main",
                "service_id": "spa",
                "client_id": "ben",
                "starts_at": "2026-04-01T09:00:00+00:00",
                "state": "forfeited",
            }
        ],
        "version": 7,
    } == written["packages"][0]
    assert "sun" == written["account"]["week_starts"]
    assert {"minute": 75} == written["booking"]["lines"][0]["service"]["costs"]
    assert case == read_case(json.loads(json.dumps(written)))
    assert {"place": "north"} == written["client"]["traits"]
    assert {"place": "south"} == written["booking"]["traits"]
    assert {"staff": "dr-kim"} == written["booking"]["lines"][0]["traits"]
    assert ["p1", "p2"] == written["only"]


def test_what_has_no_order_is_written_sorted() -> None:
    """The services of an entitlement and the packages that were picked, whatever they hash to."""
    names = [f"{letter}-{number}" for letter in "abcdefgh" for number in range(4)]
    several = [{"services": names[::-1], "remaining": 1}]
    case = read_case(changed({"packages.0.entitlements": several, "only": names[::-1]}))
    written = cast("dict[str, Any]", case_document(case))

    assert names == written["packages"][0]["entitlements"][0]["services"]
    assert names == written["only"]


def test_what_is_written_is_plain() -> None:
    """Words are texts, no members of an enumeration, which other writers of JSON don't know."""
    daily = [{"most": 1, "per": "day"}]
    endless = [{"services": ["spa"], "remaining": "unlimited", "quotas": daily}]
    case = read_case(changed({"packages.0.entitlements": endless, "by": "business"}))
    written = cast("dict[str, Any]", case_document(case))
    told = written["packages"][0]["entitlements"][0]

    words = [told["remaining"], told["quotas"][0]["per"], written["by"], written["format"]]

    assert ["unlimited", "day", "business", "pkgredeem/1"] == words
    assert {str} == set(map(type, words))


def test_nothing_is_not_left_out() -> None:
    """A version of 0 and a notice of 0 say something: only what says nothing is left out."""
    at_once = Restrictions(min_notice=timedelta(0), max_notice=timedelta(0))
    package = Package(
        id="p1",
        client_id="ana",
        entitlements=[Entitlement(services=["spa"], remaining=0)],
        restrictions=at_once,
        version=0,
    )
    case = Case(
        account=AccountSettings(),
        client=Client(id="ana"),
        packages=[package],
        booking=Booking.of(
            Service(id="spa"), id="b1", starts_at=datetime(2026, 5, 5, 10, tzinfo=UTC)
        ),
        now=datetime(2026, 5, 1, 9, tzinfo=UTC),
    )
    written = cast("dict[str, Any]", case_document(case))["packages"][0]

    assert 0 == written["version"]
    assert {"min_notice": "0 hours", "max_notice": "0 hours"} == written["restrictions"]


VALIDATOR = jsonschema.Draft202012Validator(case_schema())

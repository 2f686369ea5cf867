"""Cases written and read back, and arbitrary JSON: properties of the documents edge."""

import contextlib
import copy
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

import jsonschema
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pkgredeem import (
    AccountSettings,
    Act,
    Actor,
    Booking,
    BookingLine,
    CancellationTerms,
    CardCaptureOutcome,
    Case,
    Client,
    ClientLogin,
    CreditOutcome,
    DepositOutcome,
    Draw,
    DrawState,
    Ending,
    Entitlement,
    Package,
    PackageKind,
    PackageStatus,
    PickedFrom,
    Redemption,
    Service,
)
from pkgredeem.documents import (
    DocumentError,
    Problem,
    case_document,
    case_schema,
    parse_json,
    read_case,
)
from tests.helpers.documents_support import document

NAMES = st.text(min_size=1, max_size=8)
TEXTS = st.text(max_size=8)
FLAGS = st.booleans()
ZONES = st.sampled_from(
    [ZoneInfo(name) for name in ("Pacific/Auckland", "Europe/London", "UTC", "America/Havana")]
)
INSTANTS = st.datetimes(
    min_value=datetime(1, 1, 2),  # noqa: DTZ001  (hypothesis adds the zone)
    max_value=datetime(9999, 12, 30),  # noqa: DTZ001  (hypothesis adds the zone)
    timezones=st.just(UTC),
)
OUTCOMES = st.sampled_from(CreditOutcome)
TERMS = st.builds(
    CancellationTerms,
    window=st.timedeltas(timedelta(0), timedelta(days=366)),
    late=OUTCOMES,
    no_show=st.none() | OUTCOMES,
)
ACCOUNTS = st.builds(
    AccountSettings,
    activated_on=st.none() | st.dates(),
    online_redemption=st.none() | FLAGS,
    client_login=st.sampled_from(ClientLogin),
    package_kind=st.sampled_from(PackageKind),
    deposit_required=FLAGS,
    card_capture=FLAGS,
    cancellation=st.none() | TERMS,
    time_zone=st.none() | ZONES,
)
CLIENTS = st.builds(Client, id=NAMES, logged_in=FLAGS, has_saved_card=FLAGS) | st.builds(
    Client, id=st.none(), has_saved_card=FLAGS
)
SERVICES = st.builds(Service, id=NAMES, name=TEXTS, deposit_required=st.none() | FLAGS)
LINES = st.builds(BookingLine, SERVICES, picked_from=st.sampled_from(PickedFrom), payable=FLAGS)
BOOKINGS = st.builds(
    Booking, id=NAMES, lines=st.lists(LINES, min_size=1, max_size=3), starts_at=INSTANTS
)
ENTITLEMENTS = st.builds(
    Entitlement,
    services=st.frozensets(NAMES, min_size=1, max_size=3),
    remaining=st.integers(min_value=0),
    id=st.just("main") | NAMES,
)


@st.composite
def packages(draw: st.DrawFn) -> Package:
    """Draw a package with any field set or not."""
    starts, ends = sorted(draw(st.tuples(INSTANTS, INSTANTS)))
    whole = starts < ends
    held = st.lists(ENTITLEMENTS, min_size=1, max_size=3, unique_by=lambda each: each.id).map(tuple)
    return Package(
        id=draw(NAMES),
        client_id=draw(NAMES),
        entitlements=draw(held),
        kind=draw(st.sampled_from(PackageKind)),
        status=draw(st.sampled_from(PackageStatus)),
        sold_at=draw(st.none() | INSTANTS),
        valid_from=starts if whole and draw(FLAGS) else None,
        valid_until=ends if whole and draw(FLAGS) else None,
        priority=draw(st.integers()),
        name=draw(TEXTS),
    )


@st.composite
def draws(draw: st.DrawFn, booking: Booking) -> Draw:
    """Draw what pays for the first line: reserved, ended once, or ended and then forgiven."""
    state, acts = draw(
        st.sampled_from(
            [
                (DrawState.RESERVED, ()),
                (DrawState.RETURNED, (Act.CANCEL,)),
                (DrawState.FORFEITED, (Act.NO_SHOW,)),
                (DrawState.REDEEMED, (Act.NO_SHOW, Act.COMPLETE)),
                (DrawState.RETURNED, (Act.NO_SHOW, Act.COMPLETE, Act.FORGIVE)),
            ]
        )
    )
    starts_at = draw(st.none() | INSTANTS)
    endings = tuple(draw(endings_by(act, starts_at)) for act in acts)
    return Draw(
        line=0,
        package_id=draw(NAMES),
        entitlement_id=draw(NAMES),
        service_id=booking.lines[0].service.id,
        state=state,
        endings=endings,
        package_name=draw(TEXTS),
    )


@st.composite
def endings_by(draw: st.DrawFn, act: Act, starts_at: datetime | None = None) -> Ending:
    """Draw who did the act, when and why."""
    by = draw(st.sampled_from(Actor))
    return Ending(
        act=act,
        at=draw(INSTANTS),
        by=by,
        late=by is Actor.CLIENT and draw(FLAGS),
        note=draw(TEXTS),
        starts_at=starts_at,
    )


@st.composite
def redemptions(draw: st.DrawFn, client_id: str | None = None) -> Redemption:
    """Draw a redemption of the first line of some booking, with or without terms."""
    booking = draw(BOOKINGS)
    terms = draw(st.none() | TERMS)
    return Redemption(
        booking=booking,
        client_id=draw(NAMES) if client_id is None else client_id,
        starts_at=booking.starts_at,
        draws=(draw(draws(booking)),),
        terms=terms,
        free_until=None if terms is None else booking.starts_at,
        deposit=draw(st.sampled_from(DepositOutcome)),
        card_capture=draw(st.sampled_from(CardCaptureOutcome)),
        rulebook=draw(NAMES),
        booked_at=draw(INSTANTS),
        time_zone_key=draw(st.none() | st.sampled_from(["Pacific/Auckland", "Mars/Olympus"])),
        version=draw(st.integers(min_value=1)),
        reschedules=tuple(draw(st.lists(endings_by(Act.RESCHEDULE), max_size=2))),
        replaces=draw(st.none() | NAMES.filter(lambda name: name != booking.id)),
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw a case; what exists already is a redemption of its own client."""
    client = draw(CLIENTS)
    existing = st.none() if client.id is None else st.none() | redemptions(client.id)
    return Case(
        account=draw(ACCOUNTS),
        client=client,
        packages=draw(st.lists(packages(), max_size=3, unique_by=lambda each: each.id)),
        booking=draw(BOOKINGS),
        now=draw(INSTANTS),
        existing=draw(existing),
        by=draw(st.sampled_from(Actor)),
        note=draw(TEXTS),
    )


CASES = cases()

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
    ]
)
WORDS = st.sampled_from(
    [
        *("pkgredeem/1", "pkgredeem-redemption/1", "return", "new", "active", "client", "menu"),
        *("2026-03-01", "9999-12-31", "0001-01-01", "6 months", "100 years", "24 hours", "PT1S"),
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
    """Every key is written, in the words of the values, instants in UTC."""
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


VALIDATOR = jsonschema.Draft202012Validator(case_schema())

"""Values: frozen, compared by value, stored in one form, and sound together."""

import copy
import dataclasses
import pickle
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from pkgredeem import (
    AccountSettings,
    Booking,
    BookingLine,
    CancellationTerms,
    Client,
    ClientLogin,
    CreditOutcome,
    Days,
    Draw,
    DrawState,
    Entitlement,
    InvalidValueError,
    Package,
    PackageKind,
    Pause,
    Quota,
    RedemptionPolicy,
    Service,
    Term,
    rules,
)
from tests.helpers.samples import SAMPLES, made
from tests.helpers.support import (
    AUCKLAND,
    DAY,
    LONDON,
    START,
    account,
    booking,
    case,
    credit,
    decide,
    line,
    package,
)

KINDS = pytest.mark.parametrize("kind", SAMPLES, ids=lambda kind: kind.__name__)
POSITIONAL = {BookingLine: 1, Days: 1, Pause: 2, Quota: 3, RedemptionPolicy: 1}


def refusal(*error: object) -> tuple[str, object, str]:
    """Return the three parts of an `InvalidValueError` that was caught."""
    (caught,) = error
    assert isinstance(caught, InvalidValueError)
    return caught.field, caught.value, caught.allowed


@KINDS
def test_a_value_is_equal_by_value_and_hashable(kind: type) -> None:
    """Two values made of the same fields are one value, in a set too."""
    assert made(kind) == made(kind)
    assert 1 == len({made(kind), made(kind)})


@KINDS
def test_a_value_differs_by_every_field(kind: type) -> None:
    """A value that differs in one field is another value."""
    whole = made(kind)
    defaults = [
        each for each in dataclasses.fields(kind) if each.default is not dataclasses.MISSING
    ]
    linked: dict[object, dict[str, object]] = {
        (Draw, "state"): {"endings": ()},
        (Draw, "endings"): {"state": DrawState.RESERVED},
        (Draw, "terms"): {"free_until": None},
        (Term, "days"): {"months": 1},
        (Term, "months"): {"days": 0, "months": 1},
        (Draw, "free_until"): {"terms": None},
    }
    others = [
        made(kind, **{each.name: each.default} | linked.get((kind, each.name), {}))
        for each in defaults
    ]

    assert [] == [each for each in others if each == whole]


@KINDS
@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_a_value_survives_pickling(kind: type, protocol: int) -> None:
    """What comes back from a pickle is equal."""
    assert made(kind) == pickle.loads(pickle.dumps(made(kind), protocol))  # noqa: S301 (our own bytes)


@KINDS
def test_a_value_survives_copying(kind: type) -> None:
    """A copy, deep or not, is equal, and so is one in which nothing is replaced."""
    whole = made(kind)

    assert whole == copy.copy(whole)
    assert whole == copy.deepcopy(whole)
    assert whole == dataclasses.replace(whole)  # type: ignore[type-var]  # a dataclass, all of them


@KINDS
def test_a_value_is_frozen_and_has_slots(kind: type) -> None:
    """No field can be set, and none can be added."""
    whole = made(kind)
    first = dataclasses.fields(kind)[0].name

    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(whole, first, getattr(whole, first))
    with pytest.raises((AttributeError, TypeError)):
        whole.another = 1  # type: ignore[attr-defined]  # that is the point
    assert not hasattr(whole, "__dict__")


@KINDS
def test_a_value_takes_its_fields_by_name(kind: type) -> None:
    """Fields are named at the call, but for the few that read better by position."""
    by_position = [each for each in dataclasses.fields(kind) if each.init and not each.kw_only]

    assert POSITIONAL.get(kind, 0) == len(by_position)
    with pytest.raises(TypeError, match="positional"):
        kind(*[None] * (len(by_position) + 1))


def test_two_values_take_their_one_field_by_position() -> None:
    """A line of a service and a policy of a rulebook need no name for it."""
    facial = Service(id="facial")

    assert BookingLine(service=facial) == BookingLine(facial)
    assert RedemptionPolicy(rulebook=rules.IN_STORE) == RedemptionPolicy(rules.IN_STORE)
    assert rules.TIMELY_2026_03 == RedemptionPolicy().rulebook


@pytest.mark.parametrize("collection", [list, tuple, set, frozenset, iter, dict.fromkeys])
def test_any_iterable_of_services_is_stored_as_a_set(collection: type) -> None:
    """A list, a set, a generator: the services of an entitlement are a frozenset."""
    found = Entitlement(services=collection(["pedicure", "manicure"]), remaining=1)

    assert frozenset is type(found.services)
    assert Entitlement(services=frozenset({"manicure", "pedicure"}), remaining=1) == found


@pytest.mark.parametrize("collection", [list, tuple, iter, lambda each: (one for one in each)])
def test_any_iterable_of_parts_is_stored_as_a_tuple(collection: type) -> None:
    """Lines, entitlements and packages arrive in any iterable and keep their order."""
    lines = (line("facial"), line("massage"))
    held = (credit("facial"), credit("massage"))
    packages = (package("p2"), package("p1"))

    assert lines == Booking(id="b1", lines=collection(lines), starts_at=START).lines
    assert held == Package(id="p1", client_id="ana", entitlements=collection(held)).entitlements
    assert packages == case(packages=collection(packages)).packages


def test_an_instant_is_stored_in_utc() -> None:
    """The same instant in another zone is the same booking (D15)."""
    in_auckland = booking(starts_at=START.astimezone(AUCKLAND))

    assert UTC == in_auckland.starts_at.tzinfo
    assert booking() == in_auckland


def test_a_subclass_of_datetime_is_stored_as_a_plain_one() -> None:
    """What a data frame or a test clock hands in is kept as an ordinary datetime in UTC."""

    class Stamp(datetime):
        """A datetime of another library."""

    at = Stamp(2026, 5, 5, 22, tzinfo=AUCKLAND)
    in_utc = Stamp(2026, 5, 5, 10, tzinfo=UTC)

    assert (datetime, START) == (
        type(booking(starts_at=at).starts_at),
        booking(starts_at=at).starts_at,
    )
    assert datetime is type(booking(starts_at=in_utc).starts_at)


@pytest.mark.parametrize(
    ("zone", "local", "first", "second"),
    [
        (AUCKLAND, datetime(2026, 4, 5, 2, 30), 13, 14),  # noqa: DTZ001 (the zone is added below)
        (LONDON, datetime(2026, 10, 25, 1, 30), 0, 1),  # noqa: DTZ001 (the zone is added below)
    ],
)
def test_a_repeated_local_time_is_two_instants(
    zone: ZoneInfo, local: datetime, first: int, second: int
) -> None:
    """The same clock reading on the night when the clock goes back is kept apart by its fold."""
    once = booking(starts_at=local.replace(tzinfo=zone))
    again = booking(starts_at=local.replace(tzinfo=zone, fold=1))

    assert (first, second) == (once.starts_at.hour, again.starts_at.hour)
    assert timedelta(hours=1) == again.starts_at - once.starts_at


@pytest.mark.parametrize(
    "edge",
    [
        datetime(1, 1, 2, tzinfo=UTC),
        datetime(9999, 12, 30, tzinfo=UTC),
        datetime(1, 1, 2, 14, tzinfo=timezone(timedelta(hours=14))),
        datetime(9999, 12, 29, 12, tzinfo=timezone(timedelta(hours=-12))),
    ],
)
def test_the_ends_of_the_calendar_are_instants(edge: datetime) -> None:
    """The first and the last instant that can be told in every zone are taken."""
    assert edge == booking(starts_at=edge).starts_at


@pytest.mark.parametrize("window", [timedelta(0), timedelta(days=366)])
def test_a_window_may_be_none_at_all_or_a_leap_year(window: timedelta) -> None:
    """Both ends of what a window may be are allowed."""
    assert window == CancellationTerms(window=window, late=CreditOutcome.FORFEIT).window


def test_a_guest_is_not_logged_in() -> None:
    """Who is logged in is known by an id."""
    with pytest.raises(InvalidValueError) as caught:
        Client(id=None, logged_in=True)

    assert ("Client.logged_in", True, "False for a guest") == refusal(caught.value)
    assert Client(id=None, logged_in=False, has_saved_card=False) == Client.guest()


def test_a_package_is_handed_in_once() -> None:
    """The same package twice is broken data, even if both say the same (D27)."""
    with pytest.raises(InvalidValueError) as caught:
        case(packages=[package("p1"), package("p2"), package("p1")])

    assert ("Case.packages", "p1", "listed only once") == refusal(caught.value)


def test_a_booking_of_services_takes_each_from_the_menu_and_payable() -> None:
    """The short way to write a booking gives the ordinary lines, in order."""
    short = Booking.of(Service(id="facial"), Service(id="massage"), id="b1", starts_at=START)

    assert booking("facial", "massage") == short
    assert ("facial", "massage") == short.service_ids
    with pytest.raises(InvalidValueError, match="must be 1 or more BookingLine values"):
        Booking.of(id="b1", starts_at=START)


def test_terms_say_of_a_no_show_what_they_say_of_late_unless_told() -> None:
    """The terms' word on no-shows defaults to the one on late cancellations (D16)."""
    late, back = CreditOutcome.FORFEIT, CreditOutcome.RETURN

    assert late == CancellationTerms(window=DAY, late=late).on_no_show
    assert back == CancellationTerms(window=DAY, late=late, no_show=back).on_no_show


def test_an_account_defaults_to_what_the_article_says_of_a_new_one() -> None:
    """Nothing chosen, login disabled, new packages, no deposit, no card page, no terms."""
    plain = AccountSettings()

    assert plain == AccountSettings(
        activated_on=None,
        online_redemption=None,
        client_login=ClientLogin.DISABLED,
        package_kind=PackageKind.NEW,
        deposit_required=False,
        card_capture=False,
        cancellation=None,
        time_zone=None,
    )


def test_a_booking_has_at_most_a_hundred_lines() -> None:
    """The hundredth line is taken, the next one refuses the booking (D75)."""
    assert 100 == len(booking(*["facial"] * 100).lines)
    with pytest.raises(InvalidValueError) as raised:
        booking(*["facial"] * 101)

    assert ("Booking.lines", "101 lines", "at most 100 lines") == raised.value.args


@pytest.mark.parametrize(
    ("packages", "entitlements", "refused"),
    [
        (1_000, 1, None),
        (1_001, 1, ("1001 packages", "at most 1,000 packages")),
        (1, 1_000, None),
        (1, 1_001, ("1001 entitlements", "at most 1,000 entitlements")),
        (500, 2, None),
        (501, 2, ("1002 entitlements", "at most 1,000 entitlements")),
    ],
)
def test_a_case_has_at_most_a_thousand_packages_and_entitlements(
    packages: int, entitlements: int, refused: tuple[str, str] | None
) -> None:
    """As many packages, and as many entitlements in all of them, and not one more (D75)."""
    parts = [credit("facial", id=f"e{number}") for number in range(entitlements)]
    many = [package(f"p{number}", *parts) for number in range(packages)]
    if refused is None:
        assert packages == len(case(packages=many).packages)
    else:
        with pytest.raises(InvalidValueError) as raised:
            case(packages=many)
        assert ("Case.packages", *refused) == raised.value.args


def test_the_zone_of_an_account_is_kept_by_its_name() -> None:
    """Answers and redemptions hold the name of the zone, and None where there is none (D76)."""
    made = decide(case(account=account(time_zone=AUCKLAND)))
    plain = decide(case())

    assert "Pacific/Auckland" == account(time_zone=AUCKLAND).time_zone_key
    assert made.redemption is not None
    assert plain.redemption is not None
    assert ("Pacific/Auckland", "Pacific/Auckland") == (
        made.time_zone_key,
        made.redemption.time_zone_key,
    )
    assert (None, None, None) == (
        account().time_zone_key,
        plain.time_zone_key,
        plain.redemption.time_zone_key,
    )

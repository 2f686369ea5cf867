"""Builders that the tests of the core share: one case that is eligible, and ways to change it.

Every builder takes the fields that a test is about and fills in the rest, so that a test shows what
matters. `case()` is eligible under every shipped rulebook.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pkgredeem import (
    AccountSettings,
    Act,
    Actor,
    Booking,
    BookingLine,
    CancellationTerms,
    Case,
    Client,
    ClientLogin,
    CreditOutcome,
    Decision,
    DrawState,
    Ending,
    Entitlement,
    Package,
    PackageStatus,
    Redemption,
    RedemptionPolicy,
    Rulebook,
    Service,
    Settlement,
    Unlimited,
    Use,
    rules,
)

NOW = datetime(2026, 5, 1, 8, tzinfo=UTC)
START = datetime(2026, 5, 5, 10, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
INSTANT = timedelta(microseconds=1)

AUCKLAND = ZoneInfo("Pacific/Auckland")
LONDON = ZoneInfo("Europe/London")

FORFEIT_INSIDE_A_DAY = CancellationTerms(window=DAY, late=CreditOutcome.FORFEIT)
RETURN_INSIDE_A_DAY = CancellationTerms(window=DAY, late=CreditOutcome.RETURN)
ANA = Client(id="ana", logged_in=True)
BETH = Client(id="beth", logged_in=True)

SHIPPED = (rules.TIMELY_2026_03, rules.TIMELY_2026_04, rules.IN_STORE, rules.ONLINE)
NO_LIMITS = rules.TIMELY_2026_03.without(rules.several_active_packages, rules.mixed_booking)


def credit(*services: str, left: int | Unlimited = 1, id: str = "") -> Entitlement:
    """Return an entitlement to any of these services, which are its id unless one is given."""
    return Entitlement(services=services, remaining=left, id=id or "+".join(sorted(services)))


def restricted(*services: str, **fields: object) -> Entitlement:
    """Return a credit for any of these services, a facial unless told, with these fields."""
    made = {"services": services or ("facial",), "remaining": 1, "id": "main", **fields}
    return Entitlement(**made)  # type: ignore[arg-type]  # the test gives what the field takes


def package(id: str = "p1", *entitlements: Entitlement, **fields: object) -> Package:
    """Return a package of Ana; one facial is left in it unless entitlements are given."""
    made = {"client_id": "ana", "entitlements": entitlements or (credit("facial"),), **fields}
    return Package(id=id, **made)  # type: ignore[arg-type]  # the test gives what the field takes


def line(service: str = "facial", **fields: object) -> BookingLine:
    """Return a line; `name`, `deposit_required` and `costs` are the service's own."""
    own = {key: fields.pop(key) for key in ("name", "deposit_required", "costs") if key in fields}
    return BookingLine(Service(id=service, **own), **fields)  # type: ignore[arg-type]  # see above


def use(starts_at: datetime = START, **fields: object) -> Use:
    """Return a use of Ana's facial by booking b7, which is reserved unless told otherwise."""
    made = {
        "booking_id": "b7",
        "line": 0,
        "entitlement_id": "facial",
        "service_id": "facial",
        "client_id": "ana",
        "state": DrawState.RESERVED,
        **fields,
    }
    return Use(starts_at=starts_at, **made)  # type: ignore[arg-type]  # see above


def booking(
    *lines: BookingLine | str,
    id: str = "b1",
    starts_at: datetime = START,
    traits: Mapping[str, str] | None = None,
) -> Booking:
    """Return a booking of these lines or service ids, of a facial when none are given."""
    made = [line(item) if isinstance(item, str) else item for item in lines or ("facial",)]
    return Booking(id=id, lines=made, starts_at=starts_at, traits=traits or {})


def account(**fields: object) -> AccountSettings:
    """Return an account where online redemption is switched on and clients may log in."""
    made = {"online_redemption": True, "client_login": ClientLogin.OPTIONAL, **fields}
    return AccountSettings(**made)  # type: ignore[arg-type]  # the test gives what the field takes


def case(*lines: BookingLine | str, **fields: object) -> Case:
    """Return a case that is eligible: Ana has one facial left and books one, unless changed."""
    starts_at = fields.pop("starts_at", START)
    assert isinstance(starts_at, datetime)
    made: dict[str, object] = {
        "account": account(),
        "client": ANA,
        "packages": [package()],
        "booking": booking(*lines, starts_at=starts_at),
        "now": NOW,
    }
    return Case(**(made | fields))  # type: ignore[arg-type]  # the test gives what the field takes


def decide(asked: Case, rulebook: Rulebook = rules.TIMELY_2026_03) -> Decision:
    """Return the decision of that rulebook."""
    return RedemptionPolicy(rulebook).decide_case(asked)


def codes(decision: Decision) -> list[str]:
    """Return the codes of the reasons in their order."""
    return [finding.code for finding in decision.reasons]


def notes(decision: Decision) -> list[str]:
    """Return the codes of the notes in their order."""
    return [finding.code for finding in decision.notes]


def draws(decision: Decision) -> list[tuple[int, str, str]]:
    """Return line, package and entitlement of each credit that is drawn."""
    redemption = decision.redemption
    drawn = () if redemption is None else redemption.draws
    return [(draw.line, draw.package_id, draw.entitlement_id) for draw in drawn]


def redemption(
    *services: str,
    terms: CancellationTerms | None = FORFEIT_INSIDE_A_DAY,
    booked_at: datetime = NOW,
    starts_at: datetime = START,
    zone: ZoneInfo | None = None,
) -> Redemption:
    """Return Ana's redemption of these services, each from its own entitlement of package p1."""
    wanted = services or ("facial",)
    asked = case(
        *wanted,
        starts_at=starts_at,
        account=account(cancellation=terms, time_zone=zone),
        packages=[package("p1", *(credit(service) for service in sorted(set(wanted))))],
        now=booked_at,
    )
    found = decide(asked).redemption
    assert found is not None
    return found


def rescheduled(
    source: Redemption | None = None,
    *,
    to: datetime = START + 7 * DAY,
    by: Actor = Actor.CLIENT,
    now: datetime = NOW,
    packages: Iterable[Package] = (),
    client: Client = ANA,
    rulebook: Rulebook = rules.TIMELY_2026_03,
    note: str = "",
) -> Settlement:
    """Return what moving Ana's booking does, whose only package is p1 unless others are given."""
    return RedemptionPolicy(rulebook).reschedule(
        source or redemption(),
        account=account(cancellation=FORFEIT_INSIDE_A_DAY, time_zone=LONDON),
        client=client,
        starts_at=to,
        by=by,
        now=now,
        packages=packages or [package()],
        note=note,
    )


def after(settlement: Settlement) -> Redemption:
    """Return the redemption as an act that changed something leaves it."""
    assert settlement.change is not None
    return settlement.change.after


def ended(
    source: Redemption, act: Act, state: DrawState, lines: Iterable[int], **fields: object
) -> Redemption:
    """Return the redemption with these lines ended, written by hand."""
    made: dict[str, object] = {"at": NOW, "by": Actor.BUSINESS, "late": False, **fields}
    ending = Ending(act=act, **made)  # type: ignore[arg-type]  # the test gives what it takes
    chosen = set(lines)
    drawn = (
        replace(draw, state=state, endings=(ending,)) if draw.line in chosen else draw
        for draw in source.draws
    )
    return replace(source, draws=tuple(drawn))


def is_of_the_article(asked: Case) -> bool:
    """Tell whether the case holds no fact beyond the article (D40)."""
    old = asked.existing
    terms = [asked.account.cancellation, *([] if old is None else [old.terms])]
    lines = (*asked.booking.lines, *(() if old is None else old.booking.lines))
    draws = () if old is None else old.draws
    return (
        asked.only is None
        and all(one is None or not (one.tiers or one.changes_close) for one in terms)
        and not any(each.service.costs or each.traits for each in lines)
        and all((draw.credits, draw.terms) == (1, None) for draw in draws)
        and all(
            package.beyond <= {"status"}
            and package.version is None
            and package.status in {PackageStatus.ACTIVE, PackageStatus.ARCHIVED}
            and all(isinstance(held.remaining, int) for held in package.entitlements)
            for package in asked.packages
        )
    )

"""What a plan of the explorer is: its facts as switches, and settings of them to start from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from docs._explorer import cancellations
from docs._explorer_table import POLICY, ZONE, Explorer, Setting, Switch

from pkgredeem import (
    AccountSettings,
    Actor,
    Audience,
    Booking,
    BookingLine,
    CancellationTerms,
    Case,
    Client,
    ClientLogin,
    CreditOutcome,
    DrawState,
    Package,
    Redemption,
    Service,
    Use,
)

ANA: Final = Client(id="ana", logged_in=True)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One plan that businesses sell, whose facts can be changed.

    Attributes:
        key: its name in the page's address.
        title: what is sold.
        facts: its switches; the first option of each is where it starts.
        case_of: the question that a setting asks.
        points: what one may look at first, in words, each with what it sets otherwise than the
            start; the plan pays for those before `refused`.
        refused: how many of them it refuses; they stand last.
        acts: who does what later.
    """

    key: str
    title: str
    facts: Sequence[Switch]
    case_of: Callable[[Setting], Case]
    points: Mapping[str, Setting]
    refused: int
    acts: Callable[[Case, Redemption], Sequence[tuple[str, str]]] = cancellations

    @property
    def start(self) -> Setting:
        """The first option of every switch."""
        return {switch.key: next(iter(switch.options)) for switch in self.facts}

    @property
    def explorer(self) -> Explorer:
        """Its table of answers."""
        return Explorer(
            page="eighteen",
            table=self.key,
            switches=self.facts,
            start=self.start,
            case_of=self.case_of,
            changes="If it is cancelled or moved",
            acts=self.acts,
        )


def package_fact(key: str, label: str, options: Mapping[str, str]) -> Switch:
    """Return a switch about the package."""
    return Switch(key=key, group="The package", label=label, options=options)


def booking_fact(key: str, label: str, options: Mapping[str, str]) -> Switch:
    """Return a switch about the booking."""
    return Switch(key=key, group="The booking", label=label, options=options)


def at(month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    """Return a moment of 2026, by the clocks of the studio."""
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


def line(service: str, *, costs: Mapping[str, int] | None = None, **traits: str) -> BookingLine:
    """Return a line of a booking."""
    name = service.replace("-", " ").capitalize()
    return BookingLine(Service(id=service, name=name, costs=costs or {}), traits=traits)


def uses(
    service: str, *starts: datetime, now: datetime, entitlement: str = "main"
) -> tuple[Use, ...]:
    """Return what was paid with the package already: redeemed before now, reserved after it."""
    return tuple(
        Use(
            booking_id=f"{service}-{start:%m-%d-%H}",
            line=0,
            entitlement_id=entitlement,
            service_id=service,
            client_id="ana",
            starts_at=start,
            state=DrawState.RESERVED if start > now else DrawState.REDEEMED,
        )
        for start in starts
    )


def question(
    package: Package,
    *lines: BookingLine,
    now: datetime,
    starts_at: datetime,
    week_starts: int = 1,
    window: int = 24,
    traits: Mapping[str, str] | None = None,
) -> Case:
    """Return the question whether Ana may pay for these lines with that package."""
    terms = CancellationTerms(window=timedelta(hours=window), late=CreditOutcome.FORFEIT)
    return Case(
        account=AccountSettings(
            online_redemption=True,
            client_login=ClientLogin.OPTIONAL,
            cancellation=terms,
            time_zone=ZONE,
            week_starts=week_starts,
        ),
        client=ANA,
        packages=[package],
        booking=Booking(id="explorer", lines=lines, starts_at=starts_at, traits=traits or {}),
        now=now,
    )


def moved(case: Case, redemption: Redemption, starts_at: datetime, now: datetime) -> str:
    """Return what Ana is told when she moves the booking."""
    settlement = POLICY.reschedule(
        redemption,
        account=case.account,
        client=case.client,
        starts_at=starts_at,
        by=Actor.CLIENT,
        now=now,
        packages=case.packages,
    )
    return settlement.explain(Audience.CLIENT)

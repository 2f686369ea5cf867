"""The account: its settings, and the terms on which a client may cancel.

Values only: they check themselves, and they know no rule.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, cast, final
from zoneinfo import ZoneInfo

from pkgredeem._model import checks as check
from pkgredeem._model import record
from pkgredeem._model.words import ClientLogin, CreditOutcome, PackageKind
from pkgredeem.exceptions import InvalidValueError

if TYPE_CHECKING:
    from collections.abc import Iterable

_NOTHING = timedelta(0)
_SIMPLE = ((), _NOTHING)  # no tiers, and no earlier end of changes

LONGEST_WINDOW = timedelta(days=366)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CancellationTerms:
    """What a cancellation policy, of the account or of a package, does to a credit (T23, D10, D60).

    Attributes:
        window: elapsed time before the start, 0 to 366 days. A cancellation with exactly this much
            left is still in time (D09).
        late: what a client's cancellation inside the window does to the credit; there is no
            default.
        no_show: what a no-show does; None means the strictest outcome (D16).
        tiers: stricter windows inside the first, as pairs of window and outcome; each window is
            shorter than the one before it, and no outcome is milder (D61).
        changes_close: elapsed time before the start, 0 to 366 days, from which a client can change
            nothing online; with exactly this much left it is still possible (D67).

    Raises:
        InvalidValueError: a field has the wrong type or is out of bounds, a tier's window is not
            shorter than the one before it, or its outcome is milder.

    Example:
        >>> from datetime import timedelta
        >>> CancellationTerms(window=timedelta(hours=24), late=CreditOutcome.FORFEIT).on_no_show
        <CreditOutcome.FORFEIT: 'forfeit'>
        >>> CancellationTerms(
        ...     window=timedelta(hours=12),
        ...     late=CreditOutcome.RETURN,
        ...     tiers=[(timedelta(hours=3), CreditOutcome.FORFEIT)],
        ... ).tier_at(timedelta(hours=3))[1]
        <CreditOutcome.RETURN: 'return'>
    """

    window: timedelta
    late: CreditOutcome
    no_show: CreditOutcome | None = None
    tiers: tuple[tuple[timedelta, CreditOutcome], ...] = field(default=(), metadata=record.ADDED)
    changes_close: timedelta = field(default=_NOTHING, metadata=record.ADDED)

    if TYPE_CHECKING:

        def __init__(
            self,
            *,
            window: timedelta,
            late: CreditOutcome,
            no_show: CreditOutcome | None = ...,
            tiers: "Iterable[tuple[timedelta, CreditOutcome]]" = ...,
            changes_close: timedelta = ...,
        ) -> None: ...

    def __repr__(self) -> str:
        """Show what differs from its default."""
        return check.repr_of_what_is_set(self)

    def __post_init__(self) -> None:
        """Check every field, and that no tier is milder than the one before it."""
        if (
            type(self.window) is timedelta
            and _NOTHING <= self.window <= LONGEST_WINDOW
            and type(self.late) is CreditOutcome
            and (self.no_show is None or type(self.no_show) is CreditOutcome)
            and (self.tiers, self.changes_close) == _SIMPLE
        ):
            return
        check.duration("CancellationTerms.window", self.window, most=LONGEST_WINDOW)
        check.member("CancellationTerms.late", self.late, CreditOutcome)
        if self.no_show is not None:
            check.member("CancellationTerms.no_show", self.no_show, CreditOutcome)
        check.put(self, "tiers", self._checked_tiers())
        check.duration("CancellationTerms.changes_close", self.changes_close, most=LONGEST_WINDOW)

    def _checked_tiers(self) -> tuple[tuple[timedelta, CreditOutcome], ...]:
        tiers: list[tuple[timedelta, CreditOutcome]] = []
        longer, milder = self.window, self.late
        pairs = check.listed_pairs("CancellationTerms.tiers", self.tiers, "window and outcome")
        for index, pair in enumerate(pairs):
            place = f"CancellationTerms.tiers[{index}]"
            window, outcome = cast("tuple[timedelta, CreditOutcome]", pair)
            check.duration(place, window, most=LONGEST_WINDOW)
            check.member(place, outcome, CreditOutcome)
            if not _NOTHING < window < longer:
                allowed = f"a window longer than 0 and shorter than the one before it, {longer}"
                raise InvalidValueError(place, window, allowed)
            if milder is CreditOutcome.FORFEIT and outcome is not milder:
                raise InvalidValueError(place, outcome, "no milder than the outcome before it")
            tiers.append((window, outcome))
            longer, milder = window, outcome
        return tuple(tiers)

    @property
    def windows(self) -> tuple[tuple[timedelta, CreditOutcome], ...]:
        """Every window with its outcome, the longest first (D61)."""
        return ((self.window, self.late), *self.tiers)

    @property
    def strictest(self) -> CreditOutcome:
        """The outcome nearest to the start (D61)."""
        return self.windows[-1][1]

    @property
    def on_no_show(self) -> CreditOutcome:
        """What a no-show does to the credit, by its own term or else as strictly as any (D16)."""
        return self.strictest if self.no_show is None else self.no_show

    def tier_at(self, left: timedelta) -> tuple[timedelta, CreditOutcome]:
        """Return the window, with its outcome, that decides with that much time left (D61).

        It is the smallest one longer than the time left; where none is, the longest.
        """
        longer = [tier for tier in self.windows if tier[0] > left]
        return longer[-1] if longer else self.windows[0]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSettings:
    """One business and its settings.

    Attributes:
        activated_on: the account's own calendar date of activation; None when unknown (D01).
        online_redemption: the choice of the business, on or off; None when it never chose (D02).
        client_login: the setting of Client Login (T05).
        package_kind: whether the account is on new or on legacy packages (T03).
        deposit_required: whether a service asks for a deposit unless it says otherwise.
        card_capture: whether online booking asks for a card (D18).
        cancellation: the cancellation terms; None returns the credit of every cancellation (D10).
        time_zone: the zone in which explanations print times and rules read local time, a
            `ZoneInfo` with an IANA name (D76).
        week_starts: the ISO weekday on which its week starts, Monday 1 to Sunday 7 (D55).

    Raises:
        InvalidValueError: a field has the wrong type.

    Example:
        >>> AccountSettings(client_login=ClientLogin.OPTIONAL).deposit_required
        False
    """

    activated_on: date | None = None
    online_redemption: bool | None = None
    client_login: ClientLogin = ClientLogin.DISABLED
    package_kind: PackageKind = PackageKind.NEW
    deposit_required: bool = False
    card_capture: bool = False
    cancellation: CancellationTerms | None = None
    time_zone: ZoneInfo | None = None
    week_starts: int = 1

    def __repr__(self) -> str:
        """Show what differs from its default."""
        return check.repr_of_what_is_set(self)

    def __post_init__(self) -> None:
        """Check every field."""
        check.optional_day("AccountSettings.activated_on", self.activated_on)
        check.optional_flag("AccountSettings.online_redemption", self.online_redemption)
        check.member("AccountSettings.client_login", self.client_login, ClientLogin)
        check.member("AccountSettings.package_kind", self.package_kind, PackageKind)
        check.flag("AccountSettings.deposit_required", self.deposit_required)
        check.flag("AccountSettings.card_capture", self.card_capture)
        check.optional_kind_of("AccountSettings.cancellation", self.cancellation, CancellationTerms)
        check.optional_zone("AccountSettings.time_zone", self.time_zone)
        check.weekday("AccountSettings.week_starts", self.week_starts)

    @property
    def time_zone_key(self) -> str | None:
        """The IANA name of the account's zone, which answers and redemptions keep (D76)."""
        return None if self.time_zone is None else self.time_zone.key

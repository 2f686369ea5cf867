"""The account: its settings, and the terms on which a client may cancel.

Values only: they check themselves, and they know no rule.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import final
from zoneinfo import ZoneInfo

from pkgredeem._model import checks as check
from pkgredeem._model.words import ClientLogin, CreditOutcome, PackageKind

LONGEST_WINDOW = timedelta(days=366)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CancellationTerms:
    """What the account's cancellation policy does to a credit (T23, D10, D16).

    Attributes:
        window: elapsed time before the start, 0 to 366 days. A cancellation with exactly this much
            left is still in time (D09).
        late: what a client's cancellation inside the window does to the credit; there is no
            default.
        no_show: what a no-show does; None means the same as *late*.

    Raises:
        InvalidValueError: a field has the wrong type or is out of bounds.

    Example:
        >>> from datetime import timedelta
        >>> CancellationTerms(window=timedelta(hours=24), late=CreditOutcome.FORFEIT).on_no_show
        <CreditOutcome.FORFEIT: 'forfeit'>
    """

    window: timedelta
    late: CreditOutcome
    no_show: CreditOutcome | None = None

    def __post_init__(self) -> None:
        """Check every field."""
        check.duration("CancellationTerms.window", self.window, most=LONGEST_WINDOW)
        check.member("CancellationTerms.late", self.late, CreditOutcome)
        if self.no_show is not None:
            check.member("CancellationTerms.no_show", self.no_show, CreditOutcome)

    @property
    def on_no_show(self) -> CreditOutcome:
        """What a no-show does to the credit, by its own term, else as the terms say of late."""
        return self.late if self.no_show is None else self.no_show


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

    @property
    def time_zone_key(self) -> str | None:
        """The IANA name of the account's zone, which answers and redemptions keep (D76)."""
        return None if self.time_zone is None else self.time_zone.key

"""`RedemptionPolicy`: one method a question, no rule text.

The public face of the core: it checks what it is given, asks, and answers with a value. It reads no
clock, no database and no network.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import cast, final

from pkgredeem import rules
from pkgredeem._engine import acts, decide, menu, moves
from pkgredeem._model import checks as check
from pkgredeem._model.account import AccountSettings
from pkgredeem._model.answers import Decision, OnlineRedemptionSetting, Settlement
from pkgredeem._model.booking import Booking, Client, Service
from pkgredeem._model.case import Case
from pkgredeem._model.packages import Package, checked_packages
from pkgredeem._model.ranks import package_rank
from pkgredeem._model.redemption import Redemption
from pkgredeem._model.request import Request
from pkgredeem._model.words import Act, Actor, CreditOutcome
from pkgredeem.exceptions import InvalidValueError
from pkgredeem.rules import article
from pkgredeem.rules._rulebook import Rulebook


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RedemptionPolicy:
    """Answers questions under one rulebook.

    Attributes:
        rulebook: the rules in force; may be given by position.

    Raises:
        InvalidValueError: *rulebook* is not a `Rulebook`.

    Example:
        >>> from datetime import UTC, datetime
        >>> from pkgredeem import ClientLogin, Entitlement
        >>> decision = RedemptionPolicy().decide(
        ...     account=AccountSettings(online_redemption=True, client_login=ClientLogin.OPTIONAL),
        ...     client=Client(id="ana", logged_in=True),
        ...     packages=[
        ...         Package(
        ...             id="p1",
        ...             client_id="ana",
        ...             entitlements=[Entitlement(services=["facial"], remaining=5)],
        ...         )
        ...     ],
        ...     booking=Booking.of(
        ...         Service(id="facial"), id="b1", starts_at=datetime(2026, 5, 5, 10, tzinfo=UTC)
        ...     ),
        ...     now=datetime(2026, 5, 1, 9, tzinfo=UTC),
        ... )
        >>> decision.eligible
        True
    """

    rulebook: Rulebook = field(default=rules.TIMELY_2026_03, kw_only=False)

    def __post_init__(self) -> None:
        """Check the rulebook."""
        check.kind_of("RedemptionPolicy.rulebook", self.rulebook, Rulebook)

    def setting(self, account: AccountSettings) -> OnlineRedemptionSetting:
        """Return the account's switch as it is in effect (T01, T02, T03, D01, D02).

        Raises:
            InvalidValueError: *account* is not an `AccountSettings`.
        """
        check.kind_of("account", account, AccountSettings)
        visible = article.switch_is_visible(account)
        on = article.is_switched_on(account, self.rulebook.starts_enabled_after)
        return OnlineRedemptionSetting(
            visible=visible,
            enabled=visible and on,
            chosen=account.online_redemption is not None,
        )

    def notice(
        self,
        *,
        account: AccountSettings,
        client: Client,
        packages: Iterable[Package],
        now: datetime,
    ) -> bool:
        """Tell whether the client is told, after logging in, that a package is available (T09).

        True when the client is logged in, a package is active at *now* (D05), and no account,
        client or holdings rule refuses.

        Raises:
            InvalidValueError: a value has the wrong type, *now* has no zone, or a package occurs
                twice.
        """
        check.kind_of("account", account, AccountSettings)
        check.kind_of("client", client, Client)
        moment = check.instant("now", now)
        found = checked_packages("packages", packages)
        today = [package.with_end_in(account.time_zone) for package in found]
        ranked = sorted(today, key=package_rank)
        active = tuple(package for package in ranked if package.is_active(client, moment))
        refusals = decide.account_and_client_findings(self.rulebook, account, client, active)
        return article.shows_notice(client=client, active=active, refused=bool(refusals))

    def decide(
        self,
        *,
        account: AccountSettings,
        client: Client,
        packages: Iterable[Package],
        booking: Booking,
        now: datetime,
        existing: Redemption | None = None,
        by: Actor = Actor.CLIENT,
        note: str = "",
        only: Iterable[str] | None = None,
    ) -> Decision:
        """Tell whether this client may pay for this booking with a package, and what follows.

        Args:
            account: the account's settings.
            client: who books.
            packages: the packages to look at, each once, in any order, with what is left now.
            booking: what is booked.
            now: the moment of booking, aware.
            existing: this booking's own redemption, or the one that is exchanged for it (D21).
            by: who books, as a record.
            note: a free text that is kept with the act.
            only: the ids of the packages that may pay, as the client or staff picked them, one or
                more; None for any (D68).

        Raises:
            InvalidValueError: a value has the wrong type, *now* has no zone, a package occurs
                twice, there are too many (D75), *existing* is another client's, or an exchange
                lies before the booking that it gives up was made (D74).
            ClosedRedemptionError: no credit of *existing* is reserved any more.
            UnknownEntitlementError: an exchange would give back a credit to what its package no
                longer holds.
        """
        case = Case(
            account=account,
            client=client,
            packages=packages,
            booking=booking,
            now=now,
            existing=existing,
            by=by,
            note=note,
            only=only,
        )
        return decide.decide_case(self.rulebook, case)

    def decide_case(self, case: Case) -> Decision:
        """Return the decision about a whole case, as `decide` does.

        Raises:
            InvalidValueError: *case* is not a `Case`; and as for `decide`.
            ClosedRedemptionError: as for `decide`.
            UnknownEntitlementError: as for `decide`.
        """
        check.kind_of("case", case, Case)
        return decide.decide_case(self.rulebook, case)

    def menu(
        self,
        *,
        account: AccountSettings,
        client: Client,
        packages: Iterable[Package],
        services: Iterable[Service],
        starts_at: datetime,
        now: datetime,
        only: Iterable[str] | None = None,
    ) -> Mapping[str, bool]:
        """Tell for each service whether it would show the prompt if it were booked alone (T08).

        Args:
            account: the account's settings.
            client: who looks at the menu.
            packages: the packages to look at, each once.
            services: the services of the menu, each id once.
            starts_at: the start of the appointment, aware.
            now: the present, aware.
            only: the ids of the packages that may pay, one or more; None for any (D68).

        Returns:
            A read-only mapping of service id to prompt, in the order of *services*.

        Raises:
            InvalidValueError: a value has the wrong type, or an id occurs twice.
        """
        listed = check.items("services", services, Service)
        check.unique("services", listed, _id_of)
        prompts = menu.prompts(
            self.rulebook,
            account=account,
            client=client,
            packages=packages,
            services=listed,
            starts_at=starts_at,
            now=now,
            only=only,
        )
        return MappingProxyType(prompts)

    def cancel(
        self,
        redemption: Redemption,
        *,
        by: Actor,
        now: datetime,
        lines: Iterable[int] | None = None,
        note: str = "",
        packages: Iterable[Package] = (),
    ) -> Settlement:
        """Return what a cancellation does (T22, T23, D09 to D13, D30).

        A client's is judged by the terms that the redemption carries, and is refused at or after
        the start; one by the business always returns the credit.

        Args:
            redemption: the redemption as it is stored.
            by: who cancels.
            now: the instant of the cancellation, aware; exactly on `free_until` is in time, unless
                that is the start. Up to a minute before the booking was made counts as that moment
                (D74).
            lines: indexes of booking lines; None is those that are still reserved.
            note: a free text that is kept.
            packages: the packages drawn on, for what is told of credits that can't be used again
                (D13); may be left out.

        Raises:
            InvalidValueError: a value has the wrong type, a line is not one that a credit pays for,
                or *now* lies more than a minute before the booking was made.
            ClosedRedemptionError: another act has ended one of the lines.
        """
        request = Request(act=Act.CANCEL, by=by, now=check.instant("now", now))
        return self._end(redemption, request, lines, note, packages)

    def no_show(
        self,
        redemption: Redemption,
        *,
        now: datetime,
        outcome: CreditOutcome | None = None,
        lines: Iterable[int] | None = None,
        note: str = "",
        packages: Iterable[Package] = (),
    ) -> Settlement:
        """Return what a no-show does; the business records it at or after the start (D16).

        Args:
            redemption: the redemption as it is stored.
            now: the instant at which it is recorded, aware; the start itself is late enough.
            outcome: what staff say becomes of the credit; None asks the terms. Another outcome than
                the one that was recorded is another act (D37).
            lines: indexes of booking lines; None is those that are still reserved.
            note: a free text that is kept.
            packages: the packages drawn on, as for `cancel`; may be left out.

        Raises:
            InvalidValueError: a value has the wrong type, a line is not one that a credit pays for,
                or *now* lies more than a minute before the booking was made.
            ClosedRedemptionError: another act has ended one of the lines.
        """
        if outcome is not None:
            check.member("outcome", outcome, CreditOutcome)
        request = Request(act=Act.NO_SHOW, by=Actor.BUSINESS, now=check.instant("now", now))
        return self._end(redemption, request, lines, note, packages, outcome)

    def complete(
        self,
        redemption: Redemption,
        *,
        now: datetime,
        lines: Iterable[int] | None = None,
        note: str = "",
    ) -> Settlement:
        """Return what completing does: the credit is redeemed, at any time (D16, D38).

        A line that a no-show forfeited may still be completed.

        Args:
            redemption: the redemption as it is stored.
            now: the instant at which it is recorded, aware.
            lines: indexes of booking lines; None is those that are still reserved, else those that
                a no-show forfeited.
            note: a free text that is kept.

        Raises:
            InvalidValueError: a value has the wrong type, a line is not one that a credit pays for,
                or *now* lies more than a minute before the booking was made.
            ClosedRedemptionError: another act has ended one of the lines.
        """
        request = Request(act=Act.COMPLETE, by=Actor.BUSINESS, now=check.instant("now", now))
        return self._end(redemption, request, lines, note, ())

    def forgive(
        self,
        redemption: Redemption,
        *,
        now: datetime,
        note: str,
        lines: Iterable[int] | None = None,
        packages: Iterable[Package] = (),
    ) -> Settlement:
        """Return what forgiving does: a forfeited or redeemed credit returns (D16).

        Args:
            redemption: the redemption as it is stored.
            now: the instant at which it is recorded, aware.
            note: why; required, and kept (D36).
            lines: indexes of booking lines; None is those that are redeemed or forfeited.
            packages: the packages drawn on, as for `cancel`; may be left out.

        Raises:
            InvalidValueError: the note is empty, a value has the wrong type, a line is not one
                that a credit pays for, or is still reserved, or *now* lies more than a minute
                before the booking was made.
            ClosedRedemptionError: one of the lines returned its credit without being forgiven.
        """
        check.text("note", note)
        if not note.strip():
            raise InvalidValueError("note", note, "a text that says why it is forgiven")
        request = Request(act=Act.FORGIVE, by=Actor.BUSINESS, now=check.instant("now", now))
        return self._end(redemption, request, lines, note, packages)

    def reschedule(
        self,
        redemption: Redemption,
        *,
        account: AccountSettings,
        client: Client,
        starts_at: datetime,
        by: Actor,
        now: datetime,
        packages: Iterable[Package],
        note: str = "",
    ) -> Settlement:
        """Return what another start does: the credits stay reserved, free-until follows (D17).

        A client's is refused when it is late, when the new start is not after *now*, or when a rule
        of the rulebook that is asked on moves finds something at the new start (D58). One by the
        business never is: what is found is a note.

        Args:
            redemption: the redemption as it is stored.
            account: the account's settings.
            client: whose booking it is.
            starts_at: the new start, aware.
            by: who reschedules.
            now: the instant of the act, aware.
            packages: the packages drawn on by reserved credits, as they are today.
            note: a free text that is kept.

        Raises:
            InvalidValueError: a value has the wrong type, a package drawn on is missing, or *now*
                lies more than a minute before the booking was made.
            BookingMismatchError: the booking is another client's.
            ClosedRedemptionError: no credit of the redemption is reserved any more.
        """
        return moves.reschedule(
            self.rulebook,
            redemption,
            account=account,
            client=client,
            starts_at=starts_at,
            by=by,
            now=now,
            packages=packages,
            note=note,
        )

    def _end(  # noqa: PLR0917 - four calls, in one order
        self,
        redemption: Redemption,
        request: Request,
        lines: Iterable[int] | None,
        note: str,
        packages: Iterable[Package],
        outcome: CreditOutcome | None = None,
    ) -> Settlement:
        return acts.end(
            self.rulebook,
            redemption,
            request,
            lines=lines,
            note=note,
            staff_override=outcome,
            packages=packages,
        )


def checked_policy(field: str, policy: object) -> RedemptionPolicy:
    """Return the policy.

    Raises:
        InvalidValueError: it is not a `RedemptionPolicy`.
    """
    check.kind_of(field, policy, RedemptionPolicy)
    return cast("RedemptionPolicy", policy)


def _id_of(service: Service) -> str:
    return service.id

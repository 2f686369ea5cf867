"""Stores that are wrong on purpose in what they keep: each has no column for one fact."""

from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from pkgredeem import (
    Act,
    Actor,
    Booking,
    BookingLine,
    CancellationTerms,
    CardCaptureOutcome,
    CreditOutcome,
    DepositOutcome,
    Draw,
    Ending,
    Entitlement,
    Hours,
    Package,
    Pause,
    Quota,
    Redemption,
    Restrictions,
    Service,
)
from tests.helpers.plain_store import PlainStore

_Rewrite = Callable[[Any], Any]
_PACKAGES, _REDEMPTIONS = "every_fact_of_a_package_is_kept", "every_fact_of_a_redemption_is_kept"


class Rewrites(PlainStore):
    """Gives back what it keeps with values of one kind rewritten."""

    kind: type
    rewrite: _Rewrite

    def as_it_is(self, package: Package) -> Package:
        """Return the package, rewritten."""
        found: Package = self.rewritten(super().as_it_is(package))
        return found

    def redemption(self, booking_id: str) -> Redemption | None:
        """Return the redemption, rewritten."""
        found: Redemption | None = self.rewritten(super().redemption(booking_id))
        return found

    def rewritten(self, value: Any) -> Any:  # noqa: ANN401 - any part of a value
        """Return a value with every value of the kind in it rewritten."""
        if isinstance(value, tuple):
            return tuple(map(self.rewritten, value))
        if not is_dataclass(value) or isinstance(value, type):
            return value
        parts = {field.name: getattr(value, field.name) for field in fields(value) if field.init}
        parts = {name: self.rewritten(part) for name, part in parts.items()}
        kept = type(value)(**parts)
        return type(self).rewrite(kept) if isinstance(kept, self.kind) else kept


def rewriting(name: str, kind: type, rewrite: _Rewrite) -> type[PlainStore]:
    """Return a store that gives back values of a kind rewritten."""
    return type(name, (Rewrites,), {"kind": kind, "rewrite": staticmethod(rewrite)})


def without(kind: type, field: str) -> type[PlainStore]:
    """Return a store that has no column for a field, and gives back its default."""
    default = next(one.default for one in fields(kind) if one.name == field)
    assert default is not MISSING
    return rewriting(
        f"{kind.__name__}Without{field.title().replace('_', '')}",
        kind,
        lambda value: replace(value, **{field: default}),
    )


def _unless_late(ending: Ending) -> Ending:
    return replace(ending, late=False, window=None)


def _recomputed(redemption: Redemption) -> Redemption:
    if redemption.terms is None or not redemption.reschedules:
        return redemption
    return replace(redemption, free_until=redemption.starts_at - redemption.terms.window)


def _local(package: Package) -> Package:
    """Return a package whose end was written as London's clocks say, and read as UTC."""
    if package.valid_until is None:
        return package
    local = package.valid_until.astimezone(ZoneInfo("Europe/London"))
    return replace(package, valid_until=local.replace(tzinfo=UTC))


def _to_the_second(redemption: Redemption) -> Redemption:
    return replace(redemption, starts_at=redemption.starts_at.replace(microsecond=0))


def _known_zones(redemption: Redemption) -> Redemption:
    known = redemption.time_zone_key in available_timezones()
    return redemption if known else replace(redemption, time_zone_key=None)


def _zone_unless_utc(redemption: Redemption) -> Redemption:
    return (
        redemption if redemption.time_zone_key != "UTC" else replace(redemption, time_zone_key=None)
    )


def _with_its_last_ending(draw: Draw) -> Draw:
    return replace(draw, endings=draw.endings[-1:])


def _in_order_of_services(booking: Booking) -> Booking:
    lines = sorted(booking.lines, key=lambda line: line.service.id)
    return booking if len(lines) < 3 else replace(booking, lines=tuple(lines))


def _before_2038(package: Package) -> Package:
    end = datetime(2038, 1, 19, 3, 14, 7, tzinfo=UTC)
    until = package.valid_until
    return package if until is None or until < end else replace(package, valid_until=end)


def _need_terms(redemption: Redemption) -> Redemption:
    if redemption.terms is None:
        raise TypeError("'NoneType' object is not subscriptable")
    return redemption


_RETURN = CreditOutcome.RETURN
#: Fields with a default, each forgotten by a store of its own, and the test that says so.
_FORGOTTEN: dict[type, tuple[str, tuple[str, ...]]] = {
    Package: (
        _PACKAGES,
        (
            "kind",
            "status",
            "sold_at",
            "valid_from",
            "valid_until",
            "priority",
            "name",
            "shared_with",
            "book_until",
            "pauses",
            "lasts",
            "restrictions",
            "quotas",
            "cancellation",
            "traits",
        ),
    ),
    Entitlement: (_PACKAGES, ("unit", "valid_from", "valid_until", "restrictions", "quotas")),
    Restrictions: (_PACKAGES, ("traits", "hours", "not_on", "min_notice", "max_notice")),
    Hours: (_PACKAGES, ("closes",)),
    Quota: (_PACKAGES, ("name",)),
    Pause: (_PACKAGES, ("ends_at",)),
    CancellationTerms: (_PACKAGES, ("no_show", "tiers", "changes_close")),
    Redemption: (_REDEMPTIONS, ("reschedules", "replaces")),
    Booking: (_REDEMPTIONS, ("traits",)),
    BookingLine: (_REDEMPTIONS, ("picked_from", "payable", "traits")),
    Service: (_REDEMPTIONS, ("name", "deposit_required", "costs")),
    Draw: (_REDEMPTIONS, ("credits", "package_name")),
    Ending: (_REDEMPTIONS, ("note", "starts_at", "window")),
}
_OTHERS: tuple[tuple[str, type, _Rewrite, str, str], ...] = (
    ("DepositForgotten", Redemption,
     lambda it: replace(it, deposit=DepositOutcome.WAIVED), _REDEMPTIONS, "deposit: expected"),
    ("CardForgotten", Redemption,
     lambda it: replace(it, card_capture=CardCaptureOutcome.BYPASSED), _REDEMPTIONS,
     "card_capture: expected"),
    ("RulebookForgotten", Redemption,
     lambda it: replace(it, rulebook="in-store"), _REDEMPTIONS, "rulebook: expected"),
    ("MomentOfBookingForgotten", Redemption,
     lambda it: replace(it, booked_at=it.booked_at.replace(microsecond=250_001)), _REDEMPTIONS,
     "booked_at: expected"),
    ("TermsForgotten", Redemption,
     lambda it: replace(it, terms=None, free_until=None), _REDEMPTIONS, "terms: expected"),
    ("TermsOfDrawsForgotten", Draw,
     lambda it: replace(it, terms=None, free_until=None), _REDEMPTIONS, "terms: expected"),
    ("OwnerForgotten", Redemption,
     lambda it: replace(it, client_id="ana"), _REDEMPTIONS, "client_id: expected 'ben'"),
    ("StartForgotten", Redemption,
     lambda it: it if it.reschedules else replace(it, starts_at=it.booking.starts_at),
     _REDEMPTIONS, "starts_at: expected"),
    ("FirstStartForgotten", Redemption,
     lambda it: replace(it, booking=replace(it.booking, starts_at=it.starts_at)), _REDEMPTIONS,
     "booking: starts_at: expected"),
    ("StartToTheSecond", Redemption, _to_the_second, _REDEMPTIONS, "starts_at: expected"),
    ("ZoneForgotten", Redemption,
     lambda it: replace(it, time_zone_key=None), _REDEMPTIONS, "time_zone_key: expected"),
    ("UnknownZoneForgotten", Redemption, _known_zones, _REDEMPTIONS, "the zone Mars/Phobos"),
    ("UtcForgotten", Redemption, _zone_unless_utc, _REDEMPTIONS, "the zone UTC"),
    ("NeedsTerms", Redemption, _need_terms, _REDEMPTIONS, "TypeError: 'NoneType' object"),
    ("LinesInOrderOfServices", Booking, _in_order_of_services, _REDEMPTIONS, "an odd order"),
    ("LateForgotten", Ending, _unless_late, _REDEMPTIONS, "late: expected True"),
    ("ActorForgotten", Ending,
     lambda it: replace(_unless_late(it), by=Actor.BUSINESS), _REDEMPTIONS, "by: expected"),
    ("InstantOfEndingForgotten", Ending,
     lambda it: replace(it, at=it.at.replace(microsecond=0)), _REDEMPTIONS, "at: expected"),
    ("EarlierEndingsForgotten", Draw, _with_its_last_ending, "every_act_is_read_back",
     "endings: length: expected 2, found 1"),
    ("FreeUntilRecomputed", Redemption, _recomputed, "every_move_is_read_back",
     "free_until: expected"),
    ("EndsInLocalTime", Package, _local, _PACKAGES, "an end"),
    ("EndsIn2038", Package, _before_2038, _PACKAGES, "an end"),
    ("LosesTheSign", Package, lambda it: replace(it, priority=abs(it.priority)), _PACKAGES,
     "priority: expected -7, found 7"),
    ("LateIsForfeited", CancellationTerms,
     lambda it: replace(it, late=CreditOutcome.FORFEIT, tiers=()), _PACKAGES, "late: expected"),
    ("SoldAtMidnight", Package,
     lambda it: it if it.sold_at is None else replace(
         it, sold_at=it.sold_at.replace(hour=0, minute=0, second=0, microsecond=0)),
     _PACKAGES, "sold_at: expected"),
    ("EndsWithTheSecond", Package,
     lambda it: it if it.valid_until is None else replace(
         it, valid_until=it.valid_until.replace(microsecond=0) - timedelta(microseconds=0)),
     _PACKAGES, "valid_until: expected"),
    ("ManyCreditsAreManyMore", Entitlement,
     lambda it: it if not isinstance(it.remaining, int) else replace(
         it, remaining=int(float(f"{it.remaining:.3g}")) if it.remaining > 1_000 else it.remaining),
     _PACKAGES, "remaining: expected 2000001, found 2000000"),
    ("NoShowsWithoutNotes", Ending,
     lambda it: replace(it, note="") if it.act is Act.NO_SHOW else it, "every_act_is_read_back",
     "note: expected"),
)  # fmt: skip

#: What is wrong, the test that says so, and with which words.
CAUGHT_BY: dict[type[PlainStore], tuple[str, str]] = {
    **{
        without(kind, field): (test, f"{field}: ")
        for kind, (test, names) in _FORGOTTEN.items()
        for field in names
    },
    **{
        rewriting(name, kind, rewrite): (test, words)
        for name, kind, rewrite, test, words in _OTHERS
    },
}

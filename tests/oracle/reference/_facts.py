"""Facts of packages: whose they are, whether they are active, in which order they come.

No rule lives here.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from math import inf
from typing import TYPE_CHECKING

from ._calendar import last_day, local, start_of_day
from ._codes import STARTS_ENABLED_AFTER
from ._errors import INVALID, NamedError
from ._filled import filled_account, reserved

if TYPE_CHECKING:
    from ._filled import Doc

_NEVER = datetime.max.replace(tzinfo=UTC)


def put_back(existing: Doc, packages: list[Doc]) -> None:
    """Add each credit that `existing` still reserves to the entitlement that it came from (D21)."""
    for draw in reserved(existing):
        for package in packages:
            for entitlement in package["entitlements"]:
                same_package = package["id"] == draw["package_id"]
                if same_package and entitlement["id"] == draw["entitlement_id"]:
                    entitlement["remaining"] += draw["credits"]


def prepare(packages: list[Doc], existing: Doc | None, zone: str | None) -> None:
    """Give packages their end (D53) and the uses that count, `existing`'s reserved ones off."""
    for package in packages:
        package["counted"] = [
            use
            for use in package["uses"]
            if existing is None
            or use["booking_id"] != existing["booking"]["id"]
            or use["state"] != "reserved"
        ]
        if package["lasts"] is not None and package["counted"] and zone is None:
            raise NamedError(INVALID)
        set_end(package, zone)


def set_end(package: Doc, zone: str | None) -> None:
    """Give a package its end; without a zone the term of first use is not looked at (D13, D53)."""
    term_ends = None if zone is None else _end_of_term(package, zone)
    package["ends"] = min(
        (at for at in (package["valid_until"], term_ends) if at is not None), default=None
    )


def _end_of_term(package: Doc, zone: str) -> datetime | None:
    """Give the instant when the term of first use is over; without uses it has not begun (D53)."""
    if package["lasts"] is None or not package["counted"]:
        return None
    first = min(local(use["starts_at"], zone).date() for use in package["counted"])
    return start_of_day(last_day(package["lasts"], first) + timedelta(days=1), zone)


def first_use_term(
    package: Doc, start: datetime, zone: str | None, *, only_after: bool = False
) -> Doc | None:
    """Find a start outside the term of first use, or one that moves a use out of it (D53)."""
    if package["lasts"] is None or not package["counted"]:
        return None
    days = [local(use["starts_at"], zone).date() for use in package["counted"]]
    day, first = local(start, zone).date(), min(days)
    last = last_day(package["lasts"], first)
    if day > last:
        return {"first_day": first.isoformat(), "last_day": last.isoformat()}
    new_last = last_day(package["lasts"], day)
    falls_out = day < first and any(new_last < one <= last for one in days)
    if falls_out and not only_after:
        return {"first_day": day.isoformat(), "last_day": new_last.isoformat()}
    return None


def soonest(at: datetime | None) -> tuple[bool, datetime]:
    """Order instants with the absent one (never-ending, unknown) last."""
    return (at is None, at or _NEVER)


def package_order(package: Doc) -> tuple[object, ...]:
    """Order packages as D22 tells them: priority, end of validity, sale, id."""
    return (
        -package["priority"],
        soonest(package["ends"]),
        soonest(package["sold_at"]),
        package["id"],
    )


def credit_order(package: Doc, entitlement: Doc) -> tuple[object, ...]:
    """Order credits as D20 ranks them: unlimited first (D42), then the earlier end (D50)."""
    return (
        -package["priority"],
        entitlement["remaining"] != inf,
        min(soonest(package["ends"]), soonest(entitlement["valid_until"])),
        len(entitlement["services"]),
        soonest(package["sold_at"]),
        package["id"],
        entitlement["id"],
    )


def ranked_credits(packages: list[Doc]) -> list[tuple[Doc, Doc]]:
    """List every entitlement with its package, the one to be drawn first first."""
    pairs = [
        (package, entitlement) for package in packages for entitlement in package["entitlements"]
    ]
    return sorted(pairs, key=lambda pair: credit_order(*pair))


def credits_left(package: Doc) -> float:
    """Count the credits left in a package, whatever their validity (D50)."""
    left: float = sum(entitlement["remaining"] for entitlement in package["entitlements"])
    return left


def is_holder(package: Doc, client: Doc) -> bool:
    """Judge whether a client holds a package, as its own or shared (D04, D59); no guest does."""
    holders = [package["client_id"], *package["shared_with"]]
    return client["id"] is not None and client["id"] in holders


def pause_at(package: Doc, start: datetime) -> Doc | None:
    """Give the pause of a package that an instant lies in, the first of them (D51)."""
    for pause in sorted(
        package["pauses"], key=lambda one: (one["starts_at"], soonest(one["ends_at"]))
    ):
        if pause["starts_at"] <= start and (pause["ends_at"] is None or start < pause["ends_at"]):
            found: Doc = pause
            return found
    return None


def is_active(package: Doc, client: Doc, now: datetime) -> bool:
    """Judge D05's "active", a fact of the package as handed in, at the moment of booking."""
    book_until = package["book_until"]
    return (
        package["kind"] == "new"
        and is_holder(package, client)
        and package["status"] == "active"
        and (package["sold_at"] is None or package["sold_at"] <= now)
        and (book_until is None or now < book_until)
        and pause_at(package, now) is None
        and all(
            len(package["uses"]) < quota["most"]
            for quota in package["quotas"]
            if quota["per"] == "ever"
        )
        and _has_begun_and_not_ended(package, package | {"valid_until": package["ends"]}, now)
        and any(
            entitlement["remaining"] >= 1 and _has_begun_and_not_ended(package, entitlement, now)
            for entitlement in package["entitlements"]
        )
    )


def _has_begun_and_not_ended(package: Doc, valid: Doc, now: datetime) -> bool:
    """Judge a validity at the moment of booking; with a book-by its begin is no matter (D05)."""
    begins, ends = valid["valid_from"], valid["valid_until"]
    begun = begins is None or begins <= now or package["book_until"] is not None
    return begun and (ends is None or now < ends)


def setting(account: Doc, rulebook: str) -> Doc:
    """Say what the online redemption switch is (T01, T02, T03, D01, D02)."""
    account = filled_account(account)
    chosen = account["online_redemption"] is not None
    visible = account["package_kind"] == "new"
    if not visible:
        enabled = False
    elif chosen:
        enabled = account["online_redemption"]
    else:
        after = STARTS_ENABLED_AFTER[rulebook]
        activated = account["activated_on"]
        enabled = (
            after is not None and activated is not None and date.fromisoformat(activated) > after
        )
    return {"visible": visible, "enabled": enabled, "chosen": chosen}

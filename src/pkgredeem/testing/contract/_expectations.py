"""What the invariants of a store share: a small salon, and expectations that say what was found.

Expectations raise `AssertionError` themselves, so that they hold with `python -O` and read well
without any rewriting of assertions.
"""

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import TypeVar
from unittest import SkipTest

import pkgredeem as p
from pkgredeem.stores import RedemptionStore
from pkgredeem.testing.contract._differences import described_differences

_Answer = TypeVar("_Answer")

THREADS = 8
LONGEST_WAIT = 60.0  # seconds until threads that wait for each other are called a deadlock

ANA = p.Client(id="ana", logged_in=True)
BEN = p.Client(id="ben", logged_in=True)
NOW = datetime(2026, 5, 1, 9, 0, 0, 250_001, tzinfo=UTC)
START = datetime(2026, 5, 5, 10, tzinfo=UTC)
MIDNIGHT = datetime(2026, 5, 6, tzinfo=UTC)  # after the start
LATE = START - timedelta(hours=1)
DAY = timedelta(days=1)
ACCOUNT = p.AccountSettings(
    deposit_required=True,
    card_capture=True,
    cancellation=p.CancellationTerms(window=DAY, late=p.CreditOutcome.FORFEIT),
)
POLICY = p.RedemptionPolicy(p.rules.IN_STORE)
TWO = ("facial", "facial")


def same(what: str, expected: object, found: object) -> None:
    """Expect two values to be equal."""
    if expected != found:
        raise AssertionError(f"{what}: {described_differences(expected, found)}")


@contextmanager
def in_case(what: str) -> Generator[None, None, None]:
    """Say in which case something is not as expected."""
    try:
        yield
    except AssertionError as error:
        raise AssertionError(f"{what}: {error}") from error
    except SkipTest:
        raise
    except Exception as error:
        error.add_note(f"in the case: {what}")
        raise


def refused(what: str, error: type[Exception], act: Callable[[], object]) -> None:
    """Expect an act to raise exactly that error."""
    try:
        act()
    except error:
        return
    raise AssertionError(f"{what}: expected {error.__name__}, and nothing was raised")


def conflicts(what: str, store: RedemptionStore, *changes: p.Change) -> None:
    """Expect the store to refuse these changes."""
    refused(what, p.ConflictError, lambda: store.commit(*changes))


def credit(*services: str, remaining: int, id: str = "main") -> p.Entitlement:
    """Return an entitlement to those services."""
    return p.Entitlement(services=services, remaining=remaining, id=id)


def facials(package_id: str = "p1", *, remaining: int = 5, client_id: str = "ana") -> p.Package:
    """Return a package of facials."""
    entitlements = (credit("facial", remaining=remaining),)
    return p.Package(id=package_id, client_id=client_id, entitlements=entitlements)


def booking(booking_id: str, *services: str, starts_at: datetime = START) -> p.Booking:
    """Return a booking of those services, of one facial when none is named."""
    chosen = [p.Service(id=service) for service in services or ("facial",)]
    return p.Booking.of(*chosen, id=booking_id, starts_at=starts_at)


def due(answer: p.Decision | p.Settlement) -> p.Change:
    """Return the change of an answer that has to have one."""
    if answer.change is None:
        raise AssertionError(f"an answer with a change: {answer!r}")
    return answer.change


def proposed(
    packages: Iterable[p.Package], wanted: p.Booking, *, client: p.Client = ANA, now: datetime = NOW
) -> p.Change:
    """Return the change that books with these packages."""
    return due(
        POLICY.decide(account=ACCOUNT, client=client, packages=packages, booking=wanted, now=now)
    )


def committed(store: RedemptionStore, answer: p.Change | p.Decision | p.Settlement) -> p.Redemption:
    """Commit a change, and return the redemption as it is then."""
    change = answer if isinstance(answer, p.Change) else due(answer)
    store.commit(change)
    return change.after


def known(store: RedemptionStore, booking_id: str) -> p.Redemption:
    """Return a redemption that has to be there."""
    found = store.redemption(booking_id)
    if found is None:
        raise AssertionError(f"redemption of {booking_id!r}: it was committed, and is not there")
    return found


def owned(
    store: RedemptionStore, client_id: str, *named: str, not_over_at: datetime = NOW
) -> list[p.Package]:
    """Return the packages that are read of a client, and those named; all in the order of ids.

    Uses and versions are left out where nothing counts them: a store may do so as well (D66).
    """
    found = store.packages_of(client_id, not_over_at=not_over_at, also=named)
    return [in_order(package) for package in sorted(found, key=_id_of)]


def is_counted(package: p.Package) -> bool:
    """Tell whether the uses of a package are counted: it has quotas, or a term of first use."""
    return package.has_quotas or package.lasts is not None


def in_order(package: p.Package) -> p.Package:
    """Return a package to be compared: in order, without uses and version that nothing counts."""
    return replace(
        package,
        entitlements=tuple(sorted(package.entitlements, key=_id_of)),
        uses=tuple(sorted(package.uses, key=line_of)) if is_counted(package) else (),
        version=package.version if is_counted(package) else None,
    )


def line_of(use: p.Use) -> tuple[str, int]:
    """Return by what uses are sorted."""
    return use.booking_id, use.line


def _id_of(value: p.Package | p.Entitlement) -> str:
    return value.id


def credits_left(
    store: RedemptionStore, package_id: str = "p1", entitlement_id: str = "main"
) -> int | p.Unlimited:
    """Return how many credits of an entitlement the store says are available."""
    named = owned(store, "nobody", package_id)
    found = {(item.id, part.id): part.remaining for item in named for part in item.entitlements}
    if (package_id, entitlement_id) not in found:
        what = f"package {package_id!r} was named, and {entitlement_id!r} is not there"
        raise AssertionError(what)
    return found[package_id, entitlement_id]


def versions(store: RedemptionStore, sold: Iterable[p.Package]) -> dict[str, int]:
    """Return the version of each package that has to have one, as it is now."""
    named = owned(store, "nobody", *(package.id for package in sold))
    found = {package.id: package.version for package in named if is_counted(package)}
    for package_id, version in found.items():
        if version is None:
            raise AssertionError(f"version of {package_id!r}: it has quotas or lasts, and has none")
    return {name: version for name, version in found.items() if version is not None}


def desk(store: RedemptionStore, *, attempts: int = 50) -> p.RedemptionDesk:
    """Return a desk that is patient: many threads at once may conflict often."""
    return p.RedemptionDesk(POLICY, store, attempts)


def redeemed(
    store: RedemptionStore, wanted: p.Booking, *, client: p.Client = ANA, now: datetime = NOW
) -> p.Decision:
    """Redeem a booking at a desk on the store."""
    return desk(store).redeem(account=ACCOUNT, client=client, booking=wanted, now=now)


def codes(decision: p.Decision) -> list[str]:
    """Return the codes of a decision's reasons; a store may leave out what is used up (D05)."""
    found = [reason.code for reason in decision.reasons]
    return ["package_used_up"] if found == ["no_package"] else found


def at_once(acts: Sequence[Callable[[], _Answer]], end: Callable[[], None]) -> list[_Answer]:
    """Do all acts at the same moment, each in its own thread, and return their answers in order."""
    gate = Barrier(len(acts))
    answers: dict[int, _Answer] = {}
    errors: list[Exception] = []

    def run(place: int) -> None:
        try:
            gate.wait(LONGEST_WAIT)
            answers[place] = acts[place]()
        except Exception as error:  # noqa: BLE001 - shown again in the test's own thread
            errors.append(error)
        finally:
            end()

    threads = [Thread(target=run, args=(place,), daemon=True) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONGEST_WAIT)
    if any(thread.is_alive() for thread in threads):
        raise AssertionError("the threads wait for each other: look for a deadlock")
    if errors:
        raise errors[0]
    return [answers[place] for place in range(len(acts))]

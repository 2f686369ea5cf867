"""Stores that are wrong on purpose in which packages they give, and to whom."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pkgredeem import UNLIMITED, Change, Movement, Package, PackageKind, PackageStatus
from tests.helpers.plain_store import PlainStore


class LeavesOut(PlainStore):
    """Right as it is: what is named comes, and of the client's others those that it gives."""

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Return the packages of the client that are given, and those named."""
        named = set(also)
        return [
            package
            for package in super().packages_of(client_id, not_over_at=not_over_at, also=named)
            if package.id in named or self.gives(package)
        ]

    def gives(self, package: Package) -> bool:
        """Tell whether the package is given without being named."""
        return package.has_credit


class LeavesOutWhatIsOverByTheClock(LeavesOut):
    """Leaves out what is over by the clock of the database, whatever instant is handed in."""

    def gives(self, package: Package) -> bool:
        """Look at the clock."""
        return not package.is_over_by(datetime.now(UTC))


class LeavesOutWhatEndsThatSecond(PlainStore):
    """Keeps the end of a package to the second."""

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Return the packages that are not over in that second, and those named."""
        named = set(also)
        second = not_over_at.replace(microsecond=0) + timedelta(seconds=1)
        found = super().packages_of(client_id, not_over_at=not_over_at, also=named)
        return [each for each in found if each.id in named or not each.is_over_by(second)]


class WantsACreditOfEach(LeavesOut):
    """Leaves out a package in which one of two entitlements is used up."""

    def gives(self, package: Package) -> bool:
        """Look at every entitlement."""
        return all(held.remaining for held in package.entitlements)


class LeavesOutWhatHasNotStarted(LeavesOut):
    """Leaves out a package whose validity has not begun."""

    def gives(self, package: Package) -> bool:
        """Look at the beginning."""
        return package.has_started_by(datetime.now(UTC))


class LeavesOutWhatIsSoldLater(LeavesOut):
    """Leaves out a package that is not sold yet, by the clock of the database."""

    def gives(self, package: Package) -> bool:
        """Look at the sale."""
        return package.is_sold_by(datetime.now(UTC))


class OnlyActive(LeavesOut):
    """Leaves out what is archived."""

    def gives(self, package: Package) -> bool:
        """Look at the status."""
        return package.status is PackageStatus.ACTIVE


class OnlyNew(LeavesOut):
    """Leaves out legacy packages."""

    def gives(self, package: Package) -> bool:
        """Look at the kind."""
        return package.kind is PackageKind.NEW


class LeavesOutWhatEnds(LeavesOut):
    """Takes for over whatever ends in this century."""

    def gives(self, package: Package) -> bool:
        """Look at the end."""
        return not package.is_over_by(datetime(2100, 1, 1, tzinfo=UTC))


class DropsUsedUpEntitlements(PlainStore):
    """Reads the entitlements that have a credit, with a condition in the wrong place."""

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Return the packages of the client without what is used up in them."""
        named = set(also)
        found = super().packages_of(client_id, not_over_at=not_over_at, also=named)
        return [each if each.id in named else self._dropped(each) for each in found]

    @staticmethod
    def _dropped(package: Package) -> Package:
        held = tuple(each for each in package.entitlements if each.remaining)
        return replace(package, entitlements=held or package.entitlements)


class IgnoresAlso(PlainStore):
    """Gives only the client's own packages."""

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Return the packages of the client."""
        del also
        return super().packages_of(client_id, not_over_at=not_over_at)


class NamesTwice(PlainStore):
    """Gives a package twice when it is the client's and named as well."""

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Return both lists, one after the other."""
        named = [self.packages[each] for each in also if each in self.packages]
        return [
            *super().packages_of(client_id, not_over_at=not_over_at),
            *map(self.as_it_is, named),
        ]


class ShowsEverybodys(PlainStore):
    """Gives the packages of all clients."""

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Return all packages."""
        del client_id, not_over_at, also
        return [self.as_it_is(package) for package in self.packages.values()]


class KnowsOwnersOnly(PlainStore):
    """Looks for the owner of a package, and forgets with whom it is shared."""

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Return the packages that were sold to the client, and those named."""
        named = set(also)
        found = super().packages_of(client_id, not_over_at=not_over_at, also=named)
        return [each for each in found if each.id in named or each.client_id == client_id]


class SharesBothWays(PlainStore):
    """Takes it that whoever gets a package of somebody shares their own with them."""

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Return the packages of the client, of those who share with them, and those named."""
        named = set(also)
        friends = {
            name
            for package in self.packages.values()
            if package.client_id == client_id
            for name in package.shared_with
        }
        theirs = [each.id for each in self.packages.values() if each.client_id in friends]
        return super().packages_of(client_id, not_over_at=not_over_at, also=[*named, *theirs])


class NamedUnlessOver(PlainStore):
    """Leaves out what is over, also where it is named."""

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Return the packages that are not over."""
        found = super().packages_of(client_id, not_over_at=not_over_at, also=also)
        return [package for package in found if not package.is_over_by(not_over_at)]


class OnlyAHundred(PlainStore):
    """Gives as many packages as fit on a page."""

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Return the first packages of the client, and those named."""
        named = set(also)
        found = super().packages_of(client_id, not_over_at=not_over_at, also=named)
        own = [each for each in found if each.id not in named]
        return [*own[:100], *(each for each in found if each.id in named)]


class OnlyTenNames(PlainStore):
    """Has a query with ten places for names."""

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Return the packages of the client, and the first of those named."""
        return super().packages_of(client_id, not_over_at=not_over_at, also=[*also][:10])


class HoldsWhatIsShown(PlainStore):
    """Sets a credit aside for whoever looks, until the next commit."""

    held_for = ""

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Show a client one credit less the second time."""
        named = [*also]
        found = super().packages_of(client_id, not_over_at=not_over_at, also=named)
        shown = [self._one_less(each) if each.client_id == client_id else each for each in found]
        if named:
            return found
        found, self.held_for = shown if self.held_for == client_id else found, client_id
        return found

    def commit(self, *changes: Change) -> None:
        """Commit, and let go of what was held."""
        self.held_for = ""
        super().commit(*changes)

    @staticmethod
    def _one_less(package: Package) -> Package:
        first, *others = package.entitlements
        if first.remaining is UNLIMITED:
            return package
        less = replace(first, remaining=max(0, first.remaining - 1))
        return replace(package, entitlements=(less, *others))


class OneCacheForAll(PlainStore):
    """Gives whoever asks what it gave the last one who asked, until the next commit."""

    cache: Sequence[Package] | None = None

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Return what was read last, unless something is named."""
        named = [*also]
        found = super().packages_of(client_id, not_over_at=not_over_at, also=named)
        if named:
            return found
        self.cache = found if self.cache is None else self.cache
        return self.cache

    def commit(self, *changes: Change) -> None:
        """Commit, and read afresh then."""
        super().commit(*changes)
        self.cache = None


class CountsByClient(PlainStore):
    """Gives everybody with whom a package is shared the credits of it anew."""

    def remaining_for(self, package: Package, client_id: str) -> Package:
        """Return the package with what the client has not drawn on yet."""
        drawn = sum(
            draw.credits
            for redemption in self.redemptions.values()
            if redemption.client_id == client_id
            for draw in redemption.reserved_draws
            if draw.package_id == package.id
        )
        sold = self.packages[package.id].entitlements
        counted = [each for each in sold if isinstance(each.remaining, int)]
        return replace(
            package,
            entitlements=tuple(
                replace(each, remaining=max(0, int(each.remaining) - drawn)) for each in counted
            ),
        )

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Return the packages, those that are shared with what is left of them for this client."""
        found = super().packages_of(client_id, not_over_at=not_over_at, also=also)
        return [
            self.remaining_for(each, client_id)
            if client_id in (each.client_id, *each.shared_with) and each.shared_with
            else each
            for each in found
        ]

    def is_counted_for_all(self, package_id: str) -> bool:
        """Tell whether a package has one balance."""
        package = self.packages.get(package_id)
        return package is None or not package.shared_with

    def count(self, movements: Iterable[Movement]) -> None:
        """Look for credits where nothing is shared."""
        super().count(each for each in movements if self.is_counted_for_all(each.package_id))


#: What is wrong, the test that says so, and with which words.
CAUGHT_BY = {
    CountsByClient: ("a_shared_package_has_one_balance", "what refuses the third"),
    DropsUsedUpEntitlements: ("every_package_with_a_credit_comes", "half used up: entitlements"),
    HoldsWhatIsShown: ("a_quote_is_what_redeeming_then_does", "the quotes"),
    IgnoresAlso: ("packages_named_besides_come_in_any_state", "p6: expected"),
    KnowsOwnersOnly: ("a_package_comes_to_whoever_holds_it", "the packages of ben: p3"),
    LeavesOutWhatEnds: ("every_package_with_a_credit_comes", "to end: expected"),
    LeavesOutWhatEndsThatSecond: (
        "what_is_over_is_asked_of_the_instant_given",
        "over at once: expected",
    ),
    LeavesOutWhatHasNotStarted: ("every_package_with_a_credit_comes", "to start: expected"),
    LeavesOutWhatIsOverByTheClock: (
        "what_is_over_is_asked_of_the_instant_given",
        "over a day later: expected",
    ),
    LeavesOutWhatIsSoldLater: ("every_package_with_a_credit_comes", "sold later: expected"),
    NamedUnlessOver: ("packages_named_besides_come_in_any_state", "p3: expected"),
    NamesTwice: ("packages_named_besides_come_in_any_state", "length: expected 6, found 11"),
    OneCacheForAll: ("a_package_comes_to_whoever_holds_it", "the packages of ben: p2: expected"),
    OnlyAHundred: ("as_many_packages_come_as_there_may_be", "length: expected 1000, found 100"),
    OnlyActive: ("every_package_with_a_credit_comes", "archived: expected"),
    OnlyNew: ("every_package_with_a_credit_comes", "legacy: expected"),
    OnlyTenNames: ("as_many_packages_come_as_there_may_be", "length: expected 1000, found 10"),
    SharesBothWays: ("a_package_comes_to_whoever_holds_it", "the packages of ana: p"),
    ShowsEverybodys: ("a_package_comes_to_whoever_holds_it", "the packages of ana: p2"),
    WantsACreditOfEach: ("every_package_with_a_credit_comes", "half used up: expected"),
}

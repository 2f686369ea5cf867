"""What a store may do otherwise: the contract asks no more of it than the protocol promises."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import cast

import pytest

from pkgredeem import Change, Package
from pkgredeem.testing import StoreContract
from tests.helpers.contract_support import broken, contract_of, names_of
from tests.helpers.plain_store import PlainStore


class FreeStore(PlainStore):
    """A right store that does everything otherwise that is nobody's business.

    It has one version for all packages, raised by seven or more at a time; its packages come one by
    one, the last first, and all in them backwards; what is used up or over is left out unless it is
    named.
    """

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Return the packages of the client, and those named, as an iterator."""
        named = set(also)
        found = super().packages_of(client_id, not_over_at=not_over_at, also=named)
        kept = (
            replace(
                package, entitlements=package.entitlements[::-1], uses=tuple(package.uses)[::-1]
            )
            for package in reversed(found)
            if package.id in named or (package.has_credit and not package.is_over_by(not_over_at))
        )
        return cast("Sequence[Package]", kept)

    def keep(self, change: Change) -> None:
        """Store the redemption, and raise the versions of all packages."""
        super().keep(change)
        self.versions.update(dict.fromkeys(self.packages, 7))

    def as_it_is(self, package: Package) -> Package:
        """Return the package with uses and a version, also where nothing counts them."""
        found = super().as_it_is(package)
        return replace(found, uses=self.uses_of(package.id), version=self.versions[package.id])


@pytest.mark.parametrize("invariant", names_of(StoreContract))
def test_a_store_may_do_otherwise_what_nobody_promises(invariant: str) -> None:
    """Orders, numbers of versions, uses that nothing counts and spent packages are its own."""
    assert None is broken(contract_of(FreeStore), invariant)

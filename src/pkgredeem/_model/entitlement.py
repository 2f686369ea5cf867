"""What a package gives: services, the units that are left for them, and on which conditions."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, final

from pkgredeem._model import checks as check
from pkgredeem._model.booking import CREDIT
from pkgredeem._model.plans import Restrictions
from pkgredeem._model.quotas import Quota
from pkgredeem._model.words import UNLIMITED, Unlimited

_SIMPLE = (CREDIT, None, None, None, ())  # what an entitlement of the article says beside these

if TYPE_CHECKING:
    from collections.abc import Iterable


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Entitlement:
    """What a package still gives: any one of its services while units are left (T13, T14, D41).

    Attributes:
        services: the ids of the services that it may pay for, one or more; any iterable.
        remaining: units left, 0 or more, with the reserved ones taken off; UNLIMITED where none are
            counted (D42).
        id: its id inside the package; two entitlements of a package need ids of their own (D73).
        unit: what it counts, such as "credit", "minute" or "point"; a service takes what its `cost`
            of that unit is (D41).
        valid_from: the first instant of its own validity, inclusive; None for the package's (D50).
        valid_until: the end of its own validity, exclusive; None for the package's.
        restrictions: where, when and with what notice it may be used, besides what the package
            asks; None for no more (D45).
        quotas: how often it may be used in a period; all of them must have a place left (D54).

    Raises:
        InvalidValueError: a field has the wrong type, the id is empty, no service is named, the
            count is negative, or *valid_from* is not before *valid_until*.

    Example:
        >>> Entitlement(services=["pedicure", "manicure"], remaining=3).id
        'main'
    """

    services: frozenset[str]
    remaining: int | Unlimited
    id: str = "main"
    unit: str = CREDIT
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    restrictions: Restrictions | None = None
    quotas: tuple[Quota, ...] = ()

    if TYPE_CHECKING:

        def __init__(
            self,
            *,
            services: Iterable[str],
            remaining: int | Unlimited,
            id: str = "main",
            unit: str = ...,
            valid_from: datetime | None = ...,
            valid_until: datetime | None = ...,
            restrictions: Restrictions | None = ...,
            quotas: Iterable[Quota] = ...,
        ) -> None: ...

    def __repr__(self) -> str:
        """Show what differs from its default."""
        return check.repr_of_what_is_set(self)

    def __post_init__(self) -> None:
        """Check every field; store the services as a set."""
        if (
            type(self.services) is frozenset
            and self.services
            and (
                self.remaining is UNLIMITED or (type(self.remaining) is int and self.remaining >= 0)
            )
            and type(self.id) is str
            and self.id
            and self.sets_nothing_beyond
        ):
            for service in self.services:
                if type(service) is not str or not service:
                    break
            else:
                return
        check.put(
            self, "services", frozenset(check.identifiers("Entitlement.services", self.services))
        )
        if self.remaining is not UNLIMITED:
            check.whole("Entitlement.remaining", self.remaining, least=0)
        check.identifier("Entitlement.id", self.id)
        check.text("Entitlement.unit", self.unit)
        check.validity(self)
        check.optional_kind_of("Entitlement.restrictions", self.restrictions, Restrictions)
        check.put(self, "quotas", check.items("Entitlement.quotas", self.quotas, Quota))

    @property
    def sets_nothing_beyond(self) -> bool:
        """Whether it says no more than the article, which knows services and credits."""
        said = self.unit, self.valid_from, self.valid_until, self.restrictions, self.quotas
        return said == _SIMPLE

    def has_started_by(self, moment: datetime) -> bool:
        """Tell whether its own validity has begun at that instant, inclusive (D50)."""
        return self.valid_from is None or self.valid_from <= moment

    def is_over_by(self, moment: datetime) -> bool:
        """Tell whether its own validity has ended at that instant; the end itself is over (D50)."""
        return self.valid_until is not None and self.valid_until <= moment

    @property
    def has_credit(self) -> bool:
        """Whether at least one unit is left, or none are counted."""
        return self.remaining is UNLIMITED or self.remaining > 0

    def has(self, units: int) -> bool:
        """Tell whether so many units are left, or none are counted (D42)."""
        return self.remaining is UNLIMITED or self.remaining >= units

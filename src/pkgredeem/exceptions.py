"""What can go wrong, and whose fault it is.

Exceptions only: a refusal is an answer (a `Decision` or a `Settlement` with its findings), never an
exception. What is raised says that the caller's data or the order of the caller's acts is broken::

    PkgRedeemError
      +-- InvalidValueError (also ValueError)     a value that can't be
      +-- UnknownBookingError (also LookupError)  nothing was ever redeemed for that booking
      +-- UnknownEntitlementError (likewise)      credits of an entitlement that is gone
      +-- BookingMismatchError                    that booking id was redeemed with other contents
      +-- ClosedRedemptionError                   that line has ended already, in another way
      +-- ConflictError                           a concurrent commit won
"""

__all__ = [
    "BookingMismatchError",
    "ClosedRedemptionError",
    "ConflictError",
    "InvalidValueError",
    "PkgRedeemError",
    "UnknownBookingError",
    "UnknownEntitlementError",
]

_LONGEST = 80


class PkgRedeemError(Exception):
    """The root of every exception that this library raises on purpose."""


class InvalidValueError(PkgRedeemError, ValueError):
    """A value has the wrong type or lies outside what is allowed.

    Attributes:
        field: the name of the field or parameter, as in `Package.valid_until`.
        value: what was found.
        allowed: what the value must be, in words that follow "must be".

    Example:
        >>> from pkgredeem import Entitlement
        >>> Entitlement(services=["facial"], remaining=-1)
        Traceback (most recent call last):
            ...
        pkgredeem.exceptions.InvalidValueError: Entitlement.remaining must be \
a whole number of 0 or more, not -1
    """

    def __init__(self, field: str, value: object, allowed: str) -> None:
        """Keep the three parts, so that a caller can translate them."""
        super().__init__(field, value, allowed)
        self.field = field
        self.value = value
        self.allowed = allowed

    def __str__(self) -> str:
        """Name the field, say what it must be, and show the value, shortened."""
        return f"{self.field} must be {self.allowed}, not {_shortened_repr(self.value)}"


class UnknownBookingError(PkgRedeemError, LookupError):
    """The store knows no redemption of that booking id."""


class UnknownEntitlementError(PkgRedeemError, LookupError):
    """A package no longer holds an entitlement that credits are drawn from or return to (D73)."""


class BookingMismatchError(PkgRedeemError):
    """A booking id is used again with other contents (D21)."""


class ClosedRedemptionError(PkgRedeemError):
    """An act comes to a line that another act has ended already (D21, D37)."""


class ConflictError(PkgRedeemError):
    """A commit came too late: what it was decided on has changed since (D35)."""


def _shortened_repr(value: object) -> str:
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001 - a repr that fails must not hide what is reported
        text = f"a {type(value).__name__} that can't be shown"
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."

"""The errors that a question may raise instead of giving an answer, by their names."""

from __future__ import annotations


class NamedError(Exception):
    """An error that the library raises too, told by its name."""


INVALID = "InvalidValueError"
MISMATCH = "BookingMismatchError"
CLOSED = "ClosedRedemptionError"
CONFLICT = "ConflictError"
UNKNOWN = "UnknownBookingError"
UNKNOWN_ENTITLEMENT = "UnknownEntitlementError"

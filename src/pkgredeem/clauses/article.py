"""What the article says, clause by clause, in our words and in the order of the text."""

from typing import Final

from pkgredeem.clauses.clause import Clause

_MARCH: Final = "2026-03"
_APRIL: Final = "2026-04"


def _stated_in_both(name: str, heading: str, says: str) -> Clause:
    return Clause(id=name, heading=heading, says=says, stated_in=(_MARCH, _APRIL))


def _stated_in_march(name: str, heading: str, says: str) -> Clause:
    """Return a clause of the March edition, which is assumed to hold in April."""
    return Clause(id=name, heading=heading, says=says, stated_in=(_MARCH,), assumed_in=(_APRIL,))


def _stated_in_april(name: str, heading: str, says: str) -> Clause:
    """Return a clause of the April edition, which is inferred from a heading in March."""
    return Clause(id=name, heading=heading, says=says, stated_in=(_APRIL,), inferred_in=(_MARCH,))


T01: Final = _stated_in_both(
    "T01", "how to enable", "Online redemption is one switch for the whole account, off by default."
)
T02: Final = _stated_in_both(
    "T02",
    "how to enable",
    "The switch starts on for accounts activated after a date: 31 March 2026 in the March edition, "
    "29 April 2026 in the April edition.",
)
T03: Final = _stated_in_march(
    "T03",
    "FAQ, missing checkbox",
    "The switch is shown to accounts on new packages only; an account on legacy packages "
    "(concessions) does not see it.",
)
T04: Final = _stated_in_both(
    "T04",
    "what you need to know",
    "Only new packages can be redeemed online; legacy packages never.",
)
T05: Final = _stated_in_both(
    "T05",
    "what you need to know; FAQ, log in",
    "Client Login must be in use, optional or mandatory; while it is disabled nothing is redeemed "
    "online.",
)
T06: Final = _stated_in_both(
    "T06",
    "FAQ, choose packages; package control",
    "limit: once switched on, online redemption holds for all packages; none is chosen or left out "
    "package by package.",
)
T07: Final = _stated_in_march(
    "T07", "FAQ, log in", "A client has to be logged in to see packages and to redeem them."
)
T08: Final = _stated_in_both(
    "T08",
    "introduction",
    "While booking, the client is shown a prompt when a package is eligible to pay for that "
    "appointment.",
)
T09: Final = _stated_in_march(
    "T09", "FAQ, balance", "A client who has logged in is told that there is a package to use."
)
T10: Final = _stated_in_april(
    "T10",
    "client eligibility, client limitations",
    "limit: only clients with one active package can redeem online.",
)
T11: Final = _stated_in_march(
    "T11",
    "control of sales; FAQ, sell online",
    "Packages are sold by the business in store, never online.",
)
T12: Final = _stated_in_march(
    "T12",
    "FAQ, sell online",
    "A client can redeem only packages that were sold to that client before.",
)
T13: Final = _stated_in_april(
    "T13", "package types", "A package may hold one service type several times (5 facials)."
)
T14: Final = _stated_in_april(
    "T14", "package types", "A package may hold several service types (manicure and pedicure)."
)
T15: Final = _stated_in_april(
    "T15",
    "booking process",
    "A service picked from the main menu and one picked as an add-on count alike.",
)
T16: Final = _stated_in_both(
    "T16",
    "how it works; booking process",
    "Redemption is automatic: booking takes the credit from the balance, and nobody reconciles by "
    "hand.",
)
T17: Final = _stated_in_april(
    "T17",
    "booking limitations",
    "limit: services that a package covers and services that none covers can't be booked in one "
    "transaction.",
)
T18: Final = _stated_in_march(
    "T18", "FAQ, deposits", "A redeemed package pays for the appointment in full."
)
T19: Final = _stated_in_march(
    "T19",
    "FAQ, deposits",
    "Redeeming online overrides the deposit settings: no deposit is asked for.",
)
T20: Final = _stated_in_march(
    "T20", "FAQ, card capture", "Redeeming online skips the card capture page."
)
T21: Final = _stated_in_march(
    "T21",
    "FAQ, card capture",
    "So the booking puts no card on file; a card that was saved earlier stays visible to the "
    "business.",
)
T22: Final = _stated_in_march(
    "T22", "FAQ, cancels", "When the client cancels, the credit goes back to the package by itself."
)
T23: Final = _stated_in_march(
    "T23",
    "FAQ, cancels inside the window",
    "Inside the cancellation window the account's ordinary policy decides whether the credit of a "
    "late cancellation is returned or forfeited.",
)
T24: Final = Clause(
    id="T24",
    heading="how to enable",
    says="Archived packages can't be redeemed online.",
    stated_in=(_APRIL,),
    assumed_in=(_MARCH,),
)
T25: Final = _stated_in_both(
    "T25",
    "FAQ, balance; client limitations",
    "limit: while booking, the client sees neither the details of a package nor what is left in "
    "it.",
)

#: Every clause of the article, in order.
ARTICLE: Final = tuple(value for value in tuple(globals().values()) if isinstance(value, Clause))

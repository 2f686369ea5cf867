"""What the article says, clause by clause, in our words and in the order of the text."""

from typing import Final

from pkgredeem.clauses.clause import Clause

__all__ = [
    "ARTICLE",
    "T01",
    "T02",
    "T03",
    "T04",
    "T05",
    "T06",
    "T07",
    "T08",
    "T09",
    "T10",
    "T11",
    "T12",
    "T13",
    "T14",
    "T15",
    "T16",
    "T17",
    "T18",
    "T19",
    "T20",
    "T21",
    "T22",
    "T23",
    "T24",
    "T25",
]

_MARCH: Final = "2026-03"
_APRIL: Final = "2026-04"

T01: Final = Clause(
    id="T01",
    heading="how to enable",
    says="Online redemption is one switch for the whole account, off by default.",
    stated_in=(_MARCH, _APRIL),
)
T02: Final = Clause(
    id="T02",
    heading="how to enable",
    says=(
        "The switch starts on for accounts activated after a date: 31 March 2026 in the March "
        "edition, 29 April 2026 in the April edition."
    ),
    stated_in=(_MARCH, _APRIL),
)
T03: Final = Clause(
    id="T03",
    heading="FAQ, missing checkbox",
    says=(
        "The switch is shown to accounts on new packages only; an account on legacy packages "
        "(concessions) does not see it."
    ),
    stated_in=(_MARCH,),
    assumed_in=(_APRIL,),
)
T04: Final = Clause(
    id="T04",
    heading="what you need to know",
    says="Only new packages can be redeemed online; legacy packages never.",
    stated_in=(_MARCH, _APRIL),
)
T05: Final = Clause(
    id="T05",
    heading="what you need to know; FAQ, log in",
    says=(
        "Client Login must be in use, optional or mandatory; while it is disabled nothing is "
        "redeemed online."
    ),
    stated_in=(_MARCH, _APRIL),
)
T06: Final = Clause(
    id="T06",
    heading="FAQ, choose packages; package control",
    says=(
        "limit: once switched on, online redemption holds for all packages; none is chosen or left "
        "out package by package."
    ),
    stated_in=(_MARCH, _APRIL),
)
T07: Final = Clause(
    id="T07",
    heading="FAQ, log in",
    says="A client has to be logged in to see packages and to redeem them.",
    stated_in=(_MARCH,),
    assumed_in=(_APRIL,),
)
T08: Final = Clause(
    id="T08",
    heading="introduction",
    says=(
        "While booking, the client is shown a prompt when a package is eligible to pay for that "
        "appointment."
    ),
    stated_in=(_MARCH, _APRIL),
)
T09: Final = Clause(
    id="T09",
    heading="FAQ, balance",
    says="A client who has logged in is told that there is a package to use.",
    stated_in=(_MARCH,),
    assumed_in=(_APRIL,),
)
T10: Final = Clause(
    id="T10",
    heading="client eligibility, client limitations",
    says="limit: only clients with one active package can redeem online.",
    stated_in=(_APRIL,),
    inferred_in=(_MARCH,),
)
T11: Final = Clause(
    id="T11",
    heading="control of sales; FAQ, sell online",
    says="Packages are sold by the business in store, never online.",
    stated_in=(_MARCH,),
    assumed_in=(_APRIL,),
)
T12: Final = Clause(
    id="T12",
    heading="FAQ, sell online",
    says="A client can redeem only packages that were sold to that client before.",
    stated_in=(_MARCH,),
    assumed_in=(_APRIL,),
)
T13: Final = Clause(
    id="T13",
    heading="package types",
    says="A package may hold one service type several times (5 facials).",
    stated_in=(_APRIL,),
    inferred_in=(_MARCH,),
)
T14: Final = Clause(
    id="T14",
    heading="package types",
    says="A package may hold several service types (manicure and pedicure).",
    stated_in=(_APRIL,),
    inferred_in=(_MARCH,),
)
T15: Final = Clause(
    id="T15",
    heading="booking process",
    says="A service picked from the main menu and one picked as an add-on count alike.",
    stated_in=(_APRIL,),
    inferred_in=(_MARCH,),
)
T16: Final = Clause(
    id="T16",
    heading="how it works; booking process",
    says=(
        "Redemption is automatic: booking takes the credit from the balance, and nobody reconciles "
        "by hand."
    ),
    stated_in=(_MARCH, _APRIL),
)
T17: Final = Clause(
    id="T17",
    heading="booking limitations",
    says=(
        "limit: services that a package covers and services that none covers can't be booked in "
        "one transaction."
    ),
    stated_in=(_APRIL,),
    inferred_in=(_MARCH,),
)
T18: Final = Clause(
    id="T18",
    heading="FAQ, deposits",
    says="A redeemed package pays for the appointment in full.",
    stated_in=(_MARCH,),
    assumed_in=(_APRIL,),
)
T19: Final = Clause(
    id="T19",
    heading="FAQ, deposits",
    says="Redeeming online overrides the deposit settings: no deposit is asked for.",
    stated_in=(_MARCH,),
    assumed_in=(_APRIL,),
)
T20: Final = Clause(
    id="T20",
    heading="FAQ, card capture",
    says="Redeeming online skips the card capture page.",
    stated_in=(_MARCH,),
    assumed_in=(_APRIL,),
)
T21: Final = Clause(
    id="T21",
    heading="FAQ, card capture",
    says=(
        "So the booking puts no card on file; a card that was saved earlier stays visible to the "
        "business."
    ),
    stated_in=(_MARCH,),
    assumed_in=(_APRIL,),
)
T22: Final = Clause(
    id="T22",
    heading="FAQ, cancels",
    says="When the client cancels, the credit goes back to the package by itself.",
    stated_in=(_MARCH,),
    assumed_in=(_APRIL,),
)
T23: Final = Clause(
    id="T23",
    heading="FAQ, cancels inside the window",
    says=(
        "Inside the cancellation window the account's ordinary policy decides whether the credit "
        "of a late cancellation is returned or forfeited."
    ),
    stated_in=(_MARCH,),
    assumed_in=(_APRIL,),
)
T24: Final = Clause(
    id="T24",
    heading="how to enable",
    says="Archived packages can't be redeemed online.",
    stated_in=(_APRIL,),
    assumed_in=(_MARCH,),
)
T25: Final = Clause(
    id="T25",
    heading="FAQ, balance; client limitations",
    says=(
        "limit: while booking, the client sees neither the details of a package nor what is left "
        "in it."
    ),
    stated_in=(_MARCH, _APRIL),
)
ARTICLE: Final = (
    T01,
    T02,
    T03,
    T04,
    T05,
    T06,
    T07,
    T08,
    T09,
    T10,
    T11,
    T12,
    T13,
    T14,
    T15,
    T16,
    T17,
    T18,
    T19,
    T20,
    T21,
    T22,
    T23,
    T24,
    T25,
)

"""Stores that are wrong on purpose about ids and texts: two that differ are one, or one is cut."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from pkgredeem import Draw, Ending, Movement, Package, Redemption
from tests.helpers.broken_facts import rewriting
from tests.helpers.plain_store import PlainStore


class LikeIds(PlainStore):
    """Finds a booking by an id that is like it, when there is none of that id itself."""

    @staticmethod
    def form(text: str) -> str:
        """Return the form in which ids are compared."""
        return text

    def redemption(self, booking_id: str) -> Redemption | None:
        """Look for the booking whose id has the same form."""
        wanted = self.form(booking_id)
        found = [each for name, each in self.redemptions.items() if self.form(name) == wanted]
        return self.redemptions.get(booking_id) or (found[0] if found else None)


def comparing(name: str, form: Callable[[str], str]) -> type[PlainStore]:
    """Return a store that compares ids of bookings in that form."""
    return type(name, (LikeIds,), {"form": staticmethod(form)})


def _without_accents(text: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFD", text) if each.isascii())


def _as_a_number(text: str) -> str:
    try:
        return str(float(text))
    except ValueError:
        return text


class LikeClients(PlainStore):
    """Looks for the client with LIKE, and escapes nothing."""

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Return the packages of every client whose id is like it."""
        like = re.escape(client_id).replace("%", ".*").replace("_", ".")
        alike = [
            package.id
            for package in self.packages.values()
            if re.fullmatch(like, package.client_id, re.DOTALL)
        ]
        return super().packages_of(client_id, not_over_at=not_over_at, also=[*also, *alike])


class LikeSharers(PlainStore):
    """Looks with LIKE, case and all, whether a package is shared with the client."""

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Return the packages of the client, those shared with whose id is like it, and named."""
        like = client_id.lower()
        sharing = [
            package.id
            for package in self.packages.values()
            if like in map(str.lower, package.shared_with)
        ]
        return super().packages_of(client_id, not_over_at=not_over_at, also=[*also, *sharing])


class CaseBlindEntitlements(PlainStore):
    """Takes entitlements for the same that differ in case only, and draws on all of them."""

    def count(self, movements: Iterable[Movement]) -> None:
        """Count each movement wherever the id fits in lower case."""
        listed = list(movements)
        alike = [
            replace(each, entitlement_id=entitlement_id)
            for each in listed
            for package_id, entitlement_id in self.left
            if package_id == each.package_id
            and entitlement_id.lower() == each.entitlement_id.lower()
        ]
        super().count(alike if len(alike) >= len(listed) else listed)


def _with_notes(form: Callable[[str], str]) -> Callable[[Ending], Ending]:
    return lambda ending: replace(ending, note=form(ending.note))


_IDS, _TEXTS, _ENDINGS = (
    "ids_differ_in_every_character",
    "texts_are_kept_whole",
    "every_fact_of_a_redemption_is_kept",
)
#: What is wrong, the test that says so, and with which words.
CAUGHT_BY: dict[type[PlainStore], tuple[str, str]] = {
    comparing("CaseBlind", str.lower): (_IDS, "not booked"),
    comparing("BlindToAccents", _without_accents): (_IDS, "not booked"),
    comparing("BlindToBlanks", str.strip): (_IDS, "not booked"),
    comparing("IdsInOneNormalForm", lambda text: unicodedata.normalize("NFC", text)): (
        _IDS,
        "not booked",
    ),
    comparing("IdsAsNumbers", _as_a_number): (_IDS, "not booked"),
    comparing("IdsWithoutBackslashes", lambda text: text.replace("\\", "")): (_IDS, "not booked"),
    comparing("IdsCutAt255", lambda text: text[:255]): (_TEXTS, "not booked"),
    comparing("IdsCutAtNul", lambda text: text.split("\0")[0]): (_TEXTS, "not booked"),
    rewriting("NotesCutAt255", Ending, _with_notes(lambda note: note[:255])): (
        _TEXTS,
        "note: expected",
    ),
    rewriting("NotesCutAtNul", Ending, _with_notes(lambda note: note.split("\0")[0])): (
        _TEXTS,
        "note: expected",
    ),
    rewriting("NotesWithoutEmoji", Ending, _with_notes(lambda note: note.replace("😀", "?"))): (
        _ENDINGS,
        "note: expected",
    ),
    rewriting("NotesOnOneLine", Ending, _with_notes(lambda note: note.replace("\n", " "))): (
        _ENDINGS,
        "note: expected",
    ),
    rewriting("NotesWithoutBlanks", Ending, _with_notes(str.strip)): (
        _ENDINGS,
        "a note between blanks: ",
    ),
    rewriting(
        "NamesInAscii",
        Draw,
        lambda draw: replace(
            draw, package_name=draw.package_name.encode("ascii", "replace").decode()
        ),
    ): ("every_fact_of_a_redemption_is_kept", "package_name: expected"),
    CaseBlindEntitlements: (
        "ids_of_entitlements_differ_in_every_character",
        "b1: remaining: expected 1, found 0",
    ),
    LikeClients: (_IDS, "the packages of 'b%1'"),
    LikeSharers: ("ids_of_sharers_differ_in_every_character", "the packages shared with 'b1'"),
}

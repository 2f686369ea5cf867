"""What to write in place of a word that is not known: the known word that is spelt most like it."""

from collections.abc import Collection, Iterable
from difflib import get_close_matches

#: Letters of a word that are compared; a longer one is compared by its beginning.
_COMPARED = 60


def nearest_word(word: object, known: Collection[str]) -> str | None:
    """Return the known word that is spelt most like it, in capitals or not; None if none is."""
    if not isinstance(word, str):
        return None
    near = get_close_matches(word[:_COMPARED].lower(), known, n=1)
    return near[0] if near else None


def nearest(word: object, known: Iterable[str]) -> str:
    """Return what to write in place of a word, in words: the nearest known one, or all of them."""
    words = list(known)
    return nearest_word(word, words) or f"one of {', '.join(words)}"

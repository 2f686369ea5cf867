"""Texts as tables hold them: whatever an id or a note says, it is what is read again."""

import pytest

from pkgredeem.stores._texts import stored_text, text_to_store


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("", ""),
        ("müsli 😀", "müsli 😀"),
        ("a\0b", r"a\0000b"),
        ("\ud800", r"\d800"),
        ("\udfff", r"\dfff"),
        (r"C:\temp", r"C:\005ctemp"),
        (r"\0041", r"\005c0041"),
        (r"\005c", r"\005c005c"),
        ("\\\\", r"\005c\005c"),
    ],
)
def test_a_text_is_read_as_it_was_written(text: str, stored: str) -> None:
    """What looks like an escape already is escaped, so that no two texts are stored alike."""
    assert stored == text_to_store(text)
    assert text == stored_text(stored)

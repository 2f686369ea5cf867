"""What is read quickly is what is read with care, and what can't be is told as ever."""

import json
from random import Random

import pytest

from pkgredeem.documents import read_case
from tests.helpers.broken_plans import BROKEN_PLANS
from tests.helpers.documents_support import BROKEN, changed
from tests.helpers.quick_reading import (
    READERS,
    damaged,
    disagreement,
    only_with_care,
    outcome,
    quickly,
    warm_up,
    with_one_odd_text,
    with_one_odd_value,
)

DAMAGED = 700
EVERY_BROKEN = BROKEN | BROKEN_PLANS


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    """Read so many documents first that the quick readers are compiled."""
    warm_up()


@pytest.mark.parametrize("kind", READERS)
def test_every_good_document_is_read_quickly(kind: str) -> None:
    """Equal in every field to what is read with care."""
    reader = READERS[kind]
    texts = [json.dumps(document).encode() for document in reader.good()]

    assert [] == [text for text in texts if quickly(reader, text) is None]
    assert [] == [wrong for text in texts if (wrong := disagreement(reader, text))]


@pytest.mark.parametrize("kind", READERS)
def test_damaged_documents_are_told_as_ever(kind: str) -> None:
    """Whatever is damaged, the value or the whole text of the error is the careful reader's."""
    reader, choices = READERS[kind], Random(16)
    good = reader.good()
    texts = [damaged(choices.choice(good), choices) for _ in range(DAMAGED)]

    assert [] == [wrong for text in texts if (wrong := disagreement(reader, text))]


@pytest.mark.parametrize(
    ("kind", "odd_values"), [("case", 12), ("redemption", 50), ("package", 50)]
)
def test_each_place_with_odd_values(kind: str, odd_values: int) -> None:
    """In documents with every field, one place at a time: no check of a field is left out."""
    reader, choices = READERS[kind], Random(17)
    texts = [
        text
        for whole in reader.good()[-2:]
        for text in with_one_odd_value(whole, choices, odd_values)
    ]

    assert [] == [wrong for text in texts if (wrong := disagreement(reader, text))]


@pytest.mark.parametrize("name", EVERY_BROKEN)
def test_broken_documents_are_told_as_ever(name: str) -> None:
    """Those whose problems are written down elsewhere: keys that don't fit each other as well."""
    broken = changed(EVERY_BROKEN[name][0])
    with only_with_care():
        expected = outcome(read_case, broken)

    assert expected == outcome(read_case, broken)


def test_what_only_the_text_shows_is_told_as_ever() -> None:
    """A key given twice, numbers that nobody holds, half a pair: in each kind of place."""
    reader = READERS["case"]
    texts = [*with_one_odd_text(reader.good()[-1], 12)]

    assert [] == [wrong for text in texts if (wrong := disagreement(reader, text))]
    assert any(quickly(reader, text) is not None for text in texts)

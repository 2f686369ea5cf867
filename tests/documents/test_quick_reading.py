"""What is read quickly is what is read with care, and what can't be is told as ever."""

import json
from contextlib import nullcontext
from io import BytesIO
from random import Random
from typing import TYPE_CHECKING, cast

import pytest

from pkgredeem import Case
from pkgredeem._model.quick import once_it_pays
from pkgredeem.documents import _reader, load_case, read_case
from pkgredeem.documents._json import parse_quickly
from pkgredeem.documents._kinds import Reading
from pkgredeem.documents._problems import Problems
from pkgredeem.documents._shapes import CASE
from tests.helpers.broken_plans import BROKEN_PLANS
from tests.helpers.documents_support import BROKEN, changed, package
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

if TYPE_CHECKING:
    from collections.abc import Callable

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


@pytest.mark.parametrize(
    "keys",
    [
        {"starts_on": "2026-07-01", "through": "2026-07-14"},
        {"starts_on": "2026-07-01", "starts_at": None},
        {"starts_at": "2026-07-01T00:00:00Z", "through": "2026-07-14"},
        {"starts_at": "2026-07-01T00:00:00Z", "ends_at": None, "through": None},
    ],
)
def test_a_local_day_in_place_of_an_instant(keys: dict[str, object]) -> None:
    """Good or not, it is what is read with care: null beside a day is, an instant that is null."""
    reader = READERS["case"]
    document = changed({"packages.0.pauses": [keys, keys]})

    assert disagreement(reader, json.dumps(document).encode()) is None


@pytest.mark.parametrize("keys", [{}, {"valid_through": "2026-12-31"}])
def test_local_days_are_read_quickly(keys: dict[str, object]) -> None:
    """As instants are, where nothing else says them and the account has a time zone."""
    pauses = [{"starts_on": "2026-07-01", "through": "2026-07-14"}] * 2
    package = {f"packages.0.{key}": value for key, value in keys.items()}
    document = changed({"packages.0.pauses": pauses, **package})

    assert quickly(READERS["case"], json.dumps(document).encode()) is not None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("9" * 600, 10**600 - 1),
        (f"[{','.join(['[]'] * 499)}]", [[]] * 499),
        ('"\\ud83d\\ude00"', "\U0001f600"),
        (f"[{','.join(['[]'] * 500)}]", None),
        ('"\\ud800"', None),
        ('"\\ude00\\ud83d"', None),
        ('"\\ud83d\\u0041"', None),
    ],
)
def test_a_text_is_read_quickly_or_left(text: str, said: object) -> None:
    """What may be too deep, or holds half a pair, is left to the careful reader."""
    assert said == parse_quickly(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "a": 1}',
        '[{"a": {"b": 1, "c": 2, "b": 1}}]',
        "9" * 601,
        f"-{'9' * 601}",
        f'{{"a": 1{"0" * 600}}}',
        "[1,]",
    ],
)
def test_a_text_that_would_be_a_problem_is_in_doubt(text: str) -> None:
    """A key that is given twice, a number that is too long, and what is no JSON."""
    with pytest.raises(ValueError):  # noqa: PT011 - doubt says nothing
        parse_quickly(text.encode())


@pytest.mark.parametrize(
    ("packages", "entitlements", "instants"), [(1, 1_000, 1), (1, 1_001, 0), (1_001, 0, 0)]
)
def test_a_list_that_is_too_long_is_in_doubt_before_an_item_is_read(
    packages: int, entitlements: int, instants: int
) -> None:
    """Of too many packages, or entitlements, no local day is made an instant (D75)."""
    days = {"sold_on": "2026-03-01"}
    several = [{**package(f"p{n}", entitlements=entitlements), **days} for n in range(packages)]
    reading = Reading(Problems())
    with nullcontext() if instants else pytest.raises(ValueError):  # noqa: PT011 - it says nothing
        CASE.quick().value(changed({"packages": several}), reading)

    assert instants == len(reading.instants)


@pytest.mark.parametrize(
    ("pauses", "is_quick"), [(1, [False, False]), (2_000, [True]), (40_000, [True])]
)
def test_a_large_document_is_read_quickly_though_it_is_the_first(
    monkeypatch: pytest.MonkeyPatch, pauses: int, is_quick: list[bool]
) -> None:
    """A small one that is the first is left to the careful reader, from its text and its object."""
    read = once_it_pays(lambda: cast("Callable[..., Case]", CASE.quick().read))
    told: list[bool] = []

    def noted(found: object, reading: Reading, *, is_large: bool) -> Case | None:
        case = read(found, reading, is_large=is_large)
        told.append(case is not None)
        return case

    monkeypatch.setattr(_reader, "read_quickly", noted)
    document = changed({"packages.0.pauses": [{"starts_on": "2026-07-01"}] * pauses})
    case = load_case(BytesIO(json.dumps(document).encode()))

    assert (pauses, is_quick) == (len(case.packages[0].pauses), told)


def test_a_text_that_is_too_long_is_told_as_ever() -> None:
    """A text of a million characters is read; one more is refused, and not read quickly."""
    reader = READERS["case"]
    good = cast("dict[str, object]", reader.good()[0])
    longest, too_long = (
        json.dumps({**good, "note": "n" * length}).encode() for length in (1_000_000, 1_000_001)
    )

    assert quickly(reader, too_long) is None
    assert disagreement(reader, longest) is None
    assert disagreement(reader, too_long) is None


def test_what_only_the_text_shows_is_told_as_ever() -> None:
    """A key given twice, numbers that nobody holds, half a pair: in each kind of place."""
    reader = READERS["case"]
    texts = [*with_one_odd_text(reader.good()[-1], 12)]

    assert [] == [wrong for text in texts if (wrong := disagreement(reader, text))]
    assert any(quickly(reader, text) is not None for text in texts)

"""Broken case documents, each with exactly its problems: path, what was found, what is allowed."""

import copy
import pickle
import zoneinfo
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from pkgredeem import BookingLine, Case, Entitlement, InvalidValueError, Package, Service
from pkgredeem.documents import DocumentError, Problem, _objects, read_case
from tests.helpers.broken_plans import BROKEN_PLANS
from tests.helpers.documents_support import (
    BROKEN,
    DROP,
    ZONE,
    changed,
    document,
    package,
    problems_of,
)
from tests.helpers.quick_reading import only_with_care

EVERY_BROKEN = BROKEN | BROKEN_PLANS

VALUE = "an object, a list, a text, a number, true, false or null"


def test_the_document_that_is_broken_below_is_sound() -> None:
    """Without a change the document has no problem."""
    assert [] == problems_of(document())


@pytest.mark.parametrize("name", EVERY_BROKEN)
def test_a_broken_document_has_exactly_these_problems(name: str) -> None:
    """Each problem comes with its path, with what was found and with what is allowed."""
    changes, expected = EVERY_BROKEN[name]

    assert expected == problems_of(changed(changes))


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        (None, "null"),
        (True, "true"),
        (3, "3"),
        (2.5, "2.5"),
        ("pkgredeem/1", '"pkgredeem/1"'),
        ([], "a list"),
    ],
)
def test_what_is_no_object_is_one_problem(found: object, shown: str) -> None:
    """A document that is no object at all has one problem, of the whole document."""
    assert [("document", shown, "a case document")] == problems_of(found)


def test_an_object_of_another_class_is_one_problem() -> None:
    """A Case handed in where its document belongs is told by its class."""
    found = "a Python object, \"<class 'object'>\""

    assert [("document", found, VALUE)] == problems_of(object())


def test_an_empty_object_misses_every_key() -> None:
    """Every key that must be there is named."""
    expected = ["format", "now", "account", "client", "packages", "booking"]

    assert expected == [path for path, _, _ in problems_of({})]


def test_the_error_shows_all_problems_one_a_line() -> None:
    """Its text has one line for each problem, and its fields are those of the first."""
    with pytest.raises(DocumentError) as caught:
        read_case(changed({"by": "robot", "note": 5}))

    assert (
        'by must be one of "client", "business", not "robot"\n'
        "note must be a text, which may be empty, not 5"
    ) == str(caught.value)
    assert ("by", '"robot"') == (caught.value.field, caught.value.value)
    assert 'one of "client", "business"' == caught.value.allowed


def test_a_key_that_is_missing_is_told_as_missing() -> None:
    """What does not stand there was not found, and is called so."""
    with pytest.raises(DocumentError) as caught:
        read_case(changed({"packages.0.pauses": [{}]}))

    assert (
        "packages[0].pauses[0].starts_at is missing: it must be an instant with its offset, such "
        "as 2026-05-05T10:00:00+12:00 or 2026-05-04T22:00:00Z, unless starts_on is given"
    ) == str(caught.value)


def pickled(error: object) -> object:
    """Return what comes out of a pickle again."""
    return cast("object", pickle.loads(pickle.dumps(error)))  # noqa: S301  (its own pickle)


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, pickled])
def test_the_error_survives_pickle_and_copy(again: Callable[[object], object]) -> None:
    """A pickled or copied error has the same problems and is the same kind of error."""
    error = DocumentError([Problem("by", "5", "a word"), Problem("note", "6", "a text")])
    other = again(error)

    assert isinstance(other, DocumentError)
    assert isinstance(other, InvalidValueError)
    assert error.problems == other.problems
    assert str(error) == str(other)


def test_a_text_is_never_trimmed() -> None:
    """Blanks around an id are part of it, and a blank alone is not empty."""
    whole = changed({"client.id": " ana ", "note": " late\n", "booking.id": " "})
    with only_with_care():
        case = read_case(whole)

    assert (" ana ", " late\n", " ") == (case.client.id, case.note, case.booking.id)
    assert case == read_case(whole)


def test_null_says_the_same_as_leaving_it_out() -> None:
    """Where None is a value, null and a missing key read alike."""
    optional = {
        "account.activated_on": None,
        "account.online_redemption": None,
        "account.cancellation": None,
        "account.time_zone": None,
        "packages.0.sold_at": None,
        "packages.0.sold_on": None,
        "packages.0.valid_from": None,
        "packages.0.valid_until": None,
        "packages.0.valid_through": None,
        "packages.0.valid_for": None,
        "packages.0.entitlements.0.valid_from": None,
        "packages.0.entitlements.0.valid_until": None,
        "packages.0.entitlements.0.valid_through": None,
        "packages.0.entitlements.0.restrictions": None,
        "packages.0.book_until": None,
        "packages.0.book_through": None,
        "packages.0.restrictions": None,
        "packages.0.cancellation": None,
        "packages.0.lasts": None,
        "packages.0.version": None,
        "only": None,
        "booking.lines.0.service.deposit_required": None,
        "existing": None,
    }
    without = {"account.cancellation": DROP, "account.time_zone": DROP}

    assert read_case(changed(without)) == read_case(changed(optional))


def test_a_value_that_the_core_refuses_is_a_problem_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Should a value know an invariant that the reader doesn't, it is told at its place."""

    def refuse(self: Case) -> None:
        raise InvalidValueError("Case.now", self.now, "another moment")

    monkeypatch.setattr(Case, "__post_init__", refuse)

    expected = [("document", "another value", "one whose Case.now is another moment")]
    assert expected == problems_of(document())


def test_more_problems_than_are_shown_are_counted() -> None:
    """After 10,000 problems one more says in how many places something else is wrong."""
    slips = {f"x{index}": 1 for index in range(10)}
    packages = [
        {"id": f"p{index}", "client_id": "ana", "entitlements": [], **slips}
        for index in range(1_000)
    ]
    found = problems_of(changed({"packages": packages}))

    assert 10_001 == len(found)
    assert ("document", "wrong in 1000 more places", "right in every place") == found[-1]


def test_no_key_is_guessed_for_a_problem_that_is_only_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Guessing takes its time: of 10,007 unknown keys the last seven are not looked at."""
    looked_at: list[str] = []
    monkeypatch.setattr(_objects, "nearest_word", lambda key, _names: looked_at.append(key))
    keys = [f"x{number}" for number in range(10_007)]
    found = problems_of(document() | dict.fromkeys(keys, 1))

    assert ("document", "wrong in 7 more places", "right in every place") == found[-1]
    assert keys[:10_000] == looked_at


@pytest.mark.parametrize(("length", "rest"), [(59, ""), (60, ""), (61, "...")])
def test_a_long_value_is_shortened(length: int, rest: str) -> None:
    """At most 60 characters of what was found are shown, of a text, a number and a key."""
    letters, digits = "x" * min(length, 60), "1" * min(length, 60)
    key = f'["{"k" * 60}"...]' if rest else "k" * length
    changes = {"by": "x" * length, "note": int("1" * length), "k" * length: 1, "k " * 30: 1}
    by, note, plain, spaced = problems_of(changed(changes))

    assert ("by", f'"{letters}"{rest}', 'one of "client", "business"') == by
    assert ("note", f"{digits}{rest}", "a text, which may be empty") == note
    assert (key, "an unknown key") == plain[:2]
    assert (f'["{"k " * 30}"]', "an unknown key") == spaced[:2]


def test_a_key_is_quoted_in_a_path_where_it_is_no_word() -> None:
    """A word is of letters, digits, underscores and hyphens; no digit or hyphen begins it."""
    keys = ["picked-from", "_x", "x1", "-x", "1x", "x y", "x.y", ""]
    found = problems_of(document() | dict.fromkeys(keys, 1))

    assert ["picked-from", "_x", "x1", '["-x"]', '["1x"]', '["x y"]', '["x.y"]', '[""]'] == [
        path for path, _, _ in found
    ]


def test_a_list_that_is_too_long_is_refused_before_an_item_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of 20,000 lines, 2,000 packages and their entitlements not one value is made (D75)."""
    made: list[type] = []

    def note(value: object) -> None:
        made.append(type(value))

    for value_class in (Service, BookingLine, Entitlement, Package):
        monkeypatch.setattr(value_class, "__post_init__", note)
    lines = [{"service": {"id": "facial"}}] * 20_000
    packages = [package(f"p{number}", entitlements=1) for number in range(2_000)]

    assert ["packages", "booking.lines"] == [
        path for path, _, _ in problems_of(changed({"booking.lines": lines, "packages": packages}))
    ]
    assert [] == made
    read_case(document())
    assert {Service, BookingLine, Entitlement, Package} == set(made)


def test_as_much_as_is_allowed_is_read() -> None:
    """100 lines and 1,000 packages with an entitlement each are within the bounds (D75)."""
    case = read_case(
        changed(
            {
                "booking.lines": [{"service": {"id": "facial"}}] * 100,
                "packages": [package(f"p{number}", entitlements=1) for number in range(1_000)],
            }
        )
    )

    assert (100, 1_000) == (len(case.booking.lines), len(case.packages))


@pytest.mark.parametrize("name", ["localtime", "posixrules", "Factory"])
def test_the_zone_of_a_machine_is_no_zone_of_an_account(tmp_path: Path, name: str) -> None:
    """Also where the machine has a file of that name: it means something else on the next (D76)."""
    auckland = resources.files("tzdata.zoneinfo.Pacific").joinpath("Auckland").read_bytes()
    (tmp_path / name).write_bytes(auckland)
    zoneinfo.reset_tzpath(to=[tmp_path])
    try:
        assert name == ZoneInfo.no_cache(name).key
        assert [("account.time_zone", f'"{name}"', ZONE)] == problems_of(
            changed({"account.time_zone": name})
        )
    finally:
        zoneinfo.reset_tzpath()
        ZoneInfo.clear_cache(only_keys=[name])

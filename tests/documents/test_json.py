"""Strict JSON: what the text of a document may be, its bounds, and where it may be read from."""

import io
import json
import os
from collections import OrderedDict
from pathlib import Path
from typing import NoReturn

import pytest

from pkgredeem import InvalidValueError, PackageStatus
from pkgredeem.documents import DocumentError, load_case, parse_json, read_case
from tests.helpers.documents_support import changed, document, problems_of

NO_JSON = "one JSON value"
UTF_8 = "JSON in UTF-8"
BOM = "a text that begins with a byte order mark"
NO_BOM = "JSON in UTF-8 without a byte order mark"
DEEP = "deeper than 32 levels"
AT_MOST_32 = "at most 32 levels of objects and lists deep"
FINITE = "a finite number"
ONCE = "given only once"


def problems_in(source: str | bytes) -> list[tuple[str, str, str]]:
    """Return the problems of a JSON text as plain tuples, none when it is sound."""
    try:
        parse_json(source)
    except DocumentError as error:
        return [(each.path, each.found, each.allowed) for each in error.problems]
    return []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("null", None),
        ("true", True),
        ("-0", 0),
        ("12", 12),
        ("1.5", 1.5),
        ('"\\u0101"', "ā"),
        ('"\\ud83d\\ude00"', "\U0001f600"),
        ('["a", [], {}]', ["a", [], {}]),
        (b'{"a": {"b": 1}}', {"a": {"b": 1}}),
        (' \n{"a": 1}\n', {"a": 1}),
        ("9" * 600, 10**600 - 1),
        (f"-{'9' * 600}", 1 - 10**600),
    ],
)
def test_sound_json_is_plain_values(source: str | bytes, expected: object) -> None:
    """What JSON says is returned as None, bool, int, float, str, list and dict."""
    actual = parse_json(source)

    assert expected == actual
    assert type(expected) is type(actual)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('{"a": 1, "a": 1}', [("a", "given twice", ONCE)]),
        (
            '{"packages": [{"id": "p", "b c": 1, "id": "q", "b c": 2}], "packages": []}',
            [
                ("packages[0].id", "given twice", ONCE),
                ('packages[0]["b c"]', "given twice", ONCE),
                ("packages", "given twice", ONCE),
            ],
        ),
        ("NaN", [("document", "NaN", FINITE)]),
        (
            '[1, Infinity, {"a": -Infinity}]',
            [("[1]", "Infinity", FINITE), ("[2].a", "-Infinity", FINITE)],
        ),
        ("1e999", [("document", "1e999", FINITE)]),
        (
            f"[{'9' * 601}, -{'9' * 601}, {'9' * 5001}]",
            [
                (f"[{index}]", "a number of more than 600 digits", "a number of at most 600 digits")
                for index in range(3)
            ],
        ),
        (
            f"[1{'0' * 600}, -1{'0' * 600}]",
            [
                (f"[{index}]", "a number of more than 600 digits", "a number of at most 600 digits")
                for index in range(2)
            ],
        ),
        (
            '{"a": "\\ud800"}',
            [("a", 'a text with half a surrogate pair, "\\ud800"', "a text of whole characters")],
        ),
        ("\ufeff{}", [("document", BOM, NO_BOM)]),
        (b"\xef\xbb\xbf{}", [("document", BOM, NO_BOM)]),
        (b'{"a": "\xff"}', [("document", "invalid UTF-8 at byte 7", UTF_8)]),
        (b"\xff\xfe{\x00}\x00", [("document", "invalid UTF-8 at byte 0", UTF_8)]),
        (b'"\xed\xa0\x80"', [("document", "invalid UTF-8 at byte 1", UTF_8)]),
        ("[" * 33 + "]" * 33, [("document", DEEP, AT_MOST_32)]),
        ('{"a":' * 33 + "1" + "}" * 33, [("document", DEEP, AT_MOST_32)]),
        ("[" * 5_000_000, [("document", DEEP, AT_MOST_32)]),
    ],
)
def test_what_json_lets_pass_in_silence_is_a_problem(
    source: str | bytes, expected: list[tuple[str, str, str]]
) -> None:
    """A key given twice, a number nobody holds, broken text and too many brackets are told."""
    assert expected == problems_in(source)


@pytest.mark.parametrize(
    "source",
    ["", "{", "[1,]", "{'a': 1}", "01", "1 2", '"\n"', "nul", "[1]]", '"abc', '{"a" 1}', "\x00"],
)
def test_what_is_no_json_is_one_problem(source: str) -> None:
    """A text that is not JSON has one problem, which says where the reader stumbled."""
    [(path, found, allowed)] = problems_in(source)

    assert ("document", NO_JSON) == (path, allowed)
    assert found.startswith("a text with an error at line ")


def test_the_place_of_what_is_no_json_is_told_by_line_and_column() -> None:
    """Lines and columns count from 1."""
    [(_, found, _)] = problems_in('{\n  "a": nul\n}')

    assert found.startswith("a text with an error at line 2, column 8 ")


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_32_inside_each_other_is_deep_enough(opening: str) -> None:
    """The bound itself is within bounds, and brackets in texts don't count."""
    closing = {"[": "]", '{"a":': "}"}[opening]
    text = json.dumps("[[{" * 40 + '"\\')

    assert [] == problems_in(opening * 32 + text + closing * 32)


def test_many_brackets_side_by_side_are_not_deep() -> None:
    """Brackets that close again don't add up."""
    assert [[]] * 40 == parse_json(f"[{','.join(['[]'] * 40)}]")


def test_a_text_that_never_ends_takes_no_time() -> None:
    """Looking for brackets outside of texts stays linear, whatever is escaped."""
    [(path, _, allowed)] = problems_in("[" * 33 + '"' + '\\"' * 1_000_000)
    assert ("document", AT_MOST_32) == (path, allowed)

    [(path, _, allowed)] = problems_in("[]" * 33 + '"' + '\\"' * 1_000_000 + "\\")
    assert ("document", NO_JSON) == (path, allowed)


def test_a_document_has_at_most_ten_million_bytes() -> None:
    """The bound itself is within bounds; one more is refused before anything is looked at."""
    allowed = "at most 10000000 bytes"

    assert [] == problems_in(b"1" + b" " * 9_999_999)
    assert [("document", "more than 10000000 bytes", allowed)] == problems_in(b" " * 10_000_001)
    assert [
        ("document", "more than 10000000 characters", "at most 10000000 characters")
    ] == problems_in(" " * 10_000_001)


def test_a_text_has_at_most_a_million_characters() -> None:
    """The bound itself is within bounds; keys are texts too."""
    longest = "é" * 1_000_000
    found, allowed = "longer than 1000000 characters", "at most 1000000 characters long"
    long_key = f'["{"é" * 60}"...]'

    assert [] == problems_in(f'{{"{longest}": "{longest}"}}')
    assert [("a", found, allowed)] == problems_in(f'{{"a": "{longest}é"}}')
    assert [(long_key, found, allowed)] == problems_in(f'{{"{longest}é": 1}}')


def test_a_document_has_at_most_a_million_values() -> None:
    """The bound itself is within bounds, the list that holds them counted."""
    allowed = "at most 1000000 values"

    assert [] == problems_in(f"[{','.join('1' * 999_999)}]")
    assert [("document", "more than 1000000 values", allowed)] == problems_in(
        f"[{','.join('1' * 1_000_000)}]"
    )
    assert [("document", "more than 1000000 values", allowed)] == problems_in(
        f"[{','.join(['{}'] * 1_000_000)}]"
    )


@pytest.mark.parametrize("source", [None, 5, bytearray(b"{}"), ["{}"]])
def test_only_text_and_bytes_are_parsed(source: object) -> None:
    """Anything else is a mistake of the caller."""
    with pytest.raises(InvalidValueError, match="must be JSON as text or bytes, not"):
        parse_json(source)  # type: ignore[arg-type]  # the mistake


def test_a_cycle_is_too_deep() -> None:
    """An object that holds itself is refused, not followed for ever."""
    cycle: list[object] = []
    cycle.append(cycle)
    whole = changed({"packages": cycle})

    [(path, found, allowed)] = problems_of(whole)
    assert (f"packages{'[0]' * 31}", DEEP, AT_MOST_32) == (path, found, allowed)


def test_a_document_may_be_made_of_subclasses() -> None:
    """Dicts, lists and tuples, enum members and numbers of one's own read like plain ones."""

    class Number(int):
        """A whole number of one's own."""

    whole = changed(
        {
            "packages.0.status": PackageStatus.ACTIVE,
            "packages.0.priority": Number(3),
            "packages.0.entitlements": tuple(
                OrderedDict(each) for each in ({"services": ("facial",), "remaining": 5},)
            ),
        }
    )
    case = read_case(whole)

    assert (PackageStatus.ACTIVE, 3) == (case.packages[0].status, case.packages[0].priority)
    assert int is type(case.packages[0].priority)


def test_no_method_of_a_foreign_class_is_called() -> None:
    """A strange object, number, text, list or dict can't make the reader raise anything else."""

    def explode(*_: object) -> NoReturn:
        raise RuntimeError("called")

    strange = dict.fromkeys(
        ["__eq__", "__hash__", "__iter__", "__len__", "__getitem__", "__repr__", "__str__"], explode
    )
    strange |= dict.fromkeys(["__bool__", "__int__", "__float__", "__class__", "items"], explode)
    strange["__class__"] = property(explode)  # type: ignore[assignment]  # asked by isinstance
    for base in (str, int, float, list, dict, tuple, object):
        made = type("Strange", (base,), strange)()
        problems_of(made)
        problems_of(changed({"note": made, "packages.0.entitlements": made}))


def test_a_file_is_read_from_its_path(tmp_path: Path) -> None:
    """A path may be a str, a Path, or whatever else stands for a path."""
    path = tmp_path / "case.json"
    path.write_text(json.dumps(document()), encoding="utf-8")

    expected = read_case(document())
    assert expected == load_case(path)
    assert expected == load_case(str(path))
    with os.scandir(tmp_path) as entries:
        assert [expected] == [load_case(entry) for entry in entries]


def test_a_file_may_be_open_already(tmp_path: Path) -> None:
    """A file is read as text or as bytes, in however small pieces it comes, and stays open."""
    whole = changed({"note": "mānuka"})
    path = tmp_path / "case.json"
    path.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
    expected = read_case(whole)

    with path.open("rb", buffering=0) as as_bytes, path.open(encoding="utf-8") as as_text:
        assert expected == load_case(as_bytes)
        assert expected == load_case(as_text)
        assert not as_bytes.closed

    class Slow(io.BytesIO):
        """A file that comes a few bytes at a time."""

        def read(self, size: int | None = -1, /) -> bytes:
            """Return at most seven bytes."""
            return super().read(min(7, size or 7))

    assert expected == load_case(Slow(path.read_bytes()))


@pytest.mark.parametrize("is_path", [False, True])
def test_of_a_file_that_is_too_large_no_more_is_read(
    monkeypatch: pytest.MonkeyPatch, *, is_path: bool
) -> None:
    """Ten million bytes and one, in however large pieces they come; more would fill the memory."""
    asked: list[int | None] = []

    class Long(io.BytesIO):
        """A file of five times four million blanks."""

        def read(self, size: int | None = -1, /) -> bytes:
            """Return at most four million blanks, and none after five times."""
            asked.append(size)
            return b" " * min(4_000_000, size or 0) if len(asked) <= 5 else b""

    monkeypatch.setattr(Path, "open", lambda *_, **_options: Long())
    with pytest.raises(DocumentError, match="must be at most 10000000 bytes"):
        load_case("long.json" if is_path else Long())

    assert [10_000_001, 6_000_001, 2_000_001] == asked


def test_the_problems_of_a_file_are_those_of_its_text_and_of_its_document() -> None:
    """A key given twice and a wrong value come back together."""
    text = json.dumps(changed({"by": "robot"})).replace('"id": "p1"', '"id": "p1", "id": "p3"')

    with pytest.raises(DocumentError) as caught:
        load_case(io.StringIO(text))
    assert ["packages[0].id", "by"] == [each.path for each in caught.value.problems]


def test_a_missing_file_is_an_os_error(tmp_path: Path) -> None:
    """A file that is not there or is a folder raises what opening it raises."""
    with pytest.raises(FileNotFoundError):
        load_case(tmp_path / "none.json")
    with pytest.raises(OSError, match=r"directory|denied"):
        load_case(tmp_path)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "a text with an error at line 1, column 1 (expecting value)"),
        (b"\xef\xbb\xbf{}", BOM),
        (b"\xff", "invalid UTF-8 at byte 0"),
        (b" " * 10_000_001, "more than 10000000 bytes"),
    ],
)
def test_a_file_that_is_no_document_is_one_problem(content: bytes, expected: str) -> None:
    """The bytes of a file are judged like any other text."""
    with pytest.raises(DocumentError) as caught:
        load_case(io.BytesIO(content))

    assert [expected] == [each.found for each in caught.value.problems]


def test_a_text_file_that_does_not_decode_is_one_problem() -> None:
    """Neither what a text file can't decode nor half a surrogate pair in it is a crash."""
    with pytest.raises(DocumentError) as caught:
        load_case(io.TextIOWrapper(io.BytesIO(b'"\xff"'), encoding="ascii"))
    assert ["invalid ascii"] == [each.found for each in caught.value.problems]

    with pytest.raises(DocumentError) as caught:
        load_case(io.StringIO('"\ud800"'))
    assert ["invalid UTF-8 at byte 1"] == [each.found for each in caught.value.problems]

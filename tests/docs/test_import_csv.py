"""The example that imports a CSV export reads what people export, and else tells every problem."""

from pathlib import Path

import pytest

import import_csv
from pkgredeem import PackageStatus

EXPORT = Path(import_csv.__file__).with_name("packages.csv")
HEADER = "package,client,kind,services,left,sold,term,archived"
ROW = "p1,ana,new,facial,3,2026-03-01,6 months,no"
ZONE = "Pacific/Auckland"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where an export may be written."""
    return tmp_path / "export.csv"


def problems(path: Path, *rows: str, header: str = HEADER) -> list[str]:
    """Return what is told of a file with these rows."""
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    with pytest.raises(import_csv.NotImportedError) as refused:
        import_csv.packages_from(path, ZONE)
    return str(refused.value).splitlines()


def status(path: Path, archived: str) -> PackageStatus:
    """Return the status of a package of whose row *archived* is the last value."""
    path.write_text(f"{HEADER}\n{ROW.removesuffix('no')}{archived}\n", encoding="utf-8")
    (package,) = import_csv.packages_from(path, ZONE)
    return package.status


@pytest.mark.parametrize("archived", ["yes", "YES", " Yes "])
def test_yes_in_any_case_is_archived(path: Path, archived: str) -> None:
    """A package whose row says yes is archived, however yes is written."""
    assert PackageStatus.ARCHIVED is status(path, archived)


@pytest.mark.parametrize("archived", ["no", "NO", "No", "", " "])
def test_no_and_nothing_are_active(path: Path, archived: str) -> None:
    """A package whose row says no, or nothing, is active."""
    assert PackageStatus.ACTIVE is status(path, archived)


@pytest.mark.parametrize("archived", ["true", "1", "archived", "active", "y"])
def test_all_else_in_archived_is_refused(path: Path, archived: str) -> None:
    """Whatever else stands in that column may mean anything, and is refused."""
    row = ROW.removesuffix("no") + archived

    assert [f'line 2: archived must be yes, no or nothing, not "{archived}"'] == problems(path, row)


@pytest.mark.parametrize(
    ("row", "count"), [("p1,ana,new,facial,3,2026-03-01", 6), (f"{ROW},", 9), ("p1", 1)]
)
def test_a_row_has_a_value_for_each_column(path: Path, row: str, count: int) -> None:
    """A row that is cut short, or too long, is refused, since nobody knows what is missing."""
    told = f"the values must be 8, one for each column ({HEADER.replace(',', ', ')})"

    assert [f"line 3: {told}, not {count}"] == problems(path, ROW, row)


def test_columns_beside_those_that_are_needed_do_no_harm(path: Path) -> None:
    """An export may hold more columns, in any order; their values have to be there as well."""
    header, row = f"branch,{HEADER},remark", f"north,{ROW},"
    wanted = f"10, one for each column ({header.replace(',', ', ')})"
    path.write_text(f"{header}\n{row}\n,,,,,,,,,\n", encoding="utf-8")

    assert ["p1"] == [each.id for each in import_csv.packages_from(path, ZONE)]
    assert [f"line 3: the values must be {wanted}, not 8"] == problems(
        path, row, ROW, header=header
    )


def test_spaces_around_values_do_not_count(path: Path) -> None:
    """Spaces beside a comma or a bar belong to no value."""
    path.write_text(
        f"{HEADER.replace(',', ' , ')}\n p1 , ana,new, facial | massage ,3,, , no\n",
        encoding="utf-8",
    )
    (package,) = import_csv.packages_from(path, ZONE)

    assert ("p1", "ana", None, None) == (
        package.id,
        package.client_id,
        package.sold_at,
        package.valid_until,
    )
    assert [({"facial", "massage"}, 3)] == [
        (set(each.services), each.remaining) for each in package.entitlements
    ]


def test_a_problem_is_told_with_the_line_of_its_row(path: Path) -> None:
    """What is wrong in the third row of a package is told with that row's line."""
    second, third = ROW.replace("facial", "peel"), ROW.replace("facial,3", "massage,many")

    assert [
        (
            "line 5: packages[0].entitlements[2].remaining must be a whole number of 0 or more, "
            'or "unlimited", '
            'not "many"'
        )
    ] == problems(path, ROW, second, "", third)


def test_every_problem_is_told_in_the_order_of_lines(path: Path) -> None:
    """Rows that differ, short rows and values that can't be read are told together."""
    assert [
        (
            "line 2: packages[0].entitlements[0].remaining must be a whole number of 0 or more, "
            'or "unlimited", '
            'not "3.5"'
        ),
        (
            "line 3: package p1 differs: its client, kind, sold, term and archived must be those "
            "of line 2"
        ),
        (
            "line 4: the values must be 8, one for each column "
            "(package, client, kind, services, left, sold, term, archived), not 2"
        ),
        'line 5: archived must be yes, no or nothing, not "perhaps"',
        (
            "line 6: packages[2].sold_on must be a date as year, month and day, "
            'such as 2026-03-01, or null, not "31.3.2026"'
        ),
    ] == problems(
        path,
        ROW.replace("facial,3", "facial,3.5"),
        ROW.replace("ana,new,facial", "ben,new,peel"),
        "p2,ana",
        ROW.replace("p1", "p3").replace(",no", ",perhaps"),
        ROW.replace("p1", "p4").replace("2026-03-01", "31.3.2026"),
    )


def test_a_term_needs_a_day_of_sale(path: Path) -> None:
    """A term without a day of sale is refused, and a package without either never ends."""
    assert [
        (
            "line 2: packages[0].valid_for must be left out where no sold_on or sold_at says when "
            'it begins, not "6 months"'
        )
    ] == problems(path, ROW.replace("2026-03-01", ""))


def test_a_file_as_excel_writes_it_is_read(path: Path) -> None:
    """The mark that Excel puts before UTF-8 is not part of the first column, nor is any CR."""
    shown = EXPORT.read_text(encoding="utf-8")
    path.write_bytes(b"\xef\xbb\xbf" + shown.replace("\n", "\r\n").encode())

    assert import_csv.packages_from(EXPORT, ZONE) == import_csv.packages_from(path, ZONE)


@pytest.mark.parametrize(
    ("header", "missing"),
    [
        ("package,client,kind,services,left,sold", "term, archived"),
        (HEADER.replace(",", ";"), HEADER.replace(",", ", ")),
        ("", HEADER.replace(",", ", ")),
    ],
)
def test_missing_columns_are_named(path: Path, header: str, missing: str) -> None:
    """A file that lacks columns, as all are in one with semicolons, is told which it lacks."""
    assert [
        (
            f'line 1 is "{header}" and lacks {missing}: '
            "it must name every column, with commas between them"
        )
    ] == problems(path, ROW, header=header)


def test_a_file_that_is_not_utf_8_is_told_so(path: Path) -> None:
    """A file in another encoding is no reason for half an import."""
    path.write_bytes(f"{HEADER}\n{ROW.replace('ana', 'zoë')}\n".encode("latin-1"))
    with pytest.raises(import_csv.NotImportedError, match="is not CSV in UTF-8: 'utf-8' codec"):
        import_csv.packages_from(path, ZONE)


def test_an_unknown_time_zone_is_told_once(path: Path) -> None:
    """What is wrong with no row is told without a line."""
    path.write_text(f"{HEADER}\n{ROW}\n", encoding="utf-8")
    with pytest.raises(
        import_csv.NotImportedError, match=r'^account\.time_zone must be an .*, not "Mars/Base"$'
    ):
        import_csv.packages_from(path, "Mars/Base")


def test_bad_rows_end_the_command_with_two(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command prints what is wrong to standard error, prints no package, and exits with 2."""
    path.write_text(f"{HEADER}\n{ROW}\np2,ana\n", encoding="utf-8")
    ended = import_csv.main([str(path), ZONE])
    printed = capsys.readouterr()

    assert (2, "") == (ended, printed.out)
    assert printed.err.startswith("line 3: the values must be 8, ")


def test_a_missing_file_ends_the_command_with_two(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is not there is named on standard error."""
    ended = import_csv.main([str(path), ZONE])
    printed = capsys.readouterr()

    assert (2, "") == (ended, printed.out)
    assert printed.err == f"[Errno 2] No such file or directory: '{path}'\n"


def test_a_missing_argument_ends_the_command_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a time zone the command says how it is used."""
    with pytest.raises(SystemExit) as left:
        import_csv.main([str(EXPORT)])
    printed = capsys.readouterr()

    assert (2, "") == (left.value.code, printed.out)
    assert printed.err.endswith("error: the following arguments are required: time_zone\n")


def test_good_rows_end_the_command_with_zero(capsys: pytest.CaptureFixture[str]) -> None:
    """The file beside the example is printed whole."""
    ended = import_csv.main([str(EXPORT), ZONE])

    assert (0, 4) == (ended, len(capsys.readouterr().out.splitlines()))

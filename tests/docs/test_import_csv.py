"""The example that imports a CSV export reads what people export, and else tells every problem."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import import_csv
from pkgredeem import UNLIMITED, Package, PackageStatus

EXPORT = Path(import_csv.__file__).with_name("packages.csv")
HEADER = "package,client,kind,services,left,sold,term,status"
ROW = "p1,ana,new,facial,3,2026-03-01,6 months,"
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


def read(path: Path, *rows: str, header: str = HEADER) -> tuple[Package, ...]:
    """Return the packages of a file with these rows."""
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    return import_csv.packages_from(path, ZONE)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("", PackageStatus.ACTIVE),
        ("active", PackageStatus.ACTIVE),
        (" archived ", PackageStatus.ARCHIVED),
        ("suspended", PackageStatus.SUSPENDED),
        ("void", PackageStatus.VOID),
    ],
)
def test_each_status_can_be_said(path: Path, word: str, status: PackageStatus) -> None:
    """Nothing in that column is active."""
    (package,) = read(path, ROW + word)

    assert status is package.status


@pytest.mark.parametrize("word", ["true", "yes", "Archived", "over"])
def test_a_status_that_means_nothing_is_refused(path: Path, word: str) -> None:
    """Whatever else stands in that column may mean anything."""
    told = "status must be one of active, archived, suspended, void, or nothing"

    assert [f'line 2: {told}, not "{word}"'] == problems(path, ROW + word)


@pytest.mark.parametrize(
    ("term", "days"), [("1 year", 365), ("1 Year", 365), ("2 WEEKS", 14), ("3 Months", 92)]
)
def test_a_term_reads_in_any_case(path: Path, term: str, days: int) -> None:
    """As people write it: "1 Year" is "1 year"; the last day counts whole (D26)."""
    (package,) = read(path, ROW.replace("6 months", term).replace("2026-03-01", "2026-05-01"))
    sold_on = datetime(2026, 5, 1, tzinfo=ZoneInfo(ZONE))

    assert (sold_on + timedelta(days=days + 1)) == package.valid_until


def test_validity_and_credits_without_end_are_read(path: Path) -> None:
    """The first day begins and the last one ends as the salon's clock says."""
    header = "client,entitlement,services,left,valid_from,valid_through"
    (package,) = read(path, "ana,june,yoga,Unlimited,2026-06-01,2026-06-30", header=header)
    (june,) = package.entitlements

    assert ("june", UNLIMITED) == (june.id, june.remaining)
    assert datetime(2026, 6, 1, tzinfo=ZoneInfo(ZONE)) == june.valid_from
    assert datetime(2026, 7, 1, tzinfo=ZoneInfo(ZONE)) == package.valid_until


def test_two_sales_of_one_thing_are_two_packages(path: Path) -> None:
    """Without a column for the package's id each row is one, and its id is the same next time."""
    header, row = "client,name,services,left,sold", "ana,Three facials,facial,3,2026-03-31"
    packages = read(path, row, row, header=header)

    assert ["ana, Three facials, 2026-03-31", "ana, Three facials, 2026-03-31 (2)"] == [
        package.id for package in packages
    ]
    assert packages == import_csv.packages_from(path, ZONE)


def test_more_packages_are_read_than_a_case_may_hold(path: Path) -> None:
    """A case holds 1,000 packages (D75), and a salon's past more."""
    rows = [ROW.replace("p1", f"p{number}") for number in range(1_001)]

    assert 1_001 == len(read(path, *rows))


# --- Exports of other systems ---------------------------------------------------------------------


def test_an_export_of_mindbody_is_read() -> None:
    """A day that is written as an instant of UTC is that day, and 9999999 is without end."""
    ten, more, yoga, returned = exported("mindbody", ZONE)

    assert ("2201", "100011", "Ten classes") == (ten.id, ten.client_id, ten.name)
    assert ({"yoga", "pilates"}, 4) == (
        {*ten.entitlements[0].services},
        ten.entitlements[0].remaining,
    )
    assert datetime(2026, 10, 1, tzinfo=ZoneInfo(ZONE)) == ten.valid_until
    assert (ten.name, ten.client_id, 10) == (
        more.name,
        more.client_id,
        more.entitlements[0].remaining,
    )
    assert UNLIMITED is yoga.entitlements[0].remaining
    assert datetime(2026, 6, 1, tzinfo=ZoneInfo(ZONE)) == yoga.entitlements[0].valid_from
    assert PackageStatus.VOID is returned.status


def test_the_last_day_of_mindbody_counts_whole_west_of_utc_too() -> None:
    """Converted as an instant it would have ended on the evening of the day before."""
    ten, *_ = exported("mindbody", "America/Los_Angeles")

    assert datetime(2026, 10, 1, tzinfo=ZoneInfo("America/Los_Angeles")) == ten.valid_until


def test_an_export_of_vagaro_is_read() -> None:
    """Days are written with the month first, and no column holds an id."""
    first, second, sauna, cancelled = exported("vagaro", "America/New_York")
    new_york = ZoneInfo("America/New_York")

    assert ("Ana Silva, Three facials, 03/31/2026", 1) == (
        first.id,
        first.entitlements[0].remaining,
    )
    assert ("Ana Silva, Three facials, 03/31/2026 (2)", 3) == (
        second.id,
        second.entitlements[0].remaining,
    )
    assert datetime(2026, 10, 1, tzinfo=new_york) == first.valid_until
    assert datetime(2026, 3, 31, tzinfo=new_york) == first.sold_at
    assert {"sauna"} == {*sauna.entitlements[0].services}
    assert UNLIMITED is sauna.entitlements[0].remaining
    assert (PackageStatus.VOID, None) == (cancelled.status, cancelled.valid_until)


def exported(name: str, zone: str) -> tuple[Package, ...]:
    """Return the packages of an export that lies beside the example."""
    export = import_csv.Export.from_toml(EXPORT.with_name(f"{name}.toml"))
    return import_csv.packages_from(EXPORT.with_name(f"{name}.csv"), zone, export)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('day = "%Y"', "says day, which means nothing here"),
        ('[columns]\nfrom = "From"\nto = "To"', "says from, to, which means nothing here"),
        ("[columns", "is not TOML in UTF-8: "),
    ],
)
def test_a_map_that_means_nothing_is_refused(path: Path, text: str, told: str) -> None:
    """A key that nobody reads would be a column that is lost."""
    path.write_text(text)
    with pytest.raises(import_csv.NotImportedError) as refused:
        import_csv.Export.from_toml(path)

    assert str(refused.value).startswith(f"{path} {told}")


def test_a_map_needs_columns_that_are_there(path: Path) -> None:
    """Of a map the file's own names are told."""
    path.write_text("Customer,Package\nana,facials\n")
    export = import_csv.Export(columns={"client": "Customer", "name": "Package", "left": "Visits"})
    with pytest.raises(import_csv.NotImportedError, match="and lacks Visits: it must"):
        import_csv.packages_from(path, ZONE, export)


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
        f"{HEADER.replace(',', ' , ')}\n p1 , ana,new, facial | massage ,3,, , active\n",
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
            "line 5: entitlements[2].remaining must be a whole number of 0 or more, "
            'or "unlimited", '
            'not "many"'
        )
    ] == problems(path, ROW, second, "", third)


def test_every_problem_is_told_in_the_order_of_lines(path: Path) -> None:
    """Rows that differ, short rows and values that can't be read are told together."""
    assert [
        (
            "line 2: entitlements[0].remaining must be a whole number of 0 or more, "
            'or "unlimited", '
            'not "3.5"'
        ),
        ("line 3: package p1 differs: its client must be as in line 2"),
        (
            "line 4: the values must be 8, one for each column "
            "(package, client, kind, services, left, sold, term, status), not 2"
        ),
        (
            "line 5: status must be one of active, archived, suspended, void, or nothing, "
            'not "perhaps"'
        ),
        'line 6: sold must be a day such as 2026-03-31, not "31.3.2026"',
    ] == problems(
        path,
        ROW.replace("facial,3", "facial,3.5"),
        ROW.replace("ana,new,facial", "ben,new,peel"),
        "p2,ana",
        ROW.replace("p1", "p3") + "perhaps",
        ROW.replace("p1", "p4").replace("2026-03-01", "31.3.2026"),
    )


def test_a_term_needs_a_day_of_sale(path: Path) -> None:
    """A term without a day of sale is refused, and a package without either never ends."""
    assert [
        (
            "line 2: valid_for must be left out where no sold_on or sold_at says when "
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
        ("package,client,kind,services,sold", "left"),
        (HEADER.replace(",", ";"), "client, left, services"),
        ("", "client, left, services"),
    ],
)
def test_missing_columns_are_named(path: Path, header: str, missing: str) -> None:
    """A file that lacks columns, as all are in one with semicolons, is told which it lacks."""
    assert [
        (
            f'line 1 is "{header}" and lacks {missing}: '
            "it must name the columns, with commas between them"
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
        import_csv.NotImportedError, match=r'^the time zone must be an IANA name, not "Mars/Base"$'
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

    assert (0, 5) == (ended, len(capsys.readouterr().out.splitlines()))

"""Packages from the CSV export of another system: all of them, or every problem with its line.

An export has one row for each entitlement of a package. Which column is what, and what its words
mean, is for whoever knows the export to say: in a TOML file, as `mindbody.toml` beside this module.
"""

import argparse
import csv
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pkgredeem import InvalidValueError, Package, PackageStatus, last_day
from pkgredeem.documents import DocumentError, read_case

NEEDED = ("client", "left")
#: What a column may say, in our words.
MEANINGS = (
    *("package", "client", "name", "kind", "entitlement", "services", *NEEDED[1:]),
    *("sold", "term", "valid_from", "valid_through", "status"),
)
#: Of a package, so that all of its rows have to say the same.
_OF_A_PACKAGE = ("client", "name", "kind", "sold", "term", "valid_through", "status")
_ENTITLEMENT = re.compile(r"packages\[0\]\.entitlements\[(\d+)\]")
_NOON = "2026-01-01T12:00:00Z"


class NotImportedError(ValueError):
    """Nothing was imported; the message names every line that has to be put right."""


@dataclass(frozen=True, kw_only=True)
class Export:
    """How an export is written.

    Attributes:
        columns: of each meaning, how its column is called; a column that is left out is empty.
        services: of each name of a package, the services that it pays for; what it names needs no
            column for its services.
        statuses: of each word in the column for the status, which status it is.
        unlimited: the words for a credit that is not counted, such as a very large number.
        days: how days are written, in the signs of `datetime.strptime`. What stands after the day
            is read and left: "2026-09-30T00:00:00Z" is 30 September, wherever the salon is.
    """

    columns: Mapping[str, str] = field(default_factory=lambda: {name: name for name in MEANINGS})
    services: Mapping[str, Sequence[str]] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(
        default_factory=lambda: {word: word for word in PackageStatus}
    )
    unlimited: Sequence[str] = ("unlimited",)
    days: str = "%Y-%m-%d"

    @classmethod
    def from_toml(cls, path: Path) -> Self:
        """Read it from a file whose keys are the attributes.

        Raises:
            NotImportedError: it is no TOML, or a key or a meaning is none of ours.
        """
        try:
            said = tomllib.loads(path.read_text(encoding="utf-8"))
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise NotImportedError(f"{path} is not TOML in UTF-8: {error}") from None
        unknown = [
            *(said.keys() - cls.__annotations__),
            *(said.get("columns", {}).keys() - {*MEANINGS}),
        ]
        if unknown:
            raise NotImportedError(
                f"{path} says {', '.join(sorted(unknown))}, which means nothing here"
            )
        return cls(**said)


@dataclass(kw_only=True)
class _Sold:
    """One sold package as its rows tell it."""

    first_line: int
    facts: Mapping[str, str]
    lines: list[int] = field(default_factory=list)
    entitlements: list[Mapping[str, object]] = field(default_factory=list)


def packages_from(path: Path, time_zone: str, export: Export | None = None) -> tuple[Package, ...]:
    """Return the packages of a CSV file.

    Rows with one id in the column `package` are one package. Without that column each row is a
    package of its own, so that two sales of the same thing stay two.

    Args:
        path: the file, in UTF-8, as `packages.csv` beside this module or as *export* says.
        time_zone: the salon's, such as "Pacific/Auckland": in it days begin and end.
        export: how the file is written.

    Raises:
        NotImportedError: a row can't be read. Half an import would be worse than none.
    """
    try:
        zone = ZoneInfo(time_zone)
    except (ValueError, ZoneInfoNotFoundError):
        raise NotImportedError(f'the time zone must be an IANA name, not "{time_zone}"') from None
    reading = _Reading(export or Export(), zone)
    for line, row in _rows(path, reading.export.columns, reading.problems):
        reading.take(line, row)
    packages = tuple(reading.packages())
    if reading.problems:
        raise NotImportedError(
            "\n".join(f"line {line}: {what}" for line, what in sorted(reading.problems))
        )
    return packages


class _Reading:
    """Rows on their way to packages, and what was wrong with them."""

    def __init__(self, export: Export, zone: ZoneInfo) -> None:
        self.export = export
        self.problems: list[tuple[int, str]] = []
        self._zone = zone
        self._sold: dict[str, _Sold] = {}
        self._without_id: Counter[str] = Counter()

    def take(self, line: int, row: Mapping[str, str]) -> None:
        """Take a row to those of its package."""
        facts = {name: row[name] for name in _OF_A_PACKAGE}
        name = row["package"] or self._id_for(row)
        sold = self._sold.setdefault(name, _Sold(first_line=line, facts=facts))
        if sold.facts != facts:
            differing = [key for key in facts if sold.facts[key] != facts[key]]
            told = f"its {', '.join(differing)} must be as in line {sold.first_line}"
            self.problems.append((line, f"package {name} differs: {told}"))
        services = self.export.services.get(row["name"]) or row["services"].split("|")
        services = [service.strip() for service in services]
        sold.lines.append(line)
        sold.entitlements.append(
            {
                # Its id is kept from now on, whatever becomes of the services (D73).
                "id": row["entitlement"] or "+".join(services),
                "services": services,
                "remaining": self._left(row["left"]),
                "valid_from": self._begin(line, row["valid_from"]),
            }
        )

    def packages(self) -> Iterator[Package]:
        """Yield those that can be read."""
        for name, sold in self._sold.items():
            document = self._document(name, sold)
            try:
                yield from read_case(_case(document, self._zone)).packages
            except DocumentError as error:
                for problem in error.problems:
                    found = _ENTITLEMENT.match(problem.path)
                    line = sold.lines[int(found[1])] if found else sold.first_line
                    self.problems.append((line, str(problem).replace("packages[0].", "", 1)))

    def _document(self, name: str, sold: _Sold) -> dict[str, object]:
        facts, line = sold.facts, sold.first_line
        word = facts["status"]
        status = self.export.statuses.get(word) if word else PackageStatus.ACTIVE
        sold_on = self._day(line, "sold", facts["sold"])
        if status is None:
            known = ", ".join(self.export.statuses)
            self.problems.append((line, f'status must be one of {known}, or nothing, not "{word}"'))
        return {
            "id": name,
            "client_id": facts["client"],
            "name": facts["name"],
            "kind": facts["kind"] or "new",
            "status": status or PackageStatus.ACTIVE,
            "sold_on": sold_on,
            # A day of sale that can't be read is told once.
            "valid_for": facts["term"].lower() or None if sold_on or not facts["sold"] else None,
            "valid_through": self._day(line, "valid_through", facts["valid_through"]),
            "entitlements": sold.entitlements,
        }

    def _id_for(self, row: Mapping[str, str]) -> str:
        """Return an id that stays the same when the same file is read again."""
        sold = ", ".join(filter(None, (row["client"], row["name"] or row["services"], row["sold"])))
        self._without_id[sold] += 1
        return sold if self._without_id[sold] == 1 else f"{sold} ({self._without_id[sold]})"

    def _left(self, text: str) -> object:
        if text.lower() in {word.lower() for word in self.export.unlimited}:
            return "unlimited"
        return int(text) if text.isdecimal() else text

    def _begin(self, line: int, text: str) -> str | None:
        """Return the first instant of a day: when the day before is over."""
        day = self._day(line, "valid_from", text)
        if day is None:
            return None
        try:
            return last_day(date.fromisoformat(day) - timedelta(days=1), self._zone).isoformat()
        except (OverflowError, InvalidValueError):
            self.problems.append((line, f'valid_from must be in the calendar, not "{text}"'))
            return None

    def _day(self, line: int, meaning: str, text: str) -> str | None:
        if not text:
            return None
        try:
            return datetime.strptime(text, self.export.days).date().isoformat()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            shown = datetime(2026, 3, 31, tzinfo=UTC).strftime(self.export.days)
            self.problems.append((line, f'{meaning} must be a day such as {shown}, not "{text}"'))
            return None


def _case(package: Mapping[str, object], zone: ZoneInfo) -> dict[str, object]:
    """Return a case with the package: its reader knows days, terms and clock changes."""
    return {
        "format": "pkgredeem/1",
        "now": _NOON,
        "account": {"time_zone": zone.key},
        "client": {"id": "nobody"},
        "packages": [package],
        "booking": {
            "id": "none",
            "starts_at": _NOON,
            "lines": [{"service": {"id": "none"}}],
        },
    }


def _rows(
    path: Path, columns: Mapping[str, str], problems: list[tuple[int, str]]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row by meanings, with its line; note those that lack a value, or have too many."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:  # Excel begins with a mark
            reader = csv.reader(file)
            header = [name.strip() for name in next(reader, [""])]
            _check(header, columns)
            for cells in reader:
                row = dict(zip(header, map(str.strip, cells), strict=False))
                if len(cells) == len(header) and any(row.values()):
                    yield (
                        reader.line_num,
                        {meaning: row.get(columns.get(meaning, ""), "") for meaning in MEANINGS},
                    )
                elif any(row.values()):
                    wanted = f"{len(header)}, one for each column ({', '.join(header)})"
                    told = f"the values must be {wanted}, not {len(cells)}"
                    problems.append((reader.line_num, told))
    except (UnicodeDecodeError, csv.Error) as error:
        raise NotImportedError(f"{path} is not CSV in UTF-8: {error}") from None


def _check(header: Iterable[str], columns: Mapping[str, str]) -> None:
    there = {*header}
    missing = [columns.get(name, name) for name in NEEDED if columns.get(name) not in there]
    if columns.get("services") not in there and columns.get("name") not in there:
        missing.append(columns.get("services") or columns.get("name") or "services")
    if missing:
        raise NotImportedError(
            f'line 1 is "{",".join(header)}" and lacks {", ".join(missing)}: '
            "it must name the columns, with commas between them"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the packages of a file; return the exit status."""
    parser = argparse.ArgumentParser(description="Show the packages of a CSV export.")
    parser.add_argument("file", type=Path)
    parser.add_argument("time_zone", help="the salon's, such as Pacific/Auckland")
    parser.add_argument("--export", type=Path, help="a TOML file that says how it is written")
    given = parser.parse_args(arguments)
    try:
        export = None if given.export is None else Export.from_toml(given.export)
        packages = packages_from(given.file, given.time_zone, export)
    except (OSError, NotImportedError) as error:
        print(error, file=sys.stderr)
        return 2
    for package in packages:
        counts = ", ".join(f"{item.remaining} {item.id}" for item in package.entitlements)
        print(f"{package.id} of {package.client_id}: {counts}; until {package.valid_until}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

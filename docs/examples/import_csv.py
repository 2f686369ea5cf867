"""Packages from the CSV export of another system: all of them, or every problem with its line.

The export has one row for each entitlement of a package, its services joined by "|". Days are the
salon's own calendar days, and terms are what people say: "6 months".
"""

import argparse
import csv
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from pkgredeem import Package
from pkgredeem.documents import DocumentError, read_case

COLUMNS = ("package", "client", "kind", "services", "left", "sold", "term", "archived")
STATUS = {"yes": "archived", "no": "active", "": "active"}
_PLACE = re.compile(r"packages\[(\d+)\](?:\.entitlements\[(\d+)\])?")


class NotImportedError(ValueError):
    """Nothing was imported; the message names every line that has to be put right."""


def packages_from(path: Path, time_zone: str) -> tuple[Package, ...]:
    """Return the packages of a CSV file.

    Args:
        path: the file, in UTF-8, with the columns of `packages.csv` beside this module.
        time_zone: the salon's, such as "Pacific/Auckland": in it days begin and end.

    Raises:
        NotImportedError: a row can't be read. Half an import would be worse than none.
    """
    documents: dict[str, dict[str, object]] = {}
    entitlements: dict[str, list[object]] = {}
    lines: dict[str, list[int]] = {}
    problems: list[tuple[int, str]] = []
    for line, row in _rows(path, problems):
        name, archived = row["package"], row["archived"]
        if archived.lower() not in STATUS:
            problems.append((line, f'archived must be yes, no or nothing, not "{archived}"'))
        if documents.setdefault(name, _package(row)) != _package(row):
            same = f"client, kind, sold, term and archived must be those of line {lines[name][0]}"
            problems.append((line, f"package {name} differs: its {same}"))
        entitlements.setdefault(name, []).append(_entitlement(row))
        lines.setdefault(name, []).append(line)
    read: tuple[Package, ...] = ()
    try:
        read = _read(
            [each | {"entitlements": entitlements[name]} for name, each in documents.items()],
            time_zone,
        )
    except DocumentError as error:
        rows = list(lines.values())
        problems += [(_line_of(each.path, rows), str(each)) for each in error.problems]
    if problems:
        told = [f"line {line}: {what}" if line else what for line, what in sorted(problems)]
        raise NotImportedError("\n".join(told))
    return read


def _rows(path: Path, problems: list[tuple[int, str]]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row with its line; note those that lack a value, or have one too many."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:  # Excel begins with a mark
            reader = csv.reader(file)
            header = [name.strip() for name in next(reader, [""])]
            if missing := [name for name in COLUMNS if name not in header]:
                raise NotImportedError(
                    f'line 1 is "{",".join(header)}" and lacks {", ".join(missing)}: '
                    "it must name every column, with commas between them"
                )
            for cells in reader:
                row = dict(zip(header, map(str.strip, cells), strict=False))
                if len(cells) == len(header) and any(row.values()):
                    yield reader.line_num, row
                elif any(row.values()):
                    wanted = f"{len(header)}, one for each column ({', '.join(header)})"
                    told = f"the values must be {wanted}, not {len(cells)}"
                    problems.append((reader.line_num, told))
    except (UnicodeDecodeError, csv.Error) as error:
        raise NotImportedError(f"{path} is not CSV in UTF-8: {error}") from None


def _package(row: dict[str, str]) -> dict[str, object]:
    return {
        "id": row["package"],
        "client_id": row["client"],
        "kind": row["kind"],
        "status": STATUS.get(row["archived"].lower(), "active"),
        "sold_on": row["sold"] or None,
        "valid_for": row["term"] or None,
    }


def _entitlement(row: dict[str, str]) -> dict[str, object]:
    services = [service.strip() for service in row["services"].split("|")]
    return {
        # Its id is kept from now on, whatever becomes of the services (D73).
        "id": "+".join(services),
        "services": services,
        "remaining": int(row["left"]) if row["left"].isdecimal() else row["left"],
    }


def _read(packages: list[dict[str, object]], time_zone: str) -> tuple[Package, ...]:
    """Read packages as part of a case: its reader knows days, terms and clock changes."""
    case = {
        "format": "pkgredeem/1",
        "now": "2026-01-01T00:00:00Z",
        "account": {"time_zone": time_zone},
        "client": {"id": "nobody"},
        "packages": packages,
        "booking": {
            "id": "none",
            "starts_at": "2026-01-01T00:00:00Z",
            "lines": [{"service": {"id": "none"}}],
        },
    }
    return read_case(case).packages


def _line_of(path: str, rows: list[list[int]]) -> int:
    """Return the line of the entitlement that a path names, else of the package's first row."""
    found = _PLACE.match(path)
    return rows[int(found[1])][int(found[2] or 0)] if found else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the packages of a file; return the exit status."""
    parser = argparse.ArgumentParser(description="Show the packages of a CSV export.")
    parser.add_argument("file", type=Path)
    parser.add_argument("time_zone", help="the salon's, such as Pacific/Auckland")
    given = parser.parse_args(arguments)
    try:
        packages = packages_from(given.file, given.time_zone)
    except (OSError, NotImportedError) as error:
        print(error, file=sys.stderr)
        return 2
    for each in packages:
        counts = ", ".join(f"{held.remaining} {held.id}" for held in each.entitlements)
        print(f"{each.id} of {each.client_id}: {counts}; until {each.valid_until}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

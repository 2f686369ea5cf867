"""Packages from the CSV export of another system: all of them, or every problem with its line.

The export has one row for each entitlement of a package, its services joined by "|". Days are the
salon's own calendar days, and terms are what people say: "6 months".
"""

import csv
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from pkgredeem import Package
from pkgredeem.documents import DocumentError, read_case

_INDEX = re.compile(r"packages\[(\d+)\]")


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
    lines: dict[str, int] = {}
    for line, row in _rows(path):
        package = documents.setdefault(row["package"], _package(row))
        lines.setdefault(row["package"], line)
        if package | {"entitlements": []} != _package(row):
            raise NotImportedError(f"line {line}: {row['package']} differs from its earlier row")
        left = int(row["left"]) if row["left"].isdecimal() else row["left"]
        held = {"services": row["services"].split("|"), "remaining": left}
        package["entitlements"] = [*_listed(package["entitlements"]), held]
    # The library reads packages as part of a case: its reader knows days, terms and clock changes.
    case = {
        "format": "pkgredeem/1",
        "now": "2026-01-01T00:00:00Z",
        "account": {"time_zone": time_zone},
        "client": {"id": "nobody"},
        "packages": list(documents.values()),
        "booking": {
            "id": "none",
            "starts_at": "2026-01-01T00:00:00Z",
            "lines": [{"service": {"id": "none"}}],
        },
    }
    try:
        return read_case(case).packages
    except DocumentError as error:
        starts = list(lines.values())
        told = [_with_line(str(problem), starts) for problem in error.problems]
        raise NotImportedError("\n".join(told)) from None


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            yield reader.line_num, row


def _package(row: dict[str, str]) -> dict[str, object]:
    return {
        "id": row["package"],
        "client_id": row["client"],
        "kind": row["kind"],
        "status": "archived" if row["archived"] == "yes" else "active",
        "sold_on": row["sold"],
        "valid_for": row["term"] or None,
        "entitlements": [],
    }


def _listed(found: object) -> list[object]:
    return found if isinstance(found, list) else []


def _with_line(problem: str, starts: list[int]) -> str:
    found = _INDEX.search(problem)
    return f"line {starts[int(found[1])]}: {problem}" if found else problem


if __name__ == "__main__":
    for package in packages_from(Path(sys.argv[1]), sys.argv[2]):
        counts = ", ".join(f"{held.remaining} {held.id}" for held in package.entitlements)
        print(f"{package.id} of {package.client_id}: {counts}; until {package.valid_until}")

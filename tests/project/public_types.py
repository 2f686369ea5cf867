"""Says whether a type checker knows the type of every public name.

What Django reads by its own conventions (models, their `Meta`, the admin, migrations) is left out:
its base classes have no types of their own, and nobody calls them through this library.

Run by ./scripts/test: `python -m tests.project.public_types`.
"""

import json
import subprocess
import sys

DECLARED_FOR_DJANGO = tuple(
    f"pkgredeem.stores.django.{name}."
    for name in ("admin", "apps", "fields", "migrations", "models")
)


def unknown_types() -> list[str]:
    """Return the public names whose type is not known, each with what is wrong."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pyright", "--outputjson"),
            *("--verifytypes", "pkgredeem", "--ignoreexternal"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    symbols = json.loads(done.stdout)["typeCompleteness"]["symbols"]
    assert symbols, done.stdout
    return [
        f"{symbol['name']}: {' '.join(each['message'] for each in symbol['diagnostics'])}"
        for symbol in symbols
        if symbol["isExported"]
        and not (symbol["isTypeKnown"] and not symbol["isTypeAmbiguous"])
        and not symbol["name"].startswith(DECLARED_FOR_DJANGO)
    ]


if __name__ == "__main__":
    found = unknown_types()
    print(*found, sep="\n")
    sys.exit(bool(found))

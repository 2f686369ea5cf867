"""A scenario file read: its facts put together, every problem told with its file and line."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Final, cast, final

from pkgredeem import Act, Actor, Case, InvalidValueError, RedemptionPolicy, Rulebook
from pkgredeem.documents import DocumentError, read_case
from pkgredeem.testing._choosing import RULEBOOKS, nearest
from pkgredeem.testing._expecting import ACTS, DECISION, SETTLEMENT, Expecting, known_codes
from pkgredeem.testing._places import Places
from pkgredeem.testing._scenario_values import Scenario, Step

Table = Mapping[str, object]

_FACTS: Final = ("now", "account", "client", "packages", "booking", "existing", "by", "note")
_ASKED: Final = ("rulebook", "without")
_OF_GIVEN: Final = (*_FACTS, *_ASKED)
_OF_SCENARIO: Final = ("name", *_FACTS, "package", *_ASKED, "expect", "then")
_OF_FILE: Final = ("given", "scenario")
_FORMAT: Final = "pkgredeem/1"
_NULL: Final = "null"
_GUEST: Final = {"id": None, "logged_in": False}


@final
class ScenarioReader:
    """One file, read at once.

    Attributes:
        problems: everything that is wrong with it, each as "file:line: what to give".
        scenarios: its scenarios; none when there are problems.
    """

    def __init__(self, path: Path, policy: RedemptionPolicy) -> None:
        """Read the file.

        Raises:
            OSError: it can't be read.
        """
        self._path, self._policy = path, policy
        self.problems: list[str] = []
        self.scenarios: tuple[Scenario, ...] = ()
        try:
            text = path.read_bytes().decode()
            document = tomllib.loads(text)
        except UnicodeDecodeError:
            self._note(1, "this is not UTF-8: give TOML in UTF-8")
            return
        except tomllib.TOMLDecodeError as error:
            at = re.search(r"line (\d+)", str(error))
            self._note(int(at[1]) if at else text.count("\n") + 1, f"this is not TOML: {error}")
            return
        self._places = Places(text)
        self._read(document)

    def _note(self, line: int, told: str) -> None:
        problem = f"{self._path}:{line}: {told}"
        if problem not in self.problems:
            self.problems.append(problem)

    def _read(self, document: Table) -> None:
        for key in document:
            if key not in _OF_FILE:
                told = f"{key} is an unknown key: give {nearest(key, _OF_FILE)}"
                self._note(self._places.in_file(key), told)
        given, listed = document.get("given", {}), document.get("scenario", [])
        if not isinstance(given, dict):
            self._note(self._places.in_file("given"), "given is no table: give [given]")
            return
        if not (isinstance(listed, list) and listed and all(isinstance(s, dict) for s in listed)):
            self._note(self._places.in_file("scenario"), "give [[scenario]], once or more")
            return
        self._given = cast("Table", given)
        for key in self._given:
            if key not in _OF_GIVEN:
                told = f"{key} is an unknown key: give {nearest(key, _OF_GIVEN)}"
                self._note(self._places.in_given([key]), told)
        names: set[object] = set()
        found: list[Scenario | None] = []
        for number, table in enumerate(cast("list[Table]", listed)):
            block = _Block(self, number, table)
            if table.get("name") in names:
                block.note(["name"], f"name is {table.get('name')!r} again: give each only once")
            names.add(table.get("name"))
            found.append(block.scenario())
        if not self.problems:
            self.scenarios = tuple(each for each in found if each is not None)
'''

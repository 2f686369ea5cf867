"""A scenario file read: its facts put together, every problem reported with its file and line."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time
from pathlib import Path as FilePath
from typing import Final, TypeAlias, cast, final

from pkgredeem import Case, InvalidValueError, RedemptionPolicy
from pkgredeem._model.nearest import nearest
from pkgredeem.documents import DocumentError, read_case
from pkgredeem.rules._by_name import RULEBOOKS
from pkgredeem.testing.scenarios._expectations import (
    codes_in_rulebooks,
    expected_of_decision,
    known_codes,
    step,
)
from pkgredeem.testing.scenarios._line_numbers import GIVEN, Path, Places
from pkgredeem.testing.scenarios._values import Scenario

_Table: TypeAlias = Mapping[str, object]

_FACTS: Final = (
    *("now", "account", "client", "packages", "booking", "existing", "by", "note"),
    "only",
)
_POLICY_KEYS: Final = ("rulebook", "without")
_OF_FILE: Final = ("given", "scenario")
_OF_GIVEN: Final = (*_FACTS, *_POLICY_KEYS)
_OF_SCENARIO: Final = ("name", *_FACTS, "package", *_POLICY_KEYS, "expect", "then")
_FORMAT: Final = {"format": "pkgredeem/1"}
_GUEST: Final = {"id": None, "logged_in": False}
# No fact is as deep, and Python's own limits are not much farther.
_DEEPEST: Final = 100
_LONGEST_NUMBER: Final = 600
_TOO_LARGE: Final = 10**_LONGEST_NUMBER
# As long as the least one that is too large, written in hexadecimal.
_LONG_NUMBER: Final = re.compile(r"(?<![\w\"'])\d\w{500,}")
_PART: Final = re.compile(r"[^.\[\]\"]+|\"[^\"]*\"")


@final
class ScenarioReader:
    """One file, read at once.

    Attributes:
        problems: everything that is wrong with it, each as `file:line: what to give`.
        scenarios: its scenarios, as far as they can be read.
    """

    def __init__(self, path: FilePath, policy: RedemptionPolicy) -> None:
        """Read the file; one that can't be read is an OSError."""
        self.path, self.policy = path, policy
        self.problems: list[str] = []
        self.scenarios: tuple[Scenario, ...] = ()
        try:
            text = path.read_bytes().decode()
        except UnicodeDecodeError as error:
            self.note(1, f"this is not UTF-8 at byte {error.start}: give TOML in UTF-8")
            return
        self.places = Places(text)
        try:
            document = _loaded(text)
        except tomllib.TOMLDecodeError as error:
            at = re.search(r"line (\d+)", str(error))
            self.note(int(at[1]) if at else len(text.splitlines()), f"this is not TOML: {error}")
        except RecursionError:
            most = f"{_DEEPEST} tables and lists inside each other"
            self.note(1, f"this is too deep: give at most {most}")
        except ValueError:
            line = _LONG_NUMBER.split(text, maxsplit=1)[0].count("\n") + 1
            most = f"{_LONGEST_NUMBER} digits"
            self.note(line, f"this holds a number of more than {most}: give at most {most}")
        else:
            self._read(document)

    def note(self, line: int, message: str) -> None:
        """Take a problem down, each once."""
        problem = f"{self.path}:{line}: {message}"
        if problem not in self.problems:
            self.problems.append(problem)

    def _read(self, document: _Table) -> None:
        for key, message in _unknown_keys(document, _OF_FILE):
            self.note(self.places.in_file(key), message)
        given, listed = document.get("given", {}), document.get("scenario")
        if not isinstance(given, dict):
            self.note(self.places.in_file("given"), "given is no table: give [given]")
            return
        blocks = cast("list[object]", listed) if isinstance(listed, list) else []
        if not blocks or not all(isinstance(block, dict) for block in blocks):
            self.note(self.places.in_file("scenario"), "give [[scenario]], once or more")
            return
        shared = cast("_Table", given)
        for key, message in _unknown_keys(shared, _OF_GIVEN):
            self.note(self.places.in_block(GIVEN, [key]), message)
        names: set[str] = set()
        found: list[Scenario] = []
        for number, table in enumerate(cast("list[_Table]", blocks)):
            block = _Block(self, shared, table, number)
            if block.name and block.name in names:
                block.note(["name"], f"name is {block.name!r} again: give each name only once")
            names.add(block.name)
            scenario = block.scenario()
            if scenario is not None:
                found.append(scenario)
        self.scenarios = tuple(found)


@final
class _Block:
    """One [[scenario]] over the shared facts."""

    def __init__(self, reader: ScenarioReader, given: _Table, own: _Table, number: int) -> None:
        self._reader, self._given, self._own, self._number = reader, given, own, number

    @property
    def name(self) -> str:
        """Its name; empty when there is none."""
        name = self._own.get("name")
        return name if isinstance(name, str) and name.strip() else ""

    def note(self, path: Path, message: str, word: str = "") -> None:
        """Take down a problem of the scenario itself."""
        self._reader.note(self._reader.places.in_block(self._number, path, word), message)

    def scenario(self) -> Scenario | None:
        """Return the scenario; None when its facts can't be read."""
        for key, message in _unknown_keys(self._own, _OF_SCENARIO):
            self.note([key], message)
        if not self.name:
            self.note(["name"], "name is missing: say in a few words what the scenario shows")
        policy = self._policy()
        case = self._case(policy)
        codes = known_codes(policy.rulebook)
        expect = expected_of_decision(self._own.get("expect"), self, codes)
        then = self._own.get("then", [])
        acts = cast("list[object]", then) if isinstance(then, list) else [then]
        if "then" in self._own and not acts:
            self.note(["then"], "then is empty: give [[scenario.then]], once or more")
        steps = [step(act, place, self, codes) for place, act in enumerate(acts)]
        if case is None:
            return None
        return Scenario(
            path=self._reader.path,
            line=self._reader.places.in_block(self._number, []),
            name=self.name,
            case=case,
            policy=policy,
            expect=expect,
            steps=tuple(known for known in steps if known is not None),
        )

    def _policy(self) -> RedemptionPolicy:
        """Return the policy that is chosen, unless the facts name another one."""
        name, lifted = (self._own.get(key, self._given.get(key)) for key in _POLICY_KEYS)
        rulebook = self._reader.policy.rulebook
        if name is not None:
            if isinstance(name, str) and name in RULEBOOKS:
                rulebook = RULEBOOKS[name]
            else:
                message = f"rulebook is {name!r}: give {nearest(name, RULEBOOKS)}"
                self._note_fact(["rulebook"], message)
        codes = codes_in_rulebooks(rulebook)
        for code in cast("list[object]", lifted) if isinstance(lifted, list) else [lifted]:
            if code is not None and code not in codes:
                message = f"without holds {code!r}: give {nearest(code, codes)}"
                self._note_fact(["without"], message, str(code))
            for rule in [rule for rule in rulebook.rules if rule.code == code]:
                try:
                    rulebook = rulebook.without(rule)
                except InvalidValueError as error:
                    message = f"without holds {code!r}: give {error.allowed}"
                    self._note_fact(["without"], message, str(code))
        return RedemptionPolicy(rulebook)

    def _case(self, policy: RedemptionPolicy) -> Case | None:
        shared = {key: value for key, value in self._given.items() if key in _FACTS}
        own = {key: value for key, value in self._own.items() if key in _FACTS}
        facts = cast("dict[str, object]", _plain(_laid_over(shared, own)))
        if "package" in self._own:
            self._lay_over_package(facts)
        existing = facts.get("existing")
        if isinstance(existing, dict) and "format" not in existing:
            others = {key: value for key, value in facts.items() if key != "existing"}
            facts["existing"] = self._booked_before(others, cast("_Table", existing), policy)
        return self._read({**_FORMAT, **facts}, ())

    def _lay_over_package(self, facts: dict[str, object]) -> None:
        packages = facts.get("packages")
        shared = cast("list[object]", packages) if isinstance(packages, list) else []
        if len(shared) != 1:
            self.note(["package"], "package is laid over the only package: give packages")
            return
        facts["packages"] = [_laid_over(shared[0], _plain(self._own["package"]))]

    def _booked_before(self, facts: _Table, own: _Table, policy: RedemptionPolicy) -> object:
        """Return the redemption that the same facts gave, but for those that *own* tells itself."""
        then = cast("_Table", _laid_over(facts, own))
        case = self._read({**_FORMAT, **then}, ("existing",))
        if case is None:
            return None
        decision = policy.decide_case(case)
        if decision.redemption is not None:
            return decision.redemption.to_document()
        refused = ", ".join(reason.code for reason in decision.reasons)
        message = f"existing could not be booked ({refused}): give a booking that was eligible"
        self._note_fact(["existing"], message)
        return None

    def _read(self, document: object, within: tuple[str, ...]) -> Case | None:
        try:
            return read_case(document)
        except DocumentError as error:
            for problem in error.problems:
                parts = _PART.findall(problem.path)
                path = [int(part) if part.isdigit() else part.strip('"') for part in parts]
                self._note_fact([*within, *path], str(problem))
            return None

    def _note_fact(self, path: Path, message: str, word: str = "") -> None:
        """Take down a problem of a fact, where it stands: in the scenario, or in [given]."""
        own_path = path
        if "package" in self._own and path[:2] == ["packages", 0]:
            own_path = ["package", *path[2:]]
        # The whole path, or at least its beginning: of a missing key there is no more.
        for own, shared in ((own_path, path), (own_path[:1], path[:1])):
            if _stands(self._own, own):
                break
            if _stands(self._given, shared):
                self._reader.note(self._reader.places.in_block(GIVEN, path, word), message)
                return
        self.note(own_path, message, word)


def _loaded(text: str) -> _Table:
    """Return what a TOML text says; raise where it is too deep, or a number too long."""
    document = tomllib.loads(text)
    layer: list[object] = [document]
    for _ in range(_DEEPEST):
        layer = [member for holder in layer for member in _inside(holder)]
        if any(isinstance(member, int) and abs(member) >= _TOO_LARGE for member in layer):
            raise ValueError
    if any(isinstance(member, dict | list) for member in layer):
        raise RecursionError
    return document


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return cast("_Table", value).values()
    return cast("list[object]", value) if isinstance(value, list) else ()


def _unknown_keys(table: _Table, known: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield each key of a table that is not known, and what to give in its place."""
    for key in table:
        if key not in known:
            yield key, f"{key} is an unknown key: give {nearest(key, known)}"


def _stands(table: object, path: Path) -> bool:
    """Tell whether there is something at that path."""
    for part in path:
        try:
            table = cast("Mapping[str | int, object]", table)[part]
        except (LookupError, TypeError):
            return False
    return True


def _laid_over(shared: object, own: object) -> object:
    """Return a table laid over another key by key; anything else takes the other's place."""
    if not isinstance(shared, dict) or not isinstance(own, dict):
        return own
    laid = dict(cast("_Table", shared))
    for key, value in cast("_Table", own).items():
        laid[key] = _laid_over(laid[key], value) if key in laid else value
    return laid


def _plain(value: object, key: str = "") -> object:
    """Return what a case document would hold in place of what TOML has."""
    if isinstance(value, dict):
        return {name: _plain(member, name) for name, member in cast("_Table", value).items()}
    if isinstance(value, list):
        return [_plain(member) for member in cast("list[object]", value)]
    if isinstance(value, date | time):  # a datetime is a date
        return value.isoformat()
    if value == "guest" and key == "client":
        return dict(_GUEST)
    return None if value == "null" else value

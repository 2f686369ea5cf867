"""On which line of a scenario file something stands; TOML's own reader does not tell.

The text is scanned for the keys, one after the other, inside the right block. That is a guess, and
a good one: where a key can't be found, the line of its table or of its scenario is given.
"""

import re
from collections.abc import Sequence
from typing import Final, TypeAlias, final

#: Keys, and places in lists, from the block down; a scenario's own are below its number.
Path: TypeAlias = Sequence[str | int]

_HEADER: Final = re.compile(r"\s*\[\[?\s*([^\[\]]+?)\s*\]")
GIVEN: Final = -1


@final
class Places:
    """The lines of a scenario file, by the block that they belong to."""

    def __init__(self, text: str) -> None:
        """Note for each line whether it is of [given] or of which [[scenario]]."""
        self._lines = ["" if line.lstrip().startswith("#") else line for line in text.splitlines()]
        self._blocks: dict[int, range] = {}
        block, begin = None, 0
        scenarios = 0
        for place, line in enumerate([*self._lines, "[end]"]):
            match = _HEADER.match(line)
            if match is None:
                continue
            name = match[1].partition(".")[0].strip(" \"'")
            if name == "scenario" and "." in match[1]:
                continue
            if name == "given" and block == GIVEN:
                continue
            if block is not None:
                self._blocks[block] = range(begin, place)
            block, begin = (scenarios if name == "scenario" else GIVEN), place
            scenarios += name == "scenario"

    def in_file(self, key: str) -> int:
        """Return the line of a key or table at the top of the file, 1 or more."""
        return self._found(range(len(self._lines)), 0, key) + 1

    def in_block(self, number: int, path: Path, word: str = "") -> int:
        """Return the line of that path, and of the word in its value, in a block.

        Its number is that of the scenario, 0 or more, or GIVEN.
        """
        block = self._blocks.get(number, range(0))
        place, key = block.start, ""
        for part in path:
            if isinstance(part, int):
                place = self._item(block, place, key, part)
            else:
                place, key = self._found(block, place, part), part
        if word:
            quoted = re.compile(rf"\"{re.escape(word)}\"|'{re.escape(word)}'")
            matches = (at for at in range(place, block.stop) if quoted.search(self._lines[at]))
            place = next(matches, place)
        return place + 1

    def _found(self, block: range, begin: int, key: str) -> int:
        """Return the next line with that key, or in a header that names it; else where it began."""
        named = re.compile(rf"(?<![\w-])[\"']?{re.escape(key)}[\"']?\s*[=.\]]")
        for place in range(begin, block.stop):
            if named.search(self._lines[place]):
                return place
        return begin

    def _item(self, block: range, begin: int, key: str, number: int) -> int:
        """Return the header of that item of an array of tables; where there is none, the array."""
        header = re.compile(rf"\s*\[\[.*(?<![\w-]){re.escape(key)}\s*\]\]")
        headers = [at for at in block if header.match(self._lines[at])]
        return headers[number] if number < len(headers) else begin

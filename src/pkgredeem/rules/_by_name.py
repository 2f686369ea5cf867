"""The rulebooks of the library by their names."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pkgredeem.rules import IN_STORE, ONLINE, TIMELY_2026_03, TIMELY_2026_04
from pkgredeem.rules._rulebook import Rulebook

#: In the order in which they are listed.
RULEBOOKS: Final[Mapping[str, Rulebook]] = MappingProxyType(
    {rulebook.name: rulebook for rulebook in (TIMELY_2026_03, TIMELY_2026_04, ONLINE, IN_STORE)}
)

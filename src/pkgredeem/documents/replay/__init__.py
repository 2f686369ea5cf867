"""Replay: what would have happened to many bookings under a rulebook, and under another.

Counts, never cases: a `Replay` is small however long the file is, is made from a part of the file,
and is merged with the others'. So the parts can be counted by other processes or other machines,
which are given the path and the part, and nothing else. A part is a range of bytes where each line
is a question of its own; with carry it is a shard, which a `Survey` of the file makes (D69).
"""

from pkgredeem.documents.replay._counts import Replay, Reproduction, Tally
from pkgredeem.documents.replay._overdrawn import Overdrawn
from pkgredeem.documents.replay._replay import ranges, replay
from pkgredeem.documents.replay._survey import Shard, Survey, survey

__all__ = [
    "Overdrawn",
    "Replay",
    "Reproduction",
    "Shard",
    "Survey",
    "Tally",
    "ranges",
    "replay",
    "survey",
]

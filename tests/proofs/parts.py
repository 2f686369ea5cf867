"""The parts of the proof, and what is planned for each."""

from typing import NamedTuple


class Planned(NamedTuple):
    """A part: its heading, its share of the budget, and the seconds of its least work.

    The least work is done whatever the share, so that a part may run over its share by so much.
    """

    heading: str
    share: int
    least: int


#: Each part is the module of its name.
PARTS = {
    "face": Planned("The public face stays as it is", 1, least=120),
    "inputs": Planned("Hostile inputs", 1, least=90),
    "reading": Planned("Documents read quickly", 2, least=60),
    "breaks": Planned("Every rule broken by itself", 6, least=360),
    "mutation": Planned("Mutation testing", 40, least=240),
    "second": Planned("A second implementation", 10, least=420),
    "cedar": Planned("A third opinion, by a policy engine", 4, least=90),
    "quotas": Planned("Quotas in races", 2, least=90),
    "stores": Planned("Ready-made stores in races and under kills", 4, least=600),
    "symbolic": Planned("Symbolic execution", 5, least=240),
    "fuzzing": Planned("Fuzzing", 5, least=90),
    "pythons": Planned("Other Pythons", 8, least=720),
}
LEAST_MINUTES = sum(part.least for part in PARTS.values()) / 60

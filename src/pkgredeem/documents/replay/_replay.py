"""The functions that replay a file, or a part of it."""

from itertools import pairwise
from pathlib import Path

from pkgredeem import InvalidValueError, RedemptionPolicy
from pkgredeem._model import checks as check
from pkgredeem.documents.replay._counts import Replay
from pkgredeem.documents.replay._line_counter import LineCounter
from pkgredeem.documents.replay._lines import check_range
from pkgredeem.documents.replay._survey import Shard, survey


def ranges(path: str | Path, parts: int) -> list[tuple[int, int]]:
    """Return that many ranges of bytes, or fewer, that cover the file without a gap.

    A line belongs to the range that holds its first byte, wherever it ends.

    Args:
        path: the file.
        parts: how many, 1 or more.

    Raises:
        InvalidValueError: *parts* is below 1.
        OSError: the file can't be looked at.
    """
    check.whole("parts", parts, least=1)
    size = Path(path).stat().st_size
    edges = sorted({size * part // parts for part in range(parts + 1)})
    return list(pairwise(edges)) or [(0, 0)]


def replay(
    path: str | Path,
    policy: RedemptionPolicy,
    against: RedemptionPolicy | None = None,
    *,
    start: int = 0,
    stop: int | None = None,
    carry: bool = False,
    shard: Shard | None = None,
) -> Replay:
    """Decide every case of a JSON Lines file, or of a part of it, and count.

    Without carry each line is a question of its own, taken as it stands, and a part is a range of
    bytes. With carry the lines are histories (D69): they may come in any order and are taken in
    order of booking, a package starts with what its first line says, and later lines go on from
    what was drawn. A part is a shard then.

    Args:
        path: the file, one case or act document a line.
        policy: who decides.
        against: who decides beside it, or None; each has a history of its own.
        start: the first byte of the range.
        stop: the byte after its last one; None for the end of the file.
        carry: whether balances, uses and redemptions are carried through the whole file.
        shard: the part to replay with carry; None for the whole file or a range.

    Raises:
        InvalidValueError: *policy* or *against* is no policy, *start* or *stop* no byte, 0 or more,
            or a range is asked for with carry.
        OSError: the file can't be read.
    """
    check.kind_of("policy", policy, RedemptionPolicy)
    check.optional_kind_of("against", against, RedemptionPolicy)
    check_range(start, stop)
    check.flag("carry", carry)
    check.optional_kind_of("shard", shard, Shard)
    counter = LineCounter([policy] if against is None else [policy, against])
    if not carry and shard is None:
        counter.count_range(path, start, stop)
        return counter.result(carried=False)
    if start or stop is not None:
        allowed = "left out with carry, whose parts are shards"
        raise InvalidValueError("start" if start else "stop", start or stop, allowed)
    shards = survey(path).shards(1) if shard is None else [shard]
    counter.count_shards(path, shards)
    return counter.result(carried=True)

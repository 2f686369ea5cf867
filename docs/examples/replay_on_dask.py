"""Replay a year of bookings on a Dask cluster: the same function, on as many machines as there are.

    python replay_on_dask.py CASES.jsonl                        a cluster on this machine
    python replay_on_dask.py CASES.jsonl --scheduler ADDRESS    one that is running already
    python replay_on_dask.py CASES.jsonl --carry                each line goes on from those before

A worker is handed a path, a part of the file and a policy, and hands back a count. So the file has
to stand under the same path on every worker (a shared folder), and no case ever travels.
"""

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager

from dask.distributed import Client, LocalCluster

from pkgredeem import RedemptionPolicy
from pkgredeem.documents.replay import Replay, Survey, ranges, replay, survey


@contextmanager
def connected(scheduler: str | None) -> Iterator[Client]:
    """Yield a client of that scheduler, or of a cluster of two processes on this machine."""
    if scheduler is not None:
        with Client(scheduler) as client:
            yield client
        return
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


def replay_on(client: Client, path: str, policy: RedemptionPolicy, parts: int) -> Replay:
    """Return what the whole file comes to, counted in that many ranges."""
    counted = [
        client.submit(replay, path, policy, start=start, stop=stop)
        for start, stop in ranges(path, parts)
    ]
    return Replay.merged(client.gather(counted))


def replay_with_carry_on(client: Client, path: str, policy: RedemptionPolicy, parts: int) -> Replay:
    """Return the same with carry: the file is looked through, then counted in that many shards."""
    looked_at = [
        client.submit(survey, path, start=start, stop=stop) for start, stop in ranges(path, parts)
    ]
    shards = Survey.merged(client.gather(looked_at)).shards(parts)
    counted = [client.submit(replay, path, policy, shard=shard) for shard in shards]
    return Replay.merged(client.gather(counted))


def main() -> None:
    """Read the arguments, count, and print the counts as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("path", metavar="CASES.jsonl")
    parser.add_argument("--scheduler", metavar="ADDRESS")
    parser.add_argument("--carry", action="store_true")
    parser.add_argument("--parts", type=int, default=8, metavar="N")
    arguments = parser.parse_args()
    with connected(arguments.scheduler) as client:
        count = replay_with_carry_on if arguments.carry else replay_on
        found = count(client, arguments.path, RedemptionPolicy(), arguments.parts)
    print(json.dumps(found.to_dict()))


if __name__ == "__main__":  # each worker of a local cluster imports this file again
    main()

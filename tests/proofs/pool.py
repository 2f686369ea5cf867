"""All cores at work until the time is up."""

import os
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from multiprocessing import get_context
from typing import TypeVar

_Result = TypeVar("_Result")
_Job = TypeVar("_Job")


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def until(work: Callable[[int], _Result], *, seconds: float, least: int) -> list[_Result]:
    """Return the results of work(0), work(1) and so on: *least* of them, then until time is up."""
    end = time.monotonic() + seconds
    results: list[_Result] = []
    with ProcessPoolExecutor(cores(), get_context("spawn")) as pool:
        pending: set[Future[_Result]] = set()
        asked = 0
        while pending or asked < least or time.monotonic() < end:
            while len(pending) < 2 * cores() and (asked < least or time.monotonic() < end):
                pending.add(pool.submit(work, asked))
                asked += 1
            done, pending = wait(pending, return_when=FIRST_COMPLETED)
            results += [each.result() for each in done]
    return results


def each(work: Callable[[_Job], _Result], jobs: list[_Job]) -> list[_Result]:
    """Return the result of every job, in the order of the jobs."""
    with ProcessPoolExecutor(cores(), get_context("spawn")) as pool:
        return list(pool.map(work, jobs))

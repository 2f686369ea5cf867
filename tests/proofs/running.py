"""Runs parts within a budget: each in a process of its own, which is ended when its time is up."""

import os
import signal
import time
import zoneinfo
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import NoReturn

from tests.proofs.found import Found, Part, Ran
from tests.proofs.parts import Planned

#: Seconds that are left to a part for ending what it has started, before it is killed.
TO_END = 10.0


def run(planned: Mapping[str, Planned], seconds: float) -> dict[str, Ran]:
    """Run parts one after the other, each with its share of the time that is left.

    What one part leaves over is shared out among those after it. All of them end within the seconds
    and the sum of their least work.
    """
    end = time.monotonic() + seconds
    shares = sum(part.share for part in planned.values())
    ran: dict[str, Ran] = {}
    for name, part in planned.items():
        share = max(0.0, end - time.monotonic()) * part.share / shares
        shares -= part.share
        print(f"== {name}: {part.heading}, {share:.0f} s", flush=True)
        began = time.monotonic()
        found = found_within(name, share, share + part.least)
        ran[name] = Ran(part.heading, found, time.monotonic() - began, share)
        for what, much in found.figures:
            print(f"   {what}: {much}")
        for failure in found.failures:
            print(f"   FAILED: {failure}")
        verdict = "FAILED" if found.failures else "ok"
        print(f"== {name}: {verdict}, {ran[name].time}\n", flush=True)
    return ran


def found_within(name: str, share: float, most: float) -> Found:
    """Return what a part found with that share of the time, or that it was ended after *most*."""
    context = get_context("fork")  # it knows what its parent was told
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(name, share, sending))
    process.start()
    sending.close()
    patience = 0.0
    try:
        if not receiving.poll(max(0.0, most - TO_END)):
            return _broken(f"ended: {most:.0f} s are its share and its least work")
        patience = TO_END / 2
        found: Found = receiving.recv()
    except EOFError:
        found = _broken("its process ended before it found anything")
    finally:
        _end(process, patience)
        receiving.close()
    return found


def _send(name: str, share: float, sending: Connection) -> None:
    """Send what the part found; whoever asks this process to end ends what it has started."""
    os.setsid()  # so that all that it starts can be ended with it
    signal.signal(signal.SIGTERM, _leave)
    zoneinfo.reset_tzpath(to=())  # the pinned tzdata, not the machine's own
    try:
        found = prover(name)(share)
    except Exception as error:  # noqa: BLE001 - a part that breaks must not stop the others
        found = _broken(f"{type(error).__name__}: {error}")
    sending.send(found)


def prover(name: str) -> Part:
    """Return the part of that name, whose module is imported only when it runs."""
    prove: Part = import_module(f"tests.proofs.{name}").prove
    return prove


def _leave(_number: int, _frame: object) -> NoReturn:
    raise SystemExit(1)


def _end(process: BaseProcess, patience: float) -> None:
    """Let a process end, ask it to, and kill it with whatever it has left behind."""
    if not wait([process.sentinel], patience):
        process.terminate()
        wait([process.sentinel], TO_END / 2)
    # Before it is joined, so that its number is not another's by now.
    with suppress(ProcessLookupError):
        os.killpg(process.pid or 0, signal.SIGKILL)
    process.join()


def _broken(how: str) -> Found:
    return Found(says="This part broke.", figures=(), failures=(how,))

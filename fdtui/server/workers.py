"""Several processes that serve one socket: started, replaced when they die, stopped together.

They are forked, and so share the listening socket; nothing else: each opens the database for itself.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from typing import NoReturn

from fdtui.core.errors import StorageError, UsageError

Work = Callable[[Callable[[], object]], None]
"""Serves until a signal; calls what it is given once connections are taken."""

PAUSE = 1.0
"""Seconds before one that died is replaced, so that a lasting fault does not spin."""


def run_workers(count: int, work: Work, started: Callable[[], None]) -> None:
    """Run ``work`` in ``count`` processes until SIGINT or SIGTERM, which then has its own effect.

    ``started`` is called once all of them serve. Raises `StorageError` if one of them never does.
    """
    if not hasattr(os, "fork"):
        raise UsageError("Several workers need a system that can fork.", "Leave out --workers.")
    team = _Team(work)
    with team.signals():
        try:
            for _ in range(count):
                team.hire()
            team.wait_until_ready()
            started()
            team.keep()
        finally:
            team.stop()
    if team.told is not None:
        signal.raise_signal(team.told)


class _Team:
    def __init__(self, work: Work) -> None:
        self._work = work
        self._ready: dict[int, int] = {}
        """The reading end of each process' pipe, on which it says that it serves."""
        self.told: signal.Signals | None = None

    @contextlib.contextmanager
    def signals(self) -> Iterator[None]:
        """While in here, a signal to stop goes to all."""
        before = {each: signal.signal(each, self._on_signal) for each in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)

    def _on_signal(self, number: int, _: object) -> None:
        self.told = signal.Signals(number)
        self._pass_on(signal.SIGTERM)

    def _pass_on(self, number: signal.Signals) -> None:
        for pid in self._ready:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def hire(self) -> None:
        """Start one more."""
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            self._be_worker(writing)
        os.close(writing)
        self._ready[pid] = reading

    def _be_worker(self, writing: int) -> NoReturn:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        code = 1
        try:
            self._work(partial(os.write, writing, b"1"))
            code = 0
        except Exception:  # noqa: BLE001 - the outermost border of this process
            traceback.print_exc()
        finally:
            os._exit(code)  # what the parent has to close is not ours to close

    def wait_until_ready(self) -> None:
        """Return once each of them serves."""
        for reading in self._ready.values():
            if os.read(reading, 1) != b"1" and self.told is None:
                raise StorageError("A worker could not start; it says above why.")

    def keep(self) -> None:
        """Replace those that die, until we are told to stop."""
        while self.told is None:
            pid, _ = os.wait()
            os.close(self._ready.pop(pid))
            if self.told is None:
                time.sleep(PAUSE)
            if self.told is None:
                self.hire()

    def stop(self) -> None:
        """End them all and wait for it."""
        self._pass_on(signal.SIGTERM)
        while self._ready:
            pid, _ = os.wait()
            os.close(self._ready.pop(pid))

"""Several processes that serve one socket: started, replaced when they die, stopped together.

They are forked, and so share the listening socket; nothing else: each opens the database for itself.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import NoReturn

from fdtui.core.errors import StorageError, UsageError

_log = logging.getLogger(__name__)

Work = Callable[[Callable[[], object], int], None]
"""Serves until a signal; calls what it is given once connections are taken. The number is its own among
those that run, from 0; one that replaces another takes over its number."""

RESTART_PAUSE = 1.0
"""Seconds before one that died is replaced, so that a lasting fault does not spin."""


def run_workers(count: int, work: Work, started: Callable[[], None]) -> None:
    """Run ``work`` in ``count`` processes until SIGINT or SIGTERM, which then has its own effect.

    ``started`` is called once all of them serve. Raises `StorageError` if one of them never does.
    """
    if not hasattr(os, "fork"):
        raise UsageError("Several workers need a system that can fork.", "Leave out --workers.")
    pool = _Pool(work)
    with pool.signals():
        try:
            for number in range(count):
                pool.start(number)
            pool.wait_until_ready()
            started()
            pool.keep()
        finally:
            pool.stop()
    if pool.stop_signal is not None:
        signal.raise_signal(pool.stop_signal)


class _Pool:
    def __init__(self, work: Work) -> None:
        self._work = work
        self._ready: dict[int, int] = {}
        """The reading end of each process' pipe, on which it says that it serves."""
        self._numbers: dict[int, int] = {}
        self.stop_signal: signal.Signals | None = None

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
        self.stop_signal = signal.Signals(number)
        self._signal_all(signal.SIGTERM)

    def _signal_all(self, number: signal.Signals) -> None:
        for pid in self._ready:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def start(self, number: int) -> None:
        """Start one more."""
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            self._be_worker(writing, number)
        os.close(writing)
        self._ready[pid], self._numbers[pid] = reading, number

    def _be_worker(self, writing: int, number: int) -> NoReturn:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        code = 1
        try:
            self._work(partial(os.write, writing, b"1"), number)
            code = 0
        except Exception:  # noqa: BLE001 - the outermost border of this process
            _log.exception("a worker ended")
        finally:
            os._exit(code)  # what the parent has to close is not ours to close

    def wait_until_ready(self) -> None:
        """Return once each of them serves."""
        for reading in self._ready.values():
            if os.read(reading, 1) != b"1" and self.stop_signal is None:
                raise StorageError("A worker could not start; the reason is above.")

    def keep(self) -> None:
        """Replace those that die, until we are asked to stop."""
        while self.stop_signal is None:
            pid, _ = os.wait()
            os.close(self._ready.pop(pid))
            if self.stop_signal is None:
                time.sleep(RESTART_PAUSE)
            if self.stop_signal is None:
                self.start(self._numbers.pop(pid))

    def stop(self) -> None:
        """End them all and wait for it."""
        self._signal_all(signal.SIGTERM)
        while self._ready:
            pid, _ = os.wait()
            os.close(self._ready.pop(pid))

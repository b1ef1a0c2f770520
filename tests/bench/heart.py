"""The program with a heart: a coroutine beside the board that notes how late each of its beats is.

python -m tests.bench.heart FILE [ARGUMENTS OF fdtui]

A line for each beat: when it was (monotonic), how late, how much of the time from the beat before the
loop's thread worked, and how much of it that thread was ready and waited for a core. All in seconds.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import time
from pathlib import Path
from typing import NamedTuple

BEAT = 0.002


class Beat(NamedTuple):
    """One beat; all in seconds."""

    at: float
    late: float
    """The time since the beat before, less `BEAT`."""
    worked: float
    waited: float
    """For a core that somebody else had: the machine's part of being late."""


async def beat(path: Path) -> None:
    """Note beats until cancelled."""
    schedule = os.open(f"/proc/self/task/{threading.get_native_id()}/schedstat", os.O_RDONLY)
    with path.open("w", buffering=1 << 20) as out:
        before, worked, waited = time.monotonic(), *_spent(schedule)
        try:
            while True:
                await asyncio.sleep(BEAT)
                now, works, waits = time.monotonic(), *_spent(schedule)
                late = now - before - BEAT
                out.write(f"{now:.6f} {late:.6f} {works - worked:.6f} {waits - waited:.6f}\n")
                before, worked, waited = now, works, waits
        finally:
            os.close(schedule)


def _spent(schedule: int) -> tuple[float, float]:
    """CPU time of the thread, and its time in the queue for one."""
    return time.thread_time(), int(os.pread(schedule, 100, 0).split()[1]) / 1e9


def beats(path: Path) -> list[Beat]:
    """What was noted."""
    return [Beat(*map(float, line.split())) for line in path.read_text().splitlines()]


def main() -> None:
    """Run the program."""
    from fdtui.cli import main as cli
    from fdtui.tui.app import FdtuiApp

    path, begin = Path(sys.argv.pop(1)), FdtuiApp.after_first_frame

    def after_first_frame(app: FdtuiApp) -> None:
        app.run_worker(beat(path), group="heart", exit_on_error=False)
        begin(app)

    FdtuiApp.after_first_frame = after_first_frame  # type: ignore[method-assign]
    cli.main()


if __name__ == "__main__":
    main()

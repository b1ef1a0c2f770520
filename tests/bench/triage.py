"""Triage, and the board while 500 executions are under way: real program, real sockets.

python -m tests.bench.triage
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time

from fdtui import wiring
from fdtui.config.paths import find_folders
from fdtui.config.settings import Profile
from fdtui.core.job import Run
from tests.bench.watch import Watched
from tests.pty.moody import MoodyFlowdash
from tests.pty.strict import KEY

PROGRAM = [sys.executable, "-m", "fdtui"]
TASKS = 40


def environ(home: str, moody: MoodyFlowdash) -> dict[str, str]:
    """What makes the program show the board of ``moody``."""
    return {
        "FDTUI_HOME": home,
        "FDTUI_URL": moody.url,
        "FDTUI_API_KEY": KEY,
        "FDTUI_USER": "user@example.com",
    }


def frame(program: Watched, key: str, pause: float = 0.15) -> float:
    """Seconds from a key until the first frame that follows it is written."""
    start, pressed = len(program.output), time.monotonic()
    program.press(key)
    while len(program.output) == start:
        program.read(0.5)
    taken = program.heard - pressed
    while time.monotonic() < pressed + pause:
        program.read(0.02)
    return taken


def triage() -> tuple[float, float]:
    """Median ms from a decision to the next card's title, and of a bare repaint."""
    moody = MoodyFlowdash(TASKS)
    try:
        with (
            tempfile.TemporaryDirectory() as home,
            Watched(PROGRAM, environ=environ(home, moody)) as program,
        ):
            program.first_paint(b"Company 0")
            program.settle(1.0)
            program.press("T")
            program.settle(1.0)
            repaint = [frame(program, "ctrl+l", 0.5) for _ in range(8)]  # every cell again
            taken = [frame(program, "1") for _ in range(TASKS - 1)]
            assert len(moody.started) >= TASKS - 2
            return statistics.median(taken) * 1000, statistics.median(repaint) * 1000
    finally:
        moody.stop()


def cursor(executions: int) -> float:
    """Median ms of a cursor key while so many executions are under way."""
    moody = MoodyFlowdash(200)
    try:
        with tempfile.TemporaryDirectory() as home:
            ledger = wiring.ledger_of(
                find_folders({"FDTUI_HOME": home}), Profile(url=moody.url), note=print
            )
            assert ledger is not None
            runs = [
                Run(n + 1, "2ylSaZ", str(n % 200), str(n % 200), f"Company {n % 200}", "Stuck",
                    f"Do {n}", None, time.time(), f"x{n}", "Pending", sent=True)
                for n in range(executions)
            ]  # fmt: skip
            moody.moods |= {f"x{n}": "Stuck" for n in range(executions)}
            if runs:
                ledger.runs().save(*runs)
            ledger.close()
            with Watched(PROGRAM, environ=environ(home, moody)) as program:
                program.first_paint(b"Company 0")
                program.settle(0.05, 20)
                end = time.monotonic() + 3
                while time.monotonic() < end:
                    program.read(0.1)
                taken = [frame(program, key) for key in ["j", "k"] * 20]
                return statistics.median(taken) * 1000
    finally:
        moody.stop()


def main() -> None:
    """Print the table."""
    taken, repaint = triage()
    idle, busy = cursor(0), cursor(500)
    print("| what | ms | promised |")
    print("| --- | ---: | --- |")
    print(f"| triage: decision to the next card, median of {TASKS - 1} | {taken:.1f} | |")
    print(f"| … a bare repaint of the same screen | {repaint:.1f} | |")
    print(f"| … above it | {taken - repaint:.1f} | ≤ 50 |")
    print(f"| cursor key, nothing runs | {idle:.1f} | |")
    print(f"| cursor key, 500 executions | {busy:.1f} = {busy / idle:.2f} × | ≤ 1.5 × |")


if __name__ == "__main__":
    main()

"""What the screen costs: bytes of a key and of the start, the lag on slow links, and escape.

python -m tests.bench.screen [RUNS] [ANOTHER CHECKOUT]

Another checkout is measured in turns with this one, so that a noisy moment hits both.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.bench.far import Far
from tests.bench.watch import Watched

HERE = Path(__file__).parents[2]
HELD = 90
RATE = 30
"""Keys of a held ``j``, and how many a second."""
CARDS = b"Task 00"


_RUN = "import runpy, sys; sys.path[0] = sys.argv.pop(1); runpy.run_module('fdtui', run_name='__main__')"


def _environ(checkout: Path) -> dict[str, str]:
    return {"PYTHONPATH": str(checkout)}


def _demo(checkout: Path) -> list[str]:
    return [sys.executable, "-c", _RUN, str(checkout), "demo"]


def _board(checkout: Path) -> list[str]:
    return [sys.executable, str(checkout / "tests/bench/yardsticks/board.py"), "10000"]


def start_bytes(checkout: Path) -> float:
    """Bytes until the demo's board stands and is live."""
    with (
        tempfile.TemporaryDirectory() as home,
        Watched(_demo(checkout), environ=_environ(checkout) | {"FDTUI_HOME": home}) as program,
    ):
        program.first_paint(b"live")
        program.settle(1.0, 30)
        return len(program.output)


def move_bytes(checkout: Path) -> float:
    """Median bytes of a ``j`` or ``k`` that does not scroll."""
    with Watched(_board(checkout), environ=_environ(checkout)) as program:
        program.first_paint(CARDS)
        program.settle(0.5)
        return statistics.median(program.key(key)[1] for key in "jk" * 5)


def held_bytes(checkout: Path) -> float:
    """Mean bytes of a held ``j``, scrolling and all."""
    with Watched(_board(checkout), environ=_environ(checkout)) as program:
        program.first_paint(CARDS)
        program.settle(0.5)
        before = len(program.output)
        _hold(program)
        program.settle(0.5)
        return (len(program.output) - before) / HELD


def lag(rate: float, rtt: float) -> Callable[[Path], float]:
    """Measures how many ms the picture changes yet after a ``j`` that was held for 3 s."""

    def measure(checkout: Path) -> float:
        with Far(_board(checkout), rate, rtt, environ=_environ(checkout)) as program:
            program.first_paint(CARDS)
            program.settle(2 * rtt + 1.0, 60)
            _hold(program)
            released = time.monotonic()
            program.settle(2 * rtt + 1.0, 60)
            return max(0.0, program.heard - released) * 1000

    return measure


def _hold(program: Watched) -> None:
    began = time.monotonic()
    for number in range(HELD):
        while (left := began + number / RATE - time.monotonic()) > 0:
            program.read(left)
        program.press("j")


def escape(sequence: bytes) -> Callable[[Path], float]:
    """Measures the ms from the key to the whole picture without the pane: the least of a few."""

    def measure(checkout: Path) -> float:
        taken = list[float]()
        with (
            tempfile.TemporaryDirectory() as home,
            Watched(_demo(checkout), environ=_environ(checkout) | {"FDTUI_HOME": home}) as program,
        ):
            program.first_paint(b"live")
            program.settle(1.0, 30)
            for _ in range(8):
                program.press("enter")
                program.settle(0.4)
                pressed = time.monotonic()
                program.write(sequence)
                assert program.read(5)
                program.settle(0.2)
                taken.append(program.heard - pressed)
        return min(taken) * 1000

    return measure


ROWS: Mapping[str, tuple[Callable[[Path], float], str, str]] = {
    "bytes of a move": (move_bytes, "B", "≤ 350"),
    "bytes of a held j, mean": (held_bytes, "B", "≤ 500"),
    "bytes until the board stands": (start_bytes, "B", "≤ 9,000"),
    "64 kbit/s, 100 ms RTT: lag after j held for 3 s": (lag(8_000, 0.1), "ms", "≤ 500"),
    "9,600 bit/s, 200 ms RTT: the same": (lag(960, 0.2), "ms", ""),
    "escape closes the pane": (escape(b"\x1b"), "ms", "≤ 40"),
    "the same where the terminal has the kitty protocol": (escape(b"\x1b[27u"), "ms", "≤ 40"),
}


def main() -> None:
    """Print the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    checkouts = [HERE, *(Path(each).resolve() for each in sys.argv[2:])]
    os.environ.pop("ESCDELAY", None)
    print("| what | " + " | ".join(["now", "before", "ratio"][: 2 * len(checkouts) - 1]) + " | goal |")
    print("| --- |" + " ---: |" * (2 * len(checkouts) - 1) + " --- |")
    for name, (measure, unit, goal) in ROWS.items():
        taken = [[measure(each) for each in checkouts] for _ in range(runs)]
        found = [statistics.median(column) for column in zip(*taken, strict=True)]
        cells = [f"{each:,.0f} {unit}" for each in found]
        ratio = [f"{found[0] / found[1]:.2f} ×"] if len(found) > 1 and found[1] else []
        print(f"| {name} | {' | '.join([*cells, *ratio])} | {goal} |", flush=True)


if __name__ == "__main__":
    main()

"""Measures the board beside its yardsticks, in turns, and prints a table of medians and ratios.

python -m tests.bench [RUNS]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.bench.server import running
from tests.bench.watch import Watched

HERE = Path(__file__).parent / "yardsticks"
PYTHON = sys.executable
BARE = [PYTHON, str(HERE / "bare.py")]
LINES = [PYTHON, str(HERE / "lines.py"), "10000"]
BOARD = [PYTHON, str(HERE / "board.py"), "10000"]
DEMO = [str(Path(PYTHON).with_name("fdtui")), "demo"]
KEYS = 12
IDLE = 5.0
LONG = 20.0
"""Seconds of several polls."""


def start(argv: list[str], words: bytes) -> float:
    """First useful paint in ms."""
    with tempfile.TemporaryDirectory() as home, Watched(argv, environ={"FDTUI_HOME": home}) as program:
        return program.first_paint(words) * 1000


def keys(argv: list[str], words: bytes) -> tuple[float, float]:
    """Median ms and bytes of a cursor key that does not scroll."""
    with Watched(argv) as program:
        program.first_paint(words)
        program.settle(0.5)
        pressed = [program.key(name) for name in ["j", "k"] * (KEYS // 2)]
        return (
            statistics.median(ms for ms, _ in pressed) * 1000,
            statistics.median(size for _, size in pressed),
        )


def memory(argv: list[str], words: bytes) -> float:
    """Peak MB after the first paint and a few keys."""
    with Watched(argv) as program:
        program.first_paint(words)
        program.settle(0.5)
        for name in ["j"] * KEYS:
            program.key(name)
        return program.memory()


def idle(argv: list[str], words: bytes) -> float:
    """Bytes written in `IDLE` seconds in which nothing happens."""
    with tempfile.TemporaryDirectory() as home, Watched(argv, environ={"FDTUI_HOME": home}) as program:
        program.first_paint(words)
        program.settle(3.0, 30)
        return program.idle(IDLE)


def idle_cpu(argv: list[str], words: bytes, environ: Mapping[str, str] | None = None) -> float:
    """Milliseconds of work in a second in which nothing happens, polls and all."""
    with (
        tempfile.TemporaryDirectory() as home,
        Watched(argv, environ={"FDTUI_HOME": home, **(environ or {})}) as program,
    ):
        program.first_paint(words)
        program.settle(3.0, 30)
        before = program.cpu()
        program.idle(LONG)
        return (program.cpu() - before) * 1000 / LONG


def served_idle_cpu() -> float:
    """The same of a board on a served demo."""
    with tempfile.TemporaryDirectory() as folder:
        served = [*DEMO[:-1], "serve", "--demo", "--port", "0", "--db", f"sqlite:///{folder}/team.db"]
        with running(served, 2) as (url, key):
            return idle_cpu(DEMO[:-1], b"Acme Corp", {"FDTUI_URL": url, "FDTUI_API_KEY": key})


def row(name: str, unit: str, ours: float, floor: float | None, limit: str) -> None:
    """Print a line of the table."""
    ratio = f"{ours / floor:.2f} ×" if floor else ""
    beside = f"{floor:.1f}" if floor is not None else ""
    print(f"| {name} | {ours:.1f} {unit} | {beside} | {ratio} | {limit} |")


def in_turn(runs: int, *measure: Callable[[], float]) -> list[float]:
    """The median of each measurement, taken in turns so that a noisy moment hits all alike."""
    taken = [[each() for each in measure] for _ in range(runs + 1)][1:]
    return [statistics.median(column) for column in zip(*taken, strict=True)]


def main() -> None:
    """Print the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print("| what | fdtui | yardstick | ratio | promised |")
    print("| --- | ---: | ---: | ---: | --- |")
    demo, bare = in_turn(runs, lambda: start(DEMO, b"Acme Corp"), lambda: start(BARE, b"Hello"))
    row("first useful paint of the demo", "ms", demo, bare, "≤ 1.8 × a bare app")
    ours = [keys(BOARD, b"Task 00") for _ in range(runs)]
    floor = [keys(LINES, b"Task 00") for _ in range(runs)]
    ms = [statistics.median(each[0] for each in side) for side in (ours, floor)]
    size = [statistics.median(each[1] for each in side) for side in (ours, floor)]
    row("cursor key at 10,000 tasks", "ms", *ms, "≤ 1.5 × a minimal board")
    row("bytes of a cursor key at 120×40", "B", *size, "≤ 350 B")
    mb = in_turn(min(runs, 3), lambda: memory(BOARD, b"Task 00"), lambda: memory(BARE, b"Hello"))
    row("memory at 10,000 tasks", "MB", *mb, "≤ 2.5 × a bare app")
    row(f"bytes written in {IDLE:g} idle seconds", "B", idle(DEMO, b"Acme Corp"), None, "0")
    demo, bare = in_turn(1, lambda: idle_cpu(DEMO, b"Acme Corp"), lambda: idle_cpu(BARE, b"Hello"))
    row("work of an idle second, demo", "ms", demo, bare, "≤ 1.5 × a bare app")
    row("work of an idle second, over HTTP", "ms", served_idle_cpu(), bare, "≤ 1.5 × a bare app")


if __name__ == "__main__":
    main()

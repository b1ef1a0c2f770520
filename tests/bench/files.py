"""A 50 MB file goes up and comes down a slow link while somebody types: what the user feels of it.

python -m tests.bench.files [RUNS]

The real program in a pseudo-terminal, on a served board of 1,200 tasks behind a link of 1 MB/s: keys
before and during, and the peak of memory. Then the same without keys, with a heart in the program and
over a link four times as fast: the longest that the loop keeps a key from being heard.

A key right behind a repaint of the progress waits for Textual's next frame, of which there are 60 a
second and of which its timer may skip one: up to 33 ms that are neither work of the loop nor a wait
for a core. With ``TEXTUAL_FPS=1000`` most of that is gone.
"""

from __future__ import annotations

import json
import os
import signal
import statistics
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from fdtui.server.record import Record
from fdtui.server.store import Transaction, open_store, tasks, workspace
from fdtui.server.workflow.definition import parse
from tests.bench.heart import Beat, beats
from tests.bench.keying import Press, press_until, summary
from tests.bench.server import running
from tests.bench.watch import Watched

T = TypeVar("T")
PROGRAM = [sys.executable, "-m", "fdtui"]
HEART = [sys.executable, "-m", "tests.bench.heart"]
LINK = [sys.executable, "-m", "tests.bench.link"]
SIZE = 50_000_000
TASKS = 1200
RATE, HEART_RATE = 1_000_000, 4_000_000
"""Bytes a second of the links."""
IDLE = 30.0
"""Seconds that are measured before a file moves."""
CARDS = (b"Company 0000", b"Company 0001")
"""The cards that the keys go to and fro between."""
SLOWEST = 3
"""Keys of each kind that are told one by one."""
LIMIT = 50.0
"""Milliseconds that a file may keep a key waiting."""
WORKFLOW = """
id = "w"
name = "Companies"
stages = [{ name = "Open" }, { name = "Doing" }, { name = "Done", end = true }]
fields = [
    { id = "id", name = "ID", type = "uniqueId" },
    { id = "name", name = "Name" },
    { id = "amount", name = "Amount", type = "currency" },
    { id = "due", name = "Due", type = "date" },
    { id = "docs", name = "Documents", type = "file" },
]
"""
SERVE = """
import sys
from fdtui.server.http.serve import serve
serve(db=sys.argv[1], port=0, announce=lambda line: print(line, flush=True))
"""


class Played(NamedTuple, Generic[T]):
    """What was measured before, while the file went up, and while it came down."""

    idle: T
    up: T
    down: T
    resident: float
    """MB of the idle program."""
    up_peak: float
    down_peak: float

    @property
    def parts(self) -> Iterator[tuple[str, T]]:
        """Each with its name."""
        yield from zip(("idle", "upload", "download"), self[:3], strict=True)


class Desk(NamedTuple):
    """Where the program under test works."""

    folder: Path
    server: str
    """The server's own address, for those who look without a link."""
    link: str
    key: str

    @property
    def environ(self) -> dict[str, str]:
        """What makes the program show the board."""
        own = {"FDTUI_HOME": str(self.folder / "home"), "FDTUI_USER": "user@example.com"}
        python = {"PYTHONPATH": str(Path(__file__).parents[2])}
        return {**own, **python, "FDTUI_URL": self.link, "FDTUI_API_KEY": self.key}

    def has_file(self) -> bool:
        """Whether the upload is in its task."""
        request = urllib.request.Request(
            f"{self.server}/api/v1/workflows/w/tasks/T-0000",
            headers={"Authorization": f"Bearer {self.key}"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return bool(json.load(answer)["Documents"])


@contextmanager
def desk(rate: int) -> Iterator[Desk]:
    """A served board, a link to it, a big file and a folder for its return."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "big.bin").write_bytes(os.urandom(SIZE))
        (folder / "back").mkdir()
        url = f"sqlite:///{folder}/team.db"
        fill(url)
        with running([sys.executable, "-c", SERVE, url], 2) as (server, key):
            port = server.rpartition(":")[2]
            with running([*LINK, port, str(rate)], 1) as (link,):
                yield Desk(folder, server, link, key)


def fill(url: str) -> None:
    """The workflow with its tasks."""
    store = open_store(url)

    def work(tx: Transaction) -> None:
        workspace.add(tx, parse(WORKFLOW))
        for n in range(TASKS):
            uid = f"T-{n:04}"
            values = {"id": uid, "name": f"Company {n:04}", "amount": f"{n}.50", "due": "2020-01-31"}
            tasks.add(tx, "w", Record(f"t{n:04}", ("Open", "Doing")[n % 3 == 2], None, uid, values))

    store.write(work)
    store.close()


@contextmanager
def until(holds: Callable[[], bool], more: float = 2.5) -> Iterator[Callable[[], bool]]:
    """Whether something holds since ``more`` seconds; looked at in a thread, for looking takes time."""
    over, enough = threading.Event(), threading.Event()

    def look() -> None:
        while not holds() and not enough.wait(0.5):
            pass
        enough.wait(more)
        over.set()

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield over.is_set
    finally:
        enough.set()
        thread.join()


def play(argv: Sequence[str], at: Desk, do: Callable[[Watched, Callable[[], bool]], T]) -> Played[T]:
    """Open the board, attach the file and fetch it again; meanwhile ``do`` until that is over."""
    with Watched(argv, environ=at.environ) as program:
        program.first_paint(CARDS[1])
        program.settle(2.0, 30)
        end = time.monotonic() + IDLE
        idle = do(program, lambda: time.monotonic() > end)
        resident = program.memory("VmRSS")
        program.forget_peak()
        _in_files(program, "a", f"{at.folder}/big.bin")
        with until(at.has_file) as is_over:
            up = do(program, is_over)
        up_peak = program.memory()
        program.forget_peak()
        _in_files(program, "D", f"{at.folder}/back/")
        with until((at.folder / "back" / "big.bin").exists) as is_over:
            down = do(program, is_over)
        down_peak = program.memory()
        assert (at.folder / "back" / "big.bin").stat().st_size == SIZE
        program.signal(signal.SIGTERM)
        program.wait_end()
    return Played(idle, up, down, resident, up_peak - resident, down_peak - resident)


def _in_files(program: Watched, key: str, path: str) -> None:
    """Give a path to a key of the files pane, and close the pane."""
    program.settle()
    program.press("f")
    program.settle(0.5)
    program.press(key)
    program.settle(0.5)
    program.press(*path)
    program.settle(0.5)
    program.press("enter")
    program.idle(0.5)
    program.press("q")
    program.idle(0.5)


def rest(program: Watched, is_over: Callable[[], bool]) -> tuple[float, float]:
    """Press nothing; answers from when to when (monotonic seconds)."""
    began = time.monotonic()
    while not is_over():
        program.read(0.1)
        program.forget()
    return began, time.monotonic()


def keys(program: Watched, is_over: Callable[[], bool]) -> list[Press]:
    """Press keys."""
    return press_until(program, CARDS, is_over)


def told_keys(played: Played[list[Press]]) -> None:
    """The rows of keys and memory."""
    floor = statistics.median(each.took for each in played.idle)
    for name, presses in played.parts:
        median, p99, worst = summary([each.took for each in presses])
        ours = max(each.ours for each in presses) * 1000
        ratio = median / floor / 1000
        cells = f"{median:.1f} | {p99:.1f} | {worst:.1f} | {ours:.1f} | {ratio:.2f} ×"
        print(f"| a key, {name} ({len(presses)}) | {cells} | |")
    for name, peak in (("upload", played.up_peak), ("download", played.down_peak)):
        print(f"| memory above {played.resident:.1f} MB, {name} | | | {peak:.1f} MB | | | ≤ 32 MB |")


def told_slow(played: Played[list[Press]]) -> None:
    """The slowest keys, and what the program's loop did meanwhile."""
    for name, presses in played.parts:
        for at, took, worked, waited in sorted(presses, key=lambda each: -each.took)[:SLOWEST]:
            parts = f"worked {worked * 1000:.1f} ms, waited for a core {waited * 1000:.1f} ms"
            print(f"{name}, after {at:.1f} s: {took * 1000:.1f} ms; the loop {parts}")


def told_beats(spans: Played[tuple[float, float]], all_beats: list[Beat]) -> None:
    """The rows of the loop: how late it was, what of that the machine took, what it worked."""
    for name, (begin, end) in spans.parts:
        here = [each for each in all_beats if begin < each.at < end]
        median, p99, worst = summary([each.late for each in here])
        ours = max(each.late - each.waited for each in here) * 1000
        worked = max(each.worked for each in here) * 1000
        cells = f"{median:.1f} | {p99:.1f} | {worst:.1f} | {ours:.1f} | | "
        print(
            f"| the loop is late, {name}; worked at most {worked:.1f} | {cells}≤ {LIMIT:g} |", flush=True
        )


def main() -> None:
    """Print the table, once for each run."""
    for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 1):
        print(f"\nLoad {os.getloadavg()[0]:.1f}\n")
        print(
            "| what, ms | median | p99 | worst | worst without waiting for a core | ratio | promised |"
        )
        print("| --- | ---: | ---: | ---: | ---: | ---: | --- |")
        with desk(RATE) as at:
            typed = play(PROGRAM, at, keys)
        told_keys(typed)
        with desk(HEART_RATE) as at:
            noted = at.folder / "beats"
            told_beats(play([*HEART, str(noted)], at, rest), beats(noted))
        print()
        told_slow(typed)


if __name__ == "__main__":
    main()

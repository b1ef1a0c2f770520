"""Measures the start on a cached board beside a bare app: the first frame, and the first cards.

python -m tests.bench.cached [RUNS]

There is no server behind the address: what is on the screen comes from the cache, and from the journal
where edits wait in it. With no tasks there is no cache. The last frame, which is there before the
program is loaded, is measured beside the first one of a bare app.
"""

from __future__ import annotations

import os
import secrets
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from unittest import mock

from fdtui import wiring
from fdtui.cli.setup import settings_of
from fdtui.config.load import Options
from fdtui.config.paths import find_folders
from fdtui.core.intents import Pending, SetFields
from fdtui.core.schema import Field, FieldType, Schema, Stage, WorkflowRef
from fdtui.core.task import tasks_from_rows
from fdtui.sync.storage.cache import DiskCache
from fdtui.sync.storage.journal import JournalEntry
from fdtui.sync.storage.protocols import Snapshot
from fdtui.wiring.gateways import key_of, options_of
from fdtui.wiring.sessions import journal_of
from tests.bench.__main__ import row
from tests.bench.watch import Watched

BOARDS = ((0, 0), (200, 0), (2_000, 0), (10_000, 0), (100_000, 0), (100_000, 10_000))
"""Tasks of each board, and the edits that wait."""
GOALS = {"first cards": "the same at any size", "first cards, with edits": "≤ 1,000 ms"}
WORK = WorkflowRef("w", "Work")
STAGES = tuple(Stage(name) for name in ("Open", "Doing", "Review", "Done"))
FIELDS = (Field("ID", FieldType.UNIQUE_ID), Field("Title"), Field("Due", FieldType.DATE))
BARE = [sys.executable, str(Path(__file__).parent / "yardsticks" / "bare.py")]
FDTUI = [str(Path(sys.executable).with_name("fdtui"))]


def environ_of(home: str) -> dict[str, str]:
    """Settings of a profile whose server is away."""
    return {"FDTUI_HOME": home, "FDTUI_URL": "http://127.0.0.1:9", "FDTUI_API_KEY": "k" * 40}


def fill(home: str, count: int, edits: int = 0, noise: int = 0) -> None:
    """Let the profile's cache hold ``count`` tasks, and its journal as many edits.

    Each task has ``noise`` random bytes, which take their room however well they are packed.
    """
    if not count:
        return
    with mock.patch.dict(os.environ, environ_of(home)):
        settings = settings_of(Options(), with_keys=True)
        key = key_of(settings, os.environ, lambda _: None)
        folders, profile = find_folders(os.environ), settings.profile
        cache = wiring.cache_of(folders, profile, profile.url, key)
        journal = journal_of(folders, profile, options_of(settings), print)
    assert isinstance(cache, DiskCache)
    rows = (
        {
            "Stage": STAGES[n % 4].name,
            "Assigned To": None,
            "Task URL": f"https://flowdash.example/{n}",
            "ID": f"T-{n}",
            "Title": f"Write report {n}",
            "Due": "2020-01-31",
            **({"Notes": secrets.token_hex(noise)} if noise else {}),
        }
        for n in range(count)
    )
    tasks, schema = tasks_from_rows(rows, "ID"), Schema(STAGES, FIELDS)
    cache.remember(Snapshot(WORK, schema, tasks, 1e9))
    assert cache.flush(60)
    cache.close()
    tickets = journal.tickets()
    edited = list(tasks.values())[:: max(1, count // max(1, edits))][:edits]
    journal.append(
        [
            JournalEntry(
                Pending(next(tickets), SetFields(task.key, (("Due", "2030-01-31"),))),
                WORK,
                schema,
                task,
                1e9,
            )
            for task in edited
        ]
    )
    journal.close()


def start(home: str, words: bytes) -> float:
    """Milliseconds until ``words`` were painted."""
    with Watched(FDTUI, environ=environ_of(home)) as program:
        return program.first_paint(words) * 1000


def bare() -> float:
    """The same of a bare app."""
    with Watched(BARE) as program:
        return program.first_paint(b"Hello") * 1000


def leave(home: str) -> None:
    """Open the board and quit, so that its last frame is kept."""
    with Watched(FDTUI, environ=environ_of(home)) as program:
        program.first_paint(b"Write report")
        program.settle(0.5)
        program.press("q")
        assert program.wait_end(30) == 0


def last_frame(home: str) -> tuple[float, int]:
    """Milliseconds until the last frame was painted, and the bytes that came until the board stood."""
    with Watched(FDTUI, environ=environ_of(home)) as program:
        seconds = program.first_paint(b"Write report")
        program.settle(1.0, 30)
        return seconds * 1000, len(program.output)


def last_frames(runs: int, homes: Mapping[int, str]) -> None:
    """Print the rows of the last frame."""
    print("| what | fdtui | yardstick | ratio | promised |")
    print("| --- | ---: | ---: | ---: | --- |")
    for count, home in homes.items():
        if count:
            leave(home)
            ours, size, floors = zip(
                *((*last_frame(home), bare()) for _ in range(runs + 1)), strict=True
            )
            row(
                f"last frame on the screen, {count:,} tasks",
                "ms",
                statistics.median(ours[1:]),
                statistics.median(floors[1:]),
                "≤ 0.15 × a bare app",
            )
            row("… bytes until the board stands", "B", statistics.median(size), None, "≤ 9,000")


def main(runs: int) -> None:
    """Print medians, in turns."""
    with tempfile.TemporaryDirectory() as folder:
        homes = {board: f"{folder}/{'-'.join(map(str, board))}" for board in BOARDS}
        for (count, edits), home in homes.items():
            fill(home, count, edits)
        last_frames(runs, {count: home for (count, edits), home in homes.items() if not edits})
        for home in homes.values():  # what follows begins without one
            for path in Path(home, "cache").glob("frame-*"):
                path.unlink()
        found: dict[tuple[int, int, str], list[float]] = {}
        floor: list[float] = []
        measures: list[tuple[str, Callable[[int], bytes]]] = [
            ("first frame", lambda _: b" fdtui "),
            ("first cards", lambda count: b"Write report" if count else b" fdtui "),
        ]
        for _ in range(runs):
            floor.append(bare())
            for (count, edits), home in homes.items():
                for name, words in measures:
                    found.setdefault((count, edits, name), []).append(start(home, words(count)))
    print("| what | tasks | edits | fdtui | bare | ratio | goal |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | --- |")
    beside = statistics.median(floor)
    for (count, edits, name), times in found.items():
        ours, goal = statistics.median(times), GOALS.get(f"{name}, with edits" if edits else name, "")
        ratio = f"{ours / beside:.2f} ×"
        print(f"| {name} | {count:,} | {edits:,} | {ours:.0f} ms | {beside:.0f} | {ratio} | {goal} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)

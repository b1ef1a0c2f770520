"""Measures the start on a cached board: the first frame, and the first cards, beside a start without.

python -m tests.bench.cached [RUNS]

There is no server behind the address: what is on the screen comes from the cache. The last frame, which
is there before the program is loaded, is measured beside the first one of a bare app.
"""

from __future__ import annotations

import os
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
from fdtui.core.schema import Field, FieldType, Schema, Stage, WorkflowRef
from fdtui.core.task import tasks_from_rows
from fdtui.sync.storage.cache import DiskCache
from fdtui.sync.storage.protocols import Snapshot
from fdtui.wiring.gateways import key_of
from tests.bench.__main__ import BARE, row
from tests.bench.__main__ import start as bare_start
from tests.bench.watch import Watched

SIZES = (0, 200, 2_000, 10_000)
STAGES = tuple(Stage(name) for name in ("Open", "Doing", "Review", "Done"))
FIELDS = (Field("ID", FieldType.UNIQUE_ID), Field("Title"), Field("Due", FieldType.DATE))
FDTUI = [str(Path(sys.executable).with_name("fdtui"))]


def environ_of(home: str) -> dict[str, str]:
    """Settings of a profile whose server is away."""
    return {"FDTUI_HOME": home, "FDTUI_URL": "http://127.0.0.1:9", "FDTUI_API_KEY": "k" * 40}


def fill(home: str, count: int) -> None:
    """Let the profile's cache hold ``count`` tasks; with none there is no cache."""
    if not count:
        return
    with mock.patch.dict(os.environ, environ_of(home)):
        settings = settings_of(Options(), with_keys=True)
        key = key_of(settings, os.environ, lambda _: None)
        cache = wiring.cache_of(find_folders(os.environ), settings.profile, settings.profile.url, key)
    assert isinstance(cache, DiskCache)
    rows = (
        {
            "Stage": STAGES[n % 4].name,
            "Assigned To": None,
            "Task URL": f"https://flowdash.example/{n}",
            "ID": f"T-{n}",
            "Title": f"Write report {n}",
            "Due": "2020-01-31",
        }
        for n in range(count)
    )
    tasks = tasks_from_rows(rows, "ID")
    cache.remember(Snapshot(WorkflowRef("w", "Work"), Schema(STAGES, FIELDS), tasks, 1e9))
    assert cache.flush(60)
    cache.close()


def start(home: str, words: bytes) -> float:
    """Milliseconds until ``words`` were painted."""
    with Watched(FDTUI, environ=environ_of(home)) as program:
        return program.first_paint(words) * 1000


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
            ours, size, bare = zip(
                *((*last_frame(home), bare_start(BARE, b"Hello")) for _ in range(runs + 1)), strict=True
            )
            row(
                f"last frame on the screen, {count:,} tasks",
                "ms",
                statistics.median(ours[1:]),
                statistics.median(bare[1:]),
                "≤ 0.15 × a bare app",
            )
            row("… bytes until the board stands", "B", statistics.median(size), None, "≤ 9,000")


def main(runs: int) -> None:
    """Print medians, in turns."""
    with tempfile.TemporaryDirectory() as folder:
        homes = {count: f"{folder}/{count}" for count in SIZES}
        for count, home in homes.items():
            fill(home, count)
        last_frames(runs, homes)
        for home in homes.values():  # what follows begins without one
            for path in Path(home, "cache").glob("frame-*"):
                path.unlink()
        found: dict[tuple[int, str], list[float]] = {}
        measures: list[tuple[str, Callable[[int], bytes]]] = [
            ("first frame", lambda _: b" fdtui "),
            ("first cards", lambda count: b"Write report" if count else b" fdtui "),
        ]
        for _ in range(runs):
            for count, home in homes.items():
                for name, words in measures:
                    found.setdefault((count, name), []).append(start(home, words(count)))
    for (count, name), times in found.items():
        print(f"{count:>7,} tasks  {name}  {statistics.median(times):7.0f} ms  least {min(times):.0f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)

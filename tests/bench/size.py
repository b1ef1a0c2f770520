"""Measures the board at different sizes beside a bare app, in turns: start, memory, filter, move, news.

python -m tests.bench.size [RUNS] [SIZES, as 2000,10000,100000] [ways, as http,local,plain]

``http`` is our own server, ``local`` a local workspace, ``plain`` a server without a change feed, as
Flowdash itself. All but the first start are on a cached board. Prints medians, and the goal beside;
last, how each of them grows from the smallest size to the largest.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import statistics
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from fdtui.server.record import Record
from fdtui.server.store import Transaction, open_store, tasks, workspace
from fdtui.server.workflow.definition import parse
from tests.bench.heart import beats
from tests.bench.server import running
from tests.bench.watch import Watched

HERE = Path(__file__).parent / "yardsticks"
PYTHON = sys.executable
BARE = [PYTHON, str(HERE / "bare.py")]
FDTUI = [str(Path(PYTHON).with_name("fdtui"))]
SIZES = [20, 200, 2_000, 10_000, 100_000]
STAGES = ("Backlog", "Ready", "Doing", "Done")
WORKFLOW = """
id = "w"
name = "Work"
stages = [{ name = "Backlog" }, { name = "Ready" }, { name = "Doing" }, { name = "Done", end = true }]
fields = [
    { id = "id", name = "ID", type = "uniqueId" },
    { id = "title", name = "Title" },
    { id = "amount", name = "Amount", type = "currency" },
    { id = "due", name = "Due", type = "date" },
    { id = "urgent", name = "Urgent", type = "checkbox" },
]
"""
BY_FIELD = "urgent:yes"
Found = dict[tuple[str, str, int], list[float]]
GOALS = {
    "live": "≤ 1.35 × bare",
    "live, processor": "≤ 1.35 × bare",
    "memory": "≤ 2 × bare",
    "memory, the first time ever": "≤ 250 MB",
    "filter, first change": "≤ 30 / 60 ms at 10,000 / 100,000",
    "filter, last change": "≤ 2,000 ms at 100,000",
    "filter, longest block": "≤ 16 ms",
    "filter by a field, first change": "≤ 30 / 60 ms at 10,000 / 100,000",
    "filter by a field, last change": "≤ 2,000 ms at 100,000",
    "L, first change": "≤ 15 ms",
    "L, last change": "≤ 30 ms",
    "news, longest block": "≤ 16 ms",
}


def fill(url: str, count: int) -> None:
    """A workflow of ``count`` tasks, in one transaction."""
    store = open_store(url)

    def work(tx: Transaction) -> None:
        workspace.add(tx, parse(WORKFLOW))
        for n in range(count):
            values = {
                "id": f"T-{n}",
                "title": f"Task {n:06d} write the report",
                "amount": f"{n}.50",
                "due": "2020-01-31",
                "urgent": n % 2 == 0,
            }
            tasks.add(tx, "w", Record(f"t{n:06d}", STAGES[n % 4], None, f"T-{n}", values))

    store.write(work)
    store.close()


@contextmanager
def serving(way: str, database: str, home: Path) -> Iterator[dict[str, str]]:
    """The environment of a program that shows the database."""
    if way == "local":
        (home / "config").mkdir(parents=True, mode=0o700)
        (home / "config" / "config.toml").write_text(
            f'profile = "p"\n[profiles.p]\nlocal = true\ndatabase = "{database}"\n'
        )
        yield {"FDTUI_HOME": str(home)}
        return
    has_feed = "1" if way == "http" else ""
    with running([PYTHON, str(HERE / "served.py"), f"sqlite:///{database}", has_feed], 2) as (url, key):
        yield {"FDTUI_HOME": str(home), "FDTUI_URL": url, "FDTUI_API_KEY": key}


def answer(program: Watched, key: str, quiet: float) -> tuple[float, float]:
    """Milliseconds from a key to the first frame and to the last byte that it causes."""
    program.settle(quiet, 60)
    program.forget()
    pressed = time.monotonic()
    program.press(key)
    first = 0.0
    while program.read(quiet if first else 20.0):
        first = first or program.heard - pressed
    return first * 1000, (program.heard - pressed) * 1000


def block(path: Path, since: float) -> float:
    """The longest that the loop was late since then, without its waits for a core, in ms."""
    return max((each.late - each.waited for each in beats(path) if each.at > since), default=0.0) * 1000


def one_round(way: str, count: int, environ: Mapping[str, str], found: Found) -> None:
    """One start, with everything that is measured on a running board."""

    def note(what: str, value: float) -> None:
        found.setdefault((what, way, count), []).append(value)

    quiet = 0.4 if count <= 10_000 else 1.2
    with Watched(BARE) as bare:
        note("bare", bare.first_paint(b"Hello") * 1000)
        note("bare processor", bare.cpu() * 1000)
        bare.settle(0.3)
        note("bare memory", bare.memory())
    with Watched(FDTUI, environ=environ) as program:
        note("live", program.first_paint(b"live", 120) * 1000)
        note("live, processor", program.cpu() * 1000)
        for key in "jkjkjkjkjk":
            program.key(key)
        program.settle(quiet, 60)
        note("memory", program.memory())
    with tempfile.TemporaryDirectory() as folder:
        beating = Path(folder, "beats")
        argv = [PYTHON, "-m", "tests.bench.heart", str(beating)]
        with Watched(argv, environ=environ) as program:
            program.first_paint(b"live", 120)
            program.settle(quiet, 60)
            first, last = answer(program, "L", quiet)
            note("L, first change", first)
            note("L, last change", last)
            answer(program, "u", quiet)
            if way != "local":
                began = time.monotonic()
                _change(environ, f"{began}")
                answer(program, "r", quiet * 2)
                ended = time.monotonic()
            answer(program, "/", quiet)
            typed = time.monotonic()
            first, last = answer(program, "7", quiet)
            note("filter, first change", first)
            note("filter, last change", last)
            program.press("escape")
            answer(program, "/", quiet)
            program.press(*BY_FIELD[:-1])
            first, last = answer(program, BY_FIELD[-1], quiet)
            note("filter by a field, first change", first)
            note("filter by a field, last change", last)
            program.press("escape", "q")
            program.wait_end(30)
        note("filter, longest block", block(beating, typed))
        if way != "local":
            all_beats = [each for each in beats(beating) if began < each.at < ended]
            note("news, longest block", max(each.late - each.waited for each in all_beats) * 1000)


def _wait_for_cache(program: Watched, home: Path) -> None:
    """Let the first start keep the board: what is measured are those after it."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        program.read(0.5)
        for path in home.rglob("cache-*.db"):
            with contextlib.closing(sqlite3.connect(path)) as db, contextlib.suppress(sqlite3.Error):
                if db.execute("select count(*) from workflow").fetchone()[0]:
                    program.settle(1.0, 60)
                    return


def _change(environ: Mapping[str, str], title: str) -> None:
    """A colleague's change."""
    request = urllib.request.Request(
        f"{environ['FDTUI_URL']}/api/v1/workflows/w/tasks",
        data=f'{{"ID": "T-5", "Title": "Task {title}"}}'.encode(),
        method="PUT",
        headers={
            "Authorization": f"Bearer {environ['FDTUI_API_KEY']}",
            "Content-Type": "application/json",
        },
    )
    urllib.request.urlopen(request, timeout=60).close()


def main() -> None:
    """Print the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    sizes = [int(each) for each in sys.argv[2].split(",")] if len(sys.argv) > 2 else SIZES
    ways = sys.argv[3].split(",") if len(sys.argv) > 3 else ["http", "local", "plain"]
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    print("| what | way | tasks | fdtui | bare | ratio | goal |")
    print("| --- | --- | ---: | ---: | ---: | ---: | --- |")
    medians: dict[tuple[str, str, int], float] = {}
    for count in sizes:
        for way in ways:
            found: Found = {}
            with tempfile.TemporaryDirectory() as folder:
                database = str(Path(folder, "w.db"))
                fill(f"sqlite:///{database}", count)
                with serving(way, database, Path(folder, "home")) as environ:
                    with Watched(FDTUI, environ=environ) as program:
                        first = program.first_paint(b"live", 120) * 1000
                        _wait_for_cache(program, Path(folder, "home"))
                        found["memory, the first time ever", way, count] = [program.memory()]
                        program.press("q")
                        program.wait_end(30)
                    for _ in range(runs):
                        one_round(way, count, environ, found)
            bare = {"live": "bare", "live, processor": "bare processor", "memory": "bare memory"}
            print(f"| live, the first time ever | {way} | {count:,} | {first:.0f} | | | |")
            for (what, _, _), values in found.items():
                if what.startswith("bare"):
                    continue
                ours, floor = statistics.median(values), found.get((bare.get(what, ""), way, count))
                medians[what, way, count] = ours
                beside = statistics.median(floor) if floor else 0.0
                ratio = f"{beside:.0f} | {ours / beside:.2f} ×" if beside else " | "
                print(
                    f"| {what} | {way} | {count:,} | {ours:.1f} | {ratio} | {GOALS.get(what, '')} |",
                    flush=True,
                )
    _print_growth(medians, sizes[0], sizes[-1])


def _print_growth(medians: Mapping[tuple[str, str, int], float], least: int, most: int) -> None:
    print(f"\n| from {least:,} to {most:,} tasks | way | grows |\n| --- | --- | ---: |")
    for (what, way, count), ours in medians.items():
        if count == most and (what, way, least) in medians:
            print(f"| {what} | {way} | {ours / medians[what, way, least]:.2f} × |")


if __name__ == "__main__":
    main()

"""Measures an import and an export beside bare loops that only parse and post, or read and write.

python -m tests.bench.importing [TASKS]

CPU seconds of a process of its own each, and its memory at the end, in turns; the yardstick is this same
module with the name of a loop. Then the import is ended with `kill -9` at moments that are spread over
it, and gone on with: every row must be there once.
"""

from __future__ import annotations

import asyncio
import csv
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fdtui.cli.commands import fdtui
from fdtui.core.values import Row
from fdtui.server.store import open_store, workspace
from fdtui.server.workflow.definition import parse
from fdtui.sync.options import SessionOptions
from fdtui.wiring.embedded import embedded
from tests.bench.server import WORKFLOW

COLUMNS = ("ID", "Title", "Amount", "Due", "Urgent", "Stage")
CONFIG = 'profile = "local"\n\n[profiles.local]\nlocal = true\n'


def make_home(root: Path, workflow: str = WORKFLOW) -> Path:
    """An empty workspace in a home of its own; answers its database."""
    config, database = root / "config" / "config.toml", root / "data" / "local.db"
    for path in (config, database):
        path.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
    config.write_text(CONFIG)
    config.chmod(0o600)
    store = open_store(f"sqlite:///{database}")
    store.write(lambda tx: workspace.add(tx, parse(workflow)))
    store.close()
    return database


def write_table(path: Path, count: int, *, has_ids: bool = True) -> None:
    """A table of ``count`` tasks."""
    with path.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS if has_ids else COLUMNS[1:])
        for n in range(count):
            day = f"2026-{n % 12 + 1:02}-{n % 28 + 1:02}"
            row = [f"T-{n}", f"Report number {n}", f"{n}.50", day, ("yes", "no")[n % 2], "Open"]
            table.writerow(row if has_ids else row[1:])


def bare_import(database: str, table: str) -> None:
    """The yardstick: what parses and posts, and does nothing else."""

    def rows() -> Iterator[Row]:
        with Path(table).open(newline="") as file:
            for row in csv.DictReader(file):
                yield {**row, "Urgent": row["Urgent"] == "yes"}

    async def send() -> None:
        gateway = embedded(f"sqlite:///{database}", SessionOptions())
        async for answer in gateway.create_many("w", rows()):
            assert answer.error is None
        await gateway.aclose()

    asyncio.run(send())


def bare_export(database: str, place: str) -> None:
    """The yardstick: what reads all tasks and writes them."""

    async def read() -> None:
        gateway = embedded(f"sqlite:///{database}", SessionOptions(read_only=True))
        listing = await gateway.tasks("w")
        with Path(place).open("w") as file:
            for row in listing.rows if listing else ():
                file.write(json.dumps(row, default=str) + "\n")
        await gateway.aclose()

    asyncio.run(read())


def measured(home: Path, *said: str) -> dict[str, float]:
    """CPU seconds and megabytes of this module, doing what is ``said``, in a process of its own."""
    environ = {**os.environ, "FDTUI_HOME": str(home)}
    command = [sys.executable, "-m", "tests.bench.importing", *said]
    told = subprocess.run(command, env=environ, capture_output=True, text=True, check=True, timeout=600)
    answer: dict[str, float] = json.loads(told.stdout.splitlines()[-1])
    return answer


def _act(said: list[str]) -> None:
    begin = time.process_time()
    match said:
        case ["bare-import", database, table]:
            bare_import(database, table)
        case ["bare-export", database, place]:
            bare_export(database, place)
        case _:
            fdtui.main(["task", *said], standalone_mode=False)
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpu": time.process_time() - begin, "megabytes": used}))


def killed(home: Path, table: Path, after: float) -> bool:
    """Begin the import, end it ``after`` seconds, and say whether it was ended before its end."""
    environ = {**os.environ, "FDTUI_HOME": str(home)}
    command = [sys.executable, "-m", "fdtui", "task", "import", str(table), "--yes", "--quiet"]
    running = subprocess.Popen(command, env=environ, stderr=subprocess.DEVNULL)
    try:
        running.wait(after)
    except subprocess.TimeoutExpired:
        running.send_signal(signal.SIGKILL)
    return running.wait() == -signal.SIGKILL


def titles(database: Path) -> list[str]:
    """What all tasks are called."""

    async def read() -> list[str]:
        gateway = embedded(f"sqlite:///{database}", SessionOptions(read_only=True))
        listing = await gateway.tasks("w")
        await gateway.aclose()
        return [str(row["Title"]) for row in (listing.rows if listing else ())]

    return asyncio.run(read())


def _report(count: int) -> None:
    found: dict[str, list[dict[str, float]]] = {}
    for _ in range(3):
        for size in (count // 10, count):
            with tempfile.TemporaryDirectory() as folder:
                root = Path(folder)
                table, out = root / "tasks.csv", root / "out.jsonl"
                write_table(table, size)
                for name in ("bare", "ours"):
                    home = root / name
                    database = make_home(home)
                    ours = ("import", str(table), "--yes", "--quiet")
                    bare = ("bare-import", str(database), str(table))
                    key = f"{name} import of {size:,}"
                    found.setdefault(key, []).append(measured(home, *(ours if name == "ours" else bare)))
                    said = ("export", str(out), "--force")
                    bare = ("bare-export", str(database), str(out))
                    key = f"{name} export of {size:,}"
                    found.setdefault(key, []).append(measured(home, *(said if name == "ours" else bare)))
    for name, runs in sorted(found.items()):
        cpu, used = min(each["cpu"] for each in runs), min(each["megabytes"] for each in runs)
        print(f"{name}: {cpu:.2f} s of CPU, {used:.0f} MB")
    for act in ("import", "export"):
        ours, bare = (
            min(each["cpu"] for each in found[f"{who} {act} of {count:,}"]) for who in ("ours", "bare")
        )
        print(f"{act} beside the bare loop: {ours / bare:.2f}")


def kill_and_go_on(root: Path, count: int, moments: int) -> Iterator[tuple[int, list[str]]]:
    """End an import of ``count`` rows at so many moments of it, and go on each time.

    Tells how often it was ended, and what all tasks are called then.
    """
    table = root / "tasks.csv"
    write_table(table, count, has_ids=False)
    begin = time.monotonic()
    whole = make_home(root / "whole", COUNTED)
    assert not killed(root / "whole", table, 600)
    seconds = time.monotonic() - begin
    yield 0, titles(whole)
    for moment in range(moments):
        home = root / str(moment)
        database, ended = make_home(home, COUNTED), 0
        while killed(home, table, 600 if ended > 2 else seconds * (moment + random.random()) / moments):
            ended += 1
        yield ended, titles(database)


def _kills(count: int, times: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for ended, found in kill_and_go_on(Path(folder), count, times):
            print(f"ended {ended} times: {len(found):,} tasks, {len(set(found)):,} different")


COUNTED = WORKFLOW.replace('type = "uniqueId"', 'type = "uniqueId", autoincrement = true')
"""The same where the workflow numbers the tasks: nothing in a row says that it is there already."""


def main(said: list[Any]) -> None:
    """Measure, or do what is measured."""
    if said and not said[0].isdigit():
        _act(said)
        return
    count = int(said[0]) if said else 100_000
    _report(count)
    _kills(count // 5, 20)


if __name__ == "__main__":
    main(sys.argv[1:])

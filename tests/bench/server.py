"""Measures the server beside a bare Starlette + sqlite3 service, in turns, and prints ratios.

python -m tests.bench.server [RUNS] [--sync MILLISECONDS] [DATABASE-URL]

With ``--sync`` the disk of all of them takes so much longer to make a write durable.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from fdtui.server.definition import parse
from fdtui.server.record import Record
from fdtui.server.store import Transaction, open_store, tasks, workspace
from tests.bench.load import rate, request
from tests.bench.slowdisk import slow_disk

YARDSTICK = [sys.executable, str(Path(__file__).parent / "yardsticks" / "service.py")]
SECONDS = 1.5
ROUNDS = 67
"""Writes of each task with another value; a prime, so that clients meet at different tasks."""
WORKFLOW = """
id = "w"
name = "Work"
stages = [{ name = "Open" }, { name = "Done", end = true }]
fields = [
    { id = "id", name = "ID", type = "uniqueId" },
    { id = "title", name = "Title" },
    { id = "amount", name = "Amount", type = "currency" },
    { id = "due", name = "Due", type = "date" },
    { id = "urgent", name = "Urgent", type = "checkbox" },
]
"""


def fill(url: str) -> None:
    """A workflow of 1,000 tasks."""
    store = open_store(url)

    def work(tx: Transaction) -> None:
        workspace.add(tx, parse(WORKFLOW))
        for n in range(1000):
            values = {
                "id": f"T-{n}",
                "title": f"Write the report number {n}",
                "amount": f"{n}.50",
                "due": "2020-01-31",
                "urgent": n % 2 == 0,
            }
            tasks.add(tx, "w", Record(f"t{n:04d}", "Open", None, f"T-{n}", values))

    store.write(work)
    store.close()


@contextmanager
def running(argv: list[str], lines: int, disk: Mapping[str, str] | None = None) -> Iterator[list[str]]:
    """A server as a process, and what it said first."""
    process = subprocess.Popen(
        argv, stdout=subprocess.PIPE, text=True, env={**os.environ, **(disk or {})}
    )
    assert process.stdout is not None
    try:
        yield [process.stdout.readline().strip().rpartition("=")[2] for _ in range(lines)]
    finally:
        process.terminate()
        process.wait(15)
        process.stdout.close()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("runs", nargs="?", type=int, default=3)
    parser.add_argument("url", nargs="?", default="")
    parser.add_argument("--sync", type=float, default=0.0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = asked.url or f"sqlite:///{folder}/ours.db"
        disk = slow_disk(Path(folder), asked.sync) if asked.sync else {}
        fill(url)
        code = "import sys; from fdtui.server.serve import serve; serve(db=sys.argv[1], port=0,"
        code += "announce=lambda line: print(line, flush=True))"
        with (
            running([sys.executable, "-c", code, url], 2, disk) as (ours, key),
            running([*YARDSTICK, f"{folder}/bare.db"], 1, disk) as (bare,),
            running([*YARDSTICK, f"{folder}/plain.db", "DELETE"], 1, disk) as (plain,),
        ):
            paths = (ours, "/api/v1/workflows/w/tasks", key), (bare, "/tasks", ""), (plain, "/tasks", "")
            table(asked.runs, *paths)


def table(runs: int, *servers: tuple[str, str, str]) -> None:
    """Measure each of ``servers`` (address, path of the list, key) in turns."""
    # No two writes in a row may say the same of a task: SQLite writes nothing where nothing changes.
    bodies = [b'{"Amount": %d, "Urgent": true}' % n for n in range(32 * ROUNDS)]
    print("| what, answers a second | fdtui | bare, WAL | ratio | bare, rollback | ratio | promised |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | --- |")
    for name, clients, promised, method, several in (
        ("read one task, 1 client", 1, "", "GET", True),
        ("read one task, 32 clients", 32, "≥ 0.5 ×", "GET", True),
        ("durable PUT, 1 client", 1, "", "PUT", True),
        ("durable PUT, 32 clients", 32, "≥ 2 ×", "PUT", True),
        ("list of 1,000 tasks, 4 clients", 4, "≥ 0.4 ×", "GET", False),
        ("list of 1,000 tasks while 1 writes", 5, "", "MIXED", False),
    ):
        taken: list[list[float]] = []
        for _ in range(runs + 1):
            one = []
            for url, path, key in servers:
                uids = [f"{path}/T-{n}" for n in range(32)] if several else [path]
                requests = [request("GET", uid, key) for uid in uids]
                if method == "PUT":
                    pairs = zip(uids * ROUNDS, bodies, strict=True)
                    requests = [request("PUT", uid, key, body) for uid, body in pairs]
                elif method == "MIXED":
                    puts = [request("PUT", f"{path}/T-1", key, body) for body in bodies[:2]]
                    requests = [puts[0], *requests * 4, puts[1], *requests * 4]
                one.append(rate(url, requests, clients=clients, seconds=SECONDS))
            taken.append(one)
        ours, *bare = (statistics.median(column) for column in zip(*taken[1:], strict=True))
        ratios = " | ".join(f"{each:,.0f} | {ours / each:.2f} ×" for each in bare)
        print(f"| {name} | {ours:,.0f} | {ratios} | {promised} |", flush=True)


if __name__ == "__main__":
    main()

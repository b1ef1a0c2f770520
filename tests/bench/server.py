"""Measures the server beside a bare Starlette + sqlite3 service, in turns, and prints ratios.

python -m tests.bench.server [RUNS] [--sync MILLISECONDS] [DATABASE-URL]
python -m tests.bench.server --tasks 100000        (filters, filling and rest at so many tasks)
python -m tests.bench.server --postgres [RUNS]     (our own server on PostgreSQL beside SQLite)

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

from fdtui.server.record import Record
from fdtui.server.store import Transaction, open_store, tasks, workspace
from fdtui.server.workflow.definition import parse
from tests import postgres
from tests.bench import server_large
from tests.bench.load import rate, request
from tests.bench.slowdisk import slow_disk

YARDSTICK = [sys.executable, str(Path(__file__).parent / "yardsticks" / "service.py")]
SECONDS = 1.5
PIDS: list[int] = []
"""The processes that were started, the last one last."""
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
    PIDS.append(process.pid)
    try:
        yield [process.stdout.readline().strip().rpartition("=")[2] for _ in range(lines)]
    finally:
        process.terminate()
        process.wait(15)
        process.stdout.close()


def served(url: str) -> list[str]:
    """The command of our server on the database ``url``; it says its address and a key."""
    code = "import sys; from fdtui.server.http.serve import serve; serve(db=sys.argv[1], port=0,"
    code += "announce=lambda line: print(line, flush=True))"
    return [sys.executable, "-c", code, url]


def large(count: int) -> None:
    """Print what things take at ``count`` tasks."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "ours.db"
        took, bare = server_large.filled(f"sqlite:///{folder}/filled.db", WORKFLOW, count)
        with running(served(f"sqlite:///{database}"), 2) as (ours, key):
            pid = PIDS[-1]
            share = server_large.idle_share(pid)
            server_large.table(
                ours, key, database, pid=pid, workflow=WORKFLOW, count=count, bare_fill=bare
            )
        told = f"{took:.1f} s | {bare:.1f} s, {took / bare:.1f} ×"
        print(f"| {count:,} tasks without HTTP | {told} | ≤ 10 s |")
        took, worked = server_large.created(f"sqlite:///{folder}/local.db", WORKFLOW, count)
        told = f"{took:.1f} s, {worked:.1f} s of a core"
        print(f"| {count:,} tasks by create_many, in a local workspace | {told} | | ≤ 10 s |")
        print(f"| a core, while nobody asks | {share:.3%} | | ≤ 0.1 % |")


@contextmanager
def started() -> Iterator[str]:
    """The URL of an empty schema of a PostgreSQL of its own."""
    server = postgres.start()
    try:
        with server.schema() as url:
            yield url
    finally:
        server.stop()


def beside_postgres(runs: int) -> None:
    """Print how fast one task is read from PostgreSQL and from SQLite."""
    with (
        tempfile.TemporaryDirectory() as folder,
        started() as url,
    ):
        ours = f"sqlite:///{folder}/ours.db"
        fill(ours)
        fill(url)
        with running(served(url), 2) as (slow, its_key), running(served(ours), 2) as (fast, key):
            print("| what, answers a second | PostgreSQL | SQLite | ratio | promised |")
            print("| --- | ---: | ---: | ---: | --- |")
            for clients in (1, 32):
                taken = []
                for _ in range(runs + 1):
                    one = []
                    for place, mine in ((slow, its_key), (fast, key)):
                        path = "/api/v1/workflows/w/tasks/T-"
                        asked = [request("GET", f"{path}{n}", mine) for n in range(32)]
                        one.append(rate(place, asked, clients=clients, seconds=SECONDS))
                    taken.append(one)
                pg, lite = (statistics.median(column) for column in zip(*taken[1:], strict=True))
                name = f"read one task, {clients} client{'s' * (clients > 1)}"
                print(f"| {name} | {pg:,.0f} | {lite:,.0f} | {pg / lite:.2f} × | ≥ 0.8 × |", flush=True)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("runs", nargs="?", type=int, default=3)
    parser.add_argument("url", nargs="?", default="")
    parser.add_argument("--sync", type=float, default=0.0)
    parser.add_argument("--tasks", type=int, default=0)
    parser.add_argument("--postgres", action="store_true")
    asked = parser.parse_args()
    if asked.tasks:
        large(asked.tasks)
        return
    if asked.postgres:
        beside_postgres(asked.runs)
        return
    with tempfile.TemporaryDirectory() as folder:
        url = asked.url or f"sqlite:///{folder}/ours.db"
        disk = slow_disk(Path(folder), asked.sync) if asked.sync else {}
        fill(url)
        with (
            running(served(url), 2, disk) as (ours, key),
            running([*YARDSTICK, f"{folder}/bare.db"], 1, disk) as (bare,),
            running([*YARDSTICK, f"{folder}/plain.db", "DELETE"], 1, disk) as (plain,),
        ):
            paths = (ours, "/api/v1/workflows/w/tasks", key), (bare, "/tasks", ""), (plain, "/tasks", "")
            table(asked.runs, *paths)


def table(runs: int, *servers: tuple[str, str, str]) -> None:
    """Measure each of ``servers`` (address, path of the list, key) in turns."""
    # No two writes in a row may say the same of a task: SQLite writes nothing where nothing changes.
    bodies = [b'{"Amount": %d, "Urgent": true}' % n for n in range(32 * ROUNDS)]
    print(
        "| what, answers a second | fdtui | bare, WAL | ratio | bare, rollback | ratio"
        " | processor an answer, fdtui and bare | promised |"
    )
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |")
    for name, clients, promised, method, several in (
        ("read one task, 1 client", 1, "", "GET", True),
        ("read one task, 32 clients", 32, "≥ 0.9 × WAL", "GET", True),
        ("durable PUT, 1 client", 1, "", "PUT", True),
        ("durable PUT, 32 clients", 32, "≥ 1 × WAL, ≥ 2 × rollback", "PUT", True),
        ("list of 1,000 tasks, 4 clients", 4, "≥ 0.4 ×", "GET", False),
        ("list of 1,000 tasks while 1 writes", 5, "≥ 1 ×", "MIXED", False),
    ):
        taken: list[list[float]] = []
        worked: list[list[float]] = []
        for _ in range(runs + 1):
            one, busy = [], []
            for (url, path, key), pid in zip(servers, PIDS[-len(servers) :], strict=True):
                uids = [f"{path}/T-{n}" for n in range(32)] if several else [path]
                requests = [request("GET", uid, key) for uid in uids]
                if method == "PUT":
                    pairs = zip(uids * ROUNDS, bodies, strict=True)
                    requests = [request("PUT", uid, key, body) for uid, body in pairs]
                elif method == "MIXED":
                    puts = [request("PUT", f"{path}/T-1", key, body) for body in bodies[:2]]
                    requests = [puts[0], *requests * 4, puts[1], *requests * 4]
                before = server_large.processor(pid)
                one.append(rate(url, requests, clients=clients, seconds=SECONDS))
                busy.append((server_large.processor(pid) - before) / (one[-1] * SECONDS) * 1e6)
            taken.append(one)
            worked.append(busy)
        costs = " and ".join(
            f"{statistics.median(each):,.0f}" for each in list(zip(*worked, strict=True))[:2]
        )
        ours, *bare = (statistics.median(column) for column in zip(*taken[1:], strict=True))
        ratios = " | ".join(f"{each:,.0f} | {ours / each:.2f} ×" for each in bare)
        print(f"| {name} | {ours:,.0f} | {ratios} | {costs} µs | {promised} |", flush=True)


if __name__ == "__main__":
    main()

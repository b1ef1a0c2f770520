"""Measures the server beside a bare Starlette + sqlite3 service, in turns, and prints ratios.

python -m tests.bench.server [RUNS] [DATABASE-URL]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fdtui.server.definition import parse
from fdtui.server.record import Record
from fdtui.server.store import Transaction, open_store, tasks, workspace
from tests.bench.load import rate, request

YARDSTICK = [sys.executable, str(Path(__file__).parent / "yardsticks" / "service.py")]
SECONDS = 1.5
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
def running(argv: list[str], lines: int) -> Iterator[list[str]]:
    """A server as a process, and what it said first."""
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield [process.stdout.readline().strip().rpartition("=")[2] for _ in range(lines)]
    finally:
        process.terminate()
        process.wait(15)
        process.stdout.close()


def main() -> None:
    """Print the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{folder}/ours.db"
        fill(url)
        code = "import sys; from fdtui.server.serve import serve; serve(db=sys.argv[1], port=0,"
        code += "announce=lambda line: print(line, flush=True))"
        with (
            running([sys.executable, "-c", code, url], 2) as (ours, key),
            running([*YARDSTICK, f"{folder}/bare.db"], 1) as (bare,),
            running([*YARDSTICK, f"{folder}/plain.db", "DELETE"], 1) as (plain,),
        ):
            paths = (ours, "/api/v1/workflows/w/tasks", key), (bare, "/tasks", ""), (plain, "/tasks", "")
            table(runs, *paths)


def table(runs: int, *servers: tuple[str, str, str]) -> None:
    """Measure each of ``servers`` (address, path of the list, key) in turns."""
    bodies = [b'{"Amount": %d, "Urgent": true}' % n for n in range(32)]
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
                    requests = [request("PUT", u, key, b) for u, b in zip(uids, bodies, strict=True)]
                elif method == "MIXED":
                    requests = [request("PUT", f"{path}/T-1", key, bodies[0]), *requests * 4]
                one.append(rate(url, requests, clients=clients, seconds=SECONDS))
            taken.append(one)
        ours, *bare = (statistics.median(column) for column in zip(*taken[1:], strict=True))
        ratios = " | ".join(f"{each:,.0f} | {ours / each:.2f} ×" for each in bare)
        print(f"| {name} | {ours:,.0f} | {ratios} | {promised} |", flush=True)


if __name__ == "__main__":
    main()

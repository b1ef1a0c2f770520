"""Measures the server at any number of tasks: filters, filling, a list after a change, memory, rest."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import httpx

from fdtui.core.values import Row
from fdtui.server import task_batch
from fdtui.server.record import Record
from fdtui.server.store import Transaction, open_store, tasks, workspace
from fdtui.server.store.activity import Actor
from fdtui.server.workflow.definition import parse
from fdtui.sync.options import SessionOptions
from fdtui.wiring.embedded import embedded

IDLE_SECONDS = 10.0
TASKS, CHANGES = "/api/v1/workflows/w/tasks", "/api/v1/workflows/w/changes"


def rows(count: int) -> Iterator[dict[str, object]]:
    """Tasks of the benchmarks' workflow; one is in a stage of its own."""
    for n in range(count):
        yield {
            "ID": f"T-{n}",
            "Title": f"Write the report number {n}",
            "Amount": f"{n}.50",
            "Due": "2020-01-31",
            "Urgent": n % 2 == 0,
            "Stage": "Done" if n == count // 2 else "Open",
        }


def table(
    url: str, key: str, database: Path, *, pid: int, workflow: str, count: int, bare_fill: float
) -> None:
    """Fill the empty server at ``url``, which has ``database``, and print what things take then."""
    store = open_store(f"sqlite:///{database}")
    store.write(lambda tx: workspace.add(tx, parse(workflow)))
    headers = {"Authorization": f"Bearer {key}"}
    print(f"| at {count:,} tasks | fdtui | yardstick | promised |")
    print("| --- | ---: | ---: | --- |")
    began = _memory(pid)
    with httpx.Client(base_url=url, headers=headers, timeout=120) as client:
        worked = processor(pid)
        sent = _seconds(lambda: _send(client, count))
        worked = processor(pid) - worked
        told = f"{sent:.1f} s, {worked:.1f} s of a core | {bare_fill:.1f} s, {sent / bare_fill:.1f} ×"
        print(f"| {count:,} tasks by POST …/tasks/batch | {told} | ≤ 10 s |")
        print(f"| the server's memory meanwhile | + {_memory(pid) - began:,.0f} MB | | flat |")
        actor = Actor("bench", datetime.now(UTC))
        filling = task_batch.fill(store, "w", rows(count), lambda: actor, base_url=url)
        changed = _seconds(lambda: sum(each.status == 200 for each in filling))
        print(f"| the same changed without HTTP | {changed:.1f} s | | |")
        bare = sqlite3.connect(database)
        for name, query, sql in (
            ("?ID=", f"ID=T-{count // 3}", f"uid = 'T-{count // 3}'"),
            ("?Stage= of one task", "Stage=Done", "stage = 'Done'"),
            ("?Assigned To= of nobody", "Assigned%20To=x%40y.z", "assignee = 'x@y.z'"),
            ("?Title=", f"Title=Write+the+report+number+{count // 3}", None),
            ("?q=stage:done, of one task", "q=stage:done", None),
        ):
            ours = _unkept(client, query)
            told = "" if sql is None else f"{_sql(bare, sql) * 1000:.2f} ms"
            print(f"| {name} | {ours * 1000:.1f} ms | {told} | {'' if sql is None else '≤ 10 ms'} |")
        size, ours = _news(client)
        print(
            f"| one change, read from the feed | {size:,} B, {ours * 1000:.1f} ms | | < 2 KB, < 20 ms |"
        )
        ours = _unkept(client, "limit=100")
        print(f"| ?limit=100 | {ours * 1000:.1f} ms | | |")
        whole = _seconds(lambda: client.get(TASKS, headers={"Accept-Encoding": "identity"}))
        client.put(f"{TASKS}/T-7", json={"Title": "Changed"})
        again = _seconds(lambda: client.get(TASKS, headers={"Accept-Encoding": "identity"}))
        print(f"| the whole list, and after a change | {whole:.2f} s, {again:.2f} s | | |")
    store.close()


def created(url: str, workflow: str, count: int) -> tuple[float, float]:
    """Seconds, and those of a core, in which a local workspace takes ``count`` tasks as an import."""
    store = open_store(url)
    store.write(lambda tx: workspace.add(tx, parse(workflow)))
    store.close()

    async def create() -> int:
        gateway = await asyncio.to_thread(embedded, url, SessionOptions())
        told = [
            each.error async for each in gateway.create_many("w", cast("Iterable[Row]", rows(count)))
        ]
        await gateway.aclose()
        return sum(each is None for each in told)

    worked, began = time.process_time(), time.perf_counter()
    assert asyncio.run(create()) == count
    return time.perf_counter() - began, time.process_time() - worked


def filled(url: str, workflow: str, count: int) -> tuple[float, float]:
    """Seconds to put ``count`` tasks into the empty database ``url`` without HTTP, as tasks and as rows.

    Rows are the yardstick: one statement each in one transaction, unchecked, without log and feed.
    """
    store = open_store(url)
    store.write(lambda tx: workspace.add(tx, parse(workflow)))
    actor = Actor("bench", datetime.now(UTC))
    filling = task_batch.fill(store, "w", rows(count), lambda: actor, base_url="http://x")
    took = _seconds(lambda: sum(each.status == 201 for each in filling))

    def work(tx: Transaction) -> None:
        workspace.add(tx, parse(workflow.replace('id = "w"', 'id = "bare"')))
        for n, row in enumerate(rows(count)):
            values = {name: value for name, value in row.items() if name != "Stage"}
            tasks.add(tx, "bare", Record(f"bare{n}", "Open", None, str(row["ID"]), values))  # type: ignore[arg-type]

    bare = _seconds(lambda: store.write(work))
    store.close()
    return took, bare


def idle_share(pid: int) -> float:
    """The share of a core that a process takes while nobody asks it."""
    asyncio.run(asyncio.sleep(2))
    before = processor(pid)
    asyncio.run(asyncio.sleep(IDLE_SECONDS))
    return (processor(pid) - before) / IDLE_SECONDS


def _send(client: httpx.Client, count: int) -> None:
    part: list[dict[str, object]] = []
    for row in rows(count):
        part.append(row)
        if len(part) == task_batch.MAX_ITEMS:
            _post(client, part)
    _post(client, part)


def _post(client: httpx.Client, part: list[dict[str, object]]) -> None:
    body = json.dumps({"tasks": part}).encode()
    kind = {"Content-Type": "application/json"}
    answer = client.post(f"{TASKS}/batch", content=body, headers=kind).raise_for_status()
    assert all(each["status"] == 201 for each in answer.json()["results"])
    part.clear()


def _sql(database: sqlite3.Connection, condition: str) -> float:
    query = f"SELECT data FROM tasks WHERE workflow = 'w' AND {condition}"
    return _median(lambda: database.execute(query).fetchall())


def _unkept(client: httpx.Client, query: str) -> float:
    """Seconds that a list takes after somebody's write, so that no answer is kept."""
    times = []
    for n in range(10):
        client.put(f"{TASKS}/T-1", json={"Amount": n}).raise_for_status()
        times.append(_seconds(lambda: client.get(f"{TASKS}?{query}").raise_for_status()))
    return statistics.median(times[1:])


def _news(client: httpx.Client) -> tuple[int, float]:
    """Bytes and seconds of the feed's answer after one write, as medians."""
    token = client.get(TASKS, params={"limit": "1"}).headers["changes-token"]
    sizes: list[int] = []
    times: list[float] = []
    for n in range(9):
        client.put(f"{TASKS}/T-1", json={"Amount": n}).raise_for_status()
        began = time.perf_counter()
        answer = client.get(CHANGES, params={"since": token, "wait": "0"}).raise_for_status()
        times.append(time.perf_counter() - began)
        sizes.append(len(answer.content))
        token = answer.json()["next"]
    return round(statistics.median(sizes)), statistics.median(times)


def _median(work: Callable[[], object]) -> float:
    work()
    return statistics.median(_seconds(work) for _ in range(9))


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _memory(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def processor(pid: int) -> float:
    """Seconds of a core that a process has taken: what counts where other programs take the rest."""
    folder = Path(f"/proc/{pid}/task")
    return sum(int((each / "schedstat").read_text().split()[0]) for each in folder.iterdir()) / 1e9

"""`kill -9` at random moments: what was acknowledged is there, and nothing was done twice.

``FDTUI_CRASHES`` says how often the server is killed; a few times by default
(``python -m tests.chaos server`` kills it sixty times).
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
import pytest

from tests.contract.test_serve import CODE
from tests.unit.server.execution.receiver import receiving

CRASHES = int(os.environ.get("FDTUI_CRASHES", "4"))
WRITERS = 4
FLOW = """
id = "flow"
name = "Flow"
stages = [{ name = "New", checklist = ["Look"] }, { name = "Done" }]
fields = [{ name = "ID", type = "uniqueId" }, { name = "Count", type = "number" }]
links = [{ name = "Bills", many = true, to = "bills", back = "Flow" }]

[[actions]]
id = "twice"
name = "Two bills"
steps = [
    { kind = "create_linked", link = "Bills", fields = { For = "{{ID}} first" } },
    { kind = "move", stage = "Done" },
    { kind = "create_linked", link = "Bills", fields = { For = "{{ID}} second" } },
    { kind = "move", stage = "New" },
]

[[actions]]
id = "call"
name = "Call"
steps = [
    { kind = "call", url = "URL" },
    { kind = "create_linked", link = "Bills", fields = { For = "{{ID}} called" } },
]
"""
BILLS = """
id = "bills"
name = "Bills"
stages = [{ name = "Open" }]
fields = [{ name = "No", type = "uniqueId", autoincrement = true }, { name = "For" }]
"""


@dataclass
class Told:
    """What the server has acknowledged."""

    counts: Counter[str] = field(default_factory=Counter)
    created: set[str] = field(default_factory=set)
    executions: set[str] = field(default_factory=set)
    comments: set[tuple[str, str]] = field(default_factory=set)
    unheard: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By task: a comment whose answer has not come, and its key; it is sent again after the crash."""
    goal: int = 0
    reached: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def one_more(self) -> None:
        """Count an acknowledgement; at the goal, the killer is told."""
        with self.lock:
            self.goal -= 1
            if self.goal == 0:
                self.reached.set()


@contextmanager
def killable(options: dict[str, object], environ: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", CODE, json.dumps(options)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **environ},
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)
        assert process.stdout is not None
        process.stdout.close()


def lines(process: subprocess.Popen[str], count: int) -> dict[str, str]:
    assert process.stdout is not None
    said = [process.stdout.readline().strip() for _ in range(count)]
    return dict(line.split("=", 1) for line in said)


def write_on(url: str, headers: dict[str, str], name: str, told: Told) -> None:
    """Write until the server is gone."""
    with (
        contextlib.suppress(httpx.TransportError),
        httpx.Client(base_url=url, headers=headers, timeout=30) as client,
    ):
        while True:
            comment_on(client, name, told)
            count = told.counts[name] + 1
            answer = client.put(
                "/workflows/flow/tasks", json={"ID": name, "Count": max(count, told.counts[name])}
            )
            assert answer.status_code == 200, answer.text
            told.counts[name] = count
            told.one_more()
            new = f"{name}-{count}"
            assert client.post("/workflows/flow/tasks", json={"ID": new}).status_code in (200, 201)
            told.created.add(new)
            told.one_more()
            action = "call" if count % 3 == 0 else "twice"
            body = {"task_id": name, "action_id": action}
            answer = client.post("/workflows/flow/executions", json=body)
            if answer.status_code == 201:
                told.executions.add(answer.json()["id"])
                told.one_more()


def comment_on(client: httpx.Client, name: str, told: Told) -> None:
    """Say something, or again what nobody heard the answer to, under the same key."""
    text, key = told.unheard.setdefault(name, (f"said {len(told.comments)}", str(uuid.uuid4())))
    answer = client.post(
        f"/workflows/flow/tasks/{name}/comments",
        json={"body": text},
        headers={"Idempotency-Key": key},
    )
    assert answer.status_code == 201, answer.text
    told.comments.add((name, text))
    del told.unheard[name]
    told.one_more()


@pytest.mark.timeout(60 + 20 * CRASHES)
def test_killed_at_random_moments(database: str) -> None:
    from fdtui.server.store import open_store, workspace
    from fdtui.server.workflow.definition import parse

    chance, told, starts = random.Random(7), Told(), list[float]()
    names = [f"task {number}" for number in range(WRITERS)]
    with receiving() as receiver:
        store = open_store(database)
        for text in (FLOW.replace("URL", receiver.url), BILLS):
            store.write(lambda tx, text=text: workspace.add(tx, parse(text)))  # type: ignore[misc]
        store.close()
        environ = {"FDTUI_ALLOW_HOSTS": ",".join(receiver.allow)}
        options: dict[str, object] = {"db": database, "port": 0}
        headers: dict[str, str] = {}
        for round_ in range(CRASHES + 1):
            began = time.monotonic()
            with killable(options, environ) as process:
                said = lines(process, 1 if headers else 2)
                starts.append(time.monotonic() - began)
                if not headers:
                    headers = {"Authorization": f"Bearer {said['FDTUI_API_KEY']}"}
                url = f"{said['FDTUI_URL']}/api/v1"
                with httpx.Client(base_url=url, headers=headers, timeout=30) as client:
                    for name in names:
                        body = {"ID": name} if round_ == 0 else {"ID": name, "Count": told.counts[name]}
                        if round_ == 0:
                            assert client.post("/workflows/flow/tasks", json=body).status_code == 201
                        else:
                            row = client.get(f"/workflows/flow/tasks/{name}").json()
                            assert int(row["Count"]) in (told.counts[name], told.counts[name] + 1)
                    if round_ == CRASHES:
                        _check(client, told, names, receiver.came)
                        break
                told.goal, told.reached = chance.randint(20, 120), threading.Event()
                writers = [
                    threading.Thread(target=write_on, args=(url, headers, name, told)) for name in names
                ]
                for writer in writers:
                    writer.start()
                assert told.reached.wait(60)
                process.send_signal(signal.SIGKILL)
                for writer in writers:
                    writer.join(60)
    edits = sum(told.counts.values()) + len(told.created) + len(told.comments)
    print(f"starts: {', '.join(f'{each:.2f}' for each in starts)} s; {len(told.executions)} executions")
    print(f"0 of {edits} edits lost in {CRASHES} kills")


def _check(client: httpx.Client, told: Told, names: list[str], came: list[object]) -> None:
    """Wait for what is pending, then hold everything to what was told."""
    until = time.monotonic() + 60
    while any(each["status"] == "Pending" for name in names for each in _executions(client, name)):
        assert time.monotonic() < until
    rows = {row["ID"]: row for row in client.get("/workflows/flow/tasks").json()}
    assert told.created <= rows.keys()
    bills = Counter(row["For"] for row in client.get("/workflows/bills/tasks").json())
    for name in names:
        done = _all_executions(client, name)
        assert all(each["status"] == "Success" or _is_interrupted(each) for each in done)
        ran = Counter(each["action"]["id"] for each in done if each["status"] == "Success")
        assert bills[f"{name} first"] == bills[f"{name} second"] == ran["twice"]
        assert bills[f"{name} called"] == ran["call"]
    keys = Counter(each.headers["idempotency-key"] for each in came)  # type: ignore[attr-defined]
    assert max(keys.values(), default=0) <= 1
    said = Counter(
        (name, each["body"])
        for name in names
        for each in client.get(f"/workflows/flow/tasks/{name}/comments").json()
    )
    assert told.comments <= said.keys()
    if "Idempotency-Key" in client.get("/openapi.json").text:
        assert max(said.values(), default=0) <= 1
    for execution in told.executions:
        assert client.get(f"/workflows/flow/executions/{execution}").status_code == 200


def _executions(client: httpx.Client, name: str) -> list[dict[str, object]]:
    answer = client.get("/workflows/flow/executions", params={"task_id": name})
    found: list[dict[str, object]] = answer.json()
    return found


def _all_executions(client: httpx.Client, name: str) -> list[dict[str, object]]:
    found = _executions(client, name)
    assert len(found) < 500, "the list is cut here"
    return found


def _is_interrupted(execution: dict[str, object]) -> bool:
    errors = execution.get("errors")
    return isinstance(errors, list) and str(errors[0]).startswith("interrupted:")

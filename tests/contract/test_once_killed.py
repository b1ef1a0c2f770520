"""``Idempotency-Key`` and `kill -9`: whatever was repeated after it is there exactly once.

``FDTUI_CRASHES`` says how often the server is killed; a few times by default.
"""

from __future__ import annotations

import json
import random
import signal
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.contract.conftest import put_workflow
from tests.contract.test_crash import CRASHES, killable, lines
from tests.contract.test_serve import running

WRITERS = 4
FLOW = """
id = "flow"
name = "Flow"
stages = [{ name = "New" }]
fields = [{ name = "No", type = "uniqueId", autoincrement = true }, { name = "Name" }]

[[actions]]
id = "stay"
name = "Stay"
steps = [{ kind = "move", stage = "New" }]
"""
TASKS, RUNS = "/workflows/flow/tasks", "/workflows/flow/executions"
Request = tuple[str, dict[str, str]]


def request(writer: int, number: int) -> Request:
    """What a writer asks for with its key number so-and-so: something that could stand twice."""
    name = f"{writer}-{number}"
    return (
        (TASKS, {"Name": name}),
        (f"{TASKS}/1/comments", {"body": name}),
        (f"{TASKS}/1/checklist_items", {"title": name, "Stage": "New"}),
        (RUNS, {"task_id": "1", "action_id": "stay"}),
    )[number % 4]


class Writer:
    """Sends requests one after the other, each with its key until it is answered."""

    def __init__(self, number: int) -> None:
        self.number, self.at = number, 0
        self.answers: dict[int, str] = {}
        self.replayed = 0

    def write(self, url: str, headers: dict[str, str], told: Callable[[], None]) -> None:
        """Write until the server is gone; the last request is then repeated in the next round."""
        try:
            with httpx.Client(base_url=url, headers=headers, timeout=30) as client:
                while True:
                    self.write_one(client)
                    told()
        except httpx.TransportError:
            return

    def write_one(self, client: httpx.Client) -> None:
        """Send what is next, or again what was not answered."""
        address, body = request(self.number, self.at)
        key = {"Idempotency-Key": f"{self.number}/{self.at}"}
        answer = client.post(address, json=body, headers=key)
        assert answer.status_code == 201, answer.text
        self.replayed += "idempotency-replayed" in answer.headers
        self.answers[self.at] = answer.text
        self.at += 1


def count_in(client: httpx.Client) -> Counter[str]:
    """How often each thing is there, by its name."""
    found = Counter(str(row["Name"]) for row in client.get(TASKS).json())
    found.update(each["body"] for each in client.get(f"{TASKS}/1/comments").json())
    found.update(each["title"] for each in client.get(f"{TASKS}/1/checklist_items").json())
    return found


@pytest.mark.timeout(60 + 20 * CRASHES)
def test_killed_at_random_moments(database: str) -> None:
    from fdtui.server.store import open_store

    store = open_store(database)
    put_workflow(store, FLOW)
    store.close()
    chance, headers = random.Random(11), dict[str, str]()
    writers = [Writer(number) for number in range(WRITERS)]
    options: dict[str, object] = {"db": database, "port": 0}
    for round_ in range(CRASHES + 1):
        with killable(options, {}) as process:
            said = lines(process, 1 if headers else 2)
            url = f"{said['FDTUI_URL']}/api/v1"
            headers = headers or {"Authorization": f"Bearer {said['FDTUI_API_KEY']}"}
            with httpx.Client(base_url=url, headers=headers, timeout=30) as client:
                if round_ == 0:
                    assert client.post(TASKS, json={"Name": "first"}).status_code == 201
                if round_ == CRASHES:
                    for writer in writers:
                        writer.write_one(client)
                    _check(client, writers)
                    break
            reached, left, lock = threading.Event(), [chance.randint(10, 80)], threading.Lock()

            def told(
                left: list[int] = left, reached: threading.Event = reached, lock: threading.Lock = lock
            ) -> None:
                with lock:
                    left[0] -= 1
                    if left[0] <= 0:
                        reached.set()

            with ThreadPoolExecutor(WRITERS) as pool:
                done = [pool.submit(each.write, url, headers, told) for each in writers]
                assert reached.wait(60)
                process.send_signal(signal.SIGKILL)
                for each in done:
                    each.result(60)
    print(
        f"{sum(each.at for each in writers)} writes, {sum(each.replayed for each in writers)} replayed"
    )


def _check(client: httpx.Client, writers: list[Writer]) -> None:
    found, ids = count_in(client), list[str]()
    for writer in writers:
        for number, answer in writer.answers.items():
            address, body = request(writer.number, number)
            if address == RUNS:
                ids.append(json.loads(answer)["id"])
            else:
                name = body.get("Name") or body.get("body") or body["title"]
                assert found[name] == 1, name
    listed = [each["id"] for each in client.get(RUNS, params={"task_id": "1"}).json()]
    assert len(listed) < 500, "the list is cut here"
    assert sorted(ids) == sorted(listed)
    assert max(found.values()) == 1


def test_several_servers_do_it_once(database: str, tmp_path: Path) -> None:
    from fdtui.server.store import open_store

    store = open_store(database)
    put_workflow(store, FLOW)
    store.close()
    options = json.dumps({"db": database, "port": 0, "workers": 3})
    with running(options, 2) as (_, said):
        url, key = f"{said['FDTUI_URL']}/api/v1", said["FDTUI_API_KEY"]
        headers = {"Authorization": f"Bearer {key}"}
        with httpx.Client(base_url=url, headers=headers, timeout=30) as client:
            assert client.post(TASKS, json={"Name": "first"}).status_code == 201

        def send(number: int) -> bool:
            """Send request ``number`` over a connection of its own; whether it was answered anew."""
            address, body = request(0, number)
            with httpx.Client(base_url=url, headers=headers, timeout=30) as client:
                answer = client.post(address, json=body, headers={"Idempotency-Key": f"k{number}"})
                assert answer.status_code == 201, answer.text
                return "idempotency-replayed" not in answer.headers

        with ThreadPoolExecutor(8) as pool:
            fresh = list(pool.map(send, [number for number in range(12) for _ in range(8)]))
        assert sum(fresh) == 12
        with httpx.Client(base_url=url, headers=headers, timeout=30) as client:
            assert set(count_in(client).values()) == {1}
            assert len(client.get(RUNS).json()) == 3

"""The engine among others of its kind: shared work, leases that run out, databases that fail."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from datetime import timedelta

import pytest

from fdtui.server.execution.engine import Engine
from fdtui.server.execution.external_steps import Doors
from fdtui.server.execution.worker import LEASE_SECONDS, Worker
from fdtui.server.http.app import utc_now
from fdtui.server.store import Store, executions, open_store, schedules, tasks
from fdtui.server.store.activity import Actor
from fdtui.server.store.executions import LostError
from fdtui.server.task_service import TaskService
from tests.contract.conftest import NOW, put_workflow, serving
from tests.contract.test_actions import BILLS, FLOW, Clock, action

TWICE = 'kind = "create_linked"\nlink = "Bills"\nfields = { For = "{{ID}}" }'


async def ask(store: Store, steps: tuple[str, ...], times: int = 1, tasks: int = 1) -> None:
    put_workflow(store, FLOW + action(*steps))
    put_workflow(store, BILLS)
    async with serving(store) as running:
        for number in range(1, tasks + 1):
            await running.client.post("/workflows/flow/tasks", json={"ID": str(number)})
            for _ in range(times):
                body = {"task_id": str(number), "action_id": "act"}
                answer = await running.client.post("/workflows/flow/executions", json=body)
                assert answer.status_code == 201


def statuses(store: Store) -> Counter[str]:
    found = store.read(lambda tx: executions.listed(tx, "flow", None, 1000))
    return Counter(each.status for each in found)


async def test_several_servers_share_the_work(store: Store, database: str) -> None:
    await ask(store, (TWICE, TWICE), times=5, tasks=8)
    clock = Clock()
    with ExitStack() as stack:
        engines = []
        for _ in range(3):
            other = open_store(database)
            stack.callback(other.close)
            engines.append(Engine(other, clock, poll=60))
            stack.callback(engines[-1].stop)
        for each in engines:
            each.start()
        for each in engines:
            assert each.settle(60)
        for each in engines:  # one may have gone to sleep while another's task was under way
            each.wake()
            assert each.settle(60)
    assert statuses(store) == {"Success": 40}

    def bills(tx: object) -> int:
        book = TaskService.open(store, tx, "bills", "", Actor("x", NOW))  # type: ignore[arg-type]
        return len(book.rows([]))

    assert store.read(bills) == 80


async def test_who_lost_the_lease_changes_nothing(store: Store) -> None:
    await ask(store, (TWICE, 'kind = "move"\nstage = "Done"'))
    clock = Clock()
    slow, quick = (Worker(store, clock, name, Doors()) for name in ("slow", "quick"))
    mine = slow.claim()
    assert mine is not None
    assert quick.claim() is None
    clock.now += timedelta(seconds=LEASE_SECONDS + 1)
    taken = quick.claim()
    assert taken is not None
    assert taken.id == mine.id
    slow.run(mine)
    assert statuses(store) == {"Pending": 1}
    quick.run(taken)
    slow.run(mine)
    assert statuses(store) == {"Success": 1}
    with pytest.raises(LostError):
        store.write(lambda tx: executions.finish(tx, mine.id, "slow", "", ["late"]))


async def test_an_outside_step_that_was_begun_is_not_begun_again(store: Store) -> None:
    await ask(store, ('kind = "call"\nurl = "https://example.com"',))
    clock = Clock()
    dead, living = (Worker(store, clock, name, Doors()) for name in ("dead", "living"))
    begun = dead.claim()
    assert begun is not None
    store.write(lambda tx: executions.start_calling(tx, begun.id, "dead", 0))
    taken = living.claim()
    assert taken is not None
    assert taken.calling
    living.run(taken)
    found = store.read(lambda tx: executions.find(tx, "flow", begun.id))
    assert found is not None
    assert found.errors[0].startswith("interrupted:")


async def test_what_a_dead_process_held_is_taken_over_at_once(store: Store) -> None:
    await ask(store, ('kind = "move"\nstage = "Done"',))
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    clock = Clock()
    dead = Worker(store, clock, f"{socket.gethostname()}:{gone.pid}:x", Doors())
    assert dead.claim() is not None
    engine = Engine(store, clock, poll=60)
    engine.start()
    assert engine.settle(20)
    engine.stop()
    assert statuses(store) == {"Success": 1}


async def test_a_fault_of_ours_fails_the_execution_and_nothing_else(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ask(store, ('kind = "move"\nstage = "Done"',))
    engine = Engine(store, Clock(), poll=60)
    with monkeypatch.context() as patch:
        patch.setattr(TaskService, "change", lambda *_: 1 / 0)
        engine.start()
        assert engine.settle(20)
    [found] = store.read(lambda tx: executions.listed(tx, "flow", None, 10))
    assert found.status == "Fail"
    assert found.errors[0].startswith("The server failed; its log has more under ")
    engine.wake()
    assert engine.settle(20)
    engine.stop()


def test_stopping_is_prompt_and_twice_is_once(store: Store) -> None:
    engine = Engine(store, Clock(), poll=60)
    engine.start()
    began = time.monotonic()
    engine.stop()
    engine.stop()
    engine.wake()
    assert time.monotonic() - began < 5
    assert not engine.settle(0.01)


async def test_a_time_that_is_known_is_slept_until(store: Store) -> None:
    """An engine that looks once a minute does not leave a change of stage lying for a minute."""
    put_workflow(store, FLOW)
    async with serving(store) as running:
        await running.client.post("/workflows/flow/tasks", json={"ID": "1"})
    record = store.read(lambda tx: tasks.by_uid(tx, "flow", "1"))
    assert record is not None
    due = utc_now().timestamp() + 0.4
    store.write(
        lambda tx: schedules.add(
            tx, task=record.id, workflow="flow", stage="Done", due=due, who="me", base_url=""
        )
    )
    engine = Engine(store, utc_now, poll=60)
    mark = store.bell.mark()
    engine.start()
    try:
        with store.bell.waiting(frozenset({"flow"}), mark) as waiter:
            async with asyncio.timeout(20):
                await waiter.rung.wait()
    finally:
        engine.stop()
    moved = store.read(lambda tx: tasks.by_uid(tx, "flow", "1"))
    assert moved is not None
    assert moved.stage == "Done"


async def test_what_another_process_holds_is_looked_for_when_it_lapses(store: Store) -> None:
    await ask(store, ('kind = "move"\nstage = "Done"',))
    silent = Worker(store, utc_now, "elsewhere:1:x", Doors())
    assert silent.claim() is not None
    engine = Engine(store, utc_now, poll=60)
    mark = store.bell.mark()
    engine.start()
    try:
        with store.bell.waiting(frozenset({"flow"}), mark) as waiter:
            async with asyncio.timeout(20):
                await waiter.rung.wait()
        assert engine.settle(20)
    finally:
        engine.stop()
    assert statuses(store) == {"Success": 1}

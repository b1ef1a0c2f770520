"""A few hundred writes cut somewhere in their bytes: nothing is lost without a word, nothing doubled."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

import httpx
import pytest

from fdtui.api.client import Client
from fdtui.api.retry import Timing
from fdtui.core.details import Action
from fdtui.core.intents import AddChecklistItem, AddComment
from fdtui.core.state import ConnectionState
from fdtui.sync.session import Session, SessionOptions
from fdtui.sync.storage.database import Ledger
from fdtui.sync.storage.protocols import RunBook
from tests.contract.conftest import put_workflow
from tests.contract.cutter import Cutter
from tests.contract.test_serve import running

ROUNDS = int(os.environ.get("FDTUI_CUTS", "60"))
"""Rounds of four writes each, of which nearly half are cut."""
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
TASKS = "/api/v1/workflows/flow/tasks"
MAYBE = "may have been"


async def no_time(_: float) -> None:
    await asyncio.sleep(0.001)


class Desk:
    """A session behind the link, and a way to the server past it."""

    def __init__(self, session: Session, past: httpx.AsyncClient) -> None:
        self.session, self.past = session, past
        self.notices: list[str] = []
        session.on_notice = lambda notice: self.notices.append(notice.text)

    async def got(self, path: str) -> list[dict[str, str]]:
        answer = await self.past.get(path)
        assert answer.status_code == 200
        found: list[dict[str, str]] = answer.json()
        return found


@asynccontextmanager
async def seated(
    link: Cutter, key: str, far: str, fast: float = 0.0, runs: RunBook | None = None
) -> AsyncIterator[Desk]:
    timing = replace(Timing(), sleep=no_time)

    async def connect() -> Client:
        return Client.open(link.url, key, timing=timing)

    options = SessionOptions(every=3600)
    session = Session(connect, options, clock=lambda: time.time() + fast, sleep=no_time, runs=runs)
    session.recall()
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(base_url=far, headers=headers, timeout=30) as past:
        desk = Desk(session, past)
        run = asyncio.create_task(session.run())
        try:
            while session.state.connection is not ConnectionState.LIVE:
                await asyncio.sleep(0.001)
            await session.idle()
            yield desk
        finally:
            run.cancel()
            await asyncio.gather(run, return_exceptions=True)


async def write(desk: Desk, round_: int) -> None:
    """One of each kind, by names that stand nowhere else."""
    session, name = desk.session, f"{round_}"
    session.perform(AddComment("1", f"comment {name}"))
    session.perform(AddChecklistItem("1", f"item {name}", "New"))
    session.create({"Name": f"task {name}"})
    session.run_action("1", Action("stay", "Stay"))
    await session.idle()
    while any(not each.is_over for each in session.state.runs):
        await asyncio.sleep(0.001)
    await session.idle()


async def there(desk: Desk) -> Counter[str]:
    found = Counter(row["Name"] for row in await desk.got(TASKS))
    found.update(each["body"] for each in await desk.got(f"{TASKS}/1/comments"))
    found.update(each["title"] for each in await desk.got(f"{TASKS}/1/checklist_items"))
    del found["first"]
    return found


@contextmanager
def a_server(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The address of a server with one task, and a key."""
    from fdtui.server.store import open_store

    url = f"sqlite:///{tmp_path / 'x.db'}"
    store = open_store(url)
    put_workflow(store, FLOW)
    store.close()
    with running(json.dumps({"db": url, "port": 0}), 2) as (_, said):
        far, key = said["FDTUI_URL"], said["FDTUI_API_KEY"]
        headers = {"Authorization": f"Bearer {key}"}
        made = httpx.post(f"{far}{TASKS}", json={"Name": "first"}, headers=headers)
        assert made.status_code == 201
        yield far, key


async def test_an_execution_outlives_its_window_and_runs_once(tmp_path: Path) -> None:
    with a_server(tmp_path) as (far, key):
        link = Cutter(int(far.rpartition(":")[2]), Random(5))
        async with link.listening():
            ledger = Ledger(tmp_path / "ledger.db")
            async with seated(link, key, far, runs=ledger.runs()) as desk:
                link.chance = 1.0
                assert desk.session.run_action("1", Action("stay", "Stay")) == ""
                while link.cuts["answer"] == 0:
                    await asyncio.sleep(0.001)
            ledger.close()
            link.chance = 0.0
            ledger = Ledger(tmp_path / "ledger.db")
            async with seated(link, key, far, runs=ledger.runs()) as desk:
                async with asyncio.timeout(60):
                    while not all(each.is_over for each in desk.session.state.runs):
                        await asyncio.sleep(0.001)
                assert [each.status for each in desk.session.state.runs] == ["Success"]
                assert len(await desk.got("/api/v1/workflows/flow/executions")) == 1
            ledger.close()


@pytest.mark.parametrize(
    ("keeps_names", "fast"),
    [(True, 0), (False, 0), (False, 3600), (False, -3600)],
    ids=["ours", "flowdash", "our clock is fast", "our clock is slow"],
)
@pytest.mark.timeout(120 + ROUNDS * 2)
async def test_writes_that_are_cut_somewhere(tmp_path: Path, keeps_names: bool, fast: float) -> None:
    with a_server(tmp_path) as (far, key):
        link = Cutter(int(far.rpartition(":")[2]), Random(5), hides_names=not keeps_names)
        async with link.listening(), seated(link, key, far, fast) as desk:
            link.chance = 0.45
            for round_ in range(ROUNDS):
                await write(desk, round_)
            link.chance = 0.0
            await desk.session.idle()
            found, told = await there(desk), "\n".join(desk.notices)
            wanted = {f"{kind} {at}" for at in range(ROUNDS) for kind in ("comment", "item", "task")}
            runs = [each["id"] for each in await desk.got("/api/v1/workflows/flow/executions")]
            statuses = Counter(each.status for each in desk.session.state.runs)
        assert set(found) <= wanted
        assert max(found.values()) == 1, [name for name, count in found.items() if count > 1]
        print(link.cuts, len(wanted - set(found)), statuses, len(runs), len(desk.notices))
        assert min(link.cuts.values()) > ROUNDS / 6
        assert len(runs) <= ROUNDS < 500
        if keeps_names:
            assert set(found) == wanted
            assert (statuses, len(runs)) == ({"Success": ROUNDS}, ROUNDS)
            assert MAYBE not in told
        else:
            assert statuses["Success"] + statuses["Unknown"] == ROUNDS
            assert statuses["Unknown"] >= ROUNDS / 6
            assert len(wanted - set(found)) <= told.count("may have been applied")

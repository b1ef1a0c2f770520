"""What is answered on the event loop itself: only what waits for nobody."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from fdtui.server import seed
from fdtui.server.http.one_packet import OnePacket
from fdtui.server.store import Store, open_store
from tests.contract.conftest import HOGWARTS, TASKS, Served, put_workflow, serving
from tests.contract.test_lists import LISTED, OF_LISTED


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """SQLite: nothing else answers at once."""
    opened = open_store(f"sqlite:///{tmp_path / 'x.db'}")
    yield opened
    opened.close()


@pytest.fixture
async def served(store: Store) -> AsyncIterator[Served]:
    """A workflow without links, with a task."""
    put_workflow(store, LISTED)
    async with serving(store) as running:
        assert (await running.client.post(OF_LISTED, json={"No": "1", "Text": "x"})).status_code == 201
        yield running


def threads_used(served: Served, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    used: list[object] = []
    real = served.app._in_thread  # type: ignore[attr-defined]

    async def noted(work: object) -> object:
        used.append(work)
        return await real(work)

    monkeypatch.setattr(served.app, "_in_thread", noted)
    return used


async def test_one_task_is_read_and_written_without_a_thread(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = served.client
    first = (await api.get(OF_LISTED)).json()[0]
    used = threads_used(served, monkeypatch)
    assert (await api.get(f"{OF_LISTED}/1")).json() == first
    assert (await api.put(f"{OF_LISTED}/1", json={"Text": "At once"})).status_code == 200
    assert (await api.get(f"{OF_LISTED}/1")).json()["Text"] == "At once"
    assert (await api.put(f"{OF_LISTED}/1", json={"Text": 7, "x": 1})).status_code == 422
    assert (await api.get(f"{OF_LISTED}/nobody")).status_code == 404
    assert (await api.delete(f"{OF_LISTED}/1")).status_code == 204
    assert not used
    assert (await api.get(OF_LISTED)).status_code == 200
    assert len(used) == 1  # a list may be long


async def test_where_another_holds_the_file_a_thread_waits(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> None:
        from fdtui.core.errors import UnwritableError

        raise UnwritableError("busy")

    monkeypatch.setattr(served.store._instant, "transaction", busy)
    used = threads_used(served, monkeypatch)
    assert (await served.client.get(f"{OF_LISTED}/1")).status_code == 200
    assert (await served.client.put(f"{OF_LISTED}/1", json={"Text": "Later"})).status_code == 200
    assert len(used) == 2


async def test_what_is_linked_with_many_is_read_in_a_thread(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for toml in HOGWARTS:
        put_workflow(store, toml)
    async with serving(store) as served:
        path = "/workflows/hOu5es/tasks"
        await served.client.post(path, json={"House ID": 1})
        used = threads_used(served, monkeypatch)
        assert (await served.client.get(f"{path}/1")).status_code == 200
        assert len(used) == 1


async def test_a_loop_that_has_other_things_to_do_is_never_stopped(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed.fill(store)
    async with serving(store, shares_loop=True) as served:
        used = threads_used(served, monkeypatch)
        assert (await served.client.get(f"{TASKS}/42")).status_code == 200
        assert len(used) == 1


async def test_writers_of_a_loop_share_commits_and_each_hears_of_his_own(served: Served) -> None:
    async def write(n: int) -> httpx.Response:
        stage = "Nowhere" if n % 10 == 0 else "Done"
        return await served.client.post(OF_LISTED, json={"No": f"number {n}", "Stage": stage})

    answers = await asyncio.gather(*(write(n) for n in range(60)))
    assert [each.status_code for each in answers] == [422 if n % 10 == 0 else 201 for n in range(60)]
    titles = {each["No"] for each in (await served.client.get(OF_LISTED)).json()}
    assert {f"number {n}" for n in range(60) if n % 10} <= titles
    assert not {f"number {n}" for n in range(60) if n % 10 == 0} & titles


async def test_the_writer_ends_with_its_store(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'y.db'}")
    assert await store.write_soon(lambda tx: 7) == 7
    names = [each.name for each in threading.enumerate()]
    store.close()
    async with asyncio.timeout(20):
        assert await store.write_soon(lambda tx: 8) == 8
    store.close()
    assert names.count("fdtui-writer") > [each.name for each in threading.enumerate()].count(
        "fdtui-writer"
    )


class Wire:
    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.sent.append(data)

    def write_eof(self) -> None:
        self.sent.append(b"EOF")

    def close(self) -> None:
        self.sent.append(b"CLOSED")


@pytest.mark.parametrize(
    ("pieces", "sent"),
    [
        ([b"HTTP/1.1 200", b"body", b""], [b"HTTP/1.1 200body"]),
        ([b"HTTP/1.1 204", b""], [b"HTTP/1.1 204"]),
        ([b"HTTP/1.1 100", b"HTTP/1.1 200", b"body"], [b"HTTP/1.1 100", b"HTTP/1.1 200body"]),
        ([b"HTTP/1.1 200", b"x" * 70_000], [b"HTTP/1.1 200", b"x" * 70_000]),
        ([b"HTTP/1.1 200", b"one", b"two"], [b"HTTP/1.1 200one", b"two"]),
    ],
)
def test_the_head_of_an_answer_goes_with_its_body(pieces: list[bytes], sent: list[bytes]) -> None:
    wire = Wire()
    packets = OnePacket(wire)  # type: ignore[arg-type]
    packets.begin()
    for each in pieces:
        packets.write(each)
    assert wire.sent == sent


def test_nothing_is_kept_at_the_end() -> None:
    for end in ("write_eof", "close"):
        wire = Wire()
        packets = OnePacket(wire)  # type: ignore[arg-type]
        packets.begin()
        packets.write(b"HTTP/1.1 408")
        getattr(packets, end)()
        assert wire.sent[0] == b"HTTP/1.1 408"

"""Many at once: nothing lost, nothing twice (S17)."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import httpx
import pytest

from fdtui.server import seed
from fdtui.server.store import open_store
from tests.contract.conftest import TASKS, serving


async def test_a_hundred_creates_of_one_id(wire: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(
        *(wire.post(TASKS, json={"Company ID": "race", "Number of Employees": n}) for n in range(100))
    )
    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 99}
    assert len((await wire.get(TASKS, params={"Company ID": "race"})).json()) == 1


async def test_a_hundred_creates_of_one_id_that_must_be_new(wire: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(
        *(
            wire.post(
                TASKS,
                json={"Company ID": "race", "Number of Employees": n},
                headers={"If-None-Match": "*"},
            )
            for n in range(100)
        )
    )
    assert Counter(answer.status_code for answer in answers) == {201: 1, 412: 99}
    (made,) = [answer.json() for answer in answers if answer.status_code == 201]
    assert (await wire.get(f"{TASKS}/race")).json() == made
    refused = next(answer for answer in answers if answer.status_code == 412)
    assert refused.json() == {"errors": ["A task of that unique id exists already."]}


async def test_two_clients_changing_two_fields_keep_both(wire: httpx.AsyncClient) -> None:
    for number in range(10):
        await asyncio.gather(
            wire.put(f"{TASKS}/42", json={"Number of Employees": number}),
            wire.put(f"{TASKS}/42", json={"Company Name": f"name {number}"}),
            wire.put(f"{TASKS}/42", json={"Stage": ("Done", "In Progress")[number % 2]}),
        )
        row = (await wire.get(f"{TASKS}/42")).json()
        assert row["Number of Employees"] == str(number)
        assert row["Company Name"] == f"name {number}"
        assert row["Stage"] == ("Done", "In Progress")[number % 2]


async def test_only_one_wins_with_if_match(wire: httpx.AsyncClient) -> None:
    tag = (await wire.get(f"{TASKS}/42")).headers["etag"]
    answers = await asyncio.gather(
        *(
            wire.put(
                TASKS,
                json={"Company ID": "42", "Number of Employees": 100 + n},
                headers={"If-Match": tag},
            )
            for n in range(10)
        )
    )
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 9}
    assert (await wire.delete(f"{TASKS}/42", headers={"If-Match": tag})).status_code == 412
    assert (await wire.delete(f"{TASKS}/42", headers={"If-Match": "*"})).status_code == 204
    answer = await wire.post(TASKS, json={"Company ID": "42"}, headers={"If-Match": "*"})
    assert answer.status_code == 412


async def test_numbers_are_given_once(wire: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(
        *(wire.post("/workflows/bT7rG4/tasks", json={"Title": f"bug {n}"}) for n in range(30))
    )
    assert sorted(int(answer.json()["Bug ID"]) for answer in answers) == list(range(25, 55))


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///{}"])
async def test_readers_see_whole_changes(url: str, tmp_path: Path) -> None:
    store = open_store(url.format(tmp_path / "x.db"))
    seed.fill(store)
    async with serving(store) as running:
        api = running.client

        async def write(number: int) -> None:
            body = {"Company ID": "42", "Number of Employees": number, "Company Name": str(number)}
            assert (await api.put(TASKS, json=body)).status_code == 200

        async def read() -> None:
            for row in (await api.get(TASKS)).json():
                if row["Company ID"] == "42" and row["Company Name"] != "Acme Corp":
                    assert row["Number of Employees"] == row["Company Name"]

        await asyncio.gather(*(each for n in range(20) for each in (write(n), read())))
    store.close()


async def test_two_servers_on_one_file(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shared.db'}"
    one, two = open_store(url), open_store(url)
    seed.fill(one)
    async with serving(one) as first, serving(two) as second:
        tag = (await second.client.get(TASKS)).headers["etag"]
        await asyncio.gather(
            *(
                server.client.post(TASKS, json={"Company ID": f"{name}{n}"})
                for n in range(20)
                for name, server in (("a", first), ("b", second))
            )
        )
        answer = await second.client.get(TASKS, headers={"If-None-Match": tag})
        assert answer.status_code == 200
        assert len(answer.json()) == len((await first.client.get(TASKS)).json()) == 64
    one.close()
    two.close()

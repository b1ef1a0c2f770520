"""Every route with every kind of key, and the webhook URL that needs none (S1-S4, A20)."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from fdtui.server import seed
from fdtui.server.http import openapi
from fdtui.server.http.app import ROUTES
from fdtui.server.store import Store
from fdtui.server.store.keys import create_key, list_keys, revoke_key
from tests.contract.conftest import NOW, TASKS, Served, serving

MINE, OTHER = "2ylSaZ", "eX9pA2"
KINDS = {
    "all": {},
    "reading": {"read_only": True},
    "mine": {"workflows": [MINE]},
    "mine, reading": {"workflows": [MINE], "read_only": True},
    "other": {"workflows": [OTHER]},
    "none": {"workflows": []},
    "webhook": {"workflows": [MINE], "kind": "webhook"},
    "revoked": {},
}


@pytest.fixture
async def doors(store: Store) -> AsyncIterator[tuple[Served, dict[str, str]]]:
    seed.fill(store)
    keys = {kind: create_key(store, kind, now=NOW, **more) for kind, more in KINDS.items()}  # type: ignore[arg-type]
    assert revoke_key(store, keys["revoked"].split("_")[1])
    async with serving(store) as running:
        yield running, keys


async def blob(client: httpx.AsyncClient) -> str:
    return str((await client.get(f"{TASKS}/57")).json()["Documents"][0]["blobId"])


async def test_every_route_with_every_kind_of_key(doors: tuple[Served, dict[str, str]]) -> None:
    served, keys = doors
    variables = {"workflow": MINE, "uid": "nobody", "blob": await blob(served.client)}
    for method, template, _ in ROUTES:
        for kind, key in keys.items():
            path = template
            for part in template.split("/"):
                if part.startswith("{"):
                    path = path.replace(part, variables.get(part[1:-1], "nothing"))
            answer = await served.client.request(
                method,
                path,
                headers={"Authorization": f"Bearer {key}"},
                json={} if method in ("POST", "PUT") else None,
            )
            where = (method, template, kind, answer.status_code, answer.text)
            of_a_workflow = "{workflow}" in template
            if template == openapi.PLACE:
                assert answer.status_code == 200, where
            elif kind in ("webhook", "revoked"):
                assert answer.status_code == 401, where
            elif of_a_workflow and kind in ("other", "none"):
                assert (answer.status_code, answer.json()) == (
                    404,
                    {"errors": ["There is no such workflow."]},
                ), where
            elif template == "/files/{blob}" and kind in ("other", "none"):
                assert answer.json() == {"errors": ["There is no such file."]}, where
            elif "reading" in kind and method != "GET":
                assert answer.status_code == 403, where
            else:
                assert answer.status_code not in (401, 403, 500), where


async def test_a_limited_key_knows_of_nothing_else(doors: tuple[Served, dict[str, str]]) -> None:
    served, keys = doors
    for kind, seen in (("all", 3), ("mine", 1), ("none", 0)):
        headers = {"Authorization": f"Bearer {keys[kind]}"}
        listed = (await served.client.get("/workflows", headers=headers)).json()
        assert len(listed) == seen
    headers = {"Authorization": f"Bearer {keys['mine']}"}
    there = await served.client.get(f"/workflows/{OTHER}/tasks", headers=headers)
    nowhere = await served.client.get("/workflows/nOwher/tasks", headers=headers)
    assert (there.status_code, there.content) == (nowhere.status_code, nowhere.content)


async def test_a_webhook_url_takes_tasks_and_tells_nothing(doors: tuple[Served, dict[str, str]]) -> None:
    served, keys = doors
    url = f"http://flowdash.test/api/v1/workflows/{keys['webhook']}/tasks"
    async with httpx.AsyncClient(transport=httpx.ASGITransport(served.app)) as anyone:
        new = {"Company ID": "from outside", "Contract Value": 10.5}
        answer = await anyone.post(url, json=new)
        assert (answer.status_code, answer.json()) == (200, new)
        answer = await anyone.post(url, json={"Company ID": "42", "Company Name": "Renamed"})
        assert answer.json() == {"Company ID": "42", "Company Name": "Renamed"}
        answer = await anyone.post(url, json={"Company ID": "42", "Nope": 1})
        assert answer.status_code == 422
        for method, address in (
            ("GET", url),
            ("PUT", url),
            ("DELETE", f"{url}/42"),
            ("GET", f"{url}/42"),
        ):
            assert (await anyone.request(method, address, json={})).status_code == 401
        assert (await anyone.post(f"{url}/42/comments", json={"body": "x"})).status_code == 401
        for token in (keys["all"], keys["webhook"] + "x", keys["webhook"][:-1], "fd_x_y", MINE):
            other = f"http://flowdash.test/api/v1/workflows/{token}/tasks"
            assert (await anyone.post(other, json=new)).status_code == 401
    assert (await served.client.get(f"{TASKS}/42")).json()["Company Name"] == "Renamed"
    created = (await served.client.get(f"{TASKS}/from%20outside")).json()
    assert created["Contract Value"] == "10.50"
    assert revoke_key(served.store, keys["webhook"].split("_")[1])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(served.app)) as anyone:
        assert (await anyone.post(url, json=new)).status_code == 401


async def test_guessing_a_webhook_is_limited(served: Served) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(served.app)) as anyone:
        base = "http://flowdash.test/api/v1/workflows"
        statuses = [
            (await anyone.post(f"{base}/fd_0_{n}/tasks", json={})).status_code for n in range(12)
        ]
    assert statuses == [401] * 10 + [429] * 2


def test_what_is_known_of_a_key(store: Store) -> None:
    create_key(store, "ci", now=NOW, workflows=["b", "a"], read_only=True)
    [key] = list_keys(store)
    assert (key.grant.name, key.grant.workflows, key.grant.read_only) == ("ci", {"a", "b"}, True)
    assert (key.kind, key.revoked) == ("key", False)

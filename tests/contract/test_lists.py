"""Entity tags, and lists of ten thousand."""

from __future__ import annotations

import httpx
import pytest

from fdtui.server.render import encode
from fdtui.server.taskbook import Taskbook
from tests.contract.conftest import TASKS


@pytest.mark.parametrize(
    "change",
    [
        ("POST", TASKS, {"Company ID": "new"}),
        ("PUT", TASKS, {"Company ID": "42", "Stage": "Done"}),
        ("PUT", f"{TASKS}/42", {"Number of Employees": "11"}),
        ("DELETE", f"{TASKS}/42", None),
    ],
)
async def test_any_change_changes_the_tag(
    wire: httpx.AsyncClient, change: tuple[str, str, object]
) -> None:
    lists = [TASKS, f"{TASKS}/active", f"{TASKS}?Stage=In%20Progress"]
    tags = [(await wire.get(path)).headers["etag"] for path in lists]
    assert len(set(tags)) == 3
    method, path, body = change
    await wire.request(method, path, json=body)
    for known, path in zip(tags, lists, strict=True):
        answer = await wire.get(path, headers={"If-None-Match": known})
        assert (answer.status_code, answer.headers["etag"] == known) == (200, False)


async def test_a_refused_change_changes_nothing(api: httpx.AsyncClient) -> None:
    tag = (await api.get(TASKS)).headers["etag"]
    await api.put(TASKS, json={"Company ID": "42", "Stage": "Nowhere", "Company Name": "x"})
    await api.put(TASKS, json={"Company ID": "nobody"})
    assert (await api.get(TASKS, headers={"If-None-Match": tag})).status_code == 304


async def test_a_change_in_another_workflow_does_not(api: httpx.AsyncClient) -> None:
    tag = (await api.get(TASKS)).headers["etag"]
    await api.post("/workflows/bT7rG4/tasks", json={"Title": "x"})
    assert (await api.get(TASKS, headers={"If-None-Match": tag})).status_code == 304


async def test_an_unchanged_list_is_not_rendered_again(
    api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await api.get(TASKS)

    def unwanted(*_: object, **__: object) -> None:
        raise AssertionError("rendered again")

    monkeypatch.setattr(Taskbook, "rows", unwanted)
    assert (await api.get(TASKS)).content == first.content
    again = await api.get(TASKS, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


async def test_answers_are_utf8_without_needless_escapes(api: httpx.AsyncClient) -> None:
    content = (await api.get(TASKS)).content
    assert "株式会社さくら製作所".encode() in content
    assert content == encode((await api.get(TASKS)).json())

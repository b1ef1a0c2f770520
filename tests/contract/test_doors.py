"""Keys, hosts, origins, methods, incidents (rows S)."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

import httpx
import pytest

from fdtui.server.http import openapi
from fdtui.server.http.app import ROUTES, create_app
from fdtui.server.http.auth import OneKey
from fdtui.server.store import Store, workspace
from fdtui.server.store.keys import create_key, list_keys, revoke_key
from tests.contract.conftest import NOW, TASKS, Served, serving

Raw = Callable[..., Awaitable[tuple[int, dict[str, str], bytes]]]
HOST = (b"host", b"flowdash.test")
NOT_IN = b'{"errors":["A valid API key is needed in the Authorization header."]}'


async def test_who_has_no_key(served: Served, raw: Raw) -> None:
    key = served.client.headers["authorization"].encode()
    secret = key.removeprefix(b"Bearer ")
    revoked = create_key(served.store, "old", now=NOW)
    assert revoke_key(served.store, revoked.split("_")[1])
    for given in (
        [],
        [b""],
        [b"Bearer"],
        [b"Bearer "],
        [secret],
        [b"Basic " + secret],
        [b"Token " + secret],
        [b"Bearer  " + secret],
        [b"Bearer " + secret + b" "],
        [b"Bearer " + secret + b"x"],
        [b"Bearer " + secret[:-1]],
        [b"Bearer fd_" + secret.split(b"_")[1] + b"_"],
        [b"Bearer x" + secret],
        [b"Bearer ' OR 1=1 --"],
        [b"Bearer \xff"],
        [key, key],
        [key, b"Bearer x"],
        [b"Bearer " + revoked.encode()],
    ):
        headers = [HOST, *((b"authorization", each) for each in given)]
        status, answered, body = await raw("GET", b"/api/v1/workspace", headers=headers)
        assert (status, body) == (401, NOT_IN), given
        assert answered["www-authenticate"] == "Bearer"
    status, _, body = await raw("GET", b"/api/v1/workspace", b"api_key=" + secret, headers=[HOST])
    assert (status, body) == (401, NOT_IN)
    status, _, _ = await raw(
        "GET", b"/api/v1/workspace", headers=[HOST, (b"authorization", b"bearer " + secret)]
    )
    assert status == 200


async def test_every_route_but_the_document_needs_a_key(raw: Raw) -> None:
    for method, template, _ in ROUTES:
        if template == openapi.PLACE:
            continue
        path = template.replace("{workflow}", "2ylSaZ").replace("{uid}", "42")
        for given in ([], [(b"authorization", b"Bearer fd_0_0")]):
            status, _, body = await raw(method, b"/api/v1" + path.encode(), headers=[HOST, *given])
            assert (status, body) == (401, NOT_IN), template
    status, _, _ = await raw("GET", b"/nowhere", headers=[HOST])
    assert status == 401


async def test_guessing_is_limited_and_a_good_key_still_works(served: Served, raw: Raw) -> None:
    for number in range(30):
        guess = (b"authorization", b"Bearer fd_0_%d" % number)
        status, headers, _ = await raw("GET", b"/api/v1/workspace", headers=[HOST, guess])
        assert status == (401 if number < 10 else 429)
        assert (headers.get("retry-after") is None) == (number < 10)
    assert (await served.client.get("/workspace")).status_code == 200


async def test_only_hashes_are_stored(served: Served) -> None:
    key = served.client.headers["authorization"].removeprefix("Bearer ")
    secret = key.split("_", 2)[2]
    assert len(secret) >= 43
    dump = served.store.read(lambda tx: str(tx.exec_driver_sql("SELECT * FROM keys").all()))
    assert secret not in dump
    assert [each.grant.name for each in list_keys(served.store)] == ["test"]
    assert not revoke_key(served.store, "nope")


async def test_embedded_key(store: Store) -> None:
    app = create_app(store, auth=OneKey("made-up"), base_url="http://localhost")
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost/api/v1") as client:
        assert (await client.get("/workspace")).status_code == 401
        headers = {"Authorization": "Bearer made-up"}
        assert (await client.get("/workspace", headers=headers)).status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8300", 200),
        ("LOCALHOST", 200),
        ("[::1]:80", 200),
        ("evil.com", 421),
        ("127.0.0.1.nip.io", 421),
        ("127.0.0.1@evil.com", 421),
        ("", 421),
        ("localhost:evil", 421),
    ],
)
async def test_a_foreign_host_header_is_refused(store: Store, host: str, status: int) -> None:
    async with serving(store, hosts={"localhost", "127.0.0.1", "[::1]"}) as running:
        answer = await running.client.get("/workspace", headers={"Host": host})
        assert answer.status_code == status


async def test_a_request_with_two_host_headers_or_none_is_refused(store: Store, raw: Raw) -> None:
    app = create_app(store, hosts={"localhost"})
    for hosts in ([], [(b"host", b"localhost"), (b"host", b"localhost")]):
        sent: list[dict[str, object]] = []

        async def send(message: dict[str, object], sent: list[dict[str, object]] = sent) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": "GET",
            "scheme": "http",
            "path": "/",
            "raw_path": b"/",
            "query_string": b"",
            "headers": hosts,
        }
        await app(scope, None, send)  # type: ignore[arg-type]
        assert sent[0]["status"] == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.com"},
        {"Origin": "null"},
        {"Origin": "http://flowdash.test:81"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_pages_of_other_sites(api: httpx.AsyncClient, headers: dict[str, str]) -> None:
    for method in ("GET", "POST", "OPTIONS"):
        answer = await api.request(method, TASKS, headers=headers)
        assert answer.status_code == 403
        assert not [name for name in answer.headers if name.startswith("access-control")]


async def test_our_own_origin(api: httpx.AsyncClient) -> None:
    headers = {"Origin": "http://flowdash.test", "Sec-Fetch-Site": "same-origin"}
    answer = await api.get(TASKS, headers=headers)
    assert answer.status_code == 200
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("method", ["OPTIONS", "PATCH", "TRACE", "CONNECT", "FOO", "get"])
async def test_a_method_that_is_not_possible_answers_405(raw: Raw, method: str) -> None:
    for path, allowed in (
        (b"tasks", "GET, POST, PUT, HEAD"),
        (b"tasks/42", "GET, PUT, DELETE, HEAD"),
        (b"stages", "GET, HEAD"),
    ):
        status, headers, _ = await raw(method, b"/api/v1/workflows/2ylSaZ/" + path)
        assert (status, headers["allow"]) == (405, allowed)


async def test_a_method_is_not_overridden(api: httpx.AsyncClient) -> None:
    headers = {"X-HTTP-Method-Override": "DELETE", "X-Method-Override": "DELETE"}
    answer = await api.post(f"{TASKS}?_method=DELETE", json={"Company ID": "42"}, headers=headers)
    assert answer.status_code == 200
    assert (await api.get(f"{TASKS}/42", headers=headers)).status_code == 200


async def test_a_failure_is_logged_under_the_number_that_is_answered(
    served: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: object) -> None:
        raise ZeroDivisionError("secret detail")

    with monkeypatch.context() as patch, caplog.at_level(logging.CRITICAL, "fdtui.server.http.app"):
        patch.setattr(workspace, "workspace", broken)
        answer = await served.client.get("/workspace")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert (await served.client.get("/workspace")).status_code == 200


async def test_sql_is_only_ever_text(api: httpx.AsyncClient) -> None:
    evil = "x' OR '1'='1'; DROP TABLE tasks; --"
    before = (await api.get(TASKS)).content
    for path in (
        f"/workflows/{evil}/tasks",
        f"{TASKS}/{evil}",
        f"/workflows/2ylSaZ/users/{evil}",
        f"/files/{evil}",
    ):
        assert (await api.get(path)).status_code == 404
    for name in ("Company ID", "Stage", "Assigned To", "Company Name"):
        assert (await api.get(TASKS, params={name: evil})).json() == []
    assert (await api.get(TASKS, params={evil: "1"})).status_code == 422
    assert (await api.put(TASKS, json={"Company ID": "42", evil: 1})).status_code == 422
    assert (await api.get(TASKS)).content == before

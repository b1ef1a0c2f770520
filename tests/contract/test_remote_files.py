"""``remoteUrl``: what is brought, under which name, and what is never asked or told (S14, S15)."""

from __future__ import annotations

import socket
import threading
from collections.abc import AsyncIterator, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from fdtui.server import seed
from fdtui.server.execution.http_client import fetch
from fdtui.server.store import Store
from tests.contract.conftest import TASKS, serving

REFUSED = (422, {"errors": {"Documents": ["is invalid"]}})
FAILED = "could not be fetched: "
NO_FILE = f"{FAILED}no file of at most 50 MB came from there in time"
NOT_PUBLIC = f"{FAILED}no public address is known for its host"
MALFORMED = f"{FAILED}an http or https address of a host was expected"


class Site(BaseHTTPRequestHandler):
    """Pages to fetch, and a list of what was asked for."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        path = self.path.partition("?")[0]
        if path.startswith("/status/"):
            self.answer(int(path[8:]), b"secret detail of the inside")
        elif path == "/named":
            self.answer(200, b"named", {"Content-Disposition": 'attachment; filename="../../evil.txt"'})
        elif path == "/starred":
            self.answer(
                200, b"x", {"Content-Disposition": "attachment; filename*=UTF-8''%E2%82%AC%2F.pdf"}
            )
        elif path == "/hop":
            self.answer(302, b"", {"Location": "/files/report.pdf"})
        elif path == "/loop":
            self.answer(302, b"", {"Location": "/loop"})
        elif path == "/inside":
            self.answer(302, b"", {"Location": "http://127.0.0.2:1/secret"})
        elif path == "/nowhere":
            self.answer(302, b"", {"Location": "http://[::1"})
        elif path == "/gzip":
            self.answer(200, b"x", {"Content-Encoding": "gzip"})
        elif path == "/huge":
            self.answer(200, b"", {"Content-Length": "60000000"})
            block = bytes(1_000_000)
            for _ in range(60):
                self.wfile.write(block)
        else:
            self.answer(200, b"%PDF report", {"Content-Type": "application/pdf"})

    def answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


class Quiet(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None: ...


@pytest.fixture
def site() -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []
    server = Quiet(("127.0.0.1", 0), type("Mine", (Site,), {"asked": asked}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
async def api(store: Store, site: tuple[str, list[str]]) -> AsyncIterator[httpx.AsyncClient]:
    seed.fill(store)
    allowed = partial(fetch, allow={site[0].removeprefix("http://")})
    async with serving(store, fetch=allowed) as running:
        yield running.client


async def put(api: httpx.AsyncClient, *entries: object) -> httpx.Response:
    return await api.put(TASKS, json={"Company ID": "42", "Documents": list(entries)})


@pytest.mark.parametrize(
    ("path", "entry", "expected"),
    [
        ("/files/report.pdf?x=1", {}, ("report.pdf", "application/pdf")),
        ("/files/report.pdf", {"filename": "mine.pdf"}, ("mine.pdf", "application/pdf")),
        ("/files/report.pdf", {"contentType": "text/plain"}, ("report.pdf", "text/plain")),
        ("/a%2F..%2F%0A.bashrc", {}, ("bashrc", "application/pdf")),
        ("/", {}, ("file", "application/pdf")),
        ("/named", {}, ("evil.txt", "application/octet-stream")),
        ("/starred", {}, ("pdf", "application/octet-stream")),
        ("/hop", {}, ("report.pdf", "application/pdf")),
    ],
)
async def test_a_remote_file_is_fetched_and_stored(
    api: httpx.AsyncClient,
    site: tuple[str, list[str]],
    path: str,
    entry: dict[str, str],
    expected: tuple[str, str],
) -> None:
    answer = await put(api, {"remoteUrl": site[0] + path, **entry})
    assert answer.status_code == 200, answer.text
    [document] = answer.json()["Documents"]
    assert (document["filename"], document["contentType"]) == expected
    assert (await api.get(f"/files/{document['blobId']}")).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/status/404", "/status/500", "/status/204", "/loop", "/inside", "/nowhere", "/gzip", "/huge"],
)
async def test_what_goes_wrong_over_there_is_told_with_the_same_words(
    api: httpx.AsyncClient, site: tuple[str, list[str]], path: str
) -> None:
    before = (await api.get(f"{TASKS}/42")).content
    answer = await put(api, {"remoteUrl": site[0] + path})
    assert (answer.status_code, answer.json()) == (422, {"errors": {"Documents": [NO_FILE]}})
    assert (await api.get(f"{TASKS}/42")).content == before


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://10.0.0.1/a.txt", NOT_PUBLIC),
        ("http://169.254.169.254/latest/meta-data", NOT_PUBLIC),
        ("http://no-such-host.invalid/a.txt", NOT_PUBLIC),
        ("ftp://example.com/a.txt", MALFORMED),
        ("http://user:secret@example.com/a.txt", MALFORMED),
        ("http://[::1/a.txt", MALFORMED),
        ("nonsense", MALFORMED),
    ],
)
async def test_what_is_wrong_with_the_address_itself_is_told(
    api: httpx.AsyncClient, url: str, why: str
) -> None:
    answer = await put(api, {"remoteUrl": url})
    assert (answer.status_code, answer.json()) == (422, {"errors": {"Documents": [why]}})


async def test_a_name_that_leads_inside_is_told_like_one_that_leads_nowhere(
    api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve = socket.getaddrinfo

    def answers(host: str, *args: Any, **more: Any) -> Any:
        inner = [(2, 1, 6, "", ("10.0.0.1", 80))]
        return inner if host == "db.example" else resolve(host, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", answers)
    told = [await put(api, {"remoteUrl": f"http://{host}/"}) for host in ("db.example", "none.invalid")]
    assert told[0].content == told[1].content


async def test_nothing_is_asked_for_a_body_that_is_wrong(
    api: httpx.AsyncClient, site: tuple[str, list[str]]
) -> None:
    url = f"{site[0]}/x"
    for entries in (
        [{"remoteUrl": url, "blobId": "x"}],
        [{"remoteUrl": url, "base64contents": "QQ=="}],
        [{"remoteUrl": url, "filename": ""}],
        [{"remoteUrl": url, "filename": "a\0"}],
        [{"remoteUrl": url, "contentType": "a\r\nb"}],
        [{"remoteUrl": 5}],
    ):
        answer = await put(api, *entries)
        assert (answer.status_code, answer.json()) == REFUSED
    answer = await put(api, *[{"remoteUrl": url}] * 11)
    assert answer.json() == {"errors": {"Documents": ["allows at most 10 files"]}}
    answer = await api.put(TASKS, json={"Company ID": "42", "Company Name": [{"remoteUrl": url}]})
    assert answer.status_code == 422
    assert (
        await api.put("/workflows/nope/tasks", json={"Documents": [{"remoteUrl": url}]})
    ).status_code == 404
    assert site[1] == []


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "[::1]", "[::ffff:127.0.0.1]", "0"],
)  # fmt: skip
async def test_nothing_inside_is_reached(store: Store, site: tuple[str, list[str]], host: str) -> None:
    seed.fill(store)
    port = site[0].rpartition(":")[2]
    async with serving(store) as running:
        answer = await put(running.client, {"remoteUrl": f"http://{host}:{port}/secret"})
        assert (answer.status_code, answer.json()) == (422, {"errors": {"Documents": [NOT_PUBLIC]}})
    assert site[1] == []

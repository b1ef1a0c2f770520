"""`serve` as a process: what it prints, whom it answers, how it stops."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import pytest

from fdtui.core.errors import UsageError
from fdtui.server.http.serve import serve

CODE = (
    "import sys, json; from functools import partial; from fdtui.server.http.serve import serve;"
    "serve(announce=partial(print, flush=True), **json.loads(sys.argv[1]))"
)


@contextmanager
def running(options: str, lines: int = 1) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    process = subprocess.Popen([sys.executable, "-c", CODE, options], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = [process.stdout.readline().strip() for _ in range(lines)]
    try:
        yield process, dict(line.split("=", 1) for line in said)
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


def test_a_served_demo_tells_url_and_key_once(tmp_path: Path) -> None:
    options = f'{{"db": "sqlite:///{tmp_path}/x.db", "port": 0, "demo": true}}'
    with running(options, 2) as (process, said):
        url, headers = said["FDTUI_URL"], {"Authorization": f"Bearer {said['FDTUI_API_KEY']}"}
        with httpx.Client(base_url=f"{url}/api/v1", headers=headers) as client:
            assert client.get("/workspace").json()["name"] == "Demo workspace"
            assert client.get("/workspace", headers={"Host": "evil.com"}).status_code == 421
            assert client.get("/workflows/2ylSaZ/tasks/NL%2F108").json()["Company ID"] == "NL/108"
            assert client.delete("/workflows/2ylSaZ/tasks/42").status_code == 204
        process.terminate()
        assert process.wait(10) == -signal.SIGTERM
        assert process.stdout is not None
        assert process.stdout.read() == ""
    with running(options) as (_, again):
        tasks = f"{again['FDTUI_URL']}/api/v1/workflows/2ylSaZ/tasks"
        assert httpx.get(f"{tasks}/42", headers=headers).status_code == 404
        assert httpx.get(f"{tasks}/43", headers=headers).status_code == 200


def test_a_unix_socket_is_private_and_replaced_when_dead(tmp_path: Path) -> None:
    path = tmp_path / "run" / "fdtui.sock"
    options = f'{{"db": "sqlite:///{tmp_path}/x.db", "uds": "{path}"}}'
    with running(options, 2) as (process, said):
        assert said["FDTUI_URL"] == f"http+unix://{str(path).replace('/', '%2F')}"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        headers = {"Authorization": f"Bearer {said['FDTUI_API_KEY']}"}
        transport = httpx.HTTPTransport(uds=str(path))
        with httpx.Client(transport=transport, base_url="http://localhost", headers=headers) as client:
            assert client.get("/api/v1/workflows").json() == []
        with pytest.raises(UsageError, match="Another server"):
            serve(db="sqlite://", uds=str(path))
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        assert path.exists()
    with running(options):
        assert path.exists()
    assert not path.exists()


def test_what_is_no_socket_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes"
    path.write_text("mine")
    with pytest.raises(UsageError, match="not your socket"):
        serve(db="sqlite://", uds=str(path))
    assert path.read_text() == "mine"


def test_a_busy_port(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(UsageError, match="--port"):
            serve(db=f"sqlite:///{tmp_path / 'x.db'}", port=taken.getsockname()[1])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com"])
def test_addresses_that_others_can_reach(host: str) -> None:
    with pytest.raises(UsageError, match="behind-proxy"):
        serve(db="sqlite://", host=host)


def test_several_workers_serve_one_database(database: str, tmp_path: Path) -> None:
    options = json.dumps({"db": database, "port": 0, "demo": True, "workers": 3})
    with running(options, 2) as (process, said):
        url, headers = said["FDTUI_URL"], {"Authorization": f"Bearer {said['FDTUI_API_KEY']}"}
        tasks = f"{url}/api/v1/workflows/2ylSaZ/tasks"
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        assert len(children) == 3
        for n in range(12):  # a connection each, so that several of them answer
            body = {"Number of Employees": n}
            assert httpx.put(f"{tasks}/42", headers=headers, json=body).status_code == 200
            assert httpx.get(f"{tasks}/42", headers=headers).json()["Number of Employees"] == str(n)
            assert httpx.get(tasks, headers=headers).json()[0]["Number of Employees"] == str(n)
        os.kill(int(children[0]), signal.SIGKILL)
        for _ in range(6):
            assert httpx.get(f"{tasks}/42", headers=headers).status_code == 200
        process.terminate()
        assert process.wait(15) == -signal.SIGTERM
    assert not [child for child in children if Path(f"/proc/{child}/exe").exists()]


def test_a_server_that_nobody_asks_sleeps_and_knows_the_time(tmp_path: Path) -> None:
    """uvicorn's own loop would tick ten times a second."""
    code = (
        "import asyncio, sys\n"
        "from fdtui.server.http.serve import serve\n"
        "real = asyncio.sleep\n"
        "def loud(seconds, *rest):\n"
        "    print('slept', seconds, flush=True)\n"
        "    return real(seconds, *rest)\n"
        "asyncio.sleep = loud\n"
        "serve(db=sys.argv[1], port=0, announce=lambda line: print(line, flush=True))\n"
    )
    argv = [sys.executable, "-c", code, f"sqlite:///{tmp_path / 'x.db'}"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip().partition("=")[2]
        process.stdout.readline()
        first = httpx.get(f"{url}/api/v1/openapi.json")
        deadline = time.monotonic() + 20
        while time.time() < parsedate_to_datetime(first.headers["date"]).timestamp() + 1.05:
            assert time.monotonic() < deadline
            threading.Event().wait(0.05)
        second = httpx.get(f"{url}/api/v1/openapi.json")
        process.terminate()
        assert process.wait(20) == -15
        assert len(process.stdout.read().splitlines()) <= 2  # to let connections end
    assert parsedate_to_datetime(second.headers["date"]) > parsedate_to_datetime(first.headers["date"])

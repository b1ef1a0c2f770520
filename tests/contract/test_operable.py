"""What those who run a server see of it: the log, the probes, the numbers, the limits."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from tests.contract.conftest import TASKS

PATIENCE = 60.0


@dataclass
class Run:
    """A server as a process, with its log."""

    process: subprocess.Popen[str]
    url: str
    key: str
    log: Path

    def client(self, **more: str) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.key}", **more}
        return httpx.Client(base_url=f"{self.url}/api/v1", headers=headers, timeout=PATIENCE)

    def said(self, holds: Callable[[str], bool]) -> str:
        deadline = time.monotonic() + PATIENCE
        while not holds(self.log.read_text()):
            assert time.monotonic() < deadline, self.log.read_text()
            threading.Event().wait(0.05)
        return self.log.read_text()


@contextmanager
def server(folder: Path, *options: str, at: tuple[str, ...] = ("--port", "0")) -> Iterator[Run]:
    log = folder / "log"
    argv = [sys.executable, "-m", "fdtui", "serve", "--demo", *at, *options]
    with log.open("w") as errors:
        process = subprocess.Popen(
            argv,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env={**os.environ, "FDTUI_HOME": str(folder / "home")},
        )
    assert process.stdout is not None
    try:
        said = [process.stdout.readline().strip().partition("=")[2] for _ in range(2)]
        yield Run(process, *said, log)
    finally:
        process.terminate()
        process.wait(PATIENCE)
        process.stdout.close()


def test_the_log_names_who_and_what_and_no_secret(tmp_path: Path) -> None:
    with server(tmp_path) as run:
        with run.client() as client:
            path = "/workflows/2ylSaZ/tasks/NL%2F108"
            answer = client.get(path)
            assert answer.json()["Company ID"] == "NL/108"
            assert client.get(TASKS, params={"Stage": "hidden words"}).status_code == 200
            refused = client.get("/workflows/fd_0123_token/stages")
            assert "x-request-id" not in answer.headers
        secret = f"{run.url}/api/v1/workflows/{run.key}/tasks"
        assert httpx.post(secret, json={"Name": "hidden words"}).status_code == 401
        log = run.said(lambda text: text.count("B\n") >= 4)
        assert f"the data is in {tmp_path}/home/data/server.db" in log
        assert "the API key is shown this once" in log
        place = re.escape("/api/v1" + TASKS)
        name = refused.headers["x-request-id"]
        assert f'Z {name} "first" GET /api/v1/workflows/{{workflow}}/stages 404 ' in log
        size = len(answer.content)
        assert re.search(rf'Z [0-9a-f-]+ "first" GET {place}/{{uid}} 200 [\d.]+ms {size}B\n', log)
        assert re.search(rf'"first" GET {place} 200 ', log)
        for text in (run.key, run.key.split("_")[2], "fd_0123", "hidden", "NL", "?"):
            assert text not in log


def test_a_log_as_json_through_a_proxy_below_a_path(tmp_path: Path) -> None:
    options = ("--log-format", "json", "--behind-proxy", "--public-url", "https://example.com/flow/")
    with server(tmp_path, *options) as run:
        with run.client(**{"X-Forwarded-Proto": "https", "Host": "example.com"}) as client:
            shown = client.get("/workflows/2ylSaZ/tasks/42").json()["Task URL"]
            assert shown.startswith("https://example.com/flow/workflows/2ylSaZ/tasks/")
            below = client.get(f"{run.url}/flow/api/v1/workflows/2ylSaZ/tasks/42")
            assert below.json()["Task URL"] == shown
            page = client.get("/workspace", headers={"Origin": "https://example.com"})
            assert page.status_code == 200
            assert client.get("/workspace", headers={"Origin": "https://evil.com"}).status_code == 403
            assert client.get(f"{run.url}/metrics").status_code == 200
        assert httpx.get(f"{run.url}/metrics").status_code == 401
        log = run.said(lambda text: text.count('"path"') >= 6)
    lines = [json.loads(line) for line in log.splitlines()]
    asked = [line for line in lines if "path" in line]
    assert {line["who"] for line in asked} == {"first", None}
    assert {"time", "id", "who", "method", "path", "status", "ms", "bytes"} == set(asked[0])


def metrics(url: str) -> dict[str, float]:
    lines = httpx.get(f"{url}/metrics").text.splitlines()
    return {
        line.rpartition(" ")[0]: float(line.rpartition(" ")[2])
        for line in lines
        if not line.startswith("#")
    }


@pytest.mark.parametrize("workers", ["1", "3"])
def test_probes_and_numbers_of_all_processes(tmp_path: Path, workers: str) -> None:
    with server(tmp_path, "--no-access-log", "--workers", workers) as run:
        for place in ("health", "ready"):
            assert httpx.get(f"{run.url}/{place}").status_code == 200
        assert httpx.post(f"{run.url}/health").status_code == 405
        assert httpx.get(f"{run.url}/metrics", headers={"Host": "evil.com"}).status_code == 421
        before = metrics(run.url)
        for n in range(9):
            with run.client() as client:  # a connection each
                assert client.put(f"{TASKS}/42", json={"Number of Employees": n}).status_code == 200
                assert client.get(f"{TASKS}/nobody").status_code == 404
        after = metrics(run.url)
        for name, more in (
            ('fdtui_requests_total{method="PUT",status="2xx"}', 9),
            ('fdtui_requests_total{method="GET",status="4xx"}', 9),
            ("fdtui_request_duration_seconds_count", 19),  # with the first look at the numbers
        ):
            assert after[name] - before[name] == more, name
        assert 1 <= after["fdtui_commits_total"] - before["fdtui_commits_total"] <= 9
        assert (
            after['fdtui_request_duration_seconds_bucket{le="+Inf"}']
            == (after["fdtui_request_duration_seconds_count"])
        )
        assert after["fdtui_database_bytes"] > 10_000
        assert after["fdtui_resident_memory_bytes"] > 10_000_000
        assert {'fdtui_executions{state="Pending"}', "fdtui_waiting_feeds"} <= set(after)
        assert "GET" not in run.log.read_text()


def test_a_signal_ends_feeds_and_is_told(tmp_path: Path) -> None:
    with server(tmp_path) as run, run.client() as client:
        with client.stream(
            "GET", "/workflows/2ylSaZ/changes", headers={"Accept": "text/event-stream"}
        ) as feed:
            lines = feed.iter_lines()
            assert next(lines).startswith("id: ")
            deadline = time.monotonic() + PATIENCE
            while metrics(run.url)["fdtui_waiting_feeds"] != 1:
                assert time.monotonic() < deadline
            run.process.send_signal(signal.SIGTERM)
            assert not [line for line in lines if line.startswith("event: error")]
        assert run.process.wait(PATIENCE) == 128 + signal.SIGTERM
        log = run.said(lambda text: "stopped" in text)
    assert "stopping; requests under way: 1" in log
    assert "/changes 200" in log


def test_a_key_that_asks_too_often_or_sends_too_much_is_told_when_to_go_on(tmp_path: Path) -> None:
    with server(tmp_path, "--requests-per-key", "5", "--upload-per-key", "1") as run:
        with run.client() as client:
            big = {"Company ID": 42, "Description": "x" * 1_100_000}
            assert client.put(TASKS, json=big).status_code != 429
            refused = client.put(TASKS, json={"Company ID": 42})
            assert (refused.status_code, refused.json()["errors"]) == (
                429,
                ["This key has sent too much."],
            )
            assert 300 < int(refused.headers["retry-after"]) <= 400
            answers = [client.get("/workspace") for _ in range(6)]
            assert [each.status_code for each in answers].count(429) >= 2
            assert 0 < int(answers[-1].headers["retry-after"]) <= 12
        assert httpx.get(f"{run.url}/health").status_code == 200


def test_a_socket_for_a_group(tmp_path: Path) -> None:
    path = tmp_path / "run" / "flow.sock"
    at = ("--uds", str(path), "--socket-mode", "0660")
    with server(tmp_path, at=at) as run:
        assert stat.S_IMODE(path.stat().st_mode) == 0o660
        with httpx.Client(transport=httpx.HTTPTransport(uds=str(path))) as client:
            assert client.get("http://localhost/metrics").status_code == 200
        with httpx.Client(transport=httpx.HTTPTransport(uds=str(path))) as client:
            assert client.get("http://localhost/api/v1/workspace").status_code == 401
        assert run.url == f"http+unix://{quote(str(path), safe='')}"
        done = subprocess.run(
            [sys.executable, "-m", "fdtui", "workflow", "list"],
            capture_output=True,
            text=True,
            env={
                **os.environ,
                "FDTUI_HOME": str(tmp_path / "home"),
                "FDTUI_URL": run.url,
                "FDTUI_API_KEY": run.key,
            },
            timeout=PATIENCE,
            check=False,
        )
        assert "2ylSaZ\tCompany onboarding\n" in done.stdout, done.stderr

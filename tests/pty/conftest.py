import json
import os
import re
import select
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.terminal import Program

FDTUI = [sys.executable, "-m", "fdtui"]
WORKFLOW = "2ylSaZ"


class Server:
    """A served Flowdash in a process of its own, with the demo workspace."""

    def __init__(self, folder: Path, port: int = 0, key: str = "") -> None:
        self.folder = folder
        arguments = ["serve", "--demo", "--port", str(port), "--db", f"sqlite:///{folder / 'team.db'}"]
        self._process = subprocess.Popen(
            [*FDTUI, *arguments],
            bufsize=0,  # a line that waits in a buffer is one that select does not see
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "FDTUI_HOME": str(folder / "server")},
        )
        said = self._read_lines(1 if key else 2)
        self.url = said["FDTUI_URL"]
        self.key = key or said["FDTUI_API_KEY"]

    def _read_lines(self, count: int) -> dict[str, str]:
        stdout = self._process.stdout
        assert stdout is not None
        lines = []
        for _ in range(count):
            ready, _, _ = select.select([stdout], [], [], 20)
            assert ready, "the server does not say where it is"
            lines.append(stdout.readline().decode().strip())
        return dict(line.split("=", 1) for line in lines)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """One request of a colleague's."""
        request = urllib.request.Request(
            f"{self.url}/api/v1/workflows/{WORKFLOW}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def stop(self) -> None:
        self._process.terminate()
        self._process.communicate(timeout=15)

    def restarted(self) -> "Server":
        """The same server again, on the same port with the same database."""
        self.stop()
        match = re.search(r":(\d+)$", self.url)
        assert match
        return Server(self.folder, int(match[1]), self.key)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    started = Server(tmp_path)
    yield started
    started.stop()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Starts programs that end with the test."""
    running: list[Program] = []

    def run(*arguments: str, columns: int = 120, rows: int = 40, **environ: str) -> Program:
        home = {"FDTUI_HOME": str(tmp_path / "home"), "TMPDIR": str(tmp_path)}
        program = Program([*FDTUI, *arguments], columns=columns, rows=rows, environ={**home, **environ})
        running.append(program)
        return program

    yield run
    for program in running:
        program.__exit__(None, None, None)


@pytest.fixture
def board(start: Callable[..., Program], server: Server) -> Program:
    """The board on the served demo, opened and at rest."""
    program = start(FDTUI_URL=server.url, FDTUI_API_KEY=server.key, FDTUI_USER="user@example.com")
    program.wait_for(r"● live")
    program.settle()
    return program


def wait_until(holds: Callable[[], bool], program: Program, seconds: float = 15) -> None:
    """Let the program run until something holds outside it."""
    deadline = time.monotonic() + seconds
    while not holds():
        program.read(0.05)
        assert time.monotonic() < deadline, f"it never came to hold; the screen:\n{program.screen}"

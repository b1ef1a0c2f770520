import contextlib
import json
import os
import re
import select
import signal
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.pty.link import Link
from tests.terminal import Program, prefork

FDTUI = [sys.executable, "-m", "fdtui"]
WORKFLOW = "2ylSaZ"


class Server:
    """A served Flowdash in a process of its own, with the demo workspace."""

    def __init__(self, folder: Path, port: int = 0, key: str = "") -> None:
        self.folder = folder
        arguments = ["serve", "--demo", "--port", str(port), "--db", f"sqlite:///{folder / 'team.db'}"]
        home = {"FDTUI_HOME": str(folder / "server")}
        self._stdout, theirs = os.pipe()
        with (folder / "server.err").open("wb") as errors, Path(os.devnull).open("rb") as nothing:
            streams = [nothing.fileno(), theirs, errors.fileno()]
            self._pid = prefork.start(arguments, {**os.environ, **home}, streams, tty=False)
        os.close(theirs)
        said = self._read_lines(1 if key else 2)
        self.url = said["FDTUI_URL"]
        self.key = key or said["FDTUI_API_KEY"]

    def _read_lines(self, count: int) -> dict[str, str]:
        said = b""
        while said.count(b"\n") < count:
            ready, _, _ = select.select([self._stdout], [], [], 20)
            assert ready, "the server does not say where it is"
            said += (more := os.read(self._stdout, 4096))
            assert more, (self.folder / "server.err").read_text()
        lines = said.decode().splitlines()
        return dict(line.split("=", 1) for line in lines)

    def call(self, method: str, path: str, body: Any = None, workflow: str = WORKFLOW) -> Any:
        """One request of a colleague's."""
        request = urllib.request.Request(
            f"{self.url}/api/v1/workflows/{workflow}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """The server takes connections, and answers none until the end of the block."""
        os.kill(self._pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self._pid, signal.SIGCONT)

    def stop(self) -> None:
        """End the server, if it is running."""
        if self._pid == 0:
            return
        os.kill(self._pid, signal.SIGTERM)
        deadline = time.monotonic() + 15
        while os.waitpid(self._pid, os.WNOHANG) == (0, 0):
            assert time.monotonic() < deadline, "the server does not end"
            time.sleep(0.01)
        self._pid = 0
        os.close(self._stdout)

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
def link(server: Server) -> Iterator[Link]:
    """A link to the server, as good as any until the test makes it worse."""
    made = Link(int(server.url.rpartition(":")[2]))
    yield made
    made.stop()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Starts programs that end with the test."""
    running: list[Program] = []

    def run(
        *arguments: str, columns: int = 120, rows: int = 40, fresh: bool = False, **environ: str
    ) -> Program:
        """``fresh`` starts an interpreter of its own, as a user does."""
        program = Program(
            [*FDTUI, *arguments] if fresh else arguments,
            columns=columns,
            rows=rows,
            environ={"FDTUI_HOME": str(tmp_path / "home"), "TMPDIR": str(tmp_path), **environ},
            preforked=not fresh,
        )
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


@pytest.fixture
def polling_board(start: Callable[..., Program], server: Server, link: Link) -> Program:
    """The same without a change feed: what a colleague does is not known before the next look."""
    link.hides_feed = True
    program = start(FDTUI_URL=link.url, FDTUI_API_KEY=server.key, FDTUI_USER="user@example.com")
    program.wait_for(r"● live")
    program.settle()
    return program


def wait_until(holds: Callable[[], bool], program: Program, seconds: float = 15) -> None:
    """Let the program run until something holds outside it."""
    deadline = time.monotonic() + seconds
    while not holds():
        program.read(0.05)
        assert time.monotonic() < deadline, f"it never came to hold; the screen:\n{program.screen}"

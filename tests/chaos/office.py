"""A served Flowdash with one small workflow, the program's key, and a colleague with a key of theirs."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.pty.conftest import Server

WORKFLOW = "chaos"
STAGES = ("New", "Ready", "Doing", "Done")
ME, OTHERS = "user@example.com", ("carl@example.com", "dora@example.com")
NAMES = {"U Uma": ME, "C Carl": OTHERS[0], "D Dora": OTHERS[1], "unassigned": None}
"""What a card calls the people."""
PROGRAM, COLLEAGUE = "program", "colleague"
FLOW = """
id = "chaos"
name = "Chaos"
stages = [{ name = "New" }, { name = "Ready" }, { name = "Doing" }, { name = "Done" }]
fields = [{ name = "ID", type = "uniqueId"COUNTED }, { name = "Name" }, { name = "Note" }]
people = [
    { email = "user@example.com", first_name = "Uma" },
    { email = "carl@example.com", first_name = "Carl" },
    { email = "dora@example.com", first_name = "Dora" },
]
"""


@dataclass(frozen=True)
class Entry:
    """A line of the server's own log: what changed in one task, and who did it."""

    id: int
    """Its place in the log, from 1; the server's own ids tell no order."""
    who: str
    what: str
    uid: str
    before: dict[str, Any]
    after: dict[str, Any]

    @property
    def is_ours(self) -> bool:
        """Whether the program did it."""
        return self.who.startswith(PROGRAM) or self.who == ME


@dataclass
class Office:
    """The server, and all that a colleague and a judge do with it, past the faulty network."""

    folder: Path
    counts: bool = False
    """Whether the server gives new tasks their ids."""
    log: list[Entry] = field(default_factory=list)
    """All that has happened, as far as `look` has seen."""
    _last: str = ""
    """What the server calls the last line of it."""

    def __post_init__(self) -> None:
        from fdtui.server.store import open_store, workspace
        from fdtui.server.store.keys import create_key
        from fdtui.server.workflow.definition import parse

        self.database = self.folder / "team.db"
        store = open_store(f"sqlite:///{self.database}")
        counted = ", autoincrement = true" if self.counts else ""
        flow = parse(FLOW.replace("COUNTED", counted))
        store.write(lambda tx: workspace.add(tx, flow))
        now = datetime.now(UTC)
        self.key = create_key(store, PROGRAM, now=now)
        self._theirs = create_key(store, COLLEAGUE, now=now)
        store.close()
        self.server = Server(self.folder, 0, self.key)
        self.port = int(self.server.url.rpartition(":")[2])
        with urllib.request.urlopen(f"{self.server.url}/api/v1/openapi.json", timeout=20) as answer:
            self.keeps_keys = b"Idempotency-Key" in answer.read()
        """Whether a request that is repeated under its key is done once."""

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """A request of the colleague's; ``None`` where there is no such task."""
        request = urllib.request.Request(
            f"{self.server.url}/api/v1/workflows/{WORKFLOW}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self._theirs}",
                "Content-Type": "application/json",
                **{name.replace("_", "-"): value for name, value in headers.items()},
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            with error:
                if error.code in {404, 412}:
                    return None
                raise AssertionError(f"{method} {path}: {error.read()!r}") from None
        except urllib.error.URLError as error:
            raise AssertionError(f"{method} {path}: {error}; {self._state()}") from None
        return json.loads(text) if text else {}

    def _state(self) -> str:
        """How the server is, which nobody here ends before `stop`."""
        pid, status = os.waitpid(self.server._pid, os.WNOHANG)
        told = (self.folder / "server.err").read_text()[-2000:]
        ended = f"the server ended ({os.waitstatus_to_exitcode(status)})" if pid else "the server runs"
        return f"{ended}: {told}"

    def make(self, name: str, uid: str = "") -> str:
        """A colleague's new task; its unique id."""
        body = {"Name": name, **({} if self.counts else {"ID": uid})}
        return str(self.call("POST", "/tasks", body)["ID"])

    def change(self, uid: str, **changes: Any) -> bool:
        """A colleague's change; whether the task was there."""
        body = {name.replace("_", " "): value for name, value in changes.items()}
        mine: Any = int(uid) if self.counts else uid
        return self.call("PUT", "/tasks", {"ID": mine, **body}) is not None

    def delete(self, uid: str) -> bool:
        """A colleague's deletion; whether the task was there."""
        return self.call("DELETE", f"/tasks/{quote(uid, safe='')}") is not None

    def tasks(self) -> dict[str, dict[str, Any]]:
        """What is there now, by unique id."""
        return {str(row["ID"]): row for row in self.call("GET", "/tasks")}

    def look(self) -> list[Entry]:
        """Read on in the server's log; answers all of it."""
        while True:
            since = f"?since={quote(self._last, safe='')}" if self._last else ""
            found = self.call("GET", f"/activity{since}")
            self.log += [
                Entry(
                    at,
                    each["who"],
                    each["what"],
                    str(each["task_id"]),
                    each["before"],
                    each["after"],
                )
                for at, each in enumerate(found, len(self.log) + 1)
            ]
            if not found:
                return self.log
            self._last = found[-1]["id"]

    def comments(self, uid: str) -> list[str]:
        """The texts of a task's comments; empty where the task is gone."""
        found = self.call("GET", f"/tasks/{quote(uid, safe='')}/comments")
        return [each["body"] for each in found or ()]

    def stop(self) -> None:
        """End the server."""
        self.server.stop()

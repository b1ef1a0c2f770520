"""A Flowdash whose executions are slow, stuck, lost or forgotten, on a real socket, byte by byte."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.loopback import ThreadedLoopback
from tests.pty.strict import FIELDS, KEY, STAGES, row

ACTIONS = ("Swift", "Stuck", "Vanish", "Lost", "Failing", "Odd", "Tired", "Silent")
"""What the actions are called is what becomes of them."""


class MoodyFlowdash(ThreadedLoopback):
    """Answers one workflow; keeps when it was asked for what."""

    def __init__(self, tasks: int = 3) -> None:
        self.rows = [row(str(number), f"Company {number}", "Not Started") for number in range(tasks)]
        self.asked: list[tuple[float, str, str]] = []
        self.started: list[dict[str, Any]] = []
        self.moods: dict[str, str] = {}
        self.at_once = 0
        """The most requests for executions that were under way together."""
        self.problems: list[str] = []
        self._now = 0
        super().__init__()

    def looks(self) -> list[float]:
        """When executions were asked for."""
        return [at for at, method, path in self.asked if method == "GET" and "/executions/" in path]

    def stop(self) -> None:
        super().stop()
        assert self.problems == []

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            method, target, _ = head[0].split(" ")
            if f"authorization: bearer {KEY}" not in "\n".join(head).lower():
                self.problems.append(f"no key: {head[0]}")
            answer = await self._answered(method, target, json.loads(body) if body else None)
            if answer is None:
                return  # gone without a word
            status, value, *extra = answer
            content = json.dumps(value).encode()
            lines = [f"HTTP/1.1 {status} X", "Content-Type: application/json", *extra]
            lines.append(f"Content-Length: {len(content)}")
            writer.write("\r\n".join([*lines, "", ""]).encode() + content)
            await writer.drain()

    async def _answered(self, method: str, target: str, body: Any) -> tuple[Any, ...] | None:
        path = urlsplit(target).path
        self.asked.append((time.monotonic(), method, path))
        parts = [unquote(part) for part in path.split("/")[3:]]
        match (method, parts):
            case ("GET", ["workspace"]):
                return 200, {"id": "1", "name": "Moody"}
            case ("GET", ["workflows"]):
                return 200, [{"id": "2ylSaZ", "name": "Companies"}]
            case ("GET", [_, _, "stages"]):
                return 200, [{"name": name} for name in STAGES]
            case ("GET", [_, _, "fields"]):
                return 200, [
                    {"id": f"f{at}", "name": name, "type": kind, "editable": True, "required": False}
                    for at, (name, kind) in enumerate(FIELDS)
                ]
            case ("GET", [_, _, "tasks"]):
                return 200, self.rows
            case ("GET", [_, _, "tasks", "active"]):
                return 200, self.rows
            case ("GET", [_, _, "tasks", uid]):
                return 200, next(each for each in self.rows if each["Company ID"] == uid)
            case ("GET", [_, _, "tasks", _, "actions"]):
                return 200, [{"id": name, "name": name} for name in ACTIONS]
            case ("GET", [_, _, "tasks", _, "comments"]):
                return 200, []
            case ("POST", [_, _, "executions"]):
                return await self._start(body)
            case ("GET", [_, _, "executions", execution]):
                return await self._look(execution)
        return 404, {}

    async def _start(self, body: dict[str, Any]) -> tuple[Any, ...] | None:
        self.started.append(body)
        mood = body["action_id"]
        if mood == "Lost":
            return None
        if mood == "Silent":
            await asyncio.sleep(3600)
        execution = f"x{len(self.started)}"
        self.moods[execution] = mood
        return 201, {"id": execution, "status": "Pending"}

    async def _look(self, execution: str) -> tuple[Any, ...]:
        self._now += 1
        self.at_once = max(self.at_once, self._now)
        await asyncio.sleep(0.02)
        self._now -= 1
        looks = len(self.looks())
        match self.moods.get(execution):
            case "Vanish" | None:
                return 404, {"errors": ["No such execution."]}
            case "Failing":
                return 200, {"id": execution, "status": "Fail", "errors": ["foo is not a valid email"]}
            case "Odd":
                return 200, {"id": execution, "status": "Pondering"}
            case "Tired" if looks == 1:
                return 429, {"errors": ["Slowly."]}, "Retry-After: 3"
            case "Swift" | "Tired":
                return 200, {"id": execution, "status": "Success"}
        return 200, {"id": execution, "status": "Pending"}

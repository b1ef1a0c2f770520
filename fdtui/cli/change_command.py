"""The user's own command, run for each change that ``fdtui watch`` sees."""

from __future__ import annotations

import asyncio
import os
import re
import shlex
from collections.abc import Mapping
from contextlib import suppress

from fdtui.cli import output
from fdtui.core.errors import UsageError
from fdtui.core.fields import show
from fdtui.core.safetext import quoted
from fdtui.core.schema import Schema
from fdtui.core.strictjson import dumps
from fdtui.core.values import Value

_NO_NAME = re.compile(r"[^A-Z0-9]+")


class ChangeCommand:
    """Runs a command for one change after the other, in their order; a failure stops nothing."""

    def __init__(self, said: str) -> None:
        """Raises `UsageError` where ``said`` is no command."""
        try:
            self._words = shlex.split(said)
        except ValueError:
            raise UsageError("--exec: a quotation mark is not closed.") from None
        if not self._words:
            raise UsageError("--exec is empty.", "Give it a command, or leave it out.")
        self._waiting: asyncio.Queue[tuple[Mapping[str, Value], Schema]] = asyncio.Queue()

    def add(self, change: Mapping[str, Value], schema: Schema) -> None:
        """One more change to run the command for."""
        self._waiting.put_nowait((change, schema))

    async def run(self) -> None:
        """Run the command for all that is added, until cancelled."""
        while True:
            change, schema = await self._waiting.get()
            try:
                problem = await self._run(change, schema)
            except OSError as error:
                problem = f"could not be started: {error.strerror or error}"
            if problem:
                task = quoted(str(change["task"]))
                output.notify(f"{self._words[0]} {problem}, for task {task} ({change['event']}).")

    async def _run(self, change: Mapping[str, Value], schema: Schema) -> str:
        process = await asyncio.create_subprocess_exec(
            *self._words,
            stdin=asyncio.subprocess.PIPE,
            env={**os.environ, **variables_of(change, schema)},
        )
        try:
            await process.communicate(f"{dumps(change)}\n".encode())
        except asyncio.CancelledError:
            with suppress(ProcessLookupError):
                process.terminate()
            await process.wait()
            raise
        return f"ended with {process.returncode}" if process.returncode else ""


def variables_of(change: Mapping[str, Value], schema: Schema) -> dict[str, str]:
    """The change for a command's environment: FDTUI_EVENT, FDTUI_TASK, and FDTUI_FIELD_… as text.

    Where two names of fields give one name of a variable, the first has it; JSON on stdin has both.
    """
    named = {"FDTUI_EVENT": str(change["event"]), "FDTUI_TASK": str(change["task"] or "")}
    row = change["row"]
    for name, value in row.items() if isinstance(row, dict) else ():
        variable = f"FDTUI_FIELD_{_NO_NAME.sub('_', name.upper()).strip('_')}"
        named.setdefault(variable, show(schema.meant(name), value).replace("\0", ""))
    return named

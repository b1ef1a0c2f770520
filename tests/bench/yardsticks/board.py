"""The board on a given number of tasks, already at hand: what ``fdtui`` shows from its cache.

python board.py 10000
"""

import asyncio
import sys
import time
from typing import NoReturn

from fdtui import wiring
from fdtui.core.errors import UnreachableError
from fdtui.core.schema import Field, FieldType, Person, Schema, Stage, WorkflowRef
from fdtui.core.task import tasks_from_rows
from fdtui.sync.gateway import Gateway
from fdtui.sync.session import Session, SessionOptions
from fdtui.sync.storage.protocols import MemoryCache, Snapshot

STAGES = ("Backlog", "Ready", "Doing", "Done")
SCHEMA = Schema(
    tuple(Stage(name, name == "Done") for name in STAGES),
    (
        Field("ID", FieldType.UNIQUE_ID),
        Field("Title"),
        Field("Value", FieldType.CURRENCY),
        Field("Due", FieldType.DATE),
    ),
    (Person("ada@example.com", "Ada", "Lovelace"),),
)


def rows(count: int) -> list[dict[str, object]]:
    return [
        {
            "Stage": STAGES[n % 4],
            "Assigned To": "ada@example.com" if n % 3 else None,
            "Task URL": f"http://localhost/workflows/w/tasks/{n}",
            "ID": str(n),
            "Title": f"Task {n:06d} write the report",
            "Value": f"{n}.00",
            "Due": f"2026-11-{n % 28 + 1:02d}",
        }
        for n in range(count)
    ]


async def silent() -> Gateway:
    await asyncio.Event().wait()
    return _never()


def _never() -> NoReturn:
    raise UnreachableError("Nobody is there.")


if __name__ == "__main__":
    workflow = WorkflowRef("w", "Work")
    tasks = tasks_from_rows(rows(int(sys.argv[1])), "ID")
    cache = MemoryCache(Snapshot(workflow, SCHEMA, tasks, None, (workflow,)))
    session = Session(silent, SessionOptions(me="ada@example.com"), clock=time.time, cache=cache)
    session.recall()
    wiring.board(session).run()

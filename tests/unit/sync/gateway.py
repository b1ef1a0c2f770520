"""A server that answers when the test says so: for races that a real one would show once a year."""

import asyncio
from collections.abc import Callable
from typing import Any

from fdtui.core.answers import ChangedRows, Listing
from fdtui.core.details import Action, Activity, ChecklistItem, Comment, Tick
from fdtui.core.errors import ApiError, NotFoundError
from fdtui.core.job import Execution
from fdtui.core.schema import Field, FieldType, Person, Role, Stage, WorkflowRef, Workspace


class Board:
    """A little Flowdash in memory. Each call can be held back, or made to fail, by its name."""

    def __init__(self, *rows: dict[str, Any]) -> None:
        self.rows = {row["ID"]: dict(row) for row in rows}
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.calls: list[str] = []
        self.lacks: set[str] = set()
        self.said: list[str] = []
        self.ticks: dict[str, str] = {}
        self.started: list[tuple[str, str, str | None]] = []
        self.answers: list[Execution] = []
        self._held: dict[str, list[asyncio.Event]] = {}
        self._failures: dict[str, list[Exception]] = {}
        self._losses: dict[str, list[Exception]] = {}
        self._holding: set[str] = set()
        self.gives_tags = True
        self.keeps_keys_for = 0.0
        self.feed = ""
        """The token that lists name; without one there is no change feed."""
        self.heeds_new = True
        """Whether a create that is to find nothing there is refused where it does."""
        self.on_update: Callable[[dict[str, Any]], dict[str, Any]] = lambda body: body

    def hold(self, call: str) -> None:
        self._holding.add(call)

    def release(self, call: str) -> None:
        self._held[call].pop(0).set()

    def fail(self, call: str, *errors: Exception) -> None:
        self._failures.setdefault(call, []).extend(errors)

    def heal(self) -> None:
        """Let every call succeed from now on."""
        self._failures.clear()

    def lose(self, call: str, *errors: Exception) -> None:
        """Do what is asked, and let the answer be lost."""
        self._losses.setdefault(call, []).extend(errors)

    async def _turn(self, call: str) -> None:
        self.calls.append(call)
        if call in self.lacks:
            raise NotFoundError("There is no such call.", status=404)
        if call in self._holding:
            gate = asyncio.Event()
            self._held.setdefault(call, []).append(gate)
            await gate.wait()
        if self._failures.get(call):
            raise self._failures[call].pop(0)

    def _listing(self) -> Listing:
        return Listing(tuple(dict(row) for row in self.rows.values()), feed=self.feed)

    async def workspace(self) -> Workspace:
        await self._turn("workspace")
        return Workspace("ws", "Workspace")

    async def workflows(self) -> tuple[WorkflowRef, ...]:
        await self._turn("workflows")
        return (WorkflowRef("w", "Work"), WorkflowRef("v", "Other"))

    async def stages(self, workflow: str) -> tuple[Stage, ...]:
        await self._turn("stages")
        return (Stage("To do"), Stage("Doing"), Stage("Done"))

    async def fields(self, workflow: str) -> tuple[Field, ...]:
        await self._turn("fields")
        return (Field("ID", FieldType.UNIQUE_ID), Field("Name"))

    async def users(self, workflow: str) -> tuple[Person, ...]:
        await self._turn("users")
        return (Person("ada@example.com", "Ada"),)

    async def roles(self, workflow: str) -> tuple[Role, ...]:
        await self._turn("roles")
        return ()

    async def tasks(self, workflow: str, *, known: str = "") -> Listing | None:
        answer = self._listing()  # what is true now, though it may arrive much later
        await self._turn("tasks")
        return answer

    async def changes(self, workflow: str, since: str, *, wait: float) -> ChangedRows:
        await self._turn("changes")
        if not self.feed:
            raise NotFoundError("There is no such page.", status=404)
        return ChangedRows((), (), since)

    async def active(self, workflow: str) -> Listing:
        await self._turn("active")
        return Listing(tuple(row for row in self.rows.values() if row["Stage"] != "Done"))

    async def task(self, workflow: str, uid: str, *, unique_id: str) -> dict[str, Any]:
        await self._turn("task")
        found = [row for row in self.rows.values() if str(row.get(unique_id)) == uid]
        if not found or unique_id != "ID":
            raise NotFoundError("There is no such task.", status=404)
        return dict(found[0])

    async def tagged_task(
        self, workflow: str, uid: str, *, unique_id: str
    ) -> tuple[dict[str, Any], str]:
        row = await self.task(workflow, uid, unique_id=unique_id)
        return row, self._tag(row)

    def _tag(self, row: dict[str, Any] | None) -> str:
        return f'W/"{hash(repr(row)):x}"' if self.gives_tags else ""

    def _check_match(self, uid: str, matching: str) -> None:
        if matching and matching != self._tag(self.rows.get(uid)):
            raise ApiError("The task has changed meanwhile.", status=412)

    async def update(self, workflow: str, body: Any, *, matching: str = "") -> dict[str, Any]:
        self.sent.append((workflow, dict(body)))
        await self._turn("update")
        if body["ID"] not in self.rows:
            raise NotFoundError("There is no such task.", status=404)
        self._check_match(body["ID"], matching)
        self.rows[body["ID"]].update(self.on_update(dict(body)))
        return dict(self.rows[body["ID"]])

    async def create(
        self, workflow: str, body: Any, *, only_new: bool = False, once: str = ""
    ) -> dict[str, Any]:
        self.sent.append((workflow, dict(body)))
        await self._turn("create")
        there = self.rows.get(body.get("ID"), {})
        if there and only_new and self.heeds_new:
            raise ApiError("It exists already.", status=412)
        fresh = {"ID": str(len(self.rows) + 100), "Stage": "To do", "Assigned To": None}
        made = {**fresh, **there, **body}
        self.rows[made["ID"]] = made
        if self._losses.get("create"):
            raise self._losses["create"].pop(0)
        return dict(made)

    async def delete(self, workflow: str, uid: str, *, matching: str = "") -> None:
        await self._turn("delete")
        self._check_match(uid, matching)
        if uid not in self.rows:
            raise NotFoundError("There is no such task.", status=404)
        del self.rows[uid]

    async def actions(self, workflow: str, uid: str) -> tuple[Action, ...]:
        await self._turn("actions")
        return (Action("a1", "Approve"),)

    async def start_execution(
        self, workflow: str, uid: str, action: str, performed_by: str | None, *, once: str = ""
    ) -> Execution:
        self.started.append((uid, action, performed_by))
        await self._turn("start_execution")
        return Execution(f"e{len(self.started)}", "Pending")

    async def execution(self, workflow: str, execution: str) -> Execution:
        await self._turn("execution")
        return self.answers.pop(0) if self.answers else Execution(execution, "Pending")

    async def comments(self, workflow: str, uid: str) -> tuple[Comment, ...]:
        await self._turn("comments")
        return tuple(Comment("API", body, "2020-01-01T00:00:00Z") for body in self.said)

    async def add_comment(self, workflow: str, uid: str, body: str, *, once: str = "") -> None:
        self.said.append(body)
        await self._turn("add_comment")

    async def checklist(self, workflow: str, uid: str) -> tuple[ChecklistItem, ...]:
        await self._turn("checklist")
        return tuple(ChecklistItem(key, key, status) for key, status in self.ticks.items())

    async def add_checklist_item(
        self, workflow: str, uid: str, title: str, stage: str, *, once: str = ""
    ) -> None:
        await self._turn("add_checklist_item")
        self.ticks[title] = "Blank"

    async def tick(self, workflow: str, uid: str, item: str, status: Tick) -> None:
        await self._turn("tick")
        self.ticks[item] = status.value

    async def remove_checklist_item(self, workflow: str, uid: str, item: str) -> None:
        await self._turn("remove_checklist_item")
        del self.ticks[item]

    async def activity(self, workflow: str, uid: str) -> tuple[Activity, ...]:
        await self._turn("activity")
        raise NotFoundError("There is no such page.", status=404)

    def hurry(self) -> None:
        self.calls.append("hurry")

    async def aclose(self) -> None:
        self.calls.append("aclose")

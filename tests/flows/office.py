"""Two tasks with a field of each kind, and what tests of forms and of the pane do with them."""

from __future__ import annotations

from typing import Any

from fdtui.core.schema import Field, FieldType
from fdtui.sync.storage.protocols import Draft
from tests.flows.driver import Driver
from tests.unit.sync.gateway import Board

FIELDS = (
    Field("ID", FieldType.UNIQUE_ID, required=True),
    Field("Name", required=True),
    Field("Price", FieldType.CURRENCY),
    Field("Due", FieldType.DATE),
    Field("Size", FieldType.SINGLE_SELECT, options=("S", "M", "L")),
    Field("Parts", FieldType.MULTIPLE_SELECT, options=("a, b", "c")),
    Field("Urgent", FieldType.CHECKBOX),
    Field("Notes", FieldType.LONG_TEXT),
    Field("Fixed", editable=False),
)
ROW: dict[str, Any] = {
    "ID": "1", "Name": "Acme", "Stage": "Doing", "Assigned To": None, "Price": "10.00", "Due": None,
    "Size": "S", "Parts": ["c"], "Urgent": False, "Notes": "one\ntwo", "Fixed": "x",
}  # fmt: skip


class Office(Board):
    async def fields(self, workflow: str) -> tuple[Field, ...]:
        await self._turn("fields")
        return FIELDS


def drafts(board: Driver) -> tuple[Draft, ...]:
    return board.session.drafts.all()


async def open_form(board: Driver, command: str = "task.edit") -> None:
    await board.give(command)
    await board.until(lambda: board.form.is_open)
    await board.settle()


async def into_the_pane(board: Driver, name: str) -> None:
    """The detail pane, its cursor on a field."""
    if board.place != "detail":
        await board.give("task.open", "pane.next")
    await board.settle()
    await board.until(lambda: board.pane.field is not None)
    while board.pane.field != name:
        assert board.pane.step(), name


async def saved(board: Driver) -> None:
    await board.until(lambda: not board.is_covered)
    await board.settle()

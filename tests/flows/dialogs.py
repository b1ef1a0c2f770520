"""Every dialog of the board with the way to open it, over cards whose titles are wide."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from fdtui.core.intents import SetFields
from fdtui.tui.presentation.details import Tab
from tests.flows.driver import Driver

Opens: TypeAlias = Callable[[Driver], Awaitable[None]]

WIDE = "検索が全角英数字に一致しない 🎉 絵文字とCJK文字の並び"
GLOBEX = "50"
"""The demo's task with two files."""


async def wide_titles(board: Driver) -> None:
    """Give every card a title of wide letters, shifted by a cell from one to the next."""
    state = board.session.state
    title = state.schema.title
    assert title is not None
    for at, task in enumerate(list(state.shown.values())):
        board.session.perform(SetFields(task.key, ((title.name, "x" * (at % 2) + WIDE),)))
    await board.settle()
    await board.give("app.cancel")  # whatever was said of it is gone
    await board.go_to(GLOBEX)


def given(*commands: str) -> Opens:
    """What opens by these commands."""

    async def opens(board: Driver) -> None:
        await board.give(*commands)

    return opens


def obeyed(command: str) -> Opens:
    """What opens by a command without a key."""

    async def opens(board: Driver) -> None:
        board.obey(command)

    return opens


async def form_field(board: Driver, name: str, *commands: str) -> None:
    """The form of the task, its cursor on a field."""
    await board.give("task.edit")
    await board.until(lambda: board.form.is_open)
    board.form.go_to(name)
    await board.give(*commands)


def form(name: str, *commands: str) -> Opens:
    """What the form opens over one of its fields."""
    return lambda board: form_field(board, name, *commands)


async def leaving(board: Driver) -> None:
    """The question of a form that would lose something."""
    await form_field(board, "Company Name")
    await board.type("x")
    await board.give("form.leave")


async def in_place(board: Driver) -> None:
    """A field that is edited in the pane."""
    await board.give("task.open")
    while board.pane.tab is not Tab.FIELDS:
        await board.give("pane.tab-next")
    if board.place != "detail":
        await board.give("pane.next")
    while board.pane.field != "Company Name":
        assert board.pane.step()
    await board.give("task.open")


async def conflict(board: Driver) -> None:
    """Both sides of a field that someone else changed first."""
    board.session.perform(
        SetFields(
            GLOBEX, (("Contact Email", "mine@example.com"),), (("Contact Email", "old@example.com"),)
        )
    )
    await board.until(lambda: GLOBEX in board.session.state.conflicts)
    await board.settle()
    await board.give("board.resolve")


async def files(board: Driver, *commands: str) -> None:
    """The files of a task, and what opens over them."""
    await board.give("task.files")
    await board.until(lambda: "contacts.csv" in board.screen)
    await board.press("j")
    await board.give(*commands)


async def paths(board: Driver) -> None:
    """The list of a folder's files."""
    await files(board, "files.attach")
    await board.until(lambda: board.dialog.is_paths)


async def preview(board: Driver) -> None:
    """What is in a file."""
    await files(board, "files.look")
    await board.until(lambda: "Files of" not in board.screen)


async def bulk(board: Driver) -> None:
    """What a bulk change would do."""
    await board.give("task.select-column", "task.move")
    await board.until(lambda: board.is_covered and board.dialog.is_list)
    await board.type("done")
    await board.press("enter")


async def bulk_field(board: Driver) -> None:
    """Which field of many tasks to set."""
    await board.give("task.select-column", "task.edit")


async def bulk_delete(board: Driver) -> None:
    """Whether many tasks are to be deleted."""
    await board.give("task.select-column", "task.delete")


async def snooze(board: Driver) -> None:
    """Until when a task is left alone in triage."""
    await board.give("triage.start", "triage.snooze")


async def address(board: Driver) -> None:
    """A file by its address."""
    await files(board, "files.from-address")


async def remove_file(board: Driver) -> None:
    """Whether a file is to be removed."""
    await files(board, "files.remove")


async def ticks(board: Driver) -> None:
    """Several options of a field; only another workflow has such a one."""
    bugs = next(each for each in board.session.state.workflows if each.name == "Bug triage")
    board.session.open_workflow(bugs.id)
    await board.until(lambda: board.session.state.workflow == bugs and board.session.state.loaded)
    await board.settle()
    await form_field(board, "Components", "form.open")


async def new_form(board: Driver) -> None:
    """The form of a new task."""
    await board.give("task.new")


async def activity(board: Driver) -> None:
    """Executions, transfers and requests; no dialog, but at the foot of the board."""
    await board.give("runs.toggle")


DIALOGS: dict[str, Opens] = {
    "stage": given("task.move"),
    "person": given("task.assign"),
    "workflow": given("board.switch-workflow"),
    "palette": given("app.palette"),
    "go-to": given("app.go"),
    "mark": given("cursor.mark"),
    "help": given("app.help"),
    "copy": given("task.copy"),
    "actions": given("task.actions"),
    "delete": given("task.delete"),
    "comment": given("task.comments", "comments.write"),
    "item": given("task.checklist", "checklist.add"),
    "form": given("task.edit"),
    "new": new_form,
    "duplicate": given("task.duplicate"),
    "calendar": form("Expected Close Date", "form.open"),
    "choice": form("Stage", "form.open"),
    "leaving": leaving,
    "in-place": in_place,
    "files": files,
    "paths": paths,
    "preview": preview,
    "address": address,
    "remove-file": remove_file,
    "bulk": bulk,
    "bulk-field": bulk_field,
    "bulk-delete": bulk_delete,
    "snooze": snooze,
    "conflict": conflict,
    "filter": given("board.filter"),
    "ticks": ticks,
}
"""By name, in an order in which none leaves the board as the next does not expect it."""


async def all_closed(board: Driver) -> None:
    """Close whatever lies over the board, and forget what it left behind."""
    while board.is_covered:
        board.close()
        await board.pilot.pause()
    if board.place == "triage":
        await board.give("triage.leave")
    while board.place != "board" or board.has_detail or board.selected:
        await board.give("app.cancel")
    for draft in board.session.drafts.all():
        board.session.drafts.drop(draft.workflow, draft.about)
    await board.settle()
    first = board.session.state.workflows[0]
    if board.session.state.workflow != first:
        board.session.open_workflow(first.id)
        await board.until(lambda: GLOBEX in board.session.state.shown)
        await board.settle()
    await board.go_to(GLOBEX)

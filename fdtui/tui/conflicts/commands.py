"""Resolving conflicts on one board: which dialog, and what becomes of the answer."""

from __future__ import annotations

from collections.abc import Callable

from fdtui.core.conflict import Conflict
from fdtui.core.entry import Moment
from fdtui.core.task import Task
from fdtui.sync.writing.history import contents
from fdtui.tui.confirm import confirm, whole_name
from fdtui.tui.conflicts.dialog import ConflictDialog
from fdtui.tui.conflicts.drafts import ConflictDrafts
from fdtui.tui.conflicts.model import Resolution, row_lines
from fdtui.tui.host import Host
from fdtui.tui.presentation.cards import CardPlan
from fdtui.tui.presentation.task_json import task_json
from fdtui.tui.terminal import clipboard
from fdtui.tui.toolkit.cells import Line
from fdtui.tui.toolkit.item import Item
from fdtui.tui.toolkit.reader import Reader

OF_DELETED = (
    Item("restore", "restore it", letter="n"),
    Item("copy", "copy it as JSON", letter="y"),
    Item("discard", "discard…", letter="x"),
)
"""What can be done with a change of a task that was deleted."""


class ConflictCommands:
    """Opens the dialog that a conflict needs, and hands the choice to the session."""

    def __init__(self, host: Host, plan: Callable[[], CardPlan]) -> None:
        self._host, self._plan = host, plan

    def open(self) -> None:
        """Resolve the conflict of the card under the cursor, else the oldest there is."""
        host = self._host
        conflicts, task = host.session.state.conflicts, host.current
        key = task.key if task is not None and task.key in conflicts else next(iter(conflicts), None)
        if key is None:
            host.notify("No conflicts.")
        elif conflicts[key].deleted:
            host.run(self._deleted(key, conflicts[key]))
        else:
            host.run(self._resolve(key, conflicts[key]))

    def _task(self, key: str, conflict: Conflict) -> Task:
        return self._host.state.shown.get(key) or Task(key, key, conflict.row or {})

    async def _resolve(self, key: str, conflict: Conflict) -> None:
        host, schema = self._host, self._host.state.schema
        fields = frozenset(each.name for each in schema.fields)
        drafts = ConflictDrafts(host.keeper, host.state.workflow_id, key, fields)
        dialog = ConflictDialog(
            f"Conflict on {host.label(self._task(key, conflict))}",
            Resolution(conflict, schema, lambda: Moment(host.now)),
            host.look.glyphs,
            drafts=drafts,
        )
        try:
            mine = await host.ask(dialog)
            if mine is not None:
                drafts.drop()
        finally:
            drafts.close()
        if mine is not None:
            host.session.resolve_conflict(key, mine)
            host.notify("Sending yours." if mine else "Kept theirs.")

    async def _deleted(self, key: str, conflict: Conflict) -> None:
        host, row, glyphs = self._host, conflict.row or {}, self._host.look.glyphs
        schema, what = host.state.schema, conflict.pending.intent.sentence()

        def lines(width: int) -> list[Line]:
            told: Line = (("Its last contents, with your change:", "dim"),)
            return [told, (), *row_lines(row, schema, width, glyphs)]

        name = host.label(self._task(key, conflict))
        heading = f"{name} was deleted before your change ({what}) was sent"
        match await host.ask(Reader(heading, lines, glyphs, answers=OF_DELETED, leave="later")):
            case "restore":
                if host.session.create(dict(contents(row, host.state.schema)), resolves=key):
                    host.notify(f"Restoring {name}, without its files and links.")
            case "copy":
                text = task_json(Task(key, key, row))
                host.notify(*clipboard.copy(host.app, "The task as JSON", text))
            case "discard":
                await self._discard(key, conflict)

    async def _discard(self, key: str, conflict: Conflict) -> None:
        host = self._host
        is_sure = await confirm(
            host,
            f"Discard your change ({conflict.pending.intent.sentence()}) of this deleted task?",
            yes="Discard my change",
            no="Keep it for later",
            subject=whole_name(self._task(key, conflict), self._plan(), host.state.schema),
        )
        if is_sure:
            host.session.resolve_conflict(key, {})
            host.notify("Discarded your change.")

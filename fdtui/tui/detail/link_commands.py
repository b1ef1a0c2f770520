"""Linked tasks on one board: opened, linked, unlinked."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from fdtui.core.commands import why_not_change
from fdtui.core.errors import FdtuiError
from fdtui.core.frozen import frozen
from fdtui.core.intents import LinkTask
from fdtui.core.safetext import quoted, safe
from fdtui.core.task import Task, title_of
from fdtui.core.values import Row
from fdtui.sync.storage.protocols import Snapshot
from fdtui.tui.confirm import confirm
from fdtui.tui.host import Host
from fdtui.tui.presentation.links import Relation, at_key, card_lines, fits, found_in, name_of, relations
from fdtui.tui.toolkit.item import Item
from fdtui.tui.toolkit.picker import Picker
from fdtui.tui.toolkit.reader import Reader

MAX_LINKABLE = 2_000
"""Tasks that are offered for a link; beyond that one types the unique id."""


@frozen
class OtherSide:
    """The workflow that a linked task is of; ``None`` where it was not found."""

    snapshot: Snapshot | None = None
    problem: str = ""
    """Why it could not be looked for."""


class LinkCommands:
    """Opens, adds and removes links. Other workflows are looked into only when needed.

    The methods take the key of the block under the pane's cursor.
    """

    def __init__(self, host: Host, visit: Callable[[str, str], object]) -> None:
        """``visit`` opens a workflow, by its id, and goes to one of its tasks."""
        self._host, self._visit = host, visit

    async def open(self, task: Task, key: str) -> None:
        """Go to the linked task on its own board; where that is not known, show what the link tells."""
        _, row = at_key(key, relations(task, self._host.state))
        if row is None:
            await self.link(task, key)
            return
        side = await self._other_side(row)
        if side is None:
            return
        other = side.snapshot
        there = found_in(row, other.tasks, other.schema) if other is not None else None
        if other is not None and there is not None:
            self._visit(other.workflow.id, there.key)
        else:
            await self._show(row)

    async def unlink(self, task: Task, key: str) -> None:
        """Remove the link under the cursor, once the user has said so."""
        host = self._host
        relation, row = at_key(key, relations(task, host.state))
        if relation is None or row is None or self._refuses(task):
            return
        side = await self._other_side(row)
        if side is None:
            return
        id_field, seen = _id_field(side.snapshot, row), host.state
        uid, title = name_of(row, id_field)
        is_sure = await confirm(
            host,
            f"Unlink {quoted(f'{uid} {title}'.strip())}?",
            yes="Unlink it",
            no="Keep the link",
            subject=(f"{id_field} {uid}, linked in {quoted(relation.name)}",),
        )
        if is_sure:
            host.session.perform(
                LinkTask(task.key, relation.name, id_field, uid, linked=False, to_many=relation.to_many),
                seen=seen,
            )

    async def link(self, task: Task, key: str) -> None:
        """Link another task under the relationship under the cursor, else the first there is."""
        host = self._host
        found = relations(task, host.state)
        relation = at_key(key, found)[0] or next(iter(found), None)
        if relation is None:
            host.notify("No card here shows a link, so what could be linked is unknown.")
            return
        if self._refuses(task):
            return
        sample = relation.rows[0] if relation.rows else relation.sample
        side = await self._other_side(sample)
        if side is None:
            return
        id_field, seen = _id_field(side.snapshot, sample or {}), host.state
        item = await host.ask(_picker(host, relation, id_field, side.snapshot))
        if item is not None:
            host.session.perform(
                LinkTask(task.key, relation.name, id_field, item.id, to_many=relation.to_many), seen=seen
            )

    async def _other_side(self, sample: Row | None) -> OtherSide | None:
        """The workflow that ``sample`` can be a task of; ``None`` where the user gave up waiting."""
        host, here = self._host, self._host.state.workflow
        side = await host.wait("Loading the linked workflow", self._look(sample))
        if side is None:
            return None
        if host.state.workflow != here:
            host.notify("Another workflow was opened meanwhile.", "warning")
            return None
        if side.problem:
            host.notify(side.problem, "warning")
        return side

    async def _look(self, sample: Row | None) -> OtherSide:
        state = self._host.state
        try:
            for workflow in state.workflows:
                if sample is not None and workflow != state.workflow:
                    snapshot = await self._host.session.peek(workflow)
                    if fits(sample, snapshot.schema):
                        return OtherSide(snapshot)
        except FdtuiError as error:
            return OtherSide(problem=str(error))
        return OtherSide()

    async def _show(self, row: Row) -> None:
        uid, title = name_of(row)
        heading, glyphs = f"{uid} {title}".strip()[:80] or "Linked task", self._host.look.glyphs
        await self._host.ask(Reader(heading, lambda width: card_lines(row, width, glyphs), glyphs))

    def _refuses(self, task: Task) -> bool:
        reason = why_not_change(self._host.state, task)
        if reason:
            self._host.notify(reason, "warning")
        return bool(reason)


def _picker(host: Host, relation: Relation, id_field: str, other: Snapshot | None) -> Picker:
    """Which task to link: those of the other workflow that are not linked yet, or any id typed."""
    linked = {name_of(row, id_field)[0] for row in relation.rows}
    items = []
    if other is not None:
        for each in islice(other.tasks.values(), MAX_LINKABLE):
            if each.uid is not None and each.uid not in linked:
                name = title_of(each, other.schema)[:200]
                items.append(Item(each.uid, name, note=safe(f"{each.uid}  {each.stage}"[:40])))

    def typed(text: str) -> Item | None:
        text = text.strip()
        if any(item.id == text for item in items):
            return None
        return Item(text, f"the task with the {id_field} {text}", sign=("+", "dim"))

    return Picker(
        f"Link in {safe(relation.name[:40])}",
        items,
        host.look.glyphs,
        free=typed,
        nothing=f"Type the {id_field} of a task.",
    )


def _id_field(other: Snapshot | None, row: Row) -> str:
    """The name of the other side's unique id; where it is not known, the first field of its tasks."""
    if other is not None and other.schema.unique_id is not None:
        return other.schema.unique_id.name
    return next(iter(row), "ID")

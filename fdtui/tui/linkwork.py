"""Linked tasks on one board: opened, linked, unlinked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fdtui.core.commands import why_not_write
from fdtui.core.errors import FdtuiError
from fdtui.core.intents import LinkTask
from fdtui.core.safetext import quoted, safe
from fdtui.core.task import Task
from fdtui.core.values import Row
from fdtui.sync.store import Snapshot
from fdtui.tui.linking import Relation, at_key, card_lines, fits, found_in, name_of, relations
from fdtui.tui.widgets.paper import Paper
from fdtui.tui.widgets.picker import Item, Picker

if TYPE_CHECKING:
    from fdtui.tui.screens.board import BoardScreen

MOST = 2_000
"""Tasks that are offered for a link; beyond that one types the unique id."""


class LinkWork:
    """Does what the keys of the links' tab say. Other workflows are looked into only when needed."""

    def __init__(self, board: BoardScreen) -> None:
        self._board = board

    def _here(self, task: Task) -> tuple[Relation | None, Row | None]:
        return at_key(self._board.side.aside.key, relations(task, self._board.state))

    def _with_other_side(self, sample: Row | None, then: Callable[[Snapshot | None], None]) -> None:
        """Find the workflow that ``sample`` can be a task of, which may have to be fetched first."""
        board, state = self._board, self._board.state

        async def look() -> None:
            try:
                for workflow in state.workflows:
                    if sample is not None and workflow != state.workflow:
                        snapshot = await board.session.peek(workflow)
                        if fits(sample, snapshot.schema):
                            then(snapshot)
                            return
            except FdtuiError as error:
                board.say(str(error), "warning")
            then(None)

        board.run_worker(look(), group="links", exclusive=True, exit_on_error=False)

    def open(self, task: Task) -> None:
        """Show the linked task: on its own board where that is known, else what is told of it here."""
        board = self._board
        _, row = self._here(task)
        if row is None:
            self.link(task)
            return

        def then(other: Snapshot | None) -> None:
            there = found_in(row, other.tasks, other.schema) if other is not None else None
            if other is None or there is None:
                self._show(row)
                return
            board.deck.goal = (other.workflow.id, there.key)
            board.session.open_workflow(other.workflow.id)

        self._with_other_side(row, then)

    def _show(self, row: Row) -> None:
        board = self._board
        uid, title = name_of(row)
        board.open(
            Paper(
                f"{uid} {title}".strip()[:80] or "Linked task",
                lambda width: card_lines(row, width),
                board.look.glyphs,
                answers={},
                closed=board.close,
            )
        )

    def unlink(self, task: Task) -> None:
        """Take the linked task under the cursor out, once the user has said so."""
        relation, row = self._here(task)
        if relation is None or row is None or self._refuses(task):
            return
        from fdtui.tui.tabwork import ask  # noqa: PLC0415 (which imports this)

        def then(other: Snapshot | None) -> None:
            id_field = _id_field(other, row)
            uid, title = name_of(row, id_field)
            intent = LinkTask(
                task.key, relation.name, id_field, uid, linked=False, to_many=relation.to_many
            )
            named = quoted(f"{uid} {title}".strip()[:48])
            ask(
                self._board,
                f"Unlink {named}?",
                "Unlink it",
                lambda: self._board.session.perform(intent),
            )

        self._with_other_side(row, then)

    def link(self, task: Task) -> None:
        """Link another task under the relationship under the cursor, else the first there is."""
        found = relations(task, self._board.state)
        relation = self._here(task)[0] or next(iter(found), None)
        if relation is None:
            self._board.say("No card here shows a link, so it is not known what could be linked.")
        elif not self._refuses(task):
            sample = relation.rows[0] if relation.rows else relation.sample
            self._with_other_side(sample, lambda other: self._choose(task, relation, sample, other))

    def _choose(
        self, task: Task, relation: Relation, sample: Row | None, other: Snapshot | None
    ) -> None:
        board = self._board
        id_field = _id_field(other, sample or {})
        linked = {name_of(row, id_field)[0] for row in relation.rows}
        items = []
        if other is not None:
            title = other.schema.title
            for each in list(other.tasks.values())[:MOST]:
                if each.uid is not None and each.uid not in linked:
                    name = str((each.row.get(title.name) if title else None) or each.uid)
                    items.append(Item(each.uid, name[:200], note=safe(f"{each.uid}  {each.stage}"[:40])))

        def typed(text: str) -> Item | None:
            if any(item.id == text for item in items):
                return None
            return Item(text, f"the task with the {id_field} {text}", sign=("+", "dim"))

        board.open(
            Picker(
                f"Link in {safe(relation.name[:40])}",
                items,
                board.look.glyphs,
                chosen=lambda item: board.session.perform(
                    LinkTask(task.key, relation.name, id_field, item.id, to_many=relation.to_many)
                ),
                closed=board.close,
                free=typed,
                nothing=f"Type the {id_field} of a task.",
            )
        )

    def _refuses(self, task: Task) -> bool:
        reason = why_not_write(self._board.state, task)
        if reason:
            self._board.say(reason, "warning")
        return bool(reason)


def _id_field(other: Snapshot | None, row: Row) -> str:
    """The name of the other side's unique id; where nobody tells, the first field of its tasks."""
    if other is not None and other.schema.unique_id is not None:
        return other.schema.unique_id.name
    return next(iter(row), "ID")

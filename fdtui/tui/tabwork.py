"""What can be done in the tabs of a task: write, tick, link, and look again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fdtui.core.commands import why_not_write
from fdtui.core.details import ChecklistItem, Part, Tick
from fdtui.core.intents import AddChecklistItem, AddComment, Intent, RemoveItem, TickItem
from fdtui.core.safetext import quoted
from fdtui.core.task import Task
from fdtui.sync.history import comment_draft
from fdtui.sync.store import Draft
from fdtui.tui.linkwork import LinkWork
from fdtui.tui.present import initials_of, person_role, title_of
from fdtui.tui.tabs import PARTS, Tab
from fdtui.tui.widgets.picker import Item, Picker
from fdtui.tui.widgets.side import details_of
from fdtui.tui.widgets.writer import Writer

if TYPE_CHECKING:
    from fdtui.tui.screens.board import BoardScreen

OFTEN = 24
"""A comment is kept for a crash whenever it has grown by so many letters."""


class TabWork:
    """Gives a meaning to the keys of the open tab; each change is one intent."""

    def __init__(self, board: BoardScreen) -> None:
        self._board = board
        self._links = LinkWork(board)
        self._asked: tuple[str, Tab] | None = None
        self._shown: tuple[str | None, str | None] | None = None
        self._kept = ""
        self._keys: dict[Tab, dict[str, Callable[[Task], object]]] = {
            Tab.COMMENTS: dict.fromkeys(("enter", "n"), self._write),
            Tab.CHECKLIST: {
                "enter": lambda task: self._tick(task, Tick.COMPLETED),
                "space": lambda task: self._tick(task, Tick.COMPLETED),
                "s": lambda task: self._tick(task, Tick.SKIPPED),
                "r": lambda task: self._tick(task, Tick.BLANK),
                "n": self._add_item,
                "d": self._delete_item,
                "a": self._toggle_all,
            },
            Tab.LINKS: {
                "enter": self._links.open,
                "n": self._links.link,
                "d": self._links.unlink,
            },
            Tab.ACTIVITY: {"enter": lambda _: None},
        }

    def press(self, name: str) -> bool:
        """Do what the key means in the open tab; false if it means nothing there."""
        work = self._keys.get(self._board.side.tab, {}).get(name)
        task = self._board.current
        if work is None or task is None:
            return False
        work(task)
        return True

    def open(self, tab: Tab) -> None:
        """Show a tab of the task and give it the keys; once more: back to the fields."""
        board = self._board
        again = board.has_detail and board.pane == "detail" and board.side.tab is tab
        if again and tab is Tab.COMMENTS and board.current is not None:
            self._write(board.current)
            return
        board.has_detail, board.pane = True, "detail"
        board.side.open(Tab.FIELDS if again else tab)
        self._asked = None
        if board.current is not None:
            self.count(board.current)
        board.draw()

    def turn(self, step: int) -> None:
        """Show the tab beside the open one."""
        board = self._board
        if not board.has_detail:
            board.open_detail()
        board.side.turn(step)
        self._asked = None
        board.draw()

    def follow(self) -> None:
        """Fetch what the open tab shows of the task under the cursor, once each time it comes there."""
        board, side = self._board, self._board.side
        task = board.current
        if task is None:
            return
        now = (task.key, board.state.refused.get(task.key))
        if now != self._shown:
            self._shown, side.unsent = now, self._draft(task)
        part = PARTS.get(side.tab)
        if part is not None and self._asked != (task.key, side.tab):
            self._asked = (task.key, side.tab)
            board.session.look(task.key, part)

    def look_again(self) -> None:
        """Ask the server for the open tab anew."""
        self._asked = None
        self.follow()

    def count(self, task: Task) -> None:
        """Fetch what the names of the tabs tell in numbers."""
        self._board.session.look(task.key, Part.COMMENTS, Part.CHECKLIST)

    def _do(self, task: Task, intent: Intent) -> None:
        reason = why_not_write(self._board.state, task)
        if reason:
            self._board.say(reason, "warning")
        else:
            self._board.session.perform(intent)

    # Comments

    def _draft(self, task: Task) -> str:
        workflow = self._board.state.workflow
        found = None
        if workflow is not None:
            found = self._board.session.drafts.load(workflow.id, comment_draft(task.key))
        return dict(found.texts).get("body", "") if found is not None else ""

    def _keep(self, task: Task, text: str) -> None:
        board, workflow = self._board, self._board.state.workflow
        if workflow is None:
            return
        about = comment_draft(task.key)
        if text.strip():
            board.session.drafts.save(
                Draft(workflow.id, about, (("body", text),), board.now.timestamp())
            )
        else:
            board.session.drafts.drop(workflow.id, about)
        board.side.unsent = self._kept = text

    def _write(self, task: Task, text: str | None = None, caret: int | None = None) -> None:
        board = self._board
        reason = why_not_write(board.state, task)
        if reason:
            board.say(reason, "warning")
            return
        text = self._kept = self._draft(task) if text is None else text
        # The task is fixed here: the cursor may stand elsewhere by the time it is sent.

        def sent(body: str) -> None:
            board.close()
            self._keep(task, "")
            board.session.perform(AddComment(task.key, body))
            board.draw()

        def left(body: str) -> None:
            board.close()
            self._keep(task, body)
            if body.strip():
                board.say("Kept; enter takes it up again.")
            board.draw()

        def changed(body: str) -> None:
            if abs(len(body) - len(self._kept)) >= OFTEN:
                self._keep(task, body)

        writer = Writer(
            f"Comment on {quoted(title_of(task, board.deck.plan)[:60])}",
            text,
            board.look.glyphs,
            sent=sent,
            left=left,
            mention=(lambda it: self._mention(task, it)) if board.state.schema.people else None,
            changed=changed,
        )
        if caret is not None:
            writer.buffer.caret = caret
        board.open(writer)

    def _mention(self, task: Task, writer: Writer) -> None:
        board, text, at = self._board, writer.buffer.text, writer.buffer.caret
        self._keep(task, text)
        people = sorted(board.state.schema.people, key=lambda each: each.name.casefold())
        items = [
            Item(
                each.name, each.name, note=each.email, sign=(initials_of(each), person_role(each.email))
            )
            for each in people
        ]

        def chosen(item: Item) -> None:
            name = f"{item.id} "
            self._write(task, text[:at] + name + text[at:], at + len(name))

        board.open(
            Picker(
                "Mention",
                items,
                board.look.glyphs,
                chosen=chosen,
                closed=lambda: self._write(task, text, at),
            )
        )

    # Checklist

    def _item(self, task: Task) -> ChecklistItem | None:
        items = details_of(self._board.state, task).checklist or ()
        key = self._board.side.aside.key
        item = next((each for each in items if each.id == key and key), None)
        if item is None:
            self._board.say("No item is under the cursor.")
        return item

    def _tick(self, task: Task, status: Tick) -> None:
        item = self._item(task)
        if item is None:
            return
        was = Tick(item.status) if item.status in set(Tick) else None
        if was is status:
            status = Tick.BLANK
        if was is not status:
            self._do(task, TickItem(task.key, item.id, status, was))

    def _add_item(self, task: Task) -> None:
        board = self._board
        reason = why_not_write(board.state, task)
        if reason:
            board.say(reason, "warning")
            return

        def sent(text: str) -> None:
            board.close()
            self._do(task, AddChecklistItem(task.key, " ".join(text.split()), task.stage))

        board.open(
            Writer(
                f"To do in {quoted(task.stage)}",
                "",
                board.look.glyphs,
                sent=sent,
                left=lambda _: board.close(),
            )
        )

    def _delete_item(self, task: Task) -> None:
        item = self._item(task)
        if item is None:
            return
        if not item.editable:
            self._board.say(
                "This item comes from the stage's checklist: it can be skipped, not deleted."
            )
            return
        ask(
            self._board,
            f"Delete {quoted(item.title[:40])}?",
            "Delete it",
            lambda: self._do(task, RemoveItem(task.key, item.id)),
        )

    def _toggle_all(self, _: Task) -> None:
        self._board.side.everything = not self._board.side.everything
        self._board.draw()


def ask(board: BoardScreen, question: str, answer: str, then: Callable[[], object]) -> None:
    """Do something only once the user has said so."""
    items = [
        Item("no", "Leave it as it is", note="n", letter="n"),
        Item("yes", answer, note="y", letter="y"),
    ]
    board.open(
        Picker(
            question,
            items,
            board.look.glyphs,
            chosen=lambda item: then() if item.id == "yes" else None,
            closed=board.close,
            searchable=False,
        )
    )

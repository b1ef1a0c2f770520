"""Triage: one task after the other, large, each decided with one key while what was decided runs on."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from fdtui.core.commands import BY_ID, Group
from fdtui.core.details import Part
from fdtui.core.errors import FdtuiError
from fdtui.core.intents import AddComment
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.tui.actionrow import DIGITS
from fdtui.tui.cards import Cards
from fdtui.tui.widgets.picker import Item, Picker
from fdtui.tui.widgets.prompt import Prompt
from fdtui.tui.widgets.triageview import Face, TriageView

if TYPE_CHECKING:
    from fdtui.tui.screens.board import BoardScreen

AHEAD = 2
"""Tasks whose actions and comments are fetched before anybody sees them."""
NOT_HERE = frozenset({"task.open", "task.select", "task.select-column"})
HERE = frozenset({"board.undo", "board.redo", "board.refresh", "board.stop", "board.results"})


class Triage:
    """Walks through the cards that the board shows, in its order, from the cursor on."""

    def __init__(self, board: BoardScreen) -> None:
        self._board = board
        self._view: TriageView | None = None
        self._cards = Cards((), 0)
        self._commented: dict[str, Task] = {}

    @property
    def task(self) -> Task | None:
        """The task on the screen."""
        key = self._cards.key
        return self._board.state.shown.get(key) if key is not None else None

    def start(self) -> None:
        """Fill the screen with the task under the cursor."""
        board = self._board
        state, deck, current = board.state, board.deck, board.current
        if state.workflow is None:
            return
        asleep = board.session.snoozes.asleep(state.workflow.id, board.clock())
        shown = [column for column in deck.columns if column.stage.name not in deck.folded]
        keys = [t.key for column in shown for t in column.tasks if t.key not in asleep]
        if not keys:
            board.say("The board shows no card to go through.", "warning")
            return
        at = keys.index(current.key) if current is not None and current.key in keys else 0
        self._cards = Cards(tuple(keys), at)
        self._commented.clear()
        board.pane = "triage"
        if self._view is None:
            self._view = TriageView(board.look.glyphs)
            board.mount(self._view, before=board.message)
        self._view.display = True
        board.draw()
        self._look()

    def leave(self) -> None:
        """Back to the board, with the cursor on the card that was on the screen."""
        board, key = self._board, self._cards.key
        board.pane = "board"
        if self._view is not None:
            self._view.display = False
        if key is None or not board.work.go_to(key):
            board.draw()
        board.work.reopen()

    def take(self, before: State, state: State) -> None:
        """Leave where another workflow came; ask again where the task changed."""
        if state.workflow != before.workflow:
            self.leave()
        elif state.base is not before.base:
            self._look()

    def draw(self) -> None:
        """Draw the task that it is the turn of."""
        board, task = self._board, self.task
        if self._view is not None:
            role = board.deck.role_of(task.stage) if task is not None else "dim"
            face = Face(task, board.state, board.deck.plan, role, board.today, self._cards)
            self._view.show(face)

    def press(self, name: str) -> bool:
        """Decide, or go on; false for a key that means what it means on the board."""
        task = self.task
        if name in {"space", "n"}:
            self._go(1, "skipped")
        elif name == "p":
            self._go(-1)
        elif task is None:
            return False
        elif len(name) == 1 and name in DIGITS:
            self._decide(task, name)
        elif name == "s":
            self._snooze(task)
        elif name == "c":
            self._comment(task)
        else:
            return False
        return True

    def takes(self, command: str, count: int | None) -> bool:
        """Do a command of the board here; false where it can do so itself."""
        view = self._view
        half = max(1, view.size.height // 2) if view is not None else 1
        n = count or 1
        walks = {"cursor.down": n, "cursor.up": -n, "column.next": n, "column.previous": -n}
        scrolls = {
            "cursor.half-down": half * n, "cursor.half-up": -half * n,
            "cursor.top": -(10**6), "cursor.bottom": 10**6,
        }  # fmt: skip
        if command in walks:
            self._go(walks[command], "skipped" if walks[command] > 0 else "")
        elif command in scrolls and view is not None:
            view.scroll_by(scrolls[command])
        elif command in {"app.cancel", "app.back", "triage.start"}:
            self.leave()
        elif command in HERE or (
            BY_ID[command].group in {Group.CARD, Group.ANYWHERE} and command not in NOT_HERE
        ):
            return False
        else:
            self._board.say("That is for the board; q leaves the triage.")
        return True

    def _go(self, step: int, what: str = "") -> None:
        """To another card: the next frame shows it, whatever is still to be fetched."""
        self._cards = self._cards.gone(step, what, self._board.state.shown)
        self.draw()
        self._look()

    def _decide(self, task: Task, digit: str) -> None:
        actions = self._board.work.actions

        def now(task: Task) -> None:
            if not actions.press(task, digit, lambda: self._go(1, "decided")):
                self._board.say(f"There is no action {digit} for this task.", "warning")

        if actions.is_known(task):
            now(task)
        else:
            actions.when_known(task, now)

    def _look(self) -> None:
        """Fetch what the next cards show, and what this one lacks first of all."""
        board, shown = self._board, self._board.state.shown
        for key in reversed(self._cards.coming(AHEAD + 1)):  # the session asks for the last first
            task = shown.get(key)
            if task is None or task.uid is None:
                continue
            board.work.actions.look(task)
            if self._commented.get(key) is not task:
                self._commented[key] = task
                board.session.look(key, Part.COMMENTS)

    def _snooze(self, task: Task) -> None:
        board = self._board
        now = datetime.fromtimestamp(board.clock())
        morning = now.replace(hour=8, minute=0, second=0, microsecond=0)
        times = {
            "hour": ("For an hour", now + timedelta(hours=1), "h"),
            "tomorrow": ("Until tomorrow at 8", morning + timedelta(days=1), "t"),
            "week": ("Until Monday at 8", morning + timedelta(days=7 - now.weekday()), "w"),
        }

        def chosen(item: Item) -> None:
            until = times[item.id][1]
            try:
                workflow = board.state.workflow
                if workflow is not None:
                    board.session.snoozes.put(workflow.id, task.key, until.timestamp())
            except FdtuiError as error:
                board.say(str(error), "error")
                return
            board.say(f"It sleeps until {until:%a %d %b, %H:%M}, here on this machine.")
            self._go(1, "snoozed")

        items = [
            Item(key, f"{words}", note=letter, letter=letter)
            for key, (words, _, letter) in times.items()
        ]
        title = f"Snooze {board.work.actions.named(task)}"
        picker = Picker(
            title, items, board.look.glyphs, chosen=chosen, closed=board.close, searchable=False
        )
        board.open(picker)

    def _comment(self, task: Task) -> None:
        board = self._board
        board.open(
            Prompt(
                f"Comment on {board.work.actions.named(task)}",
                board.look.glyphs,
                done=lambda text: board.session.perform(AddComment(task.key, text)),
                closed=board.close,
            )
        )

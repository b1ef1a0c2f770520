"""Triage: one task after the other, large, each decided with one key while what was decided runs on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Protocol

from fdtui.core.board import Column
from fdtui.core.commands import BY_ID, Group
from fdtui.core.details import Part
from fdtui.core.errors import FdtuiError
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.tui.focus import Handler, Hints, declared_hints
from fdtui.tui.host import Host
from fdtui.tui.presentation.cards import CardPlan
from fdtui.tui.toolkit.picker import Item, Picker
from fdtui.tui.triage.page import TriageFace, TriageKeys
from fdtui.tui.triage.queue import TriageQueue
from fdtui.tui.triage.view import TriageView

FETCHED_AHEAD = 2
"""Tasks whose actions and comments are fetched before they are shown."""
LEAVES = ("triage.leave", "app.cancel", "app.back", "triage.start")
WHOLE_TEXT = 10**6
"""Lines to scroll by for the end of any text."""
MEANINGS = {
    "cursor.down": "Skip to the next task.",
    "cursor.up": "Go to the task before.",
    "column.next": "Skip to the next task.",
    "column.previous": "Go to the task before.",
    "cursor.half-down": "Read on in a long task.",
    "cursor.half-up": "Read back in a long task.",
    "cursor.top": "To the beginning of a long task.",
    "cursor.bottom": "To the end of a long task.",
    "task.move-next": "Move the task one stage to the right.",
}
"""What the board's commands do here, for the help."""
ALSO_HERE: Hints = (
    ("task.assign-me", "to me"), ("board.undo", "undo"), ("task.fix", "fix requirement"),
    ("app.help", "help"),
)  # fmt: skip
"""Commands of the board that the footer names, too."""
NOT_HERE = frozenset({"task.open", "task.select", "task.select-column"})
BOARD_COMMANDS = frozenset({"board.undo", "board.redo", "board.refresh", "board.stop", "board.results"})


class Cards(Protocol):
    """The cards of the board, and how they look."""

    folded: set[str]
    columns: tuple[Column, ...]

    @property
    def plan(self) -> CardPlan:
        """Which fields stand where on them."""
        ...

    def role_of(self, stage: str) -> str:
        """The role of a stage's colour."""
        ...


class RunsActions(Protocol):
    """What triage does with the actions of a task."""

    def look(self, task: Task | None) -> None:
        """Fetch them, where they are not known as the task is now."""
        ...

    async def decide(self, task: Task, at: int) -> bool:
        """Run the one at that place; whether it was started."""
        ...


class Triage:
    """Walks through the cards that the board shows, in its order, from the cursor on.

    ``comment`` opens a comment on a task, ``mount`` lays the view over the board's body, ``walked``
    hears that the user goes to another card, and ``left`` that triage has been left.
    """

    def __init__(
        self,
        host: Host,
        cards: Cards,
        actions: RunsActions,
        *,
        comment: Callable[[Task], object],
        mount: Callable[[TriageView], object],
        walked: Callable[[], object],
        left: Callable[[], object],
    ) -> None:
        self._host, self._cards, self._actions = host, cards, actions
        self._write_comment, self._mount = comment, mount
        self._walked, self._left = walked, left
        self._view: TriageView | None = None
        self._queue = TriageQueue((), 0)
        self._since = 0.0
        """When the card came on the screen, by the wall clock."""
        self._commented: dict[str, Task] = {}

    @property
    def task(self) -> Task | None:
        """The task on the screen."""
        key = self._queue.key
        return self._host.state.shown.get(key) if key is not None else None

    def start(self) -> None:
        """Fill the screen with the task under the cursor."""
        host, current = self._host, self._host.current
        if host.state.workflow is None:
            return
        keys = self._keys(host.state.workflow.id)
        if not keys:
            host.notify("The board shows no card to go through.", "warning")
            return
        at = keys.index(current.key) if current is not None and current.key in keys else 0
        self._queue = TriageQueue(tuple(keys), at)
        self._commented.clear()
        self._since = host.now.timestamp()
        host.focus.push(self)
        if self._view is None:
            self._view = TriageView()
            self._mount(self._view)
        self._view.display = True
        host.draw()
        self._look()

    def _keys(self, workflow: str) -> Sequence[str]:
        """The cards that are to be seen and not snoozed, in the board's order."""
        cards, now = self._cards, self._host.now.timestamp()
        asleep = self._host.session.snoozes.asleep(workflow, now)
        shown = [column for column in cards.columns if column.stage.name not in cards.folded]
        return [key for column in shown for key in column.tasks.task_keys() if key not in asleep]

    def leave(self) -> None:
        """Back to the board, with the cursor on the card that was on the screen."""
        host, key = self._host, self._queue.key
        host.focus.pop(self)
        if self._view is not None:
            self._view.display = False
        if key is None or not host.go_to(key):
            host.draw()
        self._left()

    def on_state(self, before: State, state: State) -> None:
        """Leave where another workflow came; ask again where the task changed."""
        if state.workflow != before.workflow:
            self.leave()
        elif state.base is not before.base:
            self._look()

    def draw(self) -> None:
        """Draw the task that it is the turn of."""
        host, task, cards = self._host, self.task, self._cards
        if self._view is not None:
            role = cards.role_of(task.stage) if task is not None else "dim"
            keys = self._keys_named()
            face = TriageFace(task, host.state, cards.plan, role, host.now, self._queue, keys)
            self._view.show(face)

    def _keys_named(self) -> TriageKeys:
        ids = ("triage.skip", "triage.leave", "triage.back", "triage.comment", "runs.toggle")
        return TriageKeys(*map(self._host.key_of, ids))

    # The layer with the keys

    scopes = ("triage",)
    meanings = MEANINGS
    is_modal = False
    is_typing = False

    def bindings(self) -> Mapping[str, Handler]:
        """What can be done with the task on the screen, or with the next."""
        view, task = self._view, self.task
        half = max(1, view.size.height // 2) if view is not None else 1
        keys: dict[str, Handler] = {
            "triage.skip": lambda _: self._go(1, "skipped"),
            "triage.back": lambda _: self._go(-1),
            "cursor.down": lambda n: self._go(n or 1, "skipped"),
            "cursor.up": lambda n: self._go(-(n or 1)),
            "column.next": lambda n: self._go(n or 1, "skipped"),
            "column.previous": lambda n: self._go(-(n or 1)),
            **dict.fromkeys(LEAVES, lambda _: self.leave()),
        }
        if view is not None:
            scroll = view.scroll_by
            keys |= {
                "cursor.half-down": lambda n: scroll(half * (n or 1)),
                "cursor.half-up": lambda n: scroll(-half * (n or 1)),
                "cursor.top": lambda _: scroll(-WHOLE_TEXT),
                "cursor.bottom": lambda _: scroll(WHOLE_TEXT),
            }
        keys |= {f"triage.run-{at + 1}": partial(self._decide, task, at) for at in range(9)}
        keys["triage.snooze"] = lambda _: self._snooze(task)
        keys["triage.comment"] = lambda _: self._comment(task)
        return keys

    def refuses(self, command: str) -> str:
        """What is for the board alone."""
        known = BY_ID[command]
        is_own = known.scope == "triage" or command in self.bindings() or command in BOARD_COMMANDS
        if is_own or (known.group in {Group.CARD, Group.ANYWHERE} and command not in NOT_HERE):
            return ""
        key = self._host.key_of("triage.leave")
        return "Not available here." + (f" {key} leaves triage." if key else "")

    def type(self, name: str, character: str | None) -> bool:
        """No other key means anything here."""
        return False

    def footer(self) -> Hints:
        """The decisions, and what helps with one."""
        return (*declared_hints("triage"), *ALSO_HERE)

    def _go(self, step: int, what: str = "") -> None:
        """To another card: the next frame shows it, whatever is still to be fetched."""
        self._walked()
        now = self._host.now.timestamp()
        took, self._since = now - self._since, now
        self._queue = self._queue.gone(step, what, self._host.state.shown, took)
        self.draw()
        self._look()

    def _decide(self, task: Task | None, at: int, _: int | None) -> None:
        if task is not None:
            self._host.run(self._decided(task, at))

    async def _decided(self, task: Task, at: int) -> None:
        if await self._actions.decide(task, at) and self._queue.key == task.key:
            self._go(1, "decided")

    def _look(self) -> None:
        """Fetch what the next cards show, and what this one lacks first of all."""
        shown = self._host.state.shown
        for key in reversed(
            self._queue.coming(FETCHED_AHEAD + 1)
        ):  # the session asks for the last first
            task = shown.get(key)
            if task is None or task.uid is None:
                continue
            self._actions.look(task)
            if self._commented.get(key) is not task:
                self._commented[key] = task
                self._host.session.fetch_details(key, Part.COMMENTS)

    def _comment(self, task: Task | None) -> None:
        if task is not None:
            self._write_comment(task)

    def _snooze(self, task: Task | None) -> None:
        if task is not None:
            self._host.run(self._snoozed(task))

    async def _snoozed(self, task: Task) -> None:
        host, now = self._host, self._host.now.replace(tzinfo=None)
        morning = now.replace(hour=8, minute=0, second=0, microsecond=0)
        times = {
            "h": ("For an hour", now + timedelta(hours=1)),
            "t": ("Until tomorrow at 8", morning + timedelta(days=1)),
            "w": ("Until Monday at 8", morning + timedelta(days=7 - now.weekday())),
        }
        items = [Item(key, words, note=key, letter=key) for key, (words, _) in times.items()]
        title, glyphs = f"Snooze {host.label(task, 40)}", host.look.glyphs
        chosen = await host.ask(Picker(title, items, glyphs, searchable=False, reversible=True))
        workflow = host.state.workflow
        if chosen is None or workflow is None:
            return
        until = times[chosen.id][1]
        try:
            host.session.snoozes.put(workflow.id, task.key, until.timestamp())
        except FdtuiError as error:
            host.notify(str(error), "error")
            return
        host.notify(f"Snoozed until {until:%a %d %b, %H:%M} on this machine.")
        if self._queue.key == task.key:
            self._go(1, "snoozed")

"""What is chosen from a list that lies over the board. Imported when the first is opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from fdtui.core.commands import COMMANDS, why_not
from fdtui.core.intents import AssignTask, MoveTask
from fdtui.core.safetext import quoted, safe
from fdtui.core.schema import Person
from fdtui.core.task import Task
from fdtui.tui import browser, clipboard
from fdtui.tui.present import initials_of, person_role, title_of
from fdtui.tui.widgets.filter import FilterBar
from fdtui.tui.widgets.footer import key_label
from fdtui.tui.widgets.help import Help
from fdtui.tui.widgets.picker import Item, Picker

if TYPE_CHECKING:
    from fdtui.tui.screens.board import BoardScreen


class Choices:
    """Opens lists and the like on one board, and does what is chosen."""

    def __init__(self, board: BoardScreen) -> None:
        self._board = board

    def stage(self, task: Task) -> None:
        """Which stage the task goes to."""
        session = self._board.session
        self._stage(
            self._named(task), task.stage, lambda stage: session.perform(MoveTask(task.key, stage))
        )

    def stage_of_many(self, tasks: Sequence[Task], chosen: Callable[[str], object]) -> None:
        """Which stage these tasks go to."""
        here = {task.stage for task in tasks}
        self._stage(_many(tasks), here.pop() if len(here) == 1 else None, chosen)

    def _stage(self, named: str, now: str | None, chosen: Callable[[str], object]) -> None:
        board = self._board
        stages = board.state.schema.stages
        if not stages:
            board.say("This workflow has no stages to move to.", "warning")
            return
        dot = board.look.glyphs.dot
        items = [
            Item(
                each.name,
                each.name,
                note="here" if each.name == now else "end" if each.end else "",
                sign=(dot, board.deck.role_of(each.name)),
            )
            for each in stages
        ]
        here = next((at for at, each in enumerate(stages) if each.name == now), -1)
        self._open(
            f"Move {named} to",
            items,
            lambda item: chosen(item.id),
            start=min(here + 1, len(items) - 1),
        )

    def person(self, task: Task) -> None:
        """Who has the task from now on; where people are only guessed, any e-mail can be typed."""
        session = self._board.session
        self._person(
            self._named(task),
            task.assignee,
            lambda email: session.perform(AssignTask(task.key, email)),
        )

    def person_of_many(self, tasks: Sequence[Task], chosen: Callable[[str | None], object]) -> None:
        """Who has these tasks from now on."""
        now = {task.assignee for task in tasks}
        self._person(_many(tasks), now.pop() if len(now) == 1 else None, chosen)

    def _person(self, named: str, now: str | None, chosen: Callable[[str | None], object]) -> None:
        board = self._board
        people = sorted(board.state.schema.people, key=lambda each: each.name.casefold())
        nobody = Item("", "nobody", sign=(board.look.glyphs.dash, "dim"))
        items = [nobody, *(_person_item(each, now) for each in people)]
        guessed = "people" in board.state.schema.inferred

        def typed(text: str) -> Item | None:
            known = any(each.email == text for each in people)
            if not guessed or known or "@" not in text.strip("@") or " " in text:
                return None
            return Item(text, f"somebody else: {text}", sign=("+", "dim"))

        at = next((at for at, item in enumerate(items) if item.id == now), 0)
        self._open(
            f"Assign {named} to",
            items,
            lambda item: chosen(item.id or None),
            start=at,
            free=typed,
            nothing="Nobody of that name." + (" Type an e-mail." if guessed else ""),
        )

    def text_to_copy(self, task: Task) -> None:
        """What of the task goes into the clipboard."""
        texts = {
            "uid": ("Unique id", task.uid or ""),
            "title": ("Title", title_of(task, self._board.deck.plan)),
            "url": ("Address", task.url),
            "json": ("The whole task as JSON", clipboard.task_json(task)),
        }
        items = [
            Item(
                each,
                name,
                note="" if each == "json" else safe(text[:28]),
                why_not="" if text else "The task has none.",
            )
            for each, (name, text) in texts.items()
        ]
        self._open("Copy", items, lambda item: self._copy(*texts[item.id]))

    def _copy(self, name: str, text: str) -> None:
        self._board.say(*clipboard.copy(self._board.app, name, text))

    def open_url(self, task: Task) -> None:
        """Open the task's page; where there is no browser, copy its address and say so."""
        opener = browser.opener()
        if opener is None:
            self._copy("There is no browser here, so the address was", task.url)
            return
        browser.open_with(opener, task.url)
        self._board.say("Opened in the browser.")

    def workflow(self) -> None:
        """Which workflow is on the board."""
        board = self._board
        current, flows = board.state.workflow, board.state.workflows
        if not flows:
            board.say("No list of workflows has arrived yet.", "warning")
            return
        open_id = current.id if current else None
        items = [Item(each.id, each.name, note="open" if each.id == open_id else "") for each in flows]
        at = next((at for at, each in enumerate(flows) if each.id == open_id), 0)
        self._open("Workflow", items, lambda item: board.session.open_workflow(item.id), start=at)

    def command(self) -> None:
        """Which command to give: all of them, with their keys; those that cannot be given say why."""
        board = self._board
        items = [
            Item(
                each.id,
                each.title,
                note="  ".join(key_label(keys) for keys in board.keymap.keys_of(each.id)),
                words=each.id,
                why_not=why_not(board.state, each.id, board.current),
            )
            for each in COMMANDS
            if each.id in board.handlers.commands and each.id != "app.palette"
        ]
        self._open("Commands", items, lambda item: board.handlers.give(item.id))

    def filter(self) -> None:
        """Which words a card must hold to be shown."""
        board = self._board
        board.open(
            FilterBar(
                board.deck.view.filter, board.look.glyphs, changed=board.filter, closed=board.close
            )
        )

    def help(self) -> None:
        """No choice, but over the board like one: the help for where one is."""
        board = self._board
        board.open(Help(board.keymap, board.pane, board.look.glyphs, closed=board.close))

    def how_to_quit(self, count: int) -> None:
        """What becomes of changes that are not sent yet."""
        items = [
            Item("wait", "Wait until all is done, then quit", note="w", letter="w"),
            Item("quit", "Quit anyway", note="q", letter="q"),
            Item("stay", "Stay", note="s", letter="s"),
        ]
        files = sum(not each.is_over for each in self._board.state.transfers)
        told = [f"{files} {'file' if files == 1 else 'files'} on the way"] if files else []
        if changes := max(0, count - files):
            told.insert(0, f"{changes} change{'' if changes == 1 else 's'} not sent yet")
        self._open(", ".join(told), items, lambda item: self._quit(item.id), searchable=False)

    def _quit(self, choice: str) -> None:
        if choice == "quit":
            self._board.app.exit()
        elif choice == "wait":
            self._board.say("Quitting as soon as everything is sent.")
            wait = self._leave_when_idle()
            self._board.run_worker(wait, group="quit", exclusive=True, exit_on_error=False)

    async def _leave_when_idle(self) -> None:
        await self._board.session.idle()
        self._board.app.exit()

    def _open(
        self,
        title: str,
        items: list[Item],
        chosen: Callable[[Item], object],
        *,
        start: int = 0,
        searchable: bool = True,
        free: Callable[[str], Item | None] | None = None,
        nothing: str = "Nothing fits.",
    ) -> None:
        board = self._board
        picker = Picker(
            title,
            items,
            board.look.glyphs,
            chosen=chosen,
            closed=board.close,
            start=start,
            searchable=searchable,
            free=free,
            nothing=nothing,
        )
        board.open(picker)

    def _named(self, task: Task) -> str:
        return quoted(title_of(task, self._board.deck.plan)[:32])


def _many(tasks: Sequence[Task]) -> str:
    return f"{len(tasks)} task{'' if len(tasks) == 1 else 's'}"


def _person_item(person: Person, now: str | None) -> Item:
    note = person.email if person.name != person.email else ""
    if now == person.email:
        note = f"has it  {note}".strip()
    sign = (initials_of(person), person_role(person.email))
    return Item(person.email, person.name, note=note, sign=sign)

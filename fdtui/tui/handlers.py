"""What each command does on the board: one table from command id to method."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fdtui.core.board import neighbour
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

NOBODY = Item("", "nobody", sign=("—", "dim"))
NO_ME = "Who you are is not known: set `user` in the configuration, or FDTUI_USER, to your e-mail."


class Handlers:
    """Does what commands say, on one board."""

    def __init__(self, board: BoardScreen) -> None:
        self._board = board
        self._table: dict[str, Callable[[int | None], None]] = {
            "cursor.down": lambda n: self._vertical(n or 1),
            "cursor.up": lambda n: self._vertical(-(n or 1)),
            "cursor.half-down": lambda n: self._vertical((n or 1) * self._half()),
            "cursor.half-up": lambda n: self._vertical(-(n or 1) * self._half()),
            "cursor.top": lambda n: self._jump(n - 1 if n else 0),
            "cursor.bottom": lambda n: self._jump(n - 1 if n else 10**9),
            "column.previous": lambda n: self._horizontal(-(n or 1)),
            "column.next": lambda n: self._horizontal(n or 1),
            "column.first": lambda _: self._horizontal(-(10**6)),
            "column.last": lambda _: self._horizontal(10**6),
            "pane.next": lambda _: board.next_pane(),
            "task.open": lambda _: board.open_detail(),
            "task.move": lambda _: self._pick_stage(),
            "task.move-previous": lambda _: self._step_stage(-1),
            "task.move-next": lambda _: self._step_stage(1),
            "task.assign": lambda _: self._pick_person(),
            "task.assign-me": lambda _: self._assign_me(),
            "task.copy": lambda _: self._pick_copy(),
            "task.open-url": lambda _: self._open_url(),
            "board.filter": lambda _: self._filter(),
            "board.collapse": lambda _: board.toggle_fold(),
            "board.toggle-end": lambda _: self._toggle_end(),
            "board.switch-workflow": lambda _: self._pick_workflow(),
            "board.refresh": lambda _: self._refresh(),
            "app.help": lambda _: self._help(),
            "app.palette": lambda _: self._palette(),
            "app.theme": lambda _: self._theme(),
            "app.cancel": lambda _: self._cancel(),
            "app.back": lambda _: self._back(),
        }

    @property
    def commands(self) -> frozenset[str]:
        """The commands that are built; a test holds them against the registry."""
        return frozenset(self._table)

    def give(self, command: str, count: int | None = None) -> None:
        """Do it, or say why it cannot be done now."""
        reason = why_not(self._board.state, command, self._board.current)
        if reason:
            self._board.say(reason, "warning")
            return
        handler = self._table.get(command)
        if handler is not None:
            handler(count)

    # Moving

    def _half(self) -> int:
        board = self._board
        if board.pane == "detail":
            return max(1, board.detail.size.height // 2)
        return max(1, board.lane(board.column).room // 2) if board.column else 1

    def _vertical(self, step: int) -> None:
        if self._board.pane == "detail":
            self._board.detail.scroll_by(step)
        else:
            self._board.move_cursor(step)

    def _jump(self, place: int) -> None:
        if self._board.pane == "detail":
            self._board.detail.jump_to(place)
        else:
            self._board.go(place)

    def _horizontal(self, step: int) -> None:
        self._board.move_column(step)

    # One card

    def _task(self) -> Task:
        task = self._board.current
        assert task is not None, "why_not has seen to it"
        return task

    def _pick_stage(self) -> None:
        board, task = self._board, self._task()
        stages = board.state.schema.stages
        if not stages:
            board.say("This workflow has no stages to move to.", "warning")
            return
        dot = board.look.glyphs.dot
        items = [
            Item(
                each.name,
                each.name,
                note="here" if each.name == task.stage else "end" if each.end else "",
                sign=(dot, board.role_of(each.name)),
            )
            for each in stages
        ]
        here = next((at for at, each in enumerate(stages) if each.name == task.stage), -1)
        self._pick(
            f"Move {self._named(task)} to",
            items,
            lambda item: board.session.perform(MoveTask(task.key, item.id)),
            start=min(here + 1, len(items) - 1),
        )

    def _step_stage(self, step: int) -> None:
        board, task = self._board, self._task()
        stage = neighbour(board.state, task.stage, step)
        if stage is not None:
            board.session.perform(MoveTask(task.key, stage))
        elif board.state.schema.stage(task.stage) is None:
            board.say(f"{quoted(task.stage)} is no stage of this workflow; m chooses one.", "warning")
        else:
            end = "last" if step > 0 else "first"
            board.say(f"{quoted(task.stage)} is the {end} stage.")

    def _pick_person(self) -> None:
        board, task = self._board, self._task()
        people = sorted(board.state.schema.people, key=lambda each: each.name.casefold())
        items = [NOBODY, *(self._person_item(each, task) for each in people)]
        guessed = "people" in board.state.schema.inferred

        def typed(text: str) -> Item | None:
            known = any(each.email == text for each in people)
            if not guessed or known or "@" not in text.strip("@") or " " in text:
                return None
            return Item(text, f"somebody else: {text}", sign=("+", "dim"))

        at = next((at for at, item in enumerate(items) if item.id == task.assignee), 0)
        self._pick(
            f"Assign {self._named(task)} to",
            items,
            lambda item: board.session.perform(AssignTask(task.key, item.id or None)),
            start=at,
            free=typed,
            nothing="Nobody of that name." + (" Type an e-mail." if guessed else ""),
        )

    @staticmethod
    def _person_item(person: Person, task: Task) -> Item:
        note = person.email if person.name != person.email else ""
        sign = (initials_of(person), person_role(person.email))
        if task.assignee == person.email:
            note = f"has it  {note}".strip()
        return Item(person.email, person.name, note=note, sign=sign)

    def _assign_me(self) -> None:
        board, task, me = self._board, self._task(), self._board.state.me
        if me is None:
            board.say(NO_ME, "warning")
            return
        board.session.perform(AssignTask(task.key, None if task.assignee == me else me))

    def _pick_copy(self) -> None:
        task, plan = self._task(), self._board.card_plan
        texts = {
            "uid": ("Unique id", task.uid or ""),
            "title": ("Title", title_of(task, plan)),
            "url": ("Address", task.url),
            "json": ("The whole task as JSON", clipboard.task_json(task)),
        }
        items = [
            Item(id_, name, note=safe(text[:24]), why_not="" if text else "The task has none.")
            for id_, (name, text) in texts.items()
        ]
        self._pick("Copy", items, lambda item: self.copy(texts[item.id][0], texts[item.id][1]))

    def copy(self, name: str, text: str) -> None:
        """Put ``text`` into the terminal's clipboard and say so."""
        app = self._board.app
        self._board.say(*clipboard.copy(app, name, text))

    def _open_url(self) -> None:
        url = self._task().url
        opener = browser.opener()
        if opener is None:
            self.copy("There is no browser here; the address", url)
            return
        browser.open_with(opener, url)
        self._board.say("Opened in the browser.")

    # The board

    def _filter(self) -> None:
        board = self._board
        board.open(
            FilterBar(board.view.filter, board.look.glyphs, changed=board.set_filter, closed=board.close)
        )

    def _toggle_end(self) -> None:
        board = self._board
        if not board.view.hide_end and not any(each.end for each in board.state.schema.stages):
            board.say("No stage of this workflow is known to be an end stage.")
            return
        board.toggle_end()

    def _pick_workflow(self) -> None:
        board, current = self._board, self._board.state.workflow
        flows = board.state.workflows
        if not flows:
            board.say("No list of workflows has arrived yet.", "warning")
            return
        items = [
            Item(each.id, each.name, note="open" if current and each.id == current.id else "")
            for each in flows
        ]
        at = next((at for at, each in enumerate(flows) if current and each.id == current.id), 0)
        self._pick("Workflow", items, lambda item: board.session.open_workflow(item.id), start=at)

    def _refresh(self) -> None:
        self._board.session.refresh()
        self._board.repaint_all()
        self._board.say("Asking the server…")

    # Anywhere

    def _help(self) -> None:
        board = self._board
        board.open(Help(board.keymap, board.pane, board.look.glyphs, closed=board.close))

    def _palette(self) -> None:
        board = self._board
        items = [
            Item(
                each.id,
                each.title,
                note="  ".join(key_label(keys) for keys in board.keymap.keys_of(each.id)),
                why_not=why_not(board.state, each.id, board.current),
            )
            for each in COMMANDS
            if each.id in self._table and each.id != "app.palette"
        ]
        self._pick("Commands", items, lambda item: self.give(item.id))

    def _theme(self) -> None:
        self._board.toggle_theme()

    def _cancel(self) -> None:
        board = self._board
        if board.has_detail:
            board.close_detail()
        elif board.view.filter:
            board.set_filter("")
        elif board.current is not None and board.current.key in board.state.refused:
            board.session.acknowledge(board.current.key)

    def _back(self) -> None:
        if self._board.has_detail:
            self._board.close_detail()
        else:
            self.quit()

    def quit(self) -> None:
        """Leave; asks first while changes are not sent yet."""
        board = self._board
        count = board.session.unsent
        if not count:
            board.app.exit()
            return
        changes = f"{count} change{'' if count == 1 else 's'} not sent yet"
        items = [
            Item("wait", "Wait until sent, then quit", note="w", letter="w"),
            Item("quit", "Quit anyway", note="q", letter="q"),
            Item("stay", "Stay", note="s", letter="s"),
        ]
        self._pick(changes, items, lambda item: self._quit_chosen(item.id), searchable=False)

    def _quit_chosen(self, choice: str) -> None:
        board = self._board
        if choice == "quit":
            board.app.exit()
        elif choice == "wait":
            board.say("Quitting as soon as everything is sent; any card can still be changed.")
            board.quit_when_sent()

    # Helpers of several

    def _pick(
        self,
        title: str,
        items: list[Item],
        chosen: Callable[[Item], None],
        *,
        start: int = 0,
        searchable: bool = True,
        free: Callable[[str], Item | None] | None = None,
        nothing: str = "Nothing fits.",
    ) -> None:
        board = self._board
        board.open(
            Picker(
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
        )

    def _named(self, task: Task) -> str:
        return quoted(title_of(task, self._board.card_plan)[:32])

"""What is chosen from a list that lies over the board. Imported when the first is opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from fdtui.core.intents import AssignTask, Intent, MoveTask
from fdtui.core.names import same_email
from fdtui.core.safetext import safe
from fdtui.core.schema import Person, Stage
from fdtui.core.task import Task
from fdtui.tui.board.filter import FilterBar
from fdtui.tui.board.filter_history import with_filter
from fdtui.tui.board.help import Help, available, meanings
from fdtui.tui.board.palette import palette_items
from fdtui.tui.board.sort_picker import SortPicker
from fdtui.tui.board.tally import Tally
from fdtui.tui.presentation.cards import initials_of, person_role, title_of
from fdtui.tui.presentation.task_json import task_json
from fdtui.tui.terminal import clipboard
from fdtui.tui.terminal import desktop as browser
from fdtui.tui.toolkit.picker import Item, Picker

if TYPE_CHECKING:
    from fdtui.core.keymap import Keymap
    from fdtui.tui.board.host import BoardHost
    from fdtui.tui.board.model import BoardModel


OPEN = 10
"""Cells for the number of somebody's open cards, which is counted while the list is open."""


class BoardPickers:
    """Opens lists and the like on one board, and does what is chosen."""

    def __init__(
        self,
        host: BoardHost,
        model: BoardModel,
        keymap: Keymap,
        *,
        filtered: Callable[[str, int | None], None],
    ) -> None:
        self._host, self._model, self._keymap = host, model, keymap
        self._filtered = filtered

    # Stages and people

    def stage(self, task: Task) -> None:
        """Which stage the task goes to."""
        named, do = self._host.label(task, 32), self._decided_now()
        self._host.run(self._stage(named, task.stage, lambda stage: do(MoveTask(task.key, stage))))

    def _decided_now(self) -> Callable[[Intent], bool]:
        """Performs what is chosen from a list that shows the tasks as they are now."""
        host = self._host
        return partial(host.session.perform, seen=host.state)

    def stage_of_many(self, tasks: Sequence[Task], chosen: Callable[[str], object]) -> None:
        """Which stage these tasks go to."""
        here = {task.stage for task in tasks}
        self._host.run(self._stage(_many(tasks), here.pop() if len(here) == 1 else None, chosen))

    async def _stage(self, named: str, now: str | None, chosen: Callable[[str], object]) -> None:
        host, dot = self._host, self._host.look.glyphs.dot
        stages = host.state.schema.stages
        if not stages:
            host.notify("This workflow has no stages to move to.", "warning")
            return
        counts = {each.stage.name: each.total for each in self._model.columns}
        items = [
            Item(
                each.name,
                each.name,
                note=_stage_note(each, counts, now, self._model.limit_of(each)),
                sign=(dot, self._model.role_of(each.name)),
                letter=digit,
            )
            for each, digit in zip(stages, _digits(stages), strict=True)
        ]
        here = next((at for at, each in enumerate(stages) if each.name == now), -1)
        start = min(here + 1, len(items) - 1)
        if (item := await self._ask(f"Move {named} to", items, start=start)) is not None:
            chosen(item.id)

    def person(self, task: Task) -> None:
        """Who has the task from now on; where people are only guessed, any e-mail can be typed."""
        named, do = self._host.label(task, 32), self._decided_now()
        self._host.run(self._person(named, task.assignee, lambda who: do(AssignTask(task.key, who))))

    def person_of_many(self, tasks: Sequence[Task], chosen: Callable[[str | None], object]) -> None:
        """Who has these tasks from now on."""
        now = {task.assignee for task in tasks}
        self._host.run(self._person(_many(tasks), now.pop() if len(now) == 1 else None, chosen))

    async def _person(self, named: str, now: str | None, chosen: Callable[[str | None], object]) -> None:
        schema, glyphs = self._host.state.schema, self._host.look.glyphs
        me = self._host.state.me
        people = sorted(
            schema.people, key=lambda each: (not same_email(each.email, me), each.name.casefold())
        )
        items = [_person_item(each, now, me) for each in people]
        nobody = Item("", "nobody", sign=(glyphs.dash, "dim"))
        items.insert(1 if people and same_email(people[0].email, me) else 0, nobody)
        guessed = "people" in schema.inferred

        def typed(text: str) -> Item | None:
            text = text.strip()
            if not guessed or schema.person(text) or "@" not in text.strip("@") or " " in text:
                return None
            return Item(text, f"someone else: {text}", sign=("+", "dim"))

        picker = Picker(
            f"Assign {named} to",
            items,
            glyphs,
            start=next((at for at, item in enumerate(items) if same_email(item.id, now)), 0),
            free=typed,
            nothing="No match." + (" Type an e-mail." if guessed else ""),
        )
        tally = self._count_open(picker, people)
        item = await self._host.ask(picker)
        tally.end()
        if item is not None:
            chosen(item.id or None)

    def _count_open(self, picker: Picker, people: Sequence[Person]) -> Tally:
        """Say beside each person how many open cards they have, once these are counted."""
        state, done = self._host.state, self._host.state.schema.done_stages
        notes = {item.id: item.note.removesuffix(" " * OPEN) for item in picker.items}
        tests = {each.email: partial(_has, each.email) for each in people}

        def told(counts: Mapping[str, int]) -> None:
            picker.tell(
                {each: f"{notes[each]}{f'{count:,} open':>{OPEN}}" for each, count in counts.items()}
            )

        tally = Tally()
        tasks = iter(state.shown.values())
        tally.begin(tasks, lambda: (lambda task: task.stage not in done, tests), told)
        return tally

    # The task's texts

    def text_to_copy(self, task: Task) -> None:
        """What of the task goes into the clipboard."""
        self._host.run(self._text_to_copy(task))

    async def _text_to_copy(self, task: Task) -> None:
        texts = {
            "uid": ("Unique id", task.uid or ""),
            "title": ("Title", title_of(task, self._model.plan)),
            "url": ("Address", task.url),
            "json": ("The whole task as JSON", task_json(task)),
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
        if (item := await self._ask("Copy", items)) is not None:
            self._copy(*texts[item.id])

    def _copy(self, name: str, text: str) -> None:
        self._host.notify(*clipboard.copy(self._host.app, name, text))

    def open_url(self, task: Task) -> None:
        """Open the task's page; where there is no browser, copy its address and say so."""
        opener = browser.opener()
        if opener is None:
            self._copy("No browser available, so the URL was", task.url)
            return
        browser.open_with(opener, task.url)
        self._host.notify("Opened in the browser.")

    # The board

    def workflow(self) -> None:
        """Which workflow is on the board."""
        self._host.run(self._workflow())

    async def _workflow(self) -> None:
        host = self._host
        current, flows = host.state.workflow, host.state.workflows
        if not flows:
            host.notify("No list of workflows has arrived yet.", "warning")
            return
        open_id = current.id if current else None
        elsewhere, glyphs = host.state.elsewhere, host.look.glyphs
        notes = {name: f"{glyphs.waiting} {count} waiting" for name, count in elsewhere.items()}
        notes |= {open_id: "open"} if open_id else {}
        items = [Item(each.id, each.name, note=notes.get(each.id, "")) for each in flows]
        at = next((at for at, each in enumerate(flows) if each.id == open_id), 0)
        if (item := await self._ask("Workflow", items, start=at)) is not None:
            host.session.open_workflow(item.id)

    def command(self) -> None:
        """Which command to give, of all that mean something here; those that cannot be given say why."""
        self._host.run(self._command())

    async def _command(self) -> None:
        items = palette_items(self._host.focus, self._keymap, self._host.recent.ids)
        if (item := await self._ask("Commands", items)) is not None:
            self._host.give(item.id)

    def filter(self) -> None:
        """Which words a card must hold to be shown."""
        self._host.run(self._filter())

    async def _filter(self) -> None:
        host, model = self._host, self._model
        bar = FilterBar(model, host.look.glyphs, changed=self._filter_by, explain=self.help)
        kept = await host.ask(bar)
        if kept:
            model.history = with_filter(model.history, kept)
        self._filtered(model.view.filter, None)  # whatever closed it, nothing is typed from here on
        host.session.save_view(model.saved)
        host.draw()
        if model.query is not None and (wrong := model.query.wrong):
            host.notify(wrong[0].sentence, "warning")

    def _filter_by(self, text: str, caret: int | None) -> int | None:
        self._filtered(text, caret)
        return None if self._model.is_searching else self._model.counts[0]

    def sort(self) -> None:
        """What the cards are sorted by; the board shows it at once."""
        self._host.run(self._sort())

    async def _sort(self) -> None:
        host, model = self._host, self._model
        await host.ask(
            SortPicker(model.view.sort, host.state.schema, host.look.glyphs, changed=self._sort_by)
        )
        host.session.save_view(model.saved)

    def _sort_by(self, text: str) -> None:
        self._model.sort(text)
        self._host.draw()

    def help(self) -> None:
        """No choice, but over the board like one: the help for where one is."""
        self._host.run(self._help())

    async def _help(self) -> None:
        host, focus = self._host, self._host.focus
        bound, means = available(focus), meanings(focus)
        await host.ask(Help(self._keymap, focus.scopes, host.look.glyphs, bound=bound, means=means))

    async def _ask(
        self,
        title: str,
        items: list[Item],
        *,
        start: int = 0,
        free: Callable[[str], Item | None] | None = None,
        nothing: str = "No match.",
    ) -> Item | None:
        glyphs = self._host.look.glyphs
        return await self._host.ask(
            Picker(title, items, glyphs, start=start, free=free, nothing=nothing)
        )


def _many(tasks: Sequence[Task]) -> str:
    return f"{len(tasks)} task{'' if len(tasks) == 1 else 's'}"


def _has(email: str, task: Task) -> bool:
    return same_email(task.assignee, email)


def _digits(stages: Sequence[Stage]) -> list[str]:
    """The digit that chooses each stage; none where one could be meant as a part of a name."""
    if any(each.name[:1].isdecimal() for each in stages):
        return [""] * len(stages)
    return [str(at + 1) if at < 9 else "" for at in range(len(stages))]


def _stage_note(stage: Stage, counts: Mapping[str, int], now: str | None, limit: int | None) -> str:
    """How many cards a stage has, and whether these are there or it is an end."""
    word = "here  " if stage.name == now else "end  " if stage.end else ""
    if stage.name not in counts:
        return word.strip()
    most = f"/{limit:,}" if limit is not None else ""
    return f"{word}{counts[stage.name]:,}{most}"


def _person_item(person: Person, now: str | None, me: str | None) -> Item:
    note = person.email if person.name != person.email else ""
    if same_email(me, person.email):
        note = "me"
    if same_email(now, person.email):
        note = f"has it  {note}".strip()
    sign = (initials_of(person), person_role(person.email))
    return Item(person.email, person.name, note=note + " " * OPEN, sign=sign)

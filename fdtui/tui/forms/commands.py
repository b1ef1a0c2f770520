"""What can be done with a task's fields on one board: edit, tick, make, delete, restore."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from fdtui.core.commands import why_not
from fdtui.core.entry import Moment, draft_of
from fdtui.core.intents import CreateTask, DeleteTask, SetFields
from fdtui.core.safetext import quoted, safe
from fdtui.core.schema import BUILT_INS, STAGE
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.core.values import Row, Value
from fdtui.sync.storage.journal import JournalEntry, Trashed
from fdtui.sync.storage.protocols import Draft
from fdtui.tui.confirm import LOST, confirm, id_line, whole_title
from fdtui.tui.detail.pane import DetailPane
from fdtui.tui.forms.controller import FormController, FormTarget
from fdtui.tui.forms.form import Form, Slot
from fdtui.tui.forms.inline import InlineController, InlineView
from fdtui.tui.forms.left_forms import NEW, LeftForms
from fdtui.tui.forms.slots import for_new_task, new_slots, slots_of, with_its_id
from fdtui.tui.forms.targets import ChangeTarget, NewTarget
from fdtui.tui.forms.view import FormView
from fdtui.tui.host import Host
from fdtui.tui.presentation.cards import CardPlan
from fdtui.tui.presentation.details import Tab
from fdtui.tui.presentation.task_json import task_json
from fdtui.tui.presentation.times import time_words
from fdtui.tui.terminal import clipboard
from fdtui.tui.toolkit.picker import Item, Picker

LABEL = 40
"""Cells for the name of a task in a heading."""


class FormCommands:
    """Opens forms over one board. Made when the first is opened."""

    def __init__(
        self,
        host: Host,
        pane: DetailPane,
        *,
        plan: Callable[[], CardPlan],
        pass_on: Callable[[str, str | None], None],
        expect: Callable[[str, str], None],
        count_drafts: Callable[[], None],
    ) -> None:
        """``pass_on`` takes a key that is for the board after all; ``expect`` goes to a task to come."""
        self._host, self._pane = host, pane
        self._plan, self._pass_on, self._expect = plan, pass_on, expect
        self._left = LeftForms(host, count_drafts)

    def on_state(self, before: State, state: State) -> None:
        """See what became of forms that were closed while they were being sent."""
        self._left.on_state(before, state)

    def waiting_drafts(self) -> str:
        """A sentence about drafts that wait in this workflow; empty where there are none."""
        return self._left.waiting_drafts(self._workflow)

    # Forms

    def edit(self, task: Task) -> None:
        """The whole form of a task, its cursor on the field under that of the pane."""
        form = self._form(self._slots(task))
        pane = self._pane.detail
        _begin_at(form, pane.field if pane.has_keys else None)
        self._host.run(self._edit(task, form))

    async def _edit(self, task: Task, form: Form) -> None:
        def gone(_: Form) -> None:
            self._host.run(self._ask_about_deleted(work, {}))

        target = ChangeTarget(self._host.session, task.key, gone)
        work = self._controller(form, target, task.key)
        await self._show(FormView(work, self._host, f"Edit {self._host.label(task, LABEL)}"))

    def new(self, stage: str | None) -> None:
        """The form of a new task, in that stage."""
        self._host.run(self._make({} if stage is None else {STAGE: stage}, "New task"))

    def reopen(self, entry: JournalEntry) -> None:
        """The form of a refused change, with the values that were refused in it as a draft."""
        host, intent = self._host, entry.pending.intent
        if isinstance(intent, CreateTask):
            about, wanted, row = NEW, dict(intent.values), dict[str, Value]()
        else:
            about, row = intent.key, dict(entry.task.row)
            wanted = intent.changes(entry.task) if isinstance(intent, SetFields) else {}
        if wanted:
            texts = draft_of(host.state.schema, wanted, row)
            host.session.drafts.save(Draft(self._workflow, about, texts, entry.at))
            host.session.waiting.discard(entry)
        host.give("task.new" if about == NEW else "task.edit")

    def duplicate(self, task: Task) -> None:
        """The form of a new task with what another holds."""
        values = for_new_task(task.row, self._host.state.schema)
        self._host.run(self._make(values, f"Duplicate {self._host.label(task, LABEL)}"))

    async def _make(self, values: Mapping[str, Value], title: str) -> None:
        form = self._form(new_slots(self._host.state.schema, values))
        _begin_at(form, None)
        work = self._controller(form, NewTarget(self._host.session), NEW)
        await self._show(FormView(work, self._host, title))

    async def _show(self, view: FormView) -> None:
        """Show a form until it is left; a draft of it is offered first."""
        if not self._left.has(view.work.text.about):
            self._host.run(_offer(view.work))
        await self._host.ask(view)
        self._host.draw()

    def _controller(self, form: Form, target: FormTarget, about: str) -> FormController:
        return FormController(
            form,
            target,
            self._host,
            self._host.keeper,
            workflow=self._workflow,
            about=about,
            left_saving=self._left.add,
        )

    def _form(self, slots: Iterable[Slot]) -> Form:
        host = self._host
        return Form(slots, host.state.schema, lambda: Moment(host.now), is_taken=self._is_taken)

    def _slots(self, task: Task) -> list[Slot]:
        return slots_of(task, self._host.state.schema, self._host.key_of)

    def _slot(self, task: Task, name: str) -> Slot | None:
        return next((each for each in self._slots(task) if each.entry.field.name == name), None)

    def _is_taken(self, uid: str) -> bool:
        return uid in self._host.state.shown

    @property
    def _workflow(self) -> str:
        return self._host.state.workflow_id

    # One field

    def field(self, task: Task, name: str, why: str = "") -> None:
        """One field of a task, edited where it stands in the detail pane; a checkbox is ticked.

        ``why`` stands under it: the reason for which it was opened.
        """
        slot = self._slot(task, name)
        if slot is None:  # the address is no field of the workflow
            self._host.give("task.open-url")
        elif slot.read_only:
            self._host.notify(slot.read_only, "warning")
        elif slot.kind == "checkbox":
            self._tick(task, slot)
        else:
            self._host.run(self._edit_in_place(task, slot, why))

    def tick(self, task: Task) -> None:
        """Tick the checkbox under the pane's cursor; where there is none, say what would do."""
        host = self._host
        name = self._pane.detail.field if self._pane.tab is Tab.FIELDS else None
        slot = self._slot(task, name) if name is not None else None
        reason = why_not(host.state, "task.edit", task)
        if slot is None or slot.kind != "checkbox":
            edits = f"{host.key_of('task.open')} edits this field; " if slot is not None else ""
            host.notify(f"Not a checkbox. {edits}{host.key_of('pane.next')} returns to the board.")
        elif reason or slot.read_only:
            host.notify(reason or slot.read_only, "warning")
        else:
            self._tick(task, slot)

    def _tick(self, task: Task, slot: Slot) -> None:
        form = self._form([slot])
        form.tick()
        ticket = ChangeTarget(self._host.session, task.key, lambda _: None).send(form)
        if ticket is not None:
            about = f"{task.key}\0{slot.entry.field.name}"
            self._left.add(ticket, Draft(self._workflow, about, form.draft(), self._host.clock()))

    async def _edit_in_place(self, task: Task | None, slot: Slot | None, why: str) -> None:
        """One field after the other, as long as the user goes on to the next."""
        while task is not None and slot is not None:
            name = slot.entry.field.name
            view = self._inline_view(task, slot)
            view.work.form.intro, why = why, ""
            if not self._left.has(view.work.text.about):
                self._host.run(_offer(view.work))
            await self._host.ask(view)
            if not view.goes_on:
                break
            task = self._host.session.state.shown.get(task.key)
            slot = self._slot_after(task, name) if task is not None else None
        self._host.draw()

    def _inline_view(self, task: Task, slot: Slot) -> InlineView:
        host, name = self._host, slot.entry.field.name

        def gone(_: Form) -> None:
            host.run(self._ask_about_deleted(work, view.held(host.state).row))

        work = InlineController(
            self._form([slot]),
            ChangeTarget(host.session, task.key, gone),
            host,
            host.keeper,
            workflow=self._workflow,
            about=f"{task.key}\0{name}",
            left_saving=self._left.add,
        )
        pane = self._pane.detail
        view = InlineView(work, host, task=task, name=name, pane=pane, pass_on=self._pass_on)
        return view

    def _slot_after(self, task: Task, name: str) -> Slot | None:
        """The next slot in the pane that can be changed; the pane's cursor goes there."""
        pane = self._pane.detail
        usable = {each.entry.field.name: each for each in self._slots(task) if not each.read_only}
        pane.go_to_field(name)
        while pane.step_field(1):
            if (slot := usable.get(pane.field or "")) is not None:
                return slot
        return None

    # Delete, and back again

    async def _ask_about_deleted(self, work: FormController, row: Row) -> None:
        """Someone deleted the task under the form: the text stays, and there are ways on."""
        host, form = self._host, work.form
        items = [
            Item("stay", "Go on editing", note="esc"),
            Item("make", "Make a new task with these values", note="n", letter="n"),
            Item("copy", "Copy the values as JSON", note="c", letter="c"),
            Item("discard", "Discard the form", note="d", letter="d"),
        ]
        answer = await work.ask("Someone deleted this task", items)
        values = {**row, **{slot.entry.field.name: form.reading(slot).value for slot in form.slots}}
        if answer == "make" and host.session.create(with_its_id(values, host.state.schema)):
            draft = Draft(self._workflow, NEW, form.draft(), host.clock())
            host.session.drafts.save(draft)  # until it is made: someone may be faster again
            self._left.add(host.session.state.pending[-1].ticket, draft)
            work.close()
        elif answer == "copy":
            text = task_json(Task("", None, values))
            host.notify(*clipboard.copy(host.app, "The task as JSON", text))
        elif answer == "discard":
            work.close()

    def delete(self, task: Task) -> None:
        """Delete a task, once the user has said so."""
        self._host.run(self._delete(task))

    async def _delete(self, task: Task) -> None:
        host, seen = self._host, self._host.state
        question = f"Delete {quoted(whole_title(task, self._plan()))} for everyone?"
        subject = (*id_line(task, host.state.schema), *LOST)
        if not await confirm(host, question, yes="Delete it", subject=subject):
            return
        if host.session.perform(DeleteTask(task.key), seen=seen):
            undo, label = host.key_of("board.undo"), host.label(task, LABEL)
            ways = f"Undo with {undo}, or “Deleted tasks…”." if undo else "“Deleted tasks…” restores it."
            host.notify(f"Deleting {label.removesuffix('.')}. {ways}")

    def trash(self) -> None:
        """What was deleted in this workflow since the start, to be restored."""
        deleted = [each for each in self._host.session.trash if each.workflow == self._workflow]
        if deleted:
            self._host.run(self._restore(deleted))
        else:
            self._host.notify("Nothing that you deleted here can be restored.")

    async def _restore(self, deleted: Sequence[Trashed]) -> None:
        host, now = self._host, self._host.clock()
        items = [
            Item(str(at), safe(each.title[:200]), note=time_words(each.at, now))
            for at, each in reversed(list(enumerate(deleted)))
        ]
        item = await host.ask(Picker("Restore a task", items, host.look.glyphs))
        if item is None:
            return
        each = deleted[int(item.id)]
        if key := host.session.restore(each):
            self._expect(self._workflow, key)
            host.notify(
                f"Restoring {quoted(each.title[:64])}, without its comments, checklist, files and links."
            )


async def _offer(work: FormController) -> None:
    await work.offer()


def _begin_at(form: Form, name: str | None) -> None:
    """Put the cursor on that field, or on the first of the workflow's own."""
    named = [(at, slot.entry.field.name, slot.read_only) for at, slot in enumerate(form.slots)]
    usable = [(at, each) for at, each, fixed in named if not fixed]
    own = [at for at, each in usable if each not in BUILT_INS]
    form.go(next((at for at, each in usable if each == name), own[0] if own else 0))

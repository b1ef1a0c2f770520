"""Opens forms on one board: for a task, one field of it, a new task; deletes, and makes anew."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from fdtui.core.commands import why_not
from fdtui.core.entry import Moment, entry_of, fields_of
from fdtui.core.intents import DeleteTask
from fdtui.core.safetext import quoted, safe
from fdtui.core.schema import BUILT_INS, STAGE, Field, FieldType
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.core.values import Row, Value
from fdtui.sync.history import comment_draft, contents
from fdtui.sync.store import Draft
from fdtui.tui import clipboard
from fdtui.tui.cells import cut
from fdtui.tui.errands import DONE, REFUSED, Change, Make, outcome_of
from fdtui.tui.form import Form, Slot
from fdtui.tui.formwork import Errand, FormWork, said_at
from fdtui.tui.inplace import InPlace, InPlaceWork
from fdtui.tui.present import title_of
from fdtui.tui.tabs import Tab
from fdtui.tui.widgets.formview import FormView
from fdtui.tui.widgets.picker import Item, Picker

if TYPE_CHECKING:
    from fdtui.tui.screens.board import BoardScreen

NEW = "\0new"
"""What the draft of a new task is about; no unique id holds a NUL."""

FILES = "Files are added and removed in the files pane"
LINKS = "Linked tasks are changed in the tab of links"
WAYS = {FILES: "task.files", LINKS: "task.links"}
"""The command that goes where these are changed."""

FIXED = "The workflow does not let this field be edited."
IDENTITY = "The unique id of a task is given once."


class Desk:
    """What of the board has to do with forms. Made when the first is opened."""

    def __init__(self, board: BoardScreen) -> None:
        self._board = board
        self._under_way: dict[int, Draft] = {}
        """Tickets of forms that were closed before their answer came, with what was typed."""

    # Forms

    def edit(self, task: Task) -> None:
        """The whole form of a task."""
        title = f"Edit {self._named(task)}"
        form = self._form(self._slots(task))
        board = self._board
        self._begin(form, board.detail.field if board.pane == "detail" else None)
        self._open(form, Change(self._board.session, task.key, self._gone), task.key, title)

    def new(self, stage: str | None) -> None:
        """The form of a new task, in that stage."""
        self._make({} if stage is None else {STAGE: stage}, "New task")

    def duplicate(self, task: Task) -> None:
        """The form of a new task with what another holds."""
        self._make(self._fresh(task.row), f"Duplicate {self._named(task)}")

    def _make(self, values: Mapping[str, Value], title: str) -> None:
        slots = []
        for field in fields_of(self._board.state.schema):
            if field.autoincrement or not field.editable or field.type == FieldType.FILE:
                continue
            slots.append(Slot(entry_of(field, values.get(field.name), is_new=True)))
        form = self._form(slots)
        self._begin(form, None)
        self._open(form, Make(self._board.session), NEW, title)

    def _begin(self, form: Form, name: str | None) -> None:
        """Put the cursor on that field, or on the first of the workflow's own."""
        named = [(at, slot.entry.field.name, slot.read_only) for at, slot in enumerate(form.slots)]
        usable = [(at, each) for at, each, fixed in named if not fixed]
        own = [at for at, each in usable if each not in BUILT_INS]
        form.go(next((at for at, each in usable if each == name), own[0] if own else 0))

    def field(self, task: Task, name: str) -> None:
        """One field of a task, edited where it stands in the detail pane; a checkbox is ticked."""
        slot = self._slot(task, name)
        if slot is None:  # the address is no field of the workflow
            self._board.handlers.give("task.open-url")
        elif slot.read_only:
            self._board.say(slot.read_only, "warning")
        elif slot.kind == "checkbox":
            self._tick(task, slot)
        else:
            self._in_place(task, slot)

    def tick(self, task: Task) -> None:
        """Tick the checkbox under the pane's cursor; where there is none, say what would do."""
        board = self._board
        name = board.detail.field if board.side.tab is Tab.FIELDS else None
        slot = self._slot(task, name) if name is not None else None
        reason = why_not(board.state, "task.edit", task)
        if slot is None or slot.kind != "checkbox":
            key = board.key_of("task.select")
            ways = f"{board.key_of('task.open')} edits the field, " if slot is not None else ""
            board.say(f"{key} ticks a checkbox; {ways}{board.key_of('pane.next')} goes to the board.")
        elif reason or slot.read_only:
            board.say(reason or slot.read_only, "warning")
        else:
            self._tick(task, slot)

    def _tick(self, task: Task, slot: Slot) -> None:
        form = self._form([slot])
        form.press("space", " ")
        ticket = Change(self._board.session, task.key, self._gone).send(form)
        if ticket is not None:
            about = f"{task.key}\0{slot.entry.field.name}"
            draft = Draft(self._workflow, about, form.draft(), self._board.clock())
            self._left_saving(ticket, draft)

    def _slot(self, task: Task, name: str) -> Slot | None:
        return next((each for each in self._slots(task) if each.entry.field.name == name), None)

    def _in_place(self, task: Task, slot: Slot) -> None:
        board, name, form = self._board, slot.entry.field.name, self._form([slot])
        errand = Change(board.session, task.key, self._gone)
        work: InPlaceWork = InPlaceWork(
            form,
            errand,
            board.session.drafts,
            workflow=self._workflow,
            about=f"{task.key}\0{name}",
            clock=board.clock,
            leave=lambda: self._left_field(work),
            saved=lambda _: None,
            left_saving=self._left_saving,
            go_on=lambda: self._next_field(task.key, name),
            pass_on=board.take_key,
        )
        view = InPlace(
            form,
            work,
            board.look.glyphs,
            task=task,
            name=name,
            pane=board.detail,
            told_keys=board.draw_footer,
        )
        board.open(view)
        view.call_after_refresh(self._offer, work)

    def _left_field(self, work: InPlaceWork) -> None:
        """Let the pane follow the cursor again, unless it stays for the next field."""
        self._board.close()
        if not work.is_going_on:
            self._board.draw()

    def _next_field(self, key: str, name: str) -> None:
        """On to the field after ``name`` that can be changed, if the pane has one."""
        board = self._board
        task = board.session.state.shown.get(key)
        slots = self._slots(task) if task is not None else []
        usable = {each.entry.field.name: each for each in slots if not each.read_only}
        board.detail.go_to_field(name)
        while task is not None and board.detail.step_field(1):
            if (slot := usable.get(board.detail.field or "")) is not None:
                self._in_place(task, slot)
                return
        board.draw()

    def _open(self, form: Form, errand: Errand, about: str, title: str) -> None:
        board = self._board
        work = FormWork(
            form,
            errand,
            board.session.drafts,
            workflow=self._workflow,
            about=about,
            clock=board.clock,
            leave=self._closed,
            saved=lambda _: None,
            left_saving=self._left_saving,
        )
        view = FormView(form, work, board.look.glyphs, title)
        board.open(view)
        view.call_after_refresh(self._offer, work)

    def _offer(self, work: FormWork) -> None:
        if work.about not in {each.about for each in self._under_way.values()}:
            work.offer()

    def _closed(self) -> None:
        self._board.close()
        self._board.draw()

    def _form(self, slots: Iterable[Slot]) -> Form:
        board = self._board

        def moment() -> Moment:
            return Moment(datetime.fromtimestamp(board.clock()).astimezone())

        return Form(slots, board.state.schema, moment, is_taken=self._is_taken)

    def _slots(self, task: Task) -> list[Slot]:
        """Every field of a task, those that cannot be changed with the reason."""
        known = fields_of(self._board.state.schema)
        names = {each.name for each in known} | set(BUILT_INS)
        strange = [Field(name, "unknown") for name in task.row if name not in names]
        return [
            Slot(
                entry_of(field, task.row.get(field.name), is_missing=field.name not in task.row),
                self._why_fixed(field, task.row.get(field.name)),
            )
            for field in (*known, *strange)
        ]

    def _why_fixed(self, field: Field, value: Value) -> str:
        why = _why_fixed(field, value)
        key = self._board.key_of(WAYS[why]) if why in WAYS else ""
        return f"{why} ({key})." if key else f"{why.rstrip('.')}." if why else ""

    def _is_taken(self, uid: str) -> bool:
        return any(task.uid == uid for task in self._board.state.shown.values())

    def _gone(self, form: Form, values: Mapping[str, Value]) -> None:
        """Somebody deleted the task under the form: the text stays, and there are ways on."""
        view = self._board.overlay
        if not isinstance(view, FormView):
            return
        held = view.hold(self._board.state)
        typed = {slot.entry.field.name: form.reading(slot).value for slot in form.slots}
        row = {**(held.row if held is not None else {}), **typed}
        items = [
            Item("make", "Make it anew with these values", note="n", letter="n"),
            Item("copy", "Copy the values as JSON", note="y", letter="y"),
            Item("discard", "Discard the form", note="d", letter="d"),
            Item("stay", "Go on editing", note="esc"),
        ]

        def chosen(choice: str) -> None:
            session = self._board.session
            if choice == "make" and session.create(self._with_id(row)):
                draft = Draft(self._workflow, NEW, form.draft(), self._board.clock())
                session.drafts.save(draft)  # until it is made: somebody may be faster again
                self._left_saving(session.state.pending[-1].ticket, draft)
                view.work.close()
            elif choice == "copy":
                text = clipboard.task_json(Task("", None, row))
                view.say(*clipboard.copy(self._board.app, "The task as JSON", text))
            elif choice == "discard":
                view.work.close()

        view.work.ask("Somebody has deleted this task", items, chosen)

    def _fresh(self, row: Row) -> dict[str, Value]:
        """What of ``row`` a new task can be given."""
        schema, kept = self._board.state.schema, dict[str, Value]()
        for name, value in contents(row, schema):
            field = schema.field(name)
            fixed = field is not None and (
                not field.editable or field.type in (FieldType.UNIQUE_ID, FieldType.FILE)
            )
            if not fixed and (field is not None or name in BUILT_INS):
                kept[name] = value
        return kept

    # Afterwards

    def _left_saving(self, ticket: int, draft: Draft) -> None:
        self._under_way[ticket] = draft

    def heed(self, state: State) -> None:
        """See what became of forms that were closed while they were being sent."""
        for ticket, draft in list(self._under_way.items()):
            outcome = outcome_of(ticket, state)
            if outcome not in (DONE, REFUSED):
                continue
            del self._under_way[ticket]
            drafts = self._board.session.drafts
            if outcome == DONE:
                drafts.drop(draft.workflow, draft.about)
                continue
            key, _, name = draft.about.partition("\0")
            if key and name:  # one field: from now on it is offered in the whole form
                drafts.drop(draft.workflow, draft.about)
            about = key if key and name else draft.about
            drafts.save(Draft(draft.workflow, about, draft.texts, draft.at))
            refusal = state.refusal(ticket)
            why = refusal.why if refusal is not None else ""
            way = self._board.key_of("task.edit" if key else "task.new")
            self._board.say(f"{why} {way} opens the form with what you typed.", "error")

    # Delete, and back again

    def delete(self, task: Task) -> None:
        """Delete a task, once the user has said so."""
        board = self._board
        items = [
            Item("keep", "Keep it", note="esc"),
            Item("delete", "Delete it permanently", note="y", letter="y"),
        ]

        def chosen(item: Item) -> None:
            if item.id == "delete" and board.session.perform(DeleteTask(task.key)):
                board.say(f"Deleting {self._named(task)}; board.trash in the palette brings it back.")

        title = f"Delete {self._named(task)} permanently, for everybody?"
        board.open(
            Picker(title, items, board.look.glyphs, chosen=chosen, closed=board.close, searchable=False)
        )

    def trash(self) -> None:
        """What was deleted in this workflow since the start, to be made anew."""
        board = self._board
        thrown = [each for each in board.session.trash if each.workflow == self._workflow]
        if not thrown:
            board.say("Nothing was deleted here since fdtui was started.")
            return
        now = board.clock()
        items = [
            Item(str(at), safe(each.title[:200]), note=said_at(each.at, now))
            for at, each in reversed(list(enumerate(thrown)))
        ]

        def chosen(item: Item) -> None:
            each = thrown[int(item.id)]
            if board.session.create(self._with_id(each.row)):
                board.say(f"{quoted(each.title[:64])} is made anew; its comments and files are not.")

        board.open(Picker("Make anew", items, board.look.glyphs, chosen=chosen, closed=board.close))

    def _with_id(self, row: Row) -> dict[str, Value]:
        """What a deleted task can be given back: its unique id too, where that is not counted up."""
        values, unique_id = self._fresh(row), self._board.state.schema.unique_id
        if unique_id is not None and unique_id.editable and not unique_id.autoincrement:
            values[unique_id.name] = row.get(unique_id.name)
        return values

    def told_drafts(self) -> str:
        """A sentence about drafts that wait in this workflow; empty where there are none."""
        drafts = [each for each in self._board.session.drafts.all() if each.workflow == self._workflow]
        if not drafts:
            return ""
        drafts.sort(key=lambda each: each.at, reverse=True)
        when = time.strftime("%H:%M", time.localtime(drafts[0].at))
        count, names = len(drafts), [*dict.fromkeys(self._about(each) for each in drafts)]
        more = f" and {len(names) - 2} more" if len(names) > 2 else ""
        return (
            f"{count} draft{'' if count == 1 else 's'} of yours, the last from {when}: "
            f"open {', '.join(names[:2])}{more} again to go on."
        )

    def _about(self, draft: Draft) -> str:
        """What a draft is about, as people call it."""
        if draft.about == NEW:
            return "the form of a new task"
        key = draft.about.removeprefix(comment_draft("")).partition("\0")[0]
        task = self._board.state.shown.get(key)
        return self._named(task) if task is not None else "a task that is gone"

    @property
    def _workflow(self) -> str:
        workflow = self._board.state.workflow
        return workflow.id if workflow is not None else ""

    def _named(self, task: Task) -> str:
        return quoted(cut(title_of(task, self._board.deck.plan), 40, self._board.look.glyphs.cut))


def _why_fixed(field: Field, value: Value) -> str:
    """Why a field cannot be changed in a form, or empty."""
    if field.type == FieldType.UNIQUE_ID:
        return IDENTITY
    if field.type == FieldType.FILE:
        return FILES
    if not field.editable:
        return FIXED
    links = isinstance(value, dict) or (
        isinstance(value, list) and any(isinstance(e, dict) for e in value)
    )
    return LINKS if field.type == "unknown" and (links or value == []) else ""

"""What a form does beyond typing: lists, calendar, the user's editor, saving, drafts, leaving."""

from __future__ import annotations

import os
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol

from textual.app import SuspendNotSupported

from fdtui.core.dates import day_of
from fdtui.core.entry import Entry, at_that_time
from fdtui.core.moments import local, read_moment
from fdtui.core.safetext import is_typed, safe
from fdtui.core.schema import FieldType
from fdtui.core.state import State
from fdtui.sync.storage.protocols import Draft
from fdtui.sync.writing.draft_keeper import DraftKeeper, Texts
from fdtui.tui.forms.form import Ask, Form, Slot
from fdtui.tui.forms.lines import shown
from fdtui.tui.host import DialogHost
from fdtui.tui.presentation.times import time_words
from fdtui.tui.terminal.app import lent
from fdtui.tui.toolkit.picker import Item
from fdtui.tui.toolkit.question import Question

SECRETS = ("FDTUI_API_KEY", "FDTUI_WEBHOOK_URL")
"""What no other program is given."""


class FormTarget(Protocol):
    """Whom a form's values go to."""

    def send(self, form: Form) -> int | None:
        """Hand the values over; the ticket to wait for, ``None`` where nothing is on its way."""
        ...

    def outcome(self, ticket: int, state: State) -> str:
        """``""`` while it is on its way, else ``done``, ``refused`` or ``waiting`` (offline)."""
        ...

    def is_kept(self, ticket: int) -> bool:
        """Whether it outlives the program, and needs no draft."""
        ...

    def place(self, ticket: int, state: State, form: Form) -> None:
        """Put what was refused under the fields."""
        ...

    def on_state(self, state: State, form: Form) -> None:
        """Let the form follow its task."""
        ...


class FormFace(Protocol):
    """What shows a form, as far as its controller knows it."""

    def changed(self) -> None:
        """Draw what differs, and keep what was typed."""
        ...

    def leave(self) -> None:
        """Take the form away."""
        ...


class FormController:
    """The work of one form, for as long as it is open and a little longer."""

    def __init__(
        self,
        form: Form,
        target: FormTarget,
        host: DialogHost,
        keeper: DraftKeeper,
        *,
        workflow: str,
        about: str,
        left_saving: Callable[[int, Draft], None] = lambda *_: None,
    ) -> None:
        """``left_saving`` takes the ticket and the text of a form that is left while it is sent."""
        self.form, self._target, self._host, self._keeper = form, target, host, keeper
        self.text = keeper.open(workflow, about, self._texts, self._not_saved)
        """What is kept of the form while it is typed into."""
        self._left_saving = left_saving
        self._face: FormFace | None = None
        self._ticket: int | None = None
        self.is_offering = False
        """Whether the user is being asked what is to become of a draft."""
        self.is_over = False
        """Whether nothing of the form is worth keeping now."""
        self.is_about_to_ask = False
        """Whether a dialog is about to open: no key is for the form from then on."""

    def attach(self, face: FormFace) -> None:
        """What shows the form from now on."""
        self._face = face

    @property
    def is_saving(self) -> bool:
        """Whether the values are on their way."""
        return self._ticket is not None

    def do(self, ask: Ask, character: str | None = None) -> None:
        """Do what the form asks for."""
        slot = self.form.slot
        if ask is Ask.SAVE:
            self.save()
        elif slot is not None and ask is Ask.LIST:
            self._run(self.choose(slot, character))
        elif slot is not None and ask is Ask.CALENDAR:
            self._run(self._choose_day(slot))
        elif slot is not None and ask is Ask.EDITOR:
            self.text.save()
            self._run(self._edit_outside(slot))

    def _run(self, conversation: Coroutine[Any, Any, None]) -> None:
        async def begun() -> None:
            self.is_about_to_ask = False
            await conversation

        self.is_about_to_ask = True
        self._host.run(begun())

    async def ask(self, title: str, items: Sequence[Item]) -> str | None:
        """Ask something over the form; the id of the answer."""
        return await self._host.ask(Question(title, items, self._host.look.glyphs))

    # Lists, calendar, editor

    def put(self, slot: Slot, entry: Entry) -> None:
        """Give a slot what was chosen."""
        self.form.put(slot, entry)
        self.form.enliven()
        self._changed()

    def _changed(self) -> None:
        if self._face is not None:
            self._face.changed()

    def not_chosen(self) -> None:
        """A list or the calendar was left without a choice."""

    async def choose(self, slot: Slot, character: str | None = None) -> None:
        """Let a value be chosen from a list, which ``character`` begins to search."""
        from fdtui.tui.forms.choice import chosen_entry  # noqa: PLC0415

        typed = character if character is not None and is_typed(character) else ""
        entry = await chosen_entry(self._host, slot, self.form.schema, typed.strip())
        if entry is not None:
            self.put(slot, entry)
        else:
            self.not_chosen()

    async def _choose_day(self, slot: Slot) -> None:
        from fdtui.tui.toolkit.calendar import Calendar  # noqa: PLC0415

        moment, value = self.form.moment, self.form.reading(slot).value
        today = moment.now.astimezone(moment.zone).date()
        when = read_moment(value) if slot.entry.field.type == FieldType.DATETIME else None
        here = None if when is None else local(when, moment.zone)
        shown = day_of(value, today) if isinstance(value, str) else None
        begin = here.date() if here else shown or today
        day = await self._host.ask(Calendar(begin, today, self._host.look.glyphs))
        if day is None:
            self.not_chosen()
            return
        text = day.isoformat()
        if slot.entry.field.type == FieldType.DATETIME:
            text = at_that_time(day, here, moment)
        self.put(slot, slot.entry.typed(text))

    async def _edit_outside(self, slot: Slot) -> None:
        """Let the user's own editor at the text, with this program out of the way."""
        from fdtui.tui.forms.external import ExternalText, command_of, run_editor  # noqa: PLC0415

        host, command = self._host, command_of(os.environ)
        if not command:
            host.notify("No editor found: set EDITOR to the one you like.", "warning")
            return
        try:
            outside = ExternalText(slot.entry.text)
        except OSError as error:
            host.notify(f"The text could not be written to a file: {error.strerror}.", "error")
            return
        environ = {name: value for name, value in os.environ.items() if name not in SECRETS}
        code = 127
        try:
            # Inside of batch_update nothing is drawn meanwhile: the terminal is the editor's.
            with host.app.batch_update(), host.app.suspend(), lent(host.app):
                code = await run_editor(command, outside.path, environ)
        except SuspendNotSupported:
            host.notify("This terminal cannot be handed to an editor.", "warning")
            return
        edited = outside.take(code)
        if edited.text is None:
            host.notify(edited.problem, "error")
        elif edited.text != outside.before:
            self.put(slot, slot.entry.typed(edited.text))
        host.repaint()

    # Saving

    def save(self) -> None:
        """Send the changed fields, unless one of them is wrong."""
        form = self.form
        form.go(form.at)
        form.top_told = ""
        if form.wrong:
            self._show_wrong(form.wrong)
            return
        if not form.values():
            self.close()
        elif disputed := [slot for slot in form.changed if slot.theirs is not None]:
            self._run(self._ask_about_theirs(disputed))
        else:
            self._hand_over()

    def _hand_over(self) -> None:
        form = self.form
        self.text.save()
        self._ticket = self._target.send(form)
        if self._ticket is not None:
            self._host.notify("Saving…")

    async def _ask_about_theirs(self, disputed: Sequence[Slot]) -> None:
        """Someone else gave these fields other values meanwhile: whose are to stay."""
        form, count = self.form, len(disputed)
        what = safe(disputed[0].entry.field.name[:64]) if count == 1 else f"{count} fields"
        both = []
        for slot in disputed:
            theirs = shown(slot, slot.theirs[0] if slot.theirs is not None else None)
            name, yours = slot.entry.field.name[:64], shown(slot, form.reading(slot).value)
            both.append(f"{safe(name)}: theirs {theirs}, yours {yours}")
        items = [
            Item("stay", "Go on editing", note=self._host.key_of("question.close")),
            Item("theirs", "Take theirs", note="t", letter="t"),
            Item("mine", "Replace theirs with yours", note="m", letter="m"),
        ]
        question = f"Someone else changed {what} meanwhile"
        dialog = Question(question, items, self._host.look.glyphs, subject=both)
        answer = await self._host.ask(dialog)
        if answer == "mine":
            self._hand_over()
        elif answer == "theirs":
            for slot in disputed:
                form.accept_theirs(slot)
            self.save()
        self._changed()

    def _show_wrong(self, wrong: Sequence[Slot]) -> None:
        form, count = self.form, len(wrong)
        form.go(form.slots.index(wrong[0]))
        for slot in wrong:
            if not slot.entry.is_touched and not slot.told:
                slot.told = (form.reading(slot).problem,)
        self._host.notify(f"Fix {count} field{'' if count == 1 else 's'} first.", "warning")

    def on_state(self, state: State) -> None:
        """See what became of what was sent, else follow the task."""
        if self._ticket is None:
            self._target.on_state(state, self.form)
            return
        outcome = self._target.outcome(self._ticket, state)
        self.text.save()  # as a draft until it is kept as a change, and again if that is refused
        if outcome == "done":
            self.close()
        elif outcome == "waiting":
            self.leave_saving()
        elif outcome == "refused":
            ticket, self._ticket = self._ticket, None
            self._target.place(ticket, state, self.form)
            self.text.save()
            self._host.notify("The server rejected this; your input is unchanged.", "error")

    def leave_saving(self) -> None:
        """Close the form; what it sent goes on, and a draft of it is kept until it has arrived."""
        ticket = self._ticket
        if ticket is not None:
            self.is_over = True
            draft = self._keeper.make(self.text.workflow, self.text.about, self.form.draft())
            self._left_saving(ticket, draft)
        self._leave()

    # Leaving

    def leave(self) -> None:
        """Close the form; asks where something would be lost."""
        if self.is_saving:
            self.leave_saving()
        elif self.form.is_dirty:
            self._run(self._ask_to_leave())
        else:
            self.close()

    async def _ask_to_leave(self) -> None:
        count = len(self.form.typed)
        items = [
            Item("stay", "Go on editing", note="esc"),
            Item("save", "Save", note="s", letter="s"),
            Item("keep", "Keep it as a draft for later", note="l", letter="l"),
            Item("discard", "Discard the changes", note="d", letter="d"),
        ]
        answer = await self.ask(f"{count} field{'' if count == 1 else 's'} changed", items)
        if answer == "save":
            self.save()
            self._changed()
        elif answer == "keep":
            self.text.save()
            self.is_over = True
            self._leave()
        elif answer == "discard":
            self.close()

    def close(self) -> None:
        """Close the form for good."""
        self.is_over = True
        self._ticket = None
        self.text.drop()
        self._leave()

    def _leave(self) -> None:
        if self._face is not None:
            self._face.leave()

    # Drafts

    async def offer(self) -> bool:
        """Where there is a draft of this form, ask what is to become of it; whether there is one."""
        draft = self.text.load()
        if draft is None:
            return False
        self.is_offering = True
        count = sum(not name.startswith("\0") for name, _ in draft.texts)
        when = time_words(draft.at, self._keeper.clock())
        items = [
            Item("keep", "Go on with it", note="g", letter="g"),
            Item("discard", "Discard it", note="d", letter="d"),
        ]
        title = f"A draft from {when} ({count} field{'' if count == 1 else 's'})"
        answer = await self.ask(title, items)
        self.is_offering = False
        if answer is None:  # another time: the draft stays, and the form as it is must not replace it
            self.is_over = True
            self._leave()
            return True
        if answer == "keep":
            self.form.recall(draft.texts)
        self.text.save()  # a form whose draft is discarded is untouched
        self._changed()
        return True

    def _texts(self) -> Texts | None:
        """What has been typed; ``None`` while it is not this form's to say what is stored."""
        if self.is_over or self.is_offering:
            return None
        if self._ticket is not None and self._target.is_kept(self._ticket):
            return ()
        return self.form.draft() if self.form.is_dirty else ()

    def _not_saved(self, why: str) -> None:
        if not self.is_over:
            self._host.notify(why, "error")

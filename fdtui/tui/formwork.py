"""What a form does beyond typing: lists, calendar, the user's editor, saving, drafts, leaving."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from textual.app import SuspendNotSupported

from fdtui.core.dates import day_of, spelled
from fdtui.core.entry import Entry
from fdtui.core.errors import StorageError
from fdtui.core.fields import as_datetime
from fdtui.core.schema import FieldType
from fdtui.core.state import State
from fdtui.sync.store import Draft, Drafts
from fdtui.tui.form import Ask, Form, Slot
from fdtui.tui.terminal import lent
from fdtui.tui.widgets.picker import Item, Picker

if TYPE_CHECKING:
    from fdtui.tui.widgets.formview import FormView

SECRETS = ("FDTUI_API_KEY", "FDTUI_WEBHOOK_URL")
"""What no other program is given."""


class Errand(Protocol):
    """Whom a form's values go to."""

    def send(self, form: Form) -> int | None:
        """Hand the values over; the ticket to wait for, ``None`` where nothing is on its way."""
        ...

    def outcome(self, ticket: int, state: State) -> str:
        """``""`` while it is on its way, else ``done``, ``refused`` or ``waiting`` (offline)."""
        ...

    def place(self, ticket: int, state: State, form: Form) -> None:
        """Put what was refused under the fields."""
        ...

    def follow(self, state: State, form: Form) -> None:
        """Let the form follow its task."""
        ...


class FormWork:
    """The work of one form, for as long as it is open and a little longer."""

    in_place = False

    def __init__(
        self,
        form: Form,
        errand: Errand,
        drafts: Drafts,
        *,
        workflow: str,
        about: str,
        clock: Callable[[], float],
        leave: Callable[[], None],
        saved: Callable[[int], None],
        left_saving: Callable[[int, Draft], None],
    ) -> None:
        self.form, self._errand, self._drafts = form, errand, drafts
        self._workflow, self.about, self._clock = workflow, about, clock
        self._leave, self._saved, self._left_saving = leave, saved, left_saving
        self._ticket: int | None = None
        self._kept: tuple[tuple[str, str], ...] = ()
        self.is_offering = False
        """Whether the user is being asked what shall become of a draft."""
        self.is_over = False
        """Whether nothing of the form is worth keeping any more."""

    def attach(self, view: FormView) -> None:
        """The view that shows the form."""
        self.view = view

    @property
    def is_saving(self) -> bool:
        """Whether the values are on their way."""
        return self._ticket is not None

    def hints(self) -> list[tuple[str, str]]:
        """The keys that mean something where the cursor is."""
        if self.is_saving:
            return [("esc", "go on with the board")]
        slot, keys = self.form.slot, [("^o", "save")]
        if slot is not None:
            more = {Ask.CALENDAR: "calendar", Ask.EDITOR: "$EDITOR", Ask.LIST: "list"}
            enter = {"choice": "choose", "checkbox": "tick", "longText": "new line"}
            keys.append(("enter", enter.get(slot.kind, "next")))
            keys.append(("tab", "next"))
            keys.append(("^n", "nothing" if not slot.entry.is_null else "empty"))
            if slot.opens in more and slot.opens is not Ask.LIST:
                keys.append(("^x", more[slot.opens]))
        else:
            keys += [("enter", "save"), ("shift+tab", "back")]
        return [*keys, ("esc", "leave")]

    def do(self, ask: Ask, character: str | None) -> None:
        """Do what the form asks for."""
        slot = self.form.slot
        if ask is Ask.SAVE:
            self.save()
        elif ask is Ask.LEAVE:
            self.ask_to_leave()
        elif slot is not None and ask is Ask.LIST:
            self._list(slot, character)
        elif slot is not None and ask is Ask.CALENDAR:
            self._calendar(slot)
        elif slot is not None and ask is Ask.EDITOR:
            self.flush()
            self.view.run_worker(self._external(slot), group="editor", exit_on_error=False)

    # Lists, calendar, editor

    def put(self, slot: Slot, entry: Entry) -> None:
        """Give a slot what was chosen."""
        self.form.put(slot, entry)
        self.form.enliven()
        self.view.changed()

    def _list(self, slot: Slot, character: str | None) -> None:
        from fdtui.tui.editors.choice import list_for  # noqa: PLC0415

        view = self.view
        picker = list_for(
            slot,
            self.form.schema,
            view.glyphs,
            chosen=lambda entry: self.put(slot, entry),
            closed=view.close_over,
        )
        view.show_over(picker)
        if character and character.isprintable() and character != " ":
            picker.press(character, character)

    def _calendar(self, slot: Slot) -> None:
        from fdtui.tui.editors.calendar import Calendar  # noqa: PLC0415

        moment, value = self.form.moment, self.form.reading(slot).value
        today = moment.now.astimezone(moment.zone).date()
        text = value if isinstance(value, str) else ""
        when = as_datetime(text)
        day = when.date() if when else day_of(text, today) or today

        def chosen(day: date) -> None:
            text = day.isoformat()
            if slot.entry.field.type == FieldType.DATETIME:
                if when is not None:
                    text = spelled(datetime.combine(day, when.timetz()))
                else:
                    text = f"{text} 09:00"
            self.put(slot, slot.entry.typed(text))

        view = self.view
        view.show_over(Calendar(day, today, view.glyphs, chosen=chosen, closed=view.close_over))

    async def _external(self, slot: Slot) -> None:
        """Let the user's own editor at the text, with this program out of the way."""
        from fdtui.tui.editors.external import Desktop, command_of, run_editor  # noqa: PLC0415

        view, command = self.view, command_of(os.environ)
        if not command:
            view.say("There is no editor: set EDITOR to the one you like.", "warning")
            return
        try:
            desktop = Desktop(slot.entry.text)
        except OSError as error:
            view.say(f"The text could not be written to a file: {error.strerror}.", "error")
            return
        environ = {name: value for name, value in os.environ.items() if name not in SECRETS}
        code = 127
        try:
            # Inside of batch_update nothing is drawn meanwhile: the terminal is the editor's.
            with view.app.batch_update(), view.app.suspend(), lent(view.app):
                code = await run_editor(command, desktop.path, environ)
        except SuspendNotSupported:
            view.say("This terminal cannot be handed to an editor.", "warning")
            return
        edited = desktop.take(code)
        if edited.text is None:
            view.say(edited.problem, "error")
        elif edited.text != desktop.before:
            self.put(slot, slot.entry.typed(edited.text))
        self._repaint()

    def _repaint(self) -> None:
        repaint = getattr(self.view.screen, "repaint_all", None)
        if repaint is not None:
            repaint()

    # Saving

    def save(self) -> None:
        """Send the changed fields, unless one of them is wrong."""
        form, view = self.form, self.view
        form.go(form.at)
        form.top_told = ""
        wrong = form.wrong
        if wrong:
            form.go(form.slots.index(wrong[0]))
            for slot in wrong:
                if not slot.entry.is_touched and not slot.told:
                    slot.told = (form.reading(slot).problem,)
            view.say(f"{len(wrong)} field{'' if len(wrong) == 1 else 's'} to mend first.", "warning")
            return
        if not form.values():
            self.close()
            return
        self.flush()
        ticket = self._errand.send(form)
        if ticket is not None:
            self._ticket = ticket
            view.say("Saving…")

    def heed(self, state: State) -> None:
        """See what became of what was sent, else follow the task."""
        if self._ticket is None:
            self._errand.follow(state, self.form)
            return
        outcome = self._errand.outcome(self._ticket, state)
        if outcome == "done":
            ticket = self._ticket
            self.close()
            self._saved(ticket)
        elif outcome == "waiting":
            self.leave_saving()
        elif outcome == "refused":
            ticket, self._ticket = self._ticket, None
            self._errand.place(ticket, state, self.form)
            self.view.say("Refused; what you typed is still here.", "error")

    def press_while_saving(self, name: str, character: str | None) -> None:
        """Only leaving means something while the answer is on its way."""
        if name == "escape":
            self.leave_saving()

    def leave_saving(self) -> None:
        """Close the form; what it sent goes on, and a draft of it is kept until it has arrived."""
        ticket = self._ticket
        if ticket is not None:
            self.is_over = True
            draft = Draft(self._workflow, self.about, self.form.draft(), self._clock())
            self._left_saving(ticket, draft)
        self._leave()

    # Leaving

    def ask_to_leave(self) -> None:
        """Close the form; asks where something would be lost."""
        if not self.form.is_dirty:
            self.close()
            return
        count = len([slot for slot in self.form.changed if slot.entry.is_touched])
        items = [
            Item("save", "Save", note="s", letter="s"),
            Item("keep", "Keep it as a draft for later", note="l", letter="l"),
            Item("discard", "Discard what was typed", note="d", letter="d"),
            Item("stay", "Go on editing", note="esc"),
        ]
        self.ask(f"{count} field{'' if count == 1 else 's'} changed", items, self._left)

    def ask(self, title: str, items: list[Item], chosen: Callable[[str], None]) -> None:
        """Ask something over the form."""
        view = self.view
        view.show_over(
            Picker(
                title,
                items,
                view.glyphs,
                chosen=lambda item: chosen(item.id),
                closed=view.close_over,
                searchable=False,
            )
        )

    def _left(self, choice: str) -> None:
        if choice == "save":
            self.save()
        elif choice == "keep":
            self.flush()
            self.is_over = True
            self._leave()
        elif choice == "discard":
            self.close()

    def close(self) -> None:
        """Close the form for good."""
        self.is_over = True
        self._ticket = None
        self._keep(())
        self._leave()

    # Drafts

    def offer(self) -> None:
        """Where there is a draft of this form, ask what shall become of it."""
        draft = self._drafts.load(self._workflow, self.about)
        if draft is None or not draft.texts:
            return
        self._kept, self.is_offering = draft.texts, True
        count = sum(not name.startswith("\0") for name, _ in draft.texts)
        when = said_at(draft.at, self._clock())
        items = [
            Item("keep", "Go on with it", note="g", letter="g"),
            Item("discard", "Discard it", note="d", letter="d"),
        ]

        def chosen(choice: str) -> None:
            self.is_offering = False
            if choice == "keep":
                self.form.recall(draft.texts)
            else:
                self._keep(())
            self.view.changed()

        self.ask(f"A draft from {when} ({count} field{'' if count == 1 else 's'})", items, chosen)

    def decline(self) -> None:
        """Neither go on with the draft nor throw it away: another time."""
        self.is_over = True
        self._leave()

    def flush(self) -> None:
        """Save what has been typed, so that it outlives the program."""
        if self.is_over or self.is_offering:
            return
        self._keep(self.form.draft() if self.form.is_dirty else ())

    def _keep(self, texts: tuple[tuple[str, str], ...]) -> None:
        if texts == self._kept:
            return
        try:
            if texts:
                self._drafts.save(Draft(self._workflow, self.about, texts, self._clock()))
            else:
                self._drafts.drop(self._workflow, self.about)
        except StorageError as error:
            if not self.is_over:
                self.view.say(f"NOT KEPT as a draft: {error}", "error")
            return
        self._kept = texts


def said_at(at: float, now: float) -> str:
    """When that was, for people: ``14:03``, with the day where it was another."""
    then, today = time.localtime(at), time.localtime(now)
    same_day = then[:3] == today[:3]
    return time.strftime("%H:%M" if same_day else "%Y-%m-%d %H:%M", then)

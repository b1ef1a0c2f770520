"""Where a form's values go: into the task that it shows, or into a new one."""

from __future__ import annotations

from collections.abc import Callable

from fdtui.core.intents import SetFields
from fdtui.core.state import ConnectionState, State
from fdtui.sync.session import Session
from fdtui.tui.forms.form import Form

GONE = "Someone deleted this task."
DONE, REFUSED, WAITING = "done", "refused", "waiting"


def outcome_of(ticket: int, state: State) -> str:
    """What became of an intent: nothing yet (empty), done, refused, or waiting to be sent."""
    if state.refusal(ticket) is not None:
        return REFUSED
    if all(each.ticket != ticket for each in state.pending):
        return DONE
    return "" if state.connection is ConnectionState.LIVE else WAITING


def is_kept(ticket: int, session: Session) -> bool:
    """Whether the journal has an intent on the disk, so that what was typed needs no draft."""
    pending = (each for each in session.state.pending if each.ticket == ticket)
    return session.waiting.is_kept and any(each.saved for each in pending)


class ChangeTarget:
    """Changes the task that the form was opened on."""

    def __init__(self, session: Session, key: str, gone: Callable[[Form], None]) -> None:
        """``gone`` is called with a form that cannot be sent, for its task was deleted."""
        self._session, self._key, self._gone = session, key, gone
        self._deleted = False

    def send(self, form: Form) -> int | None:
        """See `fdtui.tui.forms.controller.FormTarget`."""
        if self._key not in self._session.state.shown or self._deleted:
            self._gone(form)
            return None
        intent = SetFields(self._key, tuple(form.values().items()), form.seen())
        if not self._session.perform(intent):
            return None
        return self._session.state.pending[-1].ticket

    def outcome(self, ticket: int, state: State) -> str:
        """See `fdtui.tui.forms.controller.FormTarget`."""
        return outcome_of(ticket, state)

    def is_kept(self, ticket: int) -> bool:
        """See `fdtui.tui.forms.controller.FormTarget`."""
        return is_kept(ticket, self._session)

    def place(self, ticket: int, state: State, form: Form) -> None:
        """See `FormTarget`; what someone else changed is resolved in the form."""
        refusal = state.refusal(ticket)
        if refusal is None:
            return
        form.show_errors(refusal.fields, refusal.why)
        conflict = refusal.conflict
        if conflict is None:
            return
        self._deleted = conflict.deleted
        disputed = {each.name: each.theirs for each in conflict.fields}
        for slot in form.slots:
            name = slot.entry.field.name
            if name in disputed:
                slot.theirs = (disputed[name],)
        # Theirs stands until this form says otherwise, and the form has mine.
        self._session.resolve_conflict(self._key, {})

    def on_state(self, state: State, form: Form) -> None:
        """See `fdtui.tui.forms.controller.FormTarget`."""
        task = state.shown.get(self._key)
        if task is not None:
            form.merge(task.row)
            form.top_told = "" if form.top_told == GONE else form.top_told
        elif state.loaded:
            form.top_told = GONE


class NewTarget:
    """Makes a new task."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def send(self, form: Form) -> int | None:
        """See `fdtui.tui.forms.controller.FormTarget`."""
        if not self._session.create(form.values()):
            return None
        return self._session.state.pending[-1].ticket

    def outcome(self, ticket: int, state: State) -> str:
        """See `fdtui.tui.forms.controller.FormTarget`."""
        return outcome_of(ticket, state)

    def is_kept(self, ticket: int) -> bool:
        """See `fdtui.tui.forms.controller.FormTarget`."""
        return is_kept(ticket, self._session)

    def place(self, ticket: int, state: State, form: Form) -> None:
        """See `fdtui.tui.forms.controller.FormTarget`."""
        refusal = state.refusal(ticket)
        if refusal is not None:
            form.show_errors(refusal.fields, refusal.why)

    def on_state(self, state: State, form: Form) -> None:
        """See `fdtui.tui.forms.controller.FormTarget`; a new task has nothing to follow."""

"""What of forms is not sent: those that were left while they were being sent, and drafts that wait."""

from __future__ import annotations

import time
from collections.abc import Callable

from fdtui.core.safetext import quoted
from fdtui.core.state import State
from fdtui.sync.storage.protocols import Draft
from fdtui.sync.writing.history import bulk_draft, comment_draft, item_draft
from fdtui.tui.forms.targets import DONE, REFUSED, is_kept, outcome_of
from fdtui.tui.host import Host

NEW = "\0new"
"""What the draft of a new task is about; no unique id holds a NUL."""

LABEL = 40
"""Cells for the name of a task in a sentence about its draft."""


class LeftForms:
    """Watches over forms whose answer has not come, and names the drafts of the workflow.

    ``changed`` is called when there is another number of drafts.
    """

    def __init__(self, host: Host, changed: Callable[[], None]) -> None:
        self._host, self._changed = host, changed
        self._waiting: dict[int, Draft] = {}
        """Tickets of forms that were closed before their answer came, with what was typed."""
        self._kept = set[int]()
        """Those that the journal has, too."""

    def add(self, ticket: int, draft: Draft) -> None:
        """A form was left while it was being sent."""
        self._waiting[ticket] = draft
        self._drop_kept()

    def _drop_kept(self) -> None:
        """What the journal keeps is no draft: the next start would offer it, to be sent once more."""
        for ticket in self._waiting.keys() - self._kept:
            if is_kept(ticket, self._host.session):
                self._kept.add(ticket)
                self._drop(self._waiting[ticket])

    def _drop(self, draft: Draft) -> None:
        self._host.session.drafts.drop(draft.workflow, draft.about)
        self._changed()

    def has(self, about: str) -> bool:
        """Whether a draft about that is of a form whose answer is still to come."""
        return any(
            each.about == about for ticket, each in self._waiting.items() if ticket not in self._kept
        )

    def on_state(self, before: State, state: State) -> None:
        """Drop the draft of what is kept or has arrived, and keep that of what was refused."""
        self._drop_kept()
        for ticket, draft in list(self._waiting.items()):
            outcome = outcome_of(ticket, state)
            if outcome in (DONE, REFUSED):
                del self._waiting[ticket]
            if outcome == DONE and ticket not in self._kept:
                self._drop(draft)
            elif outcome == REFUSED:
                self._refused(ticket, draft, state)

    def _refused(self, ticket: int, draft: Draft, state: State) -> None:
        host, drafts = self._host, self._host.session.drafts
        key, _, name = draft.about.partition("\0")
        about = draft.about
        if key and name:  # one field: from now on it is offered in the whole form
            about = key
            if ticket not in self._kept:
                drafts.drop(draft.workflow, draft.about)
        if ticket in self._kept and drafts.load(draft.workflow, about) is not None:
            self._say_kept(ticket, state)
            return
        drafts.save(Draft(draft.workflow, about, draft.texts, draft.at))
        self._changed()
        refusal = state.refusal(ticket)
        why = refusal.why if refusal is not None else ""
        way = host.key_of("task.edit" if key else "task.new")
        host.notify(f"{why} {way} opens the form with what you typed.", "error")

    def _say_kept(self, ticket: int, state: State) -> None:
        """Another text waits under its name by now: what was refused is in the journal only."""
        refusal, host = state.refusal(ticket), self._host
        why = refusal.why if refusal is not None else ""
        host.notify(f"{why} {host.key_of('board.waiting')} lists what you typed.", "error")

    def waiting_drafts(self, workflow: str) -> str:
        """A sentence about drafts that wait in a workflow; empty where there are none."""
        drafts = [each for each in self._host.session.drafts.all() if each.workflow == workflow]
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
        if draft.about.startswith(bulk_draft("")):
            return f"the bulk change of {quoted(draft.about.removeprefix(bulk_draft(''))[:40])}"
        about, what = draft.about, ""
        for prefix, words in (
            (comment_draft(""), "the comments of "),
            (item_draft(""), "the checklist of "),
        ):
            if about.startswith(prefix):
                about, what = about.removeprefix(prefix), words
        task = self._host.state.shown.get(about.partition("\0")[0])
        return what + (self._host.label(task, LABEL) if task is not None else "a task that is gone")

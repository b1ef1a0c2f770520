"""The changes that the server has not taken: looked at, sent now, tried again, edited, discarded."""

from __future__ import annotations

from collections.abc import Callable

from fdtui.core.intents import CreateTask, DeleteTask
from fdtui.core.safetext import safe
from fdtui.core.state import ConnectionState
from fdtui.sync.storage.journal import EntryState, JournalEntry
from fdtui.tui.confirm import confirm
from fdtui.tui.host import Host
from fdtui.tui.presentation.times import time_words
from fdtui.tui.toolkit.cells import Line, wrapped
from fdtui.tui.toolkit.item import Item
from fdtui.tui.toolkit.picker import Picker
from fdtui.tui.toolkit.reader import Reader

MAX_LISTED = 500
"""Changes that the list shows; the rest is counted."""
STATE_WORDS = {
    EntryState.PENDING: "not sent yet",
    EntryState.SENDING: "being sent",
    EntryState.UNKNOWN: "sent; the answer was lost",
    EntryState.CONFLICT: "conflict",
    EntryState.REFUSED: "refused",
}


class WaitingCommands:
    """Opens the list; each change leads to what can be done with it, and back to the list."""

    def __init__(self, host: Host, reopen: Callable[[JournalEntry], None]) -> None:
        """``reopen`` opens the form of a refused change, with its values in it."""
        self._host, self._reopen = host, reopen

    def open(self) -> None:
        """Show what waits."""
        self._host.run(self._list())

    async def _list(self) -> None:
        host, at = self._host, 0
        while True:
            entries = host.session.waiting.entries()
            if not entries:
                host.notify("Nothing is waiting: the server has every change.")
                return
            items = [self._item(each) for each in entries[:MAX_LISTED]]
            more = f" (first {MAX_LISTED:,})" if len(entries) > MAX_LISTED else ""
            title = f"{len(entries):,} change{'' if len(entries) == 1 else 's'} waiting{more}"
            chosen = await host.ask(
                Picker(title, items, host.look.glyphs, start=min(at, len(items) - 1))
            )
            if chosen is None:
                return
            at = next((at for at, each in enumerate(items) if each.id == chosen.id), 0)
            entry = next((each for each in entries if str(each.ticket) == chosen.id), None)
            if entry is None or not await self._one(entry):
                return

    def _item(self, entry: JournalEntry) -> Item:
        glyphs = self._host.look.glyphs
        signs = {
            EntryState.CONFLICT: (glyphs.conflict, "bold warn"),
            EntryState.REFUSED: (glyphs.refused, "bold bad"),
        }
        return Item(
            str(entry.ticket),
            f"{safe(entry.title[:80])}: {safe(entry.pending.intent.sentence()[:120])}",
            note=f"{STATE_WORDS[entry.state]}  {time_words(entry.at, self._host.clock())}",
            words=entry.workflow.name,
            sign=signs.get(entry.state, (glyphs.waiting, "warn")),
        )

    async def _one(self, entry: JournalEntry) -> bool:
        """Show one change whole and do what is asked; whether the list is wanted again."""
        host = self._host
        report = Reader(
            f"{safe(entry.title[:120])}: {safe(entry.pending.intent.sentence())}",
            lambda width: self._lines(entry, width),
            host.look.glyphs,
            answers=tuple(self._answers(entry)),
            leave="back",
        )
        match await host.ask(report):
            case "now":
                host.session.refresh()
                host.notify("Asking the server…")
                return False
            case "retry":
                if host.session.waiting.retry(entry):
                    host.notify(f"Trying again: {safe(entry.title[:60])}.")
            case "resolve":
                return not (self._go(entry) and self._give("board.resolve"))
            case "edit":
                if not isinstance(entry.pending.intent, CreateTask) and not self._go(entry):
                    return True
                self._edit(entry)
                return False
            case "card":
                return not self._go(entry)
            case "discard":
                await self._discard(entry)
        return True

    def _answers(self, entry: JournalEntry) -> list[Item]:
        is_shown = self._is_shown(entry)
        is_whole = isinstance(entry.pending.intent, CreateTask | DeleteTask)
        is_made = isinstance(entry.pending.intent, CreateTask) and entry.state is EntryState.REFUSED
        answers: list[Item] = []
        if entry.state is EntryState.PENDING and self._host.state.connection is not ConnectionState.LIVE:
            answers.append(Item("now", "send now", letter="s"))
        if entry.state is EntryState.REFUSED:
            answers.append(Item("retry", "retry", letter="r"))
        if entry.state is EntryState.CONFLICT and is_shown:
            answers.append(Item("resolve", "resolve…", letter="m"))
        if is_shown and (is_made or not is_whole) and entry.state is not EntryState.CONFLICT:
            answers.append(Item("edit", "edit…", letter="e"))
        if is_shown and not isinstance(entry.pending.intent, CreateTask):
            answers.append(Item("card", "go to the card", letter="g"))
        if entry.state in {EntryState.PENDING, EntryState.REFUSED, EntryState.CONFLICT}:
            answers.append(Item("discard", "discard…", letter="x"))
        return answers

    def _lines(self, entry: JournalEntry, width: int) -> list[Line]:
        when = time_words(entry.at, self._host.clock())
        told = [f"{STATE_WORDS[entry.state]}, {when}, in {safe(entry.workflow.name)}"]
        if entry.why:
            told.append(safe(entry.why))
        told += [f"{safe(name)}: {safe('; '.join(said))}" for name, said in entry.fields.items()]
        lines: list[Line] = []
        for text in told:
            lines += wrapped(text, "text", width)
        if not self._is_shown(entry):
            lines += [(), *wrapped("Open that workflow to see its card.", "dim", width)]
        return lines

    def _is_shown(self, entry: JournalEntry) -> bool:
        workflow = self._host.state.workflow
        return workflow is not None and workflow.id == entry.workflow.id

    def _go(self, entry: JournalEntry) -> bool:
        if self._host.go_to(entry.pending.key):
            self._host.draw()
            return True
        self._host.notify("Its card is not on the board, or hidden by the filter.", "warning")
        return False

    def _edit(self, entry: JournalEntry) -> None:
        if entry.state is EntryState.REFUSED:
            self._reopen(entry)
        else:
            self._give("task.edit")

    def _give(self, command: str) -> bool:
        self._host.give(command)
        return True

    async def _discard(self, entry: JournalEntry) -> None:
        host, what = self._host, safe(entry.pending.intent.sentence())
        is_sure = await confirm(
            host,
            f"Discard your change ({what})?",
            yes="Discard my change",
            no="Keep it",
            subject=(safe(entry.title),),
        )
        if is_sure and host.session.waiting.discard(entry):
            host.notify("Discarded your change.")
        elif is_sure:
            host.notify("It has been sent already.", "warning")

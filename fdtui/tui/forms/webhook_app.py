"""The program where only a webhook address is configured: one form that creates, and reads nothing."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from textual.app import ComposeResult
from textual.screen import Screen

from fdtui.core.entry import Moment, entry_of
from fdtui.core.errors import FdtuiError
from fdtui.core.keymap import Keymap, build_keymap
from fdtui.core.pairs import read_pairs
from fdtui.core.safetext import safe
from fdtui.core.schema import Field, FieldType, Schema
from fdtui.core.state import State
from fdtui.core.values import Row
from fdtui.sync.storage.protocols import Drafts
from fdtui.sync.writing.draft_keeper import DraftKeeper
from fdtui.tui.dialogs import Dialogs, DialogScreen, EmptyLayer
from fdtui.tui.footer import Footer
from fdtui.tui.forms.controller import FormController
from fdtui.tui.forms.form import Form, Slot
from fdtui.tui.forms.view import FormView
from fdtui.tui.host import DialogHost
from fdtui.tui.preferences import Look
from fdtui.tui.terminal.app import TerminalApp
from fdtui.tui.terminal.first_theme import begin_in
from fdtui.tui.toolkit.lined import Ground

FIELDS = "Fields"
HINT = (
    "A line for each field: Name=value, or Name:=JSON. With the unique id among them, a task that "
    "has it is changed. Nothing can be read through this address."
)


class WebhookController(FormController):
    """Sends the lines as one task; the form stays for the next one."""

    def __init__(
        self,
        form: Form,
        send: Callable[[Row], Awaitable[Row]],
        host: DialogHost,
        keeper: DraftKeeper,
    ) -> None:
        super().__init__(form, _Nowhere(), host, keeper, workflow="webhook", about="webhook")
        self._send = send
        self._is_sending = False

    @property
    def is_saving(self) -> bool:
        """Whether the answer is awaited."""
        return self._is_sending

    def leave_saving(self) -> None:
        """There is nothing to do but to wait."""

    def save(self) -> None:
        """Send what the lines say."""
        try:
            fields = read_pairs(self.form.slots[0].entry.text)
        except FdtuiError as error:
            self._host.notify(str(error), "warning")
            return
        if not fields:
            self._host.notify("There is nothing to send yet.", "warning")
            return
        self.text.save()
        self._is_sending = True
        self._host.notify("Sending…")
        self._host.run(self._deliver(fields))

    async def _deliver(self, fields: Row) -> None:
        try:
            made = await self._send(fields)
        except FdtuiError as error:
            self._host.notify(f"{error} What you typed is still here.", "error")
            return
        finally:
            self._is_sending = False
            self._changed()
        words = ", ".join(
            f"{name} {value}" for name, value in list(made.items())[:3] if value is not None
        )
        slot = self.form.slots[0]
        self.form.put(slot, entry_of(slot.entry.field, None))
        self.form.go(0)
        self._changed()
        words = f"Sent: {safe(words)[:200]}." if words else "Sent."
        self._host.notify(f"{words} The form is ready for another.")


class _Nowhere:
    """A webhook has no session behind it."""

    def send(self, form: Form) -> int | None:
        """See `fdtui.tui.forms.controller.FormTarget`."""
        return None

    def outcome(self, ticket: int, state: State) -> str:
        """See `fdtui.tui.forms.controller.FormTarget`."""
        return ""

    def is_kept(self, ticket: int) -> bool:
        """See `fdtui.tui.forms.controller.FormTarget`."""
        return False

    def place(self, ticket: int, state: State, form: Form) -> None:
        """See `fdtui.tui.forms.controller.FormTarget`."""

    def on_state(self, state: State, form: Form) -> None:
        """See `fdtui.tui.forms.controller.FormTarget`."""


class WebhookScreen(DialogScreen):
    """The form, alone."""

    DEFAULT_CSS = """
    WebhookScreen { background: $fd-background; layers: below above; overflow: hidden; }
    WebhookScreen > Ground { height: 1fr; }
    """

    def __init__(
        self,
        address: str,
        send: Callable[[Row], Awaitable[Row]],
        drafts: Drafts,
        look: Look,
        keymap: Keymap,
    ) -> None:
        super().__init__()
        slot = Slot(entry_of(Field(FIELDS, FieldType.LONG_TEXT), None))
        form = Form([slot], Schema(), lambda: Moment(datetime.now().astimezone()))
        form.intro = HINT
        self.keeper = DraftKeeper(drafts, time.time, self.set_timer)
        self.dialogs = Dialogs(self, look, keymap, EmptyLayer())
        self.work = WebhookController(form, send, self.dialogs, self.keeper)
        self.view = FormView(self.work, self.dialogs, f"New task for {address}")
        self._notice = look.notice

    def compose(self) -> ComposeResult:
        """The ground that the form is on, its keys below."""
        yield Ground()
        yield Footer("footer")

    def on_mount(self) -> None:
        """Show the form, and a draft that may be waiting."""
        self.dialogs.run(self._show())

    async def _show(self) -> None:
        self.dialogs.run(self._offer())
        if self._notice:
            self.call_after_refresh(self.dialogs.notify, self._notice, "warning")
        await self.dialogs.ask(self.view)
        self.app.exit()

    async def _offer(self) -> None:
        await self.work.offer()


class WebhookApp(TerminalApp[None]):
    """The whole program, where nothing but a webhook address is configured."""

    TITLE = "fdtui"

    def __init__(
        self,
        address: str,
        send: Callable[[Row], Awaitable[Row]],
        drafts: Drafts,
        look: Look,
        keymap: Keymap | None = None,
    ) -> None:
        super().__init__()
        begin_in(self, look.theme, look.depth)
        self._form = WebhookScreen(address, send, drafts, look, keymap or build_keymap())

    def get_default_screen(self) -> Screen[None]:
        """The form, at once."""
        return self._form

    def warn(self, sentence: str) -> None:
        """Say what the user has to know while the form is open."""
        self._form.dialogs.notify(sentence, "warning")

    def exit(self, *arguments: Any, **more: Any) -> None:
        """End, with what was typed on the disk."""
        self._form.keeper.save()
        super().exit(*arguments, **more)

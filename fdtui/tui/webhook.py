"""The program where all one has is a webhook address: one form that creates, and reads nothing."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from datetime import datetime

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from fdtui.core.entry import Moment, entry_of
from fdtui.core.errors import FdtuiError
from fdtui.core.pairs import read_pairs
from fdtui.core.safetext import safe
from fdtui.core.schema import Field, FieldType, Schema
from fdtui.core.state import State
from fdtui.core.values import Row
from fdtui.sync.store import Drafts
from fdtui.tui.form import Form, Slot
from fdtui.tui.formwork import FormWork
from fdtui.tui.keys import key_name
from fdtui.tui.look import Look
from fdtui.tui.terminal import TerminalApp
from fdtui.tui.theme import textual_themes, theme_name
from fdtui.tui.widgets.formview import FormView
from fdtui.tui.widgets.lined import Ground

FIELDS = "Fields"
HINT = (
    "A line for each field: Name=value, or Name:=JSON. With the unique id among them, a task that "
    "has it is changed. Nothing can be read through this address."
)


class WebhookWork(FormWork):
    """Sends the lines as one task; the form stays for the next one."""

    def __init__(
        self,
        form: Form,
        send: Callable[[Row], Awaitable[Row]],
        drafts: Drafts,
        quit_: Callable[[], None],
    ) -> None:
        super().__init__(
            form,
            _Nowhere(),
            drafts,
            workflow="webhook",
            about="webhook",
            clock=time.time,
            leave=quit_,
            saved=lambda _: None,
            left_saving=lambda *_: None,
        )
        self._send = send
        self._is_sending = False

    @property
    def is_saving(self) -> bool:
        """Whether the answer is awaited."""
        return self._is_sending

    def press_while_saving(self, name: str, character: str | None) -> None:
        """There is nothing to do but to wait."""

    def save(self) -> None:
        """Send what the lines say."""
        try:
            fields = read_pairs(self.form.slots[0].entry.text)
        except FdtuiError as error:
            self.view.say(str(error), "warning")
            return
        if not fields:
            self.view.say("There is nothing to send yet.", "warning")
            return
        self.flush()
        self._is_sending = True
        self.view.say("Sending…")
        self.view.run_worker(self._deliver(fields), group="send", exit_on_error=False)

    async def _deliver(self, fields: Row) -> None:
        try:
            made = await self._send(fields)
        except FdtuiError as error:
            self.view.say(f"{error} What you typed is still here.", "error")
            return
        finally:
            self._is_sending = False
        told = ", ".join(
            f"{name} {value}" for name, value in list(made.items())[:3] if value is not None
        )
        slot = self.form.slots[0]
        self.form.put(slot, entry_of(slot.entry.field, None))
        self.form.go(0)
        self.view.changed()
        self.view.say(f"Taken: {safe(told)[:200]}. The form is ready for another.")


class _Nowhere:
    """A webhook has no session behind it."""

    def send(self, form: Form) -> int | None:
        """See `fdtui.tui.formwork.Errand`."""
        return None

    def outcome(self, ticket: int, state: State) -> str:
        """See `fdtui.tui.formwork.Errand`."""
        return ""

    def place(self, ticket: int, state: State, form: Form) -> None:
        """See `fdtui.tui.formwork.Errand`."""

    def follow(self, state: State, form: Form) -> None:
        """See `fdtui.tui.formwork.Errand`."""


class WebhookScreen(Screen[None], inherit_bindings=False):
    """The form, alone."""

    ALLOW_SELECT = False
    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    WebhookScreen { background: $fd-background; layers: below above; overflow: hidden; }
    """

    def __init__(
        self, host: str, send: Callable[[Row], Awaitable[Row]], drafts: Drafts, look: Look
    ) -> None:
        super().__init__()
        slot = Slot(entry_of(Field(FIELDS, FieldType.LONG_TEXT), None))
        form = Form([slot], Schema(), lambda: Moment(datetime.now().astimezone()))
        form.intro = HINT
        self.work = WebhookWork(form, send, drafts, self._leave)
        self.view = FormView(form, self.work, look.glyphs, f"New task for {host}")

    def _leave(self) -> None:
        self.app.exit()

    def compose(self) -> ComposeResult:
        """The form on its ground."""
        yield Ground()
        yield self.view

    def on_mount(self) -> None:
        """A draft may be waiting."""
        self.call_after_refresh(self.work.offer)

    def on_resize(self) -> None:
        """Choose what fits."""
        self.view.place()

    def on_key(self, event: events.Key) -> None:
        """Every key is the form's."""
        event.stop()
        event.prevent_default()
        if event.key == "ctrl+c":
            self.app.exit()
        else:
            self.view.press(key_name(event), event.character)

    def on_paste(self, event: events.Paste) -> None:
        """Pasted text is text."""
        event.stop()
        self.view.paste(event.text)


class WebhookApp(TerminalApp[None]):
    """The whole program, where nothing but a webhook address is configured."""

    TITLE = "fdtui"

    def __init__(
        self, host: str, send: Callable[[Row], Awaitable[Row]], drafts: Drafts, look: Look
    ) -> None:
        super().__init__()
        for theme in textual_themes():
            self.register_theme(theme)
        self.theme = theme_name(look.theme)
        self._form = WebhookScreen(host, send, drafts, look)

    def get_default_screen(self) -> Screen[None]:
        """The form, at once."""
        return self._form

"""What asks the user something, on any screen: dialogs in a stack, whose answers are awaited.

The board has one of these, and so has each screen without a board; there the same dialogs and the
same keys work.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar

from textual import events
from textual.app import App
from textual.screen import Screen

from fdtui.core.keymap import Keymap
from fdtui.tui.conversations import Conversations, TypedKey
from fdtui.tui.focus import FocusStack, Handler, Hints, Layer
from fdtui.tui.footer import Footer, key_of
from fdtui.tui.host import Asks
from fdtui.tui.preferences import Look
from fdtui.tui.terminal.app import TerminalApp
from fdtui.tui.toolkit.key_events import Burst, read_of
from fdtui.tui.toolkit.key_guard import meant, presses, take_burst, why_not_meant
from fdtui.tui.toolkit.overlay import Overlay

T = TypeVar("T")


class EmptyLayer:
    """The bottom of a screen that is nothing without what lies over it."""

    scopes: tuple[str, ...] = ()
    is_modal = False
    is_typing = False

    def bindings(self) -> Mapping[str, Handler]:
        """Nothing can be done here."""
        return {}

    def refuses(self, command: str) -> str:
        """There is no command to refuse."""
        return ""

    def type(self, name: str, character: str | None) -> bool:
        """No key means anything here."""
        return False

    def footer(self) -> Hints:
        """There is nothing to tell."""
        return ()


class Dialogs:
    """Opens and stacks dialogs on one screen; see `fdtui.tui.host.DialogHost` for what each does."""

    def __init__(
        self,
        screen: Screen[Any],
        look: Look,
        keymap: Keymap,
        bottom: Layer,
        drawn: Callable[[], object] = lambda: None,
    ) -> None:
        """``drawn`` is called when what has the keys, or what they do, may be another."""
        self._screen, self._keymap, self._drawn = screen, keymap, drawn
        self.look = look
        self.focus = FocusStack(keymap, bottom)
        self.conversations = Conversations(self._failed, self._gave_up, self._dropped)
        self._asked: dict[Overlay, Asks[Any]] = {}
        """The dialogs whose answers are awaited."""

    @property
    def app(self) -> App[Any]:
        """The program, for its size and its terminal."""
        return self._screen.app

    @property
    def overlays(self) -> tuple[Overlay, ...]:
        """What lies over the screen, from the top down."""
        return tuple(each for each in self.focus.stack if isinstance(each, Overlay))

    def _failed(self, error: Exception) -> None:
        """A feature failed for a reason of its own: the program ends in good order."""
        if isinstance(self.app, TerminalApp):
            self.app.crash(error)

    def _gave_up(self, count: int) -> None:
        """The user stopped waiting for a dialog, and ``count`` keys came to nothing."""

    def _dropped(self, count: int) -> None:
        """This many keys that were typed ahead came to nothing."""

    def _deliver(self, key: TypedKey) -> bool:
        """Press a key that was typed ahead of a dialog; false where it must not be."""
        return False

    def key_of(self, command: str) -> str:
        """See `DialogHost.key_of`."""
        return key_of(self._keymap, command)

    def notify(self, text: str, severity: str = "information") -> None:
        """See `DialogHost.notify`: the topmost that has a place for it says it."""
        any(each.take_notice(text, severity) for each in self.overlays)

    def draw_footer(self) -> None:
        """See `DialogHost.draw_footer`."""
        for footer in self._screen.query(Footer):  # there is none any more while the screen goes
            footer.show(self._keymap, self.focus)
            self._drawn()

    def repaint(self) -> None:
        """See `DialogHost.repaint`."""
        if isinstance(self.app, TerminalApp):
            self.app.forget_painted()
        for widget in self._screen.query("*"):
            widget.refresh()
        self._screen.refresh(layout=True)

    # Dialogs

    def run(self, conversation: Coroutine[Any, Any, None]) -> None:
        """See `DialogHost.run`."""
        self.conversations.start(conversation)

    async def ask(self, dialog: Asks[T]) -> T | None:
        """See `DialogHost.ask`. A dialog lies over what was open, and gives it back the keys."""
        assert isinstance(dialog, Overlay), "only a widget can be shown"  # noqa: S101
        self.conversations.give_up()  # what another conversation waits for comes too late
        dialog.begin(self.conversations.answered, self.close)
        self._asked[dialog] = dialog
        self.open(dialog)
        self.conversations.deliver(self._deliver)
        try:
            return await dialog.answered()
        finally:
            self.close(dialog)

    def open(self, overlay: Overlay) -> None:
        """Lay something over whatever is open; it has the keys until it is closed."""
        self.focus.push(overlay)
        self._screen.mount(overlay)
        self.draw_footer()

    def close(self, overlay: Overlay) -> None:
        """Take it away, if it is still there; whoever asked goes on, whatever took it away."""
        if overlay in self.focus:
            self.focus.pop(overlay)
            overlay.remove()
            self.draw_footer()
        if (asked := self._asked.pop(overlay, None)) is not None:
            asked.answer()


class DialogScreen(Screen[None], inherit_bindings=False):
    """A screen without a board: a layer at the bottom, dialogs over it, the footer below."""

    ALLOW_SELECT = False
    AUTO_FOCUS = ""
    dialogs: Dialogs

    def on_resize(self) -> None:
        """Choose what fits."""
        for overlay in self.query(Overlay):
            overlay.place()
        self.dialogs.draw_footer()

    def on_unmount(self) -> None:
        """Stop whatever is still asking."""
        self.dialogs.conversations.end()

    async def on_key(self, event: events.Key) -> None:
        """The one place where keys become commands."""
        event.stop().prevent_default()
        if event.key == "ctrl+c":
            self.app.exit()
            return
        self._take(event)
        await self.dialogs.conversations.settled()
        self.dialogs.draw_footer()

    def _take(self, event: events.Key) -> None:
        focus, read = self.dialogs.focus, read_of(event)
        for press in presses(event, focus.means):
            name, character = press if focus.top.is_typing else meant(press, event)
            if isinstance(focus.top, Overlay):
                reason = why_not_meant(focus.top, name, read, focus.meaning(name))
                if reason is not None:
                    self.dialogs.notify(reason, "warning")
                    continue
            given = focus.press(name, character)
            if given is not None:
                given.layer.bindings()[given.command](given.count)

    async def on_burst(self, event: Burst) -> None:
        """Text that came all at once is text, too; on a menu it means nothing."""
        event.stop()
        take_burst(event, lambda: self.dialogs.focus.top.is_typing, self._take, self.paste)
        await self.dialogs.conversations.settled()
        self.dialogs.draw_footer()

    def on_paste(self, event: events.Paste) -> None:
        """Pasted text goes where one types."""
        event.stop()
        self.paste(event.text)
        self.dialogs.draw_footer()

    def paste(self, text: str) -> None:
        """Give text to what has the keys."""
        if isinstance(self.dialogs.focus.top, Overlay):
            self.dialogs.focus.top.paste(text)

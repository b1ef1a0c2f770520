"""The terminal as it is: input that is no UTF-8, signals, a screen left as it was found.

All that this program needs of Textual's private parts is in here and in `fdtui.tui.painter`, behind
a guard: with a Textual that they were not tried with, the plain driver is used.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import re
import selectors
import signal
import struct
import sys
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from textual import events
from textual.app import App, ScreenError
from textual.binding import Binding
from textual.driver import Driver
from textual.keys import Keys
from textual.message import Message

from fdtui.tui.overprint import Pictures
from fdtui.tui.painter import Painted, Painter, is_known_textual

if TYPE_CHECKING:
    from fdtui.tui.ear import Ear
    from fdtui.tui.graphics import Canvas

if sys.platform != "win32":
    import fcntl
    import termios

    from textual._xterm_parser import XTermParser
    from textual.drivers.linux_driver import LinuxDriver

Result = TypeVar("Result")

MAX_SIDE = 2_000
"""Columns or lines that a terminal may claim to have."""

LAST_RESORT = 3
"""Seconds after a signal when the process ends even if the terminal takes nothing any more."""

_TICK = 0.1
"""Seconds between two looks whether a key is complete because nothing comes after it."""

_NO_PIPE = (-1, -1)
_LONG_SEQUENCE = re.compile(
    r"\x1b\[[0-?]{24,}[ -/]*[@-~]?"  # a CSI that no key or mouse sends
    r"|\x1b[\]PX^_][^\x07\x1b]{0,4096}(?:\x07|\x1b\\)"  # the answer to a question we did not ask
)


class PatientParser(XTermParser):
    """Takes whatever comes: what is no key is dropped, nothing ends the program."""

    def __init__(self, debug: bool = False, ear: Callable[[], Ear | None] = lambda: None) -> None:
        super().__init__(debug)
        self._ear = ear

    def feed(self, data: str) -> Iterable[Message]:
        """The events of ``data``; a sequence that cannot be read gives none."""
        ear = self._ear()
        yield from self._events(ear.take(data) if ear is not None else data)

    @property
    def patience(self) -> float | None:
        """Seconds after which `tick` may have something to say; ``None`` while nothing is half done."""
        ear = self._ear()
        is_waiting = self._timeout_time is not None or (ear is not None and ear.is_holding)
        return _TICK if is_waiting else None

    def tick(self) -> Iterable[Message]:
        """The events of keys that are complete because nothing came after them."""
        ear = self._ear()
        if ear is not None and (half := ear.release()):
            yield from self._events(half)
        yield from super().tick()

    def _events(self, data: str) -> Iterable[Message]:
        if "\x1b" in data:
            data = _LONG_SEQUENCE.sub("", data)
        if not data:  # half of a character so far; to Textual it would be the end of all input
            return
        try:
            for event in super().feed(data):
                if _is_sane(event):
                    yield event
        except (ValueError, ArithmeticError, LookupError):
            self._start_again()

    def _start_again(self) -> None:
        self._tokens.clear()
        self._timeout_time = None
        self._gen = self.parse(self._tokens.append)
        self._awaiting = next(self._gen)

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterator[events.Key]:
        try:
            yield from list(super()._sequence_to_key_events(sequence, alt))
        except (ValueError, ArithmeticError):
            yield events.Key(Keys.Ignore, sequence)

    def parse_mouse_code(self, code: str) -> Message | None:
        """The mouse event, if it is one."""
        try:
            return super().parse_mouse_code(code)
        except (ValueError, ArithmeticError):
            return None


def _is_sane(event: Message) -> bool:
    if isinstance(event, events.Resize):
        return event.size.width <= MAX_SIDE and event.size.height <= MAX_SIDE
    if isinstance(event, events.Key) and event.character:
        return not any("\ud800" <= letter <= "\udfff" for letter in event.character)
    return True


class PatientDriver(LinuxDriver):
    """Textual's driver with a decoder that never gives up, and that notices a closed terminal.

    While nobody types, nothing of it runs: a board that is left open costs its host only polls.
    """

    _wake = _NO_PIPE
    """Ends the reading thread: where it reads, where it is written."""

    def start_application_mode(self) -> None:
        """Begin, or begin again after a pause, with a screen of which nothing is known."""
        self._wake = os.pipe()
        if isinstance(self._app, TerminalApp):
            self._app.forget_painted()
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def disable_input(self) -> None:
        """End the reading thread, which sleeps until there is something to read."""
        (reading, writing), self._wake = self._wake, _NO_PIPE
        if writing >= 0:
            os.write(writing, b"!")
        super().disable_input()
        if writing >= 0:
            os.close(reading)
            os.close(writing)

    def stop_application_mode(self) -> None:
        """Give the terminal back without pictures that no text wipes away."""
        if isinstance(self._app, TerminalApp):
            self.write(self._app.wipe_pictures())
        super().stop_application_mode()

    def say(self, sequence: str) -> None:
        """Write past the painter."""
        self.write(sequence)
        self.flush()

    @property
    def window(self) -> tuple[int, int, int, int]:
        """Columns, rows, and their width and height in pixels, which are 0 where nobody knows."""
        try:
            found = fcntl.ioctl(self.fileno, termios.TIOCGWINSZ, bytes(8))
        except OSError:
            return 0, 0, 0, 0
        rows, columns, across, down = struct.unpack("HHHH", found)
        return columns, rows, across, down

    def _enable_mouse_support(self) -> None:
        # Clicks and the wheel, but not every move of the mouse: over SSH each would be a packet.
        if self._mouse:
            self.write("\x1b[?1000h\x1b[?1006h")
            self.flush()

    def run_input_thread(self) -> None:
        """Read keys until told to stop, or until there is no terminal any more."""
        app = self._app
        parser = PatientParser(self._debug, lambda: app.ear if isinstance(app, TerminalApp) else None)
        decode = getincrementaldecoder("utf-8")(errors="replace").decode
        wake, _ = self._wake
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(wake, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                ready = [key.fd for key, _ in selector.select(parser.patience)]
                if wake in ready:
                    return
                if ready:
                    try:
                        data = os.read(self.fileno, 4096)
                    except OSError:
                        data = b""
                    if not data:
                        self._hung_up()
                        return
                    for event in parser.feed(decode(data)):
                        self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)

    def _hung_up(self) -> None:
        app = self._app
        if isinstance(app, TerminalApp):
            with contextlib.suppress(RuntimeError):  # the loop may have ended already
                self._loop.call_soon_threadsafe(app.leave, signal.SIGHUP)


class TerminalApp(App[Result], Generic[Result], inherit_bindings=False):
    """An app that leaves the terminal as it found it, whatever happens."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar = [Binding("ctrl+z", "suspend_process", priority=True, show=False)]

    def __init__(self) -> None:
        super().__init__()
        self.crashed: BaseException | None = None
        """The error that ended the program."""
        self.is_lent = False
        """Whether another program has the terminal; see `lent`."""
        self._has_painted = False
        self._is_resized = False
        self._painter = Painter() if is_known_textual() else None
        self.ear: Ear | None = None
        """Hears what the terminal says of itself, once it was asked."""
        self._answers: str | None = None

    def run(self, **options: Any) -> Result | None:
        """Run to the end and answer the result; an error that nobody expected is raised then.

        By then the terminal is as it was, and whoever catches it can say it in one sentence.
        """
        gc.disable()  # up to the first frame much is made and nothing is thrown away
        try:
            result = super().run(**options)
        finally:
            gc.enable()
        if self.crashed is not None:
            raise self.crashed
        return result

    def get_driver_class(self) -> type[Driver]:
        """The patient driver where its base is one that it was written for."""
        chosen = super().get_driver_class()
        if is_known_textual() and sys.platform != "win32" and chosen is LinuxDriver:
            return PatientDriver
        return chosen

    # Painting

    def forget_painted(self) -> None:
        """Paint every cell again with the next frame."""
        if self._painter is not None:
            self._painter.forget()

    def wipe_pictures(self) -> str:
        """The sequence that takes all pictures off the screen; they come again with the text."""
        return self._painter.pictures.farewell() if self._painter is not None else ""

    @property
    def pictures(self) -> Pictures | None:
        """The pictures on the screen; ``None`` where the terminal is not painted by our painter."""
        return None if self.is_headless or self._painter is None else self._painter.pictures

    async def canvas(self, wish: str) -> Canvas:
        """What pictures are drawn with; ``wish`` is a `Way`, or ``auto``. Asks the terminal once."""
        from fdtui.tui.ear import Ear  # noqa: PLC0415 - the first frame does not wait for them
        from fdtui.tui.graphics import Canvas, Way, canvas_of, question  # noqa: PLC0415

        driver = self._driver
        if self.pictures is None or wish == Way.BLOCKS or not isinstance(driver, PatientDriver):
            return Canvas()
        if self._answers is None:
            text = question(os.environ)
            self.ear = self.ear or Ear()
            self._answers = await self.ear.ask(lambda: driver.say(text)) if text else ""
        return canvas_of(self._answers, driver.window, wish)

    def on_resize(self) -> None:
        """Take nothing for granted of a terminal that changed, even if it changed back."""
        self._is_resized = True
        with contextlib.suppress(ScreenError):
            self.screen.refresh()

    def _display(self, screen: Any, renderable: Any) -> None:
        painter = self._painter
        if painter is not None and not self._batch_count and not self.is_headless:
            if self._is_resized and renderable is not None:
                if screen.is_current and screen._compositor.size != self.size:
                    return  # laid out for another size: it would be painted in the wrong places
                self._is_resized = False
                painter.forget()
                renderable = screen._compositor.render_full_update()
            renderable = Painted.of(renderable, painter)
        super()._display(screen, renderable)
        if renderable is not None and not self._has_painted and not self._batch_count:
            self._has_painted = True
            gc.freeze()
            gc.enable()
            self.call_later(self.after_first_frame)

    def after_first_frame(self) -> None:
        """Called once the first frame is on its way to the terminal."""

    # Ending

    async def _on_compose(self) -> None:
        self._take_signals()
        await super()._on_compose()

    def _take_signals(self) -> None:
        if sys.platform == "win32" or self.is_headless:
            return
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
            with contextlib.suppress(ValueError, RuntimeError):  # not in the main thread
                loop.add_signal_handler(number, self.leave, number)

    def leave(self, number: int) -> None:
        """End in good order because of a signal; the exit code says which.

        While the terminal is lent, its keyboard's signals are for whoever has it.
        """
        if self.is_lent and number in (signal.SIGINT, signal.SIGQUIT):
            return
        if sys.platform != "win32":
            signal.alarm(LAST_RESORT)
        self.exit(return_code=128 + number)

    def crash(self, error: Exception) -> None:
        """End because of an error that nobody expected, in one sentence."""
        self._handle_exception(error)

    def _handle_exception(self, error: Exception) -> None:
        if self.crashed is None:
            self.crashed = error
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        # Textual would print a traceback with local variables, and with them tasks and keys.
        self._close_messages_no_wait()


@contextlib.contextmanager
def lent(app: App[Any]) -> Iterator[None]:
    """While another program has the terminal: ``ctrl+c`` is not the end of this one."""
    if isinstance(app, TerminalApp):
        app.is_lent = True
    try:
        yield
    finally:
        if isinstance(app, TerminalApp):
            app.is_lent = False

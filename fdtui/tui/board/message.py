"""A few words above the footer: what was refused, what was copied. Gone with the next key.

Textual's own toasts write a hundred kilobytes to the terminal; this writes its line.
"""

from __future__ import annotations

from time import monotonic

from textual.timer import Timer

from fdtui.core.safetext import safe
from fdtui.tui.preferences import Glyphs
from fdtui.tui.toolkit.cells import cut, wrap
from fdtui.tui.toolkit.line_view import LineView

MAX_MESSAGE_LINES = 3
READING_TIME = 3.0
"""Seconds in which what goes wrong is not talked over by what does not; a key ends them."""
STAYS_FOR = {"information": 4.0, "warning": 8.0, "error": 12.0}
"""Seconds that a message stays if no key is pressed."""


class MessageLine(LineView):
    """One message at a time; as many lines as it needs, up to three."""

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__("message")
        self._glyphs = glyphs
        self._timer: Timer | None = None
        self._severity, self._said = "information", 0.0
        self._next: list[tuple[str, str]] = []
        """What waits until the present message has been read."""
        self._quiet: tuple[str, str] = ("", "dim")
        self.text = ""
        """What is said at the moment, for tests and for whoever asks."""

    def show_notice(self, text: str, severity: str = "information") -> None:
        """Show ``text`` for a while; anything may stand in it."""
        signs = {
            "information": (self._glyphs.middot, "text"),
            "warning": (self._glyphs.late, "warn"),
            "error": (self._glyphs.refused, "bad"),
        }
        sign, role = signs.get(severity, signs["information"])
        is_read = self._timer is None or monotonic() - self._said > READING_TIME
        if not is_read and severity == "information" != self._severity:
            self._next.append((text, severity))
            return
        self._stop()
        self._severity, self._said = severity, monotonic()
        self._put(f"{sign} {safe(text[:2000])}", role)
        self._timer = self.set_timer(STAYS_FOR.get(severity, 4.0), self.clear)

    @property
    def is_saying(self) -> bool:
        """Whether something is said just now."""
        return self._timer is not None

    def show_resting(self, text: str, role: str = "dim") -> None:
        """What stands here while nothing else is said."""
        if (text, role) != self._quiet:
            self._quiet = (text, role)
            if self._timer is None:
                self._put(text, role)

    def clear(self) -> None:
        """Drop the message."""
        if self._timer is not None:
            self._stop()
            self._put(*self._quiet)
            if self._next:
                self.show_notice(*self._next.pop(0))

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _put(self, text: str, role: str) -> None:
        self.text = text
        width = max(10, (self.size.width or self.app.size.width) - 2)
        lines = wrap(text, width)
        if len(lines) > MAX_MESSAGE_LINES:
            lines = [
                *lines[: MAX_MESSAGE_LINES - 1],
                cut(" ".join(lines[MAX_MESSAGE_LINES - 1 :]), width, self._glyphs.cut),
            ]
        if self.styles.height is None or self.styles.height.value != len(lines):
            self.styles.height = len(lines)
        self.draw(*(((f" {line}", role),) for line in lines))

"""What may follow the keys typed so far of a command, shown once one hesitates."""

from __future__ import annotations

from textual.timer import Timer

from fdtui.core.commands import BY_ID
from fdtui.core.frozen import frozen
from fdtui.tui.board.host import BoardHost
from fdtui.tui.preferences import Glyphs
from fdtui.tui.toolkit.cells import Line, spread, width_of
from fdtui.tui.toolkit.frame import BORDER, PANEL, SIDES, Frame
from fdtui.tui.toolkit.key_names import key_label

HESITATION = 0.5
"""Seconds after a key before what may follow is shown: whoever knows it is faster."""
LEAST_WIDTH = 24


@frozen
class NextKey:
    """Keys that make a command of those typed, and what it is called."""

    keys: str
    title: str
    is_refused: bool = False


class NextKeysList(Frame[None]):
    """Shows them above the last line, at the right; takes no keys."""

    dims = False

    def __init__(self, typed: str, rows: tuple[NextKey, ...], glyphs: Glyphs) -> None:
        super().__init__(f"{typed} and then", glyphs)
        self._rows = rows
        self._column = max(width_of(each.keys) for each in rows) + 2

    def place(self) -> None:
        """As small as it can be, in the corner where the keys that were typed stand."""
        screen = self.app.size
        texts = (width_of(self.heading), *(self._column + width_of(each.title) for each in self._rows))
        width = min(max(LEAST_WIDTH, *texts) + SIDES, screen.width)
        height = min(len(self._rows) + 1 + BORDER, screen.height - 2)
        self.styles.width, self.styles.height = width, height
        self.styles.offset = (screen.width - width, max(0, screen.height - 1 - height))

    def line(self, y: int, width: int) -> tuple[Line, str]:
        """The keys typed, then a command a line."""
        if y == 0:
            return self.title_line(width), PANEL
        if y > len(self._rows):
            return (), PANEL
        each = self._rows[y - 1]
        role = "dim" if each.is_refused else "text"
        keys = (each.keys.ljust(self._column), "dim" if each.is_refused else "bold accent")
        return spread((keys, (each.title, role)), (), width, "text", self.glyphs.cut), PANEL


class NextKeys:
    """Follows what is typed on one board."""

    def __init__(self, host: BoardHost) -> None:
        self._host = host
        self._timer: Timer | None = None
        self._list: NextKeysList | None = None

    def on_key(self) -> None:
        """A key was typed: what was shown is old, and what may follow is shown a moment later."""
        self.end()
        if self._host.focus.following:
            self._timer = self._host.screen.set_timer(HESITATION, self._show)

    def end(self) -> None:
        """Show nothing."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if self._list is not None:
            self._list.remove()
            self._list = None

    def _show(self) -> None:
        host = self._host
        rows = tuple(self._row(keys, command) for keys, command in host.focus.following)
        if rows and not host.is_small:
            self._list = NextKeysList(key_label(host.focus.pending), rows, host.look.glyphs)
            host.screen.mount(self._list)

    def _row(self, keys: str, command: str) -> NextKey:
        given = self._host.focus.command(command)
        is_refused = given is not None and bool(given.layer.refuses(command))
        return NextKey(key_label(keys), BY_ID[command].title, is_refused)

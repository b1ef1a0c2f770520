"""A form on the screen: one widget, however many fields; only lines that differ are drawn again."""

from __future__ import annotations

from textual import events
from textual.geometry import Region
from textual.strip import Strip
from textual.timer import Timer

from fdtui.core.safetext import safe
from fdtui.core.state import State
from fdtui.tui.cells import Line, cut, cut_line, line_width, spread, wrap
from fdtui.tui.form import Ask, Form, Slot
from fdtui.tui.formlines import ROWS, label_width, save_lines, slot_lines
from fdtui.tui.formwork import FormWork
from fdtui.tui.look import Glyphs
from fdtui.tui.panekeys import Keys
from fdtui.tui.theme import paint_of
from fdtui.tui.widgets.lined import Lined
from fdtui.tui.widgets.overlay import Overlay

MAX_WIDTH = 100
FULL_UNTIL = 30
"""Screens of this height and less are covered by a form but for the first line."""

LATEST_DRAFT = 0.5
"""Seconds after a key when what was typed is in the drafts at the latest."""


class FormView(Overlay, Lined, can_focus=False):
    """Draws a `Form`, gives it the keys, and hands what it asks for to a `FormWork`."""

    DEFAULT_CSS = """
    FormView { layer: above; position: absolute; background: $fd-panel; }
    """
    GROUND = "panel"

    def __init__(self, form: Form, work: FormWork, glyphs: Glyphs, title: str) -> None:
        Lined.__init__(self)
        self.form, self.work, self.heading = form, work, title
        self.glyphs = glyphs
        self.over: Overlay | None = None
        """What lies over the form and has the keys: a list, a calendar, a question."""
        self._told: tuple[str, str] = ("", "dim")
        self._top = 0
        self._rows: list[Line] = []
        self._cache: dict[int, tuple[object, list[Line]]] = {}
        self._draft_timer: Timer | None = None
        work.attach(self)

    # Place and size

    def place(self) -> None:
        """Over the board; all of it but the first line where the screen is small."""
        size = self.app.size
        width = size.width if size.width < MAX_WIDTH + 8 else MAX_WIDTH
        needed = sum(self._height_of(slot) for slot in self.form.slots) + 10
        height = max(4, size.height - 1) if size.height <= FULL_UNTIL else size.height - 6
        height = max(min(height, needed), min(height, 12))
        self.styles.width, self.styles.height = width, height
        top = 1 if size.height <= FULL_UNTIL else 3
        self.styles.offset = ((size.width - width) // 2, min(top, max(0, size.height - height)))
        if self.over is not None:
            self.over.place()

    def _height_of(self, slot: Slot) -> int:
        return ROWS["longText"] if slot.kind == "longText" else 1

    def on_mount(self) -> None:
        """Stand over the board."""
        self.place()

    def on_resize(self) -> None:
        """Everything stands elsewhere now."""
        self._cache.clear()
        self.redraw()

    def on_unmount(self) -> None:
        """Whatever closes it, what was typed is kept."""
        if self.over is not None:
            self.over.remove()
        self.work.flush()

    # Keys

    def press(self, name: str, character: str | None) -> None:
        """Give the key to what lies on top, else to the form, and do what the form asks for."""
        if self.over is not None and name == "escape" and self.work.is_offering:
            self.work.decline()
            return
        if self.over is not None:
            self.over.press(name, character)
            return
        if self.work.is_saving:
            self.work.press_while_saving(name, character)
            return
        self._told = ("", "dim")
        slot = self.form.slot
        if name == "ctrl+t" and slot is not None and slot.theirs is not None:
            self.form.put(slot, slot.entry.given(slot.theirs[0]).on(slot.theirs[0]))
            slot.theirs = None
            self.form.enliven()
        else:
            self.do(self.form.press(name, character), character)
        self.changed()

    def do(self, ask: Ask, character: str | None = None) -> None:
        """Do what the form asks for."""
        if ask is not Ask.NOTHING:
            self.work.do(ask, character)

    def paste(self, text: str) -> None:
        """Into the live field, or into what lies on top."""
        if self.over is not None:
            self.over.paste(text)
        elif not self.work.is_saving:
            said = self.form.paste(text)
            if said:
                self.say(said, "warning")
            self.changed()

    def changed(self) -> None:
        """Draw what differs, and keep what was typed within half a second."""
        self.redraw()
        if self._draft_timer is None:
            self._draft_timer = self.set_timer(LATEST_DRAFT, self._keep)

    def _keep(self) -> None:
        self._draft_timer = None
        self.work.flush()

    def heed(self, state: State) -> None:
        """Follow what the session knows by now."""
        self.work.heed(state)
        if self.is_attached:
            self.redraw()

    def hints(self) -> Keys:
        """Those of what lies on top; the form draws its own."""
        return self.over.hints() if self.over is not None else ()

    # What lies on top

    def show_over(self, overlay: Overlay) -> None:
        """Lay something over the form; it has the keys until it is closed."""
        self.close_over()
        self.over = overlay
        self.screen.mount(overlay)

    def close_over(self) -> None:
        """Take away what lies over the form."""
        if self.over is not None:
            over, self.over = self.over, None
            over.remove()

    # Drawing

    def hear(self, text: str, severity: str) -> bool:
        """Say it in the form, for that lies over the line where it would be said else."""
        self.say(text, severity)
        return True

    def say(self, text: str, severity: str = "information") -> None:
        """Say something above the keys, until the next key."""
        roles = {"warning": (self.glyphs.late, "warn"), "error": (self.glyphs.refused, "bad")}
        sign, role = roles.get(severity, (self.glyphs.middot, "text"))
        self._told = (f"{sign} {safe(text[:2000])}", role)
        self.redraw()

    def redraw(self) -> None:
        """Make the rows anew, and paint those that differ."""
        if not self.size:
            return
        rows = self.compose_rows()
        old, self._rows = self._rows, rows
        if len(old) != len(rows):
            self.refresh()
            return
        for y, (before, after) in enumerate(zip(old, rows, strict=True)):
            if before != after:
                self.refresh(Region(0, y, self.size.width, 1))

    def compose_rows(self) -> list[Line]:
        """Every row of the widget, from top to bottom."""
        width, height = self.size
        inner = max(8, width - 4)
        foot = self._foot(inner)
        head = self._head(inner)
        body, (first, last) = self._body(inner)
        room = max(1, height - 2 - len(head) - len(foot))
        self._top = min(self._top, first)
        if last >= self._top + room:
            self._top = min(first, last - room + 1)
        self._top = max(0, min(self._top, len(body) - room))
        shown = body[self._top : self._top + room]
        shown += [()] * (room - len(shown))
        wall, rule = (self.glyphs.wall, "accent"), self.glyphs.rule
        rows = [
            spread((wall, (" ", "text"), *line), (wall,), width, "text")
            for line in [*head, *shown, *foot]
        ]
        more = len(body) > self._top + room
        title = cut(f" {self.heading} ", width - 8, self.glyphs.cut)
        count = len(self.form.changed) if self.form.is_dirty else 0
        right = f" {count} changed " if count else ""
        return [
            self._edge(title, right, rule),
            *rows,
            self._edge("", f" {self.glyphs.down} more " if more else "", rule),
        ]

    def _edge(self, left: str, right: str, rule: str) -> Line:
        room = self.size.width - 2 * 2
        words = spread(((left, "bold text"),), ((right, "warn" if left else "dim"),), room, "accent", "")
        filled = tuple((rule * len(text) if not text.strip() else text, role) for text, role in words)
        return ((rule * 2, "accent"), *filled, (rule * 2, "accent"))

    def _head(self, width: int) -> list[Line]:
        intro = [((part, "dim"),) for part in wrap(self.form.intro, width)] if self.form.intro else []
        if not self.form.top_told:
            return [*intro, ()] if intro else []
        told = wrap(f"{self.glyphs.refused} {safe(self.form.top_told)}", width)[:3]
        return [*(((part, "bad"),) for part in told), ()]

    def _body(self, width: int) -> tuple[list[Line], tuple[int, int]]:
        """The rows of all slots, and the first and last of those under the cursor."""
        room, form = label_width(self.form, width), self.form
        lines: list[Line] = []
        seen = (0, 0)
        for index, slot in enumerate(form.slots):
            here = index == form.at
            mine = self._slot(index, slot, here=here, width=width, room=room)
            if here:
                seen = (len(lines), len(lines) + len(mine) - 1)
            lines += mine
        lines.append(())
        here = form.slot is None
        last = save_lines(form, here=here, width=width, glyphs=self.glyphs)
        if here:
            seen = (len(lines), len(lines) + len(last) - 1)
        return [*lines, *last], seen

    def _slot(self, index: int, slot: Slot, *, here: bool, width: int, room: int) -> list[Line]:
        face = (slot.entry, slot.told, slot.theirs, here, width)
        known = self._cache.get(index)
        if known is not None and not here and known[0] == face:
            return known[1]
        lines = slot_lines(self.form, slot, here=here, width=width, room=room, glyphs=self.glyphs)
        self._cache[index] = (face, lines)
        return lines

    def _foot(self, width: int) -> list[Line]:
        told, role = self._told
        said: list[Line] = [((part, role),) for part in wrap(told, width)[:3]]
        return [((self.glyphs.rule * width, "line"),), *(said or [()]), self.keys_line(width)]

    def keys_line(self, width: int) -> Line:
        """The keys that mean something here."""
        line: Line = ()
        for key, word in self.work.hints():
            entry: Line = ((f"{key} ", "bold accent"), (f"{word}   ", "dim"))
            if line_width(line) + line_width(entry) <= width + 2:
                line = (*line, *entry)
        return cut_line(line, width)

    def render_line(self, y: int) -> Strip:
        """One row, on the ground that says where the cursor is."""
        paint, width = paint_of(self.app.theme), self.size.width
        if y >= len(self._rows):
            return paint.blank(width, self.GROUND)
        line = cut_line(self._rows[y], width, "")
        rest = (" " * max(0, width - line_width(line)), "text")
        return paint.strip((*line, rest), width, self.GROUND)

    def on_click(self, event: events.Click) -> None:
        """Keep clicks off the board below."""
        event.stop()

"""A form on the screen: one widget, however many fields; only lines that differ are drawn again."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual import events
from textual.geometry import Region
from textual.strip import Strip

from fdtui.core.safetext import safe
from fdtui.core.state import State
from fdtui.tui.focus import Handler, Hints, declared_hints
from fdtui.tui.forms.controller import FormController
from fdtui.tui.forms.form import Ask, Slot
from fdtui.tui.forms.lines import LIVE_TEXT_ROWS, KeyWords, label_width, save_lines, slot_lines
from fdtui.tui.host import DialogHost
from fdtui.tui.toolkit.cells import Line, cut, cut_line, line_width, spread, wrapped
from fdtui.tui.toolkit.lined import Lined
from fdtui.tui.toolkit.overlay import Dialog
from fdtui.tui.toolkit.theme import paint_of

FORM_WIDTH = 84
FULL_UNTIL = 30
"""Screens of this height and less are covered by a form but for the first line and the last."""
LEAST_HEIGHT = 10
"""Rows that a form has at least, where the screen has them."""
FRAME_ROWS = 6
"""Its border, an empty line and the row that saves, and what is said."""
SPARE_ROWS = 2
"""Rows at the least for what is wrong with a field, or for the text in it."""
LEAST_TEXT_ROWS = 4
"""Rows for a text of several lines, however short it is."""
MOST_SAID = 5
"""Lines of what is said; a path in it may be long."""
LOW = 10
"""Forms of fewer lines have no rule above what is said."""
HELP = ("app.help", "help")
PAGE_STEP = 10
"""Fields that a page goes."""
ENTER_WORDS = {"choice": "choose", "checkbox": "tick", "longText": "new line"}
"""What ``form.enter`` does, by the kind of the slot; else it goes to the next field."""
OPEN_WORDS = {Ask.CALENDAR: "calendar", Ask.EDITOR: "your editor", Ask.LIST: "list"}


class FormView(Dialog[None], Lined, can_focus=False):
    """Draws a `Form`, binds the keys, and hands what the form asks for to a `FormController`."""

    DEFAULT_CSS = """
    FormView { layer: above; position: absolute; background: $fd-panel; }
    """
    GROUND = "panel"
    dims = True
    scopes: tuple[str, ...] = ("form", "text")

    def __init__(self, work: FormController, host: DialogHost, title: str) -> None:
        Lined.__init__(self)
        self.form, self.work, self.heading = work.form, work, title
        self.glyphs = host.look.glyphs
        self._host = host
        self.has_help = "app.help" in host.focus.bottom.bindings()
        self._told: tuple[str, str] = ("", "dim")
        self._top = 0
        self._rows: list[Line] = []
        self._cache: dict[int, tuple[object, list[Line]]] = {}
        self.key_words = KeyWords(host.key_of("form.accept-theirs"), host.key_of("form.open"))
        work.attach(self)

    # Place and size

    def place(self) -> None:
        """Over the board; all of it but the first and the last line where the screen is small."""
        size = self.app.size
        width = size.width if size.width < FORM_WIDTH + 8 else FORM_WIDTH
        needed = self._content_height(width - 4)
        height = max(4, size.height - 2) if size.height <= FULL_UNTIL else size.height - 6
        height = max(min(height, needed), min(height, LEAST_HEIGHT))
        self.styles.width, self.styles.height = width, height
        top = 1 if size.height <= FULL_UNTIL else 3
        self.styles.offset = ((size.width - width) // 2, min(top, max(0, size.height - height)))

    def _content_height(self, width: int) -> int:
        """Rows that the form needs: one a field, and as many as the largest of the texts in it has."""
        form, room = self.form, max(8, width - label_width(self.form, width) - 2)
        longest = max((_text_rows(slot, room) for slot in form.slots), default=1)
        spare = max(SPARE_ROWS, longest - 1)
        return len(self._head(width)) + len(form.slots) + spare + FRAME_ROWS

    def on_mount(self) -> None:
        """Stand over the board."""
        self.place()

    def on_resize(self) -> None:
        """Everything stands elsewhere now."""
        self._cache.clear()
        self.redraw()

    def on_unmount(self) -> None:
        """Whatever closes it, what was typed is kept."""
        self.work.text.close()

    # The layer with the keys

    @property
    def is_typing(self) -> bool:
        """Always, so that every letter is text."""
        return True

    def bindings(self) -> Mapping[str, Handler]:
        """What can be done with the slot under the cursor, and with the form."""
        form, slot = self.form, self.form.slot
        if self.work.is_saving:
            return {"form.leave": lambda _: self.work.leave()}
        keys = self.common_bindings() | {
            "form.leave": self._doing(self.work.leave),
            "form.next": self._doing(lambda: form.step(1)),
            "form.previous": self._doing(lambda: form.step(-1)),
            "form.page-down": self._doing(lambda: form.walk(PAGE_STEP)),
            "form.page-up": self._doing(lambda: form.walk(-PAGE_STEP)),
            "form.enter": self._asking(form.enter),
            "form.down": self._doing(lambda: form.row_or_step(1)),
            "form.up": self._doing(lambda: form.row_or_step(-1)),
        }
        if slot is None:
            keys["form.tick"] = self._asking(form.tick)
        return keys

    def common_bindings(self) -> dict[str, Handler]:
        """What can be done with a slot wherever it is edited."""
        form, slot = self.form, self.form.slot
        keys: dict[str, Handler] = {"form.save": self._doing(self.work.save)}
        if form.buffer is not None:
            keys |= form.buffer.bindings(self._doing_typed)
        if slot is None or slot.read_only:
            return keys
        keys["form.empty"] = self._doing(form.empty)
        if slot.opens is not Ask.NOTHING:
            keys["form.open"] = self._asking(lambda: slot.opens)
        if slot.theirs is not None:
            keys["form.accept-theirs"] = self._doing(form.accept_theirs)
        if slot.kind in ("choice", "checkbox"):
            keys |= dict.fromkeys(("text.backspace", "text.delete"), self._doing(form.clear))
        if form.can_tick:
            keys["form.tick"] = self._asking(form.tick)
        return keys

    def _doing(self, do: Callable[[], object]) -> Handler:
        """Do something, and draw what it has changed."""

        def done(_: int | None) -> None:
            self._told = ("", "dim")
            do()
            self.changed()

        return done

    def _doing_typed(self) -> None:
        """A command of the live text has been done."""
        self._doing(self.form.take_typed)(None)

    def _asking(self, press: Callable[[], Ask]) -> Handler:
        """The same, where the form may ask for more."""
        return self._doing(lambda: self.work.do(press()))

    def type(self, name: str, character: str | None) -> bool:
        """A letter, or a key that the field gives a meaning."""
        if not (self.work.is_saving or self.work.is_about_to_ask):
            self._doing(lambda: self.work.do(self.form.type(name, character), character))(None)
        return True

    def footer(self) -> Hints:
        """What can be done now."""
        bound, words = self.bindings(), self.words()
        hints = [(command, words.get(command, word)) for command, word in declared_hints(*self.scopes)]
        own = tuple((command, word) for command, word in hints if word and command in bound)
        return (*own[:-1], HELP, *own[-1:]) if self.has_help else own

    def words(self) -> dict[str, str]:
        """The footer's words where those of the declaration do not fit the slot; empty for none."""
        slot = self.form.slot
        if self.work.is_saving:
            return {"form.leave": "back to the board"}
        if slot is None:
            return {"form.enter": "", "form.next": "", "form.tick": ""}
        return {
            "form.enter": "" if slot.read_only else ENTER_WORDS.get(slot.kind, ""),
            "form.tick": "",
            "form.previous": "",
            "form.empty": "empty" if slot.entry.is_null and slot.kind != "choice" else "nothing",
            "form.open": "" if slot.opens is Ask.LIST else OPEN_WORDS.get(slot.opens, ""),
        }

    def paste(self, text: str) -> None:
        """Into the live field."""
        if not self.work.is_saving:
            said = self.form.paste(text)
            if said:
                self.show_notice(said, "warning")
            self.changed()

    def changed(self) -> None:
        """Draw what differs, and keep what was typed."""
        self.redraw()
        self.work.text.touch()
        self._host.draw_footer()

    def leave(self) -> None:
        """Take the form away."""
        self.answer()

    def on_state(self, before: State, state: State) -> None:
        """Follow what the session knows by now."""
        self.work.on_state(state)
        if self.is_attached:
            self.redraw()

    # Drawing

    def take_notice(self, text: str, severity: str) -> bool:
        """Say it in the form, for that lies over the line where it would be said else."""
        self.show_notice(text, severity)
        return True

    def show_notice(self, text: str, severity: str = "information") -> None:
        """Show a notice in the last line, until the next key."""
        roles = {"warning": (self.glyphs.late, "warn"), "error": (self.glyphs.refused, "bad")}
        sign, role = roles.get(severity, (self.glyphs.middot, "text"))
        self._told = (f"{sign} {safe(text[:2000])}", role)
        self.redraw()

    @property
    def said(self) -> str:
        """What is said now, without its sign."""
        return self._told[0][2:]

    def redraw(self) -> None:
        """Make the rows again, and paint those that differ."""
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
        head = self._head(inner)[: max(0, height - 4)]  # a field and what is said stay in sight
        foot = self._foot(inner, max(1, height - 2 - len(head) - 1))
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
            spread((wall, (" ", "text"), *line), (wall,), width, "text", self.glyphs.cut)
            for line in [*head, *shown, *foot]
        ]
        more = len(body) > self._top + room
        title = cut(f" {self.heading} ", width - 8, self.glyphs.cut)
        count = len(self.form.typed)
        right = f" {count} changed " if count else ""
        return [
            self._edge(title, right, rule, self.glyphs.corners[:2]),
            *rows,
            self._edge("", f" {self.glyphs.down} more " if more else "", rule, self.glyphs.corners[2:]),
        ]

    def _edge(self, left: str, right: str, rule: str, corners: str) -> Line:
        room = self.size.width - 2 * 2
        words = spread(((left, "bold text"),), ((right, "warn" if left else "dim"),), room, "accent", "")
        filled = tuple((rule * len(text) if not text.strip() else text, role) for text, role in words)
        return ((corners[0] + rule, "accent"), *filled, (rule + corners[1], "accent"))

    def _head(self, width: int) -> list[Line]:
        intro = wrapped(self.form.intro, "dim", width) if self.form.intro else []
        if not self.form.top_told:
            return [*intro, ()] if intro else []
        told = wrapped(f"{self.glyphs.refused} {safe(self.form.top_told)}", "bad", width)[:3]
        return told if self.size.height < LOW else [*told, ()]

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
        face = (slot.entry, slot.told, slot.was_left, slot.theirs, here, width)
        known = self._cache.get(index)
        if known is not None and not here and known[0] == face:
            return known[1]
        lines = slot_lines(
            self.form,
            slot,
            here=here,
            width=width,
            room=room,
            glyphs=self.glyphs,
            keys=self.key_words,
        )
        self._cache[index] = (face, lines)
        return lines

    def _foot(self, width: int, most: int) -> list[Line]:
        """What is said, in ``most`` lines; where there are few, without a rule or an empty line."""
        told, role = self._told
        said = wrapped(told, role, width)[: min(MOST_SAID, most)] if told else []
        if self.size.height < LOW or most < 2:
            return said
        return [((self.glyphs.rule * width, "line"),), *(said[: most - 1] or [()])]

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


def _text_rows(slot: Slot, width: int) -> int:
    """Rows that the text of a slot takes while one types in it."""
    most = LIVE_TEXT_ROWS.get(slot.kind, 1)
    if slot.kind != "longText":
        return 1
    rows = len(wrapped(slot.entry.text[: most * width * 2], "text", width)) + 1
    return max(LEAST_TEXT_ROWS, min(most, rows))

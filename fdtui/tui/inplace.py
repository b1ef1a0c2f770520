"""One field edited where it stands in the detail pane."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fdtui.core.entry import Entry
from fdtui.core.safetext import safe
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.tui.cells import Line, spread, wrap
from fdtui.tui.form import Ask, Form, Slot
from fdtui.tui.formlines import slot_lines
from fdtui.tui.formwork import FormWork
from fdtui.tui.look import Glyphs
from fdtui.tui.panekeys import Keys
from fdtui.tui.widgets.detail import Detail
from fdtui.tui.widgets.formview import FormView
from fdtui.tui.widgets.lined import show
from fdtui.tui.widgets.overlay import Overlay

SMALLEST = 30
"""Cells that are wanted for the value, where the pane is narrower than that."""


class InPlaceWork(FormWork):
    """``enter`` saves, ``tab`` saves and goes on to the next field."""

    def __init__(
        self,
        form: Form,
        *arguments: Any,
        go_on: Callable[[], None],
        pass_on: Callable[[str, str | None], None],
        **more: Any,
    ) -> None:
        super().__init__(form, *arguments, **more)
        self._go_on, self._pass_on = go_on, pass_on
        self.is_going_on = False
        """Whether it is left for the next field of the same task."""

    def hints(self) -> list[tuple[str, str]]:
        """The keys that mean something here."""
        if self.is_saving:
            return []
        slot = self.form.slots[0]
        save = "^o" if slot.kind == "longText" else "enter"
        keys = [(save, "save"), ("tab", "next"), ("esc", "leave")]
        if slot.kind == "checkbox":
            keys.insert(0, ("space", "tick"))
        empty = "empty" if slot.entry.is_null and slot.kind != "choice" else "nothing"
        keys.append(("^n", empty))
        more = {Ask.CALENDAR: "calendar", Ask.EDITOR: "$EDITOR"}
        return [*keys, ("^x", more[slot.opens])] if slot.opens in more else keys

    def offer(self) -> None:
        """A draft first; else what is chosen is chosen at once."""
        super().offer()
        slot = self.form.slots[0]
        if self.is_offering or self.is_over:
            return
        if slot.kind == "choice":
            self.do(Ask.LIST, None)

    def put(self, slot: Slot, entry: Entry) -> None:
        """What was chosen from a list is meant; a day from the calendar can still be given a time."""
        super().put(slot, entry)
        if slot.kind == "choice":
            self.save()

    def save_and_go_on(self) -> None:
        """Save without waiting for the answer, and go on to the next field."""
        self.is_going_on = True
        self.save()
        if self.is_saving:
            self.leave_saving()
        if self.is_over:
            self._go_on()
        self.is_going_on = False

    def press_while_saving(self, name: str, character: str | None) -> None:
        """A key is for the board: the change is on its way."""
        self.leave_saving()
        if name != "escape":
            self._pass_on(name, character)

    def close_list(self) -> None:
        """The list was left without a choice: so is the field, if nothing was changed before."""
        if not self.form.is_dirty:
            self.close()


class InPlace(FormView):
    """Covers the field's lines in the pane."""

    DEFAULT_CSS = """
    InPlace { background: $fd-cursor; }
    """
    GROUND = "cursor"

    def __init__(
        self,
        form: Form,
        work: InPlaceWork,
        glyphs: Glyphs,
        *,
        task: Task,
        name: str,
        pane: Detail,
        told_keys: Callable[[], None],
    ) -> None:
        super().__init__(form, work, glyphs, "")
        self._in_place, self._field_name, self._pane = work, name, pane
        self._held, self._told_keys = task, told_keys

    def hold(self, state: State) -> Task:
        """The task as it is, or as it was last: it may have left the columns, or be deleted."""
        self._held = state.shown.get(self._held.key, self._held)
        return self._held

    def on_mount(self) -> None:
        """Stand over the field, wherever it goes."""
        self._pane.follower = self._follow

    def on_unmount(self) -> None:
        """Let the pane go, unless another field has it by now."""
        if self._pane.follower == self._follow:
            self._pane.follower = None

    def _follow(self) -> None:
        self.place()
        self.redraw()

    def place(self) -> None:
        """Over the field, as high as what is said of it wants; moved up where that is out of sight."""
        size = self.app.size
        region, _ = self._pane.region_of(self._field_name)
        show(self, region.width > 0)  # a pane that was just opened has no place yet
        if not region.width:
            return
        rows = len(self._made(region.width))
        height = max(rows, min(region.height, size.height - 2))
        y = max(0, min(region.y, size.height - height))
        if (region.width, height) != getattr(self, "_placed", None):
            self.styles.width, self.styles.height = region.width, height
            self._placed = (region.width, height)
        self.styles.offset = (region.x, y)
        if self.over is not None:
            self.over.place()

    def hear(self, text: str, severity: str) -> bool:
        """Say it here, where the eye is."""
        self.say(text, severity)
        return True

    def press(self, name: str, character: str | None) -> None:
        """As in any form, but that there is no other field to go to."""
        slot = self.form.slots[0]
        if self.over is not None:
            super().press(name, character)
            if self.over is None and name == "escape" and not self._in_place.is_over:
                self._in_place.close_list()
            return
        if self._in_place.is_saving:
            self._in_place.press_while_saving(name, character)
        elif name == "tab":
            self._in_place.save_and_go_on()
        elif name == "enter" and slot.kind in ("text", "checkbox"):
            self._in_place.save()
        elif name in ("shift+tab", "pageup", "pagedown"):
            return
        else:
            super().press(name, character)
            self.form.at = 0

    def hints(self) -> Keys:
        """There is no room here for what the keys do, so the footer says it."""
        return super().hints() if self.over is not None else tuple(self._in_place.hints())

    def show_over(self, overlay: Overlay) -> None:
        """The keys are for what lies on top."""
        super().show_over(overlay)
        self._told_keys()

    def redraw(self) -> None:
        """Grow with the text."""
        if self.size:
            self.place()
        super().redraw()
        self._told_keys()

    def compose_rows(self) -> list[Line]:
        """The field, what is said of it."""
        rows = self._made(self.size.width)
        return [*rows, *[()] * (self.size.height - len(rows))]

    def _made(self, width: int) -> list[Line]:
        _, room = self._pane.region_of(self._field_name)
        if width - room < SMALLEST:
            room = max(8, width // 3)
        slot = self.form.slots[0]
        lines = slot_lines(self.form, slot, here=True, width=width, room=room, glyphs=self.glyphs)
        told, role = self._told
        said: list[Line] = [(("  ", "dim"), (told, role))] if told else []
        if self.form.top_told:
            why = wrap(f"{self.glyphs.refused} {safe(self.form.top_told)}", max(8, width - 2))[:3]
            said = [*((("  ", "dim"), (part, "bad")) for part in why), *said]
        return [spread(line, (), width, "text", self.glyphs.cut) for line in (*lines, *said)]

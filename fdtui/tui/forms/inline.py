"""One field edited where it stands in the detail pane."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fdtui.core.entry import Entry
from fdtui.core.safetext import safe
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.tui.detail.fields_view import FieldsView
from fdtui.tui.focus import Handler, Hints
from fdtui.tui.forms.controller import FormController
from fdtui.tui.forms.form import Slot
from fdtui.tui.forms.lines import slot_lines
from fdtui.tui.forms.view import FormView
from fdtui.tui.host import DialogHost
from fdtui.tui.toolkit.cells import Line, spread, wrap
from fdtui.tui.toolkit.lined import show

MIN_VALUE_WIDTH = 30
"""Cells that are wanted for the value, where the pane is narrower than that."""


class InlineController(FormController):
    """Saves the one field, and tells whether the next one is wanted after it."""

    goes_on = False
    """Whether it is left for the next field of the same task."""

    async def offer(self) -> bool:
        """A draft first; else what is chosen is chosen at once."""
        had_draft = await super().offer()
        slot = self.form.slots[0]
        if not had_draft and slot.kind == "choice":
            await self.choose(slot)
        return had_draft

    def put(self, slot: Slot, entry: Entry) -> None:
        """What was chosen from a list is meant; a day from the calendar can still be given a time."""
        super().put(slot, entry)
        if slot.kind == "choice":
            self.save()

    def save_and_go_on(self) -> None:
        """Save without waiting for the answer, and go on to the next field."""
        self.goes_on = True
        self.save()
        if self.is_saving:
            self.leave_saving()
        self.goes_on = self.is_over

    def not_chosen(self) -> None:
        """The list was left without a choice: so is the field, if nothing was changed before."""
        if not self.form.is_dirty:
            self.close()


class InlineView(FormView):
    """Covers the field's lines in the pane."""

    DEFAULT_CSS = """
    InlineView { background: $fd-cursor; }
    """
    GROUND = "cursor"
    dims = False
    scopes = ("field", "form", "text")

    def __init__(
        self,
        work: InlineController,
        host: DialogHost,
        *,
        task: Task,
        name: str,
        pane: FieldsView,
        pass_on: Callable[[str, str | None], None],
    ) -> None:
        """``pass_on`` takes a key that came while the change was on its way: it is for the board."""
        super().__init__(work, host, "")
        self._in_place, self._field_name, self._pane = work, name, pane
        self._held, self._pass_on = task, pass_on
        self._placed: tuple[int, int] | None = None
        """Its width and height where it was placed last."""

    @property
    def goes_on(self) -> bool:
        """Whether it was left for the next field."""
        return self._in_place.goes_on

    def held(self, state: State) -> Task:
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
            self._pane.make_room("", 0)

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
        if self._pane.follower == self._follow:
            self._pane.make_room(self._field_name, rows)
            region, _ = self._pane.region_of(self._field_name)
        height = max(rows, min(region.height, size.height - 2))
        y = max(0, min(region.y, size.height - height))
        if (region.width, height) != self._placed:
            self.styles.width, self.styles.height = region.width, height
            self._placed = (region.width, height)
        self.styles.offset = (region.x, y)

    # The layer with the keys

    def bindings(self) -> Mapping[str, Handler]:
        """As in any form, but that there is no other field; nothing while it is being sent."""
        work, form, slot = self._in_place, self.form, self.form.slots[0]
        if work.is_saving:
            return {"field.leave": lambda _: work.leave_saving()}
        keys = self.common_bindings() | {
            "field.next": self._doing(work.save_and_go_on),
            "field.leave": self._doing(work.leave),
        }
        if slot.kind in ("text", "checkbox"):
            keys["field.save"] = self._doing(work.save)
        elif slot.kind == "choice" or form.buffer is not None:
            keys["form.enter"] = self._asking(form.enter)
        if form.buffer is not None:
            keys["form.down"] = self._doing(lambda: form.row(1))
            keys["form.up"] = self._doing(lambda: form.row(-1))
        return keys

    def type(self, name: str, character: str | None) -> bool:
        """A letter; while the change is on its way, a key is for the board."""
        if not self.work.is_saving:
            return super().type(name, character)
        self.work.leave_saving()
        self._pass_on(name, character)
        return True

    def footer(self) -> Hints:
        """How to leave comes last, for it is the last to go."""
        hints = super().footer()
        return tuple(sorted(hints, key=lambda hint: hint[0] == "field.leave"))

    def words(self) -> dict[str, str]:
        """One of the two keys that save is enough."""
        save = "save" if self.form.slots[0].kind in ("longText", "choice") else ""
        return super().words() | {"form.save": save, "form.enter": "", "form.leave": ""}

    def redraw(self) -> None:
        """Grow with the text."""
        if self.size:
            self.place()
        super().redraw()

    def compose_rows(self) -> list[Line]:
        """The field, what is said of it."""
        rows = self._made(self.size.width)
        return [*rows, *[()] * (self.size.height - len(rows))]

    def _made(self, width: int) -> list[Line]:
        _, room = self._pane.region_of(self._field_name)
        if width - room < MIN_VALUE_WIDTH:
            room = max(8, width // 3)
        slot = self.form.slots[0]
        lines = slot_lines(
            self.form,
            slot,
            here=True,
            width=width,
            room=room,
            glyphs=self.glyphs,
            keys=self.key_words,
        )
        told, role = self._told
        said: list[Line] = [(("  ", "dim"), (told, role))] if told else []
        for reason in filter(None, (self.form.top_told, self.form.intro)):
            why = wrap(f"{self.glyphs.refused} {safe(reason)}", max(8, width - 2))[:3]
            said = [*((("  ", "dim"), (part, "bad")) for part in why), *said]
        return [spread(line, (), width, "text", self.glyphs.cut) for line in (*lines, *said)]

"""One stage's cards as one virtual list: only the lines in view are ever made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from typing import TypeAlias

from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from fdtui.core.safetext import safe
from fdtui.core.state import Mark
from fdtui.core.task import Task
from fdtui.tui.board.column_cursor import ColumnCursor
from fdtui.tui.presentation.card_lines import NOTHING_BESIDE, Beside, card
from fdtui.tui.presentation.cards import CardPlan
from fdtui.tui.presentation.density import COMFORTABLE, Density
from fdtui.tui.presentation.groups import GroupFace, group_line
from fdtui.tui.toolkit.cells import Line, spread
from fdtui.tui.toolkit.lined import Lined
from fdtui.tui.toolkit.theme import Paint, paint_of

HEAD_LINES = 2
"""Lines above the first card: the stage's name and the line under it."""

_CACHED = 512


class Load(Enum):
    """How full a stage is that has a limit."""

    FREE = "dim"
    FULL = "warn"
    OVER = "bold bad"


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the cards."""

    name: str
    role: str
    count: str
    active: bool = False
    load: Load = Load.FREE
    hint: str = ""
    """Said where there is no card."""
    position: str = ""
    """Which of the cards has the cursor, where not all of them are in view."""


@dataclass(frozen=True, slots=True)
class CardFace:
    """What is to be seen of one card; equal faces look the same."""

    task: Task
    mark: Mark
    ground: str
    selected: bool = False
    beside: Beside = NOTHING_BESIDE


Face: TypeAlias = CardFace | GroupFace | None
"""What is to be seen in a slot; ``None`` for nothing."""


Painted: TypeAlias = tuple[Size, Paint | None, CardPlan | None, date]
"""With what a column was painted."""


class ColumnView(Lined, can_focus=False):
    """Draws a `ColumnCursor`; repaints only the cards and the head that differ from what is painted."""

    is_background = True
    DEFAULT_CSS = """
    ColumnView { height: 100%; background: $fd-background; position: absolute; }
    """

    class Chosen(Message):
        """A stop, or with ``place`` of ``None`` the column itself, was clicked; maybe a group's head."""

        def __init__(self, view: ColumnView, place: int | None, group: str | None = None) -> None:
            super().__init__()
            self.view, self.place, self.group = view, place, group

    class Scrolled(Message):
        """The wheel was turned over the column."""

        def __init__(self, view: ColumnView, cards: int) -> None:
            super().__init__()
            self.view, self.cards = view, cards

    def __init__(self) -> None:
        super().__init__()
        self.stage = ""
        self.placed = (-1, -1)
        """Where `Lanes` has put it, and how wide."""
        self._lane = ColumnCursor()
        self._head = Head("", "dim", "")
        self._plan: CardPlan | None = None
        self._today = date.min
        self._thumb = (0, 0)
        """The lines of the right edge, below the head, that stand for the cards in view."""
        self._slots: tuple[tuple[int, int, Face], ...] = ()
        """The line, the height and the face of each thing below the head, to the last line."""
        self._slot_of: tuple[int, ...] = ()
        """For each line the slot that it is in."""
        self._cache: dict[tuple[str, Mark, str, bool, Beside], tuple[Task, list[Strip]]] = {}
        self._seen = Size(0, 0)
        self._wanted: tuple[Head, Callable[[Task, bool], CardFace]] | None = None
        self._painted: Painted = (Size(0, 0), None, None, date.min)

    @property
    def _density(self) -> Density:
        return self._plan.density if self._plan else COMFORTABLE

    @property
    def card_height(self) -> int:
        """Lines from one card to the next."""
        return self._density.lines + self._density.gap

    @property
    def seen_rows(self) -> list[tuple[int, int]]:
        """The stops in view, cards and folded groups, each with its first line."""
        return [
            (slot.stop, HEAD_LINES + slot.y)
            for slot in self._lane.slots
            if slot.stop is not None and HEAD_LINES + slot.y < self.size.height
        ]

    def show(
        self,
        stage: str,
        lane: ColumnCursor,
        head: Head,
        plan: CardPlan,
        *,
        today: date,
        face: Callable[[Task, bool], CardFace],
    ) -> None:
        """Draw this lane; ``face`` tells what is to be seen of a task, with or without the cursor."""
        self.stage, self._lane, self._plan, self._today = stage, lane, plan, today
        self._wanted = (head, face)
        if self.size:
            regions = self._look_again(head, face)
            if regions is None:
                self.refresh()
            elif regions:
                self.refresh(*regions)
        else:  # hidden: it may come back as large as it was
            self._seen = self.size

    def render_lines(self, crop: Region) -> list[Strip]:
        """The finished lines of ``crop``; into a new room they are laid out on the spot."""
        if self.size != self._seen and self._wanted is not None:
            self._look_again(*self._wanted)
            self._finished.clear()
        return super().render_lines(crop)

    def _look_again(self, head: Head, face: Callable[[Task, bool], CardFace]) -> list[Region] | None:
        """Find out what is to be seen now; answers what differs, or ``None`` for all of it."""
        lane, size = self._lane, self.size
        self._seen = size
        lines = max(0, size.height - HEAD_LINES)
        lane.resize(lines, self.card_height, self._density.gap)
        if head.active and lane.has_more:
            head = replace(head, position=f"{lane.position + 1:,}")
        thumb = lane.thumb(lines)
        slots = tuple(self._faced(lane, lines, head.active, face))
        paint = paint_of(self.app.theme)
        painted = (size, paint, self._plan, self._today)
        if painted != self._painted:
            self._cache.clear()
            self._painted, self._head, self._thumb = painted, head, thumb
            self._take(slots)
            return None
        before = {(y, height): face for y, height, face in self._slots}
        regions = [
            Region(0, HEAD_LINES + y, size.width, height)
            for y, height, face in slots
            if (y, height) not in before or before[y, height] != face
        ]
        moved = sorted(set(range(*thumb)) ^ set(range(*self._thumb)))
        regions += [Region(size.width - 1, HEAD_LINES + line, 1, 1) for line in moved]
        if head != self._head:
            is_line = head.active != self._head.active
            regions.append(Region(0, 0, size.width, HEAD_LINES if is_line else 1))
            if not lane.tasks:
                regions.append(Region(0, HEAD_LINES, size.width, size.height - HEAD_LINES))
        self._head, self._thumb = head, thumb
        self._take(slots)
        return regions

    def _faced(
        self, lane: ColumnCursor, lines: int, active: bool, face: Callable[[Task, bool], CardFace]
    ) -> Iterator[tuple[int, int, Face]]:
        """What is to be seen in each slot; where there is no card left, blanks as high as one."""
        y = 0
        for slot in lane.slots:
            is_at_cursor = active and slot.stop == lane.cursor
            if slot.section is not None:
                yield slot.y, slot.height, GroupFace(slot.section, slot.is_folded, is_at_cursor)
            elif slot.stop is not None and (task := lane.stops.task(slot.stop)) is not None:
                yield slot.y, slot.height, self._striped(face(task, is_at_cursor), slot.stop)
            y = slot.y + slot.height
        while y < lines:
            yield y, self.card_height, None
            y += self.card_height

    def _striped(self, face: CardFace, row: int) -> CardFace:
        """The face on the ground that its row has, where only grounds part the cards."""
        if not (self._density.is_striped and row % 2 and face.ground == "card"):
            return face
        return replace(face, ground="background")

    def _take(self, slots: tuple[tuple[int, int, Face], ...]) -> None:
        if slots != self._slots:
            self._slots = slots
            self._slot_of = tuple(at for at, (_, height, _) in enumerate(slots) for _ in range(height))

    def render_line(self, y: int) -> Strip:
        """Line ``y`` of what is in view, at its edge the thumb."""
        strip = self._line(y)
        if self._plan is None or not self._thumb[0] <= y - HEAD_LINES < self._thumb[1]:
            return strip
        thumb = paint_of(self.app.theme).strip(((self._plan.glyphs.thumb, "dim"),), 1)
        return Strip.join((strip.crop(0, self.size.width - 1), thumb))

    def _line(self, y: int) -> Strip:
        paint, width = paint_of(self.app.theme), self.size.width
        if y < HEAD_LINES or self._plan is None:
            return self._head_line(y, paint, width)
        line = y - HEAD_LINES
        top, _, face = self._slots[self._slot_of[line]] if line < len(self._slot_of) else (0, 0, None)
        if face is None:
            if y == HEAD_LINES and not self._lane.tasks and self._head.hint:
                hint: Line = ((f" {self._head.hint}", "italic dim"),)
                return paint.strip(spread(hint, (), width, "dim", self._plan.glyphs.cut), width)
            return paint.blank(width)
        if isinstance(face, GroupFace):
            ground = "cursor" if face.is_at_cursor else "background"
            return paint.strip(group_line(face, self._plan, width), width, ground)
        if line - top >= self._density.lines:
            return paint.blank(width)
        return self._strips(face, self._plan, paint, width)[line - top]

    def _strips(self, face: CardFace, plan: CardPlan, paint: Paint, width: int) -> list[Strip]:
        key = (face.task.key, face.mark, face.ground, face.selected, face.beside)
        known = self._cache.get(key)
        if known is not None and known[0] is face.task:
            return known[1]
        if len(self._cache) > _CACHED:
            self._cache.clear()
        lines = card(face.task, plan, face.mark, max(1, width - 3), self._today, beside=face.beside)
        picked = (plan.glyphs.selected, "bold purple") if face.selected else (" ", "text")
        bar = (plan.glyphs.bar, "accent") if face.ground == "cursor" else picked
        next_to = picked if face.ground == "cursor" else (" ", "text")
        # The cursor's ground lies under the title only: each line of it costs bytes per key.
        rest = "card" if face.ground == "cursor" else face.ground
        titled = sum(any(role == "bold text" for _, role in line) for line in lines)
        strips = [
            paint.strip((bar, next_to, *line, (" ", "text")), width, ground).crop(0, width)
            for line, ground in zip(lines, (*[face.ground] * titled, *[rest] * len(lines)), strict=False)
        ]
        self._cache[key] = (face.task, strips)
        return strips

    def _head_line(self, y: int, paint: Paint, width: int) -> Strip:
        if self._plan is None:
            return paint.blank(width)
        head, glyphs = self._head, self._plan.glyphs
        if y == 1:
            rule = (glyphs.strong_rule, "accent") if head.active else (glyphs.rule, "line")
            return paint.strip(((rule[0] * width, rule[1]),), width)
        role = "bold text" if head.active else "dim"
        name: Line = ((f"{glyphs.dot} ", head.role), (safe(head.name), role))
        # In the colour of the cursor's bar, which is written anyway with each move.
        has_limit = "/" in head.count
        between = f" {glyphs.middot} " if has_limit else "/"
        place: Line = ((head.position, "accent"), (between, "dim")) if head.position else ()
        over = glyphs.late if head.load is Load.OVER else ""
        count: Line = (*place, (f"{over}{head.count}", head.load.value), (" ", "dim"))
        return paint.strip(spread(name, count, width, "text", glyphs.cut), width)

    def on_click(self, event: events.Click) -> None:
        """Tell which card was clicked."""
        event.stop()
        line = event.y - HEAD_LINES
        slot = next((each for each in self._lane.slots if each.y <= line < each.y + each.height), None)
        if line < 0 or slot is None:
            self.post_message(self.Chosen(self, None))
        elif slot.section is not None:
            self.post_message(self.Chosen(self, slot.stop, slot.section.group.id))
        else:
            self.post_message(self.Chosen(self, slot.stop))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """One card further."""
        event.stop()
        self.post_message(self.Scrolled(self, 1))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """One card back."""
        event.stop()
        self.post_message(self.Scrolled(self, -1))

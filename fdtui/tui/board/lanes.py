"""The columns side by side: only those in view are widgets, however many the workflow has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from textual.app import ComposeResult

from fdtui.core.frozen import frozen
from fdtui.core.task import Task
from fdtui.tui.board.collapsed_column import CollapsedColumn, SpineFace
from fdtui.tui.board.column import CardFace, ColumnView, Head
from fdtui.tui.board.column_cursor import ColumnCursor
from fdtui.tui.board.column_layout import COLUMN_GAP, SPINE, Plan, plan_columns
from fdtui.tui.preferences import Glyphs
from fdtui.tui.presentation.cards import CardPlan
from fdtui.tui.toolkit.lined import Ground


@frozen
class LaneFace:
    """A column as the board wants it drawn."""

    stage: str
    lane: ColumnCursor
    head: Head
    folded: bool = False


class Lanes(Ground, can_focus=False):
    """Keeps as many column widgets as there are columns in view, and hands them their lanes."""

    DEFAULT_CSS = """
    Lanes { width: 1fr; height: 1fr; background: $fd-background; overflow: hidden; }
    """

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(id="lanes")
        self._glyphs = glyphs
        self._views: list[ColumnView] = []
        self._spines: list[CollapsedColumn] = []
        self._wanted: (
            tuple[Sequence[LaneFace], int, CardPlan, date, Callable[[Task, bool], CardFace]] | None
        )
        self._wanted = None
        self.plan = Plan()
        self._width = 0
        """The cells that it has, or is about to get."""

    def compose(self) -> ComposeResult:
        """A few columns at once: mounting them later would cost the first frame a second layout."""
        self._views = [ColumnView() for _ in range(4)]
        self._spines = [CollapsedColumn(self._glyphs)]
        for widget in (*self._views, *self._spines):
            widget.display = False
            yield widget

    @property
    def seen_columns(self) -> list[ColumnView]:
        """The columns in view, from the left."""
        return [each for each in self._views if each.display] if self.display else []

    @property
    def seen_strips(self) -> list[CollapsedColumn]:
        """The columns that are drawn as strips."""
        return [each for each in self._spines if each.display] if self.display else []

    def expect(self, width: int) -> None:
        """Be drawn for this width at once: a pane comes or goes, and it takes one frame and not two."""
        self._width = width

    def show(
        self,
        faces: Sequence[LaneFace],
        active: int,
        cards: CardPlan,
        today: date,
        face: Callable[[Task, bool], CardFace],
    ) -> None:
        """Draw these columns so that the active one is in view."""
        self._wanted = (faces, active, cards, today, face)
        width = self._width or self.size.width or self.app.size.width
        folded = [each.folded for each in faces]
        plan = plan_columns(width, folded, active, self.plan.first)
        if plan != self.plan:
            self.plan = plan
        self._draw(faces, cards, today, face)

    def on_resize(self) -> None:
        """Fit the columns into another width."""
        is_expected = self.size.width == self._width
        self._width = self.size.width
        if self._wanted is not None and not is_expected:
            self.show(*self._wanted)

    def _draw(
        self,
        faces: Sequence[LaneFace],
        cards: CardPlan,
        today: date,
        face: Callable[[Task, bool], CardFace],
    ) -> None:
        x, views, spines = 0, 0, 0
        plan = self.plan
        if plan.left is not None:
            self._spine(spines, x, _edge(faces, plan.left, plan.left, self._glyphs.less))
            x, spines = x + SPINE + COLUMN_GAP, spines + 1
        for place in plan.places:
            each = faces[place.index]
            if place.folded:
                self._spine(spines, x, _spine_face(each, place.index))
                spines += 1
            else:
                view = self._view(views, x, place.width)
                view.show(each.stage, each.lane, each.head, cards, today=today, face=face)
                views += 1
            x += place.width + COLUMN_GAP
        if plan.right is not None:
            more = len(faces) - plan.right - 1
            self._spine(spines, x, _edge(faces, plan.right, more, self._glyphs.more))
            spines += 1
        for unused in (*self._views[views:], *self._spines[spines:]):
            unused.display = False

    def _view(self, at: int, x: int, width: int) -> ColumnView:
        if at >= len(self._views):
            self._views.append(ColumnView())
            self.mount(self._views[-1])
        _put(self._views[at], x, width)
        return self._views[at]

    def _spine(self, at: int, x: int, face: SpineFace) -> None:
        if at >= len(self._spines):
            self._spines.append(CollapsedColumn(self._glyphs))
            self.mount(self._spines[-1])
        _put(self._spines[at], x, SPINE)
        self._spines[at].show(face)


def _put(widget: ColumnView | CollapsedColumn, x: int, width: int) -> None:
    """Place a widget; setting a style that it has already would cost a layout."""
    if (x, width) != widget.placed:
        widget.placed = (x, width)
        widget.styles.offset = (x, 0)
        widget.styles.width = width
    if not widget.display:
        widget.display = True


def _spine_face(face: LaneFace, index: int) -> SpineFace:
    head = face.head
    return SpineFace(index, head.name, head.role, _count(head), active=head.active)


def _edge(faces: Sequence[LaneFace], index: int, more: int, sign: str) -> SpineFace:
    head = faces[index].head
    words = f"+{more}{sign}" if 0 < more < 100 else sign
    return SpineFace(index, head.name, head.role, _count(head), more=words)


def _count(head: Head) -> str:
    """How many cards it shows, without what it should hold."""
    return head.count.split(" ")[0].split("/")[0]

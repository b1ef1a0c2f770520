"""The list of all one can go to, with a look at the one under the bar where there is room."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from fdtui.core.task_search import SearchedBoard
from fdtui.tui.goto.destinations import Destination, asked, ranked
from fdtui.tui.goto.task_finder import TaskFinder
from fdtui.tui.preferences import Glyphs
from fdtui.tui.toolkit.cells import Line, cut_line, line_width
from fdtui.tui.toolkit.frame import BORDER, PANEL
from fdtui.tui.toolkit.item import Item
from fdtui.tui.toolkit.overlay import Hints
from fdtui.tui.toolkit.picker import PICKER_WIDTH, ItemList

LIST_WIDTH = 72
"""Cells of the list beside a preview."""
WIDEST = 150
PREVIEW_FROM = 104
"""Windows of this width and more show a preview beside the list."""
LIST_ROWS = 24
LOW_BELOW = 20
"""Windows of fewer lines than this have the list from top to bottom."""
GAP = 3
"""Cells between list and preview: a blank, a line, a blank."""
HINT = "task, id, @person, view, workflow, field, >command"


class GoToDialog(ItemList[Destination]):
    """Answers the destination that is chosen."""

    def __init__(
        self,
        standing: Sequence[Destination],
        recent: Sequence[Destination],
        glyphs: Glyphs,
        *,
        here: str,
        boards: Iterable[SearchedBoard],
        preview: Callable[[Destination, int, int], Sequence[Line]],
        edited: Callable[[], object],
    ) -> None:
        """``preview`` shows one in a width and height; ``edited`` is called at each letter."""
        self._standing, self._recent, self._here = standing, recent, here
        self._preview, self._places = preview, dict[str, Destination]()
        self._previewed: tuple[str, int, int, Sequence[Line]] = ("", 0, 0, ())
        self._finder = TaskFinder(self._show_more)
        self._finder.know(*boards)
        super().__init__("Go to", (), glyphs, nothing="Nothing fits.", changed=edited, reversible=True)
        self._list()

    # What is listed

    def know(self, board: SearchedBoard) -> None:
        """Search the tasks of this board, too."""
        self._finder.know(board)
        self._show_more()

    def _search(self) -> None:
        typed = self._searched = self.edit.text if self.edit is not None else ""
        self._finder.look_for(asked(typed)[1])
        self._list()
        self.at = 0
        self._reveal()

    def _show_more(self) -> None:
        """More was found: the bar stays on what it is on, unless it is at the top."""
        chosen = self.item.id if self.item is not None and self.at else None
        self._list()
        ids = [item.id for item, _ in self.found]
        self.at = ids.index(chosen) if chosen in ids else 0
        self._reveal()
        self.refresh()

    def _list(self) -> None:
        found = ranked(
            self._searched,
            self._standing,
            self._finder.tasks,
            self._recent,
            glyphs=self.glyphs,
            here=self._here,
        )
        listed = [(each.destination.item, each) for each in found]
        self._places = {item.id: each.destination for item, each in listed}
        self.found = tuple((item, each.places) for item, each in listed)

    def on_unmount(self) -> None:
        """Look no further."""
        self._finder.end()

    # Where and what

    @property
    def has_preview(self) -> bool:
        """Whether there is room beside the list."""
        return self.app.size.width >= PREVIEW_FROM

    def place(self) -> None:
        """As high as the window allows, for what is listed changes with each letter."""
        size = self.app.size
        lines = size.height * 2 // 3 if size.height >= LOW_BELOW else size.height - 1
        rows = min(LIST_ROWS, max(3, lines - self._head - BORDER - 1))
        width = min(WIDEST, size.width - 8) if self.has_preview else PICKER_WIDTH
        self.fit(width, rows + self._head + BORDER + 1)

    def footer(self) -> Hints:
        """How to go there, and to leave."""
        return (("list.choose", "go"), ("list.close", "back"))

    def _choose(self, item: Item | None) -> None:
        """Go to the first only once all is known that could stand there."""
        if not self.at and not self._finder.is_over:
            self._finder.finish()
            self._list()
            item = self.item
        super()._choose(item)

    def choose(self, item: Item) -> None:
        """Answer it."""
        self.answer(self._places[item.id])

    def line(self, y: int, width: int) -> tuple[Line, str]:
        """A line of the list, and beside it one of the preview."""
        if not self.has_preview or y < self._head:
            return self._list_line(y, width)
        room = min(LIST_WIDTH, width // 2)
        line, ground = self._list_line(y, room)
        line = cut_line(line, room, self.glyphs.cut)
        beside = self._beside(width - room - GAP)
        at = y - self._head
        shown = _on_panel(beside[at]) if at < len(beside) else ()
        pad = (" " * (room - line_width(line)), "text")
        return (*_on(line, ground), (pad[0], f"text@{ground}"), (" ", "text@panel"),
                (self.glyphs.wall, "line@panel"), (" ", "text@panel"), *shown), PANEL  # fmt: skip

    def _list_line(self, y: int, width: int) -> tuple[Line, str]:
        if y == 0:
            is_looking = not self._finder.is_over
            count = f"{len(self.found):,}" if self._searched else ""
            return self.title_line(width, f"searching{self.glyphs.cut}" if is_looking else count), PANEL
        if y == 1 and self.edit is not None and not self.edit.text:
            prompt: Line = ((f"{self.glyphs.more} ", "bold accent"),)
            return (*prompt, *self.edit.line(1), (HINT, "dim")), PANEL
        return super().line(y, width)

    def _beside(self, width: int) -> Sequence[Line]:
        """What the destination under the bar looks like."""
        item, height = self.item, self.content_size.height - self._head
        if item is None:
            return ()
        if self._previewed[:3] != (item.id, width, height):
            lines = self._preview(self._places[item.id], width, height)
            self._previewed = (item.id, width, height, lines)
        return self._previewed[3]


def _on(line: Line, ground: str) -> Line:
    """The same pieces on a ground of their own."""
    return tuple((text, role if "@" in role else f"{role}@{ground}") for text, role in line)


def _on_panel(line: Line) -> Line:
    return _on(line, PANEL)

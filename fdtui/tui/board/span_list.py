"""The cards of several workflows over the board: a row each, worked on with the keys of the board."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from fdtui.core.commands import COMMANDS, Group
from fdtui.core.frozen import frozen
from fdtui.core.lateness import deadline_of, is_late
from fdtui.core.moments import short_date
from fdtui.core.safetext import safe
from fdtui.core.spanning import SpanRow
from fdtui.core.task import title_of
from fdtui.tui.preferences import Glyphs
from fdtui.tui.presentation.cards import initials_of, person_of, person_role
from fdtui.tui.toolkit.cells import Piece, wrap
from fdtui.tui.toolkit.frame import BORDER
from fdtui.tui.toolkit.item import Item
from fdtui.tui.toolkit.overlay import Handler, Hints
from fdtui.tui.toolkit.picker import ItemList

SPAN_WIDTH = 120
OF_A_CARD = frozenset(
    each.id
    for each in COMMANDS
    if each.group is Group.CARD and each.id not in {"task.select", "task.select-column"}
)
"""The commands of the board that are given here for the card under the bar."""
OF_THE_BOARD = frozenset(
    each.id
    for each in COMMANDS
    if each.id.startswith(("view.", "app.")) or each.id in {"board.views", "board.switch-workflow"}
) - {"app.cancel", "app.back"}
"""Those that the list gives way to, or that mean here what they mean there."""
LEAVING = frozenset(each for each in OF_THE_BOARD if not each.startswith("app."))


@frozen
class SpanWish:
    """A command, and the card that it is for; without a card it is for the board."""

    command: str
    row: SpanRow | None = None
    count: int | None = None


class SpanList(ItemList[SpanWish]):
    """Answers what is to be done with which card."""

    is_modal = False

    def __init__(
        self,
        title: str,
        rows: Sequence[SpanRow],
        glyphs: Glyphs,
        *,
        today: date,
        start: int = 0,
        nothing: str,
    ) -> None:
        self._rows_shown = tuple(rows)
        items = [_item(at, row, glyphs, today) for at, row in enumerate(rows)]
        super().__init__(
            title, items, glyphs, start=start, searchable=False, reversible=True, nothing=nothing
        )

    def place(self) -> None:
        """As wide as there is room for, and as high as it has to be."""
        width, height = self.app.size
        rows = max(len(self.items), len(wrap(self._nothing, self.room_for(min(width - 2, SPAN_WIDTH)))))
        wanted = rows + self._head + BORDER + 1
        self.fit(min(width - 2, SPAN_WIDTH), max(6, min(wanted, height - (6 if height > 20 else 2))))

    @property
    def row(self) -> SpanRow | None:
        """The card under the bar."""
        return self._rows_shown[self.at] if self.at < len(self._rows_shown) else None

    def bindings(self) -> Mapping[str, Handler]:
        """What is done with the card, and moving among them as on the board."""
        far = len(self.items)
        return {
            **super().bindings(),
            **({each: self._giving(each) for each in OF_A_CARD} if self.row is not None else {}),
            **{each: self._leaving(each) for each in LEAVING},
            "cursor.down": lambda n: self.move(n or 1),
            "cursor.up": lambda n: self.move(-(n or 1)),
            "cursor.top": lambda n: self.move((n or 1) - 1 - self.at),
            "cursor.bottom": lambda n: self.move((n or far) - 1 - self.at),
            "cursor.half-down": lambda n: self.move((n or 1) * max(1, self._rows // 2)),
            "cursor.half-up": lambda n: self.move(-(n or 1) * max(1, self._rows // 2)),
            "board.refresh": lambda _: self.answer(SpanWish("board.refresh")),
            "app.cancel": lambda _: self.answer(),
            "app.back": lambda _: self.answer(),
        }

    def _giving(self, command: str) -> Handler:
        return lambda count: self.answer(SpanWish(command, self.row, count))

    def _leaving(self, command: str) -> Handler:
        return lambda count: self.answer(SpanWish(command, None, count))

    def refuses(self, command: str) -> str:
        """The other commands of the board mean nothing while the list lies over it."""
        if command in self.bindings() or command in OF_THE_BOARD or "." not in command:
            return ""
        known = any(command == each.id for each in COMMANDS)
        return "Not available in a list of several workflows; close it first." if known else ""

    def choose(self, item: Item) -> None:
        """Open the card on its board."""
        self.answer(SpanWish("task.open", self.row))

    def footer(self) -> Hints:
        """What can be done with the card."""
        words: Hints = (
            *(("list.choose", "open"), ("task.move-next", "next stage"), ("task.move", "move")),
            *(("task.assign", "assign"), ("task.edit", "edit"), ("task.actions", "actions")),
            *(("board.refresh", "refresh"), ("list.close", "back")),
        )
        known = self.bindings()
        return tuple(each for each in words if each[0] in known)


def _item(at: int, row: SpanRow, glyphs: Glyphs, today: date) -> Item:
    task, schema = row.task, row.schema
    parts = [row.workflow.name, task.stage]
    due = deadline_of(task, schema)
    if due is not None:
        said = short_date(due, today)
        parts.append(f"late {said}" if is_late(task, schema, today) else said)
    if row.has_failed:
        parts.insert(0, f"{glyphs.refused} failed")
    title = title_of(task, schema, nameless="(untitled)")
    note = f" {glyphs.middot} ".join(safe(each) for each in parts)
    return Item(str(at), safe(title[:200]), note=note, sign=_sign(row, glyphs, today))


def _sign(row: SpanRow, glyphs: Glyphs, today: date) -> Piece:
    if row.has_failed:
        return glyphs.refused, "bold bad"
    if is_late(row.task, row.schema, today):
        return glyphs.late, "bold bad"
    if row.task.assignee is None:
        return glyphs.dash, "dim"
    person = person_of(row.task.assignee, row.schema)
    return initials_of(person), person_role(person.email)

"""The columns as they are painted."""

from datetime import date

from textual.app import App, ComposeResult

from fdtui.core.board import ColumnCards
from fdtui.core.schema import Field, FieldType, Schema, Stage
from fdtui.core.state import Mark
from fdtui.core.task import Task
from fdtui.tui.board.column import CardFace, ColumnView, Head
from fdtui.tui.board.column_cursor import ColumnCursor
from fdtui.tui.board.lanes import LaneFace, Lanes
from fdtui.tui.preferences import Look
from fdtui.tui.presentation.cards import plan_card
from fdtui.tui.toolkit.theme import textual_themes, theme_name

SCHEMA = Schema(
    (Stage("Open"), Stage("Done")), (Field("ID", FieldType.UNIQUE_ID), Field("Title", FieldType.TEXT))
)


def lane(stage: str, title: str) -> LaneFace:
    cursor = ColumnCursor()
    cursor.show(ColumnCards.of([Task(title, title, {"ID": title, "Title": title, "Stage": stage})]))
    return LaneFace(stage, cursor, Head(stage, "dim", "1"))


class Board(App[None]):
    """Nothing but columns."""

    def __init__(self) -> None:
        super().__init__()
        for theme in textual_themes():
            self.register_theme(theme)
        self.theme = theme_name("dark")
        self.lanes = Lanes(Look().glyphs)

    def compose(self) -> ComposeResult:
        yield self.lanes

    def show(self, *lanes: LaneFace) -> None:
        plan = plan_card(SCHEMA, Look())
        face = lambda task, at_cursor: CardFace(task, Mark.NONE, "cursor" if at_cursor else "card")  # noqa: E731
        self.lanes.show(lanes, 0, plan, date(2026, 1, 1), face)

    @property
    def first(self) -> ColumnView:
        return next(each for each in self.query(ColumnView) if each.display)

    @property
    def text(self) -> str:
        return "\n".join(strip.text for strip in self.first.render_lines(self.first.size.region))


async def test_columns_that_were_away_show_what_they_were_given_meanwhile() -> None:
    async with Board().run_test(size=(80, 24)) as pilot:
        board = pilot.app
        assert isinstance(board, Board)
        board.show(lane("Open", "Apples"), lane("Done", "Pears"))
        await pilot.pause()
        assert "Open" in board.text and "Apples" in board.text
        view, size = board.first, board.first.size
        board.lanes.display = False
        await pilot.pause()
        assert not view.size
        board.show(lane("Done", "Plums"), lane("Open", "Grapes"))
        board.lanes.display = True
        await pilot.pause()
        assert board.first is view and view.size == size
        assert "Done" in board.text and "Plums" in board.text

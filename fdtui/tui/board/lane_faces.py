"""What the board says of each of its columns. Pure."""

from __future__ import annotations

from fdtui.tui.board.column import Head
from fdtui.tui.board.lanes import LaneFace
from fdtui.tui.board.model import BoardModel
from fdtui.tui.presentation.stages import stage_role


def lane_face(deck: BoardModel, index: int) -> LaneFace:
    """What is to be seen of the column at that place."""
    column = deck.columns[index]
    stage, filtered = column.stage, bool(deck.view.filter)
    name = stage.name or "(no stage)"
    count = f"{len(column.tasks):,}" + (f" of {column.total:,}" if filtered else "")
    head = Head(
        name=name if column.known else f"unknown stage: {name}",
        role=stage_role(stage, index) if column.known else "warn",
        count=count,
        active=index == deck.active,
        hint=_hint(deck) if filtered and column.total else "no cards",
    )
    return LaneFace(stage.name, deck.lane(column), head, stage.name in deck.folded)


def _hint(deck: BoardModel) -> str:
    return f"searching{deck.plan.glyphs.cut}" if deck.is_searching else "no match"

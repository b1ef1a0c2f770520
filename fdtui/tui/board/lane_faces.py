"""What the board says of each of its columns. Pure."""

from __future__ import annotations

from fdtui.tui.board.column import Head, Load
from fdtui.tui.board.lanes import LaneFace
from fdtui.tui.board.model import BoardModel
from fdtui.tui.presentation.stages import stage_role


def lane_face(deck: BoardModel, index: int) -> LaneFace:
    """What is to be seen of the column at that place."""
    column = deck.columns[index]
    stage, filtered = column.stage, bool(deck.view.filter)
    name = stage.name or "(no stage)"
    count = f"{len(column.tasks):,}" + (f" of {column.total:,}" if filtered else "")
    limit = deck.limit_of(stage)
    if limit is not None and not filtered:
        count = f"{count}/{limit:,}"
    head = Head(
        name=name if column.known else f"unknown stage: {name}",
        role=stage_role(stage, index) if column.known else "warn",
        count=count,
        load=load_of(column.total, limit),
        active=index == deck.active,
        hint=_hint(deck) if filtered and column.total else "no cards",
    )
    return LaneFace(stage.name, deck.lane(column), head, stage.name in deck.folded)


def load_of(total: int, limit: int | None) -> Load:
    """How full a stage is that should hold at most ``limit`` tasks."""
    if limit is None or total < limit:
        return Load.FREE
    return Load.FULL if total == limit else Load.OVER


def _hint(deck: BoardModel) -> str:
    return f"searching{deck.plan.glyphs.cut}" if deck.is_searching else "no match"

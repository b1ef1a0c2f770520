"""A column of the deck as the lanes want it drawn. Pure."""

from __future__ import annotations

from fdtui.tui.deck import Deck
from fdtui.tui.theme import stage_role
from fdtui.tui.widgets.column import Head
from fdtui.tui.widgets.lanes import LaneFace


def lane_face(deck: Deck, index: int) -> LaneFace:
    """The column at that place: its head, its cards, and whether it is folded."""
    column = deck.columns[index]
    stage, filtered = column.stage, bool(deck.view.filter)
    name = stage.name or "(no stage)"
    count = f"{len(column.tasks):,}" + (f" of {column.total:,}" if filtered else "")
    head = Head(
        name=name if column.known else f"unknown stage: {name}",
        role=stage_role(stage, index) if column.known else "warn",
        count=count,
        active=index == deck.active,
        hint="nothing fits the filter" if filtered and column.total else "no cards",
    )
    return LaneFace(stage.name, deck.lane(column), head, stage.name in deck.folded)

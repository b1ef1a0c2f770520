"""Between how a view is kept and how the board shows one. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from fdtui.core.board import View
from fdtui.core.views import Arrangement
from fdtui.tui.board.card_look import CardLook


def as_shown(view: View, shows: Arrangement, *, hide_end: bool) -> View:
    """``view`` with what an arrangement says; ``hide_end`` is what the settings say."""
    return replace(
        view,
        filter=shows.filter,
        hide_end=hide_end if shows.hide_end is None else shows.hide_end,
        sort=shows.sort,
        group=shows.group,
        sum=shows.sum,
    )


def as_kept(
    view: View, cards: CardLook, folded: Iterable[str], folded_groups: Iterable[str]
) -> Arrangement:
    """The arrangement that a board shows."""
    return Arrangement(
        filter=view.filter,
        sort=view.sort,
        group=view.group,
        sum=view.sum,
        density=cards.density.chosen,
        fields=cards.fields,
        folded=tuple(sorted(folded)),
        folded_groups=tuple(sorted(folded_groups)),
        hide_end=view.hide_end,
    )

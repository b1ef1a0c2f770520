"""Files on their way as rows of the pane, newest first; and how one stands, in a sign and some words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fdtui.core.safetext import safe
from fdtui.core.transfer import Status, Transfer, TransferKind
from fdtui.tui.activity.run_rows import RunRow
from fdtui.tui.preferences import Glyphs
from fdtui.tui.presentation.transfers import stand_of
from fdtui.tui.toolkit.cells import Line, Piece, cut, fit, spread, width_of, wrap

MOST_TOLD = 4
"""Lines of an error, or of a path, under the row that the bar is on."""


def transfer_rows(
    transfers: Sequence[Transfer],
    at: int,
    top: int,
    size: tuple[int, int],
    glyphs: Glyphs,
    *,
    has_keys: bool,
    task: Callable[[Transfer], str],
    retry_key: str = "",
) -> tuple[list[RunRow], int]:
    """The rows that fit from ``top`` on, and the top that keeps row ``at`` in view.

    ``task`` answers what to call the task of a transfer.
    """
    width, height = size
    more = _more(transfers[at], width) if has_keys and at < len(transfers) else []
    top = max(0, min(top, at, len(transfers) - 1))
    top = max(top, at + 1 + len(more) - height)
    rows: list[RunRow] = []
    for index in range(top, min(len(transfers), top + height)):
        here = has_keys and index == at
        stand = stand_of(transfers[index], glyphs, retry_key)
        line = _line(transfers[index], stand, task(transfers[index]), glyphs, width=width, here=here)
        rows.append(RunRow(line, "cursor" if here else "panel", index))
        if here:
            rows += more
    return rows[:height], top


def _line(
    transfer: Transfer, stand: tuple[Piece, Piece], task: str, glyphs: Glyphs, *, width: int, here: bool
) -> Line:
    sign, words = stand
    name = cut(safe(transfer.name[:300]) or "(nameless)", max(16, width // 3), glyphs.cut)
    left: Line = (
        (glyphs.bar if here else " ", "accent"),
        (fit(sign[0], width_of(glyphs.done) + 1), sign[1]),
        (f"{name}  ", "bold text" if here else "text"),
        (cut(task, max(12, width // 4), glyphs.cut), "dim"),
    )
    return spread(left, (words, (" ", "dim")), width, "dim", glyphs.cut)


def _more(transfer: Transfer, width: int) -> list[RunRow]:
    """What the line itself has no room for."""
    text, role = (transfer.error, "bad") if transfer.error else ("", "dim")
    if transfer.status is Status.DONE and transfer.kind is TransferKind.DOWNLOAD:
        text, role = transfer.target, "good"
    lines = wrap(safe(text[:2000]), max(8, width - 6)) if text else []
    return [RunRow((("    ", "dim"), (line, role)), "cursor") for line in lines[:MOST_TOLD]]

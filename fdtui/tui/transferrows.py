"""Files on their way as rows of the pane, newest first; and how one stands, in a sign and some words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fdtui.core.safetext import safe
from fdtui.core.transfer import Kind, Status, Transfer, progress_words
from fdtui.tui.cells import Line, Piece, cut, fit, spread, width_of, wrap
from fdtui.tui.look import Glyphs
from fdtui.tui.runrows import Row

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
) -> tuple[list[Row], int]:
    """The rows that fit from ``top`` on, and the top that keeps row ``at`` in view.

    ``task`` answers what to call the task of a transfer.
    """
    width, height = size
    more = _told(transfers[at], width) if has_keys and at < len(transfers) else []
    top = max(0, min(top, at, len(transfers) - 1))
    top = max(top, at + 1 + len(more) - height)
    rows: list[Row] = []
    for index in range(top, min(len(transfers), top + height)):
        here = has_keys and index == at
        line = _line(transfers[index], task(transfers[index]), glyphs, width, here)
        rows.append(Row(line, "cursor" if here else "panel"))
        if here:
            rows += more
    return rows[:height], top


def _line(transfer: Transfer, task: str, glyphs: Glyphs, width: int, here: bool) -> Line:
    sign, words = stand_of(transfer, glyphs)
    name = cut(safe(transfer.name[:300]) or "(nameless)", max(16, width // 3), glyphs.cut)
    left: Line = (
        (glyphs.bar if here else " ", "accent"),
        (fit(sign[0], width_of(glyphs.done) + 1), sign[1]),
        (f"{name}  ", "bold text" if here else "text"),
        (cut(task, max(12, width // 4), glyphs.cut), "dim"),
    )
    return spread(left, (words, (" ", "dim")), width, "dim", glyphs.cut)


def _told(transfer: Transfer, width: int) -> list[Row]:
    """What the line itself has no room for."""
    text, role = (transfer.error, "bad") if transfer.error else ("", "dim")
    if transfer.status is Status.DONE and transfer.kind is Kind.DOWNLOAD:
        text, role = transfer.target, "good"
    lines = wrap(safe(text[:2000]), max(8, width - 6)) if text else []
    return [Row((("    ", "dim"), (line, role)), "cursor") for line in lines[:MOST_TOLD]]


def stand_of(transfer: Transfer, glyphs: Glyphs) -> tuple[Piece, Piece]:
    """How it stands: a sign, and some words."""
    arrow = glyphs.waiting if transfer.kind is Kind.UPLOAD else glyphs.down
    moving, refused = (arrow, "running"), glyphs.refused
    match transfer.status:
        case Status.WAITING:
            return moving, ("queued", "dim")
        case Status.RUNNING:
            return moving, (progress_words(transfer) if transfer.is_slow else "under way", "running")
        case Status.CHECKING:
            return moving, ("checking", "running")
        case Status.DONE:
            words = "attached" if transfer.kind is Kind.UPLOAD else f"saved as {safe(transfer.target)}"
            return (glyphs.done, "good"), (words, "good")
        case Status.INTERRUPTED:
            return (refused, "warn"), ("interrupted: r tries again", "warn")
        case Status.CANCELLED:
            return (refused, "warn"), ("cancelled: r tries again", "warn")
        case _:
            return (refused, "bad"), ("failed: r tries again", "bad")

"""A file on its way in a sign and words. Pure; whatever comes from outside is `safe`."""

from __future__ import annotations

from fdtui.core.safetext import safe
from fdtui.core.transfer import Status, Transfer, TransferKind, progress_words
from fdtui.tui.preferences import Glyphs
from fdtui.tui.toolkit.cells import Piece


def stand_of(transfer: Transfer, glyphs: Glyphs, retry: str) -> tuple[Piece, Piece]:
    """How it stands: a sign, and some words. ``retry`` is the key that tries it again, if any."""
    arrow = glyphs.waiting if transfer.kind is TransferKind.UPLOAD else glyphs.down
    moving, refused = (arrow, "running"), glyphs.refused
    again = f": {retry} tries again" if retry else ""
    match transfer.status:
        case Status.WAITING:
            return moving, ("queued", "dim")
        case Status.RUNNING:
            return moving, (progress_words(transfer) if transfer.is_slow else "under way", "running")
        case Status.CHECKING:
            return moving, ("checking", "running")
        case Status.DONE:
            words = (
                "attached"
                if transfer.kind is TransferKind.UPLOAD
                else f"saved as {safe(transfer.target)}"
            )
            return (glyphs.done, "good"), (words, "good")
        case Status.INTERRUPTED:
            return (refused, "warn"), (f"interrupted{again}", "warn")
        case Status.CANCELLED:
            return (refused, "warn"), (f"cancelled{again}", "warn")
        case _:
            return (refused, "bad"), (f"failed{again}", "bad")

"""Showing one file of a task over the board: as text to read, or as a picture."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from fdtui.core.safetext import safe
from fdtui.sync.peeking import FIRST, WHOLE, Peek
from fdtui.tui.filerows import FileRow
from fdtui.tui.preview import Preview, make_preview
from fdtui.tui.terminal import TerminalApp
from fdtui.tui.widgets.paper import Paper

if TYPE_CHECKING:
    from fdtui.tui.screens.board import BoardScreen

MORE = 16 * FIRST
"""Bytes of a text that are fetched, though fewer are shown: small ones are then whole, with a hash."""


async def fetch_preview(row: FileRow, peek: Callable[[str, int], Awaitable[Peek]]) -> Preview:
    """The file as it is to be shown, made beside the event loop; raises `FdtuiError`."""
    is_text = row.media_type.startswith("text/") or "json" in row.media_type
    seen = await peek(row.blob, MORE if is_text else WHOLE)
    return await asyncio.to_thread(
        make_preview, row.name, row.media_type, seen.data, seen.size, seen.digest, most=FIRST
    )


async def show_preview(
    board: BoardScreen,
    name: str,
    preview: Preview,
    *,
    answers: Mapping[str, tuple[str, Callable[[], object]]],
    closed: Callable[[], None],
) -> None:
    """Open it; where letters are all that may be used, a picture is its facts."""
    heading, glyphs, app = safe(name[:200]) or "(nameless)", board.look.glyphs, board.app
    if not preview.image or board.look.ascii or not isinstance(app, TerminalApp):
        lines = partial(preview.lines, glyphs=glyphs)
        board.open(Paper(heading, lines, glyphs, answers=answers, closed=closed, wide=True))
        return
    from fdtui.tui import picture  # noqa: PLC0415 - once in a while
    from fdtui.tui.widgets.pictureview import PictureView  # noqa: PLC0415

    async def draw(columns: int, rows: int) -> picture.Shown:
        canvas = await app.canvas(board.look.pictures)
        return await asyncio.to_thread(picture.show, preview.image, columns, rows, canvas)

    board.open(
        PictureView(
            heading, preview.summary, draw, glyphs,
            pictures=app.pictures, answers=answers, closed=closed,
        )
    )  # fmt: skip

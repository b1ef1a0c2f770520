"""Showing one file of a task over the board: as text to read, or as a picture."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from fdtui.core.safetext import safe
from fdtui.sync.files.peek import FETCHED_WHOLE_BELOW, FIRST, Peek
from fdtui.tui.files.preview import Preview, make_preview
from fdtui.tui.files.rows import FileRow
from fdtui.tui.focus import Handler, Hints, declared_hints
from fdtui.tui.terminal.app import TerminalApp
from fdtui.tui.toolkit.reader import Reader

if TYPE_CHECKING:
    from fdtui.tui.host import Host

MAX_TEXT_FETCHED = 16 * FIRST
"""Bytes of a text that are fetched, though fewer are shown: small ones are then whole, with a hash."""


class TextPreview(Reader):
    """A file as text. Answers ``download`` where it is to be downloaded."""

    scopes: tuple[str, ...] = ("preview", *Reader.scopes)

    def bindings(self) -> Mapping[str, Handler]:
        """Download it or go back, beside what a reader can do."""
        own: dict[str, Handler] = {
            "preview.download": lambda _: self.answer("download"),
            "preview.close": lambda _: self.answer(),
        }
        return {**super().bindings(), **own}

    def footer(self) -> Hints:
        """What can be done with the file."""
        return declared_hints("preview")


async def fetch_preview(row: FileRow, peek: Callable[[str, int], Awaitable[Peek]]) -> Preview:
    """The file as it is to be shown, made beside the event loop; raises `FdtuiError`."""
    is_text = row.media_type.startswith("text/") or "json" in row.media_type
    seen = await peek(row.blob, MAX_TEXT_FETCHED if is_text else FETCHED_WHOLE_BELOW)
    return await asyncio.to_thread(
        make_preview, row.name, row.media_type, seen.data, seen.size, seen.digest, most=FIRST
    )


async def show_preview(host: Host, name: str, preview: Preview) -> bool:
    """Show it, and answer whether it is to be downloaded.

    Where letters are all that may be used, a picture is its facts.
    """
    heading, glyphs, app = safe(name[:200]) or "(nameless)", host.look.glyphs, host.app
    if not preview.image or host.look.ascii or not isinstance(app, TerminalApp):
        lines = partial(preview.lines, glyphs=glyphs)
        return await host.ask(TextPreview(heading, lines, glyphs, wide=True)) is not None
    from fdtui.tui.files.picture_view import PictureView  # noqa: PLC0415
    from fdtui.tui.terminal import encode as picture  # noqa: PLC0415 - once in a while

    async def draw(columns: int, rows: int) -> picture.Shown:
        canvas = await app.canvas(host.look.pictures)
        return await asyncio.to_thread(picture.show, preview.image, columns, rows, canvas)

    view = PictureView(heading, preview.summary, draw, glyphs, pictures=app.pictures)
    return await host.ask(view) is not None

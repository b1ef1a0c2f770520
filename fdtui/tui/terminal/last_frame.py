"""The frame that the next start begins with: written while the program runs, and taken over by it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from textual.strip import Strip

from fdtui.launch.kept_frame import FrameShelf, KeptFrame
from fdtui.tui.terminal.abilities import Abilities
from fdtui.tui.terminal.painter import Painter, ShownFrame
from fdtui.tui.terminal.strip_cells import cells_of
from fdtui.tui.terminal.strokes import Look

KEEP_AFTER = 3.0
"""Seconds between a frame and its copy on the disk, for a program that is killed; one copy for many."""

Rows = list[list[tuple[str, Look]]]
"""Letters with their looks, a row each."""
_CODES = re.compile(r"[0-9;]+")


@dataclass
class OldPage:
    """How a screen is to be seen the next time: lines instead of those that say how new it is."""

    lines: Mapping[int, Strip]
    """By row, each as wide as the screen."""
    note: str
    """What the board asks to be given with it."""


class FrameKeeper:
    """Keeps what a painter has on the screen: some seconds after it, and at the end."""

    def __init__(
        self,
        shelf: FrameShelf,
        painter: Painter,
        abilities: Abilities,
        page: Callable[[], OldPage | None],
    ) -> None:
        """``page`` answers ``None`` while the screen is not one to begin with."""
        self._shelf, self._painter, self._abilities, self._page = shelf, painter, abilities, page
        self._later: asyncio.TimerHandle | None = None
        self._kept: ShownFrame | None = None
        self._note: str | None = None
        self._count = self._written = 0
        """How many frames were to be kept, and the number of the last that was, or that must not be."""
        self._lock = Lock()

    def painted(self, note: str | None = None) -> None:
        """A frame is on its way to the terminal: see to it that it is kept in a while.

        ``note`` is of this frame: at the end, a key may have moved what no frame has shown.
        """
        self._note = note
        if self._later is None:
            self._later = asyncio.get_running_loop().call_later(KEEP_AFTER, self._soon)

    def _soon(self) -> None:
        self._later = None
        if (frame := self._changed()) is not None:
            asyncio.get_running_loop().run_in_executor(None, self._write, *frame)

    def end(self) -> None:
        """Keep what is on the screen now, which is the last that will be."""
        if self._later is not None:
            self._later.cancel()
            self._later = None
        if (frame := self._changed()) is not None:
            self._write(*frame)

    def discard(self) -> None:
        """Let no later start show what was on the screen."""
        with self._lock:
            self._kept, self._written = None, self._count
            self._shelf.discard()

    def _changed(self) -> tuple[ShownFrame, str, int] | None:
        """What is to be kept, its note and its number; ``None`` where that is kept already."""
        page = self._page()
        shown = self._painter.shown() if page is not None else None
        if page is None or shown is None:
            return None
        for y, strip in page.lines.items():
            cells = cells_of(strip)
            if y >= len(shown.rows) or len(cells) != shown.size[0]:
                return None
            shown.rows[y] = cells
        if shown == self._kept:
            return None
        self._kept = shown
        self._count += 1
        return shown, page.note if self._note is None else self._note, self._count

    def _write(self, shown: ShownFrame, note: str, number: int) -> None:
        painting, rows = Painter(self._abilities).paint(shown)
        frame = KeptFrame(shown.size, painting.encode("utf-8", "replace"), encoded(rows, note))
        with self._lock:  # a thread may be late, and must not take back what is newer
            if number > self._written:
                self._written = number
                self._shelf.keep(frame)


def encoded(rows: Rows, note: str) -> bytes:
    """Cells and a note as JSON, run by run of one look."""
    looks: dict[Look, int] = {}
    runs = []
    for row in rows:
        line: list[tuple[int, list[str]]] = []
        for text, look in row:
            number = looks.setdefault(look, len(looks))
            if not line or line[-1][0] != number:
                line.append((number, []))
            line[-1][1].append(text)
        runs.append([(number, _joined(cells)) for number, cells in line])
    kept = {"looks": list(looks), "rows": runs, "note": note}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _joined(cells: list[str]) -> str | list[str]:
    return "".join(cells) if all(len(cell) == 1 for cell in cells) else cells


def decoded(data: bytes, size: tuple[int, int]) -> tuple[Rows, str]:
    """What `encoded` made; raises `ValueError` where it is not that."""
    try:
        kept = json.loads(data.decode("utf-8", "surrogatepass"))
        looks = [_look(each) for each in kept["looks"]]
        rows = [[(text, looks[n]) for n, cells in row for text in cells] for row in kept["rows"]]
        note = str(kept["note"])
    except (LookupError, TypeError) as error:
        raise ValueError(error) from None
    if len(rows) != size[1] or any(len(row) != size[0] for row in rows):
        raise ValueError("it has another size")
    return rows, note


def _look(kept: Any) -> Look:
    foreground, ground, bits = kept
    if not (_CODES.fullmatch(foreground) and _CODES.fullmatch(ground)):
        raise ValueError("it is no look")
    return foreground, ground, int(bits)

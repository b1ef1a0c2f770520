"""Which way a terminal can draw pictures, as it says itself when it is asked. Pure.

Sources: the kitty graphics protocol, iTerm2's inline images, xterm's control sequences (device
attributes: 4 is sixel; XTVERSION; XTSMGRAPHICS: how many colours sixel has; the size of a cell with
``CSI 16 t``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from fdtui.core.frozen import frozen

AUTO = "auto"
"""Draw with what the terminal says that it can."""
CELL = (10, 20)
"""Width and height of a cell in pixels where the terminal does not say, and it does not matter."""
MAX_CELL = 200
MAX_COLOURS = 256

ANSWER = re.compile(
    r"\x1b\[\?[\d;]*c"  # what it can do; comes last, for everything else was asked before
    r"|\x1b\[6;\d+;\d+t"
    r"|\x1b\[\?1;\d+[\d;]*S"
    r"|\x1b_G[^\x1b]{0,512}\x1b\\"
    r"|\x1bP>\|[^\x1b]{0,512}\x1b\\"
)
"""Each of the answers to `question`."""
DEVICE_ANSWER = re.compile(r"\x1b\[\?[\d;]*c")
"""The answer that every terminal gives, after all others."""

_KITTY = "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\"
_VERSION = "\x1b[>0q"
_CELL_SIZE = "\x1b[16t"
_COLOURS = "\x1b[?1;1;0S"
_ATTRIBUTES = "\x1b[c"
_SIXEL = "4"


class Way(StrEnum):
    """How a picture gets onto the screen."""

    KITTY = "kitty"
    ITERM = "iterm"
    SIXEL = "sixel"
    BLOCKS = "blocks"
    """Half blocks, two pixels a cell: any terminal with colours and Unicode."""


@frozen
class Canvas:
    """What a terminal draws with, and how many pixels a cell has."""

    way: Way = Way.BLOCKS
    cell: tuple[int, int] = CELL
    colours: int = MAX_COLOURS
    """How many a sixel picture may have."""


def question(environment: Mapping[str, str]) -> str:
    """What to ask the terminal; empty where asking would leave letters on the screen."""
    term = environment.get("TERM", "")
    if term in {"", "dumb", "linux"} or environment.get("TERM_PROGRAM") == "Apple_Terminal":
        return ""
    if environment.get("STY"):  # GNU screen hands pictures on, but knows nothing of their place
        return ""
    if environment.get("TMUX") or term.startswith(("tmux", "screen")):
        return _CELL_SIZE + _ATTRIBUTES  # tmux would take the others for a title
    return _KITTY + _VERSION + _CELL_SIZE + _COLOURS + _ATTRIBUTES


def canvas_of(answers: str, window: tuple[int, int, int, int], wish: str = AUTO) -> Canvas:
    """What to draw with, by the terminal's ``answers`` and its ``window``.

    ``window`` is what the kernel knows: columns, rows, and their pixels, which may be 0.
    """
    cell = _cell(answers, window)
    way = _way(answers) if wish == AUTO else Way(wish)
    if way is Way.SIXEL and cell is None and wish == AUTO:
        way = Way.BLOCKS  # sixel is drawn pixel for pixel: it might run out of its place
    return Canvas(way, cell or CELL, _colours(answers))


def _colours(answers: str) -> int:
    found = re.search(r"\x1b\[\?1;0;(\d{1,9})S", answers)
    return max(2, min(int(found[1]), MAX_COLOURS)) if found else MAX_COLOURS


def _way(answers: str) -> Way:
    last = DEVICE_ANSWER.search(answers)
    attributes = last[0][3:-1].split(";")[1:] if last else []
    if re.search(r"\x1bP>\|(?:iTerm2|WezTerm)", answers):
        return Way.ITERM
    if re.search(r"\x1b_Gi=31[^;]*;OK", answers):
        return Way.KITTY
    return Way.SIXEL if _SIXEL in attributes else Way.BLOCKS


def _cell(answers: str, window: tuple[int, int, int, int]) -> tuple[int, int] | None:
    columns, rows, across, down = window
    cells = [(across // max(columns, 1), down // max(rows, 1))]
    if found := re.search(r"\x1b\[6;(\d{1,4});(\d{1,4})t", answers):
        cells.append((int(found[2]), int(found[1])))
    return next((each for each in cells if min(each) > 0 and max(each) <= MAX_CELL), None)

"""What the user chose: how the board looks and behaves, and the signs that its frame is made of."""

from __future__ import annotations

from fdtui.core.frozen import frozen
from fdtui.core.names import meaning

DENSITIES = ("auto", "roomy", "comfortable", "compact", "line")
"""Four lines a card, three, two, or one; or what the window has room for."""

THEMES = ("dark", "light")


@frozen
class Glyphs:
    """The signs of the frame, each one cell wide unless it says otherwise."""

    dot: str = "●"
    hollow: str = "○"
    bar: str = "▌"
    late: str = "!"
    levels: str = "■▲·▽"
    """How grave something is, the gravest first; a cell each."""
    running: str = "⟳"
    waiting: str = "↑"
    saving: str = "◌"
    selected: str = "┃"
    conflict: str = "≠"
    arrow: str = "→"
    refused: str = "✗"
    doubtful: str = "≠"
    changed: str = "◆"
    done: str = "✓"
    files: str = "▤"
    comments: str = "≡"
    box: str = "☐"
    ticked: str = "☑"
    more: str = "›"
    less: str = "‹"
    cut: str = "…"
    dash: str = "—"
    middot: str = "·"
    rule: str = "─"
    strong_rule: str = "━"
    wall: str = "│"
    thumb: str = "▕"
    """Stands at the edge of a list for the part in view."""
    corners: str = "╭╮╰╯"
    """The four corners of a frame: above left and right, below left and right."""
    up: str = "▴"
    down: str = "▾"


UNICODE = Glyphs()
ASCII = Glyphs(
    dot="*",
    hollow="o",
    levels="#^-v",
    bar=">",
    running="~",
    waiting="^",
    saving="~",
    selected="+",
    conflict="=",
    arrow=">",
    refused="x",
    doubtful="?",
    changed="#",
    done="ok",
    files="f",
    comments="c",
    box="[ ]",
    ticked="[x]",
    more=">",
    less="<",
    cut="~",
    dash="-",
    middot="-",
    rule="-",
    strong_rule="=",
    wall="|",
    thumb="|",
    corners="++++",
    up="^",
    down="v",
)


@frozen
class Look:
    """The user's choices; made once by wiring and handed to the screen."""

    theme: str = "dark"
    depth: str = "full"
    """How many colours the terminal has: ``full``, ``256``, ``16``; ``none`` for no colour at all."""
    ascii: bool = False
    density: str = "auto"
    hide_end: bool = False
    card_fields: tuple[str, ...] | None = None
    """The fields that a card shows beside title and unique id; ``None`` lets the program choose."""
    title: str | None = None
    """The field that serves as a card's title; ``None`` lets the program choose."""
    limits: tuple[tuple[str, int], ...] = ()
    """Stages and how many tasks each should hold at most."""
    resident: bool = True
    """Whether a wide window shows the task under the cursor without being asked."""
    previews: bool = True
    """Whether files are fetched to be shown."""
    pictures: str = "auto"
    """What images are drawn with: a `terminal.graphics.Way`, or ``auto`` to ask the terminal."""
    dim: bool = True
    """Whether the board is dimmed while a dialog lies over it."""
    motion: bool = True
    """Whether a card that others change is tinted for a moment."""
    mouse: bool = True
    """Whether clicks and the wheel come to the program, and not to the terminal."""
    follow: bool = False
    """Whether the cursor goes along with a card that the user moves."""

    notice: str = ""
    """What to say of the look at the start, once."""

    @property
    def glyphs(self) -> Glyphs:
        """The signs to draw with."""
        return ASCII if self.ascii else UNICODE


@frozen
class Behaviour:
    """The user's choices; made once by wiring and handed to the screen."""

    confirm: frozenset[str] = frozenset()
    """Names of actions that are run only after a yes."""
    bell: bool = False
    """Whether the terminal's bell rings when an execution has ended."""
    osc: bool = False
    """Whether the terminal is asked to notify (OSC 9 and 777) when an execution has ended."""

    def asks_before(self, action: str) -> bool:
        """Whether to ask before an action of that name is run."""
        return meaning(action) in {meaning(each) for each in self.confirm}

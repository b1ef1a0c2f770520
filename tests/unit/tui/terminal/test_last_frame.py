"""A frame that is kept: its cells come back, and a painter that takes them over writes the rest only."""

import json
from pathlib import Path

import pytest
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from fdtui.launch.kept_frame import FrameShelf, read_frame
from fdtui.tui.terminal.abilities import Abilities
from fdtui.tui.terminal.last_frame import FrameKeeper, OldPage, decoded, encoded
from fdtui.tui.terminal.painter import Painter
from fdtui.tui.toolkit.theme import CARET
from tests.terminal.vt import Vt

INK = Style(color="#9ece6a", bgcolor="#12151c", bold=True)
QUIET = Style(color="#8790a3", bgcolor="#12151c")
LINES = (("Acme Corp ", INK), ("日本 🔭 e\u0301 ", QUIET), ("  one  two", INK))


def console() -> Console:
    return Console(force_terminal=True, color_system="truecolor", width=10, height=3)


def update(*lines: tuple[str, Style]) -> LayoutUpdate:
    strips = [[Strip([Segment(text, style)], 10)] for text, style in lines]
    return LayoutUpdate(strips, Region(0, 0, 10, len(lines)))


def shown() -> tuple[str, bytes]:
    """What paints the lines for a terminal of which nothing is known, and their cells."""
    painter = Painter()
    painter.sequence(update(*LINES), console())
    frame = painter.shown()
    assert frame is not None
    text, rows = Painter().paint(frame)
    return text, encoded(rows, "a note")


def test_a_kept_frame_paints_the_same_screen() -> None:
    live, again = Vt(10, 3, lambda _: None), Vt(10, 3, lambda _: None)
    live.feed(Painter().sequence(update(*LINES), console()).encode())
    again.feed(shown()[0].encode())
    assert again.lines == live.lines
    assert again.screen.buffer == live.screen.buffer


def test_what_is_shown_already_is_not_written_again() -> None:
    rows, note = decoded(shown()[1], (10, 3))
    assert note == "a note"
    painter = Painter()
    painter.adopt(rows, console())
    assert painter.sequence(update(*LINES), console()) == ""
    changed = painter.sequence(update(("Acme Bros ", INK), *LINES[1:]), console())
    assert "Bros" in changed
    assert "one" not in changed
    other = painter.sequence(update(("Acme Bros ", QUIET), *LINES[1:]), console())
    assert "Acme" in other, "the same letters in another look"


def test_what_was_taken_over_is_kept_again_in_its_colours() -> None:
    text, cells = shown()
    painter = Painter()
    painter.adopt(decoded(cells, (10, 3))[0], console())
    painter.sequence(update(*LINES), console())
    frame = painter.shown()
    assert frame is not None
    again, rows = Painter().paint(frame)
    assert (again, encoded(rows, "a note")) == (text, cells)


def test_a_caret_over_the_same_letter_is_noticed() -> None:
    painter = Painter()
    painter.adopt(decoded(shown()[1], (10, 3))[0], console())
    caret = Style(color="#9ece6a", bgcolor="#12151c", bold=True, meta=CARET)
    painter.sequence(update(("Acme Corp ", caret), *LINES[1:]), console())
    assert painter.caret == (0, 0)


def test_a_late_thread_takes_back_neither_a_newer_frame_nor_a_removal(tmp_path: Path) -> None:
    painter = Painter()
    painter.sequence(update(*LINES), console())
    shelf = FrameShelf(str(tmp_path / "cache"), "0" * 32, str(tmp_path / "config.toml"))
    keeper = FrameKeeper(shelf, painter, Abilities(), lambda: OldPage({}, "late"))
    late = keeper._changed()
    painter.sequence(update(("Acme Bros ", INK), *LINES[1:]), console())
    keeper.end()
    assert late is not None
    keeper._write(*late)
    frame = read_frame(str(tmp_path / "cache"), "0" * 32, (10, 3))
    assert frame is not None
    assert b"Bros" in frame.painting
    keeper.discard()
    keeper._write(*late)
    assert not list((tmp_path / "cache").iterdir())


def test_a_screen_of_which_a_part_is_unknown_is_not_kept() -> None:
    painter = Painter()
    assert painter.shown() is None
    painter.sequence(update(*LINES), console())
    painter.forget()
    assert painter.shown() is None


def test_other_cells_than_the_screen_has_are_no_frame() -> None:
    cells = shown()[1]
    known = json.loads(cells)
    for broken in (
        b"",
        b"[]",
        cells[:-1],
        json.dumps({**known, "rows": known["rows"][1:]}).encode(),
        json.dumps({**known, "rows": [[[99, "x" * 10]]] * 3}).encode(),
        json.dumps({**known, "looks": [["\x1b", "49", 0]] * 9}).encode(),
        json.dumps({**known, "looks": [1] * 9}).encode(),
    ):
        with pytest.raises(ValueError):
            decoded(broken, (10, 3))
    with pytest.raises(ValueError, match="another size"):
        decoded(cells, (11, 3))

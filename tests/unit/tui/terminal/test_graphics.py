"""What a terminal says of itself, and how its answers are told from what is typed."""

import asyncio
import itertools

import pytest
from textual import events

from fdtui.config import settings
from fdtui.tui.terminal.graphics import AUTO, CELL, Canvas, Way, canvas_of, question
from fdtui.tui.terminal.parser import PatientParser
from fdtui.tui.terminal.replies import Replies

NOWHERE = (0, 0, 0, 0)
KITTY = "\x1b_Gi=31;OK\x1b\\"
CELLS = "\x1b[6;20;9t"


def test_the_setting_knows_every_way() -> None:
    assert set(settings.PICTURES) == {AUTO, *Way}


@pytest.mark.parametrize(
    ("answers", "window", "canvas"),
    [
        ("", NOWHERE, Canvas(Way.BLOCKS, CELL)),
        ("\x1b[?62;22c", NOWHERE, Canvas(Way.BLOCKS, CELL)),
        (KITTY + CELLS + "\x1b[?62;c", NOWHERE, Canvas(Way.KITTY, (9, 20))),
        ("\x1b_Gi=31;ENOTSUPPORTED:no\x1b\\\x1b[?62c", NOWHERE, Canvas(Way.BLOCKS, CELL)),
        (KITTY + "\x1bP>|WezTerm 2026\x1b\\\x1b[?65;4c", NOWHERE, Canvas(Way.ITERM, CELL)),
        ("\x1bP>|iTerm2 3.5.0\x1b\\\x1b[?62;4c", NOWHERE, Canvas(Way.ITERM, CELL)),
        ("\x1b[?62;4;22c", (100, 50, 800, 900), Canvas(Way.SIXEL, (8, 18))),
        (CELLS + "\x1b[?62;4;22c", (100, 50, 0, 0), Canvas(Way.SIXEL, (9, 20))),
        ("\x1b[?62;4c", NOWHERE, Canvas(Way.BLOCKS, CELL)),  # how large is a pixel?
        (CELLS + "\x1b[?1;0;16S\x1b[?62;4c", NOWHERE, Canvas(Way.SIXEL, (9, 20), 16)),
        (CELLS + "\x1b[?1;3;0S\x1b[?62;4c", NOWHERE, Canvas(Way.SIXEL, (9, 20))),
        ("\x1b[6;0;0t\x1b[?4;22c", NOWHERE, Canvas(Way.BLOCKS, CELL)),  # a VT132, not sixel
        ("\x1b[6;9999;9999t\x1b[?62;4c", (1, 1, 9999, 9999), Canvas(Way.BLOCKS, CELL)),
    ],
)
def test_what_is_drawn_with(answers: str, window: tuple[int, int, int, int], canvas: Canvas) -> None:
    assert canvas_of(answers, window) == canvas


def test_a_wish_is_heeded_whatever_the_terminal_says() -> None:
    assert canvas_of("\x1b[?62c", NOWHERE, "sixel") == Canvas(Way.SIXEL, CELL)
    assert canvas_of(KITTY, NOWHERE, "iterm").way is Way.ITERM


@pytest.mark.parametrize(
    ("environment", "asks", "asks_kitty"),
    [
        ({"TERM": "xterm-256color"}, True, True),
        ({"TERM": "xterm-256color", "TMUX": "/tmp/x"}, True, False),
        ({"TERM": "tmux-256color"}, True, False),
        ({"TERM": "screen", "STY": "1.pts"}, False, False),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, False, False),
        ({"TERM": "linux"}, False, False),
        ({}, False, False),
    ],
)
def test_who_is_asked_what(environment: dict[str, str], asks: bool, asks_kitty: bool) -> None:
    text = question(environment)
    assert bool(text) is asks
    assert ("\x1b_G" in text) is asks_kitty
    assert not text or text.endswith("\x1b[c"), "what every terminal answers is asked last"


async def test_the_answers_are_kept_until_the_last_and_nothing_else_is() -> None:
    replies = Replies()
    asked = asyncio.create_task(replies.ask(lambda: None))
    await asyncio.sleep(0)
    assert replies.takes(KITTY) and replies.takes(CELLS)
    assert not replies.takes("\x1b[A") and not replies.takes("\x1b[4;600;900t")
    assert not asked.done()
    assert replies.takes("\x1b[?62;4c")
    assert await asked == f"{KITTY}{CELLS}\x1b[?62;4c"


async def test_a_silent_terminal_is_not_waited_for() -> None:
    assert await Replies().ask(lambda: None, 0.01) == ""


async def test_an_answer_that_comes_late_is_no_key() -> None:
    replies = Replies()
    await replies.ask(lambda: None, 0.01)
    parser = PatientParser(replies=lambda: replies)
    keys = [event.key for event in parser.feed("\x1b[?62;4ck") if isinstance(event, events.Key)]
    assert keys == ["k"]


async def test_an_answer_is_heard_wherever_it_is_cut() -> None:
    text = f"j{KITTY}k\x1b[A{CELLS}\x1b[?62;4cl"
    for first, second in itertools.combinations(range(1, len(text)), 2):
        replies = Replies()
        asked = asyncio.create_task(replies.ask(lambda: None))
        await asyncio.sleep(0)
        parser = PatientParser(replies=lambda replies=replies: replies, clock=lambda: 1.0)
        pieces = [text[:first], text[first:second], text[second:]]
        found = [event for piece in pieces for event in parser.feed(piece)]
        assert await asked == f"{KITTY}{CELLS}\x1b[?62;4c"
        assert [each.key for each in found if isinstance(each, events.Key)] == ["j", "k", "up", "l"]

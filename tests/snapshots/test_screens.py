"""How it looks, frozen: a change of any cell shows up as a picture beside the old one."""

import asyncio

import pytest

from fdtui import wiring
from fdtui.core.keymap import build_keymap
from fdtui.sync.session import Session
from fdtui.tui.app import FdtuiApp
from fdtui.tui.board.column import ColumnView
from fdtui.tui.preferences import Look
from fdtui.tui.welcome.app import Template, WelcomeApp
from fdtui.wiring import first_run
from tests.flows.driver import NOW

DARK, LIGHT = Look(motion=False), Look(theme="light", motion=False)


class Still(Session):
    """A session that asks nobody: the board is what the demo's own files say."""

    async def run(self) -> None:
        await asyncio.Event().wait()


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "SSH_CONNECTION", "SSH_TTY", "TMUX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setattr("fdtui.wiring.sessions.Session", Still)
    # Cards are counted once the user has paused, which is a moment that no picture waits for.
    monkeypatch.setattr("fdtui.tui.board.tally.AT_FIRST", 3600.0)


def board(look: Look = DARK) -> FdtuiApp:
    session = wiring.demo_session()
    return FdtuiApp(session, keymap=build_keymap(), look=look, clock=lambda: NOW)


@pytest.mark.parametrize(
    ("name", "look", "size", "keys"),
    [
        ("board", DARK, (80, 24), []),
        ("board", DARK, (120, 40), []),
        ("board", DARK, (200, 60), ["enter"]),
        ("board", LIGHT, (120, 40), ["l", "j", "enter"]),
        ("board", DARK, (50, 20), ["l"]),
        ("compact", Look(density="compact", motion=False), (100, 30), ["l"]),
        ("line", Look(density="line", motion=False), (100, 30), ["l"]),
        ("ascii", Look(ascii=True, motion=False), (100, 30), ["enter"]),
        ("filter", LIGHT, (80, 24), ["slash", "g", "r"]),
        ("move", DARK, (80, 24), ["m"]),
        ("assign", LIGHT, (120, 40), ["A", "a"]),
        ("help", DARK, (80, 24), ["question_mark"]),
        ("palette", DARK, (120, 40), ["colon", "m", "o"]),
        ("detail", DARK, (80, 24), ["l", "enter"]),
    ],
)
def test_the_board(snap_compare, name, look, size, keys) -> None:
    async def is_whole(pilot) -> None:
        while not pilot.app.board.query(ColumnView):
            await pilot.pause(0.01)
        assert pilot.app.crashed is None

    assert snap_compare(board(look), terminal_size=size, press=keys, run_before=is_whole)


@pytest.mark.parametrize("look", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("keys", [[], ["3", "x"]], ids=["menu", "form"])
def test_the_welcome(snap_compare, look, keys) -> None:
    async def check(url: str, key: str):
        raise AssertionError

    templates = (Template("onboarding", "Company onboarding", first_run.TEMPLATES["onboarding"]),)
    assert snap_compare(
        WelcomeApp(templates, check=check, look=look), terminal_size=(80, 24), press=keys
    )

"""How actions, what runs, and a triage look, frozen."""

import time
from collections.abc import Iterator

import pytest

from fdtui import wiring
from fdtui.core import job
from fdtui.core.details import Action, Comment, Details
from fdtui.core.events import DetailsLearned, RunChanged
from fdtui.core.job import Run
from fdtui.core.keymap import build_keymap
from fdtui.sync.runs.follower import MAY_HAVE_STARTED
from fdtui.tui.app import FdtuiApp
from fdtui.tui.board.column import ColumnView
from fdtui.tui.preferences import Look
from tests.flows.driver import NOW
from tests.snapshots.test_screens import DARK, LIGHT, Still

WHO = "user@example.com"
LOST = f"No answer from https://app.flowdash.com within 30 s. {MAY_HAVE_STARTED}"
RUNS = (
    Run(1, "2ylSaZ", "44", "44", "Northwind Traders", "s", "Start", WHO, NOW - 300, "e1", job.SUCCESS,
        ended=NOW - 299.4, is_read=True),
    Run(2, "2ylSaZ", "60", "60", "Hooli", "r", "Reject", WHO, NOW - 200, "e2", job.FAIL,
        ("The address of the next program did not answer (504).",), ended=NOW - 180),
    Run(3, "2ylSaZ", "57", "57", "Wayne Enterprises", "edHR10", "Approve", WHO, NOW - 90, "",
        job.UNKNOWN, (LOST,), ended=NOW - 60, sent=True),
    Run(4, "2ylSaZ", "43", "43", "XYZ Inc.", "s", "Start", WHO, NOW - 40, "", job.REFUSED,
        ("Contract Value is required", "Must be assigned"), ended=NOW - 40),
    Run(5, "2ylSaZ", "50", "50", "Globex", "v", "Send for review", WHO, NOW - 7, "e5", "Pending"),
)  # fmt: skip
ACTIONS = (Action("edHR10", "Approve"), Action("PvHaOO", "Reject"))


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("NO_COLOR", "SSH_CONNECTION", "SSH_TTY", "TMUX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setattr("fdtui.wiring.sessions.Session", Still)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def board(look: Look) -> FdtuiApp:
    session = wiring.demo_session()
    for run in RUNS:
        session._store.apply(RunChanged(run))
    for key in ("43", "57", "50"):
        said = (Comment("grace@example.com", "Their lawyer is back on Monday.", "2026-08-05T10:02:00Z"),)
        details = Details(actions=ACTIONS, comments=said, checklist=(), activity=())
        session._store.apply(DetailsLearned(key, details))
    return FdtuiApp(session, keymap=build_keymap(), look=look, clock=lambda: NOW)


@pytest.mark.parametrize(
    ("name", "look", "size", "keys"),
    [
        ("runs", DARK, (120, 40), []),
        ("runs", LIGHT, (160, 40), ["tab"]),
        ("runs", DARK, (80, 24), ["tab", "j", "j"]),
        ("runs", Look(ascii=True, motion=False), (80, 24), ["tab", "j"]),
        ("requests", DARK, (80, 24), ["tab", "right_square_bracket"]),
        ("card", DARK, (120, 40), ["enter"]),
        ("triage", DARK, (80, 24), ["T"]),
        ("triage", LIGHT, (160, 40), ["T"]),
    ],
)
def test_the_work(snap_compare, name, look, size, keys) -> None:
    async def is_whole(pilot) -> None:
        while not pilot.app.board.query(ColumnView):
            await pilot.pause(0.01)
        assert pilot.app.crashed is None

    assert snap_compare(board(look), terminal_size=size, press=keys, run_before=is_whole)

"""Every setting has a reader: what it changes is seen, set and not set."""

from __future__ import annotations

import ast
import dataclasses
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fdtui import wiring
from fdtui.cli.board import _webhook_form
from fdtui.config.load import Options, load
from fdtui.config.paths import find_folders
from fdtui.config.secrets import find_key
from fdtui.config.settings import Actions, Board, Keys, Notify, Profile, Settings
from fdtui.core.errors import FdtuiError
from fdtui.sync.session import SessionOptions
from fdtui.tui.preferences import Behaviour, Look
from tests.unit.cli.conftest import WORKFLOW, Home

ROOT = Path(__file__).parents[3]
Seen = Callable[[Home], Any]


def settings() -> Settings:
    return load(os.environ, Options(), find_folders(os.environ), with_keys=True)


def board(_: Home) -> Any:
    folders = find_folders(os.environ)
    return wiring.profile_board(settings(), folders, {"FDTUI_API_KEY": "fd_key"}, note=print)


def tasks(home: Home) -> Any:
    ran = home.run("task", "list")
    return ran.code, ran.out


def key(_: Home) -> Any:
    found = find_key(settings(), {})
    return found and found.secret.reveal()


def form(home: Home) -> Any:
    try:
        return _webhook_form(settings(), find_folders(os.environ)).title
    except FdtuiError as error:
        return str(error)


def look(name: str) -> Seen:
    return lambda _: getattr(wiring.look_of(settings()), name)


URL = 'url = "http://127.0.0.1:1"\n'
LOCAL = f'local = true\nworkflow = "{WORKFLOW}"\n'
PROBES: dict[tuple[type, str], tuple[str, str, Seen]] = {
    (Profile, "url"): ("", URL, lambda home: home.run("task", "list", "--workflow", "x").err),
    (Profile, "local"): (f'workflow = "{WORKFLOW}"\n', "local = true", tasks),
    (Profile, "database"): (LOCAL, 'database = "other.db"', tasks),
    (Profile, "workflow"): ("local = true\n", f'workflow = "{WORKFLOW}"', tasks),
    (Profile, "user"): (LOCAL, 'user = "me@example.com"', lambda home: board(home).session.state.me),
    (Profile, "api_key"): (URL, 'api_key = "fd_file"', key),
    (Profile, "api_key_command"): (URL, 'api_key_command = ["echo", "fd_said"]', key),
    (Profile, "api_key_url"): (URL + 'api_key = "fd_file"\n', 'api_key_url = "https://x"', key),
    (Profile, "webhook_url"): ("", 'webhook_url = "https://x.example/api/v1/workflows/t/tasks"', form),
    (Profile, "insecure_http"): (
        'url = "http://fdtui.invalid"\napi_key = "k"\n',
        "insecure_http = true",
        tasks,
    ),
    (Profile, "read_only"): (
        LOCAL,
        "read_only = true",
        lambda home: board(home).session.state.read_only,
    ),
    (Profile, "unique_id"): (
        LOCAL,
        'unique_id = "X"',
        lambda _: wiring.options_of(settings()).unique_id,
    ),
    (Profile, "stages"): (LOCAL, 'stages = ["A"]', lambda _: wiring.options_of(settings()).stages),
    (Profile, "poll"): (LOCAL, "poll = 60", lambda _: wiring.options_of(settings()).every),
    (Profile, "title"): (LOCAL, 'title = "Contact"', look("title")),
    (Profile, "card_fields"): (LOCAL, 'card_fields = ["Due"]', look("card_fields")),
    (Profile, "wip_limits"): (LOCAL, 'wip_limits = { "In Progress" = 5 }', look("limits")),
    (Board, "theme"): ("", 'theme = "light"', look("theme")),
    (Board, "density"): ("", 'density = "line"', look("density")),
    (Board, "hide_end_stages"): ("", "hide_end_stages = true", look("hide_end")),
    (Board, "ascii"): ("", "ascii = true", look("glyphs")),
    (Board, "detail"): ("", 'detail = "closed"', look("resident")),
    (Board, "previews"): ("", "previews = false", look("previews")),
    (Board, "pictures"): ("", 'pictures = "sixel"', look("pictures")),
    (Board, "dim"): ("", 'dim = "off"', look("dim")),
    (Board, "motion"): ("", "motion = false", look("motion")),
    (Board, "mouse"): ("", "mouse = false", look("mouse")),
    (Board, "after_move"): ("", 'after_move = "follow"', look("follow")),
    (Actions, "confirm"): (
        "",
        'confirm = ["Close"]',
        lambda _: wiring.behaviour_of(settings()).asks_before("Close"),
    ),
    (Notify, "bell"): ("", "bell = true", lambda _: wiring.behaviour_of(settings()).bell),
    (Notify, "osc"): ("", "osc = true", lambda _: wiring.behaviour_of(settings()).osc),
    (Keys, "preset"): ("", 'preset = "plain"', lambda _: wiring.keymap_of(settings()).scopes),
}
TABLES = {Profile: "profiles.a", Board: "board", Actions: "actions", Notify: "notify", Keys: "keys"}


def test_every_setting_has_its_proof() -> None:
    declared = {
        (shape, each.name) for shape in TABLES for each in dataclasses.fields(shape) if each.metadata
    }
    assert set(PROBES) == declared


@pytest.mark.parametrize("setting", PROBES, ids=lambda setting: f"{setting[0].__name__}.{setting[1]}")
def test_a_setting_changes_what_is_seen(home: Home, setting: tuple[type, str]) -> None:
    before, line, seen = PROBES[setting]
    shutil.copy(home.workspace, home.workspace.with_name("a.db"))
    header = f"[{TABLES[setting[0]]}]\n"
    home.configure(header + before)
    unset = seen(home)
    home.configure(header + before + line)
    assert seen(home) != unset


def read_names(folder: str) -> set[str]:
    """The attributes that somebody reads in ``folder``."""
    found = set()
    for path in (ROOT / "fdtui" / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                found.add(node.attr)
    return found


@pytest.mark.parametrize(
    ("shape", "folder"), [(Look, "tui"), (Behaviour, "tui"), (SessionOptions, "sync")]
)
def test_what_the_screen_and_the_session_are_given_is_read(shape: type, folder: str) -> None:
    assert {each.name for each in dataclasses.fields(shape)} <= read_names(folder)

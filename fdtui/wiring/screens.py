"""Screens out of settings: the board with its looks, keys and behaviour."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from fdtui.core.keymap import Keymap, build_keymap
from fdtui.core.views import AS_LEFT, BoardStart
from fdtui.sync.session import Session, SessionOptions
from fdtui.wiring.gateways import options_of
from fdtui.wiring.sessions import DEMO_USER, demo_session, profile_session
from fdtui.wiring.view_books import FileViewBook

if TYPE_CHECKING:
    from fdtui.config.paths import Folders
    from fdtui.config.settings import Settings
    from fdtui.tui.app import FdtuiApp
    from fdtui.tui.board.view_tabs import ViewBook
    from fdtui.tui.preferences import Behaviour, Look


def board(
    session: Session,
    look: Look | None = None,
    keymap: Keymap | None = None,
    habits: Behaviour | None = None,
    *,
    views: ViewBook | None = None,
    start: BoardStart = AS_LEFT,
) -> FdtuiApp:
    """The screen on a session; without ``views`` they end with the program."""
    from fdtui.tui.app import FdtuiApp
    from fdtui.tui.preferences import Look

    keys = keymap or build_keymap()
    return FdtuiApp(
        session, keymap=keys, look=look or Look(), behaviour=habits, views=views, start=start
    )


def demo_board(settings: Settings, start: BoardStart = AS_LEFT) -> FdtuiApp:
    """The screen on the demo workspace; of the settings, only looks, keys and who one is count."""
    options = options_of(settings)
    is_meant = settings.sources.get("workflow") == "--workflow"  # elsewhere it is another server's
    demo = SessionOptions(
        options.workflow if is_meant else None, me=options.me or DEMO_USER, read_only=options.read_only
    )
    from fdtui.tui.board.view_tabs import MemoryViewBook

    return board(
        demo_session(demo),
        look_of(settings),
        keymap_of(settings),
        behaviour_of(settings),
        views=MemoryViewBook(settings.views),
        start=start,
    )


def profile_board(
    settings: Settings,
    folders: Folders,
    environ: Mapping[str, str],
    start: BoardStart = AS_LEFT,
    *,
    note: Callable[[str], None],
) -> FdtuiApp:
    """The screen on what the settings name; may ask for the key on the terminal.

    Raises `ConfigError` where there is no key.
    """
    said: list[str] = []
    session = profile_session(settings, folders, environ, note=note, about_files=said.append)
    look = look_of(settings, said)
    views = FileViewBook(settings.config_file or folders.config_file, settings.views)
    keymap, habits = keymap_of(settings), behaviour_of(settings)
    return board(session, look, keymap, habits, views=views, start=start)


def look_of(settings: Settings, said: Sequence[str] = ()) -> Look:
    """What the settings ask of the screen; ``said`` is what the user has to know at once."""
    from fdtui.config.colours import depth_of
    from fdtui.config.locales import ascii_of
    from fdtui.tui.preferences import Look

    chosen, profile = settings.board, settings.profile
    is_ascii, notice = ascii_of(chosen.ascii, os.environ)
    return Look(
        theme=_theme(chosen.theme),
        depth=depth_of(os.environ),
        ascii=is_ascii,
        notice=" ".join(filter(None, (*said, notice))),
        density=chosen.density,
        hide_end=chosen.hide_end_stages,
        card_fields=profile.card_fields,
        limits=profile.wip_limits,
        title=profile.title,
        resident=chosen.detail == "auto",
        previews=chosen.previews,
        pictures=chosen.pictures,
        dim=_dims(chosen.dim, os.environ),
        motion=chosen.motion,
        mouse=chosen.mouse,
        follow=chosen.after_move == "follow",
    )


def _dims(chosen: str, environ: Mapping[str, str]) -> bool:
    """Whether dialogs dim the board; ``auto`` spares the bytes of it to a link that may be slow."""
    if chosen != "auto":
        return chosen == "on"
    return not any(environ.get(name) for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"))


def _theme(chosen: str) -> str:
    """The theme by name; ``auto`` follows what the terminal says of its background, if it does."""
    if chosen != "auto":
        return chosen
    background = os.environ.get("COLORFGBG", "").rpartition(";")[2]
    return "light" if background in {"7", "15"} else "dark"


def behaviour_of(settings: Settings) -> Behaviour:
    """What the settings say of asking and telling."""
    from fdtui.tui.preferences import Behaviour

    notify = settings.notify
    return Behaviour(confirm=frozenset(settings.actions.confirm), bell=notify.bell, osc=notify.osc)


def keymap_of(settings: Settings) -> Keymap:
    """The keys, checked; raises `ConfigError`."""
    return build_keymap(settings.keys.preset, settings.keys.changes)

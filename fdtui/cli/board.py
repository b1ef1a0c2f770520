"""``fdtui`` and ``fdtui demo``: the board in a terminal. Nothing here waits for a command line."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING, TypeVar

from fdtui.cli.setup import settings_of
from fdtui.cli.terminal import check_terminal
from fdtui.config.load import Options
from fdtui.core.errors import UsageError
from fdtui.core.frozen import replace
from fdtui.core.views import AS_LEFT, BoardStart

if TYPE_CHECKING:
    from fdtui.config.paths import Folders
    from fdtui.config.settings import Settings
    from fdtui.launch.kept_frame import FrameShelf
    from fdtui.tui.app import FdtuiApp
    from fdtui.tui.forms.webhook_app import WebhookApp
    from fdtui.tui.terminal.app import TerminalApp

R = TypeVar("R")


def open_demo(said: Options, start: BoardStart = AS_LEFT) -> None:
    """The board on the demo workspace."""
    settings, said = _settings_for(said, start)
    _begin()
    from fdtui import wiring

    _run(wiring.demo_board(settings, start))


def _settings_for(said: Options, start: BoardStart) -> tuple[Settings, Options]:
    """The settings, and the options with the workflow of the view to begin with, if it names one."""
    settings = settings_of(said, with_keys=True)
    if not start.view:
        return settings, said
    from fdtui.core.views import view_meant

    view = view_meant(settings.views, start.view)
    if not view.workflow or said.workflow is not None:
        return settings, said
    said = replace(said, workflow=view.workflow)
    return settings_of(said, with_keys=True), said


def open_board(said: Options, start: BoardStart = AS_LEFT) -> None:
    """The board of the current profile, or the welcome where nothing is configured."""
    settings, said = _settings_for(said, start)
    is_form = not settings.profile.is_configured and settings.profile.webhook_url is not None
    if is_form and said.workflow is not None:
        raise UsageError(
            "A webhook address is for one workflow, so --workflow has no effect.", "Leave it out."
        )
    if is_form and start != AS_LEFT:
        raise UsageError("A webhook address has no board, so --view and --filter have no effect.")
    _begin()
    from fdtui import wiring
    from fdtui.cli import output
    from fdtui.config.paths import find_folders

    folders = find_folders(os.environ)
    if is_form:
        _run(_webhook_form(settings, folders))
        return
    while not settings.profile.is_configured:
        from fdtui.wiring import first_run

        welcome = first_run.welcome(settings)
        choice = _run(welcome)
        if choice is None:
            return
        if first_run.save_choice(choice, settings, folders):
            settings = settings_of(said, with_keys=True)
        else:
            _run(wiring.demo_board(settings, start))
    app = wiring.profile_board(settings, folders, os.environ, start, note=output.notify)
    if (shelf := _shelf(settings, folders)) is not None:
        app.keep_frames(shelf)
    try:
        _run(app)
    finally:
        _note_waiting(app)


def _shelf(settings: Settings, folders: Folders) -> FrameShelf | None:
    """Where the last frame is kept for starts like this one; ``None`` where they may not see it.

    Whose key it is must be certain before anything is loaded: environment and settings file say it.
    """
    from fdtui import __version__
    from fdtui.config.secrets import is_key_certain
    from fdtui.launch.kept_frame import FrameShelf, cache_folder, fingerprint

    mark = fingerprint(sys.argv[1:], os.environ, __version__)
    folder = cache_folder(os.environ)
    is_known = settings.profile.local or is_key_certain(settings, os.environ)
    if mark is None or not is_known or folder != str(folders.cache):
        return None
    return FrameShelf(folder, mark, str(settings.config_file or folders.config_file))


def _note_waiting(app: FdtuiApp) -> None:
    """Say what the server has not taken yet, to whoever quits while it is out of reach."""
    from fdtui.cli import output

    waiting = app.session.waiting
    if not (count := len(waiting)) or not waiting.is_kept:
        return
    subject = "1 change waits" if count == 1 else f"{count:,} changes wait"
    sends = (
        "`fdtui sync` sends" if app.session.state.read_only else "The next start or `fdtui sync` sends"
    )
    what = "it" if count == 1 else "them"
    output.notify(f"{subject} for the server. {sends} {what}.")


def _webhook_form(settings: Settings, folders: Folders) -> WebhookApp:
    """The one form that a webhook address can do with."""
    from fdtui import wiring
    from fdtui.api.webhook import Webhook
    from fdtui.core.errors import StorageError
    from fdtui.sync.storage.database import Ledger
    from fdtui.sync.storage.protocols import Drafts, MemoryDrafts
    from fdtui.sync.storage.resilient import DiskWatch, ResilientDrafts, unkept
    from fdtui.tui.forms.webhook_app import WebhookApp

    profile = settings.profile
    url = profile.webhook_url.reveal() if profile.webhook_url is not None else ""
    hook = Webhook(url, insecure_http=profile.insecure_http, read_only=profile.read_only)
    drafts: Drafts = MemoryDrafts()
    watch, said = DiskWatch(), list[str]()
    try:
        ledger = Ledger(folders.state / "ledger-webhook.db")
    except StorageError as error:
        said.append(unkept(error))
    else:
        said.extend(ledger.notices)
        drafts = ResilientDrafts(ledger.drafts(), watch)
    app = WebhookApp(
        hook.host, hook.send, drafts, wiring.look_of(settings, said), wiring.keymap_of(settings)
    )
    watch.listen(app.warn)
    return app


def _run(app: TerminalApp[R]) -> R | None:
    """Run to the end; an app that ended by a signal or a failure ends the program as such."""
    result = app.run()
    if app.return_code:
        raise SystemExit(app.return_code)
    return result


def _begin() -> None:
    gc.disable()  # much is made up to the first frame, and nothing thrown away; then it is on again
    check_terminal()

"""``fdtui`` and ``fdtui demo``: the board in a terminal."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

import click

from fdtui.cli.options import common, common_options
from fdtui.cli.setup import settings_of
from fdtui.config.load import Options
from fdtui.core.errors import UsageError

if TYPE_CHECKING:
    from fdtui.config.paths import Folders
    from fdtui.config.settings import Settings
    from fdtui.tui.terminal import TerminalApp
    from fdtui.tui.webhook import WebhookApp

R = TypeVar("R")


@click.command()
@common_options
def demo() -> None:
    """The board on sample data.

    An embedded workspace in a temporary folder: no account, no network, no settings.
    """
    _check_terminal()
    from fdtui import wiring

    _run(wiring.demo_board(settings_of(common())))


def open_board(said: Options) -> None:
    """The board of the current profile, or the welcome where nothing is configured."""
    _check_terminal()
    from fdtui import wiring
    from fdtui.cli import output
    from fdtui.config.paths import find_folders

    settings, folders = settings_of(said), find_folders(os.environ)
    if not settings.profile.is_configured and settings.profile.webhook_url is not None:
        _run(_webhook_form(settings, folders))
        return
    while not settings.profile.is_configured:
        welcome = wiring.welcome(settings)
        choice = _run(welcome)
        if choice is None:
            return
        if wiring.settle(choice, settings, folders):
            settings = settings_of(said)
        else:
            _run(wiring.demo_board(settings))
    _run(wiring.profile_board(settings, folders, os.environ, note=output.narrate))


def _webhook_form(settings: Settings, folders: Folders) -> WebhookApp:
    """The one form that a webhook address can do with."""
    from fdtui import wiring
    from fdtui.api.webhook import Webhook
    from fdtui.core.errors import StorageError
    from fdtui.sync.ledger import Ledger
    from fdtui.sync.store import Drafts, MemoryDrafts
    from fdtui.tui.webhook import WebhookApp

    profile = settings.profile
    url = profile.webhook_url.reveal() if profile.webhook_url is not None else ""
    hook = Webhook(url, insecure_http=profile.insecure_http, read_only=profile.read_only)
    drafts: Drafts = MemoryDrafts()
    with suppress(StorageError):
        drafts = Ledger(folders.state / "ledger-webhook.db").drafts()
    return WebhookApp(hook.host, hook.send, drafts, wiring.look_of(settings))


def _run(app: TerminalApp[R]) -> R | None:
    """Run to the end; an app that ended by a signal or a failure ends the program as such."""
    result = app.run()
    if app.return_code:
        raise SystemExit(app.return_code)
    return result


def _check_terminal() -> None:
    gc.disable()  # much is made up to the first frame, and nothing thrown away; then it is on again
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "The board needs a terminal, and this is none.", "`fdtui --help` says what scripts can use."
        )

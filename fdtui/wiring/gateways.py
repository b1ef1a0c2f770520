"""The API that the settings name, for whoever needs no session: it imports none."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from fdtui.core.errors import ConfigError
from fdtui.core.frozen import replace
from fdtui.core.safetext import quoted
from fdtui.sync.options import SessionOptions
from fdtui.wiring.embedded import embedded, logging_to

if TYPE_CHECKING:
    from fdtui.config.paths import Folders
    from fdtui.config.secret import Secret
    from fdtui.config.settings import Settings
    from fdtui.sync.gateway import Gateway
    from fdtui.sync.requestlog import RequestLog


async def gateway_of(
    settings: Settings,
    folders: Folders,
    environ: Mapping[str, str],
    *,
    note: Callable[[str], None],
    reads_only: bool = False,
    log: RequestLog | None = None,
) -> Gateway:
    """The API that the settings name, for commands that need no screen.

    For a command that ``reads_only`` nothing changes, whatever the settings allow. What is asked and
    answered goes into ``log``; a local workspace is often read without a request.
    Raises `ConfigError` where nothing is configured or there is no key.
    """
    profile, options = settings.profile, options_of(settings)
    options = replace(options, read_only=options.read_only or reads_only)
    if profile.local:
        from fdtui.config.profiles import existing_database

        database = existing_database(folders, profile)
        start = partial(embedded, f"sqlite:///{database}", options, log)
        if not reads_only:
            return await asyncio.to_thread(start)
        from fdtui.wiring.local import local_gateway

        return await asyncio.to_thread(local_gateway, database, start)
    if not profile.url:
        raise ConfigError(
            "Nothing says where Flowdash is.", "Start `fdtui` once, or set FDTUI_URL and FDTUI_API_KEY."
        )
    key = key_of(settings, environ, note)
    return await asyncio.to_thread(open_client, profile.url, key, options, profile.insecure_http, log)


def key_of(settings: Settings, environ: Mapping[str, str], note: Callable[[str], None]) -> Secret:
    """The API key of the profile; may ask for it on the terminal. Raises `ConfigError` for none."""
    from fdtui.config.secrets import find_key

    key = find_key(settings, environ, note=note)
    if key is None:
        raise ConfigError(
            f"There is no API key for {quoted(settings.profile.url)}.",
            "Set FDTUI_API_KEY, or api_key_command in the profile.",
        )
    return key.secret


def options_of(settings: Settings) -> SessionOptions:
    """What the settings ask of a session."""
    profile = settings.profile
    return SessionOptions(
        workflow=profile.workflow or None,
        unique_id=profile.unique_id or None,
        stages=profile.stages,
        me=profile.user or None,
        read_only=profile.read_only,
        every=profile.poll,
    )


def open_client(
    url: str,
    key: Secret,
    options: SessionOptions,
    insecure_http: bool,
    log: RequestLog | None = None,
    *,
    keeps_keys_for: float = 0.0,
) -> Gateway:
    """The client of the install at ``url``; what it asks and is answered goes into ``log``.

    ``keeps_keys_for`` is what is known of the server by now.
    """
    from fdtui.api.client import Client

    return Client.open(
        url,
        key.reveal(),
        insecure_http=insecure_http,
        read_only=options.read_only,
        user=options.me or "",
        on_exchange=logging_to(log),
        keeps_keys_for=keeps_keys_for,
    )

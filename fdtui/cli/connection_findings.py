"""What `fdtui doctor` finds about settings, server, key, clock, files and database."""

from __future__ import annotations

import asyncio
import os
import shlex
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from fdtui.cli.findings import Finding, Verdict, failed, ok, warning
from fdtui.config.paths import Folders
from fdtui.core.errors import FdtuiError, NotAllowedError, NotAuthenticatedError
from fdtui.core.safetext import safe
from fdtui.sync.gateway import CLOCKS_DIFFER

if TYPE_CHECKING:
    from fdtui.config.secrets import ApiKey
    from fdtui.config.settings import Settings


def settings_finding(settings: Settings, folders: Folders) -> Finding:
    """Whether what they say can work."""
    from fdtui.cli.checking import mistakes

    found = mistakes(settings, folders)
    if found:
        return failed("settings", found[0])
    return ok("settings", str(settings.config_file or "none, which is fine"))


def connection_findings(settings: Settings, note: Callable[[str], None]) -> Iterator[Finding]:
    """Connection, key and clock; of a local workspace there is none to look at."""
    profile = settings.profile
    if profile.local:
        yield ok("connection", "a local workspace, which needs none")
        return
    if not profile.url:
        hint = "Start `fdtui` once, or set FDTUI_URL and FDTUI_API_KEY."
        yield Finding("connection", Verdict.FAILED, "Nothing says where Flowdash is.", hint)
        return
    from fdtui.config.secrets import find_key

    try:
        key = find_key(settings, os.environ, note=note)
        if key is None:
            hint = "Set FDTUI_API_KEY, or run: fdtui auth login"
            yield Finding("key", Verdict.FAILED, f"There is none for {safe(profile.url)}.", hint)
            return
        began = time.time()
        count, theirs = asyncio.run(_asked(settings, key))
        ended = time.time()
    except (NotAuthenticatedError, NotAllowedError) as error:
        yield ok("connection", safe(profile.url))
        yield failed("key", error)
        return
    except FdtuiError as error:
        yield failed("connection", error)
        return
    yield ok("connection", f"{safe(profile.url)}, {(ended - began) * 1000:.0f} ms")
    yield ok("key", f"accepted, from {safe(key.source)}; workflows: {count}")
    yield clock(theirs, (began + ended) / 2)


def clock(theirs: float | None, ours: float) -> Finding:
    """Whether the clocks agree, in seconds since the epoch."""
    if theirs is None:
        return ok("clock", "the server does not send its time")
    differ = abs(theirs - ours)
    if differ < CLOCKS_DIFFER / 10:
        return ok("clock", "agrees with the server's")
    which = "behind" if theirs > ours else "ahead of"
    hint = "Set this computer's clock, best by NTP; or tell whoever runs the server."
    return warning("clock", f"{differ:,.0f} s {which} the server's", hint)


async def _asked(settings: Settings, key: ApiKey) -> tuple[int, float | None]:
    from fdtui import wiring
    from fdtui.core.frozen import replace
    from fdtui.wiring.gateways import open_client

    profile = settings.profile
    options = replace(wiring.options_of(settings), read_only=True)
    gateway = await asyncio.to_thread(
        open_client, profile.url, key.secret, options, profile.insecure_http
    )
    try:
        workflows = await gateway.workflows()
        return len(workflows), await gateway.server_time()
    finally:
        await gateway.aclose()


def permission_findings(folders: Folders, config: Path | None) -> Iterator[Finding]:
    """Whether only their owner can read the program's folders, and the settings."""
    places = {
        "config": folders.config,
        "data and journal": folders.data,
        "state": folders.state,
        "cache": folders.cache,
        "config file": config or folders.config_file,
    }
    for name, path in places.items():
        yield _permission(f"{name} permissions", path)


def _permission(name: str, path: Path) -> Finding:
    try:
        found = path.stat()
    except FileNotFoundError:
        return ok(name, "not made yet")
    except OSError as error:
        return Finding(name, Verdict.FAILED, f"{path}: {error.strerror}.", "Name another: FDTUI_HOME.")
    place = shlex.quote(str(path))
    if found.st_uid != os.geteuid():
        hint = f"If it is meant to be yours, run: sudo chown -R $USER {place}"
        return Finding(name, Verdict.FAILED, f"{path} belongs to another user.", hint)
    wanted = 0o700 if stat.S_ISDIR(found.st_mode) else 0o600
    if stat.S_IMODE(found.st_mode) & ~wanted:
        mode = f"{stat.S_IMODE(found.st_mode):o}"
        return warning(name, f"{path} is open to others (mode {mode})", f"Run: chmod {wanted:o} {place}")
    if not os.access(path, os.R_OK | os.W_OK):
        hint = f"Run: chmod {wanted:o} {place}"
        return Finding(name, Verdict.FAILED, f"{path} cannot be read and written.", hint)
    return ok(name, str(path))


def database_finding(settings: Settings, folders: Folders) -> Finding:
    """Whether the local workspace's database is there, and ours."""
    from fdtui.config.profiles import existing_database

    if not settings.profile.local:
        return ok("database", "the server's own")
    from fdtui.server.store import workspace
    from fdtui.server.store.existing import open_existing

    try:
        path = existing_database(folders, settings.profile)
        with closing(open_existing(f"sqlite:///{path}", reads_only=True)) as store:
            known = store.read(lambda tx: workspace.catalog(store, tx)).workflows
    except FdtuiError as error:
        return failed("database", error)
    return ok("database", f"{path}; workflows: {len(known)}")

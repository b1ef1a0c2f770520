"""Sessions out of settings: on the demo, a local workspace, an install."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fdtui.config.secret import Secret
from fdtui.core.errors import StorageError
from fdtui.core.schema import WorkflowRef
from fdtui.core.task import tasks_from_rows
from fdtui.server import EMBEDDED_URL
from fdtui.sync.gateway import Gateway
from fdtui.sync.requestlog import RequestLog
from fdtui.sync.session import Notice, Session, SessionOptions
from fdtui.sync.storage.journal import Journal, JournalOwner, MemoryJournal
from fdtui.sync.storage.protocols import Cache, MemoryCache, Snapshot
from fdtui.wiring.cached import cache_path
from fdtui.wiring.embedded import embedded, embedded_demo
from fdtui.wiring.gateways import key_of, options_of

if TYPE_CHECKING:
    from fdtui.config.paths import Folders
    from fdtui.config.settings import Profile, Settings
    from fdtui.sync.storage.database import Ledger

NOT_KEPT = "You are offline, and changes cannot be kept on this disk, so nothing was changed."
DEMO_USER = "user@example.com"
"""Who one is in the demo."""


def demo_session(options: SessionOptions | None = None, *, folder: Path | None = None) -> Session:
    """A session on the demo workspace, embedded and gone with the program.

    The first board is painted from the demo's own files, which say what the server will: so the
    server, and all that it imports, can start behind the picture. ``folder`` is where its database
    lives; by default a temporary one.
    """
    from fdtui.server import seed

    options = options or SessionOptions(me=DEMO_USER)
    named = (ref for ref in seed.WORKFLOWS if options.workflow in {None, ref.id, ref.name})
    first = next(named, None)
    cache = MemoryCache(*([_demo_snapshot(first)] if first else []))
    log = RequestLog(EMBEDDED_URL)
    connect = embedded_demo(folder, options, log)
    session = Session(connect, options, clock=time.time, cache=cache, log=log)
    session.recall()
    return session


def local_session(
    database: Path,
    options: SessionOptions,
    ledger: Ledger | None = None,
    cache: Cache | None = None,
    journal: Journal | None = None,
) -> Session:
    """A session on a local workspace in ``database`` (SQLite), served in this process.

    What the board shows first is read from the file itself: the server, and all that it imports, starts
    once that stands, or where somebody asks for more.
    """
    log = RequestLog(EMBEDDED_URL)
    start = partial(embedded, f"sqlite:///{database}", options, log)

    def open_file() -> Gateway:
        from fdtui.wiring.local import local_gateway

        return local_gateway(database, start, checks=False)

    async def connect() -> Gateway:
        return await asyncio.to_thread(open_file)

    return _session(connect, options, ledger, cache, log=log, journal=journal)


def remote_session(
    url: str,
    key: Secret,
    options: SessionOptions,
    *,
    insecure_http: bool = False,
    ledger: Ledger | None = None,
    cache: Cache | None = None,
    journal: Journal | None = None,
) -> Session:
    """A session on the install at ``url``."""
    from fdtui.wiring.remote import Connection

    log = RequestLog(url.rstrip("/"))
    connection = Connection(url, key, options, insecure_http, log)
    session = _session(connection, options, ledger, cache, log=log, journal=journal)
    if (recalled := session.goes_on_from) is not None:
        connection.ask_first(*recalled)
    return session


def profile_session(
    settings: Settings,
    folders: Folders,
    environ: Mapping[str, str],
    *,
    note: Callable[[str], None],
    about_files: Callable[[str], None] | None = None,
) -> Session:
    """A session on what the settings name; may ask for the key on the terminal.

    ``about_files`` is told what the user has to know of the files that things are kept in; by default
    as ``note``. Raises `ConfigError` where there is no key.
    """
    profile, options = settings.profile, options_of(settings)
    ledger = ledger_of(folders, profile, about_files or note)
    journal = journal_of(folders, profile, options, about_files or note)
    if profile.local:
        from fdtui.config.profiles import existing_database

        database = existing_database(folders, profile)
        return local_session(database, options, ledger, cache_of(folders, profile, database), journal)
    key = key_of(settings, environ, note)
    return remote_session(
        profile.url,
        key,
        options,
        insecure_http=profile.insecure_http,
        ledger=ledger,
        cache=cache_of(folders, profile, profile.url, key),
        journal=journal,
    )


def _session(
    connect: Callable[[], Awaitable[Gateway]],
    options: SessionOptions,
    ledger: Ledger | None,
    cache: Cache | None,
    *,
    log: RequestLog | None = None,
    journal: Journal | None = None,
) -> Session:
    make = partial(Session, connect, options, clock=time.time, log=log, cache=cache, journal=journal)
    if ledger is None:
        session = make()
        session.recall()
        return session
    from fdtui.sync.storage.resilient import (
        DiskWatch,
        ResilientDrafts,
        ResilientRecentFolders,
        ResilientSnoozes,
        ResilientViews,
    )

    watch = DiskWatch()
    session = make(
        runs=ledger.runs(),
        drafts=ResilientDrafts(ledger.drafts(), watch),
        snoozes=ResilientSnoozes(ledger.snoozes(), watch),
        recent_folders=ResilientRecentFolders(ledger.recent_folders(), watch),
        views=ResilientViews(ledger.views(), watch),
        moves=ledger.moves(),
        seen=ledger.seen(),
        transfers=ledger.transfers,
    )
    watch.listen(lambda sentence: session.on_notice(Notice(sentence, "warning")))
    session.recall()
    return session


def ledger_of(folders: Folders, profile: Profile, note: Callable[[str], object]) -> Ledger | None:
    """What outlives the program, one file per profile and address; ``None`` where nothing can.

    ``note`` is called with what the user has to know of it.
    """
    from fdtui.sync.storage.database import Ledger

    try:
        ledger = Ledger(ledger_path(folders, profile))
    except StorageError as error:
        note(f"Drafts, views, executions and transfers last only until you quit: {error}")
        return None
    for notice in ledger.notices:
        note(notice)
    return ledger


def ledger_path(folders: Folders, profile: Profile) -> Path:
    """Where that is, or will be."""
    whose = sha256(f"{profile.name}\0{profile.url}\0{profile.local}".encode()).hexdigest()[:12]
    return folders.state / f"ledger-{whose}.db"


def journal_of(
    folders: Folders, profile: Profile, options: SessionOptions, note: Callable[[str], None]
) -> Journal:
    """What the user does, one file per server and user; one in memory where no disk can be written."""
    from fdtui.sync.storage.journal_table import JournalTable

    try:
        journal = JournalTable(
            journal_path(folders, profile, options),
            journal_owner(folders, profile, options),
            may_send=not options.read_only,
        )
    except StorageError as error:
        note(f"Changes will not outlive the program: {error}")
        return MemoryJournal(why_not_offline=NOT_KEPT)
    for notice in journal.notices:
        note(notice)
    _note_others(folders, profile, options, note)
    return journal


def _note_others(
    folders: Folders, profile: Profile, options: SessionOptions, note: Callable[[str], None]
) -> None:
    """Say what waits in another user's name: it is never sent in this one's."""
    from fdtui.sync.storage.journals_beside import waiting_elsewhere

    mine = journal_owner(folders, profile, options)
    for owner, count in waiting_elsewhere(journal_path(folders, profile, options)):
        if owner.origin == mine.origin:
            whose = f"as {owner.user}" if owner.user else "without a user"
            waits = "1 change" if count == 1 else f"{count} changes"
            note(f"{waits} made {whose} not sent yet. Start fdtui {whose} (FDTUI_USER) to send.")


def journal_path(folders: Folders, profile: Profile, options: SessionOptions) -> Path:
    """Where the journal of this server and user is, or will be."""
    owner = journal_owner(folders, profile, options)
    whose = sha256(f"{owner.origin}\0{owner.user}".encode()).hexdigest()[:12]
    return folders.state / f"journal-{whose}.db"


def journal_owner(folders: Folders, profile: Profile, options: SessionOptions) -> JournalOwner:
    """Whose journal that is: one server, however its address is spelled, and one user."""
    if profile.local:
        from fdtui.config.profiles import local_database

        return JournalOwner(str(local_database(folders, profile)), (options.me or "").casefold())
    parts = urlsplit(profile.url)
    port = f":{parts.port}" if parts.port not in (None, 80 if parts.scheme == "http" else 443) else ""
    host = parts.netloc if parts.scheme == "http+unix" else (parts.hostname or "").lower()
    origin = f"{parts.scheme.lower()}://{host}{port}{parts.path.rstrip('/')}"
    return JournalOwner(origin, (options.me or "").casefold())


def cache_of(folders: Folders, profile: Profile, source: str | Path, key: Secret | None = None) -> Cache:
    """What the server said last, kept where `cache_path` says."""
    from fdtui.sync.storage.cache import DiskCache

    return DiskCache(cache_path(folders, profile, source, key))


def _demo_snapshot(ref: WorkflowRef) -> Snapshot:
    from fdtui.server import seed

    schema, rows = seed.snapshot(ref.id)
    name = schema.unique_id.name if schema.unique_id else None
    return Snapshot(ref, schema, tasks_from_rows(rows, name), None, seed.WORKFLOWS, seed.DEMO)

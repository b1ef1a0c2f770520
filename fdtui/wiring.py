"""The only place that knows everybody: makes sessions and screens out of settings and rooms."""

from __future__ import annotations

import asyncio
import os
import secrets
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from fdtui.config.secret import Secret
from fdtui.core.errors import ConfigError, StorageError, UsageError
from fdtui.core.keymap import Keymap, build_keymap
from fdtui.core.safetext import quoted
from fdtui.core.schema import WorkflowRef
from fdtui.core.task import tasks_from_rows
from fdtui.server import seed
from fdtui.sync.gateway import Gateway
from fdtui.sync.requestlog import Request, RequestLog
from fdtui.sync.session import Session, Wishes
from fdtui.sync.store import MemoryCache, Snapshot

if TYPE_CHECKING:
    from fdtui.api.exchange import Exchange
    from fdtui.config.paths import Folders
    from fdtui.config.settings import Profile, Settings
    from fdtui.server.store import Store
    from fdtui.sync.ledger import Ledger
    from fdtui.tui.app import FdtuiApp
    from fdtui.tui.habits import Habits
    from fdtui.tui.look import Look
    from fdtui.tui.welcome import Choice, WelcomeApp

DEMO_USER = "user@example.com"
"""Who one is in the demo."""
EMBEDDED_POLL = 30.0
"""Seconds between two looks for work that another process left: our own wakes the engine."""
TEMPLATES = {
    "onboarding": "Companies from first contact to signed contract.",
    "bugs": "Reports that are confirmed, mended and reviewed.",
    "expenses": "Receipts that are submitted, approved and paid.",
}
"""The demo's workflows as beginnings of one's own, with a sentence each."""


def demo_session(wishes: Wishes | None = None, *, folder: Path | None = None) -> Session:
    """A session on the demo workspace, embedded and gone with the program.

    The first board is painted from the demo's own files, which say what the server will: so the
    server, and all that it imports, can start behind the picture. ``folder`` is where its database
    lives; by default a temporary one.
    """
    wishes = wishes or Wishes(me=DEMO_USER)
    named = (ref for ref in seed.WORKFLOWS if wishes.workflow in {None, ref.id, ref.name})
    first = next(named, None)
    cache = MemoryCache(*([_demo_snapshot(first)] if first else []))
    log = RequestLog(seed.EMBEDDED_URL)
    connect = _embedded_demo(folder, wishes, log)
    session = Session(connect, wishes, clock=time.time, cache=cache, log=log)
    session.recall()
    return session


def local_session(database: Path, wishes: Wishes, ledger: Ledger | None = None) -> Session:
    """A session on a workspace of one's own in ``database`` (SQLite), served in this process."""
    log = RequestLog(seed.EMBEDDED_URL)

    async def connect() -> Gateway:
        return await asyncio.to_thread(_embedded, f"sqlite:///{database}", wishes, log)

    return _session(connect, wishes, ledger, log)


def remote_session(
    url: str,
    key: Secret,
    wishes: Wishes,
    *,
    insecure_http: bool = False,
    ledger: Ledger | None = None,
) -> Session:
    """A session on the install at ``url``."""
    log = RequestLog(url.rstrip("/"))

    async def connect() -> Gateway:
        return await asyncio.to_thread(_client, url, key, wishes.read_only, insecure_http, log)

    return _session(connect, wishes, ledger, log)


def _session(
    connect: Callable[[], Awaitable[Gateway]],
    wishes: Wishes,
    ledger: Ledger | None,
    log: RequestLog | None = None,
) -> Session:
    make = partial(Session, connect, wishes, clock=time.time, log=log)
    if ledger is None:
        return make()
    session = make(
        runs=ledger.runs(),
        drafts=ledger.drafts(),
        snoozes=ledger.snoozes(),
        places=ledger.places(),
        transfers=ledger.transfers,
    )
    session.recall()
    return session


def ledger_of(folders: Folders, profile: Profile, note: Callable[[str], None]) -> Ledger | None:
    """What outlives the program, one file per profile and address; ``None`` where nothing can."""
    from fdtui.sync.ledger import Ledger

    whose = sha256(f"{profile.name}\0{profile.url}\0{profile.local}".encode()).hexdigest()[:12]
    try:
        return Ledger(folders.state / f"ledger-{whose}.db")
    except StorageError as error:
        note(f"Drafts, executions and files on their way will not outlive the program: {error}")
        return None


def board(
    session: Session,
    look: Look | None = None,
    keymap: Keymap | None = None,
    habits: Habits | None = None,
) -> FdtuiApp:
    """The screen on a session."""
    from fdtui.tui.app import FdtuiApp
    from fdtui.tui.look import Look

    keys = keymap or build_keymap()
    return FdtuiApp(session, keymap=keys, look=look or Look(), habits=habits)


def demo_board(settings: Settings) -> FdtuiApp:
    """The screen on the demo workspace; of the settings, only looks, keys and who one is count."""
    wishes = wishes_of(settings)
    demo = Wishes(wishes.workflow, me=wishes.me or DEMO_USER, read_only=wishes.read_only)
    return board(demo_session(demo), look_of(settings), keymap_of(settings), habits_of(settings))


def profile_board(
    settings: Settings, folders: Folders, environ: Mapping[str, str], *, note: Callable[[str], None]
) -> FdtuiApp:
    """The screen on what the settings name; may ask for the key on the terminal.

    Raises `ConfigError` where there is no key.
    """
    profile, wishes = settings.profile, wishes_of(settings)
    ledger = ledger_of(folders, profile, note)
    if profile.local:
        from fdtui.config.profiles import local_database

        session = local_session(local_database(folders, profile), wishes, ledger)
    else:
        from fdtui.config.secrets import find_key

        key = find_key(settings, environ, note=note)
        if key is None:
            raise ConfigError(
                f"There is no API key for {quoted(profile.url)}.",
                "Set FDTUI_API_KEY, or api_key_command in the profile.",
            )
        insecure = profile.insecure_http
        session = remote_session(profile.url, key.secret, wishes, insecure_http=insecure, ledger=ledger)
    return board(session, look_of(settings), keymap_of(settings), habits_of(settings))


async def gateway_of(
    settings: Settings, folders: Folders, environ: Mapping[str, str], *, note: Callable[[str], None]
) -> Gateway:
    """The API that the settings name, for commands that need no screen.

    Raises `ConfigError` where nothing is configured or there is no key.
    """
    profile, wishes = settings.profile, wishes_of(settings)
    if profile.local:
        from fdtui.config.profiles import local_database

        return await asyncio.to_thread(
            _embedded, f"sqlite:///{local_database(folders, profile)}", wishes
        )
    if not profile.url:
        raise ConfigError(
            "Nothing says where Flowdash is.", "Start `fdtui` once, or set FDTUI_URL and FDTUI_API_KEY."
        )
    from fdtui.config.secrets import find_key

    key = find_key(settings, environ, note=note)
    if key is None:
        raise ConfigError(
            f"There is no API key for {quoted(profile.url)}.",
            "Set FDTUI_API_KEY, or api_key_command in the profile.",
        )
    return await asyncio.to_thread(
        _client, profile.url, key.secret, wishes.read_only, profile.insecure_http
    )


def wishes_of(settings: Settings) -> Wishes:
    """What the settings ask of a session."""
    profile = settings.profile
    return Wishes(
        workflow=profile.workflow or None,
        unique_id=profile.unique_id or None,
        me=profile.user or None,
        read_only=profile.read_only,
        every=profile.poll,
    )


def look_of(settings: Settings) -> Look:
    """What the settings ask of the screen."""
    from fdtui.tui.look import Look

    chosen, profile = settings.board, settings.profile
    return Look(
        theme=_theme(chosen.theme),
        ascii=chosen.ascii,
        density=chosen.density,
        hide_end=chosen.hide_end_stages,
        card_fields=profile.card_fields,
        title=profile.title,
        previews=chosen.previews,
        pictures=chosen.pictures,
        motion=chosen.motion,
    )


def _theme(chosen: str) -> str:
    """The theme by name; ``auto`` follows what the terminal says of its background, if it does."""
    if chosen != "auto":
        return chosen
    background = os.environ.get("COLORFGBG", "").rpartition(";")[2]
    return "light" if background in {"7", "15"} else "dark"


def habits_of(settings: Settings) -> Habits:
    """What the settings say of asking and telling."""
    from fdtui.tui.habits import Habits

    notify = settings.notify
    return Habits(confirm=frozenset(settings.actions.confirm), bell=notify.bell, osc=notify.osc)


def keymap_of(settings: Settings) -> Keymap:
    """The keys, checked; raises `ConfigError`."""
    return build_keymap(settings.keys.preset, settings.keys.changes)


def welcome(settings: Settings) -> WelcomeApp:
    """The screen of a first run."""
    from fdtui.tui.welcome import Template, WelcomeApp

    templates = tuple(
        Template(key, ref.name, TEMPLATES[key])
        for key, workflow_id in seed.KEYS.items()
        for ref in seed.WORKFLOWS
        if ref.id == workflow_id
    )
    return WelcomeApp(templates, check=workflows_at, look=look_of(settings))


async def workflows_at(url: str, key: str) -> tuple[WorkflowRef, ...]:
    """The workflows that ``key`` may use at ``url``; raises `FdtuiError` with the reason if none."""
    client = await asyncio.to_thread(_client, url, Secret(key), True, False)
    try:
        workflows = await client.workflows()
    finally:
        await client.aclose()
    if not workflows:
        raise UsageError("This key may use no workflow.", "Give it one in the workspace's settings.")
    return workflows


def settle(choice: Choice, settings: Settings, folders: Folders) -> bool:
    """Make the choice of a first run last: the workspace, the profile, the key (mode 0600).

    False where there is nothing to keep: the demo was chosen.
    """
    from fdtui.config.profiles import local_database, save_profile
    from fdtui.config.settings import Profile
    from fdtui.tui.welcome import Connect, StartLocal

    if isinstance(choice, StartLocal):
        from fdtui.server.store import open_store

        profile = Profile(name="local", local=True)
        store = open_store(f"sqlite:///{local_database(folders, profile)}")
        try:
            seed.local(store, choice.template, with_examples=choice.examples)
        finally:
            store.close()
        user = settings.profile.user or DEMO_USER
        save_profile(folders, "local", local=True, user=user, path=settings.config_file)
    elif isinstance(choice, Connect):
        save_profile(
            folders,
            "default",
            url=choice.url,
            workflow=choice.workflow,
            api_key=choice.key,
            path=settings.config_file,
        )
    else:
        return False
    return True


def _client(
    url: str, key: Secret, read_only: bool, insecure_http: bool, log: RequestLog | None = None
) -> Gateway:
    from fdtui.api.client import Client

    return Client.open(
        url,
        key.reveal(),
        insecure_http=insecure_http,
        read_only=read_only,
        on_exchange=_logging(log),
    )


def _logging(log: RequestLog | None) -> Callable[[Exchange], None] | None:
    """Tells a log what the client tells; the client knows no log, and the log no client."""
    if log is None:
        return None

    def keep(each: Exchange) -> None:
        answer = (each.status, each.seconds, each.received, each.problem or each.excerpt)
        sent = each.sent.decode("utf-8", "replace")
        log.add(Request(time.time(), each.method, each.path, *answer, sent, each.has_more))

    return keep


def _embedded_demo(
    folder: Path | None, wishes: Wishes, log: RequestLog | None = None
) -> Callable[[], Awaitable[Gateway]]:
    def start() -> Gateway:
        if folder is not None:
            return _embedded(f"sqlite:///{folder / 'demo.db'}", wishes, log, fill=seed.fill)
        leaving = tempfile.TemporaryDirectory(prefix="fdtui-")
        database = f"sqlite:///{leaving.name}/demo.db"
        return _embedded(database, wishes, log, fill=seed.fill, and_then=leaving.cleanup)

    async def connect() -> Gateway:
        return await asyncio.to_thread(start)

    return connect


def _embedded(
    database: str,
    wishes: Wishes,
    log: RequestLog | None = None,
    *,
    fill: Callable[[Store], None] = lambda _: None,
    and_then: Callable[[], None] = lambda: None,
) -> Gateway:
    """Start a server in this process: no port, and a key that nobody else can know."""
    from fdtui.api.embedded import open_embedded
    from fdtui.server.app import create_app, utc_now
    from fdtui.server.auth import OneKey
    from fdtui.server.engine import Engine
    from fdtui.server.store import open_store

    store = open_store(database)
    fill(store)
    engine = Engine.of_process(store, utc_now, os.environ, poll=EMBEDDED_POLL)
    engine.start()
    key = secrets.token_urlsafe(32)
    door = OneKey(key, wishes.me or "API")
    app = create_app(store, auth=door, base_url=seed.EMBEDDED_URL, wake=engine.wake)

    def close() -> None:
        engine.stop()
        store.close()
        and_then()

    url = seed.EMBEDDED_URL
    return open_embedded(
        app, url, key, read_only=wishes.read_only, on_close=close, on_exchange=_logging(log)
    )


def _demo_snapshot(ref: WorkflowRef) -> Snapshot:
    schema, rows = seed.snapshot(ref.id)
    name = schema.unique_id.name if schema.unique_id else None
    return Snapshot(ref, schema, tasks_from_rows(rows, name), None, seed.WORKFLOWS, seed.DEMO)

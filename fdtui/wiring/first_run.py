"""The first run: the welcome, and what was chosen in it made to last."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from fdtui.config.secret import Secret
from fdtui.core.errors import ReadOnlyError, UsageError
from fdtui.core.schema import WorkflowRef
from fdtui.server import seed
from fdtui.sync.session import SessionOptions
from fdtui.wiring.gateways import open_client
from fdtui.wiring.screens import keymap_of, look_of
from fdtui.wiring.sessions import DEMO_USER

if TYPE_CHECKING:
    from fdtui.config.paths import Folders
    from fdtui.config.settings import Settings
    from fdtui.tui.welcome.app import Choice, WelcomeApp

TEMPLATES = {
    "onboarding": "Companies from first contact to signed contract.",
    "bugs": "Bug reports that are confirmed, fixed and reviewed.",
    "expenses": "Receipts that are submitted, approved and paid.",
}
"""The demo's workflows as templates, with a sentence each."""


def welcome(settings: Settings) -> WelcomeApp:
    """The screen of a first run."""
    from fdtui.tui.welcome.app import Template, WelcomeApp

    names = {ref.id: ref.name for ref in seed.WORKFLOWS}
    templates = tuple(Template(key, names[uid], TEMPLATES[key]) for key, uid in seed.KEYS.items())
    look, keymap = look_of(settings), keymap_of(settings)
    return WelcomeApp(templates, check=workflows_at, look=look, keymap=keymap)


async def workflows_at(url: str, key: str) -> tuple[WorkflowRef, ...]:
    """The workflows that ``key`` may use at ``url``; raises `FdtuiError` with the reason if none."""
    client = await asyncio.to_thread(
        open_client, url, Secret(key), SessionOptions(read_only=True), False
    )
    try:
        workflows = await client.workflows()
    finally:
        await client.aclose()
    if not workflows:
        raise UsageError(
            "This key has access to no workflow.", "Grant it one in the workspace's settings."
        )
    return workflows


def save_choice(choice: Choice, settings: Settings, folders: Folders) -> bool:
    """Make the choice of a first run last: the workspace, the profile, the key (mode 0600).

    False where there is nothing to keep: the demo was chosen.
    """
    from fdtui.config.profiles import local_database, save_profile
    from fdtui.config.settings import Profile
    from fdtui.tui.welcome.app import Connect, StartLocal

    if isinstance(choice, StartLocal):
        from fdtui.server.store import open_store

        if settings.profile.read_only:
            raise ReadOnlyError
        profile = Profile(name="local", local=True)
        store = open_store(f"sqlite:///{local_database(folders, profile)}")
        try:
            seed.local(store, choice.template, with_examples=choice.examples)
        finally:
            store.close()
        user = settings.profile.user or DEMO_USER
        save_profile(folders, "local", local=True, user=user, path=settings.config_file)
    elif isinstance(choice, Connect):
        where, key = settings.config_file, choice.key
        save_profile(
            folders, "default", url=choice.url, workflow=choice.workflow, api_key=key, path=where
        )
    else:
        return False
    return True

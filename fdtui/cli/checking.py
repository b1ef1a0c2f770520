"""What `fdtui config check` asks beyond the form of the settings: whether they can work here."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from fdtui.config.load import Options, load
from fdtui.config.paths import Folders
from fdtui.config.profiles import existing_database
from fdtui.config.secrets import origin_of
from fdtui.config.settings import Profile, Settings
from fdtui.core.errors import ConfigError, FdtuiError
from fdtui.core.safetext import quoted
from fdtui.core.schema import WorkflowRef

_NO_INSTALL = ("/api/", "/workflows")
"""What a path holds that was copied from a browser or a call, and is no install's own."""

if TYPE_CHECKING:
    from fdtui.server.workflow.definition import Workflow


def mistakes(settings: Settings, folders: Folders) -> list[ConfigError]:
    """All that cannot work, in the profile in use and in the others of the file.

    What has no right form is not in ``settings``: `load` has told of it.
    """
    found = list(_of_profile(settings.profile, settings, folders))
    found += _of_views(settings, folders)
    for name in settings.profiles:
        if name == settings.profile.name:
            continue
        other = load({}, Options(config=str(settings.config_file), profile=name), folders, told=[])
        found += _of_profile(other.profile, other, folders)
    return found


def _of_profile(profile: Profile, settings: Settings, folders: Folders) -> Iterator[ConfigError]:
    def wrong(key: str, what: str, hint: str = "") -> ConfigError:
        source = settings.sources.get(key, "")
        if source == str(settings.config_file):
            return _in_file(settings.config_file, profile.name, key, what, hint)
        return ConfigError(f"{source or key}: {what}.", hint)

    def named(key: str, error: FdtuiError) -> ConfigError:
        return wrong(key, error.message.rstrip("."), error.hint)

    if profile.local and profile.url:
        yield wrong("url", "a local workspace has no url", "Leave out local or url.")
    elif profile.local:
        yield from (named(*each) for each in _of_workspace(profile, folders))
    elif profile.url:
        yield from (named("url", error) for error in _of_url(profile))
    if profile.user and not _is_address(profile.user):
        yield wrong("user", f"{quoted(profile.user)} is not an e-mail address")
    if profile.api_key_command and shutil.which(profile.api_key_command[0]) is None:
        yield wrong("api_key_command", f"there is no program {quoted(profile.api_key_command[0])}")
    has_key = profile.api_key is not None or bool(profile.api_key_command)
    given_for = profile.api_key_url or settings.stored_url
    if has_key and settings.stored_url and origin_of(given_for) != origin_of(settings.stored_url):
        yield wrong("api_key_url", "the key was given for another address than url, so it is not sent")
    if profile.webhook_url is not None:
        yield from (named("webhook_url", error) for error in _of_webhook(profile))


def _of_views(settings: Settings, folders: Folders) -> Iterator[ConfigError]:
    """What the workflows of a local workspace say to the views; of each workflow's, one knows all."""
    profile, path = settings.profile, settings.config_file
    if not profile.local or not settings.views or path is None:
        return
    from fdtui.config import tomlfile
    from fdtui.core.view_check import view_mistakes

    try:
        known = _workflows(existing_database(folders, profile))
        file = tomlfile.read(path, must_exist=True)
    except FdtuiError:
        return  # told of the profile
    for number, view in enumerate(settings.views, 1):
        flows = [each for each in known if view.fits(WorkflowRef(each.id, each.name))]
        if view.workflow and not flows and len(settings.profiles) < 2 and file is not None:
            what = f"views.workflow: there is no workflow {quoted(view.workflow)} in your workspace"
            yield file.placed(["views", "workflow"], what, number=number)
        wrong = [list(view_mistakes(view.shows, each.schema, date.today())) for each in flows]
        for each in min(wrong, key=len, default=[]):
            if file is not None:
                what = f"views.{each.part}: {each.what[0].lower()}{each.what[1:]}"
                yield file.placed(["views", each.part], what, each.hint, number=number)


def _workflows(database: Path) -> list[Workflow]:
    """All workflows of a local workspace; raises `FdtuiError`."""
    from fdtui.server.store import workspace
    from fdtui.server.store.existing import open_existing

    with closing(open_existing(f"sqlite:///{database}", reads_only=True)) as store:
        return list(store.read(lambda tx: workspace.catalog(store, tx)).workflows.values())


def _in_file(path: Path | None, name: str, key: str, what: str, hint: str) -> ConfigError:
    from fdtui.config import tomlfile

    file = tomlfile.read(path, must_exist=True) if path else None
    keys = ["profiles", name, key]
    return file.placed(keys, f"{'.'.join(keys)}: {what}", hint) if file else ConfigError(what, hint)


def _of_url(profile: Profile) -> Iterator[FdtuiError]:
    from fdtui.api.origin import Origin

    try:
        origin = Origin.parse(profile.url, insecure_http=profile.insecure_http)
    except FdtuiError as error:
        yield error
        return
    if any(part in f"{origin.base}/" for part in _NO_INSTALL):
        yield ConfigError(
            f"{quoted(origin.base)} is not part of an install's address.",
            f"Write {str(origin).removesuffix(origin.base)}.",
        )


def _of_webhook(profile: Profile) -> Iterator[FdtuiError]:
    from fdtui.api.webhook import Webhook

    try:
        Webhook(
            profile.webhook_url.reveal() if profile.webhook_url else "",
            insecure_http=profile.insecure_http,
        )
    except FdtuiError as error:
        yield ConfigError(error.message.removeprefix("FDTUI_WEBHOOK_URL "), error.hint)


def _of_workspace(profile: Profile, folders: Folders) -> Iterator[tuple[str, FdtuiError]]:
    """What a local workspace says to the names in its profile."""
    key = "database" if profile.database else "local"
    try:
        database = existing_database(folders, profile)
        if not os.access(database, os.R_OK | (0 if profile.read_only else os.W_OK)):
            yield key, ConfigError(f"{quoted(str(database))} cannot be read and written by you.")
            return
        known = _workflows(database)
    except FdtuiError as error:
        yield key, error
        return
    names = {name for each in known for name in (each.id, each.name)}
    if profile.workflow and profile.workflow not in names:
        yield "workflow", ConfigError(f"there is no workflow {quoted(profile.workflow)} in it.")
    people = {person.email.casefold() for each in known for person in each.schema.people}
    if profile.user and people and profile.user.casefold() not in people:
        yield "user", ConfigError(f"{quoted(profile.user)} is not a person in its workflows.")


def _is_address(text: str) -> bool:
    name, _, host = text.rpartition("@")
    return bool(name and host) and not any(char.isspace() for char in text)

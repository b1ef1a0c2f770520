"""Where the cache of a profile is, and what stands in it: for whoever has no session."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from fdtui.config.paths import Folders
    from fdtui.config.secret import Secret
    from fdtui.config.settings import Profile, Settings
    from fdtui.sync.storage.protocols import Snapshot


def cache_path(
    folders: Folders, profile: Profile, source: str | Path, key: Secret | None = None
) -> Path:
    """Where that is, or will be: one file per profile, user, key and ``source``.

    The source is the install's address or the local workspace's file. So nobody is shown what another
    user, or another key, has seen; of the key only its part in the name's hash is written.
    """
    secret = "" if key is None else key.reveal()
    whose = "\0".join((profile.name, str(source), profile.user or "", secret))
    name = sha256(b"cache\0" + whose.encode("utf-8", "surrogatepass")).hexdigest()[:24]
    return folders.cache / f"cache-{name}.db"


def cached_board(
    settings: Settings, folders: Folders, environ: Mapping[str, str], wanted: str | None
) -> Snapshot | None:
    """The workflow ``wanted``, or the one seen last, as it is cached; ``None`` where it is not.

    Nothing is asked for: a key that only a keyring or a command knows leaves the cache unread.
    Raises `ConfigError` where a local workspace begins in no home folder.
    """
    from fdtui.sync.storage.cache_glance import glance

    profile = settings.profile
    if profile.local:
        from fdtui.config.profiles import local_database

        path = cache_path(folders, profile, local_database(folders, profile))
    else:
        from fdtui.config.secrets import stored_key

        key = stored_key(settings, environ)
        if not profile.url or key is None:
            return None
        path = cache_path(folders, profile, profile.url, key.secret)
    return glance(path, wanted)

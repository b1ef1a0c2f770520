"""Writing profiles into ``config.toml``, with everything else in it left as its owner wrote it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from fdtui.config import tomlfile
from fdtui.config.paths import Folders, expanded, write_private
from fdtui.config.settings import Profile
from fdtui.core.errors import ConfigError, NotFoundError, UsageError
from fdtui.core.safetext import quoted

_NAME = re.compile(r"\w[\w .-]{0,63}")


def save_profile(
    folders: Folders,
    name: str,
    *,
    url: str = "",
    local: bool = False,
    workflow: str = "",
    user: str = "",
    unique_id: str = "",
    api_key: str | None = None,
    insecure_http: bool = False,
    make_default: bool = True,
    path: Path | None = None,
) -> Path:
    """Write the profile ``name`` and answer the file (``path``, or the user's own).

    What is empty stays as it was. The key is written beside the url that it was given for.

    Raises `ConfigError` where the file there is broken (it is then left alone), `StorageError`.
    """
    check_name(name)
    values: dict[str, Any] = {
        "url": url,
        "local": local,
        "workflow": workflow,
        "user": user,
        "unique_id": unique_id,
        "insecure_http": insecure_http,
    }
    if api_key is not None:
        values["api_key"] = api_key
    file = path or folders.config_file
    from fdtui.config import schema  # noqa: PLC0415 - whoever reads a profile needs no commands

    schema.write_settings(file, _with_profile(file, name, values, make_default))
    return file


def forget_key(file: Path, name: str) -> bool:
    """Take the API key of profile ``name`` out of ``file``; false where it holds none.

    Raises `ConfigError` where the file is broken, `StorageError`.
    """
    import tomlkit  # noqa: PLC0415 - only whoever writes settings needs it
    from tomlkit.exceptions import TOMLKitError  # noqa: PLC0415

    if tomlfile.read(file, must_exist=False) is None:
        return False
    try:
        document = tomlkit.parse(file.read_text(encoding="utf-8-sig"))
        profiles: Any = document.get("profiles", {})
        profile: Any = profiles.get(name, {})
        if "api_key" not in profile:
            return False
        for key in ("api_key", "api_key_url"):
            profile.pop(key, None)
        text = tomlkit.dumps(document)
    except (TOMLKitError, AttributeError, TypeError) as error:
        raise ConfigError(f"{file} cannot be changed ({type(error).__name__}).") from None
    write_private(file, text)
    return True


def check_name(name: str) -> None:
    """Raise `UsageError` where ``name`` cannot name a profile and the files that belong to it."""
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{quoted(name[:80])} is not a name for a profile.",
            "Letters, digits, spaces, . _ and - will do.",
        )


def local_database(folders: Folders, profile: Profile) -> Path:
    """The file of a local workspace; raises `ConfigError` where it begins in no home folder."""
    if profile.database:
        return expanded(profile.database)
    return folders.data / f"{profile.name or 'local'}.db"


def existing_database(folders: Folders, profile: Profile) -> Path:
    """The file of a local workspace; raises `NotFoundError` where it was never made."""
    database = local_database(folders, profile)
    if not database.exists():
        raise NotFoundError(
            f"The profile {quoted(profile.name)} names a database that does not exist:"
            f" {quoted(str(database))}.",
            f"Correct its path, or make it with: fdtui serve --db sqlite:///{quoted(str(database))}",
        )
    return database


def _with_profile(file: Path, name: str, values: dict[str, Any], make_default: bool) -> str:
    import tomlkit  # noqa: PLC0415 - only whoever writes settings needs it
    from tomlkit.exceptions import TOMLKitError  # noqa: PLC0415

    from fdtui.config import schema  # noqa: PLC0415 - as above

    tomlfile.read(file, must_exist=False)  # a file that could not be read must not be written over
    try:
        begun = file.read_text(encoding="utf-8-sig") if file.exists() else f"{schema.HEADER}\n"
        document = tomlkit.parse(begun)
        if make_default or "profile" not in document:
            document["profile"] = name
        profiles: Any = document.setdefault("profiles", tomlkit.table(is_super_table=True))
        profile: Any = profiles.setdefault(name, tomlkit.table())
        for key, value in values.items():
            if value or (isinstance(value, bool) and key in profile):
                profile[key] = value
        if "api_key" in values:
            profile["api_key_url"] = str(profile.get("url", ""))
        return tomlkit.dumps(document)
    except (TOMLKitError, AttributeError, TypeError) as error:
        raise ConfigError(f"{file} cannot be changed ({type(error).__name__}).") from None

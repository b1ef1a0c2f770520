"""Where settings come from: option, then environment, then ``config.toml``; the first one wins.

The file has a default ``profile = "NAME"``, tables ``[profiles.NAME]``,
``[board]``, ``[keys]``, ``[actions]`` and ``[notify]``.
"""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from fdtui.config.kinds import Kind, secret, text
from fdtui.config.paths import Folders
from fdtui.config.settings import Actions, Board, Keys, Notify, Profile, Settings
from fdtui.core.errors import ConfigError
from fdtui.core.frozen import frozen
from fdtui.core.safetext import safe

if TYPE_CHECKING:
    from fdtui.config.tomlfile import TomlFile

_TOP = ("profile", "profiles", "board", "keys", "actions", "notify")
_SECRETS = ("api_key", "webhook_url")


@frozen
class Options:
    """What the command line said; ``None`` where it said nothing."""

    profile: str | None = None
    url: str | None = None
    workflow: str | None = None
    config: str | None = None
    read_only: bool | None = None
    insecure_http: bool | None = None


def load(environ: Mapping[str, str], options: Options, folders: Folders) -> Settings:
    """The settings that hold now. Nothing is read from the working folder.

    Raises `ConfigError` naming the file and line, or the variable, and the nearest right key.
    """
    file = _read_file(environ, options, folders)
    stored = _profiles(file) if file else {}
    name = _chosen(environ, options, file, tuple(stored))
    values = dict(stored.get(name, {}))
    said = (_from_environment(environ), _from_options(options))
    if any("url" in found for found, _ in said):
        # What was allowed, or kept, for the address in the file says nothing about another one.
        values = {key: value for key, value in values.items() if key not in {"local", "insecure_http"}}
    sources = dict.fromkeys(values, str(file.path) if file else "")
    for found, named in said:
        values |= found
        sources |= {key: named[key] for key in found}
    return Settings(
        profile=Profile(name=name, **values),
        profiles=tuple(stored),
        board=Board(**_table(file, ("board",), Board)) if file else Board(),
        keys=_keys(file) if file else Keys(),
        actions=Actions(**_table(file, ("actions",), Actions)) if file else Actions(),
        notify=Notify(**_table(file, ("notify",), Notify)) if file else Notify(),
        config_file=file.path if file else None,
        stored_url=stored.get(name, {}).get("url", ""),
        sources=MappingProxyType(sources),
    )


def _read_file(environ: Mapping[str, str], options: Options, folders: Folders) -> TomlFile | None:
    named = options.config or environ.get("FDTUI_CONFIG", "")
    path = Path(named).expanduser().absolute() if named else folders.config_file
    if not named and not path.exists():
        return None
    from fdtui.config import tomlfile  # noqa: PLC0415 - on a first run there is nothing to parse

    file = tomlfile.read(path, must_exist=bool(named))
    for key in file.tables if file else ():
        if file and key not in _TOP:
            raise file.wrong([key], "is no setting", _TOP)
    return file


def _profiles(file: TomlFile) -> dict[str, dict[str, Any]]:
    tables = file.tables.get("profiles", {})
    if not isinstance(tables, dict):
        raise file.wrong(["profiles"], "must hold tables such as [profiles.work]")
    profiles = {name: _table(file, ("profiles", name), Profile) for name in tables}
    if any(key in values for values in profiles.values() for key in _SECRETS):
        file.check_private()
    return profiles


def _chosen(
    environ: Mapping[str, str], options: Options, file: TomlFile | None, names: tuple[str, ...]
) -> str:
    """The profile's name; empty where there is none and nobody named one."""
    asked = options.profile or environ.get("FDTUI_PROFILE", "")
    if asked:
        if asked in names:
            return asked
        near = difflib.get_close_matches(asked, names, n=1)
        hint = f"Did you mean {near[0]}?" if near else ""
        where = f" in {file.path}" if file else ", for there is no settings file"
        raise ConfigError(f"There is no profile {safe(asked)}{where}.", hint)
    default = file.tables.get("profile") if file else None
    if file and default is not None and default not in names:
        what = "must name one of the [profiles.NAME] in the file"
        raise file.wrong(["profile"], what, ["profiles"] if isinstance(default, dict) else ())
    return default or next(iter(names), "")


def _table(file: TomlFile, path: tuple[str, ...], shape: type[Any]) -> dict[str, Any]:
    """The checked values of one table: only keys that ``shape`` declares as settings."""
    table: Any = file.tables
    for name in path:
        table = table.get(name, {})
    if not isinstance(table, dict):
        raise file.wrong(path, "must be a table")
    kinds = _kinds(shape)
    return {key: _value(file, (*path, key), value, kinds) for key, value in table.items()}


def _kinds(shape: type[Any]) -> dict[str, Kind]:
    return {each.name: each.metadata["kind"] for each in dataclasses.fields(shape) if each.metadata}


def _value(file: TomlFile, path: tuple[str, ...], value: Any, declared: Mapping[str, Kind]) -> Any:
    kind = declared.get(path[-1])
    if kind is None:
        raise file.wrong(path, "is no setting", declared)
    try:
        return kind(value)
    except ValueError as error:
        raise file.wrong(path, str(error)) from None


def _keys(file: TomlFile) -> Keys:
    """``[keys]``; an id may be quoted or not, for TOML reads ``task.move-next`` as nested tables."""
    table = file.tables.get("keys", {})
    if not isinstance(table, dict):
        raise file.wrong(["keys"], "must be a table")
    changes: dict[str, tuple[str, ...]] = {}
    preset = Keys().preset
    waiting = list(table.items())
    while waiting:
        name, value = waiting.pop(0)
        if isinstance(value, dict):
            waiting += [(f"{name}.{key}", inner) for key, inner in value.items()]
        elif name == "preset":
            preset = _value(file, ("keys", name), value, _kinds(Keys))
        else:
            keys = [value] if isinstance(value, str) else value
            if not isinstance(keys, list) or not all(isinstance(key, str) and key for key in keys):
                raise file.wrong(
                    ["keys", *name.split(".")], 'must be a key or a list of keys, such as ["L"]'
                )
            changes[name] = tuple(keys)
    return Keys(preset, MappingProxyType(changes))


_Found = tuple[dict[str, Any], dict[str, str]]
"""Values by key of the profile, and for each who said it."""


def _switch(said: str) -> bool:
    word = said.lower()
    if word in {"1", "true", "yes", "on"}:
        return True
    if word in {"0", "false", "no", "off"}:
        return False
    raise ValueError("must be 1 or 0")


_VARIABLES: Mapping[str, tuple[str, Kind]] = MappingProxyType(
    {
        "url": ("FDTUI_URL", text),
        "workflow": ("FDTUI_WORKFLOW", text),
        "user": ("FDTUI_USER", text),
        "webhook_url": ("FDTUI_WEBHOOK_URL", secret),
        "read_only": ("FDTUI_READ_ONLY", _switch),
    }
)


def _from_environment(environ: Mapping[str, str]) -> _Found:
    values: dict[str, Any] = {}
    named: dict[str, str] = {}
    for key, (variable, kind) in _VARIABLES.items():
        said = environ.get(variable, "").strip()
        if not said:
            continue  # an empty variable is how a shell unsets one for a single command
        try:
            values[key] = kind(said)
        except ValueError as error:
            raise ConfigError(f"{variable} {error}.") from None
        named[key] = variable
    return values, named


def _from_options(options: Options) -> _Found:
    keys = ("url", "workflow", "read_only", "insecure_http")
    values = {key: getattr(options, key) for key in keys if getattr(options, key) is not None}
    return values, {key: f"--{key.replace('_', '-')}" for key in values}

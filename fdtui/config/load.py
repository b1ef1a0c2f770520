"""Where settings come from: option, then environment, then ``config.toml``; the first one wins.

The file has a default ``profile = "NAME"``, tables ``[profiles.NAME]``,
``[board]``, ``[keys]``, ``[actions]`` and ``[notify]``, and any number of ``[[views]]``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from fdtui.config.kinds import Kind, secret, text
from fdtui.config.paths import Folders, expanded
from fdtui.config.settings import Actions, Board, Keys, Notify, Profile, Settings, ViewSettings
from fdtui.core.errors import ConfigError, all_of
from fdtui.core.frozen import frozen
from fdtui.core.safetext import safe
from fdtui.core.views import NamedView, ViewList

if TYPE_CHECKING:
    from fdtui.config.tomlfile import TomlFile

TOP = ("profile", "profiles", "board", "keys", "actions", "notify", "views")
"""The keys and tables of the file."""
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
    json: bool | None = None
    verbose: bool | None = None


def load(
    environ: Mapping[str, str],
    options: Options,
    folders: Folders,
    *,
    with_keys: bool = False,
    told: list[ConfigError] | None = None,
) -> Settings:
    """The settings that hold now. Nothing is read from the working folder.

    ``with_keys`` asks whether [keys] has commands and keys that there are, for whoever uses them.

    Raises `ConfigError` with all that is wrong: the file and line, or the variable, and the nearest
    right key. Where ``told`` is given, mistakes are put there instead, and the settings hold the rest.
    """
    file = _read_file(environ, options, folders)
    is_raised, told = told is None, [] if told is None else told
    stored = _profiles(file, told) if file else {}
    name = _chosen(environ, options, file, tuple(stored), told)
    values = dict(stored.get(name, {}))
    said = (_from_environment(environ, told), _from_options(options, told))
    board = _table(file, ("board",), Board, told)
    keys = _keys(file, told, is_asked=with_keys) if file else Keys()
    actions, notify = _table(file, ("actions",), Actions, told), _table(file, ("notify",), Notify, told)
    views = _views(file, told) if file and "views" in file.tables else ()
    if file:
        told += [file.wrong([key], "is not a setting", TOP) for key in file.tables if key not in TOP]
    if told and is_raised:
        raise all_of(told)
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
        board=Board(**board),
        keys=keys,
        actions=Actions(**actions),
        notify=Notify(**notify),
        views=views,
        config_file=file.path if file else None,
        stored_url=stored.get(name, {}).get("url", ""),
        sources=MappingProxyType(sources),
    )


def _read_file(environ: Mapping[str, str], options: Options, folders: Folders) -> TomlFile | None:
    named = options.config or environ.get("FDTUI_CONFIG", "")
    path = expanded(named) if named else folders.config_file
    if not named and not path.exists():
        return None
    from fdtui.config import tomlfile  # noqa: PLC0415 - on a first run there is nothing to parse

    return tomlfile.read(path, must_exist=bool(named))


_Told = list[ConfigError]
"""Where a reader puts what is wrong; it goes on with the rest."""


def _profiles(file: TomlFile, told: _Told) -> dict[str, dict[str, Any]]:
    tables = file.tables.get("profiles", {})
    if not isinstance(tables, dict):
        told.append(file.wrong(["profiles"], "must hold tables such as [profiles.work]"))
        return {}
    profiles = {name: _table(file, ("profiles", name), Profile, told) for name in tables}
    if any(key in values for values in profiles.values() for key in _SECRETS):
        try:
            file.check_private()
        except ConfigError as error:
            told.append(error)
    return profiles


def _chosen(
    environ: Mapping[str, str],
    options: Options,
    file: TomlFile | None,
    names: tuple[str, ...],
    told: _Told,
) -> str:
    """The profile's name; empty where there is none and nobody named one."""
    asked = options.profile or environ.get("FDTUI_PROFILE", "")
    if asked:
        if asked in names:
            return asked
        import difflib  # noqa: PLC0415 - only a mistake needs it

        near = difflib.get_close_matches(asked, names, n=1)
        hint = f"Did you mean {near[0]}?" if near else ""
        where = f" in {file.path}" if file else ", for there is not a settings file"
        told.append(ConfigError(f"There is no profile {safe(asked)}{where}.", hint))
        return ""
    default = file.tables.get("profile") if file else None
    if file and default is not None and default not in names:
        what = "must name one of the [profiles.NAME] in the file"
        told.append(file.wrong(["profile"], what, ["profiles"] if isinstance(default, dict) else ()))
        return ""
    return default or next(iter(names), "")


def _table(
    file: TomlFile | None, path: tuple[str, ...], shape: type[Any], told: _Told
) -> dict[str, Any]:
    """The checked values of one table: only keys that ``shape`` declares as settings."""
    if file is None:
        return {}
    table: Any = file.tables
    for name in path:
        table = table.get(name, {})
    if not isinstance(table, dict):
        told.append(file.wrong(path, "must be a table"))
        return {}
    return _checked(file, path, table, _kinds(shape), told)


def _checked(
    file: TomlFile,
    path: tuple[str, ...],
    table: Mapping[str, Any],
    kinds: Mapping[str, Kind],
    told: _Told,
    *,
    number: int = 0,
) -> dict[str, Any]:
    """Those values of a table that are settings and right; ``number`` is that of one among several."""
    values: dict[str, Any] = {}
    for key, value in table.items():
        try:
            values[key] = _value(file, (*path, key), value, kinds, number=number)
        except ConfigError as error:
            told.append(error)
    return values


def views_in(file: TomlFile) -> ViewList:
    """The views of a file; raises `ConfigError` with all that is wrong with them."""
    told: _Told = []
    views = _views(file, told) if "views" in file.tables else ()
    if told:
        raise all_of(told)
    return views


def _views(file: TomlFile, told: _Told) -> ViewList:
    """The views that have a name of their own, in order."""
    tables = file.tables["views"]
    if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
        told.append(file.wrong(["views"], "must be tables, each with the header [[views]]"))
        return ()
    from fdtui.config.view_tables import named_view  # noqa: PLC0415 - most files have none

    views: dict[tuple[str, str], NamedView] = {}
    for number, table in enumerate(tables, 1):
        values = _checked(file, ("views",), table, _kinds(ViewSettings), told, number=number)
        if "name" not in table:
            told.append(file.wrong(["views"], "needs a name", number=number))
        elif "name" in values:
            view = named_view(ViewSettings(**values))
            for key in ("workflow", "default") if view.spans else ():
                if values.get(key):
                    what = "has no meaning beside workflows"
                    told.append(file.wrong(["views", key], what, number=number))
            if view.key in views:
                what = f"is the name of another view of this workflow: {safe(view.name)}"
                told.append(file.wrong(["views", "name"], what, number=number))
            views.setdefault(view.key, view)
    return tuple(views.values())


def _kinds(shape: type[Any]) -> dict[str, Kind]:
    return {each.name: each.metadata["kind"] for each in dataclasses.fields(shape) if each.metadata}


def _value(
    file: TomlFile, path: tuple[str, ...], value: Any, declared: Mapping[str, Kind], *, number: int = 0
) -> Any:
    kind = declared.get(path[-1])
    if kind is None:
        raise file.wrong(path, "is not a setting", declared, number=number)
    try:
        return kind(value)
    except ValueError as error:
        raise file.wrong(path, str(error), number=number) from None


def _keys(file: TomlFile, told: _Told, *, is_asked: bool) -> Keys:
    """``[keys]``; an id may be quoted or not, for TOML reads ``task.move-next`` as nested tables."""
    table = file.tables.get("keys", {})
    if not isinstance(table, dict):
        told.append(file.wrong(["keys"], "must be a table"))
        return Keys()
    changes: dict[str, tuple[str, ...]] = {}
    preset = Keys().preset
    waiting = list(table.items())
    while waiting:
        name, value = waiting.pop(0)
        if isinstance(value, dict):
            waiting += [(f"{name}.{key}", inner) for key, inner in value.items()]
        elif name == "preset":
            try:
                preset = _value(file, ("keys", name), value, _kinds(Keys))
            except ConfigError as error:
                told.append(error)
        else:
            keys = [value] if isinstance(value, str) else value
            if isinstance(keys, list) and all(isinstance(key, str) and key for key in keys):
                changes[name] = tuple(keys)
            else:
                what = 'must be a key or a list of keys, such as ["L"]'
                told.append(file.wrong(["keys", name], what))
    if is_asked and changes:
        from fdtui.core.keymap import read_keys  # noqa: PLC0415 - scripts use no keys

        _, mistakes = read_keys(changes)
        told += [file.placed(["keys", each.command], each.what, each.hint) for each in mistakes]
    return Keys(preset, MappingProxyType(changes))


def is_read_only_said(environ: Mapping[str, str], options: Options) -> bool:
    """Whether the option or the environment forbids every change, whatever the settings say."""
    told: list[ConfigError] = []
    values, _ = _from_environment({"FDTUI_READ_ONLY": environ.get("FDTUI_READ_ONLY", "")}, told)
    if told:
        raise all_of(told)
    return bool(options.read_only or values.get("read_only"))


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


def _from_environment(environ: Mapping[str, str], told: _Told) -> _Found:
    values: dict[str, Any] = {}
    named: dict[str, str] = {}
    for key, (variable, kind) in _VARIABLES.items():
        said = environ.get(variable, "").strip()
        if not said:
            continue  # an empty variable is how a shell unsets one for a single command
        try:
            values[key] = kind(said)
        except ValueError as error:
            told.append(ConfigError(f"{variable} {error}."))
            continue
        named[key] = variable
    return values, named


def _from_options(options: Options, told: _Told) -> _Found:
    kinds = _kinds(Profile)
    values: dict[str, Any] = {}
    for key in ("url", "workflow", "read_only", "insecure_http"):
        said = getattr(options, key)
        if said is None:
            continue
        try:
            values[key] = kinds[key](said)
        except ValueError as error:
            told.append(ConfigError(f"--{key.replace('_', '-')} {error}."))
    return values, {key: f"--{key.replace('_', '-')}" for key in values}

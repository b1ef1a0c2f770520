"""The common options: every command declares which it honours, and one place refuses the others.

All of them are taken before and after a command's name, also those that the command cannot honour: so
that whoever says one learns why it has no effect, instead of an option that is ignored.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Collection
from typing import Any, ParamSpec, TypeVar

import click

from fdtui.cli.suggestions import profiles, views, workflows
from fdtui.config.load import Options, is_read_only_said
from fdtui.config.settings import Settings
from fdtui.core.errors import ReadOnlyError, UsageError
from fdtui.core.frozen import frozen, replace
from fdtui.core.views import BoardStart

P = ParamSpec("P")
R = TypeVar("R")

CONNECTION = frozenset({"profile", "url", "workflow", "config", "read_only", "insecure_http"})
"""What says where the tasks are and what may be done with them: for commands that ask a server."""
ASKING = CONNECTION | {"verbose"}
"""The same, for commands that end when the answers are there."""
JSON = frozenset({"json"})
_WHY = {"json": "it prints no JSON document", "verbose": "it prints no requests"}
"""Why an option has no effect, where that is the same for all commands."""
_DECLARED = "__honours__"
_SETTINGS = "fdtui.settings"
"""Where click's context keeps them."""


@frozen
class Honours:
    """What a command does with the common options."""

    options: frozenset[str]
    own: frozenset[str]
    """Names that mean something else behind this command's name."""
    why: str
    """Why the others have no effect, as the end of a sentence."""
    writes: bool
    """Whether it changes anything, which `--read-only` and FDTUI_READ_ONLY forbid."""


def _remember(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    if value is None or parameter.name is None:
        return
    if isinstance(value, str) and not value.strip():
        raise UsageError(f"{parameter.opts[0]} is empty.", "Give it a value, or leave it out.")
    root = context.find_root()
    known = root.obj if isinstance(root.obj, Options) else Options()
    root.obj = replace(known, **{parameter.name: value})


def _option(name: str, **more: Any) -> tuple[str, dict[str, Any]]:
    """``short`` is another name of it."""
    return name, {"expose_value": False, "callback": _remember, "default": None, **more}


_OPTIONS = (
    _option(
        "--profile", metavar="NAME", shell_complete=profiles, help="The profile of config.toml to use."
    ),
    _option("--url", metavar="URL", help="Where Flowdash is."),
    _option("--workflow", metavar="ID-or-name", shell_complete=workflows, help="The workflow to use."),
    _option("--config", metavar="FILE", help="Another config file than your own."),
    _option("--json", is_flag=True, flag_value=True, help="Print JSON."),
    _option(
        "--read-only", is_flag=True, flag_value=True, help="Change nothing: only GET leaves the program."
    ),
    _option(
        "--verbose",
        short="-v",
        is_flag=True,
        flag_value=True,
        help="Print each request and how it was answered, on stderr.",
    ),
    _option("--insecure-http", is_flag=True, flag_value=True, help="Allow http:// to another machine."),
)
NAMES = {option: option.removeprefix("--").replace("-", "_") for option, _ in _OPTIONS}
"""The common options, and the name of each in `Options`."""


def honours(
    options: Collection[str],
    *,
    why: str = "",
    own: Collection[str] = (),
    writes: bool = False,
    unless: str = "",
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare which common ``options`` a command honours; the others are refused, with ``why``.

    ``own`` are names that the command gives a meaning of its own. ``writes`` says that it changes
    something, ``unless`` names the flag with which it does not.
    """
    declared = Honours(frozenset(options), frozenset(own), why, writes)

    def decorate(command: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(command)
        def run(*given: P.args, **named: P.kwargs) -> R:
            _check(declared, is_writing=writes and not named.get(unless))
            return command(*given, **named)

        setattr(run, _DECLARED, declared)
        return _with_options(run, declared)

    return decorate


def beginning(command: Callable[..., R]) -> Callable[..., R]:
    """Let a command that opens the board take how it begins, as the argument ``start``."""

    @functools.wraps(command)
    def run(*given: Any, view: str | None, query: str | None, **named: Any) -> R:
        return command(*given, start=BoardStart(view or "", query), **named)

    for name, variable, more in reversed(_BEGINNING):
        run = click.option(name, variable, default=None, **more)(run)
    return run


_BEGINNING: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("--view", "view", {"metavar": "NAME", "help": "Begin with this view.", "shell_complete": views}),
    ("--filter", "query", {"metavar": "QUERY", "help": "Begin with this filter."}),
)


def declared_by(command: click.Command) -> Honours | None:
    """What ``command`` declared."""
    found = getattr(command.callback, _DECLARED, None)
    return found if isinstance(found, Honours) else None


def is_reading() -> bool:
    """Whether the command that runs declared that it changes nothing."""
    declared = declared_by(click.get_current_context().command)
    return declared is not None and not declared.writes


def _with_options(command: Callable[P, R], declared: Honours) -> Callable[P, R]:
    for option, more in reversed(_OPTIONS):
        name = NAMES[option]
        if name not in declared.own:
            hidden = name not in declared.options
            told = {**more, "hidden": hidden}
            names = [option, *filter(None, [told.pop("short", "")])]
            command = click.option(*names, **told)(command)
    return command


def _check(declared: Honours, *, is_writing: bool) -> None:
    """The one place that refuses what would have no effect, and what is not allowed."""
    context, said = click.get_current_context(), common()
    if context.invoked_subcommand is not None:
        return  # the command that was named declares its own
    for option, name in NAMES.items():
        if getattr(said, name) is None or name in declared.options:
            continue
        if name == "read_only" and declared.writes:
            raise ReadOnlyError
        path = context.command_path
        if name in declared.own:
            raise UsageError(
                f"`{path}` has a {option} of its own.", f"Write it after the name: `{path} {option} …`."
            )
        why = _WHY.get(name) or declared.why
        raise UsageError(f"`{path}` takes no {option}: {why}.", "Leave it out.")
    if is_writing and is_read_only_said(os.environ, said):
        raise ReadOnlyError
    if is_writing and "url" in declared.options:
        check_may_write()


def check_may_write() -> None:
    """Raise `ReadOnlyError` where the settings allow no change, before anything else is looked at."""
    if settings_here().profile.read_only:
        raise ReadOnlyError


def settings_here() -> Settings:
    """The settings in force for the running command, which reads them once; raises `ConfigError`."""
    from fdtui.cli.setup import settings_of

    kept = click.get_current_context().meta
    if _SETTINGS not in kept:
        kept[_SETTINGS] = settings_of(common())
    settings: Settings = kept[_SETTINGS]
    return settings


def common() -> Options:
    """What was said, in whichever place."""
    known = click.get_current_context().find_root().obj
    return known if isinstance(known, Options) else Options()


def wants_json() -> bool:
    """Whether the answer is to be one JSON document."""
    return bool(common().json)

"""The options that every command takes, before or after its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from fdtui.config.load import Options
from fdtui.core.frozen import replace

F = TypeVar("F", bound=Callable[..., Any])


def _remember(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    if value is None or parameter.name is None:
        return
    root = context.find_root()
    known = root.obj if isinstance(root.obj, Options) else Options()
    root.obj = replace(known, **{parameter.name: value})


def _option(*names: str, **more: Any) -> Callable[[F], F]:
    return click.option(*names, expose_value=False, callback=_remember, default=None, **more)


_OPTIONS = (
    _option("--profile", metavar="NAME", help="The profile of config.toml to use."),
    _option("--url", metavar="URL", help="Where Flowdash is."),
    _option("--workflow", metavar="ID-or-name", help="The workflow to use."),
    _option("--config", metavar="FILE", help="Another config file than your own."),
    _option(
        "--read-only", is_flag=True, flag_value=True, help="Change nothing: only GET leaves the program."
    ),
    _option("--insecure-http", is_flag=True, flag_value=True, help="Allow http:// to another machine."),
)


def common_options(command: F) -> F:
    """Give ``command`` the options of `Options`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def common() -> Options:
    """What was said, in whichever place."""
    known = click.get_current_context().find_root().obj
    return known if isinstance(known, Options) else Options()

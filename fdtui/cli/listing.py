"""The options of commands that list things; what they print is made in `fdtui.cli.tables`."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import click

from fdtui.cli import suggestions
from fdtui.cli.options import wants_json
from fdtui.cli.pager import pages
from fdtui.core.errors import UsageError
from fdtui.core.frozen import frozen

P = ParamSpec("P")
R = TypeVar("R")


@frozen
class ListForm:
    """How a list is to be printed; ``form`` is empty for what a person reads."""

    form: str = ""
    template: str = ""
    fields: str = ""
    sort: str = ""
    query: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether nothing at all was said about it."""
        return self == ListForm()


_FORMS = (
    ("--jsonl", "One JSON value a line."),
    ("--csv", "Comma-separated values, with a header."),
    ("--markdown", "A Markdown table."),
)


def lists(
    *, is_filtered: bool = True, is_data: bool = False, is_of_tasks: bool = False
) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Give a command the options of a list; it is called with a `ListForm`, ``listing``.

    ``is_data`` leaves the forms out that are for reading, and lose what a value is. A shell completes
    the names of fields where the list ``is_of_tasks``.
    """
    forms = [each for each in _FORMS if not (is_data and each[0] == "--markdown")]

    def decorate(command: Callable[..., R]) -> Callable[..., R]:
        @functools.wraps(command)
        def run(
            *, template: str = "", fields: str = "", sort: str = "", query: str = "", **named: Any
        ) -> R:
            said = [name for name, _ in forms if named.pop(name.removeprefix("--"))]
            said += ["--json"] if wants_json() else []
            said += ["--template"] if template else []
            if len(said) > 1:
                raise UsageError(f"{said[0]} and {said[1]} exclude each other.")
            form = said[0].removeprefix("--") if said else ""
            return command(listing=ListForm(form, template, fields, sort, query), **named)

        options = [click.option(name, is_flag=True, help=says) for name, says in forms]
        if not is_data:
            line = click.option(
                "--template",
                default="",
                metavar="TEXT",
                help='A line for each, such as "$Stage ${Name}".',
            )
            options.append(line)
        options += [
            click.option(
                "--fields",
                default="",
                metavar="NAME,…",
                shell_complete=suggestions.fields if is_of_tasks else None,
                help="The columns, in this order.",
            ),
            click.option(
                "--sort",
                default="",
                metavar="NAME [desc],…",
                shell_complete=suggestions.sort_terms if is_of_tasks else None,
                help="By these fields; desc, or - before the name, the other way.",
            ),
        ]
        if is_filtered:
            options.append(
                click.option(
                    "--filter", "query", default="", metavar="QUERY", help="Only what the query finds."
                )
            )
        for option in reversed(options):
            run = option(run)
        return run if is_data else pages(run)

    return decorate

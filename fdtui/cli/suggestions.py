"""What a word of the command line can be, as the settings and the cache know it: for completion.

Nothing is asked of a server, and nothing is written. What is not known, or cannot be read, is not
suggested: whoever presses a key for completion wants no message.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeAlias

import click
from click.shell_completion import CompletionItem

from fdtui.config.load import Options
from fdtui.core.errors import FdtuiError

if TYPE_CHECKING:
    from fdtui.config.settings import Settings
    from fdtui.core.schema import Schema
    from fdtui.sync.storage.protocols import Snapshot

Known: TypeAlias = Iterable[tuple[str, str]]
"""Words and what they mean, which may be empty."""
Suggest: TypeAlias = "Callable[[click.Context, click.Parameter, str], list[CompletionItem]]"
MOST = 1_000
"""Suggestions that are of use; where there are more, the next letter has to be typed first."""
MOST_LETTERS = 60
"""Letters of a title that stands beside a unique id."""
GOES_ON = "open"
"""The type of a suggestion after which the word goes on."""


def workflows(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The names of the workflows."""
    found = _board(context, is_chosen=False)
    listed = () if found is None else found.workflows or (found.workflow,)
    return _items(((each.name, each.id) for each in listed), incomplete)


def stages(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The stages, in their order."""
    return _items(_stages(_schema(context)), incomplete)


def people(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The people's e-mails, and the words for oneself and for nobody."""
    schema = _schema(context)
    more = () if schema is None else (("me", "yourself"), ("none", "nobody"))
    return _items((*_people(schema), *more), incomplete)


def uids(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The unique ids of the tasks, each with its title."""
    found = _board(context)
    if found is None:
        return []
    keys = [key for key in found.tasks if _begins(key, incomplete) and not key.startswith("\0")]
    if len(keys) > MOST:
        return []
    title, tasks = found.schema.title_in, found.tasks
    return _items(((key, title(tasks[key].row)[:MOST_LETTERS]) for key in keys), incomplete)


def fields(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The last name of a list of fields."""
    before, comma, name = incomplete.rpartition(",")
    blanks = name[: len(name) - len(name.lstrip())]
    return _names(context, before + comma + blanks, name.lstrip())


def sort_terms(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The last name of an order, which may have a minus."""
    before, comma, name = incomplete.rpartition(",")
    bare = name.lstrip().removeprefix("-")
    return _names(context, before + comma + name[: len(name) - len(bare)], bare)


def values(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The name of a field and ``=``, or behind it what the field can be."""
    schema = _schema(context)
    if schema is None:
        return []
    from fdtui.core.entry import fields_of
    from fdtui.core.names import meaning
    from fdtui.core.schema import FieldType

    known = fields_of(schema)
    name, equals, said = incomplete.partition("=")
    if not equals:
        names = ((f"{each.name}=", each.type) for each in known if each.editable)
        return _items(names, incomplete, kind=GOES_ON)
    for each in known:
        if meaning(each.name) == meaning(name):
            is_person = each.type == FieldType.PERSON
            listed = _people(schema) if is_person else ((option, "") for option in each.options)
            return _items(listed, said, before=f"{name}=")
    return []


def profiles(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The profiles of the settings."""
    settings = _settings(context)
    return _items(((each, "") for each in settings.profiles), incomplete) if settings else []


def views(context: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The views of the settings."""
    settings = _settings(context)
    return (
        _items(((each.name, each.workflow) for each in settings.views), incomplete) if settings else []
    )


def behind_task(suggest: Suggest, *, takes_many: bool = False) -> Suggest:
    """Suggests a unique id first, unless a query says which tasks, and then what ``suggest`` does."""

    def both(
        context: click.Context, parameter: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        said = len(context.params.get(parameter.name or "") or ())
        said += context.params.get("where") is not None
        if said == 0:
            return uids(context, parameter, incomplete)
        return suggest(context, parameter, incomplete) if said == 1 or takes_many else []

    return both


def nothing(_: click.Context, __: click.Parameter, ___: str) -> list[CompletionItem]:
    """Nothing is known that could stand here."""
    return []


# ---- what is known ----


def _names(context: click.Context, before: str, name: str) -> list[CompletionItem]:
    schema = _schema(context)
    if schema is None:
        return []
    from fdtui.core.entry import fields_of

    return _items(((each.name, each.type) for each in fields_of(schema)), name, before=before)


def _stages(schema: Schema | None) -> Known:
    return ((each.name, "") for each in schema.stages) if schema else ()


def _people(schema: Schema | None) -> Known:
    return ((each.email, each.name) for each in schema.people) if schema else ()


def _schema(context: click.Context) -> Schema | None:
    found = _board(context)
    return None if found is None else found.schema


def _board(context: click.Context, *, is_chosen: bool = True) -> Snapshot | None:
    """The board that a command would be about, or, if none has to be chosen, the one seen last."""
    settings = _settings(context)
    if settings is None:
        return None
    from fdtui.config.paths import find_folders
    from fdtui.wiring.cached import cached_board

    wanted = settings.profile.workflow or None if is_chosen else None
    try:
        return cached_board(settings, find_folders(os.environ), os.environ, wanted)
    except FdtuiError:
        return None


def _settings(context: click.Context) -> Settings | None:
    from fdtui.config.load import load
    from fdtui.config.paths import find_folders

    said = context.find_root().obj
    try:
        options = said if isinstance(said, Options) else Options()
        return load(os.environ, options, find_folders(os.environ), told=[])
    except FdtuiError:
        return None


def _items(
    known: Known, incomplete: str, *, before: str = "", kind: str = "plain"
) -> list[CompletionItem]:
    """Those of ``known`` that go on as ``incomplete`` begins, each once; ``before`` stands already."""
    from fdtui.core.safetext import safe

    found = {
        word: CompletionItem(f"{before}{word}", type=kind, help=safe(says) or None)
        for word, says in known
        if word and safe(word) == word and _begins(word, incomplete)
    }
    return list(found.values()) if len(found) <= MOST else []


def _begins(word: str, incomplete: str) -> bool:
    return word[: len(incomplete)].casefold() == incomplete.casefold()

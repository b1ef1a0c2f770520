"""The workflow of an export of everything, made again with its actions and links."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING

from fdtui.core.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from fdtui.server.workflow.definition import Workflow


def restored(
    text: str, source: str, name: str, free_id: str, known: Mapping[str, Workflow]
) -> tuple[Workflow, tuple[str, ...]]:
    """The workflow that ``text`` says, called ``name``, and the names of the links that it lost.

    It keeps its id where none of ``known`` has it, and gets ``free_id`` otherwise. A link stays where
    the other workflow is there, and no task would have two of one name.
    """
    from fdtui.server.workflow.definition import parse

    try:
        made = parse(text, source)
    except ConfigError as error:
        raise UsageError(error.message, error.hint) from None
    new_id = free_id if made.id in known else made.id
    is_copy = made.id in known
    links = tuple(
        dataclasses.replace(each, to=new_id, id=f"{new_id}-{each.id}" if is_copy else each.id)
        if each.to == made.id
        else each
        for each in made.links
    )
    kept = tuple(each for each in links if each.to == new_id or (not is_copy and each.to in known))
    lost = tuple(each.name for each in links if each not in kept)
    actions = tuple(
        action
        for action in made.actions
        if not any(getattr(step, "link", None) in lost for step in action.steps)
    )
    changed = dataclasses.replace(made, id=new_id, name=name, links=kept, actions=actions)
    return changed, lost

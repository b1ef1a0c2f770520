"""The workflows of a workspace, and each link as it looks from either of its two sides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field

from fdtui.core.frozen import frozen
from fdtui.server.workflow.definition import LinkDefinition, Workflow


@frozen
class LinkSide:
    """One end of a link, as the tasks of one workflow show it under the key ``name``."""

    link: str
    name: str
    many: bool
    """Whether the key holds a list."""
    other: str
    """The workflow at the other end."""
    back_many: bool
    """Whether a task over there may be linked with several from here."""
    left: bool
    """Whether this workflow declared the link; distinguishes the two ends in the store."""


@frozen
class Catalog:
    """All workflows by id; immutable, so it may be kept until the workspace changes."""

    workflows: dict[str, Workflow]
    _sides: dict[str, tuple[LinkSide, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        sides: dict[str, list[LinkSide]] = {name: [] for name in self.workflows}
        for workflow in self.workflows.values():
            for link in workflow.links:
                if link.to in sides:
                    sides[workflow.id].append(_left(link))
                    sides[link.to].append(_right(link, workflow.id))
        object.__setattr__(self, "_sides", {name: tuple(each) for name, each in sides.items()})

    @classmethod
    def of(cls, workflows: Iterable[Workflow]) -> Catalog:
        """A catalog of ``workflows``, in that order."""
        return cls({workflow.id: workflow for workflow in workflows})

    def sides(self, workflow: str) -> tuple[LinkSide, ...]:
        """The links of ``workflow`` whose other end is here too."""
        return self._sides[workflow]

    def touched_by(self, workflow: str) -> tuple[str, ...]:
        """The workflows whose answers change when a task of ``workflow`` does, sorted."""
        return tuple(sorted({workflow, *(side.other for side in self._sides[workflow])}))


def _left(link: LinkDefinition) -> LinkSide:
    return LinkSide(link.id, link.name, link.many, link.to, link.back_many, left=True)


def _right(link: LinkDefinition, declared_in: str) -> LinkSide:
    return LinkSide(link.id, link.back, link.back_many, declared_in, link.many, left=False)

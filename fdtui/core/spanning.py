"""The cards of several workflows in one list: those that a view shows in each of them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set

from fdtui.core.entry import fields_of
from fdtui.core.frozen import frozen
from fdtui.core.ordering import RowOrder
from fdtui.core.query import Problem, Setting, read, understand
from fdtui.core.schema import Schema, WorkflowRef
from fdtui.core.sort_edit import meant
from fdtui.core.sort_terms import sort_keys
from fdtui.core.task import Task
from fdtui.core.views import Arrangement


@frozen
class SpanRow:
    """A card of one of the workflows."""

    workflow: WorkflowRef
    schema: Schema
    task: Task
    has_failed: bool = False
    """Whether an execution on it has failed, and nobody has seen that yet."""

    @property
    def key(self) -> tuple[str, str]:
        """What no two of them have in common."""
        return self.workflow.id, self.task.key


class SpanSearch:
    """Holds a view against the tasks of one workflow, one after the other."""

    def __init__(self, shows: Arrangement, setting: Setting, failed: Set[str] = frozenset()) -> None:
        """``failed`` are the keys of tasks that are wanted whatever the filter says."""
        schema = setting.schema
        self._shows, self._schema, self._failed = shows, schema, failed
        query = understand(read(shows.filter), setting) if shows.filter else None
        self._passes = None if query is None else query.passes
        self.problem = (
            next((each for each in query.wrong if each.of == "field"), None) if query else None
        )
        self._hidden = frozenset() if shows.hide_end is False else schema.done_stages

    def wants(self, task: Task) -> bool:
        """Whether the view shows that task."""
        if task.key in self._failed:
            return True
        if self.problem is not None or task.stage in self._hidden:
            return False
        return self._passes is None or self._passes(task)

    def rows(self, workflow: WorkflowRef, found: Iterable[Task]) -> Iterator[SpanRow]:
        """Tasks that it wants, in the order of the view."""
        fields = fields_of(self._schema)
        terms = (term for term, field in meant(self._shows.sort, fields) if field is not None)
        order = RowOrder(sort_keys(terms, fields), self._schema)
        for task in sorted(found, key=lambda each: order.of(each.row)):
            yield SpanRow(workflow, self._schema, task, task.key in self._failed)


def left_out(problem: Problem, workflow: WorkflowRef) -> str:
    """Why nothing of a workflow is shown."""
    return f"{workflow.name}: {problem.sentence}"

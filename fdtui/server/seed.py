"""The demo workspace: the same tasks every time, without clock or chance.

`snapshot` reads it without a server, for the board's first frame: it imports the standard library and
`fdtui.core` alone, so what needs the store is imported inside the functions that fill one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fdtui.core.schema import ASSIGNEE, STAGE, FieldType, Schema, WorkflowRef, Workspace
from fdtui.core.values import Row, Value
from fdtui.server import EMBEDDED_URL, render
from fdtui.server.record import Record
from fdtui.server.sample import Sample
from fdtui.server.workflow.catalog import Catalog
from fdtui.server.workflow.definition import Workflow, parse

if TYPE_CHECKING:
    from fdtui.server.store import Store

DEMO = Workspace("dEm0wS", "Demo workspace")
LOCAL = Workspace("lOc4wS", "Local workspace")

WORKFLOWS = (
    WorkflowRef("2ylSaZ", "Company onboarding"),
    WorkflowRef("bT7rG4", "Bug triage"),
    WorkflowRef("eX9pA2", "Expense approval"),
)
"""The demo's workflows, known without reading their files."""

KEYS = {"onboarding": "2ylSaZ", "bugs": "bT7rG4", "expenses": "eX9pA2"}
"""By which word a workflow is asked for."""

_FILES = {workflow_id: key for key, workflow_id in KEYS.items()}
_FOLDER = Path(__file__).parent / "demo"


def load(workflow_id: str, *, with_examples: bool = True) -> Sample:
    """The demo's workflow of that id."""
    name = _FILES[workflow_id]
    workflow = parse(_text(workflow_id), f"{name}.toml")
    if not with_examples:
        return Sample(workflow)
    rows = json.loads((_FOLDER / f"{name}.json").read_text("utf-8"))
    return Sample(
        workflow,
        tuple(_record(workflow, row) for row in rows),
        tuple(
            (row["id"], each.id, file)
            for row in rows
            for each in workflow.schema.fields
            if each.type == FieldType.FILE
            for file in row.get(each.name, ())
        ),
        tuple(
            (link.id, row["id"], str(other["Expense ID"]))
            for row in rows
            for link in workflow.links
            for other in row.get(link.name, ())
        ),
    )


def snapshot(workflow_id: str) -> tuple[Schema, tuple[Row, ...]]:
    """The schema and the tasks of a demo workflow, exactly as the filled server answers them."""
    sample = load(workflow_id)
    mine = {link.to for link in sample.workflow.links}
    others = [
        load(each.id)
        for each in WORKFLOWS
        if each.id != workflow_id and (each.id in mine or workflow_id in _text(each.id))
    ]
    catalog = Catalog.of([sample.workflow, *(each.workflow for each in others)])
    sides = catalog.sides(workflow_id)
    linked = _linked(sample, others, catalog)
    rows = tuple(
        render.row(sample.workflow, each, EMBEDDED_URL, sides, linked.get(each.id))
        for each in sample.records
    )
    return sample.workflow.schema, rows


def fill(store: Store) -> None:
    """Put the demo workspace into an empty store; raises `StorageError` if it is not."""
    from fdtui.server.store import planting  # noqa: PLC0415 - SQLAlchemy is slow to import

    planting.plant(store, DEMO, [_whole(load(each.id)) for each in WORKFLOWS])


def local(store: Store, workflow_key: str, *, with_examples: bool) -> None:
    """Start a local workspace with one of the demo's workflows, in an empty store."""
    from fdtui.server.store import planting  # noqa: PLC0415 - SQLAlchemy is slow to import

    sample = _alone(load(KEYS[workflow_key], with_examples=with_examples))
    planting.plant(store, LOCAL, [_whole(sample)])


def _whole(sample: Sample) -> Sample:
    """``sample`` with its comments and checklists, which the first frame does not read."""
    return replace(sample, details=details(sample.workflow.id))


def _alone(sample: Sample) -> Sample:
    """``sample`` without its links to the demo's other workflows, and without the actions on them."""
    flow = sample.workflow
    gone = {each.name for each in flow.links if each.to != flow.id}
    kept = (each for each in flow.links if each.name not in gone)
    left = (
        action
        for action in flow.actions
        if not any(getattr(step, "link", None) in gone for step in action.steps)
    )
    return replace(sample, workflow=replace(flow, links=tuple(kept), actions=tuple(left)), links=())


def details(workflow_id: str) -> dict[str, list[list[Any]]]:
    """What was said about the demo's tasks, and what of their checklists is done.

    ``comments`` are unique id, author, moment and text; ``ticked`` items of a stage's template are
    unique id, title, status and person; ``items`` that were added have the stage before their title.
    """
    found: dict[str, dict[str, list[list[Any]]]]
    found = json.loads((_FOLDER / "details.json").read_text("utf-8"))
    return found[workflow_id]


def _text(workflow_id: str) -> str:
    return (_FOLDER / f"{_FILES[workflow_id]}.toml").read_text("utf-8")


def _record(workflow: Workflow, row: Mapping[str, Any]) -> Record:
    values: dict[str, Value] = {}
    for each in workflow.schema.fields:
        value = row.get(each.name)
        if value is not None and each.type == FieldType.FILE:
            shown = ("blobId", "contentType", "filename")
            values[each.id] = [{key: file[key] for key in shown} for file in value]
        elif value is not None:
            values[each.id] = value
    unique_id = workflow.schema.unique_id
    uid = None if unique_id is None else str(row[unique_id.name])
    return Record(row["id"], row[STAGE], row[ASSIGNEE], uid, values)


def _linked(sample: Sample, others: list[Sample], catalog: Catalog) -> dict[str, dict[str, Value]]:
    """What stands under each link's name of ``sample``'s tasks, by task."""
    answer: dict[str, dict[str, Value]] = {}
    samples = {each.workflow.id: each for each in (sample, *others)}
    for side in catalog.sides(sample.workflow.id):
        other = samples[side.other]
        declared = sample if side.left else other
        found = {(task, uid) for link, task, uid in declared.links if link == side.link}
        for here in sample.records:
            for there in other.records:
                pair = (here.id, there.uid) if side.left else (there.id, here.uid)
                if pair in found:
                    held = answer.setdefault(here.id, {})
                    render.attach(held, side, render.custom(other.workflow, there))
    return answer

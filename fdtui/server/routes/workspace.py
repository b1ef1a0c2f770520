"""Workspace, workflows and their schema (Workspace, Workflows, Stages, Fields, Users, Roles API)."""

from __future__ import annotations

from starlette.responses import Response

from fdtui.core.schema import Schema
from fdtui.server import render
from fdtui.server.call import Call
from fdtui.server.refusal import RefusedError
from fdtui.server.store import workspace


def show_workspace(call: Call) -> Response:
    """Whose key this is."""
    owner = call.store.read(workspace.workspace)
    return call.answer({"id": owner.id, "name": owner.name})


def list_workflows(call: Call) -> Response:
    """The workflows that the key may use."""
    known = call.store.read(lambda tx: workspace.catalog(call.store, tx))
    return call.answer([{"id": each.id, "name": each.name} for each in known.workflows.values()])


def list_stages(call: Call) -> Response:
    """The stages in board order."""
    return call.answer([render.stage(each) for each in _schema(call).stages])


def list_fields(call: Call) -> Response:
    """The custom fields."""
    return call.answer([render.field(each) for each in _schema(call).fields])


def list_users(call: Call) -> Response:
    """The people of the workflow."""
    return call.answer([render.person(each) for each in _schema(call).people])


def show_user(call: Call) -> Response:
    """One of them."""
    for person in _schema(call).people:
        if person.id == call.params["user"]:
            return call.answer(render.person(person))
    raise RefusedError("There is no such user.", status=404)


def list_roles(call: Call) -> Response:
    """The roles that people have."""
    return call.answer([render.role(each) for each in _schema(call).roles])


def _schema(call: Call) -> Schema:
    _, workflow = call.store.read(lambda tx: workspace.workflow(call.store, tx, call.workflow))
    return workflow.schema

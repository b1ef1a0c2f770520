"""Workspace, workflows and their schema (Workspace, Workflows, Stages, Fields, Users, Roles API)."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import Response

from fdtui.core.schema import Schema
from fdtui.server import render
from fdtui.server.http.call import Call
from fdtui.server.refusal import RefusedError
from fdtui.server.store import Transaction, activity, workspace
from fdtui.server.store.activity import ActivityEntry


def show_workspace(call: Call) -> Response:
    """Whose key this is."""
    owner = call.store.read(workspace.workspace)
    return call.answer({"id": owner.id, "name": owner.name})


def list_workflows(call: Call) -> Response:
    """The workflows that the key may use."""
    known = call.store.read(lambda tx: workspace.catalog(call.store, tx))
    mine = call.caller.workflows
    flows = [each for each in known.workflows.values() if mine is None or each.id in mine]
    return call.answer([{"id": each.id, "name": each.name} for each in flows])


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
    raise _no_such_user()


def delete_user(call: Call) -> Response:
    """Take somebody out of the workflow; what is theirs keeps their e-mail."""

    def work(tx: Transaction) -> Response:
        _, workflow = workspace.workflow(call.store, tx, call.workflow)
        people = workflow.schema.people
        gone = [each for each in people if each.id == call.params["user"]]
        if not gone:
            raise _no_such_user()
        left = tuple(each for each in people if each not in gone)
        without = replace(workflow, schema=replace(workflow.schema, people=left))
        workspace.replace(tx, without, is_seen_in_tasks=False)
        for each in gone:
            before = {"email": each.email, "name": each.name}
            activity.note(
                tx, call.actor_in(workflow), ActivityEntry(workflow.id, "user.deleted", before=before)
            )
        return Response(status_code=204)

    return call.store.write(work)


def list_roles(call: Call) -> Response:
    """The roles that people have."""
    return call.answer([render.role(each) for each in _schema(call).roles])


def _no_such_user() -> RefusedError:
    return RefusedError("There is no such user.", status=404)


def _schema(call: Call) -> Schema:
    _, workflow = call.store.read(lambda tx: workspace.workflow(call.store, tx, call.workflow))
    return workflow.schema

"""Tools for workflows: which there are, and what one is made of."""

from __future__ import annotations

from fdtui.cli.mcp_server.connection import AgentConnection
from fdtui.cli.mcp_server.tool import WORKFLOW, Arguments, Tool
from fdtui.cli.workflow_reading import WorkflowShape, record
from fdtui.sync.reading.opening import only_workflows


async def _list(connection: AgentConnection, _: Arguments) -> object:
    found = await only_workflows(await connection.gateway(), connection.wanted)
    return {"workflows": [{"id": each.id, "name": each.name} for each in found]}


async def _show(connection: AgentConnection, said: Arguments) -> object:
    connected = await connection.workflow(said.get("workflow"))
    shape = record(WorkflowShape(connected.workflow, connected.schema))
    told = {name: value for name, value in shape.items() if value is not None}  # what a server tells
    unique_id = connected.schema.unique_id
    return {**told, "unique_id": unique_id.name if unique_id else None}


WORKFLOW_TOOLS = (
    Tool(
        "list_workflows",
        "List workflows",
        "The workflows that can be used: id and name.",
        _list,
    ),
    Tool(
        "show_workflow",
        "Show a workflow",
        "What a workflow is made of: stages, fields with their types and options, roles, people, and "
        "which field is the unique id.",
        _show,
        (WORKFLOW,),
    ),
)

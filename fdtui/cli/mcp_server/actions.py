"""Tools for actions: what a task offers, running one, and how that went."""

from __future__ import annotations

from fdtui.cli.action import RUN_TIMEOUT, run_on
from fdtui.cli.mcp_server.connection import AgentConnection
from fdtui.cli.mcp_server.tool import TASK, WORKFLOW, Arguments, Parameter, ParameterKind, Tool
from fdtui.core.job import Execution, Run


async def _list(connection: AgentConnection, said: Arguments) -> object:
    connected = await connection.workflow(said.get("workflow"), is_whole=False)
    uid, _ = await connected.task(said["task"])
    found = await connected.gateway.actions(connected.workflow.id, uid)
    return {"actions": [{"id": each.id, "name": each.name, "confirm": each.confirm} for each in found]}


async def _run(connection: AgentConnection, said: Arguments) -> object:
    connected = await connection.workflow(said.get("workflow"))
    found = await run_on(
        connected,
        said["task"],
        said["action"],
        seconds=float(said.get("seconds", RUN_TIMEOUT)),
        waits=said.get("wait", True),
    )
    return _told(found)


async def _show(connection: AgentConnection, said: Arguments) -> object:
    connected = await connection.workflow(said.get("workflow"), is_whole=False)
    return _told(await connected.gateway.execution(connected.workflow.id, said["execution"]))


def _told(found: Execution | Run) -> object:
    return {"execution": found.id, "status": found.status, "errors": list(found.errors)}


ACTION_TOOLS = (
    Tool(
        "list_actions",
        "List actions",
        "The actions that a task offers now. `confirm` is the workflow's question before one is run.",
        _list,
        (WORKFLOW, TASK),
    ),
    Tool(
        "run_action",
        "Run an action",
        "Run an action on a task, and wait for its end. Where list_actions has a `confirm` for it, ask "
        "the user that first.",
        _run,
        (
            WORKFLOW,
            TASK,
            Parameter("action", ParameterKind.TEXT, "The action's id or name.", is_required=True),
            Parameter("wait", ParameterKind.SWITCH, "false answers as soon as it has begun."),
            Parameter(
                "seconds",
                ParameterKind.COUNT,
                f"How long to wait, {RUN_TIMEOUT:g} without it; it goes on.",
            ),
        ),
        changes=True,
        destroys=True,
    ),
    Tool(
        "show_execution",
        "Show an execution",
        "How far an execution is: `Success` and `Fail` are its ends.",
        _show,
        (
            WORKFLOW,
            Parameter(
                "execution", ParameterKind.TEXT, "The id that run_action answered.", is_required=True
            ),
        ),
    ),
)

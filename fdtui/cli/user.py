"""``fdtui user``: the people of a workflow."""

from __future__ import annotations

import click

from fdtui.cli.client import ConnectedWorkflow, with_workflow
from fdtui.cli.listing import ListForm, lists
from fdtui.cli.options import ASKING, JSON, honours
from fdtui.core.schema import Field, FieldType
from fdtui.core.values import Row

USER_FIELDS = (
    Field("email", FieldType.EMAIL),
    Field("name"),
    Field("role"),
    Field("id"),
    Field("first_name"),
    Field("last_name"),
    Field("role_id"),
)


@click.group()
def user() -> None:
    """The people of a workflow: list."""


@user.command("list")
@honours(ASKING | JSON)
@lists(is_filtered=False)
def list_users(*, listing: ListForm) -> None:
    """Everyone that a task can be assigned to: e-mail, name, role."""
    from fdtui.cli.tables import print_rows

    async def work(connected: ConnectedWorkflow) -> list[Row]:
        roles = {each.id: each.name for each in connected.schema.roles}
        return [
            {
                "email": each.email,
                "name": each.name,
                "role": roles.get(each.role_id or ""),
                "id": each.id,
                "first_name": each.first_name,
                "last_name": each.last_name,
                "role_id": each.role_id,
            }
            for each in connected.schema.people
        ]

    print_rows(with_workflow(work, is_whole=True), USER_FIELDS, ("email", "name", "role"), listing)

"""Workspace, workflows, stages, fields, users and roles."""

from __future__ import annotations

import httpx
import pytest


async def test_workspace_and_workflows(wire: httpx.AsyncClient) -> None:
    assert (await wire.get("/workspace")).json() == {"id": "dEm0wS", "name": "Demo workspace"}
    assert (await wire.get("/workflows")).json() == [
        {"id": "2ylSaZ", "name": "Company onboarding"},
        {"id": "bT7rG4", "name": "Bug triage"},
        {"id": "eX9pA2", "name": "Expense approval"},
    ]


async def test_stages_are_listed_in_board_order(api: httpx.AsyncClient) -> None:
    stages = (await api.get("/workflows/2ylSaZ/stages")).json()
    assert [(each["name"], each["end"]) for each in stages] == [
        ("Not Started", False),
        ("In Progress", False),
        ("Under Review", False),
        ("Done", True),
    ]
    assert all(each["color"] for each in stages)


async def test_fields_have_the_keys_of_their_type(api: httpx.AsyncClient) -> None:
    types = set()
    for workflow in ("2ylSaZ", "bT7rG4", "eX9pA2"):
        for field in (await api.get(f"/workflows/{workflow}/fields")).json():
            types.add(field["type"])
            special = {
                "singleSelect": {"options"},
                "multipleSelect": {"options"},
                "file": {"limit"},
                "uniqueId": {"autoincrement"},
            }.get(field["type"], set())
            assert set(field) == {"id", "name", "type", "editable", "required"} | special
    assert len(types) == 15


async def test_users_and_roles(api: httpx.AsyncClient) -> None:
    users = (await api.get("/workflows/2ylSaZ/users")).json()
    roles = (await api.get("/workflows/2ylSaZ/roles")).json()
    assert users[0] == {
        "id": "uExm01",
        "email": "user@example.com",
        "first_name": "Example",
        "last_name": "User",
        "role_id": "rAdm1n",
        "saml_user_id": None,
    }
    assert [(each["name"], each["admin"]) for each in roles] == [
        ("Administrator", True),
        ("Collaborator", False),
    ]
    assert (await api.get("/workflows/2ylSaZ/users/uExm01")).json() == users[0]
    assert (await api.get("/workflows/2ylSaZ/users/nobody")).status_code == 404


@pytest.mark.parametrize(
    "call", ["stages", "fields", "users", "roles", "tasks", "tasks/active", "tasks/1"]
)
async def test_a_call_for_an_unknown_workflow_answers_404(api: httpx.AsyncClient, call: str) -> None:
    answer = await api.get(f"/workflows/nOwh3r/{call}")
    assert (answer.status_code, answer.json()) == (404, {"errors": ["There is no such workflow."]})


@pytest.mark.parametrize(
    "call", ["stages", "fields", "users", "roles", "tasks", "tasks/active", "tasks/42"]
)
async def test_every_answer_has_a_tag(api: httpx.AsyncClient, call: str) -> None:
    first = await api.get(f"/workflows/2ylSaZ/{call}")
    tag = first.headers["etag"]
    assert tag.startswith('W/"')
    again = await api.get(f"/workflows/2ylSaZ/{call}", headers={"If-None-Match": f'"x", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


@pytest.mark.parametrize(
    "path", ["/", "", "/workflow", "/workspace/", "/workflows/2ylSaZ/tasks/", "/files/"]
)
async def test_an_unknown_address_answers_404(api: httpx.AsyncClient, path: str) -> None:
    answer = await api.get(path)
    assert (answer.status_code, answer.json()) == (
        404,
        {"errors": ["There is nothing at this address."]},
    )

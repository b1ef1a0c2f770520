"""The OpenAPI document: complete, and kept by the server under made-up requests on both databases."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from pydantic import ValidationError
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from fdtui.server.answers.operations import OPERATIONS
from fdtui.server.http import openapi
from fdtui.server.http.app import ROUTES
from tests.contract.judge import check
from tests.contract.test_serve import running

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
FILTERS = ("Stage", "Assigned To", "filters", "q")
KNOWN = {"workflow": "2ylSaZ", "uid": "42", "user": "uAda01", "blob": "x"}


def test_every_route_is_in_it_under_the_name_of_its_handler() -> None:
    handlers = {
        (method, template): f"{handler.__module__.rpartition('.')[2]}.{handler.__name__}"
        for method, template, handler in ROUTES
    }
    assert {place: each.id for place, each in OPERATIONS.items()} == handlers
    assert len(set(handlers.values())) == len(handlers)


def test_shapes_have_names_and_what_can_be_asked_is_declared() -> None:
    document = openapi.document()
    for path in document["paths"].values():
        for operation in path.values():
            for answer in operation["responses"].values():
                for content in answer.get("content", {}).values():
                    schema = content.get("schema")
                    assert schema is None or "$ref" in schema or "$ref" in schema["items"]
    flow = "/workflows/{workflow}"
    declared = {
        (place, each["name"])
        for place in document["paths"]
        for each in document["paths"][place].get("get", {}).get("parameters", ())
        if each["in"] == "query"
    }
    assert declared == {
        *(
            (f"{flow}/tasks{end}", name)
            for end in ("", "/active")
            for name in (*FILTERS, "limit", "cursor")
        ),
        (f"{flow}/tasks/{{uid}}/checklist_items", "Stage"),
        (f"{flow}/tasks/{{uid}}/activity", "since"),
        (f"{flow}/activity", "since"),
        (f"{flow}/executions", "task_id"),
        (f"{flow}/changes", "since"),
        (f"{flow}/changes", "wait"),
    }


async def test_it_is_served_to_those_without_a_key(api: httpx.AsyncClient) -> None:
    for key in ("", "Bearer wrong"):
        answer = await api.get("/openapi.json", headers={"Authorization": key})
        assert answer.json() == openapi.document()
    assert "depend on the workflow" in answer.json()["info"]["description"]
    assert (await api.get("/workspace", headers={"Authorization": "Bearer wrong"})).status_code == 401
    assert (await api.post("/openapi.json", headers={"Authorization": ""}, json={})).status_code == 401


def test_an_answer_with_a_key_too_many_does_not_pass() -> None:
    named = OPERATIONS["GET", "/workspace"]
    check(named, 200, b'{"id": "a", "name": "b"}', "application/json")
    for bad in (b'{"id": "a", "name": "b", "x": 1}', b'{"id": "a"}', b'{"id": 1, "name": "b"}'):
        with pytest.raises(ValidationError):
            check(named, 200, bad, "application/json")


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"task_id": ["is required"], "action_id": ["is required"]}),
        ({"task_id": "", "action_id": None}, {"task_id": ["is required"], "action_id": ["is required"]}),
        ({"task_id": True, "action_id": "x"}, {"task_id": ["is invalid"]}),
        ({"task_id": 1, "action_id": "x", "who": 1}, {"who": ["is not a field of this workflow"]}),
        ({"task_id": 1.5, "action_id": []}, {"task_id": ["is invalid"], "action_id": ["is invalid"]}),
        ({"task_id": 1, "action_id": 1, "performed_by": 1}, {"performed_by": ["is invalid"]}),
    ],
)  # fmt: skip
async def test_all_that_is_wrong_with_a_fixed_body_is_told(
    api: httpx.AsyncClient, body: dict[str, object], errors: dict[str, list[str]]
) -> None:
    answer = await api.post("/workflows/2ylSaZ/executions", json=body)
    assert (answer.status_code, answer.json()) == (422, {"errors": errors})


@pytest.mark.parametrize("place", ["executions", "analytics/exports", "tasks/1/comments"])
async def test_a_fixed_body_with_a_key_twice_is_no_json(api: httpx.AsyncClient, place: str) -> None:
    content = b'{"body": "a", "body": "b"}'
    kind = {"Content-Type": "application/json"}
    answer = await api.post(f"/workflows/2ylSaZ/{place}", content=content, headers=kind)
    assert answer.status_code == 400
    assert "stands twice" in answer.json()["errors"][0]


def test_the_server_answers_as_its_document_says(database: str, tmp_path: Path) -> None:
    options = json.dumps({"db": database, "port": 0, "demo": True})
    with running(options, 2) as (_, said):
        headers = {"Authorization": f"Bearer {said['FDTUI_API_KEY']}"}
        schema = schemathesis.openapi.from_dict(openapi.document())
        for result in schema.get_all_operations():
            operation = result.ok()
            if operation.method.upper() == "DELETE" and "user" in operation.path:
                continue  # the other operations need the people

            @settings(
                max_examples=6,
                deadline=None,
                database=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy())
            def keeps_to_it(case: schemathesis.Case) -> None:
                for name in case.path_parameters or {}:
                    if name in KNOWN and len(case.path_parameters[name]) % 2:
                        case.path_parameters[name] = KNOWN[name]
                url = f"{said['FDTUI_URL']}/api/v1"
                case.call_and_validate(base_url=url, headers=headers, checks=CHECKS)

            keeps_to_it()

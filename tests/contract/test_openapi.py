"""The OpenAPI document: complete, and kept by the server under made-up requests on both databases."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from fdtui.server import openapi
from fdtui.server.app import ROUTES
from tests.contract.test_serve import running

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
KNOWN = {"workflow": "2ylSaZ", "uid": "42", "user": "uAda01", "blob": "x"}


def test_every_route_is_in_it_and_nothing_else() -> None:
    assert set(openapi.OPERATIONS) == {(method, template) for method, template, _ in ROUTES}


async def test_it_is_served(api: httpx.AsyncClient) -> None:
    answer = await api.get("/openapi.json")
    assert answer.json() == openapi.document()
    assert "depend on the workflow" in answer.json()["info"]["description"]


def test_the_server_keeps_to_it(database: str, tmp_path: Path) -> None:
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

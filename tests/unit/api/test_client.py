from __future__ import annotations

from decimal import Decimal

import pytest

from fdtui.core.answers import Listing
from fdtui.core.errors import (
    ApiError,
    ConflictError,
    NotFlowdashError,
    NotFoundError,
    ReadOnlyError,
    UsageError,
)
from fdtui.core.schema import Field, Person, Role, Stage, WorkflowRef, Workspace
from tests.unit.api.raw_server import KEY, Opener, Raw, RawServer, answer

ACME = {"Stage": "In Progress", "Assigned To": None, "Company ID": 42, "Company Name": "Acme Corp"}


async def test_a_get_says_who_asks_and_for_what(server: RawServer, open_client: Opener) -> None:
    server.will(answer({"id": "1", "name": "Acme"}))
    assert await open_client().workspace() == Workspace("1", "Acme")
    request = server.requests[0]
    assert request.line == b"GET /api/v1/workspace HTTP/1.1"
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers["user-agent"].startswith("fdtui/")
    assert request.headers["accept-encoding"] == "gzip"
    assert "x-api-key" not in request.headers
    assert "content-length" not in request.headers
    assert "cookie" not in request.headers


async def test_the_shapes_of_a_workflow(server: RawServer, open_client: Opener) -> None:
    client = open_client()
    server.will(
        answer([{"id": 7, "name": "Onboarding"}, {"id": "2ylSaZ"}]),
        answer(
            [
                {"name": "Not Started"},
                {"name": "Done", "end": True, "color": "green", "limit": 5},
                {"name": "Odd", "limit": -1},
                None,
            ]
        ),
        answer(
            [
                {"id": 1, "name": "Company ID", "type": "uniqueId", "autoincrement": True},
                {
                    "name": "Size",
                    "type": "singleSelect",
                    "options": ["S", {"name": "M"}, 3],
                    "colors": {"S": "red", "M": 1},
                },
                {"name": "Documents", "type": "file", "limit": 3, "required": True, "editable": False},
                {"name": "New", "type": "hologram", "limit": True, "options": None},
                {"type": "text"},
            ]
        ),
        answer([{"id": 1, "email": "u@example.com", "first_name": "Una", "role_id": 9}, {"id": 2}]),
        answer([{"id": 9, "name": "Boss", "admin": True}]),
    )
    assert await client.workflows() == (
        WorkflowRef("7", "Onboarding"),
        WorkflowRef("2ylSaZ", "2ylSaZ"),
    )
    assert await client.stages("w") == (
        Stage("Not Started"),
        Stage("Done", True, "green", 5),
        Stage("Odd"),
    )
    assert await client.fields("w") == (
        Field("Company ID", "uniqueId", "1", autoincrement=True),
        Field("Size", "singleSelect", options=("S", "M", "3"), colors=(("S", "red"),)),
        Field("Documents", "file", limit=3, required=True, editable=False),
        Field("New", "hologram"),
    )
    assert await client.users("w") == (Person("u@example.com", "Una", id="1", role_id="9"),)
    assert await client.roles("w") == (Role("9", "Boss", admin=True),)
    assert [request.target for request in server.requests] == [
        "/api/v1/workflows",
        "/api/v1/workflows/w/stages",
        "/api/v1/workflows/w/fields",
        "/api/v1/workflows/w/users",
        "/api/v1/workflows/w/roles",
    ]


@pytest.mark.parametrize(
    ("user", "told"),
    [
        ("ada@x.org", "ada@x.org"),
        (" ada@x.org ", "ada@x.org"),
        ("", None),
        ("ä@x.org", None),
        ("a\nb", None),
    ],
)
async def test_a_change_says_who_makes_it(
    server: RawServer, open_client: Opener, user: str, told: str | None
) -> None:
    client = open_client(user=user)
    server.will(answer(ACME), answer(ACME), answer(ACME), Raw(b"HTTP/1.1 204 No Content\r\n\r\n"))
    await client.task("w", "42", unique_id="Company ID")
    await client.update("w", ACME)
    await client.create("w", ACME)
    await client.delete("w", "42")
    assert [each.headers.get("performed-by") for each in server.requests] == [None, told, told, told]


async def test_an_action_carries_the_question_it_has(server: RawServer, open_client: Opener) -> None:
    told: list[object] = ["Sure?", " ", None, 1, True, ["x"]]
    server.will(answer([{"id": "a"}, *({"id": "a", "confirm": each} for each in told)]))
    questions = [action.confirm for action in await open_client().actions("w", "1")]
    assert questions == [None, "Sure?", None, None, None, None, None]


async def test_a_list_that_did_not_change_is_not_sent_again(
    server: RawServer, open_client: Opener
) -> None:
    client = open_client()
    server.will(answer([ACME], ETag='W/"abc"'), Raw(b"HTTP/1.1 304 Not Modified\r\n\r\n"))
    first = await client.tasks("w")
    assert first == Listing((ACME,), (), 'W/"abc"')
    assert await client.tasks("w", known=first.tag) is None
    asked = [request.headers.get("if-none-match") for request in server.requests]
    assert asked == [None, 'W/"abc"']


async def test_a_304_that_nobody_asked_for_is_no_answer(server: RawServer, open_client: Opener) -> None:
    server.will(Raw(b"HTTP/1.1 304 Not Modified\r\n\r\n"))
    with pytest.raises(NotFlowdashError, match="304"):
        await open_client().tasks("w")


async def test_a_tag_that_cannot_be_a_header_is_not_sent(server: RawServer, open_client: Opener) -> None:
    server.will(answer([ACME]))
    assert await open_client().tasks("w", known="a\r\nX-Evil: 1") is not None
    assert "if-none-match" not in server.requests[0].headers


async def test_numbers_keep_their_digits(server: RawServer, open_client: Opener) -> None:
    server.will(answer(body=b'[{"Value": 0.10000000000000000001}]'))
    listing = await open_client().active("w")
    assert listing.rows[0]["Value"] == Decimal("0.10000000000000000001")
    assert server.requests[0].target == "/api/v1/workflows/w/tasks/active"


async def test_a_change_is_one_put_with_the_id_in_the_body(
    server: RawServer, open_client: Opener
) -> None:
    server.will(answer(ACME))
    changed = await open_client().update("w", {"Company ID": 42, "Stage": "In Progress"})
    assert changed == ACME
    request = server.requests[0]
    assert request.line == b"PUT /api/v1/workflows/w/tasks HTTP/1.1"
    assert request.headers["content-type"] == "application/json"
    assert request.body == b'{"Company ID":42,"Stage":"In Progress"}'


async def test_a_task_is_created_by_post_and_deleted_by_delete(
    server: RawServer, open_client: Opener
) -> None:
    client = open_client()
    server.will(
        answer(ACME, "201 Created"),
        Raw(b"HTTP/1.1 204 No Content\r\n\r\n"),
        answer({"errors": ["no such task"]}, "404 Not Found"),
        answer(body=b"<html>Log in</html>", Content_Type="text/html"),
    )
    assert await client.create("w", {"Company Name": "Äcme", "Worth": Decimal("1.10")}) == ACME
    assert server.requests[0].line == b"POST /api/v1/workflows/w/tasks HTTP/1.1"
    assert server.requests[0].body == '{"Company Name":"Äcme","Worth":1.10}'.encode()
    await client.delete("w", "42")
    assert server.requests[1].line == b"DELETE /api/v1/workflows/w/tasks/42 HTTP/1.1"
    with pytest.raises(NotFoundError, match="no such task"):
        await client.delete("w", "42")
    with pytest.raises(NotFlowdashError, match="web page"):
        await client.delete("w", "42")


async def test_a_create_that_must_not_change_what_is_there(
    server: RawServer, open_client: Opener
) -> None:
    client = open_client()
    server.will(
        answer(ACME, "201 Created"),
        answer(ACME, "201 Created"),
        answer({"errors": ["It exists."]}, "412 Precondition Failed"),
        Raw(b"HTTP/1.1 304 Not Modified\r\n\r\n"),
    )
    await client.create("w", {"Company ID": 42})
    await client.create("w", {"Company ID": 42}, only_new=True)
    assert [each.headers.get("if-none-match") for each in server.requests] == [None, "*"]
    with pytest.raises(ApiError, match="It exists") as caught:
        await client.create("w", {"Company ID": 42}, only_new=True)
    assert caught.value.status == 412
    with pytest.raises(NotFlowdashError, match="304"):
        await client.create("w", {"Company ID": 42}, only_new=True)


async def test_the_task_named_active_is_found_by_its_field(
    server: RawServer, open_client: Opener
) -> None:
    client = open_client()
    mine = {"Company ID": "active", "Stage": "x"}
    server.will(answer([mine, {"Company ID": "b"}]), answer([]), answer([mine, mine]))
    assert await client.task("w", "active", unique_id="Company ID") == mine
    assert server.requests[0].target == "/api/v1/workflows/w/tasks?Company%20ID=active"
    with pytest.raises(NotFoundError):
        await client.task("w", "active", unique_id="Company ID")
    with pytest.raises(ConflictError):
        await client.task("w", "active", unique_id="Company ID")


async def test_read_only_lets_nothing_but_get_out(server: RawServer, open_client: Opener) -> None:
    client = open_client(read_only=True)
    server.will(answer([ACME]))
    with pytest.raises(ReadOnlyError):
        await client.update("w", {"Company ID": 42})
    with pytest.raises(ReadOnlyError):
        await client.create("w", {})
    with pytest.raises(ReadOnlyError):
        await client.delete("w", "42")
    assert server.connections == 0
    await client.tasks("w")
    assert server.connections == 1


@pytest.mark.parametrize("value", ["\ud800", float("nan"), float("inf")])
async def test_what_json_cannot_say_is_not_sent(
    server: RawServer, open_client: Opener, value: object
) -> None:
    with pytest.raises(UsageError):
        await open_client().update("w", {"Name": value})  # type: ignore[dict-item]
    assert server.connections == 0


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"errors": ["No e-mail", 3]}, ("No e-mail",)),
        ({"errors": "No e-mail"}, ("No e-mail",)),
        ({"errors": [{"message": "No e-mail"}]}, ("No e-mail",)),
        ({"error": {"detail": "No e-mail"}}, ("No e-mail",)),
        ({"message": "No e-mail"}, ("No e-mail",)),
        ({}, ()),
    ],
)
async def test_why_an_execution_failed_is_told_in_whatever_shape_it_comes(
    server: RawServer, open_client: Opener, said: dict[str, object], told: tuple[str, ...]
) -> None:
    server.will(answer({"id": "e1", "status": "Fail", **said}))
    assert (await open_client().execution("w", "e1")).errors == told

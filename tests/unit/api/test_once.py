"""The names of requests: sent, and relied on only where the server has said that it keeps them."""

from __future__ import annotations

import contextlib
import json

import pytest

from fdtui.api.webhook import Webhook
from fdtui.core.errors import ApiError, UnavailableError, UnclearError, UnreachableError
from tests.unit.api.raw_server import Opener, Raw, RawServer, answer

ROW = {"ID": "1", "Stage": "New"}
KEEPS = {"Idempotency_Kept_For": "86400"}
RUN = {"id": "e1", "status": "Pending"}


async def test_a_request_is_sent_with_its_name(server: RawServer, open_client: Opener) -> None:
    client = open_client()
    server.will(answer(RUN, "201 Created"))
    await client.start_execution("w", "1", "a", None, once="run")
    server.will(answer(ROW, "201 Created"))
    await client.create("w", ROW, once="create")
    await client.add_comment("w", "1", "hi", once="comment")
    await client.add_checklist_item("w", "1", "Call", "New", once="item")
    await client.update("w", ROW)
    await client.add_comment("w", "1", "hi")
    names = [each.headers.get("idempotency-key") for each in server.requests]
    assert names == ["run", "create", "comment", "item", None, None]


async def test_what_a_server_keeps_is_learned_from_its_answers(
    server: RawServer, open_client: Opener
) -> None:
    client = open_client()
    assert client.keeps_keys_for == 0
    for given, expected in [
        (answer([ROW], **KEEPS), 86_400),
        (answer({"errors": ["no"]}, "404 Not Found"), 86_400),
        (answer(body=b"<html>", Content_Type="text/html"), 86_400),
        (answer(None, "502 Bad Gateway"), 86_400),
        (answer([ROW]), 0),
        (answer({"errors": ["no"]}, "401 Unauthorized", **KEEPS), 86_400),
        (answer([ROW], Idempotency_Kept_For="for ever"), 0),
    ]:
        server.will(given)
        with contextlib.suppress(ApiError):
            await client.tasks("w")
        assert client.keeps_keys_for == expected, given


@pytest.mark.parametrize("end", ["close", "reset"])
async def test_a_named_request_cut_after_every_byte_is_repeated(
    server: RawServer, open_client: Opener, end: str
) -> None:
    client, whole = open_client(), answer(RUN, "201 Created", **KEEPS)
    server.will(whole)
    await client.start_execution("w", "1", "a", None, once="first")
    for cut in range(len(whole.data)):
        server.will(Raw(whole.data[:cut], then=end), whole)
        before = len(server.requests)
        started = await client.start_execution("w", "1", "a", None, once=f"run {cut}")
        assert started.id == "e1"
        sent = server.requests[before:]
        assert [each.headers["idempotency-key"] for each in sent] == [f"run {cut}"] * 2
        assert len({each.body for each in sent}) == 1


async def test_a_server_that_never_answers_is_given_up(server: RawServer, open_client: Opener) -> None:
    client, whole = open_client(), answer(RUN, "201 Created", **KEEPS)
    server.will(whole)
    await client.start_execution("w", "1", "a", None, once="first")
    for bad in (Raw(b"", then="close"), Raw(whole.data[:-1], then="close")):
        server.will(bad)
        before = len(server.requests)
        with pytest.raises(UnreachableError) as caught:
            await client.start_execution("w", "1", "a", None, once="x")
        assert caught.value.sent
        assert len(server.requests) == before + 3
    server.will(answer(None, "502 Bad Gateway"))
    with pytest.raises(UnavailableError):
        await client.start_execution("w", "1", "a", None, once="x")


@pytest.mark.parametrize("once", ["", "named"])
async def test_nothing_is_repeated_that_the_server_would_do_twice(
    server: RawServer, open_client: Opener, once: str
) -> None:
    client, whole = open_client(), answer(ROW, "201 Created")
    if not once:
        server.will(answer([ROW], **KEEPS))
        await client.tasks("w")
    for bad, error in [
        (Raw(b"", then="close"), UnreachableError),
        (Raw(whole.data[:-1], then="close"), UnclearError),
    ]:
        server.will(bad)
        before = len(server.requests)
        with pytest.raises(error):
            await client.create("w", ROW, once=once)
        assert len(server.requests) == before + 1
        assert json.loads(server.requests[-1].body) == ROW


async def test_a_form_that_is_sent_again_after_a_failure_is_the_same_request(server: RawServer) -> None:
    webhook = Webhook(f"{server.url}/api/v1/workflows/fd_secret/tasks")
    server.will(Raw(b"", then="close"), Raw(b"", then="close"), answer(ROW))
    for _ in range(2):
        with pytest.raises(UnreachableError):
            await webhook.send({"Name": "One"})
    await webhook.send({"Name": "One"})
    await webhook.send({"Name": "One"})  # another one of the same words
    await webhook.send({"Name": "Two"})
    names = [each.headers["idempotency-key"] for each in server.requests]
    assert names[0] == names[1] == names[2]
    assert len(set(names)) == 3
    await webhook.aclose()

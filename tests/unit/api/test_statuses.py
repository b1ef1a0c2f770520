"""What the caller hears for each status and shape that a server, or something in front, answers."""

from __future__ import annotations

import pytest

from fdtui.api.exchange import Exchange
from fdtui.api.limits import Limits
from fdtui.core.details import Tick
from fdtui.core.errors import (
    ApiError,
    ConflictError,
    InvalidError,
    NotAllowedError,
    NotAuthenticatedError,
    NotFlowdashError,
    NotFoundError,
    TooLargeError,
    UnavailableError,
    UnclearError,
    UnreachableError,
    UsageError,
)
from tests.unit.api.raw_server import KEY, Opener, Raw, RawServer, answer, brief

HTML = b"<!DOCTYPE html><html><body>Welcome to the airport wifi</body></html>"
ONE_TRY = Limits(tries=1)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("400 Bad Request", ApiError),
        ("401 Unauthorized", NotAuthenticatedError),
        ("403 Forbidden", NotAllowedError),
        ("404 Not Found", NotFoundError),
        ("405 Method Not Allowed", ApiError),
        ("407 Proxy Authentication Required", NotFlowdashError),
        ("408 Request Timeout", UnavailableError),
        ("409 Conflict", ConflictError),
        ("410 Gone", NotFoundError),
        ("413 Too Large", TooLargeError),
        ("414 Too Long", TooLargeError),
        ("415 What", ApiError),
        ("418 Teapot", ApiError),
        ("422 Unprocessable", InvalidError),
        ("500 Oops", UnavailableError),
        ("502 Bad Gateway", UnavailableError),
        ("503 Unavailable", UnavailableError),
        ("504 Timeout", UnavailableError),
        ("599 Odd", UnavailableError),
        ("421 Misdirected", UnavailableError),
        ("425 Too Early", UnavailableError),
        ("451 Legal", ApiError),
        ("300 Choices", NotFlowdashError),
        ("305 Use Proxy", NotFlowdashError),
        ("600 What", NotFlowdashError),
        ("999 Denied", NotFlowdashError),
    ],
)
@pytest.mark.parametrize("body", [b"", HTML, b'{"errors": ["one clear sentence"]}', b"[]", b"\xff\xfe"])
async def test_every_status_is_a_typed_error_whatever_the_body(
    server: RawServer, open_client: Opener, status: str, kind: type[ApiError], body: bytes
) -> None:
    server.will(answer(status=status, body=body))
    with pytest.raises(ApiError) as caught:
        await open_client(limits=ONE_TRY).update("w", {"ID": 1})
    assert type(caught.value) is kind
    assert caught.value.status == int(status[:3])
    assert "<html>" not in str(caught.value)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("body", "fields", "errors"),
    [
        (
            b'{"errors": {"Stage": ["is invalid"], "Size": ["is required", "is odd"]}}',
            {"Stage": ("is invalid",), "Size": ("is required", "is odd")},
            (),
        ),
        (b'{"errors": {"A": "is odd", "B": 7}}', {"A": ("is odd",), "B": ("is invalid",)}, ()),
        (b'{"errors": ["Must be assigned", 3, ""]}', {}, ("Must be assigned",)),
        (b'{"status": "Fail", "errors": ["Name is required"]}', {}, ("Name is required",)),
        (b'{"error": "Nope"}', {}, ("Nope",)),
        (b'{"errors": null}', {}, ()),
        (b'{"errors": {"a": ["x"], "a": ["y"]}}', {"a": ("y",)}, ()),
        (b'{"message": "Needs an owner"}', {}, ("Needs an owner",)),
        (b'{"detail": "Needs an owner"}', {}, ("Needs an owner",)),
        (b'{"detail": [{"loc": ["body"], "msg": "Needs an owner"}]}', {}, ("Needs an owner",)),
        (b'{"status": 422, "error": {"code": "E7", "message": "Odd"}}', {}, ("Odd",)),
        (b'{"errors": [{"code": 3, "detail": "Odd"}]}', {}, ("Odd",)),
        (b'{"errors": {"Stage": [{"message": "is locked"}]}}', {"Stage": ("is locked",)}, ()),
        (b'{"errors": {"Stage": {"why": {"x": "is locked"}}}}', {"Stage": ("is locked",)}, ()),
        (b'{"errors": [1, 2]}', {}, ("1, 2",)),
        (b'{"data": {"problem": {"hint": "Odd"}}}', {}, ("Odd",)),
        (b'["Odd"]', {}, ("Odd",)),
        (b'"Odd"', {}, ("Odd",)),
        (b"Needs\nan owner\n", {}, ("Needs an owner",)),
        (b'{"message": "\\u001b[2J\\u202eOdd"}', {}, ("\u241b[2J\\u202eOdd",)),
        (b'{"message": "' + b"x" * 9000 + b'"}', {}, ("x" * 299 + "…",)),
        (b"<html><style>p{}</style><p>No &amp; <b>no</b></p></html>", {}, ("No & no",)),
        (b"<!--" * 100_000, {}, ()),
        (b"<script" * 100_000, {}, ()),
        (HTML, {}, ("Welcome to the airport wifi",)),
        (b"\x89PNG\r\n\x1a\n\0\0", {}, ()),
        (b"[" + b"[1]," * 50_000 + b"1]", {}, None),
        (b"", {}, ()),
        (b"null", {}, ()),
        (b"{" * 100_000, {}, ()),
    ],
    ids=brief,
)  # fmt: skip
async def test_a_refusal_in_every_shape(
    server: RawServer,
    open_client: Opener,
    body: bytes,
    fields: dict[str, tuple[str, ...]],
    errors: tuple[str, ...] | None,
) -> None:
    server.will(answer(status="422 Unprocessable Entity", body=body))
    with pytest.raises(InvalidError) as caught:
        await open_client().update("w", {"ID": 1})
    assert caught.value.fields == fields
    if errors is not None:
        assert caught.value.errors == errors
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize(
    "status", ["400 X", "403 X", "404 X", "405 X", "409 X", "413 X", "451 X", "500 X"]
)
@pytest.mark.parametrize("body", [b'{"message": "Needs an owner"}', b"<p>Needs an owner</p>"])
async def test_every_refusal_tells_the_first_text_that_came_with_it(
    server: RawServer, open_client: Opener, status: str, body: bytes
) -> None:
    server.will(answer(status=status, body=body))
    with pytest.raises(ApiError, match="Needs an owner"):
        await open_client(limits=ONE_TRY).update("w", {"ID": 1})


async def test_a_down_server_is_said_to_be_down(server: RawServer, open_client: Opener) -> None:
    server.will(answer(status="502 Bad Gateway", body=HTML, Content_Type="text/html"))
    with pytest.raises(UnavailableError, match=r"^Server unavailable \(502\): Welcome") as caught:
        await open_client().update("w", {"ID": 1})
    assert caught.value.sent
    assert len(server.requests) == 1, "a change that arrived is never sent again"


@pytest.mark.parametrize(
    "reply",
    [
        answer(body=HTML, Content_Type="text/html"),
        answer(body=b""),
        answer(body=b"  "),
        answer(body=b"{"),
        answer(body=b'[{"a": NaN}]'),
        answer(body=b"[" * 100_000),
        answer(body=b'[{"a": ' + b"9" * 5000 + b"}]"),
        answer(body=b'"text"'),
        answer(body=b"null"),
        answer(body=b"{}"),
        answer(body=b"[null]"),
        answer(body=b"[[]]"),
        answer(body=b"[]", Content_Type="image/png"),
        answer(body=b"\xff[]"),
        answer(status="204 No Content"),
    ],
)
async def test_a_200_that_is_no_list_of_tasks(
    server: RawServer, open_client: Opener, reply: Raw
) -> None:
    server.will(reply)
    with pytest.raises(NotFlowdashError):
        await open_client().tasks("w")


async def test_a_wrong_type_with_the_right_json_will_do(server: RawServer, open_client: Opener) -> None:
    server.will(answer([], Content_Type="text/html; charset=nope"))
    listing = await open_client().tasks("w")
    assert listing is not None and listing.rows == ()


async def test_good_records_stay_and_bad_ones_are_told(server: RawServer, open_client: Opener) -> None:
    deep = b'{"a":' * 70 + b"1" + b"}" * 70
    body = (
        b'[{"a": 1}, null, {"b": 1, "b": 2}, [], {"c": [{"d": 1, "d": 2}]}, %s, {"e": "\\ud800"}]' % deep
    )
    server.will(answer(body=body))
    listing = await open_client().tasks("w")
    assert listing is not None
    assert listing.rows == ({"a": 1}, {"e": "\ud800"})
    assert listing.complaints == (
        "Record 2 of 7 is not an object and was left out.",
        "Record 3 of 7 names a field twice and was left out.",
        "Record 4 of 7 is not an object and was left out.",
        "Record 5 of 7 names a field twice and was left out.",
        "Record 6 of 7 is nested too deeply and was left out.",
    )


async def test_a_thousand_bad_records_do_not_make_a_thousand_sentences(
    server: RawServer, open_client: Opener
) -> None:
    server.will(answer([None] * 1000 + [{"a": 1}]))
    listing = await open_client().tasks("w")
    assert listing is not None
    assert len(listing.complaints) == 21
    assert listing.complaints[-1] == "980 more records were left out."


async def test_a_big_list_is_read_beside_the_loop(server: RawServer, open_client: Opener) -> None:
    rows = [{"ID": number, "Name": "x" * 50} for number in range(10_000)]
    server.will(answer(rows))
    listing = await open_client().tasks("w")
    assert listing is not None and listing.rows == tuple(rows)


async def test_the_log_hears_of_every_request_and_never_the_key(
    server: RawServer, open_client: Opener
) -> None:
    heard: list[Exchange] = []
    client = open_client(on_exchange=heard.append)
    server.will(
        answer(body=f"<b>\x1b bad key {KEY}</b>".encode(), status="422 No"),
        answer([], X_Request_Id="r-7"),
        Raw(b"HTTP/1.1 2", then="close"),
    )
    with pytest.raises(InvalidError):
        await client.update("w", {"ID": 1})
    await client.tasks("w")
    with pytest.raises(UnreachableError):
        await client.delete("w", "a/b")
    assert [(each.method, each.path, each.status) for each in heard] == [
        ("PUT", "/api/v1/workflows/w/tasks", 422),
        ("GET", "/api/v1/workflows/w/tasks", 200),
        ("DELETE", "/api/v1/workflows/w/tasks/a%2Fb", 0),
    ]
    assert heard[0].excerpt == "<b>␛ bad key (the API key)</b>"
    assert heard[1].received == 2
    assert [each.request_id for each in heard] == ["", "r-7", ""]
    assert heard[1].seconds >= 0
    assert "broke" in heard[2].problem
    assert KEY not in repr(heard)


async def test_an_error_that_repeats_the_key_is_told_without_it(
    server: RawServer, open_client: Opener
) -> None:
    server.will(answer({"errors": [f"bad key {KEY}"]}, "403 Forbidden"))
    with pytest.raises(NotAllowedError) as caught:
        await open_client().tasks("w")
    assert KEY not in repr(caught.value) + str(caught.value)


@pytest.mark.parametrize(
    "key", ["", " ", "\n", "a b", "schlüssel", "a\x1bb", "a\x7f", "x" * 5000, "Bearer abc", "a\r\nX: y"],
    ids=brief,
)  # fmt: skip
async def test_what_is_no_key_is_refused_and_not_repeated(open_client: Opener, key: str) -> None:
    with pytest.raises(UsageError) as caught:
        open_client(key=key)
    assert len(key) < 4 or key not in str(caught.value)


async def test_the_line_end_behind_a_key_is_no_part_of_it(
    server: RawServer, open_client: Opener
) -> None:
    server.will(answer([]))
    await open_client(key=KEY + "\r\n").tasks("w")
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


WRITES = {
    "PUT": lambda client: client.update("w", {"ID": 1}),
    "POST": lambda client: client.create("w", {"ID": 1}),
    "DELETE": lambda client: client.delete("w", "1"),
    "comment": lambda client: client.add_comment("w", "1", "x"),
    "tick": lambda client: client.tick("w", "1", "c", Tick.COMPLETED),
}


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize(
    "status", ["200 OK", "201 Created", "202 Accepted", "206 Partial", "226 IM Used"]
)
@pytest.mark.parametrize("body", [b"", b"  ", b"null", HTML, b"OK", b"\xff\xfe"], ids=brief)
async def test_an_unreadable_yes_to_a_write_is_no_refusal(
    server: RawServer, open_client: Opener, write: str, status: str, body: bytes
) -> None:
    server.will(answer(status=status, body=body))
    with pytest.raises(UnclearError) as caught:
        await WRITES[write](open_client())
    assert caught.value.is_foreign is (body in {HTML, b"OK", b"\xff\xfe"})
    assert len(server.requests) == 1


@pytest.mark.parametrize("body", [b"{}", b"[]", b"[1]", b'{"errors": []}'])
async def test_json_without_the_task_is_an_unclear_yes(
    server: RawServer, open_client: Opener, body: bytes
) -> None:
    server.will(answer(body=body, status="201 Created"))
    if body != b'{"errors": []}':
        with pytest.raises(UnclearError) as caught:
            await open_client().create("w", {"ID": 1})
        assert not caught.value.is_foreign
    await open_client().add_comment("w", "1", "x")  # which answers nothing that is needed

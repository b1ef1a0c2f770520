"""The first question: a plain answer or none, and never a key where it must not go."""

from __future__ import annotations

import asyncio
import socket
import ssl
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdtui.api import trust
from fdtui.api.first_question import (
    MAX_ANSWER,
    FirstQuestion,
    direct_question,
    is_direct,
)
from fdtui.api.limits import Limits
from fdtui.api.origin import Origin
from fdtui.api.urls import changes_target
from fdtui.core.errors import UsageError
from tests.unit.api.raw_server import KEY, Raw, RawServer, answer

TARGET = changes_target("w", "token-1", 0)
HOSTS = [
    "a.example",
    "localhost",
    "127.0.0.1",
    "10.0.0.1",
    "xn--bcher-kva.example",
    "A.example",
    "[::1]",
]


def asked(server: RawServer, base: str = "", limits: Limits | None = None) -> FirstQuestion:
    return FirstQuestion(Origin("http", "127.0.0.1", server.port, base), KEY, TARGET, limits)


async def test_it_asks_what_the_client_would_and_answers_what_came(server: RawServer) -> None:
    server.will(answer({"next": "t"}, Idempotency_Kept_For="60"))
    found = await asked(server, "/under").answer()
    (request,) = server.requests
    assert (request.method, request.target) == ("GET", "/under" + TARGET)
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers["accept"] == "application/json"
    assert request.headers["host"] == f"127.0.0.1:{server.port}"
    assert found is not None
    assert found.reply is not None
    assert (found.reply.body, found.reply.media_type) == (b'{"next": "t"}', "application/json")
    assert found.keeps_keys_for == 60
    assert (found.exchange.method, found.exchange.path) == ("GET", "/under" + TARGET)
    assert (found.exchange.status, found.exchange.problem) == (200, "")
    assert KEY not in repr(found)


@pytest.mark.parametrize(
    "raw",
    [
        answer(status="302 Found", Location="https://evil.example/"),
        answer({"errors": ["no"]}, status="401 Unauthorized"),
        answer({"errors": ["no"]}, status="429 Too Many Requests"),
        answer({"errors": ["no"]}, status="500 Oops"),
        answer(body=b" " * (MAX_ANSWER + 1)),
        answer(body=b"\x1f\x8b", Content_Encoding="gzip"),
        Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{}", "close"),
        Raw(b"SSH-2.0-OpenSSH_9\r\n", "close"),
        Raw(b"", "close"),
        Raw(b"", "reset"),
    ],
    ids=["redirect", "401", "429", "500", "long", "packed", "short", "ssh", "nothing", "reset"],
)
async def test_what_is_out_of_the_ordinary_is_told_and_no_answer(server: RawServer, raw: Raw) -> None:
    server.will(raw)
    found = await asked(server).answer()
    assert found is not None
    assert found.reply is None
    assert "asked again" in found.exchange.problem
    assert len(server.requests) == 1


async def test_nobody_there_is_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    found = await FirstQuestion(Origin("http", "127.0.0.1", port), KEY, TARGET).answer()
    assert found is not None
    assert (found.reply, found.exchange.status) == (None, 0)


async def test_a_server_that_says_nothing_is_not_waited_for(server: RawServer) -> None:
    server.will(Raw(b"", "hang"))
    question = asked(server, limits=Limits(total=0.05))
    assert await question.answer() is None


async def test_who_stops_waiting_leaves_the_answer_to_others(server: RawServer) -> None:
    hold = asyncio.Event()
    server.will(answer({"next": "t"}))
    question = asked(server)
    first = asyncio.create_task(question.answer())
    await asyncio.sleep(0)
    first.cancel()
    hold.set()
    found = await question.answer()
    assert found is not None
    assert found.reply is not None


async def test_a_server_that_nobody_vouches_for_gets_no_key(
    server: RawServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    server.will(answer({"next": "t"}))
    found = await FirstQuestion(Origin("https", "127.0.0.1", server.port), KEY, TARGET).answer()
    assert found is not None
    assert found.reply is None
    assert server.requests == []
    context = trust.tls_context()
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    found = await FirstQuestion(Origin("https", "127.0.0.1", server.port), KEY, TARGET).answer()
    assert found is not None
    assert "FileNotFoundError" in found.exchange.problem


def test_a_key_that_is_none_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(UsageError):
        FirstQuestion(Origin("http", "127.0.0.1", 9), "a\r\nb", TARGET)


def test_it_is_asked_only_where_nothing_stands_in_between() -> None:
    near, far = Origin("http", "127.0.0.1", 80), Origin("https", "a.example", 443)
    proxies = [{"HTTPS_PROXY": "http://p:3128"}, {"https_proxy": "x"}, {"ALL_PROXY": "x"}]
    for environ in proxies:
        assert is_direct(near, environ, "linux")
        assert not is_direct(far, environ, "linux")
    assert is_direct(far, {"HTTPS_PROXY": ""}, "linux")
    assert is_direct(near, {}, "darwin")
    assert not is_direct(far, {}, "darwin")
    assert direct_question(far, KEY, TARGET, proxies[0]) is None
    assert direct_question(None, KEY, TARGET, {}) is None


@given(
    st.tuples(
        st.sampled_from(["http", "https", "HTTP", "ftp"]),
        st.one_of(st.sampled_from(HOSTS), st.from_regex(r"[0-9a-z.-]{1,12}", fullmatch=True)),
        st.sampled_from(["", ":80", ":443", ":8080", ":0", ":65536", ":"]),
        st.sampled_from(
            ["", "/", "/api/v1", "/base", "/base/api/v1/", "/a/../b", "/a//b", "/a.b", "/%41", "/~x"]
        ),
        st.sampled_from(["", " ", "?a", "#a", "/x@y"]),
    ),
    st.booleans(),
)
def test_a_plain_address_is_the_one_that_the_client_reads(
    parts: tuple[str, str, str, str, str], allowed: bool
) -> None:
    scheme, host, port, path, tail = parts
    url = f"{scheme}://{host}{port}{path}{tail}"
    plain = Origin.plain(url, insecure_http=allowed)
    if plain is not None:
        assert Origin.parse(url, insecure_http=allowed) == plain


@pytest.mark.parametrize(
    "url", ["https://app.flowdash.com", "http://127.0.0.1:8000", "https://a.example/x/"]
)
def test_the_usual_addresses_are_plain(url: str) -> None:
    assert Origin.plain(url) == Origin.parse(url)


def test_a_key_is_not_sent_in_the_clear() -> None:
    assert Origin.plain("http://a.example") is None
    assert Origin.plain("http://a.example", insecure_http=True) is not None
    assert Origin.plain("http://user@127.0.0.1") is None

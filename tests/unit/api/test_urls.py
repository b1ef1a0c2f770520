from __future__ import annotations

from urllib.parse import unquote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdtui.api.origin import Origin
from fdtui.api.urls import MAX_SEGMENT, target
from fdtui.config.secrets import origin_of
from fdtui.core.errors import TooLargeError, UsageError
from tests.unit.api.raw_server import Opener, RawServer, answer, brief

IDS = [
    "a/b", "a%2Fb", "a%252Fb", "../../users/456", "...", ". ", " lead and trail ", "\t", "   ",
    "a?b", "a#b", "a&b", "a;b", "100%", "a+b", "a\\b", 'a"b', "é", "e\u0301", "😀", "שלום", "\u202e",
    "\u200b", "active ", "%zz", "%", "x" * 255, "y" * MAX_SEGMENT, "a=b", "a\r\nb", "\x1b[2J", "-._~",
]  # fmt: skip


@pytest.mark.parametrize("uid", IDS, ids=brief)
async def test_an_id_goes_out_as_one_segment_and_exactly(
    server: RawServer, open_client: Opener, uid: str
) -> None:
    server.will(answer({"ID": uid}), answer(status="204 No Content"))
    client = open_client()
    await client.task("w", uid, unique_id="ID")
    await client.delete("w", uid)
    for request in server.requests:
        path = request.target
        assert path.count("/") == len(["", "api", "v1", "workflows", "w", "tasks"])
        assert unquote(path.rpartition("/")[2]) == uid
        assert path.startswith("/api/v1/workflows/w/tasks/")


async def test_an_escaped_dot_stays_escaped_on_the_wire(server: RawServer, open_client: Opener) -> None:
    server.will(answer({"ID": "x"}))
    for uid in ("%2E%2E", "%2F", "%252F"):
        await open_client().task("w", uid, unique_id="ID")
    assert [request.target.rpartition("/")[2] for request in server.requests] == [
        "%252E%252E",
        "%252F",
        "%25252F",
    ]


@pytest.mark.parametrize("uid", ["", ".", "..", "a\0b", "\ud800", "a\udfff"], ids=brief)
async def test_what_cannot_be_a_segment_is_refused_before_anything_is_sent(
    server: RawServer, open_client: Opener, uid: str
) -> None:
    client = open_client()
    with pytest.raises(UsageError):
        await client.task("w", uid, unique_id="ID")
    with pytest.raises(UsageError):
        await client.delete("w", uid)
    with pytest.raises(UsageError):
        await client.tasks(uid)
    assert server.connections == 0


@pytest.mark.parametrize("uid", ["x" * 70_000, "é" * 5_000, "\x1b" * 8193], ids=brief)
async def test_a_too_long_id_is_our_own_refusal(open_client: Opener, uid: str) -> None:
    with pytest.raises(TooLargeError):
        await open_client().delete("w", uid)


def test_a_too_long_address_of_good_parts() -> None:
    with pytest.raises(TooLargeError):
        target("tasks", query=[(f"f{n}", "😀" * 1000) for n in range(6)])


def test_an_empty_filter_stays() -> None:
    query = [("Stage", "In Progress"), ("Assigned To", "")]
    assert target("tasks", query=query) == "/api/v1/tasks?Stage=In%20Progress&Assigned%20To="


@given(st.text(min_size=1, max_size=200))
def test_any_text_is_one_segment_or_refused(text: str) -> None:
    try:
        path = target("workflows", text, "tasks")
    except (UsageError, TooLargeError):
        assert text in {".", ".."} or "\0" in text or any("\ud800" <= c <= "\udfff" for c in text)
        return
    assert path.count("/") == 5
    assert unquote(path.split("/")[4]) == text
    url = Origin.parse("https://flow.example").url(path)
    assert url.raw_path.decode() == path


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://app.flowdash.com", "https://app.flowdash.com"),
        (" https://App.Flowdash.com:443/ ", "https://app.flowdash.com"),
        ("https://example.com/flow/api/v1/", "https://example.com/flow"),
        ("http://localhost:8300", "http://localhost:8300"),
        ("http://127.0.0.1", "http://127.0.0.1"),
        ("http://[::1]:8300/api/v1", "http://[::1]:8300"),
        ("https://exämple.de", "https://xn--exmple-cua.de"),
    ],
)
def test_an_origin_is_read_and_shown(text: str, shown: str) -> None:
    assert str(Origin.parse(text)) == shown


@pytest.mark.parametrize(
    "text",
    [
        "", "app.flowdash.com", "http://app.flowdash.com", "http://127.0.0.1.nip.io", "ftp://x", "https://",
        "https://user:pw@x", "https://x?key=1", "https://x#y", "https://x:99999", "https://x y/", "http:///x",
        "https://x\n.evil", "//x", "file:///etc/passwd", "https://[::1", "http://10.0.0.1",
    ],
)  # fmt: skip
def test_what_is_no_origin_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        Origin.parse(text)
    assert "pw" not in str(caught.value)


def test_plain_http_elsewhere_only_when_it_is_meant() -> None:
    assert Origin.parse("http://10.0.0.1", insecure_http=True).scheme == "http"


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("https://flow.example/login", True),
        ("https://flow.example:443/", True),
        ("https://flow.example:444/", False),
        ("http://flow.example/", False),
        ("https://flow.example.evil/", False),
        ("https://u@flow.example/", False),
        ("https://evil/", False),
        ("file:///x", False),
    ],
)
def test_only_the_very_origin_is_ours(url: str, ours: bool) -> None:
    assert Origin.parse("https://flow.example").holds(httpx.URL(url)) is ours


def test_the_address_of_a_unix_socket() -> None:
    origin = Origin.parse("http+unix://%2Frun%2FFlow%2Fa.sock/flow/api/v1")
    assert (origin.socket, origin.base, origin.is_loopback) == ("/run/Flow/a.sock", "/flow", True)
    assert str(origin) == "http+unix://%2Frun%2FFlow%2Fa.sock/flow"
    assert str(origin.url("/api/v1/workspace")) == "http://localhost/flow/api/v1/workspace"
    assert Origin.plain("http+unix://%2Frun%2Fa.sock") is None  # the client itself has to know


@pytest.mark.parametrize("rest", ["", "run", "run/a.sock", "%2Frun%0A", "%2Frun/?a=b", "%2Frun/a%20b"])
def test_what_is_no_socket(rest: str) -> None:
    with pytest.raises(UsageError, match="unix socket"):
        Origin.parse(f"http+unix://{rest}")


def test_a_key_for_one_socket_is_for_no_other() -> None:
    one, other = "http+unix://%2Frun%2Fa.sock", "http+unix://%2Frun%2FA.sock"
    assert origin_of(one) == origin_of("http+unix://%2frun%2fa.sock/flow")
    assert origin_of(one) != origin_of(other) != ""

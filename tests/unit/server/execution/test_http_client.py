"""Calls to the outside: nothing inside can be reached, and nothing outside can hold us up."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time

import pytest

from fdtui.server.execution.http_client import (
    ForbiddenAddressError,
    Hangup,
    OutboundError,
    RequestLimits,
    allowed_hosts,
    fetch,
    is_public,
)
from tests.unit.server.execution.receiver import receiving

PRIVATE = """
    0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 127.0.0.1 127.255.255.254 168.63.129.16 169.254.169.254
    172.16.0.1 172.31.255.255 192.0.0.192 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.1
    203.0.113.1 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 :: ::1 ::ffff:127.0.0.1 ::ffff:8.8.8.8
    ::127.0.0.1 64:ff9b::7f00:1 64:ff9b:1::1 100::1 2001::1 2001:10::1 2001:db8::1 2002:7f00:1:: 3fff::1
    5f00::1 fc00::1 fd00:ec2::254 fe80::1 fec0::1 ff02::1
"""


@pytest.mark.parametrize("text", PRIVATE.split())
def test_addresses_that_are_not_public(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", ["8.8.8.8", "1.1.1.1", "172.32.0.1", "2606:4700::1111", "2a00:1450::1"])
def test_public_addresses_are_allowed(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


SPELLINGS = """
    127.0.0.1 127.1 2130706433 0x7f000001 0177.0.0.1 0x7f.1 0 localhost LOCALHOST. [::1] [::]
    [::ffff:127.0.0.1] [::ffff:7f00:1] [64:ff9b::7f00:1] [2002:7f00:1::] [fe80::1] 127。0。0。1
    ①②⑦.⓪.⓪.① 169.254.169.254 10.0.0.1
"""


@pytest.mark.parametrize(
    "host",
    SPELLINGS.split(),
)
def test_every_spelling_of_an_inner_address(host: str) -> None:
    with receiving() as receiver:
        with pytest.raises(OutboundError):
            fetch(f"http://{host}:{receiver.port}/")
        assert receiver.came == []


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "gopher://example.com/",
        "ftp://example.com/",
        "//example.com/",
        "example.com",
        "http://",
        "http:///x",
        "http://user@example.com/",
        "http://a:b@example.com/",
        "http://example.com:99999/",
        "http://example.com:x/",
        "http://exa mple.com/",
        "http://example.com/a\r\nHost: evil",
        "http://example.com\\@127.0.0.1/",
        "http://[fe80::1%25eth0]/",
        "http://[::1/",
        "http://example.com/ä",
        "",
    ],
)
def test_what_is_no_url_for_us(url: str) -> None:
    with pytest.raises(ForbiddenAddressError):
        fetch(url)


def test_one_inner_address_spoils_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    places = [(2, 1, 6, "", ("8.8.8.8", 80)), (2, 1, 6, "", ("127.0.0.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: places)
    with pytest.raises(ForbiddenAddressError):
        fetch("http://rebind.example/")


def test_what_is_sent_and_answered() -> None:
    with receiving(lambda _: (201, {"X-A": "b"}, b"done")) as receiver:
        answer = fetch(
            receiver.url + "/path?q=1",
            method="POST",
            headers={"X-Mine": "1", "host": "evil"},
            body=b"{}",
            allow=receiver.allow,
        )
        assert (answer.status, answer.content, answer.headers["x-a"]) == (201, b"done", "b")
        [came] = receiver.came
        assert (came.method, came.path, came.body) == ("POST", "/path?q=1", b"{}")
        assert came.headers["host"] == f"127.0.0.1:{receiver.port}"
        assert came.headers["x-mine"] == "1"


@pytest.mark.parametrize("entry", ["127.0.0.1", "127.0.0.1:{port}", "127.0.0.0/8"])
def test_exceptions_for_administrators(entry: str) -> None:
    with receiving() as receiver:
        allow = allowed_hosts(f" other.example , {entry.format(port=receiver.port)}")
        assert fetch(receiver.url, allow=allow).status == 200


def test_an_exception_is_no_wider_than_it_says() -> None:
    with receiving() as receiver, pytest.raises(ForbiddenAddressError):
        fetch(receiver.url, allow=allowed_hosts(f"127.0.0.1:{receiver.port + 1}, 10.0.0.0/8"))


def test_a_redirect_is_not_followed() -> None:
    with receiving(lambda _: (302, {"Location": "/elsewhere"}, b"")) as receiver:
        assert fetch(receiver.url, allow=receiver.allow).status == 302
        assert len(receiver.came) == 1


def test_an_answer_over_the_limit_is_refused_also_once_unpacked() -> None:
    with receiving(lambda _: (200, {}, b"x" * 1001)) as receiver:
        with pytest.raises(OutboundError, match="more than 1,000 bytes"):
            fetch(receiver.url, allow=receiver.allow, limits=RequestLimits(size=1000))
        assert (
            len(fetch(receiver.url, allow=receiver.allow, limits=RequestLimits(size=1001)).content)
            == 1001
        )
    coded = receiving(lambda _: (200, {"Content-Encoding": "gzip"}, b"x"))
    with coded as receiver, pytest.raises(OutboundError, match="coding"):
        fetch(receiver.url, allow=receiver.allow)


def test_a_drip_does_not_hold_us() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        done = threading.Event()

        def drip() -> None:
            peer, _ = listening.accept()
            with peer:
                while not done.wait(0.02):
                    try:
                        peer.sendall(b"H")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        port = listening.getsockname()[1]
        before = time.monotonic()
        with pytest.raises(OutboundError) as caught:
            fetch(
                f"http://127.0.0.1:{port}/",
                allow={f"127.0.0.1:{port}"},
                limits=RequestLimits(seconds=0.3),
            )
        assert caught.value.sent
        assert time.monotonic() - before < 5
        done.set()
        thread.join()


def test_a_hangup_ends_a_call_under_way() -> None:
    hangup, release = Hangup(), threading.Event()

    def wait(_: object) -> tuple[int, dict[str, str], bytes]:
        release.wait(20)
        return 200, {}, b""

    with receiving(wait) as receiver:
        failed: list[OutboundError] = []

        def call() -> None:
            try:
                fetch(receiver.url, allow=receiver.allow, hangup=hangup)
            except OutboundError as error:
                failed.append(error)

        thread = threading.Thread(target=call)
        thread.start()
        receiver.arrived.acquire(timeout=10)
        hangup.now()
        thread.join(10)
        release.set()
        assert [error.sent for error in failed] == [True]
        with pytest.raises(OutboundError, match="stops"):
            fetch(receiver.url, allow=receiver.allow, hangup=hangup)


def test_a_closed_port_is_reported_as_not_reached() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(OutboundError, match="could not be reached") as caught:
        fetch(f"http://127.0.0.1:{port}/", allow={"127.0.0.1"})
    assert not caught.value.sent


def test_a_header_cannot_be_smuggled() -> None:
    with receiving() as receiver, pytest.raises(OutboundError, match="header"):
        fetch(receiver.url, allow=receiver.allow, headers={"X": "a\r\nY: b"})

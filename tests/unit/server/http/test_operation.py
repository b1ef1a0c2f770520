"""What whoever runs a server may choose, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner

from fdtui.cli.serve import serve
from fdtui.core.errors import UsageError
from fdtui.server.http.operation import Operation


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"socket_mode": 0o060}, "locks the server out"),
        ({"proxy_from": ("10.0.0.1/8",)}, "host bits"),
        ({"proxy_from": ("proxy.local",)}, "proxy.local is no address"),
        ({"public_url": "flow.example.com"}, "could open"),
        ({"public_url": "ftp://example.com"}, "could open"),
        ({"public_url": "https://u:p@example.com"}, "could open"),
        ({"public_url": "https://example.com/?a=b"}, "could open"),
        ({"public_url": "https://example.com:99999"}, "could open"),
        ({"public_url": "https://example.com/a%20b"}, "plain letters"),
    ],
)
def test_what_cannot_be(options: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        Operation(**options)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--socket-mode", "0660"], "for a unix socket"),
        (["--uds", "x", "--socket-mode", "rw"], "not a mode"),
        (["--proxy-from", "10.0.0.0/8"], "none is expected"),
    ],
)
def test_options_without_the_one_they_are_for(options: list[str], says: str) -> None:
    error = CliRunner().invoke(serve, options).exception
    assert isinstance(error, UsageError)
    assert says in error.message


def test_a_public_address() -> None:
    whole = Operation(public_url="https://Example.com:8443/flow/")
    assert whole.base_url == "https://Example.com:8443/flow"
    assert whole.below == "/flow"
    assert whole.public_host == {"example.com"}
    assert Operation().base_url is None
    assert (Operation().below, Operation().public_host) == ("", frozenset())
    assert Operation(public_url="https://[2001:db8::1]").public_host == {"[2001:db8::1]"}

"""What ``--verbose`` prints: each request and how it was answered, never a key or a task's text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fdtui.cli import output
from fdtui.sync.requestlog import Request, RequestLog

if TYPE_CHECKING:
    from fdtui.config.settings import Profile


def request_log(profile: Profile) -> RequestLog:
    """A log that prints each request on stderr once it is answered, after where they all go."""
    server = "the local workspace of this profile" if profile.local else profile.url.rstrip("/")
    output.notify(f"Server: {server}")
    log = RequestLog(server)
    log.on_change = lambda: output.notify(described(log.requests[-1]))
    return log


def described(request: Request) -> str:
    """One line: method, path, status, time, size, and the server's name for it.

    Neither what was sent nor what an error answer says is in it, and no value of a query.
    """
    path, _, query = request.path.partition("?")
    names = [each.partition("=")[0] for each in query.split("&") if each]
    asked = f"{path}?{'&'.join(f'{name}=…' for name in names)}" if names else path
    answer = str(request.status) if request.status else "no answer"
    told = f"{request.method} {asked}: {answer}, {request.seconds * 1000:.0f} ms"
    if request.status:
        told += f", {request.received:,} bytes"
    return f"{told}, request {request.request_id}" if request.request_id else told

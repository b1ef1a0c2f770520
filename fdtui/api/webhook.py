"""The older way into a workflow: a secret address that takes tasks and can read nothing."""

from __future__ import annotations

import re

import httpx

from fdtui.api import codec
from fdtui.api.origin import Origin
from fdtui.api.transport import Transport
from fdtui.api.urls import target
from fdtui.core.errors import UsageError
from fdtui.core.values import Row

_PARTS = re.compile(r"(https?://[^/?#\s]+(?:/[^?#\s]*)?)/api/v1/workflows/([^/?#\s%]+)/tasks/?", re.I)


class Webhook:
    """One such address; it is a secret, so no message, log or repr holds it."""

    def __init__(
        self,
        url: str,
        *,
        insecure_http: bool = False,
        read_only: bool = False,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        parts = _PARTS.fullmatch(url.strip())
        if parts is None:
            raise UsageError(
                "FDTUI_WEBHOOK_URL is no webhook address.",
                "It looks like https://app.flowdash.com/api/v1/workflows/…/tasks.",
            )
        self._token = parts[2]
        origin = Origin.parse(parts[1], insecure_http=insecure_http)
        self.host = str(origin)
        self._transport = Transport(
            origin, None, secret=self._token, read_only=read_only, transport=transport
        )

    async def send(self, body: Row) -> Row:
        """Create a task, or change the one with that unique id; the task as the server made it.

        Raises `fdtui.core.errors.ApiError`.
        """
        path = target("workflows", self._token, "tasks")
        what = "the workflow of this webhook"
        reply = await self._transport.request("POST", path, body=codec.encode(body), what=what)
        return await codec.decode(reply, codec.row)

    async def aclose(self) -> None:
        """Close the connection."""
        await self._transport.aclose()

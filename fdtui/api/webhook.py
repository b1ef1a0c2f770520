"""The older way into a workflow: a secret address that takes tasks and can read nothing."""

from __future__ import annotations

import re
import secrets

import httpx

from fdtui.api import codec
from fdtui.api.origin import Origin
from fdtui.api.transport import Transport
from fdtui.api.urls import target
from fdtui.core.errors import UnclearError, UsageError
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
                "FDTUI_WEBHOOK_URL is not a webhook address.",
                "It looks like https://app.flowdash.com/api/v1/workflows/…/tasks.",
            )
        self._token = parts[2]
        self._unanswered, self._once = b"", ""
        origin = Origin.parse(parts[1], insecure_http=insecure_http)
        self.host = str(origin)
        self._transport = Transport(
            origin, None, secret=self._token, read_only=read_only, transport=transport
        )

    async def send(self, body: Row) -> Row:
        """Create a task, or change the one with that unique id; the task as the server made it.

        Empty where the server says that it was done and no more: nothing can be read here. Raises
        `fdtui.core.errors.ApiError`. The same again after a failure is the same request, so a server
        that keeps the names of requests does it once.
        """
        path, content = target("workflows", self._token, "tasks"), codec.encode(body)
        what = "the workflow of this webhook"
        if content != self._unanswered:
            self._unanswered, self._once = content, secrets.token_hex(16)
        reply = await self._transport.request("POST", path, body=content, what=what, once=self._once)
        self._unanswered = b""
        try:
            return await codec.decode_written(reply, codec.row)
        except UnclearError as error:
            if error.is_foreign:
                raise
            return {}

    async def aclose(self) -> None:
        """Close the connection."""
        await self._transport.aclose()

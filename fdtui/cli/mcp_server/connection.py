"""What the tools work with: one server or workspace, and the workflow that a call names."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from fdtui.cli.client import ConnectedWorkflow, connect, open_gateway
from fdtui.cli.options import settings_here

if TYPE_CHECKING:
    from fdtui.sync.gateway import Gateway

_CHOOSE = "Say which as `workflow`: an id or a name of these."


class AgentConnection:
    """Opened by the first call, so that a server that cannot be reached is an answer to it."""

    def __init__(self, *, changes: bool) -> None:
        self._changes = changes
        self._gateway: Gateway | None = None
        self._opening = asyncio.Lock()
        self.turn = asyncio.Lock()
        """Held by a change from reading its task to the answer: calls made at once are no conflict."""

    async def gateway(self) -> Gateway:
        """The server or workspace of the settings; only GET leaves unless changes are allowed."""
        async with self._opening:
            if self._gateway is None:
                self._gateway = await open_gateway(reads_only=not self._changes)
            return self._gateway

    async def workflow(self, said: str | None, *, is_whole: bool = True) -> ConnectedWorkflow:
        """The workflow ``said``, or that of the settings, as it is now."""
        return await connect(await self.gateway(), said, is_whole=is_whole, hint=_CHOOSE)

    @property
    def wanted(self) -> str | None:
        """The workflow that the settings name."""
        return settings_here().profile.workflow or None

    async def close(self) -> None:
        """Let go of the server."""
        if self._gateway is not None:
            await self._gateway.aclose()

"""The way to an install: what a recalled board asks first is asked while the program is loaded."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, cast

from fdtui.api import codec, first_question, urls
from fdtui.api.origin import Origin
from fdtui.core.errors import NotFlowdashError
from fdtui.wiring.embedded import logging_to
from fdtui.wiring.gateways import open_client
from fdtui.wiring.late import LateGateway

if TYPE_CHECKING:
    from fdtui.api.first_question import FirstQuestion
    from fdtui.config.secret import Secret
    from fdtui.core.answers import ChangedRows
    from fdtui.sync.gateway import Gateway
    from fdtui.sync.options import SessionOptions
    from fdtui.sync.requestlog import RequestLog


class Connection:
    """Makes the gateway of a session; the client behind it is imported when it is needed."""

    def __init__(
        self, url: str, key: Secret, options: SessionOptions, insecure_http: bool, log: RequestLog
    ) -> None:
        self._open = partial(open_client, url, key, options, insecure_http, log)
        self._origin = Origin.plain(url, insecure_http=insecure_http)
        self._key, self._log = key, log
        self._first: FirstQuestion | None = None

    def ask_first(self, workflow: str, token: str) -> None:
        """Ask at once what changed in ``workflow`` since ``token``, where nothing is in the way."""
        target = urls.changes_target(workflow, token, 0)
        self._first = first_question.direct_question(self._origin, self._key.reveal(), target)

    async def __call__(self) -> Gateway:
        """The gateway; the client at once, where nothing was asked."""
        if self._first is None:
            return await asyncio.to_thread(self._open)
        # It has no method for most calls: they are looked up in the client.
        return cast("Gateway", _RemoteGateway(self._first, self._open, self._log))


class _RemoteGateway(LateGateway):
    """Has one answer that is on its way already; whatever else is asked goes to the client."""

    def __init__(self, first: FirstQuestion, open_: partial[Gateway], log: RequestLog) -> None:
        super().__init__(lambda: open_(keeps_keys_for=self._kept))
        self._first: FirstQuestion | None = first
        self._log = logging_to(log)
        self._kept = 0.0

    @property
    def keeps_keys_for(self) -> float:
        """As the answers have said by now."""
        return self._kept if self._opened is None else self._opened.keeps_keys_for

    async def changes(self, workflow: str, since: str, *, wait: float) -> ChangedRows:
        """What changed since the token ``since``."""
        first, self._first = self._first, None
        # With another request behind it the answer could be older than what that one did.
        is_it = first is not None and first.target == urls.changes_target(workflow, since, wait)
        if first is not None and is_it and self._opening is None:
            answered = await self._answered(first)
            if answered is not None:
                return answered
        return await (await self.behind()).changes(workflow, since, wait=wait)

    async def _answered(self, first: FirstQuestion) -> ChangedRows | None:
        answer = await first.answer()
        if answer is None:
            return None
        if self._log is not None:
            self._log(answer.exchange)
        self._kept = answer.keeps_keys_for
        if answer.reply is None or self._opening is not None:
            return None
        try:
            return await codec.decode(answer.reply, codec.changed_rows)
        except NotFlowdashError:
            return None

"""A gateway that is opened when somebody first asks for what is behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from fdtui.core.answers import ManyAtOnce

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from fdtui.core.answers import Creation, WholeTask
    from fdtui.core.values import Row
    from fdtui.sync.gateway import Gateway


class LateGateway:
    """Answers nothing by itself: what a kind of it cannot say is asked of the gateway behind it.

    ``start`` opens that one, in a thread. Most calls are not written here, so whoever hands this out has
    to say that it is a `Gateway`.
    """

    def __init__(self, start: Callable[[], Gateway]) -> None:
        self._start = start
        self._opened: Gateway | None = None
        self._opening: asyncio.Task[Gateway] | None = None

    async def create_many(
        self,
        workflow: str,
        tasks: Iterable[Row | WholeTask],
        *,
        how: ManyAtOnce = ManyAtOnce(),  # noqa: B008 (a value)
        once: str = "",
    ) -> AsyncIterator[Creation]:
        """As the one behind it."""
        behind = await self.behind()
        async for each in behind.create_many(workflow, tasks, how=how, once=once):
            yield each

    def hurry(self) -> None:
        """As the one behind it, once it is open."""
        if self._opened is not None:
            self._opened.hurry()

    async def aclose(self) -> None:
        """Close it, once it is open."""
        opening, self._opening = self._opening, None
        if opening is not None:
            await asyncio.wait([opening])
            if not _has_failed(opening):
                await opening.result().aclose()

    async def behind(self) -> Gateway:
        """What is behind it, opened when it is first asked for, and again where that failed.

        Who stops waiting for it does not keep it from opening for others.
        """
        if self._opening is None or _has_failed(self._opening):
            self._opening = asyncio.create_task(asyncio.to_thread(self._start))
        self._opened = await asyncio.shield(self._opening)
        return self._opened

    def __getattr__(self, name: str) -> Any:
        async def call(*given: Any, **named: Any) -> Any:
            return await getattr(await self.behind(), name)(*given, **named)

        return call


def _has_failed(opening: asyncio.Task[Gateway]) -> bool:
    return opening.done() and (opening.cancelled() or opening.exception() is not None)

"""What uploads need between their tries: the open file, and what earlier tries have left behind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fdtui.core.errors import StorageError
from fdtui.core.frozen import replace
from fdtui.core.safetext import quoted
from fdtui.core.values import Row
from fdtui.sync.attaching import Attaching, Novelty, Spot, Traces
from fdtui.sync.gateway import Gateway
from fdtui.sync.poller import Sleep
from fdtui.sync.source import Source
from fdtui.sync.transferbook import Kept
from fdtui.sync.transferkeeper import TransferKeeper


class Uploads:
    """Sends by ticket. ``moved`` hears of bytes, ``checking`` that all of a file's bytes left."""

    def __init__(
        self,
        keeper: TransferKeeper,
        *,
        gateway: Callable[[], Gateway],
        sleep: Sleep,
        moved: Callable[[int, int], object],
        checking: Callable[[int], object],
    ) -> None:
        self._keeper, self._gateway, self._sleep = keeper, gateway, sleep
        self._moved, self._checking = moved, checking
        self._news: dict[int, Novelty] = {}
        """What is at hand; not there for what an earlier run of the program has left."""
        self._ways: dict[int, Attaching] = {}
        """Uploads that may be tried again; they know what was there before."""

    def add(self, ticket: int, new: Novelty) -> None:
        """Hold what is to be sent; the keeper knows of it already."""
        self._news[ticket] = new

    def renew(self, ticket: int) -> None:
        """Before another try: take the file as it is now. Raises `FdtuiError` if it cannot be sent."""
        new = self._news.get(ticket)
        if new is None or new.source is None:
            return
        fresh = Source.open(Path(self._keeper.get(ticket).transfer.source), new.name)
        if fresh.is_same(new.source):
            fresh.close()  # the first one goes on: it knows what may have arrived
            return
        new.source.close()
        self._ways.pop(ticket, None)
        self._news[ticket] = replace(new, source=fresh, media_type=fresh.media_type)
        self._keeper.change(ticket, stamp=fresh.stamp, traces=Traces())

    async def send(self, ticket: int) -> Row:
        """Attach it; answers the task as it is then. Raises `FdtuiError`."""
        if ticket not in self._news:
            kept = self._keeper.get(ticket)
            row = await self._way(ticket, Novelty(_name(kept), url=kept.url)).look()
            if row is not None:
                return row
            self._news[ticket] = self._found(ticket)
        if ticket not in self._ways:
            self._ways[ticket] = self._way(ticket, self._news[ticket])
        way = self._ways[ticket]
        try:
            return await way.run()
        finally:
            self._keeper.change(ticket, traces=way.traces)

    def forget(self, ticket: int) -> None:
        """Let go of a file that is not sent any more."""
        new = self._news.pop(ticket, None)
        if new is not None and new.source is not None:
            new.source.close()
        self._ways.pop(ticket, None)

    def close(self) -> None:
        """Let go of all files."""
        for ticket in tuple(self._news):
            self.forget(ticket)

    def _way(self, ticket: int, new: Novelty) -> Attaching:
        async def keep(traces: Traces) -> None:
            self._keeper.change(ticket, traces=traces)
            await self._keeper.stored()

        kept = self._keeper.get(ticket)
        return Attaching(
            self._gateway(),
            _spot(kept),
            new,
            sleep=self._sleep,
            moved=lambda moved: self._moved(ticket, moved),
            checking=lambda: self._checking(ticket),
            traces=kept.traces,
            keep=keep,
        )

    def _found(self, ticket: int) -> Novelty:
        """The file that an earlier run of the program wanted to send, if it is the same still."""
        kept = self._keeper.get(ticket)
        if kept.url:
            return Novelty(_name(kept), url=kept.url)
        source = Source.open(Path(kept.transfer.source), kept.transfer.name)
        if source.stamp != kept.stamp:
            source.close()
            self._keeper.change(ticket, stamp=source.stamp, traces=Traces())
            raise StorageError(
                f"{quoted(source.name)} has changed since it was chosen, so it was not sent.",
                "r sends it as it is now.",
            )
        source.digest = kept.traces.digest
        return Novelty(source.name, source.media_type, source)


def _spot(kept: Kept) -> Spot:
    if kept.spot is None:
        raise StorageError("It is not known any more where the file goes.")
    return kept.spot


def _name(kept: Kept) -> str:
    """The name that was given; an address may have none, and then the server finds one."""
    return "" if kept.transfer.name == kept.url else kept.transfer.name

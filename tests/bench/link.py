"""A slow link to a server: takes connections and hands their bytes on at so many a second each way.

python -m tests.bench.link PORT RATE

A program of its own, so that it takes nobody's time. Prints ``URL=…`` once it listens.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
import time

STEP = 4096
"""Bytes that are handed on at once."""
BUFFER = 64 * 1024
"""Bytes that the kernel may keep of either side: with more, a sender is done long before the link."""
CREDIT = 0.02
"""Seconds of oversleeping that may be caught up with."""


class Lane:
    """One way of the link, shared by all connections: ``rate`` bytes a second."""

    def __init__(self, rate: float) -> None:
        self._rate, self._free = rate, 0.0

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Hand on what comes, in its time, until one side ends."""
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(STEP):
                now = time.monotonic()
                self._free = max(self._free, now - CREDIT) + len(data) / self._rate
                await asyncio.sleep(self._free - now)
                writer.write(data)
                await writer.drain()
            writer.write_eof()


def _small(made: socket.socket) -> socket.socket:
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
    made.setblocking(False)
    return made


async def main(port: int, rate: float) -> None:
    """Carry until killed."""
    up, down = Lane(rate), Lane(rate)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = _small(socket.socket())
        await asyncio.get_running_loop().sock_connect(there, ("127.0.0.1", port))
        far_reader, far_writer = await asyncio.open_connection(sock=there, limit=STEP)
        try:
            await asyncio.gather(up.carry(reader, far_writer), down.carry(far_reader, writer))
        finally:
            writer.close()
            far_writer.close()

    listener = _small(socket.socket())
    listener.bind(("127.0.0.1", 0))
    server = await asyncio.start_server(talk, sock=listener, limit=STEP)
    print(f"URL=http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))

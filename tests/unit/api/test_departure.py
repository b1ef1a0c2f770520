"""Requests that are given up at any moment: the connections are there for the next ones."""

import asyncio
import contextlib

from fdtui.api.limits import Limits
from tests.unit.api.raw_server import Opener, RawServer, answer

TURNS = 60
"""Turns of the loop within which a request on the loopback is over."""


async def test_a_request_given_up_at_any_moment_costs_no_connection(
    server: RawServer, open_client: Opener
) -> None:
    server.will(answer({"ID": "1"}))
    client = open_client(limits=Limits(connections=2))
    for turns in range(TURNS):
        asking = [
            asyncio.create_task(client.tagged_task("w", str(number), unique_id="ID"))
            for number in range(5)  # more than there are connections, so that some wait for one
        ]
        for _ in range(turns):
            await asyncio.sleep(0)
        for each in asking:
            each.cancel()
        for each in asking:
            with contextlib.suppress(asyncio.CancelledError):
                await each
    async with asyncio.timeout(20):
        row, _ = await client.tagged_task("w", "1", unique_id="ID")
    assert row == {"ID": "1"}


async def test_what_was_given_up_before_it_began_is_not_sent(
    server: RawServer, open_client: Opener
) -> None:
    server.will(answer({"ID": "1"}))
    client = open_client(limits=Limits(connections=1))
    await client.tagged_task("w", "first", unique_id="ID")
    given_up = asyncio.create_task(client.update("w", {"ID": "1", "Name": "never"}))
    await asyncio.sleep(0)
    given_up.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await given_up
    async with asyncio.timeout(20):
        await client.tagged_task("w", "last", unique_id="ID")
    assert [request.method for request in server.requests] == ["GET", "GET"]

"""When the next request leaves: backing off, Retry-After, the gate of 429, redirects."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from fdtui.api.limits import Limits
from fdtui.api.retry import Gate, Timing, backoff, retry_after
from fdtui.core.errors import (
    NotFlowdashError,
    NotFoundError,
    RateLimitedError,
    UnavailableError,
    UnreachableError,
)
from tests.unit.api.raw_server import KEY, Opener, RawServer, answer, brief

DATE = "Tue, 10 Nov 2026 10:00:00 GMT"
LATER = "Tue, 10 Nov 2026 10:00:07 GMT"
EARLIER = "Tue, 10 Nov 2026 09:59:00 GMT"
NOW = 1_794_304_800.0 + 3600
"""The wall clock here, an hour ahead of the server's."""


@dataclass
class Clock:
    """Time that passes only by sleeping."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)
    chance: float = 0.0

    async def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.now += seconds

    def timing(self) -> Timing:
        return Timing(lambda: self.now, lambda: NOW, self.sleep, lambda: self.chance)


@pytest.mark.parametrize(
    ("header", "date", "seconds"),
    [
        ("30", "", 30.0),
        (" 0 ", "", 0.0),
        ("1.5", "", 1.5),
        (LATER, DATE, 7.0),
        (EARLIER, DATE, None),
        (DATE, DATE, None),
        (LATER, "", None),
        (LATER, "nonsense", None),
        ("", DATE, None),
        ("-5", "", None),
        ("soon", DATE, None),
        ("1, 2", "", None),
        ("9" * 50, "", None),
        ("²", "", None),
        ("Tue, 99 Nov 99999 10:00:00 GMT", DATE, None),
    ],
)
def test_what_retry_after_asks_for(header: str, date: str, seconds: float | None) -> None:
    assert retry_after(header, date, NOW) == seconds


def test_a_date_without_one_to_compare_uses_the_clock_here() -> None:
    assert retry_after(LATER, "", NOW - 3600) == 7.0


def test_backing_off_doubles_up_to_a_cap_with_full_jitter() -> None:
    assert [backoff(n, 1.0) for n in (1, 2, 3, 4, 5, 6, 1000)] == [0.5, 1, 2, 4, 8, 8, 8]
    assert backoff(3, 0.25) == 0.5
    assert backoff(3, 0.0) == 0.0


def test_the_gate_is_never_early_and_forgets_after_a_success() -> None:
    clock = Clock(chance=1.0)
    gate = Gate(clock.timing())
    assert gate.remaining() <= 0
    gate.shut(30)
    assert 30 <= gate.remaining() <= 33
    gate.shut(1)
    assert gate.remaining() >= 30, "a later, smaller wish does not open it"
    clock.now += 100
    gate.passed()
    for expected in (1.0, 2.0, 4.0):
        gate.shut(None)
        assert gate.remaining() == expected
        clock.now += 60
    gate.passed()
    gate.shut(None)
    assert gate.remaining() == 1.0
    gate.open()
    assert gate.remaining() <= 0


@pytest.mark.parametrize("status", ["429 Slow", "503 Busy"])
@pytest.mark.parametrize("wish", ["86400", "999999999", "Tue, 10 Nov 2037 10:00:07 GMT"])
async def test_no_server_keeps_us_away_for_longer_than_two_minutes(
    server: RawServer, open_client: Opener, status: str, wish: str
) -> None:
    client = open_client(timing=Clock().timing())
    server.will(answer(status=status, Retry_After=wish, Date=DATE), answer([]))
    with pytest.raises(UnavailableError) as caught:
        await client.tasks("w")
    assert caught.value.retry_after is not None
    assert caught.value.retry_after <= 120
    client.hurry()  # and no longer at all than the user wants
    assert await client.tasks("w") is not None


async def test_a_wait_under_way_ends_when_the_user_says_so(
    server: RawServer, open_client: Opener
) -> None:
    resting = asyncio.Event()

    async def for_ever(_: float) -> None:
        resting.set()
        await asyncio.Event().wait()

    client = open_client(timing=Timing(sleep=for_ever))
    for status in ("429 Slow", "503 Busy"):
        resting.clear()
        server.will(answer(status=status, Retry_After="20"), answer([]))
        asking = asyncio.create_task(client.tasks("w"))
        await resting.wait()
        client.hurry()
        assert await asking is not None


async def test_a_get_comes_back_when_it_is_told_to(server: RawServer, open_client: Opener) -> None:
    clock = Clock()
    client = open_client(timing=clock.timing())
    server.will(answer(status="429 Slow", Retry_After="5"), answer([]))
    assert await client.tasks("w") is not None
    assert clock.slept == [5.0]


async def test_a_date_is_held_against_the_server_s_own(server: RawServer, open_client: Opener) -> None:
    clock = Clock()
    client = open_client(timing=clock.timing())
    server.will(answer(status="429 Slow", Retry_After=LATER, Date=DATE), answer([]))
    assert await client.tasks("w") is not None
    assert clock.slept == [7.0]


async def test_after_429_nothing_leaves_before_the_time(server: RawServer, open_client: Opener) -> None:
    clock = Clock()
    client = open_client(timing=clock.timing())
    server.will(answer(status="429 Slow", Retry_After="60"), answer([]))
    with pytest.raises(RateLimitedError) as caught:
        await client.tasks("w")
    assert caught.value.retry_after == 60
    for _ in range(3):
        with pytest.raises(RateLimitedError) as caught:
            await client.update("w", {"ID": 1})
        assert not caught.value.sent
    clock.now += 25
    with pytest.raises(RateLimitedError, match="asks to wait 35 s") as caught:
        await client.delete("w", "1")
    assert caught.value.retry_after == 35
    assert len(server.requests) == 1
    assert clock.slept == []


async def test_a_short_wait_is_waited_before_the_next_request(
    server: RawServer, open_client: Opener
) -> None:
    clock = Clock()
    client = open_client(timing=clock.timing())
    server.will(answer(status="429 Slow", Retry_After="60"), answer([]))
    with pytest.raises(RateLimitedError):
        await client.tasks("w")
    clock.now += 50
    assert await client.tasks("w") is not None
    assert clock.slept == [10.0]


async def test_a_change_refused_for_haste_is_not_sent_again_here(
    server: RawServer, open_client: Opener
) -> None:
    client = open_client(timing=Clock().timing())
    server.will(answer(status="429 Slow", Retry_After="2"))
    with pytest.raises(RateLimitedError) as caught:
        await client.update("w", {"ID": 1})
    assert not caught.value.sent, "the server said that it did nothing"
    assert caught.value.retry_after == 2
    assert len(server.requests) == 1


async def test_429_for_ever_ends(server: RawServer, open_client: Opener) -> None:
    clock = Clock(chance=0.5)
    server.will(answer(status="429 Slow"))
    with pytest.raises(RateLimitedError):
        await open_client(timing=clock.timing()).tasks("w")
    assert len(server.requests) == 3
    assert clock.slept == [0.5, 1.0]


async def test_a_busy_server_names_its_time(server: RawServer, open_client: Opener) -> None:
    clock = Clock()
    server.will(answer(status="503 Busy", Retry_After="4"), answer([]))
    assert await open_client(timing=clock.timing()).tasks("w") is not None
    assert clock.slept == [4.0]
    server.will(answer(status="503 Busy", Retry_After="100"))
    with pytest.raises(UnavailableError) as caught:
        await open_client(timing=clock.timing()).tasks("w")
    assert caught.value.retry_after == 100
    assert clock.slept == [4.0]


async def test_tries_are_spread_by_chance(server: RawServer, open_client: Opener) -> None:
    clock = Clock(chance=0.5)
    server.will(answer(status="500 Oops"))
    with pytest.raises(UnavailableError):
        await open_client(timing=clock.timing(), limits=Limits(tries=5)).tasks("w")
    assert clock.slept == [0.25, 0.5, 1.0, 2.0]


async def test_no_try_begins_after_the_deadline(server: RawServer, open_client: Opener) -> None:
    clock = Clock(chance=1.0)
    server.will(answer(status="500 Oops"))
    with pytest.raises(UnavailableError):
        await open_client(timing=clock.timing(), limits=Limits(tries=99, total=2.0)).tasks("w")
    assert clock.slept == [0.5, 1.0]


@pytest.mark.parametrize("status", ["301 M", "302 F", "303 S", "307 T", "308 P"])
async def test_a_get_follows_within_its_origin(
    server: RawServer, open_client: Opener, status: str
) -> None:
    server.will(
        answer(status=status, Location="/api/v1/elsewhere?x=%2F"),
        answer(status=status, Location=f"{server.url}/api/v1/other"),
        answer([]),
    )
    assert await open_client().tasks("w") is not None
    assert [request.target for request in server.requests][1:] == [
        "/api/v1/elsewhere?x=%2F",
        "/api/v1/other",
    ]
    assert all(request.headers["authorization"] == f"Bearer {KEY}" for request in server.requests)


@pytest.mark.parametrize("status", ["301 M", "302 F", "303 S", "307 T", "308 P"])
async def test_a_change_follows_nowhere(server: RawServer, open_client: Opener, status: str) -> None:
    server.will(answer(status=status, Location="/api/v1/elsewhere"))
    with pytest.raises(NotFlowdashError, match="not repeated"):
        await open_client().update("w", {"ID": 1})
    with pytest.raises(NotFlowdashError, match="not repeated"):
        await open_client().delete("w", "1")
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "location",
    [
        "http://evil.example/", "https://127.0.0.1/", "//evil.example/x", "file:///etc/passwd",
        "http://u:p@127.0.0.1:PORT/x", "http://127.0.0.1:1/", "http://localhost:PORT/", "javascript:x",
        "http://127.0.0.1.evil.example:PORT/", "http://[::1", "http://127.0.0.1:PORT@evil.example/", "",
        "http://evil\u00e9.example/", "http://" + "a" * 70_000,
    ],
    ids=brief,
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "PUT"])
async def test_the_key_follows_nowhere_else(
    server: RawServer, open_client: Opener, location: str, method: str
) -> None:
    where = location.replace("PORT", str(server.port))

    server.will(answer(status="307 T", Location=where))
    client = open_client(limits=Limits(tries=1))
    with pytest.raises((NotFlowdashError, UnreachableError)) as caught:
        await (client.tasks("w") if method == "GET" else client.update("w", {"ID": 1}))
    assert len(server.requests) == 1
    assert KEY not in str(caught.value)
    if "evil.example" in where and where.startswith("http://evil.e"):
        assert "http://evil.example" in str(caught.value)


@pytest.mark.parametrize("location", ["http:", "\\\\evil.example", "x:y", "?", "#"])
async def test_an_odd_place_within_the_origin_is_still_there(
    server: RawServer, open_client: Opener, location: str
) -> None:
    server.will(answer(status="307 T", Location=location), answer(status="404 No"))
    with pytest.raises((NotFlowdashError, NotFoundError)):
        await open_client().tasks("w")


async def test_a_redirect_loop_ends(server: RawServer, open_client: Opener) -> None:
    server.will(answer(status="302 F", Location="/api/v1/workflows/w/tasks"))
    with pytest.raises(NotFlowdashError, match="redirects"):
        await open_client().tasks("w")
    assert len(server.requests) == 4


async def test_a_redirect_to_nowhere(server: RawServer, open_client: Opener) -> None:
    server.will(answer(status="302 F"))
    with pytest.raises(NotFlowdashError, match="nowhere"):
        await open_client().tasks("w")

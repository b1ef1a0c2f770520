"""On a machine where encoding, hashing and the disk are slow, the loop still answers keys."""

import asyncio
import base64
import hashlib
import os
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from fdtui.sync.files.destination import DownloadTarget
from fdtui.sync.files.source import FileSource

SLOW = 0.06
"""CPU seconds that a slow call takes: more than the loop may work before it hears a key."""
LONGEST = 0.05
SIZE = 1_200_000


class Slow:
    """Makes a function take `SLOW` CPU seconds more of whichever thread calls it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self.calls = 0

    def make(self, owner: Any, name: str) -> None:
        real = getattr(owner, name)
        self._monkeypatch.setattr(owner, name, lambda *given, **more: self._slowly(real, *given, **more))

    def _slowly(self, real: Callable[..., Any], *given: Any, **more: Any) -> Any:
        self.calls += 1
        end = time.thread_time() + SLOW
        while time.thread_time() < end:
            pass
        return real(*given, **more)

    def make_hash(self) -> None:
        slow = self

        class Hash:
            def __init__(self) -> None:
                self._real = sha256()

            def update(self, data: bytes) -> None:
                slow._slowly(self._real.update, data)

            def hexdigest(self) -> str:
                return self._real.hexdigest()

        sha256 = hashlib.sha256
        self._monkeypatch.setattr(hashlib, "sha256", Hash)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    return Slow(monkeypatch)


async def longest(work: Awaitable[object]) -> float:
    """The most that the loop's thread worked between two beats while ``work`` was done."""
    worked, is_over = [0.0], False

    async def beat() -> None:
        before = time.thread_time()
        while not is_over:
            await asyncio.sleep(0.002)
            now = time.thread_time()
            worked.append(now - before)
            before = now

    heart = asyncio.create_task(beat())
    await asyncio.sleep(0)
    await work
    is_over = True
    await heart
    return max(worked)


async def sent(source: FileSource) -> None:
    try:
        async for _ in source.slices(lambda _: None):
            pass
    finally:
        source.close()


async def landed(landing: DownloadTarget, data: bytes) -> None:
    await landing.begin(len(data))
    for at in range(0, len(data), 65_536):
        await landing.write(data[at : at + 65_536])
    await landing.finish()


@pytest.mark.parametrize("what", ["encoding", "hash", "disk"])
async def test_the_loop_beats_while_a_file_is_read(tmp_path: Path, slow: Slow, what: str) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(os.urandom(SIZE))
    source = FileSource.open(path)
    match what:
        case "encoding":
            slow.make(base64, "b64encode")
        case "hash":
            slow.make_hash()
        case "disk":
            slow.make(os, "pread")
    assert await longest(sent(source)) < LONGEST
    assert slow.calls >= 7


@pytest.mark.parametrize("what", ["hash", "disk", "end"])
async def test_the_loop_beats_while_a_file_lands(tmp_path: Path, slow: Slow, what: str) -> None:
    match what:
        case "hash":
            slow.make_hash()
        case "disk":
            slow.make(os, "write")
        case "end":
            slow.make(os, "fsync")
    assert await longest(landed(DownloadTarget(tmp_path, "a.bin"), os.urandom(SIZE))) < LONGEST
    assert slow.calls >= 2

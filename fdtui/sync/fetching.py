"""Fetching one file to the disk: from the beginning if it was cut, and wholly or not at all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from fdtui.core.errors import UnreachableError
from fdtui.core.frozen import frozen
from fdtui.sync.gateway import Gateway
from fdtui.sync.landing import Identity, Landing

TRIES = 3


@frozen
class Fetched:
    """A file that is here."""

    path: Path
    size: int
    digest: str
    """SHA-256."""


async def fetch(
    gateway: Gateway,
    blob: str,
    name: str,
    folder: Path,
    *,
    sleep: Callable[[float], Awaitable[object]],
    force: bool = False,
    moved: Callable[[int, int | None], object] = lambda *_: None,
    part: str = "",
    run: set[Identity] | None = None,
) -> Fetched:
    """Put the file into ``folder`` under a safe name that is free; raises `FdtuiError`.

    ``part`` is what it is called until it is whole (`fdtui.sync.landing.new_part`). ``force`` writes
    over a file of that name, but over none of ``run``: the files that one run has fetched.
    """
    for left in reversed(range(TRIES)):
        landing = Landing(folder, name, force=force, moved=moved, part=part, run=run)
        try:
            await gateway.download(blob, landing)
            path = await landing.finish()
            return Fetched(path, landing.size, landing.digest.hexdigest())
        except UnreachableError:
            if not left:
                raise
            await sleep(0.5)
        finally:
            landing.discard()
    raise AssertionError("the last try answers or raises")

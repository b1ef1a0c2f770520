"""Fetching one file to the disk: from the beginning if it was cut, and wholly or not at all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from fdtui.core.errors import ApiError, UnreachableError
from fdtui.core.frozen import frozen
from fdtui.sync.files.destination import DownloadTarget, Identity
from fdtui.sync.files.slips import SECOND_TRY_AFTER, is_perhaps_slip
from fdtui.sync.gateway import Gateway

MAX_DOWNLOAD_TRIES = 3


@frozen
class Downloaded:
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
) -> Downloaded:
    """Put the file into ``folder`` under a safe name that is free; raises `FdtuiError`.

    ``part`` is what it is called until it is whole (`destination.new_part`). ``force`` writes
    over a file of that name, but over none of ``run``: the files that one run has fetched.
    """
    may_slip = True
    for left in reversed(range(MAX_DOWNLOAD_TRIES)):
        target = DownloadTarget(folder, name, force=force, moved=moved, part=part, run=run)
        try:
            await gateway.download(blob, target)
            path = await target.finish()
            return Downloaded(path, target.size, target.digest.hexdigest())
        except UnreachableError:
            if not left:
                raise
        except ApiError as error:
            if not left or not may_slip or not is_perhaps_slip(error):
                raise
            may_slip = False
        finally:
            target.discard()
        await sleep(SECOND_TRY_AFTER)
    raise AssertionError("the last try answers or raises")

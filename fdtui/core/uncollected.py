"""The garbage collector put off while a great many objects are made, of which none is garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected(*, is_kept: bool = False) -> Iterator[None]:
    """Let the collector not run: it would look through a hundred thousand new objects again and again.

    Where what was made ``is_kept`` it is not looked through later either, for that keeps a key
    waiting: rows hold no circles, and are let go of without the collector.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            if is_kept:
                gc.freeze()
            gc.enable()

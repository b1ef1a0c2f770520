"""The token of the change feed: up to which revision of which workflows somebody has read. Pure.

It is sealed: whoever may not know of a workflow must not be able to count what happens there from the
gaps between two tokens, and nobody can make one up, or use one of another database.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence

_BLOCK = 8
"""Bytes of a sealed revision."""
_ROUNDS = 4


def sealed(secret: str, revisions: Mapping[str, int]) -> str:
    """``revisions`` by workflow as one text that only the holder of ``secret`` can read."""
    blocks = (
        _sealed(_key(secret, name), revisions[name].to_bytes(_BLOCK, "big"))
        for name in sorted(revisions)
    )
    return base64.urlsafe_b64encode(b"".join(blocks)).decode().rstrip("=")


def opened(secret: str, token: str, workflows: Sequence[str]) -> dict[str, int] | None:
    """The revisions of exactly ``workflows`` in ``token``; ``None`` where it is of others.

    A token of another secret reads as revisions that no workflow has.
    """
    try:
        data = base64.b64decode(token + "=" * (-len(token) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    names = sorted(workflows)
    if len(data) != _BLOCK * len(names):
        return None
    blocks = (data[at : at + _BLOCK] for at in range(0, len(data), _BLOCK))
    return {
        name: int.from_bytes(_opened(_key(secret, name), block), "big")
        for name, block in zip(names, blocks, strict=True)
    }


def _key(secret: str, workflow: str) -> bytes:
    return hashlib.blake2b(f"{secret}\0{workflow}".encode()).digest()


def _sealed(key: bytes, block: bytes) -> bytes:
    """A Feistel cipher of a block: the same revision has always the same token."""
    left, right = block[: _BLOCK // 2], block[_BLOCK // 2 :]
    for number in range(_ROUNDS):
        left, right = right, _mixed(left, key, number, right)
    return left + right


def _opened(key: bytes, block: bytes) -> bytes:
    left, right = block[: _BLOCK // 2], block[_BLOCK // 2 :]
    for number in reversed(range(_ROUNDS)):
        left, right = _mixed(right, key, number, left), left
    return left + right


def _mixed(half: bytes, key: bytes, number: int, other: bytes) -> bytes:
    stream = hashlib.blake2b(other, digest_size=_BLOCK // 2, key=key, salt=bytes([number])).digest()
    return bytes(one ^ two for one, two in zip(half, stream, strict=True))

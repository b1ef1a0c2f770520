"""Who may call: a key in ``Authorization: Bearer …``, and a limit for those who guess."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from fdtui.server.refusal import RefusedError
from fdtui.server.store import Store, keys

GUESSES = 10
"""Different wrong keys that one address may try in `WINDOW`; repeating one is no guess."""
WINDOW = timedelta(minutes=1)
_ADDRESSES = 1000
_BEARER = re.compile(r"bearer ([!-~]{1,512})", re.IGNORECASE | re.ASCII)

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who was let in; ``name`` is what the activity log says."""

    name: str = "API"


class Doorkeeper(Protocol):
    """Lets a request in, or raises `RefusedError`."""

    def check(self, authorization: Sequence[str], address: str) -> Caller:
        """``authorization`` are the headers of that name, ``address`` is where the request is from."""
        ...

    def remembers(self, authorization: Sequence[str]) -> bool:
        """Whether it was let in before, which is enough to read a body and too little to act on it."""
        ...


class OneKey:
    """Knows a single key, made up for this process: the door of the embedded workspace."""

    def __init__(self, key: str, name: str = "API") -> None:
        self._key, self._caller = key.encode(), Caller(name)

    def check(self, authorization: Sequence[str], address: str) -> Caller:
        """Let in who has the key."""
        if not hmac.compare_digest(bearer(authorization).encode(), self._key):
            raise _unknown()
        return self._caller

    def remembers(self, authorization: Sequence[str]) -> bool:
        """Whether it is the key: nothing has to be looked up."""
        return self.check(authorization, "") is self._caller


class StoredKeys:
    """Knows the keys in the database; a revoked one is refused at once."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._guesses: OrderedDict[str, dict[bytes, datetime]] = OrderedDict()
        self._seen: set[bytes] = set()

    def check(self, authorization: Sequence[str], address: str) -> Caller:
        """Let in who has a key that works; too many different wrong ones are a 429."""
        key = bearer(authorization)
        name = self._store.read(lambda tx: keys.name_of(tx, key))
        if name is None:
            self._count(key, address)
            raise _unknown()
        if len(self._seen) < _ADDRESSES:
            self._seen.add(_digest(key))
        return Caller(name)

    def remembers(self, authorization: Sequence[str]) -> bool:
        """Whether a key was good when it was last looked up."""
        return len(authorization) == 1 and _digest(authorization[0][7:]) in self._seen

    def _count(self, key: str, address: str) -> None:
        now, guess = self._clock(), _digest(key)
        before = self._guesses.pop(address, {})
        recent = {each: at for each, at in before.items() if now - at < WINDOW}
        self._guesses[address] = recent
        while len(self._guesses) > _ADDRESSES:
            self._guesses.popitem(last=False)
        if guess in recent:
            return
        if len(recent) >= GUESSES:
            wait = int((min(recent.values()) + WINDOW - now).total_seconds()) + 1
            raise RefusedError(
                "Too many wrong API keys from this address.",
                status=429,
                headers={"Retry-After": str(wait)},
            )
        recent[guess] = now


def bearer(authorization: Sequence[str]) -> str:
    """The key in the one header there may be; raises `RefusedError`."""
    match = _BEARER.fullmatch(authorization[0]) if len(authorization) == 1 else None
    if match is None:
        raise _unknown()
    return match[1]


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()


def _unknown() -> RefusedError:
    return RefusedError(
        "A valid API key is needed in the Authorization header.",
        status=401,
        headers={"WWW-Authenticate": "Bearer"},
    )

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

MAX_WRONG_KEYS = 10
"""Different wrong keys that one address may try in `WRONG_KEYS_WINDOW`; repeating one is no guess."""
WRONG_KEYS_WINDOW = timedelta(minutes=1)
_ADDRESSES = 1000
_BEARER = re.compile(r"bearer ([!-~]{1,512})", re.IGNORECASE | re.ASCII)

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who was let in; ``name`` is what the activity log says, ``id`` the key's own, which no other has.

    ``workflows`` are those that it may know of (``None`` for all), ``read_only`` keeps it from changing.
    """

    name: str = "API"
    workflows: frozenset[str] | None = None
    read_only: bool = False
    id: str = ""

    def check(self, method: str, workflow: str | None) -> None:
        """Raise `RefusedError` for what it may not do; a foreign workflow is simply not there."""
        if workflow is not None and self.workflows is not None and workflow not in self.workflows:
            raise RefusedError("There is no such workflow.", status=404)
        if self.read_only and method != "GET":
            raise RefusedError("This key may only read.", status=403)


class Doorkeeper(Protocol):
    """Lets a request in, or raises `RefusedError`."""

    def check(self, authorization: Sequence[str], address: str) -> Caller:
        """``authorization`` are the headers of that name, ``address`` is where the request is from."""
        ...

    def remembers(self, authorization: Sequence[str]) -> bool:
        """Whether it was let in before, which is enough to read a body and too little to act on it."""
        ...

    def check_webhook(self, token: str, address: str) -> Caller:
        """Let in who knows the secret part of a webhook URL; its one workflow is the caller's."""
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

    def check_webhook(self, token: str, address: str) -> Caller:
        """Nobody: the embedded workspace has no URLs."""
        raise _unknown()


class StoredKeys:
    """Knows the keys in the database; a revoked one is refused at once."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._guesses: OrderedDict[str, dict[bytes, datetime]] = OrderedDict()
        self._seen: set[bytes] = set()

    def check(self, authorization: Sequence[str], address: str) -> Caller:
        """Let in who has a key that works; too many different wrong ones are a 429."""
        key = bearer(authorization)
        caller = self._known(key, "key", address)
        if len(self._seen) < _ADDRESSES:
            self._seen.add(_digest(key))
        return caller

    def check_webhook(self, token: str, address: str) -> Caller:
        """The same for the secret part of a webhook URL."""
        return self._known(token, "webhook", address)

    def _known(self, key: str, kind: str, address: str) -> Caller:
        grant = self._store.read(lambda tx: keys.grant_of(tx, key, kind))
        if grant is None:
            self._count(key, address)
            raise _unknown()
        return Caller(grant.name, grant.workflows, grant.read_only, keys.id_of(key))

    def remembers(self, authorization: Sequence[str]) -> bool:
        """Whether a key was good when it was last looked up."""
        return len(authorization) == 1 and _digest(authorization[0][7:]) in self._seen

    def _count(self, key: str, address: str) -> None:
        now, guess = self._clock(), _digest(key)
        before = self._guesses.pop(address, {})
        recent = {each: at for each, at in before.items() if now - at < WRONG_KEYS_WINDOW}
        self._guesses[address] = recent
        while len(self._guesses) > _ADDRESSES:
            self._guesses.popitem(last=False)
        if guess in recent:
            return
        if len(recent) >= MAX_WRONG_KEYS:
            wait = int((min(recent.values()) + WRONG_KEYS_WINDOW - now).total_seconds()) + 1
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

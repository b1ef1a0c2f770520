"""API keys: ``fd_<key id>_<secret>``, of which only the secret's hash is kept."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select, update

from fdtui.server.store.database import Store, Transaction
from fdtui.server.store.prepared import Prepared
from fdtui.server.store.tables import keys

PREFIX = "fd"
_NOBODY = "0" * 64
_WORKING = Prepared(
    select(keys.c.sha256, keys.c.name, keys.c.workflows, keys.c.read_only).where(
        keys.c.id == bindparam("key"), keys.c.kind == bindparam("kind"), keys.c.revoked.is_(False)
    )
)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a key allows: all ``workflows`` (``None``) or some, reading alone or everything."""

    name: str
    workflows: frozenset[str] | None = None
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class StoredKey:
    """What is known of a key once it is made; ``kind`` is ``key`` or ``webhook``."""

    id: str
    grant: Grant
    kind: str
    created_at: str
    revoked: bool


def create_key(
    store: Store,
    name: str,
    *,
    now: datetime,
    workflows: Collection[str] | None = None,
    read_only: bool = False,
    kind: str = "key",
) -> str:
    """A new key as text; it cannot be read again.

    One of the kind ``webhook`` is the secret part of a URL that takes tasks for its one workflow.
    """
    key_id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    values = {
        "id": key_id,
        "name": name,
        "sha256": _digest(secret),
        "created_at": now.isoformat(timespec="seconds"),
        "revoked": False,
        "kind": kind,
        "workflows": None if workflows is None else json.dumps(sorted(workflows)),
        "read_only": read_only,
    }
    store.write(lambda tx: tx.execute(insert(keys).values(**values)))
    return f"{PREFIX}_{key_id}_{secret}"


def list_keys(store: Store) -> tuple[StoredKey, ...]:
    """All keys ever made, oldest first."""
    query = select(
        keys.c.id,
        keys.c.name,
        keys.c.workflows,
        keys.c.read_only,
        keys.c.kind,
        keys.c.created_at,
        keys.c.revoked,
    ).order_by(keys.c.created_at, keys.c.id)
    return store.read(
        lambda tx: tuple(StoredKey(row[0], _grant(*row[1:4]), *row[4:]) for row in tx.execute(query))
    )


def revoke_key(store: Store, key_id: str) -> bool:
    """Make a key worthless from now on; false if there is none of that id that still works."""
    change = update(keys).where(keys.c.id == key_id, keys.c.revoked.is_(False)).values(revoked=True)
    return store.write(lambda tx: bool(tx.execute(change).rowcount))


def has_keys(tx: Transaction) -> bool:
    """Whether a key was ever made."""
    return bool(tx.execute(select(func.count()).select_from(keys)).scalar())


def grant_of(tx: Transaction, text: str, kind: str = "key") -> Grant | None:
    """What the key ``text`` allows if it still works; takes the same time for any wrong secret."""
    prefix, _, rest = text.partition("_")
    key_id, _, secret = rest.partition("_")
    wanted, *granted = _WORKING.run(tx, key=key_id, kind=kind).first() or (_NOBODY, "", None, True)
    good = hmac.compare_digest(_digest(secret), wanted) and prefix == PREFIX
    return _grant(*granted) if good else None


def id_of(text: str) -> str:
    """The public part of the key ``text``, by which lists and logs name it."""
    return text.split("_")[1]


def _grant(name: str, workflows: str | None, read_only: object) -> Grant:
    return Grant(name, None if workflows is None else frozenset(json.loads(workflows)), bool(read_only))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()

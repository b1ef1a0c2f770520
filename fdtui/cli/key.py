"""``fdtui key``: who may use a server of one's own."""

from __future__ import annotations

import contextlib
import difflib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from fdtui.cli import output
from fdtui.cli.serve import own_database
from fdtui.core.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from fdtui.server.store import Store

_DB = click.option("--db", metavar="URL", help="The server's database, as `fdtui serve` has it.")


@click.group()
def key() -> None:
    """The keys of a server of one's own. They can be read once, when they are made."""


@key.command()
@click.option("--name", default="API", show_default=True, help="What the activity log calls its user.")
@click.option("--workflow", "names", multiple=True, metavar="ID-or-name", help="Only this; repeatable.")
@click.option("--read-only", is_flag=True, help="It can change nothing.")
@_DB
def create(*, name: str, names: tuple[str, ...], read_only: bool, db: str | None) -> None:
    """Make a key and print it."""
    from fdtui.server.store.keys import create_key

    with _store(db) as store:
        workflows = _ids(store, names) if names else None
        made = create_key(store, name, now=_now(), workflows=workflows, read_only=read_only)
    output.data(made)


@key.command()
@click.argument("workflow", metavar="WORKFLOW")
@click.option("--name", default="Webhook", show_default=True, help="What the activity log says.")
@click.option("--url", default="http://127.0.0.1:8300", show_default=True, help="Where the server is.")
@_DB
def webhook(*, workflow: str, name: str, url: str, db: str | None) -> None:
    """Make a secret URL that takes tasks for WORKFLOW without a key, and can read nothing."""
    from fdtui.server.store.keys import create_key

    if urlsplit(url).scheme not in ("http", "https"):
        raise UsageError(f"{url} is no http or https URL.")
    with _store(db) as store:
        ids = _ids(store, [workflow])
        token = create_key(store, name, now=_now(), workflows=ids, kind="webhook")
    output.data(f"{url.rstrip('/')}/api/v1/workflows/{token}/tasks")


@key.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@_DB
def list_(*, as_json: bool, db: str | None) -> None:
    """Print all keys ever made, without their secrets."""
    from fdtui.server.store.keys import list_keys

    with _store(db) as store:
        rows: list[dict[str, Any]] = [
            {
                "id": each.id,
                "kind": each.kind,
                "name": each.grant.name,
                "workflows": None if each.grant.workflows is None else sorted(each.grant.workflows),
                "read_only": each.grant.read_only,
                "created_at": each.created_at,
                "revoked": each.revoked,
            }
            for each in list_keys(store)
        ]
    if as_json:
        output.data(json.dumps(rows, indent=2))
        return
    for row in rows:
        may = "reads" if row["read_only"] else "takes tasks" if row["kind"] == "webhook" else "all"
        where = "" if row["workflows"] is None else f" in {', '.join(row['workflows'])}"
        state = "revoked" if row["revoked"] else f"{may}{where}"
        output.data(f"{row['id']}  {row['created_at']}  {json.dumps(row['name'])}  {state}")


@key.command()
@click.argument("key_id", metavar="ID")
@_DB
def revoke(*, key_id: str, db: str | None) -> None:
    """Make a key or a webhook URL worthless, at once and for good."""
    from fdtui.server.store.keys import revoke_key

    with _store(db) as store:
        if not revoke_key(store, key_id):
            raise NotFoundError(
                f"There is no key {json.dumps(key_id)} that still works.", "`fdtui key list` shows all."
            )


@contextlib.contextmanager
def _store(db: str | None) -> Iterator[Store]:
    from fdtui.server.store import open_store

    with contextlib.closing(open_store(db or own_database())) as store:
        yield store


def _ids(store: Store, names: Iterable[str]) -> list[str]:
    from fdtui.server.store import workspace

    known = store.read(lambda tx: workspace.catalog(store, tx)).workflows
    by_name = {**{each.name: each.id for each in known.values()}, **{name: name for name in known}}
    for name in names:
        if name not in by_name:
            near = difflib.get_close_matches(name, by_name, 1)
            hint = f"Did you mean {json.dumps(near[0])}?" if near else ""
            raise NotFoundError(f"There is no workflow {json.dumps(name)} in this database.", hint)
    return [by_name[name] for name in names]


def _now() -> datetime:
    return datetime.now(UTC)

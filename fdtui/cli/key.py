"""``fdtui key``: who may use your own server."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from fdtui.cli import output
from fdtui.cli.database import db_option, server_store
from fdtui.cli.options import honours, wants_json
from fdtui.core.errors import NotFoundError, UsageError
from fdtui.core.moments import local, read_moment, written
from fdtui.core.names import find_all

if TYPE_CHECKING:
    from fdtui.server.store import Store

_DB = db_option("The server's database, as `fdtui serve` has it.")
_OWN_SERVER_ONLY = "it works on your own server's database, which --db names"


@click.group()
def key() -> None:
    """The keys of your own server. Each is shown once, when it is created."""


@key.command()
@click.option("--name", default="API", show_default=True, help="What the activity log calls its user.")
@click.option("--workflow", "names", multiple=True, metavar="ID-or-name", help="Only this; repeatable.")
@click.option("--read-only", is_flag=True, help="It can change nothing.")
@_DB
@honours((), why=_OWN_SERVER_ONLY, own={"workflow", "read_only"}, writes=True)
def create(*, name: str, names: tuple[str, ...], read_only: bool, db: str | None) -> None:
    """Make a key and print it."""
    from fdtui.server.store.keys import create_key

    with server_store(db) as store:
        workflows = _ids(store, names) if names else None
        made = create_key(store, name, now=_now(), workflows=workflows, read_only=read_only)
    output.data(made)


@key.command()
@click.argument("target", metavar="WORKFLOW")
@click.option("--name", default="Webhook", show_default=True, help="What the activity log says.")
@click.option("--url", default="http://127.0.0.1:8300", show_default=True, help="Where the server is.")
@_DB
@honours((), why=_OWN_SERVER_ONLY, own={"url"}, writes=True)
def webhook(*, target: str, name: str, url: str, db: str | None) -> None:
    """Make a secret URL that takes tasks for WORKFLOW without a key, and can read nothing."""
    from fdtui.server.store.keys import create_key

    if urlsplit(url).scheme not in ("http", "https"):
        raise UsageError(f"{url} is not an http or https URL.")
    with server_store(db) as store:
        ids = _ids(store, [target])
        token = create_key(store, name, now=_now(), workflows=ids, kind="webhook")
    output.data(f"{url.rstrip('/')}/api/v1/workflows/{token}/tasks")


@key.command("list")
@_DB
@honours({"json", "read_only"}, why=_OWN_SERVER_ONLY)
def list_(*, db: str | None) -> None:
    """Print all keys ever made, without their secrets."""
    from fdtui.server.store.keys import list_keys

    with server_store(db) as store:
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
    if wants_json():
        output.json_(rows)
        return
    for row in rows:
        may = "reads" if row["read_only"] else "takes tasks" if row["kind"] == "webhook" else "all"
        where = "" if row["workflows"] is None else f" in {', '.join(row['workflows'])}"
        state = "revoked" if row["revoked"] else f"{may}{where}"
        made = read_moment(row["created_at"])
        when = row["created_at"] if made is None else written(local(made))
        output.data(f"{row['id']}  {when}  {json.dumps(row['name'])}  {state}")


@key.command()
@click.argument("key_id", metavar="ID")
@_DB
@honours((), why=_OWN_SERVER_ONLY, writes=True)
def revoke(*, key_id: str, db: str | None) -> None:
    """Make a key or a webhook URL worthless, at once and for good."""
    from fdtui.server.store.keys import revoke_key

    with server_store(db) as store:
        if not revoke_key(store, key_id):
            raise NotFoundError(
                f"There is no key {json.dumps(key_id)} that still works.", "`fdtui key list` shows all."
            )


def _ids(store: Store, names: Iterable[str]) -> list[str]:
    from fdtui.server.store import workspace

    known = store.read(lambda tx: workspace.catalog(store, tx)).workflows
    return [_id(name, {each.id: each.name for each in known.values()}) for name in names]


def _id(wanted: str, names: Mapping[str, str]) -> str:
    """The id of the workflow of that id or name; ``names`` are all by their ids."""
    found = [wanted] if wanted in names else find_all(wanted, names, lambda key: names[key])
    if len(found) > 1:
        raise UsageError(f"There are {len(found)} workflows {json.dumps(wanted)}.", "Give the id.")
    if not found:
        near = difflib.get_close_matches(wanted, [*names, *names.values()], 1)
        hint = f"Did you mean {json.dumps(near[0])}?" if near else ""
        raise NotFoundError(f"There is no workflow {json.dumps(wanted)} in this database.", hint)
    return found[0]


def _now() -> datetime:
    return datetime.now(UTC)

"""The workspace and its workflows."""

from __future__ import annotations

import json
import secrets

from sqlalchemy import bindparam, func, insert, or_, select, update

from fdtui.core.errors import NotFoundError
from fdtui.core.schema import Workspace
from fdtui.server.store import changes
from fdtui.server.store.database import Store, Transaction
from fdtui.server.store.meta import get, put
from fdtui.server.store.prepared import Prepared
from fdtui.server.store.tables import meta, workflows
from fdtui.server.workflow.catalog import Catalog
from fdtui.server.workflow.definition import Workflow, read, tables_of

# Made once: building a statement takes five times as long as running it.
_MINE = workflows.c.id == bindparam("workflow")
_DATABASE_NAMES = Prepared(
    select(meta.c.key, meta.c.value).where(or_(meta.c.key == "store", meta.c.key == "catalog"))
)
_NEXT_UID = select(workflows.c.next_uid).where(_MINE)
_SET_NEXT_UID = update(workflows).where(_MINE).values(next_uid=bindparam("next"))


def catalog(store: Store, tx: Transaction) -> Catalog:
    """All workflows; read again only when one of them changed."""
    counted = get(tx, "catalog")
    kept: tuple[str, Catalog] | None = store.kept.get("catalog")
    if kept is not None and kept[0] == counted:
        return kept[1]
    rows = tx.execute(select(workflows.c.definition).order_by(workflows.c.place)).scalars()
    fresh = Catalog.of(read(json.loads(definition)) for definition in rows)
    store.kept["catalog"] = (counted, fresh)
    return fresh


def workflow(store: Store, tx: Transaction, workflow_id: str) -> tuple[Catalog, Workflow]:
    """The workflow of that id, with the catalog it stands in; raises `NotFoundError`."""
    known = catalog(store, tx)
    if workflow_id not in known.workflows:
        raise NotFoundError("There is no such workflow.", status=404)
    return known, known.workflows[workflow_id]


def is_empty(tx: Transaction) -> bool:
    """Whether nobody has put a workflow in yet."""
    return not tx.execute(select(func.count()).select_from(workflows)).scalar()


def workspace(tx: Transaction) -> Workspace:
    """The one workspace of this database."""
    return Workspace(get(tx, "workspace_id"), get(tx, "workspace_name"))


def found(tx: Transaction, owner: Workspace) -> None:
    """Say whose database this is."""
    put(tx, "workspace_id", owner.id)
    put(tx, "workspace_name", owner.name)


def add(tx: Transaction, new: Workflow) -> None:
    """Put ``new`` after the workflows that are there."""
    place = tx.execute(select(func.count()).select_from(workflows)).scalar() or 0
    definition = json.dumps(tables_of(new), ensure_ascii=False)
    tx.execute(
        insert(workflows).values(id=new.id, place=place, definition=definition, revision=0, next_uid=1)
    )
    _changed(tx)
    changes.record(tx, new.id, [changes.Note(changes.SHAPE)])


def replace(tx: Transaction, changed: Workflow, *, is_seen_in_tasks: bool = True) -> None:
    """Put ``changed`` in the place of the workflow that had its id.

    ``is_seen_in_tasks`` says that the rows of its tasks, or of those linked with them, may read
    otherwise now: then who follows the changes reads the whole list again.
    """
    definition = json.dumps(tables_of(changed), ensure_ascii=False)
    tx.execute(update(workflows).where(workflows.c.id == changed.id).values(definition=definition))
    _changed(tx)
    kind = changes.SHAPE if is_seen_in_tasks else changes.PEOPLE
    changes.record(tx, changed.id, [changes.Note(kind)])


def _changed(tx: Transaction) -> None:
    """Name the new state of the definitions; by chance, so that one that was never committed, and that
    somebody may have kept, has a name that no other will get.
    """
    put(tx, "catalog", secrets.token_hex(8))


def revision(tx: Transaction, known: Catalog, workflow_id: str) -> str:
    """A tag that changes whenever an answer about the workflow's tasks could, in any database."""
    names = dict(_DATABASE_NAMES.run(tx))
    counts = (changes.revision(tx, each) for each in known.touched_by(workflow_id))
    return "-".join([names.get("store", ""), *map(str, counts), names.get("catalog", "")])


def take_uid(tx: Transaction, workflow_id: str) -> int:
    """The next number of an autoincremented unique id."""
    number = int(tx.execute(_NEXT_UID, {"workflow": workflow_id}).scalar_one())
    set_next_uid(tx, workflow_id, number + 1)
    return number


def next_uid(tx: Transaction, workflow_id: str) -> int:
    """What `take_uid` would give."""
    return int(tx.execute(_NEXT_UID, {"workflow": workflow_id}).scalar_one())


def set_next_uid(tx: Transaction, workflow_id: str, number: int) -> None:
    """Let `take_uid` go on from ``number``."""
    tx.execute(_SET_NEXT_UID, {"workflow": workflow_id, "next": number})

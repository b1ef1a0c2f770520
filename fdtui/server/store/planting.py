"""A new workspace with its first workflows and tasks, put into an empty database at once."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import datetime

from fdtui.core.errors import StorageError
from fdtui.core.schema import Workspace
from fdtui.server.attachments import Upload
from fdtui.server.sample import Sample
from fdtui.server.store import blobs, checklists, comments, links, tasks, workspace
from fdtui.server.store.checklists import StoredItem
from fdtui.server.store.database import Store, Transaction
from fdtui.server.workflow import naming
from fdtui.server.workflow.catalog import Catalog


def plant(store: Store, owner: Workspace, samples: Sequence[Sample]) -> None:
    """Everything of ``samples`` in one transaction; raises `StorageError` unless the store is empty."""

    def work(tx: Transaction) -> None:
        if not workspace.is_empty(tx):
            raise StorageError("The database holds a workspace already.")
        workspace.found(tx, owner)
        for sample in samples:
            _plant_tasks(tx, sample)
        catalog = Catalog.of(sample.workflow for sample in samples)
        for sample in samples:
            _plant_links(tx, sample, catalog)

    store.write(work)


def _plant_tasks(tx: Transaction, sample: Sample) -> None:
    workspace.add(tx, sample.workflow)
    for record in sample.records:
        tasks.add(tx, sample.workflow.id, record)
    for task, field, file in sample.files:
        upload = Upload(file["filename"], file["contentType"], base64.b64decode(file["base64contents"]))
        blobs.put(tx, task, field, upload, file["blobId"])
    _plant_details(tx, sample)
    numbers = [int(each.uid) for each in sample.records if each.uid and each.uid.isdecimal()]
    workspace.set_next_uid(tx, sample.workflow.id, max(numbers, default=0) + 1)


def _plant_details(tx: Transaction, sample: Sample) -> None:
    """Comments and checklists, as if the tasks had come where they are by the ordinary way."""
    told = sample.details
    ids = {record.uid: record.id for record in sample.records}
    ticked = {(uid, title): (status, who) for uid, title, status, who in told["ticked"]}
    for record in sample.records:
        for title in sample.workflow.checklists.get(record.stage, ()):
            status, who = ticked.get((record.uid, title), (checklists.BLANK, None))
            id_ = naming.made(record.id, title)
            item = StoredItem(id_, title, record.stage, status, who, template=True)
            checklists.add(tx, record.id, item)
    for uid, stage, title, status, who in told["items"]:
        if uid in ids:
            item = StoredItem(naming.made(ids[uid], title), title, stage, status, who)
            checklists.add(tx, ids[uid], item)
    for uid, author, at, body in told["comments"]:
        if uid in ids:
            comments.add(tx, ids[uid], author, body, datetime.fromisoformat(at))


def _plant_links(tx: Transaction, sample: Sample, catalog: Catalog) -> None:
    for side in catalog.sides(sample.workflow.id):
        if side.left:
            wanted = [(task, uid) for link, task, uid in sample.links if link == side.link]
            ids = tasks.ids_of(tx, side.other, [uid for _, uid in wanted])
            for task in dict.fromkeys(task for task, _ in wanted):
                others = [ids[uid] for mine, uid in wanted if mine == task]
                links.replace(tx, side, task, others)

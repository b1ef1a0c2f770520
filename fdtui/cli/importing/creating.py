"""`--create` and `--extend`: the workflow is made to fit the file, in a database of your own."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fdtui.cli import output
from fdtui.cli.client import ConnectedWorkflow, whole_schema
from fdtui.cli.database import workspace_at, workspace_url
from fdtui.cli.importing.job import ImportJob, ImportWish
from fdtui.cli.importing.journey import ImportProgress
from fdtui.cli.importing.matching import matched, sample_of
from fdtui.cli.importing.origin import OpenFile
from fdtui.cli.importing.restoring import restored
from fdtui.cli.options import settings_here
from fdtui.core.errors import ConfigError, NotFoundError, UsageError
from fdtui.core.frozen import frozen, replace
from fdtui.core.names import find_all, plain
from fdtui.core.safetext import quoted, safe
from fdtui.core.schema import Field, Schema, WorkflowRef
from fdtui.importing.drafting import WorkflowDraft, drafted, missing
from fdtui.importing.mapping import role_of
from fdtui.importing.rows import ColumnRole

if TYPE_CHECKING:
    from fdtui.server.store import Store
    from fdtui.server.workflow.definition import Workflow


@frozen
class WorkflowWish:
    """Whether a workflow is to be made, or changed; and in which database."""

    create: str = ""
    extends: bool = False
    db: str | None = None
    workflow: str | None = None


def import_into_own(file: OpenFile, wish: ImportWish, wanted: WorkflowWish) -> ImportProgress:
    """Show what would be made, try all of it on a copy, ask, make it, and import.

    Raises `UsageError` where the settings name a server and no database.
    """
    url = workspace_url(wanted.db, is_writing=not wish.is_rehearsed)
    with workspace_at(url) as store:
        before = _found(store, wanted)
        if not wanted.create or before is None:
            definition, changes, wish = _planned(store, file, wish, wanted, before)
    if wanted.create and before is not None:
        return _gone_on(url, before, file, wish)
    for each in changes:
        output.notify(f"  + {safe(each)}")
    if wish.is_rehearsed or not wish.is_agreed:
        tried = _tried(url, before, definition, file, wish)
        if wish.is_rehearsed:
            return tried
        if not output.confirm("Import this?", "Use --yes to agree to it."):
            raise click.Abort
    if changes:
        _apply(url, definition)
    return asyncio.run(_imported(url, definition, file, replace(wish, is_agreed=True)))


def _gone_on(url: str, before: Workflow, file: OpenFile, wish: ImportWish) -> ImportProgress:
    """What was begun with this workflow; raises `UsageError` where it was not begun by an import."""
    try:
        return asyncio.run(_imported(url, before, file, wish, goes_on=True))
    except NotFoundError:
        raise UsageError(
            f"There is a workflow {quoted(before.name)} already.",
            "Import into it with --workflow, and add what it lacks with --extend.",
        ) from None


def _planned(
    store: Store, file: OpenFile, wish: ImportWish, wanted: WorkflowWish, before: Workflow | None
) -> tuple[Workflow, tuple[str, ...], ImportWish]:
    """The workflow as it is to be, what is new in it, and what then is to be imported."""
    from fdtui.server import workflow_apply
    from fdtui.server.workflow import exporting

    text = file.archive.workflow() if file.archive is not None else ""
    if before is None and text:
        known = _known(store)
        made, lost = restored(text, file.name, wanted.create, _free_id(wanted.create, known), known)
        for each in lost:
            output.notify(f"The link {quoted(each)} leads to no workflow here, so it is left out.")
        return made, (f"workflow {made.name}, as it was",), _without(wish, lost)
    if before is None:
        draft = drafted(file.rows(), file.source.roles, wish.said.people, file.stages())
        _tell_of_names(draft, file)
        made = _new(store, wanted.create, draft)
    elif wanted.extends:
        mapping = matched(file, sample_of(file), before.schema, wish.said)
        draft = missing(file.rows(), mapping, file.source.roles, before.schema)
        made = _extended(before, draft)
    else:
        return before, (), wish
    if not draft.says:
        return before or made, (), wish
    try:
        source = f"the workflow for {file.name}"
        return workflow_apply.read_file(store, exporting.export(made), source), draft.says, wish
    except ConfigError as error:
        raise UsageError(error.message, error.hint) from None


def _tell_of_names(draft: WorkflowDraft, file: OpenFile) -> None:
    """Say why nobody is assigned where the file has names of people."""
    roles = file.source.roles
    for each in draft.fields:
        if role_of(each.name, roles) is ColumnRole.ASSIGNEE and not draft.people:
            output.notify(
                f"{quoted(each.name)} stays a text, because it holds names without an e-mail:"
                ' say who they are with --person "NAME=E-MAIL".'
            )


def _new(store: Store, name: str, draft: WorkflowDraft) -> Workflow:
    from fdtui.server.workflow.definition import Workflow as Definition

    schema = Schema(draft.stages, _with_ids(draft.fields, ()), draft.people)
    people = tuple(replace(each, id=f"p{at}") for at, each in enumerate(draft.people, 1))
    schema = replace(schema, people=people)
    return Definition(_free_id(name, _known(store)), name, schema)


def _known(store: Store) -> Mapping[str, Workflow]:
    from fdtui.server.store import workspace

    return store.read(lambda tx: workspace.catalog(store, tx)).workflows


def _free_id(name: str, taken: Mapping[str, Workflow]) -> str:
    """An id for a workflow of that name."""
    stem = re.sub(r"[^a-z0-9]+", "-", plain(name)).strip("-")[:40] or "workflow"
    ids = (stem if not at else f"{stem}-{at}" for at in range(len(taken) + 1))
    return next(each for each in ids if each not in taken)


def _without(wish: ImportWish, columns: tuple[str, ...]) -> ImportWish:
    """``wish`` with ``columns`` left out, where the file has them."""
    pairs = tuple((name, "") for name in columns)
    said = replace(wish.said, columns=(*wish.said.columns, *pairs), saved=(*wish.said.saved, *pairs))
    return replace(wish, said=said)


def _extended(before: Workflow, draft: WorkflowDraft) -> Workflow:
    import dataclasses

    schema, options = before.schema, dict(draft.options)
    fields = tuple(
        replace(each, options=(*each.options, *options.get(each.name, ()))) for each in schema.fields
    )
    ids = {each.id for each in schema.people}
    free = (each for at in range(1, 100_000) if (each := f"p{at}") not in ids)
    people = tuple(replace(each, id=next(free)) for each in draft.people)
    opening = [each for each in (*schema.stages, *draft.stages) if not each.end]
    ending = [each for each in (*schema.stages, *draft.stages) if each.end]
    changed = replace(
        schema,
        stages=(*opening, *ending) if draft.stages else schema.stages,
        fields=(*fields, *_with_ids(draft.fields, fields)),
        people=(*schema.people, *people),
    )
    return dataclasses.replace(before, schema=changed)


def _with_ids(fields: tuple[Field, ...], there: tuple[Field, ...]) -> tuple[Field, ...]:
    taken = {each.id for each in there}
    free = (each for at in range(1, 100_000) if (each := f"f{at}") not in taken)
    return tuple(replace(each, id=next(free)) for each in fields)


def _found(store: Store, wanted: WorkflowWish) -> Workflow | None:
    """The workflow that is meant; ``None`` where it is to be made."""
    known = _known(store)
    usual = settings_here().profile.workflow if wanted.db is None else ""
    said = wanted.create or wanted.workflow or usual or None
    if said is None:
        if len(known) != 1:
            raise UsageError(f"There are {len(known)} workflows.", "Choose one with --workflow.")
        return next(iter(known.values()))
    found = known.get(said) or next(iter(find_all(said, known.values(), lambda each: each.name)), None)
    if found is None and not wanted.create:
        raise NotFoundError(f"There is no workflow {quoted(said[:80])}.")
    return found


def _tried(
    url: str, before: Workflow | None, definition: Workflow, file: OpenFile, wish: ImportWish
) -> ImportProgress:
    """The whole import on a copy, which is thrown away."""
    from fdtui.server.store import backups, open_store
    from fdtui.server.store.engines import file_of, parse_url

    if before is not None and file_of(parse_url(url)) is None:
        raise UsageError("--extend cannot be tried on PostgreSQL.", "Say --yes without --dry-run.")
    with tempfile.TemporaryDirectory(prefix="fdtui-") as folder:
        copy = Path(folder, "copy.db")
        if before is not None:
            backups.back_up(url, copy)
        else:
            open_store(f"sqlite:///{copy}").close()
        _apply(f"sqlite:///{copy}", definition)
        rehearsed = replace(wish, is_rehearsed=True, save_map=wish.save_map * wish.is_rehearsed)
        return asyncio.run(_imported(f"sqlite:///{copy}", definition, file, rehearsed))


def _apply(url: str, definition: Workflow) -> None:
    from fdtui.server import workflow_apply
    from fdtui.server.store.activity import Actor

    with workspace_at(url, is_writing=True) as store:
        actor = Actor(os.environ.get("USER") or "fdtui", datetime.now(UTC))
        workflow_apply.apply(store, definition, actor)


async def _imported(
    url: str, workflow: Workflow, file: OpenFile, wish: ImportWish, *, goes_on: bool = False
) -> ImportProgress:
    """Import into the database; where it only ``goes_on``, `NotFoundError` if nothing was begun."""
    from fdtui import wiring
    from fdtui.sync.reading.opening import Hints
    from fdtui.wiring.embedded import embedded

    options = wiring.options_of(settings_here())
    gateway = await asyncio.to_thread(embedded, url, options)
    try:
        schema = await whole_schema(gateway, workflow.id, Hints(None, ()))
        job = ImportJob(ConnectedWorkflow(gateway, _ref(workflow), schema), file, wish, place=url)
        if goes_on and not job.was_begun:
            raise NotFoundError("No import was begun.")
        return await job.run()
    finally:
        await gateway.aclose()


def _ref(workflow: Workflow) -> WorkflowRef:
    return WorkflowRef(workflow.id, workflow.name)

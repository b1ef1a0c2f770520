"""An import from what was said to its end: columns are matched, all is tried, asked about and done."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path

import click

from fdtui.cli import output
from fdtui.cli.client import ConnectedWorkflow
from fdtui.cli.importing.journey import ImportProgress, ProgressFile
from fdtui.cli.importing.mapping_file import SaidMapping, save_mapping
from fdtui.cli.importing.matching import matched, order_of, sample_of
from fdtui.cli.importing.origin import OpenFile
from fdtui.cli.importing.preview import show_mapping, summary
from fdtui.cli.importing.rejects import RejectFile
from fdtui.cli.importing.run import ImportRun
from fdtui.cli.options import settings_here, wants_json
from fdtui.cli.progress import CommandProgress
from fdtui.config.paths import find_folders
from fdtui.core.frozen import frozen
from fdtui.core.safetext import safe
from fdtui.core.schema import TASK_URL
from fdtui.importing.mapping import guessed
from fdtui.importing.moments import DateOrder
from fdtui.importing.preparing import RowPreparer
from fdtui.importing.rows import ColumnRole
from fdtui.importing.values import CellReading

_TOLD = ("created", "changed", "refused")


@frozen
class ImportWish:
    """What the options say."""

    said: SaidMapping
    order: DateOrder | None = None
    rejects: str = ""
    save_map: str = ""
    is_agreed: bool = False
    is_rehearsed: bool = False
    is_quiet: bool = False
    takes_archived: bool = False
    again: bool = False
    """Whether a file that was imported is to be imported once more, though that makes new tasks."""


class ImportJob:
    """One file, one workflow, one wish; ``place`` names the database where the settings do not."""

    def __init__(
        self, connected: ConnectedWorkflow, file: OpenFile, wish: ImportWish, place: str = ""
    ) -> None:
        self._connected, self._file, self._wish, self._place = connected, file, wish, place
        self._sample = sample_of(file)
        self._mapping = matched(file, self._sample, connected.schema, wish.said)
        order = wish.order or order_of(file, self._sample, self._mapping, connected.schema)
        is_exact = file.archive is not None
        self._reading = CellReading(
            connected.schema, order, people=self._mapping.people, is_exact=is_exact
        )
        self._kept = self._progress_file()
        before = self._kept.read()
        self.was_begun = before.is_begun
        self.goes_on = before.is_begun and not before.is_finished
        """Whether this import was begun before, and ended before its end."""
        self._rejects = (
            RejectFile(Path(wish.rejects).absolute(), file.source)
            if wish.rejects
            else RejectFile.beside(file.name, file.source)
        )

    async def run(self) -> ImportProgress:
        """Try it, ask, and do it, as far as that was wished for."""
        wish = self._wish
        before = self._kept.read()
        if before.is_finished and not wish.is_rehearsed:
            if not (self._has_ids or wish.again):
                output.notify(
                    "This file was imported already, and its rows have no unique ids: --again makes"
                    " all of its tasks once more."
                )
                return before
            self._kept.begin_again()
        if not wish.is_quiet:
            show_mapping(self._mapping, [row.values for row in self._sample])
            self._offer()
        if not self.goes_on:
            self._rejects.check()
        if wish.save_map:
            save_mapping(Path(wish.save_map), self._mapping, replaces=False)
        if wish.is_rehearsed:
            return await self._passed(None)
        if not (wish.is_agreed or self.goes_on):
            await self._passed(None)
            if not output.confirm("Import this?", "Use --yes to agree to it."):
                raise click.Abort
        return await self._passed(self._kept)

    def _offer(self) -> None:
        """Say how what has no place here could get one, where that can be done."""
        roles = self._file.source.roles
        lost = [
            column
            for column in self._mapping.left_out
            if column != TASK_URL
            and roles.get(column) is not ColumnRole.LEFT_OUT
            and any(row.values.get(column) not in (None, "", []) for row in self._sample)
        ]
        if lost and settings_here().profile.local and self._file.archive is None:
            what = "1 column has" if len(lost) == 1 else f"{len(lost)} columns have"
            output.notify(f"{what} no field here; --extend adds what the workflow lacks.")

    @property
    def _has_ids(self) -> bool:
        """Whether a row that was imported before is found again."""
        unique_id = self._connected.schema.unique_id
        return unique_id is not None and unique_id.name in self._mapping.targets.values()

    async def _passed(self, kept: ProgressFile | None) -> ImportProgress:
        """Go through the file once; without a place to keep how far that is, nothing remains of it."""
        wish = self._wish
        run = ImportRun(
            self._connected,
            self._file,
            self._preparer(),
            self._rejects,
            kept=kept,
            restores=self._file.archive is not None,
            is_archive_wanted=wish.takes_archived,
            is_read_only=settings_here().profile.read_only,
        )
        if run.progress.is_begun and not wish.is_quiet:
            output.notify(f"Going on behind {run.progress.rows:,} rows that were imported before.")
        with CommandProgress() as shown:
            done = await run.run(shown)
        if run.archived and not wish.is_quiet:
            output.notify(f"{run.archived:,} archived or deleted left out; --archived takes them.")
        self._tell(done, is_tried=kept is None)
        return done

    def _tell(self, done: ImportProgress, *, is_tried: bool) -> None:
        is_last = not is_tried or self._wish.is_rehearsed
        where = str(self._rejects.path) if done.rejects else None
        if where:
            output.notify(f"What was refused is in {safe(where)}: correct it, and import that file.")
        if wants_json():
            if is_last:
                told = {name: value for name, value in asdict(done).items() if name in _TOLD}
                output.json_({**told, "rejects": where})
        elif not self._wish.is_quiet:
            (output.data if is_last else output.notify)(summary(done, is_rehearsed=is_tried))

    def _preparer(self) -> RowPreparer:
        def guess(column: str) -> str:
            found = guessed([column], self._file.source.roles, self._connected.schema)
            target = found.targets.get(column, "")
            return "" if target in self._mapping.targets.values() else target

        return RowPreparer(self._file.source, self._mapping, self._reading, guess)

    def _progress_file(self) -> ProgressFile:
        profile, mapping = settings_here().profile, self._mapping
        place = self._place or profile.url or f"local {profile.name} {profile.database}"
        matched = str((sorted(mapping.targets.items()), mapping.stages, mapping.people))
        parts = [self._file.digest, place, self._connected.workflow.id, matched]
        return ProgressFile(find_folders(os.environ).data, parts)

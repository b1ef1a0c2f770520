"""An import under way: rows are read, prepared, sent in parts, and those that cannot be are kept."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from itertools import islice

from fdtui.cli import output
from fdtui.cli.client import ConnectedWorkflow
from fdtui.cli.importing.journey import ImportProgress, ProgressFile
from fdtui.cli.importing.origin import OpenFile
from fdtui.cli.importing.rejects import RejectFile
from fdtui.cli.progress import CommandProgress
from fdtui.core.answers import Creation, ManyAtOnce, WholeTask
from fdtui.core.errors import FdtuiError, InvalidError
from fdtui.core.fields import same
from fdtui.core.safetext import safe
from fdtui.core.task import uid_of
from fdtui.core.values import Row
from fdtui.importing.preparing import PreparedRow, RowPreparer
from fdtui.importing.rows import SourceRow

PART = 1_000
"""Rows that are sent together, and after which it is kept how far the import is."""
MOST_TOLD = 20
"""Rows that are told one by one when they cannot be imported."""
TWICE = "another row of the file has the same unique id"


_NONE = (0, PreparedRow(SourceRow(0, {})))


class ImportRun:
    """One import; without a `ProgressFile` it is rehearsed, and nothing remains of it.

    ``restores`` says that the tasks are our own, with all that only the workflow gives otherwise.
    """

    def __init__(
        self,
        connected: ConnectedWorkflow,
        file: OpenFile,
        preparer: RowPreparer,
        rejects: RejectFile,
        *,
        kept: ProgressFile | None,
        restores: bool = False,
        is_archive_wanted: bool = False,
        is_read_only: bool = False,
    ) -> None:
        self._connected, self._file, self._preparer = connected, file, preparer
        self._rejects, self._kept, self._archive = rejects, kept, file.archive
        self._takes_archived, self._is_read_only = is_archive_wanted, is_read_only
        self.progress = kept.read() if kept else ImportProgress()
        if self.progress.rejects:
            rejects.path = rejects.path.with_name(self.progress.rejects)
            rejects.go_on(self.progress.rejects_size)
        unique_id = connected.schema.unique_id
        self._unique_id = unique_id.name if unique_id is not None else None
        self._how = ManyAtOnce(restores=restores, is_rehearsed=kept is None)
        self._seen: set[int] = set()
        self._there: set[int] = set()
        """Unique ids of tasks that are there already, where the install does not tell what is new."""
        self._told = 0
        self._has_links = False
        self.archived = 0

    async def run(self, shown: CommandProgress) -> ImportProgress:
        """Import what is left of the file; raises `ApiError` for what concerns all of it."""
        done = self.progress
        self._save()  # its name is known before anything is sent by it
        if not self._is_known_again or self._is_read_only:
            self._there = {hash(uid) for row in await self._listed() if (uid := self._uid(row))}
        rows = self._numbered(shown)
        passed = [prepared for _, prepared in islice(rows, done.rows)] if self._is_doubtful else None
        if passed is None:
            for _ in islice(rows, done.rows):
                pass  # only to know the unique ids
        else:
            await self._find_doubtful(passed, rows)
        while part := list(islice(rows, PART)):
            await self._part(part)
        if self._has_links:
            await self._link()
        done.is_finished = True
        self._save()
        return done

    # ---- the tasks ----

    def _numbered(self, shown: CommandProgress) -> Iterator[tuple[int, PreparedRow]]:
        """Each row with its number in the file, archived ones left out."""
        number = 0
        for source in self._file.rows():
            if source.is_archived and not self._takes_archived:
                self.archived += 1
                continue
            prepared = self._checked(self._preparer.prepare(source))
            self._has_links = self._has_links or bool(prepared.links)
            number += 1
            shown.tell(lambda count=number: f"{count:,} rows, {self._file.share():.0%} of the file")  # type: ignore[misc]
            yield number, prepared

    def _checked(self, prepared: PreparedRow) -> PreparedRow:
        """With a problem where a row before has its unique id: one of them would be lost."""
        uid = self._uid(prepared.row)
        if uid is None:
            return prepared
        known = hash(uid)
        if known not in self._seen:
            self._seen.add(known)
            return prepared
        column = self._preparer.column_of(self._unique_id or "")
        return PreparedRow(prepared.source, problems=(*prepared.problems, (column, TWICE)))

    async def _part(self, part: Sequence[tuple[int, PreparedRow]]) -> None:
        sent = (self._whole(each) for _, each in part if not each.problems)
        rows = iter(part)
        async for answer in self._answers(sent, f"{self.progress.name}-{part[0][0]}"):
            number, prepared = self._pass_bad(rows)
            self._settle(answer, prepared)
            if answer.row is not None and not self._is_known_again:
                self._keep(number)  # it was sent alone: what is done must not be done again
        self._pass_bad(rows)
        self._keep(part[-1][0])

    async def _answers(self, sent: Iterator[Row | WholeTask], once: str) -> AsyncIterator[Creation]:
        """What becomes of each; where nothing may leave the program, that is not known."""
        if self._is_read_only:
            for _ in sent:
                yield Creation()
            return
        gateway, workflow = self._connected.gateway, self._connected.workflow.id
        async for answer in gateway.create_many(workflow, sent, how=self._how, once=once):
            yield answer

    def _pass_bad(self, rows: Iterator[tuple[int, PreparedRow]]) -> tuple[int, PreparedRow]:
        """The next row that was sent; those before it that could not be are refused, in their order."""
        for number, prepared in rows:
            if not prepared.problems:
                return number, prepared
            self._refuse([prepared])
        return _NONE

    def _whole(self, prepared: PreparedRow) -> Row | WholeTask:
        row = prepared.row if self._archive is None else self._archive.loaded(prepared.row)
        if prepared.links and self._uid(row) is None:
            row = {**row, **prepared.links}  # nothing would find it a second time
        if prepared.comments or prepared.checklist:
            return WholeTask(row, prepared.comments, prepared.checklist)
        return row

    def _settle(self, answer: Creation, prepared: PreparedRow) -> None:
        if answer.error is not None:
            self._refuse([self._refused(answer.error, prepared)])
        elif answer.is_new is False or hash(self._uid(prepared.row)) in self._there:
            self.progress.changed += 1
        else:
            self.progress.created += 1

    def _refused(self, error: FdtuiError, prepared: PreparedRow) -> PreparedRow:
        problems: list[tuple[str, str]] = []
        if isinstance(error, InvalidError):
            problems = [
                (self._preparer.column_of(name), ", ".join(says)) for name, says in error.fields.items()
            ]
            problems += [("", each) for each in error.errors]
        return PreparedRow(prepared.source, problems=tuple(problems) or (("", error.message),))

    def _refuse(self, rows: Sequence[PreparedRow]) -> None:
        """Tell why, and write down what stands in the file."""
        told = []
        for each in rows:
            why = self._words(each)
            if self._told < MOST_TOLD:
                output.notify(why)
            self._told += 1
            told.append((each.source.raw, why))
        self.progress.refused += len(rows)
        if self._kept and told:
            self._rejects.add(told)
            self.progress.rejects = self._rejects.path.name

    def _words(self, prepared: PreparedRow) -> str:
        columns = self._file.source.columns
        noun, line = self._file.source.noun, prepared.source.line
        parts = []
        for column, why in prepared.problems:
            place = f"column {columns.index(column) + 1} ({safe(column)})" if column in columns else ""
            where = place or safe(column)
            parts.append(f"{where}: {why}" if where else why)
        return f"{noun.capitalize()} {line}, {'; '.join(parts)}."

    def _keep(self, number: int) -> None:
        self.progress.rows = number
        self._save()

    def _save(self) -> None:
        if self._kept:
            self.progress.rejects_size = self._rejects.size
            self._kept.save(self.progress)

    # ---- what they are linked with ----

    async def _link(self) -> None:
        """Say once more, now that all tasks are there, with what they are linked."""
        done, number, bodies = self.progress, 0, list[tuple[int, PreparedRow, Row]]()
        for source in self._file.rows():
            if source.is_archived and not self._takes_archived:
                continue
            number += 1
            prepared = self._preparer.prepare(source) if number > done.linked else None
            if prepared is None or prepared.problems or not prepared.links:
                continue
            uid = self._uid(prepared.row)
            if uid is not None and self._unique_id is not None:
                bodies.append((number, prepared, {self._unique_id: uid, **prepared.links}))
            if len(bodies) == PART:
                await self._link_part(bodies)
                bodies = []
        if bodies:
            await self._link_part(bodies)

    async def _link_part(self, part: Sequence[tuple[int, PreparedRow, Row]]) -> None:
        bodies = (body for _, _, body in part)
        at = 0
        async for answer in self._answers(bodies, f"{self.progress.name}-links-{part[0][0]}"):
            number, prepared, _ = part[at]
            at += 1
            if answer.error is not None:
                self._refuse([self._refused(answer.error, prepared)])
            if answer.row is not None and not self._is_known_again:
                self.progress.linked = number
                self._save()
        self.progress.linked = part[-1][0]
        self._save()

    # ---- going on ----

    @property
    def _is_doubtful(self) -> bool:
        """Whether the next row may be there already, though nobody knows it."""
        return self.progress.is_begun and not self._is_known_again

    @property
    def _is_known_again(self) -> bool:
        """Whether a request that was sent before is known by its name, and not done again."""
        return self._connected.gateway.keeps_keys_for > 0

    async def _find_doubtful(
        self, passed: Sequence[PreparedRow], rows: Iterator[tuple[int, PreparedRow]]
    ) -> None:
        """Look whether the row that was on its way has arrived, where nothing else would show it."""
        found = next(rows, None)
        if found is None:
            return
        number, prepared = found
        if self._uid(prepared.row) is None and not prepared.problems:
            alike = sum(self._is_alike(prepared.row, row) for row in await self._listed())
            before = sum(each.row == prepared.row for each in passed)
            if alike > before:
                output.notify(f"{self._file.source.noun.capitalize()} {prepared.source.line} arrived.")
                self.progress.created += 1
                self._keep(number)
                return
        await self._part([found])

    async def _listed(self) -> Sequence[Row]:
        listing = await self._connected.gateway.tasks(self._connected.workflow.id)
        return listing.rows if listing else ()

    def _uid(self, row: Row) -> str | None:
        return uid_of(row, self._unique_id)

    def _is_alike(self, wanted: Row, row: Row) -> bool:
        schema = self._connected.schema
        return all(same(schema.meant(name), value, row.get(name)) for name, value in wanted.items())

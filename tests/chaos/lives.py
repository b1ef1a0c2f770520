"""Sessions in processes of their own, with the storage that the program has, to be really killed.

A life is forked from a process that has imported everything, and is told over a pipe what its user
does. What it answers is what a board would show.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from fdtui.core.intents import AddComment, AssignTask, DeleteTask, MoveTask, SetFields
from fdtui.core.schema import ASSIGNEE, STAGE
from fdtui.core.state import ConnectionState, State
from fdtui.core.task import Task
from fdtui.sync.session import Session
from tests.chaos import failing_disk
from tests.chaos.failing_disk import DiskFault
from tests.chaos.office import ME, WORKFLOW

_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(["tests.chaos.preload"])


class Life:
    """A session in a process; ``folder`` outlives it."""

    def __init__(self, url: str, key: str, folder: Path, disk: DiskFault | None = None) -> None:
        self._ours, theirs = _FORKING.Pipe()
        self._process = _FORKING.Process(
            target=_main, args=(theirs, url, key, str(folder), disk), daemon=True
        )
        self._process.start()
        theirs.close()

    def ask(self, what: str, timeout: float = 60, **how: Any) -> Any:
        """Let it do something; its answer."""
        self.tell(what, **how)
        return self.hear(timeout)

    def tell(self, what: str, **how: Any) -> None:
        """Let it do something, and do not wait."""
        self._ours.send((what, how))

    def hear(self, seconds: float = 60) -> Any:
        """What it answers to what it was told first."""
        assert self._ours.poll(seconds), "the session does not answer"
        return self._ours.recv()

    def kill(self) -> None:
        """End it as a crash does."""
        if self._process.is_alive():
            assert self._process.pid is not None
            os.kill(self._process.pid, signal.SIGKILL)
        self._process.join(20)
        self._process.close()
        self._ours.close()


def _main(pipe: Connection, url: str, key: str, folder: str, disk: DiskFault | None) -> None:
    if disk is not None:
        failing_disk.arm(disk)
    asyncio.run(_live(pipe, url, key, Path(folder)))


async def _live(pipe: Connection, url: str, key: str, folder: Path) -> None:
    loop, told = asyncio.get_running_loop(), asyncio.Queue[Any]()
    loop.add_reader(pipe.fileno(), lambda: told.put_nowait(pipe.recv()))
    mind = _Mind(url, key, folder)
    run = asyncio.create_task(mind.session.run())
    try:
        while True:
            what, how = await told.get()
            pipe.send(await getattr(mind, f"do_{what}")(**how))
    except EOFError:
        run.cancel()


class _Mind:
    """The session, and what its user asks of it."""

    def __init__(self, url: str, key: str, folder: Path) -> None:
        self._notices: list[str] = []
        self._said: set[tuple[str, str]] = set()
        self._changed = asyncio.Event()
        self.session, self._path = _session(url, key, folder, self._notices.append)
        self.session.on_change = self._see
        self.session.on_notice = lambda notice: self._hear(notice.text)
        self._see(self.session.state)

    def _see(self, state: State) -> None:
        for each in state.pending:
            if each.saved and isinstance(each.intent, AddComment):
                self._said.add((each.key, each.intent.body))
        self._wake()

    def _hear(self, text: str) -> None:
        self._notices.append(text)
        self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def _until(self, holds: Callable[[], object], seconds: float = 10) -> bool:
        try:
            async with asyncio.timeout(seconds):
                while not holds():
                    await self._changed.wait()
        except TimeoutError:
            return False
        return True

    @property
    def _state(self) -> State:
        return self.session.state

    def _task(self, uid: str) -> Task | None:
        return next((each for each in self._state.shown.values() if each.uid == uid), None)

    # ---- what it can be asked ----

    async def do_view(self, *, connected: bool = True) -> dict[str, Any]:
        """What the board shows, once it is known how it stands with the server."""
        if connected:
            await self._until(lambda: self._state.connection is not ConnectionState.CONNECTING)
        state = self._state
        return {
            "live": state.connection is ConnectionState.LIVE,
            "rows": {task.uid: dict(task.row) for task in state.shown.values() if task.uid},
            "waiting": len(self.session.waiting),
            "told": self._told(),
            "notices": list(self._notices),
        }

    def _told(self) -> list[str]:
        """The tasks of which it says, on the card or in its list, that something did not get through."""
        state = self._state
        names = {key: task.uid or "" for key, task in state.shown.items()}
        listed = [each.task.key for each in self.session.waiting.entries()]
        return sorted({names.get(key, key) for key in (*state.conflicts, *state.refused, *listed)})

    async def do_edit(self, uid: str, field: str, value: str | None) -> dict[str, Any]:
        """Change a field; whether the board shows it, and what it was."""
        task = self._task(uid)
        if task is None:
            return {"taken": False, "there": False}
        was, heard = task.row.get(field), len(self._notices)
        if field == STAGE:
            self.session.perform(MoveTask(task.key, str(value)))
        elif field == ASSIGNEE:
            self.session.perform(AssignTask(task.key, value))
        else:
            self.session.perform(SetFields(task.key, ((field, value),)))

        def is_shown() -> bool:
            there = self._task(uid)
            return self._is_saved(uid) and there is not None and there.row.get(field) == value

        await self._until(lambda: is_shown() or len(self._notices) > heard, 5)
        return {"taken": is_shown(), "there": True, "was": was, "notices": self._notices[heard:]}

    async def do_create(self, uid: str, name: str) -> dict[str, Any]:
        """Make a task; whether the board shows it."""
        self.session.create({"ID": uid, "Name": name})
        taken = await self._until(lambda: name in self._names(), 5)
        return {"taken": taken and await self._until(lambda: not self._state.unsaved, 5)}

    def _is_saved(self, uid: str) -> bool:
        """Whether the board would show a change of it as more than being saved."""
        return not any(
            each.uid == uid and each.key in self._state.unsaved for each in self._state.shown.values()
        )

    def _names(self) -> set[object]:
        return {task.row.get("Name") for task in self._state.shown.values()}

    async def do_comment(self, uid: str, text: str) -> dict[str, Any]:
        """Say something; whether it was taken."""
        task = self._task(uid)
        if task is None:
            return {"taken": False}
        self.session.perform(AddComment(task.key, text))
        return {"taken": await self._until(lambda: (task.key, text) in self._said, 5)}

    async def do_delete(self, uid: str) -> dict[str, Any]:
        """Delete a task; whether it is off the board."""
        task = self._task(uid)
        if task is None:
            return {"taken": False}
        self.session.perform(DeleteTask(task.key))
        gone = await self._until(lambda: self._task(uid) is None, 5)
        return {"taken": gone and await self._until(lambda: not self._state.unsaved, 5)}

    async def do_undo(self) -> dict[str, Any]:
        """Take back the last change; what that changed on the board."""
        return await self._again(self.session.undo)

    async def do_redo(self) -> dict[str, Any]:
        """Do again what was taken back; what that changed on the board."""
        return await self._again(self.session.redo)

    async def _again(self, deed: Callable[[], str]) -> dict[str, Any]:
        before, names, heard = self._rows(), self._names(), len(self._notices)
        said = deed()

        def has_answer() -> bool:
            return (self._rows(), self._names()) != (before, names) or len(self._notices) > heard

        if said:
            await self._until(has_answer, 5)
            await self._until(lambda: not self._state.unsaved, 5)
            await self._until_saved()
        after = self._rows()
        changed = [
            (uid, name, row.get(name), after[uid].get(name))
            for uid, row in before.items()
            for name in row
            if uid in after and row.get(name) != after[uid].get(name)
        ]
        return {
            "said": said,
            "changed": changed,
            "gone": sorted(map(str, names - self._names())),
            "back": sorted(map(str, self._names() - names)),
        }

    async def _until_saved(self) -> None:
        """Wait until the file has what the board shows: what is taken back leaves both one by one."""
        from fdtui.sync.storage.journal import OPEN
        from fdtui.sync.storage.journal_table import JournalTable

        def is_saved() -> bool:
            kept = {each.ticket for each in book.load() if each.state in OPEN}
            return kept == {each.ticket for each in self.session.waiting.entries() if each.state in OPEN}

        book = JournalTable(self._path, may_send=False)
        try:
            async with asyncio.timeout(5):
                while not is_saved():
                    await asyncio.sleep(0.01)
        except TimeoutError:
            pass
        finally:
            book.close()

    def _rows(self) -> dict[str, Mapping[str, Any]]:
        return {task.uid: task.row for task in self._state.shown.values() if task.uid}

    async def do_drain(self, seconds: float = 20) -> dict[str, Any]:
        """Ask the server now, and wait until nothing waits."""
        self.session.refresh()
        is_done = await self.session.waiting.drain(seconds) and await self._until(
            lambda: self._state.connection is ConnectionState.LIVE and not self._state.pending, seconds
        )
        return {"drained": is_done, "told": self._told(), "notices": list(self._notices)}

    async def do_see(self, uid: str, field: str, value: str | None, seconds: float = 20) -> bool:
        """Ask the server until the board shows this; a field of nothing is for a task that is gone."""
        self.session.refresh()

        def shows() -> bool:
            task = self._task(uid)
            return task is None if not field else task is not None and task.row.get(field) == value

        return await self._until(shows, seconds)

    async def do_calls(self) -> int:
        """How many calls have written the journal."""
        return failing_disk.calls()

    async def do_many(self, edits: list[tuple[str, str, str]]) -> int:
        """Change fields one after the other, without waiting for any answer; how many were taken."""
        count = 0
        for uid, field, value in edits:
            count += (await self.do_edit(uid, field, value))["taken"]
        return count


def _session(url: str, key: str, folder: Path, note: Callable[[str], None]) -> tuple[Session, Path]:
    """The session as the program makes it, and where its journal is."""
    from fdtui.config.paths import find_folders
    from fdtui.config.secret import Secret
    from fdtui.config.settings import Profile
    from fdtui.sync.session import SessionOptions
    from fdtui.wiring import sessions

    folders, profile = find_folders({"FDTUI_HOME": str(folder)}), Profile(url=url, user=ME)
    options = SessionOptions(WORKFLOW, me=ME, every=3600)
    ledger = sessions.ledger_of(folders, profile, note)
    journal = sessions.journal_of(folders, profile, options, note)
    session = sessions.remote_session(url, Secret(key), options, ledger=ledger, journal=journal)
    return session, sessions.journal_path(folders, profile, options)

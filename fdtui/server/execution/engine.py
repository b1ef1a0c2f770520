"""Runs what waits in the database: executions, and stage changes whose time has come.

Threads of this process, started and stopped by whoever serves. Work that this process takes on wakes
them at once (`Engine.wake`), and a time that is known is slept until; what other processes take on, or
left when they died, is looked for every `POLL_INTERVAL` seconds, at a tenth of a millisecond. All that
they know is in the database, so any number of engines may share one.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
from collections.abc import Collection, Mapping

from fdtui.core.errors import StorageError
from fdtui.core.schema import STAGE
from fdtui.server.execution.external_steps import Doors
from fdtui.server.execution.http_client import Hangup, allowed_hosts
from fdtui.server.execution.mail import MailServer, mail_server
from fdtui.server.execution.worker import Clock, Worker
from fdtui.server.store import Store, Transaction, executions, schedules, tasks
from fdtui.server.store.activity import Actor
from fdtui.server.store.executions import StoredExecution
from fdtui.server.task_service import TaskService
from fdtui.server.workflow.steps import EXTERNAL_STEPS

POLL_INTERVAL = 1.0
"""Seconds between two looks for work that no signal announced."""
MIN_PAUSE = 0.05
"""Seconds between two looks at least, for a clock that stands still."""
EXECUTION_THREADS = 4
"""Executions under way at once: one that waits for an answer must not hold up the others."""

_log = logging.getLogger(__name__)


class Engine:
    """Does executions from `start` to `stop`.

    ``allow`` are the exceptions from the table of addresses that steps may call
    (`http_client.allowed_hosts`), ``mail`` is where e-mail is handed over.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        allow: Collection[str] = (),
        mail: MailServer | None = None,
        poll: float = POLL_INTERVAL,
    ) -> None:
        self._store, self._clock, self._poll = store, clock, poll
        self._doors = Doors(frozenset(allow), mail, Hangup())
        lock = threading.RLock()
        self._bell, self._calm = threading.Condition(lock), threading.Condition(lock)
        self._rung = self._stopping = self._idle = False
        self._next: float | None = None
        """When there is work by the clock, as far as the last look has seen."""
        self._threads: set[threading.Thread] = set()
        self._place = f"{socket.gethostname()}:{os.getpid()}"

    @classmethod
    def of_process(
        cls, store: Store, clock: Clock, environ: Mapping[str, str], *, poll: float = POLL_INTERVAL
    ) -> Engine:
        """An engine with the mail server and the allowed hosts that ``environ`` names.

        Raises `ConfigError`.
        """
        allow = allowed_hosts(environ.get("FDTUI_ALLOW_HOSTS", ""))
        return cls(store, clock, allow=allow, mail=mail_server(environ), poll=poll)

    def start(self) -> None:
        """Begin, with what a process of this machine left when it died."""
        self._store.write(self._take_over)
        with self._bell:
            self._spawn(leading=True)

    def wake(self) -> None:
        """Look for work now; returns at once."""
        with self._bell:
            self._rung = True
            if self._idle:
                self._bell.notify_all()
            elif self._threads:
                self._spawn(leading=False)

    def settle(self, seconds: float) -> bool:
        """Wait until all work that there is now is done; false if it takes longer."""
        with self._bell:
            return self._calm.wait_for(self._is_calm, seconds)

    def stop(self) -> None:
        """End every thread, and whatever call to others is under way; what is not done stays pending."""
        with self._bell:
            self._stopping = True
            self._bell.notify_all()
            threads = list(self._threads)
        self._doors.hangup.now()
        for thread in threads:
            thread.join()

    def _is_calm(self) -> bool:
        return self._idle and not self._rung and len(self._threads) == 1

    def _spawn(self, *, leading: bool) -> None:
        """Another thread, with the bell held: the leading one stays, others go when nothing waits."""
        if self._stopping or len(self._threads) >= EXECUTION_THREADS:
            return
        thread = threading.Thread(target=self._work, args=(leading,), name="fdtui-engine", daemon=True)
        self._threads.add(thread)
        thread.start()

    def _work(self, leading: bool) -> None:
        worker = Worker(self._store, self._clock, f"{self._place}:{secrets.token_hex(6)}", self._doors)
        try:
            while not self._stopping:
                if not self._turn(worker) and not (leading and self._wait()):
                    break
            self._release(worker)
        finally:
            with self._bell:
                self._threads.discard(threading.current_thread())
                self._calm.notify_all()

    def _wait(self) -> bool:
        """Sleep until there may be work; false if the engine stops."""
        with self._bell:
            if not self._rung and not self._stopping:
                self._idle = True
                self._calm.notify_all()
                self._bell.wait(self._pause())
                self._idle = False
            self._rung = False
            return not self._stopping

    def _pause(self) -> float:
        if self._next is None:
            return self._poll
        left = self._next - self._clock().timestamp()
        return min(self._poll, max(left, MIN_PAUSE))

    def _turn(self, worker: Worker) -> bool:
        """Do one thing; false if there is nothing to do, or the database cannot be asked now."""
        try:
            now = self._clock().timestamp()
            due, lapse, waiting = self._store.read(
                lambda tx: (
                    schedules.first_due(tx),
                    executions.first_lapse(tx, now),
                    executions.is_waiting(tx, now),
                )
            )
            self._next = min((each for each in (due, lapse) if each is not None), default=None)
            if due is not None and due <= now:
                return self._store.write(self._do_due)
            execution = worker.claim() if waiting else None
            if execution is None:
                return False
            self._run(worker, execution)
        except StorageError:
            _log.exception("the engine cannot use the database")
            return False
        except Exception:  # noqa: BLE001 - the outermost border of a thread
            _log.exception("the engine failed")
            return False
        return True

    def _run(self, worker: Worker, execution: StoredExecution) -> None:
        if any(isinstance(step, EXTERNAL_STEPS) for step in execution.action.steps):
            with self._bell:
                self._spawn(leading=False)  # somebody else looks after the rest meanwhile
        try:
            worker.run(execution)
        except StorageError:
            raise
        except Exception:  # noqa: BLE001 - the border of one execution, whose client is told
            incident = secrets.token_hex(4)
            _log.exception("incident %s", incident)
            worker.fail(execution, f"The server failed; its log has more under {incident}")

    def _do_due(self, tx: Transaction) -> bool:
        """One scheduled change, taken and done in the same transaction."""
        now = self._clock()
        due = schedules.take(tx, now.timestamp())
        if due is None:
            return False
        book = TaskService.open(self._store, tx, due.workflow, due.base_url, Actor(due.who, now))
        record = tasks.by_ids(tx, [due.task]).get(due.task)
        if record is not None and book.workflow.schema.stage(due.stage) is not None:
            book.change(record, {STAGE: due.stage})
        return True

    def _release(self, worker: Worker) -> None:
        try:
            worker.let_go()
        except StorageError:
            _log.exception("the engine cannot use the database")

    def _take_over(self, tx: Transaction) -> None:
        """Free what belongs to processes of this machine that are no more, before its lease runs out."""
        for name in executions.workers(tx):
            place = name.rpartition(":")[0]
            host, _, pid = place.rpartition(":")
            if host == socket.gethostname() and pid.isdecimal() and not _is_alive(int(pid)):
                executions.let_go(tx, name)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True

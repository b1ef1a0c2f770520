"""What the session needs of an API. `fdtui.api.Client` fits it; so does any other."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import Protocol

from fdtui.core.answers import ChangedRows, Creation, Listing, ManyAtOnce, WholeTask
from fdtui.core.details import Action, Activity, ChecklistItem, Comment, Tick
from fdtui.core.errors import UnreachableError
from fdtui.core.job import Execution
from fdtui.core.schema import Field, Person, Role, Stage, WorkflowRef, Workspace
from fdtui.core.transfer import Outgoing, Sink
from fdtui.core.values import Row

CLOCKS_DIFFER = 600.0
"""Seconds that a clock may be wrong, or differ from a server's."""


class Gateway(Protocol):
    """The Flowdash API, call by call; every method raises `fdtui.core.errors.ApiError`.

    A schema call that the install does not have raises `NotFoundError`. A write that was answered
    with success, but not with what it did, raises `UnclearError`.

    ``once`` names a request that would do harm if it were done twice. Where the server keeps such names
    (`keeps_keys_for`), the same request of the same name may be sent again, and is done once.
    """

    @property
    def keeps_keys_for(self) -> float:
        """Seconds for which the server knows a request of a name again; 0 where it never does.

        Learned from its answers, so it is 0 before the first one.
        """
        ...

    async def workspace(self) -> Workspace:
        """The workspace that the key belongs to."""
        ...

    async def workflows(self) -> tuple[WorkflowRef, ...]:
        """The workflows that the key may use."""
        ...

    async def stages(self, workflow: str) -> tuple[Stage, ...]:
        """The stages in board order."""
        ...

    async def fields(self, workflow: str) -> tuple[Field, ...]:
        """The custom fields."""
        ...

    async def users(self, workflow: str) -> tuple[Person, ...]:
        """The people that tasks can be assigned to."""
        ...

    async def roles(self, workflow: str) -> tuple[Role, ...]:
        """The roles that people have."""
        ...

    async def tasks(self, workflow: str, *, known: str = "") -> Listing | None:
        """All tasks; ``None`` where nothing changed since the listing with the tag ``known``."""
        ...

    async def server_time(self) -> float | None:
        """The server's clock, in seconds since the epoch; ``None`` where it does not tell."""
        ...

    async def copy_tasks(self, workflow: str, sink: Sink) -> None:
        """Hand the list of all tasks to ``sink`` as it comes, undecoded; tried once."""
        ...

    async def changes(self, workflow: str, since: str, *, wait: float) -> ChangedRows:
        """What changed since the token ``since``, which a `Listing.feed` or the last answer named.

        Where nothing has, the server waits up to ``wait`` seconds for it.
        """
        ...

    async def active(self, workflow: str) -> Listing:
        """The tasks that are in no end stage."""
        ...

    async def task(self, workflow: str, uid: str, *, unique_id: str) -> Row:
        """The task whose field ``unique_id`` is ``uid``."""
        ...

    async def update(self, workflow: str, body: Row, *, matching: str = "") -> Row:
        """Change the keys in ``body`` of the task whose unique id is in it; never creates one.

        ``matching`` is the tag of the state that the change was made for: where the install supports
        it and the task has changed, an `ApiError` with status 412.
        """
        ...

    async def tagged_task(self, workflow: str, uid: str, *, unique_id: str) -> tuple[Row, str]:
        """The task with the tag of its state; the tag is empty where the install gives none."""
        ...

    async def upload(self, workflow: str, body: Outgoing, *, matching: str = "") -> Row:
        """As `update`, with a body that is made while it is sent; tried once."""
        ...

    async def download(self, blob: str, sink: Sink) -> None:
        """Hand the bytes of a file to ``sink``; tried once."""
        ...

    async def create(self, workflow: str, body: Row, *, only_new: bool = False, once: str = "") -> Row:
        """A new task, or a change where one with that unique id exists (upsert).

        With ``only_new``, where the install supports it, an `ApiError` with status 412 instead of that
        change.
        """
        ...

    def create_many(
        self,
        workflow: str,
        tasks: Iterable[Row | WholeTask],
        *,
        how: ManyAtOnce = ManyAtOnce(),  # noqa: B008 (a value)
        once: str = "",
    ) -> AsyncIterator[Creation]:
        """Create each of ``tasks`` as `create` would, and tell what became of each, in their order.

        One that is refused keeps no other back. An error that concerns all is raised; what was told
        before it is done. ``once`` names the whole.
        """
        ...

    async def delete(self, workflow: str, uid: str, *, matching: str = "") -> None:
        """Delete the task for good; ``matching`` as in `update`."""
        ...

    async def actions(self, workflow: str, uid: str) -> tuple[Action, ...]:
        """What can be done with the task now."""
        ...

    async def start_execution(
        self, workflow: str, uid: str, action: str, performed_by: str | None, *, once: str = ""
    ) -> Execution:
        """Run an action; it goes on in the background. Raises `InvalidError` with its requirements."""
        ...

    async def execution(self, workflow: str, execution: str) -> Execution:
        """How far an execution is."""
        ...

    async def comments(self, workflow: str, uid: str) -> tuple[Comment, ...]:
        """What was said about the task, in order."""
        ...

    async def add_comment(self, workflow: str, uid: str, body: str, *, once: str = "") -> None:
        """Say something about the task."""
        ...

    async def checklist(self, workflow: str, uid: str) -> tuple[ChecklistItem, ...]:
        """The task's checklist, all stages."""
        ...

    async def add_checklist_item(
        self, workflow: str, uid: str, title: str, stage: str, *, once: str = ""
    ) -> None:
        """Put something on the checklist."""
        ...

    async def tick(self, workflow: str, uid: str, item: str, status: Tick) -> None:
        """Give a checklist item a state."""
        ...

    async def remove_checklist_item(self, workflow: str, uid: str, item: str) -> None:
        """Delete a checklist item."""
        ...

    async def activity(self, workflow: str, uid: str) -> tuple[Activity, ...]:
        """The task's past, newest first; only our own server has it."""
        ...

    def hurry(self) -> None:
        """Ask now whatever the server has said about waiting: the user says so."""
        ...

    async def aclose(self) -> None:
        """Let go of connections."""
        ...


def connected(gateway: Gateway | None) -> Gateway:
    """``gateway``, once there is one; raises `UnreachableError` before that."""
    if gateway is None:
        raise UnreachableError("There is no connection yet.")
    return gateway


def is_known_again(gateway: Gateway, once: str, since: float, now: float) -> bool:
    """Whether the server does the request ``once`` only once, though it may have had it ``since``."""
    return bool(once) and -CLOCKS_DIFFER < now - since < gateway.keeps_keys_for - CLOCKS_DIFFER

"""What becomes known of a request while it is answered: the log and the metrics are made of it."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.types import Scope

_VISIT = "fdtui.visit"


@dataclass(slots=True)
class Visit:
    """One request; each part is filled in by who learns it.

    ``place`` is the template of the address, in which a workflow's id alone stands as it is: a unique
    id is text of a task, and a webhook's token is a secret. ``waits`` says that the answer is a feed.
    """

    who: str = ""
    place: str = ""
    workflow: str = ""
    status: int = 0
    sent: int = 0
    waits: bool = False
    is_admitted: bool = False
    """Whether it was counted by the limits of its key: what is answered twice is counted once."""

    @property
    def shown_place(self) -> str:
        """The address for the log; what was refused may hold anything, so its workflow does too."""
        if not self.place:
            return "-"
        if self.workflow and self.status < 400:
            return self.place.replace("{workflow}", self.workflow, 1)
        return self.place


def begin_visit(scope: Scope) -> Visit:
    """The visit of the request ``scope``, from now on."""
    visit: Visit = scope.setdefault(_VISIT, Visit())
    return visit


def visit_of(scope: Scope) -> Visit | None:
    """The visit, where one is kept."""
    return scope.get(_VISIT)

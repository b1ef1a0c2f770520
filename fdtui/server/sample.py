"""A workflow with its first tasks, to be put into a new workspace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from fdtui.core.frozen import frozen
from fdtui.server.record import Record
from fdtui.server.workflow.definition import Workflow


@frozen
class Sample:
    """One workflow with its example tasks."""

    workflow: Workflow
    records: tuple[Record, ...] = ()
    files: tuple[tuple[str, str, Mapping[str, str]], ...] = field(default=(), repr=False)
    """Task id, field id, and the file with its ``blobId`` and ``base64contents``."""
    links: tuple[tuple[str, str, str], ...] = ()
    """Link id, task id here, unique id there; each link is given on the side that declares it."""
    details: Mapping[str, list[list[Any]]] = field(default_factory=dict, repr=False)
    """Comments and checklists, as `fdtui.server.seed.details` gives them."""

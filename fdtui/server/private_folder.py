"""Folders for their owner alone."""

from __future__ import annotations

from pathlib import Path


def make_folder(path: Path) -> None:
    """Make ``path`` and what is missing above it, each of mode 0700; raises `OSError`."""
    for folder in (*reversed(path.parents), path):
        folder.mkdir(mode=0o700, exist_ok=True)

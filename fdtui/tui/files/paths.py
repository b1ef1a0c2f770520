"""Paths as people type them: which folder, what is in it, what would complete it."""

from __future__ import annotations

import itertools
import os
import shlex
from collections.abc import Sequence
from pathlib import Path

from fdtui.core.frozen import frozen
from fdtui.core.fuzzy import fuzzy
from fdtui.core.names import plain

MAX_ENTRIES = 5_000
"""Entries of a folder that are offered."""


@frozen
class PathEntry:
    """Something in a folder."""

    name: str
    is_folder: bool
    size: int = 0


@frozen
class FolderListing:
    """What is in a folder, folders first; ``problem`` says why that is unknown."""

    folder: Path
    entries: tuple[PathEntry, ...] = ()
    problem: str = ""

    @property
    def is_cut(self) -> bool:
        """Whether there is more than this; what is typed may be there anyway."""
        return len(self.entries) >= MAX_ENTRIES


def split_path(text: str, base: Path) -> tuple[Path, str]:
    """The folder that ``text`` leads into, seen from ``base``, and what is typed of a name in it."""
    head, slash, tail = text.rpartition("/")
    if text != "~" and not slash:
        return base, text
    try:
        if text == "~":
            return Path.home(), ""
        folder = Path(head + slash)
        if head == "~" or head.startswith("~/"):
            folder = Path.home() / head[2:]
    except RuntimeError:  # a user without a home folder: then it is a name like any other
        folder = Path(head + slash)
    return (folder if folder.is_absolute() else base / folder), tail


def list_folder(folder: Path) -> FolderListing:
    """Look into a folder; to be called beside the event loop, for it may be far away."""
    found: list[PathEntry] = []
    try:
        with os.scandir(folder) as entries:
            for each in entries:
                if len(found) >= MAX_ENTRIES:
                    break
                try:
                    is_folder = each.is_dir()
                    size = 0 if is_folder else each.stat().st_size
                except OSError:
                    continue
                found.append(PathEntry(each.name, is_folder, size))
    except (OSError, ValueError) as error:
        says = error.strerror if isinstance(error, OSError) else "no path"
        return FolderListing(folder, (), f"{says}.")
    found.sort(key=lambda each: (not each.is_folder, each.name.casefold()))
    return FolderListing(folder, tuple(found))


def fitting(listing: FolderListing, typed: str, *, only_folders: bool = False) -> list[PathEntry]:
    """The entries that ``typed`` may mean, best first; hidden ones only after a dot."""
    entries = [
        each
        for each in listing.entries
        if (each.is_folder or not only_folders) and (typed.startswith(".") or each.name[:1] != ".")
    ]
    if not typed:
        return entries
    low = plain(typed)
    begins = [each for each in entries if plain(each.name).startswith(low)]
    hits = []
    for order, each in enumerate(entries):
        hit = None if each in begins else fuzzy(typed, each.name[:200])
        if hit is not None:
            hits.append((-hit[0], order, each))
    hits.sort(key=lambda hit: hit[:2])
    return begins + [each for _, _, each in hits]


def completed(entries: Sequence[PathEntry], typed: str) -> str:
    """``typed`` as far as all entries that begin with it agree; a lone folder gets its slash."""
    low = plain(typed)
    begins = [each for each in entries if plain(each.name).startswith(low)]
    if not begins:
        return typed
    if len(begins) == 1:
        return begins[0].name + ("/" if begins[0].is_folder else "")
    names = [each.name for each in begins]
    agreed = itertools.takewhile(lambda letters: len(set(letters)) == 1, zip(*names, strict=False))
    common = "".join(letters[0] for letters in agreed)
    return common if len(common) > len(typed) else typed


def _expanded(name: str) -> Path:
    """The path of that name; one that begins in nobody's home folder is left as it is."""
    try:
        return Path(name).expanduser()
    except RuntimeError:
        return Path(name)


def pasted_paths(text: str) -> tuple[list[Path], list[Path]]:
    """The files that a pasted text names, quoted or a line each, and what it names that is none.

    Both are empty where the text is no list of paths, but something to be typed.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    try:
        words = shlex.split(text)
    except ValueError:
        words = []
    best: tuple[list[Path], list[Path]] = [], []
    for names in (lines, words):
        paths = [_expanded(name.removeprefix("file://")) for name in names]
        if all(path.is_absolute() for path in paths):
            good = [path for path in paths if path.is_file()]
            if len(good) > len(best[0]):
                best = good, [path for path in paths if path not in good]
    return best

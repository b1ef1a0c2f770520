"""Paths as one types them: which folder, what is in it, what would complete it."""

from __future__ import annotations

import itertools
import os
import shlex
from collections.abc import Sequence
from pathlib import Path

from fdtui.core.frozen import frozen
from fdtui.core.search import fuzzy

MAX_ENTRIES = 5_000
"""Entries of a folder that are offered."""


@frozen
class Entry:
    """Something in a folder."""

    name: str
    is_folder: bool
    size: int = 0


@frozen
class Listing:
    """What is in a folder, folders first; ``problem`` says why it cannot be told."""

    folder: Path
    entries: tuple[Entry, ...] = ()
    problem: str = ""

    @property
    def is_cut(self) -> bool:
        """Whether there is more than this; what is typed may be there all the same."""
        return len(self.entries) >= MAX_ENTRIES


def split_path(text: str, base: Path) -> tuple[Path, str]:
    """The folder that ``text`` leads into, seen from ``base``, and what is typed of a name in it."""
    head, slash, tail = text.rpartition("/")
    if not slash:
        return (Path.home(), "") if text == "~" else (base, text)
    folder = Path(head + slash)
    if head == "~" or head.startswith("~/"):
        folder = Path.home() / head[2:]
    return (folder if folder.is_absolute() else base / folder), tail


def list_folder(folder: Path) -> Listing:
    """Look into a folder; to be called beside the event loop, for it may be far away."""
    found: list[Entry] = []
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
                found.append(Entry(each.name, is_folder, size))
    except (OSError, ValueError) as error:
        says = error.strerror if isinstance(error, OSError) else "no path"
        return Listing(folder, (), f"{says}.")
    found.sort(key=lambda each: (not each.is_folder, each.name.casefold()))
    return Listing(folder, tuple(found))


def fitting(listing: Listing, typed: str, *, only_folders: bool = False) -> list[Entry]:
    """The entries that ``typed`` may mean, best first; hidden ones only after a dot."""
    entries = [
        each
        for each in listing.entries
        if (each.is_folder or not only_folders) and (typed.startswith(".") or each.name[:1] != ".")
    ]
    if not typed:
        return entries
    low = typed.casefold()
    begins = [each for each in entries if each.name.casefold().startswith(low)]
    hits = []
    for order, each in enumerate(entries):
        hit = None if each in begins else fuzzy(typed, each.name[:200])
        if hit is not None:
            hits.append((-hit[0], order, each))
    hits.sort(key=lambda hit: hit[:2])
    return begins + [each for _, _, each in hits]


def completed(entries: Sequence[Entry], typed: str) -> str:
    """``typed`` as far as all entries that begin with it agree; a lone folder gets its slash."""
    low = typed.casefold()
    begins = [each for each in entries if each.name.casefold().startswith(low)]
    if not begins:
        return typed
    if len(begins) == 1:
        return begins[0].name + ("/" if begins[0].is_folder else "")
    names = [each.name for each in begins]
    agreed = itertools.takewhile(lambda letters: len(set(letters)) == 1, zip(*names, strict=False))
    common = "".join(letters[0] for letters in agreed)
    return common if len(common) > len(typed) else typed


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
        paths = [Path(name.removeprefix("file://")).expanduser() for name in names]
        if all(path.is_absolute() for path in paths):
            good = [path for path in paths if path.is_file()]
            if len(good) > len(best[0]):
                best = good, [path for path in paths if path not in good]
    return best

"""Choosing files, or a folder: a path to type, completed as in a shell, above what is there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from fdtui.core.safetext import quoted, safe
from fdtui.core.transfer import size_words
from fdtui.tui.files.paths import (
    FolderListing,
    PathEntry,
    completed,
    fitting,
    list_folder,
    pasted_paths,
    split_path,
)
from fdtui.tui.focus import Handler, Hints, declared_hints
from fdtui.tui.preferences import Glyphs
from fdtui.tui.toolkit.cells import Line, fit, shifted, spread, width_of
from fdtui.tui.toolkit.frame import PANEL, Frame
from fdtui.tui.toolkit.line_editor import LineEditor

PATHS_WIDTH = 78
PAGE_STEP = 10
"""Entries of a step by page."""
THIS_FOLDER = PathEntry(".", is_folder=True)
"""Stands for the folder that is shown, where a folder is wanted."""


class PathPicker(Frame[tuple[Path, ...]]):
    """Type to narrow down, complete, go into a folder or take a file; answers what was taken."""

    scopes = ("paths", "text")

    def __init__(
        self,
        title: str,
        folder: Path,
        glyphs: Glyphs,
        *,
        only_folders: bool = False,
        refuses: Callable[[int], str] = lambda _: "",
    ) -> None:
        super().__init__(title, glyphs)
        self._only_folders, self._refuses = only_folders, refuses
        self._base = folder
        self.edit = LineEditor()
        self.listing = FolderListing(folder)
        self.found: list[PathEntry] = []
        self.ticked: list[Path] = []
        self.at, self._top = 0, 0
        self._is_listing = False
        self._looked_for = ""
        self._then: Callable[[], object] | None = None
        """What was asked for that means something only once the folder's list is here."""

    def place(self) -> None:
        """In the middle, always of the same size: the list changes with every letter."""
        screen = self.app.size
        width = max(8, min(PATHS_WIDTH, screen.width - 2))
        height = max(6, min(22, screen.height - 2))
        self.styles.width, self.styles.height = width, height
        x, y = (screen.width - width) // 2, max(0, (screen.height - height) // 3)
        self.styles.offset = (max(0, x), y)

    def on_mount(self) -> None:
        """Look into the folder; Textual calls this beside the frame's own."""
        self._look()

    def on_resize(self) -> None:
        """Keep the cursor in view."""
        self._reveal()

    @property
    def folder(self) -> Path:
        """The folder that what is typed leads into."""
        return split_path(self.edit.text, self._base)[0]

    @property
    def entry(self) -> PathEntry | None:
        """What is under the cursor."""
        return self.found[self.at] if self.at < len(self.found) else None

    @property
    def is_typing(self) -> bool:
        """Always: it is a line to type into."""
        return True

    def bindings(self) -> Mapping[str, Handler]:
        """Move, go into, take, tick, complete, or leave."""
        keys: dict[str, Handler] = {
            **self.edit.bindings(self._edited),
            "paths.down": lambda _: self._do(lambda: self._move(1)),
            "paths.up": lambda _: self._do(lambda: self._move(-1)),
            "paths.page-down": lambda _: self._do(lambda: self._move(PAGE_STEP)),
            "paths.page-up": lambda _: self._do(lambda: self._move(-PAGE_STEP)),
            "paths.take": lambda _: self._when_listed(self._enter),
            "paths.complete": lambda _: self._when_listed(self._complete),
            "paths.back": lambda _: self.answer(),
        }
        if not self._only_folders:
            keys["paths.tick"] = lambda _: self._when_listed(self._tick)
        if not self.edit.text:
            keys["paths.parent"] = lambda _: self._do(lambda: self._go(self._base.parent))
        return keys

    def type(self, name: str, character: str | None) -> bool:
        """Type, and show what fits by then."""
        if not self.edit.type(name, character):
            return False
        self._edited()
        return True

    def _edited(self) -> None:
        """The text is another, or the caret stands elsewhere."""
        self.told, self._then = "", None
        if self.edit.text != self._looked_for:
            self._look()
        self.refresh()

    def footer(self) -> Hints:
        """What can be done with what is typed."""
        bound = self.bindings()
        words = {"paths.take": "go in, or save"} if self._only_folders else {}
        hints = declared_hints("paths")
        return tuple((each, words.get(each, word)) for each, word in hints if each in bound)

    def _do(self, act: Callable[[], object]) -> None:
        self.told, self._then = "", None
        act()
        self.refresh()

    def _when_listed(self, act: Callable[[], object]) -> None:
        """Do it now, or once it is known what is in the folder; any other key comes before that."""
        if self._is_listing:
            self._then = act
        else:
            self._do(act)

    def _move(self, step: int) -> None:
        self.at = max(0, min(self.at + step, len(self.found) - 1))
        self._reveal()

    def paste(self, text: str) -> None:
        """Take the files that it names; else type it."""
        paths, others = ([], []) if self._only_folders else pasted_paths(text)
        if paths:
            self.ticked += [path for path in paths if path not in self.ticked]
            names = ", ".join(quoted(str(each)[-60:]) for each in others[:5])
            self.told = f"No file: {names}." if others else self._refuses(len(self.ticked))
        else:
            self.told = self.edit.paste(text.strip())
            self._look()
        self.refresh()

    def _enter(self) -> None:
        """Go into the folder under the cursor, or take what is chosen."""
        entry = self.entry
        typed = self.folder / split_path(self.edit.text, self._base)[1]
        if entry is THIS_FOLDER:
            self._take([self.folder])
        elif self.ticked and (entry is None or not self.edit.text):
            self._take(self.ticked)
        elif self.listing.is_cut and not self._only_folders and typed.is_file():
            self._take([*self.ticked, typed])  # typed whole, though it is not listed
        elif entry is not None and entry.is_folder:
            self._go(self.folder / entry.name)
        elif entry is not None:
            path = self.folder / entry.name
            self._take([*self.ticked, path] if path not in self.ticked else self.ticked)

    def _take(self, paths: Sequence[Path]) -> None:
        self.told = self._refuses(len(paths))
        if not self.told:
            self.answer(tuple(paths))

    def _complete(self) -> None:
        entry = self.entry
        head, slash, tail = self.edit.text.rpartition("/")
        word = completed(self.found, tail)
        if word == tail and entry is not None and entry is not THIS_FOLDER:
            word = entry.name + ("/" if entry.is_folder else "")
        self.edit = LineEditor(head + slash + word)
        self._look()

    def _tick(self) -> None:
        entry = self.entry
        if entry is None or entry.is_folder:
            return
        path = self.folder / entry.name
        if path in self.ticked:
            self.ticked.remove(path)
        else:
            self.ticked.append(path)
        self.at = min(self.at + 1, len(self.found) - 1)
        self._reveal()

    def _go(self, folder: Path) -> None:
        self._base, self.edit = folder, LineEditor()
        self._look()

    def _look(self) -> None:
        """Show what fits; look into the folder first where it is another one."""
        self._looked_for = self.edit.text
        folder, typed = split_path(self.edit.text, self._base)
        if folder == self.listing.folder and (self.listing.entries or self.listing.problem):
            self._is_listing = False
            self._narrow(typed)
        else:
            self._is_listing, self.found = True, []
            self.run_worker(self._list(folder), group="paths", exclusive=True, exit_on_error=False)

    async def _list(self, folder: Path) -> None:
        listing = await asyncio.to_thread(list_folder, folder)
        if folder != self.folder:
            return  # you have typed on
        self.listing, self._is_listing = listing, False
        self._narrow(split_path(self.edit.text, self._base)[1])
        self.refresh()
        if (then := self._then) is not None:
            self._do(then)

    def _narrow(self, typed: str) -> None:
        self.found = fitting(self.listing, typed, only_folders=self._only_folders)
        if self._only_folders and not typed and not self.listing.problem:
            self.found.insert(0, THIS_FOLDER)
        self.at, self._top = 0, 0

    @property
    def _room(self) -> int:
        return max(1, self.content_size.height - 5)

    def _reveal(self) -> None:
        if not self._top <= self.at < self._top + self._room:
            self._top = max(0, self.at - self._room // 2)
        self._top = max(0, min(self._top, len(self.found) - self._room))

    def line(self, y: int, width: int) -> tuple[Line, str]:
        """The heading, what is typed, what is in the folder, and what is said."""
        if y == 0:
            count = f"{len(self.ticked)} ticked" if self.ticked else ""
            if self.listing.is_cut:
                count = f"the first {len(self.listing.entries):,} files  {count}".rstrip()
            title = safe(self.heading)
            right = ((count, "accent"),)
            return spread(((title, "bold text"),), right, width, "dim", self.glyphs.cut), PANEL
        if y == 1:
            return self._typed(width), PANEL
        if y in {2, self._room + 3}:
            return self.rule_line(width), PANEL
        if y == self._room + 4:
            return ((self.told, "warn"),), PANEL
        at = self._top + y - 3
        if at >= len(self.found):
            empty = self.listing.problem or ("" if self._is_listing else "Nothing here fits.")
            return ((f"  {safe(empty)}" if at == 0 else "", "italic dim"),), PANEL
        return self._entry_line(at, width)

    def _typed(self, width: int) -> Line:
        shown = safe(str(self._base)).rstrip("/") + "/"
        if self.edit.text.startswith(("/", "~")):
            shown = ""
        room = max(0, width // 2)
        if width_of(shown) > room:
            (rest, _), *_ = shifted(((shown, "dim"),), width_of(shown) - room + 1)
            shown = self.glyphs.cut + rest
        prompt = f"{self.glyphs.more} "
        return (
            (prompt, "bold accent"),
            (shown, "dim"),
            *self.edit.line(max(4, width - len(prompt) - width_of(shown))),
        )

    def _entry_line(self, at: int, width: int) -> tuple[Line, str]:
        entry, here = self.found[at], at == self.at
        bar = (f"{self.glyphs.bar} " if here else "  ", "accent")
        if entry is THIS_FOLDER:
            return (
                bar,
                (fit("save in this folder", width - 2), "bold text"),
            ), "cursor" if here else PANEL
        ticked = self.folder / entry.name in self.ticked
        sign = (f"{self.glyphs.ticked} " if ticked else "", "accent")
        name = safe(entry.name) + ("/" if entry.is_folder else "")
        role = "accent" if entry.is_folder else "bold text" if here else "text"
        note = "" if entry.is_folder else size_words(entry.size)
        line = spread((bar, sign, (name, role)), ((note, "dim"),), width, "dim", self.glyphs.cut)
        return line, "cursor" if here else PANEL

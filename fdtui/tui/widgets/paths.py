"""Choosing files, or a folder: a path to type, completed as in a shell, above what is there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from textual.strip import Strip

from fdtui.core.safetext import quoted, safe
from fdtui.core.transfer import size_words
from fdtui.tui.cells import Line, fit, spread
from fdtui.tui.edit import LineEdit
from fdtui.tui.look import Glyphs
from fdtui.tui.paths import Entry, Listing, completed, fitting, list_folder, pasted_paths, split_path
from fdtui.tui.theme import paint_of
from fdtui.tui.widgets.overlay import Overlay

GROUND = "panel"
MAX_WIDTH = 78
HERE = Entry(".", is_folder=True)
"""Stands for the folder that is shown, where a folder is wanted."""


class PathPicker(Overlay):
    """Type to narrow down, tab completes, enter goes into a folder or takes a file."""

    DEFAULT_CSS = """
    PathPicker { border: round $fd-accent; padding: 0 1; }
    PathPicker.-ascii { border: ascii $fd-accent; }
    """

    def __init__(
        self,
        title: str,
        folder: Path,
        glyphs: Glyphs,
        *,
        chosen: Callable[[Sequence[Path]], object],
        closed: Callable[[], None],
        only_folders: bool = False,
        refuses: Callable[[int], str] = lambda _: "",
    ) -> None:
        super().__init__(classes="-ascii" if glyphs.wall == "|" else "")
        self.heading, self._glyphs, self._only_folders = title, glyphs, only_folders
        self._chosen, self._leave, self._refuses = chosen, closed, refuses
        self._told = ""
        self._base = folder
        self.edit = LineEdit()
        self.listing = Listing(folder)
        self.found: list[Entry] = []
        self.ticked: list[Path] = []
        self.at, self._top = 0, 0
        self._is_listing = False
        self._then = ""
        """A key that means something only once the folder's list is here."""

    def place(self) -> None:
        """In the middle, always of the same size: the list changes with every letter."""
        screen = self.app.size
        width = max(8, min(MAX_WIDTH, screen.width - 2))
        height = max(6, min(22, screen.height - 2))
        self.styles.width, self.styles.height = width, height
        x, y = (screen.width - width) // 2, max(0, (screen.height - height) // 3)
        self.styles.offset = (max(0, x), y)

    def on_mount(self) -> None:
        """Stand where the eye is, and look into the folder."""
        self.place()
        self._look()

    def on_resize(self) -> None:
        """Keep the bar in view."""
        self._reveal()

    @property
    def folder(self) -> Path:
        """The folder that what is typed leads into."""
        return split_path(self.edit.text, self._base)[0]

    def press(self, name: str, character: str | None) -> None:
        """Move the bar, go into, take, tick, close, or type."""
        self._told = ""
        steps = {"down": 1, "up": -1, "ctrl+n": 1, "ctrl+p": -1, "pagedown": 10, "pageup": -10}
        self._then = name if self._is_listing and name in {"enter", "tab", "ctrl+t"} else ""
        if self._then:
            return
        if name == "escape":
            self._leave()
            return
        if name in steps:
            self.at = max(0, min(self.at + steps[name], len(self.found) - 1))
            self._reveal()
        elif name == "enter":
            if self._enter():
                return
        elif name == "tab":
            self._complete()
        elif name == "ctrl+t" and not self._only_folders:
            self._tick()
        elif name in {"backspace", "ctrl+h"} and not self.edit.text:
            self._go(self._base.parent)
        else:
            before = self.edit.text
            if self.edit.press(name, character) and self.edit.text != before:
                self._look()
        self.refresh()

    def paste(self, text: str) -> None:
        """Take the files that it names; else type it."""
        paths, others = ([], []) if self._only_folders else pasted_paths(text)
        if paths:
            self.ticked += [path for path in paths if path not in self.ticked]
            names = ", ".join(quoted(str(each)[-60:]) for each in others[:5])
            self._told = f"No file: {names}." if others else self._refuses(len(self.ticked))
        else:
            self.edit.insert(text.strip())
            self._look()
        self.refresh()

    def _enter(self) -> bool:
        """Whether something was chosen and this is over."""
        entry = self.found[self.at] if self.at < len(self.found) else None
        if entry is HERE:
            return self._take([self.folder])
        if self.ticked and (entry is None or not self.edit.text):
            return self._take(self.ticked)
        typed = self.folder / split_path(self.edit.text, self._base)[1]
        if self.listing.is_cut and not self._only_folders and typed.is_file():
            return self._take([*self.ticked, typed])  # typed whole, though it is not listed
        if entry is None:
            return False
        path = self.folder / entry.name
        if entry.is_folder:
            self._go(path)
            return False
        return self._take([*self.ticked, path] if path not in self.ticked else self.ticked)

    def _take(self, paths: Sequence[Path]) -> bool:
        self._told = self._refuses(len(paths))
        if self._told:
            return False
        self._leave()
        self._chosen(tuple(paths))
        return True

    def _complete(self) -> None:
        head, slash, tail = self.edit.text.rpartition("/")
        word = completed(self.found, tail)
        if word == tail and self.at < len(self.found) and self.found[self.at] is not HERE:
            entry = self.found[self.at]
            word = entry.name + ("/" if entry.is_folder else "")
        self.edit = LineEdit(head + slash + word)
        self._look()

    def _tick(self) -> None:
        entry = self.found[self.at] if self.at < len(self.found) else None
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
        self._base, self.edit = folder, LineEdit()
        self._look()

    def _look(self) -> None:
        """Show what fits; look into the folder first where it is another one."""
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
            return  # somebody has typed on
        self.listing, self._is_listing = listing, False
        self._narrow(split_path(self.edit.text, self._base)[1])
        self.refresh()
        if self._then:
            self.press(self._then, None)

    def _narrow(self, typed: str) -> None:
        self.found = fitting(self.listing, typed, only_folders=self._only_folders)
        if self._only_folders and not typed and not self.listing.problem:
            self.found.insert(0, HERE)
        self.at, self._top = 0, 0

    @property
    def _room(self) -> int:
        return max(1, self.content_size.height - 5)

    def _reveal(self) -> None:
        if not self._top <= self.at < self._top + self._room:
            self._top = max(0, self.at - self._room // 2)
        self._top = max(0, min(self._top, len(self.found) - self._room))

    def render_line(self, y: int) -> Strip:
        """Line ``y`` inside the border."""
        paint, width = paint_of(self.app.theme), self.content_size.width
        line, ground = self._line(y, width)
        return paint.strip(spread(line, (), width, "text", self._glyphs.cut), width, ground)

    def _line(self, y: int, width: int) -> tuple[Line, str]:
        rule: Line = ((self._glyphs.rule * width, "line"),)
        if y == 0:
            count = f"{len(self.ticked)} ticked" if self.ticked else ""
            if self.listing.is_cut:
                count = f"the first {len(self.listing.entries):,} files  {count}".rstrip()
            title = safe(self.heading)
            return spread(((title, "bold text"),), ((count, "accent"),), width, "dim"), GROUND
        if y == 1:
            return self._typed(width), GROUND
        if y in {2, self._room + 3}:
            return rule, GROUND
        if y == self._room + 4:
            return self._foot(width), GROUND
        at = self._top + y - 3
        if at >= len(self.found):
            empty = self.listing.problem or ("" if self._is_listing else "Nothing here fits.")
            return ((f"  {safe(empty)}" if at == 0 else "", "italic dim"),), GROUND
        return self._entry_line(at, width)

    def _typed(self, width: int) -> Line:
        shown = safe(str(self._base)).rstrip("/") + "/"
        if self.edit.text.startswith(("/", "~")):
            shown = ""
        room = max(0, width // 2)
        if len(shown) > room:
            shown = self._glyphs.cut + shown[-room + 1 :]
        prompt = f"{self._glyphs.more} "
        return (
            (prompt, "bold accent"),
            (shown, "dim"),
            *self.edit.line(max(4, width - len(prompt) - len(shown))),
        )

    def _entry_line(self, at: int, width: int) -> tuple[Line, str]:
        entry, here = self.found[at], at == self.at
        bar = (f"{self._glyphs.bar} " if here else "  ", "accent")
        if entry is HERE:
            return (
                bar,
                (fit("save in this folder", width - 2), "bold text"),
            ), "cursor" if here else GROUND
        ticked = self.folder / entry.name in self.ticked
        sign = (f"{self._glyphs.ticked} " if ticked else "", "accent")
        name = safe(entry.name) + ("/" if entry.is_folder else "")
        role = "accent" if entry.is_folder else "bold text" if here else "text"
        note = "" if entry.is_folder else size_words(entry.size)
        line = spread((bar, sign, (name, role)), ((note, "dim"),), width, "dim", self._glyphs.cut)
        return line, "cursor" if here else GROUND

    def _foot(self, width: int) -> Line:
        if self._told:
            return ((self._told, "warn"),)
        several = () if self._only_folders else (("ctrl+t", "tick several"),)
        take = "go in, or save" if self._only_folders else "take"
        keys = (("enter", take), ("esc", "back"), ("tab", "complete"), *several, ("backspace", "up"))
        pieces: list[tuple[str, str]] = []
        for key, word in keys:
            width -= len(key) + len(word) + 3
            if width >= 0:
                pieces += [(key, "bold accent"), (f" {word}  ", "dim")]
        return tuple(pieces)

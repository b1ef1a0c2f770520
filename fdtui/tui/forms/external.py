"""The user's own editor on a text: a private file, and the old text kept whatever goes wrong."""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from fdtui.core.frozen import frozen

MAX_BYTES = 8 * 2**20
"""What may come back from an editor; more is surely a mistake."""

FALLBACKS = ("nano", "vi")


@frozen
class Edited:
    """What became of the text: a new one, or why the old one stands."""

    text: str | None = None
    problem: str = ""


def command_of(environ: Mapping[str, str]) -> list[str]:
    """The words of the user's editor, `$VISUAL` before `$EDITOR`; empty where there is none."""
    for name in ("VISUAL", "EDITOR"):
        said = environ.get(name, "").strip()
        if said:
            with suppress(ValueError):
                return shlex.split(said)
            return [said]
    return next(([each] for each in FALLBACKS if shutil.which(each)), [])


def arguments_of(command: list[str]) -> list[str]:
    """The command with what it takes to not obey orders in the text itself (modelines)."""
    found = shutil.which(command[0]) or command[0]
    names = {Path(command[0]).name, Path(found).resolve().name.partition(".")[0]}
    if any(name.startswith(("vim", "nvim", "gvim")) for name in names):
        orders = (
            "set nomodeline modelines=0",
            "augroup fdtui",
            "autocmd BufReadPre * set nomodeline modelines=0",
            "augroup END",
        )
        return [command[0], *(word for each in orders for word in ("--cmd", each)), *command[1:]]
    if "emacs" in names:
        quiet = "(setq enable-local-variables nil enable-local-eval nil)"
        return [command[0], "--eval", quiet, *command[1:]]
    return command


class ExternalText:
    """A private folder with the text in it, for as long as the editor is open."""

    def __init__(self, text: str) -> None:
        self.before = text
        self.folder = Path(tempfile.mkdtemp(prefix="fdtui-"))
        self.path = self.folder / "text.txt"
        self._written = text.encode("utf-8", "surrogatepass")
        opened = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "wb") as file:
            file.write(self._written)

    def take(self, code: int) -> Edited:
        """What the editor left, once it has ended with that code."""
        if code:
            how = f"ended with {code}" if code > 0 else f"was ended by signal {-code}"
            return self._kept(f"The editor {how}")
        try:
            size = self.path.stat().st_size
            data = self.path.read_bytes() if size <= MAX_BYTES else b""
        except OSError as error:
            return self._kept(f"What the editor wrote cannot be read ({error.strerror})")
        if size > MAX_BYTES:
            return self._kept(f"The editor left {size:,} bytes, more than {MAX_BYTES:,}")
        if data == self._written:
            self._clear()
            return Edited(self.before)
        if not data.strip() and self.before:
            return self._kept("The editor left an empty file")
        try:
            text = data.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            return self._kept("The editor left a file that is not text")
        if "\0" in text:
            return self._kept("The editor left a file that is not text")
        if text.endswith("\n") and not self.before.endswith("\n"):
            text = text[:-1].removesuffix("\r")  # editors end the last line; the field did not
        self._clear()
        return Edited(_with_ends_of(self.before, text))

    def _kept(self, why: str) -> Edited:
        return Edited(None, f"{why}: your text is unchanged, and {self.path} is kept.")

    def _clear(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def _with_ends_of(before: str, text: str) -> str:
    """``text`` with the line ends that ``before`` had, where all of those were CR LF."""
    if "\r\n" not in before or before.count("\r\n") != before.count("\n"):
        return text
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


async def run_editor(command: list[str], path: Path, environ: Mapping[str, str]) -> int:
    """Run the editor in the terminal until it ends; its exit code, 127 where it cannot be started."""
    try:
        arguments = [*arguments_of(command), str(path)]
        process = await asyncio.create_subprocess_exec(*arguments, env=dict(environ))
    except OSError:
        return 127
    return await process.wait()

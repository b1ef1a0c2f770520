"""The terminal's clipboard: OSC 52, wrapped for tmux, capped, and without control characters."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
from collections.abc import Mapping
from typing import TYPE_CHECKING

from fdtui.core.safetext import is_control

if TYPE_CHECKING:
    from textual.app import App

MAX_BYTES = 74_000
"""Bytes of text; what terminals take at most once it is encoded (100,000) less some air."""
MAX_SHOWN = 400
"""Letters of a text that is shown when it was copied."""
SCREEN_PIECE = 250
"""Letters that GNU screen takes at once."""
TMUX_WAIT = 0.5
"""Seconds that tmux may take."""


def cleaned(text: str) -> str:
    """``text`` without control characters, on which a shell would act; line ends and tabs stay."""
    text = text.replace("\r\n", "\n")
    return "".join(letter for letter in text if letter in "\n\t" or not is_control(letter))


def osc52(text: str, environment: Mapping[str, str]) -> str:
    """The sequence that puts ``text`` into the clipboard, for what stands between us and the terminal.

    tmux and GNU screen may take it themselves or hand it on, by settings that cannot be asked for, so
    they get both; to do it twice does no harm.
    """
    encoded = base64.b64encode(text.encode("utf-8", "replace")).decode("ascii")
    plain = f"\x1b]52;c;{encoded}\x07"
    if environment.get("TMUX"):
        inner = plain.replace("\x1b", "\x1b\x1b")
        return f"{plain}\x1bPtmux;{inner}\x1b\\"
    if environment.get("STY"):
        pieces = [plain[at : at + SCREEN_PIECE] for at in range(0, len(plain), SCREEN_PIECE)]
        return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)
    return plain


def give_tmux(text: str, environment: Mapping[str, str]) -> bool:
    """Put ``text`` into tmux's newest buffer, and by it into the clipboard; false where it cannot be."""
    tmux = shutil.which("tmux", path=environment.get("PATH")) if environment.get("TMUX") else None
    if tmux is None:
        return False
    for options in (["-w"], []):  # before 3.2 it knows no -w
        try:
            subprocess.run(  # noqa: S603 - no shell, and a program of that name in PATH
                [tmux, "load-buffer", *options, "-"],
                input=text.encode("utf-8", "replace"),
                env=dict(environment),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=TMUX_WAIT,
                check=True,
            )
        except (OSError, subprocess.SubprocessError):
            continue
        return True
    return False


def copy(app: App[object], name: str, text: str) -> tuple[str, str]:
    """Copy, and answer what to notify with its severity."""
    text = cleaned(text)
    if not text:
        return "There is nothing to copy.", "warning"
    size = len(text.encode("utf-8", "replace"))
    if size > MAX_BYTES:
        return f"Too long for the terminal's clipboard: {size // 1024:,} kB.", "warning"
    app._clipboard = text
    write(app, osc52(text, os.environ))
    where = "sent to the terminal's clipboard"
    if give_tmux(text, os.environ):
        where = f"in tmux's buffer, and {where}"
    return f"{name} copied ({where}){_shown(text)}", "information"


def _shown(text: str) -> str:
    """What was copied, to be selected by hand where no clipboard took it; of several lines how many."""
    lines = text.count("\n") + 1
    if lines > 1:
        return f", {lines} lines: mind where you paste them."
    return f": {text}" if len(text) <= MAX_SHOWN else "."


def write(app: App[object], sequence: str) -> None:
    """Send a sequence to the terminal past the painter."""
    driver = app._driver
    if driver is not None:
        driver.write(sequence)
        driver.flush()

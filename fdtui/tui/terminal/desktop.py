"""Opening a task's page: with the desktop's opener, or not at all where there is no desktop."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping


def opener(environment: Mapping[str, str] | None = None, platform: str = sys.platform) -> str | None:
    """The program that opens web pages here; ``None`` over SSH and without a display.

    Python's `webbrowser` would start a text browser inside the board, so it is not asked.
    """
    environment = os.environ if environment is None else environment
    if environment.get("SSH_CONNECTION") or environment.get("SSH_TTY"):
        return None
    if platform == "darwin":
        return shutil.which("open")
    if environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"):
        return shutil.which("xdg-open")
    return None


def open_with(program: str, url: str) -> None:
    """Start it with the address as its one argument, no shell between; `is_web_address` was asked."""
    subprocess.Popen(  # noqa: S603
        [program, url],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )

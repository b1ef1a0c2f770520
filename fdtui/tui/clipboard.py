"""The terminal's clipboard: OSC 52, wrapped for tmux, capped, and without control characters."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from fdtui.core.task import Task

if TYPE_CHECKING:
    from textual.app import App

MAX_BYTES = 74_000
"""Bytes of text; what terminals take at most once it is encoded (100,000) less some air."""


def cleaned(text: str) -> str:
    """``text`` without what a shell would act on when it is pasted; line breaks stay."""
    return "".join(letter for letter in text if letter.isprintable() or letter == "\n")


def osc52(text: str, environment: Mapping[str, str]) -> str:
    """The sequence that puts ``text`` into the clipboard."""
    encoded = base64.b64encode(text.encode("utf-8", "replace")).decode("ascii")
    sequence = f"\x1b]52;c;{encoded}\x07"
    if environment.get("TMUX"):
        inner = sequence.replace("\x1b", "\x1b\x1b")
        return f"\x1bPtmux;{inner}\x1b\\"
    return sequence


def task_json(task: Task) -> str:
    """The task as the API would list it, on several lines."""

    def plain(value: object) -> object:
        if isinstance(value, Decimal):
            return int(value) if value == value.to_integral_value() else float(value)
        raise TypeError(type(value))

    return json.dumps(dict(task.row), indent=2, ensure_ascii=False, default=plain)


def copy(app: App[object], name: str, text: str) -> tuple[str, str]:
    """Copy, and answer what to tell the user with its severity."""
    text = cleaned(text)
    if not text:
        return "There is nothing to copy.", "warning"
    size = len(text.encode("utf-8", "replace"))
    if size > MAX_BYTES:
        return f"Too long for the terminal's clipboard: {size // 1024:,} kB.", "warning"
    app._clipboard = text
    write(app, osc52(text, os.environ))
    lines = text.count("\n") + 1
    more = f" ({lines} lines: mind where you paste them)" if lines > 1 else ""
    return f"{name} copied{more}.", "information"


def write(app: App[object], sequence: str) -> None:
    """Send a sequence to the terminal past the painter."""
    driver = app._driver
    if driver is not None:
        driver.write(sequence)
        driver.flush()

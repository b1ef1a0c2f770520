"""What `fdtui doctor` finds about the terminal: its kind, colours, clipboard, tmux and keyboard."""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
import termios
import time
import tty
from collections.abc import Iterator, Mapping

from fdtui.cli.findings import Finding, ok, warning
from fdtui.cli.terminal import check_terminal
from fdtui.core.errors import FdtuiError
from fdtui.core.safetext import safe

TERMINAL_SECONDS = 1.0
"""How long a terminal may take to answer."""
TMUX_SECONDS = 2.0
MAX_ESCAPE_TIME = 50
"""Milliseconds that tmux may hold the escape key back before it is felt."""
_KEYBOARD_QUERY = b"\x1b[?u\x1b[c"
"""Asks for the keyboard protocol, and for what every terminal answers."""
_ANSWERED = re.compile(rb"\x1b\[\?[0-9;]*c")
_SPEAKS = re.compile(rb"\x1b\[\?[0-9]+u")


def terminal_findings(environ: Mapping[str, str]) -> Iterator[Finding]:
    """All that can be known without a server."""
    try:
        check_terminal(environ)
        yield ok("terminal", safe(environ.get("TERM_PROGRAM", "") or environ["TERM"]))
    except FdtuiError as error:
        yield warning("terminal", error.message, error.hint)
    yield colours(environ)
    options = tmux_options(environ) if environ.get("TMUX") else {}
    yield clipboard(environ, options)
    yield tmux(environ, options)
    yield keyboard()


def colours(environ: Mapping[str, str]) -> Finding:
    """How many there are, as far as the environment tells."""
    term = environ.get("TERM", "")
    if environ.get("NO_COLOR"):
        return ok("colours", "off, for NO_COLOR is set")
    if environ.get("COLORTERM", "").lower() in {"truecolor", "24bit"} or term.endswith("-direct"):
        return ok("colours", "16 million (COLORTERM)")
    if "256" in term:
        return ok("colours", "256 (TERM)")
    hint = "If your terminal has more, set COLORTERM=truecolor or TERM=xterm-256color."
    return warning("colours", "no more than 16 are certain", hint)


def clipboard(environ: Mapping[str, str], options: Mapping[str, str]) -> Finding:
    """Whether a copied text can reach the terminal's clipboard."""
    if not environ.get("TMUX"):
        way = "through GNU screen, " if environ.get("STY") else ""
        return ok("clipboard", f"{way}by OSC 52, which the terminal has to allow")
    if options.get("set-clipboard") == "off":
        hint = "Run: tmux set -s set-clipboard on"
        return warning("clipboard", "tmux keeps what is copied (set-clipboard is off)", hint)
    return ok("clipboard", "through tmux, by OSC 52")


def tmux(environ: Mapping[str, str], options: Mapping[str, str]) -> Finding:
    """Whether tmux holds keys back."""
    if not environ.get("TMUX"):
        return ok("tmux", "not in use")
    if not options:
        return warning("tmux", "its options could not be read", "Run: tmux show-options -s")
    delay = options.get("escape-time", "")
    if delay.isdecimal() and int(delay) > MAX_ESCAPE_TIME:
        hint = "Run: tmux set -s escape-time 10"
        return warning("tmux", f"escape is held back for {delay} ms", hint)
    if options.get("focus-events") == "off":
        hint = "Run: tmux set -s focus-events on"
        return warning("tmux", "windows are not told when they get the focus", hint)
    return ok("tmux", f"escape-time {delay or 'unknown'}, focus-events on")


def tmux_options(environ: Mapping[str, str]) -> dict[str, str]:
    """The server's and the global options of tmux, by name; none where it cannot be asked."""
    program = shutil.which("tmux", path=environ.get("PATH"))
    found: dict[str, str] = {}
    for scope in ("-s", "-g") if program else ():
        try:
            done = subprocess.run(  # noqa: S603 - no shell, and a program of that name in PATH
                [str(program), "show-options", scope],
                env=dict(environ),
                capture_output=True,
                timeout=TMUX_SECONDS,
                check=True,
            )
        except (OSError, subprocess.SubprocessError):
            continue
        lines = done.stdout.decode("utf-8", "replace").splitlines()
        found |= {name: value for name, _, value in (line.partition(" ") for line in lines)}
    return found


def keyboard() -> Finding:
    """Whether every key is distinct in the terminal (the kitty keyboard protocol)."""
    answer = _asked()
    if answer is None:
        return warning("keyboard", "cannot be asked, for there is no terminal")
    if _SPEAKS.search(answer):
        return ok("keyboard", "every key is distinct (kitty keyboard protocol)")
    why = "ctrl+i is tab, and ctrl+m is enter" if answer else "the terminal does not answer"
    return warning("keyboard", f"some keys are not distinct: {why}", "Bind other keys in [keys].")


def _asked() -> bytes | None:
    """What the terminal answers; ``None`` where there is none."""
    try:
        terminal = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY)
    except OSError:
        return None
    answer, end = b"", time.monotonic() + TERMINAL_SECONDS
    try:
        before = termios.tcgetattr(terminal)
        try:
            tty.setcbreak(terminal, termios.TCSAFLUSH)
            os.write(terminal, _KEYBOARD_QUERY)
            while not _ANSWERED.search(answer) and (left := end - time.monotonic()) > 0:
                if select.select([terminal], [], [], left)[0]:
                    answer += os.read(terminal, 1024)
        finally:
            termios.tcsetattr(terminal, termios.TCSAFLUSH, before)
    except (OSError, termios.error):
        return None
    finally:
        os.close(terminal)
    return answer

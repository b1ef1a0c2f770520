"""The only writer of stdout and stderr: data goes to one, messages to the other.

What goes to a terminal is made fit to be shown; a file or a pipe gets it exactly.
"""

from __future__ import annotations

import codecs
import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from typing import NoReturn, TextIO

from fdtui.cli.ending import HUNG_UP, drop, is_hung_up
from fdtui.cli.exit_codes import ExitCode
from fdtui.core.errors import FdtuiError, StorageError, UsageError
from fdtui.core.safetext import escaped, safe
from fdtui.core.strictjson import dumps
from fdtui.launch import start

LINES_AT_ONCE = 500
"""Lines of a long list that are written together."""
_filter: Callable[[str], str] | None = None
"""Takes what goes to stdout, and answers what is to be written there: the pager, where there is one."""


def data(text: str) -> None:
    """Lines of data on stdout, flushed; ends quietly when nobody reads."""
    _write(sys.stdout, safe(text, multiline=True) if sys.stdout.isatty() else text)


def columns(rows: list[list[str]]) -> None:
    """Aligned columns on stdout; the last may be as long as it likes."""
    if not rows:
        return
    from rich.cells import cell_len  # not before there is something to align

    widths = [max(cell_len(row[at]) for row in rows) for at in range(len(rows[0]) - 1)]
    for row in rows:
        cells = [cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=False)]
        data("  ".join([*cells, row[-1]]).rstrip())


def toml(text: str) -> None:
    """A TOML document on stdout; on a terminal it stays one."""
    _write(sys.stdout, escaped(text) if sys.stdout.isatty() else text)


def json_(value: object) -> None:
    """One JSON document on stdout; on a terminal it stays the same one."""
    text = dumps(value, indent=2)
    _write(sys.stdout, escaped(text, is_json=True) if sys.stdout.isatty() else text)


def json_line(value: object) -> None:
    """One JSON value on a line of stdout; on a terminal it stays the same one."""
    text = dumps(value)
    _write(sys.stdout, escaped(text, is_json=True) if sys.stdout.isatty() else text)


def json_rows(rows: Iterable[object]) -> None:
    """One JSON document that is a list, written while it is made."""
    is_shown = sys.stdout.isatty()
    _write_all(escaped(part, is_json=True) if is_shown else part for part in json_parts(rows))


def json_parts(rows: Iterable[object]) -> Iterator[str]:
    """The text of one JSON document that is a list, with its line end, in parts."""
    before = "["
    for row in rows:
        text = dumps(row, indent=2).replace("\n", "\n  ")
        yield f"{before}\n  {text}"
        before = ","
    yield "[]\n" if before == "[" else "\n]\n"


def lines(texts: Iterable[str], *, is_ready: bool = False, is_json: bool = False) -> None:
    """Lines of data on stdout, written while they are made.

    ``is_ready`` says that they are fit for a terminal, as those are that hold colours; ``is_json``
    that each is a JSON value, which stays the same one.
    """
    if not is_ready and sys.stdout.isatty():
        texts = (
            escaped(each, is_json=True) if is_json else safe(each, multiline=True) for each in texts
        )
    _write_all(f"{text}\n" for text in texts)


def _write_all(parts: Iterable[str]) -> None:
    parts = iter(parts)
    while text := "".join(islice(parts, LINES_AT_ONCE)):
        _write(sys.stdout, text, end="")


def through(pager: Callable[[str], str] | None) -> None:
    """Pass all that goes to stdout to ``pager`` first, which answers what is to be written now."""
    global _filter  # noqa: PLW0603 - there is one stdout, too
    _filter = pager


def ready(text: str) -> None:
    """What is fit for stdout already, with its line ends."""
    _write(sys.stdout, text, end="")


def notify(text: str) -> None:
    """A sentence for a person, on stderr; nothing in it can act on the terminal."""
    _write(sys.stderr, safe(text, multiline=True))


def report_error(error: FdtuiError) -> None:
    """What went wrong and the next step, on stderr."""
    notify(f"fdtui: {error.message}")
    if error.hint:
        notify(f"       {error.hint}")


def confirm(question: str, without: str = "Use --yes to apply the plan.") -> bool:
    """What the person at the terminal answers; raises `UsageError` where there is none.

    ``without`` says what to do then.
    """
    if not sys.stdin.isatty():
        raise UsageError("There is no terminal for the question.", without)
    import click  # whoever asks nothing needs no command line

    return click.confirm(safe(question), err=True)


def ask_secret(question: str) -> str:
    """What the person at the terminal types unseen; in a pipe, the first line of stdin."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip("\r\n")
    import click  # whoever asks nothing needs no command line

    answer: str = click.prompt(safe(question), hide_input=True, err=True, default="", show_default=False)
    return answer


def log_safely() -> None:
    """Send what the program's own parts log to stderr, as messages."""
    root = logging.getLogger()
    if not any(isinstance(each, _NotifyHandler) for each in root.handlers):
        root.addHandler(_NotifyHandler(logging.WARNING))


class _NotifyHandler(logging.Handler):
    """Writes a record, its traceback too, so that nothing in it acts on the terminal."""

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(OSError):
            sys.stderr.write(safe(self.format(record), multiline=True) + "\n")
            sys.stderr.flush()


def is_watched() -> bool:
    """Whether a person sees the messages, so that progress is worth showing."""
    return sys.stderr.isatty()


def is_terminal() -> bool:
    """Whether a person reads the data."""
    return sys.stdout.isatty()


def progress(text: str) -> None:
    """Words that take the place of the last ones, on stderr; empty takes them away."""
    with suppress(OSError):
        sys.stderr.write(f"\r\x1b[K{safe(text)}")
        sys.stderr.flush()


def bytes_(data: bytes) -> None:
    """Bytes of a file on stdout; ends quietly when nobody reads. Raises `StorageError`.

    A terminal gets their text: it would obey what else is in them.
    """
    try:
        if sys.stdout.isatty():
            sys.stdout.write(safe(_decode(data), multiline=True))
            sys.stdout.flush()
            return
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _leave_quietly()
    except OSError as error:
        _leave_if_hung_up(sys.stdout, error)
        raise _unwritten(error) from None


_decode = codecs.getincrementaldecoder("utf-8")("backslashreplace").decode
"""Keeps the beginning of a letter until the next bytes come."""


def _write(stream: TextIO, text: str, end: str = "\n") -> None:
    start.give_back()  # it would be written over the last frame, and go with it
    if _filter is not None and stream is sys.stdout:
        text, end = _filter(text + end), ""
        if not text:
            return
    try:
        print(text, end=end, file=stream, flush=True)
    except BrokenPipeError:
        _leave_quietly()
    except UnicodeEncodeError:
        print(text.encode("ascii", "backslashreplace").decode(), end=end, file=stream, flush=True)
    except OSError as error:
        _leave_if_hung_up(stream, error)
        if stream is not sys.stderr:
            report_error(_unwritten(error))
        raise SystemExit(ExitCode.FAILED) from None


def _unwritten(error: OSError) -> StorageError:
    return StorageError(f"The output could not be written: {error.strerror or error}.")


def _leave_quietly() -> NoReturn:
    drop(sys.stdout)
    raise SystemExit(141)  # 128 + SIGPIPE, as other programs end in a pipe


def _leave_if_hung_up(stream: TextIO, error: OSError) -> None:
    if is_hung_up(stream, error):
        drop(stream)
        raise SystemExit(HUNG_UP)

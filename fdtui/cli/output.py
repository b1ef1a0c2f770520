"""The only writer of stdout and stderr: data goes to one, narration to the other."""

from __future__ import annotations

import os
import sys
from typing import NoReturn, TextIO

from fdtui.cli.exit_codes import ExitCode
from fdtui.core.errors import FdtuiError, StorageError
from fdtui.core.safetext import safe


def data(text: str) -> None:
    """A line of data on stdout, flushed; ends quietly when nobody reads any more."""
    _write(sys.stdout, text)


def narrate(text: str) -> None:
    """A sentence for a person, on stderr; nothing in it can act on the terminal."""
    _write(sys.stderr, safe(text, multiline=True))


def complain(error: FdtuiError) -> None:
    """What went wrong and the next step, on stderr."""
    narrate(f"fdtui: {error.message}")
    if error.hint:
        narrate(f"       {error.hint}")


def is_watched() -> bool:
    """Whether a person sees what is narrated, so that progress is worth showing."""
    return sys.stderr.isatty()


def progress(text: str) -> None:
    """Words that take the place of the last ones, on stderr; empty takes them away."""
    sys.stderr.write(f"\r\x1b[K{safe(text)}")
    sys.stderr.flush()


def bytes_(data: bytes) -> None:
    """Bytes of a file on stdout; ends quietly when nobody reads any more. Raises `StorageError`."""
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _leave_quietly()
    except OSError as error:
        raise _unwritten(error) from None


def _write(stream: TextIO, text: str) -> None:
    try:
        print(text, file=stream, flush=True)
    except BrokenPipeError:
        _leave_quietly()
    except UnicodeEncodeError:
        print(text.encode("ascii", "backslashreplace").decode(), file=stream, flush=True)
    except OSError as error:
        if stream is not sys.stderr:
            complain(_unwritten(error))
        raise SystemExit(ExitCode.FAILED) from None


def _unwritten(error: OSError) -> StorageError:
    return StorageError(f"The output could not be written: {error.strerror or error}.")


def _leave_quietly() -> NoReturn:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise SystemExit(141)  # 128 + SIGPIPE, as other programs end in a pipe

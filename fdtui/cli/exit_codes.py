"""How a command ends, for scripts. The numbers are a promise."""

from __future__ import annotations

from enum import IntEnum

from fdtui.core import errors


class ExitCode(IntEnum):
    """The meanings of the program's exit codes."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    NOT_FOUND = 3
    NOT_ALLOWED = 4
    INVALID = 5
    UNREACHABLE = 6
    CONFLICT = 7
    STILL_PENDING = 8
    INTERRUPTED = 130


_BY_ERROR: tuple[tuple[type[errors.FdtuiError], ExitCode], ...] = (
    (errors.UsageError, ExitCode.USAGE),
    (errors.ConfigError, ExitCode.USAGE),
    (errors.BadJsonError, ExitCode.USAGE),
    (errors.NotFoundError, ExitCode.NOT_FOUND),
    (errors.NotAuthenticatedError, ExitCode.NOT_ALLOWED),
    (errors.NotAllowedError, ExitCode.NOT_ALLOWED),
    (errors.InvalidError, ExitCode.INVALID),
    (errors.ConflictError, ExitCode.CONFLICT),
    (errors.UnreachableError, ExitCode.UNREACHABLE),
    (errors.NotFlowdashError, ExitCode.UNREACHABLE),
    (errors.StillPendingError, ExitCode.STILL_PENDING),
)


def exit_code_of(error: errors.FdtuiError) -> ExitCode:
    """The exit code that ``error`` ends a command with."""
    return next((code for kind, code in _BY_ERROR if isinstance(error, kind)), ExitCode.FAILED)

"""How a command ends, for scripts. The numbers are a promise."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType

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


EXIT_MEANINGS: Mapping[ExitCode, str] = MappingProxyType(
    {
        ExitCode.DONE: "done",
        ExitCode.FAILED: "failed (including an execution that ended in Fail)",
        ExitCode.USAGE: "wrong usage, or an invalid setting",
        ExitCode.NOT_FOUND: "not found",
        ExitCode.NOT_ALLOWED: "not authenticated, or not allowed",
        ExitCode.INVALID: "refused by validation",
        ExitCode.UNREACHABLE: "unreachable, or timed out",
        ExitCode.CONFLICT: "conflict",
        ExitCode.STILL_PENDING: "gave up waiting; still pending",
        ExitCode.INTERRUPTED: "interrupted",
    }
)
"""What each says, for the documentation."""

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

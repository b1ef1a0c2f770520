"""Every failure the program knows, in one tree.

FdtuiError                  one clear sentence, and where there is one, the next step
├── UsageError              the user asked for something that cannot be
│   └── ReadOnlyError       a write was asked for in read-only mode
│       └── WithheldError   the request that would have been sent
├── ConfigError             a setting is wrong; names the file and the key
├── BadJsonError            text that is not the JSON we accept
├── StillPendingError       the time is up, and the answer has not come
├── ApiError                a request did not do what it should
│   ├── UnreachableError    no answer; ``sent`` says whether the server may have acted
│   │   └── UnavailableError   the server answered that it cannot serve now (5xx)
│   │       └── RateLimitedError   429; says when to come back
│   ├── NotFlowdashError    an answer, but not one of Flowdash's
│   │   └── UnclearError    a write was answered with success, and not with what it made
│   ├── NotAuthenticatedError  401
│   ├── NotAllowedError     403
│   ├── NotFoundError       404
│   ├── ConflictError       409, or a field that changed underneath
│   ├── TooLargeError       413, 414, or a limit of our own
│   └── InvalidError        422: which fields, and what is wrong with each
└── StorageError            the disk or the database refused
    ├── UnwritableError     it can be read and not written now: full, read-only, held by another
    └── DamagedError        it is damaged, and trying again does not help
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

KEY_HINT = (
    "`fdtui config show` says where the key comes from; a new one goes into FDTUI_API_KEY or api_key."
)
"""What to do about a key that is not accepted."""


MAX_REST = 120.0
"""Seconds that a server can ask us to stay away at most: its number is a stranger's."""


class FdtuiError(Exception):
    """A failure told to the user: ``message`` is a sentence, ``hint`` the next step or empty."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class UsageError(FdtuiError):
    """What was asked for cannot be done as asked."""


class ReadOnlyError(UsageError):
    """A write was asked for while the program is read-only."""

    def __init__(self) -> None:
        super().__init__(
            "Read-only mode: nothing was changed.",
            "It comes from --read-only, FDTUI_READ_ONLY or read_only in the profile.",
        )


class WithheldError(ReadOnlyError):
    """A request that was made and not sent: ``url`` whole, ``body`` as JSON text or empty."""

    def __init__(self, method: str, url: str, body: str) -> None:
        super().__init__()
        self.method, self.url, self.body = method, url, body


class ConfigError(FdtuiError):
    """A setting is wrong; the message names the file, the key and, where known, the line."""


def all_of(mistakes: Sequence[ConfigError]) -> ConfigError:
    """One error that names all ``mistakes``, a line each, in the order of the file's lines."""
    mistakes = sorted(mistakes, key=lambda mistake: getattr(mistake, "line", 0))
    if len(mistakes) == 1:
        return mistakes[0]
    return ConfigError(
        "\n".join([f"{len(mistakes)} settings are wrong.", *(f"  {m}" for m in mistakes)])
    )


class BadJsonError(FdtuiError):
    """Text that is not JSON as we accept it, with the place (both counted from 1)."""

    def __init__(self, message: str, line: int = 1, column: int = 1) -> None:
        super().__init__(f"{message} at line {line}, column {column}")
        self.line, self.column = line, column


class StillPendingError(FdtuiError):
    """The time that was to be waited is up, and there is no answer yet."""


class ApiError(FdtuiError):
    """A request did not do what it should; ``status`` is the HTTP status, 0 where there was none."""

    def __init__(self, message: str, hint: str = "", *, status: int = 0) -> None:
        super().__init__(message, hint)
        self.status = status


class UnreachableError(ApiError):
    """No usable answer came.

    ``sent`` is true when bytes of the request had left, so that the server may have acted on it.
    """

    def __init__(self, message: str, hint: str = "", *, status: int = 0, sent: bool = False) -> None:
        super().__init__(message, hint, status=status)
        self.sent = sent


class UnavailableError(UnreachableError):
    """The server, or something in front of it, cannot serve now.

    ``retry_after`` is in seconds, at most `MAX_REST`, and ``None`` where the answer did not say.
    """

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        status: int = 503,
        sent: bool = True,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, hint, status=status, sent=sent)
        self.retry_after = None if retry_after is None else max(0.0, min(retry_after, MAX_REST))


class RateLimitedError(UnavailableError):
    """Too many requests; nothing is sent for ``retry_after`` seconds."""


class NotFlowdashError(ApiError):
    """An answer that Flowdash does not give: a login page, a proxy, broken or foreign JSON."""


class UnclearError(NotFlowdashError):
    """A write was answered with success, but the answer does not show what it did: look.

    ``is_foreign`` where the answer is neither empty nor JSON, as a login page is: then not even the
    success can be trusted.
    """

    def __init__(
        self, message: str, hint: str = "", *, status: int = 0, is_foreign: bool = False
    ) -> None:
        super().__init__(message, hint, status=status)
        self.is_foreign = is_foreign


class NotAuthenticatedError(ApiError):
    """The API key is missing, wrong or revoked."""


class NotAllowedError(ApiError):
    """The key, or the person, may not do this."""


class NotFoundError(ApiError):
    """There is no such thing, or this key may not know of it."""


class ConflictError(ApiError):
    """Somebody else changed it meanwhile."""


class TooLargeError(ApiError):
    """The request, the answer or one part of it is over a limit that the message names."""


class InvalidError(ApiError):
    """The data was refused: ``fields`` by field name, ``errors`` for the whole."""

    def __init__(
        self,
        fields: Mapping[str, Sequence[str]] | None = None,
        errors: Sequence[str] = (),
        *,
        status: int = 422,
    ) -> None:
        self.fields = {name: tuple(says) for name, says in (fields or {}).items()}
        self.errors = tuple(errors)
        parts = [f"{name} {', '.join(says)}" for name, says in self.fields.items()]
        said = "; ".join([*parts, *self.errors])
        super().__init__(said or f"Refused ({status}), no details given", status=status)


class StorageError(FdtuiError):
    """The disk or the database refused; nothing was stored."""


class UnwritableError(StorageError):
    """What is stored can be read, but nothing can be stored until somebody makes that possible."""


class DamagedError(StorageError):
    """What is stored is damaged: only a backup helps."""

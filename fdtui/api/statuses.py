"""What an answer's status means, as one of our errors (Errors and Tasks API)."""

from __future__ import annotations

from http import HTTPStatus

from fdtui.api.complaints import complaint_of
from fdtui.api.reply import Reply
from fdtui.core.errors import (
    KEY_HINT,
    ApiError,
    ConflictError,
    InvalidError,
    NotAllowedError,
    NotAuthenticatedError,
    NotFlowdashError,
    NotFoundError,
    RateLimitedError,
    TooLargeError,
    UnavailableError,
)

REDIRECTS = frozenset({301, 302, 303, 307, 308})
SUCCESSES = frozenset({200, 201, 202, 203, 204})


def check(reply: Reply, what: str, *, conditional: bool = False) -> None:
    """Return where the request did what it should, else raise the error that says why not.

    ``what`` names the thing asked for; ``conditional`` allows 304, which is no answer unasked.
    """
    status = reply.status
    if is_success(reply.method, status) or (status == HTTPStatus.NOT_MODIFIED and conditional):
        return
    says = complaint_of(reply)
    told, wrote, page = " ".join(says.sentences), reply.method != "GET", says.page
    if says.fields and not told:
        told = "; ".join(f"{name} {', '.join(texts)}" for name, texts in says.fields)

    def words(default: str) -> str:
        return told or (f"{default} It says: {page}" if page else default)

    match status:
        case 401:
            raise NotAuthenticatedError(
                "Flowdash does not accept the API key (401).",
                KEY_HINT,
                status=status,
            )
        case 403:
            raise NotAllowedError(words(f"Not allowed: {what} (403)."), status=status)
        case 404 | 410:
            raise NotFoundError(
                words(f"There is no {what} here, or this key may not see it."), status=status
            )
        case 409:
            raise ConflictError(words(f"Someone else changed {what} meanwhile."), status=status)
        case 413 | 414 | 431:
            raise TooLargeError(words(f"Too large for the server ({status}): {what}."), status=status)
        case 422:
            errors = says.sentences or ((page,) if page else ())
            raise InvalidError(dict(says.fields), errors, status=status)
        case 429:
            raise RateLimitedError(
                "Too many requests (429).", status=status, sent=False, retry_after=reply.retry_after
            )
        case 408:
            raise UnavailableError(
                "The server gave up waiting (408).",
                status=status,
                sent=wrote,
                retry_after=reply.retry_after,
            )
        case 421 | 425:
            raise UnavailableError(
                words(f"The server did not take the request ({status})."),
                status=status,
                sent=False,
                retry_after=reply.retry_after,
            )
    if 500 <= status <= 599:
        more = f": {told or page}" if told or page else ""
        raise UnavailableError(
            f"Server unavailable ({status}){more}",
            status=status,
            sent=wrote,
            retry_after=reply.retry_after,
        )
    if 400 <= status <= 499 and status != HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        raise ApiError(words(f"The server refused the request ({status})."), status=status)
    raise NotFlowdashError(f"{status} is not an answer that Flowdash gives.", status=status)


def is_success(method: str, status: int) -> bool:
    """Whether it was done: a write by any 2xx, for no other says that it was refused."""
    return status in SUCCESSES or (method != "GET" and 200 <= status <= 299)

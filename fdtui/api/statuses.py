"""What an answer's status means, as one of our errors (Errors and Tasks API)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from fdtui.api.reply import Reply
from fdtui.core import strictjson
from fdtui.core.errors import (
    KEY_HINT,
    ApiError,
    BadJsonError,
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
SUCCESSES = frozenset({200, 201, 202, 204})
_MAX_SENTENCES = 200


def check(reply: Reply, what: str, *, conditional: bool = False) -> None:
    """Return where the request did what it should, else raise the error that says why not.

    ``what`` names the thing asked for; ``conditional`` allows 304, which is no answer unasked.
    """
    status = reply.status
    if status in SUCCESSES or (status == HTTPStatus.NOT_MODIFIED and conditional):
        return
    says = sentences(reply)
    told = " ".join(says)
    wrote = reply.method != "GET"
    match status:
        case 401:
            raise NotAuthenticatedError(
                "Flowdash does not accept the API key (401).",
                KEY_HINT,
                status=status,
            )
        case 403:
            raise NotAllowedError(told or f"Not allowed: {what} (403).", status=status)
        case 404 | 410:
            raise NotFoundError(
                told or f"There is no {what} here, or this key may not see it.", status=status
            )
        case 409:
            raise ConflictError(told or f"Somebody else changed {what} meanwhile.", status=status)
        case 413 | 414 | 431:
            raise TooLargeError(told or f"Too large for the server ({status}): {what}.", status=status)
        case 422:
            raise InvalidError(field_errors(reply), says, status=status)
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
    if 500 <= status <= 599:
        raise UnavailableError(
            f"Server unavailable ({status})", status=status, sent=wrote, retry_after=reply.retry_after
        )
    if 400 <= status <= 499 and status != HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        raise ApiError(told or f"The server refused the request ({status}).", status=status)
    raise NotFlowdashError(f"{status} is no answer that Flowdash gives.", status=status)


def sentences(reply: Reply) -> tuple[str, ...]:
    """The sentences in ``{"errors": [...]}``; none where the answer has another shape."""
    errors = _errors(reply)
    if isinstance(errors, str):
        return (errors,)
    return _texts(errors) if isinstance(errors, list) else ()


def field_errors(reply: Reply) -> dict[str, tuple[str, ...]]:
    """What ``{"errors": {field: [...]}}`` says of each field."""
    errors = _errors(reply)
    if not isinstance(errors, Mapping):
        return {}
    says = {
        str(name): (text,) if isinstance(text, str) else _texts(text) or ("is invalid",)
        for name, text in errors.items()
    }
    return dict(list(says.items())[:_MAX_SENTENCES])


def _errors(reply: Reply) -> object:
    try:
        value = strictjson.loads(reply.body, forgiving=True)
    except BadJsonError:
        return None
    if not isinstance(value, dict):
        return None
    return value.get("errors", value.get("error"))


def _texts(value: object) -> tuple[str, ...]:
    items = value if isinstance(value, list) else []
    return tuple(each for each in items[:_MAX_SENTENCES] if isinstance(each, str) and each.strip())

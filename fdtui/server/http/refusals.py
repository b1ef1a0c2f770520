"""What a failure looks like to who asked: a status, and sentences that say why."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable

from starlette.responses import Response

from fdtui.core.errors import (
    ApiError,
    BadJsonError,
    DamagedError,
    InvalidError,
    StorageError,
    UnwritableError,
)
from fdtui.server import KEPT_SECONDS
from fdtui.server.refusal import RefusedError
from fdtui.server.render import encode

_log = logging.getLogger(__name__)

ON_EVERY_ANSWER = {
    "X-Content-Type-Options": "nosniff",
    "Idempotency-Kept-For": str(KEPT_SECONDS),
}
"""Headers of all answers: a client has to know that it may repeat before an answer is lost."""


async def guarded(work: Awaitable[Response]) -> Response:
    """The answer of ``work``, or the one that says why there is none."""
    try:
        return await work
    except ApiError as error:
        return _refused(error)
    except BadJsonError as error:
        return sentence(400, f"The body is not JSON as it should be: {error}.")
    except DamagedError:
        _log.exception("the database is damaged")
        return sentence(500, "The database of this server is damaged: a backup must be put back.")
    except UnwritableError as error:
        _log.exception("the database cannot be written")
        return sentence(503, error.message, {"Retry-After": "1"})
    except StorageError:
        _log.exception("the database failed")
        return sentence(503, "The database cannot serve now.", {"Retry-After": "1"})
    except Exception:  # noqa: BLE001 - the outermost border
        incident = secrets.token_hex(4)
        _log.exception("incident %s", incident)
        return sentence(500, f"The server failed; its log has more under {incident}.")


def _refused(error: ApiError) -> Response:
    if isinstance(error, InvalidError):
        return _json(error.status, {"errors": error.fields or list(error.errors)}, {})
    headers = error.headers if isinstance(error, RefusedError) else {}
    return sentence(error.status or 500, error.message, headers)


def sentence(status: int, said: str, headers: dict[str, str] | None = None) -> Response:
    """A refusal in one sentence."""
    return _json(status, {"errors": [said]}, headers or {})


def _json(status: int, value: object, headers: dict[str, str]) -> Response:
    return Response(encode(value), status_code=status, headers=headers, media_type="application/json")

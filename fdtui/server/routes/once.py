"""``Idempotency-Key``: a request repeated with its key gets its first answer, and is not done again.

A key belongs to who sent it (the API key, and the person it acts for), to the method and to the address,
so nobody is ever shown another's answer. A repeated request that meets the first one under way waits for
it, for only one writes at a time. What was refused is not kept: nothing was done, so the repeated one is
judged by what holds then, and may succeed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable

from starlette.responses import Response

from fdtui.server.http import address
from fdtui.server.http.call import Call
from fdtui.server.refusal import RefusedError
from fdtui.server.store import Transaction, kept_answers
from fdtui.server.store.kept_answers import KeptAnswer

KEY_HEADER, REPLAYED = "idempotency-key", "Idempotency-Replayed"
MAX_KEY_LENGTH = 255
_KEY_SHAPE = re.compile(rf"[ -~]{{1,{MAX_KEY_LENGTH}}}")


def write(call: Call, work: Callable[[Transaction], Response]) -> Response:
    """What ``work`` answers, or has answered to this request before; raises `RefusedError`."""
    key = _key(call)
    if key is None:
        return call.store.write(work)
    name, request, now = _name(call, key), call.body.digest(), call.now.timestamp()

    def guarded(tx: Transaction) -> Response:
        kept = kept_answers.find(tx, name)
        if kept is not None and not kept.is_too_old(now):
            return _again(kept, request)
        if kept is not None:
            kept_answers.drop(tx, name)
        answer = work(tx)
        if 200 <= answer.status_code < 300:
            kept_answers.keep(call.store, tx, name, _kept(answer, request, now))
        return answer

    return call.store.write(guarded)


def replayed(call: Call) -> Response | None:
    """The answer that this request was given before; for what must not be prepared again."""
    key = _key(call)
    if key is None:
        return None
    name = _name(call, key)
    kept = call.store.read(lambda tx: kept_answers.find(tx, name))
    if kept is None or kept.is_too_old(call.now.timestamp()):
        return None
    return _again(kept, call.body.digest())


def _key(call: Call) -> str | None:
    """The request's key, if it has one; raises `RefusedError` for one that cannot be."""
    given = call.headers.getlist(KEY_HEADER)
    if not given:
        return None
    key = given[0].strip(" \t")
    if len(given) > 1 or not _KEY_SHAPE.fullmatch(key):
        raise RefusedError(
            f"Idempotency-Key must be sent once, with 1 to {MAX_KEY_LENGTH} printable ASCII characters.",
            status=400,
        )
    return key


def _name(call: Call, key: str) -> str:
    """Where the answer is kept: a hash, so that the table shows nobody's keys."""
    person = call.headers.get("performed-by", "").strip()
    place = address.segments(call.path)
    parts = json.dumps([call.caller.id, person, "POST", *place, key])
    return hashlib.sha256(parts.encode()).hexdigest()


def _kept(answer: Response, request: str, now: float) -> KeptAnswer:
    headers = {name: value for name, value in answer.headers.items() if name != "content-length"}
    return KeptAnswer(request, now, answer.status_code, json.dumps(headers), bytes(answer.body))


def _again(kept: KeptAnswer, request: str) -> Response:
    if kept.request != request:
        raise RefusedError(
            "This Idempotency-Key was sent before with another body, so nothing was done.", status=422
        )
    headers = {**json.loads(kept.headers), REPLAYED: "true"}
    return Response(kept.content, status_code=kept.status, headers=headers)

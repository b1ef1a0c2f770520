"""One request at a time to its end: where the rules of the wire are kept.

Around httpx, whose timeouts count per chunk, whose unpacking has no bound and whose redirects would
carry the key away. Here a call has one deadline, a bounded answer, one origin, and is sent again
only where that cannot do a thing twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import NoReturn

import httpx

from fdtui import __version__
from fdtui.api import departure, faults, statuses
from fdtui.api.body import read_body
from fdtui.api.connect import connect
from fdtui.api.exchange import Exchange, OutgoingCall
from fdtui.api.flow import Flow
from fdtui.api.key import checked_key
from fdtui.api.limits import Limits
from fdtui.api.origin import Origin
from fdtui.api.reply import Reply, as_tag, kept_for
from fdtui.api.retry import Gate, Timing, backoff
from fdtui.api.streams import outgoing, pour
from fdtui.core.errors import (
    FdtuiError,
    NotFlowdashError,
    RateLimitedError,
    TooLargeError,
    UnavailableError,
    UnreachableError,
    WithheldError,
)
from fdtui.core.safetext import safe
from fdtui.core.transfer import Outgoing, Sink


class Transport:
    """The way to one install, with one key.

    ``transport`` replaces the network (an in-process server, a test); ``on_exchange`` is called with
    every request. Nothing is opened before the first request. Without a ``key`` the address itself
    holds a ``secret``.
    """

    def __init__(
        self,
        origin: Origin,
        key: str | None,
        *,
        secret: str = "",
        read_only: bool = False,
        user: str = "",
        limits: Limits | None = None,
        timing: Timing | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        on_exchange: Callable[[Exchange], None] | None = None,
    ) -> None:
        self.origin = origin
        self.read_only = read_only
        self.keeps_keys_for = 0.0
        """Seconds for which the server knows a request of a name again; 0 where it never does."""
        self._limits = limits or Limits()
        self._timing = timing or Timing()
        self._inner = transport
        self._on_exchange = on_exchange
        self._gate = Gate(self._timing)
        self._client: httpx.AsyncClient | None = None
        self._opening = asyncio.Lock()
        # httpx.Headers hides the key in its own repr, so that no crash report shows it.
        self._headers = httpx.Headers(
            {
                "Accept": "application/json",
                "Accept-Encoding": "gzip",
                "User-Agent": f"fdtui/{__version__}",
            }
        )
        self._user = user.strip() if user.isascii() and user.isprintable() else ""
        if key is not None:
            secret = checked_key(key)
            self._headers["Authorization"] = f"Bearer {secret}"
        hidden = secret.encode()
        # In a function, and not in an attribute, so that no crash report shows it.
        self._veil: Callable[[bytes], bytes] = lambda text: (
            text.replace(hidden, b"(the API key)") if hidden else text
        )
        self._timeout = httpx.Timeout(
            self._limits.stall, connect=self._limits.connect, pool=self._limits.total
        ).as_dict()

    async def request(
        self,
        method: str,
        target: str,
        *,
        body: bytes | None = None,
        what: str = "",
        known: str = "",
        matching: str = "",
        once: str = "",
        is_listing: bool = False,
        wait: float | None = None,
    ) -> Reply:
        """The reply to one request; one that is not a success is raised as an `ApiError`.

        ``target`` comes from `fdtui.api.urls.target`. ``what`` names the thing for the messages,
        ``known`` is the tag of a known answer, so the reply may be 304; to a write it is ``*``,
        for one that is to find nothing there. ``matching`` is the tag that the thing must have for a
        change to be made. ``once`` names the request, so that it may be repeated where the server
        keeps such names (`keeps_keys_for`). ``is_listing`` is for an answer that may be as long as a
        workflow is. ``wait`` is how many seconds the server may hold its answer back: it is tried once
        then, for its caller has to know how long that went well.
        """
        self._check_allowed(method, target, body)
        most = self._limits.listing if is_listing else self._limits.body
        call = OutgoingCall(
            method,
            target,
            body,
            what or target,
            as_tag(known),
            most=most,
            matching=as_tag(matching),
            once=once,
            wait=wait,
        )
        total = self._limits.total * (self._limits.listing_patience if is_listing else 1) + (wait or 0)
        try:
            async with asyncio.timeout(total):
                return await self._persist(call, self._timing.clock() + self._limits.total)
        except TimeoutError:
            raise UnreachableError(
                f"No answer from {self.origin} within {total:g} s.", sent=call.sent
            ) from None

    async def transfer(
        self,
        method: str,
        target: str,
        *,
        body: Outgoing | None = None,
        sink: Sink | None = None,
        what: str = "",
        matching: str = "",
    ) -> Reply:
        """One try of a request with a big body, or with an answer that goes into ``sink``.

        It has no deadline but must not stand still (`Flow`). ``matching`` is the tag that the thing
        must have for the change to be made.
        """
        self._check_allowed(method, target)
        flow = Flow(self._limits)
        call = OutgoingCall(
            method,
            target,
            body,
            what or target,
            most=self._limits.body,
            matching=matching,
            sink=sink,
            flow=flow,
        )
        await self._wait_at_gate(self._timing.clock() + self._limits.total)
        try:
            async with flow:
                reply = await self._attempt(call)
        except RateLimitedError as error:
            self._gate.shut(error.retry_after)
            raise
        except TimeoutError:
            raise UnreachableError(f"Nothing moves to or from {self.origin}.", sent=call.sent) from None
        self._gate.passed()
        return reply

    def _check_allowed(self, method: str, target: str, body: bytes | None = None) -> None:
        if self.read_only and method != "GET":
            raise WithheldError(method, str(self.origin.url(target)), (body or b"").decode())

    def hurry(self) -> None:
        """Ask now whatever the server has said about waiting: the user says so."""
        self._gate.open()

    async def aclose(self) -> None:
        """Close the connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _persist(self, call: OutgoingCall, deadline: float) -> Reply:
        attempt, tries = 0, self._limits.tries if call.wait is None else 1
        while True:
            attempt += 1
            await self._wait_at_gate(deadline)
            try:
                reply = await self._attempt(call)
            except RateLimitedError as error:
                self._gate.shut(error.retry_after)
                if call.is_write or attempt >= tries:
                    self._raise_rate_limited(self._gate.remaining())
                continue
            except UnreachableError as error:
                pause = backoff(attempt, self._timing.chance())
                if isinstance(error, UnavailableError) and error.retry_after is not None:
                    pause = max(pause, error.retry_after)
                is_safe = not (call.is_write and error.sent) or self._knows_again(call)
                is_hopeless = isinstance(error, faults.UntrustedError)
                out_of_time = self._timing.clock() + pause >= deadline
                if not is_safe or is_hopeless or out_of_time or attempt >= tries:
                    raise
                await self._gate.wait(pause)
            else:
                self._gate.passed()
                return reply

    def _knows_again(self, call: OutgoingCall) -> bool:
        """Whether the server does not do ``call`` twice, however often it gets it."""
        return bool(call.once) and self.keeps_keys_for > 0

    async def _wait_at_gate(self, deadline: float) -> None:
        while (wait := self._gate.remaining()) > 0:
            if self._timing.clock() + wait >= deadline:
                self._raise_rate_limited(wait)
            await self._gate.wait(wait)

    def _raise_rate_limited(self, seconds: float) -> NoReturn:
        raise RateLimitedError(
            f"Too many requests: the server asks to wait {max(1, round(seconds))} s.",
            status=429,
            sent=False,
            retry_after=max(0.0, seconds),
        )

    async def _attempt(self, call: OutgoingCall) -> Reply:
        url = self.origin.url(call.target)
        for _ in range(self._limits.redirects + 1):
            reply = await self._round_trip(call, url)
            if reply.status not in statuses.REDIRECTS:
                statuses.check(reply, call.what, conditional=bool(call.known) and not call.is_write)
                return reply
            url = self._follow(call, url, reply)
        raise NotFlowdashError(f"More than {self._limits.redirects} redirects.", status=reply.status)

    def _follow(self, call: OutgoingCall, url: httpx.URL, reply: Reply) -> httpx.URL:
        """Where a redirect leads, if the key may go there."""
        if not reply.location:
            raise NotFlowdashError(f"A redirect ({reply.status}) to nowhere.", status=reply.status)
        try:
            there = url.join(reply.location)
            is_ours = self.origin.holds(there)
        except (httpx.InvalidURL, UnicodeError, ValueError):
            raise NotFlowdashError("A redirect to no address.", status=reply.status) from None
        if not is_ours:
            host = safe(f"{there.scheme}://{there.netloc.decode('ascii', 'replace')}"[:200])
            raise NotFlowdashError(
                f"{self.origin} redirects to {host}; the key was not sent there.",
                f"If that is your Flowdash, use {host} as the address.",
                status=reply.status,
            )
        if call.is_write:
            raise NotFlowdashError(
                f"{self.origin} redirects the change ({reply.status}); it was not repeated.",
                status=reply.status,
            )
        return there

    async def _round_trip(self, call: OutgoingCall, url: httpx.URL) -> Reply:
        """One request, one answer, told to ``on_exchange`` whatever happens."""
        start = self._timing.clock()
        reply, problem = None, "cancelled"
        # An injected transport does not say when bytes leave: then they count as gone at once.
        call.handed_over = call.can_end = self._inner is not None
        try:
            reply = await self._exchange(call, url)
            problem = ""
            return reply
        except faults.FAULTS as error:
            if isinstance(error, faults.UNSENT_FAULTS):
                call.handed_over = False
            trouble = faults.unreachable(error, self.origin, sent=call.sent)
            problem = trouble.message
            raise trouble from None
        except FdtuiError as error:
            problem = error.message
            raise
        finally:
            self._report(call, url, reply, problem, self._timing.clock() - start)

    async def _exchange(self, call: OutgoingCall, url: httpx.URL) -> Reply:
        client = self._client or await self._open()
        headers = self._headers.copy()
        if self._user and call.method != "GET":
            headers["Performed-By"] = self._user
        if call.body is not None:
            headers["Content-Type"] = "application/json"
        if call.known:
            headers["If-None-Match"] = call.known
        if call.matching:
            headers["If-Match"] = call.matching
        if call.once:
            headers["Idempotency-Key"] = call.once
        content: bytes | AsyncIterator[bytes] | None
        timeout = self._timeout
        if call.flow is not None:
            timeout = {**timeout, "read": None, "write": None}
        if call.wait is not None:
            timeout = {**timeout, "read": call.wait + self._limits.grace}
        if call.sink is not None:
            headers["Accept"], headers["Accept-Encoding"] = "*/*", "identity"
        if isinstance(call.body, Outgoing):
            assert call.flow is not None  # noqa: S101 - `transfer` gives both
            headers["Content-Length"] = str(call.body.length)
            content = outgoing(call.body, call.flow)
        else:
            content = call.body
        extensions = {"timeout": timeout, "trace": call.trace}
        request = httpx.Request(
            call.method, url, headers=headers, content=content, extensions=extensions
        )
        call.can_end = self._inner is not None  # no pool that could lose a connection
        send = client.send(request, stream=True, auth=None, follow_redirects=False)
        response = await departure.depart(call, send)
        self.keeps_keys_for = kept_for(
            response.headers, self.keeps_keys_for, is_success=response.is_success
        )
        try:
            body = await self._body(call, response)
        finally:
            await departure.close(response)
        return Reply.of(call.method, response, body, self._timing.wall())

    async def _body(self, call: OutgoingCall, response: httpx.Response) -> bytes:
        is_success = statuses.is_success(call.method, response.status_code)
        if is_success and not call.is_write:
            if call.sink is not None and call.flow is not None:
                await pour(response, call.sink, call.flow, self._limits.file)
                return b""
            return await read_body(response, call.most)
        limit = call.most if is_success else self._limits.error_body
        try:
            body = await read_body(response, limit)
        except (NotFlowdashError, TooLargeError):
            return b""  # the status says enough, whatever came with it
        except httpx.HTTPError:
            if not is_success or self._knows_again(call):
                raise
            return b""  # it was done, though the rest of the answer is lost
        if is_success:
            return body
        # what comes back is shown on screens and in logs
        return self._veil(body)

    def _report(
        self, call: OutgoingCall, url: httpx.URL, reply: Reply | None, problem: str, seconds: float
    ) -> None:
        if self._on_exchange is None:
            return
        path = url.raw_path.decode("ascii")
        sent, has_more = call.beginning
        if reply is None:
            record = Exchange(call.method, path, 0, seconds, 0, problem, sent=sent, has_more=has_more)
            self._on_exchange(record)
            return
        is_error = not statuses.is_success(call.method, reply.status)
        excerpt = safe(reply.body[:200].decode("utf-8", "replace")) if is_error else ""
        received = len(reply.body)
        self._on_exchange(
            Exchange(
                call.method,
                path,
                reply.status,
                seconds,
                received,
                problem,
                excerpt,
                sent,
                has_more,
                reply.request_id,
            )
        )

    async def _open(self) -> httpx.AsyncClient:
        async with self._opening:
            if self._client is None:
                self._client = await connect(self.origin, self._limits, self._inner)
            return self._client

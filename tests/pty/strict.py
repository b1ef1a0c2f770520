"""Another Flowdash: only what the public pages document, nothing of ours, and no mercy."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

KEY = "strict-key-of-the-workspace"
STAGES = ("Not Started", "In Progress", "Done")
FIELDS = (
    ("Company ID", "uniqueId"),
    ("Company Name", "text"),
    ("Number of Employees", "number"),
    ("Contract Value", "currency"),
    ("Expected Close Date", "date"),
    ("International?", "checkbox"),
)
SCHEMA_CALLS = {"workspace", "workflows", "stages", "fields", "users", "roles"}


def row(uid: str, name: str, stage: str, who: str | None = None) -> dict[str, Any]:
    """A task as the pages show one."""
    return {
        "Stage": stage,
        "Assigned To": who,
        "Task URL": f"https://app.flowdash.com/workflows/2ylSaZ/tasks/x{len(uid)}{name[:1]}",
        "Company ID": uid,
        "Company Name": name,
        "Number of Employees": "10",
        "Contract Value": "10000.00",
        "Expected Close Date": "2020-01-31",
        "International?": False,
    }


class StrictFlowdash:
    """Serves ``rows`` on a loopback port and writes down what it was asked."""

    def __init__(self, *, schema: bool = True, unique_id: bool = True) -> None:
        self.schema, self.unique_id = schema, unique_id
        self.rows = [
            row("42", "Acme Corp", "In Progress"),
            row("43", "XYZ Inc.", "Not Started", "user@example.com"),
            row("a/b c%", "Slash & Sons", "Done", "ada@example.com"),
        ]
        self.requests: list[tuple[str, str, Any]] = []
        self.refuse: tuple[int, bytes, str] | None = None
        """Status, body and content type that the next writes are answered with."""
        self.refuse_reads: tuple[int, bytes, str] | None = None
        """Status, body and content type that lists of tasks are answered with."""
        self.answering = threading.Event()
        """While it is not set, nothing is answered."""
        self.answering.set()
        flowdash = self

        class Handler(_Handler):
            pass

        Handler.flowdash = flowdash
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def stop(self) -> None:
        """Close the port."""
        self.answering.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def writes(self) -> list[tuple[str, str, Any]]:
        """The requests that were no GET."""
        return [request for request in self.requests if request[0] != "GET"]

    def find(self, uid: object) -> dict[str, Any] | None:
        """The task of that unique id."""
        return next((each for each in self.rows if each["Company ID"] == uid), None)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    flowdash: StrictFlowdash

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._serve(None)

    def do_POST(self) -> None:
        self._write()

    def do_PUT(self) -> None:
        self._write()

    def do_DELETE(self) -> None:
        self._serve(None)

    def _write(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["Content-Type"] != "application/json":
            self._answer(415, {"errors": ["application/json, please"]})
        else:
            self._serve(json.loads(body))

    def _serve(self, body: Any) -> None:
        parts = urlsplit(self.path)
        self.flowdash.requests.append((self.command, self.path, body))
        if self.headers.get_all("Authorization") != [f"Bearer {KEY}"]:
            self._answer(401, {"error": "Unauthorized"})
            return
        self.flowdash.answering.wait()
        if parts.path.endswith("/tasks") and self.command == "GET" and self.flowdash.refuse_reads:
            self._raw(*self.flowdash.refuse_reads)
            return
        if self.command != "GET" and self.flowdash.refuse is not None:
            status, text, kind = self.flowdash.refuse
            self._raw(status, text, kind)
            return
        segments = [unquote(each) for each in parts.path.split("/")[1:]]
        if segments[:2] != ["api", "v1"]:
            self._answer(404, {})
            return
        status, answer = self._route(
            segments[2:], dict(parse_qsl(parts.query, keep_blank_values=True)), body
        )
        self._answer(status, answer)

    def _route(self, path: list[str], query: dict[str, str], body: Any) -> tuple[int, Any]:
        flowdash = self.flowdash
        if not flowdash.schema and path[-1] in SCHEMA_CALLS:
            return 404, {}
        match (self.command, path):
            case ("GET", ["workspace"]):
                return 200, {"id": "123abc", "name": "Acme Corp. Workspace"}
            case ("GET", ["workflows"]):
                return 200, [{"id": "2ylSaZ", "name": "Companies"}]
            case ("GET", ["workflows", "2ylSaZ", "stages"]):
                return 200, [{"name": name} for name in STAGES]
            case ("GET", ["workflows", "2ylSaZ", "fields"]):
                return 200, self._fields()
            case ("GET", ["workflows", "2ylSaZ", "users"]):
                return 200, [
                    {"id": each, "email": f"{each}@example.com", "first_name": each.title(),
                     "last_name": "Person", "role_id": "r", "saml_user_id": None}
                    for each in ("ada", "user")
                ]  # fmt: skip
            case ("GET", ["workflows", "2ylSaZ", "roles"]):
                return 200, [{"id": "r", "name": "Administrator", "admin": True}]
            case ("GET", ["workflows", "2ylSaZ", "tasks"]):
                return 200, [
                    each for each in flowdash.rows if all((each[n] or "") == v for n, v in query.items())
                ]
            case ("GET", ["workflows", "2ylSaZ", "tasks", "active"]):
                return 200, [each for each in flowdash.rows if each["Stage"] != "Done"]
            case ("GET", ["workflows", "2ylSaZ", "tasks", uid]) if flowdash.unique_id:
                found = flowdash.find(uid)
                return (200, found) if found else (404, {})
            case ("GET", ["workflows", "2ylSaZ", "tasks", _, "actions"]):
                return 200, []
            case ("POST", ["workflows", "2ylSaZ", "tasks"]):
                found = flowdash.find(body.get("Company ID")) if flowdash.unique_id else None
                if found is None:
                    found = row(body["Company ID"], "", STAGES[0])
                    flowdash.rows.append(found)
                found.update(body)
                return 200, found
            case ("PUT", ["workflows", "2ylSaZ", "tasks"]) if flowdash.unique_id:
                found = flowdash.find(body.get("Company ID"))
                if found is None:
                    return 404, {}
                found.update(body)
                return 200, found
        return 404, {}

    def _fields(self) -> list[dict[str, Any]]:
        kinds = [
            (name, "text" if kind == "uniqueId" and not self.flowdash.unique_id else kind)
            for name, kind in FIELDS
        ]
        return [
            {"id": f"f{at}", "name": name, "type": kind, "editable": True, "required": False}
            for at, (name, kind) in enumerate(kinds)
        ]

    def _answer(self, status: int, answer: Any) -> None:
        self._raw(status, json.dumps(answer).encode(), "application/json")

    def _raw(self, status: int, text: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

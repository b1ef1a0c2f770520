"""Yardstick: a bare Starlette + sqlite3 service. No keys, no checks, and a commit for every request.

python service.py DATABASE [JOURNAL-MODE]        (WAL unless said; DELETE is what sqlite3 comes with)
"""

import asyncio
import json
import socket
import sqlite3
import sys
import threading

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

JOURNAL = sys.argv[2] if len(sys.argv) > 2 else "WAL"
local = threading.local()


def database() -> sqlite3.Connection:
    if not hasattr(local, "connection"):
        local.connection = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
        local.connection.execute(f"PRAGMA journal_mode = {JOURNAL}")
        local.connection.execute("PRAGMA synchronous = FULL")
    return local.connection


def show(request: Request) -> Response:
    query = "SELECT data FROM tasks WHERE uid = ?"
    row = database().execute(query, (request.path_params["uid"],)).fetchone()
    return JSONResponse(json.loads(row[0])) if row else Response(status_code=404)


def everything(request: Request) -> Response:
    rows = database().execute("SELECT data FROM tasks ORDER BY number").fetchall()
    return JSONResponse([json.loads(row[0]) for row in rows])


def change(uid: str, body: dict[str, object]) -> dict[str, object]:
    with database() as connection:
        connection.execute("BEGIN IMMEDIATE")
        found = connection.execute("SELECT data FROM tasks WHERE uid = ?", (uid,)).fetchone()
        task = json.loads(found[0]) | body
        connection.execute("UPDATE tasks SET data = ? WHERE uid = ?", (json.dumps(task), uid))
    return task


async def update(request: Request) -> Response:
    body = await request.json()
    return JSONResponse(await asyncio.to_thread(change, request.path_params["uid"], body))


def main() -> None:
    database().execute("CREATE TABLE tasks (number INTEGER PRIMARY KEY, uid TEXT UNIQUE, data TEXT)")
    for n in range(1000):
        task = {
            "Stage": "Open",
            "Assigned To": None,
            "Task URL": f"http://127.0.0.1/workflows/w/tasks/t{n:04d}",
            "ID": f"T-{n}",
            "Title": f"Write the report number {n}",
            "Amount": f"{n}.50",
            "Due": "2020-01-31",
            "Urgent": n % 2 == 0,
        }
        database().execute("INSERT INTO tasks VALUES (?, ?, ?)", (n, f"T-{n}", json.dumps(task)))
    routes = [
        Route("/tasks", everything),
        Route("/tasks/{uid}", show),
        Route("/tasks/{uid}", update, methods=["PUT"]),
    ]
    # the protocol is named, or asyncio would leave Nagle's algorithm on and each answer wait 40 ms
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen(1024)
    print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    config = uvicorn.Config(
        Starlette(routes=routes), http="h11", loop="asyncio", log_config=None, access_log=False
    )
    asyncio.run(uvicorn.Server(config).serve(sockets=[listener]))


if __name__ == "__main__":
    main()

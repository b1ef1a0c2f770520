"""The tables, as the latest migration leaves them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Double, Integer, LargeBinary, MetaData, String, Table, Text

metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("key", String, primary_key=True),
    Column("value", String, nullable=False),
)
"""``store`` is a random name of this database, ``workspace_id`` and ``workspace_name`` say whose it is,
``catalog`` names the state of the workflows' definitions."""

workflows = Table(
    "workflows",
    metadata,
    Column("id", String, primary_key=True),
    Column("place", Integer, nullable=False),
    Column("definition", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("next_uid", Integer, nullable=False),
)
"""``revision`` counts the commits that changed something of the workflow: each is in `changes`."""

tasks = Table(
    "tasks",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("workflow", String, nullable=False),
    Column("uid", Text),
    Column("stage", String, nullable=False),
    Column("assignee", String),
    Column("data", Text, nullable=False),
)
"""``number`` is the order of creation; ``data`` the custom fields by field id, as JSON."""

links = Table(
    "links",
    metadata,
    Column("link", String, primary_key=True),
    Column("left_task", String, primary_key=True),
    Column("right_task", String, primary_key=True),
)

contents = Table(
    "contents",
    metadata,
    Column("sha256", String, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

blobs = Table(
    "blobs",
    metadata,
    Column("id", String, primary_key=True),
    Column("task", String, nullable=False),
    Column("field", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("filename", String, nullable=False),
    Column("content_type", String, nullable=False),
)

keys = Table(
    "keys",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("created_at", String, nullable=False),
    Column("revoked", Boolean, nullable=False),
    Column("kind", String, nullable=False),
    Column("workflows", Text),
    Column("read_only", Boolean, nullable=False),
)
"""``kind`` is ``key`` or ``webhook``; ``workflows`` a JSON list of ids, or nothing for all of them."""

jobs = Table(
    "jobs",
    metadata,
    Column("id", String, primary_key=True),
    Column("workflow", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("status", String, nullable=False),
    Column("input", Text, nullable=False),
    Column("output", Text, nullable=False),
    Column("created_at", String, nullable=False),
)
"""Analytics exports and data syncs; ``input`` is JSON, ``output`` the CSV or a sentence.

Of what failed, ``output`` is JSON: what it ``says``, and the other workflows that this is ``about``.
"""

kept_answers = Table(
    "kept_answers",
    metadata,
    Column("name", String, primary_key=True),
    Column("request", String, nullable=False),
    Column("at", Double, nullable=False),
    Column("status", Integer, nullable=False),
    Column("headers", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
)
"""Answers to requests that named a key; ``name`` is a hash of who asked for what under which key,
``request`` one of what was sent, ``at`` in seconds since 1970, as a lease."""

executions = Table(
    "executions",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("workflow", String, nullable=False),
    Column("task", String, nullable=False),
    Column("uid", Text),
    Column("action", Text, nullable=False),
    Column("performed_by", String),
    Column("who", String, nullable=False),
    Column("base_url", String, nullable=False),
    Column("status", String, nullable=False),
    Column("step", Integer, nullable=False),
    Column("calling", Boolean, nullable=False),
    Column("errors", Text, nullable=False),
    Column("created_at", String, nullable=False),
    Column("finished_at", String),
    Column("worker", String),
    Column("lease", Double, nullable=False),
)
"""``action`` is the action as it was when it was asked for; ``step`` counts the steps that are done,
``calling`` says that the next one has begun to speak to others; ``worker`` has it until ``lease``."""

schedules = Table(
    "schedules",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("task", String, nullable=False),
    Column("workflow", String, nullable=False),
    Column("stage", String, nullable=False),
    Column("due", Double, nullable=False),
    Column("who", String, nullable=False),
    Column("base_url", String, nullable=False),
)
"""Stage changes to come; ``due`` in seconds since 1970, as a lease."""

comments = Table(
    "comments",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("task", String, nullable=False),
    Column("author", String, nullable=False),
    Column("body", Text, nullable=False),
    Column("at", String, nullable=False),
)

checklist_items = Table(
    "checklist_items",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("task", String, nullable=False),
    Column("stage", String, nullable=False),
    Column("title", Text, nullable=False),
    Column("status", String, nullable=False),
    Column("assignee", String),
    Column("template", Boolean, nullable=False),
)
"""``template`` says that the stage's checklist brought the item."""

changes = Table(
    "changes",
    metadata,
    Column("workflow", String, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("task", String, primary_key=True),
    Column("what", String, primary_key=True),
    Column("via", String, primary_key=True),
    Column("uid", Text),
)
"""What each revision of a workflow was about, for the change feed (`store.changes`); old ones go."""

activity = Table(
    "activity",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("at", String, nullable=False),
    Column("workflow", String, nullable=False),
    Column("task", String),
    Column("uid", Text),
    Column("who", String, nullable=False),
    Column("what", String, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
)
"""What changed, oldest first; it outlives the task."""

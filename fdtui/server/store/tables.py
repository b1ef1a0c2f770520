"""The tables, as the latest migration leaves them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, LargeBinary, MetaData, String, Table, Text

metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("key", String, primary_key=True),
    Column("value", String, nullable=False),
)
"""``store`` is a random name of this database, ``workspace_id`` and ``workspace_name`` say whose it is,
``catalog`` counts the changes of the workflows' definitions."""

workflows = Table(
    "workflows",
    metadata,
    Column("id", String, primary_key=True),
    Column("place", Integer, nullable=False),
    Column("definition", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("next_uid", Integer, nullable=False),
)
"""``revision`` counts the changes that an answer about the workflow's tasks could show."""

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
)

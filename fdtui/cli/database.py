"""Which database of yours a command works on: never a new one, and never one that nobody meant."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import click

from fdtui.cli import output
from fdtui.cli.options import common, is_reading, settings_here
from fdtui.config.paths import find_folders
from fdtui.core.errors import ReadOnlyError, UsageError
from fdtui.core.safetext import quoted

if TYPE_CHECKING:
    from fdtui.config.settings import Settings
    from fdtui.server.store import Store


F = TypeVar("F", bound=Callable[..., Any])


def _named(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value is not None and not value.strip():
        raise UsageError(
            "--db is empty.", "Write sqlite:///path/to/file or postgresql://user@host/database."
        )
    return value


def db_option(says: str) -> Callable[[F], F]:
    """``--db`` with its sentence."""
    return click.option("--db", metavar="URL", callback=_named, help=says)


def server_database() -> str:
    """The URL of the database that ``fdtui serve`` takes where none is named."""
    return f"sqlite:///{Path(find_folders(os.environ).data, 'server.db')}"


def default_database() -> str:
    """The same, told to the user, who named none."""
    return _announced(server_database())


@contextlib.contextmanager
def server_store(db: str | None) -> Iterator[Store]:
    """The database that a server has: ``db``, or the server's own, which is named on stderr.

    Raises `NotFoundError` where it is not there.
    """
    with _opened(db or default_database(), reads_only=is_reading()) as store:
        yield store


@contextlib.contextmanager
def workspace_store(db: str | None, *, is_writing: bool = False) -> Iterator[Store]:
    """The database of workflows: ``db``, or the local profile's, or the server's own.

    Raises `UsageError` where the settings name a server instead, and `NotFoundError`.
    """
    with workspace_at(workspace_url(db, is_writing=is_writing), is_writing=is_writing) as store:
        yield store


@contextlib.contextmanager
def workspace_at(url: str, *, is_writing: bool = False) -> Iterator[Store]:
    """The database at ``url``; raises `NotFoundError` where it is not there."""
    with _opened(url, reads_only=not is_writing) as store:
        yield store


def workspace_url(db: str | None, *, is_writing: bool = False) -> str:
    """The URL of the database of workflows, which is told where ``db`` does not name it.

    Raises `UsageError` where the settings name a server instead.
    """
    said = common()
    if db is not None:
        for option, value in (("--profile", said.profile), ("--config", said.config)):
            if value is not None:
                raise UsageError(f"{option} and --db both say which database.", "Use one of them.")
        return db
    settings = settings_here()
    if is_writing and settings.profile.read_only:
        raise ReadOnlyError
    return _announced(_of_settings(settings))


def _of_settings(settings: Settings) -> str:
    from fdtui.config.profiles import local_database

    profile = settings.profile
    if profile.local:
        return f"sqlite:///{local_database(find_folders(os.environ), profile)}"
    if profile.url:
        source = settings.sources.get("url", "")
        raise UsageError(
            f"This works on a database of your own, but {source} names the server at"
            f" {quoted(without_credentials(profile.url))}.",
            f"Say which database: --db {server_database()} is the one of `fdtui serve`.",
        )
    if common().profile or os.environ.get("FDTUI_PROFILE", ""):
        raise UsageError(
            f"The profile {quoted(profile.name)} names no database.", "Name one: --db sqlite:///FILE."
        )
    return server_database()


def without_credentials(url: str) -> str:
    """``url`` as it may be shown: a password in it is not."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return "an address that cannot be read"
    return parts._replace(netloc=host, query="", fragment="").geturl()


def _announced(url: str) -> str:
    output.notify(f"In the database {url.removeprefix('sqlite:///')}")
    return url


@contextlib.contextmanager
def _opened(url: str, *, reads_only: bool) -> Iterator[Store]:
    from fdtui.server.store.existing import open_existing

    with contextlib.closing(open_existing(url, reads_only=reads_only)) as store:
        yield store

"""``fdtui doctor``: looks at all that the program needs, and says how to repair what is not well."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import click

from fdtui.cli import output
from fdtui.cli.connection_findings import (
    connection_findings,
    database_finding,
    permission_findings,
    settings_finding,
)
from fdtui.cli.exit_codes import ExitCode
from fdtui.cli.findings import Finding, Verdict, failed
from fdtui.cli.options import CONNECTION, JSON, honours, settings_here, wants_json
from fdtui.cli.terminal_findings import terminal_findings
from fdtui.config.locales import ascii_of
from fdtui.config.paths import find_folders
from fdtui.core.errors import FdtuiError
from fdtui.core.safetext import safe

_SIGNS = {Verdict.OK: "✓", Verdict.WARNING: "!", Verdict.FAILED: "✗"}
_ASCII_SIGNS = {Verdict.OK: "+", Verdict.WARNING: "!", Verdict.FAILED: "x"}


@click.command()
@honours((CONNECTION - {"workflow"}) | JSON, why="it looks at what all workflows need")
def doctor() -> None:
    """Check terminal, settings, connection, key, clock, files and database.

    Says how to repair what is not well. Changes nothing, and never prints the key. Exits with 1 if
    something does not work.
    """
    found = list(_findings())
    if wants_json():
        output.json_(
            [
                {"name": f.name, "verdict": f.verdict.value, "says": f.says, "hint": f.hint or None}
                for f in found
            ]
        )
    else:
        output.lines(_lines(found))
    if any(each.verdict is Verdict.FAILED for each in found):
        raise SystemExit(ExitCode.FAILED)


def _findings() -> Iterator[Finding]:
    yield from terminal_findings(os.environ)
    folders = find_folders(os.environ)
    try:
        settings = settings_here()
    except FdtuiError as error:
        yield failed("settings", error)
        yield from permission_findings(folders, None)
        return
    yield settings_finding(settings, folders)
    yield from connection_findings(settings, output.notify)
    config = Path(settings.config_file) if settings.config_file else None
    yield from permission_findings(folders, config)
    yield database_finding(settings, folders)


def _lines(found: list[Finding]) -> Iterator[str]:
    signs = _ASCII_SIGNS if ascii_of(False, os.environ)[0] else _SIGNS
    for each in found:
        yield f"{signs[each.verdict]} {each.verdict.value:7}  {each.name}: {safe(each.says)}"
        if each.hint:
            yield f"             {safe(each.hint)}"

"""The manual page and the completion scripts that ship in the wheel, made of what ``--help`` is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from fdtui.cli.commands import fdtui
from fdtui.cli.completion import script_for
from fdtui.cli.exit_codes import EXIT_MEANINGS
from fdtui.config.variables import VARIABLES
from tests.docs import commands

SHARE = Path(__file__).parents[2] / "share"
_FILES = (
    ("~/.config/fdtui/config.toml", "The settings (`fdtui config path`)."),
    ("~/.local/share/fdtui", "Databases: workspaces, and a server's (`fdtui config path --data`)."),
    ("~/.local/state/fdtui", "Changes that wait, and drafts (`fdtui config path --state`)."),
    ("~/.cache/fdtui", "What can be fetched again (`fdtui config path --cache`)."),
)  # fmt: skip
"""On Linux; the commands say where they are elsewhere."""


def shipped() -> dict[Path, str]:
    """Each file below ``share/`` with what it should hold."""
    return {
        SHARE / "man" / "man1" / "fdtui.1": manual(),
        SHARE / "bash-completion" / "completions" / "fdtui": _completion("bash"),
        SHARE / "zsh" / "site-functions" / "_fdtui": _completion("zsh"),
        SHARE / "fish" / "vendor_completions.d" / "fdtui.fish": _completion("fish"),
    }


def _completion(shell: str) -> str:
    return script_for(fdtui, shell).strip() + "\n"


def manual() -> str:
    """The manual page, as roff."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    root, *others = commands.every()
    yield '.\\" Written by python -m tests.docs.'
    yield ".TH FDTUI 1"
    yield from (
        ".SH NAME",
        "fdtui \\- a terminal board for Flowdash workflows, with a server of its own",
    )
    yield from (".SH SYNOPSIS", *_usage(root.usage))
    yield from (".SH DESCRIPTION", *_paragraphs(root.help))
    yield from (".SH OPTIONS", *_terms((*root.options, *commands.shared())))
    yield ".SH COMMANDS"
    for each in others:
        yield from (f".SS {_roff(each.path)}", *_usage(each.usage), *_paragraphs(each.help))
        yield from _terms(each.options)
        if each.common:
            yield from (".P", _roff(f"Common options: {', '.join(each.common)}."))
    yield from (".SH ENVIRONMENT", *_terms(VARIABLES.items()))
    yield from (".SH FILES", *_terms(_FILES))
    yield ".SH EXIT STATUS"
    yield from _terms((str(code.value), says) for code, says in EXIT_MEANINGS.items())


def _usage(usage: str) -> Iterator[str]:
    name, _, rest = usage.partition(" [OPTIONS]")
    yield from (".P", f".B {_roff(name)}", _roff(f"[OPTIONS]{rest}"))


def _paragraphs(text: str) -> Iterator[str]:
    for part in re.split(r"\n\s*\n", text):
        if part.startswith("\b"):
            yield from (".P", ".nf", *map(_roff, part.removeprefix("\b\n").splitlines()), ".fi")
        else:
            yield from (".P", _roff(" ".join(part.split())))


def _terms(entries: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, says in entries:
        yield from (".TP", f".B {_roff(name)}", _roff(" ".join(says.split())))


def _roff(text: str) -> str:
    """A text in which no sign is roff's."""
    made = text.replace("``", "`").replace("\\", "\\e").replace("-", "\\-").replace("`", "")
    return re.sub(r"^([.'])", r"\\&\1", made)

"""Every example of every page is tried as it stands.

What is changed: a port, so that two runs do not meet; a key that is shown as ``fd_…``, which is that of
the server; and the address of Flowdash, where our own server stands in.
"""

from __future__ import annotations

import json
import re
import shutil
import socket
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import jsonschema_rs
import pytest

from fdtui.cli.commands import fdtui
from fdtui.config import schema as settings
from fdtui.server.workflow import exporting
from tests.docs.examples import NOT_RUN, RUNS_ON, SETTINGS, Example, as_pattern, examples
from tests.docs.pages import DOCS, PAGES, README
from tests.docs.shell import Shell

FLOWDASH, PORT = "https://app.flowdash.com", "8300"
SHOWN = [each for path in PAGES if path != README for each in examples(path)]
"""The README's commands install the program and run all tests: that is what `.ci/run` does."""
RUN = sorted({each.page for each in SHOWN if each.is_for_a_shell and not each.how.startswith("not run")})


def place(each: Example | Path) -> str:
    return each.place if isinstance(each, Example) else str(each.relative_to(DOCS))


class Reader:
    """Somebody who does what a page says, from top to bottom."""

    def __init__(self, shell: Shell) -> None:
        self.shell = shell
        self.key = ""
        self._flowdash = ""
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]

    def follow(self, example: Example) -> None:
        if example.title:
            (self.shell.folder / example.title).write_text(example.text, "utf-8")
        if not example.is_for_a_shell or NOT_RUN.fullmatch(example.how):
            return
        self.shell.presses = example.presses
        for typed, printed in example.steps:
            if re.match(r"fdtui serve\b", typed):
                self._serve(typed, printed)
            elif example.how == RUNS_ON:
                self.shell.start(self._meant(typed), "")
            else:
                meant = self._meant(typed)
                found = self.shell.run(meant, self.key)
                if printed is not None:
                    pattern = as_pattern(self._meant(printed, is_output=True))
                    assert pattern.fullmatch(found), (
                        f"{example.place} shows\n{printed}\nbut it is\n{found}"
                    )
        assert not self.shell.presses, f"{example.place} opens no board"

    def _serve(self, typed: str, printed: str | None) -> None:
        there = "" if "--port" in typed or "--uds" in typed else f" --port {self._port}"
        out = self.shell.start(self._meant(typed) + there, r"FDTUI_URL=\S+\n")
        found = _LOG.sub("", out.read_text("utf-8"))
        if key := re.search(r"FDTUI_API_KEY=(\S+)", found):
            self.key = key[1]
        if printed:
            assert as_pattern(self._meant(printed, is_output=True)).fullmatch(found), found

    def _meant(self, text: str, *, is_output: bool = False) -> str:
        if FLOWDASH in text and not is_output:
            text = text.replace(FLOWDASH, self._stand_in())
        text = text.replace(PORT, str(self._port))
        return text if is_output else text.replace("fd_…", self.key)

    def _stand_in(self) -> str:
        if not self._flowdash:
            database = self.shell.folder.parent / "flowdash.db"
            out = self.shell.start(
                f"fdtui serve --demo --port 0 --db sqlite:///{database}", "API_KEY=.*\n"
            )
            self._flowdash, self.key = re.findall(r"(?m)^FDTUI_\w+=(\S+)", out.read_text("utf-8"))
        return self._flowdash


_LOG = re.compile(r"(?m)^\d{4}-\d\d-\d\dT\S+ \w+: .*\n")
"""What a server tells on stderr, which pages leave out: where its data is, and who asked what."""


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    with Shell(tmp_path) as shell:
        yield Reader(shell)


@pytest.mark.parametrize("page", RUN, ids=place)
def test_the_commands_of_a_page_do_what_it_says(page: Path, reader: Reader) -> None:
    for each in examples(page):
        if "curl " in each.text and shutil.which("curl") is None:
            pytest.skip("there is no curl here")
        reader.follow(each)


@pytest.mark.parametrize("example", SHOWN, ids=place)
def test_an_example_says_its_language(example: Example) -> None:
    assert example.language, "sh, console, toml, or text for what nobody types"
    assert not example.how or example.how == RUNS_ON or NOT_RUN.fullmatch(example.how)


@pytest.mark.parametrize("example", [each for each in SHOWN if each.is_for_a_shell], ids=place)
def test_the_commands_of_an_example_exist(example: Example) -> None:
    for words in example.commands:
        parse(fdtui, words)


def parse(command: click.Command, words: list[str], parent: click.Context | None = None) -> None:
    """Read the words as the command line does; raises `click.UsageError` for what it does not know."""
    context = click.Context(command, parent)
    _, rest, _ = command.make_parser(context).parse_args(list(words))
    if isinstance(command, click.Group) and rest:
        _, inner, more = command.resolve_command(context, rest)
        assert inner is not None
        parse(inner, more, context)


@pytest.mark.parametrize("example", [each for each in SHOWN if each.language == SETTINGS], ids=place)
def test_a_file_that_a_page_shows_is_valid(example: Example) -> None:
    tables = tomllib.loads(example.text)
    schema = exporting.schema() if "stages" in tables else settings.shipped()
    assert jsonschema_rs.validator_for(json.loads(schema)).is_valid(tables), example.text

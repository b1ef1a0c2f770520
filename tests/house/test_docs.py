"""What a user can do is written down: a key, setting, command or exit code that is not fails here."""

import dataclasses
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import click
import pytest
from packaging.requirements import Requirement

from fdtui.cli.commands import fdtui
from fdtui.cli.exit_codes import EXIT_MEANINGS, ExitCode
from fdtui.config.settings import Actions, Board, Notify, Profile, ViewSettings
from fdtui.config.variables import VARIABLES
from fdtui.core.commands import IN_SCOPE, Scope
from fdtui.server.answers.operations import OPERATIONS
from fdtui.server.shapes import workflow
from tests.docs.commands import every
from tests.docs.licences import ADDED_BY_USERS
from tests.docs.manual import shipped
from tests.docs.pages import BLOCKS, DOCS, PAGES, README, ROOT, blocks, made
from tests.house.test_words import WORDS

MAX_README_BYTES = 7_000
TEXTS = {path: path.read_text("utf-8") for path in PAGES}
ALL_TEXT = "\n".join(TEXTS.values())


def page(name: str) -> str:
    return TEXTS[DOCS / "reference" / f"{name}.md"]


def rows(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("| ")]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


LICENCES = DOCS / "reference" / "licences.md"


@pytest.mark.parametrize("path", [path for path in PAGES if path != LICENCES], ids=named)
def test_what_is_made_of_the_code_is_fresh(path: Path) -> None:
    assert made(path) == TEXTS[path], "run: python -m tests.docs"


def test_the_licence_of_each_package_that_we_ask_for_is_told() -> None:
    """Those that packages bring may differ by the day and the machine."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    asked = [*project["dependencies"], *(each for extra in ADDED_BY_USERS for each in extras[extra])]
    told = [line.split()[1] for line in rows(TEXTS[LICENCES])]
    assert {Requirement(each).name for each in asked} <= set(told), "run: python -m tests.docs"


@pytest.mark.parametrize("path", shipped(), ids=named)
def test_what_ships_beside_the_program_is_fresh(path: Path) -> None:
    assert path.read_text("utf-8") == shipped()[path], "run: python -m tests.docs"


def test_the_manual_page_can_be_read() -> None:
    program = shutil.which("groff")
    if program is None:
        pytest.skip("there is no groff here")
    page = next(path for path in shipped() if path.suffix == ".1")
    ran = subprocess.run(
        [program, "-man", "-Tutf8", "-ww", "-K", "utf8", str(page)], capture_output=True, check=True
    )
    assert not ran.stderr
    read = re.sub(r"\x1b\[[0-9;]*m|.\x08", "", ran.stdout.decode())
    assert all(f"\n   {each.path}\n" in read for each in every() if " " in each.path)


def test_what_security_is_tested_by_is_there() -> None:
    named_tests = re.findall(r"`(tests/[^`]+)`", (ROOT / "SECURITY.md").read_text("utf-8"))
    assert len(named_tests) > 5
    assert [each for each in named_tests if not (ROOT / each).exists()] == []


def test_every_block_has_one_place() -> None:
    assert sorted(name for path in PAGES for name in blocks(path)) == sorted(BLOCKS)


def test_the_readme_is_short() -> None:
    assert README.stat().st_size <= MAX_README_BYTES


@pytest.mark.parametrize("scope", Scope)
def test_every_command_and_its_keys_are_in_the_reference(scope: Scope) -> None:
    lines = rows(page("keys"))
    for command in IN_SCOPE[scope]:
        series = re.sub(r"\d+$", "", command.id)
        wanted = f"`{command.id}`" if series == command.id else f"`{series}"
        row = next(line for line in lines if wanted in line)
        assert all(
            f"`{key}`" in row or f"`` {key} ``" in row or key[-1].isdigit() for key in command.keys
        )


@pytest.mark.parametrize("table", [Profile, Board, Actions, Notify, ViewSettings])
def test_every_setting_is_in_the_reference(table: type) -> None:
    for each in dataclasses.fields(table):
        if "says" in each.metadata:
            assert f"| `{each.name}` |" in page("settings")
            assert each.metadata["says"] in page("settings")


@pytest.mark.parametrize("command", every(), ids=lambda each: each.path)
def test_every_subcommand_and_its_options_are_in_the_reference(command) -> None:
    section = page("commands").partition(f"# `{command.path}`\n")[2].partition("\n## ")[0]
    assert command.help, "--help says what it does"
    for name, says in command.options:
        assert says, f"--help says what {name} does"
        assert f"| `{name.replace('|', chr(92) + '|')}` |" in section


@pytest.mark.parametrize("code", ExitCode)
def test_every_exit_code_is_in_the_reference(code: ExitCode) -> None:
    assert f"| {code.value} | {EXIT_MEANINGS[code]} |" in page("exit-codes")


def test_every_variable_is_in_the_reference() -> None:
    read = {
        name
        for path in (ROOT / "fdtui").rglob("*.py")
        for name in re.findall(r"(?<!_)\bFDTUI_[A-Z_]+\b", path.read_text("utf-8"))
    }
    assert read | {"NO_COLOR", "PAGER"} == set(VARIABLES)
    for name in VARIABLES:
        assert f"| `{name}` |" in page("settings")


@pytest.mark.parametrize("shape", [*workflow.SECTIONS.values(), *workflow.STEPS.values()])
def test_every_key_of_a_workflow_file_is_in_the_reference(shape: type[workflow.Shape]) -> None:
    for name in shape.model_fields:
        assert name == "kind" or f"| `{name}` |" in page("workflow-file")


@pytest.mark.parametrize("operation", OPERATIONS, ids=" ".join)
def test_every_operation_of_the_api_is_in_the_reference(operation: tuple[str, str]) -> None:
    assert f"### `{' '.join(operation)}`\n" in page("api")


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_every_link_and_picture_is_there(path: Path) -> None:
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)", TEXTS[path]):
        there = (path.parent / target).resolve() if target else path
        assert there.is_file(), target
        if there.suffix == ".svg":
            assert there.stat().st_size > 10_000
        if anchor:
            headings = re.findall(r"^#+ (.*)$", there.read_text("utf-8"), re.MULTILINE)
            assert anchor in {_slug(each) for each in headings}, f"{target}#{anchor}"


def _slug(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("path", [each for each in PAGES if each != README], ids=named)
def test_every_page_can_be_found(path: Path) -> None:
    """From the front page of the documentation, and but for that from the README."""
    if path != DOCS / "index.md":
        assert f"({path.relative_to(DOCS)})" in TEXTS[DOCS / "index.md"]
        assert f"({path.relative_to(ROOT)})" in TEXTS[README]


def test_every_page_is_in_the_menu_of_the_site() -> None:
    menu = tomllib.loads((ROOT / "zensical.toml").read_text("utf-8"))["project"]["nav"]
    listed = [page for each in menu for page in _pages_of(each)]
    assert sorted(listed) == sorted(str(path.relative_to(DOCS)) for path in PAGES if path != README)


def _pages_of(entry: str | dict[str, list[str]]) -> list[str]:
    return [entry] if isinstance(entry, str) else [page for pages in entry.values() for page in pages]


def test_figures_are_those_that_were_measured() -> None:
    """With the command and the commit under which they stand where they are kept."""
    text, kept = TEXTS[DOCS / "explanation" / "speed.md"], (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    measured = re.findall(r"`python -m (tests\.bench[^`]*)`", text) + re.findall(
        r"\b[0-9a-f]{7}\b", text
    )
    assert len(measured) > 5
    assert [each for each in measured if " ".join(each.split()) not in " ".join(kept.split())] == []


@pytest.mark.parametrize("path", [*PAGES, ROOT / "SECURITY.md"], ids=named)
def test_no_page_holds_a_banned_word(path: Path) -> None:
    text = path.read_text("utf-8")
    found = [text[max(0, each.start() - 30) : each.end() + 30] for each in WORDS.finditer(text)]
    assert not found


def named_commands() -> set[tuple[str, ...]]:
    texts = [path.read_text("utf-8") for path in (ROOT / "fdtui").rglob("*.py")]
    found = re.findall(r"`fdtui ([a-z]+)(?: ([a-z]+))?", "\n".join([ALL_TEXT, *texts]))
    return {tuple(filter(None, words)) for words in found}


@pytest.mark.parametrize("words", sorted(named_commands()), ids=" ".join)
def test_every_command_that_is_recommended_exists(words: tuple[str, ...]) -> None:
    context = click.Context(fdtui)
    command = fdtui.get_command(context, words[0])
    assert command is not None
    if len(words) > 1 and isinstance(command, click.Group):
        assert command.get_command(context, words[1]) is not None

"""The rules of the house that no tool knows."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "fdtui").rglob("*.py"))
MAX_LINES = 400


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_one_noun(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.count("\n") <= MAX_LINES, "it holds two things: split it"
    assert ast.get_docstring(ast.parse(text)), "a module says what it is"
    assert path.stem not in {"utils", "helpers", "misc", "common"}


def test_top_level_holds_what_every_project_has() -> None:
    for name in (
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "SECURITY.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "docs",
        ".ci/run",
    ):
        assert (ROOT / name).exists(), name


def test_an_error_is_never_swallowed_whole() -> None:
    """``except Exception`` stands only at the outermost borders."""
    borders = {"fdtui/cli/failures.py", "fdtui/tui/app.py", "fdtui/server/http/refusals.py"}
    # hands each writer what its own work raised: a border between the writers of one commit
    borders.add("fdtui/server/store/commits.py")
    # says why one of several processes ends
    borders.add("fdtui/server/http/workers.py")
    # answers each call of an agent's; the others go on
    borders.add("fdtui/cli/mcp_server/serving.py")
    borders.add("fdtui/server/execution/engine.py")  # a thread of its own, which nobody else would hear
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ExceptHandler) and (
                node.type is None or getattr(node.type, "id", "") in {"Exception", "BaseException"}
            ):
                assert str(path.relative_to(ROOT)) in borders, f"{path}:{node.lineno}"


def test_every_dependency_has_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    for line in re.findall(r'^    "[a-z][^"]*[<>=][^"]*",.*$', text, re.MULTILINE):
        assert "# " in line, line


def test_a_blank_of_another_script_is_no_control_character() -> None:
    """``str.isprintable`` is false for U+3000, U+00A0, U+200C: it judges no text that people type."""
    # Plain ASCII (safetext, rows), and what holds no blank of any kind: addresses, keys.
    allowed = {"safetext.py", "text_rows.py", "reasons.py", "transfers.py", "key.py", "transport.py"}
    for path in SOURCES:
        if re.search(r"is_?printable", path.read_text("utf-8")):
            assert path.name in allowed, f"{path}: use core.safetext.is_control"


def test_flows_speak_our_nouns_and_know_nothing_of_the_screen() -> None:
    """What the screen is made of may change; then the driver and its nouns do, and no test."""
    inside = re.compile(
        r"\b(?:board|demo|driver)\.(?:board|deck|overlay|panes|lanes|detail|app\.board)\b"
        r"|\bfdtui\.tui\.\w+\.(?:view|picker|question|screen|model)\b"
    )
    tests = sorted((ROOT / "tests" / "flows").glob("test_*.py"))
    assert tests
    for path in tests:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            assert not inside.search(line), f"{path.name}:{number}: {line.strip()}"

"""What Textual keeps to itself is used in one folder only, where a guard stands before it."""

import ast
import importlib
import inspect
import pkgutil
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from textual._compositor import Compositor
from textual.app import App
from textual.driver import Driver
from textual.events import Event
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

import fdtui.tui

ROOT = Path(__file__).parents[2]
GUARDED = ("fdtui/tui/terminal/", "tests/unit/tui/terminal/", "tests/terminal/", "tests/house/")
"""Folders that may know Textual's inside: with another Textual the plain driver is used."""
SOURCES = [
    path
    for folder in ("fdtui", "tests")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if not str(path.relative_to(ROOT)).startswith(GUARDED)
]
OWN = frozenset({"self", "cls"})


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


@cache
def tree_of(known: type) -> ast.AST:
    return ast.parse(textwrap.dedent(inspect.getsource(known)))


def of_textual(known: type) -> list[type]:
    return [each for each in known.__mro__ if each.__module__.startswith("textual.")]


@cache
def private_names() -> frozenset[str]:
    """What Textual's classes call their private methods and attributes."""
    kinds = (App, Screen, Widget, Driver, Event, Strip, Compositor)
    nodes = [n for each in kinds for base in of_textual(each) for n in ast.walk(tree_of(base))]
    functions = {n.name for n in nodes if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)}
    return frozenset(
        filter(is_private, functions | {n.attr for n in nodes if isinstance(n, ast.Attribute)})
    )


def private_uses(tree: ast.AST) -> Iterator[str]:
    """Imports of private modules and names, and private attributes of anything but one's own object."""
    modules: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {each.asname or each.name for each in node.names}
            names = [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{each.name}" for each in node.names]
        else:
            continue
        yield from (each for each in names if each.startswith("textual.") and "._" in each)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in private_names():
            is_ours = isinstance(node.value, ast.Name) and node.value.id in OWN | modules
            yield from () if is_ours else (f"line {node.lineno}: {ast.unparse(node)}",)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_textual_s_private_names_are_used_in_one_folder(path: Path) -> None:
    assert not list(private_uses(ast.parse(path.read_text("utf-8"))))


def test_private_uses_are_found() -> None:
    uses = [
        "from textual import _compositor",
        "from textual._compositor import Compositor",
        "import textual._xterm_parser",
        "app._driver",
        "board.app.screen._compositor",
        "super()._on_mount(event)",
    ]
    for use in uses:
        assert list(private_uses(ast.parse(use))), use
    for other in ("import os\nos._exit(1)", "self._driver", "from textual import events", "board._told"):
        assert not list(private_uses(ast.parse(other))), other


def widgets() -> list[type]:
    """Our classes that are made of Textual's."""
    modules = [each.name for each in pkgutil.walk_packages(fdtui.tui.__path__, "fdtui.tui.")]
    found = {
        made
        for name in modules
        if not name.startswith("fdtui.tui.terminal")
        for made in vars(importlib.import_module(name)).values()
        if inspect.isclass(made) and made.__module__ == name and of_textual(made)
    }
    return sorted(found, key=lambda each: each.__qualname__)


def names_of(known: type) -> set[str]:
    """The private methods of a class, and the private attributes that it sets."""
    nodes = list(ast.walk(tree_of(known)))
    own = [n for n in nodes if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name)]
    fields = {n.attr for n in own if isinstance(n.ctx, ast.Store) and n.value.id in OWN}  # type: ignore[attr-defined]
    methods = {n.name for n in nodes if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)}
    return set(filter(is_private, fields | methods))


@pytest.mark.parametrize("made", widgets(), ids=lambda made: made.__qualname__)
def test_a_widget_takes_none_of_textual_s_private_names(made: type) -> None:
    """An override holds until the next Textual; an attribute of the same name breaks it today."""
    assert not names_of(made) & {name for base in of_textual(made) for name in names_of(base)}

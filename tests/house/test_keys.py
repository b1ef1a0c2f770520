"""A key is declared once, in `fdtui.core.commands`, and nothing else in the program holds one."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from fdtui.core.commands import ALL, BY_ID, IN_SCOPE, Command, Scope

ROOT = Path(__file__).parents[2]
SCREEN = sorted((ROOT / "fdtui" / "tui").rglob("*.py"))
SPEAKING = sorted(
    path
    for folder in ("tui", "sync", "core")
    for path in (ROOT / "fdtui" / folder).rglob("*.py")
    if path.parent.name != "commands"  # the declarations themselves
)
FIRST_WORDS = sorted({name.partition(".")[0] for name in BY_ID} | {str(scope) for scope in Scope})
ID = re.compile(rf"(?:{'|'.join(FIRST_WORDS)})\.[a-z](?:[a-z0-9-]*[a-z0-9])?")
ASKING = frozenset({"key_of", "keys_of", "give", "refuses", "why_not", "startswith"})
"""Calls that name a command without binding it."""

WORDS_OF_KEYS = r"\b(?:esc|escape|enter|tab|space|backspace|pageup|pagedown|(?:ctrl|alt|shift)\+\S+)\b"
LETTER_DOES = r"(?<![\w'’.-])[b-zB-HJ-Z!=?] (?=to |on |[a-z]+s\b(?! of))"
PRESS_LETTER = r"\b(?:[Pp]ress|with) [a-zA-Z!=?](?=[ .,;:”]|$)"
NAMES_A_KEY = re.compile(rf"{WORDS_OF_KEYS}|\^[a-z]\b|{LETTER_DOES}|{PRESS_LETTER}")
NO_KEYS = {
    r"\b(?:next|a|the|in the|another) tab\b": "a tab of a pane, not the key",
    r"\b(?:no|enough|free|white|more) space\b": "room, not the key",
    r"\bspace (?:left|of)\b": "room, not the key",
}
"""What looks like a key in a sentence, and what it is."""
ALLOWED = {"core/escapes.py": "its escapes are those of a text, such as a backslash and n"}
"""Files that may name keys in a sentence, each with its reason."""
NO_COMMANDS = re.compile(r"text\.txt|(?:task|comment|checklist)\.(?:created|updated|deleted)")
"""What looks like a command's id: a file's name, and the kinds of the activity log."""

NAMED_KEY = re.compile(
    r"(?:ctrl|alt|shift)\+.+|enter|escape|tab|backspace|pageup|pagedown|f[1-9]|f1[0-2]"
)
HOLDS_KEYS = {
    "terminal": "reads keys from the terminal and names them",
    "toolkit/key_names.py": "names the keys that Textual reports",
    "toolkit/key_guard.py": "judges keys by when they came, whatever they mean",
    "focus.py": "escape forgets what was typed of a command, before it is one",
    "footer.py": "says what keys are called by people",
    "board/intake.py": "ctrl+c is the interrupt, and never bound",
    "dialogs.py": "ctrl+c is the interrupt, and never bound",
}
"""Where a key is handled as a key, before it means anything."""


def named(path: Path) -> str:
    """The module as a test is called by it."""
    return str(path.relative_to(ROOT / "fdtui"))


def inside(path: Path) -> str:
    """The path below the screen's folder."""
    return str(path.relative_to(ROOT / "fdtui" / "tui"))


def parents_of(tree: ast.AST) -> dict[ast.AST, ast.AST]:
    """Each node's parent."""
    return {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}


def texts_of(tree: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    """Every text of a module but its docstrings; what an f-string puts in is ``{}``."""
    up = parents_of(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if not isinstance(up[node], ast.Expr | ast.JoinedStr):
                yield node, node.value
        elif isinstance(node, ast.JoinedStr):
            parts = (each.value if isinstance(each, ast.Constant) else "{}" for each in node.values)
            yield node, "".join(str(each) for each in parts)


@functools.cache
def named_commands(*, bound: bool) -> tuple[tuple[Path, int, str], ...]:
    """Command ids in the screen's code, those of f-strings with ``{}``; or only what binds them."""
    return tuple(_named_commands(bound=bound))


def _named_commands(*, bound: bool) -> Iterator[tuple[Path, int, str]]:
    for path in SCREEN:
        tree = ast.parse(path.read_text("utf-8"))
        up = parents_of(tree)
        for node, text in texts_of(tree):
            if not ID.fullmatch(text.replace("{}", "x")) or NO_COMMANDS.fullmatch(text):
                continue
            if not bound or not _only_names(node, up):
                yield path, node.lineno, text


def _only_names(node: ast.expr, up: dict[ast.AST, ast.AST]) -> bool:
    """Whether the id is asked about, compared, or has a word for the footer beside it."""
    parent = up[node]
    if isinstance(parent, ast.Compare):
        return True
    if isinstance(parent, ast.Call):
        return getattr(parent.func, "attr", getattr(parent.func, "id", "")) in ASKING
    return isinstance(parent, ast.Tuple) and any(
        isinstance(each, ast.Constant) and isinstance(each.value, str) and not ID.fullmatch(each.value)
        for each in parent.elts
        if each is not node
    )


def fits(text: str, command: str) -> bool:
    """Whether an id of the code is this command."""
    return re.fullmatch(re.escape(text).replace(r"\{\}", r".+"), command) is not None


def test_every_command_that_the_screen_names_is_declared() -> None:
    wrong = [
        f"{inside(path)}:{line}: {text}"
        for path, line, text in named_commands(bound=False)
        if not any(fits(text, command) for command in BY_ID)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("scope", Scope)
def test_every_declared_command_is_bound(scope: Scope) -> None:
    bound = {text for _, _, text in named_commands(bound=True)}
    missing = [each.id for each in IN_SCOPE[scope] if not any(fits(text, each.id) for text in bound)]
    assert not missing


@pytest.mark.parametrize("scope", Scope)
def test_a_key_gives_one_command_of_a_scope(scope: Scope) -> None:
    given = sorted((key, each.id) for each in IN_SCOPE[scope] for key in each.keys)
    assert not [(one, other) for one, other in pairwise(given) if one[0] == other[0]]


@pytest.mark.parametrize("command", ALL, ids=lambda command: command.id)
def test_a_command_has_words(command: Command) -> None:
    words = [each for each in command.footer.split() if each != "the"]
    assert len(words) <= 3, "the footer has room for two or three words"
    assert command.title
    assert command.help.endswith("."), "a sentence"


def sentences_with_keys(path: Path) -> Iterator[str]:
    """The sentences of a module in which a key stands as a literal."""
    for node, text in texts_of(ast.parse(path.read_text("utf-8"))):
        said = text
        for innocent in NO_KEYS:
            said = re.sub(innocent, "", said)
        if " " in text.strip() and (found := NAMES_A_KEY.search(said)):
            yield f"{path.name}:{node.lineno}: {found[0]!r} in {text!r}"


@pytest.mark.parametrize("path", SPEAKING, ids=named)
def test_no_sentence_holds_a_key(path: Path) -> None:
    """Keys can be changed: a message asks for the one that a command has (`Host.key_of`)."""
    if str(path.relative_to(ROOT / "fdtui")) not in ALLOWED:
        found = list(sentences_with_keys(path))
        assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "text",
    ['x = "Retrying; r to retry now."', 'x = "b brings it back"', 'f"{x}: ^t takes it"',
     'x = "Press enter to continue."', 'x = "Undo with u, or not."'],
)  # fmt: skip
def test_a_key_in_a_sentence_is_found(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.py"
    path.write_text(text, "utf-8")
    assert list(sentences_with_keys(path))


@pytest.mark.parametrize(
    "text", ['x = "To the next tab"', 'x = "No space left on the disk"', 'x = "a b"']
)
def test_what_is_no_key_in_a_sentence_is_not_found(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.py"
    path.write_text(text, "utf-8")
    assert not list(sentences_with_keys(path))


@pytest.mark.parametrize("path", SCREEN, ids=named)
def test_no_code_asks_which_key_it_was(path: Path) -> None:
    """A layer binds commands (`bindings`); which key gives one is up to the keymap."""
    if any(inside(path).startswith(allowed) for allowed in HOLDS_KEYS):
        return
    found = [
        f"{inside(path)}:{node.lineno}: {text!r}"
        for node, text in texts_of(ast.parse(path.read_text("utf-8")))
        if NAMED_KEY.fullmatch(text)
    ]
    assert not found, "\n".join(found)

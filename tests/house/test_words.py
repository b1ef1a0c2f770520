"""Words that a stranger trips over stand in no sentence of the program, and in no docstring."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "fdtui"
SKIPPED: tuple[str, ...] = ()
"""Folders that are not read yet."""
BANNED = {
    r"anew": "again",
    r"at hand": "say what there is",
    r"mend(s|ed|ing)?": "fix",
    r"half[- ](typed|written)": "unsaved, unfinished",
    r"nobody has said": "is unknown",
    r"so many": "this many, or the number",
    r"(can|could|cannot|can't) (be told|tell)": "know, see",
    r"as far as (one|anybody) can tell": "as far as is known",
    r"(is|are|was|were) told (of|to|on|once|at)": "is notified, is reported, gets",
    r"hears? of": "is called with, learns",
    r"heeds?": "knows, follows",
    r"of one's own": "of your own, local",
    r"has to do with": "is about",
    r"all the same": "anyway, but",
    r"shall": "is to, must",
    r"any more": "no longer",
    r"somebody was faster": "someone changed it first",
}
"""Pattern of a word to what to write instead."""
WORDS = re.compile(rf"\b(?:{'|'.join(BANNED)})\b", re.IGNORECASE)


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """The texts of a module in which there are several words: messages, help, docstrings."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            said = " ".join(node.value.split())
            if " " in said:
                yield node.lineno, said


def modules() -> list[Path]:
    """The modules of the package, without the folders that are skipped."""
    return [
        path
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.relative_to(PACKAGE).parts[0] not in SKIPPED
    ]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_sentence_holds_a_banned_word(path: Path) -> None:
    found = [
        f"{line}: {match[0]!r} in {said[max(0, match.start() - 30) : match.end() + 30]!r}"
        for line, said in sentences(path.read_text("utf-8"))
        for match in WORDS.finditer(said)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("text", ['x = "Made anew."', '"""What is at hand."""', 'f"{x} is mended now"'])
def test_a_banned_word_is_found_in_messages_and_docstrings(text: str) -> None:
    assert any(WORDS.search(said) for _, said in sentences(text))


def test_a_name_in_code_is_no_sentence() -> None:
    assert not list(sentences('x = "task.mend"'))

import re
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdtui.core.filename import MAX_FILENAME_BYTES, numbered, safe_filename, split_suffix
from fdtui.core.safetext import safe

TRAPS = [
    ("../../.ssh/authorized_keys", "authorized_keys"),
    ("/etc/passwd", "passwd"),
    ("..", "file"),
    (".", "file"),
    ("", "file"),
    ("   ", "file"),
    ("a/b", "b"),
    ("a\\b", "b"),
    ("C:\\Windows\\win.ini", "win.ini"),
    ("CON", "_CON"),
    ("con.txt", "_con.txt"),
    ("LPT1 .log", "_LPT1 .log"),
    ("nul\0.txt", "_nul.txt"),
    ("a\nb\x1b[31m.txt", "a b[31m.txt"),
    ("photo\u202egnp.exe", "photognp.exe"),
    ("-rf", "rf"),
    (".bashrc", "bashrc"),
    ("~root", "root"),
    ("a:b*c?.txt", "a_b_c_.txt"),
    ("trailing. . ", "trailing"),
    ("cafe\u0301.pdf", "caf\u00e9.pdf"),
    ("株式会社.txt", "株式会社.txt"),
    ("contract (final).pdf", "contract (final).pdf"),
    ("folder/", "folder"),
    ("a \x00 b", "a b"),
]


@pytest.mark.parametrize(("name", "wanted"), TRAPS)
def test_a_trap_becomes_a_plain_name(name: str, wanted: str) -> None:
    assert safe_filename(name) == wanted


@pytest.mark.parametrize("letter", ["a", "é", "株", "🚀"])
def test_a_long_name_is_cut_and_keeps_its_suffix(letter: str) -> None:
    name = safe_filename(letter * 300 + ".tar.gz")
    assert len(name.encode()) <= MAX_FILENAME_BYTES
    assert name.endswith(".tar.gz")


@given(st.text(max_size=400))
def test_any_name_is_one_harmless_component(name: str) -> None:
    made = safe_filename(name)
    assert made not in {"", ".", ".."}
    assert not re.search(r"[/\\\0<>:\"|?*]", made)
    assert made[0] not in "-.~ "
    assert made[-1] not in ". "
    assert len(made.encode()) <= MAX_FILENAME_BYTES + 1
    assert safe(made) == made or any(ord(letter) > 0x2FF for letter in made)
    assert safe_filename(made) == made
    assert Path("/folder", made).parent == Path("/folder")


@pytest.mark.parametrize(
    ("name", "stem", "suffix"),
    [
        ("a.pdf", "a", ".pdf"),
        ("a.tar.gz", "a", ".tar.gz"),
        ("tar.gz", "tar", ".gz"),
        ("none", "none", ""),
        ("Mr. Smith wrote", "Mr. Smith wrote", ""),
    ],
)
def test_a_name_is_split_before_its_suffix(name: str, stem: str, suffix: str) -> None:
    assert split_suffix(name) == (stem, suffix)


def test_what_to_try_where_a_name_is_taken() -> None:
    assert list(islice(numbered("a.pdf"), 3)) == ["a.pdf", "a (1).pdf", "a (2).pdf"]

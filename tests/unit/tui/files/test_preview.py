import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdtui.core.safetext import safe
from fdtui.tui.files.preview import make_preview
from fdtui.tui.preferences import UNICODE
from fdtui.tui.toolkit.cells import line_width

MOST = 65_536


def shown(name: str, told: str, data: bytes, width: int = 60) -> list[str]:
    preview = make_preview(name, told, data, len(data), "0" * 64, most=MOST)
    lines = preview.lines(width, UNICODE)
    assert not preview.wraps or all(line_width(line) <= width for line in lines)
    return ["".join(text for text, _ in line) for line in lines]


def test_text_shows_what_a_terminal_would_obey() -> None:
    lines = shown("a.txt", "text/plain", b"one\n\x1b]52;c;aGk=\x07two\n")
    assert "one" in lines
    assert "␛]52;c;aGk=␇two" in lines


def test_a_long_text_is_cut_and_says_so() -> None:
    lines = shown("a.txt", "text/plain", b"word " * 20_000)
    assert lines[-1] == "These are the first 65.5 kB of 100 kB."
    many = shown("a.txt", "text/plain", b"x\n" * 20_000)
    assert many[-1] == "These are the first 4,000 lines."
    code = shown("a.py", "text/x-python", (b"x = '" + b"y" * 2_100 + b"'\n") * 25)
    assert code[-1] == "Lines of more than 2,000 letters are cut."


def test_one_endless_line_is_shown_whole() -> None:
    text = json.dumps({"a": list(range(20_000))}).encode()
    lines = shown("a.json", "application/json", text)
    assert lines[-1].startswith("These are the first")
    assert sum(len(line) for line in lines) > MOST * 0.9


def test_text_of_the_time_before_unicode_is_text() -> None:
    lines = shown("a.txt", "text/plain", "Grüße aus Köln\n".encode("latin-1"))
    assert "Grüße aus Köln" in lines
    assert lines[-1] == "Not UTF-8: shown as Windows-1252."
    assert "Not recognised as text" in shown("a.txt", "text/plain", b"a\x00b\xff")[-1]


def test_what_is_left_out_of_a_table_is_told() -> None:
    row = ",".join(map(str, range(60))) + "\n"
    lines = shown("a.csv", "text/csv", (row * 1_200).encode())
    assert lines[-2:] == ["These are 40 of 60 columns.", "These are the first 65.5 kB of 204 kB."]
    assert shown("a.csv", "", b"a,b\n" * 1_200)[-1] == "These are the first 1,000 rows."


def test_csv_becomes_a_table() -> None:
    lines = shown("a.csv", "text/csv", "name;role\nAda;chief\n株式会社;–\n".encode())
    assert lines[-3:] == ["name      role   ", "Ada       chief  ", "株式会社  –      "]


def test_json_is_spread_out_and_broken_json_is_text() -> None:
    lines = shown("a.json", "application/json", json.dumps({"a": [1, {"b": None}]}).encode())
    assert '  "a": [' in lines
    assert '{"a":' in shown("a.json", "application/json", b'{"a":')


def test_code_is_coloured() -> None:
    preview = make_preview(
        "a.py", "text/x-python", b"def f():\n    return 1  # why\n", 30, "", most=MOST
    )
    roles = {role for line in preview.body for _, role in line}
    assert {"accent", "italic dim", "warn"} <= roles


@pytest.mark.parametrize("told", ["image/png", "text/plain", "application/pdf"])
def test_what_is_no_text_is_told_by_its_facts(told: str) -> None:
    lines = shown("a.txt", told, b"%PDF-1.7\x00\x01")
    assert any("application/pdf" in line for line in lines)
    assert any("0" * 40 in line for line in lines)


def test_of_a_picture_its_data_are_kept_where_all_of_it_is_there() -> None:
    data = b"\x89PNG\r\n\x1a\n and more"
    whole = make_preview("a.png", "image/png", data, len(data), "0" * 64, most=MOST)
    assert whole.image == data
    assert "".join(text for text, _ in whole.summary).startswith("type image/png   size 17 B")
    assert make_preview("a.png", "image/png", data, len(data) + 1, "", most=MOST).image == b""


@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.json", "a.py", "a.md", "a", "a.html"]))
def test_any_bytes_can_be_looked_at(data: bytes, name: str) -> None:
    for line in shown(name, "", data, 20):
        assert safe(line) == line or not line.isascii()

import pytest

from fdtui.core.mediatype import is_text, media_type


@pytest.mark.parametrize(
    ("name", "head", "wanted"),
    [
        ("a.pdf", b"%PDF-1.7", "application/pdf"),
        ("a.txt", b"%PDF-1.7", "application/pdf"),
        ("photo.png", b"#!/bin/sh\n", "image/png"),
        ("noname", b"\x89PNG\r\n\x1a\n", "image/png"),
        ("a.csv", b"a,b\n", "text/csv"),
        ("a.epub", b"PK\x03\x04", "application/epub+zip"),
        ("a.txt", b"PK\x03\x04", "application/zip"),
        ("noname", b"hello\n", "text/plain"),
        ("noname", b"", "application/octet-stream"),
        ("noname", b"\x00\x01", "application/octet-stream"),
        ("a.json", b"{}", "application/json"),
    ],
)
def test_the_type_by_name_and_first_bytes(name: str, head: bytes, wanted: str) -> None:
    assert media_type(name, head) == wanted


def test_a_letter_cut_at_the_end_is_still_text() -> None:
    assert is_text("é".encode() * 10 + b"\xc3")
    assert not is_text(b"\xff\xfe\xfa"[1:])

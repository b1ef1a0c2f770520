import pytest

from fdtui.config.locales import ascii_of


@pytest.mark.parametrize(
    ("environ", "wanted", "is_ascii", "told"),
    [
        ({}, False, False, ""),
        ({}, True, True, ""),
        ({"LANG": "C.UTF-8"}, False, False, ""),
        ({"LANG": "de_DE.utf8"}, False, False, ""),
        ({"LC_CTYPE": "UTF-8"}, False, False, ""),
        ({"LANG": "C"}, False, True, "LANG=C is not UTF-8"),
        ({"LANG": "POSIX"}, False, True, "LANG=POSIX is not UTF-8"),
        ({"LANG": "C"}, True, True, ""),
        ({"LC_ALL": "C", "LANG": "de_DE.UTF-8"}, False, True, "LC_ALL=C is not UTF-8"),
        ({"LC_ALL": "de_DE.UTF-8", "LANG": "C"}, False, False, ""),
        ({"LANG": "de_DE.ISO-8859-1"}, False, True, "ISO-8859-1 is not UTF-8"),
        ({"LANG": "C", "FDTUI_ASCII": "0"}, False, False, ""),
        ({"LANG": "C", "FDTUI_ASCII": "0"}, True, False, ""),
        ({"LANG": "C.UTF-8", "FDTUI_ASCII": "1"}, False, True, ""),
    ],
)
def test_ascii_signs_where_the_locale_is_not_utf8(
    environ: dict[str, str], wanted: bool, is_ascii: bool, told: str
) -> None:
    found, words = ascii_of(wanted, environ)
    assert found is is_ascii
    assert told in words and bool(told) == bool(words)

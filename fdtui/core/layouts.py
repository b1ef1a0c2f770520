"""Keyboard layouts that are not Latin: which key of a US keyboard a letter stands on. Pure data.

A letter that several layouts have in different places is read as the most used of them has it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

_ROWS = ("qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./")
_SHIFTED = ("QWERTYUIOP{}", 'ASDFGHJKL:"', "ZXCVBNM<>?")
_LAYOUTS: tuple[tuple[tuple[str, str, str], tuple[str, str, str]], ...] = (
    (("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю."), ("ЙЦУКЕНГШЩЗХЪ", "ФЫВАПРОЛДЖЭ", "ЯЧСМИТЬБЮ,")),
    (("йцукенгшщзхї", "фівапролджє", "ячсмитьбю."), ("ЙЦУКЕНГШЩЗХЇ", "ФІВАПРОЛДЖЄ", "ЯЧСМИТЬБЮ,")),
    (("йцукенгшўзх'", "фывапролджэ", "ячсмітьбю."), ("ЙЦУКЕНГШЎЗХ'", "ФЫВАПРОЛДЖЭ", "ЯЧСМІТЬБЮ,")),
    (("љњертзуиопшђ", "асдфгхјклчћ", "ѕџцвбнм,.-"), ("ЉЊЕРТЗУИОПШЂ", "АСДФГХЈКЛЧЋ", "ЅЏЦВБНМ;:_")),
    ((";ςερτυθιοπ[]", "ασδφγηξκλ;'", "ζχψωβνμ,./"), (":ΣΕΡΤΥΘΙΟΠ{}", "ΑΣΔΦΓΗΞΚΛ:'", "ΖΧΨΩΒΝΜ<>?")),
    (("/'קראטוןםפ][", "שדגכעיחלךף,", "זסבהנמצתץ."), ("            ", "           ", "          ")),
    (("ضصثقفغعهخحجد", "شسيبلاتنمكط", "ئءؤر ىةوزظ"), ("     إ‘÷×؛<>", '    لأـ،/:"', "~ْ}{ آ’,.؟")),
    (("ضصثقفغعهخحجچ", "شسیبلاتنمکگ", "ظطزرذدپو./"), ("            ", "           ", "  ژ       ")),
    (("ქწერტყუიოპ  ", "ასდფგჰჯკლ  ", "ზხცვბნმ   "), (" ჭ ღთ       ", "  შ   ჟ    ", "ძ ჩ       ")),
    (("ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔ  ", "ㅁㄴㅇㄹㅎㅗㅓㅏㅣ  ", "ㅋㅌㅊㅍㅠㅜㅡ   "),
     ("ㅃㅉㄸㄲㅆ   ㅒㅖ  ", "           ", "          ")),
)  # fmt: skip
"""Russian, Ukrainian, Belarusian, Serbian, Greek, Hebrew, Arabic, Persian, Georgian, Korean: the rows
as they are, then with shift; a blank where a layout has nothing that is its own."""


def _keys() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for plain, shifted in _LAYOUTS:
        for rows, keys in ((plain, _ROWS), (shifted, _SHIFTED)):
            for row, named in zip(rows, keys, strict=True):
                for letter, key in zip(row, named, strict=True):
                    if not letter.isascii():
                        found.setdefault(letter, key)
    return found


_KEYS = _keys()


def latin_key(letter: str) -> str:
    """The key of a US keyboard on which ``letter`` stands; empty where none is known."""
    return _KEYS.get(letter, "")


def is_foreign(letter: str) -> bool:
    """Whether it is a letter, and none of the Latin script."""
    return letter.isalpha() and not unicodedata.name(letter, "LATIN").startswith("LATIN")


def shifted(key: str) -> str:
    """What a US keyboard gives for ``key`` together with shift."""
    for plain, upper in zip(_ROWS, _SHIFTED, strict=True):
        if key in plain:
            return upper[plain.index(key)]
    digit = "`1234567890-=\\".find(key)
    return "~!@#$%^&*()_+|"[digit] if digit >= 0 else key

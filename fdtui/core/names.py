"""How what people call things is compared: names by what they mean, searches by what is read.

Names are stored as they were given and found by meaning: composed and decomposed letters are one,
and so are capitals and small letters where that leaves no doubt. A search takes the accents off, too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TypeVar

T = TypeVar("T")

_ACCENTS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a"
    "\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_STROKED = str.maketrans(
    dict(zip("øłđħŧıæœðþ", ("o", "l", "d", "h", "t", "i", "ae", "oe", "d", "th"), strict=True))
)
"""Letters that Unicode does not take apart."""
_ANY_STROKED = re.compile("[øłđħŧıæœðþ]")


def meaning(name: str) -> str:
    """The form in which two names are the same whatever their letters' case and composition."""
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def plain(text: str) -> str:
    """The form in which texts are searched: small letters without their accents, taken apart."""
    if text.isascii():
        return text.lower()
    western = _plain_western(text)
    return _bare(text) if western is None else western


def plain_lines(texts: Sequence[str]) -> str:
    """`plain` of ``texts``, a line each, in one go where that can be."""
    whole = "\n".join(texts)
    if whole.isascii():
        return whole.lower()
    western = _plain_western(whole)
    return "\n".join(map(plain, texts)) if western is None else western


def _bare(text: str) -> str:
    bare = _ACCENTS.sub("", unicodedata.normalize("NFD", text.casefold()))
    return bare if bare.isascii() or not _ANY_STROKED.search(bare) else bare.translate(_STROKED)


_LATIN_1 = [_bare(chr(code)) for code in range(256)]
_WESTERN = bytes(
    ord(bare) if len(bare) == 1 and bare < "\u0100" else code for code, bare in enumerate(_LATIN_1)
)
_UNEVEN = {chr(code): bare for code, bare in enumerate(_LATIN_1) if len(bare) > 1 or bare > "\u00ff"}
"""The letters of Latin 1 that become two, or one that is not in Latin 1."""
_UNEVEN_BYTES = "".join(_UNEVEN).encode("latin-1")


def _plain_western(text: str) -> str | None:
    """`_bare` of a text in Latin 1, by a table; ``None`` for any other."""
    try:
        letters = text.encode("latin-1")
    except UnicodeEncodeError:
        return None
    bare = letters.translate(_WESTERN).decode("latin-1")
    if len(letters.translate(None, _UNEVEN_BYTES)) < len(letters):
        for letter, becomes in _UNEVEN.items():
            bare = bare.replace(letter, becomes)
    return bare


@lru_cache(maxsize=4096)
def _plain_letter(letter: str) -> str:
    return plain(letter)


def plain_places(text: str) -> tuple[str, list[int] | range]:
    """``text`` as it is searched, and for each of its letters the place that it has in ``text``."""
    if text.isascii():
        return text.lower(), range(len(text))
    letters: list[str] = []
    places: list[int] = []
    for at, letter in enumerate(text):
        for each in _plain_letter(letter):
            letters.append(each)
            places.append(at)
    return "".join(letters), places


def find_all(name: str, among: Iterable[T], named: Callable[[T], str]) -> list[T]:
    """Those of ``among`` that ``name`` means: exactly it, else composed alike, else whatever the case.

    Several where several have that name, or where the case alone does not decide.
    """
    known = list(among)
    for form in (str, _composed, meaning):
        wanted = form(name)
        found = [each for each in known if form(named(each)) == wanted]
        if found:
            return found
    return []


def find_name(name: str, among: Iterable[str]) -> str | None:
    """The one of the names that ``name`` means; ``None`` where there is none, or no single one."""
    found = find_all(name, dict.fromkeys(among), str)
    return found[0] if len(found) == 1 else None


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def same_email(one: object, other: object) -> bool:
    """Whether two e-mail addresses are one; capitals make no difference."""
    both_texts = isinstance(one, str) and isinstance(other, str)
    return meaning(str(one)) == meaning(str(other)) if both_texts else one == other

"""The page of licences: what is installed with the program, and under which terms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import metadata

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.docs.markdown import table

ADDED_BY_USERS = ("images", "mcp", "postgres")
"""The extras that users install; those of developers are not given to anybody."""
_SPDX = {
    "apache software license": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "bsd license": "BSD-3-Clause",
    "bsd-3-clause license": "BSD-3-Clause",
    "gnu lesser general public license v3 (lgplv3)": "LGPL-3.0-only",
    "gnu lesser general public license v3 or later (lgplv3+)": "LGPL-3.0-or-later",
    "historical permission notice and disclaimer (hpnd)": "MIT-CMU",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "python software foundation license": "PSF-2.0",
}
"""Names of licences in older metadata, to those that SPDX gives them."""


def licences() -> Iterator[str]:
    """All packages, with what brings each, and its licence."""
    found: dict[str, tuple[str, str]] = {}
    for extra in ("", *ADDED_BY_USERS):
        _collect("fdtui", extra, f"`{extra}`" if extra else "", found)
    del found["fdtui"]
    return table(
        ("package", "licence", "only with the extra"),
        ((name, terms, extra) for name, (terms, extra) in sorted(found.items())),
    )


def _collect(name: str, extra: str, because: str, found: dict[str, tuple[str, str]]) -> None:
    package = metadata.distribution(name)
    found.setdefault(name, (terms_of(package), because))
    for text in package.requires or ():
        needed = Requirement(text)
        if needed.marker and not any(needed.marker.evaluate({"extra": each}) for each in {extra, ""}):
            continue
        inner = canonicalize_name(needed.name)
        for each in {"", *needed.extras}:
            if inner not in found or each:
                _collect(inner, each, because, found)


def terms_of(package: metadata.Distribution) -> str:
    """The licence by its SPDX name; raises `KeyError` for one that is not known here yet."""
    told = package.metadata
    if expression := told.get("License-Expression"):
        return str(expression)
    classifiers = [
        each.rpartition(" :: ")[2]
        for each in told.get_all("Classifier") or ()
        if each.startswith("License ::") and not each.endswith("OSI Approved")
    ]
    told_freely = str(told.get("License") or "").partition("\n")[0]
    if re.fullmatch(r"[A-Za-z0-9.+-]+(?: (?:AND|OR) [A-Za-z0-9.+-]+)*", told_freely):
        return told_freely
    named = [each.lower() for each in (*classifiers, told_freely)]
    return _SPDX[next((each for each in named if each in _SPDX), named[0])]

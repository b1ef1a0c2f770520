"""Several texts as one, and back: options of a choice, names of files. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable


def joined(texts: Iterable[str]) -> str:
    """``texts`` parted by commas; one that holds a comma itself stands in quotes."""
    return ", ".join(f'"{each}"' if "," in each else each for each in texts)


def parted(text: str, known: Collection[str] = ()) -> list[str]:
    """What `joined` made one text of; a ``known`` name with a comma needs no quotes."""
    parts, found, at = text.split(","), list[str](), 0
    longest = 1 + max((each.count(",") for each in known), default=0)
    while at < len(parts):
        size = _size(parts, at, known, longest)
        name = ",".join(parts[at : at + size]).strip()
        is_quoted = len(name) > 1 and name[0] == name[-1] == '"' and name not in known
        name = name[1:-1] if is_quoted else name
        found += [name] if name else []
        at += size
    return found


def _size(parts: list[str], at: int, known: Collection[str], longest: int) -> int:
    """How many of ``parts`` make the name that begins ``at``."""
    for size in range(longest, 1, -1):
        if ",".join(parts[at : at + size]).strip() in known:
            return size
    if not parts[at].lstrip().startswith('"'):
        return 1
    most = max(longest, 10)
    closing = (n for n, part in enumerate(parts[at : at + most], 1) if part.rstrip().endswith('"'))
    return next(closing, 1)

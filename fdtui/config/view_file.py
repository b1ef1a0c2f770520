"""Writing the views of ``config.toml``, with all else in it left as its owner wrote it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fdtui.config import tomlfile
from fdtui.config.load import views_in
from fdtui.config.view_tables import values_of
from fdtui.core.errors import ConfigError
from fdtui.core.frozen import frozen, replace
from fdtui.core.views import NamedView, ViewList, ViewsChange


def change_views(file: Path, change: ViewsChange) -> ViewList:
    """Do ``change`` to the views that ``file`` has by now; answers those that it then has.

    Raises `ConfigError` where the file is broken (it is then left alone), `StorageError`, and what
    ``change`` raises.
    """
    before = _views(file)
    after = change(before)
    if after != before:
        from fdtui.config.schema import write_settings  # noqa: PLC0415 - only whoever writes needs it

        # A link stays one: whoever keeps settings elsewhere wants them changed there.
        text = _with_views(file, before, after)
        write_settings(file.resolve(), text, is_folder_ours=not file.is_symlink())
    return after


def _views(file: Path) -> ViewList:
    read = tomlfile.read(file, must_exist=False)
    return views_in(read) if read is not None else ()


def _with_views(file: Path, before: ViewList, after: ViewList) -> str:
    """The text of ``file`` with other views; a table that is there already keeps its comments."""
    from fdtui.config import schema  # noqa: PLC0415 - only whoever writes settings needs it

    begun = file.read_bytes().decode("utf-8-sig") if file.exists() else f"{schema.HEADER}\n"
    parts = _parts(begun)
    places = [at for at, part in enumerate(parts) if part.is_view]
    if len(places) != len(before):
        raise ConfigError(
            f"{file} cannot be changed: its views are not tables with the header [[views]]."
        )
    tables = dict(zip((each.key for each in before), (parts[at].text for at in places), strict=True))
    end = "\r\n" if "\r\n" in begun else "\n"
    made = [
        _Part(text if view in before else _filled(text, view, end), is_view=True)
        for view, text in _paired(before, after, tables)
    ]
    if [each.key for each in after] == [each.key for each in before]:
        for at, part in zip(places, made, strict=True):
            parts[at] = part
    else:
        first = places[0] if places else len(parts)
        kept = [part for part in parts if not part.is_view]
        parts = [*kept[:first], *(_apart(part, end) for part in made), *kept[first:]]
        if not places and parts[0].text:
            parts[first - 1] = _apart(parts[first - 1], end)
    text = "".join(part.text for part in parts).rstrip("\r\n") + end
    _check(file, text, begun, after)
    return text


@frozen
class _Part:
    """A table of the file from the comment above its header on, or what stands before the first."""

    text: str
    is_view: bool = False


def _parts(text: str) -> list[_Part]:
    lines = text.splitlines(keepends=True)
    heads = [at for at, line in enumerate(lines) if tomlfile.header_of(line) is not None]
    starts = [0]
    for at in heads:
        start = at
        while start > starts[-1] and lines[start - 1].lstrip().startswith("#"):
            start -= 1
        # A comment at the very top is about the file and not about its first table.
        starts.append(start if start or at == 0 else at)
    bounds = zip(starts, [*starts[1:], len(lines)], [None, *heads], strict=True)
    return [
        _Part("".join(lines[start:end]), head is not None and _is_view(lines[head]))
        for start, end, head in bounds
    ]


def _is_view(line: str) -> bool:
    return line.lstrip().startswith("[[") and (tomlfile.header_of(line) or "").strip() == "views"


def _apart(part: _Part, end: str) -> _Part:
    """With an empty line behind it."""
    return replace(part, text=part.text.rstrip("\r\n") + 2 * end)


def _check(file: Path, text: str, begun: str, views: ViewList) -> None:
    """Raise `ConfigError` where ``text`` does not say what it should, and nothing else than before."""
    try:
        old, new = tomllib.loads(begun), tomllib.loads(text)
        is_right = views_in(tomlfile.TomlFile(file, new, 0, is_link=False, _text=text)) == views
    except (tomllib.TOMLDecodeError, ConfigError):
        is_right = False
    if not is_right or {**old, "views": None} != {**new, "views": None}:
        raise ConfigError(f"{file} cannot be changed: it is written in a way that is not understood.")


def _without_nothing(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _paired(
    before: ViewList, after: ViewList, tables: dict[tuple[str, str], str]
) -> Iterator[tuple[NamedView, str]]:
    """Each view with its table: the one of its name, else one whose name is gone, else none."""
    kept = {each.key for each in after}
    gone = [tables[each.key] for each in before if each.key not in kept]
    renamed = iter(gone if len(after) == len(before) else ())
    for view in after:
        yield view, tables[view.key] if view.key in tables else next(renamed, "")


def _filled(text: str, view: NamedView, end: str) -> str:
    """The table of a view, which said ``text`` before."""
    import tomlkit  # noqa: PLC0415 - as above
    from tomlkit.exceptions import TOMLKitError  # noqa: PLC0415

    if not text:
        rows = tomlkit.item(_without_nothing(values_of(view))).as_string()
        return f"[[views]]{end}{end.join(rows.splitlines())}{end}"
    try:
        document = tomlkit.parse(text)
        views: Any = document["views"]
        _fill(views[0], view)
        return tomlkit.dumps(document)
    except (TOMLKitError, AttributeError, TypeError, ValueError) as error:
        raise ConfigError(f"A view cannot be changed ({type(error).__name__}).") from None


def _fill(table: Any, view: NamedView) -> None:
    """Let a table say what the view is; what it says already is not written again."""
    for key, value in values_of(view).items():
        if value is None:
            table.pop(key, None)
        elif table.get(key) != value:
            table[key] = value

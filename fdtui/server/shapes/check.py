"""All mistakes of a workflow file at once, each with its line and its path."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from fdtui.core.errors import ConfigError
from fdtui.core.safetext import safe
from fdtui.server.shapes.cross_checks import of_sense
from fdtui.server.shapes.mistakes import Mistake, of_shape, sentences
from fdtui.server.shapes.places import line_at, lines_of, written
from fdtui.server.workflow.definition import Workflow


def check(text: str, source: str, workflows: Mapping[str, Workflow]) -> str:
    """The id of the workflow that a file describes, which can be put among ``workflows`` of a store.

    Raises `ConfigError` that names ``source``, and each mistake with its line and its path.
    """
    tables = _loaded(text, source)
    known = workflows.get(tables["id"]) if isinstance(tables.get("id"), str) else None
    found = [*of_shape(tables), *of_sense(tables, known, workflows)]
    if found:
        raise _refusal(source, text, list(dict.fromkeys(found)))
    return str(tables["id"])


def _loaded(text: str, source: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"^(.*) \(at line (\d+), column (\d+)\)$", str(error), re.DOTALL)
        if place is None:
            last = max(1, len(text.splitlines()))
            raise ConfigError(f"{source}, line {last}: {safe(str(error))}.") from None
        raise ConfigError(f"{source}, line {place[2]}, column {place[3]}: {safe(place[1])}.") from None
    except (RecursionError, ValueError):
        raise ConfigError(f"{source}: not TOML that can be read.") from None


def _refusal(source: str, text: str, found: Sequence[Mistake]) -> ConfigError:
    lines = lines_of(text)
    placed = sorted(((line_at(lines, each.path) or 0, each) for each in found), key=lambda pair: pair[0])
    worded = sentences(each for _, each in placed)
    says = [_placed(line, each, sentence) for (line, each), sentence in zip(placed, worded, strict=True)]
    if len(says) == 1:
        return ConfigError(f"{source}{', ' if placed[0][0] else ': '}{says[0]}")
    return ConfigError("\n  ".join([f"{source} has {len(says)} mistakes:", *says]))


def _placed(line: int, mistake: Mistake, sentence: str) -> str:
    path = safe(written(mistake.path))
    return f"{f'line {line}: ' if line else ''}{f'{path}: ' if path else ''}{sentence}"

"""A name stands for one thing: classes have one each, and a constant can be searched for."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "fdtui"
SKIPPED: tuple[str, ...] = ()
"""Folders that are not read yet."""
MIRRORS = {Path("server/answers"), Path("server/shapes")}
"""Models of the API's answers and of workflow files: each is called as the thing that it describes."""
USUAL = {"__all__", "_log", "COMMANDS", "TYPE_CHECKING"}
"""A logger and an export list are called so everywhere; each scope has its commands. Type checkers know
one name, also where `typing` is too slow to import."""
CONSTANT = re.compile(r"_?[A-Z][A-Z0-9_]{2,}")


def parsed() -> Iterator[tuple[Path, ast.Module]]:
    """Each module by its path in the package."""
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE)
        if name.parts[0] not in SKIPPED:
            yield name, ast.parse(path.read_text("utf-8"))


def test_no_two_classes_have_one_name() -> None:
    found = defaultdict(set)
    for path, module in parsed():
        for node in module.body:  # one inside another is named with it, as `Footer.Chosen`
            if isinstance(node, ast.ClassDef) and path.parent not in MIRRORS:
                found[node.name].add(str(path))
    assert {name: paths for name, paths in found.items() if len(paths) > 1} == {}


def constants(module: ast.Module) -> Iterator[str]:
    """The names in capitals that a module assigns."""
    for node in module.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            for each in target.elts if isinstance(target, ast.Tuple) else [target]:
                if isinstance(each, ast.Name) and CONSTANT.fullmatch(each.id):
                    yield each.id


def test_no_constant_is_called_alike_in_three_modules() -> None:
    found = defaultdict(set)
    for path, module in parsed():
        for name in constants(module):
            found[name].add(str(path))
    assert {n: p for n, p in found.items() if len(p) > 2 and n not in USUAL} == {}

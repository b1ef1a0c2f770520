"""What is written to a terminal goes through one place, which makes it fit to be shown."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
WRITER = "fdtui/cli/output.py"
ENTRY = "fdtui/cli/main.py"
"""Says the version, before anything that writes is imported."""
TERMINAL = ("fdtui/tui/",)
"""The screen has a driver of its own, and its own tests of what reaches it."""
CALLS = {
    "print",
    "click.echo",
    "click.secho",
    "click.confirm",
    "click.prompt",
    "click.pause",
    "click.style",
}
WRITES = {"traceback.print_exc", "traceback.print_exception", "pprint.pprint", "warnings.warn"}
STREAMS = {"sys.stdout", "sys.stderr", "sys.__stdout__", "sys.__stderr__"}


def dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def is_standard(call: ast.Call) -> bool:
    """Whether a call of ``os.write`` names stdout or stderr."""
    return isinstance(call.args[0], ast.Constant) and call.args[0].value in {1, 2}


def writers(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Where something is written past the one place."""
    for node in ast.walk(tree):
        name = dotted(node)
        if isinstance(node, ast.Call) and dotted(node.func) in CALLS | WRITES:
            yield node.lineno, dotted(node.func)
        elif isinstance(node, ast.Call) and dotted(node.func) == "os.write" and is_standard(node):
            yield node.lineno, "os.write"
        elif name.rpartition(".")[0] in STREAMS and not name.endswith(".isatty"):
            yield node.lineno, name


def test_nobody_else_writes() -> None:
    found = []
    for path in sorted((ROOT / "fdtui").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if name not in {WRITER, ENTRY} and not name.startswith(TERMINAL):
            found += [
                f"{name}:{line} {what}" for line, what in writers(ast.parse(path.read_text("utf-8")))
            ]
    assert found == []


def test_the_rule_finds_every_way_that_is_known() -> None:
    code = (
        "print(x)\nclick.echo(x)\nsys.stdout.write(x)\nsys.stderr.buffer.write(x)\n"
        "traceback.print_exc()\nos.write(1, x)\nsys.stdout.writelines(x)\nsys.stdout.isatty()\n"
    )
    assert sorted({line for line, _ in writers(ast.parse(code))}) == [1, 2, 3, 4, 5, 6, 7]

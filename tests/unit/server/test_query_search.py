"""What of a ``?q=`` the database finds by itself: never too little, and where it can, no more."""

from datetime import date
from pathlib import Path

import pytest

from fdtui.server.filters import Filter
from fdtui.server.record import Record
from fdtui.server.render import row
from fdtui.server.store import Transaction, open_store, task_lists, tasks, workspace
from fdtui.server.workflow.definition import parse

WORKFLOW = parse("""
id = "w"
name = "Work"
people = [
    { email = "ada@example.com", first_name = "Ada" },
    { email = "bo@example.com", first_name = "Bo" },
]
stages = [{ name = "Open" }, { name = "On hold, later" }, { name = "Done", end = true }]
fields = [
    { id = "id", name = "ID", type = "uniqueId" },
    { id = "title", name = "Title" },
    { id = "sev", name = "Severity", type = "singleSelect", options = ["Critical", "Minor", "Ü"] },
]
""")
STAGES = ("Open", "On hold, later", "Done")
WHO = ("ada@example.com", "Bo@Example.com", None)
SEVERITIES = ("Critical", "Minor", "Ü", None)


def _task(n: int) -> Record:
    values = {"id": f"{n}", "title": f"Task {n}", "sev": SEVERITIES[n % 4]}
    given = {name: value for name, value in values.items() if value is not None}
    return Record(f"t{n}", STAGES[n % 3], WHO[n // 3 % 3], f"{n}", given)


TASKS = [_task(n) for n in range(36)]


@pytest.mark.parametrize(
    ("query", "is_exact"),
    [
        ("stage:done", True),
        ("-stage:open", True),
        ('stage:"on hold, later"', True),
        ("stage:open stage:done", True),
        ("me", True),
        ("assignee:none", True),
        ("-assignee:bo stage:open", True),
        ("assignee:bo,none", True),
        ("(stage:done or stage:open) me", True),
        ("severity:ü", True),
        ("severity:critical me", True),
        ("severity~crit", True),
        ("severity:none", False),
        ("-severity:critical", False),
        ("7", False),
        ("stage:done or me", False),
        ("stage:done task", True),
    ],
)
def test_the_database_finds_what_the_query_takes(tmp_path: Path, query: str, is_exact: bool) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'w.db'}")

    def fill(tx: Transaction) -> None:
        workspace.add(tx, WORKFLOW)
        tasks.add_all(tx, "w", TASKS)

    store.write(fill)
    wanted = Filter(WORKFLOW, (), {}, [("q", query)], me="ada@example.com", today=date(2026, 1, 1))
    found = store.read(lambda tx: [each.id for _, each in task_lists.found(tx, "w", wanted.search)])
    taken = [each.id for each in TASKS if wanted.takes(row(WORKFLOW, each, ""))]
    store.close()
    assert set(taken) <= set(found)
    assert (found == taken) is is_exact

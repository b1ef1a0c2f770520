"""Workflow files."""

from __future__ import annotations

from pathlib import Path

import pytest

from fdtui.core.errors import ConfigError
from fdtui.server import seed
from fdtui.server.workflow.catalog import Catalog
from fdtui.server.workflow.definition import parse, read, tables_of
from fdtui.server.workflow.steps import Move, Update

HEAD = 'id = "w"\nname = "W"\n'
STAGES = 'stages = [{ name = "A" }, { name = "B", end = true, color = "green" }]\n'


@pytest.mark.parametrize("ref", seed.WORKFLOWS, ids=lambda each: each.name)
def test_what_is_written_is_read_again(ref: object) -> None:
    workflow = seed.load(ref.id).workflow  # type: ignore[attr-defined]
    assert read(tables_of(workflow)) == workflow


def test_a_file_with_only_stages_is_a_workflow() -> None:
    workflow = parse(HEAD + STAGES)
    assert (workflow.first_stage, workflow.end_stages) == ("A", ("B",))
    assert workflow.schema.fields == ()


def test_an_autoincremented_id_is_not_editable() -> None:
    workflow = parse(
        HEAD + STAGES + 'fields = [{ id = "i", name = "I", type = "uniqueId", autoincrement = true }]'
    )
    assert workflow.schema.unique_id is not None
    assert not workflow.schema.unique_id.editable


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ({"name": "W"}, "workflow has no id"),
        ({"stages": []}, "workflow has no stages"),
        ({"stages": ["A"]}, "workflow: stages 1 is not a table"),
        ({"colour": "red"}, "unknown key 'colour'"),
        ({"stages": [{"name": "A", "end": 1}]}, "stages 1 end must be of type bool"),
        ({"stages": [{"name": "A"}, {"name": "A"}]}, "2 stages of the name 'A'"),
        ({"fields": [{"id": "x", "name": "X", "type": "money"}]}, "unknown type 'money'"),
        ({"actions": [{"id": "a", "name": "A", "steps": [{"kind": "x"}]}]}, "unknown kind 'x'"),
    ],
)
def test_the_store_reads_nothing_that_is_broken(tables: dict[str, object], said: str) -> None:
    whole = {} if "name" in tables else {"id": "w", "name": "W", "stages": [{"name": "A"}]}
    with pytest.raises(ConfigError) as caught:
        read({**whole, **tables})
    assert said in str(caught.value)


ACTION = """
id = "w"
name = "W"
stages = [{ name = "New", checklist = ["Look"] }, { name = "Done", end = true }]
fields = [{ name = "Title" }, { name = "Value", type = "number" }]
roles = [{ id = "r1", name = "Boss" }]
people = [{ email = "ada@example.com", role = "Boss" }]

[[actions]]
name = "Finish"
stages = ["New"]
roles = ["Boss"]
required = ["Title"]

[[actions.conditions]]
when = "value>=10"
message = "Value must be ten"

[[actions.steps]]
kind = "move"
stage = "Done"

[[actions.steps]]
kind = "update"
fields = { Title = "{{Title}} by {{user.name}}", Value = 1.50 }

[[actions.steps]]
kind = "call"
url = "https://example.com/hook"
"""


def test_an_action_with_its_steps() -> None:
    workflow = parse(ACTION, "flow.toml")
    [action] = workflow.actions
    assert action.roles == ("r1",)
    assert workflow.schema.people[0].role_id == "r1"
    assert action.steps[:2] == (
        Move("Done"),
        Update({"Title": "{{Title}} by {{user.name}}", "Value": "1.5"}),
    )
    assert workflow.checklists == {"New": ("Look",)}
    assert read(tables_of(workflow)) == workflow


def test_ids_that_the_file_leaves_out_stay() -> None:
    first = parse(ACTION)
    assert parse(ACTION) == first
    assert {len(each.id) for each in first.schema.fields} == {6}
    named = parse(ACTION.replace('{ name = "Title" }', '{ id = "mine", name = "Title" }'))
    assert parse(ACTION, known=named).schema.fields[0].id == "mine"


def test_the_reference_shows_a_file_that_works() -> None:
    page = (Path(__file__).parents[4] / "docs" / "reference" / "workflow-file.md").read_text("utf-8")
    shown = page.partition("```toml")[2].partition("```")[0]
    assert [each.name for each in parse(shown).actions] == ["Approve"]


def test_both_sides_of_a_link() -> None:
    bugs, expenses = (seed.load(seed.KEYS[key]).workflow for key in ("bugs", "expenses"))
    catalog = Catalog.of([bugs, expenses])
    [here], [there] = catalog.sides(bugs.id), catalog.sides(expenses.id)
    assert (here.name, here.many, here.other, here.left) == ("Expenses", True, expenses.id, True)
    assert (there.name, there.many, there.other, there.left) == ("Bug", False, bugs.id, False)
    assert (here.back_many, there.back_many) == (False, True)
    assert (
        catalog.touched_by(bugs.id)
        == catalog.touched_by(expenses.id)
        == tuple(sorted((bugs.id, expenses.id)))
    )


def test_a_link_to_a_workflow_that_is_not_here_is_left_out() -> None:
    assert Catalog.of([seed.load(seed.KEYS["bugs"]).workflow]).sides("bT7rG4") == ()

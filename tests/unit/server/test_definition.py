"""Workflow files."""

from __future__ import annotations

from pathlib import Path

import pytest

from fdtui.core.errors import ConfigError
from fdtui.server import seed
from fdtui.server.catalog import Catalog
from fdtui.server.definition import parse, read, tables_of
from fdtui.server.steps import Move, Update

HEAD = 'id = "w"\nname = "W"\n'
STAGES = 'stages = [{ name = "A" }, { name = "B", end = true, color = "green" }]\n'


@pytest.mark.parametrize("ref", seed.WORKFLOWS, ids=lambda each: each.name)
def test_what_is_written_is_read_again(ref: object) -> None:
    workflow = seed.load(ref.id).workflow  # type: ignore[attr-defined]
    assert read(tables_of(workflow)) == workflow


def test_the_least_file() -> None:
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
    ("text", "said"),
    [
        ("id = ", "flow.toml: "),
        ('name = "W"', "flow.toml has no id"),
        (HEAD, "flow.toml has no stages"),
        (HEAD + "stages = []", "flow.toml has no stages"),
        (HEAD + 'stages = "A"', "flow.toml, line 3: stages must be of type list"),
        (HEAD + 'stages = ["A"]', "flow.toml: stages 1 is no table"),
        (HEAD + STAGES + 'colour = "red"', "unknown key 'colour'"),
        (HEAD + 'stages = [{ name = "A", ende = true }]', "stages 1 has an unknown key 'ende'"),
        (HEAD + 'stages = [{ name = "A", end = 1 }]', "end must be of type bool"),
        (HEAD + 'stages = [{ name = "A" }, { name = "A" }]', "2 stages of the name 'A'"),
        (HEAD + STAGES + 'fields = [{ id = "x" }]', "fields 1 has no name"),
        (HEAD + STAGES + 'fields = [{ id = "x", name = "X", type = "money" }]', "unknown type 'money'"),
        (HEAD + STAGES + 'fields = [{ id = "x", name = "Stage" }]', "of the name 'Stage'"),
        (
            HEAD + STAGES + 'fields = [{ id = "x", name = "X" }, { id = "x", name = "Y" }]',
            "of the id 'x'",
        ),
        (
            HEAD
            + STAGES
            + 'fields = [{ id = "x", name = "X", type = "uniqueId" },'
            + ' { id = "y", name = "Y", type = "uniqueId" }]',
            "one unique id",
        ),
        (
            HEAD + STAGES + 'people = [{ id = "1", email = "a@b" }, { id = "2", email = "a@b" }]',
            "2 people",
        ),
    ],
)
def test_what_is_wrong_is_said(text: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(text, "flow.toml")
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


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'stage = "Done"',
            'stage = "Dnoe"',
            "line 21: actions 1 steps 1 stage: there is no stage 'Dnoe'. Did you mean 'Done'?",
        ),
        ('stages = ["New"]', 'stages = ["Old"]', "line 11: actions 1 stages: there is no stage 'Old'."),
        ('roles = ["Boss"]', 'roles = ["Bos"]', "line 12: actions 1 roles"),
        ('required = ["Title"]', 'required = ["Titel"]', "Did you mean 'Title'?"),
        (
            'kind = "move"',
            'kind = "mvoe"',
            "line 20: actions 1 steps 1 has the unknown kind 'mvoe'. Did you mean 'move'?",
        ),
        (
            'kind = "call"',
            'kind = "call"\ntime = 3',
            "line 29: actions 1 steps 3 has an unknown key 'time'",
        ),
        ('"value>=10"', '"valeu>=10"', "line 16: actions 1 conditions 1 when: There is no field"),
        ('"value>=10"', '"value>=10 ("', "column"),
        ("{{user.name}}", "{{user.nam}}", "Did you mean 'user.name'?"),
        ("{ Title =", "{ Titel =", "fields: there is no field 'Titel'"),
        ("https://example.com", "ftp://example.com", "url must begin with https://"),
        ('kind = "move"\nstage = "Done"', 'kind = "delete"', "actions 1 steps 1 must come last"),
        ("[[actions]]", "[[action]]", "Did you mean 'actions'?"),
        ("Value = 1.50", "Value = { a = 1 }", "must be text"),
        ('"number"', '"nubmer"', "Did you mean 'number'?"),
        ('"value>=10"', '""', "line 15: actions 1 conditions 1 has no when"),
    ],
)
def test_what_is_wrong_with_an_action_is_said(old: str, new: str, said: str) -> None:
    assert old in ACTION
    with pytest.raises(ConfigError) as caught:
        parse(ACTION.replace(old, new), "flow.toml")
    assert said in str(caught.value)


def test_the_readme_shows_a_file_that_works() -> None:
    readme = (Path(__file__).parents[3] / "README.md").read_text("utf-8")
    shown = readme.partition("### A workflow as a file")[2].partition("```toml")[2].partition("```")[0]
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

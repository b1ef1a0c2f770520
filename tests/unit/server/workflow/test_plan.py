"""Plans: what a changed file says it will do, and that a written file is read as it was."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdtui.core.errors import ConfigError
from fdtui.core.schema import Field, FieldType, Person, Role, Schema, Stage
from fdtui.server import seed
from fdtui.server.record import Record
from fdtui.server.workflow.actions import ActionDefinition, Condition
from fdtui.server.workflow.definition import LinkDefinition, Workflow, parse, read, tables_of
from fdtui.server.workflow.exporting import export
from fdtui.server.workflow.plan import Facts, plan
from fdtui.server.workflow.steps import Assign, CallOut, Delete, Email, Move, Schedule, Slack, Update

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


def _names(least: int = 1) -> st.SearchStrategy[list[str]]:
    built_in = {"Stage", "Assigned To", "Task URL"}
    return st.lists(
        TEXT.filter(lambda each: each not in built_in), min_size=least, max_size=4, unique=True
    )


@st.composite
def workflows(draw: st.DrawFn) -> Workflow:
    stages = draw(_names())
    fields, links = draw(_names(2)), draw(st.booleans())
    roles, people = draw(_names(0)), draw(_names(0))
    role_ids = [None, *(f"r{number}" for number in range(len(roles)))]
    kinds = [each for each in FieldType if each != FieldType.UNIQUE_ID]
    schema = Schema(
        stages=tuple(
            Stage(
                each,
                draw(st.booleans()),
                draw(st.sampled_from(["", "red"])),
                draw(st.none() | st.integers(1, 9)),
            )
            for each in stages
        ),
        fields=tuple(
            Field(
                each,
                draw(st.sampled_from(kinds)),
                id=f"f{number}",
                editable=draw(st.booleans()),
                required=draw(st.booleans()),
                options=(options := tuple(draw(_names(0)))),
                colors=tuple((each, "red") for each in options if draw(st.booleans())),
                limit=draw(st.none() | st.integers(0, 9)),
            )
            for number, each in enumerate(fields[links:])
        ),
        roles=tuple(Role(f"r{n}", each, draw(st.booleans())) for n, each in enumerate(roles)),
        people=tuple(
            Person(each, draw(st.just("") | TEXT), "", f"p{n}", draw(st.sampled_from(role_ids)))
            for n, each in enumerate(people)
        ),
    )
    values = st.recursive(
        TEXT | st.booleans() | st.integers(), lambda inner: st.lists(inner, max_size=2)
    )
    steps = st.one_of(
        st.builds(Move, st.sampled_from(stages)),
        st.builds(Schedule, st.sampled_from(stages), st.integers(1, 99)),
        st.builds(Assign, st.just("{{user.email}}") | st.just("")),
        st.builds(
            Update, st.dictionaries(st.sampled_from(stages and fields[links:]), values, min_size=1)
        ),
        st.just(Delete()),
        st.builds(CallOut, st.just("https://a.b/c"), st.dictionaries(TEXT, TEXT), st.integers(1, 60)),
        st.builds(Slack, TEXT, st.just("x {{Stage}}")),
        st.builds(Email, st.just("a@b"), st.just("{{today}}")),
    )
    actions = tuple(
        ActionDefinition(
            f"a{number}",
            each,
            stages=tuple(draw(st.lists(st.sampled_from(stages), unique=True))),
            required=tuple(draw(st.lists(st.sampled_from(fields[links:]), unique=True))),
            checklist=draw(st.booleans()),
            confirm=draw(st.just("") | TEXT),
            conditions=(Condition("stage:any", draw(TEXT)),) * draw(st.integers(0, 2)),
            steps=tuple(draw(st.lists(steps, max_size=3))),
        )
        for number, each in enumerate(draw(_names(0)))
    )
    actions = tuple(
        replace(each, steps=tuple(step for step in each.steps if step != Delete())) for each in actions
    )
    return Workflow(
        draw(TEXT),
        draw(TEXT),
        schema,
        (LinkDefinition("l", fields[0], "other", "Back", draw(st.booleans())),) if links else (),
        actions,
        {stages[0]: tuple(draw(_names()))} if draw(st.booleans()) else {},
    )


@given(workflows())
def test_what_is_exported_is_read_as_it_was(workflow: Workflow) -> None:
    assert parse(export(workflow)) == workflow
    assert read(tables_of(workflow)) == workflow


@pytest.mark.parametrize("workflow_id", seed.KEYS.values())
def test_the_demo_is_exported_as_it_is(workflow_id: str) -> None:
    workflow = seed.load(workflow_id).workflow
    text = export(workflow)
    assert parse(text) == workflow
    assert export(parse(text)) == text


@given(workflows())
def test_nothing_changed_is_no_plan(workflow: Workflow) -> None:
    records = [Record("1", workflow.first_stage)]
    assert plan(workflow, parse(export(workflow), known=workflow), Facts(records)) == ()


@given(workflows(), workflows())
def test_whatever_differs_is_said(one: Workflow, other: Workflow) -> None:
    other = replace(other, id=one.id)
    assert (plan(one, other, Facts()) == ()) == (one == other)


@given(workflows(), st.randoms())
def test_another_order_is_said(workflow: Workflow, chance: Random) -> None:
    people, actions = list(workflow.schema.people), list(workflow.actions)
    chance.shuffle(people)
    chance.shuffle(actions)
    schema = replace(workflow.schema, people=tuple(people))
    changed = replace(workflow, schema=schema, actions=tuple(actions))
    assert (plan(workflow, changed, Facts()) == ()) == (workflow == changed)


BEFORE = """
id = "w"
name = "W"
stages = [{ name = "New" }, { name = "Doing" }, { name = "Done", end = true }]
fields = [
    { id = "u", name = "ID", type = "uniqueId" }, { id = "t", name = "Title" },
    { id = "s", name = "Size", type = "singleSelect", options = ["S", "M", "L"] },
    { id = "m", name = "Tags", type = "multipleSelect", options = ["a", "b"] },
]
roles = [{ id = "r", name = "Boss" }]
people = [{ id = "p", email = "a@b", role = "r" }]
links = [{ id = "l", name = "Bills", many = true, to = "bills", back = "Flow" }]
actions = [{ id = "x", name = "Go" }]
"""
RECORDS = [
    Record("1", "New", uid="a", values={"u": "a", "t": "12", "s": "S", "m": ["a", "b"]}),
    Record("2", "Doing", uid="b", values={"u": "b", "t": "x", "s": "L"}),
]
PAIRS = {"l": [("1", "x"), ("1", "y"), ("2", "z")]}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('name = "W"', 'name = "V"', ["Rename the workflow from W to V."]),
        ('{ name = "Doing" }', '{ name = "Busy", was = "Doing" }', ["Rename the stage Doing to Busy."]),
        (
            '{ name = "Doing" }, ',
            "",
            ["! Remove the stage Doing; 1 task in it go to New."],
        ),
        (
            ', { name = "Done", end = true }',
            "",
            ["Remove the stage Done."],
        ),
        (
            '{ name = "New" }, { name = "Doing" }',
            '{ name = "Doing" }, { name = "New" }',
            ["Change the order of the stages."],
        ),
        ("end = true", "end = false", ["Change the colour or the end of the stage Done."]),
        (
            '{ name = "Doing" }',
            '{ name = "Doing", limit = 3 }',
            ["Change limit of the stage Doing to 3."],
        ),
        (
            '"S", "M", "L"',
            '{ name = "S", color = "red" }, "M", "L"',
            ["Change the colours of the options of Size."],
        ),
        ('name = "Title"', 'name = "Subject"', ["Rename the field Title to Subject."]),
        ('{ id = "t", name = "Title" },', "", ["! Remove the field Title, which 2 tasks have."]),
        (
            '{ id = "t", name = "Title" }',
            '{ id = "t", name = "Title", type = "number" }',
            ["! Make Title a number instead of a text; what 1 task hold does not fit and is cleared."],
        ),
        (
            '{ id = "t", name = "Title" }',
            '{ id = "t", name = "Title", type = "longText", required = true }',
            ["Make Title a longText instead of a text.", "Change required of Title to true."],
        ),
        ('"S", "M", "L"', '"S", "M"', ["! Remove the option L of Size, which 1 task have."]),
        (
            '"S", "M", "L"',
            '"S", "L", "XL"',
            ["Remove the option M of Size.", "Add the option XL to Size."],
        ),
        (
            'options = ["a", "b"]',
            'options = ["b"]',
            ["! Remove the option a of Tags, which 1 task have."],
        ),
        (
            '"Tags", type = "multipleSelect"',
            '"Tags", type = "singleSelect"',
            [
                "! Make Tags a singleSelect instead of a multipleSelect;"
                " what 1 task hold does not fit and is cleared."
            ],
        ),
        (
            'links = [{ id = "l", name = "Bills", many = true, to = "bills", back = "Flow" }]',
            "",
            ["! Remove the link Bills, which joins 3 pairs of tasks."],
        ),
        ("many = true, ", "", ["! Change the link Bills; 1 pairs of tasks are parted."]),
        ('name = "Bills"', 'name = "Invoices"', ["Rename the link Bills to Invoices."]),
        (
            '{ id = "r", name = "Boss" }',
            '{ id = "r", name = "Chief" }',
            ["Rename the role Boss to Chief."],
        ),
        ('name = "Go"', 'name = "Go on"', ["Rename the action Go to Go on."]),
        ('actions = [{ id = "x", name = "Go" }]', "", ["Remove the action Go."]),
        (
            'people = [{ id = "p", email = "a@b", role = "r" }]',
            'people = [{ email = "c@d", role = "Boss" }]',
            ["Remove the person a@b.", "Add the person c@d."],
        ),
        (
            '{ name = "New" }',
            '{ name = "New", checklist = ["Look"] }',
            ["Change the checklist of the stage New, for tasks that enter it from now."],
        ),
        (
            '{ id = "u", name = "ID", type = "uniqueId" }',
            '{ id = "u", name = "ID" }',
            [
                "Make ID a text instead of a uniqueId.",
                "Identify tasks by nothing: they can no longer be changed.",
            ],
        ),
    ],
)
def test_each_change_is_said(old: str, new: str, says: list[str]) -> None:
    assert old in BEFORE
    before = parse(BEFORE)
    after = parse(BEFORE.replace(old, new), known=before)
    changes = plan(before, after, Facts(RECORDS, PAIRS))
    told = [("! " if each.loses else "") + each.says for each in changes]
    assert told == says


def test_a_new_workflow() -> None:
    [change] = plan(None, parse(BEFORE), Facts())
    assert change.says == "Create the workflow W (w) with 3 stages and 4 fields."


def test_an_id_is_needed() -> None:
    with pytest.raises(ConfigError, match="has no id"):
        parse(BEFORE.replace('id = "w"', ""))

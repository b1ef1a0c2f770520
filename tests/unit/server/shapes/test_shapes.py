"""All mistakes of a workflow file: each found, with its line and its path."""

from __future__ import annotations

import tomllib
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fdtui.core.errors import ConfigError
from fdtui.core.schema import FieldType
from fdtui.server import seed
from fdtui.server.shapes import workflow as shapes
from fdtui.server.shapes.check import check
from fdtui.server.shapes.places import line_at, lines_of, written
from fdtui.server.workflow import definition, steps
from fdtui.server.workflow.definition import Workflow, parse
from fdtui.server.workflow.exporting import _key, _value
from tests.unit.server.workflow.test_definition import ACTION, HEAD, STAGES

ROOT = Path(__file__).parents[4]


def mistakes(text: str, *others: Workflow) -> list[str]:
    """What is wrong, line by line; nothing where the file is right."""
    try:
        check(text, "flow.toml", {each.id: each for each in others})
    except ConfigError as error:
        first, *rest = str(error).split("\n  ")
        assert not rest or first == f"flow.toml has {len(rest)} mistakes:"
        return rest or [first.removeprefix("flow.toml").lstrip(":, ")]
    return []


@pytest.mark.parametrize("workflow_id", seed.KEYS.values())
def test_the_demo_has_none(workflow_id: str) -> None:
    flows = [seed.load(each).workflow for each in seed.KEYS.values()]
    text = seed._text(workflow_id)
    assert mistakes(text, *flows) == []


def test_the_reference_shows_a_file_without_any() -> None:
    page = (ROOT / "docs" / "reference" / "workflow-file.md").read_text("utf-8")
    shown = page.partition("```toml")[2].partition("```")[0]
    assert mistakes(shown) == []


def test_a_demo_workflow_on_its_own_speaks_of_no_other() -> None:
    alone = seed._alone(seed.load(seed.KEYS["bugs"])).workflow
    assert alone.links == ()
    assert "Note what it cost" not in [each.name for each in alone.actions]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id = ", "line 1: Invalid value (at end of document)."),
        ('id = "w"\nname = [', "line 2: Invalid value (at end of document)."),
        ('id = "w"\nname : "x"', "line 2, column 6: Expected '=' after a key in a key/value pair."),
        ("x = " + "[" * 5000, "not TOML that can be read."),
        ('name = "W"\n' + STAGES, "id: is missing."),
        (HEAD, "stages: is missing."),
        (HEAD + "stages = []", "line 3: stages: must not be empty."),
        (HEAD + 'stages = "A"', "line 3: stages: must be a list."),
        (HEAD + 'stages = ["A"]', "line 3: stages[0]: must be a table."),
        (HEAD + STAGES + 'color = "red"', "line 4: color: unknown key."),
        (HEAD + STAGES + "fields = [\n{ name = 3 }]", "line 5: fields[0].name: must be a text."),
        (HEAD + STAGES + 'fields = [\n\n{ id = "x" }]', "line 6: fields[0].name: is missing."),
        (HEAD + STAGES + 'field = [{ name = "x" }]', "line 4: field: unknown key. Did you mean 'fields'?"),
        (HEAD + 'stages = [{ name = "A", ende = true }]', "stages[0].ende: unknown key. Did you mean 'end'?"),
        (HEAD + 'stages = [{ name = "A", end = 1 }]', "stages[0].end: must be true or false."),
        (HEAD + 'stages = [{ name = "A" }, { name = "A" }]', "stages[1].name: another stage has the name"),
        (HEAD + 'stages = [{ name = "A\\u0000" }]', "stages[0].name: must hold no NUL."),
        (HEAD + STAGES + 'fields = [{ name = "Stage" }]', "fields[0].name: the tasks have another key 'Stage'"),
        (
            HEAD + STAGES + 'fields = [{ id = "x", name = "X" },\n { id = "x", name = "Y" }]',
            "line 5: fields[1].id: another field has the id 'x' already.",
        ),
        (
            HEAD + STAGES + 'fields = [{ name = "X", type = "uniqueId" }, { name = "Y", type = "uniqueId" }]',
            "fields[1].type: only one field can be the unique id",
        ),
        (
            HEAD + STAGES + 'people = [{ email = "a@b" }, { id = "2", email = "a@b" }]',
            "people[1].email: another person has the e-mail 'a@b' already.",
        ),
        (HEAD + STAGES + 'people = [{ email = "a@b", role = "Boss" }]', "there is no role 'Boss'."),
        (HEAD + STAGES + 'fields = [{ name = "X", limit = -1 }]', "fields[0].limit: must be 0 or more."),
        (
            HEAD + STAGES + 'fields = [{ name = "X", options = ["a", "a"] }]',
            "fields[0].options[1]: option 'a' is listed twice.",
        ),
        (
            HEAD + STAGES + 'links = [{ name = "L", to = "x", back = "B" }]',
            "links[0].to: there is no workflow 'x'.",
        ),
        (
            HEAD + STAGES + 'links = [{ name = "L", to = "w", back = "Stage" }]',
            "links[0].back: the tasks have another key 'Stage' already.",
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(text: str, said: str) -> None:
    [told] = mistakes(text)
    assert told.startswith(said) or said in told


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'stage = "Done"',
            'stage = "Dnoe"',
            "line 21: actions[0].steps[0].stage: there is no stage 'Dnoe'. Did you mean 'Done'?",
        ),
        ('stages = ["New"]', 'stages = ["Old"]', "line 11: actions[0].stages[0]: there is no stage 'Old'."),
        ('roles = ["Boss"]', 'roles = ["Bos"]', "line 12: actions[0].roles[0]: there is no role 'Bos'."),
        ('required = ["Title"]', 'required = ["Titel"]', "actions[0].required[0]: there is no field 'Titel'"),
        ('kind = "move"', 'kind = "mvoe"', "line 20: actions[0].steps[0].kind: there is no kind 'mvoe'."),
        ('kind = "move"\n', "", "line 19: actions[0].steps[0].kind: is missing."),
        ('kind = "call"', 'kind = "call"\ntime = 3', "line 29: actions[0].steps[2].time: unknown key."),
        ('"value>=10"', '"valeu>=10"', "line 16: actions[0].conditions[0].when: There is no field"),
        ('"value>=10"', '"value>=10 ("', "column"),
        ('"value>=10"', '"value>=10 or -stage:Dnoe"', "when: there is no stage 'Dnoe'. Did you mean 'Done'?"),
        ('"value>=10"', '"who:adda@example.com"', "there is no person 'adda@example.com'. Did you mean 'ada@"),
        ('"value>=10"', '""', "line 16: actions[0].conditions[0].when: must not be empty."),
        ("{{user.name}}", "{{user.nam}}", "steps[1].fields.Title: there is no field 'user.nam'."),
        ("{ Title =", "{ Titel =", "steps[1].fields.Titel: there is no field 'Titel'. Did you mean 'Title'?"),
        ("Value = 1.50", "Stage = 'Dnoe'", "fields.Stage: there is no stage 'Dnoe'."),
        ("Value = 1.50", "'Assigned To' = 'a@b'", "fields.'Assigned To': there is no person 'a@b'."),
        ("Value = 1.50", "Value = { a = 1 }", "must be text, a number, a date, true, false or a list."),
        ("https://example.com", "ftp://example.com", "url: must begin with https:// or http://."),
        ('kind = "move"\nstage = "Done"', 'kind = "delete"', "actions[0].steps[0]: must come last"),
        ('kind = "move"\nstage = "Done"', 'kind = "assign"', "to: is missing. Write to = \"\" for nobody."),
        ('kind = "move"', 'kind = "schedule"\ndays = 0', "days: must be 1 or more."),
        ("[[actions]]", "[[action]]", "Did you mean 'actions'?"),
        ('"number"', '"nubmer"', "fields[1].type: there is no type 'nubmer'. Did you mean 'number'?"),
        (
            'kind = "move"\nstage = "Done"',
            'kind = "create_linked"\nlink = "Bill"\nfields = { A = "b" }',
            "steps[0].link: there is no link 'Bill'.",
        ),
    ],
)  # fmt: skip
def test_a_mistake_of_an_action_is_told_with_its_place(old: str, new: str, said: str) -> None:
    assert old in ACTION
    [told] = [each for each in mistakes(ACTION.replace(old, new)) if said in each]
    assert mistakes(ACTION) == []
    if "action]]" not in new:
        assert mistakes(ACTION.replace(old, new)) == [told]


def test_all_of_them_are_told_at_once_in_the_order_of_the_file() -> None:
    text = ACTION
    for old, new in (
        ('"Boss" }]\npeople', '"Boss", adm = true }]\npeople'),
        ('stages = ["New"]', 'stages = ["Nwe"]'),
        ('message = "Value must be ten"', "message = 10"),
        ('kind = "move"', 'kind = "mvoe"'),
        ('url = "https', 'timeout = 61\nurl = "ftp'),
    ):
        assert old in text
        text = text.replace(old, new)
    assert mistakes(text) == [
        "line 6: roles[0].adm: unknown key. Did you mean 'admin'?",
        "line 11: actions[0].stages[0]: there is no stage 'Nwe'. Did you mean 'New'?",
        "line 17: actions[0].conditions[0].message: must be a text.",
        "line 20: actions[0].steps[0].kind: there is no kind 'mvoe'. Did you mean 'move'?",
        "line 29: actions[0].steps[2].timeout: must be 60 or less.",
        "line 30: actions[0].steps[2].url: must begin with https:// or http://.",
    ]


SIZES = (
    HEAD + STAGES + 'fields = [{ name = "Size", type = "singleSelect", options = ["S", %s] },'
    '\n{ name = %s }]\nsyncs = [{ name = "rows", database = "x", query = "select 1" }]\n'
)


@pytest.mark.parametrize(
    ("option", "field", "said"),
    [
        ('{ name = "Large", was = "L" }', '"Title"', ""),
        ('{ name = "Large", was = "M" }', '"Title"', "line 4: fields[0].options[1].was: there is no option 'M'"),
        ('"L"', '"Subject", was = "Title"', ""),
        ('"L"', '"Subject", was = "Titel"', "line 5: fields[1].was: there is no field 'Titel'. Did you mean"),
        ('"L"', '"Subject", was = "Size"', "line 5: fields[1].was: 'Size' is still the name of a field"),
        ('"L"', '"Title", was = "Old"', ""),
        ('"L"', '"Subject", id = "mine", was = "Title"', "line 5: fields[1].was: 'Title' has the id"),
    ],
)  # fmt: skip
def test_what_something_was_must_have_been_there(option: str, field: str, said: str) -> None:
    before = parse(SIZES % ('"L"', '"Title"'))
    told = mistakes(SIZES % (option, field), before)
    assert [said in each for each in told] == ([True] if said else [])
    assert mistakes(SIZES % (option, field)) == []  # in an empty database nothing was anything


@pytest.mark.parametrize(
    "when", ["stage:new", "stage=DONE,New", "stage:any", "stage~ne", "who:none", "who:me"]
)
def test_what_a_condition_may_compare_with(when: str) -> None:
    assert mistakes(ACTION.replace("value>=10", when)) == []


def test_two_that_were_the_same() -> None:
    text = SIZES.replace('["S", %s]', '["S", { name = "L", was = "M" }, { name = "XL", was = "M" }]')
    [told] = mistakes(text % '"Title"')
    assert "fields[0].options[2].was: another option was 'M' too." in told


def test_a_link_may_lead_to_what_is_there_or_to_itself() -> None:
    other = parse('id = "o"\nname = "Other"\nstages = [{ name = "A" }]\nfields = [{ name = "Title" }]')
    link = 'links = [{ name = "L", to = "%s", back = "%s" }]\n'
    step = (
        '[[actions]]\nname = "X"\n[[actions.steps]]\nkind = "create_linked"\nlink = "%s"\n'
        "fields = { %s = 'x' }"
    )
    assert mistakes(HEAD + STAGES + link % ("o", "B") + step % ("L", "Title"), other) == []
    assert mistakes(HEAD + STAGES + link % ("w", "B") + step % ("B", "L"), other) == []
    [told] = mistakes(HEAD + STAGES + link % ("o", "Title"), other)
    assert "links[0].back: the tasks of 'Other' have another key 'Title' already." in told
    [told] = mistakes(HEAD + STAGES + link % ("o", "B") + step % ("L", "Titel"), other)
    assert "line 10: actions[0].steps[0].fields.Titel: there is no field 'Titel'. Did you mean" in told
    from_there = parse(
        'id = "o"\nname = "Other"\nstages = [{ name = "A" }]\n'
        'links = [{ id = "l", name = "There", to = "w", back = "Here" }]'
    )
    assert mistakes(HEAD + STAGES + step % ("Here", "There"), from_there) == []


def test_the_store_and_the_models_know_the_same_keys() -> None:
    for section, shape in shapes.SECTIONS.items():
        if section != "actions":
            kept = set(definition._SECTION_KEYS[section]) - {"colors"}  # a file says them with options
            assert set(shape.model_fields) - {"was"} == kept
    from fdtui.server.workflow.actions import ACTION_KEYS

    assert set(shapes.Action.model_fields) - {"was"} == set(ACTION_KEYS)
    assert set(shapes.Workflow.model_fields) == set(definition._TOP_KEYS)
    assert set(shapes.STEPS) == set(steps.STEP_KINDS)
    for kind, shape in shapes.STEPS.items():
        assert set(shape.model_fields) - {"kind"} == set(steps.STEP_KINDS[kind].__dataclass_fields__)


PLACES = """
a.b = 1  # a.c = 2
'q.x' = '''
[no.header]
'''
list = [
  { k = "]", m = \"\"\"
x = 1 \\"\"\" \"\"\" }, # }
  [1,
   2],
]
[[t]]
n = 1979-05-27 07:32:00
[[t]]
n = "\\"["
[t.u]
"\\u00e4" = {}
[[t.v]]
"""


def test_every_place_has_its_line() -> None:
    tomllib.loads(PLACES)
    lines = lines_of(PLACES)
    places = {
        ("a", "b"): 2,
        ("q.x",): 3,
        ("list", 0, "k"): 7,
        ("list", 0, "m"): 7,
        ("list", 1): 9,
        ("list", 1, 1): 10,
        ("t", 0, "n"): 13,
        ("t", 1): 14,
        ("t", 1, "n"): 15,
        ("t", 1, "u", "ä"): 17,
        ("t", 1, "v", 0): 18,
    }
    assert {path: line_at(lines, path) for path in places} == places
    assert line_at(lines, ("t", 1, "missing")) == 14
    assert line_at(lines, ("missing",)) is None
    assert written(("t", 1, "v", 0, "a key")) == "t[1].v[0].'a key'"


VALUES = st.recursive(
    st.text(max_size=5) | st.integers() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


ENTRIES = st.lists(
    st.dictionaries(
        st.sampled_from(["id", "name", "was", "type", "options", "steps"]), VALUES, max_size=3
    ),
    max_size=2,
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from([*definition._TOP_KEYS, "x"]), VALUES | ENTRIES, max_size=4))
def test_no_file_is_too_wrong_to_be_judged(tables: dict[str, object]) -> None:
    text = "".join(f"{_key(key)} = {_value(value)}\n" for key, value in tables.items())
    known = parse(ACTION)
    try:
        check(text, "flow.toml", {"w": known})
    except ConfigError as error:
        assert "flow.toml" in str(error)


def test_a_file_in_which_everything_is_wrong_is_told_soon() -> None:
    stages = ", ".join(f'{{ name = "stage number {n}" }}' for n in range(500))
    actions = "".join(f'[[actions]]\nname = "{n}"\nstages = ["stag numbr {n}"]\n' for n in range(500))
    told = mistakes(f"{HEAD}stages = [{stages}]\n{actions}")
    assert len(told) == 500
    assert told[0].endswith("there is no stage 'stag numbr 0'. Did you mean 'stage number 0'?")
    assert told[-1].endswith("Known: " + ", ".join(f"'stage number {n}'" for n in range(12)) + " ….")


WRONG = (
    3,
    -1,
    True,
    "",
    "x",
    [],
    {},
    ["a"],
    {"name": "a"},
    [{"name": "a", "was": "b"}],
    [[]],
    "{{x}}",
    "\0",
)


@pytest.mark.parametrize("number", range(60))
def test_a_changed_file_is_refused_in_words_or_can_be_read(number: int) -> None:
    chance = Random(number)
    flows = {each: seed.load(each).workflow for each in seed.KEYS.values()}
    tables: dict[str, Any] = tomllib.loads(seed._text(chance.choice(list(flows))))
    for _ in range(chance.randint(1, 3)):
        holder: Any = tables
        while True:
            key = chance.choice(list(holder) if isinstance(holder, dict) else list(range(len(holder))))
            if not isinstance(holder[key], dict | list) or not holder[key] or chance.random() < 0.3:
                break
            holder = holder[key]
        if chance.random() < 0.3 and len(holder) > 1:
            del holder[key]
        else:
            holder[key] = chance.choice(WRONG)
    text = "".join(f"{_key(key)} = {_value(value)}\n" for key, value in tables.items())
    try:
        check(text, "flow.toml", flows)
    except ConfigError as error:
        assert "is not as it should be" not in str(error)
        return
    workflow = parse(text, known=flows.get(tables["id"]))
    assert definition.read(definition.tables_of(workflow)) == workflow


def test_types_and_limits_are_those_of_the_rest() -> None:
    assert shapes.CustomField.model_validate({"name": "x", "type": "file"}).type == FieldType.FILE
